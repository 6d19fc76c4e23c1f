//! The table of charts: one row each, read by the report, the help and the documentation.

/// One row of [`CHARTS`].
#[derive(Debug)]
pub struct ChartEntry {
    pub name: &'static str,
    /// First part of the picture's file name.
    pub file: &'static str,
    /// For which outputs it is drawn.
    pub applies: &'static str,
    /// What it shows.
    pub shows: &'static str,
}

/// Every chart, in the order of a report.
pub static CHARTS: &[ChartEntry] = &[
    ChartEntry {
        name: "fan",
        file: "bands",
        applies: "an output over years; one panel for each member of its other axis",
        shows: "bands P5–P95, P10–P90 and P25–P75, or of the percentiles asked for, by year, the median, the base year and \
                the reference value",
    },
    ChartEntry {
        name: "histogram",
        file: "histogram",
        applies: "an output without years that takes many values; one panel for each member of its axes",
        shows: "share of runs by value, values that many runs share as spikes, the cumulative share, the mean, P10, P50 and \
                P90 or the percentiles asked for, and the reference value",
    },
    ChartEntry {
        name: "discrete",
        file: "discrete",
        applies: "an output without years that takes at most about 60 values; one panel for each member of its axes",
        shows: "share of runs at each value, and the mean",
    },
    ChartEntry {
        name: "probability",
        file: "probability",
        applies: "an output that is 0 or 1 in each run",
        shows: "its probability with the interval: in words, as a line over the years, or as bars of the members",
    },
    ChartEntry {
        name: "tornado",
        file: "tornado",
        applies: "any single cell of an output for which a tornado is asked",
        shows: "mean of the output where an input is in its lowest and in its highest tenth, by size of the swing",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_chart_is_described() {
        for (i, chart) in CHARTS.iter().enumerate() {
            assert!(CHARTS[..i].iter().all(|c| c.name != chart.name && c.file != chart.file));
            assert!(!chart.applies.is_empty() && !chart.shows.is_empty());
        }
    }
}
