//! What is drawn in every run: the input elements that matter, their laws and their dependence.

use std::fmt;

use super::choice::Choice;
use super::compound::Compound;
use super::rank_table::RankTable;
use super::row_order::RowOrder;
use super::sampler::Sampler;
use crate::distribution::{Composition, Family, Law, ParameterError, truncate};
use crate::sampling::{
    Archimedean, Coordinate, Denominator, Design, Frailty, Nested, Tied, Together, Weights,
};
use crate::scenario::{InputElement, LawSpec, Movement};
use crate::tally::RankBins;

/// One input element that is drawn in every run.
#[derive(Clone, Debug)]
pub struct Draw {
    pub element: InputElement,
    /// E.g. `impact[approvals]`.
    pub name: String,
    pub coordinate: Coordinate,
    pub law: DrawLaw,
    /// Place in [`super::Program::groups`] and among the members of the group.
    pub group: Option<(usize, usize)>,
    /// For a draw of rows of a table, whose position does not order their values.
    pub order: Option<RowOrder>,
    /// For a draw whose position does not order its values and that a tornado conditions on.
    pub ranks: Option<RankTable>,
}

/// The law of a draw.
#[derive(Clone, Debug)]
pub enum DrawLaw {
    /// The same in every run.
    Fixed { law: Law, sampler: Sampler },
    /// Its parameters change from run to run.
    Drawn(LawShape),
    /// The sum of a random number of severities.
    Compound(Box<Compound>),
    /// One of several, as another draw says.
    Chosen(Choice),
}

/// How to build a law from a flat list of parameter values.
#[derive(Clone, Debug)]
pub enum LawShape {
    Family { build: fn(&[f64]) -> Result<Law, ParameterError>, arguments: usize },
    Given(Law),
    Truncate { base: Box<LawShape>, min: bool, max: bool },
    Move { base: Box<LawShape>, movement: Movement },
    Compose { composition: Composition, laws: Vec<LawShape>, numbers: usize },
}

/// Why a scenario does not compile.
#[derive(Clone, Debug, PartialEq)]
pub enum CompileError {
    /// The fixed parameters of a law are outside their domain.
    Law { input: String, error: ParameterError },
    /// Two input elements hash to the same stream of draws.
    SameKey { first: String, second: String },
    /// A design has fewer dimensions than the scenario has coordinates.
    Dimensions { most: usize, found: usize },
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Law { input, error } => write!(f, "the law of `{input}` cannot be built: {error}"),
            CompileError::SameKey { first, second } => {
                write!(f, "`{first}` and `{second}` would get the same draws: rename one or change the seed")
            }
            CompileError::Dimensions { most, found } => {
                write!(
                    f,
                    "a Sobol' sequence has {most} dimensions and this scenario needs {found}: use `--design lhs`"
                )
            }
        }
    }
}

impl std::error::Error for CompileError {}

/// A copula group: coordinates of all its members and what ties them.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub coordinates: Vec<Coordinate>,
    pub tie: GroupTie,
}

/// What ties the members of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupTie {
    /// How their normal scores are made; of a t copula what makes them t scores.
    Scores {
        weights: Weights,
        denominator: Option<Denominator>,
    },
    Archimedean(Archimedean),
    /// With what all members share, drawn from two coordinates.
    Frailty {
        copula: Archimedean,
        shared: [Coordinate; 2],
    },
}

impl Group {
    /// Whether two of its members are tied to each other, if not by others.
    pub fn ties(&self, one: usize, other: usize) -> bool {
        match &self.tie {
            GroupTie::Scores { weights, denominator } => denominator.is_some() || weights.tie(one, other),
            GroupTie::Archimedean(_) | GroupTie::Frailty { .. } => true,
        }
    }

    /// Room for the positions of its members in `runs` runs.
    pub fn together(&self, design: Design, runs: usize) -> Together {
        match &self.tie {
            GroupTie::Scores { weights, denominator } => {
                let tied = Tied::new(&self.coordinates, weights, *denominator, design, runs);
                Together::Scores(Box::new(tied))
            }
            GroupTie::Archimedean(copula) => {
                Together::Nested(Nested::new(&self.coordinates, *copula, design, runs))
            }
            GroupTie::Frailty { copula, shared } => {
                let frailty = Frailty::new(&self.coordinates, *shared, *copula, design, runs);
                Together::Frailty(Box::new(frailty))
            }
        }
    }
}

impl Draw {
    /// The sampler of what a draw is ranked by: that of a column where it draws rows, else its own.
    pub fn ranked<'a>(&'a self, own: &'a Sampler) -> &'a Sampler {
        self.order.as_ref().map_or(own, |order| &order.sampler)
    }

    /// True where every run has the same value.
    pub fn is_constant(&self) -> bool {
        matches!(&self.law, DrawLaw::Fixed { law, .. } if self.order.is_none() && law.support().0 == law.support().1)
    }

    /// True where the input is known to have no value that repeats.
    pub fn is_continuous(&self) -> bool {
        match (&self.ranks, &self.law) {
            (Some(table), _) => table.is_continuous(),
            (None, DrawLaw::Fixed { law, .. }) => !law.is_discrete(),
            (None, DrawLaw::Chosen(choice)) => choice.pooled.as_ref().is_some_and(|law| !law.has_atoms()),
            (None, DrawLaw::Drawn(_) | DrawLaw::Compound(_)) => false,
        }
    }

    /// Bins of the input's rank for the tornado.
    pub fn rank_bins(&self) -> RankBins {
        match (&self.ranks, &self.law) {
            (Some(table), _) => table.bins(),
            (None, DrawLaw::Fixed { sampler, .. }) => self.ranked(sampler).rank_bins(),
            (None, DrawLaw::Drawn(_) | DrawLaw::Chosen(_) | DrawLaw::Compound(_)) => RankBins::Even,
        }
    }
}

impl LawShape {
    /// The law with these parameter values, in the order the shape was compiled from.
    ///
    /// # Errors
    /// The first parameter outside its domain.
    pub fn build(&self, values: &[f64]) -> Result<Law, ParameterError> {
        match self {
            LawShape::Family { build, .. } => build(values),
            LawShape::Given(law) => Ok(law.clone()),
            LawShape::Move { base, movement } => {
                let (inner, by) = values.split_at(base.arguments());
                movement.build(base.build(inner)?, by[0])
            }
            LawShape::Truncate { base, min, max } => {
                let (inner, bounds) = values.split_at(base.arguments());
                let mut bounds = bounds.iter().copied();
                let low = if *min { bounds.next() } else { None }.unwrap_or(f64::NEG_INFINITY);
                let high = if *max { bounds.next() } else { None }.unwrap_or(f64::INFINITY);
                truncate(base.build(inner)?, low, high)
            }
            LawShape::Compose { composition, laws, .. } => {
                let mut left = values;
                let mut built = Vec::with_capacity(laws.len());
                for law in laws {
                    let (own, rest) = left.split_at(law.arguments());
                    built.push(law.build(own)?);
                    left = rest;
                }
                composition.build(built, left)
            }
        }
    }

    /// How many values [`LawShape::build`] takes.
    pub fn arguments(&self) -> usize {
        match self {
            LawShape::Family { arguments, .. } => *arguments,
            LawShape::Given(_) => 0,
            LawShape::Move { base, .. } => base.arguments() + 1,
            LawShape::Compose { laws, numbers, .. } => {
                laws.iter().map(LawShape::arguments).sum::<usize>() + numbers
            }
            LawShape::Truncate { base, min, max } => base.arguments() + usize::from(*min) + usize::from(*max),
        }
    }

    /// The shape of a specification.
    pub fn of(spec: &LawSpec) -> LawShape {
        match spec {
            LawSpec::Family { entry, form, arguments } => {
                LawShape::Family { build: entry.forms[*form].build, arguments: arguments.len() }
            }
            LawSpec::Given(law) => LawShape::Given(law.clone()),
            LawSpec::Move { base, movement, .. } => {
                LawShape::Move { base: Box::new(LawShape::of(base)), movement: *movement }
            }
            LawSpec::Compose { composition, laws, numbers } => LawShape::Compose {
                composition: *composition,
                laws: laws.iter().map(LawShape::of).collect(),
                numbers: numbers.len(),
            },
            LawSpec::Truncate { base, min, max } => LawShape::Truncate {
                base: Box::new(LawShape::of(base)),
                min: min.is_some(),
                max: max.is_some(),
            },
        }
    }
}
