//! The laws of statrs and rand_distr that riskband compares itself with: how good they are themselves, and that an audit
//! of right laws finds nothing.

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::program::call;
use riskband::distribution::{FAMILIES, Family, Law, Lognormal};
use riskband::peers::{BOUND, FALSE_ALARM, PATIENCE, PEERS, Peer, asked, audit, peer_of};

/// Rows of `tests/reference`: parameters, method, argument, value.
fn reference(family: &str) -> Vec<(Vec<f64>, String, f64, f64)> {
    let text = fs::read_to_string(format!("tests/reference/{family}.csv")).unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let parameters = fields[0].split(' ').map(|number| number.parse().unwrap()).collect();
        (parameters, fields[1].to_string(), fields[2].parse().unwrap_or(0.0), fields[3].parse().unwrap())
    };
    text.lines().skip_while(|line| line.starts_with('#')).skip(1).map(row).collect()
}

/// The law of a row.
fn law(family: &str, p: &[f64]) -> Law {
    match family {
        "lognormal" => Lognormal::new(p[0], p[1]).unwrap().into(),
        _ => (FAMILIES.iter().find(|entry| entry.name == family).unwrap().forms[0].build)(p).unwrap(),
    }
}

/// The parameters of a family's rows that statrs is good for.
fn known(peer: &Peer) -> Vec<Vec<f64>> {
    let mut seen = BTreeSet::new();
    let rows = reference(peer.family).into_iter().map(|row| row.0);
    rows.filter(|p| (peer.is_known)(p) && seen.insert(format!("{p:?}"))).collect()
}

#[test]
fn where_statrs_is_said_to_be_good_it_gives_the_values_of_the_references() {
    let mut compared = 0;
    for peer in PEERS {
        let Some(make) = peer.statrs else { continue };
        for (p, method, argument, value) in
            reference(peer.family).into_iter().filter(|row| (peer.is_known)(&row.0))
        {
            let ours = law(peer.family, &p);
            let unit = match method.as_str() {
                "cdf" | "sf" => 1.0,
                "mean" => value.abs().max(ours.variance().map_or(0.0, f64::sqrt)),
                "variance" => value.abs(),
                // Those of round levels are a matter of rounding where the law steps there.
                "quantile" if (1e-6..=1.0 - 1e-6).contains(&argument) && !ours.is_discrete() => {
                    value.abs().max(ours.quantile(0.75) - ours.quantile(0.25))
                }
                _ => continue,
            };
            let (name, parameters) = (method.clone(), p.clone());
            let answer = asked(PATIENCE, move || {
                let law = make(&parameters)?;
                match name.as_str() {
                    "quantile" => Some((law.quantile)(argument)),
                    "cdf" => Some((law.cdf)(argument)),
                    "sf" => Some((law.sf)(argument)),
                    "mean" => law.mean,
                    _ => law.variance,
                }
            });
            let Ok(Some(theirs)) = answer else { continue };
            let difference = (theirs - value).abs() / unit.max(f64::MIN_POSITIVE);
            assert!(
                difference <= BOUND,
                "{} {p:?} {method} {argument}: {theirs:e}, not {value:e}",
                peer.family
            );
            compared += 1;
        }
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn an_audit_of_right_laws_finds_nothing() {
    let mut wrong = Vec::new();
    for peer in PEERS {
        let all = known(peer);
        assert!(all.len() > 2, "{}", peer.family);
        for p in all {
            let law = law(peer.family, &p);
            let Some((found, parameters)) = peer_of(&law) else {
                // A range of no width.
                assert!(matches!(law, Law::Constant(_)), "{} {p:?}", peer.family);
                continue;
            };
            assert_eq!(found.family, peer.family);
            let size = p.iter().fold(0.0, |size: f64, x| size.max(x.abs()));
            let is_same = p.iter().zip(&parameters).all(|(a, b)| (a - b).abs() <= 1e-12 * size);
            // The weights of a discrete law become probabilities.
            assert!(peer.family == "discrete" || is_same, "{} {p:?} {parameters:?}", peer.family);
            let draws = (0..16_384).map(|k| law.quantile((f64::from(k) + 0.5) / 16_384.0)).collect();
            let audited = audit(&law, vec![draws], 1);
            let faults = audited.faults(FALSE_ALARM / 1_000.0);
            if !faults.is_empty() {
                wrong.push(format!("{} {p:?}: {faults:?}", peer.family));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scenarios_pass_their_audit() {
    let check = |words: &[&str]| {
        let checked = call(&[&["check"], words].concat());
        (checked.status.code(), String::from_utf8(checked.stdout).unwrap())
    };
    for scenario in ["scenarios/cell-gene-2031.toml", "tests/golden/families.toml"] {
        let (code, text) = check(&[scenario, "--audit"]);
        assert_eq!(code, Some(0), "{text}");
        assert!(
            text.contains("no law differs from statrs by more than 1e-8, and the draws follow their laws"),
            "{text}"
        );
        let listed = check(&[scenario]).1;
        assert!(text.starts_with(&listed) && !listed.contains("statrs"), "{text}");
    }
    // What nobody else has is named.
    let text = check(&["tests/golden/families.toml", "--audit"]).1;
    let row =
        |name: &str| text.lines().rfind(|line| line.trim_start().starts_with(name)).unwrap_or("").to_string();
    assert!(row("flood ").contains("no peer"), "{text}");
    assert!(row("events ").contains("no peer"), "{text}");
    assert!(text.contains("note: `events`: its parameters change from run to run"), "{text}");
    // A gamma law of shape 0.3.
    assert!(text.contains("note: `gamma`: statrs and rand_distr are not known to be good"), "{text}");
    assert!(row("weibull ").split_whitespace().filter(|entry| entry.contains("e-")).count() >= 3, "{text}");
}
