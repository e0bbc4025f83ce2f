//! `CODEOWNERS`, as GitHub reads it: the last pattern that matches a path says who owns it.
//!
//! Source: "About code owners" in GitHub's documentation.

use std::collections::{BTreeMap, BTreeSet};

use base::SourceMap;
use estate::{Estate, Filter, OwnersTree, Resolution};
use jiff::civil::Date;

use super::claims::{Claim, claims, leads};
use super::{MARK, Made, MadeFile, Refusal, Teams, folder_words};

/// The most bytes of a file that GitHub reads.
pub(super) const LARGEST: usize = 3 << 20;

/// Where GitHub looks first.
const PATH: &str = ".github/CODEOWNERS";

/// The same approvers for every path as the OWNERS files of a repository name. Exactly these
/// people as one team where there is one; else each login.
///
/// Filters by pattern, required reviewers, and folders whose names GitHub cannot match have
/// no counterpart, and are named in the notes and in the file.
///
/// # Errors
/// [`Refusal::Broken`] where nobody knows who owns a folder; [`Refusal::TooLarge`].
pub fn codeowners_of_tree(
    tree: &OwnersTree,
    sources: &SourceMap,
    teams: &Teams,
) -> Result<Made, Refusal> {
    let mut lines = Lines::new("the OWNERS files", teams);
    for (folder, file) in &tree.folders {
        if let Some(fault) = &file.broken {
            return Err(Refusal::Broken {
                folder: folder.clone(),
                place: sources.line_of(fault.span),
                reason: fault.reason.clone(),
            });
        }
        for filter in file.filters.iter().filter(|filter| narrows(filter)) {
            let place = sources.line_of(filter.pattern.span);
            lines.note(&format!(
                "{place}: the owners under the filter `{}` are left out, for GitHub knows no such patterns",
                filter.pattern
            ));
        }
        let Resolution {
            approvers,
            required_reviewers,
            ..
        } = tree.resolve_plain(folder);
        if file
            .rules()
            .any(|owners| !owners.required_reviewers.is_empty())
        {
            let who: Vec<String> = required_reviewers.into_iter().collect();
            lines.note(&format!(
                "that {} must review {} is left out, for any one owner is enough to GitHub",
                who.join(", "),
                folder_words(folder)
            ));
        }
        lines.folder(folder, &approvers);
    }
    lines.made()
}

/// Whether a filter says who approves some files only.
fn narrows(filter: &Filter) -> bool {
    filter.pattern.value != Filter::EVERYTHING && !filter.owners.approvers.is_empty()
}

/// The owners of the folders of a repository that services and subprojects of the estate claim.
///
/// # Errors
/// [`Refusal::Nothing`] where the estate claims nothing in the repository;
/// [`Refusal::TooLarge`].
pub fn codeowners_of_claims(
    estate: &Estate,
    repository: &str,
    teams: &Teams,
    day: Date,
) -> Result<Made, Refusal> {
    let claims = claims(estate, repository, day);
    if claims.is_empty() {
        return Err(Refusal::Nothing(repository.to_owned()));
    }
    let mut lines = Lines::new("the estate", teams);
    for (folder, claim) in claims {
        lines.folder(&folder, &people(estate, &claim, day));
    }
    lines.made()
}

fn people(estate: &Estate, claim: &Claim, day: Date) -> BTreeSet<String> {
    let groups = claim
        .groups
        .iter()
        .filter_map(|name| estate.tables.groups.get(name));
    let leads = groups.flat_map(|group| leads(estate, group, day));
    let people = leads.chain(claim.people.iter().cloned());
    people.map(|login| login.to_lowercase()).collect()
}

/// The lines of a file while they are being written, folders above before those below.
struct Lines<'t> {
    from: &'static str,
    teams: &'t Teams,
    written: BTreeMap<String, BTreeSet<String>>,
    text: String,
    notes: Vec<String>,
}

impl<'t> Lines<'t> {
    fn new(from: &'static str, teams: &'t Teams) -> Self {
        Self {
            from,
            teams,
            written: BTreeMap::new(),
            text: String::new(),
            notes: Vec::new(),
        }
    }

    fn note(&mut self, note: &str) {
        self.notes.push(base::visible(note));
    }

    fn folder(&mut self, folder: &str, people: &BTreeSet<String>) {
        let Some(pattern) = pattern(folder) else {
            return self.note(&format!(
                "the owners of `{folder}` are left out, for GitHub cannot match such a name"
            ));
        };
        let mut known = people.clone();
        known.retain(|login| is_login(login));
        for nobody in people.difference(&known) {
            self.note(&format!(
                "`{nobody}` of `{folder}` is left out, for it is no login"
            ));
        }
        // Who owns nothing above is nobody.
        let above = self.above(folder);
        if above.map_or(known.is_empty(), |above| *above == known) {
            return;
        }
        let owners = match self.teams.of(&known) {
            Some(team) => format!(" @{team}"),
            None => known.iter().map(|login| format!(" @{login}")).collect(),
        };
        self.text += &format!("{pattern}{owners}\n");
        self.written.insert(folder.to_owned(), known);
    }

    /// Who owns a folder by the lines so far.
    fn above(&self, folder: &str) -> Option<&BTreeSet<String>> {
        let mut folder = folder;
        loop {
            if let Some(people) = self.written.get(folder) {
                return Some(people);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    fn made(self) -> Result<Made, Refusal> {
        let mut text = format!(
            "# {MARK} --format codeowners` from {}. Change it there.\n",
            self.from
        );
        if !self.notes.is_empty() {
            text += "# What this format cannot say:\n";
        }
        for note in &self.notes {
            text += &format!("# - {note}\n");
        }
        text += &self.text;
        if text.len() > LARGEST {
            return Err(Refusal::TooLarge(text.len()));
        }
        let path = PATH.to_owned();
        Ok(Made {
            files: vec![MadeFile { path, text }],
            notes: self.notes,
        })
    }
}

/// The pattern of everything in a folder; `None` where GitHub has none for it.
fn pattern(folder: &str) -> Option<String> {
    if folder.is_empty() {
        return Some("*".to_owned());
    }
    // GitHub's patterns know neither classes nor an escape for these.
    let odd = |c: char| c.is_control() || matches!(c, '*' | '?' | '[' | ']' | '\\' | '!' | '#');
    (!folder.contains(odd)).then(|| format!("/{}/", folder.replace(' ', "\\ ")))
}

fn is_login(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
