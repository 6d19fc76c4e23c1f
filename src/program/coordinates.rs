//! The coordinates of a scenario: its input elements, and what copulas draw beside them.

use std::collections::HashMap;

use super::dependence::{Tie, Together};
use crate::sampling::{Coordinate, Key, dimensions};
use crate::scenario::{InputElement, Scenario};

/// What a t copula draws beside its members.
pub const DENOMINATOR: &str = "t copula";
/// What the members of an Archimedean copula share.
pub const FRAILTY: [&str; 2] = ["frailty one", "frailty two"];

/// Keys and dimensions of all coordinates of a scenario, whether something needs them or not.
pub struct Coordinates<'a> {
    scenario: &'a Scenario,
    /// By name, the seed left out.
    dimensions: HashMap<Key, usize>,
}

impl<'a> Coordinates<'a> {
    /// Those of a scenario with these groups.
    pub fn new(scenario: &'a Scenario, groups: &[Together]) -> Coordinates<'a> {
        let mut names = Vec::new();
        for input in &scenario.inputs {
            let members = (0..input.laws.len()).map(|element| scenario.member_names(&input.over, element));
            names.extend(members.map(|members| Key::new(0, &input.stream, &members)));
        }
        for group in groups {
            let shared: &[&str] = match &group.tie {
                Tie::Scores { denominator: Some(_), .. } => &[DENOMINATOR],
                Tie::Frailty(_) => &FRAILTY,
                Tie::Scores { denominator: None, .. } | Tie::Archimedean(_) => &[],
            };
            let first = element_name(scenario, group.elements[0]);
            names.extend(shared.iter().map(|kind| Key::new(0, kind, &[&first])));
        }
        // One key is one coordinate; two draws that share it are refused.
        names.sort_unstable();
        names.dedup();
        let dimensions = dimensions(&names);
        Coordinates { scenario, dimensions: names.into_iter().zip(dimensions).collect() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.dimensions.len()
    }

    /// That of an input element.
    pub fn of_element(&self, element: InputElement) -> Coordinate {
        let input = &self.scenario.inputs[element.input.0];
        self.named(&input.stream, &self.scenario.member_names(&input.over, element.element))
    }

    /// Of a kind that a group draws beside its members: it belongs to its first element, whatever else is tied to it.
    pub fn shared(&self, kind: &str, first: InputElement) -> Coordinate {
        self.named(kind, &[&element_name(self.scenario, first)])
    }

    fn named(&self, name: &str, members: &[&str]) -> Coordinate {
        let dimension = self.dimensions[&Key::new(0, name, members)];
        Coordinate { key: Key::new(self.scenario.seed, name, members), dimension }
    }
}

/// E.g. `impact[approvals]`.
pub fn element_name(scenario: &Scenario, element: InputElement) -> String {
    let input = &scenario.inputs[element.input.0];
    scenario.cell_name(&input.name, &input.over, element.element)
}
