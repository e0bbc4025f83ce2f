//! The navigation.

use crate::model::Section;

/// The sections as the navigation groups them, each group with its name.
pub(super) const GROUPS: [(&str, &[Section]); 5] = [
    (
        "Now",
        &[
            Section::Home,
            Section::Findings,
            Section::Changes,
            Section::Calendar,
        ],
    ),
    (
        "What there is",
        &[
            Section::Services,
            Section::Wiring,
            Section::Groups,
            Section::People,
            Section::Access,
        ],
    ),
    (
        "What is decided",
        &[Section::Decisions, Section::Elections, Section::Ledger],
    ),
    ("Over time", &[Section::Spend, Section::Migration]),
    ("Ask", &[Section::Desk]),
];

/// What a section is called, and where it begins.
pub(super) fn about(section: Section) -> (&'static str, &'static str) {
    match section {
        Section::Home => ("Home", "/"),
        Section::Services => ("Services", "/services"),
        Section::Groups => ("Groups", "/groups"),
        Section::People => ("People", "/people"),
        Section::Wiring => ("Wiring", "/wiring"),
        Section::Findings => ("Findings", "/findings"),
        Section::Changes => ("Changes", "/changes"),
        Section::Decisions => ("Decisions", "/decisions"),
        Section::Elections => ("Elections", "/elections"),
        Section::Access => ("Access", "/access"),
        Section::Spend => ("Spend", "/spend"),
        Section::Migration => ("Migrations", "/migrations"),
        Section::Calendar => ("Calendar", "/calendar"),
        Section::Ledger => ("Ledger", "/ledger"),
        Section::Desk => ("Front desk", "/desk"),
        Section::Search => ("Search", "/search"),
        Section::Account => ("Your account", "/account"),
        Section::Api => ("API", "/api"),
    }
}
