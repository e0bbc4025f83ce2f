//! The indicators as sections of a report.

use std::collections::BTreeMap;

use base::{Currency, Decimal, SourceMap};
use document::{Cell, Column, Headline, Section, Table};

use super::{Completeness, Left};
use crate::standing::Counts;
use crate::state::Stage;

/// So many places are shown of what is in many.
const SHOWN: usize = 3;

impl Completeness {
    /// What stands above it.
    pub fn title(&self) -> String {
        format!("Migration, {}", self.day)
    }

    /// How much is left of all, and how much of it is new.
    pub fn headline(&self) -> Headline {
        let left: usize = self.left.iter().map(|one| one.counts.left()).sum();
        let new: usize = self.left.iter().filter_map(|one| one.new).sum();
        let late = self.left.iter().filter(|one| self.is_late(one)).count();
        let of = base::counted(self.left.len(), "migration", "migrations");
        let mut text = match left {
            0 => format!("Nothing is left to move in {of}."),
            1 => format!("1 thing is left to move in {of}."),
            left => format!("{left} things are left to move in {of}."),
        };
        let known = self.left.iter().all(|one| one.new.is_some());
        match new {
            0 if left > 0 && known => text += " Nothing is new.",
            0 => {}
            1 => text += " 1 came where nothing new may come.",
            new => text += &format!(" {new} came where nothing new may come."),
        }
        match late {
            0 => {}
            1 => text += " 1 migration is overdue.",
            late => text += &format!(" {late} migrations are overdue."),
        }
        Headline {
            number: (left.to_string(), "left to move".to_owned()),
            note: String::new(),
            text,
            now: new > 0 || late > 0,
        }
    }

    fn is_late(&self, left: &Left) -> bool {
        left.counts.left() > 0 && left.due.is_some_and(|due| due < self.day)
    }

    /// The sections, those first that a meeting begins with.
    pub fn sections(&self, sources: &SourceMap) -> Vec<Section> {
        let mut sections = vec![self.all_left()];
        if !self.months.is_empty() {
            sections.push(self.by_month());
        }
        sections.extend([
            self.money(),
            self.credentials(),
            self.identities(sources),
            self.names(sources),
            self.fragile(),
            self.stuck(sources),
        ]);
        sections
    }

    fn all_left(&self) -> Section {
        let mut section = Section::new("left", "What is left");
        let mut table = Table::new(
            "Things of each migration, by state",
            counts_columns("Migration", true),
        );
        for left in &self.left {
            let mut cells = vec![Cell::name(&left.migration)];
            cells.extend(counts_cells(&left.counts));
            cells.push(match left.new {
                Some(new) => number(new),
                None => Cell::None,
            });
            cells.push(Cell::day(left.due));
            table.marked_row(cells, self.is_late(left) || left.new.unwrap_or(0) > 0);
        }
        section.table(table, "The estate has no migrations.");
        for left in &self.left {
            if left.new.is_none() {
                section.say(format!(
                    "Nobody knows what is new of {}: no list was written of what was there. `commonhold migration ratchet {} --start` writes it.",
                    left.migration, left.migration
                ));
            }
            by(&mut section, left, "kind", "Kind", &left.by_kind);
            by(&mut section, left, "owner", "Owner", &left.by_owner);
        }
        section
    }

    fn by_month(&self) -> Section {
        let mut section = Section::new("months", "What was left");
        let columns = vec![
            Column::text("Migration"),
            Column::text("Day"),
            Column::of("Left", "left", ""),
        ];
        let mut table = Table::new("Things left as each month began", columns);
        for then in &self.months {
            table.row(vec![
                Cell::name(&then.migration),
                Cell::name(then.day.to_string()),
                number(then.left),
            ]);
        }
        section.table(table, "");
        section
    }

    fn money(&self) -> Section {
        let mut section = Section::new("paid", "What is still paid to the vendor");
        let Some(paid) = &self.paid else {
            section.say(if self.accounts.is_empty() {
                "No migration says which accounts are left (`from`)."
            } else {
                "There are no bills, so nobody knows. `commonhold spend import` takes them in."
            });
            return section;
        };
        let mut sums: BTreeMap<(&str, Currency), Vec<&super::Paid>> = BTreeMap::new();
        for one in paid {
            let key = (one.account.as_str(), one.currency);
            sums.entry(key).or_default().push(one);
        }
        let columns = vec![
            Column::text("Account"),
            Column::text("Last month"),
            Column::of("In it", "gross", ""),
            Column::of("Over all months", "gross", ""),
        ];
        let mut table = Table::new("Gross, at the accounts that are left", columns);
        for ((account, currency), months) in sums {
            let all: Decimal = months.iter().map(|one| one.gross).sum();
            let Some(last) = months.last() else { continue };
            table.row(vec![
                Cell::name(account),
                Cell::text(last.month.to_string()),
                Cell::Money(last.gross, currency),
                Cell::Money(all, currency),
            ]);
        }
        section.table(table, "No bill names an account that is left.");
        section
    }

    fn credentials(&self) -> Section {
        let mut section = Section::new("credentials", "Credentials that the vendor issued");
        let columns = vec![
            Column::text("Credential"),
            Column::text("What"),
            Column::text("Migration"),
            Column::of("Used by", "things", ""),
        ];
        let caption = "Credentials that things which are left use";
        let mut table = Table::new(caption, columns);
        for one in &self.credentials {
            table.row(vec![
                Cell::name(&one.name),
                Cell::text(one.kind),
                Cell::text(&one.migration),
                number(one.users),
            ]);
        }
        section.table(table, "Nothing that is left uses one that is known.");
        section
    }

    fn identities(&self, sources: &SourceMap) -> Section {
        let mut section = Section::new("access", "The vendor's people who have access");
        let columns = vec![
            Column::text("Address"),
            Column::text("Is"),
            Column::text("Written at"),
        ];
        let mut table = Table::new("Addresses of the vendor's domains", columns);
        for one in &self.identities {
            table.row(vec![
                Cell::name(&one.address),
                Cell::text(&one.place_in),
                Cell::text(sources.line_of(one.place)),
            ]);
        }
        section.table(
            table,
            self.without_names("No address is of the vendor's domains."),
        );
        section
    }

    fn without_names(&self, otherwise: &'static str) -> &'static str {
        if self.vendor_names.is_empty() {
            "No migration says what the vendor is called (`vendor_names`)."
        } else {
            otherwise
        }
    }

    fn names(&self, sources: &SourceMap) -> Section {
        let mut section = Section::new("names", "Where the vendor is named");
        let columns = vec![
            Column::text("Name"),
            Column::text("In"),
            Column::of("Files", "files", ""),
            Column::of("Lines", "lines", ""),
            Column::text("First places"),
        ];
        let mut table = Table::new("Files that call the vendor by name", columns);
        let mut of: BTreeMap<(&str, &str), Vec<&super::Named>> = BTreeMap::new();
        for one in &self.names {
            let key = (one.name.as_str(), one.area.as_str());
            of.entry(key).or_default().push(one);
        }
        for ((name, area), files) in of {
            let lines = files.iter().map(|one| one.places.len()).sum();
            let first = files.iter().flat_map(|one| &one.places).take(SHOWN);
            let first: Vec<String> = first.map(|span| sources.line_of(*span)).collect();
            table.row(vec![
                Cell::name(name),
                Cell::name(area),
                number(files.len()),
                number(lines),
                Cell::text(first.join(" ")),
            ]);
        }
        section.table(
            table,
            self.without_names("No file calls the vendor by name."),
        );
        section
    }

    fn fragile(&self) -> Section {
        let mut section = Section::new("fragile", "Services that cannot live without help");
        let columns = vec![
            Column::text("Service"),
            Column::text("Owner"),
            Column::text("What is wrong"),
        ];
        let caption = "Services that break the rules of who keeps them running";
        let mut table = Table::new(caption, columns);
        for one in &self.fragile {
            table.row(vec![
                Cell::name(&one.service),
                Cell::text(one.owner.as_deref().unwrap_or("nobody")),
                Cell::text(one.why.join("; ")),
            ]);
        }
        section.table(table, "Every service keeps them.");
        section
    }

    fn stuck(&self, sources: &SourceMap) -> Section {
        let mut section = Section::new("vendor", "What only the vendor can do");
        let columns = vec![
            Column::text("What"),
            Column::text("Why"),
            Column::of("Things that wait", "things", ""),
            Column::text("Written at"),
        ];
        let mut table = Table::new("What waits for the vendor", columns);
        for one in &self.stuck {
            table.row(vec![
                Cell::name(format!("{} {}", one.kind, one.name)),
                Cell::text(&one.why),
                number(one.things),
                Cell::text(sources.line_of(one.place)),
            ]);
        }
        section.table(table, "Nothing that is known waits for the vendor.");
        section
    }
}

/// How many, as a cell.
fn number(count: usize) -> Cell {
    Cell::count(count as u64, "")
}

/// A column of names, what is left, each state, and what is new and due.
fn counts_columns(name: &str, with_due: bool) -> Vec<Column> {
    let mut columns = vec![Column::text(name), Column::of("Left", "left", "")];
    let states = Stage::ALL.iter();
    columns.extend(states.map(|stage| Column::of(stage.said(), stage.word(), "")));
    if with_due {
        columns.push(Column::of("New", "new", ""));
        columns.push(Column::of("Due", "due", ""));
    }
    columns
}

fn counts_cells(counts: &Counts) -> Vec<Cell> {
    let states = Stage::ALL.iter().map(|stage| number(counts.of(*stage)));
    std::iter::once(number(counts.left()))
        .chain(states)
        .collect()
}

/// What is left of a migration, by something; left out where that would say nothing more.
fn by(
    section: &mut Section,
    left: &Left,
    word: &str,
    head: &str,
    counts: &BTreeMap<String, Counts>,
) {
    if counts.len() < 2 || left.counts.left() == 0 {
        return;
    }
    let caption = format!("{} by {word}", left.migration);
    let mut table = Table::new(caption, counts_columns(head, false));
    let mut rows: Vec<_> = counts.iter().collect();
    rows.sort_by_key(|(name, counts)| (std::cmp::Reverse(counts.left()), *name));
    for (name, counts) in rows {
        let mut cells = vec![Cell::name(if name.is_empty() { "nobody" } else { name })];
        cells.extend(counts_cells(counts));
        table.marked_row(cells, name.is_empty() && counts.left() > 0);
    }
    section.table(table, "");
}
