//! Questions to code of others, which may panic or never come back.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

/// Name of the threads in which others are asked: a panic in one is an answer, and no mistake of riskband.
pub const THREAD: &str = "peer";

/// What one answer may take: statrs searches some quantiles without end.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    Panicked,
    /// None within the time that was allowed.
    Late,
    /// The system gave no thread to ask in.
    NotAsked,
}

/// Asks in a thread of its own, which is left alone where it does not come back in time.
///
/// # Errors
/// Why there is no answer.
pub fn asked<T: Send + 'static>(
    patience: Duration,
    question: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Unanswered> {
    let (sender, receiver) = channel();
    let asking = Builder::new().name(THREAD.into()).spawn(move || sender.send(question()));
    if asking.is_err() {
        return Err(Unanswered::NotAsked);
    }
    receiver.recv_timeout(patience).map_err(|error| match error {
        RecvTimeoutError::Timeout => Unanswered::Late,
        RecvTimeoutError::Disconnected => Unanswered::Panicked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_and_an_endless_search_are_answers() {
        let long = Duration::from_secs(60);
        assert_eq!(asked(long, || 7), Ok(7));
        assert_eq!(asked(long, || -> u8 { panic!("on purpose") }), Err(Unanswered::Panicked));
        let asleep = || std::thread::sleep(Duration::from_secs(1));
        assert_eq!(asked(Duration::from_millis(1), asleep), Err(Unanswered::Late));
    }
}
