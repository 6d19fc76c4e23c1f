//! Which of the things known say the same, where together they leave a law open.

use super::Known;
use super::equation::{Given, Unit, location_and_scale};
use super::refusals::refusal;
use super::solver::Problem;
use crate::distribution::ParameterError;

/// A share of a row that is nothing but what differences leave of 0.
const NOTHING: f64 = 1e-5;

impl Problem<'_> {
    /// The refusal of figures that leave the law with these shapes open.
    ///
    /// - Method: the derivatives of the figures by location, scale and open shapes make a matrix without full rank. A
    ///   figure without which its rank stays what it is says what others say.
    pub(super) fn left_open(&self, shapes: &[f64]) -> ParameterError {
        let figures: Vec<Given> = self.linear.iter().chain(&self.targets).copied().collect();
        let rows = self.derivatives(&figures, shapes);
        let whole = rank(rows.clone());
        let repeats = |place: &usize| {
            let mut others = rows.clone();
            others.remove(*place);
            rank(others) == whole
        };
        let same: Vec<Given> = (0..figures.len()).filter(repeats).map(|place| figures[place]).collect();
        let typed = || same.iter().filter(|one| one.typed);
        let blamed = typed().next_back().or(figures.last());
        let Some(blamed) = blamed else { return refusal("pNN", f64::NAN, "be given together with more") };
        let others: Vec<String> = same
            .iter()
            .filter(|one| one.known != blamed.known)
            .map(|one| format!("`{}`", one.known.typed(self.family)))
            .collect();
        let what = match others.split_last() {
            None => "be replaced by something that fixes the law".to_string(),
            Some((last, [])) => format!("say more than {last}: they say the same, and leave the law open"),
            Some((last, rest)) => format!(
                "say more than {} and {last} together: these {} say the same thing twice, and leave the law open",
                rest.join(", "),
                word(others.len() + 1)
            ),
        };
        refusal(blamed.known.name(self.family), blamed.value, what)
    }

    /// A row a figure, each by location, scale and every open shape.
    fn derivatives(&self, figures: &[Given], shapes: &[f64]) -> Vec<Vec<f64>> {
        const STEP: f64 = 1e-6;
        let place = || {
            let unit = Unit::new(self.family, shapes).ok()?;
            let equations: Option<Vec<_>> = self.linear.iter().map(|one| unit.equation(one)).collect();
            location_and_scale(self.family, &equations?)
        };
        let (location, scale) = place().unwrap_or((0.0, 1.0));
        let at = |known: Known, shapes: &[f64], location: f64, scale: f64| {
            Unit::new(self.family, shapes).map_or(f64::NAN, |unit| unit.value(known, location, scale))
        };
        let row = |one: &Given| {
            let mut row = Vec::new();
            let mut by = |forth: f64, back: f64| row.push((forth - back) / (2.0 * STEP * scale));
            if self.family.location {
                let step = STEP * scale;
                by(
                    at(one.known, shapes, location + step, scale),
                    at(one.known, shapes, location - step, scale),
                );
            }
            if self.family.scale {
                let value = |factor: f64| at(one.known, shapes, location, scale * factor);
                by(value(1.0 + STEP), value(1.0 - STEP));
            }
            for &open in &self.open {
                let value = |factor: f64| {
                    let mut moved = shapes.to_vec();
                    moved[open] = moved[open] * factor + if moved[open] == 0.0 { factor - 1.0 } else { 0.0 };
                    at(one.known, &moved, location, scale)
                };
                by(value(1.0 + STEP), value(1.0 - STEP));
            }
            row
        };
        figures.iter().map(row).collect()
    }
}

/// Rank of a matrix whose entries are known to a share of [`NOTHING`]: by elimination with pivots of rows and columns.
fn rank(mut rows: Vec<Vec<f64>>) -> usize {
    for row in &mut rows {
        let size = row.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        row.iter_mut().for_each(|x| *x = if size > 0.0 && x.is_finite() { *x / size } else { 0.0 });
    }
    let columns = rows.first().map_or(0, Vec::len);
    let mut found = 0;
    let mut free: Vec<usize> = (0..columns).collect();
    while found < rows.len() && !free.is_empty() {
        let entries = (found..rows.len()).flat_map(|row| free.iter().map(move |column| (row, *column)));
        let size = |(row, column): &(usize, usize)| rows[*row][*column].abs();
        let Some((row, column)) = entries.max_by(|a, b| size(a).total_cmp(&size(b))) else { break };
        if rows[row][column].abs() < NOTHING {
            break;
        }
        rows.swap(found, row);
        let pivot = rows[found].clone();
        for other in &mut rows[found + 1..] {
            let factor = other[column] / pivot[column];
            other.iter_mut().zip(&pivot).for_each(|(x, above)| *x -= factor * above);
        }
        free.retain(|other| *other != column);
        found += 1;
    }
    found
}

fn word(count: usize) -> String {
    match count {
        3 => "three".into(),
        4 => "four".into(),
        many => many.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::rank;
    use crate::distribution::solve::families::{TRAPEZOIDAL_LAW, TRIANGULAR_LAW};
    use crate::distribution::solve::solver::solve;
    use crate::distribution::{Family, Known, Law, Solvable, Trapezoidal, Triangular};

    #[test]
    fn repeated_rows_do_not_count() {
        let rows = vec![vec![1.0, 2.0, 0.0], vec![0.5, 1.0, 1e-9], vec![0.0, 0.0, 3.0]];
        assert_eq!((rank(rows.clone()), rank(rows[..2].to_vec()), rank(Vec::new())), (2, 1, 0));
    }

    fn refused(family: &Solvable, law: &Law, levels: &[f64], bounds: &[(Known, f64)]) -> String {
        let percentiles = levels.iter().map(|p| (Known::Percentile(*p), law.quantile(*p)));
        let given: Vec<(Known, f64)> = percentiles.chain(bounds.iter().copied()).collect();
        let arguments: Vec<f64> = given.iter().flat_map(|(known, value)| [known.code(), *value]).collect();
        solve(family, &arguments).map_or_else(|error| error.to_string(), |law| format!("{law:?}"))
    }

    #[test]
    fn figures_of_one_side_of_a_triangle_leave_the_other_open() {
        let law: Law = Triangular::new(1.0, 2.5, 7.0).unwrap().into();
        let greatest = (Known::Parameter(2), 7.0);
        let said = refused(&TRIANGULAR_LAW, &law, &[0.95, 0.999], &[greatest]);
        assert!(said.contains("these three say the same thing twice") && said.contains("`p99.9`"), "{said}");
        // One figure of the other side fixes the law again.
        assert!(refused(&TRIANGULAR_LAW, &law, &[0.05, 0.999], &[greatest]).contains("Triangular"));
        let law: Law = Trapezoidal::new(1.0, 2.0, 4.0, 8.0).unwrap().into();
        let bounds = [(Known::Parameter(0), 1.0), (Known::Parameter(3), 8.0)];
        let said = refused(&TRAPEZOIDAL_LAW, &law, &[0.95, 0.99], &bounds);
        assert!(said.contains("leave the law open") && !said.contains("`a`"), "{said}");
        let law = refused(&TRAPEZOIDAL_LAW, &law, &[0.02, 0.99], &bounds);
        assert!(law.contains("Trapezoidal"), "{law}");
    }
}
