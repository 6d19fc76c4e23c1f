//! The outputs of the coverage table and their exact figures.

use riskband::math::{incomplete_gamma, ln_gamma, normal_density, normal_quantile, normal_sf, pow};
use riskband::scenario::{Levels, Percent};

/// One output a kind of law; all inputs are independent.
pub const MODEL: &str = "
[scenario]
percentiles = [1, 5, 10, 25, 50, 75, 90, 95, 99, 99.5]
tail_means = [1, 5, 95, 99]
[inputs]
n = { dist = 'normal(10, 2)', assumption = 'a' }
n1 = { dist = 'normal(0, 1)', assumption = 'a' }
n2 = { dist = 'normal(0, 2)', assumption = 'a' }
n3 = { dist = 'normal(0, 3)', assumption = 'a' }
n4 = { dist = 'normal(0, 4)', assumption = 'a' }
n5 = { dist = 'normal(0, 5)', assumption = 'a' }
g = { dist = 'gamma(2, 3)', assumption = 'a' }
half = { dist = 'lognormal(mu = 0, sigma = 0.5)', assumption = 'a' }
wide = { dist = 'lognormal(mu = 0, sigma = 1.5)', assumption = 'a' }
heavy = { dist = 'pareto(2.5, 1)', assumption = 'a' }
sums = { dist = 'compound(poisson(3), gamma(2, 1))', assumption = 'a' }
counts = { dist = 'poisson(4)', assumption = 'a' }
chance = { dist = 'normal(0, 1)', assumption = 'a' }
[outputs]
normal = { formula = 'n', tornado = false }
five_normals = { formula = 'n1 + n2 + n3 + n4 + n5', tornado = false }
gamma = { formula = 'g', tornado = false }
lognormal_half = { formula = 'half', tornado = false }
lognormal_wide = { formula = 'wide', tornado = false }
pareto = { formula = 'heavy', tornado = false }
compound = { formula = 'sums', tornado = false }
count = { formula = 'counts', tornado = false }
one_in_2 = { formula = 'chance > 0', tornado = false }
one_in_100 = { formula = 'chance > 2.3263478740408408', tornado = false }
one_in_1000 = { formula = 'chance > 3.0902323061678132', tornado = false }
";

/// Exact figures of an output, percentiles and tail means in the order of its levels.
pub struct Truth {
    pub output: &'static str,
    pub mean: f64,
    pub sd: f64,
    pub percentiles: Vec<f64>,
    pub tail_means: Vec<f64>,
    pub is_probability: bool,
}

/// Of all outputs, in their order.
pub fn truths(levels: &Levels) -> Vec<Truth> {
    // `excess` is E max(X − q, 0).
    let of =
        |output, mean: f64, variance: f64, quantile: &dyn Fn(f64) -> f64, excess: &dyn Fn(f64) -> f64| {
            let tail_mean = |level: Percent| {
                let (p, q) = (level.share(), quantile(level.share()));
                if level.is_low() { q - (excess(q) - mean + q) / p } else { q + excess(q) / (1.0 - p) }
            };
            Truth {
                output,
                mean,
                sd: variance.sqrt(),
                percentiles: levels.percentiles.iter().map(|level| quantile(level.share())).collect(),
                tail_means: levels.tail_means.iter().map(|&level| tail_mean(level)).collect(),
                is_probability: false,
            }
        };
    let probability = |output, share| Truth {
        output,
        mean: share,
        sd: f64::NAN,
        percentiles: Vec::new(),
        tail_means: Vec::new(),
        is_probability: true,
    };
    let normal = |output, mean: f64, sd: f64| {
        let excess = |q: f64| {
            let z = (q - mean) / sd;
            sd * (normal_density(z) - z * normal_sf(z))
        };
        of(output, mean, sd * sd, &|u| mean + sd * normal_quantile(u), &excess)
    };
    let lognormal = |output, sigma: f64| {
        let square = sigma * sigma;
        let (mean, variance) = (libm::exp(0.5 * square), libm::expm1(square) * libm::exp(square));
        let excess = |q: f64| {
            let z = libm::log(q) / sigma;
            mean * normal_sf(z - sigma) - q * normal_sf(z)
        };
        of(output, mean, variance, &|u| libm::exp(sigma * normal_quantile(u)), &excess)
    };
    // Of a gamma law at x in units of its scale: E max(X − x, 0).
    let gamma_excess =
        |shape: f64, x: f64| shape * incomplete_gamma(shape + 1.0, x).1 - x * incomplete_gamma(shape, x).1;
    // Three events on average, so sixty are beyond the last digit.
    let sums =
        |of: &dyn Fn(f64) -> f64| (1..60).map(|k| poisson(3.0, k) * of(2.0 * f64::from(k))).sum::<f64>();
    let compound_cdf = |x: f64| poisson(3.0, 0) + sums(&|shape| incomplete_gamma(shape, x).0);
    let counts = |of: &dyn Fn(f64) -> f64| (0..80).map(|k| poisson(4.0, k) * of(f64::from(k))).sum::<f64>();
    vec![
        normal("normal", 10.0, 2.0),
        normal("five_normals", 0.0, 55f64.sqrt()),
        of("gamma", 6.0, 18.0, &|u| least(u, |x| incomplete_gamma(2.0, x / 3.0).0), &|q| {
            3.0 * gamma_excess(2.0, q / 3.0)
        }),
        lognormal("lognormal_half", 0.5),
        lognormal("lognormal_wide", 1.5),
        of("pareto", 5.0 / 3.0, 2.5 / 1.125, &|u| pow(1.0 - u, -0.4), &|q| pow(q, -1.5) / 1.5),
        of("compound", 6.0, 18.0, &|u| least(u, compound_cdf), &|q| sums(&|shape| gamma_excess(shape, q))),
        of(
            "count",
            4.0,
            4.0,
            &|u| (0..80).map(f64::from).find(|&x| counts(&|k| f64::from(k <= x)) >= u).unwrap_or(f64::NAN),
            &|q| counts(&|k| (k - q).max(0.0)),
        ),
        probability("one_in_2", 0.5),
        probability("one_in_100", normal_sf(2.326_347_874_040_840_8)),
        probability("one_in_1000", normal_sf(3.090_232_306_167_813)),
    ]
}

/// P(N = k) of a Poisson law.
fn poisson(mean: f64, k: u32) -> f64 {
    libm::exp(f64::from(k) * libm::log(mean) - mean - ln_gamma(f64::from(k) + 1.0))
}

/// The least x ≥ 0 with cdf(x) ≥ u, by bisection.
fn least(u: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1e3);
    if cdf(low) >= u {
        return low;
    }
    while high - low > 1e-13 * high {
        let middle = 0.5 * (low + high);
        *(if cdf(middle) >= u { &mut high } else { &mut low }) = middle;
    }
    high
}
