//! A plan before those who judge it: the people, the charter and the decisions.

use anyhow::{Context, bail};
use base::Digest;
use change::gate::{self, Evidence, Judgement, RiskLowered};
use change::plan::{NotAPlan, Plan, ScopePlan};
use change::journal::Received;
use change::{Domain, Judges, NoRevert, Scope, journal, revert};
use charter::risk::Risk;
use decisions::{Attributed, Receipts, Refused, Roster};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Ledger;

use crate::files::DiskTree;
use crate::governed::{Authors, Place, Side};

/// Why a plan does not even come before the gate, where the exit code says so.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Inadmissible {
    /// The file is not what was made.
    #[error(transparent)]
    NotAPlan(#[from] NotAPlan),
    /// It puts a risk too low.
    #[error(transparent)]
    RiskLowered(#[from] RiskLowered),
    /// What it was made from is not what there is.
    #[error("the plan is stale: {0}")]
    Stale(String),
}

/// A plan with all that judges it.
pub(crate) struct Court {
    pub(crate) base: Side,
    pub(crate) head: Side,
    pub(crate) authors: Authors,
    pub(crate) recent: Vec<charter::risk::Risk>,
    pub(crate) events: Vec<Attributed>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) vanished: Vec<Received>,
    pub(crate) receipts: Receipts,
}

impl Court {
    /// Those who judge risk: the estate at the base and as it is to be.
    pub(crate) fn judges(&self) -> Judges<'_> {
        let settings = self.base.charter.risk.settings();
        Judges::new(
            &[&self.base.estate, &self.head.estate],
            settings,
            self.recent.clone(),
        )
    }

    /// How the changes of a plan stand at a time.
    pub(crate) fn judge(&self, plan: &Plan, digest: &Digest, now: Timestamp) -> Vec<Judgement> {
        let receipts: Receipts = self
            .receipts
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(event, at)| (*event, *at))
            .collect();
        gate::judge(
            plan,
            digest,
            &Evidence {
                estate: &self.base.estate,
                charter: &self.base.charter,
                authors: self.authors.known.clone(),
                strangers: self.authors.strangers.clone(),
                events: &self.events,
                refused: &self.refused,
                vanished: &self.vanished,
                receipts: &receipts,
                now,
            },
        )
    }
}

/// What authors changed lately.
pub(crate) fn recent(
    ledger: Option<&mut Ledger>,
    authors: &Authors,
    base: &Side,
    now: Timestamp,
    judged: Option<&Digest>,
) -> anyhow::Result<Vec<Risk>> {
    let Some(ledger) = ledger else {
        return Ok(Vec::new());
    };
    let days = i64::from(base.charter.risk.settings().days);
    let since = now.checked_sub(jiff::SignedDuration::from_hours(24 * days))?;
    Ok(journal::recent_risks(ledger, &authors.all(), since, judged)?)
}

/// The events of decisions that stand in the work tree, and whose they are.
pub(crate) fn events(
    place: &Place<'_>,
    base: &Side,
) -> anyhow::Result<(Vec<Attributed>, Vec<Refused>, Vec<decisions::Event>)> {
    let tree = DiskTree::new(&place.folder, "");
    let (events, mut refused) = decisions::read(&tree).context("the decisions cannot be read")?;
    let day = place.now().to_zoned(TimeZone::UTC).date();
    let roster = Roster::of(&base.estate, day);
    let (attributed, not) = decisions::attribute_all(events.clone(), &roster);
    refused.extend(not);
    Ok((attributed, refused, events))
}

/// A plan that was read from a file.
#[derive(Debug)]
pub(crate) struct Filed {
    pub(crate) plan: Plan,
    pub(crate) digest: Digest,
}

impl Filed {
    pub(crate) fn read(place: &Place<'_>, path: &std::path::Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let path = place.surroundings.folder.join(path);
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
        let (plan, digest) = Plan::parse(&text)
            .map_err(Inadmissible::from)
            .with_context(|| shown.to_string())?;
        Ok(Self { plan, digest })
    }

    fn scopes(&self) -> Vec<Scope> {
        self.plan
            .scopes
            .iter()
            .map(|scope| scope.scope.clone())
            .collect()
    }

    /// The states that it is about: at its base and at its commit.
    pub(crate) fn sides(
        &self,
        place: &Place<'_>,
        ledger: Option<&mut Ledger>,
    ) -> anyhow::Result<(Side, Side)> {
        let Some(commit) = &self.plan.commit else {
            bail!(
                "the plan was made from files that are not committed, so nobody can tell whose they are; commit them and plan again"
            );
        };
        let Some(base) = &self.plan.base else {
            bail!(
                "the plan names no base, so nobody can tell whose approval counts: there is no commit before its own"
            );
        };
        let repository = place.git()?;
        let head = repository.commit("HEAD")?;
        if !repository.is_ancestor(commit, &head)? {
            let what = "its commit is not part of what is checked out; plan again".to_owned();
            return Err(Inadmissible::Stale(what).into());
        }
        let head = place.at(commit)?;
        let trusted = place.base(Some(commit), &self.scopes(), &head.estate, ledger)?;
        let trusted = trusted.context("there is no commit that the changes branched off")?;
        if !repository.is_ancestor(base, &trusted)? {
            let what = format!(
                "its base {} is later than {}, which the changes start from: a change cannot bring its own approvers",
                short(base),
                short(&trusted)
            );
            return Err(Inadmissible::Stale(what).into());
        }
        Ok((place.at(base)?, head))
    }

    /// Brings the plan before the court. What people did is received by the ledger
    /// here; without one, nothing has been received.
    pub(crate) fn court(&self, place: &Place<'_>, ledger: &mut Ledger) -> anyhow::Result<Court> {
        let (base, head) = self.sides(place, Some(ledger))?;
        self.check(place, &base, &head, ledger)?;
        let (from, to) = (self.plan.base.as_deref(), self.plan.commit.as_deref());
        let authors = match (from, to, self.plan.reverts) {
            // What is undone was somebody's; undoing it is nobody's.
            (Some(from), Some(to), None) => place.authors(&base, from, to)?,
            _ => Authors::default(),
        };
        let (events, refused, all) = events(place, &base)?;
        let mut receipts = journal::receipts(ledger)?;
        let clock = crate::governed::WallClock(place.surroundings);
        let actor = place.actor();
        let mut journal = change::journal::Journal::new(ledger, &clock, actor);
        journal.receive(&events, &mut receipts)?;
        let vanished = journal::vanished(ledger, &all)?;
        let recent = recent(Some(ledger), &authors, &base, place.now(), Some(&self.digest))?;
        Ok(Court {
            base,
            head,
            authors,
            recent,
            events,
            refused,
            vanished,
            receipts,
        })
    }

    /// That the plan wants what its commit wants, or undoes what the ledger says.
    fn check(
        &self,
        place: &Place<'_>,
        base: &Side,
        head: &Side,
        ledger: &mut Ledger,
    ) -> anyhow::Result<()> {
        let other = |resource: &str, whose: &str| {
            let what =
                format!("{resource} shall not become in {whose} what the plan says; plan again");
            Err(Inadmissible::Stale(what).into())
        };
        if let Some(seq) = self.plan.reverts {
            let (scope, changes) =
                revert(ledger, seq).map_err(|error: NoRevert| anyhow::anyhow!(error))?;
            for (planned_in, planned) in self.plan.changes() {
                let same = |change: &change::Change| {
                    change.resource == planned.change.resource
                        && change.after == planned.change.after
                };
                if planned_in.scope != scope || !changes.iter().any(same) {
                    return other(&planned.change.resource, &format!("record {seq}"));
                }
            }
            return Ok(());
        }
        let zones = head.zones(place.outside());
        let zones_before = base.zones(place.outside());
        let known_before = zones_before.scopes();
        for scope in self.plan.scopes.iter().filter(|scope| !scope.changes.is_empty()) {
            let desired = zones.desired(&scope.scope)?;
            let before = known_before.contains(&scope.scope).then(|| zones_before.desired(&scope.scope));
            let before = before.transpose()?;
            for planned in &scope.changes {
                let resource = &planned.change.resource;
                if zones.resource(&desired, resource) != planned.change.after {
                    return other(resource, "its commit");
                }
                // Who reviews follows from who owns: the file does not say so on its own.
                let owners = zones.owners(&scope.scope, resource, &desired, before.as_ref());
                if owners != planned.change.owners {
                    let what = format!("{resource} is owned by {}; plan again", owners.join(", "));
                    return Err(Inadmissible::Stale(what).into());
                }
            }
        }
        Ok(())
    }
}

impl Court {
    /// Judges one scope by what its changes do to what is there now; a risk that the
    /// plan puts higher stays.
    pub(crate) fn judge_scope(
        &self,
        filed: &Filed,
        scope: &ScopePlan,
        now: Timestamp,
    ) -> Vec<Judgement> {
        let mut anew = filed.plan.scopes.clone();
        for other in &mut anew {
            if other.scope == scope.scope {
                other.clone_from(scope);
            }
        }
        // All scopes, for the changes of a plan add up; what is asked is how this one stands.
        self.judges().judge(&mut anew);
        anew.retain(|other| other.scope == scope.scope);
        for (said, is) in scope.changes.iter().zip(anew.iter_mut().flat_map(|scope| &mut scope.changes)) {
            if said.risk > is.risk {
                is.risk = said.risk;
                is.reasons.clone_from(&said.reasons);
            }
        }
        let plan = Plan {
            scopes: anew,
            ..filed.plan.clone()
        };
        self.judge(&plan, &filed.digest, now)
    }
}

/// A commit as people read it.
pub(crate) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}
