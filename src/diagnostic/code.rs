//! The codes of all diagnostics: one row each, read by tests, help and documentation.

/// What a family of messages is about.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable name, `stage::what`.
    pub name: &'static str,
    /// One line on what it means.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($constant:ident $name:literal $meaning:literal)*) => {
        $(#[doc = $meaning] pub static $constant: Code = Code { name: $name, meaning: $meaning };)*

        /// Every code with the name of its constant, in the order of the stages of a check.
        pub static DIAGNOSTICS: &[(&str, &Code)] = &[$((stringify!($constant), &$constant)),*];
    };
}

codes! {
    TOML_SYNTAX "toml::syntax" "The text is not TOML."
    TOML_TYPE "toml::type" "A key holds another kind of value than it takes."
    TOML_KEY "toml::key" "A table has a key that the language does not know."
    TOML_MISSING "toml::missing" "A key that must be there is not."
    TOML_LATER "toml::later" "A word of the language that this version does not have."
    EXTENDS "extends::file" "The file named by `extends` cannot be read or extends itself."
    EXTENDS_NAME "extends::name" "An overlay gives what the base does not have and nothing uses."
    SET_NAME "set::name" "`--set` names something the scenario does not have."
    SET_FORM "set::form" "`--set` is not of the form name=value."
    SET_TWICE "set::twice" "Two `--set` give the same thing."
    SCENARIO_VALUE "scenario::value" "A value in `[scenario]` is outside its range."
    SCENARIO_SIZE "scenario::size" "The scenario is too large to be meant."
    SCENARIO_OUTPUT "scenario::output" "The scenario has no output."
    NAME_DUPLICATE "name::duplicate" "Two things have the same name."
    NAME_RESERVED "name::reserved" "A name belongs to the language or cannot be written in a formula."
    UNKNOWN_NAME "name::unknown" "A formula uses a name that nothing has."
    AXIS_UNKNOWN "axis::unknown" "An axis is named that the scenario does not have."
    AXIS_MEMBERS "axis::members" "A table over an axis lacks a member of the axis or has one too many."
    AXIS_MEMBER "axis::member" "A member or a year is named that the axis does not have."
    AXIS_MISMATCH "axis::mismatch" "Something runs over an axis where it must not, or does not where it must."
    SYNTAX "formula::syntax" "A formula or a `dist` string cannot be read."
    FUNCTION_UNKNOWN "formula::function" "A formula calls a function that does not exist."
    FUNCTION_ARGUMENTS "formula::arguments" "A function is called with the wrong arguments."
    PREVIOUS "formula::previous" "`previous` or `initial` stands where it has no meaning."
    CYCLE "formula::cycle" "Values need each other within one year."
    PERCENT "formula::percent" "A quantity in per cent stands where a fraction is meant."
    CONSTANT "constant::value" "A constant depends on something that is not constant, or is not finite."
    FAMILY "dist::family" "A `dist` string names no distribution family."
    PARAMETER "dist::parameter" "A parameter of a distribution has a value outside its domain."
    PARAMETERS "dist::parameters" "The parameters given do not make a form of the family."
    DATA "dist::data" "A table of data cannot be read, or lacks what is asked of it."
    CORRELATION "correlation::value" "A correlation is outside its range, or is given twice."
    CORRELATION_NAME "correlation::name" "A correlation names something that is no input, or no element of one."
    CORRELATION_MATRIX "correlation::matrix" "Correlations that cannot hold together."
    REFERENCE "output::reference" "A reference or a tornado names a year the output does not have."
    UNIT "warning::unit" "A probability is given a unit."
    UNUSED "warning::unused" "Nothing that leads to an output uses this."
    OVERLAY "warning::overlay" "A file that extends another changes nothing of it."
    MEANING_MEAN "warning::mean" "The mean of a law lies outside its p5 to p95."
    MEANING_NEGATIVE "warning::negative" "What may be a size can fall below 0."
    PROVENANCE "warning::provenance" "An input does not say where its numbers come from."
}

#[cfg(test)]
mod tests {
    use super::DIAGNOSTICS;

    #[test]
    fn every_code_is_unique_and_explained() {
        for (i, (_, code)) in DIAGNOSTICS.iter().enumerate() {
            assert!(code.name.contains("::") && code.meaning.ends_with('.'), "{}", code.name);
            assert!(DIAGNOSTICS[..i].iter().all(|(_, other)| other.name != code.name), "{} twice", code.name);
        }
    }
}
