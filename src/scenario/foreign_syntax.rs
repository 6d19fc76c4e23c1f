//! Formulas and `dist` texts in the grammar of other programs, and how they are written here.
//!
//! A text that is refused is changed in the ways that people know from elsewhere — `;` between arguments, decimal commas,
//! per cent signs, a call without parentheses — and read by a parser that also knows `a ? b : c`, `if a then b else c` and
//! lists in braces. What it makes of it is spelled out as advice.

use super::call_advice::along_values;
use super::dist_words::all_words;
use super::foreign_texts::{WAYS, plain, without_points_of_thousands};
use super::functions::function;
use super::lexer::TokenKind;
use super::list_words::in_pairs;
use super::other_words::{all_translated, function_with, law_of_another_tool, law_with, written};
use super::parser::{Parser, read_loosely};
use super::spelling::spelled;
use super::syntax::{Argument, Ast, AstKind, Word};
use super::tree::Text;
use crate::diagnostic::Diagnostic;

/// The report with what to type instead of the whole text, where that is known.
pub fn advised(text: &Text, report: Diagnostic) -> Diagnostic {
    match meant(&text.text) {
        Some(help) => Diagnostic { help: vec![help], ..report },
        None => report,
    }
}

/// What to type instead of a text that is refused.
fn meant(typed: &str) -> Option<String> {
    let plain = plain(typed);
    if typed.contains(';')
        && let Some(joined) = without_points_of_thousands(&plain)
        && let (Some(large), Some(small)) = (written_out(&joined), written_out(&plain))
    {
        let small = small.trim_start_matches("write ");
        return Some(format!("{large} for thousands, or with points as fractions: {small}"));
    }
    WAYS.iter().find_map(|way| written_out(&way(&plain)?))
}

fn written_out(text: &str) -> Option<String> {
    advice(&read_loosely(text).ok()?)
}

fn advice(ast: &Ast) -> Option<String> {
    let AstKind::Call { function, arguments } = &ast.kind else {
        return Some(format!("write `{}`", spelled(&translated(ast))));
    };
    let has_list = arguments.iter().any(|argument| matches!(argument.value.kind, AstKind::List(_)));
    if let Some(call) = in_pairs(&function.text, arguments).filter(|_| has_list) {
        return Some(format!("write `{call}`"));
    }
    match law_of_another_tool(function, arguments) {
        Some((_, advice)) => Some(written(&advice)),
        None => (!has_list).then(|| format!("write `{}`", spelled(&translated(ast)))),
    }
}

/// The expression with functions and laws of other programs as they are called here.
pub fn translated(ast: &Ast) -> Ast {
    let kind = match &ast.kind {
        AstKind::Call { function: word, arguments } => {
            let arguments = all_translated(arguments);
            let is_here = |name: &str| function(name).is_some() || all_words().any(|known| known == name);
            let small = word.text.to_lowercase();
            let law = || law_with(word, &arguments).map(|(_, advice)| advice.trim_matches('`').to_string());
            let foreign = || match is_here(&small) {
                false => function_with(&word.text, &arguments).or_else(law),
                true => function_with(&word.text, &arguments),
            };
            if !is_here(&word.text)
                && let Some(found) = foreign().and_then(|call| read_loosely(&call).ok())
            {
                return found;
            }
            let values: Vec<&Ast> = arguments.iter().map(|argument| &argument.value).collect();
            let axis_last =
                matches!(values.last().map(|ast| &ast.kind), Some(AstKind::Name(_) | AstKind::Text(_)));
            if let Some(row) =
                function(&small).filter(|_| values.len() > 2 || values.len() == 2 && !axis_last)
                && let Some(found) = along_values(row.kind, &values).and_then(|text| read_loosely(&text).ok())
            {
                return found;
            }
            let text = if is_here(&small) { small } else { word.text.clone() };
            AstKind::Call { function: Word { text, span: word.span }, arguments }
        }
        AstKind::Map(entries) => {
            AstKind::Map(entries.iter().map(|(key, value)| (translated(key), translated(value))).collect())
        }
        AstKind::List(items) => AstKind::List(items.iter().map(translated).collect()),
        AstKind::Weighted(x, y) => AstKind::Weighted(Box::new(translated(x)), Box::new(translated(y))),
        AstKind::Unary(op, x) => AstKind::Unary(*op, Box::new(translated(x))),
        AstKind::Binary(op, x, y) => AstKind::Binary(*op, Box::new(translated(x)), Box::new(translated(y))),
        AstKind::Number(_) | AstKind::Text(_) | AstKind::Name(_) | AstKind::Index { .. } => ast.kind.clone(),
    };
    Ast { kind, span: ast.span }
}

impl Parser<'_> {
    /// `condition ? a : b` and `a if condition else b`, whose first part is read.
    pub(super) fn chosen(&mut self, first: Ast) -> Result<Ast, Diagnostic> {
        if self.take("?") {
            let then = self.expression()?;
            return match self.take(":") {
                true => Ok(conditional([first, then, self.expression()?])),
                false => Err(self.unexpected("`:`")),
            };
        }
        if !self.take_keyword("if") {
            return Ok(first);
        }
        let condition = self.expression()?;
        match self.take_keyword("else") {
            true => Ok(conditional([condition, first, self.expression()?])),
            false => Err(self.unexpected("`else`")),
        }
    }

    /// `if condition then a else b`, whose first word is read.
    pub(super) fn in_words(&mut self) -> Result<Ast, Diagnostic> {
        let condition = self.expression()?;
        if !self.take_keyword("then") {
            return Err(self.unexpected("`then`"));
        }
        let then = self.expression()?;
        match self.take_keyword("else") {
            true => Ok(conditional([condition, then, self.expression()?])),
            false => Err(self.unexpected("`else`")),
        }
    }

    /// True, and read over, where a word of whatever case stands next.
    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }
}

fn conditional(parts: [Ast; 3]) -> Ast {
    let span = parts[0].span;
    let arguments = parts.into_iter().map(|value| Argument { name: None, value }).collect();
    Ast { kind: AstKind::Call { function: Word { text: "if".to_string(), span }, arguments }, span }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn texts_of_other_programs_are_written_as_here() {
        for (typed, here) in [
            ("normal(10,5; 2)", "normal(10.5, 2)"),
            ("pert(1.000,5; 2000; 3.500,25)", "pert(1000.5, 2000, 3500.25)"),
            ("RiskDiscrete({1;2};{0,5;0,5})", "discrete({1: 0.5, 2: 0.5})"),
            ("discrete({1; 0.5})", "discrete({1: 0.5})"),
            ("discrete({1;0.25},{2;0.75})", "discrete({1: 0.25, 2: 0.75})"),
            ("RiskCumul(0,10,{1,5},{0.3,0.8})", "cumulative({0: 0, 1: 0.3, 5: 0.8, 10: 1})"),
            ("RiskCumulD(0,10,{1,5},{0.7,0.2})", "cumulative({0: 0, 1: 0.3, 5: 0.8, 10: 1})"),
            ("RiskGeneral(0,10,{1,5},{2,3})", "general({0: 0, 1: 2, 5: 3, 10: 0})"),
            ("RiskHistogrm(0,10,{1,5})", "histogram({0: 1, 5: 5, 10: 0})"),
            ("RiskDUniform({1,2,3})", "discrete({1: 1, 2: 1, 3: 1})"),
            ("RiskNormal(10,2,RiskTruncate(5,))", "truncate(normal(10, 2), min = 5)"),
            ("RiskNormal(10,2,RiskTruncate(,15))", "truncate(normal(10, 2), max = 15)"),
            ("normal 10, 2", "normal(10, 2)"),
            ("Normal 10 2", "normal(10, 2)"),
            ("RiskPert[4; 6; 9]", "pert(4, 6, 9)"),
            ("normal(mean 10, sd 2)", "normal(mean = 10, sd = 2)"),
            ("10 ± 2", "normal(10, 2)"),
            ("normal(10, 20%)", "normal(10, 0.2)"),
            ("normal(10, 2", "normal(10, 2)"),
            ("normal(10, 2))", "normal(10, 2)"),
            ("np.random.normal(10, 2)", "normal(10, 2)"),
            ("empirical(data.csv)", "empirical(table('data.csv', 'column'))"),
            ("empirical(table(data/a.csv, price))", "empirical(table('data/a.csv', 'price'))"),
            ("a > b ? 1 : 0", "if(a > b, 1, 0)"),
            ("2 * (a > b ? a : b)", "2 * if(a > b, a, b)"),
            ("a if a > b else b", "if(a > b, a, b)"),
            ("IF a > b THEN a ELSE b", "if(a > b, a, b)"),
            ("if (a > b) then a else b", "if(a > b, a, b)"),
            ("=IF(a>1,5;POWER(a;2);0)", "if(a > 1.5, a^2, 0)"),
            ("=SUM(a,-20)", "a + -20"),
            ("=SUM(a;b;c)/3", "(a + b + c) / 3"),
            ("a.Asia + 1", "a[Asia] + 1"),
            ("1,5 * a", "1.5 * a"),
            ("a * 5 %", "a * 0.05"),
            ("pert(4 6, 9)", "pert(4, 6, 9)"),
            ("normal(1 000, 50)", "normal(1000, 50)"),
            ("normal(1'000'000, 50)", "normal(1000000, 50)"),
            ("a * 1 000", "a * 1000"),
            (
                "normal(1.000; 50)",
                "normal(1000, 50)` for thousands, or with points as fractions: `normal(1, 50)",
            ),
        ] {
            assert_eq!(meant(typed).as_deref(), Some(format!("write `{here}`").as_str()), "{typed}");
        }
    }

    #[test]
    fn words_within_words_take_no_time() {
        let nested = |mark: &str| format!("{}a{}", "MOD(".repeat(150), format!("{mark} 2)").repeat(150));
        let start = std::time::Instant::now();
        assert!(meant(&nested(";")).is_some());
        // A doubling at each level would need 10^45 steps.
        assert!(start.elapsed().as_secs() < 20);
    }

    #[test]
    fn what_may_mean_two_things_is_left_to_the_report() {
        for typed in
            ["a * 1,250", "a b", "0 < a < 1", "normal(10,,2)", "a % b", "x = 3", "", "((", "if a", "a ? b"]
        {
            assert_eq!(meant(typed), None, "{typed}");
        }
    }
}
