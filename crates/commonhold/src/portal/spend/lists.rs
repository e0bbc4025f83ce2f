//! Budgets, grants of money, what it was decided to pay for, and who spends: one a row.

use base::{Currency, Decimal};
use estate::Item;
use estate::kinds::{Budget, CreditGrant, Funding};
use portal::model::{Cell, Collection, Column, ColumnKind, Listing, Mood, Row, Section, Value};
use spend::budgets::Crossing;
use spend::grants::State;

use super::money::page_of_owner;
use crate::portal::shown::{Known, to};

static BUDGETS: Collection = Collection {
    id: "budgets",
    title: "Budgets",
    one: "budget",
    about: "What may be spent on something in a time, and how much of it is.",
    section: Section::Spend,
    columns: &[
        Column::new("budget", "Budget", ColumnKind::Text, "What people call it."),
        Column::new("of", "Of what", ColumnKind::Text, "What counts towards it."),
        Column::new(
            "amount",
            "Amount",
            ColumnKind::Money,
            "What may be spent in the period.",
        ),
        Column::new(
            "from",
            "From",
            ColumnKind::Day,
            "The first day of the period that the day is in.",
        ),
        Column::new("until", "Until", ColumnKind::Day, "Its last day."),
        Column::new("spent", "Spent", ColumnKind::Money, "What was spent in it."),
        Column::new(
            "used",
            "Of it",
            ColumnKind::Share,
            "That as a share of the amount.",
        ),
        Column::new(
            "expected",
            "Expected",
            ColumnKind::Money,
            "What will probably have been spent at its end.",
        ),
        Column::new(
            "state",
            "State",
            ColumnKind::State,
            "Whether a threshold is crossed or near.",
        )
        .choice(),
        Column::new(
            "owner",
            "Owner",
            ColumnKind::Text,
            "The group that answers for it.",
        )
        .choice(),
    ],
    feed: None,
    has_pages: true,
    sort: "",
};

static CREDITS: Collection = Collection {
    id: "credits",
    title: "Grants of money",
    one: "grant of money",
    about: "Credits that somebody gave, which pay a provider's bills while they last.",
    section: Section::Spend,
    columns: &[
        Column::new("grant", "Grant", ColumnKind::Text, "What people call it."),
        Column::new("giver", "Given by", ColumnKind::Text, "Who gave it.").choice(),
        Column::new(
            "provider",
            "Pays",
            ColumnKind::Text,
            "The provider whose bills it pays.",
        )
        .choice(),
        Column::new("amount", "Given", ColumnKind::Money, "How much was given."),
        Column::new("left", "Left", ColumnKind::Money, "What is left of it."),
        Column::new(
            "from",
            "From",
            ColumnKind::Day,
            "The first day whose charges it pays.",
        ),
        Column::new(
            "until",
            "Until",
            ColumnKind::Day,
            "The last day whose charges it pays.",
        ),
        Column::new(
            "ends",
            "Ends",
            ColumnKind::Day,
            "When it is probably used up or over.",
        ),
        Column::new(
            "state",
            "State",
            ColumnKind::State,
            "Whether it pays, is used up or over.",
        )
        .choice(),
        Column::new(
            "owner",
            "Owner",
            ColumnKind::Text,
            "The group that answers for it.",
        )
        .choice(),
    ],
    feed: None,
    has_pages: true,
    sort: "",
};

static FUNDING: Collection = Collection {
    id: "funding",
    title: "What is paid for",
    one: "decision to pay",
    about: "What it was decided to pay for, what it is for, and when that is looked at again.",
    section: Section::Spend,
    columns: &[
        Column::new("funding", "What", ColumnKind::Text, "What people call it."),
        Column::new(
            "purpose",
            "What it is for",
            ColumnKind::Text,
            "What it is for, and who has a use of it.",
        ),
        Column::new(
            "monthly",
            "A month",
            ColumnKind::Money,
            "What it was said to cost in a month.",
        ),
        Column::new(
            "review_by",
            "Look at it by",
            ColumnKind::Day,
            "The day by which it is looked at again.",
        ),
        Column::new(
            "state",
            "State",
            ColumnKind::State,
            "Whether that day is past.",
        )
        .choice(),
        Column::new(
            "decision",
            "Decided in",
            ColumnKind::Text,
            "Where it was decided.",
        ),
        Column::new(
            "owner",
            "Owner",
            ColumnKind::Text,
            "The group that answers for it.",
        )
        .choice(),
    ],
    feed: None,
    has_pages: false,
    sort: "review_by",
};

static OWNERS: Collection = Collection {
    id: "spend-by-owner",
    title: "Spend by owner and month",
    one: "owner in a month",
    about: "What each owner costs in each month, before grants pay for it: what is its own, and with its share of what is used together.",
    section: Section::Spend,
    columns: &[
        Column::new("owner", "Owner", ColumnKind::Text, "Whose the costs are.").choice(),
        Column::new(
            "month",
            "Month",
            ColumnKind::Text,
            "The month in which they were incurred.",
        )
        .choice(),
        Column::new(
            "own",
            "Its own",
            ColumnKind::Money,
            "What is its own, gross.",
        ),
        Column::new(
            "gross",
            "With its share",
            ColumnKind::Money,
            "With its share of what is used together, gross.",
        ),
    ],
    feed: None,
    has_pages: false,
    sort: "-month",
};

/// All of them; those without a row are left out.
pub(super) fn all(known: &Known) -> Vec<Listing> {
    let tables = &known.checked.estate.tables;
    let budgets = tables.budgets.items().map(|item| budget(known, item));
    let credits = tables.grants.items().map(|item| credit(known, item));
    let funding = tables.funding.items().map(|item| funding(known, item));
    let sorted = |of: &'static Collection, mut rows: Vec<Row>| {
        rows.sort_by(|one, other| one.key.cmp(&other.key));
        Listing::new(of, rows)
    };
    let mut owners = Listing::new(&OWNERS, owners(known));
    owners.none = "There are none. They come from the bills that are kept.";
    vec![
        sorted(&BUDGETS, budgets.collect()),
        sorted(&CREDITS, credits.collect()),
        sorted(&FUNDING, funding.collect()),
        owners,
    ]
}

pub(super) fn money(amount: Decimal, currency: Currency) -> Cell {
    Cell::new(Value::Money(amount, currency))
}

pub(super) fn money_if(amount: Option<Decimal>, currency: Currency) -> Cell {
    amount.map_or_else(Cell::none, |amount| money(amount, currency))
}

/// Per cent as a share of one.
pub(super) fn share(percent: Option<Decimal>) -> Cell {
    let share = percent.and_then(|percent| percent.over(Decimal::whole(100)));
    share.map_or_else(Cell::none, |share| Cell::new(Value::Share(share.value)))
}

pub(super) fn owner(known: &Known, name: &str) -> Cell {
    let mut cell = Cell::text(name);
    cell.to = page_of_owner(&known.checked.estate, name);
    cell
}

fn budget(known: &Known, item: &Item<Budget>) -> Row {
    let budget = &item.value;
    let standing = known.money.budget(&item.name);
    let estate = &known.checked.estate;
    let period = standing.map(|one| one.period);
    let period = period.or_else(|| spend::budgets::period(&budget.period, estate, known.day));
    let currency = budget.currency.value;
    let (mood, word) = state(standing);
    let cells = vec![
        Cell::link(item.title(), to(BUDGETS.id, &item.name)),
        Cell::text(scope(budget)),
        money(budget.amount.value, currency),
        Cell::day(period.map(|days| days.from)),
        Cell::day(period.map(|days| days.until)),
        money_if(standing.map(|one| one.spent), currency),
        share(standing.and_then(|one| one.used)),
        money_if(standing.and_then(|one| one.expected.middle()), currency),
        Cell::state(mood, word),
        owner(known, &budget.owner.name),
    ];
    Row {
        key: item.name.clone(),
        cells,
        source: known.source(item.span),
        audience: known.money.of_budget(item),
    }
}

/// What counts towards a budget, in words.
pub(super) fn scope(budget: &Budget) -> String {
    let scope = &budget.scope;
    let said = [
        ("", scope.provider.as_ref().map(|said| said.value.as_str())),
        (
            "account ",
            scope.account.as_ref().map(|said| said.value.as_str()),
        ),
        (
            "sub-account ",
            scope.sub_account.as_ref().map(|said| said.value.as_str()),
        ),
        (
            "group ",
            scope.group.as_ref().map(|named| named.name.as_str()),
        ),
        (
            "service ",
            scope.service.as_ref().map(|named| named.name.as_str()),
        ),
    ];
    let words: Vec<String> = said
        .into_iter()
        .filter_map(|(before, said)| Some(format!("{before}{}", said?)))
        .collect();
    if words.is_empty() {
        "everything".to_owned()
    } else {
        words.join(", ")
    }
}

/// How good a budget stands, by its thresholds.
pub(super) fn state(standing: Option<&spend::budgets::Standing>) -> (Mood, &'static str) {
    let Some(standing) = standing else {
        return (Mood::Plain, "no bills");
    };
    let any = |is: fn(&Crossing) -> bool| {
        let mut thresholds = standing.thresholds.iter();
        thresholds.any(|threshold| is(&threshold.crossing))
    };
    if standing.used.is_some_and(|used| used > Decimal::whole(100)) {
        (Mood::Bad, "overspent")
    } else if any(|crossing| matches!(crossing, Crossing::Crossed(_))) {
        (Mood::Warn, "over a threshold")
    } else if any(|crossing| matches!(crossing, Crossing::Near)) {
        (Mood::Waiting, "near a threshold")
    } else {
        (Mood::Good, "within it")
    }
}

fn credit(known: &Known, item: &Item<CreditGrant>) -> Row {
    let grant = &item.value;
    let standing = known.money.grant(&item.name);
    let currency = grant.currency.value;
    let (mood, word) = paying(known, item);
    let cells = vec![
        Cell::link(item.title(), to(CREDITS.id, &item.name)),
        Cell::text(grant.giver.as_str()),
        Cell::text(grant.provider.as_str()),
        money(grant.amount.value, currency),
        money_if(standing.map(|one| one.left), currency),
        Cell::day(Some(grant.start)),
        Cell::day(Some(grant.end.value)),
        Cell::day(standing.and_then(|one| one.ends.middle())),
        Cell::state(mood, word),
        owner(known, &grant.owner.name),
    ];
    Row {
        key: item.name.clone(),
        cells,
        source: known.source(item.span),
        audience: known.money.of_grant(item),
    }
}

/// Whether a grant pays: by the bills, or by its days where there are none.
pub(super) fn paying(known: &Known, item: &Item<CreditGrant>) -> (Mood, &'static str) {
    let grant = &item.value;
    let state = known.money.grant(&item.name).map(|one| one.state);
    let state = state.unwrap_or(if known.day < grant.start {
        State::Ahead
    } else if known.day > grant.end.value {
        State::Over
    } else {
        State::Running
    });
    match state {
        State::Ahead => (Mood::Plain, "begins later"),
        State::Running => (Mood::Good, "pays"),
        State::UsedUp => (Mood::Bad, "used up"),
        State::Over => (Mood::Quiet, "over"),
    }
}

fn funding(known: &Known, item: &Item<Funding>) -> Row {
    let funding = &item.value;
    let overdue = funding.review_by.value < known.day;
    let (mood, word) = if overdue {
        (Mood::Warn, "to be looked at")
    } else {
        (Mood::Good, "decided")
    };
    let monthly = funding.monthly.as_ref();
    let cells = vec![
        Cell::text(item.title()),
        Cell::text(funding.purpose.as_str()),
        monthly.map_or_else(Cell::none, |cost| money(cost.amount.value, cost.currency)),
        Cell::day(Some(funding.review_by.value)),
        Cell::state(mood, word),
        Cell::text(funding.decision.clone().unwrap_or_default()),
        owner(known, &funding.owner.name),
    ];
    Row {
        key: item.name.clone(),
        cells,
        source: known.source(item.span),
        ..Row::default()
    }
}

fn owners(known: &Known) -> Vec<Row> {
    let Some(bills) = &known.money.bills else {
        return Vec::new();
    };
    let currency = bills.members.currency;
    let audience = known.money.of_owners();
    let rows = bills.owners.iter().map(|one| Row {
        key: format!("{}/{}", one.month, one.owner),
        cells: vec![
            owner(known, &one.owner),
            Cell::text(one.month.to_string()),
            money(one.own, currency),
            money(one.gross, currency),
        ],
        audience: audience.clone(),
        ..Row::default()
    });
    rows.collect()
}
