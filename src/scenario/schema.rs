//! JSON Schema of a scenario file, for editors: keys from the tables that the reader checks against, laws from the
//! tables of families, processes and other words of a `dist` text.
//!
//! - Source: JSON Schema, draft 2020-12. TOML files are checked as the JSON they stand for.

use serde_json::{Map, Value, json};

use super::dist_words::{DIST_WORDS, all_words};
use super::fields::Keys;
use super::forms::spelled;
use super::levels::MOST_LEVELS;
use super::processes::PROCESSES;
use super::{correlations, declare, factors, outputs, settings};
use crate::distribution::FAMILIES;

/// The schema.
pub fn schema() -> Value {
    let section = |table: Value| json!({ "type": "object", "additionalProperties": table });
    let properties = json!({
        "extends": key("extends"),
        "scenario": table(&settings::KEYS),
        "axes": section(json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })),
        "constants": section(json!({ "anyOf": [{ "type": ["number", "string"] }, table(&declare::CONSTANT)] })),
        "inputs": section(table(&declare::INPUT)),
        "formulas": section(json!({ "anyOf": [{ "type": ["number", "string"] }, table(&declare::FORMULA)] })),
        "outputs": section(table(&declare::OUTPUT)),
        "correlations": { "type": "array", "items": table(&correlations::KEYS) },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "riskband scenario",
        "type": "object",
        "properties": properties,
        "anyOf": [{ "required": ["outputs"] }, { "required": ["extends"] }],
        "additionalProperties": false,
        "$defs": { "dist": dist(), "by_member": {
            "type": "object",
            "additionalProperties": { "anyOf": [{ "type": ["number", "string"] }, { "$ref": "#/$defs/by_member" }] },
        } },
    })
}

/// A table with these keys and no others.
fn table(keys: &Keys) -> Value {
    let properties: Map<String, Value> =
        keys.known.iter().map(|name| (name.to_string(), key(name))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// A `dist` text: a call of one of the laws, all of which its description lists.
fn dist() -> Value {
    let entries = FAMILIES.iter().chain(PROCESSES.iter().map(|process| &process.entry));
    let entries = entries.map(|entry| (spelled(entry, 0).trim_matches('`').to_string(), entry.summary));
    let words = DIST_WORDS.iter().map(|word| (word.spelling.to_string(), word.summary));
    let lines: Vec<String> =
        entries.chain(words).map(|(spelling, summary)| format!("{spelling}: {summary}")).collect();
    let mut names: Vec<&str> = all_words().collect();
    names.sort_unstable();
    json!({
        "type": "string",
        "pattern": format!(r"^\s*({})\s*\(", names.join("|")),
        "description": lines.join("\n"),
    })
}

/// What a key holds. A key means one kind of thing wherever it stands, but for `value`.
fn key(name: &str) -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let number = |description: &str| json!({ "type": ["number", "string"], "description": description });
    let names = |description: &str| json!({ "type": "array", "items": { "type": "string" }, "description": description });
    let levels = |description: &str, least: u64| {
        let level = json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100 });
        json!({
            "type": "array", "items": level, "minItems": least, "maxItems": MOST_LEVELS, "uniqueItems": true,
            "description": description,
        })
    };
    match name {
        "extends" => text("another scenario that this one is laid over"),
        "title" => text("heading of tables and charts"),
        "years" => json!({
            "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2,
            "description": "first and last year; the first is the base year",
        }),
        "runs" => number("number of runs"),
        "seed" => number("which draws: a whole number"),
        "language" => json!({ "enum": ["en", "ko"], "description": "words that are added to charts" }),
        "percentiles" => levels("levels in % of the percentiles that are reported", 1),
        "tail_means" => levels(
            "levels in % of the tail means that are reported: below 50 of the lowest values, from 50 on of the highest",
            0,
        ),
        "exceedance" => json!({
            "type": "boolean",
            "description": "levels count the runs above instead of those below: P90 is exceeded in 90 % of the runs",
        }),
        "tornado_inputs" => json!({
            "anyOf": [{ "enum": ["all", "static"] }, { "type": "array", "items": { "type": "string" } }],
            "description": "inputs that have a bar in the tornadoes",
        }),
        "value" => json!({
            "anyOf": [{ "type": ["number", "string"] }, { "$ref": "#/$defs/by_member" }],
            "description": "a number or a formula, or one for every member",
        }),
        "dist" => json!({
            "anyOf": [{ "$ref": "#/$defs/dist" }, { "$ref": "#/$defs/by_member" }],
            "description": "the law, or one for every member",
        }),
        "unit" => text("unit, for tables and charts"),
        "label" => text("what tables and charts call it"),
        "group" => text("inputs of one group share a colour"),
        "over" => names("axes it runs over"),
        "note" => text("a remark"),
        "source" => text("where the number is printed"),
        "derived" => text("how the number follows from printed ones"),
        "assumption" => text("why the number was chosen"),
        "formula" => number("what is computed"),
        "initial" => number("value in the base year"),
        "reference" => table(&outputs::KEYS),
        "year" => json!({ "type": "integer" }),
        "tornado" => json!({
            "anyOf": [{ "type": "boolean" }, { "type": "array", "items": { "type": "integer" } }],
            "description": "for which years a tornado is made",
        }),
        "from" => json!({ "type": "integer", "description": "first year that is reported" }),
        "persistence" => number("correlation of neighbouring years' normal scores"),
        "factor" => table(&factors::KEYS),
        "name" => text("the same for all inputs that share the factor"),
        "loading" => number("correlation of the input's normal score with the factor"),
        "between" => names("inputs, or elements of inputs"),
        "rho" => number("the copula's own correlation"),
        "spearman" => number("Spearman's rank correlation"),
        "kendall" => number("Kendall's rank correlation"),
        "tail" => number("chance that one is extreme when the other is"),
        "theta" => number("parameter of an Archimedean copula"),
        "df" => number("degrees of freedom of a t copula"),
        "copula" => json!({ "enum": ["gaussian", "t", "clayton", "frank", "gumbel"] }),
        "rotate" => {
            json!({ "type": ["integer", "string"], "description": "degrees an Archimedean copula is turned by" })
        }
        "matrix" => json!({
            "type": "array", "items": { "type": "array", "items": { "type": ["number", "string"] } },
            "description": "correlations, row by row",
        }),
        "decay" => number("correlation of neighbours along an axis, to the power of the distance"),
        "range" => number("distance at which a correlation of 1 / e is left"),
        "loadings" => json!({
            "type": "array",
            "items": {
                "anyOf": [
                    { "type": ["number", "string"] },
                    { "type": "array", "items": { "type": ["number", "string"] } },
                ],
            },
            "description": "what each element has of the common factors",
        }),
        "repair" => {
            json!({ "enum": ["nearest"], "description": "what takes the place of an impossible matrix" })
        }
        _ => Value::Bool(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    #[test]
    fn every_key_that_is_read_is_described() {
        let tables = [
            &load::KEYS,
            &settings::KEYS,
            &declare::CONSTANT,
            &declare::INPUT,
            &declare::FORMULA,
            &declare::OUTPUT,
            &outputs::KEYS,
            &factors::KEYS,
            &correlations::KEYS,
        ];
        let sections = ["scenario", "axes", "constants", "inputs", "formulas", "outputs", "correlations"];
        for name in tables.iter().flat_map(|keys| keys.known).filter(|name| !sections.contains(name)) {
            assert_ne!(key(name), Value::Bool(true), "{name}");
        }
        let schema = schema();
        for section in load::KEYS.known {
            assert!(schema["properties"].get(section).is_some(), "{section}");
        }
    }

    #[test]
    fn the_pattern_of_a_law_names_every_family() {
        let dist = dist();
        let pattern = dist["pattern"].as_str().unwrap();
        let names: Vec<&str> = pattern.split(['(', ')', '|']).collect();
        assert!(FAMILIES.iter().all(|entry| names.contains(&entry.name)), "{names:?}");
    }
}
