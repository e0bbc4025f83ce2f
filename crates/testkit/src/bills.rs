//! Bills of an invented project as FOCUS 1.2, in CSV, with totals that are known beforehand.

use std::fmt::Write as _;

use jiff::civil::{Date, Weekday};

/// What one provider bills.
#[derive(Debug, Clone)]
pub struct Provider {
    /// `ProviderName`.
    pub name: &'static str,
    /// `BillingAccountId`.
    pub account: &'static str,
    /// The sub-accounts and how many of 100 parts of the cost each has.
    pub projects: Vec<(&'static str, i64)>,
    /// What each of the days from Monday to Friday costs, in cents; whole hundreds.
    pub weekday: i64,
    /// What a Saturday and a Sunday cost each, in cents; whole hundreds.
    pub weekend: i64,
    /// The credit that pays for all of it, if one does.
    pub credit: Option<&'static str>,
}

impl Provider {
    /// What 28 days cost, in cents: the weeks rise and fall, and even out over four of them.
    pub fn four_weeks(&self) -> i64 {
        4 * (5 * self.weekday + 2 * self.weekend)
    }
}

const COLUMNS: &str = "BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,\
    ChargeCategory,ChargeDescription,ChargePeriodStart,ChargePeriodEnd,ContractedCost,EffectiveCost,InvoiceIssuerName,\
    ListCost,PricingCategory,PricingQuantity,PricingUnit,ProviderName,PublisherName,ResourceId,ServiceCategory,\
    ServiceName,SkuId,SubAccountId,SubAccountName,Tags";

/// The charges of some providers from a day until the day before another.
///
/// Each project has two services, three quarters of its cost one and a quarter the other, and the
/// second is billed 10 % below list.
pub fn focus_csv(providers: &[Provider], from: Date, until: Date) -> String {
    let mut text = format!("{COLUMNS}\n");
    for day in days(from, until) {
        for provider in providers {
            let share = of_day(provider, day);
            for (project, parts) in &provider.projects {
                let cost = share * parts / 100;
                charge(
                    &mut text,
                    provider,
                    day,
                    project,
                    "Compute",
                    cost - cost / 4,
                );
                charge(&mut text, provider, day, project, "Storage", cost / 4);
                if let Some(credit) = provider.credit {
                    pays(&mut text, provider, day, project, credit, cost);
                }
            }
        }
    }
    text
}

fn days(from: Date, until: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(move |day| *day < until)
}

/// What a day costs in all, in 10^-4 of the currency's unit: weeks are 2 % above and below by turns.
fn of_day(provider: &Provider, day: Date) -> i64 {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let cents = if weekend {
        provider.weekend
    } else {
        provider.weekday
    };
    // Weeks begin on Mondays; which of two a week is does not depend on where the bill begins.
    let monday = Date::constant(2024, 1, 1);
    let week = (day - monday).get_days().div_euclid(7);
    let change = if week.rem_euclid(2) == 0 { 102 } else { 98 };
    cents * change
}

fn charge(
    text: &mut String,
    provider: &Provider,
    day: Date,
    project: &str,
    service: &str,
    cost: i64,
) {
    let listed = if service == "Storage" {
        cost * 10 / 9
    } else {
        cost
    };
    let cost = amount(cost);
    let listed = amount(listed);
    let resource = format!("{project}/{}-1", service.to_lowercase());
    row(
        text,
        provider,
        day,
        project,
        &Charge {
            category: "Usage",
            description: &format!("{service} in a region"),
            billed: &cost,
            listed: &listed,
            service,
            resource: &resource,
        },
    );
}

fn pays(text: &mut String, provider: &Provider, day: Date, project: &str, credit: &str, cost: i64) {
    let amount = amount(-cost);
    row(
        text,
        provider,
        day,
        project,
        &Charge {
            category: "Credit",
            description: credit,
            billed: &amount,
            listed: &amount,
            service: "Credits",
            resource: "",
        },
    );
}

struct Charge<'a> {
    category: &'a str,
    description: &'a str,
    billed: &'a str,
    listed: &'a str,
    service: &'a str,
    resource: &'a str,
}

fn row(text: &mut String, provider: &Provider, day: Date, project: &str, charge: &Charge<'_>) {
    let next = day.tomorrow().unwrap_or(day);
    let month = day.first_of_month();
    let after = day.last_of_month().tomorrow().unwrap_or(day);
    let Provider { name, account, .. } = provider;
    let Charge {
        category,
        description,
        billed,
        listed,
        service,
        resource,
    } = charge;
    let _ = writeln!(
        text,
        "{billed},{account},{name} account,USD,{month}T00:00:00Z,{after}T00:00:00Z,{category},{description},\
         {day}T00:00:00Z,{next}T00:00:00Z,{billed},{billed},{name},{listed},Standard,1,Hours,{name},{name},{resource},\
         Compute,{service},{service}-SKU,{project},{project},\"{{\"\"env\"\":\"\"prod\"\"}}\""
    );
}

/// 10^-4 of a unit, as text.
fn amount(parts: i64) -> String {
    let sign = if parts < 0 { "-" } else { "" };
    let parts = parts.abs();
    format!("{sign}{}.{:04}", parts / 10_000, parts % 10_000)
}
