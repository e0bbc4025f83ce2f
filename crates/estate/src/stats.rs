//! How much of everything there is.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::draft::Estate;
use crate::kinds::{KindId, Standing};

/// How many of something there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Of what.
    pub what: String,
    /// How many.
    pub count: usize,
}

/// Counts of items and of what they hold, in a fixed order.
pub fn counts(estate: &Estate) -> Vec<Count> {
    let tables = &estate.tables;
    let mut counts: Vec<Count> = KindId::ALL
        .iter()
        .map(|kind| Count {
            what: kind.folder().replace('-', " "),
            count: tables.of_kind(*kind).len(),
        })
        .collect();
    let mut add = |what: &str, count: usize| {
        counts.push(Count {
            what: what.to_owned(),
            count,
        });
    };
    let groups = || tables.groups.items().map(|group| &group.value);
    add(
        "active groups",
        groups()
            .filter(|group| group.standing == Standing::Active)
            .count(),
    );
    add(
        "leads",
        groups()
            .map(|group| group.leads.iter().filter(|lead| !lead.emeritus).count())
            .sum(),
    );
    add(
        "subprojects",
        groups().map(|group| group.subprojects.len()).sum(),
    );
    add(
        "organisation memberships",
        tables
            .organisations
            .items()
            .map(|org| org.value.people().count())
            .sum(),
    );
    add(
        "team memberships",
        tables
            .teams
            .items()
            .map(|team| team.value.people().count())
            .sum(),
    );
    add(
        "team grants",
        tables
            .teams
            .items()
            .map(|team| team.value.grants.len())
            .sum(),
    );
    add(
        "mailing group memberships",
        tables
            .mailing_groups
            .items()
            .map(|group| group.value.addresses().count())
            .sum(),
    );
    let addresses: BTreeSet<String> = tables
        .mailing_groups
        .items()
        .flat_map(|group| {
            group
                .value
                .addresses()
                .map(|(_, email)| email.mailbox())
                .collect::<Vec<_>>()
        })
        .collect();
    add("mailing group addresses", addresses.len());
    add(
        "owners files",
        estate.ownership.iter().map(|tree| tree.folders.len()).sum(),
    );
    add("references", estate.graph.links().len());
    add("files", estate.sources.files().count());
    counts
}
