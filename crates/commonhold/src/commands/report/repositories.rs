//! Repositories and their owners.

use std::collections::BTreeSet;

use estate::kinds::Group;
use estate::{Estate, Item, OwnersTree};
use serde::Serialize;

use super::services::owned;

/// The repositories that a group works in, and who may approve there.
#[derive(Debug, Serialize)]
pub(crate) struct Repositories {
    /// Of subprojects and of the services it owns, as `organisation/name`.
    pub(crate) names: BTreeSet<String>,
    /// Links of subprojects to files of owners.
    pub(crate) links: usize,
    /// Parts without a link.
    pub(crate) parts_without: Vec<String>,
    /// Links to repositories whose owners the estate has read.
    pub(crate) read: usize,
    /// Of these, with at least one approver.
    pub(crate) with_approvers: usize,
    /// Of these, the distinct approvers, by login.
    pub(crate) approvers: BTreeSet<String>,
}

impl Repositories {
    pub(super) fn of(estate: &Estate, group: &Item<Group>) -> Self {
        let parts = &group.value.subprojects;
        let links: Vec<&str> = parts
            .iter()
            .flat_map(|part| &part.owners)
            .map(|link| link.value.as_str())
            .collect();
        let mut found = Self {
            names: BTreeSet::new(),
            links: links.len(),
            parts_without: parts
                .iter()
                .filter(|part| part.owners.is_empty())
                .map(|part| part.name.value.clone())
                .collect(),
            read: 0,
            with_approvers: 0,
            approvers: BTreeSet::new(),
        };
        for link in links {
            let Some((repository, folder)) = place(link) else {
                continue;
            };
            let known = |tree: &&OwnersTree| tree.repository.eq_ignore_ascii_case(&repository);
            if let Some(tree) = estate.ownership.iter().find(known) {
                found.read += 1;
                let approvers = tree.resolve(&folder).approvers;
                found.with_approvers += usize::from(!approvers.is_empty());
                found.approvers.extend(approvers);
            }
            found.names.insert(repository);
        }
        let services = owned(estate, group);
        let sources = services.iter().flat_map(|service| &service.value.source);
        let sources = sources.filter_map(|source| place(&source.repository));
        found
            .names
            .extend(sources.map(|(repository, _)| repository));
        found
    }
}

/// The repository and the folder that a link to a file of owners leads to:
/// `https://HOST/ORGANISATION/NAME[/blob]/BRANCH/FOLDER/FILE`, or `ORGANISATION/NAME`.
fn place(link: &str) -> Option<(String, String)> {
    let path = match link.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => link,
    };
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let (organisation, name) = (parts.next()?, parts.next()?);
    let name = name.trim_end_matches(".git");
    let mut rest: Vec<&str> = parts.collect();
    if matches!(rest.first(), Some(&("blob" | "tree" | "raw"))) {
        rest.remove(0);
    }
    let folder = match rest.as_slice() {
        [_branch, folders @ .., _file] => folders.join("/"),
        _ => String::new(),
    };
    Some((format!("{organisation}/{name}"), folder))
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_link_to_a_file_of_owners_names_its_repository_and_folder() {
        for (link, repository, folder) in [
            (
                "https://raw.example.com/org/repo/main/OWNERS",
                "org/repo",
                "",
            ),
            (
                "https://raw.example.com/org/repo/main/a/b/OWNERS",
                "org/repo",
                "a/b",
            ),
            (
                "https://git.example.com/org/repo/blob/main/a/OWNERS",
                "org/repo",
                "a",
            ),
            ("https://git.example.com/org/repo.git", "org/repo", ""),
            ("org/repo", "org/repo", ""),
        ] {
            let found = place(link);
            assert_eq!(
                found,
                Some((repository.to_owned(), folder.to_owned())),
                "{link}"
            );
        }
        assert_eq!(place("https://example.com"), None);
        assert_eq!(place("repo"), None);
    }
}
