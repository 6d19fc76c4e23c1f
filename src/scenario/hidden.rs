//! What drives processes, what shares are made of and what draws rows of data, as inputs of its own behind those of the
//! file.

use super::inputs::{HiddenValues, Shared};
use super::model::{CorrelationGroup, Input, InputId};

/// Adds the hidden inputs, each with the index of the input it drives; those of one input stand side by side.
/// `drawn_by` are inputs with hidden ones that may be those of another input.
///
/// The first of an input is what correlations and persistence of the input tie, such as the shock of a process; its
/// draws are keyed by the name of the input. A tornado that is asked for the input shows all of them.
pub fn add_hidden(
    hidden: Vec<(usize, HiddenValues)>,
    drawn_by: &[(InputId, InputId)],
    inputs: &mut Vec<Input>,
    groups: &mut [CorrelationGroup],
    tornado_inputs: &mut Option<Vec<InputId>>,
) {
    let mut last = None;
    for (owner, values) in hidden {
        let id = InputId(inputs.len());
        let is_first = last.replace(owner) != Some(owner) && values.shared.is_none();
        let persistence = if is_first { inputs[owner].persistence.take() } else { None };
        let owned = &inputs[owner];
        let (name, what) = (&owned.name, values.hidden.name);
        let called = values.shared.unwrap_or_else(|| Shared {
            name: format!("{name} {what}"),
            unit: values.hidden.unit.map(str::to_string),
            over: owned.over.clone(),
            label: owned.label.as_ref().map(|label| format!("{label}, {what}")),
            ranking: None,
        });
        let input = Input {
            label: called.label,
            unit: called.unit,
            group: owned.group.clone(),
            provenance: owned.provenance.clone(),
            over: called.over,
            laws: values.laws,
            recurrences: values.recurrences,
            persistence,
            ranking: called.ranking,
            stream: if is_first { name.clone() } else { called.name.clone() },
            name: called.name,
        };
        let is_drawn = !input.laws.is_empty();
        inputs.push(input);
        if let Some(asked) =
            tornado_inputs.as_mut().filter(|asked| is_drawn && asked.contains(&InputId(owner)))
        {
            asked.push(id);
        }
        if is_first {
            let elements = groups.iter_mut().flat_map(|group| &mut group.elements);
            elements.filter(|element| element.input.0 == owner).for_each(|element| element.input = id);
        }
    }
    // Who draws rows is called by the inputs that read their columns; the first is the one that orders the rows.
    for &(_, drawer) in drawn_by {
        let owners = drawn_by.iter().filter(|(_, other)| *other == drawer).map(|(owner, _)| &inputs[owner.0]);
        let labels: Vec<&str> =
            owners.map(|owner| owner.label.as_ref().unwrap_or(&owner.name).as_str()).collect();
        inputs[drawer.0].label = Some(format!("{}: {}", inputs[drawer.0].name, labels.join(", ")));
    }
    if let Some(asked) = tornado_inputs {
        for (owner, drawer) in drawn_by {
            if asked.contains(owner) && !asked.contains(drawer) {
                asked.push(*drawer);
            }
        }
    }
}
