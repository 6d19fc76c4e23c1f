//! What other programs, books and languages call the parameters of a law.

/// A parameter, and its other names without blanks, `_` and capitals. Of several that a family knows, the first one counts.
const WORDS: &[(&str, &[&str])] = &[
    ("rate", &["lambda", "λ", "intensity", "hazard"]),
    ("shape", &["alpha", "α", "k", "c", "a", "shape1", "theta", "form"]),
    ("scale", &["beta", "β", "theta", "θ", "lambda", "λ", "sigma", "σ", "s", "b"]),
    ("location", &["loc", "mu", "μ", "mean", "x0", "position", "place"]),
    ("least", &["min", "minimum", "scale", "xm", "theta", "location", "least"]),
    ("df", &["nu", "ν", "dof", "degrees", "degreesoffreedom", "v", "n", "freedom"]),
    ("alpha", &["shape1", "alpha1", "a", "α", "α1", "p"]),
    ("beta", &["shape2", "alpha2", "b", "β", "α2", "q"]),
    (
        "p",
        &[
            "prob",
            "probability",
            "chance",
            "pr",
            "rate",
            "success",
            "likelihood",
            "q",
            "wahrscheinlichkeit",
            "확률",
        ],
    ),
    ("n", &["trials", "size", "count", "number", "draws", "attempts"]),
    (
        "mean",
        &[
            "mu",
            "μ",
            "m",
            "average",
            "avg",
            "ave",
            "expected",
            "expectation",
            "expectedvalue",
            "ev",
            "loc",
            "location",
            "lambda",
            "λ",
            "center",
            "centre",
            "mittelwert",
            "erwartungswert",
            "moyenne",
            "media",
            "평균",
        ],
    ),
    (
        "sd",
        &[
            "std",
            "stdev",
            "stddev",
            "stdv",
            "sdev",
            "standarddeviation",
            "standarddev",
            "deviation",
            "sigma",
            "σ",
            "s",
            "scale",
            "spread",
            "stabw",
            "stdabw",
            "standardabweichung",
            "ecarttype",
            "écarttype",
            "desviacion",
            "desviación",
            "표준편차",
        ],
    ),
    ("cv", &["coefficientofvariation", "cov", "relsd", "rsd"]),
    ("median", &["med", "middle", "mid", "p50", "중앙값"]),
    (
        "mode",
        &[
            "likely",
            "mostlikely",
            "ml",
            "likeliest",
            "bestguess",
            "base",
            "basecase",
            "peak",
            "central",
            "c",
            "m",
            "middle",
            "mid",
            "modus",
            "최빈값",
        ],
    ),
    (
        "a",
        &[
            "min",
            "minimum",
            "low",
            "lower",
            "lo",
            "least",
            "lowest",
            "smallest",
            "left",
            "from",
            "start",
            "optimistic",
            "best",
            "bestcase",
            "lowerbound",
            "l",
            "최소",
            "최솟값",
        ],
    ),
    (
        "b",
        &[
            "max",
            "maximum",
            "high",
            "upper",
            "hi",
            "most",
            "highest",
            "largest",
            "right",
            "to",
            "end",
            "pessimistic",
            "worst",
            "worstcase",
            "upperbound",
            "h",
            "u",
            "최대",
            "최댓값",
        ],
    ),
    ("min", &["minimum", "low", "lower", "lo", "a", "from", "left", "최소"]),
    ("max", &["maximum", "high", "upper", "hi", "b", "to", "right", "최대"]),
    ("mu", &["meanlog", "meanofln", "logmean", "m"]),
    ("sigma", &["sdlog", "sdofln", "logsd", "s", "vol", "volatility"]),
    ("by", &["amount", "factor", "times", "offset"]),
];

/// The parameter among `known` that is meant by a name, where it is not among those `taken`.
pub fn meant<'k>(typed: &str, known: &[&'k str], taken: &[&str]) -> Option<&'k str> {
    let plain = plain(typed);
    let free =
        |name: &str| known.iter().copied().find(|other| *other == name).filter(|name| !taken.contains(name));
    let of_words = || WORDS.iter().filter(|(_, words)| words.contains(&plain.as_str()));
    free(&plain).or_else(|| of_words().find_map(|(name, _)| free(name)))
}

/// The percentile that is meant by a name such as `P10`, `q10` or `p_10`.
pub fn percentile(typed: &str) -> Option<String> {
    let plain = plain(typed);
    let level = ["percentile", "perc", "pct", "p", "q"].iter().find_map(|start| plain.strip_prefix(start))?;
    let number: f64 = level.parse().ok().filter(|_| level.starts_with(|c: char| c.is_ascii_digit()))?;
    (0.0 < number && number < 100.0).then(|| format!("p{number}"))
}

fn plain(typed: &str) -> String {
    typed.to_lowercase().replace(['_', ' ', '-'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_elsewhere_are_told_by_what_a_family_knows() {
        let normal = ["mean", "sd", "cv", "median", "mode"];
        for (typed, name) in
            [("stdev", "sd"), ("Std_Dev", "sd"), ("σ", "sd"), ("mu", "mean"), ("평균", "mean")]
        {
            assert_eq!(meant(typed, &normal, &[]), Some(name), "{typed}");
        }
        assert_eq!(meant("mu", &normal, &["mean"]), None);
        assert_eq!(meant("lambda", &["mean", "rate", "sd"], &[]), Some("rate"));
        assert_eq!(meant("lambda", &["mean", "sd", "cv"], &[]), Some("mean"));
        assert_eq!(meant("alpha", &["shape", "scale"], &[]), Some("shape"));
        assert_eq!(meant("most_likely", &["a", "mode", "b", "min", "max"], &[]), Some("mode"));
        assert_eq!(meant("colour", &normal, &[]), None);
        assert_eq!(percentile("Q97.5").as_deref(), Some("p97.5"));
        assert_eq!(percentile("price"), None);
    }
}
