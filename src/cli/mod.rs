//! The command line: arguments in, messages and exit codes out.
//!
//! *Takes* arguments, *gives* calls to the other rooms, results on stdout and talk on stderr, *knows nothing of*
//! mathematics. One file a subcommand.

mod advice;
mod args;
mod audit;
mod broken;
mod budget;
mod carried;
mod check;
mod compare;
mod distributions;
mod failure;
mod folder;
mod functions;
mod levels;
mod merge;
#[cfg(feature = "mpi")]
mod mpi;
mod origin;
mod percentiles;
mod place;
mod progress;
mod replay;
mod results;
mod resume;
mod run;
mod schema;
mod signals;
mod slurm;
mod status;
mod typed;
mod ui;
mod verify;
mod watch;

pub use args::{Cli, Command};
pub use broken::{caught, prepare};
pub use failure::{Exit, Failure};
pub use ui::Ui;

use std::borrow::Cow;

use clap::Parser;

use crate::diagnostic::visible;
use crate::math::simd::{Level, SWITCH};

/// The arguments of the process. Wrong ones end it with what is wrong, quoted as a terminal may show it.
pub fn arguments() -> Cli {
    Cli::try_parse().unwrap_or_else(|error| {
        let mut text = error.render().to_string();
        let help = advice::on_arguments(&error);
        if help.is_none() && matches!(visible(&text), Cow::Borrowed(_)) {
            error.exit();
        }
        if let Some(help) = help {
            text.push_str(&format!("\nhelp: {help}\n"));
        }
        Ui::new(false).error(text.trim_end());
        std::process::exit(error.exit_code());
    })
}

/// Runs the command that was asked for.
///
/// # Errors
/// [`Failure`]: the system refused something; everything else is an [`Exit`].
pub fn dispatch(cli: &Cli) -> Result<Exit, Failure> {
    check_level()?;
    match &cli.command {
        Command::Run(args) if args.mpi => by_mpi(args),
        Command::Run(args) => run::run(args, &Ui::new(args.quiet)),
        Command::Check(args) => check::check(args, &Ui::new(args.quiet)),
        Command::Distributions(args) => distributions::distributions(args, &Ui::new(false)),
        Command::Functions(args) => functions::functions(args, &Ui::new(false)),
        Command::Replay(args) => replay::replay(args, &Ui::new(args.quiet)),
        Command::Merge(args) => merge::merge(args, &Ui::new(args.quiet)),
        Command::Verify(args) => verify::verify(args, &Ui::new(args.quiet)),
        Command::Percentiles(args) => percentiles::percentiles(args, &Ui::new(args.quiet)),
        Command::Status(args) => status::status(args, &Ui::new(false)),
        Command::Slurm(args) => slurm::slurm(args, &Ui::new(args.quiet)),
        Command::Schema => schema::schema(&Ui::new(false)),
    }
}

/// A level that does not exist would be none that was measured or compared; an empty name asks for none.
fn check_level() -> Result<(), Failure> {
    match std::env::var_os(SWITCH) {
        Some(name) if !name.is_empty() && name.to_str().and_then(Level::named).is_none() => {
            Err(Failure::usage(format!(
                "{SWITCH} is set to {name:?}: it takes base, avx2 or avx512, and unset or empty it the best that the processor has"
            )))
        }
        _ => Ok(()),
    }
}

#[cfg(feature = "mpi")]
fn by_mpi(args: &args::RunArgs) -> Result<Exit, Failure> {
    mpi::run(args)
}

#[cfg(not(feature = "mpi"))]
fn by_mpi(_: &args::RunArgs) -> Result<Exit, Failure> {
    Err(Failure::usage(
        "this riskband was built without MPI; where an MPI library and libclang are installed, build it with: cargo build \
         --release --features mpi",
    ))
}
