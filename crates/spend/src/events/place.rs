//! Where charges are.

use std::fmt;

use serde::Serialize;

use crate::cells::Name;

/// What is looked at: the charges on which all that is said agrees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Place {
    /// `ProviderName`.
    pub provider: Option<String>,
    /// `BillingAccountId`.
    pub account: Option<String>,
    /// `SubAccountId`; empty for what is in none.
    pub sub_account: Option<String>,
    /// Whose it is: a group of the estate, `pool/NAME`, or
    /// [`UNALLOCATED`](crate::cells::UNALLOCATED).
    pub owner: Option<String>,
    /// The service of the estate; empty for what is for none.
    pub service: Option<String>,
}

impl Place {
    /// The same without ids of accounts, for everybody's eyes.
    pub fn without_accounts(&self) -> Self {
        Self {
            account: None,
            sub_account: None,
            ..self.clone()
        }
    }

    /// What it says, in the order of [`Key`].
    pub(super) fn each(&self) -> [Option<&str>; DIMENSIONS] {
        [
            self.provider.as_deref(),
            self.account.as_deref(),
            self.sub_account.as_deref(),
            self.owner.as_deref(),
            self.service.as_deref(),
        ]
    }
}

impl fmt::Display for Place {
    /// `cloud, project-a, owner sig-a`: the billing account only where there is no sub-account.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let account = said(&self.sub_account).or_else(|| said(&self.account));
        let owner = said(&self.owner).map(|owner| format!("owner {owner}"));
        let service = said(&self.service).map(|service| format!("service {service}"));
        let parts = [said(&self.provider), account, owner, service];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            f.pad("everything")
        } else {
            f.pad(&parts.join(", "))
        }
    }
}

/// By how many things places are told apart: provider, account, sub-account, owner and service.
pub(super) const DIMENSIONS: usize = 5;

/// A place by the names of a cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Key(pub(super) [Option<Name>; DIMENSIONS]);

impl Key {
    pub(super) fn has(&self, leaf: &[Name; DIMENSIONS]) -> bool {
        let mut pairs = self.0.iter().zip(leaf);
        pairs.all(|(asked, name)| asked.is_none_or(|asked| asked == *name))
    }

    /// By how much it says.
    pub(super) fn depth(&self) -> usize {
        self.0.iter().flatten().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_from_wide_to_narrow_and_names_accounts_only_where_it_may() {
        let place = Place {
            provider: Some("cloud".to_owned()),
            account: Some("billing-1".to_owned()),
            sub_account: Some("project-a".to_owned()),
            owner: Some("sig-a".to_owned()),
            service: Some(String::new()),
        };
        assert_eq!(place.to_string(), "cloud, project-a, owner sig-a");
        assert_eq!(place.without_accounts().to_string(), "cloud, owner sig-a");
        assert_eq!(Place::default().to_string(), "everything");
    }
}
