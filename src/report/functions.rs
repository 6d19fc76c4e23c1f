//! What `riskband functions` prints: the functions of formulas, and one of them in full.

use crate::scenario::{FUNCTIONS, Function};

/// Every function with how it is called and what it gives.
pub fn functions() -> String {
    let calls = |function: &Function| function.signature.replace(" | ", ", ");
    let width = FUNCTIONS.iter().map(|function| calls(function).chars().count()).max().unwrap_or(0);
    let row = |function: &Function| format!("  {:width$}  {}\n", calls(function), function.meaning);
    format!(
        "{}\n`pi`, `e` and `year` are values. `riskband functions NAME` shows an example.\n",
        FUNCTIONS.iter().map(row).collect::<String>()
    )
}

/// One function: what it gives, how it is called, an example.
pub fn function(function: &Function) -> String {
    let calls: Vec<String> = function.signature.split(" | ").map(|call| format!("  {call}\n")).collect();
    format!(
        "{}: {}\n\n{}\nExample: formula = \"{}\"\n",
        function.name,
        function.meaning,
        calls.concat(),
        function.example
    )
}
