//! Who the names in a repository's lists are: people, aliases, or nobody.

use std::collections::{BTreeMap, BTreeSet};

use base::{Diagnostic, Span, Spanned};
use estate::{Aliases, OwnersFile, Sighting};

use super::aliases::AliasesFile;
use crate::codes;

/// The form in which two spellings of a name are equal.
pub(super) fn key(name: &str) -> String {
    Aliases::key(name).into_owned()
}

/// The people among the names, and what is odd about the others. `elsewhere` are the aliases
/// of other repositories, and whose they are.
pub(super) fn check(
    folders: &BTreeMap<String, OwnersFile>,
    file: &AliasesFile,
    elsewhere: BTreeMap<String, String>,
) -> (Vec<Sighting>, Vec<Diagnostic>) {
    let mut names = Names {
        elsewhere,
        aliases: &file.aliases,
        used: BTreeSet::new(),
        seen: BTreeSet::new(),
        people: Vec::new(),
        findings: Vec::new(),
    };
    for owners in folders.values().flat_map(OwnersFile::rules) {
        for (key, list) in owners.lists() {
            names.duplicates(list, key);
            if key != "labels" {
                names.list(list, key == "required_reviewers");
            }
        }
    }
    for name in &file.names {
        names.alias(name);
    }
    // What a broken file uses, nobody knows.
    if folders.values().all(|folder| folder.broken.is_none()) {
        names.unused(&file.names);
    }
    (names.people, names.findings)
}

struct Names<'a> {
    /// The aliases of the trees read before, and whose they are.
    elsewhere: BTreeMap<String, String>,
    aliases: &'a Aliases,
    /// The aliases that stand in some list.
    used: BTreeSet<String>,
    /// The logins that are known already.
    seen: BTreeSet<String>,
    people: Vec<Sighting>,
    findings: Vec<Diagnostic>,
}

impl Names<'_> {
    fn list(&mut self, list: &[Spanned<String>], teams_count: bool) {
        for name in list {
            if self.aliases.members(name).is_some() {
                self.used.insert(key(name));
            } else if let Some(repository) = self.elsewhere.get(&key(name)) {
                let repository = repository.clone();
                self.stranded(name, &repository);
            } else if is_login(name) {
                self.sight(name);
            } else if !(teams_count && is_team(name)) {
                self.findings.push(self.nobody(name));
            }
        }
    }

    fn alias(&mut self, name: &Spanned<String>) {
        let members = self.aliases.members(name).unwrap_or_default();
        self.duplicates(members, name);
        for member in members {
            if self.aliases.members(member).is_some() {
                let message =
                    format!("`{member}` is an alias, and aliases in aliases are taken for logins");
                let finding = Diagnostic::new(&codes::OWNERS_ALIAS_NESTED, member.span, message);
                self.findings
                    .push(finding.help(format!("write out those behind `{member}`")));
            } else if is_login(member) {
                self.sight(member);
            } else if !is_team(member) {
                self.findings.push(self.nobody(member));
            }
        }
    }

    fn sight(&mut self, login: &Spanned<String>) {
        if self.seen.insert(key(login)) {
            let login = login.clone();
            self.people.push(Sighting {
                login,
                name: None,
                email: None,
                company: None,
            });
        }
    }

    /// An alias of another repository: here it would be taken for a login.
    fn stranded(&mut self, name: &Spanned<String>, repository: &str) {
        if self.seen.insert(key(name)) {
            let message =
                format!("`{name}` is an alias in {repository}, and here nobody can look it up");
            let finding = Diagnostic::new(&codes::OWNERS_ALIAS_ELSEWHERE, name.span, message);
            let help = "add OWNERS_ALIASES to this source, or name the people";
            self.findings.push(finding.label("not a login").help(help));
        }
    }

    fn nobody(&self, name: &Spanned<String>) -> Diagnostic {
        let message = format!("`{name}` is neither a login nor an alias");
        let finding = Diagnostic::new(&codes::OWNERS_NOBODY, name.span, message).label("nobody");
        if is_team(name) {
            return finding.help(
                "teams count in `required_reviewers` only; name the people, or an alias for them",
            );
        }
        match base::nearest(name, self.aliases.names.keys().map(String::as_str)) {
            Some(near) => finding.help(format!("did you mean the alias `{near}`?")),
            None => {
                finding.help("a login has letters, digits and `-`; aliases stand in OWNERS_ALIASES")
            }
        }
    }

    fn duplicates(&mut self, list: &[Spanned<String>], of: &str) {
        let mut first: BTreeMap<String, Span> = BTreeMap::new();
        for name in list {
            // Labels have case.
            let key = if of == "labels" {
                name.value.clone()
            } else {
                key(name)
            };
            match first.get(&key) {
                None => {
                    first.insert(key, name.span);
                }
                Some(&earlier) => {
                    let message = format!("`{name}` stands twice in the list `{of}`");
                    let finding = Diagnostic::new(&codes::OWNERS_DUPLICATE, name.span, message);
                    self.findings.push(
                        finding
                            .related(earlier, "first here")
                            .help("remove one of the two"),
                    );
                }
            }
        }
    }

    fn unused(&mut self, aliases: &[Spanned<String>]) {
        for name in aliases
            .iter()
            .filter(|name| !self.used.contains(&key(name)))
        {
            let message = format!("no OWNERS file uses the alias `{name}`");
            let finding = Diagnostic::new(&codes::OWNERS_ALIAS_UNUSED, name.span, message);
            self.findings.push(
                finding.help(
                    "remove it, unless a program keeps the same aliases in many repositories",
                ),
            );
        }
    }
}

/// Whether GitHub could have given out a login: letters, digits and hyphens;
/// an underscore where a company manages its people's accounts; a suffix for apps.
fn is_login(name: &str) -> bool {
    let name = name.strip_prefix('@').unwrap_or(name);
    let name = name.strip_suffix("[bot]").unwrap_or(name);
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// `organisation/team`, which reviews can be asked of.
fn is_team(name: &str) -> bool {
    let name = name.strip_prefix('@').unwrap_or(name);
    name.split_once('/')
        .is_some_and(|(organisation, team)| is_login(organisation) && is_login(team))
}
