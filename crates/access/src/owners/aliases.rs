//! `OWNERS_ALIASES` from the groups of the estate.

use std::collections::BTreeMap;

use estate::kinds::{Group, Standing};
use estate::{Estate, Item};
use jiff::civil::Date;

use super::claims::leads;
use super::folders::quoted;
use super::{MARK, Made, MadeFile};

const BEGIN: &str = "## BEGIN CUSTOM CONTENT";
const END: &str = "## END CUSTOM CONTENT";

/// The alias by which OWNERS files name the leads of a group: `NAME-leads`, or the name alone
/// of a committee, all of whose members are its leads.
pub(super) fn alias_of(group: &Item<Group>) -> String {
    let committee = group.value.kind.as_ref();
    if committee.is_some_and(|kind| kind.eq_ignore_ascii_case("committee")) {
        group.name.clone()
    } else {
        format!("{}-leads", group.name)
    }
}

/// The file of aliases: of every active group, its leads on a day. The custom part of the file
/// that is there, between the lines that mark it, is kept as it is.
pub fn owners_aliases(estate: &Estate, custom: Option<&str>, day: Date) -> Made {
    let mut text = format!(
        "# {MARK} --format owners-aliases`. Change the estate, or the custom part.\naliases:\n"
    );
    let mut notes = Vec::new();
    let mut told = BTreeMap::new();
    for group in estate.tables.groups.items() {
        if group.value.standing != Standing::Active {
            continue;
        }
        let leads = leads(estate, group, day);
        if leads.is_empty() {
            notes.push(format!("{} has no leads, and so no alias", group.subject()));
            continue;
        }
        let alias = alias_of(group);
        if let Some(first) = told.insert(alias.to_lowercase(), group.subject()) {
            notes.push(format!(
                "{} would have the alias of {first}, and has none",
                group.subject()
            ));
            continue;
        }
        text += &format!("  {}:\n", quoted(&alias));
        for login in leads {
            text += &format!("    - {}\n", quoted(&login));
        }
    }
    if told.is_empty() {
        text.truncate(text.len() - 1);
        text += " {}\n";
    }
    if let Some(custom) = custom {
        text += &format!("{BEGIN}\n{custom}{END}\n");
    }
    let path = "OWNERS_ALIASES".to_owned();
    Made {
        files: vec![MadeFile { path, text }],
        notes,
    }
}

/// The custom part of a file of aliases, if it has one: the lines between those that mark it.
pub fn custom_part(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(BEGIN)?;
    let (_, rest) = rest.split_once('\n')?;
    let end = rest.find(END)?;
    rest.get(..end)
}
