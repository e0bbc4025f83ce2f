//! For the notes of a meeting.

use crate::section::{Cell, Headline, Part, Row, Section, Table, visible};

/// The sections one after the other. What can only be drawn is left to its table, which is left
/// to the page: the notes are read, not studied.
pub fn markdown(title: &str, headline: &Headline, sections: &[Section]) -> String {
    let mut text = format!("# {}\n\n**{}**\n", escaped(title), escaped(&headline.text));
    if !headline.note.is_empty() {
        text += &format!("\n{}\n", escaped(&headline.note));
    }
    for section in sections {
        text += &format!("\n## {}\n", section.title);
        for part in &section.parts {
            match part {
                Part::Text(said) => text += &format!("\n{}\n", escaped(said)),
                Part::Heading(said) => text += &format!("\n### {}\n", escaped(said)),
                Part::List(items) => {
                    text.push('\n');
                    for item in items {
                        text += &format!("- {}\n", escaped(item));
                    }
                }
                Part::Table(shown) => text += &table(shown),
                Part::Chart(..) => {}
            }
        }
    }
    text
}

fn table(table: &Table) -> String {
    let mut text = format!("\n{}\n\n|", escaped(&table.caption));
    for column in &table.columns {
        text += &format!(" {} |", escaped(&column.head));
    }
    text.push_str("\n|");
    for at in 0..table.columns.len() {
        let figures = |row: &Row| row.cells.get(at).is_some_and(Cell::is_figure);
        let right = table.rows.iter().any(figures);
        text.push_str(if right { " ---: |" } else { " --- |" });
    }
    text.push('\n');
    for row in table.rows.iter().chain(&table.total) {
        text.push('|');
        for (at, cell) in row.cells.iter().enumerate() {
            let shown = escaped(&cell.shown());
            // Who is to be looked at stands out without colours too.
            if row.marked && at == 0 && !shown.is_empty() {
                text += &format!(" **{shown}** |");
            } else {
                text += &format!(" {shown} |");
            }
        }
        text.push('\n');
    }
    if let Some(rounding) = table.rounding() {
        text += &format!("\n{}\n", escaped(&rounding));
    }
    text
}

/// A text that stays one line and nothing but text: no cell, emphasis, link, tag, mention or code.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (at, letter) in visible(text).chars().enumerate() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '@' => safe.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                // A dollar sign before a figure is one; between letters it would begin a formula.
                if letter != '$' {
                    safe.push('\\');
                }
                safe.push(letter);
            }
            '#' | '-' | '+' | '=' if at == 0 => {
                safe.push('\\');
                safe.push(letter);
            }
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_markdown_html_or_a_mention() {
        assert_eq!(
            escaped("a|b <script>*x*\n@team [l](u) `c` _i_"),
            "a\\|b &lt;script&gt;\\*x\\*\\\\n&#64;team \\[l\\](u) \\`c\\` \\_i\\_"
        );
        assert_eq!(escaped("# no heading"), "\\# no heading");
        assert_eq!(escaped("$109k, -5"), "$109k, -5");
    }
}
