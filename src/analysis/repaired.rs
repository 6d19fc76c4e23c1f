//! Correlation matrices that are not those asked for.

use crate::scenario::{CorrelationGroup, InputElement, Scenario};

/// A group of elements whose matrix was repaired.
#[derive(Clone, Debug, PartialEq)]
pub struct Repaired {
    /// E.g. `impact[approvals]`.
    pub elements: Vec<String>,
    /// Correlations of the normal scores, row-major: those the scenario asks for, and those used.
    pub asked: Vec<f64>,
    pub used: Vec<f64>,
}

impl Repaired {
    /// Places (i, j), i < j, whose correlation is another one, by the size of the change.
    pub fn moved(&self) -> Vec<(usize, usize)> {
        let n = self.elements.len();
        let change = |&(i, j): &(usize, usize)| (self.used[i * n + j] - self.asked[i * n + j]).abs();
        let mut moved: Vec<(usize, usize)> = (0..n)
            .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
            .filter(|place| change(place) > 0.0)
            .collect();
        moved.sort_by(|a, b| change(b).total_cmp(&change(a)));
        moved
    }
}

/// Every group of a scenario that was repaired.
pub fn repaired(scenario: &Scenario) -> Vec<Repaired> {
    let name = |element: &InputElement| {
        let input = &scenario.inputs[element.input.0];
        scenario.cell_name(&input.name, &input.over, element.element)
    };
    let of = |group: &CorrelationGroup| {
        let asked = group.asked.clone()?;
        let elements = group.elements.iter().map(name).collect();
        Some(Repaired { elements, asked, used: group.matrix.clone() })
    };
    scenario.correlations.iter().filter_map(of).collect()
}
