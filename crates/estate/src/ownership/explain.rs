//! Why a path resolves as it does: every entry that counts, with the places it stands.

use base::{FileId, Spanned};

use super::{
    APPROVERS, Fault, Filter, LABELS, LISTS, Owners, OwnersFile, OwnersTree, REVIEWERS, Resolution,
    below, way,
};
use crate::reference::fold;
use crate::tree::join;

/// Why a path resolves as it does.
#[derive(Debug)]
pub struct Explanation<'t> {
    /// The answer.
    pub resolution: Resolution,
    /// The entries that make it, from the path upwards. The people and labels of each list
    /// are those of the answer, no more and no fewer.
    pub grounds: Vec<Ground<'t>>,
    /// The folders that end lists, from the path upwards.
    pub stops: Vec<Stop<'t>>,
    /// Who is named on the way in honour only, with the key of the list.
    pub emeriti: Vec<(&'static str, &'t Spanned<String>)>,
    /// Why nobody may approve, if it is because a file cannot be read.
    pub fault: Option<&'t Fault>,
}

/// One entry that counts.
#[derive(Debug)]
pub struct Ground<'t> {
    /// The key of the list: `approvers`, `reviewers`, `required_reviewers`, `labels`.
    pub list: &'static str,
    /// Who, in lower case, or the label.
    pub who: String,
    /// The folder whose file says so; the root is empty.
    pub folder: &'t str,
    /// What stands there: the login, the label or an alias.
    pub entry: &'t Spanned<String>,
    /// The login in the alias, if it is one.
    pub member: Option<&'t Spanned<String>>,
    /// The pattern under which the entry stands, if it is for some files only.
    pub filter: Option<&'t Spanned<String>>,
}

/// A folder above which nobody is looked for any more (`no_parent_owners`).
#[derive(Debug)]
pub struct Stop<'t> {
    /// The folder.
    pub folder: &'t str,
    /// Its file.
    pub file: FileId,
    /// The keys of the lists it ends: those that have entries so far. None of them if the
    /// option has no effect, because nobody has been found yet.
    pub ends: Vec<&'static str>,
}

pub(super) fn explain<'t>(tree: &'t OwnersTree, path: &str) -> Explanation<'t> {
    let path = join("", path);
    let mut ascent = Ascent::default();
    for folder in way(&path) {
        if let Some((folder, file)) = tree.folders.get_key_value(folder) {
            ascent.visit(tree, folder, file, below(folder, &path));
        }
        if ascent.broken.is_some() {
            break;
        }
    }
    let resolution = tree.resolve(&path);
    let fault = ascent.broken.filter(|_| resolution.broken_at.is_some());
    // What stands below a broken file is taken back with the approvers.
    if fault.is_some() {
        ascent.grounds.retain(|ground| ground.list != "approvers");
    }
    Explanation {
        resolution,
        grounds: ascent.grounds,
        stops: ascent.stops,
        emeriti: ascent.emeriti,
        fault,
    }
}

#[derive(Default)]
struct Ascent<'t> {
    grounds: Vec<Ground<'t>>,
    stops: Vec<Stop<'t>>,
    emeriti: Vec<(&'static str, &'t Spanned<String>)>,
    found: [bool; LISTS],
    ended: [bool; LISTS],
    broken: Option<&'t Fault>,
}

impl<'t> Ascent<'t> {
    fn visit(&mut self, tree: &'t OwnersTree, folder: &'t str, file: &'t OwnersFile, path: &str) {
        if let Some(fault) = &file.broken {
            self.broken = Some(fault);
            return;
        }
        self.take(tree, folder, &file.owners, None);
        for filter in file.filters.iter().filter(|filter| filter.is_for(path)) {
            let pattern = &filter.pattern;
            let some = (pattern.value != Filter::EVERYTHING).then_some(pattern);
            self.take(tree, folder, &filter.owners, some);
        }
        if file.inherits {
            return;
        }
        let mut ends = Vec::new();
        for (at, (list, _)) in file.owners.lists().iter().enumerate() {
            if self.found[at] && !self.ended[at] {
                self.ended[at] = true;
                ends.push(*list);
            }
        }
        let file = file.file;
        self.stops.push(Stop { folder, file, ends });
    }

    fn take(
        &mut self,
        tree: &'t OwnersTree,
        folder: &'t str,
        owners: &'t Owners,
        filter: Option<&'t Spanned<String>>,
    ) {
        let counts = |at: usize, login: &str| {
            !matches!(at, APPROVERS | REVIEWERS)
                || tree.only.as_ref().is_none_or(|only| only.contains(login))
        };
        let honoured = [
            ("emeritus_approvers", &owners.emeritus_approvers),
            ("emeritus_reviewers", &owners.emeritus_reviewers),
        ];
        for (list, names) in honoured {
            self.emeriti.extend(names.iter().map(|name| (list, name)));
        }
        for (at, (list, entries)) in owners.lists().into_iter().enumerate() {
            if self.ended[at] {
                continue;
            }
            for entry in entries {
                for (who, member) in meant(tree, entry, at) {
                    if counts(at, &who) {
                        self.found[at] = true;
                        self.grounds.push(Ground {
                            list,
                            who,
                            folder,
                            entry,
                            member,
                            filter,
                        });
                    }
                }
            }
        }
    }
}

/// Whom an entry means, with the place in the alias where it is one.
fn meant<'t>(
    tree: &'t OwnersTree,
    entry: &'t Spanned<String>,
    list: usize,
) -> Vec<(String, Option<&'t Spanned<String>>)> {
    if list == LABELS {
        return vec![(entry.value.clone(), None)];
    }
    let folded = |login: &Spanned<String>| fold(login).into_owned();
    match tree.aliases.members(entry) {
        Some(members) => members
            .iter()
            .map(|member| (folded(member), Some(member)))
            .collect(),
        None => vec![(folded(entry), None)],
    }
}
