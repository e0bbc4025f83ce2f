//! Which charges count.

use base::Decimal;
use estate::Estate;
use estate::kinds::{BudgetScope, Metric};
use jiff::civil::Date;
use regex::Regex;
use serde::Serialize;

use crate::cells::{DayCell, Name, Names};
use crate::outlook::patterns::Patterns;

/// What is summed of each cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// What it costs before grants pay for it.
    Gross,
    /// What it costs after grants.
    Net,
    /// What is invoiced.
    Billed,
    /// What is drawn from grants; positive.
    Drawn,
}

impl From<Metric> for Measure {
    fn from(metric: Metric) -> Self {
        match metric {
            Metric::Gross => Self::Gross,
            Metric::Net => Self::Net,
            Metric::Billed => Self::Billed,
        }
    }
}

impl Measure {
    /// Of a cell.
    pub fn of(self, cell: &DayCell) -> Decimal {
        match self {
            Self::Gross => cell.gross(),
            Self::Net => cell.net(),
            Self::Billed => cell.amounts.billed,
            Self::Drawn => cell.drawn(),
        }
    }

    /// The day that a cell counts on: that on which it was incurred. What is billed counts in the
    /// month in which it is billed, on the day of it that is nearest.
    pub fn day(self, cell: &DayCell) -> Date {
        match self {
            Self::Billed => {
                let month = cell.billed_in;
                cell.day.clamp(month.first_day(), month.last_day())
            }
            Self::Gross | Self::Net | Self::Drawn => cell.day,
        }
    }
}

/// Which charges count: those on which all that is said agrees; all if nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// `ProviderName`, without regard to case.
    pub provider: Option<String>,
    /// The owner that rules and pools give: a group of the estate.
    pub owner: Option<String>,
    /// The service of the estate.
    pub service: Option<String>,
    /// `BillingAccountId`.
    pub accounts: Patterns,
    /// `SubAccountId`.
    pub sub_accounts: Patterns,
    /// What a credit is called.
    pub credit: Option<Regex>,
}

impl Scope {
    /// Everything.
    pub fn everything() -> Self {
        Self::default()
    }

    /// All of a provider.
    pub fn provider(name: &str) -> Self {
        Self {
            provider: Some(name.to_owned()),
            ..Self::default()
        }
    }

    /// What counts towards a budget. Names of groups and services are those of the items that
    /// they lead to. A pattern that is none matches nothing; it is a finding of its own.
    pub fn of(scope: &BudgetScope, estate: &Estate) -> Self {
        let group = scope.group.as_ref();
        let service = scope.service.as_ref();
        Self {
            provider: scope.provider.as_ref().map(|name| name.value.clone()),
            owner: group.map(|named| {
                let found = estate.find(named);
                found.map_or_else(|| named.name.clone(), |item| item.name.clone())
            }),
            service: service.map(|named| {
                let found = estate.find(named);
                found.map_or_else(|| named.name.clone(), |item| item.name.clone())
            }),
            accounts: Patterns::of(scope.account.iter().map(|text| text.value.as_str())),
            sub_accounts: Patterns::of(scope.sub_account.iter().map(|text| text.value.as_str())),
            credit: None,
        }
    }

    /// Asks it of the cells of a cube.
    pub fn over<'a>(&'a self, names: &'a Names) -> Matcher<'a> {
        Matcher {
            scope: self,
            names,
            known: std::array::from_fn(|_| Vec::new()),
        }
    }
}

/// What of a charge a pattern is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Provider,
    Account,
    SubAccount,
    Credit,
    Owner,
    Service,
}

const PARTS: usize = Part::Service as usize + 1;

/// A scope that is asked of many cells; each name is compared once.
#[derive(Debug)]
pub struct Matcher<'a> {
    scope: &'a Scope,
    names: &'a Names,
    /// By part and name, as far as they were asked.
    known: [Vec<Option<bool>>; PARTS],
}

impl Matcher<'_> {
    /// Whether a cell counts.
    pub fn matches(&mut self, cell: &DayCell) -> bool {
        self.asked(Part::Provider, cell.provider)
            && self.asked(Part::Account, cell.account)
            && self.asked(Part::SubAccount, cell.sub_account)
            && self.asked(Part::Owner, cell.whose.owner)
            && self.asked(Part::Service, cell.whose.service)
            && self.asked(Part::Credit, cell.credit)
    }

    /// Whether a billing account of a provider is in the scope, whatever else is said.
    pub(crate) fn matches_account(&mut self, provider: Name, account: Name) -> bool {
        self.asked(Part::Provider, provider) && self.asked(Part::Account, account)
    }

    /// Whether a cell is of the scope's provider, whatever else is said.
    pub(crate) fn is_of_provider(&mut self, cell: &DayCell) -> bool {
        self.asked(Part::Provider, cell.provider)
    }

    fn asked(&mut self, part: Part, name: Name) -> bool {
        let scope = self.scope;
        let open = match part {
            Part::Provider => scope.provider.is_none(),
            Part::Account => scope.accounts.is_open(),
            Part::SubAccount => scope.sub_accounts.is_open(),
            Part::Credit => scope.credit.is_none(),
            Part::Owner => scope.owner.is_none(),
            Part::Service => scope.service.is_none(),
        };
        if open {
            return true;
        }
        let names = self.names;
        let (known, at) = (&mut self.known[part as usize], name.0 as usize);
        if known.len() <= at {
            known.resize(at + 1, None);
        }
        *known[at].get_or_insert_with(|| scope.agrees(part, names.text(name)))
    }
}

impl Scope {
    fn agrees(&self, part: Part, text: &str) -> bool {
        let is = |own: &Option<String>| own.as_deref() == Some(text);
        match part {
            Part::Provider => {
                let own = self.provider.as_deref();
                own.is_some_and(|own| same_provider(own, text))
            }
            Part::Account => self.accounts.matches(text),
            Part::SubAccount => self.sub_accounts.matches(text),
            Part::Credit => self.credit.as_ref().is_some_and(|one| one.is_match(text)),
            Part::Owner => is(&self.owner),
            Part::Service => is(&self.service),
        }
    }
}

/// Whether two names of a provider are one: case does not count.
pub(crate) fn same_provider(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
