//! Small estates.

use estate::{Draft, Estate, MemoryTree};
use jiff::civil::{Date, date};
use migration::{Asset, Lists, Standing, Terms};
use policy::{Baseline, Things};

/// The day of these tests.
pub(crate) const TODAY: Date = date(2026, 1, 1);

/// What most of these estates have: two places and two groups.
const COMMON: [(&str, &str); 5] = [
    ("commonhold.yaml", "commonhold: 1\nname: Club\n"),
    (
        "accounts/old.yaml",
        "provider: cloud\nid: old-1\nholder: vendor\nvendor: Giant\n",
    ),
    (
        "accounts/new.yaml",
        "provider: cloud\nid: new-1\nholder: community\n",
    ),
    ("groups/infra.yaml", "title: Infra\n"),
    ("groups/web.yaml", "title: Web\n"),
];

/// An estate of the common files and these.
pub(crate) fn tree(files: &[(&str, &str)]) -> MemoryTree {
    let all = COMMON.iter().chain(files);
    all.fold(MemoryTree::default(), |tree, (path, text)| {
        tree.with(path, *text)
    })
}

/// The same, read; it must have no mistakes.
pub(crate) fn estate(files: &[(&str, &str)]) -> Estate {
    let (estate, findings) = Draft::read(&tree(files)).unwrap().resolve();
    let wrong: Vec<&str> = findings
        .iter()
        .filter(|one| one.severity > base::Severity::Note)
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(wrong, [""; 0]);
    estate
}

/// A service at some places.
pub(crate) fn service(owner: &str, places: &[&str], more: &str) -> String {
    let owner = match owner {
        "" => String::new(),
        owner => format!("owner: {owner}\n"),
    };
    let places: Vec<String> = places
        .iter()
        .map(|one| format!("{{account: {one}}}"))
        .collect();
    format!(
        "name: S\nsummary: Serves.\nkind: custom\n{owner}runs_at: [{}]\n{more}",
        places.join(", ")
    )
}

/// A migration of services away from `old`, with more keys.
pub(crate) fn away(more: &str) -> String {
    format!(
        "title: Leave the old place\nabout: service\ngoal: '\"old\" not in accounts'\nowner: infra\nfrom: [old]\nto: [new]\n{more}"
    )
}

/// How the migration `away` stands.
pub(crate) fn standing(estate: &Estate, list: Option<&Baseline>) -> Standing {
    let item = estate.tables.migrations.get("away").unwrap();
    let terms = Terms::of(item, &estate.sources).unwrap();
    let things = Things::of(estate, None).on(TODAY);
    let lists = Lists {
        now: list,
        first: None,
    };
    Standing::of(item, &terms, &things, lists, TODAY)
}

/// A thing, which must be there.
pub(crate) fn asset<'s>(standing: &'s Standing, id: &str) -> &'s Asset {
    standing
        .asset(id)
        .unwrap_or_else(|| panic!("{id} is not there"))
}
