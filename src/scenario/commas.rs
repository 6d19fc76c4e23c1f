//! Numbers that a comma has cut into two arguments: `0,5` and `1,000`.

use super::spelling;
use super::syntax::{Argument, Ast, AstKind};

/// What to write where such numbers are the likely reason for too many arguments of `call`, which takes `least` to `most`.
pub fn advice(call: &str, arguments: &[Argument], least: usize, most: usize) -> Vec<String> {
    let written = |parts: Option<Vec<String>>| {
        let parts =
            parts.filter(|parts| parts.len() < arguments.len() && (least..=most).contains(&parts.len()))?;
        Some(format!("`{call}({})`", parts.join(", ")))
    };
    let large = written(thousands(arguments));
    let small = written(fractions(arguments)).filter(|_| large.is_none() || !round(arguments));
    let mut advice = Vec::new();
    advice.extend(small.map(|call| format!("write decimal fractions with a point: {call}")));
    advice.extend(large.map(|call| format!("write thousands without a comma: {call}")));
    advice
}

/// The arguments with a point in place of every comma that stands between digits.
fn fractions(arguments: &[Argument]) -> Option<Vec<String>> {
    joined(arguments, |parts, _| parts == 1, ".")
}

/// The arguments with the digits of thousands in one number.
fn thousands(arguments: &[Argument]) -> Option<Vec<String>> {
    joined(arguments, |_, digits| digits.len() == 3, "")
}

/// True where all that stands behind such a comma is `000`.
fn round(arguments: &[Argument]) -> bool {
    let behind = arguments.windows(2).filter_map(|pair| behind_comma(&pair[0], &pair[1]));
    behind.into_iter().all(|digits| digits == "000")
}

/// Arguments put together where a comma stands between digits and `goes_on` says of the parts of the number so far, and
/// of the digits behind the comma, that these belong to it; nothing where no argument does.
fn joined(arguments: &[Argument], goes_on: fn(usize, &str) -> bool, mark: &str) -> Option<Vec<String>> {
    let mut parts: Vec<(String, usize)> = Vec::new();
    for (place, argument) in arguments.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| &arguments[before]);
        let digits = before.and_then(|before| behind_comma(before, argument));
        match (digits, parts.last_mut()) {
            (Some(digits), Some((written, count))) if goes_on(*count, &digits) => {
                written.push_str(mark);
                written.push_str(&digits);
                *count += 1;
            }
            _ => parts.push((spelling::argument(argument), 1)),
        }
    }
    (parts.len() < arguments.len()).then(|| parts.into_iter().map(|(written, _)| written).collect())
}

/// The digits of an argument that stands right behind a comma that stands right behind a whole number.
fn behind_comma(before: &Argument, argument: &Argument) -> Option<String> {
    let span = argument.value.span;
    let AstKind::Number(x) = argument.value.kind else { return None };
    let width = span.end.saturating_sub(span.start);
    let digits = format!("{x:0width$}");
    let whole =
        argument.name.is_none() && digits.len() == width && digits.bytes().all(|b| b.is_ascii_digit());
    let near = before.value.span.source == span.source && before.value.span.end + 1 == span.start;
    (whole && near && ends_whole(&before.value)).then_some(digits)
}

/// True for what ends in a whole number.
fn ends_whole(ast: &Ast) -> bool {
    match &ast.kind {
        AstKind::Number(x) => x.fract() == 0.0,
        AstKind::Unary(_, x) | AstKind::Binary(_, _, x) => ends_whole(x),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parser::{parse, tests::text};
    use super::*;

    fn said(call: &str, least: usize, most: usize) -> Vec<String> {
        let AstKind::Call { function, arguments } = parse(&text(call)).unwrap().kind else {
            panic!("{call}")
        };
        advice(&function.text, &arguments, least, most)
    }

    #[test]
    fn commas_between_digits_are_points_or_part_thousands() {
        let point = |call: &str| vec![format!("write decimal fractions with a point: `{call}`")];
        assert_eq!(said("bernoulli(0,15)", 1, 1), point("bernoulli(0.15)"));
        assert_eq!(said("uniform(-0,1, 0,1)", 2, 2), point("uniform(-0.1, 0.1)"));
        assert_eq!(said("normal(10,05, 2)", 2, 2), point("normal(10.05, 2)"));
        assert_eq!(said("if(a > 0,5, 1, 0)", 3, 3), point("if(a > 0.5, 1, 0)"));
        let large = |call: &str| vec![format!("write thousands without a comma: `{call}`")];
        assert_eq!(said("normal(1,000, 50)", 2, 2), large("normal(1000, 50)"));
        assert_eq!(said("triangular(1,000, 2,000, 3,000)", 3, 3), large("triangular(1000, 2000, 3000)"));
        assert_eq!(
            said("pert(1,000,000,2,000,000,3,000,000)", 3, 4),
            large("pert(1000000, 2000000, 3000000)")
        );
        assert_eq!(said("normal(1,250, 50)", 2, 2).len(), 2);
    }

    #[test]
    fn arguments_too_many_are_not_put_together_by_force() {
        for call in ["triangular(1, 2, 3, 4)", "normal(10, 2, a)", "f(1,2,3,4)", "normal(1.5,5,2)"] {
            assert_eq!(said(call, 3, 3), Vec::<String>::new(), "{call}");
        }
    }
}
