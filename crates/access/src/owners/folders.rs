//! `OWNERS` files for the folders that the estate says are somebody's.

use std::collections::BTreeSet;

use estate::{Estate, join};
use jiff::civil::Date;

use super::aliases::alias_of;
use super::claims::{claims, leads};
use super::{MARK, Made, MadeFile, Refusal, folder_words};

/// An OWNERS file for each folder of a repository that a service or subproject claims: the
/// aliases of groups ([`super::owners_aliases`]), and the logins of people.
///
/// # Errors
/// [`Refusal::Nothing`] where the estate claims nothing in the repository.
pub fn owners_files(estate: &Estate, repository: &str, day: Date) -> Result<Made, Refusal> {
    let claims = claims(estate, repository, day);
    if claims.is_empty() {
        return Err(Refusal::Nothing(repository.to_owned()));
    }
    let mut made = Made::default();
    for (folder, claim) in claims {
        let mut approvers = BTreeSet::new();
        for name in &claim.groups {
            let Some(group) = estate.tables.groups.get(name) else {
                continue;
            };
            if leads(estate, group, day).is_empty() {
                made.notes.push(format!(
                    "{} owns {} and has no leads, so nobody approves there in its name",
                    group.subject(),
                    folder_words(&folder)
                ));
            } else {
                approvers.insert(alias_of(group));
            }
        }
        approvers.extend(claim.people);
        let by: Vec<String> = claim.by.into_iter().collect();
        let mut text = format!(
            "# {MARK} --format owners` from {}. Change it there.\n",
            by.join(", ")
        );
        text += &list("approvers", &approvers);
        text += &list("reviewers", &approvers);
        if text.lines().count() > 1 {
            let path = join(&folder, "OWNERS");
            made.files.push(MadeFile { path, text });
        }
    }
    Ok(made)
}

fn list(key: &str, names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return String::new();
    }
    let lines = names.iter().map(|name| format!("- {}\n", quoted(name)));
    format!("{key}:\n{}", lines.collect::<String>())
}

/// A name as YAML that everybody reads as this text.
pub(super) fn quoted(name: &str) -> String {
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && yaml::reads_as(name) == yaml::Reading::Text;
    if plain {
        name.to_owned()
    } else {
        // What JSON writes for a text, YAML reads as the same text.
        serde_json::Value::from(name).to_string()
    }
}
