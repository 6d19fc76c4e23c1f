//! Compilation against the size of a scenario: the time a cell must not grow with the number of cells.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};

use riskband::scenario::Scenario;

use super::{compiled, holds, replayed, scenario};

const CELLS: [usize; 3] = [100, 1_000, 10_000];

/// One output over as many years: a recurrence with a draw a year.
fn years(cells: usize) -> Scenario {
    scenario(
        "years.toml",
        &format!(
            "
            [scenario]
            years = [1, {cells}]
            seed = 1
            [inputs.growth]
            over = ['year']
            dist = 'normal(0, 1)'
            assumption = 'generated'
            [outputs.value]
            initial = '8'
            formula = 'previous * (1 + growth / 100)'
            tornado = false"
        ),
    )
}

/// As many outputs of one cell, each with a constant of its own.
fn outputs(cells: usize) -> Scenario {
    let mut text = "[scenario]\nseed = 1\n".to_string();
    for input in ["x", "y"] {
        writeln!(text, "[inputs.{input}]\ndist = 'normal(0, 1)'\nassumption = 'generated'")
            .expect("memory suffices");
    }
    for output in 0..cells {
        writeln!(text, "[outputs.value{output}]\nformula = '{output} + x * y'\ntornado = false")
            .expect("memory suffices");
    }
    scenario("outputs.toml", &text)
}

pub fn cells(criterion: &mut Criterion) {
    type Model = fn(usize) -> Scenario;
    let models: [(&str, Model); 2] = [("years of one output", years), ("outputs", outputs)];
    let mut group = criterion.benchmark_group("program, compiled, a cell");
    group.sample_size(20);
    for (name, model) in models {
        for cells in CELLS {
            let scenario = model(cells);
            let program = compiled(&scenario);
            assert_eq!(program.cells.len(), cells);
            let run = replayed(&scenario);
            holds(&program, |name| run[name]);
            group.throughput(Throughput::Elements(cells as u64));
            group.bench_function(BenchmarkId::new(name, cells), |bencher| {
                bencher.iter(|| compiled(black_box(&scenario)))
            });
        }
    }
    group.finish();
}
