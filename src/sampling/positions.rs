//! Where the runs of a block stand in the law of one input.

use super::Stream;
use crate::math::{DEEP, continued_tail, depth_of_word, tail_of_score, tail_of_word};

/// A word a run, and what tells more about the few that stand far out in a tail.
#[derive(Clone, Copy, Debug)]
pub struct Positions<'a> {
    /// u as a fraction of 2³², rounded down.
    pub words: &'a [u32],
    source: Source<'a>,
}

/// Where the digits beyond the word come from.
#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    /// An independent input: from its stream.
    Stream { stream: &'a Stream, first_run: u64, lanes: Option<&'a [u32]> },
    /// Words that came with 64 more bits each.
    Digits(&'a [u64]),
    /// A member of a copula: from its normal scores.
    Scores(&'a [f64]),
    /// A member of a copula that gives signed tails themselves.
    Tails(&'a [f64]),
    /// Some places of other positions: from there.
    Places { whole: &'a Positions<'a>, places: &'a [u32] },
}

impl<'a> Positions<'a> {
    /// Positions of an independent input in runs `first_run`, `first_run` + 1, …
    pub fn of_stream(words: &'a [u32], stream: &'a Stream, first_run: u64) -> Positions<'a> {
        Positions { words, source: Source::Stream { stream, first_run, lanes: None } }
    }

    /// Positions of an independent input in runs `first_run` + lane, for each of `lanes`.
    pub fn of_lanes(words: &'a [u32], stream: &'a Stream, first_run: u64, lanes: &'a [u32]) -> Positions<'a> {
        Positions { words, source: Source::Stream { stream, first_run, lanes: Some(lanes) } }
    }

    /// Positions of events, with the bits that continue their words.
    pub fn of_events(words: &'a [u32], beyond: &'a [u64]) -> Positions<'a> {
        Positions { words, source: Source::Digits(beyond) }
    }

    /// Positions tied by a copula, with the normal scores they come from.
    pub fn of_scores(words: &'a [u32], scores: &'a [f64]) -> Positions<'a> {
        Positions { words, source: Source::Scores(scores) }
    }

    /// Positions tied by a copula, with the signed tails they come from.
    pub fn of_tails(words: &'a [u32], tails: &'a [f64]) -> Positions<'a> {
        Positions { words, source: Source::Tails(tails) }
    }

    /// Those of `whole` at some of its places, with their words.
    pub fn of_places(words: &'a [u32], whole: &'a Positions<'a>, places: &'a [u32]) -> Positions<'a> {
        Positions { words, source: Source::Places { whole, places } }
    }

    /// Signed tail at a place of `words`, with all digits of f64 in the far tails.
    pub fn tail(&self, place: usize) -> f64 {
        let word = self.words[place];
        if depth_of_word(word) >= DEEP {
            return tail_of_word(word);
        }
        match self.source {
            Source::Stream { stream, first_run, lanes } => {
                let lane = lanes.map_or(place as u64, |lanes| u64::from(lanes[place]));
                stream.far_tail(word, first_run + lane)
            }
            Source::Digits(beyond) => continued_tail(word, beyond[place]),
            Source::Scores(scores) => tail_of_score(scores[place]),
            Source::Tails(tails) => tails[place],
            Source::Places { whole, places } => whole.tail(places[place] as usize),
        }
    }
}
