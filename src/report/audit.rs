//! Laws beside those of other libraries.

use super::table::aligned;
use crate::diagnostic::{counted, grouped};
use crate::peers::{Audited, BOUND, Difference, FALSE_ALARM, Fault, Goodness, Method, Unanswered};

/// What was found of the elements of an input that have one law.
#[derive(Debug)]
pub struct AuditRow {
    /// Of the first element.
    pub name: String,
    pub elements: usize,
    /// Or why there is no law to compare.
    pub audited: Result<Audited, &'static str>,
}

/// A table of all laws, what is wrong, and whether nothing is.
pub fn audit(rows: &[AuditRow]) -> (String, bool) {
    let found: Vec<(&AuditRow, &Audited)> =
        rows.iter().filter_map(|row| Some((row, row.audited.as_ref().ok()?))).collect();
    let tests = found.iter().map(|(_, audited)| audited.tests()).sum::<usize>();
    let level = FALSE_ALARM / tests.max(1) as f64;
    let heads =
        ["audit", "law", "quantile", "cdf", "sf", "mean", "variance", "p of draws", "p of rand_distr"];
    let mut table = vec![heads.map(String::from).to_vec()];
    let mut notes = String::new();
    let mut faults = Vec::new();
    for row in rows {
        let name = match row.elements {
            1 => row.name.clone(),
            elements => format!("{} and {} more", row.name, elements - 1),
        };
        match &row.audited {
            Err(why) => {
                let none = std::iter::repeat_n("–".to_string(), heads.len() - 2);
                table.push([name, "no peer".into()].into_iter().chain(none).collect());
                notes.push_str(&format!("note: `{}`: {why}\n", row.name));
            }
            Ok(audited) => {
                table.push(entries(name, audited));
                notes.push_str(&missing(row, audited));
                faults.extend(audited.faults(level).into_iter().map(|fault| line(row, fault, level)));
            }
        }
    }
    let mut text = format!("\n{}{notes}", aligned(&table));
    let compared = found.iter().filter(|(_, audited)| audited.peer.is_some()).count();
    text.push_str(&format!(
        "{} with a peer, {} without; {}, each wrong below {level:.1e}, which right laws are in 1 audit of {}\n",
        counted(compared as u64, "law"),
        rows.len() - compared,
        counted(tests as u64, "p-value"),
        grouped((1.0 / FALSE_ALARM) as u64),
    ));
    faults.iter().for_each(|fault| text.push_str(fault));
    if faults.is_empty() {
        text.push_str(&format!(
            "no law differs from statrs by more than {BOUND:e}, and the draws follow their laws\n"
        ));
    }
    (text, faults.is_empty())
}

fn entries(name: String, audited: &Audited) -> Vec<String> {
    let none = || "–".to_string();
    let difference = |found: &Difference| found.largest.map_or_else(none, exponent);
    let p = |found: Option<Goodness>| found.map_or_else(none, |found| short(found.p));
    let mut row = vec![name, audited.peer.map_or("no peer", |peer| peer.family).to_string()];
    row.extend(audited.differences.iter().map(difference));
    row.resize_with(7, none);
    row.extend([p(audited.own), p(audited.drawn)]);
    row
}

fn short(p: f64) -> String {
    if p >= 0.001 { format!("{p:.3}") } else { exponent(p) }
}

fn exponent(x: f64) -> String {
    if x == 0.0 { "0".into() } else { format!("{x:.0e}") }
}

/// What the peers of a law did not say, or are not good for.
fn missing(row: &AuditRow, audited: &Audited) -> String {
    let Some(peer) = audited.peer else { return String::new() };
    let why = |why: Unanswered| match why {
        Unanswered::Panicked => "panicked",
        Unanswered::Late => "did not come to an end",
        Unanswered::NotAsked => "could not be asked",
    };
    let mut text = String::new();
    let mut note = |what: String| text.push_str(&format!("note: `{}`: {what}\n", row.name));
    if !audited.is_known {
        note(format!(
            "statrs and rand_distr are not known to be good for such parameters of {}: shown, and not judged",
            peer.family
        ));
    }
    if peer.statrs.is_some() && audited.differences.is_empty() {
        note("statrs gives no law for these parameters".to_string());
    }
    for difference in &audited.differences {
        if let Some((count, reason)) = difference.unanswered {
            note(format!(
                "statrs {} at {} of the grid of the {}",
                why(reason),
                counted(count as u64, "point"),
                difference.quantity.name()
            ));
        }
    }
    if let Some(reason) = audited.undrawn {
        note(format!("rand_distr {}", why(reason)));
    }
    text
}

fn line(row: &AuditRow, fault: Fault, level: f64) -> String {
    let of_draws = |whose: &str, found: Goodness| {
        let method = match found.method {
            Method::KolmogorovSmirnov => "Kolmogorov-Smirnov",
            Method::ChiSquared => "chi-squared",
        };
        format!(
            "{} draws of {whose} hardly follow the law: {method} {:.4}, p = {:.1e}, below {level:.1e}",
            found.draws, found.statistic, found.p
        )
    };
    let what = match fault {
        Fault::Differs(quantity, largest) => {
            format!(
                "the {} differs from that of statrs by {largest:.1e}, more than {BOUND:e}",
                quantity.name()
            )
        }
        Fault::Own(found) => of_draws("riskband", found),
        Fault::Drawn(found) => of_draws("rand_distr", found),
    };
    format!("wrong: `{}`: {what}\n", row.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::{Quantity, peer};

    #[test]
    fn a_law_that_differs_is_wrong_and_what_cannot_be_compared_is_named() {
        let sf = |largest| Difference {
            quantity: Quantity::Sf,
            largest: Some(largest),
            unanswered: Some((3, Unanswered::Panicked)),
        };
        let audited = |is_known, largest| Audited {
            peer: peer("gamma"),
            is_known,
            differences: vec![sf(largest)],
            own: None,
            drawn: None,
            undrawn: Some(Unanswered::Late),
        };
        let row = |audited| AuditRow { name: "size".into(), elements: 7, audited };
        let (text, agree) = audit(&[row(Ok(audited(true, 2e-6))), row(Err("a sum of events"))]);
        assert!(!agree && text.contains("size and 6 more"), "{text}");
        for line in [
            "note: `size`: statrs panicked at 3 points of the grid of the sf\n",
            "note: `size`: rand_distr did not come to an end\n",
            "note: `size`: a sum of events\n",
            "1 law with a peer, 1 without; ",
            "wrong: `size`: the sf differs from that of statrs by 2.0e-6, more than 1e-8\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
        let (text, agree) = audit(&[row(Ok(audited(false, 2e-6)))]);
        assert!(
            agree
                && text
                    .contains("statrs and rand_distr are not known to be good for such parameters of gamma"),
            "{text}"
        );
        assert!(audit(&[row(Ok(audited(true, 2e-9)))]).1);
    }
}
