//! The tree of a formula or `dist` string, every node with its place in the file.

use super::expression::{BinaryOp, UnaryOp};
use crate::diagnostic::Span;

/// An expression as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Ast {
    pub kind: AstKind,
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum AstKind {
    Number(f64),
    /// A quoted text; only names of axes and members are written so.
    Text(String),
    Name(String),
    /// `x[2031]`, `x["Asia-Pacific"]`, `x[region = "Asia-Pacific", 2031]`.
    Index {
        name: Word,
        items: Vec<IndexItem>,
    },
    Call {
        function: Word,
        arguments: Vec<Argument>,
    },
    /// `{key: value, …}`.
    Map(Vec<(Ast, Ast)>),
    /// `[value, …]`, in `dist` texts.
    List(Vec<Ast>),
    /// `weight: value`, an argument of a call.
    Weighted(Box<Ast>, Box<Ast>),
    Unary(UnaryOp, Box<Ast>),
    Binary(BinaryOp, Box<Ast>, Box<Ast>),
}

/// A word and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub text: String,
    pub span: Span,
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The name before `=`.
    pub name: Option<Word>,
    pub value: Ast,
}

/// One pinned axis.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexItem {
    /// The axis before `=`.
    pub axis: Option<Word>,
    /// The member, unquoted.
    pub member: Word,
    /// False for a bare number or word.
    pub quoted: bool,
}

impl Ast {
    /// Tells `visit` every name of a value.
    pub fn each_name(&self, visit: &mut impl FnMut(&str)) {
        let mut open = vec![self];
        while let Some(ast) = open.pop() {
            match &ast.kind {
                AstKind::Number(_) | AstKind::Text(_) => {}
                AstKind::Name(name) => visit(name),
                AstKind::Index { name, .. } => visit(&name.text),
                AstKind::Call { arguments, .. } => open.extend(arguments.iter().map(|a| &a.value)),
                AstKind::Map(entries) => open.extend(entries.iter().flat_map(|(key, value)| [key, value])),
                AstKind::List(items) => open.extend(items),
                AstKind::Unary(_, x) => open.push(x),
                AstKind::Weighted(x, y) | AstKind::Binary(_, x, y) => open.extend([&**x, &**y]),
            }
        }
    }
}
