//! What drives processes, as inputs of its own behind those of the file.

use super::inputs::HiddenValues;
use super::model::{CorrelationGroup, Input, InputId};
use super::processes::SHOCK;

/// Adds the hidden inputs, each with the index of the input it drives.
///
/// Correlations of a process tie its shocks, whose draws are keyed by the name of the process; a tornado that is asked
/// for a process shows what drives it.
pub fn add_hidden(
    hidden: Vec<(usize, HiddenValues)>,
    inputs: &mut Vec<Input>,
    groups: &mut [CorrelationGroup],
    tornado_inputs: &mut Option<Vec<InputId>>,
) {
    for (owner, values) in hidden {
        let id = InputId(inputs.len());
        let process = &inputs[owner];
        let name = format!("{} {}", process.name, values.hidden.name);
        let is_shock = values.hidden.name == SHOCK.name;
        let label = process.label.as_ref().map(|label| format!("{label}, {}", values.hidden.name));
        let input = Input {
            label,
            unit: values.hidden.unit.map(str::to_string),
            group: process.group.clone(),
            provenance: process.provenance.clone(),
            over: process.over.clone(),
            laws: values.laws,
            recurrences: values.recurrences,
            persistence: None,
            stream: if is_shock { process.name.clone() } else { name.clone() },
            name,
        };
        let is_drawn = !input.laws.is_empty();
        inputs.push(input);
        if let Some(asked) =
            tornado_inputs.as_mut().filter(|asked| is_drawn && asked.contains(&InputId(owner)))
        {
            asked.push(id);
        }
        if is_shock {
            let elements = groups.iter_mut().flat_map(|group| &mut group.elements);
            elements.filter(|element| element.input.0 == owner).for_each(|element| element.input = id);
        }
    }
}
