//! Predicates out of files, with what is wrong at its place.

use base::{Diagnostic, SourceMap, Span, Spanned};
use jobs::item::Way;
use predicate::{Predicate, Type, Vocabulary};

use crate::codes;

/// Reads what is said of things, and keeps what is wrong with it.
#[derive(Debug)]
pub struct Reader<'s> {
    sources: &'s SourceMap,
    subject: String,
    findings: Vec<Diagnostic>,
}

impl<'s> Reader<'s> {
    /// Reads predicates of an item, named as `kind/name`.
    pub fn new(sources: &'s SourceMap, subject: impl Into<String>) -> Self {
        Self {
            sources,
            subject: subject.into(),
            findings: Vec::new(),
        }
    }

    /// What was wrong.
    pub fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }

    /// Reports something about the item.
    pub(crate) fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding.about(self.subject.clone()));
    }

    /// A predicate about things with some fields; `None` where it cannot be read.
    pub fn predicate(
        &mut self,
        said: &Spanned<String>,
        vocabulary: &'static dyn Vocabulary,
    ) -> Option<Predicate> {
        match Predicate::parse(said, vocabulary) {
            Ok(predicate) => Some(predicate),
            Err(mistakes) => {
                for mistake in mistakes {
                    let text = &self.sources.file(said.span.file).text;
                    let span = within(text, said, mistake.at);
                    let finding = Diagnostic::new(&codes::PREDICATE, span, mistake.message);
                    self.report(finding.help_if(mistake.help));
                }
                None
            }
        }
    }

    /// A predicate that need not be there: `Some(None)` if it is not, `None` where it cannot be read.
    pub fn predicate_if(
        &mut self,
        said: Option<&Spanned<String>>,
        vocabulary: &'static dyn Vocabulary,
    ) -> Option<Option<Predicate>> {
        match said {
            None => Some(None),
            Some(said) => self.predicate(said, vocabulary).map(Some),
        }
    }

    /// What a field holds, or a field in the elements of one, as `containers.image`; `None` where
    /// there is no such field, which is reported.
    pub fn field(
        &mut self,
        said: &Spanned<String>,
        vocabulary: &'static dyn Vocabulary,
    ) -> Option<Type> {
        let mut rest = said.value.as_str();
        let mut known = vocabulary;
        loop {
            let way = Way::of(rest);
            let Some(field) = known.field(way.field) else {
                self.no_field(said, way.field, known);
                return None;
            };
            let holds = match (field.holds, way.element) {
                (Type::List(of) | Type::Map(of), Some(_)) => *of,
                (holds, _) => holds,
            };
            if way.rest.is_empty() {
                return Some(holds);
            }
            let inner = match holds {
                Type::List(of) => *of,
                other => other,
            };
            let Type::Item(vocabulary) = inner else {
                self.no_field(said, way.rest, known);
                return None;
            };
            (rest, known) = (way.rest, vocabulary);
        }
    }

    /// Whether a field is a list, which is reported if it is none.
    pub(crate) fn list(
        &mut self,
        said: &Spanned<String>,
        vocabulary: &'static dyn Vocabulary,
    ) -> bool {
        match self.field(said, vocabulary) {
            Some(Type::List(_)) => true,
            Some(holds) => {
                let message = format!("`{said}` is {holds}, and no list");
                let finding = Diagnostic::new(&codes::RULE, said.span, message);
                self.report(finding.help("name a list, or leave `each` out"));
                false
            }
            None => false,
        }
    }

    fn no_field(&mut self, said: &Spanned<String>, name: &str, known: &'static dyn Vocabulary) {
        let message = format!("{} has no field `{name}`", base::article(known.noun()));
        let names = known.fields().iter().map(|field| field.name);
        let help = match base::nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`commonhold help predicates` lists the fields".to_owned(),
        };
        self.report(Diagnostic::new(&codes::RULE, said.span, message).help(help));
    }
}

/// The place in a file of a part of a text that is written there. The text may be in quotes or
/// folded over lines; where its part cannot be found again, the whole text is meant.
fn within(file: &str, said: &Spanned<String>, at: std::ops::Range<usize>) -> Span {
    let (start, end) = (said.span.start as usize, said.span.end as usize);
    let Some(raw) = file.get(start..end) else {
        return said.span;
    };
    let value = said.value.as_str();
    let place = |offset: usize| {
        let from = start + offset;
        Span::new(said.span.file, from + at.start, from + at.end)
    };
    // Plain, or in quotes without escapes.
    for opening in [0, 1] {
        let rest = raw.get(opening..).unwrap_or("");
        let closes = opening == 0 || raw.len() == value.len() + 2;
        if rest.starts_with(value) && closes {
            return place(opening);
        }
    }
    let part = value.get(at.clone()).unwrap_or("");
    let line = part.lines().next().unwrap_or("");
    if line.is_empty() {
        return said.span;
    }
    let nth = value
        .get(..at.start)
        .map_or(0, |before| before.matches(line).count());
    let same = raw.matches(line).count() == value.matches(line).count();
    match raw.match_indices(line).nth(nth).filter(|_| same) {
        Some((found, _)) => {
            let from = start + found;
            Span::new(said.span.file, from, from + line.len())
        }
        None => said.span,
    }
}

#[cfg(test)]
mod tests {
    use base::{SourceMap, Span, Spanned};
    use jobs::item::JOB;

    use super::{Reader, within};

    fn shown(file: &str, value: &str, part: &str) -> String {
        let mut sources = SourceMap::default();
        let id = sources.add("a.yaml", file);
        let start = file.find(": ").map_or(0, |at| at + 2);
        let said = Spanned::new(
            value.to_owned(),
            Span::new(id, start, file.trim_end().len()),
        );
        let at = value.find(part).unwrap();
        let span = within(file, &said, at..at + part.len());
        file[span.start as usize..span.end as usize].to_owned()
    }

    #[test]
    fn a_part_is_found_where_it_is_written() {
        assert_eq!(shown("must: a == b\n", "a == b", "b"), "b");
        assert_eq!(shown("must: 'a == b'\n", "a == b", "b"), "b");
        assert_eq!(shown("must: \"a == b\"\n", "a == b", "a"), "a");
        assert_eq!(
            shown("must: >\n  x == 1\n  and b\n", "x == 1 and b", "b"),
            "b"
        );
        assert_eq!(shown("must: 'a == ''b'''\n", "a == 'b'", "a"), "a");
    }

    #[test]
    fn a_part_that_is_written_in_another_way_is_the_whole() {
        assert_eq!(
            shown("must: \"a == \\x62\"\n", "a == b", "b"),
            "\"a == \\x62\""
        );
    }

    #[test]
    fn a_mistake_stands_at_its_word() {
        let mut sources = SourceMap::default();
        let text = "must: nmae == \"a\"\n";
        let file = sources.add("a.yaml", text);
        let said = Spanned::new("nmae == \"a\"".to_owned(), Span::new(file, 6, 17));
        let mut reader = Reader::new(&sources, "policy/p");
        assert!(reader.predicate(&said, &JOB).is_none());
        let findings = reader.into_findings();
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].span.start, findings[0].span.end), (6, 10));
        assert_eq!(findings[0].help.as_deref(), Some("did you mean `name`?"));
    }

    #[test]
    fn fields_lead_into_elements() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.yaml", "x");
        let known = |text: &str| {
            let said = Spanned::new(text.to_owned(), Span::start_of(file));
            let mut reader = Reader::new(&sources, "policy/p");
            (
                reader.field(&said, &JOB).is_some(),
                reader.into_findings().len(),
            )
        };
        for fine in [
            "name",
            "containers",
            "containers.image",
            "containers[2].env",
            "labels",
        ] {
            assert_eq!(known(fine), (true, 0), "{fine}");
        }
        for bad in ["", "nam", "containers.imag", "name.x", "labels.x"] {
            assert_eq!(known(bad), (false, 1), "{bad}");
        }
    }
}
