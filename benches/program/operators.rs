//! Single instructions: time an element of every operator over a block.
//!
//! A program of one operator is an output over 256 years, so that the one or two draws it starts from do not count:
//! `x - k` with a constant k a year, and `z - y` with z the value of the year before. Equal expressions are computed
//! once, so an operator of one operand gets `x + k`: its time includes that addition, which the first line times alone.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};

use riskband::program::{BLOCK, Machine};
use riskband::scenario::operation::{add, binary, select, unary};
use riskband::scenario::{BinaryOp, UnaryOp};

use super::{compiled, holds, replayed, scenario};

/// Years of a program: operators of one kind it holds.
const YEARS: usize = 256;
const FIRST_YEAR: usize = 1000;

const UNARY: [(UnaryOp, &str); 13] = [
    (UnaryOp::Negate, "-(x + k)"),
    (UnaryOp::Not, "not (x + k)"),
    (UnaryOp::Abs, "abs(x + k)"),
    (UnaryOp::Exp, "exp(x + k)"),
    (UnaryOp::Ln, "ln(x + k)"),
    (UnaryOp::Log10, "log10(x + k)"),
    (UnaryOp::Sqrt, "sqrt(x + k)"),
    (UnaryOp::Sin, "sin(x + k)"),
    (UnaryOp::Cos, "cos(x + k)"),
    (UnaryOp::Floor, "floor(x + k)"),
    (UnaryOp::Ceil, "ceil(x + k)"),
    (UnaryOp::Round, "round(x + k)"),
    (UnaryOp::NormalCdf, "normal_cdf(x + k)"),
];

/// Exponents that are multiplied out.
const WHOLE_POWERS: [(f64, &str); 4] =
    [(2.0, "(x + k) ^ 2"), (3.0, "(x + k) ^ 3"), (4.0, "(x + k) ^ 4"), (-1.0, "(x + k) ^ -1")];

/// With a constant, and of two columns.
const BINARY: [(BinaryOp, &str, &str); 15] = [
    (BinaryOp::Add, "x + k", "z + y"),
    (BinaryOp::Subtract, "x - k", "z - y"),
    (BinaryOp::Multiply, "x * k", "z * y"),
    (BinaryOp::Divide, "x / k", "z / y"),
    (BinaryOp::Power, "x ^ k", "z ^ y"),
    (BinaryOp::Min, "min(x, k)", "min(z, y)"),
    (BinaryOp::Max, "max(x, k)", "max(z, y)"),
    (BinaryOp::Less, "x < k", "z < y"),
    (BinaryOp::LessEqual, "x <= k", "z <= y"),
    (BinaryOp::Greater, "x > k", "z > y"),
    (BinaryOp::GreaterEqual, "x >= k", "z >= y"),
    (BinaryOp::Equal, "x == k", "z == y"),
    (BinaryOp::NotEqual, "x != k", "z != y"),
    (BinaryOp::And, "x and k", "z and y"),
    (BinaryOp::Or, "x or k", "z or y"),
];

/// What an operator can depend on in one year of one run.
struct At {
    x: f64,
    y: f64,
    heads: f64,
    /// A constant that no other year has, in (0.9, 1.1).
    k: f64,
    /// The value of the year before.
    z: f64,
}

pub fn operators(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("program, an operator");
    group.throughput(Throughput::Elements((BLOCK * YEARS) as u64));
    group.sample_size(30);
    group.warm_up_time(std::time::Duration::from_millis(300));
    group.measurement_time(std::time::Duration::from_secs(1));
    for (op, with_constant, _) in BINARY {
        time(&mut group, with_constant, |at| binary(op, at.x, at.k));
    }
    for (op, _, of_columns) in BINARY {
        time(&mut group, of_columns, |at| binary(op, at.z, at.y));
    }
    time(&mut group, "if(heads, z, y)", |at| select(at.heads, at.z, at.y));
    for (op, formula) in UNARY {
        time(&mut group, formula, |at| unary(op, add(at.x, at.k)));
    }
    for (exponent, formula) in WHOLE_POWERS {
        time(&mut group, formula, |at| binary(BinaryOp::Power, add(at.x, at.k), exponent));
    }
    group.finish();
}

/// Checks one year after the other in one run, then times all of them.
fn time(group: &mut BenchmarkGroup<'_, WallTime>, formula: &str, expected: impl Fn(&At) -> f64) {
    let scenario = scenario("operator.toml", &text(formula));
    let program = compiled(&scenario);
    let run = replayed(&scenario);
    let [x, y, heads] = ["x", "y", "heads"].map(|input| run[input]);
    let mut z = x;
    let mut values = vec![x];
    for year in FIRST_YEAR + 1..=FIRST_YEAR + YEARS {
        z = expected(&At { x, y, heads, k: run[&format!("k[{year}]")], z });
        values.push(z);
    }
    holds(&program, |name| {
        let year: usize = name["value[".len()..name.len() - 1].parse().expect("a cell is called value[year]");
        values[year - FIRST_YEAR]
    });

    let mut machine = Machine::new(&program, &[]);
    let mut first_run = 0;
    group.bench_function(formula, |bencher| {
        bencher.iter(|| {
            machine.run(first_run, 0..BLOCK, &mut |_: usize, values: &[f64]| {
                black_box(values);
            });
            first_run += BLOCK as u64;
        })
    });
}

/// The formula in every year, `x` in the base year.
fn text(formula: &str) -> String {
    let last_year = FIRST_YEAR + YEARS;
    format!(
        "
        [scenario]
        years = [{FIRST_YEAR}, {last_year}]
        seed = 1
        [inputs.x]
        dist = 'uniform(0.95, 1.05)'
        assumption = 'generated'
        [inputs.y]
        dist = 'uniform(0.99, 1.01)'
        assumption = 'generated'
        [inputs.heads]
        dist = 'bernoulli(0.5)'
        assumption = 'generated'
        [formulas]
        k = '0.9 + 0.2 * (year - {FIRST_YEAR} - 0.5) / {YEARS}'
        z = 'previous(value)'
        [outputs.value]
        initial = 'x'
        formula = '{formula}'
        tornado = false"
    )
}
