//! `bands.csv`: one row a cell and statistic, tidy.

use crate::analysis::{Interval, Summary};

/// Header `output,member,year,unit,statistic,value,low,high`; low and high are the 95 % confidence interval where
/// there is one. Several members are joined by ` / `.
pub fn bands_csv(summary: &Summary) -> String {
    let mut text = String::from("output,member,year,unit,statistic,value,low,high\n");
    let convention = summary.facts.convention;
    for output in &summary.outputs {
        for cell in &output.cells {
            let place = [
                quoted(&output.name),
                quoted(&cell.members.join(" / ")),
                cell.year.map_or(String::new(), |year| year.to_string()),
                quoted(output.unit.as_deref().unwrap_or("")),
            ]
            .join(",");
            let mut row = |statistic: &str, value: Option<f64>, interval: Option<Interval>| {
                let show = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
                let (low, high) = (interval.map(|i| i.low), interval.map(|i| i.high));
                text.push_str(&format!("{place},{statistic},{},{},{}\n", show(value), show(low), show(high)));
            };
            let s = &cell.statistics;
            row("mean", s.mean, s.mean_interval);
            row("sd", s.sd, s.sd_interval);
            row("skewness", s.skewness, None);
            row("kurtosis", s.excess_kurtosis, None);
            row("min", s.min, None);
            for p in &s.percentiles {
                row(&format!("p{}", convention.number(p.level)), Some(p.value), p.interval);
            }
            row("max", s.max, None);
            for mean in &s.tail_means {
                row(&format!("tail_mean_{}", mean.name(convention)), Some(mean.value), mean.interval);
            }
            row("non_finite", Some(s.non_finite.count as f64), None);
        }
    }
    text
}

/// A text as a field: quotes doubled, the field quoted where it must be (RFC 4180), and an apostrophe before what a
/// spreadsheet would run.
///
/// - Source: OWASP, CSV Injection.
fn quoted(field: &str) -> String {
    // The letters of full width are taken for the plain ones by spreadsheets of East Asia.
    const RUNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let guard = if field.trim_start_matches(' ').starts_with(RUNS) { "'" } else { "" };
    if field.contains([',', ';', '"', '\n', '\r', '\t']) {
        format!("\"{guard}{}\"", field.replace('"', "\"\""))
    } else {
        format!("{guard}{field}")
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_spreadsheet_would_run_is_a_text() {
        for (field, expected) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1+1", "' =1+1"),
            ("＝1＋1", "'＝1＋1"),
            ("=1,2", "\"'=1,2\""),
            ("c\rr", "\"c\rr\""),
            ("\tx", "\"'\tx\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("a - b", "a - b"),
            ("USD bn", "USD bn"),
            ("", ""),
        ] {
            assert_eq!(quoted(field), expected, "{field:?}");
        }
    }
}
