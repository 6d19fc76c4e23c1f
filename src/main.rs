//! The `riskband` program: parses arguments, dispatches, turns the outcome into an exit code.

use std::process::ExitCode;

use riskband::cli::{Ui, arguments, caught, dispatch, prepare};

fn main() -> ExitCode {
    let ended = prepare().and_then(|()| caught(|| dispatch(&arguments())));
    ExitCode::from(Ui::new(false).exit(ended))
}
