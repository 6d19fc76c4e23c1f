//! One of N parts of a simulation.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::engine::Layout;
use crate::program::BLOCK;

/// The K-th of N parts: consecutive blocks, as many as in any other part or one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// From 0.
    pub index: u64,
    pub of: u64,
}

/// Most parts.
const MOST: u64 = 1_000_000;

impl Shard {
    /// `None` unless `index` is below `of` and there are at most a million parts.
    pub fn new(index: u64, of: u64) -> Option<Shard> {
        (index < of && of <= MOST).then_some(Shard { index, of })
    }

    /// Its runs; none where there are fewer blocks than parts and this one gets no block.
    pub fn runs(&self, layout: Layout) -> Range<u64> {
        let start = |index: u64| {
            let block = u128::from(layout.blocks()) * u128::from(index) / u128::from(self.of);
            (block as u64).saturating_mul(BLOCK as u64).min(layout.runs())
        };
        start(self.index)..start(self.index + 1)
    }

    /// Name of its folder: `03-of-16`.
    pub fn folder(&self) -> String {
        let width = self.of.to_string().len();
        format!("{:0width$}-of-{}", self.index + 1, self.of)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// `K/N`, K from 1 to N.
    fn from_str(text: &str) -> Result<Shard, String> {
        let number = |text: &str| text.parse::<u64>().ok();
        let pair = text.split_once('/').and_then(|(k, n)| Some((number(k)?, number(n)?)));
        let shard = pair.and_then(|(k, n)| Shard::new(k.checked_sub(1)?, n));
        shard.ok_or_else(|| format!("write K/N, e.g. 3/16, with K from 1 to N and N at most {MOST}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Design;

    #[test]
    fn shards_part_the_runs_and_differ_by_one_block_at_most() {
        for runs in [1, 511, 512, 513, 100_000, 10_000_000] {
            for of in [1, 2, 3, 7, 64, 1000] {
                let layout = Layout::new(Design::MonteCarlo, runs);
                let parts: Vec<Range<u64>> = (0..of).map(|index| Shard { index, of }.runs(layout)).collect();
                assert_eq!((parts[0].start, parts[parts.len() - 1].end), (0, runs));
                assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
                let blocks = parts.iter().map(|part| (part.end - part.start).div_ceil(BLOCK as u64));
                let (least, most) = blocks.fold((u64::MAX, 0), |(l, m), b| (l.min(b), m.max(b)));
                assert!(most - least <= 1, "{runs} runs in {of} parts: {least} to {most} blocks");
            }
        }
    }

    #[test]
    fn the_most_runs_do_not_overflow() {
        let layout = Layout::new(Design::MonteCarlo, 1_000_000_000_000_000);
        assert_eq!(Shard { index: MOST - 1, of: MOST }.runs(layout).end, layout.runs());
    }

    #[test]
    fn shards_are_written_from_1_to_n() {
        assert_eq!("3/16".parse(), Ok(Shard { index: 2, of: 16 }));
        assert_eq!(Shard { index: 2, of: 16 }.to_string(), "3/16");
        assert_eq!(Shard { index: 2, of: 16 }.folder(), "03-of-16");
        for wrong in ["0/4", "5/4", "3", "a/4", "3/", "-1/4", "1/1000001", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
