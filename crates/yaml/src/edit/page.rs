//! A text and its tree.

use base::SourceMap;

use super::written::Written;
use super::{CannotEdit, Step, extent, lines};
use crate::{Dialect, Node, Reading, Value, parse, reads_as};

/// A text in the place of another. Lines are written with `\n` and end as the file's do.
#[derive(Debug)]
pub(super) struct Splice {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { start, end, text }
    }
}

/// A text that was read.
pub(super) struct Page<'t> {
    pub(super) text: &'t str,
    pub(super) root: Node,
}

impl<'t> Page<'t> {
    pub(super) fn read(text: &'t str) -> Result<Self, CannotEdit> {
        let file = SourceMap::default().add("", "");
        // The dialect that leaves most in the tree, for a reader of any.
        let (mut documents, findings) = parse(text, file, Dialect::Octodns);
        let refuse = |at: u32, why: String| CannotEdit {
            line: lines::number(text, at as usize),
            why,
        };
        if let Some(finding) = findings.first() {
            let why = format!("the file cannot be read: {}", finding.message);
            return Err(refuse(finding.span.start, why));
        }
        documents.retain(|document| !matches!(document.value, Value::Empty));
        if let Some(second) = documents.get(1) {
            let why = "a second document begins here".to_owned();
            return Err(refuse(second.span.start, why));
        }
        let nothing = Node {
            value: Value::Empty,
            span: base::Span::start_of(file),
        };
        let mut root = documents.pop().unwrap_or(nothing);
        extent::tighten(&mut root, text);
        Ok(Self { text, root })
    }

    pub(super) fn refuse(&self, at: usize, why: impl Into<String>) -> CannotEdit {
        CannotEdit {
            line: lines::number(self.text, at),
            why: why.into(),
        }
    }

    pub(super) fn node(&self, path: &[Step]) -> Option<&Node> {
        path.iter().try_fold(&self.root, child)
    }

    /// The key that a value stands under.
    pub(super) fn key(&self, path: &[Step]) -> Option<&Node> {
        let (Step::Key(name), above) = path.split_last()? else {
            return None;
        };
        let Value::Mapping(entries) = &self.node(above)?.value else {
            return None;
        };
        let named = |(key, _): &&(Node, Node)| key.text() == Some(name);
        entries.iter().find(named).map(|(key, _)| key)
    }

    /// The way to the entry that begins at a byte, the outermost if there are several.
    pub(super) fn entry_at(&self, at: usize) -> Option<Vec<Step>> {
        let mut path = Vec::new();
        entry_at(&self.root, at, &mut path).then_some(path)
    }

    /// The way to the innermost key or value that a byte is in.
    pub(super) fn path_to(&self, at: usize) -> Option<Vec<Step>> {
        let mut path = Vec::new();
        path_to(&self.root, at, &mut path).then_some(path)
    }

    /// Whether a list or mapping is written in brackets.
    pub(super) fn is_flow(&self, node: &Node) -> bool {
        extent::is_flow(node, self.text)
    }

    /// Where the last sign of a node stands, plus one; `least` where that is not here.
    pub(super) fn content_end(&self, node: &Node, least: usize) -> usize {
        let end = node.span.end as usize;
        match &node.value {
            _ if (node.span.start as usize) < least.min(end) && end <= least => least,
            Value::Empty => least,
            _ if self.is_flow(node) => end.max(least),
            Value::Sequence(items) => items
                .iter()
                .fold(least, |least, item| self.content_end(item, least)),
            Value::Mapping(entries) => entries.iter().fold(least, |least, (key, value)| {
                self.content_end(value, least.max(key.span.end as usize))
            }),
            _ => end.max(least),
        }
    }

    /// The line of the dash before an entry, and the dash's column.
    pub(super) fn dash(&self, item: &Node) -> Result<(usize, usize), CannotEdit> {
        let start = item.span.start as usize;
        let before = self.text.get(..start).unwrap_or("").trim_end();
        let dash = before.strip_suffix('-').map(str::len);
        let line = dash.map(|dash| lines::line_start(self.text, dash));
        match dash.zip(line) {
            Some((dash, line))
                if lines::is_blank(self.text, line, dash)
                    && !matches!(item.value, Value::Empty) =>
            {
                Ok((line, lines::column(self.text, dash)))
            }
            _ => Err(self.refuse(start, "the entry does not stand on a line of its own")),
        }
    }

    /// The end of the lines of an entry: with the comments inside of it, if it has an inside.
    pub(super) fn entry_end(
        &self,
        value: &Node,
        least: usize,
        column: usize,
    ) -> Result<usize, CannotEdit> {
        let content = self.content_end(value, least);
        let mut end = lines::line_end(self.text, content);
        if !lines::is_remark(self.text, content, end) {
            return Err(self.refuse(content, "something else stands on the same line"));
        }
        if matches!(value.value, Value::Sequence(_) | Value::Mapping(_)) && !self.is_flow(value) {
            while let Some(line) = lines::line_at(self.text, end)
                && lines::comment_column(line).is_some_and(|found| found > column)
            {
                end += line.len();
            }
        }
        Ok(end)
    }

    /// The start of the comment lines that stand directly above a line in a column.
    pub(super) fn comments_above(&self, line: usize, column: usize) -> usize {
        let mut start = line;
        while start > 0 {
            let above = lines::line_start(self.text, start - 1);
            if lines::comment_column(&self.text[above..start]) != Some(column) {
                break;
            }
            start = above;
        }
        start
    }

    /// How far the dashes of lists stand behind their keys: as those of the first list of the
    /// file; none if it has no list with dashes.
    pub(super) fn list_indent(&self) -> Option<usize> {
        self.first_indent(&self.root)
    }

    fn first_indent(&self, node: &Node) -> Option<usize> {
        match &node.value {
            Value::Sequence(items) => items.iter().find_map(|item| self.first_indent(item)),
            Value::Mapping(entries) => entries.iter().find_map(|(key, value)| {
                if let (Value::Sequence(items), false) = (&value.value, self.is_flow(value))
                    && let Some(first) = items.first()
                    && let Ok((_, dash)) = self.dash(first)
                {
                    return dash.checked_sub(lines::column(self.text, key.span.start as usize));
                }
                self.first_indent(value)
            }),
            _ => None,
        }
    }
}

fn child<'n>(node: &'n Node, step: &Step) -> Option<&'n Node> {
    match (&node.value, step) {
        (Value::Sequence(items), Step::Item(at)) => items.get(*at),
        (Value::Mapping(_), Step::Key(key)) => node.get(key),
        _ => None,
    }
}

fn covers(node: &Node, at: usize) -> bool {
    (node.span.start as usize) <= at && at < node.span.end as usize
}

/// The way from a node to the entry in it that begins at a byte.
fn entry_at(node: &Node, at: usize, path: &mut Vec<Step>) -> bool {
    let begins =
        |node: &Node| node.span.start as usize == at && !matches!(node.value, Value::Empty);
    match &node.value {
        Value::Sequence(items) => items.iter().enumerate().any(|(place, item)| {
            within(path, Step::Item(place), |path| {
                begins(item) || covers(item, at) && entry_at(item, at, path)
            })
        }),
        Value::Mapping(entries) => entries.iter().any(|(key, value)| {
            within(path, Step::from(key.text().unwrap_or("")), |path| {
                begins(key) || covers(value, at) && entry_at(value, at, path)
            })
        }),
        _ => false,
    }
}

/// The way from a node to the innermost key or value in it that a byte is in.
fn path_to(node: &Node, at: usize, path: &mut Vec<Step>) -> bool {
    match &node.value {
        Value::Sequence(items) => items.iter().enumerate().any(|(place, item)| {
            within(path, Step::Item(place), |path| {
                covers(item, at) && path_to(item, at, path)
            })
        }),
        Value::Mapping(entries) => entries.iter().any(|(key, value)| {
            within(path, Step::from(key.text().unwrap_or("")), |path| {
                covers(key, at) || covers(value, at) && path_to(value, at, path)
            })
        }),
        _ => true,
    }
}

/// Takes a step, and takes it back if it leads nowhere.
fn within(path: &mut Vec<Step>, step: Step, go: impl FnOnce(&mut Vec<Step>) -> bool) -> bool {
    path.push(step);
    let arrived = go(path);
    if !arrived {
        path.pop();
    }
    arrived
}

/// The scalars directly in a node, each with its key if it has one.
pub(super) fn scalars(node: &Node) -> Vec<(Option<String>, String)> {
    let text = |node: &Node| node.text().map(str::to_owned);
    match &node.value {
        Value::Sequence(items) => items
            .iter()
            .filter_map(|item| Some((None, text(item)?)))
            .collect(),
        Value::Mapping(entries) => {
            let scalars = entries.iter();
            let scalars = scalars.filter_map(|(key, value)| Some((text(key), text(value)?)));
            scalars.collect()
        }
        _ => text(node).map(|text| (None, text)).into_iter().collect(),
    }
}

/// Every scalar in a node that is no key.
pub(super) fn each_scalar(node: &Node, visit: &mut dyn FnMut(&str, usize)) {
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| each_scalar(item, visit)),
        Value::Mapping(entries) => {
            for (_, value) in entries {
                each_scalar(value, visit);
            }
        }
        Value::Scalar { text, .. } => visit(text, node.span.start as usize),
        Value::Empty | Value::Include(_) => {}
    }
}

/// Puts every splice in its place; none where they overlap.
pub(super) fn apply(text: &str, mut splices: Vec<Splice>) -> Option<String> {
    splices.sort_by_key(|splice| (splice.start, splice.end));
    let eol = lines::ending(text);
    let mut changed = String::with_capacity(text.len() + 128);
    let mut at = 0;
    for splice in splices {
        changed.push_str(text.get(at..splice.start)?);
        changed.push_str(&splice.text.replace('\n', eol));
        at = splice.end.max(splice.start);
    }
    changed.push_str(text.get(at..)?);
    Some(changed)
}

/// A tree without places, to be compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    Empty,
    /// A scalar, and what a reader may take it for.
    Scalar(String, Reading),
    Include(String),
    List(Vec<Form>),
    Map(Vec<(Form, Form)>),
}

impl Form {
    pub(super) fn of(node: &Node) -> Self {
        match &node.value {
            Value::Empty => Self::Empty,
            Value::Scalar { text, plain: true } => Self::Scalar(text.clone(), reads_as(text)),
            Value::Scalar { text, plain: false } => Self::Scalar(text.clone(), Reading::Text),
            Value::Include(path) => Self::Include(path.clone()),
            Value::Sequence(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Mapping(entries) => {
                let entries = entries.iter();
                Self::Map(
                    entries
                        .map(|(key, value)| (Self::of(key), Self::of(value)))
                        .collect(),
                )
            }
        }
    }

    pub(super) fn of_written(value: &Written) -> Self {
        match value {
            Written::Text(text) => Self::Scalar(text.clone(), Reading::Text),
            Written::Number(number) => Self::Scalar(number.to_string(), Reading::Whole),
            Written::List(items) => Self::List(items.iter().map(Self::of_written).collect()),
            Written::Mapping(entries) => {
                let entry = |(key, value): &(String, Written)| {
                    (
                        Self::Scalar(key.clone(), Reading::Text),
                        Self::of_written(value),
                    )
                };
                Self::Map(entries.iter().map(entry).collect())
            }
        }
    }

    pub(super) fn named(entries: &[(Self, Self)], name: &str) -> Option<usize> {
        let named = |(key, _): &(Self, Self)| matches!(key, Self::Scalar(text, _) if text == name);
        entries.iter().position(named)
    }

    pub(super) fn child(&mut self, step: &Step) -> Option<&mut Self> {
        match (self, step) {
            (Self::List(items), Step::Item(at)) => items.get_mut(*at),
            (Self::Map(entries), Step::Key(name)) => {
                let at = Self::named(entries, name)?;
                entries.get_mut(at).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    fn at(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, Self::child)
    }

    /// The same without what a way leads to.
    pub(super) fn without(mut self, path: &[Step]) -> Option<Self> {
        let (last, above) = path.split_last()?;
        match (self.at(above)?, last) {
            (Self::List(items), Step::Item(at)) if *at < items.len() => drop(items.remove(*at)),
            (Self::Map(entries), Step::Key(name)) => {
                entries.remove(Self::named(entries, name)?);
            }
            _ => return None,
        }
        Some(self)
    }

    /// The same with an entry at a place of a list.
    pub(super) fn with_entry(mut self, list: &[Step], at: usize, value: Self) -> Option<Self> {
        if self.at(list).is_none_or(|found| found.is_nothing()) {
            return self.with_value(list, Self::List(vec![value]));
        }
        let Self::List(items) = self.at(list)? else {
            return None;
        };
        (at <= items.len()).then(|| items.insert(at, value))?;
        Some(self)
    }

    /// The same with a value under a key.
    pub(super) fn with_value(mut self, path: &[Step], value: Self) -> Option<Self> {
        let (Step::Key(name), above) = path.split_last()? else {
            return None;
        };
        let map = self.at(above)?;
        if map.is_nothing() {
            *map = Self::Map(Vec::new());
        }
        let Self::Map(entries) = map else {
            return None;
        };
        match Self::named(entries, name) {
            Some(at) => entries.get_mut(at)?.1 = value,
            None => entries.push((Self::Scalar(name.clone(), Reading::Text), value)),
        }
        Some(self)
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Empty | Self::Scalar(_, Reading::Null))
    }
}
