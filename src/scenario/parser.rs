//! Formulas and `dist` strings: from tokens to a tree.
//!
//! ```ebnf
//! formula    = expression ;
//! dist       = call ;
//! expression = both , { "or" , both } ;
//! both       = negation , { "and" , negation } ;
//! negation   = "not" , negation | comparison ;
//! comparison = sum , [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) , sum ] ;      (* no chains *)
//! sum        = product , { ( "+" | "-" ) , product } ;
//! product    = sign , { ( "*" | "/" ) , sign } ;
//! sign       = ( "-" | "+" ) , sign | power ;
//! power      = atom , [ "^" , sign ] ;                              (* 2^3^2 = 2^9, -x^2 = -(x^2) *)
//! atom       = number | text | name | index | call | map | list | "(" , expression , ")" ;
//! index      = name , "[" , pin , { "," , pin } , "]" ;
//! pin        = [ ( name | text ) , "=" ] , ( number | text | bare ) ;
//! call       = name , "(" , [ argument , { "," , argument } ] , ")" ;
//! argument   = [ name , "=" ] , expression , [ ":" , expression ] ;       (* a weight before what it weighs *)
//! map        = "{" , expression , ":" , expression , { "," , expression , ":" , expression } , "}" ;
//! list       = "[" , expression , { "," , expression } , "]" ;
//! name       = letter , { letter | digit } ;       (* letters of any script and "_"; also p97.5 *)
//! number     = ( digits , [ "." , digits ] | "." , digits ) , [ ( "e" | "E" ) , [ "+" | "-" ] , digit , { digit } ] ;
//! digits     = digit , { digit | "_" } ;
//! text       = '"' , { character } , '"' | "'" , { character } , "'" ;
//! bare       = ? a member's name as it stands, up to "," or "]" ? ;
//! ```

use super::expression::{BinaryOp, UnaryOp};
use super::foreign_syntax::advised;
use super::lexer::{Token, TokenKind, tokens};
use super::syntax::{Argument, Ast, AstKind, IndexItem, Word};
use super::tree::Text;
use crate::diagnostic::{Diagnostic, SYNTAX, Span};

/// Expressions nested deeper than this are refused.
const DEEPEST: usize = 200;
/// Texts of more tokens are refused: a chain of operators is a deep tree.
const LONGEST: usize = 2_000;

/// Parses a whole text as one expression.
///
/// # Errors
/// A diagnostic at the first token that does not fit the grammar.
pub fn parse(text: &Text) -> Result<Ast, Diagnostic> {
    read(text, false).map_err(|report| advised(text, report))
}

/// Parses a text that may have the grammar of other programs, for advice.
///
/// # Errors
/// A diagnostic where it does not fit that grammar either.
pub(super) fn read_loosely(text: &str) -> Result<Ast, Diagnostic> {
    read(&Text::plain(text), true)
}

fn read(text: &Text, loose: bool) -> Result<Ast, Diagnostic> {
    if text.text.trim().is_empty() {
        return Err(
            Diagnostic::error(&SYNTAX, "there is no formula here").label(text.span, "this text is empty")
        );
    }
    let tokens = tokens(text)?;
    if tokens.len() > LONGEST {
        return Err(Diagnostic::error(&SYNTAX, "this formula is too long")
            .label(text.span, format!("{} tokens, more than {LONGEST}", tokens.len()))
            .help("give parts of it names of their own in [formulas]"));
    }
    let mut parser = Parser { source: text, tokens, at: 0, depth: 0, loose };
    if let TokenKind::Mark("=") = parser.peek() {
        return Err(Diagnostic::error(&SYNTAX, "a formula begins without `=`")
            .label(parser.span(), "this is no cell of a spreadsheet")
            .help(format!("leave the `=` out: `{}`", text.text.trim().trim_start_matches('=').trim())));
    }
    let ast = parser.expression()?;
    match parser.peek() {
        TokenKind::End => Ok(ast),
        _ => Err(parser.leftover()),
    }
}

pub(super) struct Parser<'a> {
    pub(super) source: &'a Text,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
    /// Reads what other programs write, too.
    pub(super) loose: bool,
}

type Parsed = Result<Ast, Diagnostic>;

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Diagnostic::error(&SYNTAX, "this expression is nested too deeply")
                .label(self.span(), format!("more than {DEEPEST} levels"))
                .help("give parts of it names of their own in [formulas]"));
        }
        let mut left = self.both()?;
        while self.take_word("or") {
            left = binary(BinaryOp::Or, left, self.both()?);
        }
        let whole = if self.loose { self.chosen(left) } else { Ok(left) };
        self.depth -= 1;
        whole
    }

    fn both(&mut self) -> Parsed {
        let mut left = self.negation()?;
        while self.take_word("and") {
            left = binary(BinaryOp::And, left, self.negation()?);
        }
        Ok(left)
    }

    fn negation(&mut self) -> Parsed {
        let start = self.span();
        if !self.take_word("not") {
            return self.comparison();
        }
        self.nested(|parser| {
            let operand = parser.negation()?;
            Ok(unary(UnaryOp::Not, start, operand))
        })
    }

    fn comparison(&mut self) -> Parsed {
        let start = self.at;
        let left = self.sum()?;
        let Some(op) = self.comparison_op() else { return Ok(left) };
        let first = self.at;
        self.at += 1;
        let right = self.sum()?;
        let (second, chained) = (self.at, self.span());
        if self.comparison_op().is_none() {
            return Ok(binary(op, left, right));
        }
        self.at += 1;
        self.sum()?;
        let (left, middle) = (self.between(start, second), self.between(first + 1, second));
        let last = self.between(second, self.at);
        Err(Diagnostic::error(&SYNTAX, "comparisons cannot be chained")
            .label(chained, "a second comparison")
            .help(format!("write both out: `{left} and {middle} {last}`")))
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let op = match self.peek() {
                TokenKind::Mark("+") => BinaryOp::Add,
                TokenKind::Mark("-") => BinaryOp::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            left = binary(op, left, self.product()?);
        }
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.sign()?;
        loop {
            let op = match self.peek() {
                TokenKind::Mark("*") => BinaryOp::Multiply,
                TokenKind::Mark("/") => BinaryOp::Divide,
                _ => return Ok(left),
            };
            self.at += 1;
            left = binary(op, left, self.sign()?);
        }
    }

    fn sign(&mut self) -> Parsed {
        let start = self.span();
        if self.take("-") {
            return self.nested(|parser| {
                let operand = parser.sign()?;
                Ok(match operand.kind {
                    AstKind::Number(x) => Ast { kind: AstKind::Number(-x), span: start.to(operand.span) },
                    _ => unary(UnaryOp::Negate, start, operand),
                })
            });
        }
        if self.take("+") {
            return self.nested(Self::sign);
        }
        self.power()
    }

    fn power(&mut self) -> Parsed {
        let base = self.atom()?;
        if !self.take("^") {
            return Ok(base);
        }
        let exponent = self.nested(Self::sign)?;
        Ok(binary(BinaryOp::Power, base, exponent))
    }

    fn atom(&mut self) -> Parsed {
        let span = self.span();
        match self.peek().clone() {
            TokenKind::Number(value) => {
                self.at += 1;
                Ok(Ast { kind: AstKind::Number(value), span })
            }
            TokenKind::Quoted(text) => {
                self.at += 1;
                Ok(Ast { kind: AstKind::Text(text), span })
            }
            TokenKind::Word(text) if !matches!(text.as_str(), "and" | "or" | "not") => {
                self.at += 1;
                let word = Word { text, span };
                let is_if = self.loose && word.text.eq_ignore_ascii_case("if");
                match self.peek() {
                    _ if is_if && !self.is_whole_call() => self.nested(Self::in_words),
                    TokenKind::Mark("(") => self.call(word),
                    TokenKind::Mark("[") => self.index(word),
                    _ => Ok(Ast { kind: AstKind::Name(word.text), span }),
                }
            }
            TokenKind::Word(text) if text != "not" && self.opens_behind() => {
                let text = text.clone();
                self.at += 1;
                let call = self.call(Word { text, span })?;
                Err(self.not_a_function(&call))
            }
            TokenKind::Mark("(") => {
                self.at += 1;
                let mut inner = self.expression()?;
                inner.span = span.to(self.close(")", span)?);
                match self.peek() {
                    TokenKind::Mark("[") => Err(Diagnostic::error(&SYNTAX, "only a name can be indexed")
                        .label(self.span(), "behind parentheses")
                        .help("give the expression a name in [formulas] and index that")),
                    _ => Ok(inner),
                }
            }
            TokenKind::Mark("{") => self.map(),
            TokenKind::Mark("[") => self.list(),
            _ => Err(self.unexpected("a number, a name or `(`")),
        }
    }

    fn call(&mut self, function: Word) -> Parsed {
        let open = self.span();
        self.at += 1;
        let mut arguments = Vec::new();
        if !matches!(self.peek(), TokenKind::Mark(")")) {
            loop {
                arguments.push(self.argument(&function)?);
                if !self.take(",") {
                    break;
                }
            }
        }
        if let Some(report) = self.missing_comma() {
            return Err(report);
        }
        let span = function.span.to(self.close(")", open)?);
        Ok(Ast { kind: AstKind::Call { function, arguments }, span })
    }

    fn argument(&mut self, function: &Word) -> Result<Argument, Diagnostic> {
        let span = self.span();
        let is_left_out = matches!(self.peek(), TokenKind::Mark("," | ")"));
        if self.loose && is_left_out && function.text.to_lowercase().starts_with("risk") {
            return Ok(Argument { name: None, value: Ast { kind: AstKind::Name(String::new()), span } });
        }
        let mut name = None;
        if let TokenKind::Word(text) = self.peek()
            && self.tokens.get(self.at + 1).is_some_and(|t| t.kind == TokenKind::Mark("="))
        {
            name = Some(Word { text: text.clone(), span });
            self.at += 2;
        }
        let value = self.expression()?;
        if !self.take(":") {
            return Ok(Argument { name, value });
        }
        let weighed = self.expression()?;
        let span = value.span.to(weighed.span);
        Ok(Argument {
            name,
            value: Ast { kind: AstKind::Weighted(Box::new(value), Box::new(weighed)), span },
        })
    }

    fn map(&mut self) -> Parsed {
        let open = self.span();
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            let key = self.expression()?;
            if !self.take(":") {
                if !self.loose || !entries.is_empty() {
                    return Err(self.no_map(key, open));
                }
                let items = self.listed(key).ok_or_else(|| self.unexpected("`,` or `}`"))?;
                return Ok(Ast { kind: AstKind::List(items), span: open });
            }
            entries.push((key, self.expression()?));
            if !self.take(",") {
                break;
            }
        }
        let span = open.to(self.close("}", open)?);
        Ok(Ast { kind: AstKind::Map(entries), span })
    }

    fn list(&mut self) -> Parsed {
        let open = self.span();
        self.at += 1;
        let mut items = Vec::new();
        loop {
            items.push(self.expression()?);
            if !self.take(",") {
                break;
            }
        }
        let span = open.to(self.close("]", open)?);
        Ok(Ast { kind: AstKind::List(items), span })
    }

    fn index(&mut self, name: Word) -> Parsed {
        let open = self.span();
        self.at += 1;
        let mut items = Vec::new();
        loop {
            items.push(self.pin()?);
            if !self.take(",") {
                break;
            }
        }
        let span = name.span.to(self.close("]", open)?);
        Ok(Ast { kind: AstKind::Index { name, items }, span })
    }

    fn pin(&mut self) -> Result<IndexItem, Diagnostic> {
        let mut axis = None;
        if self.tokens.get(self.at + 1).is_some_and(|t| t.kind == TokenKind::Mark("="))
            && let TokenKind::Word(text) | TokenKind::Quoted(text) = self.peek()
        {
            axis = Some(Word { text: text.clone(), span: self.span() });
            self.at += 2;
        }
        if let TokenKind::Quoted(text) = self.peek() {
            let member = Word { text: text.clone(), span: self.span() };
            self.at += 1;
            return Ok(IndexItem { axis, member, quoted: true });
        }
        let first = self.at;
        while !matches!(self.peek(), TokenKind::Mark("," | "]" | "[" | "(" | ")") | TokenKind::End) {
            self.at += 1;
        }
        if self.at == first {
            return Err(self.unexpected("a member of an axis, or a year"));
        }
        let range = self.tokens[first].range.start..self.tokens[self.at - 1].range.end;
        let text = self.source.text[range.clone()].to_string();
        Ok(IndexItem { axis, member: Word { text, span: self.source.span_of(range) }, quoted: false })
    }

    fn nested(&mut self, rule: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Diagnostic::error(&SYNTAX, "this expression is nested too deeply")
                .label(self.span(), format!("more than {DEEPEST} levels")));
        }
        let result = rule(self);
        self.depth -= 1;
        result
    }

    pub(super) fn peek(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    pub(super) fn span(&self) -> Span {
        self.source.span_of(self.tokens[self.at].range.clone())
    }

    /// The text from one token up to another, without that one.
    fn between(&self, first: usize, end: usize) -> &str {
        let range = self.tokens[first].range.start..self.tokens[end - 1].range.end;
        self.source.text.get(range).unwrap_or("…")
    }

    pub(super) fn take(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Mark(m) if *m == mark);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Word(w) if w == word);
        self.at += usize::from(found);
        found
    }

    fn comparison_op(&self) -> Option<BinaryOp> {
        Some(match self.peek() {
            TokenKind::Mark("<") => BinaryOp::Less,
            TokenKind::Mark("<=") => BinaryOp::LessEqual,
            TokenKind::Mark(">") => BinaryOp::Greater,
            TokenKind::Mark(">=") => BinaryOp::GreaterEqual,
            TokenKind::Mark("==") => BinaryOp::Equal,
            TokenKind::Mark("!=") => BinaryOp::NotEqual,
            _ => return None,
        })
    }

    pub(super) fn written(&self) -> &str {
        self.source.text.get(self.tokens[self.at].range.clone()).unwrap_or("")
    }
}

fn binary(op: BinaryOp, left: Ast, right: Ast) -> Ast {
    let span = left.span.to(right.span);
    Ast { kind: AstKind::Binary(op, Box::new(left), Box::new(right)), span }
}

fn unary(op: UnaryOp, start: Span, operand: Ast) -> Ast {
    let span = start.to(operand.span);
    Ast { kind: AstKind::Unary(op, Box::new(operand)), span }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A formula as it would come from a literal string at the start of a source.
    pub fn text(formula: &str) -> Text {
        Text::plain(formula)
    }

    /// Fully parenthesised spelling.
    fn shape(ast: &Ast) -> String {
        match &ast.kind {
            AstKind::Number(x) => x.to_string(),
            AstKind::Text(t) => format!("'{t}'"),
            AstKind::Name(n) => n.clone(),
            AstKind::Index { name, items } => {
                let items: Vec<String> = items
                    .iter()
                    .map(|i| {
                        i.axis.as_ref().map_or(String::new(), |a| format!("{}=", a.text)) + &i.member.text
                    })
                    .collect();
                format!("{}[{}]", name.text, items.join(","))
            }
            AstKind::Call { function, arguments } => {
                let arguments: Vec<String> = arguments
                    .iter()
                    .map(|a| {
                        a.name.as_ref().map_or(String::new(), |n| format!("{}=", n.text)) + &shape(&a.value)
                    })
                    .collect();
                format!("{}({})", function.text, arguments.join(","))
            }
            AstKind::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(k, v)| format!("{}:{}", shape(k), shape(v))).collect();
                format!("{{{}}}", entries.join(","))
            }
            AstKind::List(items) => {
                let items: Vec<String> = items.iter().map(shape).collect();
                format!("[{}]", items.join(","))
            }
            AstKind::Weighted(weight, x) => format!("{}:{}", shape(weight), shape(x)),
            AstKind::Unary(op, x) => format!("({op:?} {})", shape(x)),
            AstKind::Binary(op, x, y) => format!("({} {op:?} {})", shape(x), shape(y)),
        }
    }

    fn parsed(formula: &str) -> String {
        shape(&parse(&text(formula)).unwrap())
    }

    #[test]
    fn operators_bind_as_in_mathematics() {
        assert_eq!(parsed("1 + 2 * 3"), "(1 Add (2 Multiply 3))");
        assert_eq!(parsed("-x^2"), "(Negate (x Power 2))");
        assert_eq!(parsed("2^3^2"), "(2 Power (3 Power 2))");
        assert_eq!(parsed("(1 + r) ^ -t"), "((1 Add r) Power (Negate t))");
        assert_eq!(parsed("a - b - c"), "((a Subtract b) Subtract c)");
        assert_eq!(parsed("not a < b and c or d"), "(((Not (a Less b)) And c) Or d)");
    }

    #[test]
    fn members_may_stand_bare_quoted_and_with_their_axis() {
        assert_eq!(parsed("x[2031]"), "x[2031]");
        assert_eq!(parsed("x[approvals]"), "x[approvals]");
        assert_eq!(parsed("x[Asia-Pacific, 2031]"), "x[Asia-Pacific,2031]");
        assert_eq!(parsed("x[region = \"North America\"]"), "x[region=North America]");
    }

    #[test]
    fn calls_take_names_and_maps() {
        assert_eq!(parsed("pert(1, 2, 3, shape = 4)"), "pert(1,2,3,shape=4)");
        assert_eq!(parsed("discrete({0: 0.5, 1: 0.4})"), "discrete({0:0.5,1:0.4})");
        assert_eq!(parsed("normal(p10 = 1, p97.5 = 2)"), "normal(p10=1,p97.5=2)");
        assert_eq!(parsed("mixture(0.6: f(1), a + 1: g(2))"), "mixture(0.6:f(1),(a Add 1):g(2))");
    }

    #[test]
    fn spans_cover_the_whole_expression() {
        let ast = parse(&text("  a + f(b) ")).unwrap();
        assert_eq!((ast.span.start, ast.span.end), (2, 10));
    }

    #[test]
    fn a_chain_of_comparisons_is_refused_with_both_written_out() {
        let problem = parse(&text("1 < x < 3")).unwrap_err();
        assert!(problem.help[0].contains("1 < x and x < 3"), "{problem:?}");
    }

    #[test]
    fn deep_nesting_is_refused_and_not_a_crash() {
        for (open, close) in [("(", ")"), ("-", ""), ("not ", ""), ("f(", ")"), ("2^", "")] {
            let nested = |levels: usize| parse(&text(&(open.repeat(levels) + "1" + &close.repeat(levels))));
            assert!(nested(50).is_ok());
            assert!(nested(400).unwrap_err().message.contains("deeply"));
            assert!(nested(100_000).unwrap_err().message.contains("too long"));
        }
        let chain = |terms: usize| parse(&text(&vec!["1"; terms].join("+")));
        assert!(chain(900).is_ok());
        assert!(chain(2_000).unwrap_err().message.contains("too long"));
    }
}
