//! Which of many rules a charge may match, found without trying each.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::{Charge, Rule};
use crate::settings::{Lookup, OneOrMore, Pattern, When};

/// Rules by one name that charges must have to match them, if it is said without a wildcard.
#[derive(Debug, Default)]
pub(super) struct Index {
    sub_accounts: Places,
    resources: Places,
    accounts: Places,
    providers: Places,
    /// By the place of the tag's key.
    tags: Vec<Places>,
    /// Rules that have to be tried of every charge.
    rest: Vec<u32>,
}

type Places = HashMap<Box<str>, Vec<u32>>;

impl Index {
    pub(super) fn of(rules: &[Rule], keys: &[String]) -> Self {
        let mut index = Self {
            tags: vec![Places::default(); keys.len()],
            ..Self::default()
        };
        for (at, rule) in (0_u32..).zip(rules) {
            let Some((places, names)) = index.narrowest(&rule.when, keys) else {
                index.rest.push(at);
                continue;
            };
            for name in names {
                let listed = places.entry(name.into()).or_default();
                if listed.last() != Some(&at) {
                    listed.push(at);
                }
            }
        }
        index
    }

    /// Where a rule is looked up best, and under which names.
    fn narrowest<'w>(
        &mut self,
        when: &'w When,
        keys: &[String],
    ) -> Option<(&mut Places, Vec<&'w str>)> {
        if let Some(names) = exact(when.sub_account.as_ref()) {
            return Some((&mut self.sub_accounts, names));
        }
        if let Some(names) = exact(when.resource.as_ref()) {
            return Some((&mut self.resources, names));
        }
        for (key, values) in &when.tag.entries {
            let at = keys.binary_search(&key.value).ok();
            if let (Some(at), Some(names)) = (at, exact(Some(values))) {
                return Some((self.tags.get_mut(at)?, names));
            }
        }
        if let Some(names) = exact(when.account.as_ref()) {
            return Some((&mut self.accounts, names));
        }
        let names = exact(when.provider.as_ref())?;
        Some((&mut self.providers, names))
    }

    /// The rules that a charge may match, in their order.
    pub(super) fn candidates(
        &self,
        charge: &Charge<'_>,
        tags: &[Option<Cow<'_, str>>],
    ) -> Vec<u32> {
        let mut found = Vec::new();
        let named = [
            (&self.sub_accounts, charge.sub_account),
            (&self.resources, charge.resource),
            (&self.accounts, charge.account),
            (&self.providers, charge.provider),
        ];
        for (places, name) in named {
            found.extend(places.get(name).into_iter().flatten());
        }
        for (places, value) in self.tags.iter().zip(tags) {
            if let Some(value) = value {
                found.extend(places.get(value.as_ref()).into_iter().flatten());
            }
        }
        found.extend(&self.rest);
        found.sort_unstable();
        found
    }
}

/// The names of a condition that has no wildcards.
fn exact(patterns: Option<&OneOrMore<Pattern>>) -> Option<Vec<&str>> {
    let names = patterns?.each.iter().map(|pattern| match pattern.lookup() {
        Lookup::Exact(name) => Some(name),
        _ => None,
    });
    names.collect()
}
