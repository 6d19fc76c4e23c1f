//! The table of formula functions: one row each, read by resolver, nearest-name search, help and
//! documentation.

use super::expression::{BinaryOp, Reduction, UnaryOp};

/// One row of [`FUNCTIONS`].
#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    /// How it is called; several ways are separated by ` | `.
    pub signature: &'static str,
    /// One sentence on what it gives.
    pub meaning: &'static str,
    /// A formula that uses it, over the names of the table's own test scenario.
    pub example: &'static str,
    /// Least and greatest number of arguments.
    pub arity: (usize, usize),
    pub kind: FunctionKind,
}

impl Function {
    /// All ways to call it, for a sentence: "`min(a, b, …)` or `min(x, axis)`".
    pub fn spelled(&self) -> String {
        format!("`{}`", self.signature.replace(" | ", "` or `"))
    }
}

/// What a function does with its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// Of one value, run by run.
    Unary(UnaryOp),
    /// Of several values run by run, or of one value along an axis.
    Extreme(BinaryOp, Reduction),
    /// Of a value along an axis.
    Reduce(Reduction),
    Share,
    If,
    Clamp,
    Previous,
    Cumulative,
    Cagr,
    Ramp,
    Npv,
    Ar1,
}

const fn row(
    name: &'static str,
    signature: &'static str,
    arity: (usize, usize),
    kind: FunctionKind,
    meaning: &'static str,
    example: &'static str,
) -> Function {
    Function { name, signature, meaning, example, arity, kind }
}

const ANY: usize = usize::MAX;

/// Every function of the language, in alphabetical order.
pub static FUNCTIONS: &[Function] = &[
    row("abs", "abs(x)", (1, 1), FunctionKind::Unary(UnaryOp::Abs), "x without its sign", "abs(shock)"),
    row(
        "ar1",
        "ar1(phi, shock)",
        (2, 2),
        FunctionKind::Ar1,
        "a[first] = shock[first], then a = phi * previous + shock",
        "ar1(0.3, shock)",
    ),
    row(
        "cagr",
        "cagr(x)",
        (1, 1),
        FunctionKind::Cagr,
        "growth a year in % from the first to the last year, compounded",
        "cagr(market)",
    ),
    row(
        "ceil",
        "ceil(x)",
        (1, 1),
        FunctionKind::Unary(UnaryOp::Ceil),
        "the least whole number that is not below x",
        "ceil(cost)",
    ),
    row(
        "clamp",
        "clamp(x, low, high)",
        (3, 3),
        FunctionKind::Clamp,
        "x held between low and high",
        "clamp(shock, -5, 5)",
    ),
    row("cos", "cos(x)", (1, 1), FunctionKind::Unary(UnaryOp::Cos), "cosine of x in radians", "cos(cost)"),
    row(
        "count",
        "count(condition, axis)",
        (2, 2),
        FunctionKind::Reduce(Reduction::Count),
        "members of the axis for which the condition holds",
        "count(impact > 3, driver)",
    ),
    row(
        "cumulative",
        "cumulative(x)",
        (1, 1),
        FunctionKind::Cumulative,
        "sum of x from the first year to the current one",
        "cumulative(shock)",
    ),
    row("exp", "exp(x)", (1, 1), FunctionKind::Unary(UnaryOp::Exp), "e to the power of x", "exp(shock)"),
    row(
        "floor",
        "floor(x)",
        (1, 1),
        FunctionKind::Unary(UnaryOp::Floor),
        "the greatest whole number that is not above x",
        "floor(cost)",
    ),
    row(
        "if",
        "if(condition, then, otherwise)",
        (3, 3),
        FunctionKind::If,
        "one of two values, chosen by a condition",
        "if(cost > 1, cost, 0)",
    ),
    row("ln", "ln(x)", (1, 1), FunctionKind::Unary(UnaryOp::Ln), "natural logarithm", "ln(cost)"),
    row(
        "log10",
        "log10(x)",
        (1, 1),
        FunctionKind::Unary(UnaryOp::Log10),
        "logarithm to base 10",
        "log10(cost)",
    ),
    row(
        "max",
        "max(a, b, …) | max(x, axis)",
        (2, ANY),
        FunctionKind::Extreme(BinaryOp::Max, Reduction::Max),
        "the greatest, run by run or along an axis",
        "max(cost, 0)",
    ),
    row(
        "mean",
        "mean(x, axis)",
        (2, 2),
        FunctionKind::Reduce(Reduction::Mean),
        "mean along an axis",
        "mean(impact, driver)",
    ),
    row(
        "min",
        "min(a, b, …) | min(x, axis)",
        (2, ANY),
        FunctionKind::Extreme(BinaryOp::Min, Reduction::Min),
        "the least, run by run or along an axis",
        "min(market, year)",
    ),
    row(
        "normal_cdf",
        "normal_cdf(x)",
        (1, 1),
        FunctionKind::Unary(UnaryOp::NormalCdf),
        "standard normal distribution function",
        "normal_cdf(shock)",
    ),
    row(
        "npv",
        "npv(x, rate)",
        (2, 2),
        FunctionKind::Npv,
        "sum of x over the years, discounted to the first",
        "npv(market, 0.08)",
    ),
    row(
        "previous",
        "previous | previous(years) | previous(x) | previous(x, years)",
        (0, 2),
        FunctionKind::Previous,
        "a value of an earlier year; before the first year, that of the first",
        "previous(shock, 2)",
    ),
    row(
        "product",
        "product(x, axis)",
        (2, 2),
        FunctionKind::Reduce(Reduction::Product),
        "product along an axis",
        "product(impact, driver)",
    ),
    row(
        "ramp",
        "ramp(from, to)",
        (2, 2),
        FunctionKind::Ramp,
        "a straight line from the first year to the last",
        "ramp(1, 2)",
    ),
    row(
        "round",
        "round(x)",
        (1, 1),
        FunctionKind::Unary(UnaryOp::Round),
        "the nearest whole number, halves away from zero",
        "round(cost)",
    ),
    row(
        "share",
        "share(x, axis)",
        (2, 2),
        FunctionKind::Share,
        "x over its sum along the axis",
        "share(impact, driver)",
    ),
    row("sin", "sin(x)", (1, 1), FunctionKind::Unary(UnaryOp::Sin), "sine of x in radians", "sin(cost)"),
    row("sqrt", "sqrt(x)", (1, 1), FunctionKind::Unary(UnaryOp::Sqrt), "square root", "sqrt(cost)"),
    row(
        "sum",
        "sum(x, axis)",
        (2, 2),
        FunctionKind::Reduce(Reduction::Sum),
        "sum along an axis",
        "sum(impact, driver)",
    ),
];

/// Functions that the language has but this version does not.
pub const LATER: [&str; 4] = ["first", "irr", "lookup", "table"];

/// Words that no constant, input, formula or output may be named.
pub const RESERVED: [&str; 8] = ["and", "e", "if", "not", "or", "pi", "previous", "year"];

/// The row of a function.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|f| f.name == name)
}
