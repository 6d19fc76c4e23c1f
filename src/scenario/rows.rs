//! `bootstrap` and `block_bootstrap`: rows of a data file, drawn whole, so that its columns stay together.
//!
//! Inputs of one file draw the same row in a run, over the years a new one each year (Efron 1979, Bootstrap methods:
//! another look at the jackknife, Annals of Statistics 7(1), 1–26, doi:10.1214/aos/1176344552). `block_bootstrap` draws
//! where a block of consecutive rows begins, every `length` years from the base year on; behind the last row stands the
//! first again, so that every row is as likely as any other (Politis & Romano 1992, A circular block-resampling
//! procedure for stationary data, in Exploring the Limits of Bootstrap, 263–270).

use super::data::Column;
use super::draw_spec::DrawSpec;
use super::evaluate::{Cell, Evaluator};
use super::expression::{BinaryOp, Expr, Symbol};
use super::inputs::{HiddenValues, Kind, Shared, Values};
use super::laws::Typed;
use super::model::{AxisId, InputId, Recurrence};
use super::over::Over;
use super::processes::{Hidden, drawn};
use super::resolve::Resolver;
use super::spread::Spread;
use super::syntax::{Argument, Word};
use super::terms::{binary, choose, number};
use crate::diagnostic::{AXIS_MISMATCH, CONSTANT, Diagnostic, PARAMETER, PARAMETERS, Span};

/// Words that draw rows.
const ROWS: &str = "bootstrap";
const BLOCKS: &str = "block_bootstrap";

/// Rows of a file for one column, with the places of its parameters.
#[derive(Debug)]
pub struct Rows {
    /// Place of the call's name.
    pub call: Span,
    column: Column,
    /// Rows of a block, where rows come in blocks.
    length: Option<Typed>,
}

/// True for a word that draws rows.
pub fn is_rows(word: &str) -> bool {
    word == ROWS || word == BLOCKS
}

fn usage(word: &str) -> &'static str {
    match word {
        ROWS => "write `bootstrap(table('history.csv', 'price'))`",
        _ => "write `block_bootstrap(table('history.csv', 'price'), length = 3)`",
    }
}

/// The rows that the arguments of a call draw, for an input over these axes; `None` after a report.
pub fn rows(word: &Word, arguments: &[Argument], over: &Over, resolver: &mut Resolver<'_>) -> Option<Rows> {
    let name = word.text.as_str();
    let in_blocks = name == BLOCKS;
    let report = |message: String, span: Span, label: &str| {
        Diagnostic::error(&PARAMETERS, message).label(span, label).help(usage(name))
    };
    let Some((table, options)) = arguments.split_first().filter(|(table, _)| table.name.is_none()) else {
        return resolver.refuse(report(
            format!("`{name}` starts with a table"),
            word.span,
            "no table inside",
        ));
    };
    let length = match options {
        [] if !in_blocks => None,
        [] => {
            return resolver.refuse(report(
                format!("`{name}` lacks `length`"),
                word.span,
                "how many rows has a block?",
            ));
        }
        [option, ..] if !in_blocks => {
            let span = option.name.as_ref().map_or(option.value.span, |name| name.span);
            let near = if option.name.as_ref().is_some_and(|name| name.text == "length") {
                "`block_bootstrap` draws blocks"
            } else {
                ""
            };
            return resolver.refuse(
                report(format!("`{name}` takes a table and nothing else"), span, "one too many").help(near),
            );
        }
        [option] if option.name.as_ref().is_none_or(|name| name.text == "length") => Some(option),
        [option, more @ ..] => {
            let wrong = more.first().unwrap_or(option);
            let span = wrong.name.as_ref().map_or(wrong.value.span, |name| name.span);
            return resolver.refuse(report(
                format!("`{name}` takes a table and `length`"),
                span,
                "not `length`",
            ));
        }
    };
    let year = resolver.names.year();
    if in_blocks && year.is_none_or(|year| !over.declared.contains(&year)) {
        let input = resolver.names.name(resolver.owner);
        let help = match year {
            Some(_) => "add `over = [\"year\"]`",
            None => "add `years = [2025, 2031]` to [scenario] and `over = [\"year\"]` here",
        };
        return resolver.refuse(
            Diagnostic::error(&AXIS_MISMATCH, format!("`{name}` goes along the years, `{input}` has none"))
                .label(word.span, "blocks of rows in consecutive years")
                .help(help),
        );
    }
    let column = match resolver.names.tables.column(&table.value) {
        Ok(column) => column,
        Err(report) => return resolver.refuse(*report),
    };
    let length = match length {
        None => None,
        Some(option) => {
            let resolved = resolver.resolve(&option.value)?;
            let axes = resolved.axes.into_iter().collect();
            Some(Typed { expr: resolved.expr, axes, span: option.value.span })
        }
    };
    Some(Rows { call: word.span, column, length })
}

impl Rows {
    /// The word of the call.
    pub fn word(&self) -> &'static str {
        if self.length.is_some() { BLOCKS } else { ROWS }
    }

    /// Refuses a length that is no number of rows.
    pub fn check(&self, evaluator: &Evaluator<'_>) -> Option<Diagnostic> {
        let length = self.length.as_ref()?;
        let rows = self.column.values.len();
        let Some(x) = evaluator.value(&length.expr, &evaluator.nowhere()) else {
            return Some(
                Diagnostic::error(&CONSTANT, "`length` of `block_bootstrap` is one constant")
                    .label(length.span, "differs from run to run, or along an axis")
                    .help(usage(BLOCKS)),
            );
        };
        let holds = x >= 1.0 && x <= rows as f64 && x == libm::floor(x);
        (!holds).then(|| {
            Diagnostic::error(
                &PARAMETER,
                format!("`length` of `block_bootstrap` must be a whole number from 1 to {rows}"),
            )
            .label(length.span, format!("it is {x}"))
            .help(format!("the file has {rows} rows"))
        })
    }

    /// Places of the parameters, with the axes each runs over.
    pub fn places(&self) -> Vec<(Span, Vec<AxisId>)> {
        self.length.iter().map(|length| (length.span, length.axes.clone())).collect()
    }
}

/// What draws the rows of a file, for all inputs that take them.
#[derive(Debug)]
pub struct Drawer {
    file: usize,
    /// Rows of a block with the place where that is said, where rows come in blocks.
    length: Option<(usize, Span)>,
    yearly: bool,
    id: InputId,
}

/// What the values of an input need beside its rows.
pub struct Frame<'a> {
    pub evaluator: &'a Evaluator<'a>,
    pub over: &'a [AxisId],
    /// Number of the first input that is free for what draws.
    pub first_hidden: usize,
}

/// The values of an input whose elements are rows, `leaves` those of the spread. Adds what draws to `drawers`.
///
/// # Errors
/// A report of blocks of one file that differ in length.
pub fn values(
    leaves: &[Rows],
    spread: &Spread<'_>,
    frame: &Frame<'_>,
    drawers: &mut Vec<Drawer>,
) -> Result<Values, Box<Diagnostic>> {
    let names = frame.evaluator.names;
    let year = names.year().filter(|year| frame.over.contains(year));
    let mut values = Values { kind: Kind::Rows, ..Values::default() };
    for (element, leaf) in spread.elements.iter().enumerate() {
        let rows = &leaves[*leaf];
        let count = rows.column.values.len();
        let length = rows.length.as_ref().and_then(|typed| {
            let x = frame.evaluator.value(&typed.expr, &frame.evaluator.nowhere())?;
            Some((x as usize, typed.span))
        });
        let same = |known: &&Drawer| {
            (known.file, known.yearly, known.length.is_some())
                == (rows.column.file, year.is_some(), length.is_some())
        };
        let id = match drawers.iter().find(same) {
            Some(known) => {
                if let (Some((own, span)), Some((other, place))) = (length, known.length)
                    && own != other
                {
                    return Err(Box::new(
                        Diagnostic::error(&PARAMETERS, "blocks of one file have one length")
                            .label(span, format!("{own} rows"))
                            .context(place, format!("{other} rows"))
                            .help("rows of a file are drawn together, for all its columns"),
                    ));
                }
                known.id
            }
            None => {
                let id = InputId(frame.first_hidden + values.hidden.len());
                drawers.push(Drawer { file: rows.column.file, length, yearly: year.is_some(), id });
                values.hidden.extend(drawer(rows, year, frame));
                id
            }
        };
        if !values.drawn_by.contains(&id) {
            values.drawn_by.push(id);
        }
        let cell = frame.evaluator.cell(frame.over, element);
        let row = row(Symbol::Input(id), count, length.map(|(length, _)| length), year, &cell);
        let formula = Expr::Column(rows.column.values.clone(), Box::new(row));
        values.recurrences.push(Recurrence { initial: None, formula });
    }
    Ok(values)
}

/// The hidden input that draws rows, or where blocks of them begin.
fn drawer(rows: &Rows, year: Option<AxisId>, frame: &Frame<'_>) -> Option<HiddenValues> {
    let values = &rows.column.values;
    let law = drawn("uniform_int", vec![number(1.0), number(values.len() as f64)])?;
    let over: Vec<AxisId> = year.into_iter().collect();
    let is_block = rows.length.is_some();
    let what = if is_block { "block" } else { "row" };
    let shared = Shared {
        name: format!("{} {what}", rows.column.name),
        unit: None,
        ranking: (!is_block).then(|| values.clone()),
        over: over.clone(),
        label: None,
    };
    let laws = vec![DrawSpec::Law(law); frame.evaluator.names.cells(&over)];
    let hidden = Hidden { name: what, unit: None };
    Some(HiddenValues { hidden, laws, recurrences: Vec::new(), shared: Some(shared) })
}

/// The row of an element: what is drawn, or the row of its year in the block that is drawn for the year it began in.
fn row(drawn: Symbol, rows: usize, length: Option<usize>, year: Option<AxisId>, cell: &Cell) -> Expr {
    let place = year.and_then(|year| Some((year, cell[year.0]?)));
    let (Some(length), Some((year, now))) = (length, place) else {
        return Expr::Reference { symbol: drawn, pinned: Vec::new() };
    };
    let behind = now % length;
    let start = Expr::Reference { symbol: drawn, pinned: vec![(year, now - behind)] };
    if behind == 0 {
        return start;
    }
    let (row, rows) = (start + number(behind as f64), number(rows as f64));
    choose(binary(BinaryOp::Greater, row.clone(), rows.clone()), row.clone() - rows, row)
}
