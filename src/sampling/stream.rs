//! The words of one coordinate, laid out by the design.

use super::Key;
use super::ars::{LANES, continued, fill_words, fill_words_of};
use super::hypercube::Hypercube;
use super::sobol::Net;
use crate::math::continued_tail;

/// Lanes that [`Stream::fill_of`] may be asked for.
pub const MOST_LANES: usize = 512;

/// Where the positions of an input element come from, run by run.
#[derive(Clone, Debug)]
pub struct Stream {
    key: Key,
    layout: Layout,
}

/// What the design makes of a coordinate.
#[derive(Clone, Debug)]
pub(super) enum Layout {
    /// A position of its own in every run.
    Independent,
    Hypercube(Hypercube),
    Net(Box<Net>),
}

impl Stream {
    pub(super) fn new(key: Key, layout: Layout) -> Stream {
        Stream { key, layout }
    }

    /// Words of runs `first_run`, `first_run` + 1, …: u as a fraction of 2³², rounded down.
    ///
    /// `first_run` and the length of `words` are multiples of [`LANES`]. Runs that the design does not have get
    /// words that mean nothing.
    pub fn fill(&self, first_run: u64, words: &mut [u32]) {
        match &self.layout {
            Layout::Independent => fill_words(self.key, first_run, words),
            Layout::Hypercube(hypercube) => {
                fill_words(self.key, first_run, words);
                hypercube.place(first_run, words);
            }
            Layout::Net(net) => net.fill(first_run, words),
        }
    }

    /// Words of the runs `first_run` + lane for a list of lanes below [`MOST_LANES`].
    pub fn fill_of(&self, first_run: u64, lanes: &[u32], words: &mut [u32]) {
        if let Layout::Independent = self.layout {
            return fill_words_of(self.key, first_run, lanes, words);
        }
        let Some(last) = lanes.iter().max() else { return };
        let mut all = [0; MOST_LANES];
        let all = &mut all[..(*last as usize + 1).next_multiple_of(LANES)];
        self.fill(first_run, all);
        words.iter_mut().zip(lanes).for_each(|(word, &lane)| *word = all[lane as usize]);
    }

    /// The signed tail of a run whose word lies far out, with all digits of f64.
    pub fn far_tail(&self, word: u32, run: u64) -> f64 {
        let bits = continued(self.key, run);
        match &self.layout {
            Layout::Independent | Layout::Net(_) => continued_tail(word, bits),
            Layout::Hypercube(hypercube) => hypercube.far_tail(run, word, bits),
        }
    }
}

impl From<Key> for Stream {
    fn from(key: Key) -> Stream {
        Stream::new(key, Layout::Independent)
    }
}
