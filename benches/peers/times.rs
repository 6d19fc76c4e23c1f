//! Time a draw: riskband's sampler, rand_distr and the quantile functions of statrs, block by block.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use riskband::program::{BLOCK, Sampler};
use riskband::sampling::{Key, Positions, Stream, fill_words};

use super::laws;

/// Families and parameters, as the reference files have them.
const CASES: [(&str, &[f64]); 33] = [
    ("bernoulli", &[0.3]),
    ("beta", &[2.0, 5.0, 0.0, 1.0]),
    ("binomial", &[40.0, 0.15]),
    ("cauchy", &[0.0, 1.0]),
    ("chi_squared", &[4.0]),
    ("exponential", &[2.5]),
    ("f", &[5.0, 12.0]),
    ("frechet", &[3.0, 2.0, 0.0]),
    ("gamma", &[2.0, 1.5]),
    ("gamma", &[0.3, 1.0]),
    ("geometric", &[0.3]),
    ("gev", &[10.0, 2.0, 0.2]),
    ("gpd", &[0.0, 2.0, 0.2]),
    ("gumbel", &[1013.0, 558.0]),
    ("hypergeometric", &[50.0, 10.0, 12.0]),
    ("inverse_gaussian", &[3.0, 8.0]),
    ("johnson_su", &[-0.5, 1.5, 0.0, 1.0]),
    ("laplace", &[0.0, 2.0]),
    ("logarithmic", &[0.8]),
    ("logistic", &[4.0, 0.5]),
    ("lognormal", &[2.0, 0.2]),
    ("negative_binomial", &[4.5, 0.3]),
    ("normal", &[3.0, 2.0]),
    ("pareto", &[2.5, 1.0]),
    ("pert", &[1.6, 3.2, 4.8, 4.0]),
    ("poisson", &[3.0]),
    ("poisson", &[1000.0]),
    ("rayleigh", &[7.0]),
    ("skew_normal", &[0.0, 1.0, 4.0]),
    ("student_t", &[4.0, 0.0, 1.0]),
    ("triangular", &[1.6, 3.2, 4.8]),
    ("uniform", &[-1.0, 1.0]),
    ("weibull", &[1.5, 100.0]),
];

/// Fills the next block of draws.
type Fill = Box<dyn FnMut(&mut [f64])>;

/// Positions and values, as the machine of a program makes them.
fn riskband(family: &str, p: &[f64]) -> Fill {
    let law = laws::ours(family, p).expect("a family of the table");
    let (sampler, key) = (Sampler::new(&law), Key::new(1, family, &[]));
    let stream = Stream::from(key);
    let (mut words, mut first) = ([0; BLOCK], 0);
    Box::new(move |values| {
        fill_words(key, first, &mut words);
        sampler.fill(Positions::of_stream(&words, &stream, first), values);
        first += BLOCK as u64;
    })
}

fn statrs(family: &str, p: &[f64]) -> Option<Fill> {
    let (theirs, mut rng) = (laws::statrs(family, p)?, SmallRng::seed_from_u64(1));
    Some(Box::new(move |values| values.iter_mut().for_each(|x| *x = (theirs.quantile)(rng.random::<f64>()))))
}

/// The libraries that have a family, in the order of the table.
fn libraries(family: &str, p: &[f64]) -> Vec<(&'static str, Fill)> {
    let ours = Some(("riskband", riskband(family, p)));
    let drawn = laws::rand_distr(family, p).map(|draws| -> Fill { draws });
    let theirs = [drawn.map(|fill| ("rand_distr", fill)), statrs(family, p).map(|fill| ("statrs", fill))];
    ours.into_iter().chain(theirs.into_iter().flatten()).collect()
}

/// Nanoseconds a draw: the median of five spans of a twentieth of a second and at least one block.
fn nanoseconds(mut fill: Fill) -> f64 {
    const SPAN: Duration = Duration::from_millis(50);
    let mut values = [0.0; BLOCK];
    fill(&mut values);
    let mut spans = [0.0; 5];
    for span in &mut spans {
        let (start, mut blocks) = (Instant::now(), 0);
        while start.elapsed() < SPAN {
            fill(&mut values);
            black_box(&values);
            blocks += 1;
        }
        *span = start.elapsed().as_secs_f64() * 1e9 / (f64::from(blocks) * BLOCK as f64);
    }
    spans.sort_by(f64::total_cmp);
    spans[2]
}

/// `family,parameters,library,nanoseconds`.
pub fn print() {
    for (family, p) in CASES {
        let parameters = p.iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
        for (library, fill) in libraries(family, p) {
            println!("{family},{parameters},{library},{:.3}", nanoseconds(fill));
        }
    }
}

/// Whether the libraries draw from the same law: the shares of draws up to our median agree.
pub fn check() {
    for (family, p) in CASES {
        let law = laws::ours(family, p).expect("a family of the table");
        let middle = riskband::distribution::Family::quantile(&law, 0.5);
        let share = riskband::distribution::Family::cdf(&law, middle);
        for (library, mut fill) in libraries(family, p) {
            let mut values = [f64::NAN; BLOCK];
            fill(&mut values);
            let below = values.iter().filter(|&&x| x <= middle).count() as f64 / BLOCK as f64;
            // Five standard errors.
            let error = 5.0 * (share * (1.0 - share) / BLOCK as f64).sqrt();
            assert!(
                (below - share).abs() <= error,
                "{library}: {below} of {family} {p:?} up to its median, not {share}"
            );
        }
    }
}
