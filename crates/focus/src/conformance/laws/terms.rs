//! What a commitment costs over its whole term (Discount Handling; §2.3 of FOCUS 1.2): the
//! effective costs of what was used and left unused are together what was billed for it.

use std::collections::BTreeMap;

use base::{Decimal, Severity};
use jiff::Timestamp;

use super::{Judged, Law, Row};
use crate::Column as C;
use crate::conformance::verdicts::Tally;

const LAW: Law = Law {
    id: "term-sum",
    columns: &[
        C::CommitmentDiscountId,
        C::ChargeCategory,
        C::BilledCost,
        C::EffectiveCost,
        C::ChargePeriodStart,
        C::ChargePeriodEnd,
        C::BillingPeriodStart,
        C::BillingPeriodEnd,
    ],
    severity: Severity::Error,
    words: "over its whole term, a commitment's use costs what was billed for it",
    covers: &[
        "DiscountHandling-A-011-C",
        "DiscountHandling-A-017-C",
        "EffectiveCost-C-012-C",
        "EffectiveCost-C-013-C",
    ],
};

/// More commitments than these are not held in memory.
const MOST: usize = 200_000;

/// The sums of each commitment.
#[derive(Default)]
pub(in super::super) struct Terms {
    commitments: BTreeMap<String, Term>,
    /// The first and last instant that the bills are of.
    bills: Option<(Timestamp, Timestamp)>,
    given_up: bool,
}

#[derive(Default)]
struct Term {
    billed: Decimal,
    effective: Decimal,
    /// From when until when it was bought for.
    bought: Option<(Timestamp, Timestamp)>,
    /// From when until when it was used or left unused.
    used: Option<(Timestamp, Timestamp)>,
    row: u64,
}

impl Terms {
    pub(in super::super) fn law() -> &'static Law {
        &LAW
    }

    pub(in super::super) fn see(&mut self, row: &mut Row<'_, '_>, number: u64) {
        let instant = |row: &Row<'_, '_>, column| row.text(column)?.parse::<Timestamp>().ok();
        if let (Some(start), Some(end)) = (
            instant(row, C::BillingPeriodStart),
            instant(row, C::BillingPeriodEnd),
        ) {
            widen(&mut self.bills, start, end);
        }
        let Some(id) = row.text(C::CommitmentDiscountId).map(str::to_owned) else {
            return;
        };
        if self.commitments.len() >= MOST && !self.commitments.contains_key(&id) {
            self.given_up = true;
            return;
        }
        let billed = row.number(C::BilledCost).unwrap_or_default();
        let effective = row.number(C::EffectiveCost).unwrap_or_default();
        let bought = row.is(C::ChargeCategory, "Purchase");
        let period = instant(row, C::ChargePeriodStart).zip(instant(row, C::ChargePeriodEnd));
        let term = self.commitments.entry(id).or_default();
        if bought {
            // A sum that no bill has is not one of these: it is out of range, and told elsewhere.
            term.billed = term.billed.plus(billed).unwrap_or(term.billed);
            if let Some((start, end)) = period {
                widen(&mut term.bought, start, end);
            }
            if term.row == 0 {
                term.row = number;
            }
        } else {
            term.effective = term.effective.plus(effective).unwrap_or(term.effective);
            if let Some((start, end)) = period {
                widen(&mut term.used, start, end);
            }
        }
    }

    /// Judges those whose whole term lies within the bills.
    pub(in super::super) fn judged(self) -> Judged {
        let mut tally = Tally::default();
        let bills = self.bills;
        for (id, term) in self.commitments {
            let Some(((start, end), (first, last))) = term.bought.zip(bills) else {
                continue;
            };
            // Some vendors write when it was bought, not for how long: use outlasts that.
            let term_is_told = term
                .used
                .is_none_or(|(from, to)| start <= from && to <= end);
            let whole = term_is_told && first <= start && end <= last;
            // Shares of a price are rounded; an hour of a year is a ten-thousandth of it.
            let off = (term.billed - term.effective).abs().units();
            if whole && off > term.billed.abs().units() / 1_000_000 {
                tally.add(
                    term.row,
                    &format!(
                        "{id}: billed {}, used and unused together {}",
                        term.billed, term.effective
                    ),
                );
            }
        }
        if self.given_up {
            tally.note(&format!("only the first {MOST} commitments were summed"));
        }
        Judged { law: LAW, tally }
    }
}

fn widen(span: &mut Option<(Timestamp, Timestamp)>, start: Timestamp, end: Timestamp) {
    *span = Some(match *span {
        Some((first, last)) => (first.min(start), last.max(end)),
        None => (start, end),
    });
}
