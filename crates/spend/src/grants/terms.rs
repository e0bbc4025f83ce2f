//! What a grant says, ready to be held against bills.

use base::{Currency, Decimal};
use estate::kinds::CreditGrant;
use estate::{Estate, Item};
use jiff::civil::Date;
use regex::{Regex, RegexBuilder};

use crate::outlook::{Days, Patterns, Scope, after};

/// The largest expression that is worked with, in bytes.
const LARGEST_EXPRESSION: usize = 1 << 20;

/// The expression that the names of credits match.
///
/// # Errors
/// It is none, or too large.
pub(super) fn expression(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text)
        .size_limit(LARGEST_EXPRESSION)
        .build()
}

/// Which bills a grant pays: provider in small letters, accounts as written, currency.
pub(super) type Bills = (String, Vec<String>, Currency);

/// What is drawn first: named credits before any, some accounts before all, then what ends first.
pub(super) type Order<'e> = (bool, bool, Date, &'e str);

/// From which day on draws are counted, and against what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) from: Date,
    pub(super) amount: Decimal,
}

#[derive(Debug)]
pub(super) struct Terms<'e> {
    pub(super) item: &'e Item<CreditGrant>,
    /// The group that answers for it, by the name of its item.
    pub(super) owner: String,
    /// The days whose charges it pays.
    pub(super) days: Days,
    pub(super) counted: Counted,
    /// Which charges it could pay, whatever their credits are called.
    pub(super) bills: Scope,
    /// Which credits are drawn from it; none if it cannot be told.
    pub(super) credit: Option<Scope>,
}

impl<'e> Terms<'e> {
    pub(super) fn of(item: &'e Item<CreditGrant>, estate: &Estate) -> Self {
        let grant = &item.value;
        let bills = Scope {
            provider: Some(grant.provider.value.clone()),
            accounts: Patterns::of(grant.accounts.iter().map(|text| text.value.as_str())),
            ..Scope::default()
        };
        let named = |credit: Option<Regex>| Scope {
            credit,
            ..bills.clone()
        };
        let credit = match &grant.credits {
            None => Some(named(None)),
            // What is no expression is a finding of its own, and matches nothing.
            Some(text) => expression(&text.value).ok().map(|one| named(Some(one))),
        };
        let opening = grant.opening_balance.as_ref();
        let counted = Counted {
            from: opening.map_or(grant.start, |opening| opening.date.value),
            amount: opening.map_or(grant.amount.value, |opening| opening.amount.value),
        };
        let owner = estate.find(&grant.owner);
        Self {
            item,
            owner: owner.map_or_else(|| grant.owner.name.clone(), |group| group.name.clone()),
            days: Days {
                from: grant.start,
                until: grant.end.value,
            },
            counted,
            credit,
            bills,
        }
    }

    pub(super) fn name(&self) -> &'e str {
        &self.item.name
    }

    pub(super) fn currency(&self) -> Currency {
        self.item.value.currency.value
    }

    /// The expression for its credits as written; empty if it names none.
    pub(super) fn credits(&self) -> &'e str {
        let credits = self.item.value.credits.as_ref();
        credits.map_or("", |text| text.value.as_str())
    }

    pub(super) fn bills(&self) -> Bills {
        let grant = &self.item.value;
        let accounts = grant.accounts.iter().map(|text| text.value.clone());
        let mut accounts: Vec<String> = accounts.collect();
        accounts.sort();
        (
            grant.provider.value.to_lowercase(),
            accounts,
            self.currency(),
        )
    }

    pub(super) fn order(&self) -> Order<'e> {
        let grant = &self.item.value;
        (
            grant.credits.is_none(),
            grant.accounts.is_empty(),
            self.days.until,
            self.name(),
        )
    }

    /// Whether it goes on without a gap when another ends.
    pub(super) fn follows(&self, other: &Self) -> bool {
        let lasts_longer = self.days.until > other.days.until;
        lasts_longer && self.days.from <= after(other.days.until, 1)
    }
}
