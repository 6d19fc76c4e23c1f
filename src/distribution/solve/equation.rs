//! What is known, as equations that are linear in location and scale.

use super::solvable::Role;
use super::{Known, Solvable};
use crate::distribution::{Family, Law, ParameterError};
use crate::math;

/// Something known and its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Given {
    pub known: Known,
    pub value: f64,
    /// False for the default of a parameter.
    pub typed: bool,
}

/// x · location + y · scale = z.
#[derive(Clone, Copy, Debug)]
pub(super) struct Equation {
    pub x: f64,
    pub y: f64,
    pub z: f64,
}

/// Z, the law at location 0 and scale 1, for given shapes.
pub(super) struct Unit<'a> {
    family: &'a Solvable,
    shapes: &'a [f64],
    law: Law,
}

impl<'a> Unit<'a> {
    /// Z of these shapes.
    ///
    /// # Errors
    /// Shapes that the family refuses.
    pub fn new(family: &'a Solvable, shapes: &'a [f64]) -> Result<Self, ParameterError> {
        let law = (family.build)(&parameters(family, shapes, 0.0, 1.0))?;
        Ok(Unit { family, shapes, law })
    }

    /// The equation of what is known; `None` where the law does not have it. Shapes make no equation.
    pub fn equation(&self, given: &Given) -> Option<Equation> {
        let z = given.value;
        let place = |y: f64| y.is_finite().then_some(Equation { x: 1.0, y, z });
        let sd = || self.law.variance().map(f64::sqrt).filter(|sd| sd.is_finite());
        match given.known {
            Known::Parameter(index) => match self.family.parameters[index].1 {
                Role::Shape(_) => None,
                Role::Linear(of) => {
                    let (x, y) = of(self.shapes);
                    Some(Equation { x, y, z })
                }
                Role::LogScale => Some(Equation { x: 0.0, y: 1.0, z: math::exp(z) }),
            },
            Known::Mean => place(self.law.mean()?),
            Known::Sd => Some(Equation { x: 0.0, y: sd()?, z }),
            Known::Cv => Some(Equation { x: -z, y: sd()? - z * self.law.mean()?, z: 0.0 }),
            Known::Mode => place((self.family.mode)(self.shapes)?),
            Known::Min => place(self.law.support().0),
            Known::Max => place(self.law.support().1),
            Known::Median => place(self.law.quantile(0.5)),
            Known::Percentile(level) => place(self.law.quantile(level)),
        }
    }

    /// The value of what is known in the law of this location and scale; NaN where the law does not have it.
    pub fn value(&self, known: Known, location: f64, scale: f64) -> f64 {
        if let Known::Parameter(index) = known {
            return of_parameter(self.family.parameters[index].1, self.shapes, location, scale);
        }
        // With the value 0 the equation of a ratio loses its mean.
        if known == Known::Cv {
            return self.value(Known::Sd, location, scale) / self.value(Known::Mean, location, scale);
        }
        let equation = self.equation(&Given { known, value: 0.0, typed: false });
        equation.map_or(f64::NAN, |Equation { x, y, .. }| x * location + y * scale)
    }
}

/// Location and scale by as many equations as the family has of them; `None` where they do not fix a scale above 0.
pub(super) fn location_and_scale(family: &Solvable, equations: &[Equation]) -> Option<(f64, f64)> {
    let (location, scale) = match (family.location, family.scale, equations) {
        (false, false, []) => (0.0, 1.0),
        (false, true, [one]) => (0.0, one.z / one.y),
        (true, true, [a, b]) => {
            let determinant = a.x * b.y - a.y * b.x;
            if determinant.abs() <= 8.0 * f64::EPSILON * ((a.x * b.y).abs() + (a.y * b.x).abs()) {
                return None;
            }
            let scale = (a.x * b.z - a.z * b.x) / determinant;
            // By the equation with the larger share of the location.
            let one = if a.x.abs() >= b.x.abs() { a } else { b };
            ((one.z - one.y * scale) / one.x, scale)
        }
        _ => return None,
    };
    (location.is_finite() && scale.is_finite() && scale > 0.0).then_some((location, scale))
}

/// True where the equations can fix location and scale: their left sides differ, and of two right sides one is not 0.
pub(super) fn independent(family: &Solvable, equations: &[Equation]) -> bool {
    match (family.location, family.scale, equations) {
        (false, false, []) => true,
        (false, true, [one]) => one.y != 0.0 && one.y.is_finite(),
        (true, true, [a, b]) => {
            let (first, second) = (a.x * b.y, a.y * b.x);
            let differ = (first - second).abs() > 8.0 * f64::EPSILON * (first.abs() + second.abs());
            differ && (a.z != 0.0 || b.z != 0.0)
        }
        _ => false,
    }
}

/// The parameters of the family for shapes, location and scale.
pub(super) fn parameters(family: &Solvable, shapes: &[f64], location: f64, scale: f64) -> Vec<f64> {
    family.parameters.iter().map(|(_, role)| of_parameter(*role, shapes, location, scale)).collect()
}

fn of_parameter(role: Role, shapes: &[f64], location: f64, scale: f64) -> f64 {
    match role {
        Role::Shape(place) => shapes[place],
        Role::Linear(of) => {
            let (x, y) = of(shapes);
            x * location + y * scale
        }
        Role::LogScale => math::ln(scale),
    }
}
