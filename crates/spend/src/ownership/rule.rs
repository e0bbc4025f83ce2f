//! A rule as it is asked.

use std::borrow::Cow;
use std::collections::BTreeMap;

use estate::Estate;
use jiff::civil::Date;
use serde::Serialize;

use super::Whose;
use crate::cells::UNALLOCATED;
use crate::settings::{OwnerRule, POOL, RuleOwner, TagOwner, When};

/// A rule as it is asked: its names are those of the items that they lead to.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    /// Which charges.
    pub when: When,
    /// The first day of charges for which it holds; from ever if there is none.
    pub from: Option<Date>,
    /// The first day of charges for which it holds no more; for ever if there is none.
    pub until: Option<Date>,
    /// Whose they are.
    pub gives: Gives,
    /// The service that they are for; empty for none.
    pub service: String,
    /// What it was decided to be paid for; empty for nothing.
    pub funding: String,
}

/// Whose a rule says that charges are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// An owner: a group, `pool/NAME`, or [`UNALLOCATED`] of a rule that names neither.
    Owner(String),
    /// The owner that the value of a tag names. A charge without the tag, or with a value that
    /// names nobody, does not match.
    Tag {
        /// The key of the tag.
        key: String,
        /// Owners by the value in lower case.
        owners: BTreeMap<String, String>,
    },
}

impl Rule {
    pub(super) fn of(rule: &OwnerRule, estate: &Estate) -> Self {
        let service = rule.service.as_ref().map(|named| {
            let found = estate.find(named);
            found.map_or_else(|| named.name.clone(), |item| item.name.clone())
        });
        let funding = rule.funding.as_ref().map(|named| {
            let found = estate.find(named);
            found.map_or_else(|| named.name.clone(), |item| item.name.clone())
        });
        Self {
            when: rule.when.clone(),
            from: rule.from.map(|from| from.value),
            until: rule.until.map(|until| until.value),
            gives: Gives::of(rule, estate),
            service: service.unwrap_or_default(),
            funding: funding.unwrap_or_default(),
        }
    }

    /// Whose a charge is that matches, by the value of the tag that names the owner.
    pub(super) fn whose(&self, tag: Option<&str>) -> Option<Whose> {
        let owner = match &self.gives {
            Gives::Owner(owner) => owner,
            Gives::Tag { owners, .. } => owners.get(lower(tag?).as_ref())?,
        };
        Some(Whose {
            owner: owner.clone(),
            service: self.service.clone(),
            funding: self.funding.clone(),
        })
    }
}

impl Gives {
    fn of(rule: &OwnerRule, estate: &Estate) -> Self {
        match (&rule.owner, &rule.pool) {
            (Some(RuleOwner::Group(named)), _) => {
                let found = estate.find(named);
                let name = found.map_or(&named.name, |item| &item.name);
                Self::Owner(name.clone())
            }
            (Some(RuleOwner::Tag(tag)), _) => Self::Tag {
                key: tag.tag.value.clone(),
                owners: by_value(tag, estate),
            },
            (None, Some(pool)) => Self::Owner(format!("{POOL}{pool}")),
            (None, None) => Self::Owner(UNALLOCATED.to_owned()),
        }
    }
}

/// Groups by their names and aliases, and by what else the rule says that they are called.
fn by_value(tag: &TagOwner, estate: &Estate) -> BTreeMap<String, String> {
    use estate::Kind;

    let mut owners = BTreeMap::new();
    for group in estate.tables.groups.items() {
        for alias in group.value.aliases() {
            owners.insert(lower(&alias).into_owned(), group.name.clone());
        }
    }
    for group in estate.tables.groups.items() {
        owners.insert(lower(&group.name).into_owned(), group.name.clone());
    }
    for (value, named) in &tag.names.entries {
        let found = estate.find(named);
        let name = found.map_or(&named.name, |item| &item.name);
        owners.insert(lower(value).into_owned(), name.clone());
    }
    owners
}

fn lower(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}
