//! How a family is described to the solver.

use super::Known;
use crate::distribution::{Law, Parameter, ParameterError};
use crate::math;

/// A family as X = location + scale · Z, Z a law of shapes alone.
#[derive(Debug)]
pub struct Solvable {
    /// The parameters that `build` takes, in its order, and what each says of location, scale and shapes.
    pub parameters: &'static [(Parameter, Role)],
    /// Whether location and scale are free; one that is not is 0 or 1.
    pub location: bool,
    /// See `location`.
    pub scale: bool,
    /// The shapes, in the order in which roles and `mode` count them.
    pub shapes: &'static [Shape],
    /// The statistics that may be given, percentiles apart.
    pub statistics: &'static [Known],
    /// Whether percentiles may be given: those of a discrete law fix nothing.
    pub percentiles: bool,
    /// Parameters that `min` and `max` are other names of.
    pub bounds: [Option<usize>; 2],
    /// Most likely value of Z for the shapes; `None` where there is none, or not one.
    pub mode: fn(&[f64]) -> Option<f64>,
    /// The law of the parameters.
    pub build: fn(&[f64]) -> Result<Law, ParameterError>,
}

/// What a parameter is.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// The shape of this place.
    Shape(usize),
    /// x · location + y · scale, where (x, y) depends on the shapes.
    Linear(fn(&[f64]) -> (f64, f64)),
    /// ln scale.
    LogScale,
}

/// A shape and where it is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// First and last coordinate of the search; where two laws fit, the one met first is taken.
    pub search: (f64, f64),
    /// From the coordinate to the shape.
    pub map: Map,
}

/// From a coordinate of the search to a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Map {
    /// exp t, for shapes above 0.
    Exp,
    /// sinh t, for shapes of both signs; those nearest to 0 are met first.
    Sinh,
    /// 1 / (1 + exp(−t)), for probabilities.
    Odds,
    /// t itself.
    Linear,
    /// Not looked for: the parameter must be given.
    Given,
}

impl Shape {
    /// The shape at coordinate `t`.
    pub fn at(&self, t: f64) -> f64 {
        match self.map {
            Map::Exp => math::exp(t),
            Map::Sinh => libm::sinh(t),
            Map::Odds => 1.0 / (1.0 + math::exp(-t)),
            Map::Linear | Map::Given => t,
        }
    }
}

impl Solvable {
    /// What a name stands for; `level` is that of a percentile's name.
    pub fn known(&self, name: &str, level: Option<f64>) -> Option<Known> {
        if let Some(level) = level {
            let middle = if level == 0.5 { Known::Median } else { Known::Percentile(level) };
            return self.percentiles.then_some(middle);
        }
        if let Some(index) = self.parameters.iter().position(|(parameter, _)| parameter.name == name) {
            return Some(Known::Parameter(index));
        }
        match (Known::named(name)?, self.bounds) {
            (Known::Min, [Some(least), _]) => Some(Known::Parameter(least)),
            (Known::Max, [_, Some(greatest)]) => Some(Known::Parameter(greatest)),
            (Known::Median, _) => self.percentiles.then_some(Known::Median),
            (known, _) => self.statistics.contains(&known).then_some(known),
        }
    }

    /// Names that may be given, in the order of help, percentiles apart.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.parameters.iter().map(|(parameter, _)| parameter.name).collect();
        for name in ["mean", "sd", "cv", "median", "mode", "min", "max"] {
            if !names.contains(&name) && self.known(name, None).is_some() {
                names.push(name);
            }
        }
        names
    }

    /// Least and greatest number of things that must be known.
    pub fn count(&self) -> (usize, usize) {
        let required = self.parameters.iter().filter(|(parameter, _)| parameter.default.is_none());
        (required.count(), self.parameters.len())
    }

    /// The parameters that nothing else can stand for.
    pub fn indispensable(&self) -> impl Iterator<Item = usize> {
        let given = |role: &Role| matches!(role, Role::Shape(i) if self.shapes[*i].map == Map::Given);
        self.parameters.iter().enumerate().filter(move |(_, (_, role))| given(role)).map(|(index, _)| index)
    }
}
