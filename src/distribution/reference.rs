//! Reader of `tests/reference/FAMILY.csv`, the values of high precision that every family must give.

use std::path::Path;

use super::laws::rounding;
use super::{Family, ParameterError};

/// What a family may be off by, beyond the relative 1e-12 of quantile, cdf, sf and density.
pub(crate) struct Bounds {
    /// Absolute error of cdf and sf.
    pub(crate) probability: f64,
    /// Relative error of mean and variance.
    pub(crate) moments: f64,
}

/// [`check_within`] the bounds that every family but the truncated keeps.
#[track_caller]
pub(crate) fn check<F: Family>(family: &str, build: impl Fn(&[f64]) -> Result<F, ParameterError>) {
    check_within(&Bounds { probability: 0.0, moments: 1e-13 }, family, build);
}

/// Compares the law built from each row's parameters with the row.
///
/// A row is parameters (separated by spaces), method, argument, value. Quantiles, cdf, sf and density agree to a
/// relative 1e-12, the rest to `bounds`; a quantile of a law that sits away from 0 may also be off by a few ulp of the
/// law's own size.
#[track_caller]
pub(crate) fn check_within<F: Family>(
    bounds: &Bounds,
    family: &str,
    build: impl Fn(&[f64]) -> Result<F, ParameterError>,
) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(format!("{family}.csv"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut worst = std::collections::BTreeMap::<String, f64>::new();
    let mut rows = 0;
    for line in text.lines().skip_while(|line| line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [parameters, method, argument, value] = fields[..] else { panic!("four fields in {line}") };
        let parameters: Vec<f64> = parameters.split(' ').map(|number| number.parse().unwrap()).collect();
        let (argument, value): (f64, f64) = (argument.parse().unwrap(), value.parse().unwrap());
        let law = build(&parameters).unwrap();
        let got = match method {
            "quantile" => law.quantile(argument),
            "upper_quantile" => law.upper_quantile(argument),
            "cdf" => law.cdf(argument),
            "sf" => law.sf(argument),
            "density" => law.density(argument),
            "mean" => law.mean().unwrap(),
            "variance" => law.variance().unwrap(),
            _ => panic!("method {method}"),
        };
        let (slack, bound) = match method {
            "quantile" | "upper_quantile" => (rounding(&law), 1e-12),
            "cdf" | "sf" => (bounds.probability, 1e-12),
            "mean" | "variance" => (0.0, bounds.moments),
            _ => (0.0, 1e-12),
        };
        let error = ((got - value).abs() - slack).max(0.0) / value.abs().max(f64::MIN_POSITIVE);
        assert!(error <= bound, "{family}: {got:e} is off by a relative {error:e} from {line}");
        let entry = worst.entry(method.to_owned()).or_default();
        *entry = entry.max(error);
        rows += 1;
    }
    println!("{family}: {rows} rows, largest relative errors {worst:?}");
    assert!(rows >= 20, "{family} has {rows} rows");
}
