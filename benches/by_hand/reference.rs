//! The exact results of R1 and the sampling error to expect, held against what was computed.

use serde_json::{Map, Value};

/// Standard errors allowed; by chance alone one comparison in 1.7 million lies further off.
pub const LIMIT: f64 = 5.0;

/// Exact values; `tests/reference/r1.md` tells how they were computed.
const EXACT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/r1.json"));

/// Outputs, in the order of the columns of [`OUTPUT_ERRORS`].
const OUTPUTS: [&str; 7] =
    ["market.2026", "market.2027", "market.2028", "market.2029", "market.2030", "market.2031", "cagr"];

/// Standard error times √runs, from the last section of `tests/reference/r1.md`.
const OUTPUT_ERRORS: [(&str, [f64; 7]); 15] = [
    ("mean", [0.285, 0.464, 0.69, 1.02, 1.42, 1.91, 1.89]),
    ("sd", [0.206, 0.35, 0.518, 0.732, 1.01, 1.35, 1.29]),
    ("skewness", [2.94, 2.61, 2.33, 2.34, 2.45, 2.43, 2.39]),
    ("excess_kurtosis", [11.5, 6.33, 5.2, 5.19, 5.45, 5.51, 4.59]),
    ("p1", [1.26, 1.81, 2.65, 3.37, 4.6, 6.31, 7.87]),
    ("p5", [0.593, 1.0, 1.42, 1.99, 2.64, 3.36, 3.8]),
    ("p10", [0.491, 0.796, 1.19, 1.64, 2.24, 2.93, 3.22]),
    ("p25", [0.417, 0.674, 0.925, 1.41, 1.9, 2.6, 2.57]),
    ("p50", [0.354, 0.611, 0.871, 1.32, 1.84, 2.57, 2.43]),
    ("p75", [0.378, 0.607, 0.984, 1.41, 2.03, 2.76, 2.59]),
    ("p90", [0.465, 0.815, 1.17, 1.85, 2.5, 3.47, 2.89]),
    ("p95", [0.534, 1.04, 1.55, 2.18, 2.98, 4.22, 3.65]),
    ("p99", [1.04, 1.72, 2.69, 3.92, 5.61, 7.72, 6.25]),
    ("tail_mean_below_p5", [0.84, 1.27, 1.66, 2.26, 3.1, 4.16, 4.88]),
    ("tail_mean_above_p95", [0.646, 1.16, 1.79, 2.55, 3.56, 4.91, 3.9]),
];

/// Fields of a tornado row, in the order of the columns of [`TORNADO_ERRORS`].
const FIELDS: [&str; 4] = ["spearman", "mean_lowest_decile", "mean_highest_decile", "sobol_first_order"];

/// Standard error times √runs, from the same section.
const TORNADO_ERRORS: [(&str, [f64; 4]); 12] = [
    ("approvals", [0.822, 5.24, 5.79, 0.705]),
    ("funding", [0.791, 5.0, 6.18, 0.605]),
    ("cancer", [0.894, 6.15, 5.85, 0.557]),
    ("batch_failure", [0.846, 6.12, 5.5, 0.493]),
    ("personalised", [0.925, 5.55, 6.23, 0.504]),
    ("op_cost", [0.958, 6.0, 5.91, 0.517]),
    ("labour", [0.952, 6.21, 5.92, 0.496]),
    ("allogeneic", [0.943, 5.94, 6.22, 0.452]),
    ("base_market", [1.01, 5.98, 6.35, 0.412]),
    ("rare_disease", [0.965, 6.06, 6.4, 0.364]),
    ("regulation", [1.06, 5.93, 6.15, 0.248]),
    ("autologous_share", [1.01, 5.95, 6.18, 0.0466]),
];

/// Outcome of the comparison.
pub struct Check {
    pub comparisons: usize,
    /// Largest distance from a reference, in standard errors.
    pub largest_z: f64,
    /// Where it was.
    pub at: String,
}

/// Holds every result against its exact value.
///
/// # Errors
/// What is missing, if the results or the reference lack a number.
pub fn check(results: &Map<String, Value>, runs: usize) -> Result<Check, String> {
    let exact: Map<String, Value> = serde_json::from_str(EXACT).map_err(|error| error.to_string())?;
    let number = |map: &Map<String, Value>, key: &str, field: &str| {
        map.get(key)
            .and_then(|entry| entry.get(field))
            .and_then(Value::as_f64)
            .ok_or_else(|| format!("no {key} {field}"))
    };
    let root = (runs as f64).sqrt();
    let mut check = Check { comparisons: 0, largest_z: 0.0, at: String::new() };
    let mut compare = |key: &str, field: &str, error: f64| -> Result<(), String> {
        let z = ((number(results, key, field)? - number(&exact, key, field)?) / (error / root)).abs();
        check.comparisons += 1;
        if z > check.largest_z || z.is_nan() {
            check.largest_z = if z.is_nan() { f64::INFINITY } else { z };
            check.at = format!("{key} {field}");
        }
        Ok(())
    };
    for (field, errors) in &OUTPUT_ERRORS {
        for (output, &error) in OUTPUTS.iter().zip(errors) {
            compare(output, field, error)?;
        }
    }
    for (input, errors) in &TORNADO_ERRORS {
        for (field, &error) in FIELDS.iter().zip(errors) {
            compare(&format!("tornado.{input}"), field, error)?;
        }
    }
    let reached = number(&exact, "market.2031", "prob_ge_19.67")?;
    compare("market.2031", "prob_ge_19.67", (reached * (1.0 - reached)).sqrt())?;
    Ok(check)
}
