//! The law that the example of a family describes.

use crate::distribution::{FamilyEntry, Law};
use crate::program::{DrawLaw, Program, Scope};
use crate::scenario::load_text;

/// The law of a family's example, read as a scenario's `dist` is; `None` for a process, which is no single law.
pub fn example_law(entry: &FamilyEntry) -> Option<Law> {
    let text = format!(
        "[inputs.example]\ndist = '{}'\nassumption = 'an example'\n[outputs.same]\nformula = 'example'\n",
        entry.example
    );
    let scenario = load_text("example.toml", &text, &[]).ok()?.scenario;
    let program = Program::compile(&scenario, Scope::Outputs).ok()?;
    match program.draws.into_iter().next()?.law {
        DrawLaw::Fixed { law, .. } => Some(law),
        DrawLaw::Drawn(_) | DrawLaw::Compound(_) | DrawLaw::Chosen(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::example_law;
    use crate::distribution::{FAMILIES, Family};
    use crate::scenario::PROCESSES;

    #[test]
    fn every_family_has_one_and_no_process() {
        assert!(FAMILIES.iter().all(|entry| example_law(entry).is_some()));
        assert!(PROCESSES.iter().all(|process| example_law(&process.entry).is_none()));
        let normal = FAMILIES.iter().find(|entry| entry.name == "normal").and_then(example_law);
        assert_eq!(normal.and_then(|law| law.variance()), Some(4.0));
    }
}
