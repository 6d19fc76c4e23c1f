//! A parsed expression as it would be typed, for advice that repeats it.

use super::expression::{BinaryOp, UnaryOp};
use super::syntax::{Argument, Ast, AstKind};

/// How strongly the parts of an expression hold together; an operand that holds less is put in parentheses.
const fn strength(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Add | BinaryOp::Subtract => 5,
        BinaryOp::Multiply | BinaryOp::Divide => 6,
        BinaryOp::Power => 8,
        BinaryOp::Min | BinaryOp::Max => 9,
        _ => 4,
    }
}

const fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Power => "^",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Min => "min",
        BinaryOp::Max => "max",
    }
}

/// The expression as it would be typed.
pub fn spelled(ast: &Ast) -> String {
    held(ast).0
}

/// The expression as an operand of an operator: in parentheses where it needs them.
pub fn operand(ast: &Ast, op: BinaryOp) -> String {
    let (text, strength_of_it) = held(ast);
    if strength_of_it <= strength(op) && strength_of_it < 9 { format!("({text})") } else { text }
}

fn held(ast: &Ast) -> (String, u8) {
    match &ast.kind {
        AstKind::Number(x) if *x < 0.0 => (x.to_string(), 7),
        AstKind::Number(x) => (x.to_string(), 9),
        AstKind::Text(text) => (format!("'{text}'"), 9),
        AstKind::Name(name) => (name.clone(), 9),
        AstKind::Index { name, items } => {
            let items: Vec<String> = items
                .iter()
                .map(|item| {
                    let axis = item.axis.as_ref().map_or(String::new(), |axis| format!("{} = ", axis.text));
                    let quote = if item.quoted { "'" } else { "" };
                    format!("{axis}{quote}{}{quote}", item.member.text)
                })
                .collect();
            (format!("{}[{}]", name.text, items.join(", ")), 9)
        }
        AstKind::Call { function, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(argument).collect();
            (format!("{}({})", function.text, arguments.join(", ")), 9)
        }
        AstKind::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", spelled(key), spelled(value))).collect();
            (format!("{{{}}}", entries.join(", ")), 9)
        }
        AstKind::List(items) => {
            let items: Vec<String> = items.iter().map(spelled).collect();
            (format!("[{}]", items.join(", ")), 9)
        }
        AstKind::Weighted(weight, x) => (format!("{}: {}", spelled(weight), spelled(x)), 0),
        AstKind::Unary(UnaryOp::Not, x) => (format!("not {}", spelled(x)), 3),
        AstKind::Unary(_, x) => (format!("-{}", operand(x, BinaryOp::Multiply)), 7),
        AstKind::Binary(op, x, y) => {
            let (left, strength_of_left) = held(x);
            let left = if strength_of_left < strength(*op) { format!("({left})") } else { left };
            let right = match op {
                BinaryOp::Add | BinaryOp::Multiply | BinaryOp::And | BinaryOp::Or => {
                    let (right, strength_of_right) = held(y);
                    if strength_of_right < strength(*op) { format!("({right})") } else { right }
                }
                _ => operand(y, *op),
            };
            let text = match op {
                BinaryOp::Power => format!("{left}^{right}"),
                _ => format!("{left} {} {right}", sign(*op)),
            };
            (text, strength(*op))
        }
    }
}

/// An argument of a call as it would be typed.
pub fn argument(argument: &Argument) -> String {
    let name = argument.name.as_ref().map_or(String::new(), |name| format!("{} = ", name.text));
    name + &spelled(&argument.value)
}

#[cfg(test)]
mod tests {
    use super::super::parser::{parse, tests::text};
    use super::spelled;

    #[test]
    fn what_is_parsed_is_spelled_as_it_was_typed() {
        for formula in [
            "a + b * (c - d)",
            "(a + b) / (c * d)",
            "-x^2",
            "2^(a + 1)",
            "not (a < b and c or d)",
            "x[region = 'North America', 2031]",
            "pert(1, 2, b = 3)",
            "discrete({0: 0.5, 1: 0.4})",
            "a - (b - c)",
        ] {
            let again = spelled(&parse(&text(formula)).unwrap());
            assert_eq!(parse(&text(&again)).map(|ast| spelled(&ast)).unwrap(), again, "{formula}");
            assert_eq!(
                again.replace("not ", "").replace(['(', ')'], ""),
                formula.replace("not ", "").replace(['(', ')'], "")
            );
        }
        assert_eq!(spelled(&parse(&text("(1 - a) * b")).unwrap()), "(1 - a) * b");
    }
}
