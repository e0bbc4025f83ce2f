//! An estate while it is being read, and when it has been.

use base::{Diagnostic, FileId, SourceMap, Span};

use crate::graph::Graph;
use crate::kinds::{Kind, Tables};
use crate::manifest::Manifest;
use crate::ownership::OwnersTree;
use crate::people::{self, AddressBook, Sighting};
use crate::reference::Ref;
use crate::table::{AnyItem, HasTable, Item};
use crate::tree::{Tree, Unreadable};
use crate::{KindId, codes, native, unknown};

/// An estate while it is being read: items without their connections.
///
/// Adapters for other formats add to the public fields.
#[derive(Debug)]
pub struct Draft {
    /// The root file.
    pub manifest: Manifest,
    /// The root file's place, for what is wrong with the estate as a whole.
    pub manifest_span: Span,
    /// The items read so far.
    pub tables: Tables,
    /// People met in other files than their own.
    pub sightings: Vec<Sighting>,
    /// Who may approve changes, by repository.
    pub ownership: Vec<OwnersTree>,
    /// The file with the community's rules.
    pub charter: Option<FileId>,
    /// All texts read so far.
    pub sources: SourceMap,
    /// What was found wrong so far.
    pub findings: Vec<Diagnostic>,
}

impl Draft {
    /// Reads the root file and the estate's own files.
    ///
    /// # Errors
    /// What is wrong with the root file, if nothing can be read without it.
    pub fn read(tree: &dyn Tree) -> Result<Self, (SourceMap, Vec<Diagnostic>)> {
        let mut sources = SourceMap::default();
        let (text, refused) = match tree.read(Manifest::FILE) {
            Ok(text) => (text, None),
            Err(refused) => (String::new(), Some(refused)),
        };
        let file = sources.add(tree.display(Manifest::FILE), text);
        if let Some(refused) = refused {
            let message = format!("{} cannot be read: {}", Manifest::FILE, refused.reason);
            let finding = Diagnostic::new(&codes::UNREADABLE, Span::start_of(file), message);
            let help = if refused.missing {
                "`commonhold init` starts an estate in an empty folder"
            } else {
                "save it as UTF-8 text"
            };
            return Err((sources, vec![finding.help(help)]));
        }
        let (manifest, findings) = Manifest::read(&sources.file(file).text, file);
        let Some(manifest) = manifest else {
            return Err((sources, findings));
        };
        let mut draft = Self {
            manifest,
            manifest_span: Span::start_of(file),
            tables: Tables::default(),
            sightings: Vec::new(),
            ownership: Vec::new(),
            charter: None,
            sources,
            findings,
        };
        native::read(tree, &mut draft);
        Ok(draft)
    }

    /// Reports files that look as if they declared something, and that nobody reads: for
    /// when all sources have been adopted.
    pub fn report_unclaimed(&mut self, tree: &dyn Tree) {
        native::unclaimed(tree, self);
    }

    /// Reports a file that could not be read.
    pub fn unreadable(&mut self, refused: &Unreadable, named_at: Span) {
        let message = format!("{} cannot be read: {}", refused.path, refused.reason);
        let help = "what cannot be read is not taken for empty; mend the path or the file";
        self.findings
            .push(Diagnostic::new(&codes::UNREADABLE, named_at, message).help(help));
    }

    /// Connects the items and reports what leads nowhere.
    pub fn resolve(mut self) -> (Estate, Vec<Diagnostic>) {
        let sightings = std::mem::take(&mut self.sightings);
        people::unite(&mut self.tables.people, sightings, &mut self.findings);
        let address_book = AddressBook::of(&self.tables, &mut self.findings);
        unknown::check(&self.tables, &address_book, &mut self.findings);
        people::unmatched(&self.tables, &address_book, &mut self.findings);
        let graph = Graph::of(&self.tables, &address_book);
        let estate = Estate {
            manifest: self.manifest,
            tables: self.tables,
            ownership: self.ownership,
            address_book,
            graph,
            charter: self.charter,
            sources: self.sources,
            root: self.manifest_span,
        };
        (estate, self.findings)
    }
}

/// All that a community owns, connected.
#[derive(Debug)]
pub struct Estate {
    /// The root file.
    pub manifest: Manifest,
    /// The items.
    pub tables: Tables,
    /// Who may approve changes, by repository.
    pub ownership: Vec<OwnersTree>,
    /// Whose an address is.
    pub address_book: AddressBook,
    /// The items' connections.
    pub graph: Graph,
    /// The file with the community's rules.
    pub charter: Option<FileId>,
    /// All texts that were read.
    pub sources: SourceMap,
    /// The root file's place.
    pub root: Span,
}

impl Estate {
    /// The item that a reference leads to; `None` where it leads nowhere, which has been reported.
    pub fn find<K: Kind>(&self, reference: &Ref<K>) -> Option<&Item<K>>
    where
        Tables: HasTable<K>,
    {
        self.tables.table().get(&reference.name)
    }

    /// An item by kind and name or alias.
    pub fn item(&self, kind: KindId, name: &str) -> Option<AnyItem<'_>> {
        self.tables.find_any(kind, name)
    }

    /// The items that a word may mean: `kind/name`, or a name or alias of any kind.
    pub fn named(&self, word: &str) -> Vec<AnyItem<'_>> {
        if let Some((kind, name)) = word
            .split_once('/')
            .and_then(|(kind, name)| Some((KindId::named(kind)?, name)))
        {
            return self.item(kind, name).into_iter().collect();
        }
        KindId::ALL
            .iter()
            .filter_map(|&kind| self.item(kind, word))
            .collect()
    }
}
