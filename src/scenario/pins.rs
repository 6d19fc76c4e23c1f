//! Indexing: `x[2031]`, `x["Asia-Pacific"]`, `x[region = "Asia-Pacific"]`, `x[approvals]`.

use super::model::AxisId;
use super::names::{Named, Names, did_you_mean, listed, with_definition};
use super::resolve::Resolver;
use super::syntax::IndexItem;
use crate::diagnostic::{AXIS_MEMBER, AXIS_MISMATCH, AXIS_UNKNOWN, Diagnostic};

impl Resolver<'_> {
    /// The pinned axes of a mention of `named`, which runs over `over`.
    pub(super) fn pins(
        &mut self,
        named: Named,
        over: &[AxisId],
        items: &[IndexItem],
    ) -> Option<Vec<(AxisId, usize)>> {
        let mut pinned: Vec<(AxisId, usize)> = Vec::new();
        for item in items {
            let pin = match find(self.names, named, over, item) {
                Ok(pin) => pin,
                Err(report) => return report.and_then(|report| self.refuse(*report)),
            };
            if pinned.iter().any(|(axis, _)| *axis == pin.0) {
                let axis = &self.names.axes[pin.0.0].name;
                let report = Diagnostic::error(&AXIS_MEMBER, format!("`{axis}` is pinned twice"))
                    .label(item.member.span, "a second member of the same axis");
                return self.refuse(report);
            }
            pinned.push(pin);
        }
        pinned.sort_unstable();
        Some(pinned)
    }
}

/// The axis and the member an item names; `Err(None)` where a report stands elsewhere.
pub(super) fn find(
    names: &Names,
    named: Named,
    over: &[AxisId],
    item: &IndexItem,
) -> Result<(AxisId, usize), Option<Box<Diagnostic>>> {
    let name = names.name(named.symbol);
    let text = item.member.text.as_str();
    let year: Option<i32> = text.parse().ok();
    if let Some(word) = &item.axis {
        let Some(axis) = names.axis(&word.text) else {
            let known = names.axes.iter().map(|a| a.name.as_str());
            let report = Diagnostic::error(&AXIS_UNKNOWN, format!("unknown axis `{}`", word.text))
                .label(word.span, "not an axis of this scenario")
                .help(did_you_mean(&word.text, known));
            return Err((!names.axes_broken).then(|| Box::new(report)));
        };
        if !over.contains(&axis) {
            return Err(Some(Box::new(lacks(names, named, over, &word.text, word.span))));
        }
        return match year {
            Some(year) if names.year() == Some(axis) => in_years(names, axis, year, name, item),
            _ => names
                .member(axis, text)
                .map(|m| (axis, m))
                .ok_or_else(|| no_member(names, named, &[axis], item)),
        };
    }
    let holding: Vec<(AxisId, usize)> = over
        .iter()
        .filter(|a| Some(**a) != names.year())
        .filter_map(|a| Some((*a, names.member(*a, text)?)))
        .collect();
    match (holding.as_slice(), year, names.year()) {
        ([pin], ..) => Ok(*pin),
        ([], Some(year), Some(axis)) if over.contains(&axis) => in_years(names, axis, year, name, item),
        ([], Some(_), _) => Err(Some(Box::new(lacks(names, named, over, "year", item.member.span)))),
        ([], None, _) => Err(no_member(names, named, over, item)),
        (several, ..) => {
            let axes = names.list(several.iter().map(|(axis, _)| axis));
            let first = &names.axes[several[0].0.0].name;
            Err(Some(Box::new(
                Diagnostic::error(&AXIS_MEMBER, format!("`{text}` is a member of {axes}"))
                    .label(item.member.span, "which of them?")
                    .help(format!("name the axis: `{name}[{first} = \"{text}\"]`")),
            )))
        }
    }
}

fn in_years(
    names: &Names,
    axis: AxisId,
    year: i32,
    name: &str,
    item: &IndexItem,
) -> Result<(AxisId, usize), Option<Box<Diagnostic>>> {
    let Some((first, last)) = names.years() else { return Err(None) };
    if (first..=last).contains(&year) {
        return Ok((axis, (year - first) as usize));
    }
    Err(Some(Box::new(
        Diagnostic::error(&AXIS_MEMBER, format!("`{name}` has no year {year}"))
            .label(item.member.span, format!("the years are {first} to {last}"))
            .context(names.axis_spans[axis.0], "set here")
            .help(match year {
                -99..0 => back(name, -year),
                0..100 if year <= last - first => {
                    format!("write the year itself: `{name}[{}]`", first + year)
                }
                _ => String::new(),
            }),
    )))
}

/// How a value of an earlier year is written.
fn back(name: &str, years: i32) -> String {
    match years {
        1 => format!("for an earlier year write `previous({name})`"),
        _ => format!("for an earlier year write `previous({name}, {years})`"),
    }
}

/// Years back in an index such as `t-1` or `year - 2`.
fn lag(index: &str) -> Option<i32> {
    let (now, lag) = index.split_once('-')?;
    let is_now =
        matches!(now.trim().to_lowercase().as_str(), "t" | "year" | "i" | "n" | "now" | "y" | "time");
    lag.trim().parse().ok().filter(|lag| is_now && (1..1000).contains(lag))
}

fn lacks(
    names: &Names,
    named: Named,
    over: &[AxisId],
    axis: &str,
    span: crate::diagnostic::Span,
) -> Diagnostic {
    let name = names.name(named.symbol);
    let report = Diagnostic::error(&AXIS_MISMATCH, format!("`{name}` does not run over `{axis}`"))
        .label(span, if over.is_empty() { "one value only" } else { "not one of its axes" });
    with_definition(report, names, named)
}

fn no_member(names: &Names, named: Named, axes: &[AxisId], item: &IndexItem) -> Option<Box<Diagnostic>> {
    let (name, text) = (names.name(named.symbol), item.member.text.as_str());
    if axes.is_empty() {
        let report = Diagnostic::error(&AXIS_MISMATCH, format!("`{name}` has no axis to index"))
            .label(item.member.span, "one value only")
            .help(format!("write `{name}` alone"));
        return Some(Box::new(with_definition(report, names, named)));
    }
    let members = || axes.iter().flat_map(|a| names.axes[a.0].members.iter().map(String::as_str));
    let label = match axes {
        [axis] if names.year() == Some(*axis) => "not a year".to_string(),
        _ => format!("not a member of {}", names.list(axes)),
    };
    let is_sum = text.contains("year") && !item.quoted;
    let is_now = matches!(text, "t" | "year") && !item.quoted;
    let help = match did_you_mean(text, members()) {
        _ if lag(text).is_some() => back(name, lag(text).unwrap_or(1)),
        _ if is_now => format!("write `{name}` alone for the year that is computed"),
        _ if is_sum => format!("for an earlier year write `previous({name})` or `previous({name}, 2)`"),
        help if help.is_empty() => format!("there are {}", listed(members())),
        help => help,
    };
    let report = Diagnostic::error(&AXIS_MEMBER, format!("`{name}` has no member `{text}`"))
        .label(item.member.span, label)
        .help(help);
    Some(Box::new(report))
}
