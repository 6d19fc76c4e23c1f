//! The `riskband` program: parses arguments, dispatches, turns the outcome into an exit code.

use std::process::ExitCode;

use clap::Parser;
use riskband::cli::{Cli, dispatch};

fn main() -> ExitCode {
    match dispatch(&Cli::parse()) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(failure) => {
            if !failure.is_broken_pipe() {
                eprintln!("error: {failure}");
            }
            ExitCode::from(failure.code)
        }
    }
}
