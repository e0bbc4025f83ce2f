//! From what is known to what is said.

use std::collections::BTreeMap;

use base::{Currency, Decimal, Month};
use document::amount;

use super::changes::{Compared, Then};
use super::model::{
    Act, Changes, Data, Elsewhere, Figures, Funding, Hotspots, Owners, Providers, Quota, Rate,
    Report, Scope, Unconverted, VERSION,
};
use super::public::Veil;
use super::spenders::Named;
use super::sums::{Pass, Windows};
use super::{Audience, Inputs, Previous, act, kept, places, spenders};
use crate::alerts::QuotaStanding;
use crate::commitments::commitments;
use crate::outlook::{Days, Known, Outlook, after};
use crate::settings::Settings;

/// Puts a report together.
pub fn compose(inputs: &Inputs<'_>) -> Report {
    match inputs.audience {
        Audience::Members => composed(inputs, None),
        Audience::Everybody => {
            let view = &inputs.settings.public;
            let veil = Veil::of(view, inputs.own, inputs.settings.currency);
            let (own, shared) = (veil.cube(inputs.own), veil.cube(inputs.shared));
            let then = inputs.previous.map(|previous| veil.cube(previous.cube));
            let previous = inputs.previous.zip(then.as_ref());
            let inputs = Inputs {
                own: &own,
                shared: &shared,
                previous: previous.map(|(previous, cube)| Previous { cube, ..previous }),
                ..*inputs
            };
            composed(&inputs, Some(&veil))
        }
    }
}

fn composed(inputs: &Inputs<'_>, veil: Option<&Veil<'_>>) -> Report {
    let mut report = without_sums(inputs);
    if let Some(veil) = veil {
        report.grants = veil.grants(inputs.grants);
        report.budgets = veil.budgets(&inputs.budgets.now);
        report.events = veil.events(inputs.events);
    }
    match inputs.outlook {
        Some(outlook) => spent(inputs, outlook, veil, &mut report),
        None => {
            if let Some(veil) = veil {
                let (pass, names) = (Pass::default(), &inputs.own.names);
                let none = Named { pass: &pass, names };
                veil.over(&mut report, none, none);
            }
        }
    }
    let facts = match veil {
        Some(veil) => veil.facts(inputs.facts, &report),
        None => inputs.facts.to_vec(),
    };
    let ends = act::ends(&report.grants, &report.budgets);
    report.act = act::act(inputs.day, &facts, &report.grants, &ends);
    if let Some(figures) = &mut report.figures {
        figures.ends = ends;
        let whole = inputs.budgets.of_everything(report.currency);
        figures.yearly_budget = whole.and_then(|budget| yearly(budget.amount, budget.period));
    }
    report
}

/// What an amount for some days is for a year. A year of the calendar is one, long or short.
fn yearly(amount: Decimal, days: Days) -> Option<Decimal> {
    match days.count() {
        365 | 366 => Some(amount),
        count => {
            let share = amount.share(Decimal::whole(365), Decimal::whole(count));
            share.map(|rounded| rounded.value)
        }
    }
}

/// All that needs no complete day.
fn without_sums(inputs: &Inputs<'_>) -> Report {
    let quota = |one: &QuotaStanding| Quota {
        name: one.name.clone(),
        provider: one.provider.clone(),
        owner: one.owner.clone(),
        unit: one.unit.clone(),
        limit: one.limit,
        used: one.used,
    };
    let previous = inputs.previous;
    let kept = |kept, day| kept::Bills {
        kept,
        day,
        closed_after_days: inputs.settings.closed_after_days,
    };
    let now = kept(inputs.bills, inputs.day);
    let bills = previous.map(|previous| kept::changed(kept(previous.bills, previous.day), now));
    Report {
        version: VERSION,
        day: inputs.day,
        currency: inputs.settings.currency,
        left_out: None,
        act: Act::default(),
        figures: None,
        changes: Changes {
            since: previous.map(|previous| previous.day),
            bills: bills.unwrap_or_default(),
            ..Changes::default()
        },
        owners: Owners::default(),
        providers: Providers::default(),
        hotspots: Hotspots::default(),
        grants: inputs.grants.clone(),
        budgets: inputs.budgets.now.clone(),
        forecast: inputs.outlook.cloned(),
        events: inputs.events.to_vec(),
        commitments: Vec::new(),
        quotas: inputs.quotas.iter().map(quota).collect(),
        scope: scope(inputs),
        data: Data {
            until: inputs.outlook.map(|outlook| outlook.window.until),
            reach: kept::reach(now),
            rates: rates(inputs),
            notes: inputs.notes.to_vec(),
            ..Data::default()
        },
    }
}

/// What was decided, before it is known what it costs.
fn scope(inputs: &Inputs<'_>) -> Scope {
    let funding = inputs.estate.tables.funding.items().map(|item| {
        let of = &item.value;
        let owner = inputs.estate.find(&of.owner);
        Funding {
            name: item.name.clone(),
            title: item.title().to_owned(),
            owner: owner.map_or_else(|| of.owner.name.clone(), |group| group.name.clone()),
            decision: of.decision.clone().unwrap_or_default(),
            gross: None,
            monthly: of
                .monthly
                .as_ref()
                .map(|cost| (cost.amount.value, cost.currency)),
            review_by: of.review_by.value,
            overdue: of.review_by.value < inputs.day,
        }
    });
    let mut funding: Vec<Funding> = funding.collect();
    funding.sort_by(|a, b| (a.review_by, &a.name).cmp(&(b.review_by, &b.name)));
    Scope {
        undecided: Vec::new(),
        funding,
    }
}

/// All that is summed from complete days.
fn spent(inputs: &Inputs<'_>, outlook: &Outlook, veil: Option<&Veil<'_>>, report: &mut Report) {
    let currency = report.currency;
    let now = outlook.window;
    let previous = inputs.previous;
    let previous = previous.and_then(|previous| then(&previous, inputs.settings));
    let windows = Windows {
        now,
        before: last(after(now.from, -1), now.count()),
        then: previous.map(|then| last(then.until, now.count())),
    };
    let own = Pass::over(inputs.own, &windows, currency);
    let shared = Pass::over(inputs.shared, &windows, currency);
    let own = Named {
        pass: &own,
        names: &inputs.own.names,
    };
    let shared = Named {
        pass: &shared,
        names: &inputs.shared.names,
    };
    let total = own.pass.total();
    report.figures = Some(Figures {
        days: now,
        days_before: windows.before,
        total: total.now.into(),
        total_before: total.before.into(),
        run_rate: outlook.run_rate,
        yearly_budget: None,
        ends: Vec::new(),
    });
    let compared = Compared {
        own,
        shared,
        cube: inputs.own,
        previous,
        windows,
        currency,
    };
    report.changes = Changes {
        bills: std::mem::take(&mut report.changes.bills),
        ..compared.changes()
    };
    report.owners = spenders::owners(own, shared);
    let lately = Month::of(now.from)..=Month::of(now.until);
    let unshared = inputs
        .unshared
        .iter()
        .filter(|one| lately.contains(&one.month));
    report.owners.unshared = unshared.cloned().collect();
    report.providers = places::providers(own, inputs.own, currency, now.until);
    report.hotspots = places::hotspots(inputs.own, currency, now.until);
    report.commitments = commitments(inputs.own, now);
    let funded: BTreeMap<&str, Decimal> = spenders::funded(own);
    for one in &mut report.scope.funding {
        one.gross = Some(funded.get(one.name.as_str()).copied().unwrap_or_default());
    }
    report.scope.undecided = spenders::undecided(own);
    report.data.elsewhere = elsewhere(own);
    report.data.unconverted = unconverted(own.pass);
    let lost = shared.pass.total().now.gross - total.now.gross;
    if !lost.is_zero() {
        report.data.notes.push(format!(
            "What owners bear differs from what was spent by {}: please report this.",
            amount::signed(lost, currency)
        ));
    }
    if let Some(veil) = veil {
        veil.over(report, own, shared);
    }
}

fn last(until: jiff::civil::Date, count: i64) -> Days {
    Days {
        from: after(until, 1 - count),
        until,
    }
}

/// What was known at the last meeting, and how far it was complete.
fn then<'a>(previous: &Previous<'a>, settings: &Settings) -> Option<Then<'a>> {
    let known = Known::of(previous.cube, previous.day, settings.complete_after_days);
    let until = known.covering(&known.providers())?.days.until;
    Some(Then {
        day: previous.day,
        cube: previous.cube,
        until,
    })
}

fn elsewhere(of: Named<'_>) -> Vec<Elsewhere> {
    let times = of.pass.times.iter();
    let others = times.filter(|(time, _)| time.incurred != time.billed);
    let mut rows: Vec<Elsewhere> = others
        .map(|(time, sums)| Elsewhere {
            provider: of.names.text(time.provider).to_owned(),
            incurred: time.incurred,
            billed: time.billed,
            gross: sums.gross,
            net: Some(sums.net),
        })
        .filter(|row| !(row.gross.is_zero() && row.net.is_none_or(Decimal::is_zero)))
        .collect();
    rows.sort_by(|a, b| {
        (a.incurred, a.billed, &a.provider).cmp(&(b.incurred, b.billed, &b.provider))
    });
    rows
}

/// The newest rate of each two currencies that is declared by the day.
fn rates(inputs: &Inputs<'_>) -> Vec<Rate> {
    let Some(exchange) = &inputs.settings.fx else {
        return Vec::new();
    };
    let mut newest: BTreeMap<(Currency, Currency), Rate> = BTreeMap::new();
    for declared in exchange.rates.iter().map(|rate| &rate.value) {
        let rate = Rate {
            date: declared.date,
            policy: exchange.policy.word().to_owned(),
            from: declared.from,
            to: declared.to,
            rate: declared.rate.value,
            source: declared.source.clone(),
        };
        if rate.date > inputs.day {
            continue;
        }
        let kept = newest
            .entry((rate.from, rate.to))
            .or_insert_with(|| rate.clone());
        if rate.date > kept.date {
            *kept = rate;
        }
    }
    newest.into_values().collect()
}

fn unconverted(pass: &Pass) -> Vec<Unconverted> {
    let row = |(currency, gross): (&Currency, &Decimal)| Unconverted {
        currency: *currency,
        gross: *gross,
    };
    pass.others.iter().map(row).collect()
}
