//! What the bills say, read once a state, and what of it is for everybody.

use std::sync::OnceLock;

use base::SourceMap;
use estate::kinds::{Budget, CreditGrant, Metric};
use estate::{Estate, Item};
use portal::model::{Audience, Page, Private};
use spend::settings::{Pattern, Settings};

use crate::commands::spend::{Shown, shown};
use crate::project::{Checked, Project};

/// What the bills say.
#[derive(Debug, Default)]
pub(crate) struct Money {
    /// Nothing where no bills are kept, or none can be read.
    pub(super) bills: Option<Shown>,
    /// Why the bills cannot be read.
    pub(super) unread: Option<String>,
    /// The providers whose prices are nobody's business.
    private: Vec<Pattern>,
    /// The page of all of it, once it was asked for.
    pub(super) page: OnceLock<Page>,
    /// The same for those who may see all of it; nothing where no bills are kept.
    pub(super) members: OnceLock<Option<Page>>,
}

impl Money {
    /// Reads what is kept of bills; where there are none, that costs nothing. What was checked comes back.
    pub(crate) fn read(project: &Project<'_>, checked: Checked) -> (Checked, Self) {
        let (estate, bills) = shown(project, checked.estate);
        let mut money = Self {
            private: private(project),
            ..Self::default()
        };
        match bills {
            Ok(bills) => money.bills = bills,
            Err(error) => money.unread = Some(format!("{error:#}")),
        }
        (Checked { estate, ..checked }, money)
    }

    /// Whether prices of a provider are private.
    fn hides(&self, provider: &str) -> bool {
        self.private.iter().any(|pattern| pattern.matches(provider))
    }

    /// For whom a budget is: the report for everybody leaves out what would tell a private price,
    /// and what is about single accounts.
    pub(super) fn of_budget(&self, item: &Item<Budget>) -> Audience {
        let scope = &item.value.scope;
        let provider = scope.provider.as_ref();
        let hidden = provider.is_some_and(|provider| self.hides(provider))
            || scope.account.is_some()
            || scope.sub_account.is_some()
            || !self.private.is_empty() && item.value.metric != Metric::Gross;
        let left_out = self.bills.as_ref().is_some_and(|bills| {
            let has = |report: &spend::report::Report| {
                report.budgets.iter().any(|one| one.name == item.name)
            };
            has(&bills.members) && !has(&bills.everybody)
        });
        audience(hidden || left_out)
    }

    /// For whom a grant of money is.
    pub(super) fn of_grant(&self, item: &Item<CreditGrant>) -> Audience {
        let left_out = self.bills.as_ref().is_some_and(|bills| {
            let has = |report: &spend::report::Report| report.grants.named(&item.name).is_some();
            has(&bills.members) && !has(&bills.everybody)
        });
        audience(left_out || self.hides(&item.value.provider))
    }

    /// For whom it is who spends how much in a month.
    pub(super) fn of_owners(&self) -> Audience {
        audience(
            self.bills
                .as_ref()
                .is_some_and(|bills| bills.private_prices),
        )
    }

    /// How a budget stands, if bills say it.
    pub(super) fn budget(&self, name: &str) -> Option<&spend::budgets::Standing> {
        let budgets = &self.bills.as_ref()?.members.budgets;
        budgets.iter().find(|one| one.name == name)
    }

    /// How a grant of money stands, if bills say it.
    pub(super) fn grant(&self, name: &str) -> Option<&spend::grants::Standing> {
        self.bills.as_ref()?.members.grants.named(name)
    }
}

fn audience(hidden: bool) -> Audience {
    if hidden {
        Audience::Private(Private::Money)
    } else {
        Audience::Everybody
    }
}

/// The providers whose prices are private. A file that cannot be read is a finding, and no bill is shown then.
fn private(project: &Project<'_>) -> Vec<Pattern> {
    let Ok(tree) = project.tree() else {
        return Vec::new();
    };
    let (settings, _) = Settings::of(&tree, &mut SourceMap::default());
    settings.public.private_prices
}

/// What people call a group, a service or nobody, with the page it leads to.
pub(super) fn page_of_owner(estate: &Estate, name: &str) -> Option<String> {
    let group = estate.tables.groups.get(name);
    group
        .filter(|item| item.name == name)
        .map(|item| crate::portal::shown::to("groups", &item.name))
}
