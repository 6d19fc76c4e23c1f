//! What is typed behind an argument: numbers as people write them, and names.

use std::time::Duration;

use crate::diagnostic::{grouped, nearest};
use crate::distribution::FAMILIES;
use crate::scenario::{
    DIST_WORDS, FUNCTIONS, OTHER_FUNCTIONS, OTHER_LAWS, OtherWord, PROCESSES, whole_number,
};
use crate::tally::MOST_RUNS;

/// Most tasks: as many shards as there may be. A cluster allows fewer in an array, `MaxArraySize`, often 1,000.
const MOST_TASKS: u64 = 1_000_000;

/// A whole number, with `_` or as 1e6.
///
/// # Errors
/// What to write instead.
pub fn count_or_zero(text: &str) -> Result<u64, String> {
    let plain = text.replace('_', "");
    if let Ok(number) = plain.parse::<u64>() {
        return Ok(number);
    }
    if let Some((whole, thousands)) = plain.split_once('.')
        && thousands.len() == 3
        && whole.parse::<u64>().is_ok()
        && thousands.parse::<u64>().is_ok()
    {
        return Err(format!("a point begins a fraction: write {whole}_{thousands} for thousands"));
    }
    match plain.parse::<f64>() {
        Ok(number) if (0.0..=9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0 => {
            Ok(number as u64)
        }
        _ => Err(match whole_number(text.trim()) {
            Some(meant) => format!("write {meant}"),
            None => "write a whole number, e.g. 1000000, 1_000_000 or 1e6".into(),
        }),
    }
}

/// A number of runs.
///
/// # Errors
/// What to write instead.
pub fn count(text: &str) -> Result<u64, String> {
    if text.replace('_', "").parse::<f64>().is_ok_and(|number| number > MOST_RUNS as f64) {
        return Err(format!("at most 1e14 runs; {text} was asked for"));
    }
    match count_or_zero(text)? {
        0 => Err("at least 1 run is needed".into()),
        number => Ok(number),
    }
}

/// A number.
///
/// # Errors
/// What to write instead.
pub fn value(text: &str) -> Result<f64, String> {
    let number = text.trim().replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| "write numbers with a point, and commas between them: 19.67,20".into())
}

/// A share in (0, 1], as `0.1%` or `0.001`.
///
/// # Errors
/// What to write instead.
pub fn share(text: &str) -> Result<f64, String> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse::<f64>(),
    };
    match number {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("write a share above 0 and up to 100%, e.g. 0.1% or 0.001".into()),
    }
}

/// A duration in seconds.
///
/// # Errors
/// What to write instead.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse::<f64>().ok().filter(|number| *number >= 0.0);
    let duration = number.and_then(|number| Duration::try_from_secs_f64(number).ok());
    // Far beyond any run, and an instant so far away can still be told.
    let most = Duration::from_secs(1 << 32);
    duration.map(|duration| duration.min(most)).ok_or("write a number of seconds, e.g. 60 or 0.5".into())
}

/// A number of threads.
///
/// # Errors
/// What to write instead.
pub fn threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(number @ 1..=4096) => Ok(number),
        _ => Err("write a number of threads from 1 to 4096".into()),
    }
}

/// A number of tasks of an array.
///
/// # Errors
/// What to write instead.
pub fn tasks(text: &str) -> Result<u64, String> {
    match text.parse::<u64>() {
        Ok(number @ 1..=MOST_TASKS) => Ok(number),
        _ => Err(format!("write a number of tasks from 1 to {}", grouped(MOST_TASKS))),
    }
}

/// An amount of memory as Slurm writes it.
///
/// # Errors
/// What to write instead.
pub fn memory(text: &str) -> Result<String, String> {
    let digits = text.strip_suffix(['K', 'M', 'G', 'T']).unwrap_or(text);
    let number = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if number && !digits.starts_with('0') {
        return Ok(text.into());
    }
    Err("write a whole number with K, M, G or T behind it, e.g. 4G or 500M".into())
}

/// A name for Slurm.
///
/// # Errors
/// What to write instead.
pub fn name_of_slurm(text: &str) -> Result<String, String> {
    if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("write a name without spaces".into());
    }
    Ok(text.into())
}

/// The name of a family, a process or another word of `dist` texts.
///
/// # Errors
/// What to write instead.
pub fn distribution(typed: &str) -> Result<String, String> {
    let processes = PROCESSES.iter().map(|process| process.entry.name);
    let words = DIST_WORDS.iter().map(|word| word.name);
    let names: Vec<&str> = FAMILIES.iter().map(|family| family.name).chain(processes).chain(words).collect();
    if names.contains(&typed) {
        return Ok(typed.to_string());
    }
    Err(if FUNCTIONS.iter().any(|function| function.name == typed) {
        format!("it is a function of formulas: riskband functions {typed}")
    } else {
        unknown(typed, &names, OTHER_LAWS, "riskband distributions lists them all")
    })
}

/// The name of a function.
///
/// # Errors
/// What to write instead.
pub fn function(typed: &str) -> Result<String, String> {
    let names: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
    match names.contains(&typed) {
        true => Ok(typed.to_string()),
        false => Err(unknown(typed, &names, OTHER_FUNCTIONS, "riskband functions lists them all")),
    }
}

/// What may have been meant by a word that is not among `names`.
fn unknown(typed: &str, names: &[&str], others: &[OtherWord], all: &str) -> String {
    let other = others.iter().find(|row| row.words.iter().any(|word| word.eq_ignore_ascii_case(typed)));
    match (other, nearest(typed, names.iter().copied())) {
        (Some(row), _) => format!("a word of {}; here: {}", row.tool, row.general()),
        (None, Some(near)) => format!("did you mean {near}?"),
        (None, None) => all.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_written_as_people_write_them() {
        assert_eq!(count("1e7"), Ok(10_000_000));
        assert_eq!(count("10_000_000"), Ok(10_000_000));
        assert_eq!(count("2.5e3"), Ok(2500));
        assert!(
            count("0").is_err() && count("1.5").is_err() && count("-1").is_err() && count("1e16").is_err()
        );
        assert!(count("1e16").unwrap_err().starts_with("at most 1e14 runs"));
        for (typed, meant) in
            [("10.000", "10_000"), ("10k", "10_000"), ("1,000", "1_000"), ("1 million", "1_000_000")]
        {
            assert!(count(typed).unwrap_err().contains(meant), "{typed}");
        }
        assert!(distribution("lognormall").unwrap_err().contains("lognormal"));
        assert!(distribution("RiskPert").unwrap_err().contains("pert(min, most_likely, max)"));
        assert!(distribution("if").unwrap_err().contains("riskband functions if"));
        assert!(function("AVERAGE").unwrap_err().contains("(a + b) / 2"));
        assert_eq!(count_or_zero("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(seconds("0.05"), Ok(Duration::from_millis(50)));
        assert_eq!(seconds("0"), Ok(Duration::ZERO));
        assert!(seconds("1e300").is_err() && seconds("-1").is_err());
        assert!(seconds("nan").is_err() && seconds("inf").is_err() && seconds("").is_err());
    }
}
