//! What pages look up, made once a state, so that a page costs what it shows and no more.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use charter::Employers;
use estate::KindId;
use jiff::civil::Date;
use portal::model::Card;

use super::findings::Book;
use super::home::{End, ends};
use super::people::{Role, roles};
use super::secret_teams::SecretTeams;
use super::wiring::Drawings;
use crate::project::Checked;

/// What pages look up.
pub(crate) struct Index {
    /// All that is wrong.
    pub(super) book: Book,
    /// What people are and were, by their name.
    roles: HashMap<String, Vec<Role>>,
    /// How many jobs belong to each group.
    jobs: BTreeMap<String, usize>,
    /// Employers under the names they are counted by.
    pub(super) employers: Employers,
    /// Drawings that were asked for.
    pub(super) drawings: Drawings,
    /// The figures of the home page, counted when it is first asked for: what there is, and what is wrong.
    pub(super) figures: OnceLock<(Vec<Card>, Vec<Card>)>,
    /// The teams that not everybody may know of.
    pub(super) secret_teams: SecretTeams,
    /// What ends, by day.
    pub(super) ends: Vec<End>,
}

impl Index {
    /// Makes it.
    pub(crate) fn of(checked: &Checked, day: Date) -> Self {
        let mut jobs: BTreeMap<String, usize> = BTreeMap::new();
        let mut owners: HashMap<String, String> = HashMap::new();
        if let Some(subjects) = checked.ci.subjects(&checked.estate) {
            for item in subjects.jobs() {
                let mut catalogues = checked.ci.catalogue.iter();
                let job = catalogues.find_map(|all| all.jobs.get(item.at()));
                if let (Some(owner), Some(job)) = (item.owner(), job) {
                    *jobs.entry(owner.to_owned()).or_default() += 1;
                    owners.insert(job.subject(), owner.to_owned());
                }
            }
        }
        let secret_teams = SecretTeams::of(&checked.estate);
        Self {
            book: Book::of(checked, &owners, &secret_teams),
            roles: roles(checked, day),
            jobs,
            employers: Employers::of(&checked.charter),
            drawings: Drawings::default(),
            figures: OnceLock::new(),
            ends: ends(checked, day, &secret_teams),
            secret_teams,
        }
    }

    /// What a person is and was in groups.
    pub(super) fn roles_of(&self, person: &str) -> &[Role] {
        self.roles.get(person).map_or(&[], Vec::as_slice)
    }

    /// How many jobs belong to a group.
    pub(super) fn jobs_of(&self, group: &str) -> usize {
        self.jobs.get(group).copied().unwrap_or(0)
    }

    /// How many errors and warnings about an item everybody may see.
    pub(super) fn wrong_with(&self, kind: KindId, name: &str) -> (usize, usize) {
        self.book.count(&format!("{}/{name}", kind.name()))
    }
}
