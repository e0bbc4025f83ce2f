//! A plan before those who judge it: the people, the charter and the decisions.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, bail};
use base::Digest;
use change::gate::{self, Evidence, Judgement, RiskLowered};
use change::journal::Received;
use change::plan::{NotAPlan, Plan, ScopePlan};
use change::{Change, Domain, Judges, NoRevert, Scope, journal, revert};
use charter::risk::Risk;
use decisions::ruling::Hearing;
use decisions::{Attributed, Receipts, Refused, Roster};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Ledger;

use crate::governed::{Authors, Place, Side, Starts};
use crate::provenance::Commits;
use crate::systems::{Outside, Systems};

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
    pub(crate) starts: Starts,
    /// The commit that the plan is of.
    commit: String,
    /// As the estate was when whoever keeps the ledger last said to trust it.
    trusted: Option<Side>,
    pub(crate) base: Side,
    pub(crate) head: Side,
    pub(crate) authors: Authors,
    pub(crate) recent: Vec<charter::risk::Risk>,
    pub(crate) events: Vec<Attributed>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) vanished: Vec<Received>,
    pub(crate) receipts: Receipts,
    spent: BTreeMap<Digest, Timestamp>,
    undoes: bool,
}

impl Court {
    /// The commit that a scope started from, if that is known.
    pub(crate) fn start(&self, scope: &Scope) -> Option<&str> {
        self.starts.commit(scope)
    }

    /// The commit that the plan is of.
    pub(crate) fn commit(&self) -> &str {
        &self.commit
    }

    /// Those who judge risk: the estate at the base and as it is to be.
    pub(crate) fn judges(&self) -> Judges<'_> {
        self.judges_beside(&[])
    }

    /// The same, who also count these risks as recent ones.
    fn judges_beside(&self, beside: &[Risk]) -> Judges<'_> {
        let settings = self.base.charter.risk.settings();
        let recent = self.recent.iter().chain(beside).copied().collect();
        Judges::new(&[&self.base.estate, &self.head.estate], settings, recent)
    }

    /// How the changes in these scopes of a plan stand now.
    pub(crate) fn judge(
        &self,
        scopes: &[ScopePlan],
        plan: &Digest,
        place: &Place<'_>,
    ) -> Vec<Judgement> {
        let now = place.now();
        let receipts: Receipts = self
            .receipts
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(event, at)| (*event, *at))
            .collect();
        gate::judge_scopes(
            scopes,
            plan,
            &Evidence {
                hearing: Hearing {
                    estate: &self.base.estate,
                    charter: &self.base.charter,
                    authors: self.authors.known.clone(),
                    strangers: self.authors.strangers.clone(),
                    refused: &self.refused,
                    undoes: self.undoes,
                    now,
                },
                head: &self.head.estate,
                events: &self.events,
                vanished: &self.vanished,
                spent: &self.spent,
                receipts: &receipts,
                provenance: &Commits::of(self, place),
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
    Ok(journal::recent_risks(
        ledger,
        &authors.all(),
        since,
        judged,
    )?)
}

/// The events about changes that stand in the work tree, and whose they are.
pub(crate) fn events(
    place: &Place<'_>,
    base: &Side,
) -> anyhow::Result<(Vec<Attributed>, Vec<Refused>, Vec<decisions::Event>)> {
    let tree = place.decisions_tree()?;
    let (mut events, mut refused) =
        decisions::read(tree.as_ref()).context("the decisions cannot be read")?;
    // What is done to a text is no matter of plans, whoever signed it.
    events.retain(|event| event.content().text().is_none());
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
        let planned = self.plan.scopes.iter().map(|scope| &scope.scope);
        let stopped = self.plan.stopped.iter().map(|stopped| &stopped.scope);
        planned.chain(stopped).cloned().collect()
    }

    /// The states that it is about, at its base and at its commit, and who brought the one
    /// to the other. The plan has to want what its commit wants.
    pub(crate) fn parties(
        &self,
        place: &Place<'_>,
        mut ledger: Option<&mut Ledger>,
    ) -> anyhow::Result<Parties> {
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
        let stale = |what: String| Err(Inadmissible::Stale(what).into());
        let repository = place.git()?;
        if !repository.is_ancestor(commit, &repository.commit("HEAD")?)? {
            return stale("its commit is not part of what is checked out; plan again".to_owned());
        }
        let head = place.at(commit)?;
        let systems = head.systems(place.outside(), None);
        let known = systems.domains.scopes();
        if let Some(odd) = self.scopes().iter().find(|scope| !known.contains(scope)) {
            return stale(format!("its commit has no scope `{odd}`; plan again"));
        }
        let since = place.since(
            Some(commit),
            &self.scopes(),
            &systems.domains,
            ledger.as_deref_mut(),
        )?;
        let Some(trusted) = &since.base else {
            bail!(
                "there is no commit before that of the plan, so nobody can tell whose approval counts"
            );
        };
        // Where nothing is new the plan was applied before: it finds that, or others' changes.
        if trusted != base && !since.is_nothing() {
            return stale(format!(
                "it names the base {}, and what it changes starts from {}: a change cannot bring its own approvers; plan again",
                short(base),
                short(trusted)
            ));
        }
        drop(systems);
        let base = place.at(trusted)?;
        let authors = match self.plan.reverts {
            // What is undone was somebody's; undoing it is of whoever proposes that.
            Some(_) => Authors::default(),
            None => place.authors(&base, &since)?,
        };
        let starts = place.starts(&since)?;
        self.check(place, &starts, &head, ledger)?;
        let trusted = since.trusted.as_deref().map(|commit| place.at(commit));
        Ok(Parties {
            starts,
            trusted: trusted.transpose()?,
            base,
            head,
            authors,
        })
    }

    /// Brings the plan before the court. What people did is received by the ledger here.
    pub(crate) fn court(&self, place: &Place<'_>, ledger: &mut Ledger) -> anyhow::Result<Court> {
        let mut court = self.looked_at(place, ledger)?;
        let clock = crate::governed::WallClock(place.surroundings);
        let actor = place.actor();
        let mut journal = change::journal::Journal::new(ledger, &clock, actor);
        journal.receive(&court.events, &mut court.receipts)?;
        Ok(court)
    }

    /// The same for whoever only looks: what the ledger has not received stays so.
    pub(crate) fn looked_at(
        &self,
        place: &Place<'_>,
        ledger: &mut Ledger,
    ) -> anyhow::Result<Court> {
        let Parties {
            starts,
            trusted,
            base,
            head,
            authors,
        } = self.parties(place, Some(ledger))?;
        let (events, refused, all) = events(place, &base)?;
        let receipts = journal::receipts(ledger)?;
        let vanished = journal::vanished(ledger, &all)?;
        let changes = self.plan.changes().map(|(_, planned)| planned.digest);
        let spent = journal::spent(ledger, &changes.collect())?;
        let judged = Some(&self.digest);
        let recent = recent(Some(ledger), &authors, &base, place.now(), judged)?;
        Ok(Court {
            commit: self.plan.commit.clone().unwrap_or_default(),
            trusted,
            starts,
            base,
            head,
            authors,
            recent,
            events,
            refused,
            vanished,
            receipts,
            spent,
            undoes: self.plan.reverts.is_some(),
        })
    }

    /// That the plan wants what its commit wants, or undoes what the ledger says.
    fn check(
        &self,
        place: &Place<'_>,
        starts: &Starts,
        head: &Side,
        ledger: Option<&mut Ledger>,
    ) -> anyhow::Result<()> {
        let stale = |what: String| Err(Inadmissible::Stale(what).into());
        let undone = match (self.plan.reverts, ledger) {
            (Some(seq), Some(ledger)) => {
                Some(revert(ledger, seq).map_err(|error: NoRevert| anyhow::anyhow!(error))?)
            }
            (Some(_), None) => bail!("there is no ledger, so nobody can tell what the plan undoes"),
            (None, _) => None,
        };
        if let Some((scope, changes)) = &undone {
            let planned = self.plan.changes();
            let planned: HashMap<_, _> = planned
                .map(|(of, planned)| ((&of.scope, &planned.change.resource), &planned.change))
                .collect();
            let is_there = |change: &Change| {
                planned
                    .get(&(scope, &change.resource))
                    .is_some_and(|found| {
                        found.before == change.before && found.after == change.after
                    })
            };
            if planned.len() != changes.len() || !changes.iter().all(is_there) {
                return stale(
                    "it is not what undoes that record of the ledger; plan again".to_owned(),
                );
            }
        }
        let systems = head.systems(place.outside(), None);
        let domains = &systems.domains;
        let before = starts.systems(place.outside());
        let with_changes = self
            .plan
            .scopes
            .iter()
            .filter(|scope| !scope.changes.is_empty());
        for scope in with_changes {
            let desired = domains.desired(&scope.scope)?;
            let start = before.of(&scope.scope);
            let start = start.filter(|start| start.scopes().contains(&scope.scope));
            let wanted_before = start.and_then(|start| start.desired(&scope.scope).ok());
            for planned in &scope.changes {
                let resource = &planned.change.resource;
                let wanted = domains.resource(&desired, resource);
                if undone.is_none() && wanted != planned.change.after {
                    return stale(format!(
                        "{resource} shall not become in its commit what the plan says; plan again"
                    ));
                }
                // Who reviews follows from who owns: the file does not say so on its own.
                let owners =
                    domains.owners(&scope.scope, resource, &desired, wanted_before.as_ref());
                if owners != planned.change.owners {
                    let owners = owners.join(", ");
                    return stale(format!("{resource} is owned by {owners}; plan again"));
                }
            }
        }
        Ok(())
    }
}

/// The two states that a plan is between, and who brought the one to the other.
pub(crate) struct Parties {
    pub(crate) starts: Starts,
    trusted: Option<Side>,
    pub(crate) base: Side,
    pub(crate) head: Side,
    pub(crate) authors: Authors,
}

impl Court {
    /// The plan with its changes judged against what is there now, as apply does it.
    pub(crate) fn observed(&self, place: &Place<'_>, filed: &Filed) -> anyhow::Result<Plan> {
        let systems = self.systems(place);
        let domains = &systems.domains;
        let mut plan = filed.plan.clone();
        for scope in plan
            .scopes
            .iter_mut()
            .filter(|scope| !scope.changes.is_empty())
        {
            let current = domains.observe(&scope.scope)?.state;
            for planned in &scope.changes {
                let is = domains.resource(&current, &planned.change.resource);
                if is != planned.change.before && is != planned.change.after {
                    let what = format!("{} is another now; plan again", planned.change.resource);
                    return Err(Inadmissible::Stale(what).into());
                }
            }
            let changes = scope.changes.iter_mut().map(|planned| &mut planned.change);
            domains.judge(&scope.scope, &current, changes);
            let changes: Vec<&Change> = scope.changes.iter().map(|one| &one.change).collect();
            scope.exceeded = domains.exceeded(&scope.scope, &current, &changes, &[]);
        }
        Ok(plan)
    }

    /// The systems as they are to be, judged also by what they were.
    pub(crate) fn systems<'c>(&'c self, place: &'c Place<'_>) -> Systems<'c> {
        let outside = Outside {
            trusted: self.trusted.as_ref().map(|trusted| &trusted.estate),
            ..place.outside()
        };
        self.head.systems(outside, Some(&self.base.estate))
    }

    /// For each of these scopes of a plan, the risks in all others that add up.
    pub(crate) fn beside(&self, scopes: &[ScopePlan]) -> Vec<Vec<Risk>> {
        if let [_] = scopes {
            return vec![Vec::new()];
        }
        let mut judges = self.judges();
        let own: Vec<Vec<Risk>> = scopes.iter().map(|one| judges.adding_up(one)).collect();
        let others = |at: usize| {
            let others = own.iter().enumerate().filter(|(other, _)| *other != at);
            others.flat_map(|(_, risks)| risks).copied().collect()
        };
        (0..own.len()).map(others).collect()
    }

    /// Judges one scope by what its changes do to what is there now, beside the risks of what
    /// the plan does in others; a risk that the plan puts higher stays.
    pub(crate) fn judge_scope(
        &self,
        plan: &Digest,
        scope: &mut ScopePlan,
        beside: &[Risk],
        place: &Place<'_>,
    ) -> Vec<Judgement> {
        let scopes = std::slice::from_mut(scope);
        self.judges_beside(beside).rejudge(scopes);
        self.judge(scopes, plan, place)
    }
}

/// A commit as people read it.
pub(crate) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}
