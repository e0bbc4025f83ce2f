//! Texts to trees.

use std::borrow::Cow;
use std::collections::HashMap;

use base::{Diagnostic, FileId, Span};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, Tag};

use crate::places::{Places, without_bom};
use crate::{Dialect, Node, Value, codes, syntax};

const MAX_BYTES: usize = 16 << 20;
const MAX_NODES: usize = 1_000_000;
/// Zone files are long, and each record is several values.
const MAX_NODES_OCTODNS: usize = 4_000_000;
const MAX_DEPTH: usize = 64;
/// Up to here a scan of all earlier keys is cheaper than a hash of each.
const SMALL: usize = 12;

/// All documents of a text.
///
/// What stands before a syntax error is returned with the error; a caller that
/// must not act on half a file looks at the diagnostics first.
pub fn parse(text: &str, file: FileId, dialect: Dialect) -> (Vec<Node>, Vec<Diagnostic>) {
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than {MAX_BYTES}", text.len());
        let finding = Diagnostic::new(&codes::LIMIT, Span::start_of(file), message);
        return (Vec::new(), vec![finding]);
    }
    let mut builder = Builder {
        text,
        places: Places::new(text, file),
        dialect,
        findings: Vec::new(),
        anchors: HashMap::new(),
        open: Vec::new(),
        documents: Vec::new(),
        nodes: 0,
    };
    builder.run();
    (builder.documents, builder.findings)
}

/// The one document of a text; none if it holds none, several, or is broken.
pub fn parse_single(text: &str, file: FileId, dialect: Dialect) -> (Option<Node>, Vec<Diagnostic>) {
    let (mut documents, mut findings) = parse(text, file, dialect);
    if !findings.is_empty() {
        return (
            documents
                .into_iter()
                .next()
                .filter(|_| findings.iter().all(recoverable)),
            findings,
        );
    }
    documents.retain(documents_count);
    if documents.len() != 1 {
        let span = documents
            .get(1)
            .map_or(Span::start_of(file), |second| second.span);
        let message = match documents.len() {
            0 => "the file declares nothing".to_owned(),
            several => format!("the file holds {several} documents; one is expected"),
        };
        let help = match documents.len() {
            0 => "declare something, or remove the file",
            _ => "give each document a file of its own",
        };
        findings.push(Diagnostic::new(&codes::DOCUMENTS, span, message).help(help));
        return (None, findings);
    }
    (documents.pop(), findings)
}

/// Whether the tree is whole although this was found in it.
fn recoverable(finding: &Diagnostic) -> bool {
    let whole = [
        &codes::TAB,
        &codes::DUPLICATE_KEY,
        &codes::BAD_KEY,
        &codes::ALIAS,
        &codes::TAG,
    ];
    whole.iter().any(|code| std::ptr::eq(*code, finding.code))
}

fn documents_count(document: &Node) -> bool {
    !matches!(document.value, Value::Empty)
}

/// A collection whose end has not been seen.
struct Open {
    span: Span,
    anchor: usize,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<(Node, Node)>,
        key: Option<Node>,
    },
}

struct Builder<'t> {
    text: &'t str,
    places: Places,
    dialect: Dialect,
    findings: Vec<Diagnostic>,
    anchors: HashMap<usize, Node>,
    open: Vec<Open>,
    documents: Vec<Node>,
    nodes: usize,
}

/// Reading stops here; the finding says why.
struct Stop;

impl<'t> Builder<'t> {
    fn run(&mut self) {
        let mut parser: Parser<'t, StrInput<'t>> = Parser::new_from_str(without_bom(self.text));
        while let Some(next) = parser.next_event() {
            let step = match next {
                Ok((Event::StreamEnd, _)) => return,
                Ok((event, span)) => {
                    let span = self.places.span(&span);
                    self.event(event, span)
                }
                Err(error) => {
                    self.syntax(&error);
                    Err(Stop)
                }
            };
            if step.is_err() {
                return;
            }
        }
    }

    fn event(&mut self, event: Event<'t>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let (value, span) = self.scalar(text, style, tag.as_deref(), span);
                self.anchor(anchor, span);
                self.complete(Node { value, span }, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), span);
                self.begin(span, anchor, OpenKind::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), span);
                let entries = Vec::new();
                self.begin(span, anchor, OpenKind::Mapping { entries, key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> (Value, Span) {
        let plain = style == ScalarStyle::Plain;
        let span = self.trimmed(span);
        if tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str") {
            let text = text.into_owned();
            return (Value::Scalar { text, plain: false }, span);
        }
        if self.dialect == Dialect::Octodns
            && tag.is_some_and(|tag| tag.handle == "!" && tag.suffix == "include")
        {
            return (Value::Include(text.into_owned()), span);
        }
        self.tag(tag, span);
        if plain && text.is_empty() {
            return (Value::Empty, span);
        }
        let text = text.into_owned();
        (Value::Scalar { text, plain }, span)
    }

    /// The parser's spans may run into the white space behind a value.
    fn trimmed(&self, span: Span) -> Span {
        let range = span.start as usize..span.end as usize;
        let kept = self.text.get(range).map_or(0, |text| text.trim_end().len());
        Span {
            end: span.start + u32::try_from(kept).unwrap_or(0),
            ..span
        }
    }

    fn begin(&mut self, span: Span, anchor: usize, kind: OpenKind) -> Result<(), Stop> {
        self.anchor(anchor, span);
        if self.open.len() >= MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            self.findings
                .push(Diagnostic::new(&codes::LIMIT, span, message));
            return Err(Stop);
        }
        self.open.push(Open { span, anchor, kind });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let flow = self
            .text
            .as_bytes()
            .get(open.span.start as usize)
            .is_some_and(|b| matches!(b, b'[' | b'{'));
        let (value, last) = match open.kind {
            OpenKind::Sequence(items) => {
                let last = items.last().map(|item| item.span);
                (Value::Sequence(items), last)
            }
            OpenKind::Mapping { entries, .. } => {
                let mut entries = self.without_duplicates(entries);
                // Most mappings are small, and a large file has very many of them.
                entries.shrink_to_fit();
                let last = entries
                    .last()
                    .map(|(key, value)| key.span.end.max(value.span.end));
                let last = last.map(|end| Span { end, ..open.span });
                (Value::Mapping(entries), last)
            }
        };
        let end = if flow {
            span.end
        } else {
            last.map_or(open.span.end, |last| last.end)
        };
        let span = Span {
            end: end.max(open.span.start),
            ..open.span
        };
        self.complete(Node { value, span }, open.anchor)
    }

    fn without_duplicates(&mut self, mut entries: Vec<(Node, Node)>) -> Vec<(Node, Node)> {
        let mut twins = Vec::new();
        let mut first: HashMap<&str, Span> = HashMap::new();
        for (at, (key, _)) in entries.iter().enumerate() {
            self.tab_before(key);
            if key.is_merge_key() {
                continue;
            }
            let text = key.text().unwrap_or("");
            let earlier = if entries.len() <= SMALL {
                let same =
                    |(name, _): &&(Node, Node)| name.text() == Some(text) && !name.is_merge_key();
                entries
                    .iter()
                    .take(at)
                    .find(same)
                    .map(|(name, _)| name.span)
            } else {
                let earlier = first.get(text).copied();
                first.entry(text).or_insert(key.span);
                earlier
            };
            if let Some(earlier) = earlier {
                twins.push(at);
                let message = format!("`{text}` stands twice in one mapping");
                self.findings.push(
                    Diagnostic::new(&codes::DUPLICATE_KEY, key.span, message)
                        .related(earlier, "first here")
                        .help("keep one of the two"),
                );
            }
        }
        let mut at = 0;
        entries.retain(|_| {
            at += 1;
            twins.binary_search(&(at - 1)).is_err()
        });
        entries
    }

    /// The parser overlooks tabs where they do not change the nesting.
    fn tab_before(&mut self, key: &Node) {
        // Only the blanks before the key are looked at: a line may be long and hold many keys.
        let before = self.text.get(..key.span.start as usize).unwrap_or("");
        let said = before.trim_end_matches([' ', '\t']);
        let indents = said.is_empty() || said.ends_with(['\n', '\r']);
        let tab = before.get(said.len()..).and_then(|blank| blank.find('\t'));
        if let Some(at) = tab.filter(|_| indents) {
            let start = said.len();
            let span = Span::new(self.places.file, start + at, start + at + 1);
            self.findings.push(
                Diagnostic::new(&codes::TAB, span, "a tab in the indentation")
                    .help("indent with spaces"),
            );
        }
    }

    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), Stop> {
        self.nodes += 1;
        let most = match self.dialect {
            Dialect::Octodns => MAX_NODES_OCTODNS,
            Dialect::Native | Dialect::Go => MAX_NODES,
        };
        if self.nodes > most {
            let message = format!("more than {most} values");
            self.findings
                .push(Diagnostic::new(&codes::LIMIT, node.span, message));
            return Err(Stop);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.documents.push(node),
            Some(OpenKind::Sequence(items)) => items.push(node),
            Some(OpenKind::Mapping { key, .. }) => match key.take() {
                None => *key = Some(node),
                Some(key) => self.entry_into(key, node),
            },
        }
        Ok(())
    }

    fn entry_into(&mut self, key: Node, value: Node) {
        if let Some(finding) = self.bad_key(&key) {
            self.findings.push(finding);
            return;
        }
        if let Some(OpenKind::Mapping { entries, .. }) =
            self.open.last_mut().map(|open| &mut open.kind)
        {
            entries.push((key, value));
        }
    }

    fn bad_key(&self, key: &Node) -> Option<Diagnostic> {
        if key.text().is_none() {
            let message = format!("a key must be text, and this is {}", key.describe());
            let help = match key.value {
                Value::Empty => "write the key before the colon",
                _ => "quote it if it is text, for example a template such as \"{{ x }}\"",
            };
            return Some(Diagnostic::new(&codes::BAD_KEY, key.span, message).help(help));
        }
        if key.is_merge_key() && self.dialect != Dialect::Octodns {
            let finding = Diagnostic::new(&codes::ALIAS, key.span, "merge keys are not read");
            return Some(finding.help("write the merged keys out"));
        }
        None
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        if self.dialect == Dialect::Native {
            let finding = Diagnostic::new(&codes::ALIAS, span, "aliases are not read");
            self.findings
                .push(finding.help("write the value out in both places; quote it if it is text"));
        }
        let target = self.anchors.get(&anchor).cloned();
        let target = target.unwrap_or(Node {
            value: Value::Empty,
            span,
        });
        self.nodes += size(&target);
        self.complete(target, 0)
    }

    fn anchor(&mut self, anchor: usize, span: Span) {
        if anchor > 0 && self.dialect == Dialect::Native {
            let finding = Diagnostic::new(&codes::ALIAS, span, "anchors are not read");
            self.findings
                .push(finding.help("remove the `&` name and write the value out where it is used"));
        }
    }

    fn tag(&mut self, tag: Option<&Tag>, span: Span) {
        if let Some(tag) = tag {
            let core = tag.is_yaml_core_schema() && matches!(tag.suffix.as_str(), "seq" | "map");
            if !core {
                let message = format!("the tag `{}` is not read", tag.suffix);
                self.findings
                    .push(Diagnostic::new(&codes::TAG, span, message).help("remove the tag"));
            }
        }
    }

    fn syntax(&mut self, error: &ScanError) {
        let at = self.places.byte(error.marker());
        if let Some(tab) = syntax::tab_near(error.info(), self.text, at) {
            let span = Span::new(self.places.file, tab, tab + 1);
            let finding = Diagnostic::new(&codes::TAB, span, "a tab where YAML wants spaces");
            self.findings.push(finding.help("replace it by spaces"));
            return;
        }
        let explained = syntax::explain(error.info(), self.text, at);
        let sign = self
            .text
            .get(explained.at..)
            .and_then(|rest| rest.chars().next());
        let end = sign.map_or(explained.at, |sign| explained.at + sign.len_utf8());
        let span = Span::new(self.places.file, explained.at, end);
        let finding = Diagnostic::new(&codes::SYNTAX, span, explained.message);
        self.findings.push(finding.help(explained.help));
    }
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::Empty | Value::Scalar { .. } | Value::Include(_) => 1,
        Value::Sequence(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Mapping(entries) => {
            1 + entries
                .iter()
                .map(|(_, value)| 1 + size(value))
                .sum::<usize>()
        }
    }
}

#[cfg(test)]
mod tests {
    use base::SourceMap;

    use super::*;

    fn findings(text: &str, dialect: Dialect) -> Vec<String> {
        let mut map = SourceMap::default();
        let file = map.add("f.yaml", text);
        let (_, findings) = parse_single(text, file, dialect);
        let say = |f: &Diagnostic| format!("{} {}", map.locate(f.span), f.code.id);
        findings.iter().map(say).collect()
    }

    fn spans(text: &str) -> Vec<String> {
        fn walk(node: &Node, text: &str, out: &mut Vec<String>) {
            out.push(text[node.span.start as usize..node.span.end as usize].to_owned());
            match &node.value {
                Value::Sequence(items) => items.iter().for_each(|item| walk(item, text, out)),
                Value::Mapping(entries) => entries.iter().for_each(|(key, value)| {
                    walk(key, text, out);
                    walk(value, text, out);
                }),
                _ => {}
            }
        }
        let file = SourceMap::default().add("f.yaml", text);
        let (node, found) = parse_single(text, file, Dialect::Native);
        assert!(found.is_empty(), "{found:?}");
        let mut out = Vec::new();
        walk(&node.expect("one document"), text, &mut out);
        out
    }

    #[test]
    fn spans_hold_just_the_value() {
        let text = "\u{feff}a: é b  # c\nb: [x, 'ÿ' ]\nc:\n  - q\n  - r: s\n\n# end\n";
        assert_eq!(
            spans(text),
            [
                "a: é b  # c\nb: [x, 'ÿ' ]\nc:\n  - q\n  - r: s",
                "a",
                "é b",
                "b",
                "[x, 'ÿ' ]",
                "x",
                "'ÿ'",
                "c",
                "- q\n  - r: s",
                "q",
                "r: s",
                "r",
                "s"
            ]
        );
    }

    #[test]
    fn mistakes_are_found_where_they_stand() {
        assert_eq!(
            findings("a: 1\nb: 2\na: 3\n", Dialect::Native),
            ["f.yaml:3:1 yaml-duplicate-key"]
        );
        assert_eq!(
            findings("a:\n\tb: 2\n", Dialect::Native),
            ["f.yaml:2:1 yaml-tab"]
        );
        assert_eq!(
            findings("\ta: 1\n", Dialect::Native),
            ["f.yaml:1:1 yaml-tab"]
        );
        assert_eq!(
            findings("a: &x 1\nb: *x\n", Dialect::Native),
            ["f.yaml:1:4 yaml-alias", "f.yaml:2:4 yaml-alias"]
        );
        assert_eq!(
            findings("a: &x 1\nb: *x\n", Dialect::Go),
            Vec::<String>::new()
        );
        assert_eq!(
            findings("<<: {a: 1}\n", Dialect::Go),
            ["f.yaml:1:1 yaml-alias"]
        );
        assert_eq!(
            findings("a: !Ref b\n", Dialect::Native),
            ["f.yaml:1:4 yaml-tag"]
        );
        assert_eq!(
            findings("a: {{ b }}\n", Dialect::Native),
            ["f.yaml:1:5 yaml-bad-key"]
        );
        assert_eq!(findings("", Dialect::Native), ["f.yaml:1:1 yaml-documents"]);
        assert_eq!(
            findings("# nothing\n", Dialect::Native),
            ["f.yaml:1:1 yaml-documents"]
        );
        assert_eq!(
            findings("a: 1\n---\nb: 2\n", Dialect::Native),
            ["f.yaml:3:1 yaml-documents"]
        );
        assert_eq!(
            findings("a: 'x\n", Dialect::Native),
            ["f.yaml:1:4 yaml-syntax"]
        );
    }

    #[test]
    fn includes_and_merge_keys_stand_in_the_trees_of_their_dialect_alone() {
        let text = "a: !include b.yaml\n<<: *x\n<<: {c: 1}\nd: !other 1\n";
        let text = format!("x: &x {{e: 1}}\n{text}");
        assert_eq!(findings(&text, Dialect::Octodns), ["f.yaml:5:4 yaml-tag"]);
        assert_eq!(
            findings(&text, Dialect::Go),
            [
                "f.yaml:2:4 yaml-tag",
                "f.yaml:3:1 yaml-alias",
                "f.yaml:4:1 yaml-alias",
                "f.yaml:5:4 yaml-tag"
            ]
        );
    }

    #[test]
    fn many_keys_are_compared_too() {
        let mut text: String =
            (0..40).fold(String::new(), |text, n| text + &format!("k{n}: {n}\n"));
        text.push_str("k7: 1\n");
        assert_eq!(
            findings(&text, Dialect::Native),
            ["f.yaml:41:1 yaml-duplicate-key"]
        );
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..10 {
            let before = format!("*a{}", level - 1);
            let aliases = [before.as_str(); 9].join(",");
            bomb += &format!("a{level}: &a{level} [{aliases}]\n");
        }
        assert!(
            findings(&bomb, Dialect::Go)
                .iter()
                .any(|f| f.ends_with("yaml-limit"))
        );
        let deep = "[".repeat(20_000);
        assert_eq!(findings(&deep, Dialect::Native).len(), 1);
    }
}
