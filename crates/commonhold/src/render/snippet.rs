//! A finding for people: the lines it is about, with carets.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Level, Origin, Renderer, Snippet};
use base::{Diagnostic, Label, Severity, SourceMap, Span};

use crate::Surroundings;

/// Related places nearer than this many lines are shown in one excerpt.
const NEAR: usize = 6;
/// In bytes; the place of a finding on a longer line is told without the line.
const LONGEST_LINE: usize = 4096;

/// Writes findings as excerpts of their files.
pub(crate) struct Snippets<'s> {
    sources: &'s SourceMap,
    renderer: Renderer,
}

impl<'s> Snippets<'s> {
    pub(crate) fn new(sources: &'s SourceMap, surroundings: &Surroundings) -> Self {
        let colored = surroundings.terminal && !surroundings.no_color;
        let renderer = if colored {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let decor = if colored {
            DecorStyle::Unicode
        } else {
            DecorStyle::Ascii
        };
        let width = surroundings
            .columns
            .filter(|_| surroundings.terminal)
            .unwrap_or(140);
        Self {
            sources,
            renderer: renderer.decor_style(decor).term_width(width),
        }
    }

    pub(crate) fn render(&self, finding: &Diagnostic) -> String {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let (near, far): (Vec<_>, Vec<_>) = finding.related.iter().partition(|label| {
            let shown = !finding.withheld && !self.sources.file(label.span.file).private;
            shown && self.near(finding.span, label.span)
        });
        let withheld = finding.withheld
            || self.sources.file(finding.span.file).private
            || self.is_long(finding.span);
        let title = level.primary_title(&finding.message).id(finding.id());
        let mut report = if withheld {
            title.element(self.origin(finding.span))
        } else {
            title.element(self.excerpt(finding, &near))
        };
        for label in far {
            let place = self.sources.locate(label.span);
            report = report.element(Level::NOTE.message(format!("{}: {place}", label.text)));
        }
        if let Some(owner) = &finding.owner {
            report = report.element(Level::NOTE.message(format!("{owner} answers for this rule")));
        }
        if let Some(help) = &finding.help {
            report = report.element(Level::HELP.message(help));
        }
        self.renderer.render(&[report])
    }

    /// Whether the line is longer than anybody reads, and than the renderer likes.
    fn is_long(&self, span: Span) -> bool {
        let text = &self.sources.file(span.file).text;
        let (before, after) = text
            .split_at_checked(span.start as usize)
            .unwrap_or((text, ""));
        let left = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        left + after.find('\n').unwrap_or(after.len()) > LONGEST_LINE
    }

    /// The place alone.
    fn origin(&self, span: Span) -> Origin<'_> {
        let position = self.sources.position(span);
        let path = self.sources.file(span.file).path.as_str();
        Origin::path(path)
            .line(position.line)
            .char_column(position.column)
    }

    /// The lines, the offending text underlined.
    fn excerpt<'f>(
        &'f self,
        finding: &'f Diagnostic,
        near: &[&'f Label],
    ) -> Snippet<'f, Annotation<'f>> {
        let near_by = near.iter().map(|label| label.span);
        let spans: Vec<Span> = std::iter::once(finding.span).chain(near_by).collect();
        let excerpt = Excerpt::around(self.sources, &spans);
        let primary = AnnotationKind::Primary.span(excerpt.range(finding.span));
        let mut snippet = excerpt
            .snippet(self.sources)
            .annotation(primary.label(non_empty(&finding.label)));
        for label in near {
            let context = AnnotationKind::Context.span(excerpt.range(label.span));
            // The same words under every place on a line would bury the line.
            let text = non_empty(&label.text).filter(|text| *text != finding.label);
            snippet = snippet.annotation(context.label(text));
        }
        snippet
    }

    fn near(&self, primary: Span, other: Span) -> bool {
        let line = |span: Span| self.sources.position(span).line;
        // An empty place speaks of the file as a whole; it is told, not drawn.
        primary.file == other.file
            && other.start < other.end
            && line(primary).abs_diff(line(other)) <= NEAR
    }
}

fn non_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The whole lines that some spans of one file touch.
struct Excerpt {
    span: Span,
    start: usize,
    end: usize,
}

impl Excerpt {
    fn around(sources: &SourceMap, spans: &[Span]) -> Self {
        let first = spans.iter().min_by_key(|span| span.start);
        let last = spans.iter().max_by_key(|span| span.start);
        let (Some(first), Some(last)) = (first, last) else {
            unreachable!("a finding has a span")
        };
        let text = &sources.file(first.file).text;
        let start = text
            .get(..first.start as usize)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        // A byte order mark or a carriage return would be printed as it is.
        let start = if start == 0 && text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            start
        };
        let rest = text.get(last.start as usize..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("").len();
        let end = (last.start as usize + line).max(start);
        Self {
            span: *first,
            start,
            end,
        }
    }

    fn snippet<'s>(&self, sources: &'s SourceMap) -> Snippet<'s, Annotation<'s>> {
        let file = sources.file(self.span.file);
        let text = file.text.get(self.start..self.end).unwrap_or("");
        let line = file
            .position(u32::try_from(self.start).unwrap_or(u32::MAX))
            .line;
        Snippet::source(text)
            .path(file.path.as_str())
            .line_start(line)
    }

    /// A span in the excerpt; one that goes on for lines is cut at the end of its first.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let start = (span.start as usize).clamp(self.start, self.end) - self.start;
        let end = (span.end as usize).clamp(self.start, self.end) - self.start;
        start..end.max(start)
    }
}
