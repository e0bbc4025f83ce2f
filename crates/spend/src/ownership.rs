//! Whose a charge is.

mod index;
mod rule;

use std::borrow::Cow;
use std::collections::BTreeSet;

use base::Digest;
use estate::Estate;
use jiff::civil::Date;

pub use rule::{Gives, Rule};

use crate::cells::{Category, UNALLOCATED};
use crate::settings::{OneOrMore, Pattern, Settings};
use index::Index;

/// What rules may look at of a charge; empty texts where it has none.
#[derive(Debug, Clone, Copy)]
pub struct Charge<'a> {
    /// `ProviderName`.
    pub provider: &'a str,
    /// `BillingAccountId`.
    pub account: &'a str,
    /// `SubAccountId`.
    pub sub_account: &'a str,
    /// `ServiceName`: the vendor's.
    pub vendor_service: &'a str,
    /// `SkuId`.
    pub sku: &'a str,
    /// `ResourceId`.
    pub resource: &'a str,
    /// `Tags`, as JSON.
    pub tags: &'a str,
    /// `ChargeCategory`.
    pub category: Category,
}

/// Which parts of a charge the rules look at, so that nothing else is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // One a column.
pub struct Looks {
    /// At `SkuId`.
    pub sku: bool,
    /// At `ResourceId`.
    pub resource: bool,
    /// At `Tags`.
    pub tags: bool,
    /// At `ServiceName`.
    pub vendor_service: bool,
    /// At `ChargeCategory`.
    pub category: bool,
}

/// Whose a charge is, by names; empty texts where no rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// A group of the estate, `pool/NAME`, or [`UNALLOCATED`].
    pub owner: String,
    /// A service of the estate.
    pub service: String,
    /// What it was decided to be paid for.
    pub funding: String,
}

impl Default for Whose {
    fn default() -> Self {
        Self {
            owner: UNALLOCATED.to_owned(),
            service: String::new(),
            funding: String::new(),
        }
    }
}

/// Whose a charge is, day by day: owners change, and what was stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Whose it is from each day on; the first has no day, and the days rise.
    pub steps: Vec<(Option<Date>, Whose)>,
}

impl Resolution {
    /// Whose it is on a day.
    ///
    /// # Panics
    /// If there is no step without a day, which no resolution of [`Ownership::resolve`] lacks.
    pub fn on(&self, day: Date) -> &Whose {
        let begun = |(from, _): &&(Option<Date>, Whose)| from.is_none_or(|from| from <= day);
        let (_, whose) = self
            .steps
            .iter()
            .rev()
            .find(begun)
            .expect("the first step has no day");
        whose
    }

    /// From what matches, the first before the rest.
    fn of(matching: &[InForce]) -> Self {
        let turns = matching.iter().flat_map(|one| [one.from, one.until]);
        let turns: BTreeSet<Date> = turns.flatten().collect();
        let mut steps: Vec<(Option<Date>, Whose)> = Vec::new();
        for turn in std::iter::once(None).chain(turns.into_iter().map(Some)) {
            let first = matching.iter().find(|one| one.holds_at(turn));
            let whose = first.map_or_else(Whose::default, |one| one.whose.clone());
            if steps.last().is_none_or(|(_, before)| *before != whose) {
                steps.push((turn, whose));
            }
        }
        Self { steps }
    }
}

/// What a rule says of a charge, and when.
struct InForce {
    from: Option<Date>,
    until: Option<Date>,
    whose: Whose,
}

impl InForce {
    /// Whether it holds on a day; no day is the one before all turns.
    fn holds_at(&self, turn: Option<Date>) -> bool {
        match turn {
            None => self.from.is_none(),
            Some(day) => {
                self.from.is_none_or(|from| from <= day)
                    && self.until.is_none_or(|until| day < until)
            }
        }
    }
}

/// The rules of an estate that say whose a charge is, ready to be asked.
#[derive(Debug)]
pub struct Ownership {
    rules: Vec<Rule>,
    tried: Vec<Tried>,
    keys: Vec<String>,
    index: Index,
    looks: Looks,
    digest: Digest,
}

/// Where the tags that a rule looks at are among those that are read.
#[derive(Debug)]
struct Tried {
    /// Of each of its conditions, in their order.
    conditions: Vec<usize>,
    /// Of the one that names the owner.
    owner: Option<usize>,
}

/// What the digest of rules is over, beside them: it changes when they are asked in another way.
const EDITION: u32 = 1;

impl Ownership {
    /// The rules of an estate. A name that leads nowhere is kept as it is written; it is a
    /// finding of [`crate::check`].
    pub fn of(settings: &Settings, estate: &Estate) -> Self {
        let rules = settings.rules.iter();
        Self::from_rules(rules.map(|rule| Rule::of(&rule.value, estate)).collect())
    }

    /// No rules: all is unallocated.
    pub fn nobody() -> Self {
        Self::from_rules(Vec::new())
    }

    fn from_rules(rules: Vec<Rule>) -> Self {
        let keys = rules.iter().flat_map(tag_keys);
        let keys: BTreeSet<&str> = keys.collect();
        let keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
        let place = |key: &str| keys.binary_search_by(|known| known.as_str().cmp(key)).ok();
        let tried = rules.iter().map(|rule| Tried {
            conditions: rule
                .when
                .tag
                .entries
                .iter()
                .filter_map(|(key, _)| place(key))
                .collect(),
            owner: match &rule.gives {
                Gives::Tag { key, .. } => place(key),
                Gives::Owner(_) => None,
            },
        });
        Self {
            tried: tried.collect(),
            index: Index::of(&rules, &keys),
            looks: looks(&rules, &keys),
            digest: Digest::of_json(&(EDITION, &rules)).expect("texts and days are JSON"),
            keys,
            rules,
        }
    }

    /// Of the rules as they are asked: sums that are kept are those of one digest.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Which parts of a charge the rules look at, beside provider, account and sub-account.
    pub fn looks(&self) -> Looks {
        self.looks
    }

    /// The keys of the tags that the rules look at, sorted. Charges that differ in other tags
    /// alone have the same owner.
    pub fn tag_keys(&self) -> &[String] {
        &self.keys
    }

    /// The rules in the order in which they are asked: the first that matches and holds on the
    /// day of the charge says whose it is; [`Whose::default`] where none does.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whose such a charge is.
    pub fn resolve(&self, charge: &Charge<'_>) -> Resolution {
        let tags = self.tags(charge);
        let mut matching = Vec::new();
        for at in self.index.candidates(charge, &tags) {
            let Some((rule, whose)) = self.ask(at as usize, charge, &tags) else {
                continue;
            };
            let always = rule.from.is_none() && rule.until.is_none();
            if always && matching.is_empty() {
                return Resolution {
                    steps: vec![(None, whose)],
                };
            }
            matching.push(InForce {
                from: rule.from,
                until: rule.until,
                whose,
            });
            if always {
                break;
            }
        }
        Resolution::of(&matching)
    }

    /// The values of the tags that rules look at.
    fn tags<'c>(&self, charge: &Charge<'c>) -> Vec<Option<Cow<'c, str>>> {
        if charge.tags.is_empty() {
            return vec![None; self.keys.len()];
        }
        let keys = self.keys.iter();
        keys.map(|key| crate::scan::tag(charge.tags, key)).collect()
    }

    /// What a rule says of a charge, whatever the day; nothing if it does not match.
    fn ask(
        &self,
        at: usize,
        charge: &Charge<'_>,
        tags: &[Option<Cow<'_, str>>],
    ) -> Option<(&Rule, Whose)> {
        let (rule, tried) = (self.rules.get(at)?, self.tried.get(at)?);
        let when = &rule.when;
        let names = [
            (&when.provider, charge.provider),
            (&when.account, charge.account),
            (&when.sub_account, charge.sub_account),
            (&when.service, charge.vendor_service),
            (&when.sku, charge.sku),
            (&when.resource, charge.resource),
        ];
        let agrees = |patterns: &OneOrMore<Pattern>, name: &str| {
            patterns.each.iter().any(|pattern| pattern.matches(name))
        };
        let value = |place: usize| tags.get(place).and_then(Option::as_deref);
        let all = names
            .into_iter()
            .all(|(patterns, name)| patterns.as_ref().is_none_or(|all| agrees(all, name)))
            && when.category.as_ref().is_none_or(|categories| {
                let meant =
                    |one: &crate::settings::ChargeCategory| Category::from(*one) == charge.category;
                categories.each.iter().any(meant)
            })
            && when
                .tag
                .entries
                .iter()
                .zip(&tried.conditions)
                .all(|((_, patterns), place)| {
                    value(*place).is_some_and(|value| agrees(patterns, value))
                });
        if !all {
            return None;
        }
        let whose = rule.whose(tried.owner.and_then(value))?;
        Some((rule, whose))
    }
}

fn tag_keys(rule: &Rule) -> impl Iterator<Item = &str> {
    let conditions = rule.when.tag.entries.iter().map(|(key, _)| key.as_str());
    let owner = match &rule.gives {
        Gives::Tag { key, .. } => Some(key.as_str()),
        Gives::Owner(_) => None,
    };
    conditions.chain(owner)
}

fn looks(rules: &[Rule], keys: &[String]) -> Looks {
    let mut looks = Looks {
        tags: !keys.is_empty(),
        ..Looks::default()
    };
    for Rule { when, .. } in rules {
        looks.sku |= when.sku.is_some();
        looks.resource |= when.resource.is_some();
        looks.vendor_service |= when.service.is_some();
        looks.category |= when.category.is_some();
    }
    looks
}
