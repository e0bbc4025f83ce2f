//! Who may approve a change to a file: per-folder lists of owners with
//! inheritance, filters and aliases.
//!
//! Where every file can be read, the answers are those of the bots that read
//! such files. Where one cannot, those go on as if it were not there, so that
//! whoever owns the folder above approves, even if the file wanted to prevent
//! just that. Here nobody does.

mod explain;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{FileId, Span, Spanned};
use regex::Regex;

use crate::reference::fold;
use crate::tree::join;

pub use explain::{Explanation, Ground, Stop};

/// The owners of one repository's files.
#[derive(Debug)]
pub struct OwnersTree {
    /// The repository, as `organisation/name`, or the path it was read from.
    pub repository: String,
    /// Where its root is in the estate's tree.
    pub root: String,
    /// What each folder says, by its path in the repository; the root is empty.
    pub folders: BTreeMap<String, OwnersFile>,
    /// Names for several people.
    pub aliases: Aliases,
    /// What the folders say, made ready to be asked about many paths.
    prepared: HashMap<String, Prepared>,
    /// Who alone may approve and review, whoever else is named; everybody if not said.
    only: Option<BTreeSet<String>>,
}

/// What one folder says of its owners.
#[derive(Debug)]
pub struct OwnersFile {
    /// The file it stands in.
    pub file: FileId,
    /// Whether the owners of the folders above count too.
    pub inherits: bool,
    /// The owners of everything below.
    pub owners: Owners,
    /// The owners of some files below, by pattern.
    pub filters: Vec<Filter>,
    /// Why nobody knows what the file means, if so: nobody below it may approve, rather
    /// than anybody above.
    pub broken: Option<Fault>,
}

/// Why nobody knows what a file means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where the first mistake is: in the file itself, or in the one with the aliases.
    pub span: Span,
    /// What is wrong there, in one sentence without a full stop.
    pub reason: String,
}

/// Lists of people in one place, logins as written.
#[derive(Debug, Default)]
pub struct Owners {
    /// Who may approve.
    pub approvers: Vec<Spanned<String>>,
    /// Who may review.
    pub reviewers: Vec<Spanned<String>>,
    /// Who must review.
    pub required_reviewers: Vec<Spanned<String>>,
    /// Labels that a change gets.
    pub labels: Vec<Spanned<String>>,
    /// Who approved once, and is named in honour only.
    pub emeritus_approvers: Vec<Spanned<String>>,
    /// Who reviewed once, and is named in honour only.
    pub emeritus_reviewers: Vec<Spanned<String>>,
}

/// Owners of the files whose path below the folder matches.
#[derive(Debug)]
pub struct Filter {
    /// The pattern as written.
    pub pattern: Spanned<String>,
    /// The pattern, unanchored; `None` where it is malformed, which has been reported.
    pub regex: Option<Regex>,
    /// The owners.
    pub owners: Owners,
}

/// Names for several people.
#[derive(Debug, Default)]
pub struct Aliases {
    /// The file they stand in, if there is one.
    pub file: Option<FileId>,
    /// The logins behind each name, in lower case.
    pub names: BTreeMap<String, Vec<Spanned<String>>>,
}

/// Who may do what to one file; logins in lower case.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Resolution {
    /// Who may approve.
    pub approvers: BTreeSet<String>,
    /// Who may approve by the nearest folder that names anybody.
    pub leaf_approvers: BTreeSet<String>,
    /// Who may review.
    pub reviewers: BTreeSet<String>,
    /// Who must review.
    pub required_reviewers: BTreeSet<String>,
    /// Labels that a change gets.
    pub labels: BTreeSet<String>,
    /// The folder that names the leaf approvers.
    pub approver_folder: String,
    /// The folder whose file could not be read, if that is why nobody may approve.
    pub broken_at: Option<String>,
}

impl Owners {
    /// Whether no list that counts has an entry.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.is_empty())
    }

    /// Every list that counts, with the key it is written under.
    pub fn lists(&self) -> [(&'static str, &[Spanned<String>]); 4] {
        [
            ("approvers", &self.approvers),
            ("reviewers", &self.reviewers),
            ("required_reviewers", &self.required_reviewers),
            ("labels", &self.labels),
        ]
    }
}

impl OwnersFile {
    /// A file of which nobody knows what it means.
    pub fn broken(file: FileId, fault: Fault) -> Self {
        let (owners, filters) = (Owners::default(), Vec::new());
        Self {
            file,
            inherits: true,
            owners,
            filters,
            broken: Some(fault),
        }
    }

    /// Every set of owners that has an effect.
    pub fn rules(&self) -> impl Iterator<Item = &Owners> {
        std::iter::once(&self.owners).chain(self.filters.iter().map(|filter| &filter.owners))
    }
}

impl Filter {
    /// The pattern that matches every path, even one with a line break in it.
    pub const EVERYTHING: &'static str = ".*";

    /// Whether it is for a path, relative to the folder of its file.
    pub fn is_for(&self, path: &str) -> bool {
        let matches = |regex: &Regex| regex.is_match(path);
        self.pattern.value == Self::EVERYTHING || self.regex.as_ref().is_some_and(matches)
    }
}

impl Aliases {
    /// The form in which two spellings of a login or of an alias are equal.
    pub fn key(name: &str) -> Cow<'_, str> {
        fold(name)
    }

    /// The logins behind a name; `None` where it is no alias.
    pub fn members(&self, name: &str) -> Option<&[Spanned<String>]> {
        self.names.get(Self::key(name).as_ref()).map(Vec::as_slice)
    }

    /// The people that a list means. Aliases are not looked for in aliases.
    fn expand(&self, list: &[Spanned<String>]) -> Vec<String> {
        let mut logins = BTreeSet::new();
        for name in list {
            match self.members(name) {
                Some(members) => {
                    logins.extend(members.iter().map(|login| fold(login).into_owned()));
                }
                None => {
                    logins.insert(fold(name).into_owned());
                }
            }
        }
        logins.into_iter().collect()
    }
}

impl OwnersTree {
    /// The owners of a repository. [`Self::resolve`] answers by what is given
    /// here, whatever becomes of the public fields.
    pub fn new(
        repository: String,
        root: String,
        folders: BTreeMap<String, OwnersFile>,
        aliases: Aliases,
    ) -> Self {
        let prepare =
            |(folder, file): (&String, &OwnersFile)| (folder.clone(), Prepared::of(file, &aliases));
        let prepared = folders.iter().map(prepare).collect();
        Self {
            repository,
            root,
            folders,
            aliases,
            prepared,
            only: None,
        }
    }

    /// The same tree where nobody but these approves or reviews, as bots have it that count
    /// collaborators alone. Logins compare without case. Whoever must review still must, and
    /// a folder none of whose approvers is left is one that names nobody.
    #[must_use]
    pub fn only<'l>(mut self, logins: impl IntoIterator<Item = &'l str>) -> Self {
        let logins: BTreeSet<String> = logins
            .into_iter()
            .map(|login| fold(login).into_owned())
            .collect();
        for rule in self.prepared.values_mut().flat_map(|file| &mut file.rules) {
            rule.lists[APPROVERS].retain(|login| logins.contains(login));
            rule.lists[REVIEWERS].retain(|login| logins.contains(login));
        }
        self.only = Some(logins);
        self
    }

    /// Every login that the tree names, where it does; aliases stand for those behind them.
    pub fn logins(&self) -> impl Iterator<Item = &Spanned<String>> {
        let folders = self.folders.values();
        let lists = folders.flat_map(|folder| {
            folder
                .filters
                .iter()
                .map(|filter| &filter.owners)
                .chain([&folder.owners])
        });
        let named = lists.flat_map(|owners| {
            owners
                .approvers
                .iter()
                .chain(&owners.reviewers)
                .chain(&owners.required_reviewers)
        });
        let logins = named.filter(|login| self.aliases.members(login).is_none());
        logins.chain(self.aliases.names.values().flatten())
    }

    /// Who may do what to a file, by its path in the repository.
    ///
    /// A folder may be asked about too; its own owners count. Nobody owns what
    /// is outside the repository.
    pub fn resolve(&self, path: &str) -> Resolution {
        let path = join("", path);
        let mut ascent = Ascent::default();
        for folder in way(&path) {
            if let Some(prepared) = self.prepared.get(folder) {
                ascent.visit(folder, prepared, Some(below(folder, &path)));
            }
        }
        ascent.resolution()
    }

    /// Who may do what to the files of a folder and those below it that no pattern is for
    /// and no folder further down has a say in.
    pub fn resolve_plain(&self, folder: &str) -> Resolution {
        let path = join("", folder);
        let mut ascent = Ascent::default();
        for folder in way(&path) {
            if let Some(prepared) = self.prepared.get(folder) {
                ascent.visit(folder, prepared, None);
            }
        }
        ascent.resolution()
    }

    /// Why a path resolves as it does.
    pub fn explain(&self, path: &str) -> Explanation<'_> {
        explain::explain(self, path)
    }
}

/// A path and the folders above it, the root last; none for what is outside.
fn way(path: &str) -> impl Iterator<Item = &str> {
    let outside = path == ".." || path.starts_with("../");
    std::iter::successors((!outside).then_some(path), parent)
}

fn parent<'p>(folder: &&'p str) -> Option<&'p str> {
    let above = || folder.rsplit_once('/').map_or("", |(above, _)| above);
    (!folder.is_empty()).then(above)
}

/// A path relative to a folder above it; a folder is `.` to itself.
fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    match path.get(folder.len()..).unwrap_or(path) {
        "" => ".",
        rest => rest.trim_start_matches('/'),
    }
}

const APPROVERS: usize = 0;
const REVIEWERS: usize = 1;
const REQUIRED_REVIEWERS: usize = 2;
const LABELS: usize = 3;
const LISTS: usize = 4;

/// What one folder says, with patterns compiled and aliases expanded.
#[derive(Debug)]
struct Prepared {
    inherits: bool,
    broken: bool,
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    /// Which paths below the folder it is for; `None` for all.
    paths: Option<Regex>,
    lists: [Vec<String>; LISTS],
}

impl Prepared {
    fn of(file: &OwnersFile, aliases: &Aliases) -> Self {
        let mut rules = vec![Rule::of(None, &file.owners, aliases)];
        for filter in &file.filters {
            if filter.pattern.value == Filter::EVERYTHING {
                rules.push(Rule::of(None, &filter.owners, aliases));
            } else if let Some(regex) = &filter.regex {
                rules.push(Rule::of(Some(regex.clone()), &filter.owners, aliases));
            }
        }
        rules.retain(|rule| rule.lists.iter().any(|list| !list.is_empty()));
        Self {
            inherits: file.inherits,
            broken: file.broken.is_some(),
            rules,
        }
    }
}

impl Rule {
    fn of(paths: Option<Regex>, owners: &Owners, aliases: &Aliases) -> Self {
        let mut labels: Vec<String> = owners.labels.iter().map(|l| l.value.clone()).collect();
        labels.sort_unstable();
        let lists = [
            aliases.expand(&owners.approvers),
            aliases.expand(&owners.reviewers),
            aliases.expand(&owners.required_reviewers),
            labels,
        ];
        Self { paths, lists }
    }

    /// Whether it is for a path; for a path that no pattern matches if none is given.
    fn is_for(&self, path: Option<&str>) -> bool {
        match (&self.paths, path) {
            (None, _) => true,
            (Some(regex), Some(path)) => regex.is_match(path),
            (Some(_), None) => false,
        }
    }
}

/// The way from a file up to the root, and what was met on it.
#[derive(Default)]
struct Ascent<'t> {
    found: [Vec<&'t str>; LISTS],
    /// The lists that no folder further up adds to.
    ended: [bool; LISTS],
    leaf: Vec<&'t str>,
    leaf_folder: &'t str,
    broken_at: Option<&'t str>,
}

impl<'t> Ascent<'t> {
    fn visit(&mut self, folder: &'t str, prepared: &'t Prepared, path: Option<&str>) {
        if prepared.broken {
            return self.stop_at_broken(folder);
        }
        for rule in prepared.rules.iter().filter(|rule| rule.is_for(path)) {
            for ((found, ended), list) in self.found.iter_mut().zip(self.ended).zip(&rule.lists) {
                if !ended {
                    found.extend(list.iter().map(String::as_str));
                }
            }
        }
        if self.leaf.is_empty() && !self.found[APPROVERS].is_empty() {
            self.leaf.clone_from(&self.found[APPROVERS]);
            self.leaf_folder = folder;
        }
        if !prepared.inherits {
            for (ended, found) in self.ended.iter_mut().zip(&self.found) {
                *ended |= !found.is_empty();
            }
        }
    }

    /// The file may have taken approval away from the folders above or asked
    /// for somebody's review, so nothing that it had a say in is known.
    fn stop_at_broken(&mut self, folder: &'t str) {
        let had_no_say = self.ended[APPROVERS] && self.ended[REQUIRED_REVIEWERS];
        if self.broken_at.is_none() && !had_no_say {
            self.broken_at = Some(folder);
        }
        self.ended = [true; LISTS];
    }

    fn resolution(self) -> Resolution {
        let mut resolution = Resolution {
            reviewers: owned(&self.found[REVIEWERS]),
            required_reviewers: owned(&self.found[REQUIRED_REVIEWERS]),
            labels: owned(&self.found[LABELS]),
            ..Resolution::default()
        };
        if let Some(folder) = self.broken_at {
            folder.clone_into(&mut resolution.approver_folder);
            resolution.broken_at = Some(folder.to_owned());
        } else {
            resolution.approvers = owned(&self.found[APPROVERS]);
            resolution.leaf_approvers = owned(&self.leaf);
            self.leaf_folder.clone_into(&mut resolution.approver_folder);
        }
        resolution
    }
}

fn owned(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
