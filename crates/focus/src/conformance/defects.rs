//! Rules of published models that are wrong as they are written, and what is done instead.

/// A rule that a published model has wrong.
pub(super) struct Defect {
    /// Its id.
    pub(super) rule: &'static str,
    /// Whether it is not held against at all; else it is read as it was meant.
    pub(super) left_out: bool,
    /// What is wrong with it.
    pub(super) why: &'static str,
}

/// The rule of the values of `CommitmentDiscountStatus`.
pub(super) const STATUS: &str = "CommitmentDiscountStatus-C-005-M";

/// What holds of tags where there are any.
pub(super) const TAGS: &str = "Tags-C-003-C";

/// Of the model of FOCUS 1.2.
pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        rule: "BilledCost-C-005-C",
        left_out: true,
        why: "it takes every charge for a third party's whose provider and invoice issuer have two names, `AWS` and `Amazon Web Services, Inc.` for one",
    },
    Defect {
        rule: "ResourceType-C-005-C",
        left_out: false,
        why: "the column of its condition stands under another key; it is read there",
    },
    Defect {
        rule: "PricingCurrencyEffectiveCost-C-004-M",
        left_out: true,
        why: "it looks at PricingCurrencyListUnitPrice, and for what is not below zero, which credits are",
    },
    Defect {
        rule: STATUS,
        left_out: false,
        why: "it allows Active, Expired and Pending, where the page of the column says Used and Unused; those are held against",
    },
    Defect {
        rule: "CommitmentDiscountStatus-C-004-C",
        left_out: true,
        why: "it says what holds where there is a CommitmentDiscountId, and its condition is that there is none",
    },
    Defect {
        rule: "CommitmentDiscountStatus-C-003-C",
        left_out: true,
        why: "its words ask for null, and its check for what is not null",
    },
    Defect {
        rule: "ResourceName-C-005-C",
        left_out: true,
        why: "it says what holds where there is a ResourceId, and its condition is that there is none",
    },
    Defect {
        rule: TAGS,
        left_out: false,
        why: "it says what holds where there are tags, and its condition is that there are none; it is held against all tags",
    },
    Defect {
        rule: "InvoiceId-C-004-C",
        left_out: false,
        why: "its condition is words only; with InvoiceId-C-005-C one of the two always holds",
    },
    Defect {
        rule: "InvoiceId-C-005-C",
        left_out: false,
        why: "its condition is words only; with InvoiceId-C-004-C one of the two always holds",
    },
];
