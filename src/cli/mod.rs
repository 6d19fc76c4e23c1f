//! The command line: arguments in, messages and exit codes out.
//!
//! *Takes* arguments, *gives* calls to the other rooms, results on stdout and talk on stderr, *knows nothing of*
//! mathematics. One file a subcommand.

mod args;
mod carried;
mod check;
mod compare;
mod distributions;
mod failure;
mod merge;
#[cfg(feature = "mpi")]
mod mpi;
mod progress;
mod replay;
mod results;
mod resume;
mod run;
mod schema;
mod signals;
mod slurm;
mod status;
mod ui;
mod verify;
mod watch;

pub use args::{Cli, Command};
pub use failure::{Exit, Failure};
pub use ui::Ui;

/// Runs the command that was asked for.
///
/// # Errors
/// [`Failure`]: the system refused something; everything else is an [`Exit`].
pub fn dispatch(cli: &Cli) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Run(args) if args.mpi => by_mpi(args),
        Command::Run(args) => run::run(args, &Ui::new(args.quiet)),
        Command::Check(args) => check::check(args, &Ui::new(args.quiet)),
        Command::Distributions(args) => distributions::distributions(args, &Ui::new(false)),
        Command::Replay(args) => replay::replay(args, &Ui::new(args.quiet)),
        Command::Merge(args) => merge::merge(args, &Ui::new(args.quiet)),
        Command::Verify(args) => verify::verify(args, &Ui::new(args.quiet)),
        Command::Status(args) => status::status(args, &Ui::new(false)),
        Command::Slurm(args) => slurm::slurm(args, &Ui::new(args.quiet)),
        Command::Schema => schema::schema(&Ui::new(false)),
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
