//! For a terminal.

use crate::section::{Cell, Headline, Part, Row, Section, Table, visible};

/// The sections one after the other, each table with its columns aligned. What can only be drawn is
/// left to its table, which is left to the page.
pub fn text(title: &str, headline: &Headline, sections: &[Section]) -> String {
    let mut text = format!("{}\n\n{}\n", visible(title), visible(&headline.text));
    if !headline.note.is_empty() {
        text += &format!("{}\n", visible(&headline.note));
    }
    for section in sections {
        text += &format!("\n{}\n", section.title.to_uppercase());
        for part in &section.parts {
            match part {
                Part::Text(said) => text += &format!("{}\n", visible(said)),
                Part::Heading(said) => text += &format!("\n{}\n", visible(said)),
                Part::List(items) => {
                    for item in items {
                        text += &format!("- {}\n", visible(item));
                    }
                }
                Part::Table(shown) => text += &table(shown),
                Part::Chart(..) => {}
            }
        }
    }
    text
}

/// A table below its caption, names to the left and figures to the right.
fn table(table: &Table) -> String {
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .chain(&table.total)
        .map(|row| {
            row.cells
                .iter()
                .map(|cell| visible(&cell.shown()))
                .collect()
        })
        .collect();
    let length = |text: &str| text.chars().count();
    let columns = table.columns.iter().enumerate();
    let form: Vec<(usize, bool)> = columns
        .map(|(at, column)| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            let widest = cells.map(|cell| length(cell)).max().unwrap_or(0);
            let figure = |row: &Row| row.cells.get(at).is_some_and(Cell::is_figure);
            let width = widest.max(length(&visible(&column.head)));
            (width, table.rows.iter().any(figure))
        })
        .collect();
    let line = |cells: &[String]| {
        let mut line = String::from("  ");
        for (cell, (width, right)) in cells.iter().zip(&form) {
            let gap = " ".repeat(width - length(cell).min(*width));
            line += &if *right {
                format!("{gap}{cell}  ")
            } else {
                format!("{cell}{gap}  ")
            };
        }
        format!("{}\n", line.trim_end())
    };
    let heads = table.columns.iter().map(|column| visible(&column.head));
    let mut text = format!("{}\n", visible(&table.caption));
    text += &line(&heads.collect::<Vec<_>>());
    for row in &rows {
        text += &line(row);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::Column;

    #[test]
    fn names_stand_left_and_figures_right() {
        let mut table = Table::new(
            "Left",
            vec![Column::text("owner"), Column::of("left", "left", "")],
        );
        table.row(vec![Cell::name("infra"), Cell::count(12, "")]);
        table.row(vec![Cell::name("a"), Cell::count(3, "")]);
        let mut section = Section::new("left", "Left");
        section.table(table, "nothing");
        let headline = Headline {
            text: "15 are left.".to_owned(),
            ..Headline::default()
        };
        assert_eq!(
            text("A move", &headline, &[section]),
            "A move\n\n15 are left.\n\nLEFT\nLeft\n  owner  left\n  infra    12\n  a         3\n"
        );
    }
}
