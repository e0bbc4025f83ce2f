//! The kinds of item an estate holds: one file a kind, and one each for what is large in
//! a group or a person: promises, seats, standing, terms.
//!
//! A new kind is a copy of the nearest file in `kinds/`, named here in `mod`, in
//! `pub use`, and in [`kinds!`]; the compiler then asks for its columns in `show`.

mod access_system;
mod account;
mod budget;
mod funding;
mod grant;
mod group;
mod mailing_group;
mod migration;
mod organisation;
mod person;
mod policy;
mod promise;
mod seats;
mod service;
mod standing;
mod team;
mod term;
mod zone;

pub use access_system::*;
pub use account::*;
pub use budget::*;
pub use funding::*;
pub use grant::*;
pub use group::*;
pub use mailing_group::*;
pub use migration::*;
pub use organisation::*;
pub use person::*;
pub use policy::*;
pub use promise::*;
pub use seats::*;
pub use service::*;
pub use standing::*;
pub use team::*;
pub use term::*;
pub use zone::*;

use base::Spanned;
use serde::Serialize;
use yaml::FromYaml;

use crate::reference::References;

/// What every kind of item says of itself.
pub trait Kind: FromYaml + Serialize + Sized + Send + 'static {
    /// Its name, singular, as in `service/mail`.
    const NAME: &'static str;
    /// The folder its files live in.
    const FOLDER: &'static str;
    /// Where the tables of an estate keep it.
    const ID: KindId;

    /// Whether its files may hold what nobody should see in a log.
    const PRIVATE: bool = false;

    /// What people call the item, if it says so.
    fn title(&self) -> Option<&str>;

    /// Every other item it names, and how. Checking references, the graph and
    /// the impact of a loss all come from this one list.
    fn references<'a>(&'a self, names: &mut References<'_, 'a>);

    /// Other names that lead to it, for example a login.
    fn aliases(&self) -> Vec<Spanned<String>> {
        Vec::new()
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $table:ident: $Kind:ident),* $(,)?) => {
        /// Which kind an item is of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum KindId { $( $(#[doc = $doc])+ $Kind ),* }

        impl KindId {
            /// All kinds, in the order they are shown.
            pub const ALL: &'static [Self] = &[$( Self::$Kind ),*];

            /// Its name, singular.
            pub fn name(self) -> &'static str {
                match self { $( Self::$Kind => <$Kind as Kind>::NAME ),* }
            }

            /// The folder its files live in, which is also its name in the plural.
            pub fn folder(self) -> &'static str {
                match self { $( Self::$Kind => <$Kind as Kind>::FOLDER ),* }
            }

            /// Whether its files may hold what nobody should see in a log.
            pub(crate) fn is_private(self) -> bool {
                match self { $( Self::$Kind => <$Kind as Kind>::PRIVATE ),* }
            }

            /// One line on what it is.
            pub fn about(self) -> &'static str {
                match self { $( Self::$Kind => concat!($($doc),+) ),* }.trim()
            }

            /// The form of its files.
            pub fn shape(self) -> yaml::Shape {
                match self { $( Self::$Kind => <$Kind as FromYaml>::shape() ),* }
            }

            /// By its name, singular or plural, or how a command line may spell it.
            pub fn named(name: &str) -> Option<Self> {
                let name = name.to_lowercase().replace('_', "-");
                Self::ALL.iter().copied().find(|kind| kind.name() == name || kind.folder() == name)
            }
        }

        /// The items of an estate, a table a kind.
        #[derive(Debug, Default)]
        pub struct Tables { $( $(#[doc = $doc])+ pub $table: $crate::table::Table<$Kind> ),* }

        impl Tables {
            /// Visits every item of every kind.
            pub fn each<'a>(&'a self, visit: &mut dyn FnMut($crate::table::AnyItem<'a>)) {
                $( for item in self.$table.items() { visit($crate::table::AnyItem::of(item)); } )*
            }

            /// One item by kind and name or alias.
            pub fn find_any(&self, kind: KindId, name: &str) -> Option<$crate::table::AnyItem<'_>> {
                match kind {
                    $( KindId::$Kind => self.$table.get(name).map($crate::table::AnyItem::of) ),*
                }
            }

            /// Where an item stands among those of its kind, by name or alias.
            pub(crate) fn place(&self, kind: KindId, name: &str) -> Option<usize> {
                match kind { $( KindId::$Kind => self.$table.place(name) ),* }
            }

            /// All items of a kind, by name.
            pub fn of_kind(&self, kind: KindId) -> Vec<$crate::table::AnyItem<'_>> {
                match kind {
                    $( KindId::$Kind => self.$table.items().map($crate::table::AnyItem::of).collect() ),*
                }
            }

            /// Whether a name is known, or stands in a file that could not be read.
            pub fn knows(&self, kind: KindId, name: &str) -> bool {
                match kind { $( KindId::$Kind => self.$table.knows(name) ),* }
            }

            pub(crate) fn mark_incomplete(&mut self, kind: KindId) {
                match kind { $( KindId::$Kind => self.$table.mark_incomplete() ),* }
            }

            pub(crate) fn mark_broken(&mut self, kind: KindId, name: &str) {
                match kind { $( KindId::$Kind => self.$table.mark_broken(name) ),* }
            }

            /// Whether an item was read with something left out, because it was wrong.
            pub fn is_flawed(&self, kind: KindId, name: &str) -> bool {
                match kind { $( KindId::$Kind => self.$table.is_flawed(name) ),* }
            }

            /// The names of a kind, for suggestions.
            pub(crate) fn names(&self, kind: KindId) -> Vec<&str> {
                match kind { $( KindId::$Kind => self.$table.items().map(|i| i.name.as_str()).collect() ),* }
            }

            pub(crate) fn read_native(&mut self, kind: KindId, files: &[$crate::read::NativeFile], sources: &base::SourceMap, findings: &mut Vec<base::Diagnostic>) {
                match kind { $( KindId::$Kind => self.$table.read_native(files, sources, findings) ),* }
            }
        }

        $( impl $crate::table::HasTable<$Kind> for Tables {
            fn table(&self) -> &$crate::table::Table<$Kind> { &self.$table }
        } )*
    };
}

kinds! {
    /// Somebody who takes part, human or robot.
    people: Person,
    /// A body that owns things: a SIG, a working group, a committee, a project.
    groups: Group,
    /// Anything that runs or is hosted.
    services: Service,
    /// A list of who may do what.
    teams: Team,
    /// A home of repositories and teams on a forge.
    organisations: Organisation,
    /// An address that reaches several people.
    mailing_groups: MailingGroup,
    /// A contract with a provider: a cloud project, a subscription, a tenancy.
    accounts: Account,
    /// A DNS zone.
    zones: Zone,
    /// Where zones are served.
    dns_servers: DnsServer,
    /// A system that holds who may do what: a forge, mailing groups, a directory.
    access_systems: AccessSystem,
    /// Credits that somebody gave, which pay a provider's bills.
    grants: CreditGrant,
    /// What may be spent on something in a time.
    budgets: Budget,
    /// Something that it was decided to pay for.
    funding: Funding,
    /// What is said of things of one kind, and must be so.
    policies: Policy,
    /// A move of many things, and how far it is.
    migrations: Migration,
}
