//! A mistake of riskband itself: whatever thread it happens in, the program tells the place and ends with exit code 4.
//!
//! No command is known to panic, so the test starts itself again: the process does what `main` does, with work that panics
//! in place of a command.

mod common;

use std::process::{Command, Output, exit};
use std::thread::Builder;
use std::time::Duration;

use common::program::{assert_exit, stderr};
use riskband::cli::{Exit, Ui, caught, prepare};
use riskband::peers::{Unanswered, asked};

const WHERE: &str = "RISKBAND_TEST_PANIC";

/// The process that is started: nothing where nobody started it.
#[test]
fn as_main_does() {
    let Ok(place) = std::env::var(WHERE) else { return };
    // A thread without a name, as the one of `main` is for riskband; that of a test has one.
    let ended = std::thread::spawn(move || {
        prepare().and_then(|()| {
            caught(|| {
                work(&place);
                Ok(Exit::Done)
            })
        })
    });
    exit(Ui::new(false).exit(ended.join().unwrap()).into());
}

fn broken_code() {
    panic!("on purpose");
}

fn work(place: &str) {
    match place {
        "pool" => drop(common::pool().broadcast(|_| broken_code())),
        "watched" => std::thread::scope(|scope| drop(scope.spawn(broken_code))),
        // Its error is looked at by nobody.
        "unwatched" => drop(Builder::new().name("helper".into()).spawn(broken_code).unwrap().join()),
        "peer" => assert_eq!(asked(Duration::from_secs(60), broken_code), Err(Unanswered::Panicked)),
        _ => {}
    }
}

fn broken(place: &str) -> Output {
    let program = std::env::current_exe().unwrap();
    Command::new(program).args(["--exact", "as_main_does", "--nocapture"]).env(WHERE, place).output().unwrap()
}

#[test]
fn a_panic_of_a_worker_ends_the_program_with_its_place_and_what_is_lost() {
    for place in ["pool", "watched"] {
        let output = broken(place);
        assert_exit(&output, 4);
        let text = stderr(&output);
        assert!(text.contains("internal error: on purpose (tests/panics.rs:"), "{text}");
        let lost = "error: riskband broke off by a mistake of its own, told above: what was being done is lost; files that \
                    were written are whole";
        assert!(text.contains(lost), "{text}");
    }
}

#[test]
fn a_panic_of_a_thread_that_nobody_waits_for_ends_the_program_at_once() {
    let output = broken("unwatched");
    assert_exit(&output, 4);
    assert!(stderr(&output).contains("internal error: on purpose (tests/panics.rs:"), "{}", stderr(&output));
}

#[test]
fn a_panic_of_other_peoples_code_is_an_answer_and_no_mistake_of_riskband() {
    let output = broken("peer");
    assert_exit(&output, 0);
    assert!(!stderr(&output).contains("on purpose"), "{}", stderr(&output));
}

#[test]
fn without_a_panic_it_ends_as_the_command_does() {
    assert_exit(&broken("nowhere"), 0);
}
