//! What riskband and statrs say to every row of the references.

use std::collections::HashSet;
use std::panic;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use riskband::distribution::{FAMILIES, Family, Law};
use riskband::peers::{Exact, Unanswered, asked};

use super::laws;

/// What a single call may take before it counts as endless.
const PATIENCE: Duration = Duration::from_secs(1);

/// `family,parameters,method,argument,exact,slack,riskband,statrs`: one line a row that asks for a quantile or a tail.
/// `slack` is what rounding may move a quantile by where the law lies away from 0, `statrs` a number, `none`, `panic` or
/// `endless`.
pub fn print() {
    // A panic of statrs is a value here.
    panic::set_hook(Box::new(|_| {}));
    for family in FAMILIES.iter().map(|entry| entry.name) {
        let path = Path::new("tests/reference").join(format!("{family}.csv"));
        // Some entries, such as constant, have no reference.
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let mut endless = HashSet::new();
        for line in text.lines().skip_while(|line| line.starts_with('#')).skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [parameters, method, argument, exact] = fields[..] else { panic!("four fields in {line}") };
            let numbers: Vec<f64> = parameters.split(' ').map(|number| number.parse().unwrap()).collect();
            let x: f64 = argument.parse().unwrap();
            let law = laws::ours(family, &numbers).unwrap();
            let found = match method {
                "quantile" => law.quantile(x),
                "upper_quantile" => law.upper_quantile(x),
                "cdf" => law.cdf(x),
                "sf" => law.sf(x),
                _ => continue,
            };
            let theirs = match laws::statrs(family, &numbers) {
                Some(_) if endless.contains(&(parameters, method)) => "endless".to_owned(),
                Some(theirs) => answer(&theirs, method, x),
                None => "none".to_owned(),
            };
            if theirs == "endless" {
                endless.insert((parameters, method));
            }
            let slack = if method.ends_with("quantile") { rounding(&law) } else { 0.0 };
            println!("{family},{parameters},{method},{argument},{exact},{slack:e},{found:e},{theirs}");
        }
    }
}

/// A few ulp of the middle and width of a law that does not begin or end at 0.
fn rounding(law: &Law) -> f64 {
    let (least, greatest) = law.support();
    if law.is_discrete() || least == 0.0 || greatest == 0.0 {
        return 0.0;
    }
    let (low, high) = (law.quantile(0.25), law.quantile(0.75));
    4.0 * f64::EPSILON * (low.abs().max(high.abs()) + (high - low))
}

/// One call, which may never come back.
fn answer(theirs: &Arc<Exact>, method: &str, x: f64) -> String {
    let (theirs, method) = (theirs.clone(), method.to_owned());
    let answered = asked(PATIENCE, move || {
        let function = match method.as_str() {
            "quantile" => &theirs.quantile,
            "cdf" => &theirs.cdf,
            "sf" => &theirs.sf,
            // Quantiles of an upper tail are not to be had.
            _ => return "none".to_owned(),
        };
        format!("{:e}", function(x))
    });
    answered.unwrap_or_else(|why| match why {
        Unanswered::Late => "endless".to_owned(),
        Unanswered::Panicked | Unanswered::NotAsked => "panic".to_owned(),
    })
}
