//! What changes require and have, found out once for all that are alike.
//!
//! A plan may hold a hundred thousand changes, and a few events name them all: most
//! of them require the same, have the same, and so stand the same.

use std::collections::HashMap;
use std::sync::Arc;

use base::Digest;
use charter::Charter;
use charter::requirement::{Requirement, requirement};
use charter::risk::{Reach, Risk, RiskSettings};
use decisions::{Standing, standing};
use estate::KindId;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Evidence;
use super::procedure::{self, Ruling};
use crate::plan::Planned;

/// What a requirement follows from: the risk, the owners, and what is touched.
type Asked<'p> = (Risk, &'p [String], &'p [(KindId, String)]);

/// All that has been found out so far.
pub(super) struct Known<'p> {
    evidence: &'p Evidence<'p>,
    settings: RiskSettings,
    day: Date,
    /// The events that name a change, by their places. What stands for a change follows
    /// from these alone.
    named_by: HashMap<Digest, Vec<usize>>,
    standings: HashMap<Vec<usize>, (usize, Arc<Standing>)>,
    requirements: HashMap<Asked<'p>, (usize, Arc<Requirement>)>,
    rulings: HashMap<(usize, usize), Ruling>,
}

/// How one change stands, before the limits of its scope are looked at.
pub(super) struct Stands {
    pub(super) risk: Risk,
    pub(super) requirement: Arc<Requirement>,
    pub(super) standing: Arc<Standing>,
    pub(super) ruling: Ruling,
}

impl<'p> Known<'p> {
    pub(super) fn new(evidence: &'p Evidence<'p>) -> Self {
        let Charter { risk, .. } = evidence.charter;
        let mut named_by: HashMap<Digest, Vec<usize>> = HashMap::new();
        for (at, one) in evidence.events.iter().enumerate() {
            for change in one.event.content().changes() {
                named_by.entry(*change).or_default().push(at);
            }
        }
        Self {
            evidence,
            settings: risk.settings(),
            day: evidence.now.to_zoned(TimeZone::UTC).date(),
            named_by,
            standings: HashMap::new(),
            requirements: HashMap::new(),
            rulings: HashMap::new(),
        }
    }

    /// How a change stands, at the risk it has or at the higher one that somebody gave it.
    pub(super) fn stands(&mut self, planned: &'p Planned) -> Stands {
        let (had, standing) = self.standing(&planned.digest);
        let raised = standing.raised_to().map(super::risk_of);
        let risk = planned.risk.max(raised.unwrap_or(Risk::Low));
        let (asked, requirement) = self.requirement(risk, planned);
        let evidence = self.evidence;
        let rule = || procedure::rule(&requirement, &standing, evidence);
        let ruling = self.rulings.entry((asked, had)).or_insert_with(rule);
        Stands {
            risk,
            ruling: ruling.clone(),
            requirement,
            standing,
        }
    }

    fn standing(&mut self, change: &Digest) -> (usize, Arc<Standing>) {
        let by = self.named_by.get(change).map_or(&[][..], Vec::as_slice);
        if let Some((at, known)) = self.standings.get(by) {
            return (*at, Arc::clone(known));
        }
        let Evidence {
            events, receipts, ..
        } = self.evidence;
        let found = if by.is_empty() {
            Standing::default()
        } else {
            standing(events, receipts, change)
        };
        let new = (self.standings.len(), Arc::new(found));
        self.standings.insert(by.to_vec(), new.clone());
        new
    }

    fn requirement(&mut self, risk: Risk, planned: &'p Planned) -> (usize, Arc<Requirement>) {
        let Evidence {
            estate, charter, ..
        } = self.evidence;
        let (owners, touches) = (&planned.change.owners, &planned.change.effect.touches);
        let at = self.requirements.len();
        let (settings, day) = (&self.settings, self.day);
        let find_out = || {
            let reach = Reach::of(touches, estate, settings);
            let found = requirement(risk, owners, &reach, charter, estate, day);
            (at, Arc::new(found))
        };
        let known = self.requirements.entry((risk, owners, touches));
        known.or_insert_with(find_out).clone()
    }
}
