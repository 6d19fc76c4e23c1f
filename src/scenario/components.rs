//! Mixtures as inputs: which component speaks is a draw of its own, with a bar of its own in the tornado.

use super::draw_spec::{DrawSpec, LawSpec};
use super::expression::Expr;
use super::model::{Input, InputId, Language};
use crate::distribution::{Composition, FAMILIES};

/// Adds for every input with a mixture the input that draws its component: a whole number from 1 on, by the weights.
///
/// It has the axes of the mixture and its name with ` (component)` behind it, which no name of a scenario can be; a
/// tornado that conditions on the mixture conditions on it too. Elements that are no mixture have component 1.
pub fn add_components(inputs: &mut Vec<Input>, tornado: Option<&mut Vec<InputId>>, language: Language) {
    let (asked, declared) = (tornado.as_deref().cloned(), inputs.len());
    let mut also = Vec::new();
    for place in 0..declared {
        let id = InputId(inputs.len());
        let input = &mut inputs[place];
        let Some(laws) = separated(&mut input.laws, id) else { continue };
        let label = input.label.as_ref().unwrap_or(&input.name);
        let word = match language {
            Language::English => "component",
            Language::Korean => "성분",
        };
        let name = format!("{} (component)", input.name);
        let component = Input {
            stream: name.clone(),
            name,
            label: Some(format!("{label} ({word})")),
            unit: None,
            laws,
            ..input.clone()
        };
        inputs.push(component);
        if asked.as_ref().is_some_and(|asked| asked.contains(&InputId(place))) {
            also.push(id);
        }
    }
    if let Some(tornado) = tornado {
        tornado.extend(also);
    }
}

/// Has every mixture among the laws choose by the input `component`, and gives the laws of that; `None` where there is
/// no mixture.
fn separated(laws: &mut [DrawSpec], component: InputId) -> Option<Vec<DrawSpec>> {
    let entry = FAMILIES.iter().find(|family| family.name == "discrete")?;
    let mut found = false;
    let mut choices = Vec::with_capacity(laws.len());
    for law in laws {
        let weights = match law {
            DrawSpec::Law(LawSpec::Compose { composition: Composition::Mixture, numbers, .. }) => {
                Some(numbers.clone())
            }
            _ => None,
        };
        if let (Some(_), DrawSpec::Law(mixture)) = (&weights, &*law) {
            *law = DrawSpec::Chosen(component, mixture.clone());
            found = true;
        }
        let weights = weights.unwrap_or_else(|| vec![Expr::Number(1.0)]);
        let pairs = weights.into_iter().enumerate();
        let arguments = pairs.flat_map(|(k, weight)| [Expr::Number(k as f64 + 1.0), weight]).collect();
        choices.push(DrawSpec::Law(LawSpec::Family { entry, form: 0, arguments }));
    }
    found.then_some(choices)
}
