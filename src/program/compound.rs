//! Sums of a random number of severities: every run draws its count, then each of its events from a stream of its own.
//!
//! - Formula: S = A(Σ_{k<N} L(X_k)), N by the quantile function of the count at the input's own position, X_k by that of
//!   the severity at the position of event k of the run, L and A the layers an event and the year pay. The sum is taken
//!   in the order of the events.
//! - Source: Klugman, Panjer & Willmot (2012), Loss Models, 4th ed., chapter 9 (the model) and section 20.3 (its
//!   simulation).

use super::draw::LawShape;
use super::rank_table::RankTable;
use super::sampler::Sampler;
use crate::distribution::{Family, Law, Layer, MOST_EVENTS, ParameterError, compound_moments};
use crate::math::{lower_of, upper_of};
use crate::sampling::{Key, Positions, fill_events};
use crate::scenario::CompoundSpec;

/// Number of the event whose word places a sum between two of the pilot.
const PLACE: u32 = u32::MAX;

/// Events that are drawn together.
const BATCH: usize = 512;

/// The law of a sum.
#[derive(Clone, Debug)]
pub struct Compound {
    count: Part,
    severity: Part,
    /// Which of the four numbers of the two layers are given: retention and limit an event, then of the sum.
    given: [bool; 4],
    /// The layers, where their numbers are the same in every run.
    layers: Option<[Option<Layer>; 2]>,
}

/// One of the two laws of a sum.
#[derive(Clone, Debug)]
enum Part {
    /// The same in every run; of this many arguments.
    Fixed { law: Law, sampler: Sampler, arguments: usize },
    /// Its parameters change from run to run.
    Drawn(LawShape),
}

impl Part {
    /// From the values of the arguments, `None` where one of them changes.
    fn new(shape: LawShape, values: &[Option<f64>]) -> Result<Part, ParameterError> {
        match values.iter().copied().collect::<Option<Vec<f64>>>() {
            Some(fixed) => {
                let law = shape.build(&fixed)?;
                Ok(Part::Fixed { sampler: Sampler::new(&law), law, arguments: fixed.len() })
            }
            None => Ok(Part::Drawn(shape)),
        }
    }

    fn arguments(&self) -> usize {
        match self {
            Part::Fixed { arguments, .. } => *arguments,
            Part::Drawn(shape) => shape.arguments(),
        }
    }

    fn name(&self) -> String {
        match self {
            Part::Fixed { sampler, .. } => sampler.name(),
            Part::Drawn(_) => "quantile function, parameters drawn".to_string(),
        }
    }
}

/// What the events of a block are drawn in; made once a thread.
#[derive(Debug)]
pub struct Events {
    counts: Vec<f64>,
    /// The layers of each run.
    layers: Vec<[Option<Layer>; 2]>,
    /// Run and number of each event of a batch, and the lane of its run.
    events: Vec<(u64, u32)>,
    lanes: Vec<u32>,
    words: Vec<u32>,
    beyond: Vec<u64>,
    values: Vec<f64>,
}

impl Events {
    /// Room for blocks of so many runs.
    pub fn new(block: usize) -> Events {
        Events {
            counts: vec![0.0; block],
            layers: vec![[None; 2]; block],
            events: Vec::with_capacity(BATCH),
            lanes: Vec::with_capacity(BATCH),
            words: vec![0; BATCH],
            beyond: vec![0; BATCH],
            values: vec![0.0; BATCH],
        }
    }

    /// Positions of the events gathered.
    fn draw(&mut self, key: Key) {
        let count = self.events.len();
        fill_events(key, &self.events, &mut self.words[..count], &mut self.beyond[..count]);
    }

    fn positions(&self) -> Positions<'_> {
        let count = self.events.len();
        Positions::of_events(&self.words[..count], &self.beyond[..count])
    }

    /// Draws the events gathered from a law that is the same in every run, and adds what is paid for them.
    fn settle(&mut self, key: Key, severity: &Sampler, sums: &mut [f64]) {
        self.draw(key);
        let count = self.events.len();
        let mut values = std::mem::take(&mut self.values);
        severity.fill(self.positions(), &mut values[..count]);
        for (&lane, &value) in self.lanes.iter().zip(&values) {
            let layer = &self.layers[lane as usize][0];
            sums[lane as usize] += layer.map_or(value, |layer| layer.pays(value));
        }
        self.values = values;
        self.events.clear();
        self.lanes.clear();
    }
}

/// The arguments of a run, gathered from the columns.
pub trait Arguments {
    /// Those from `from` on, `count` of them, of the run in a lane.
    fn of(&mut self, lane: usize, from: usize, count: usize) -> &[f64];
}

impl Compound {
    /// From a specification and the values of its arguments in the order of the specification, `None` for one
    /// that changes from run to run.
    ///
    /// # Errors
    /// The first fixed parameter outside its domain.
    pub fn new(spec: &CompoundSpec, values: &[Option<f64>]) -> Result<Compound, ParameterError> {
        let (count, severity) = (LawShape::of(&spec.count), LawShape::of(&spec.severity));
        let (first, rest) = values.split_at(count.arguments());
        let (second, rest) = rest.split_at(severity.arguments());
        let given = [0, 1, 2, 3].map(|number: usize| spec.layers[number].is_some());
        let fixed: Option<Vec<f64>> = rest.iter().copied().collect();
        let layers = fixed.map(|fixed| layers_of(given, &fixed)).transpose()?;
        Ok(Compound {
            count: Part::new(count, first)?,
            severity: Part::new(severity, second)?,
            given,
            layers,
        })
    }

    /// Values of a block of runs from `first_run` on, `positions` those of the counts; NaN in a run whose parameters are
    /// outside their domain, whose count is no whole number or above [`MOST_EVENTS`].
    pub fn fill(
        &self,
        key: Key,
        first_run: u64,
        positions: Positions<'_>,
        arguments: &mut impl Arguments,
        events: &mut Events,
        sums: &mut [f64],
    ) {
        self.fill_counts(positions, arguments, &mut events.counts);
        let of_layers = self.count.arguments() + self.severity.arguments();
        let numbers = self.given.iter().filter(|given| **given).count();
        for (lane, sum) in sums.iter_mut().enumerate() {
            let layers = match self.layers {
                Some(layers) => Some(layers),
                None => layers_of(self.given, arguments.of(lane, of_layers, numbers)).ok(),
            };
            events.layers[lane] = layers.unwrap_or([None; 2]);
            let count = events.counts[lane];
            let fits = (0.0..=MOST_EVENTS).contains(&count) && count.fract() == 0.0 && layers.is_some();
            *sum = if fits { 0.0 } else { f64::NAN };
        }
        match &self.severity {
            Part::Fixed { sampler, .. } => {
                for lane in 0..sums.len() {
                    if sums[lane].is_nan() {
                        continue;
                    }
                    for event in 0..events.counts[lane] as u32 {
                        events.events.push((first_run + lane as u64, event));
                        events.lanes.push(lane as u32);
                        if events.events.len() == BATCH {
                            events.settle(key, sampler, sums);
                        }
                    }
                }
                events.settle(key, sampler, sums);
            }
            Part::Drawn(shape) => {
                for (lane, sum) in sums.iter_mut().enumerate().filter(|(_, sum)| !sum.is_nan()) {
                    let values = arguments.of(lane, self.count.arguments(), shape.arguments());
                    match shape.build(values) {
                        Ok(law) => *sum = sum_of(&law, key, first_run + lane as u64, lane, events),
                        Err(_) => *sum = f64::NAN,
                    }
                }
            }
        }
        for (lane, sum) in sums.iter_mut().enumerate() {
            if let Some(layer) = events.layers[lane][1] {
                *sum = layer.pays(*sum);
            }
        }
    }

    /// Ranks of the sums of a block, as words, by the sums of the pilot.
    pub fn rank(
        &self,
        table: &RankTable,
        key: Key,
        first_run: u64,
        sums: &[f64],
        events: &mut Events,
        ranks: &mut [u32],
    ) {
        let lanes = (first_run..).step_by(BATCH).zip(sums.chunks(BATCH)).zip(ranks.chunks_mut(BATCH));
        for ((first_run, sums), ranks) in lanes {
            events.events.extend((first_run..).take(sums.len()).map(|run| (run, PLACE)));
            events.draw(key);
            for ((rank, &sum), &word) in ranks.iter_mut().zip(sums).zip(&events.words) {
                *rank = table.rank(sum, word);
            }
            events.events.clear();
        }
    }

    fn fill_counts(&self, positions: Positions<'_>, arguments: &mut impl Arguments, counts: &mut [f64]) {
        match &self.count {
            Part::Fixed { sampler, .. } => sampler.fill(positions, counts),
            Part::Drawn(shape) => {
                for (lane, count) in counts.iter_mut().enumerate() {
                    let tail = positions.tail(lane);
                    let law = shape.build(arguments.of(lane, 0, shape.arguments()));
                    *count = law.map_or(f64::NAN, |law| law.inverse(lower_of(tail), upper_of(tail)));
                }
            }
        }
    }

    /// Mean and variance as far as they exist, where the parameters are fixed and the sum itself has no layer; `None`
    /// where they are only known by summing.
    pub fn moments(&self) -> Option<(Option<f64>, Option<f64>)> {
        match (&self.count, &self.severity, &self.layers) {
            (Part::Fixed { law: count, .. }, Part::Fixed { law: severity, .. }, Some([layer, None])) => {
                let of_event = layer
                    .map_or_else(|| (severity.mean(), severity.variance()), |layer| layer.moments(severity));
                Some(compound_moments(count, of_event))
            }
            _ => None,
        }
    }

    /// Mean number of events, where its law is the same in every run.
    pub fn events(&self) -> Option<f64> {
        match &self.count {
            Part::Fixed { law, .. } => law.mean(),
            Part::Drawn(_) => None,
        }
    }

    /// A few words for `check --explain`.
    pub fn name(&self) -> String {
        format!("sum; count: {}; severity: {}", self.count.name(), self.severity.name())
    }
}

/// The sum of a run whose severity has a law of its own.
fn sum_of(law: &Law, key: Key, run: u64, lane: usize, events: &mut Events) -> f64 {
    let (count, layer) = (events.counts[lane] as u32, events.layers[lane][0]);
    let mut sum = 0.0;
    for first in (0..count).step_by(BATCH) {
        events.events.extend((first..count.min(first + BATCH as u32)).map(|event| (run, event)));
        events.draw(key);
        for place in 0..events.events.len() {
            let tail = events.positions().tail(place);
            let value = law.inverse(lower_of(tail), upper_of(tail));
            sum += layer.map_or(value, |layer| layer.pays(value));
        }
        events.events.clear();
    }
    sum
}

/// The layers from the numbers that are given, in their order.
fn layers_of(given: [bool; 4], values: &[f64]) -> Result<[Option<Layer>; 2], ParameterError> {
    let mut values = values.iter().copied();
    let mut next = |given: bool| if given { values.next() } else { None };
    let numbers = given.map(&mut next);
    let layer = |retention: Option<f64>, limit: Option<f64>| match (retention, limit) {
        (None, None) => Ok(None),
        _ => Layer::new(retention, limit).map(Some),
    };
    Ok([layer(numbers[0], numbers[1])?, layer(numbers[2], numbers[3])?])
}
