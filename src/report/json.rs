//! `summary.json`: the contract of the design, full precision, keys in the order of the scenario.

use std::io;

use serde_json::{Map, Value, json};

use crate::analysis::{CellSummary, Interval, OutputSummary, Percentile, Repaired, Summary, Tornado};
use crate::engine::TiedPair;
use crate::sampling::Design;
use crate::scenario::Convention;

/// The text of `summary.json`: a function of scenario, seed, design and runs alone.
pub fn summary_json(summary: &Summary) -> String {
    let facts = &summary.facts;
    let mut root = Map::new();
    root.insert("scenario".into(), json!(facts.scenario));
    root.insert("title".into(), json!(facts.title));
    root.insert("hash".into(), json!(facts.hash));
    root.insert("version".into(), json!(facts.version));
    root.insert("runs".into(), json!(facts.runs));
    root.insert("seed".into(), json!(facts.seed));
    if facts.design != Design::MonteCarlo {
        root.insert("design".into(), json!(facts.design.name()));
        root.insert("replicates".into(), json!(facts.replicates));
    }
    if facts.runs < facts.asked {
        let ranges: Vec<[u64; 2]> = facts.computed.ranges().iter().map(|r| [r.start, r.end]).collect();
        root.insert("partial".into(), json!({ "runs_asked": facts.asked, "computed": ranges }));
    }
    let about =
        summary.outputs.iter().map(|output| (output.name.clone(), about_json(output, facts.convention)));
    root.insert("about".into(), Value::Object(about.collect()));
    let outputs =
        summary.outputs.iter().map(|output| (output.name.clone(), output_json(output, facts.convention)));
    root.insert("outputs".into(), Value::Object(outputs.collect()));
    let tornados = summary.tornados.iter().map(|tornado| (tornado.cell.clone(), tornado_json(tornado)));
    root.insert("tornado".into(), Value::Object(tornados.collect()));
    if !summary.refused.is_empty() {
        let refused = summary
            .refused
            .iter()
            .map(|r| (r.input.clone(), json!({ "runs": r.count, "first_run": r.first_run })));
        root.insert("refused_parameters".into(), Value::Object(refused.collect()));
    }
    if !summary.repaired.is_empty() {
        root.insert("repaired_correlations".into(), summary.repaired.iter().map(repaired_json).collect());
    }
    if !summary.missed.is_empty() {
        root.insert("missed_correlations".into(), summary.missed.iter().map(missed_json).collect());
    }
    text_of(&Value::Object(root))
}

/// The text of a value. Its length is counted before: of many cells a text that grows takes twice its room on the way.
fn text_of(value: &Value) -> String {
    let mut length = Length(1);
    let counted = serde_json::to_writer_pretty(&mut length, value);
    let mut text = Vec::with_capacity(length.0);
    let written = counted.and_then(|()| serde_json::to_writer_pretty(&mut text, value));
    text.push(b'\n');
    written.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
}

/// Counts what is written.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Matrices as rows.
fn repaired_json(group: &Repaired) -> Value {
    let rows = |matrix: &[f64]| matrix.chunks(group.elements.len()).map(|row| json!(row)).collect::<Value>();
    json!({ "between": group.elements, "asked": rows(&group.asked), "used": rows(&group.used) })
}

/// Spearman's coefficient of a tied pair, as asked and as reached in the runs of the pilot.
fn missed_json(pair: &TiedPair) -> Value {
    let reached = pair.achieved.map(|achieved| (achieved.spearman, achieved.error)).unzip();
    json!({ "between": pair.names, "asked": pair.asked, "reached": reached.0, "reached_error": reached.1 })
}

/// What is said of an output, apart from its cells: no member of an axis can take its place.
fn about_json(output: &OutputSummary, convention: Convention) -> Value {
    let mut root = Map::new();
    root.insert("label".into(), json!(output.label));
    root.insert("unit".into(), json!(output.unit));
    if output.is_truth {
        root.insert("probability".into(), json!(true));
    }
    if convention == Convention::Exceedance {
        root.insert("percentile_convention".into(), json!("exceedance"));
    }
    let mut axes = output.axes.clone();
    axes.extend(output.has_years.then(|| "year".to_string()));
    root.insert("axes".into(), json!(axes));
    Value::Object(root)
}

/// The cells of an output, by the members of its axes in their declared order, the year last; `value` where there are
/// none. Nothing else stands among them, so that a member may have any name.
fn output_json(output: &OutputSummary, convention: Convention) -> Value {
    let mut root = Map::new();
    for cell in &output.cells {
        let mut place = &mut root;
        for member in &cell.members {
            place = match place.entry(member.clone()).or_insert_with(|| Value::Object(Map::new())) {
                Value::Object(map) => map,
                _ => return Value::Null,
            };
        }
        let figures = cell_json(cell, convention);
        if let Some(year) = cell.year {
            place.insert(year.to_string(), figures);
        } else if cell.members.is_empty() {
            place.insert("value".into(), figures);
        } else if let Value::Object(map) = figures {
            place.extend(map);
        }
    }
    Value::Object(root)
}

/// `null` for what does not exist or is not finite.
fn number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |value| json!(value))
}

fn interval(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |i| json!([i.low, i.high]))
}

fn cell_json(cell: &CellSummary, convention: Convention) -> Value {
    let s = &cell.statistics;
    let number_of = |p: &Percentile| convention.number(p.level).to_string();
    let values = s.percentiles.iter().map(|p| (number_of(p), json!(p.value)));
    let tail_means = s.tail_means.iter().map(|mean| (mean.name(convention), json!(mean.value)));
    let mut confidence = Map::new();
    confidence.insert("mean".into(), interval(s.mean_interval));
    confidence.insert("sd".into(), interval(s.sd_interval));
    for p in &s.percentiles {
        confidence.insert(number_of(p), interval(p.interval));
    }
    for mean in &s.tail_means {
        confidence.insert(format!("tail_mean_{}", mean.name(convention)), interval(mean.interval));
    }
    let mut root = Map::new();
    root.insert("mean".into(), number(s.mean));
    root.insert("sd".into(), number(s.sd));
    root.insert("skewness".into(), number(s.skewness));
    root.insert("kurtosis".into(), number(s.excess_kurtosis));
    root.insert("min".into(), number(s.min));
    root.insert("max".into(), number(s.max));
    root.insert("percentiles".into(), Value::Object(values.collect()));
    root.insert("confidence".into(), Value::Object(confidence));
    root.insert("tail_mean".into(), Value::Object(tail_means.collect()));
    root.insert("non_finite".into(), json!(s.non_finite.count));
    if let Some(run) = s.non_finite.first_run {
        root.insert("first_non_finite_run".into(), json!(run));
    }
    if s.is_unstable() {
        root.insert("unstable".into(), json!(true));
    }
    Value::Object(root)
}

/// A row is by reach; `null` for a figure that does not exist or cannot be known.
fn tornado_json(tornado: &Tornado) -> Value {
    let rows = tornado.rows.iter().map(|row| {
        let mut fields = json!({
            "input": row.input,
            "label": row.label,
            "group": row.group,
            "unit": row.unit,
            "spearman": row.spearman,
            "spearman_error": row.spearman_error,
            "first_order": row.first_order,
            "first_order_error": row.first_order_error,
            "reach": row.reach,
            "reach_error": row.reach_error,
            "low_mean": row.low_mean,
            "low_error": row.low_error,
            "high_mean": row.high_mean,
            "high_error": row.high_error,
            "low_value": row.low_value,
            "high_value": row.high_value,
            "swing": row.swing,
            "swing_error": row.swing_error,
            "classes": match (row.of.is_empty(), row.by_value) {
                (false, _) => "event",
                (true, true) => "values",
                (true, false) => "tenths",
            },
            "class_means": row.class_means,
        });
        if let Some(fields) = fields.as_object_mut() {
            if !row.of.is_empty() {
                fields.insert("of".into(), json!(row.of));
            }
            if row.share_is_withheld {
                fields.insert("first_order_withheld".into(), json!("a few runs carry the variance"));
            }
            for (name, value) in [("low_to", row.low_to), ("high_from", row.high_from)] {
                if let Some(value) = value {
                    fields.insert(name.into(), json!(value));
                }
            }
            if !row.tied_to.is_empty() {
                fields.insert("tied_to".into(), json!(row.tied_to));
            }
            if !row.has_path {
                fields.insert("no_path".into(), json!(true));
            }
        }
        fields
    });
    Value::Array(rows.collect())
}
