//! What there is to spend, and what is to be done, as everybody may know it.

use super::Veil;
use crate::alerts::Fact;
use crate::budgets;
use crate::events::{Event, Status};
use crate::grants::{self, Grants};
use crate::outlook::Measure;
use crate::report::model::Report;

impl Veil<'_> {
    /// The facts that everybody may know.
    pub(in crate::report) fn facts(&self, facts: &[Fact], report: &Report) -> Vec<Fact> {
        let about = |name: &str| {
            let grants = report.grants.standings.iter().map(|one| &one.name);
            let budgets = report.budgets.iter().map(|one| &one.name);
            let events = report.events.iter().map(|one| &one.id);
            let quotas = report.quotas.iter().map(|one| &one.provider);
            grants
                .chain(budgets)
                .chain(events)
                .chain(quotas)
                .any(|one| one == name)
        };
        let shown = |fact: &&Fact| {
            let subject = fact.id.split('/').nth(1);
            fact.id.starts_with("unallocated/") || subject.is_some_and(about)
        };
        let fact = |fact: &Fact| Fact {
            id: fact.id.clone(),
            holds: fact.holds,
            subject: self.text(&fact.subject),
            title: String::new(),
            now: String::new(),
            details: Vec::new(),
            action: self.text(&fact.action),
            owner: fact.owner.clone(),
            to: Vec::new(),
        };
        facts.iter().filter(shown).map(fact).collect()
    }

    /// The grants, without those that would tell what is spent at a provider that is not shown
    /// by itself. A report for everybody says nothing of credits that no grant explains.
    pub(in crate::report) fn grants(&self, grants: &Grants) -> Grants {
        let shown = grants
            .standings
            .iter()
            .filter(|one| !self.hides(&one.provider));
        Grants {
            standings: shown.map(|one| self.grant(one)).collect(),
            unmatched: Vec::new(),
        }
    }

    fn grant(&self, one: &grants::Standing) -> grants::Standing {
        grants::Standing {
            name: one.name.clone(),
            title: self.text(&one.title),
            giver: self.text(&one.giver),
            provider: one.provider.clone(),
            owner: one.owner.clone(),
            currency: one.currency,
            amount: one.amount,
            days: one.days,
            lapses: one.lapses,
            drawn: one.drawn,
            left: one.left,
            state: one.state,
            used_up: one.used_up,
            unused: one.unused,
            ends: one.ends,
            ask_from: one.ask_from,
            followed_by: one.followed_by.clone(),
            costs: one.costs,
            months: one.months.clone(),
            ahead: one.ahead.clone(),
            trust: one.trust.clone(),
            late: one.late.clone(),
            notes: self.texts(&one.notes),
        }
    }

    /// The budgets, without those that would tell what is spent where it is not shown: of such a
    /// provider, of accounts, and after credits.
    pub(in crate::report) fn budgets(
        &self,
        budgets: &[budgets::Standing],
    ) -> Vec<budgets::Standing> {
        let shown = |one: &&budgets::Standing| {
            let hidden = one.provider.as_ref().is_some_and(|name| self.hides(name));
            let after_credits = !self.private.is_empty() && one.metric != Measure::Gross;
            !hidden && !after_credits && !one.scope.contains("account ")
        };
        budgets
            .iter()
            .filter(shown)
            .map(|one| self.budget(one))
            .collect()
    }

    fn budget(&self, one: &budgets::Standing) -> budgets::Standing {
        let threshold = |one: &budgets::ThresholdStanding| budgets::ThresholdStanding {
            at: one.at,
            basis: one.basis.clone(),
            limit: one.limit,
            value: one.value,
            action: self.text(&one.action),
            crossing: one.crossing,
        };
        budgets::Standing {
            name: one.name.clone(),
            title: self.text(&one.title),
            owner: one.owner.clone(),
            scope: one.scope.clone(),
            provider: one.provider.clone(),
            metric: one.metric,
            currency: one.currency,
            amount: one.amount,
            period: one.period,
            spent: one.spent,
            complete_until: one.complete_until,
            incomplete: one.incomplete,
            used: one.used,
            expected: one.expected,
            runs_out: one.runs_out,
            trust: one.trust.clone(),
            thresholds: one.thresholds.iter().map(threshold).collect(),
            parent: one.parent.clone(),
            parts: None,
            late: one.late.clone(),
            notes: self.texts(&one.notes),
        }
    }

    /// The events of what is shown, without what explains them: that names sub-accounts.
    pub(in crate::report) fn events(&self, events: &[Event]) -> Vec<Event> {
        let shown = |event: &&Event| {
            let provider = event.place.provider.as_ref();
            !provider.is_some_and(|name| self.hides(name))
        };
        let event = |event: &Event| {
            let mut event = event.clone();
            event.place = event.place.without_accounts();
            event.also = Vec::new();
            event.contributors = Vec::new();
            event.status = self.status(&event.status);
            event
        };
        events.iter().filter(shown).map(event).collect()
    }

    fn status(&self, status: &Status) -> Status {
        match status {
            Status::New => Status::New,
            Status::Planned { name, link: _ } => Status::Planned {
                name: self.text(name),
                link: None,
            },
            Status::Outlasted {
                name,
                until,
                link: _,
            } => Status::Outlasted {
                name: self.text(name),
                until: *until,
                link: None,
            },
            Status::Acknowledged { reason, by: _, on } => Status::Acknowledged {
                reason: reason.as_ref().map(|reason| self.text(reason)),
                by: None,
                on: *on,
            },
        }
    }
}
