//! Percentiles and tail means asked for on the command line, in place of the scenario's.

use std::path::Path;

use clap::Args;
use serde_json::Value;

use super::Failure;
use super::results::MANIFEST;
use crate::scenario::{
    AskedLevels, Convention, MOST_LEVELS, Percent, Scenario, WrongLevel, levels, read_plain,
};

/// What is read off the runs; it changes none of them.
#[derive(Clone, Debug, Default, PartialEq, Args)]
pub struct LevelArgs {
    /// Percentiles to report, in %, instead of the scenario's own, e.g. --percentiles 5,50,99.5.
    #[arg(long, value_name = "LEVELS", value_delimiter = ',', value_parser = level)]
    pub percentiles: Vec<f64>,
    /// Tail means to report, in %: below 50 of as large a share of the lowest values, from 50 on of those above the
    /// percentile.
    #[arg(long, value_name = "LEVELS", value_delimiter = ',', value_parser = level)]
    pub tail_means: Vec<f64>,
}

impl LevelArgs {
    /// Makes them those of every output.
    ///
    /// # Errors
    /// When a level is given twice, or too many are.
    pub fn apply(&self, scenario: &mut Scenario) -> Result<(), Failure> {
        let asked =
            AskedLevels { percentiles: self.percentiles.clone(), tail_means: self.tail_means.clone() };
        for (option, numbers) in [("--percentiles", &self.percentiles), ("--tail-means", &self.tail_means)] {
            if numbers.len() > MOST_LEVELS {
                return Err(Failure::usage(format!("`{option}` takes at most {MOST_LEVELS} levels")));
            }
            if let Err(wrong) = levels(numbers, scenario.convention) {
                let (WrongLevel::Outside(place) | WrongLevel::Again(place, _)) = wrong[0];
                return Err(Failure::usage(format!("`{option}` names the level {} twice", numbers[place])));
            }
        }
        scenario.ask(asked);
        Ok(())
    }

    /// As they are typed.
    pub fn words(&self) -> Vec<String> {
        let lists = [("--percentiles", &self.percentiles), ("--tail-means", &self.tail_means)];
        let given = lists.into_iter().filter(|(_, numbers)| !numbers.is_empty());
        let joined = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
        given.flat_map(|(option, numbers)| [option.to_string(), joined(numbers)]).collect()
    }

    /// Those that the results in a folder were asked for, by their manifest.
    pub fn recorded(folder: &Path) -> LevelArgs {
        let bytes = read_plain(&folder.join(MANIFEST)).unwrap_or_default();
        LevelArgs::of_manifest(&serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Those that a manifest names; none where it names none that could have been asked for.
    fn of_manifest(manifest: &Value) -> LevelArgs {
        let list = |key: &str| {
            let numbers = manifest.get(key).and_then(Value::as_array).into_iter().flatten();
            let numbers: Vec<f64> = numbers.filter_map(Value::as_f64).collect();
            match levels(&numbers, Convention::default()) {
                Ok(_) => numbers,
                Err(_) => Vec::new(),
            }
        };
        LevelArgs { percentiles: list("percentiles"), tail_means: list("tail_means") }
    }

    /// The lists of a manifest that are not what a run writes.
    pub fn unreadable(manifest: &Value) -> impl Iterator<Item = &'static str> {
        let LevelArgs { percentiles, tail_means } = LevelArgs::of_manifest(manifest);
        let is_read = |key: &str, levels: &[f64]| {
            let numbers = manifest.get(key).and_then(Value::as_array);
            numbers
                .is_some_and(|numbers| numbers.iter().map(Value::as_f64).eq(levels.iter().copied().map(Some)))
        };
        let wrong = [
            ("percentiles", is_read("percentiles", &percentiles)),
            ("tail_means", is_read("tail_means", &tail_means)),
        ];
        wrong.into_iter().filter(|(_, is_read)| !is_read).map(|(key, _)| key)
    }
}

/// A level as it is typed.
pub fn level(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok().filter(|&number| Percent::new(number).is_some());
    number
        .ok_or_else(|| "write levels in %, above 0 and below 100, with commas between them: 5,50,99.5".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_numbers_between_0_and_100() {
        assert_eq!(["5", " 99.5", "1e-3"].map(level), [Ok(5.0), Ok(99.5), Ok(0.001)]);
        assert!(["0", "100", "-1", "P90", "", "nan", "5%"].iter().all(|text| level(text).is_err()));
    }

    #[test]
    fn what_is_typed_is_what_a_manifest_names() {
        let args = LevelArgs { percentiles: vec![50.0, 99.5], tail_means: Vec::new() };
        assert_eq!(args.words(), ["--percentiles", "50,99.5"]);
        let manifest = serde_json::json!({ "percentiles": [50, 99.5], "tail_means": [5, 5] });
        assert_eq!(LevelArgs::of_manifest(&manifest), args);
        assert_eq!(LevelArgs::of_manifest(&Value::Null), LevelArgs::default());
    }
}
