//! Rows that would tell what is spent where prices are private.

use std::collections::{BTreeMap, BTreeSet};

use base::Decimal;

use super::{SEVERAL, Veil};
use crate::cells::{Name, UNALLOCATED};
use crate::outlook::Outlook;
use crate::report::model::{Bill, Changes, Data, Funding, Owner, Owners, Reach, Report, Undecided};
use crate::report::spenders::{self, Named};
use crate::report::sums::Line;

/// What owners that are not shown by themselves are called together.
const OWNERS: &str = "(several owners)";
/// What services that are not shown by themselves are called together.
const SERVICES: &str = "(several services)";

impl Veil<'_> {
    /// Takes out of a report, whose sums have no ids already, what else everybody must not see.
    /// Every field is named, so that a new one is decided on here.
    pub(in crate::report) fn over(&self, report: &mut Report, own: Named<'_>, shared: Named<'_>) {
        let closed = Closed {
            owners: self.closed(own, shared, |line| line.owner),
            services: self.closed(own, shared, |line| line.service),
            funding: self.closed(own, shared, |line| line.funding),
        };
        let hidden = !self.private.is_empty();
        if hidden {
            only_gross(report);
        }
        let Report {
            version: _,
            day: _,
            currency: _,
            left_out,
            // Made afterwards, of what is left.
            act: _,
            figures: _,
            changes,
            owners,
            providers: _,
            hotspots,
            // Without what everybody must not see already.
            grants: _,
            budgets,
            forecast,
            events,
            commitments,
            quotas,
            scope,
            data,
        } = report;
        *left_out = Some(self.left_out());
        *changes = Self::changes(changes);
        closed.put_together(owners);
        let funding = scope.funding.iter();
        scope.funding = funding
            .map(|one| self.funding(one, &closed.funding))
            .collect();
        events
            .retain(|event| !closed.has(event.place.owner.as_ref(), event.place.service.as_ref()));
        budgets.retain(|budget| {
            let of = |what: &str| {
                let mut parts = budget.scope.split(", ");
                parts
                    .find_map(|part| part.strip_prefix(what))
                    .map(str::to_owned)
            };
            !closed.has(of("group ").as_ref(), of("service ").as_ref())
        });
        commitments.clear();
        *forecast = forecast.as_ref().map(|outlook| told(outlook, hidden));
        for quota in quotas {
            quota.name = self.text(&quota.name);
        }
        *data = self.data(data);
        if hidden {
            scope.undecided = in_one(&scope.undecided);
            let shown = |provider: &str| provider != SEVERAL;
            owners.unallocated.retain(|row| shown(&row.provider));
            hotspots.rows.retain(|row| shown(&row.provider));
            hotspots.movers.retain(|row| shown(&row.provider));
        }
    }

    fn data(&self, data: &Data) -> Data {
        // Which currency that is may say which provider.
        let told = self.private.is_empty();
        let unconverted = data.unconverted.iter().filter(|_| told);
        Data {
            until: data.until,
            reach: together(&data.reach),
            elsewhere: data.elsewhere.clone(),
            unconverted: unconverted.cloned().collect(),
            rates: data.rates.clone(),
            notes: self.texts(&data.notes),
        }
    }

    fn funding(&self, one: &Funding, closed: &BTreeSet<String>) -> Funding {
        Funding {
            name: one.name.clone(),
            title: self.text(&one.title),
            owner: one.owner.clone(),
            decision: self.text(&one.decision),
            gross: one.gross.filter(|_| !closed.contains(&one.name)),
            monthly: one.monthly.filter(|_| !closed.contains(&one.name)),
            review_by: one.review_by,
            overdue: one.overdue,
        }
    }

    fn changes(changes: &Changes) -> Changes {
        let bill = |bill: &Bill| Bill {
            provider: bill.provider.clone(),
            account: String::new(),
            month: bill.month,
            what: bill.what,
            rows_then: bill.rows_then,
            rows_now: bill.rows_now,
        };
        let mut changes = Changes {
            bills: changes.bills.iter().map(bill).collect(),
            ..changes.clone()
        };
        let Changes {
            new,
            gone,
            up,
            down,
            ..
        } = &mut changes;
        for mover in [new, gone, up, down].into_iter().flatten() {
            mover.owner.clear();
        }
        changes
    }

    /// The owners, or what else is asked for, whose costs are of providers that are not shown by
    /// themselves and of no other: their rows would tell these costs.
    fn closed(
        &self,
        own: Named<'_>,
        shared: Named<'_>,
        part: fn(&Line) -> Name,
    ) -> BTreeSet<String> {
        let mut closed = BTreeSet::new();
        if self.private.is_empty() {
            return closed;
        }
        for of in [own, shared] {
            let text = |name| of.names.text(name);
            let sums = of.pass.by(|line| {
                let hidden = text(line.provider) == SEVERAL;
                (text(part(line)), hidden)
            });
            for ((name, hidden), sum) in &sums {
                let other = sums.get(&(name, false)).copied().unwrap_or_default();
                let alone = |hidden: Decimal, open: Decimal| !hidden.is_zero() && open.is_zero();
                if *hidden
                    && (alone(sum.now.gross, other.now.gross)
                        || alone(sum.before.gross, other.before.gross))
                {
                    closed.insert((*name).to_owned());
                }
            }
        }
        closed
    }
}

/// What has costs of providers that are not shown by themselves, and of no other.
struct Closed {
    owners: BTreeSet<String>,
    services: BTreeSet<String>,
    funding: BTreeSet<String>,
}

impl Closed {
    fn has(&self, owner: Option<&String>, service: Option<&String>) -> bool {
        owner.is_some_and(|name| self.owners.contains(name))
            || service.is_some_and(|name| self.services.contains(name))
    }

    fn put_together(&self, owners: &mut Owners) {
        merge(&mut owners.rows, &self.owners, OWNERS);
        merge(&mut owners.services, &self.services, SERVICES);
        for row in &mut owners.unallocated {
            row.claimants.clear();
        }
        // It says what list prices are.
        owners.unshared.clear();
    }
}

/// What is to come, without what may tell what one provider costs.
fn told(outlook: &Outlook, hidden: bool) -> Outlook {
    Outlook {
        currency: outlook.currency,
        known: outlook.known,
        window: outlook.window,
        spent: outlook.spent,
        run_rate: outlook.run_rate,
        next: outlook.next,
        next_year: outlook.next_year,
        trust: outlook.trust.clone(),
        incomplete: if hidden {
            Decimal::ZERO
        } else {
            outlook.incomplete
        },
        others: BTreeMap::new(),
        late: outlook.late.clone(),
    }
}

/// What no decision covers, whosever it is.
fn in_one(undecided: &[Undecided]) -> Vec<Undecided> {
    let gross = undecided.iter().map(|one| one.gross).sum();
    let owner = "(all owners)".to_owned();
    vec![Undecided { owner, gross }]
}

/// Puts rows together that are not to be seen by themselves, and one more with them, so that
/// their sum is not one of them.
fn merge(rows: &mut Vec<Owner>, closed: &BTreeSet<String>, name: &str) {
    let (mut hidden, mut open): (Vec<Owner>, Vec<Owner>) =
        rows.drain(..).partition(|row| closed.contains(&row.name));
    if hidden.is_empty() {
        *rows = open;
        return;
    }
    let sum: Decimal = hidden.iter().map(|row| row.now).sum();
    let fitness = |row: &Owner| {
        let large = row.now >= sum;
        (large, if large { -row.now } else { row.now })
    };
    let others = (0..open.len()).filter(|&at| open[at].name != UNALLOCATED);
    if let Some(at) = others.max_by_key(|&at| fitness(&open[at])) {
        hidden.push(open.remove(at));
    }
    let nobodys = hidden.iter().any(|row| row.name == UNALLOCATED);
    let total = |of: fn(&Owner) -> Decimal| hidden.iter().map(of).sum::<Decimal>();
    open.push(Owner {
        name: if nobodys {
            format!("{UNALLOCATED} and others")
        } else {
            name.to_owned()
        },
        own: total(|row| row.own),
        shared: total(|row| row.shared),
        now: total(|row| row.now),
        before: total(|row| row.before),
    });
    spenders::sort(&mut open);
    *rows = open;
}

/// What credits pay differs from provider to provider, and would tell them apart.
fn only_gross(report: &mut Report) {
    if let Some(figures) = &mut report.figures {
        figures.total = figures.total.only_gross();
        figures.total_before = figures.total_before.only_gross();
    }
    for row in &mut report.providers.rows {
        row.now = row.now.only_gross();
        row.before = row.before.only_gross();
    }
    for row in &mut report.providers.months {
        row.incurred = row.incurred.only_gross();
        row.billed = row.billed.only_gross();
    }
    for row in &mut report.data.elsewhere {
        row.net = None;
    }
}

/// How far bills reach, by provider.
fn together(reach: &[Reach]) -> Vec<Reach> {
    let mut by_provider: BTreeMap<&str, Reach> = BTreeMap::new();
    for one in reach {
        let row = by_provider.entry(&one.provider).or_insert_with(|| Reach {
            provider: one.provider.clone(),
            account: String::new(),
            first: one.first,
            last: one.last,
            until: one.until,
            closed: 0,
            open: 0,
            rows: 0,
            missing: Vec::new(),
        });
        row.first = row.first.min(one.first);
        row.last = row.last.max(one.last);
        // What is complete everywhere is what counts.
        row.until = row.until.min(one.until);
        row.closed += one.closed;
        row.open += one.open;
        row.rows += one.rows;
        row.missing.extend(&one.missing);
        row.missing.sort_unstable();
        row.missing.dedup();
    }
    by_provider.into_values().collect()
}
