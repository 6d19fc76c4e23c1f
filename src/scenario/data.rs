//! `table("file.csv", "column")`: columns of data files, read once each.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::extends::reason;
use super::foreign_format::{NoText, no_text};
use super::names::{did_you_mean, listed};
use super::plain::read_plain;
use super::syntax::{Argument, Ast, AstKind};
use crate::diagnostic::{DATA, Diagnostic, Span};

const USAGE: &str =
    "write `table('history.csv', 'price')`: a file beside this one, and a column of its first line";

/// True for the name of a file that may hold a table.
pub fn is_table_file(name: &str) -> bool {
    let endings = [".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".parquet"];
    let small = name.to_lowercase();
    endings.iter().any(|ending| small.len() > ending.len() && small.ends_with(ending))
}

/// The data files of a scenario, as far as they were asked for.
#[derive(Debug, Default)]
pub struct Tables {
    /// Folder of each source of the scenario, to which paths in it are relative.
    folders: Vec<PathBuf>,
    files: RefCell<Vec<File>>,
}

/// Path and bytes of a file.
pub type DataBytes = (PathBuf, Vec<u8>);

/// A column of a file.
#[derive(Clone, Debug)]
pub struct Column {
    /// Number of the file among those that were read.
    pub file: usize,
    /// The file's name as typed.
    pub name: String,
    pub values: Arc<[f64]>,
}

/// A file as it is on the disk.
#[derive(Debug)]
struct File {
    path: PathBuf,
    bytes: Vec<u8>,
    columns: Vec<(String, Arc<[f64]>)>,
}

impl Tables {
    /// Tables of a scenario whose sources have these paths.
    pub fn beside<'a>(sources: impl Iterator<Item = &'a str>) -> Tables {
        let folder = |path: &str| Path::new(path).parent().unwrap_or(Path::new("")).to_path_buf();
        Tables { folders: sources.map(folder).collect(), files: RefCell::default() }
    }

    /// Paths and bytes of all files that were read, in the order in which they were first named.
    pub fn into_files(self) -> Vec<DataBytes> {
        self.files.into_inner().into_iter().map(|file| (file.path, file.bytes)).collect()
    }

    /// The column that a call of `table` names.
    pub fn column(&self, ast: &Ast) -> Result<Column, Box<Diagnostic>> {
        let wrong = |message: &str, span: Span, label: &str, file: Option<&str>| {
            let help = file.and_then(|file| self.usage(ast.span.source, file)).unwrap_or(USAGE.to_string());
            Err(Box::new(Diagnostic::error(&DATA, message).label(span, label).help(help)))
        };
        let AstKind::Call { function, arguments } = &ast.kind else {
            let file = match &ast.kind {
                AstKind::Text(file) => Some(file.as_str()),
                _ => None,
            };
            return wrong("data come from a table", ast.span, "no table", file);
        };
        let texts: Vec<Option<&str>> = arguments.iter().map(text).collect();
        let first = texts.first().copied().flatten();
        if function.text != "table" {
            return wrong("data come from a table", function.span, "not `table`", first);
        }
        let [Some(file), Some(name)] = texts[..] else {
            return wrong(
                "`table` takes a file and a column, both in quotes",
                ast.span,
                "not two texts",
                first,
            );
        };
        let (file_span, name_span) = (arguments[0].value.span, arguments[1].value.span);
        let path = self.folder(ast.span.source).join(file);
        let mut files = self.files.borrow_mut();
        let place = match files.iter().position(|known| known.path == path) {
            Some(place) => place,
            None => {
                let bytes = read_plain(&path).map_err(|error| {
                    Box::new(
                        Diagnostic::error(&DATA, format!("`{file}` cannot be read"))
                            .label(file_span, reason(&error))
                            .help("the path is relative to the file that names it"),
                    )
                })?;
                files.push(File { path, bytes, columns: Vec::new() });
                files.len() - 1
            }
        };
        let values = files[place].column(name);
        let column = |values| Column { file: place, name: file.to_string(), values };
        values.map(column).map_err(|wrong| {
            let report = |message: String, span: Span, label: String, help: String| {
                Box::new(Diagnostic::error(&DATA, message).label(span, label).help(help))
            };
            match wrong {
                Wrong::Unreadable(why) => {
                    report(format!("`{file}` is no table"), file_span, why, String::new())
                }
                Wrong::NoText(no) => {
                    report(format!("`{file}` is no table"), file_span, no.what, no.help.to_string())
                }
                Wrong::Nothing => report(
                    format!("`{file}` is empty"),
                    file_span,
                    "no line in it".into(),
                    "its first line names the columns, and each line below it is a row of numbers".into(),
                ),
                Wrong::OpenQuote(line) => report(
                    format!("`{file}` is no table"),
                    file_span,
                    format!("a quote that opens in line {line} is not closed"),
                    format!("close it in line {line}, or leave it out: numbers have no quotes"),
                ),
                Wrong::DecimalCommas { line, written } => report(
                    format!("`{file}` is no table"),
                    file_span,
                    format!("line {line} has commas in its numbers: `{written}`"),
                    "save it with points in the numbers, 1.5, and commas between the cells alone".into(),
                ),
                Wrong::NoHead(first) => report(
                    format!("`{file}` has no column `{name}`"),
                    name_span,
                    format!("its first line has numbers: `{first}`"),
                    format!("name the columns in a line above it, such as `{name}`"),
                ),
                Wrong::OtherMark(mark) => report(
                    format!("`{file}` is no table"),
                    file_span,
                    format!("its cells are parted by {mark}, not by commas"),
                    "save it as CSV with commas between the cells, and points in the numbers".into(),
                ),
                Wrong::Twice(first, second) => report(
                    format!("`{file}` has two columns `{name}`"),
                    name_span,
                    format!("columns {first} and {second} have this name"),
                    "give one of them another name in the first line".into(),
                ),
                Wrong::Missing(heads) => {
                    let near = did_you_mean(name, heads.iter().map(String::as_str));
                    let help = match near.is_empty() {
                        true => format!("the columns are {}", listed(heads.iter().map(String::as_str))),
                        false => near,
                    };
                    report(
                        format!("`{file}` has no column `{name}`"),
                        name_span,
                        "no such column".into(),
                        help,
                    )
                }
                Wrong::Empty => report(
                    format!("`{file}` has no rows"),
                    file_span,
                    "only the first line".into(),
                    String::new(),
                ),
                Wrong::Cell { line, cell } => report(
                    format!("`{file}` line {line}: `{cell}` is not a number"),
                    name_span,
                    "in this column".into(),
                    of_cell(&cell),
                ),
            }
        })
    }

    /// How a column of a file is named, where the file can be read.
    fn usage(&self, source: usize, file: &str) -> Option<String> {
        let bytes = read_plain(&self.folder(source).join(file)).ok()?;
        let heads = heads(&bytes)?;
        let ways: Vec<String> =
            heads.iter().take(3).map(|head| format!("`table('{file}', '{head}')`")).collect();
        let more = if heads.len() > 3 { ", or another column of its first line" } else { "" };
        (!ways.is_empty()).then(|| format!("write {}{more}", ways.join(" or ")))
    }

    /// Where paths of a source begin; those of overrides where the scenario does.
    fn folder(&self, source: usize) -> &Path {
        self.folders.get(source).or(self.folders.last()).map_or(Path::new(""), PathBuf::as_path)
    }
}

/// The text of an argument without a name.
fn text(argument: &Argument) -> Option<&str> {
    match (&argument.name, &argument.value.kind) {
        (None, AstKind::Text(text)) => Some(text),
        _ => None,
    }
}

/// Why a file has no such column.
enum Wrong {
    Unreadable(String),
    /// It is no text at all.
    NoText(NoText),
    /// What stands between its cells.
    OtherMark(&'static str),
    /// Two columns of this name, counted from 1.
    Twice(usize, usize),
    /// With the columns that it has.
    Missing(Vec<String>),
    Empty,
    /// The file has no line.
    Nothing,
    /// A quote that no other one closes, by its line.
    OpenQuote(u64),
    /// A row that has more cells than there are columns, and whole numbers in them.
    DecimalCommas {
        line: u64,
        written: String,
    },
    /// The first line, which has numbers.
    NoHead(String),
    Cell {
        line: u64,
        cell: String,
    },
}

impl File {
    fn column(&mut self, name: &str) -> Result<Arc<[f64]>, Wrong> {
        if let Some((_, values)) = self.columns.iter().find(|(known, _)| known == name) {
            return Ok(values.clone());
        }
        if let Some(no) = no_text(&self.bytes) {
            return Err(Wrong::NoText(no));
        }
        let bytes = self.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.bytes);
        if bytes.trim_ascii().is_empty() {
            return Err(Wrong::Nothing);
        }
        if let Some(line) = open_quote(bytes) {
            return Err(Wrong::OpenQuote(line));
        }
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let unreadable =
            |error: csv::Error| decimal_commas(&error, bytes).unwrap_or(Wrong::Unreadable(why(&error)));
        let heads: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(String::from).collect();
        let Some(place) = heads.iter().position(|head| head == name) else {
            return Err(match heads.as_slice() {
                [head] if head.contains(';') => Wrong::OtherMark("semicolons"),
                [head] if head.contains('\t') => Wrong::OtherMark("tabulators"),
                [head] if head.contains('|') => Wrong::OtherMark("`|`"),
                heads if heads.iter().all(|head| head.parse::<f64>().is_ok()) => {
                    Wrong::NoHead(heads.join(","))
                }
                _ => Wrong::Missing(heads),
            });
        };
        if let Some(second) = heads.iter().skip(place + 1).position(|head| head == name) {
            return Err(Wrong::Twice(place + 1, place + 2 + second));
        }
        let (mut values, mut record) = (Vec::new(), csv::ByteRecord::new());
        while reader.read_byte_record(&mut record).map_err(unreadable)? {
            let cell = record.get(place).unwrap_or_default();
            let number = std::str::from_utf8(cell).ok().and_then(|cell| cell.parse::<f64>().ok());
            let Some(number) = number.filter(|number| number.is_finite()) else {
                let line = record.position().map_or(0, csv::Position::line);
                return Err(Wrong::Cell { line, cell: String::from_utf8_lossy(cell).into_owned() });
            };
            values.push(number);
        }
        if values.is_empty() {
            return Err(Wrong::Empty);
        }
        let values: Arc<[f64]> = values.into();
        self.columns.push((name.to_string(), values.clone()));
        Ok(values)
    }
}

/// The names of the columns.
fn heads(bytes: &[u8]) -> Option<Vec<String>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    Some(reader.headers().ok()?.iter().map(String::from).collect())
}

/// The line of the quote that opens last, where no other one closes it.
fn open_quote(bytes: &[u8]) -> Option<u64> {
    let (mut line, mut opened) = (1, None);
    for byte in bytes {
        match (byte, opened) {
            (b'\n', _) => line += 1,
            (b'"', None) => opened = Some(line),
            (b'"', Some(_)) => opened = None,
            _ => {}
        }
    }
    opened
}

/// A row of more cells than there are columns may have commas in its numbers.
fn decimal_commas(error: &csv::Error, bytes: &[u8]) -> Option<Wrong> {
    let csv::ErrorKind::UnequalLengths { pos: Some(pos), expected_len, len } = error.kind() else {
        return None;
    };
    let line = pos.line();
    let text =
        std::str::from_utf8(bytes).ok()?.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?.trim();
    let cells: Vec<&str> = text.split(',').map(str::trim).collect();
    let numbers = cells.iter().all(|cell| cell.parse::<f64>().is_ok());
    let digits =
        cells.windows(2).find(|pair| pair[1].bytes().all(|b| b.is_ascii_digit()) && !pair[1].is_empty())?;
    let written = format!("{},{}", digits[0], digits[1]);
    (len > expected_len && numbers).then_some(Wrong::DecimalCommas { line, written })
}

/// What to do about a cell that is no number.
fn of_cell(cell: &str) -> String {
    let bare = cell.trim_end_matches('%').trim_start_matches(['$', '€', '£', '₩']).trim();
    match cell {
        "" => "fill the cell, or leave the row out".to_string(),
        _ if cell.contains(',') => "write a point in a number and no comma: 12.5 or 1250".to_string(),
        _ if bare != cell && bare.parse::<f64>().is_ok() => format!("write the number alone: {bare}"),
        _ if matches!(
            cell.to_lowercase().as_str(),
            "na" | "n/a" | "#n/a" | "nan" | "null" | "none" | "-" | "."
        ) =>
        {
            "leave the row out of the file".to_string()
        }
        _ => "write numbers as 1250, 12.5 or 1.25e3, one in every row".to_string(),
    }
}

/// What is wrong with the file, in own words.
fn why(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("line {line} has {len} cells instead of {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8 text".to_string(),
        _ => error.to_string(),
    }
}
