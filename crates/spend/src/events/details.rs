//! What the sums by day do not say: by which service and price of the vendor.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Decimal};
use jiff::civil::Date;
use jiff::civil::Weekday;

use super::ordinary::Ordinary;
use super::{Contributor, Event, Place, largest_first, status};
use crate::fx::Rates;
use crate::outlook::{Days, between, percent};
use crate::ownership::Ownership;
use crate::scan::{Cost, Dimension, Filter, Scan, Span, Sums, Test, Value};
use crate::settings::Settings;

/// What to ask of the charges themselves, to know what explains an event.
///
/// Wanted is the gross cost of usage (`EffectiveCost` where `ChargeCategory` is Usage) in this
/// place, in this currency where there are rates, by day, `ServiceName` and price. Owners and services of the estate are
/// those of the charges: what comes from a pool is not among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Where.
    pub place: Place,
    /// In which currency.
    pub currency: Currency,
    /// From the first day that the event is compared with to its last.
    pub days: Days,
}

/// An answer: what was paid for one thing on one day. Several of the same thing are added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The day on which it was incurred, in UTC.
    pub day: Date,
    /// `ServiceName`.
    pub vendor_service: String,
    /// `SkuMeter`, else `ChargeDescription`, else `SkuId`.
    pub sku: String,
    /// Its gross cost.
    pub gross: Decimal,
}

impl Question {
    /// The same as a scan of charges. The files to look at are those of the place's provider and
    /// account that have charges of these days.
    pub fn scan<'a>(&self, ownership: &'a Ownership) -> Scan<'a> {
        let dimensions = [
            Dimension::Provider,
            Dimension::Account,
            Dimension::SubAccount,
            Dimension::Owner,
            Dimension::Service,
        ];
        let mut filters = vec![
            Filter {
                dimension: Dimension::Day,
                test: Test::Within(Span {
                    from: self.days.from,
                    until: self.days.until,
                }),
            },
            Filter {
                dimension: Dimension::Category,
                test: Test::Is("Usage".to_owned()),
            },
        ];
        for (dimension, said) in dimensions.into_iter().zip(self.place.each()) {
            let test = said.map(|said| Test::Is(said.to_owned()));
            filters.extend(test.map(|test| Filter { dimension, test }));
        }
        Scan {
            groupings: vec![vec![
                Dimension::Day,
                Dimension::VendorService,
                Dimension::Meter,
            ]],
            costs: vec![Cost::Gross],
            filters,
            ownership,
        }
    }

    /// The answers in the first table of that scan. Charges in other currencies are converted as
    /// the sums were that the event was found in; without a rate they are left out.
    pub fn details(&self, sums: &Sums, rates: &Rates) -> Vec<Detail> {
        let detail = |group: usize| {
            let Value::Day(day) = sums.value(group, 0) else {
                return None;
            };
            let currency: Currency = sums.currency(group).parse().ok()?;
            let gross = rates.convert(sums.cost(group, 0), currency, self.currency, day);
            Some(Detail {
                day,
                vendor_service: sums.value(group, 1).to_string(),
                sku: sums.value(group, 2).to_string(),
                gross: gross.ok()?,
            })
        };
        (0..sums.len()).filter_map(detail).collect()
    }
}

impl Event {
    /// What to ask of the charges to know what explains it.
    pub fn question(&self) -> Question {
        Question {
            place: self.place.clone(),
            currency: self.currency,
            days: Days {
                from: self.compared.first().map_or(self.days.from, |&first| first),
                until: self.days.until,
            },
        }
    }

    /// Says what explains it by the answers: the vendor's services and prices in the place of the
    /// contributors. Planned times that name a service are looked at again. Without an answer
    /// nothing changes.
    pub fn explain(&mut self, answers: &[Detail], settings: &Settings) {
        if answers.is_empty() {
            return;
        }
        let ordinary = self.ordinary();
        let first = self.question().days.from;
        let mut series: BTreeMap<(&str, &str), Vec<(usize, Decimal)>> = BTreeMap::new();
        for answer in answers {
            let Ok(day) = usize::try_from(between(first, answer.day)) else {
                continue;
            };
            let thing = (answer.vendor_service.as_str(), answer.sku.as_str());
            series.entry(thing).or_default().push((day, answer.gross));
        }
        let more = |amounts: &[(usize, Decimal)]| {
            let within = amounts
                .iter()
                .filter(|(day, _)| ordinary.asked.contains(day));
            let came: Decimal = within.map(|amount| amount.1).sum();
            came - ordinary.expected(amounts.iter().copied())
        };
        let whole = self.more();
        let mut services: BTreeMap<String, Decimal> = BTreeMap::new();
        let mut contributors = Vec::with_capacity(series.len());
        for ((service, sku), amounts) in series {
            let more = more(&amounts);
            *services.entry(service.to_owned()).or_default() += more;
            contributors.push(Contributor {
                place: self.place.clone(),
                vendor_service: Some(service.to_owned()),
                sku: Some(sku.to_owned()),
                more,
                percent: percent(more, whole),
            });
        }
        largest_first(&mut contributors, self.direction);
        if !contributors.is_empty() {
            self.contributors = contributors;
        }
        self.status = status::of(self, settings, Some(&services));
    }

    /// The days that it is compared with, numbered from the first of them.
    fn ordinary(&self) -> Ordinary {
        let first = self.question().days.from;
        let number = |day: Date| usize::try_from(between(first, day)).unwrap_or_default();
        let asked = number(self.days.from)..number(self.days.until) + 1;
        let compared: BTreeSet<usize> = self.compared.iter().map(|&day| number(day)).collect();
        let but: Vec<_> = (0..asked.start)
            .filter(|day| !compared.contains(day))
            .map(|day| day..day + 1)
            .collect();
        let offset = usize::try_from(first.weekday().since(Weekday::Monday)).unwrap_or_default();
        Ordinary::of(asked, 0, &but, |day| (offset + day) % 7)
    }
}
