//! The law that has everything that is known of it.

use super::bounds::{inside, one_value};
use super::equation::{Equation, Given, Unit, independent, location_and_scale, parameters};
use super::refusals::refusal;
use super::search::{Answer, Found, POINTS, search};
use super::solvable::{Map, Role};
use super::{Known, Solvable};
use crate::distribution::{Constant, Family, Law, ParameterError};

/// What a law found may be off by from what it was to have, relative to the value or to the width of the law.
const TOLERANCE: f64 = 1e-11;
/// Points of the outer and of the inner search where two shapes are open.
const NESTED: (usize, usize) = (48, 24);
/// How much finer one open shape is searched for once more where no law was found.
const AGAIN: usize = 4;

/// The law of `family` with what `arguments` say: pairs of [`Known::code`] and value.
///
/// - Method: location and scale are eliminated by as many equations as there are of them. An open shape is searched
///   for along its whole range (`search`) until the next thing known has its value; a second open shape is searched
///   for inside, for every point of the first; where that fails, the other way round. Where two laws fit, the one met
///   first is taken. Where a law beside the one found fits too, the figures leave it open, which is refused.
///   Bounds that are the same make a constant.
/// - Accuracy: everything known is met to a relative 1e-11, or to that share of the law's interquartile range, and to
///   the rounding of a law that lies far from 0.
///
/// # Errors
/// What cannot be, with the range in which it could; the name is that of the thing known, `pNN` for a percentile.
pub fn solve(family: &Solvable, arguments: &[f64]) -> Result<Law, ParameterError> {
    let given = read(family, arguments)?;
    sensible(family, &given)?;
    if let Some(value) = one_value(family, &given)? {
        return Constant::new(value).map(Law::from);
    }
    inside(family, &given)?;
    Problem::new(family, &given)?.solve()
}

/// The pairs, and the defaults of what is left out.
fn read(family: &Solvable, arguments: &[f64]) -> Result<Vec<Given>, ParameterError> {
    let mut given = Vec::new();
    for pair in arguments.chunks(2) {
        let known = Known::of_code(pair[0]).filter(|known| match known {
            Known::Parameter(index) => *index < family.parameters.len(),
            _ => true,
        });
        let (Some(known), Some(&value)) = (known, pair.get(1)) else {
            return Err(refusal("pNN", pair[0], "be a level between 0 and 1"));
        };
        given.push(Given { known, value, typed: true });
    }
    for (index, (parameter, _)) in family.parameters.iter().enumerate() {
        let known = Known::Parameter(index);
        if let Some(value) = parameter.default
            && given.len() < family.parameters.len()
            && given.iter().all(|given| given.known != known)
        {
            given.push(Given { known, value, typed: false });
        }
    }
    match given.len() == family.parameters.len() {
        true => Ok(given),
        false => Err(refusal("pNN", f64::NAN, "be given together with more")),
    }
}

/// Refuses what no law of any family has.
fn sensible(family: &Solvable, given: &[Given]) -> Result<(), ParameterError> {
    let refuse = |one: &Given, what: String| Err(refusal(one.known.name(family), one.value, what));
    for one in given {
        if !one.value.is_finite() {
            return refuse(one, "be a finite number".into());
        }
        if matches!(one.known, Known::Sd | Known::Cv) && one.value <= 0.0 {
            return refuse(one, "be above 0; for a fixed value write `constant(x)`".into());
        }
    }
    let mut levels: Vec<(f64, &Given)> =
        given.iter().filter_map(|one| Some((one.known.level()?, one))).collect();
    levels.sort_by(|a, b| a.0.total_cmp(&b.0));
    for pair in levels.windows(2) {
        let (lower, higher) = (pair[0].1, pair[1].1);
        if higher.value <= lower.value {
            let what = format!("be above `{}`, the lower percentile", lower.known.typed(family));
            return refuse(higher, what);
        }
    }
    Ok(())
}

/// Why there is no law to give.
enum Refused {
    /// None was found.
    Nothing(ParameterError),
    /// More than one has everything known, one beside the other.
    Open(ParameterError),
}

/// Share of a search by which another law may lie beside the one found.
const BESIDE: f64 = 1e-3;
/// To which both laws have what is known, each relative to itself: a share of the width hides what is far smaller.
const DIGITS: f64 = 1e-9;

/// True for laws that are not the same to nine digits.
fn differ(one: &Law, other: &Law) -> bool {
    let width = one.quantile(0.75) - one.quantile(0.25);
    let levels = [1e-9, 1e-6, 1e-3, 0.01, 0.1, 0.25, 0.5];
    let apart = |x: f64, y: f64| (x - y).abs() > 1e-9 * width;
    levels.iter().any(|&u| {
        apart(one.quantile(u), other.quantile(u)) || apart(one.upper_quantile(u), other.upper_quantile(u))
    }) || apart(one.support().0, other.support().0)
        || apart(one.support().1, other.support().1)
}

/// What is known, sorted by what it is for.
pub(super) struct Problem<'a> {
    pub(super) family: &'a Solvable,
    pub(super) given: &'a [Given],
    /// The shapes that are known; NaN for others.
    pub(super) shapes: Vec<f64>,
    /// Places of the others.
    pub(super) open: Vec<usize>,
    /// As many equations as location and scale need.
    pub(super) linear: Vec<Given>,
    /// One for each open shape.
    pub(super) targets: Vec<Given>,
}

impl<'a> Problem<'a> {
    fn new(family: &'a Solvable, given: &'a [Given]) -> Result<Self, ParameterError> {
        let mut shapes = vec![f64::NAN; family.shapes.len()];
        let mut equations: Vec<Given> = Vec::new();
        for one in given {
            match one.known {
                Known::Parameter(index) => match family.parameters[index].1 {
                    Role::Shape(place) => shapes[place] = one.value,
                    _ => equations.push(*one),
                },
                _ => equations.push(*one),
            }
        }
        let open: Vec<usize> = (0..shapes.len()).filter(|place| shapes[*place].is_nan()).collect();
        if let Some(place) = open.iter().find(|place| family.shapes[**place].map == Map::Given) {
            let index =
                family.parameters.iter().position(|(_, role)| matches!(role, Role::Shape(p) if p == place));
            let name = index.map_or("pNN", |index| family.parameters[index].0.name);
            return Err(refusal(name, f64::NAN, "be given"));
        }
        equations.sort_by_key(|one| rank(one.known));
        let mut problem = Problem { family, given, shapes, open, linear: Vec::new(), targets: equations };
        problem.choose_linear()?;
        Ok(problem)
    }

    /// Takes from the targets what location and scale are eliminated by: the first that fix them at any shape.
    fn choose_linear(&mut self) -> Result<(), ParameterError> {
        let needed = usize::from(self.family.location) + usize::from(self.family.scale);
        let count = self.targets.len();
        let choices: Vec<Vec<usize>> = match needed {
            0 => vec![Vec::new()],
            // The coefficient of variation says nothing of a scale without location.
            1 => (0..count).filter(|i| self.targets[*i].known != Known::Cv).map(|i| vec![i]).collect(),
            _ => (0..count).flat_map(|j| (0..j).map(move |i| vec![i, j])).collect(),
        };
        for choice in choices {
            let fixed = [0.31, 0.5, 0.64, 0.77, 0.12].iter().any(|share| {
                let mut shapes = self.shapes.clone();
                for place in &self.open {
                    let shape = &self.family.shapes[*place];
                    let (from, to) = shape.search;
                    shapes[*place] = shape.at(from + share * (to - from));
                }
                let Ok(unit) = Unit::new(self.family, &shapes) else { return false };
                let equations: Option<Vec<Equation>> =
                    choice.iter().map(|i| unit.equation(&self.targets[*i])).collect();
                equations.is_some_and(|equations| independent(self.family, &equations))
            });
            if fixed {
                for index in choice.iter().rev() {
                    self.linear.insert(0, self.targets.remove(*index));
                }
                return Ok(());
            }
        }
        Err(self.not_fixed())
    }

    fn solve(&self) -> Result<Law, ParameterError> {
        match self.open[..] {
            [] => self.without_search(),
            [one] => {
                let (target, shape) = (&self.targets[0], &self.family.shapes[one]);
                let at = |t: f64| self.with(&[(one, shape.at(t))]);
                let along = |points, thorough| {
                    self.along(one, points, thorough, target, |t| Answer::of(self.value(target, &at(t))))
                };
                let first = |found: &Found| self.first(|t| Some(at(t)), shape.search, target, found);
                first(&along(POINTS, false)).or_else(|refused| match refused {
                    Refused::Open(error) => Err(error),
                    Refused::Nothing(error) => {
                        let again = first(&along(AGAIN * POINTS, true));
                        again.map_err(|other| if let Refused::Open(open) = other { open } else { error })
                    }
                })
            }
            [one, other] => {
                let (first, second) = (&self.targets[0], &self.targets[1]);
                let refused = match self.nested((one, other), first, second) {
                    Ok(law) => return Ok(law),
                    Err(Refused::Open(open)) => return Err(open),
                    Err(Refused::Nothing(refused)) => refused,
                };
                // What is a narrow strip from one side may be a wide one from another.
                let others = [
                    ((other, one), first, second),
                    ((one, other), second, first),
                    ((other, one), second, first),
                ];
                for (order, first, second) in others {
                    match self.nested(order, first, second) {
                        Ok(law) => return Ok(law),
                        Err(Refused::Open(open)) => return Err(open),
                        Err(Refused::Nothing(_)) => {}
                    }
                }
                Err(refused)
            }
            _ => Err(refusal("pNN", f64::NAN, "be fewer: more than two shapes are open")),
        }
    }

    /// Searches along the outer of two open shapes for the target, and along the inner one, at each point of the outer,
    /// for what comes first.
    fn nested(&self, (outer, inner): (usize, usize), first: &Given, target: &Given) -> Result<Law, Refused> {
        let shapes = |t: f64| {
            let fixed = (outer, self.family.shapes[outer].at(t));
            let with = |s: f64| self.with(&[fixed, (inner, self.family.shapes[inner].at(s))]);
            let inside = |s: f64| Answer::of(self.value(first, &with(s)));
            let found = self.along(inner, NESTED.1, false, first, inside);
            found.roots.first().map(|s| with(*s)).ok_or_else(|| found.side(first.value))
        };
        let value = |t: f64| match shapes(t) {
            Ok(shapes) => Answer::of(self.value(target, &shapes)),
            Err(side) => side,
        };
        let found = self.along(outer, NESTED.0, false, target, value);
        self.first(|t| shapes(t).ok(), self.family.shapes[outer].search, target, &found)
    }

    fn along(
        &self,
        place: usize,
        points: usize,
        thorough: bool,
        target: &Given,
        value: impl FnMut(f64) -> Answer,
    ) -> Found {
        let shape = &self.family.shapes[place];
        search(value, target.value, shape.search, points, thorough, shape.map == Map::Sinh)
    }

    fn with(&self, open: &[(usize, f64)]) -> Vec<f64> {
        let mut shapes = self.shapes.clone();
        open.iter().for_each(|(place, shape)| shapes[*place] = *shape);
        shapes
    }

    /// Location and scale at these shapes; `None` where there are none.
    pub(super) fn place(&self, unit: &Unit<'_>) -> Option<(f64, f64)> {
        let equations: Option<Vec<Equation>> = self.linear.iter().map(|one| unit.equation(one)).collect();
        location_and_scale(self.family, &equations?)
    }

    /// What the target comes to at these shapes, all of `linear` met; NaN where that cannot be.
    fn value(&self, target: &Given, shapes: &[f64]) -> f64 {
        let Ok(unit) = Unit::new(self.family, shapes) else { return f64::NAN };
        let Some((location, scale)) = self.place(&unit) else { return f64::NAN };
        unit.value(target.known, location, scale)
    }

    /// The law of these shapes, if it has all that is known, to a share of its width or to nine digits of each.
    fn law(&self, shapes: &[f64], of_width: f64) -> Option<Law> {
        let unit = Unit::new(self.family, shapes).ok()?;
        let (location, scale) = self.place(&unit)?;
        let mut parameters = parameters(self.family, shapes, location, scale);
        for one in self.given {
            if let Known::Parameter(index) = one.known {
                parameters[index] = one.value;
            }
        }
        let law = (self.family.build)(&parameters).ok()?;
        let (low, high) = (law.quantile(0.25), law.quantile(0.75));
        let width = high - low;
        let rounding = 32.0 * f64::EPSILON * low.abs().max(high.abs());
        let meets = |one: &Given| {
            let got = match one.known {
                Known::Mean => law.mean(),
                Known::Sd => law.variance().map(f64::sqrt),
                Known::Cv => law.variance().and_then(|variance| Some(variance.sqrt() / law.mean()?)),
                Known::Min => Some(law.support().0),
                Known::Max => Some(law.support().1),
                Known::Median => Some(law.quantile(0.5)),
                Known::Percentile(level) => Some(law.quantile(level)),
                Known::Mode | Known::Parameter(_) => Some(unit.value(one.known, location, scale)),
            };
            let slack = match one.known {
                Known::Cv if width > 0.0 => one.value * (TOLERANCE + rounding / width),
                _ if of_width == 0.0 && one.value != 0.0 => DIGITS * one.value.abs(),
                _ => (TOLERANCE * one.value.abs()).max(of_width * width) + rounding,
            };
            got.is_some_and(|got| (got - one.value).abs() <= slack)
        };
        self.given.iter().all(meets).then_some(law)
    }

    /// The first law found where `shapes` gives those of a coordinate, or why there is none.
    fn first(
        &self,
        shapes: impl Fn(f64) -> Option<Vec<f64>>,
        (from, to): (f64, f64),
        target: &Given,
        found: &Found,
    ) -> Result<Law, Refused> {
        let flat = found.range.1 - found.range.0 <= 1e-12 * target.value.abs();
        let law_at = |t: f64| self.law(&shapes(t)?, TOLERANCE);
        let same_at = |t: f64| self.law(&shapes(t)?, 0.0);
        let first = found.roots.iter().find_map(|t| Some((*t, law_at(*t)?)));
        let Some((t, law)) = first.filter(|_| !flat) else {
            return Err(Refused::Nothing(self.nothing_found(target, found, flat)));
        };
        let step = BESIDE * (to - from);
        let beside = [t - step, t + step].into_iter().filter(|x| (from.min(to)..=from.max(to)).contains(x));
        if beside.filter_map(same_at).any(|other| differ(&law, &other)) {
            return Err(Refused::Open(self.left_open(&shapes(t).unwrap_or_default())));
        }
        Ok(law)
    }

    /// All shapes known: two equations or one are all there is.
    fn without_search(&self) -> Result<Law, ParameterError> {
        match self.law(&self.shapes, TOLERANCE) {
            Some(law) => Ok(law),
            None => Err(self.nothing_without_search(&Unit::new(self.family, &self.shapes)?)),
        }
    }
}

/// What comes first is used to eliminate location and scale; what comes last is searched for.
fn rank(known: Known) -> u32 {
    match known {
        Known::Parameter(_) | Known::Min | Known::Max => 0,
        // The outermost first.
        Known::Median | Known::Percentile(_) => {
            2000 - (2000.0 * (known.level().unwrap_or(0.5) - 0.5).abs()) as u32
        }
        Known::Mean => 2001,
        Known::Sd => 2002,
        Known::Mode => 2003,
        Known::Cv => 2004,
    }
}
