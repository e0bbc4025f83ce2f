//! Accounts: contracts with providers.

use base::Spanned;
use yaml::{choice, record};

use super::{Group, Kind, KindId, Secret};
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
        /// How `commonhold audit` sees what is really in it; not at all if not said.
        pub audit: Option<Spanned<AccountAudit>>,
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

record! {
    /// How what is really in an account of Amazon's is seen.
    pub struct AccountAudit {
        /// A key that may look and change nothing, as `KEYID:SECRET` or `KEYID:SECRET:TOKEN`.
        pub credential: Secret,
        /// What of the account is exported; all that can be if not said.
        pub services: Vec<AuditedService>,
        /// The region that is asked for what is in all of them; `us-east-1` if not said.
        pub region: Option<Spanned<String>>,
        /// The URL of all its interfaces, where they are not Amazon's own.
        pub address: Option<Spanned<String>>,
    }
}

choice! {
    /// A part of an account that is exported by itself: whole, or not at all.
    pub enum AuditedService {
        /// Buckets, and how they are set up.
        S3 = "s3",
        /// Users, groups, roles, policies and keys.
        Iam = "iam",
        /// Hosted zones, and the records of those that no zone of the estate declares.
        Route53 = "route53",
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
