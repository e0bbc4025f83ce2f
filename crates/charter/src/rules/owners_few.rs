//! No file hangs on one approver.

use std::collections::BTreeSet;

use base::{Code, Severity, Span, counted};
use estate::OwnersTree;
use yaml::record;

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// How many are enough.
    pub struct Parameters {
        /// The fewest distinct people who may approve a change to any file.
        pub minimum: u32 = 2,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "owners-few",
        title: "Too few people may approve changes to some files",
        severity: Severity::Warning,
        page: "Files with one approver cannot change while that person is away, and nobody can approve what that person \
               writes. Counted are the humans who may approve changes to the files of a folder, those by way of the \
               folders above and of aliases among them; robots and people who have left do not count. A folder is \
               judged if it has an OWNERS file of its own, and so has the root of the repository: without, the source \
               may be a part of it. Where a file cannot be read or a name is nobody's, which is reported, nothing is \
               concluded.\n\n\
               Name a further approver there or in a folder above.",
    },
    &[]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    let estate = case.estate;
    // A source without owners at its root may be a part of a repository.
    let whole = |tree: &&OwnersTree| tree.folders.contains_key("");
    for tree in estate.ownership.iter().filter(whole) {
        let few = |people: &BTreeSet<String>| people.len() < with.minimum as usize;
        for (folder, file) in &tree.folders {
            let Some(people) = humans(case, tree, folder).filter(few) else {
                continue;
            };
            // Said once, where it begins.
            let above = folder_above(tree, folder);
            if above.and_then(|above| humans(case, tree, above)) == Some(people.clone()) {
                continue;
            }
            let place = match folder.as_str() {
                "" => format!("in {}", tree.repository),
                folder => format!("in {folder}/ of {}", tree.repository),
            };
            let who = match people.first().filter(|_| people.len() == 1) {
                Some(one) => format!("{one} alone"),
                None => counted(people.len(), "person", "people"),
            };
            let message = format!(
                "{who} may approve changes {place}; {} are needed",
                with.minimum
            );
            let span = file
                .owners
                .approvers
                .first()
                .map_or(Span::start_of(file.file), |first| first.span);
            let finding = case.finding(span, message);
            case.report(finding.help("name a further approver here or in a folder above"));
        }
    }
}

/// The humans who may approve what no pattern is for; `None` where nobody knows, for a file is
/// broken or a name is nobody's, which may be an alias of another repository.
fn humans(case: &Case<'_>, tree: &OwnersTree, folder: &str) -> Option<BTreeSet<String>> {
    let resolution = tree.resolve_plain(folder);
    if resolution.broken_at.is_some() {
        return None;
    }
    let mut humans = BTreeSet::new();
    for login in resolution.approvers {
        let person = case.estate.tables.people.get(&login)?;
        if !person.value.robot && !person.value.has_left(case.today) {
            humans.insert(person.name.clone());
        }
    }
    Some(humans)
}

/// The nearest folder above that has a file of its own.
fn folder_above<'t>(tree: &'t OwnersTree, folder: &'t str) -> Option<&'t str> {
    let above = |folder: &&'t str| {
        let above = || folder.rsplit_once('/').map_or("", |(above, _)| above);
        (!folder.is_empty()).then(above)
    };
    std::iter::successors(above(&folder), above).find(|folder| tree.folders.contains_key(*folder))
}
