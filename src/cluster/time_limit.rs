//! Time limits as Slurm writes them, and when to be warned of their end.

use std::fmt;
use std::str::FromStr;

/// Forms that `--time` of Slurm takes.
const FORMS: &str = "write minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes or \
                     days-hours:minutes:seconds, e.g. 90, 2:00:00 or 1-12; leave it out for the partition's own limit";

/// Longest warning, in seconds. riskband stops within a second or so and writes a file; the rest is for slow disks.
const LONGEST_WARNING: u64 = 60;

/// A time limit of a job: the text as it was given, at least a minute long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLimit {
    text: String,
    minutes: u64,
}

impl TimeLimit {
    /// Seconds before the end at which Slurm is to send its signal: a quarter of the limit, a minute at most.
    ///
    /// Slurm looks at its clocks every 30 seconds and sends the signal up to a minute early, so a job of one minute,
    /// warned 15 seconds before its end, has between 15 and 45 of them.
    pub fn warning(&self) -> u64 {
        (self.minutes * 60 / 4).min(LONGEST_WARNING)
    }

    /// The warning where the limit is the partition's own and not known here.
    pub fn unknown_warning() -> u64 {
        LONGEST_WARNING
    }
}

impl FromStr for TimeLimit {
    type Err = String;

    /// # Errors
    /// The forms, when it has none of them; a limit of 0, which Slurm would take for none at all.
    fn from_str(text: &str) -> Result<TimeLimit, String> {
        let seconds = seconds(text).ok_or(FORMS)?;
        if seconds == 0 {
            return Err("a limit of 0 is none to Slurm: leave it out for the partition's own limit".into());
        }
        // Slurm rounds up to whole minutes.
        Ok(TimeLimit { text: text.into(), minutes: seconds.div_ceil(60) })
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Seconds of a text in one of the forms.
fn seconds(text: &str) -> Option<u64> {
    let (days, rest) = match text.split_once('-') {
        Some((days, rest)) => (Some(number(days)?), rest),
        None => (None, text),
    };
    let parts = rest.split(':').map(number).collect::<Option<Vec<u64>>>()?;
    let (hours, minutes, seconds) = match (days, parts[..].as_ref()) {
        (Some(_), &[hours]) => (hours, 0, 0),
        (Some(_), &[hours, minutes]) => (hours, minutes, 0),
        (None, &[minutes]) => (0, minutes, 0),
        (None, &[minutes, seconds]) => (0, minutes, seconds),
        (_, &[hours, minutes, seconds]) => (hours, minutes, seconds),
        _ => return None,
    };
    Some(((days.unwrap_or(0) * 24 + hours) * 60 + minutes) * 60 + seconds)
}

/// A number of up to seven digits.
fn number(text: &str) -> Option<u64> {
    let digits = (1..=7).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::TimeLimit;

    fn minutes(text: &str) -> Option<u64> {
        text.parse::<TimeLimit>().ok().map(|limit| limit.minutes)
    }

    #[test]
    fn every_form_of_slurm_is_read() {
        assert_eq!(minutes("90"), Some(90));
        assert_eq!(minutes("1:30"), Some(2));
        assert_eq!(minutes("2:00:00"), Some(120));
        assert_eq!(minutes("1-12"), Some(36 * 60));
        assert_eq!(minutes("1-0:30"), Some(24 * 60 + 30));
        assert_eq!(minutes("0-0:00:59"), Some(1));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "2h", "-5", "1:2:3:4", "1-", "1-2:3:4:5", " 5", "5 ", "1.5", "12345678", "0", "0:00", "일"]
        {
            assert!(text.parse::<TimeLimit>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_warning_leaves_time_to_work() {
        let warning = |text: &str| text.parse::<TimeLimit>().unwrap().warning();
        assert_eq!([warning("1"), warning("2"), warning("4"), warning("2:00:00")], [15, 30, 60, 60]);
    }
}
