//! What is wrong with who owns which files.

use std::collections::BTreeMap;

use base::{Diagnostic, Spanned};
use estate::{Aliases, Estate, Owners, OwnersTree};
use jiff::civil::Date;

use super::codes;

/// Owners who left the project by a day, and emeriti who still are in office. What can be
/// said from the files alone is said where they are read, and what the charter asks is said there.
pub fn check(estate: &Estate, day: Date) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for tree in &estate.ownership {
        left(estate, tree, day, &mut findings);
        for file in tree.folders.values().filter(|file| file.broken.is_none()) {
            for owners in file.rules() {
                emeriti(tree, owners, &mut findings);
            }
        }
    }
    findings
}

fn left(estate: &Estate, tree: &OwnersTree, day: Date, findings: &mut Vec<Diagnostic>) {
    let mut gone: BTreeMap<&str, (&Spanned<String>, Date, usize)> = BTreeMap::new();
    for login in tree.logins() {
        let person = estate.tables.people.get(login);
        let Some(person) = person.filter(|person| person.value.has_left(day)) else {
            continue;
        };
        let since = person.value.left.as_ref().map_or(day, |left| left.value);
        gone.entry(&person.name).or_insert((login, since, 0)).2 += 1;
    }
    for (name, (login, since, count)) in gone {
        let times = match count {
            1 => String::new(),
            count => format!(" {count} times"),
        };
        let message = format!(
            "person/{name} left on {since} and is still named{times} as an owner in {}",
            tree.repository
        );
        let finding = Diagnostic::new(&codes::LEFT, login.span, message);
        let finding = finding.about(format!("person/{name}"));
        findings.push(
            finding.help("move them to the emeritus list, or remove `left` if they came back"),
        );
    }
}

fn emeriti(tree: &OwnersTree, owners: &Owners, findings: &mut Vec<Diagnostic>) {
    for (honoured, office, list) in [
        (&owners.emeritus_approvers, &owners.approvers, "approvers"),
        (&owners.emeritus_reviewers, &owners.reviewers, "reviewers"),
    ] {
        for name in honoured {
            let Some((entry, alias)) = holds(tree, office, name) else {
                continue;
            };
            let through = alias.map_or(String::new(), |alias| format!(" by the alias `{alias}`"));
            let message = format!("{name} is emeritus and still stands in `{list}`{through}");
            let finding = Diagnostic::new(&codes::EMERITUS, name.span, message)
                .related(entry.span, "still counts")
                .about(format!("person/{}", Aliases::key(name)));
            findings.push(finding.help("remove them from one of the two"));
        }
    }
}

/// Where a list names somebody, and the alias by which it does.
fn holds<'t>(
    tree: &'t OwnersTree,
    list: &'t [Spanned<String>],
    name: &str,
) -> Option<(&'t Spanned<String>, Option<&'t str>)> {
    let same = |login: &str| Aliases::key(login) == Aliases::key(name);
    list.iter()
        .find_map(|entry| match tree.aliases.members(entry) {
            Some(members) => {
                let member = members.iter().find(|member| same(member))?;
                Some((member, Some(entry.as_str())))
            }
            None => same(entry).then_some((entry, None)),
        })
}
