//! What tests and benches stand on: seeded estates of any size, and real [`servers`].
//!
//! ```
//! use testkit::{EstateSize, generate, into_memory};
//!
//! let files = generate(EstateSize::small(), 7);
//! let tree = into_memory(files);
//! ```
//!
//! The same size and seed give the same bytes, on any machine and in any order.
//! Estates are sound: `check` finds nothing in them. All people, companies and
//! addresses in them are invented.
//!
//! This crate must never know any community's name, nor the program: what it makes is read
//! like what anybody wrote. Only [`servers`] and [`fakes`] know a network, a clock and a disk.

pub mod bills;
mod bodies;
pub mod fakes;
mod machines;
mod people;
mod random;
pub mod servers;
mod words;
mod zones;

use estate::MemoryTree;

use people::People;
use random::Random;
pub use zones::zone_file;

/// How many items of each kind an estate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EstateSize {
    /// People; some of them have left.
    pub people: usize,
    /// Employers of the people. Fewer than a dozen leave no choice of staff.
    pub companies: usize,
    /// Groups that own things.
    pub groups: usize,
    /// Services, each with staff, a rota and dependencies.
    pub services: usize,
    /// Teams, each in an organisation.
    pub teams: usize,
    /// Organisations; every person who has not left is in one.
    pub organisations: usize,
    /// Mailing groups.
    pub mailing_groups: usize,
    /// Accounts at providers.
    pub accounts: usize,
}

impl EstateSize {
    /// One that a test reads in a moment.
    pub fn small() -> Self {
        Self {
            people: 60,
            companies: 15,
            groups: 5,
            services: 12,
            teams: 20,
            organisations: 2,
            mailing_groups: 8,
            accounts: 4,
        }
    }

    /// About what a large community has: the people, groups, teams, organisations and mailing
    /// groups of the tree that `tests/estates` adopts, and as many services as `examples` lists.
    pub fn real() -> Self {
        Self {
            people: 1_640,
            companies: 60,
            groups: 35,
            services: 60,
            teams: 770,
            organisations: 8,
            mailing_groups: 220,
            accounts: 20,
        }
    }

    /// More than any community has: what reading and checking are held to.
    pub fn large() -> Self {
        Self {
            people: 10_000,
            companies: 60,
            groups: 200,
            services: 2_000,
            teams: 20_000,
            organisations: 8,
            mailing_groups: 1_000,
            accounts: 100,
        }
    }

    /// So many times as many items, but as many companies and organisations.
    pub fn times(self, factor: usize) -> Self {
        Self {
            people: self.people * factor,
            companies: self.companies,
            groups: self.groups * factor,
            services: self.services * factor,
            teams: self.teams * factor,
            organisations: self.organisations,
            mailing_groups: self.mailing_groups * factor,
            accounts: self.accounts * factor,
        }
    }
}

/// What is being made, for all parts of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) size: EstateSize,
    pub(crate) people: People,
    seed: u64,
}

impl Plan {
    /// The numbers for one item; they do not depend on which items were made before.
    pub(crate) fn random(&self, kind: &str, index: usize) -> Random {
        Random::of(self.seed, kind, index)
    }
}

/// The files of an estate, path and text, in the order of their kinds.
///
/// # Panics
/// When the size asks for items without what they need: groups and teams need
/// people and organisations, services need groups and accounts.
pub fn generate(size: EstateSize, seed: u64) -> impl Iterator<Item = (String, String)> {
    let owned = size.services + size.mailing_groups + size.accounts;
    assert!(
        owned == 0 || size.groups > 0,
        "nobody would own the services, lists and accounts"
    );
    assert!(
        size.services == 0 || size.accounts > 0,
        "services would run nowhere"
    );
    assert!(size.organisations > 0, "people would belong nowhere");
    let crowd = People::of(&size, seed);
    assert!(
        crowd.enough(),
        "{} people at {} companies are too few",
        size.people,
        size.companies
    );
    let plan = Plan {
        size,
        people: crowd,
        seed,
    };
    let each = move |count: usize, make: fn(&Plan, usize) -> (String, String)| {
        (0..count).map(move |index| make(&plan, index))
    };
    root()
        .into_iter()
        .chain(each(size.people, people::person))
        .chain(each(size.organisations, people::organisation))
        .chain(each(size.groups, bodies::group))
        .chain(each(size.teams, bodies::team))
        .chain(each(size.mailing_groups, bodies::mailing_group))
        .chain(each(size.accounts, machines::account))
        .chain(each(size.services, machines::service))
}

fn root() -> [(String, String); 2] {
    let manifest =
        "commonhold: 1\nname: The Generated Lab\ndescription: A community of invented people.\n";
    // Restores are dated once for ever, so that the estate stays sound.
    let charter = "\
infrastructure: group-0
employers:
  - {name: Independent, independent: true}
rules:
  minimum-staff:
    severity: error
    owner: group-0
    with: {minimum: 3}
  employer-share:
    with: {share: \"1/3\", relation: at-most}
  restore-test:
    with: {maximum_age_days: 36500}
  naming:
    with:
      group: \"[a-z]+(-[a-z0-9]+)*\"
      service: \"[a-z]+(-[a-z0-9]+)*\"
      team: \"[a-z0-9-]+/[a-z]+(-[a-z0-9]+)*\"
";
    [("commonhold.yaml", manifest), ("charter.yaml", charter)]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
}

/// A tree of these files.
pub fn into_memory(files: impl IntoIterator<Item = (String, String)>) -> MemoryTree {
    files
        .into_iter()
        .fold(MemoryTree::default(), |tree, (path, text)| {
            tree.with(&path, text)
        })
}
