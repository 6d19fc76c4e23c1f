//! Why no law has what is known: what is refused, and the range in which it could be.

use super::Known;
use super::equation::{Given, Unit};
use super::search::Found;
use super::solver::Problem;
use crate::diagnostic::figure;
use crate::distribution::ParameterError;

pub(super) fn refusal(parameter: &'static str, value: f64, requirement: impl Into<String>) -> ParameterError {
    ParameterError { parameter, value, requirement: requirement.into().into() }
}

impl Problem<'_> {
    /// Why no choice of equations fixes location and scale: a refused shape, something the law has not, or the same
    /// thing twice.
    pub(super) fn not_fixed(&self) -> ParameterError {
        let unit = match Unit::new(self.family, &self.shapes) {
            Ok(unit) => Some(unit),
            Err(error) if self.open.is_empty() => return error,
            Err(_) => None,
        };
        let missing =
            unit.and_then(|unit| self.targets.iter().find(|one| unit.equation(one).is_none()).copied());
        if let Some(one) = missing {
            return self.refuse(&one, "be left out: with these parameters the law has none");
        }
        let last = self.targets.iter().rfind(|one| one.typed);
        match last {
            Some(last) => self.no_law(last),
            None => refusal("pNN", f64::NAN, "be given"),
        }
    }

    fn no_law(&self, one: &Given) -> ParameterError {
        let others = self.beside(one.known);
        self.refuse(one, format!("be replaced by something else{others}: together they fix no law"))
    }

    fn refuse(&self, one: &Given, requirement: impl Into<String>) -> ParameterError {
        refusal(one.known.name(self.family), one.value, requirement)
    }

    /// The others that were typed: " beside `mean` and `sd`".
    fn beside(&self, known: Known) -> String {
        let others: Vec<String> = self
            .given
            .iter()
            .filter(|one| one.typed && one.known != known)
            .map(|one| format!("`{}`", one.known.typed(self.family)))
            .collect();
        match others.split_last() {
            None => String::new(),
            Some((last, [])) => format!(" beside {last}"),
            Some((last, rest)) => format!(" beside {} and {last}", rest.join(", ")),
        }
    }

    /// Why a search that ended with `found` gives no law; `flat` where the target does not depend on the shape.
    pub(super) fn nothing_found(&self, target: &Given, found: &Found, flat: bool) -> ParameterError {
        let (range, met) = (found.range, !found.roots.is_empty());
        let blamed = if target.typed { *target } else { self.last_typed(target) };
        if met && flat {
            return self.no_law(&blamed);
        }
        if met {
            let others = self.beside(blamed.known);
            return self
                .refuse(&blamed, format!("be less extreme{others}: no law was found that is exact enough"));
        }
        if range.0 > range.1 {
            let blamed = self.linear.iter().rfind(|one| one.typed).copied().unwrap_or(blamed);
            let others = self.beside(blamed.known);
            let what = match (self.family.location, blamed.value <= 0.0) {
                (false, true) => "be above 0".to_string(),
                _ => {
                    format!("be something else{others}: no law of this family was found that has all of them")
                }
            };
            return self.refuse(&blamed, what);
        }
        let others = self.beside(blamed.known);
        if !target.typed {
            let what =
                format!("be something else{others}: no law of this family was found that has all of them");
            return self.refuse(&blamed, what);
        }
        // Ends beyond a million times what was asked for are where the search ends, not the law.
        let far =
            1e6 * target.value.abs().max(self.linear.iter().fold(0.0, |most, one| one.value.abs().max(most)));
        let what = match (range.0 > -far, range.1 < far) {
            (true, true) if figure(range.0) == figure(range.1) => format!("be {}{others}", figure(range.0)),
            (true, true) => format!("lie between {} and {}{others}", figure(range.0), figure(range.1)),
            (_, true) => format!("lie below {}{others}", figure(range.1)),
            _ => format!("lie above {}{others}", figure(range.0)),
        };
        self.refuse(target, what)
    }

    fn last_typed(&self, otherwise: &Given) -> Given {
        *self.given.iter().rfind(|one| one.typed).unwrap_or(otherwise)
    }

    /// Why equations alone give no law.
    pub(super) fn nothing_without_search(&self, unit: &Unit<'_>) -> ParameterError {
        if self.place(unit).is_some() {
            // A law was found and is refused by the family, or it is not exact.
            let blamed = self.last_typed(&self.given[0]);
            let others = self.beside(blamed.known);
            return self
                .refuse(&blamed, format!("be less extreme{others}: no law was found that is exact enough"));
        }
        let typed = |one: &&Given| one.typed;
        let (first, last) = (self.linear.first(), self.linear.iter().rfind(typed));
        let (Some(first), Some(last)) = (first, last) else {
            return refusal("pNN", f64::NAN, "be given");
        };
        let sides = (unit.equation(first), unit.equation(last));
        let what = match sides {
            (Some(_), Some(b)) if self.linear.len() == 1 => {
                let side = if b.y > 0.0 { "above" } else { "below" };
                format!("be {side} 0")
            }
            (_, Some(b)) if last.known == Known::Cv && b.x != 0.0 => {
                return self.refuse(first, "be above 0 beside `cv`");
            }
            (Some(a), Some(b)) if a.x == 1.0 && b.x == 1.0 => {
                let side = if b.y > a.y { "above" } else { "below" };
                let other = match first.typed {
                    true => format!("`{}`", first.known.typed(self.family)),
                    false => format!("{}, the default of `{}`", first.value, first.known.typed(self.family)),
                };
                format!("be {side} {other}")
            }
            _ => "be above 0".to_string(),
        };
        self.refuse(last, what)
    }
}
