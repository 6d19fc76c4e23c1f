//! The files that follow from the tally.

use std::path::Path;

use super::checks::Checks;
use crate::analysis::Summary;
use crate::cli::Failure;
use crate::cli::compare::{json_differences, line_difference};
use crate::cli::results::{BANDS, SUMMARY};
use crate::report;
use crate::scenario::read_plain;

/// Compares those of them that are there.
///
/// # Errors
/// When a file cannot be read.
pub fn follow(folder: &Path, summary: &Summary, checks: &mut Checks) -> Result<(), Failure> {
    let mut check = |name: &str, expected: &[u8], differences: &dyn Fn(&[u8]) -> String| {
        let path = folder.join(name);
        match read_plain(&path) {
            Ok(found) if found == expected => checks.pass(name, "as it follows from the tally"),
            Ok(found) => checks.fail(name, &differences(&found)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::reading(&path, error)),
        }
        Ok(())
    };
    let json = report::summary_json(summary).into_bytes();
    check(SUMMARY, &json, &|found| json_differences(found, &json))?;
    let csv = report::bands_csv(summary).into_bytes();
    check(BANDS, &csv, &|found| line_difference(found, &csv))?;
    let drawn = report::charts(summary).map_err(|error| Failure::system(format!("cannot draw: {error}")))?;
    for chart in drawn {
        check(&chart.name, &chart.bytes, &|_| "another picture than the tally gives".into())?;
    }
    Ok(())
}
