//! One document laid over another, key by key; what that may not mean is said.

use super::tree::{Entry, Node, Table, Value};
use crate::diagnostic::{Diagnostic, OVERLAY, PROVENANCE, Span};

const REASONS: [&str; 3] = ["source", "derived", "assumption"];

/// Lays `overlay`, the document of source `source`, over `base`.
pub fn lay_over(base: &mut Table, overlay: Table, source: usize, problems: &mut Vec<Diagnostic>) {
    let start = overlay.entries.iter().find(|entry| entry.key == "extends").map(|entry| entry.node.span);
    let mut layer = Layer { problems, changes: false };
    layer.lay(base, overlay, &[]);
    if !layer.changes {
        let report = Diagnostic::warning(&OVERLAY, "this file changes nothing of what it extends")
            .label(start.unwrap_or(Span { source, start: 0, end: 0 }), "everything below is as it was")
            .help("give what differs, under the names of the base");
        problems.push(report);
    }
}

struct Layer<'a> {
    problems: &'a mut Vec<Diagnostic>,
    /// True once something differs from the base.
    changes: bool,
}

impl Layer<'_> {
    /// Lays `overlay` over `base`, which stands below the keys `path`.
    fn lay(&mut self, base: &mut Table, overlay: Table, path: &[&str]) {
        if let [section @ ("inputs" | "constants"), name] = path {
            self.reasons(section, name, base, &overlay);
        }
        if path.len() >= 2 && overlay.entries.iter().any(|e| REASONS.contains(&e.key.as_str())) {
            base.entries.retain(|e| !REASONS.contains(&e.key.as_str()));
        }
        for entry in overlay.entries {
            let Some(old) = base.get_mut(&entry.key) else {
                self.changes |= !(path.is_empty() && entry.key == "extends");
                base.entries.push(entry);
                continue;
            };
            let inner: Vec<&str> = path.iter().copied().chain([entry.key.as_str()]).collect();
            // A number alone keeps what the base says beside it.
            let own = match inner[..] {
                ["constants", _] => Some("value"),
                ["formulas", _] => Some("formula"),
                _ => None,
            };
            match (&mut old.node.value, entry.node.value) {
                (Value::Table(below), Value::Table(above)) => self.lay(below, above, &inner),
                (Value::Table(below), value) if own.is_some() => {
                    let node = Node { value, span: entry.node.span };
                    let only =
                        Entry { key: own.unwrap_or_default().to_string(), key_span: entry.key_span, node };
                    self.lay(below, Table { entries: vec![only] }, &inner);
                }
                (Value::Array(below), Value::Array(above))
                    if path.is_empty() && entry.key == "correlations" =>
                {
                    self.blocks(below, above);
                }
                (below, value) => {
                    let is_base = path.is_empty() && entry.key == "extends";
                    self.changes |= !is_base && !same(below, &value);
                    *old = Entry { node: Node { value, span: entry.node.span }, ..entry };
                }
            }
        }
    }

    /// Asks for the reason of a number that takes the place of one that had a reason.
    fn reasons(&mut self, section: &str, name: &str, base: &Table, overlay: &Table) {
        let key = if section == "inputs" { "dist" } else { "value" };
        let (Some(new), Some(old)) = (overlay.get(key), base.get(key)) else { return };
        let reason = base.entries.iter().find(|e| REASONS.contains(&e.key.as_str()));
        let stated = overlay.entries.iter().any(|e| REASONS.contains(&e.key.as_str()));
        let Some(reason) = reason.filter(|_| !stated && !same(&old.node.value, &new.node.value)) else {
            return;
        };
        self.problems.push(
            Diagnostic::warning(
                &PROVENANCE,
                format!("`{name}` has a new `{key}` and the reason of the old one"),
            )
            .label(new.node.span, "where does it come from?")
            .context(reason.node.span, "said of the number it replaces")
            .help(format!(
                "add `source = \"…\"`, `derived = \"…\"` or `assumption = \"…\"` to [{section}.{name}]"
            )),
        );
    }

    fn blocks(&mut self, base: &mut Vec<Node>, overlay: Vec<Node>) {
        for block in overlay {
            match base.iter_mut().find(|old| between(old).is_some() && between(old) == between(&block)) {
                Some(old) => {
                    self.changes |= !same(&old.value, &block.value);
                    *old = block;
                }
                None => {
                    self.changes = true;
                    base.push(block);
                }
            }
        }
    }
}

/// The names in `between`, sorted.
fn between(block: &Node) -> Option<Vec<&str>> {
    let Value::Table(table) = &block.value else { return None };
    let Value::Array(items) = &table.get("between")?.node.value else { return None };
    let mut names: Vec<&str> = items
        .iter()
        .filter_map(|i| if let Value::Text(t) = &i.value { Some(t.text.as_str()) } else { None })
        .collect();
    names.sort_unstable();
    Some(names)
}

/// True for values that say the same.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.text == b.text,
        (Value::Boolean(a), Value::Boolean(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, &b.value))
        }
        (Value::Table(a), Value::Table(b)) => {
            let alike = |entry: &Entry| {
                b.get(&entry.key).is_some_and(|other| same(&entry.node.value, &other.node.value))
            };
            a.entries.len() == b.entries.len() && a.entries.iter().all(alike)
        }
        _ => a.number().is_some() && a.number() == b.number(),
    }
}
