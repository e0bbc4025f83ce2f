//! The cells of a cube as what questions are asked of.

use std::borrow::Cow;

use base::{Currency, Decimal, Month};
use jiff::civil::Date;

use super::Question;
use crate::cells::{Amounts, Attribution, Category, DayCell, MonthCell, Name, Names};
use crate::scan::{Dimension, Test, category_word};

/// Which cells of a cube can answer a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Days,
    Months,
}

impl Level {
    /// The fewest cells that can answer a question, if any can.
    ///
    /// What FOCUS has few words for is left to the charges where a cell has only the words: a file
    /// may have others.
    pub(super) fn of(question: &Question) -> Option<Self> {
        let filters = question.filters.iter().map(|filter| &filter.dimension);
        let all: Vec<&Dimension> = question.by.iter().chain(filters).collect();
        let can = |level: Self| {
            all.iter().all(|dimension| match dimension {
                Dimension::Month
                | Dimension::BilledMonth
                | Dimension::Provider
                | Dimension::Account
                | Dimension::SubAccount
                | Dimension::Category
                | Dimension::Currency
                | Dimension::Owner
                | Dimension::Service
                | Dimension::Funding => true,
                Dimension::Day | Dimension::Credit => level == Self::Days,
                Dimension::VendorService => level == Self::Months,
                _ => false,
            })
        };
        let whole_months = question.from.is_none_or(|from| from.day() == 1)
            && question
                .until
                .is_none_or(|until| until == until.last_of_month());
        if whole_months && can(Self::Months) {
            return Some(Self::Months);
        }
        can(Self::Days).then_some(Self::Days)
    }
}

/// What days and months have alike.
pub(super) trait Cell {
    /// The day, if it is a cell of one.
    fn day(&self) -> Option<Date>;
    fn month(&self) -> Month;
    fn billed_in(&self) -> Month;
    /// Provider, account, sub-account, vendor's service, credit.
    fn names(&self) -> [Name; 5];
    fn whose(&self) -> Attribution;
    fn category(&self) -> Category;
    fn currency(&self) -> Currency;
    fn amounts(&self) -> &Amounts;
    fn rows(&self) -> u64;
}

impl Cell for DayCell {
    fn day(&self) -> Option<Date> {
        Some(self.day)
    }
    fn month(&self) -> Month {
        Month::of(self.day)
    }
    fn billed_in(&self) -> Month {
        self.billed_in
    }
    fn names(&self) -> [Name; 5] {
        [
            self.provider,
            self.account,
            self.sub_account,
            Name::NONE,
            self.credit,
        ]
    }
    fn whose(&self) -> Attribution {
        self.whose
    }
    fn category(&self) -> Category {
        self.kind.category
    }
    fn currency(&self) -> Currency {
        self.currency
    }
    fn amounts(&self) -> &Amounts {
        &self.amounts
    }
    fn rows(&self) -> u64 {
        self.rows
    }
}

impl Cell for MonthCell {
    fn day(&self) -> Option<Date> {
        None
    }
    fn month(&self) -> Month {
        self.month
    }
    fn billed_in(&self) -> Month {
        self.billed_in
    }
    fn names(&self) -> [Name; 5] {
        [
            self.provider,
            self.account,
            self.sub_account,
            self.vendor_service,
            Name::NONE,
        ]
    }
    fn whose(&self) -> Attribution {
        self.whose
    }
    fn category(&self) -> Category {
        self.kind.category
    }
    fn currency(&self) -> Currency {
        self.currency
    }
    fn amounts(&self) -> &Amounts {
        &self.amounts
    }
    fn rows(&self) -> u64 {
        self.rows
    }
}

/// What a cell has in a dimension that [`Level::of`] lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Has {
    Day(Date),
    Month(Month),
    Name(Name),
    Category(Category),
    Currency(Currency),
}

impl Has {
    pub(super) fn of(cell: &impl Cell, dimension: &Dimension) -> Self {
        let [provider, account, sub_account, vendor_service, credit] = cell.names();
        let whose = cell.whose();
        match dimension {
            Dimension::Day => Self::Day(cell.day().unwrap_or_else(|| cell.month().first_day())),
            Dimension::Month => Self::Month(cell.month()),
            Dimension::BilledMonth => Self::Month(cell.billed_in()),
            Dimension::Provider => Self::Name(provider),
            Dimension::Account => Self::Name(account),
            Dimension::SubAccount => Self::Name(sub_account),
            Dimension::VendorService => Self::Name(vendor_service),
            Dimension::Credit => Self::Name(credit),
            Dimension::Owner => Self::Name(whose.owner),
            Dimension::Service => Self::Name(whose.service),
            Dimension::Funding => Self::Name(whose.funding),
            Dimension::Category => Self::Category(cell.category()),
            Dimension::Currency => Self::Currency(cell.currency()),
            _ => Self::Name(Name::NONE),
        }
    }

    /// As a table has it.
    pub(super) fn text<'n>(&'n self, names: &'n Names) -> Cow<'n, str> {
        match self {
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Month(month) => Cow::Owned(month.to_string()),
            Self::Name(name) => Cow::Borrowed(names.text(*name)),
            Self::Category(category) => Cow::Borrowed(category_word(*category)),
            Self::Currency(currency) => Cow::Borrowed(currency.code()),
        }
    }

    /// Whether it passes.
    pub(super) fn passes(self, test: &Test, names: &Names) -> bool {
        match self {
            Self::Day(day) => test.admits(day),
            Self::Month(month) => test.admits(month.first_day()),
            text => test.passes(&text.text(names)),
        }
    }
}

/// The four costs and the gross cost of a cell.
pub(super) fn costs(cell: &impl Cell) -> [Decimal; 5] {
    let amounts = cell.amounts();
    let gross = match cell.category() {
        Category::Credit => Decimal::ZERO,
        _ => amounts.effective,
    };
    [
        amounts.billed,
        amounts.effective,
        amounts.listed,
        amounts.contracted,
        gross,
    ]
}
