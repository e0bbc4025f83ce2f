//! What the line items of AWS's reports cost, by their type.
//!
//! Billed is the net unblended cost where there is one, else the unblended cost. What is
//! effective of a commitment stands in other columns, as AWS's documentation of the report says.

use base::Decimal;

use crate::import::columns::Columns;
use crate::import::{ColumnIndex, Record};
use crate::{Column, Problem, codes};

/// The type of a line item (`lineItem/LineItemType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// Use at the usual price.
    Usage,
    /// Use that a reservation covers.
    DiscountedUsage,
    /// Use that a savings plan covers.
    SavingsPlanCovered,
    /// What takes the usual price of covered use away again.
    SavingsPlanNegation,
    /// What a savings plan costs by the hour.
    SavingsPlanFee,
    /// What a savings plan cost when it was bought.
    SavingsPlanUpfront,
    /// What a reservation costs by the month.
    ReservationFee,
    /// Any other fee; with a reservation, what it cost when it was bought.
    Fee,
    /// A tax.
    Tax,
    /// A payment out of what AWS granted.
    Credit,
    /// Money back for something billed before.
    Refund,
    /// A discount that was agreed on, as a line of its own.
    Discount,
}

/// The type of a line item by its word.
pub(super) fn item(word: &str) -> Option<Item> {
    Some(match word {
        "Usage" => Item::Usage,
        "DiscountedUsage" => Item::DiscountedUsage,
        "SavingsPlanCoveredUsage" => Item::SavingsPlanCovered,
        "SavingsPlanNegation" => Item::SavingsPlanNegation,
        "SavingsPlanRecurringFee" => Item::SavingsPlanFee,
        "SavingsPlanUpfrontFee" => Item::SavingsPlanUpfront,
        "RIFee" => Item::ReservationFee,
        "Fee" => Item::Fee,
        "Tax" => Item::Tax,
        "Credit" => Item::Credit,
        "Refund" => Item::Refund,
        "Discount"
        | "EdpDiscount"
        | "PrivateRateDiscount"
        | "BundledDiscount"
        | "RiVolumeDiscount"
        | "SppDiscount"
        | "DistributorDiscount" => Item::Discount,
        _ => return None,
    })
}

impl Item {
    /// What it is in FOCUS. A discount that was agreed on is no payment: it makes the use cheaper.
    pub(super) fn category(self) -> &'static str {
        match self {
            Self::Usage
            | Self::DiscountedUsage
            | Self::SavingsPlanCovered
            | Self::SavingsPlanNegation
            | Self::Refund => "Usage",
            Self::SavingsPlanFee | Self::SavingsPlanUpfront | Self::ReservationFee | Self::Fee => {
                "Purchase"
            }
            Self::Tax => "Tax",
            Self::Credit => "Credit",
            Self::Discount => "Adjustment",
        }
    }

    pub(super) fn frequency(self) -> Option<&'static str> {
        match self {
            Self::Usage | Self::DiscountedUsage | Self::SavingsPlanCovered => Some("Usage-Based"),
            Self::SavingsPlanFee | Self::ReservationFee => Some("Recurring"),
            Self::SavingsPlanUpfront | Self::Fee => Some("One-Time"),
            _ => None,
        }
    }

    /// Whether it is the fee of a commitment, with what of it nobody used as its effective cost.
    pub(super) fn has_unused(self) -> bool {
        matches!(self, Self::SavingsPlanFee | Self::ReservationFee)
    }

    /// Whether it has a quantity and prices.
    pub(super) fn is_usage(self) -> bool {
        matches!(
            self,
            Self::Usage | Self::DiscountedUsage | Self::SavingsPlanCovered
        )
    }
}

/// The columns that costs are made of.
pub(super) struct Costs {
    unblended: ColumnIndex,
    net: Option<ColumnIndex>,
    plan_effective: Of,
    commitment: Of,
    used: Of,
    reserved_effective: Of,
    unused_upfront: Of,
    unused_recurring: Of,
    reservation: Option<ColumnIndex>,
}

/// A column, its net form that holds where it has something, and what it is called.
struct Of {
    plain: Option<ColumnIndex>,
    net: Option<ColumnIndex>,
    name: &'static str,
}

impl Of {
    fn find(columns: &Columns, name: &'static str, plain: &str, net: Option<&str>) -> Self {
        Self {
            plain: columns.look(plain),
            net: net.and_then(|net| columns.look(net)),
            name,
        }
    }

    fn read(&self, record: &Record<'_>) -> Result<Option<Decimal>, Problem> {
        for index in [self.net, self.plain].into_iter().flatten() {
            if record.text(index).is_some() {
                return record.money(index);
            }
        }
        Ok(None)
    }

    fn must(&self, record: &Record<'_>, kind: &str) -> Result<Decimal, Problem> {
        self.read(record)?.ok_or_else(|| {
            record.problem(
                self.plain,
                &codes::BILL_MISSING,
                format!(
                    "what {kind} costs stands in `{}`, which is not there",
                    self.name
                ),
                "export the report with all columns of savings plans and reservations",
            )
        })
    }
}

impl Costs {
    pub(super) fn find(columns: &mut Columns) -> Result<Self, Vec<Problem>> {
        let net = columns.look("line_item_net_unblended_cost");
        let unblended = match net {
            // With a net cost the other says what there was before discounts: it is kept.
            Some(_) => columns.look("line_item_unblended_cost"),
            None => columns.take_as(Column::BilledCost, &["line_item_unblended_cost"]),
        };
        let Some(unblended) = unblended else {
            let help = "export it too: it is what line items cost";
            let message = "there is no column `lineItem/UnblendedCost`";
            return Err(vec![columns.problem(message, help)]);
        };
        let of = |name, plain: &str, net| Of::find(columns, name, plain, net);
        Ok(Self {
            unblended,
            net,
            plan_effective: of(
                "savingsPlan/SavingsPlanEffectiveCost",
                "savings_plan_savings_plan_effective_cost",
                Some("savings_plan_net_savings_plan_effective_cost"),
            ),
            commitment: of(
                "savingsPlan/TotalCommitmentToDate",
                "savings_plan_total_commitment_to_date",
                None,
            ),
            used: of(
                "savingsPlan/UsedCommitment",
                "savings_plan_used_commitment",
                None,
            ),
            reserved_effective: of(
                "reservation/EffectiveCost",
                "reservation_effective_cost",
                Some("reservation_net_effective_cost"),
            ),
            unused_upfront: of(
                "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
                "reservation_unused_amortized_upfront_fee_for_billing_period",
                Some("reservation_net_unused_amortized_upfront_fee_for_billing_period"),
            ),
            unused_recurring: of(
                "reservation/UnusedRecurringFee",
                "reservation_unused_recurring_fee",
                Some("reservation_net_unused_recurring_fee"),
            ),
            reservation: columns.look("reservation_reservation_a_r_n"),
        })
    }

    /// What is billed.
    ///
    /// A discount that is a line of its own is in the net costs of the other lines already, so
    /// that where a file has these, a line without one takes nothing away.
    pub(super) fn billed(
        &self,
        record: &Record<'_>,
        item: Item,
    ) -> Result<Option<Decimal>, Problem> {
        if let Some(net) = self.net {
            if record.text(net).is_some() {
                return record.money(net);
            }
            if item == Item::Discount {
                record.mend("in-net");
                return Ok(Some(Decimal::ZERO));
            }
        }
        record.money(self.unblended)
    }

    /// What is effective, given what is billed.
    pub(super) fn effective(
        &self,
        record: &Record<'_>,
        item: Item,
        billed: Decimal,
    ) -> Result<Decimal, Problem> {
        match item {
            Item::SavingsPlanCovered => self.plan_effective.must(record, "covered use"),
            Item::SavingsPlanFee => {
                let kind = "the unused part of a savings plan";
                let used = self.used.must(record, kind)?;
                Ok(self.commitment.must(record, kind)? - used)
            }
            Item::SavingsPlanNegation | Item::SavingsPlanUpfront => Ok(Decimal::ZERO),
            Item::DiscountedUsage => self.reserved_effective.must(record, "reserved use"),
            Item::ReservationFee => {
                let upfront = self.unused_upfront.read(record)?;
                match (self.unused_recurring.read(record)?, upfront) {
                    (None, None) => self.unused_recurring.must(record, "a reservation"),
                    (recurring, upfront) => {
                        Ok(recurring.unwrap_or_default() + upfront.unwrap_or_default())
                    }
                }
            }
            Item::Fee if self.reservation(record).is_some() => Ok(Decimal::ZERO),
            _ => Ok(billed),
        }
    }

    /// The reservation that a line item is for.
    pub(super) fn reservation<'r>(&self, record: &Record<'r>) -> Option<&'r str> {
        record.text(self.reservation?)
    }
}
