//! What changes require and have, found out once for all that are alike.
//!
//! A plan may hold a hundred thousand changes, and a few events name them all: most
//! of them require the same, have the same, and so stand the same.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use base::Digest;
use charter::Charter;
use charter::requirement::{Eligible, Requirement, requirement};
use charter::risk::{Reach, Risk, RiskSettings};
use decisions::ruling::{self, Hearing, Ruling};
use decisions::{Act, Attributed, Standing, standing};
use estate::KindId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::people::People;
use super::{Evidence, Hands};
use crate::Scope;
use crate::plan::Planned;

/// What a requirement follows from: the risk, the owners, and what is touched.
type Asked<'p> = (Risk, &'p [String], &'p [(KindId, String)]);

/// The events that name a change, and when what was approved of it had its effect.
type Named = (Vec<usize>, Option<Timestamp>);

/// All that has been found out so far.
pub(super) struct Known<'p> {
    evidence: &'p Evidence<'p>,
    settings: RiskSettings,
    day: Date,
    /// The events that name a change, by their places. What stands for a change follows
    /// from these alone.
    named_by: HashMap<Digest, Vec<usize>>,
    standings: HashMap<Named, (usize, Arc<Standing>)>,
    requirements: HashMap<Asked<'p>, (usize, Arc<Requirement>)>,
    /// Who does not count as one who agrees.
    parties: HashMap<Hands, usize>,
    rulings: HashMap<(usize, usize, usize), Ruling>,
    people: People<'p>,
}

/// How one change stands, before the limits of its scope are looked at.
pub(super) struct Stands {
    pub(super) risk: Risk,
    pub(super) requirement: Arc<Requirement>,
    pub(super) standing: Arc<Standing>,
    pub(super) ruling: Ruling,
    /// Who gains by it and wrote it.
    pub(super) own: BTreeSet<String>,
}

impl<'p> Known<'p> {
    pub(super) fn new(evidence: &'p Evidence<'p>) -> Self {
        let Charter { risk, .. } = evidence.hearing.charter;
        let mut named_by: HashMap<Digest, Vec<usize>> = HashMap::new();
        for (at, one) in evidence.events.iter().enumerate() {
            for change in one.event.content().changes() {
                named_by.entry(*change).or_default().push(at);
            }
        }
        Self {
            evidence,
            settings: risk.settings(),
            day: evidence.hearing.now.to_zoned(TimeZone::UTC).date(),
            named_by,
            standings: HashMap::new(),
            requirements: HashMap::new(),
            parties: HashMap::new(),
            rulings: HashMap::new(),
            people: People::of(evidence),
        }
    }

    /// How a change stands, at the risk it has or at the higher one that somebody gave it.
    pub(super) fn stands(&mut self, scope: &Scope, planned: &'p Planned) -> Stands {
        let (had, standing) = self.standing(&planned.digest);
        let raised = standing.raised_to().map(super::risk_of);
        let risk = planned.risk.max(raised.unwrap_or(Risk::Low));
        let (asked, requirement) = self.requirement(risk, planned);
        let hearing = &self.evidence.hearing;
        let mut hands = self.hands(scope, planned);
        let given = planned.change.effect.gives_to.iter();
        let gaining = given.flat_map(|one| self.people.at_the_base(one));
        let gaining: BTreeSet<String> = gaining.collect();
        let proposed = |person: &str| {
            let mut proposals = standing.proposals.iter();
            hearing.undoes && proposals.any(|one| one.by.as_str() == person)
        };
        let wrote = |person: &&String| hands.known.contains(*person) || proposed(person);
        let own = gaining.iter().filter(wrote).cloned().collect();
        // Who gains does not agree for others, as long as there are others who can.
        let mut without: BTreeSet<String> = hands.known.clone();
        without.extend(gaining);
        if without.len() > hands.known.len() && requirement.impossible_for(&without).is_empty() {
            hands.known = without;
        }
        let new = self.parties.len();
        let party = *self.parties.entry(hands.clone()).or_insert(new);
        let rule = || {
            let hearing = Hearing {
                authors: hands.known,
                strangers: hands.strangers,
                ..hearing.clone()
            };
            ruling::rule(&requirement, &standing, &hearing)
        };
        let ruling = self.rulings.entry((asked, had, party)).or_insert_with(rule);
        Stands {
            risk,
            ruling: ruling.clone(),
            requirement,
            standing,
            own,
        }
    }

    /// Whose a change is.
    fn hands(&self, scope: &Scope, planned: &Planned) -> Hands {
        let Evidence {
            hearing,
            provenance,
            ..
        } = self.evidence;
        let told = (!hearing.undoes).then(|| provenance.hands(scope, &planned.change));
        match told.flatten() {
            Some(hands) => (*hands).clone(),
            None => Hands {
                known: hearing.authors.clone(),
                strangers: hearing.strangers.clone(),
            },
        }
    }

    fn standing(&mut self, change: &Digest) -> (usize, Arc<Standing>) {
        let by = self.named_by.get(change).map_or(&[][..], Vec::as_slice);
        let spent = self.evidence.spent.get(change).copied();
        let named = (by.to_vec(), spent);
        if let Some((at, known)) = self.standings.get(&named) {
            return (*at, Arc::clone(known));
        }
        let Evidence {
            events, receipts, ..
        } = self.evidence;
        let found = match spent {
            _ if by.is_empty() => Standing::default(),
            None => standing(events, receipts, change),
            Some(spent) => standing(&self.since(spent), receipts, change),
        };
        let new = (self.standings.len(), Arc::new(found));
        self.standings.insert(named, new.clone());
        new
    }

    /// The events without those that helped a change on which was brought to an end since.
    fn since(&self, spent: Timestamp) -> Vec<Attributed> {
        let Evidence {
            events, receipts, ..
        } = self.evidence;
        let helps = |act: &Act| {
            !matches!(
                act,
                Act::Object { .. } | Act::Raise { .. } | Act::Withdraw { .. } | Act::Answer { .. }
            )
        };
        let over = |one: &Attributed| {
            let received = receipts.get(one.event.digest());
            helps(one.event.act()) && received.is_some_and(|at| *at <= spent)
        };
        events.iter().filter(|one| !over(one)).cloned().collect()
    }

    fn requirement(&mut self, risk: Risk, planned: &'p Planned) -> (usize, Arc<Requirement>) {
        let head = self.evidence.head;
        let Hearing {
            estate, charter, ..
        } = self.evidence.hearing;
        let (owners, touches) = (&planned.change.owners, &planned.change.effect.touches);
        let at = self.requirements.len();
        let (settings, day) = (&self.settings, self.day);
        let find_out = || {
            let reach = Reach::of(touches, estate, settings);
            let mut found = requirement(risk, owners, &reach, charter, estate, day);
            let now = requirement(
                risk,
                owners,
                &Reach::of(touches, head, settings),
                charter,
                head,
                day,
            );
            keep_those_of(&mut found, &now);
            (at, Arc::new(found))
        };
        let known = self.requirements.entry((risk, owners, touches));
        known.or_insert_with(find_out).clone()
    }
}

/// Whoever lost a role since the base has no word any more, as whoever got one has none yet.
fn keep_those_of(found: &mut Requirement, now: &Requirement) {
    let keep = |people: &mut Vec<Eligible>, still: &[Eligible]| {
        people.retain(|one| still.iter().any(|other| other.person == one.person));
    };
    if let Some(review) = &mut found.review {
        keep(
            &mut review.people,
            now.review.as_ref().map_or(&[], |now| &now.people),
        );
    }
    if let Some(lazy) = &mut found.lazy {
        keep(
            &mut lazy.people,
            now.lazy.as_ref().map_or(&[], |now| &now.people),
        );
    }
    for group in found
        .consult
        .iter_mut()
        .flat_map(|consult| &mut consult.groups)
    {
        let mut asked = now.consult.iter().flat_map(|consult| &consult.groups);
        let still = asked.find(|other| other.group == group.group);
        keep(&mut group.people, still.map_or(&[], |still| &still.people));
    }
}
