//! Mailing groups: addresses that reach several people, and often are what access is granted to.

use base::Spanned;
use yaml::{Map, record};

use super::{Group, Kind, KindId};
use crate::reference::{Ref, References, Relation};
use crate::scalars::Email;

record! {
    /// An address that reaches several people. In an adopted tree its name is the address.
    pub struct MailingGroup {
        /// The address.
        pub email: Spanned<Email>,
        /// What people call it.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The group that answers for it.
        pub owner: Option<Ref<Group>>,
        /// Only addresses of people and groups that the estate knows may be in it.
        pub closed: bool = false,
        /// The addresses of those who may do everything.
        pub owners: Vec<Spanned<Email>>,
        /// The addresses of those who may change its membership.
        pub managers: Vec<Spanned<Email>>,
        /// The addresses of those who just receive.
        pub members: Vec<Spanned<Email>>,
        /// Settings in the words of the system that runs it.
        pub settings: Map<Spanned<String>>,
    }
}

impl Kind for MailingGroup {
    const NAME: &'static str = "mailing-group";
    const FOLDER: &'static str = "mailing-groups";
    const ID: KindId = KindId::MailingGroup;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.owner, Relation::OwnedBy);
    }

    fn aliases(&self) -> Vec<Spanned<String>> {
        vec![Spanned::new(self.email.to_string(), self.email.span)]
    }
}

impl MailingGroup {
    /// Every address in it with its role.
    pub fn addresses(&self) -> impl Iterator<Item = (&'static str, &Spanned<Email>)> {
        let owners = self.owners.iter().map(|address| ("owner", address));
        let managers = self.managers.iter().map(|address| ("manager", address));
        let members = self.members.iter().map(|address| ("member", address));
        owners.chain(managers).chain(members)
    }
}
