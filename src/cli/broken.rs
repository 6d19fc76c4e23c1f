//! When riskband itself is wrong: a panic in any thread, an abort, memory that is refused.
//!
//! A panic is told as one line with its place. Where somebody waits for the thread, the panic comes to whoever knows what
//! is lost, and at last to [`caught`]; a thread that nobody waits for has a name, and its panic ends the program at once.
//! Memory that the system refuses and a stack that overflows end in SIGABRT, told by the standard library.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

use super::Failure;
use crate::peers::THREAD;

/// Says what becomes of panics and signals that end the program; to be called once, at its start.
///
/// # Errors
/// When the system refuses.
pub fn prepare() -> Result<(), Failure> {
    std::panic::set_hook(Box::new(tell));
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGABRT, SIGXFSZ};
        use std::sync::Arc;
        use std::sync::atomic::AtomicBool;

        let refused = |error: std::io::Error| Failure::system(format!("cannot listen for signals: {error}"));
        let always = Arc::new(AtomicBool::new(true));
        let code = i32::from(Failure::SYSTEM);
        signal_hook::flag::register_conditional_shutdown(SIGABRT, code, always).map_err(refused)?;
        // A file that may not grow is an error of the write then, and not the end of the program.
        signal_hook::flag::register(SIGXFSZ, Arc::default()).map_err(refused)?;
    }
    Ok(())
}

/// Does something; a panic in it becomes a failure.
///
/// # Errors
/// What `work` says, or that it panicked.
pub fn caught<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(broke_off("what was being done is lost; files that were written are whole")))
}

/// Does something; `None` where it panics, which has been told then.
pub fn survived<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// The failure after a panic that has been told, with what is lost.
pub fn broke_off(lost: &str) -> Failure {
    Failure::system(format!("riskband broke off by a mistake of its own, told above: {lost}"))
}

fn tell(panic: &PanicHookInfo<'_>) {
    // Of other people's code: whoever asked it says so.
    if std::thread::current().name() == Some(THREAD) {
        return;
    }
    let place = panic.location().map_or(String::new(), |place| format!(" ({place})"));
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "internal error: {}{place}", message(panic.payload()));
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        let _ = writeln!(stderr, "{trace}");
    }
    drop(stderr);
    if std::thread::current().name().is_some_and(|name| name != "main") {
        std::process::exit(Failure::SYSTEM.into());
    }
}

fn message(payload: &(dyn Any + Send)) -> &str {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "a panic without a message",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_failure_of_the_system() {
        let failure = caught::<()>(|| panic!("on purpose")).unwrap_err();
        assert_eq!(failure.code, 4);
        assert!(failure.to_string().contains("a mistake of its own"), "{failure}");
        assert_eq!(caught(|| Ok(3)).unwrap(), 3);
        assert_eq!(survived(|| -> u8 { panic!("on purpose") }), None);
    }
}
