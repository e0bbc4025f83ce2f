//! Organisations: homes of repositories and teams on a forge.

use yaml::record;

use super::{Kind, KindId, Person};
use crate::reference::{Ref, References, Relation};

record! {
    /// A home of repositories and teams on a forge.
    pub struct Organisation {
        /// What people call it.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// Who may do everything.
        pub admins: Vec<Ref<Person>>,
        /// Who else belongs to it.
        pub members: Vec<Ref<Person>>,
    }
}

impl Kind for Organisation {
    const NAME: &'static str = "organisation";
    const FOLDER: &'static str = "organisations";
    const ID: KindId = KindId::Organisation;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.admins, Relation::HasMaintainer);
        names.each(&self.members, Relation::HasMember);
    }
}

impl Organisation {
    /// Everybody in it: admins, then members.
    pub fn people(&self) -> impl Iterator<Item = &Ref<Person>> {
        self.admins.iter().chain(&self.members)
    }
}
