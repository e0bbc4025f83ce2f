//! `!include FILE` and `<<:`, as octoDNS resolves them.

use std::collections::HashMap;

use base::{Diagnostic, FileId, SourceMap, Span};
use estate::{Tree, join};
use yaml::{Dialect, Node, Value};

use super::files::unreadable;
use crate::codes;
use crate::shards::split;

/// Files within files within files.
const DEEPEST: usize = 16;
/// Values that includes may add, so that a few lines cannot become a flood.
const MOST_VALUES: usize = 1_000_000;

/// Resolves what stands for something else in the trees of a zone's files.
pub(super) struct Includes<'t> {
    pub(super) tree: &'t dyn Tree,
    pub(super) sources: &'t mut SourceMap,
    pub(super) findings: &'t mut Vec<Diagnostic>,
    /// The files that are open: each is included by the one before it.
    open: Vec<String>,
    values: usize,
}

impl<'t> Includes<'t> {
    pub(super) fn of(
        path: &str,
        tree: &'t dyn Tree,
        sources: &'t mut SourceMap,
        findings: &'t mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            tree,
            sources,
            findings,
            open: vec![path.to_owned()],
            values: 0,
        }
    }

    /// Whether a text may hold something to resolve.
    pub(super) fn wanted(text: &str) -> bool {
        text.contains("!include") || text.contains("<<")
    }

    /// The node with everything resolved; none where that failed, which is reported.
    pub(super) fn resolve(&mut self, node: Node) -> Option<Node> {
        self.values += 1;
        let Node { value, span } = node;
        if self.values > MOST_VALUES {
            return self.refuse(
                span,
                "the includes grow without end",
                "write the values out",
            );
        }
        let value = match value {
            Value::Include(path) => return self.include(&path, span),
            Value::Sequence(items) => {
                let resolved = items.into_iter().map(|item| self.resolve(item));
                Value::Sequence(resolved.collect::<Option<_>>()?)
            }
            Value::Mapping(entries) => Value::Mapping(self.mapping(entries)?),
            other => other,
        };
        Some(Node { value, span })
    }

    /// As octoDNS builds a mapping: what is merged in and what is written follow one
    /// another in their order, a key stands where it came first, and the last value wins.
    fn mapping(&mut self, entries: Vec<(Node, Node)>) -> Option<Vec<(Node, Node)>> {
        let mut merged: Vec<(Node, Node)> = Vec::with_capacity(entries.len());
        let mut places: HashMap<String, usize> = HashMap::new();
        for (key, value) in entries {
            let resolved = self.resolve(value)?;
            let added = if key.is_merge_key() {
                self.merged(resolved, key.span)?
            } else {
                vec![(key, resolved)]
            };
            for (key, value) in added {
                let text = key.text().unwrap_or_default().to_owned();
                if let Some(&at) = places.get(&text) {
                    merged[at] = (key, value);
                } else {
                    places.insert(text, merged.len());
                    merged.push((key, value));
                }
            }
        }
        Some(merged)
    }

    /// The entries that a merge key adds. Of a list, the first mapping wins, so it comes last.
    fn merged(&mut self, node: Node, key: Span) -> Option<Vec<(Node, Node)>> {
        match node.value {
            Value::Mapping(entries) => Some(entries),
            Value::Sequence(items) => {
                let mut all = Vec::new();
                for item in items.into_iter().rev() {
                    match item.value {
                        Value::Mapping(entries) => all.extend(entries),
                        _ => return self.nothing_to_merge(item.span),
                    }
                }
                Some(all)
            }
            _ => self.nothing_to_merge(key),
        }
    }

    fn nothing_to_merge<T>(&mut self, span: Span) -> Option<T> {
        self.refuse(
            span,
            "what is merged here is not a mapping",
            "give `<<` a mapping, or a file that holds one",
        )
    }

    fn include(&mut self, written: &str, span: Span) -> Option<Node> {
        let from = self.open.last().map_or("", String::as_str);
        let path = join(split(from).0, written);
        let leaves = written.starts_with(['/', '~']) || path.split('/').any(|part| part == "..");
        if leaves {
            let message = format!("`{written}` leads out of the estate");
            return self.refuse(
                span,
                &message,
                "include files of the estate, relative to the one that includes them",
            );
        }
        if self.open.contains(&path) || self.open.len() > DEEPEST {
            let message = format!("`{path}` comes to include itself, or is included too deep");
            return self.refuse(span, &message, "include files that include no others");
        }
        let text = match self.tree.read(&path) {
            Ok(text) => text,
            Err(refused) => {
                self.findings.push(unreadable(&refused, span));
                return None;
            }
        };
        let file = self.sources.add(self.tree.display(&path), text);
        let node = self.document(file, span)?;
        self.open.push(path);
        let resolved = self.resolve(node);
        self.open.pop();
        resolved
    }

    fn document(&mut self, file: FileId, asked_at: Span) -> Option<Node> {
        let text = &self.sources.file(file).text;
        let (node, findings) = yaml::parse_single(text, file, Dialect::Octodns);
        let sound = findings.is_empty();
        let about = |finding: Diagnostic| finding.related(asked_at, "included here");
        self.findings.extend(findings.into_iter().map(about));
        node.filter(|_| sound)
    }

    fn refuse<T>(&mut self, span: Span, message: &str, help: &str) -> Option<T> {
        let finding = Diagnostic::new(&codes::ZONE_FILES, span, message);
        self.findings.push(finding.help(help));
        None
    }
}
