//! What `riskband percentiles` tells: percentiles and shares with their intervals, as a table or as JSON.

use serde_json::{Map, Value, json};

use super::chart::{Chance, Words};
use super::digits::{told, told_with};
use super::table::{aligned, plain};
use crate::analysis::{Answer, Interval, Percentile, RunFacts, Share, Withheld};
use crate::diagnostic::{counted, grouped, visible_line};
use crate::scenario::{Convention, Language};

/// A table a cell.
pub fn answers_table(answers: &[Answer], convention: Convention) -> String {
    let mut text = String::new();
    for answer in answers {
        if !text.is_empty() {
            text.push('\n');
        }
        let unit = answer.unit.as_ref().map_or(String::new(), |unit| format!(" ({unit})"));
        text.push_str(&format!("{}\n", visible_line(&format!("{}{unit}", answer.cell))));
        let statistics = &answer.statistics;
        if statistics.count == 0 {
            text.push_str("  no run has a finite value\n");
            continue;
        }
        text.push_str(&aligned(&rows(answer, convention)));
        if answer.is_truth && !statistics.percentiles.is_empty() {
            text.push_str("  a probability: each run is 0 or 1, and so are its percentiles\n");
        }
        let without = statistics.non_finite.count;
        if without > 0 {
            let all = counted(statistics.count + without, "run");
            text.push_str(&format!("  no finite value in {} of {all}, left out\n", grouped(without)));
        }
    }
    if convention == Convention::Exceedance {
        text.push_str("\np90 is the value that 90 % of the runs exceed, and so each percentile\n");
    }
    text
}

fn rows(answer: &Answer, convention: Convention) -> Vec<Vec<String>> {
    let mut rows = vec![["", "value", "95 % interval"].map(String::from).to_vec()];
    let statistics = &answer.statistics;
    if let (true, Some(mean), Some(interval)) = (answer.is_truth, statistics.mean, statistics.mean_interval) {
        rows.push(share_row("probability".into(), mean, interval));
    }
    for p in statistics.percentiles.iter().filter(|_| !answer.is_truth) {
        let digits = p.interval.or_else(|| p.withheld?.longer());
        rows.push(vec![format!("p{}", convention.number(p.level)), told(p.value, digits), range(p)]);
    }
    for (side, shares) in [("below", &answer.below), ("above", &answer.above)] {
        rows.extend(shares.iter().map(|s| share_row(format!("{side} {}", s.bound), s.share, s.interval)));
    }
    rows
}

/// The interval of a percentile, or why it has none.
fn range(p: &Percentile) -> String {
    match (p.interval, p.withheld) {
        (Some(i), _) => format!("{} – {}", told_with(i.low, i, 1), told_with(i.high, i, 1)),
        (None, Some(Withheld::Stratified(_))) => "less error than can be told".to_string(),
        (None, _) => "too few runs lie beyond it to tell".to_string(),
    }
}

/// As the table of results shows probabilities.
fn share_row(name: String, share: f64, interval: Interval) -> Vec<String> {
    let chance = Chance { value: share, low: interval.low, high: interval.high };
    let range = chance.range_text(" – ", Words::of(Language::English));
    vec![name, plain(&chance.value_text()), plain(&range)]
}

/// An object with the cells by name: for programs.
pub fn answers_json(answers: &[Answer], facts: &RunFacts) -> String {
    let cells = answers.iter().map(|answer| (answer.cell.clone(), answer_json(answer, facts.convention)));
    let mut root = Map::new();
    root.insert("scenario".into(), json!(facts.scenario));
    root.insert("hash".into(), json!(facts.hash));
    root.insert("runs".into(), json!(facts.runs));
    root.insert("seed".into(), json!(facts.seed));
    if facts.runs < facts.asked {
        root.insert("partial".into(), json!({ "runs_asked": facts.asked }));
    }
    if facts.convention == Convention::Exceedance {
        root.insert("percentile_convention".into(), json!("exceedance"));
    }
    root.insert("cells".into(), Value::Object(cells.collect()));
    let mut text = serde_json::to_string_pretty(&Value::Object(root)).unwrap_or_default();
    text.push('\n');
    text
}

fn answer_json(answer: &Answer, convention: Convention) -> Value {
    let interval = |interval: Option<Interval>| interval.map_or(Value::Null, |i| json!([i.low, i.high]));
    let shares = |shares: &[Share]| -> Value {
        let one = |s: &Share| {
            (s.bound.to_string(), json!({ "probability": s.share, "confidence": interval(Some(s.interval)) }))
        };
        Value::Object(shares.iter().map(one).collect())
    };
    let s = &answer.statistics;
    let percentiles = s.percentiles.iter().map(|p| {
        let found = json!({ "value": p.value, "confidence": interval(p.interval) });
        (convention.number(p.level).to_string(), found)
    });
    let mut root = Map::new();
    root.insert("unit".into(), json!(answer.unit));
    if answer.is_truth {
        let found = json!({ "value": s.mean, "confidence": interval(s.mean_interval) });
        root.insert("probability".into(), found);
    }
    root.insert("percentiles".into(), Value::Object(percentiles.collect()));
    root.insert("below".into(), shares(&answer.below));
    root.insert("above".into(), shares(&answer.above));
    root.insert("non_finite".into(), json!(s.non_finite.count));
    Value::Object(root)
}
