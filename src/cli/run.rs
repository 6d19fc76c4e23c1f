//! `riskband run`: simulate a scenario, write the results, show the table.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::args::{Format, RunArgs};
use super::{Exit, Failure, Ui};
use crate::analysis::{Summary, summarise};
use crate::engine::{self, Control, Outcome, Plan};
use crate::math::simd::Level;
use crate::report::{self, Manifest, write_whole};
use crate::sampling::Design;
use crate::scenario::Scenario;

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or written.
pub fn run(args: &RunArgs, ui: &Ui) -> Result<Exit, Failure> {
    let started = Instant::now();
    let Some(loaded) = ui.load(&args.scenario, &args.overrides)? else { return Ok(Exit::Scenario) };
    let mut scenario = loaded.scenario;
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    let runs = args.runs.unwrap_or(scenario.runs);
    let design = args.design.of(runs).map_err(Failure::usage)?;
    let folder = args.out.clone().unwrap_or_else(|| Path::new("output").join(&scenario.name));
    std::fs::create_dir_all(&folder).map_err(|error| Failure::writing(&folder, error))?;

    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .map_err(|error| Failure::system(format!("cannot start threads: {error}")))?;
    let control = Arc::new(Control::default());
    stop_on_signal(Arc::clone(&control))?;
    let (plan, outcome) = pool.install(|| -> Result<_, Failure> {
        let plan = Plan::of_design(&scenario, design).map_err(Failure::compiling)?;
        let shapes = engine::shapes(&plan.program);
        let outcome =
            with_progress(ui, runs, &control, || engine::run(&plan, &shapes, runs, &pool, &control));
        Ok((plan, outcome))
    })?;
    let simulated = started.elapsed().as_secs_f64();
    if outcome.runs == 0 {
        ui.say("interrupted before the first runs were complete; nothing was written");
        return Ok(Exit::Interrupted);
    }
    let summary = pool.install(|| summarise(&scenario, &plan, &outcome, runs));
    let manifest = Manifest {
        sources: scenario.sources.clone(),
        data: scenario.data.clone(),
        overrides: args.overrides.clone(),
        command_line: std::env::args().collect(),
        host: hostname(),
        threads: pool.current_num_threads(),
        simd: Level::current().name(),
        seconds: simulated,
    };
    pool.install(|| write(&folder, &args.format, &summary, &manifest, ui))?;
    ui.result(&report::table::results(&summary))?;
    tell(ui, &scenario, &outcome, &summary, &manifest, &folder);
    Ok(if outcome.runs < runs { Exit::Interrupted } else { Exit::Done })
}

/// The first signal ends the run cleanly; a second one ends the program at once.
fn stop_on_signal(control: Arc<Control>) -> Result<(), Failure> {
    ctrlc::set_handler(move || {
        if control.is_stopped() {
            std::process::exit(130);
        }
        control.stop();
    })
    .map_err(|error| Failure::system(format!("cannot listen for signals: {error}")))
}

/// Does the work while a bar shows rate and time left, on a terminal.
fn with_progress<T: Send>(ui: &Ui, runs: u64, control: &Control, work: impl FnOnce() -> T + Send) -> T {
    if !ui.shows_progress() {
        return work();
    }
    let bar = ProgressBar::with_draw_target(Some(runs), ProgressDrawTarget::stderr());
    let template = "{bar:30} {percent:>3} %  {human_pos} of {human_len} runs, {rate}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.with_key("rate", |state: &ProgressState, text: &mut dyn std::fmt::Write| {
            let _ = write!(text, "{:.1} million a second", state.per_sec() / 1e6);
        }));
    }
    let finished = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !finished.load(Ordering::Relaxed) {
                bar.set_position(control.completed());
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let result = work();
        finished.store(true, Ordering::Relaxed);
        result
    });
    bar.finish_and_clear();
    result
}

fn write(
    folder: &Path,
    formats: &[Format],
    summary: &Summary,
    manifest: &Manifest,
    ui: &Ui,
) -> Result<(), Failure> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    if formats.contains(&Format::Png) {
        let charts =
            report::charts(summary).map_err(|error| Failure::system(format!("cannot draw: {error}")))?;
        for chart in charts {
            chart.warnings.iter().for_each(|warning| ui.say(&format!("{}: {warning}", chart.name)));
            files.push((folder.join(chart.name), chart.bytes));
        }
    }
    if formats.contains(&Format::Csv) {
        files.push((folder.join("bands.csv"), report::bands_csv(summary).into_bytes()));
    }
    if formats.contains(&Format::Json) {
        files.push((folder.join("summary.json"), report::summary_json(summary).into_bytes()));
    }
    files.push((folder.join("manifest.json"), report::manifest_json(&summary.facts, manifest).into_bytes()));
    for (path, bytes) in files {
        write_whole(&path, &bytes).map_err(|error| Failure::writing(&path, error))?;
    }
    Ok(())
}

fn tell(
    ui: &Ui,
    scenario: &Scenario,
    outcome: &Outcome,
    summary: &Summary,
    manifest: &Manifest,
    folder: &Path,
) {
    for refused in &summary.refused {
        ui.say(&format!(
            "warning: the parameters of `{}` were outside their domain in {} of the runs, first in run {}: no value there",
            refused.input, refused.count, refused.first_run
        ));
    }
    report::dependence::repair_lines(&summary.repaired).iter().for_each(|line| ui.say(line));
    let asked = summary.facts.asked;
    if outcome.runs < asked {
        ui.say(&format!(
            "interrupted: the results hold the first {} of {asked} runs and are marked partial; this version cannot \
             resume a run, so run it again for all of them",
            outcome.runs
        ));
    }
    ui.say(&format!(
        "{}: {} runs{} in {:.2} s ({:.2} million a second) on {} thread{}; results in {}",
        scenario.name,
        outcome.runs,
        match summary.facts.design {
            Design::MonteCarlo => "",
            Design::Hypercube { .. } => " (Latin hypercube)",
            Design::Sobol { .. } => " (scrambled Sobol' points)",
        },
        manifest.seconds,
        outcome.runs as f64 / manifest.seconds / 1e6,
        manifest.threads,
        if manifest.threads == 1 { "" } else { "s" },
        folder.display()
    ));
}

fn hostname() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("HOSTNAME").ok())?;
    Some(name.trim().to_string()).filter(|name| !name.is_empty())
}
