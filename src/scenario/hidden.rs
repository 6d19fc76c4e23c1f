//! What drives processes and what shares are made of, as inputs of its own behind those of the file.

use super::inputs::HiddenValues;
use super::model::{CorrelationGroup, Input, InputId};

/// Adds the hidden inputs, each with the index of the input it drives; those of one input stand side by side.
///
/// The first of an input is what correlations and persistence of the input tie, such as the shock of a process; its
/// draws are keyed by the name of the input. A tornado that is asked for the input shows all of them.
pub fn add_hidden(
    hidden: Vec<(usize, HiddenValues)>,
    inputs: &mut Vec<Input>,
    groups: &mut [CorrelationGroup],
    tornado_inputs: &mut Option<Vec<InputId>>,
) {
    let mut last = None;
    for (owner, values) in hidden {
        let id = InputId(inputs.len());
        let is_first = last.replace(owner) != Some(owner);
        let persistence = if is_first { inputs[owner].persistence.take() } else { None };
        let process = &inputs[owner];
        let name = format!("{} {}", process.name, values.hidden.name);
        let label = process.label.as_ref().map(|label| format!("{label}, {}", values.hidden.name));
        let input = Input {
            label,
            unit: values.hidden.unit.map(str::to_string),
            group: process.group.clone(),
            provenance: process.provenance.clone(),
            over: process.over.clone(),
            laws: values.laws,
            recurrences: values.recurrences,
            persistence,
            stream: if is_first { process.name.clone() } else { name.clone() },
            name,
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
}
