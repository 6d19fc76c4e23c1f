//! What was checked, a line each.

/// Lines, and what failed.
#[derive(Debug, Default)]
pub struct Checks {
    text: String,
    failed: Vec<String>,
}

impl Checks {
    pub fn pass(&mut self, what: &str, found: &str) {
        self.text.push_str(&format!("  ok     {what}: {found}\n"));
    }

    pub fn fail(&mut self, what: &str, found: &str) {
        self.text.push_str(&format!("  WRONG  {what}: {found}\n"));
        self.failed.push(what.to_string());
    }

    /// What is worth knowing and not wrong.
    pub fn note(&mut self, text: &str) {
        self.text.push_str(&format!("  note   {text}\n"));
    }

    /// The next line of a note.
    pub fn more(&mut self, text: &str) {
        self.text.push_str(&format!("         {text}\n"));
    }

    /// Whether something of this name failed.
    pub fn has_failed(&self, what: &str) -> bool {
        self.failed.iter().any(|failed| failed == what)
    }

    /// Number of checks that failed.
    pub fn failures(&self) -> usize {
        self.failed.len()
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}
