//! The texts that diagnostics point into, and the rendering of a diagnostic over them.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, Span, visible, visible_line};

/// Named texts, in the order in which they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    texts: Vec<(String, String)>,
}

impl Sources {
    /// Adds a text and returns its index, for use in a [`Span`].
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> usize {
        self.texts.push((path.into(), text.into()));
        self.texts.len() - 1
    }

    /// All (path, text) pairs.
    pub fn texts(&self) -> &[(String, String)] {
        &self.texts
    }

    /// Path of a text.
    pub fn path(&self, source: usize) -> &str {
        self.texts.get(source).map_or("", |(path, _)| path)
    }

    /// The bytes of a span.
    pub fn slice(&self, span: Span) -> &str {
        self.texts.get(span.source).and_then(|(_, text)| text.get(span.start..span.end)).unwrap_or("")
    }

    /// One diagnostic as plain text, lines ended by `\n`.
    pub fn render_plain(&self, diagnostic: &Diagnostic) -> String {
        self.render(diagnostic, &Renderer::plain())
    }

    /// One diagnostic with terminal colours.
    pub fn render_styled(&self, diagnostic: &Diagnostic) -> String {
        self.render(diagnostic, &Renderer::styled())
    }

    fn render(&self, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(visible(&diagnostic.message));
        let mut group = Group::with_title(title.id(diagnostic.code.name));
        for source in self.order(diagnostic) {
            let (path, text) = &self.texts[source];
            let labels = || diagnostic.labels.iter().filter(|l| l.span.source == source);
            let spans: Vec<_> = labels().map(|label| on_characters(text, label.span)).collect();
            let lines = lines_of(text, &spans);
            let start = lines.start;
            let annotations = labels().zip(spans).map(|(label, span)| {
                let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                let annotation = kind.span(span.start - start..span.end - start);
                if label.text.is_empty() { annotation } else { annotation.label(visible(&label.text)) }
            });
            let first = 1 + text[..start].matches('\n').count();
            let snippet = Snippet::source(&text[lines]).line_start(first).path(visible_line(path));
            group = group.element(snippet.annotations(annotations));
        }
        for help in &diagnostic.help {
            group = group.element(Level::HELP.message(visible(help)));
        }
        let mut text = renderer.render(&[group]);
        text.push('\n');
        text
    }

    /// The texts a diagnostic has labels in, that of the primary label first.
    fn order(&self, diagnostic: &Diagnostic) -> Vec<usize> {
        let mut order = Vec::new();
        let labels = &diagnostic.labels;
        for label in labels.iter().filter(|l| l.primary).chain(labels.iter().filter(|l| !l.primary)) {
            if label.span.source < self.texts.len() && !order.contains(&label.span.source) {
                order.push(label.span.source);
            }
        }
        order
    }
}

/// The lines that hold all of these, so that a report costs as much as it shows.
fn lines_of(text: &str, spans: &[Range<usize>]) -> Range<usize> {
    let first = spans.iter().map(|span| span.start).min().unwrap_or(0);
    let last = spans.iter().map(|span| span.end).max().unwrap_or(first);
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find('\n').map_or(text.len(), |length| last + length + 1);
    start..end
}

/// The span clipped to the text and widened to whole characters.
fn on_characters(text: &str, span: Span) -> Range<usize> {
    let mut start = span.start.min(text.len());
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::super::UNKNOWN_NAME;
    use super::*;

    #[test]
    fn the_caret_stands_under_the_token_behind_wide_letters() {
        let mut sources = Sources::default();
        let text = "성장 = \"기준 + impcat\"";
        let file = sources.add("a.toml", text);
        let start = text.find("impcat").unwrap();
        let report = Diagnostic::error(&UNKNOWN_NAME, "unknown name `impcat`")
            .label(Span { source: file, start, end: start + 6 }, "here");
        let rendered = sources.render_plain(&report);
        assert!(rendered.contains("a.toml:1:12"), "{rendered}");
        assert!(rendered.contains("^^^^^^ here"), "{rendered}");
    }

    #[test]
    fn labels_in_two_files_are_shown_with_both_paths() {
        let mut sources = Sources::default();
        let base = sources.add("base.toml", "a = 1");
        let over = sources.add("over.toml", "b = 2");
        let report = Diagnostic::error(&UNKNOWN_NAME, "two files")
            .label(Span { source: over, start: 0, end: 1 }, "here")
            .context(Span { source: base, start: 0, end: 1 }, "and here");
        let rendered = sources.render_plain(&report);
        assert!(rendered.find("over.toml").unwrap() < rendered.find("base.toml").unwrap(), "{rendered}");
    }

    #[test]
    fn colours_come_on_demand_only() {
        let mut sources = Sources::default();
        let file = sources.add("a.toml", "a = 1");
        let report = Diagnostic::warning(&UNKNOWN_NAME, "a warning")
            .label(Span { source: file, start: 0, end: 1 }, "here");
        assert!(sources.render_plain(&report).starts_with("warning[name::unknown]: a warning\n"));
        assert!(!sources.render_plain(&report).contains('\u{1b}'));
        assert!(sources.render_styled(&report).contains('\u{1b}'));
    }

    #[test]
    fn a_span_beyond_the_text_is_clipped() {
        let mut sources = Sources::default();
        let file = sources.add("a.toml", "é");
        let report = Diagnostic::error(&UNKNOWN_NAME, "clipped")
            .label(Span { source: file, start: 1, end: 99 }, "here");
        assert!(sources.render_plain(&report).contains("a.toml:1:1"));
    }
}
