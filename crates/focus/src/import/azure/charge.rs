//! What kind of charge an Azure charge is.

use crate::import::Format;

/// Which of the two exports a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// What was bought stands on the day on which it was bought.
    Actual,
    /// What was bought is spread over what uses it.
    Amortised,
}

impl Basis {
    pub(super) fn of(format: Format) -> Self {
        if format == Format::AzureAmortised {
            Self::Amortised
        } else {
            Self::Actual
        }
    }

    /// Whether a charge of a commitment never stands in it.
    pub(super) fn excludes(self, kind: Kind) -> bool {
        match self {
            Self::Actual => kind.is_unused(),
            Self::Amortised => kind.is_bought(),
        }
    }

    /// The word for it in `x_CostBasis`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Actual => "actual",
            Self::Amortised => "amortised",
        }
    }
}

/// The type of a charge (`ChargeType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Usage,
    Purchase,
    UnusedReservation,
    UnusedSavingsPlan,
    Refund,
    Tax,
    Adjustment,
    Credit,
}

impl Kind {
    /// The words that there are.
    pub(super) const WORDS: &[&str] = &[
        "Usage",
        "Purchase",
        "UnusedReservation",
        "UnusedSavingsPlan",
        "Refund",
        "Tax",
        "Adjustment",
        "RoundingAdjustment",
        "Credit",
    ];

    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "usage" => Self::Usage,
            "purchase" => Self::Purchase,
            "unusedreservation" => Self::UnusedReservation,
            "unusedsavingsplan" => Self::UnusedSavingsPlan,
            "refund" => Self::Refund,
            "tax" => Self::Tax,
            "adjustment" | "roundingadjustment" => Self::Adjustment,
            "credit" => Self::Credit,
            _ => return None,
        })
    }

    /// What it is in FOCUS. Refunded is what was bought.
    pub(super) fn category(self) -> &'static str {
        match self {
            Self::Usage | Self::UnusedReservation | Self::UnusedSavingsPlan => "Usage",
            Self::Purchase | Self::Refund => "Purchase",
            Self::Tax => "Tax",
            Self::Adjustment => "Adjustment",
            Self::Credit => "Credit",
        }
    }

    /// Whether it has a quantity and prices of a meter.
    pub(super) fn is_metered(self) -> bool {
        self == Self::Usage
    }

    pub(super) fn is_unused(self) -> bool {
        matches!(self, Self::UnusedReservation | Self::UnusedSavingsPlan)
    }

    /// Whether it stands on the day of a purchase.
    pub(super) fn is_bought(self) -> bool {
        matches!(self, Self::Purchase | Self::Refund)
    }
}
