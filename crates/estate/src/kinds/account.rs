//! Accounts: contracts with providers.

use yaml::{choice, record};

use super::{Group, Kind, KindId};
use crate::reference::{Ref, References, Relation};

record! {
    /// A contract with a provider: a cloud project, a subscription, a tenancy.
    pub struct Account {
        /// What people call it.
        pub title: Option<String>,
        /// The provider, for example `gcp`, `aws`, `github`.
        pub provider: String,
        /// What the provider calls the account.
        pub id: String,
        /// Who holds the contract.
        pub holder: Holder,
        /// The vendor that holds it, where the community does not.
        pub vendor: Option<String>,
        /// The group that answers for it.
        pub owner: Option<Ref<Group>>,
    }
}

choice! {
    /// Who holds a contract and could end it.
    pub enum Holder {
        /// The community, or the foundation for it.
        Community = "community",
        /// A company, for the community.
        Vendor = "vendor",
    }
}

impl Kind for Account {
    const NAME: &'static str = "account";
    const FOLDER: &'static str = "accounts";
    const ID: KindId = KindId::Account;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.owner, Relation::OwnedBy);
    }
}
