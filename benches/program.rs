//! Compiled scenarios: time a run through the program, and the time to compile it.
//!
//! Before it is timed, every program is held against a computation of the same runs written out here in plain Rust
//! from the inputs that `replay` shows; the market scenario, too long for that, against `replay` itself, which
//! compiles every formula instead of the outputs alone.
//!
//! Single operators, and compilation against the size of a scenario, stand in modules of their own.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use riskband::engine::replay;
use riskband::program::{BLOCK, Machine, Program, Scope};
use riskband::sampling::Design;
use riskband::scenario::{Scenario, load, load_text};

#[path = "program/cells.rs"]
mod cells;
#[path = "program/operators.rs"]
mod operators;
#[path = "program/second_order.rs"]
mod second_order;

use cells::cells;
use operators::operators;

/// A run of the second block.
const CHECKED_RUN: u64 = BLOCK as u64 + 137;

/// Inputs and outputs of the wide model, and inputs behind each output.
const WIDE_INPUTS: usize = 2_000;
const WIDE_OUTPUTS: usize = 500;
const WIDE_TERMS: usize = 8;

/// Steps of the recurrence: monthly payments over thirty years.
const STEPS: usize = 360;

fn r1() -> Scenario {
    scenario("r1.toml", include_str!("../tests/reference/r1.toml"))
}

fn market() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/cell-gene-2031.toml");
    load(&path, &[]).expect("the shipped scenario has no mistake").scenario
}

/// 500 sums of eight inputs each out of 2,000, whose laws are of five families, no two the same.
fn wide() -> Scenario {
    let mut text = "[scenario]\nseed = 1\n".to_string();
    let mut line = |arguments: std::fmt::Arguments<'_>| text.write_fmt(arguments).expect("memory suffices");
    for input in 0..WIDE_INPUTS {
        let middle = 10.0 + input as f64 / 100.0;
        let dist = match input % 5 {
            0 => format!("normal({middle}, 2)"),
            1 => format!("lognormal(median = {middle}, sigma = 0.3)"),
            2 => format!("pert(5, {middle}, 40)"),
            3 => format!("triangular(5, {middle}, 40)"),
            _ => format!("uniform(5, {middle})"),
        };
        line(format_args!("[inputs.x{input}]\ndist = '{dist}'\nassumption = 'generated'\n"));
    }
    for output in 0..WIDE_OUTPUTS {
        let terms: Vec<String> = wide_terms(output).map(|(k, input)| format!("{k} * x{input}")).collect();
        line(format_args!("[outputs.y{output}]\nformula = '{}'\ntornado = false\n", terms.join(" + ")));
    }
    scenario("wide.toml", &text)
}

/// Factor and number of each input in an output; an output shares half of its inputs with the next one.
fn wide_terms(output: usize) -> impl Iterator<Item = (f64, usize)> {
    (0..WIDE_TERMS).map(move |term| (0.5 + term as f64, (output * WIDE_TERMS / 2 + term) % WIDE_INPUTS))
}

/// A loan whose monthly rate changes: 360 years to the scenario language are 360 months to us.
fn recurrence() -> Scenario {
    scenario(
        "loan.toml",
        "
        [scenario]
        years = [2000, 2360]
        seed = 1
        [inputs.principal]
        dist = 'uniform(180, 220)'
        assumption = 'generated'
        [inputs.rate]
        over = ['year']
        dist = 'normal(0.4, 0.1)'
        assumption = 'generated'
        [formulas.balance]
        initial = 'principal'
        formula = 'previous * (1 + rate / 100) - 1.05'
        [outputs.left]
        formula = 'balance[2360]'
        tornado = false",
    )
}

fn scenario(name: &str, text: &str) -> Scenario {
    load_text(name, text, &[]).unwrap_or_else(|failure| panic!("{name}: {failure}")).scenario
}

fn compiled(scenario: &Scenario) -> Program {
    Program::compile(scenario, Scope::Outputs).expect("a checked scenario compiles")
}

/// Every value of the checked run by name.
fn replayed(scenario: &Scenario) -> HashMap<String, f64> {
    let values = replay(scenario, CHECKED_RUN, Design::MonteCarlo).expect("a checked scenario compiles");
    values.into_iter().map(|value| (value.name, value.value)).collect()
}

/// The cells of the program in the checked run, held against `expected` to the bit.
fn holds(program: &Program, expected: impl Fn(&str) -> f64) {
    let lane = CHECKED_RUN as usize % BLOCK;
    let mut cells = 0;
    Machine::new(program, &(0..program.draws.len()).collect::<Vec<_>>()).run(
        CHECKED_RUN - lane as u64,
        0..BLOCK,
        &mut |cell: usize, values: &[f64]| {
            let name = &program.cells[cell].name;
            assert_eq!(values[lane], expected(name), "{name} in run {CHECKED_RUN}");
            cells += 1;
        },
    );
    assert_eq!(cells, program.cells.len());
}

fn r1_holds(program: &Program, scenario: &Scenario) {
    let run = replayed(scenario);
    let drivers = ["cancer", "personalised", "rare_disease", "allogeneic", "approvals", "funding"];
    let impacts: f64 = drivers.iter().map(|driver| run[&format!("impact[{driver}]")]).sum();
    let centre = 16.18 - 16.4 + 2.8 + 0.08 * 3.0 * libm::exp(0.125);
    let restraints = run["op_cost"] + run["labour"] + run["regulation"];
    let failures = 50.0 * run["autologous_share"] * (run["batch_failure"] - 0.15);
    let mut expected = HashMap::from([("market[2025]".to_string(), run["base_market"])]);
    let mut market = run["base_market"];
    for year in 2026..=2031 {
        let at = |name: &str| run[&format!("{name}[{year}]")];
        let growth = impacts - restraints - failures + centre + at("shock") - at("event") * at("severity");
        market *= 1.0 + growth / 100.0;
        expected.insert(format!("market[{year}]"), market);
    }
    expected.insert("cagr".into(), 100.0 * (libm::pow(market / run["base_market"], 1.0 / 6.0) - 1.0));
    expected.insert("reaches_headline".into(), f64::from(market >= 19.67));
    // Terms are added in another order here, which costs a few roundings.
    for cell in &program.cells {
        assert!((run[&cell.name] - expected[&cell.name]).abs() < 1e-12 * 20.0, "{}", cell.name);
    }
    holds(program, |name| run[name]);
}

fn market_holds(program: &Program, scenario: &Scenario) {
    let run = replayed(scenario);
    holds(program, |name| run[name]);
}

fn wide_holds(program: &Program, scenario: &Scenario) {
    let run = replayed(scenario);
    assert_eq!((program.draws.len(), program.cells.len()), (WIDE_INPUTS, WIDE_OUTPUTS));
    holds(program, |name| {
        let output = name[1..].parse().expect("outputs are called y and a number");
        let mut terms = wide_terms(output).map(|(factor, input)| factor * run[&format!("x{input}")]);
        let first = terms.next().expect("an output has terms");
        terms.fold(first, |sum, term| sum + term)
    });
}

fn recurrence_holds(program: &Program, scenario: &Scenario) {
    let run = replayed(scenario);
    assert_eq!(program.draws.len(), STEPS + 1);
    let left = (2001..=2360).fold(run["principal"], |balance, year| {
        balance * (1.0 + run[&format!("rate[{year}]")] / 100.0) - 1.05
    });
    holds(program, |_| left);
}

fn programs(criterion: &mut Criterion) {
    type Check = fn(&Program, &Scenario);
    let models: [(&str, Scenario, Check, usize); 5] = [
        ("R1", r1(), r1_holds, 1),
        ("the market scenario", market(), market_holds, 1),
        ("2,000 inputs, 500 outputs", wide(), wide_holds, 1),
        ("a step of a recurrence of 360", recurrence(), recurrence_holds, STEPS),
        ("12 inputs with drawn parameters", second_order::model(), second_order::model_holds, 1),
    ];
    for (name, scenario, check, steps) in &models {
        let program = compiled(scenario);
        check(&program, scenario);

        let mut group = criterion.benchmark_group("program, a run");
        group.throughput(Throughput::Elements((BLOCK * steps) as u64));
        let mut machine = Machine::new(&program, &(0..program.draws.len()).collect::<Vec<_>>());
        let mut first_run = 0;
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                machine.run(first_run, 0..BLOCK, &mut |_: usize, values: &[f64]| {
                    black_box(values);
                });
                first_run += BLOCK as u64;
            })
        });
        group.finish();

        let mut group = criterion.benchmark_group("program, compiled, a draw or cell");
        group.throughput(Throughput::Elements((program.draws.len() + program.cells.len()) as u64));
        group.sample_size(20);
        group.bench_function(*name, |bencher| bencher.iter(|| compiled(black_box(scenario))));
        group.finish();
    }
}

criterion_group!(benches, programs, cells, operators);
criterion_main!(benches);
