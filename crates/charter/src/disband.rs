//! When the group that moves things to the community may end.

use base::{Diagnostic, Spanned};
use estate::kinds::{Group, Migration};
use estate::{Estate, KindId, Ref};
use yaml::record;

use crate::charter::unknown_rule;
use crate::{Charter, RULES};

record! {
    /// When a group that was made to move things may end: everything has another owner, the goals have held for a time, nothing is excused any more, and what is left behind can live without it.
    pub struct DisbandPolicy {
        /// The group that ends.
        pub group: Ref<Group>,
        /// The migrations that must be over; all if none is named.
        pub migrations: Vec<Ref<Migration>>,
        /// For how many days, without a break, nothing may have been left.
        pub held_for_days: u32 = 90,
        /// The rules that every service must keep; if none is named, those of who keeps it running: `owner-present`, `minimum-staff`, `employer-share`, `on-call-rota`, `runbook-present`, `restore-test`.
        pub rules: Vec<Spanned<String>>,
    }
}

/// The rules of who keeps a service running.
const OWNERSHIP: [&str; 6] = [
    "owner-present",
    "minimum-staff",
    "employer-share",
    "on-call-rota",
    "runbook-present",
    "restore-test",
];

impl DisbandPolicy {
    /// The ids of the rules that every service must keep, in the order in which they are told.
    pub fn rules(&self) -> Vec<&str> {
        if self.rules.is_empty() {
            return OWNERSHIP.to_vec();
        }
        self.rules.iter().map(|id| id.value.as_str()).collect()
    }

    /// The rules of who keeps a service running, for where no charter names others.
    pub fn ownership_rules() -> &'static [&'static str] {
        &OWNERSHIP
    }
}

/// What is named must exist.
pub(crate) fn check(charter: &Charter, estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let Some(policy) = &charter.disband else {
        return;
    };
    let group = std::iter::once((KindId::Group, &policy.group.name, policy.group.span));
    let migrations = policy.migrations.iter();
    let migrations = migrations.map(|one| (KindId::Migration, &one.name, one.span));
    for (kind, name, span) in group.chain(migrations) {
        if !estate.tables.knows(kind, name) {
            let book = &estate.address_book;
            findings.push(estate::unknown(&estate.tables, book, kind, name, span));
        }
    }
    let known = |id: &str| RULES.iter().any(|rule| rule.code.id == id);
    let unknown = policy.rules.iter().filter(|id| !known(id));
    findings.extend(unknown.map(|id| unknown_rule(id.span, id)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_who_keeps_a_service_running_exist() {
        for id in OWNERSHIP {
            assert!(RULES.iter().any(|rule| rule.code.id == id), "{id}");
        }
    }
}
