//! Every argument of every subcommand; help texts are their doc comments.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::levels::{LevelArgs, level};
use super::typed::{
    count, count_or_zero, distribution, function, memory, name_of_slurm, seconds, share, tasks, threads,
    value,
};
use crate::cluster::{Shard, TimeLimit};
use crate::diagnostic::grouped;
use crate::sampling::{Design, MOST_DESIGNED_RUNS};

/// Monte Carlo risk simulator: a scenario file in; percentile bands, tornado charts and figures with their errors out.
#[derive(Debug, Parser)]
#[command(name = "riskband", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate a scenario and write bands, tornadoes and charts.
    Run(RunArgs),
    /// Check scenarios: every error and warning at once, then what they contain.
    Check(CheckArgs),
    /// List the distribution families, or show the parameters of one.
    Distributions(DistributionsArgs),
    /// List the functions of formulas, or show one.
    Functions(FunctionsArgs),
    /// Show every input, formula and output of one run.
    Replay(ReplayArgs),
    /// Put the tallies of shards together into one result.
    Merge(MergeArgs),
    /// Compute a finished run again, or a sample of it, and compare the bits.
    Verify(VerifyArgs),
    /// Read percentiles and probabilities off a finished run, at any level, without a new run.
    Percentiles(PercentilesArgs),
    /// Show how far the shards of a simulation are.
    Status(StatusArgs),
    /// Write the job files that simulate a scenario on a Slurm cluster.
    Slurm(SlurmArgs),
    /// Print the JSON Schema of scenario files, for editors that complete and check them.
    Schema,
}

/// Arguments of `riskband run`.
#[derive(Debug, Args)]
#[command(after_help = "Example: riskband run scenarios/cell-gene-2031.toml --runs 1e7 --out output/market")]
pub struct RunArgs {
    /// Scenario file (TOML).
    pub scenario: PathBuf,
    /// Number of runs, instead of the scenario's own (1e7 and 10_000_000 both work).
    #[arg(long, value_name = "N", value_parser = count)]
    pub runs: Option<u64>,
    /// Seed, instead of the scenario's own.
    #[arg(long, value_name = "N", value_parser = count_or_zero)]
    pub seed: Option<u64>,
    /// Threads; all processors when left out. The results are the same for any number.
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
    /// How the runs cover the possibilities: mc (independent), lhs (Latin hypercube) or sobol (scrambled Sobol' points).
    #[arg(long, value_enum, default_value_t = DesignName::Mc, value_name = "DESIGN")]
    pub design: DesignName,
    /// Folder for the results [default: output/<name of the scenario file>, with @ and what --set, --seed and --design change].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Which files to write beside manifest.json and tally.bin.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Format::Png, Format::Csv, Format::Json])]
    pub format: Vec<Format>,
    /// Change a value of the scenario, e.g. --set baseline=3.1 (may be given several times).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub overrides: Vec<String>,
    #[command(flatten)]
    pub levels: LevelArgs,
    /// Compute one part of the runs: K/N, `auto` (K and N from Slurm, PBS, LSF, SGE, MPI or Kubernetes), or auto/N.
    #[arg(long, value_name = "K/N", conflicts_with_all = ["format", "percentiles", "tail_means"])]
    pub shard: Option<ShardChoice>,
    /// Compute together with the other ranks of an MPI job; needs a riskband that was built with the feature `mpi`.
    #[arg(long, conflicts_with = "shard")]
    pub mpi: bool,
    /// Go on from what the folder holds: a checkpoint, or a finished run of fewer runs.
    #[arg(long)]
    pub resume: bool,
    /// Seconds between checkpoints, 0 for none.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub checkpoint: Duration,
    /// How progress is shown on stderr; `auto` is a bar on a terminal and a line a minute elsewhere.
    #[arg(long, value_enum, default_value_t = ProgressKind::Auto, value_name = "KIND")]
    pub progress: ProgressKind,
    /// Nothing on stderr but errors; results still go to stdout.
    #[arg(long)]
    pub quiet: bool,
}

/// Which shard is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardChoice {
    Given(Shard),
    /// From what the launcher says; of so many, where it does not say.
    Launched {
        of: Option<u64>,
    },
}

impl FromStr for ShardChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<ShardChoice, String> {
        let of = match text.strip_prefix("auto") {
            None => {
                return text
                    .parse()
                    .map(ShardChoice::Given)
                    .map_err(|error: String| format!("{error}, or auto"));
            }
            Some("") => None,
            Some(rest) => Some(rest.strip_prefix('/').and_then(|n| n.parse().ok()).filter(|&n| n > 0)),
        };
        match of {
            None => Ok(ShardChoice::Launched { of: None }),
            Some(Some(of)) => Ok(ShardChoice::Launched { of: Some(of) }),
            Some(None) => Err("write auto, or auto/N with the number of shards".into()),
        }
    }
}

/// Ways to show progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProgressKind {
    /// A bar on a terminal, a line a minute elsewhere.
    Auto,
    /// One JSON object a line, every second.
    Json,
    /// Nothing.
    None,
}

/// Sampling designs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DesignName {
    /// Monte Carlo: independent runs.
    Mc,
    /// Latin hypercube.
    Lhs,
    /// Scrambled Sobol' points.
    Sobol,
}

impl DesignName {
    /// The design of so many runs.
    ///
    /// # Errors
    /// More runs than the design can have, as a message.
    pub fn of(self, runs: u64) -> Result<Design, String> {
        let design = match self {
            DesignName::Mc => return Ok(Design::MonteCarlo),
            DesignName::Lhs => Design::Hypercube { runs },
            DesignName::Sobol => Design::Sobol { runs },
        };
        match runs {
            ..=MOST_DESIGNED_RUNS => Ok(design),
            _ => Err(format!(
                "`--design {}` takes at most {} runs, and {} are asked for: beyond, `--design mc` is as good",
                design.name(),
                grouped(MOST_DESIGNED_RUNS),
                grouped(runs)
            )),
        }
    }
}

/// Files a run can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Charts.
    Png,
    /// bands.csv.
    Csv,
    /// summary.json.
    Json,
}

/// Arguments of `riskband merge`.
#[derive(Debug, Args)]
#[command(after_help = "Example: riskband merge output/market --out output/market")]
pub struct MergeArgs {
    /// Tallies, or folders with a tally.bin or with shards.
    #[arg(required = true, value_name = "TALLY")]
    pub tallies: Vec<PathBuf>,
    /// Folder for the results.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Accept that runs are missing; the results say which part they hold.
    #[arg(long)]
    pub partial: bool,
    /// Which files to write beside manifest.json and tally.bin.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Format::Png, Format::Csv, Format::Json])]
    pub format: Vec<Format>,
    #[command(flatten)]
    pub levels: LevelArgs,
    /// Scenario file, when the data files it names are no longer where the shards found them.
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Nothing on stderr but errors; results still go to stdout.
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `riskband verify`.
#[derive(Debug, Args)]
#[command(after_help = "Example: riskband verify output/market --sample 0.1%")]
pub struct VerifyArgs {
    /// Folder of a finished run, with its tally.bin.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Share of the runs to compute again, in randomly chosen ranges; all of them when left out.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub sample: Option<f64>,
    /// Threads; all processors when left out.
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
    /// Scenario file, when the data files it names are no longer where the run found them.
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Nothing on stderr but errors; results still go to stdout.
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `riskband percentiles`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: riskband percentiles output/market --of \"market[2031]\" --at 80,99.5 --below 19.67"
)]
pub struct PercentilesArgs {
    /// Folder of a finished run, with its tally.bin.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// A cell such as "market[2031]", or an output with all its cells; all outputs when left out (may be given several
    /// times).
    #[arg(long, value_name = "CELL")]
    pub of: Vec<String>,
    /// Levels of percentiles in %, e.g. --at 80,99.5; those of the run when nothing is asked.
    #[arg(long, value_name = "LEVELS", value_delimiter = ',', value_parser = level)]
    pub at: Vec<f64>,
    /// Share of the runs with a value below, e.g. --below 19.67.
    #[arg(long, value_name = "VALUES", value_delimiter = ',', value_parser = value, allow_negative_numbers = true)]
    pub below: Vec<f64>,
    /// Share of the runs with a value above.
    #[arg(long, value_name = "VALUES", value_delimiter = ',', value_parser = value, allow_negative_numbers = true)]
    pub above: Vec<f64>,
    /// One JSON object instead of tables, at full precision.
    #[arg(long)]
    pub json: bool,
    /// Scenario file, when the data files it names are no longer where the run found them.
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// No talk on stderr; results still go to stdout.
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `riskband status`.
#[derive(Debug, Args)]
#[command(after_help = "Example: riskband status output/market")]
pub struct StatusArgs {
    /// Folder of a simulation, its shards in `shards/`.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Arguments of `riskband check`.
#[derive(Debug, Args)]
#[command(after_help = "Example: riskband check scenarios/cell-gene-2031.toml --explain")]
pub struct CheckArgs {
    /// Scenario files (TOML).
    #[arg(required = true)]
    pub scenarios: Vec<PathBuf>,
    /// Print the compiled program too.
    #[arg(long)]
    pub explain: bool,
    /// Compare every law with the same law of statrs and rand_distr, two libraries by others, and draws with their law.
    #[arg(long)]
    pub audit: bool,
    /// Change a value of the scenario, e.g. --set baseline=3.1 (may be given several times).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub overrides: Vec<String>,
    /// Nothing on stderr but errors.
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `riskband distributions`.
#[derive(Debug, Args)]
#[command(after_help = "Example: riskband distributions lognormal")]
pub struct DistributionsArgs {
    /// Name of a family, a process or another word that makes a draw.
    #[arg(value_parser = distribution)]
    pub name: Option<String>,
}

/// Arguments of `riskband functions`.
#[derive(Debug, Args)]
#[command(after_help = "Example: riskband functions npv")]
pub struct FunctionsArgs {
    /// Name of a function.
    #[arg(value_parser = function)]
    pub name: Option<String>,
}

/// Arguments of `riskband replay`.
#[derive(Debug, Args)]
#[command(after_help = "Example: riskband replay scenarios/cell-gene-2031.toml --run 4391207")]
pub struct ReplayArgs {
    /// Scenario file (TOML).
    pub scenario: PathBuf,
    /// Number of the run, counted from 0.
    #[arg(long, value_name = "N", value_parser = count_or_zero)]
    pub run: u64,
    /// The design of the run it belongs to.
    #[arg(long, value_enum, default_value_t = DesignName::Mc, value_name = "DESIGN")]
    pub design: DesignName,
    /// Number of runs of that design, instead of the scenario's own; Monte Carlo does not depend on it.
    #[arg(long, value_name = "N", value_parser = count)]
    pub runs: Option<u64>,
    /// Seed, instead of the scenario's own.
    #[arg(long, value_name = "N", value_parser = count_or_zero)]
    pub seed: Option<u64>,
    /// Change a value of the scenario, e.g. --set baseline=3.1 (may be given several times).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub overrides: Vec<String>,
    /// Nothing on stderr but errors; results still go to stdout.
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `riskband slurm`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: riskband slurm scenarios/cell-gene-2031.toml --runs 1e11 --array 64 --time 2:00:00"
)]
pub struct SlurmArgs {
    /// Scenario file (TOML).
    pub scenario: PathBuf,
    /// Number of tasks, each of which makes one shard; with --mpi, of ranks.
    #[arg(long, value_name = "N", value_parser = tasks)]
    pub array: u64,
    /// Time limit of a task, as Slurm writes it (90, 2:00:00, 1-12); a task that reaches it is queued again and goes on.
    #[arg(long, value_name = "TIME")]
    pub time: Option<TimeLimit>,
    /// Memory of a task, or of each node with --mpi, as Slurm writes it (4G, 500M).
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub mem: Option<String>,
    /// Partition of the cluster.
    #[arg(long, value_name = "NAME", value_parser = name_of_slurm)]
    pub partition: Option<String>,
    /// Account that pays for the job.
    #[arg(long, value_name = "NAME", value_parser = name_of_slurm)]
    pub account: Option<String>,
    /// Processors of a task, and threads of riskband in it.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = threads)]
    pub cpus: usize,
    /// One job of MPI ranks instead of an array and a merge.
    #[arg(long)]
    pub mpi: bool,
    /// Number of runs of all tasks together, instead of the scenario's own.
    #[arg(long, value_name = "N", value_parser = count)]
    pub runs: Option<u64>,
    /// Seed, instead of the scenario's own.
    #[arg(long, value_name = "N", value_parser = count_or_zero)]
    pub seed: Option<u64>,
    /// How the runs cover the possibilities: mc, lhs or sobol.
    #[arg(long, value_enum, default_value_t = DesignName::Mc, value_name = "DESIGN")]
    pub design: DesignName,
    /// Folder for job files, logs and results; every node must see it [default: output/<name of the scenario file>].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Which files the results have beside manifest.json [default: png,csv,json].
    #[arg(long, value_enum, value_delimiter = ',')]
    pub format: Vec<Format>,
    #[command(flatten)]
    pub levels: LevelArgs,
    /// Change a value of the scenario, e.g. --set baseline=3.1 (may be given several times).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub overrides: Vec<String>,
    /// Nothing on stderr but errors; results still go to stdout.
    #[arg(long)]
    pub quiet: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
