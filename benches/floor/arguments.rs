//! What the command line asks for.

/// Width of the vectors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Simd {
    Avx2,
    Avx512,
}

impl Simd {
    /// True if this processor has the instructions.
    pub fn is_present(self) -> bool {
        match self {
            Simd::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            Simd::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vbmi")
            }
        }
    }

    /// As `--simd` spells it.
    pub fn name(self) -> &'static str {
        match self {
            Simd::Avx2 => "avx2",
            Simd::Avx512 => "avx512",
        }
    }
}

#[derive(Debug)]
pub struct Args {
    /// `None` where the command line leaves it open.
    pub runs: Option<usize>,
    /// 0 for as many as there are processors.
    pub threads: usize,
    pub seed: u64,
    pub simd: Option<Simd>,
    /// Named filters, as cargo hands them to every bench; run only when one fits.
    pub filters: Vec<String>,
}

/// Reads `--runs`, `--threads`, `--seed` and `--simd`; numbers may be written `1e7` or `10_000_000`.
pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Args, String> {
    let mut parsed = Args { runs: None, threads: 0, seed: 1, simd: None, filters: Vec::new() };
    while let Some(arg) = args.next() {
        let mut text = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--runs" => parsed.runs = Some(number(&arg, &text()?)? as usize),
            "--threads" => parsed.threads = number(&arg, &text()?)? as usize,
            "--seed" => parsed.seed = number(&arg, &text()?)? as u64,
            "--simd" => {
                let name = text()?;
                let widths = [Simd::Avx2, Simd::Avx512];
                let simd = widths.into_iter().find(|simd| simd.name() == name);
                parsed.simd = Some(simd.ok_or_else(|| format!("--simd takes avx2 or avx512, not {name}"))?);
            }
            "--bench" | "--test" => {}
            flag if flag.starts_with('-') => return Err(format!("unknown flag {flag}")),
            filter => parsed.filters.push(filter.to_string()),
        }
    }
    match parsed.runs {
        Some(runs) if runs < 1_000 => {
            Err("--runs must be at least 1000: fewer leave bins and deciles empty".into())
        }
        _ => Ok(parsed),
    }
}

fn number(flag: &str, text: &str) -> Result<f64, String> {
    let value: f64 = text.replace('_', "").parse().map_err(|_| format!("{text} is not a number"))?;
    if value >= 0.0 && value.fract() == 0.0 && value <= u32::MAX as f64 {
        Ok(value)
    } else {
        Err(format!("{flag} takes a whole number up to {}, not {text}", u32::MAX))
    }
}
