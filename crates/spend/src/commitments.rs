//! What commitments cover, how much of them is used, what they save.
//!
//! A commitment is a promise to spend, for a lower price. FOCUS has it on each charge: use that is
//! covered, `CommitmentDiscountStatus` Used, costs what was promised; what was promised and not
//! used is a charge of its own, Unused. That the two add up to what was bought, over a whole
//! term, is for `focus::conformance`.
//!
//! Only charges for use count here: what is bought ahead comes back as their effective cost, and
//! counting both would count it twice (FOCUS, `ContractedCost`).

use std::collections::BTreeMap;

use base::{Currency, Decimal};
use serde::Serialize;

use crate::cells::{Category, Commitment, Cube, DayCell, Name, Pricing};
use crate::outlook::Days;

/// What the commitments with one provider did in some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Commitments {
    /// `ProviderName`.
    pub provider: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The days.
    pub days: Days,
    /// What covered use would have cost without commitments.
    pub covered: Decimal,
    /// What use cost that no commitment covers, at ordinary prices; some of it no commitment
    /// could cover.
    pub uncovered: Decimal,
    /// The share of both that is covered: 1 is all. Nothing if there is neither.
    pub coverage: Option<Decimal>,
    /// What was promised and used.
    pub used: Decimal,
    /// What was promised and not used: paid for nothing.
    pub unused: Decimal,
    /// The share of what was promised that was used: 1 is all. Nothing without commitments.
    pub use_share: Option<Decimal>,
    /// What negotiated prices saved against list prices; below nothing if they are higher.
    pub negotiated: Decimal,
    /// What commitments saved against negotiated prices, less what was not used; below nothing
    /// if they cost more than they saved.
    pub saved: Decimal,
    /// What use cost whose bills do not say a list price and a negotiated one: in neither saving.
    pub without_prices: Decimal,
}

impl Commitments {
    /// Whether anything was promised in these days.
    pub fn any(&self) -> bool {
        !self.used.is_zero() || !self.unused.is_zero()
    }

    /// What both savings come to.
    pub fn savings(&self) -> Decimal {
        self.negotiated + self.saved
    }
}

#[derive(Default)]
struct Sums {
    covered: Decimal,
    uncovered: Decimal,
    used: Decimal,
    unused: Decimal,
    negotiated: Decimal,
    saved: Decimal,
    without_prices: Decimal,
}

impl Sums {
    fn add(&mut self, cell: &DayCell) {
        let amounts = cell.amounts;
        match cell.kind.commitment {
            // Without the promise nothing would have been paid, whatever price stands there.
            Commitment::Unused => {
                self.unused += amounts.effective;
                self.saved -= amounts.effective;
                return;
            }
            Commitment::Used => self.used += amounts.effective,
            Commitment::None => {}
        }
        // A price of zero where there is a cost is one that the bill does not say.
        let priced = amounts.effective.is_zero()
            || !amounts.listed.is_zero() && !amounts.contracted.is_zero();
        if !priced {
            self.without_prices += amounts.effective;
            return;
        }
        self.negotiated += amounts.listed - amounts.contracted;
        match cell.kind.commitment {
            Commitment::Used => {
                self.covered += amounts.contracted;
                self.saved += amounts.contracted - amounts.effective;
            }
            // What spare capacity costs is not what a commitment would replace.
            _ if cell.kind.pricing == Pricing::Standard => self.uncovered += amounts.contracted,
            _ => {}
        }
    }
}

/// What commitments did in some days, by provider and currency; sorted. Providers without any
/// charge for use are not among them.
pub fn commitments(cube: &Cube, days: Days) -> Vec<Commitments> {
    let mut sums: BTreeMap<(Name, Currency), Sums> = BTreeMap::new();
    let counts = |cell: &&DayCell| cell.kind.category == Category::Usage && days.contains(cell.day);
    for cell in cube.days.iter().filter(counts) {
        let key = (cell.provider, cell.currency);
        sums.entry(key).or_default().add(cell);
    }
    let each = sums.into_iter().map(|((provider, currency), sums)| {
        let share = |part: Decimal, rest: Decimal| part.over(part + rest).map(|share| share.value);
        Commitments {
            provider: cube.names.text(provider).to_owned(),
            currency,
            days,
            covered: sums.covered,
            uncovered: sums.uncovered,
            coverage: share(sums.covered, sums.uncovered),
            used: sums.used,
            unused: sums.unused,
            use_share: share(sums.used, sums.unused),
            negotiated: sums.negotiated,
            saved: sums.saved,
            without_prices: sums.without_prices,
        }
    });
    let mut commitments: Vec<Commitments> = each.collect();
    commitments.sort_by(|one, other| {
        (&one.provider, one.currency).cmp(&(&other.provider, other.currency))
    });
    commitments
}
