//! The groups of a scenario whose members are drawn together: correlations, factors, persistence along the years.

use std::collections::{BTreeMap, BTreeSet};

use crate::sampling::{Archimedean, Generator, Weights};
use crate::scenario::{self, Copula, CorrelationGroup, InputElement, InputId, Scenario};

/// Elements that are drawn together.
pub struct Together {
    pub elements: Vec<InputElement>,
    pub tie: Tie,
}

/// What ties them.
pub enum Tie {
    /// Weights of normal scores; of a t copula also the degrees of freedom.
    Scores {
        weights: Weights,
        denominator: Option<f64>,
    },
    Archimedean(Archimedean),
    /// By what all members share.
    Frailty(Archimedean),
}

/// Every group of a scenario.
pub fn dependence(scenario: &Scenario) -> Vec<Together> {
    let mut groups = Vec::new();
    let lasting = |element: &InputElement| scenario.inputs[element.input.0].persistence.is_some();
    // What is tied in one year and lasts is tied in the same way in all of them.
    let mut blocks: BTreeMap<InputElement, (Vec<InputElement>, &[f64])> = BTreeMap::new();
    for group in &scenario.correlations {
        if group.elements.iter().any(lasting) {
            blocks.insert(group.elements[0], (group.elements.clone(), &group.cholesky));
            continue;
        }
        let weights = || Weights::of_cholesky(&group.cholesky, group.elements.len());
        let tie = match group.copula {
            Copula::Gaussian => scores(weights()),
            Copula::T { df } => Tie::Scores { weights: weights(), denominator: Some(df) },
            Copula::Archimedean { generator, theta, rotate } => {
                let copula = Archimedean {
                    generator: match generator {
                        scenario::Generator::Clayton => Generator::Clayton,
                        scenario::Generator::Frank => Generator::Frank,
                        scenario::Generator::Gumbel => Generator::Gumbel,
                    },
                    theta,
                    flips_first: matches!(rotate, 90 | 180),
                    flips_others: matches!(rotate, 180 | 270),
                };
                if has_frailty(group) { Tie::Frailty(copula) } else { Tie::Archimedean(copula) }
            }
        };
        groups.push(Together { elements: group.elements.clone(), tie });
    }
    for group in &scenario.factors {
        let loadings: Vec<f64> = group.members.iter().map(|(_, loading)| *loading).collect();
        let members = group.members.iter().map(|(element, _)| *element);
        let elements = std::iter::once(group.factor).chain(members).collect();
        groups.push(Together { elements, tie: scores(Weights::of_loadings(&loadings)) });
    }
    let tied: BTreeSet<InputElement> = blocks.values().flat_map(|(elements, _)| elements.clone()).collect();
    let years = scenario.year_axis().map_or(1, |axis| scenario.axes[axis.0].members.len());
    for (id, input) in scenario.inputs.iter().enumerate().filter(|(_, input)| input.persistence.is_some()) {
        let elements =
            (0..scenario.cells(&input.over)).map(|element| InputElement { input: InputId(id), element });
        let alone = elements.filter(|element| !tied.contains(element));
        blocks.extend(alone.map(|element| (element, (vec![element], ALONE))));
    }
    // The year is the last axis: the elements of one path stand side by side.
    let first_years = blocks.iter().filter(|(element, _)| element.element % years == 0);
    for (first, (members, cholesky)) in first_years {
        let Some(share) = scenario.inputs[first.input.0].persistence else { continue };
        let later =
            |year: usize| move |e: &InputElement| InputElement { input: e.input, element: e.element + year };
        let elements = (0..years).flat_map(|year| members.iter().map(later(year))).collect();
        let weights = Weights::of_blocks(cholesky, members.len(), years, share);
        groups.push(Together { elements, tie: scores(weights) });
    }
    groups
}

/// Whether a group is drawn by a frailty: three and more members whose conditional laws have no simple inverse.
fn has_frailty(group: &CorrelationGroup) -> bool {
    let plain = match group.copula {
        Copula::Archimedean { generator, .. } => generator == scenario::Generator::Clayton,
        _ => true,
    };
    !plain && group.elements.len() > 2
}

fn scores(weights: Weights) -> Tie {
    Tie::Scores { weights, denominator: None }
}

/// The factor of a single score.
const ALONE: &[f64] = &[1.0];
