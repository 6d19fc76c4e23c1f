//! A family's name and parameters, as the reference files have them, and the law of each library.

use std::sync::Arc;

use riskband::distribution::{FAMILIES, Law, Lognormal};
use riskband::peers::{Draws, Exact, peer};

/// Ours, with the parameters of the reference files.
pub fn ours(family: &str, p: &[f64]) -> Option<Law> {
    if family == "lognormal" {
        return Lognormal::new(p[0], p[1]).ok().map(Law::from);
    }
    let entry = FAMILIES.iter().find(|entry| entry.name == family)?;
    Some((entry.forms[0].build)(p).expect("parameters of a reference are in the domain"))
}

/// A chi-squared law is a gamma law there.
fn as_peer(family: &str, p: &[f64]) -> (String, Vec<f64>) {
    match family {
        "chi_squared" => ("gamma".into(), vec![0.5 * p[0], 2.0]),
        _ => (family.into(), p.to_vec()),
    }
}

/// That of statrs; `None` where it has no such family or refuses the parameters.
pub fn statrs(family: &str, p: &[f64]) -> Option<Arc<Exact>> {
    let (family, p) = as_peer(family, p);
    (peer(&family)?.statrs?)(&p).map(Arc::new)
}

/// Draws of rand_distr, in the same way.
pub fn rand_distr(family: &str, p: &[f64]) -> Option<Draws> {
    let (family, p) = as_peer(family, p);
    (peer(&family)?.rand_distr?)(&p, 1)
}
