//! Items of one kind, by name.

use std::collections::{HashMap, HashSet};

use base::{Diagnostic, Span};

use crate::codes;
use crate::kinds::{Kind, KindId};
use crate::reference::{Reference, References, fold};

/// One thing the community owns or relies on.
#[derive(Debug)]
pub struct Item<K> {
    /// Its name, unique in its kind without regard to case.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// What is said of it.
    pub value: K,
}

impl<K: Kind> Item<K> {
    /// `kind/name`.
    pub fn subject(&self) -> String {
        format!("{}/{}", K::NAME, self.name)
    }

    /// What people call it; its name if nothing else is said.
    pub fn title(&self) -> &str {
        self.value.title().unwrap_or(&self.name)
    }
}

/// The items of one kind.
#[derive(Debug)]
pub struct Table<K> {
    items: Vec<Item<K>>,
    index: HashMap<String, usize>,
    /// Names whose files could not be read: known to exist, so that one broken
    /// file does not make every reference to it a mistake.
    broken: HashSet<String>,
    /// Items that were read with a key or value left out, because it was wrong:
    /// what is missing of them must not be held against them as well.
    flawed: HashSet<String>,
    incomplete: bool,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            index: HashMap::new(),
            broken: HashSet::new(),
            flawed: HashSet::new(),
            incomplete: false,
        }
    }
}

impl<K: Kind> Table<K> {
    /// Adds an item under its name and aliases; reports and drops one whose name is taken.
    pub fn add(&mut self, item: Item<K>, findings: &mut Vec<Diagnostic>) {
        let mut keys = vec![(fold(&item.name).into_owned(), item.span)];
        let aliases = item.value.aliases();
        keys.extend(
            aliases
                .iter()
                .map(|alias| (fold(alias).into_owned(), alias.span)),
        );
        keys.dedup_by(|a, b| a.0 == b.0);
        let taken = keys
            .iter()
            .find_map(|(key, span)| Some((key, *span, self.get(key)?)));
        if let Some((key, span, earlier)) = taken {
            let message = format!("`{key}` already leads to {}", earlier.subject());
            let finding = Diagnostic::new(&codes::DUPLICATE_ITEM, span, message);
            let named = span == item.span;
            let help = if named {
                "merge the two, or rename one"
            } else {
                "merge the two, or correct the one that is wrong"
            };
            findings.push(
                finding
                    .related(earlier.span, "declared here")
                    .about(item.subject())
                    .help(help),
            );
            // Its name is known all the same: references to it are not mistakes.
            self.mark_broken(&item.name);
            return;
        }
        for (key, _) in keys {
            self.index.insert(key, self.items.len());
        }
        self.items.push(item);
    }

    pub(crate) fn reserve(&mut self, items: usize) {
        self.items.reserve(items);
        self.index.reserve(items);
    }

    /// The place among the items, by name or alias.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.index.get(fold(name).as_ref()).copied()
    }

    /// By name or alias, without regard to case.
    pub fn get(&self, name: &str) -> Option<&Item<K>> {
        self.index
            .get(fold(name).as_ref())
            .and_then(|&at| self.items.get(at))
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Item<K>> {
        let at = *self.index.get(fold(name).as_ref())?;
        self.items.get_mut(at)
    }

    /// All items, in the order they were read.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &Item<K>> {
        self.items.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Says that an item exists although its file could not be read.
    pub fn mark_broken(&mut self, name: &str) {
        self.broken.insert(fold(name).into_owned());
    }

    /// Says that a file which declares any number of items could not be read: from
    /// now on nobody can say of a name that it does not exist.
    pub fn mark_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Whether any number of items may be missing, because a file could not be read.
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    pub(crate) fn mark_flawed(&mut self, name: &str) {
        self.flawed.insert(fold(name).into_owned());
    }

    pub(crate) fn is_flawed(&self, name: &str) -> bool {
        self.flawed.contains(fold(name).as_ref())
    }

    pub(crate) fn knows(&self, name: &str) -> bool {
        let key = fold(name);
        self.incomplete
            || self.index.contains_key(key.as_ref())
            || self.broken.contains(key.as_ref())
    }
}

/// Where the items of a kind are found, so that a reference finds its item by its type.
pub trait HasTable<K> {
    /// The table of the kind.
    fn table(&self) -> &Table<K>;
}

/// An item of any kind.
#[derive(Clone, Copy)]
pub struct AnyItem<'a> {
    /// Its kind.
    pub kind: KindId,
    /// Its name.
    pub name: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// Where it is declared.
    pub span: Span,
    inner: &'a dyn Erased,
}

impl<'a> AnyItem<'a> {
    pub(crate) fn of<K: Kind>(item: &'a Item<K>) -> Self {
        Self {
            kind: K::ID,
            name: &item.name,
            title: item.title(),
            span: item.span,
            inner: item,
        }
    }

    /// `kind/name`.
    pub fn subject(&self) -> String {
        format!("{}/{}", self.kind.name(), self.name)
    }

    /// Every item it names, and how.
    pub fn references(&self, visit: &mut dyn FnMut(Reference<'a>)) {
        self.inner.references(visit);
    }

    /// All that is said of it.
    pub fn json(&self) -> serde_json::Value {
        self.inner.json()
    }
}

trait Erased {
    fn references<'a>(&'a self, visit: &mut dyn FnMut(Reference<'a>));
    fn json(&self) -> serde_json::Value;
}

impl<K: Kind> Erased for Item<K> {
    fn references<'a>(&'a self, visit: &mut dyn FnMut(Reference<'a>)) {
        self.value.references(&mut References::new(visit));
    }

    fn json(&self) -> serde_json::Value {
        serde_json::to_value(&self.value).unwrap_or_default()
    }
}
