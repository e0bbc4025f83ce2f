//! Search over all collections.

use crate::model::{
    Column, Field, Form, Link, Listing, Mood, Page, Part, Reader, Row, Section, Table,
};
use crate::query::{Folded, folded, folded_for, words};

/// How many of each collection are shown.
const MOST: usize = 10;
/// No more words than this are looked for.
const MOST_WORDS: usize = 12;

/// How well a row answers, the best first; nothing if a word is missing.
fn rank(row: &Folded, words: &[String], whole: &str) -> Option<u8> {
    if row.name.lines().any(|line| line == whole) {
        return Some(0);
    }
    let mut rank = 1;
    for word in words {
        if !starts_a_word(&row.name, word) {
            rank = 2;
            if !starts_a_word(&row.rest, word) {
                return None;
            }
        }
    }
    Some(rank)
}

/// Whether any word of a text starts so.
fn starts_a_word(text: &str, word: &str) -> bool {
    let starts = |(at, _): (usize, &str)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric())
    };
    text.match_indices(word).any(starts)
}

/// The rows of a collection that have all words, the best first, and how many there are.
pub fn find<'l>(
    listing: &'l Listing,
    asked: &str,
    reader: &Reader,
    most: usize,
) -> (Vec<&'l Row>, usize) {
    let mut looked_for = words(asked);
    looked_for.truncate(MOST_WORDS);
    if looked_for.is_empty() {
        return (Vec::new(), 0);
    }
    let whole = looked_for.join(" ");
    let rows = listing.rows.iter().zip(folded(listing));
    let ranked = rows.enumerate().filter_map(|(at, (row, kept))| {
        if !reader.sees(&row.audience) {
            return None;
        }
        let rank = rank(&folded_for(kept, row, reader), &looked_for, &whole);
        rank.map(|rank| (rank, at, row))
    });
    let mut found: Vec<(u8, usize, &Row)> = ranked.collect();
    found.sort_by_key(|(rank, at, _)| (*rank, *at));
    let total = found.len();
    (
        found.into_iter().take(most).map(|(.., row)| row).collect(),
        total,
    )
}

/// The page that answers a search.
pub fn page(listings: &[Listing], asked: &str, reader: &Reader) -> Page {
    let asked = asked.trim();
    let mut page = Page::new(Section::Search, "/search", "Search");
    page.summary = String::from(
        "Everything that has a list here. A word finds what starts with it; all words have to be there.",
    );
    asked.clone_into(&mut page.asked);
    if asked.is_empty() {
        page.add(Part::Form(Form {
            action: "/search".to_owned(),
            asks: true,
            fields: vec![Field::line("q", "Words")],
            button: "Search".to_owned(),
            anonymous: true,
            ..Form::default()
        }));
        return page;
    }
    let mut groups: Vec<(&Listing, Vec<&Row>, usize)> = Vec::new();
    for listing in listings {
        let (rows, total) = find(listing, asked, reader, MOST);
        if total > 0 {
            groups.push((listing, rows, total));
        }
    }
    let total: usize = groups.iter().map(|(.., total)| total).sum();
    page.say(match total {
        0 => format!(
            "Nothing has \u{201c}{asked}\u{201d}. Try fewer words, or only the start of one."
        ),
        _ => format!(
            "{} with \u{201c}{asked}\u{201d}.",
            crate::model::counted(total, "result", "results")
        ),
    });
    for (listing, rows, total) in groups {
        group(&mut page, listing, &rows, total, asked, reader);
    }
    page
}

fn group(
    page: &mut Page,
    listing: &Listing,
    rows: &[&Row],
    total: usize,
    asked: &str,
    reader: &Reader,
) {
    let of = listing.of;
    page.heading(of.id, of.title);
    // What names the row, and what is said of it first.
    let columns: Vec<(usize, &Column)> = of
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.hidden)
        .take(4)
        .collect();
    let shown = |row: &&Row| {
        let cell = |(at, _): &(usize, &Column)| {
            let cell = row.cells.get(*at).map(|cell| reader.cell(cell).clone());
            let mut cell = cell.unwrap_or_default();
            if *at == 0 && of.has_pages {
                cell.to = Some(crate::model::to(of.id, &row.key));
            }
            cell
        };
        Row {
            key: row.key.clone(),
            cells: columns.iter().map(cell).collect(),
            source: row.source.clone(),
            audience: row.audience.clone(),
        }
    };
    page.add(Part::Table(Table {
        id: of.id.into(),
        caption: match total {
            total if total > rows.len() => {
                format!(
                    "{}: the first {} of {}",
                    of.title,
                    rows.len(),
                    crate::model::grouped(&total.to_string())
                )
            }
            _ => of.title.to_owned(),
        },
        columns: columns
            .iter()
            .map(|(_, column)| Column {
                filter: crate::model::Filter::None,
                ..(*column).clone()
            })
            .collect(),
        rows: rows.iter().map(shown).collect(),
        none: String::new(),
    }));
    if total > rows.len() {
        let words: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
        let all = Link::new(
            "see them all in their list",
            format!("/{}?q={words}", of.id),
        );
        page.add(Part::Notice(
            Mood::Plain,
            "There are more:".to_owned(),
            Some(all),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Audience, Cell, Collection, ColumnKind, Private};

    static COLUMNS: [Column; 2] = [
        Column::new("name", "Name", ColumnKind::Text, ""),
        Column::new("about", "About", ColumnKind::Text, ""),
    ];
    static THINGS: Collection = Collection {
        id: "things",
        title: "Things",
        one: "thing",
        about: "",
        section: Section::Services,
        columns: &COLUMNS,
        feed: None,
        has_pages: true,
        sort: "",
    };

    fn listing() -> Listing {
        let row = |key: &str, about: &str, audience: Audience| Row {
            key: key.to_owned(),
            cells: vec![Cell::text(key), Cell::text(about).only(audience)],
            ..Row::default()
        };
        let secret = Audience::Private(Private::Accounts);
        Listing::new(
            &THINGS,
            vec![
                row("mail", "needs dns", Audience::Everybody),
                row("dns-tools", "", Audience::Everybody),
                row("dns", "Names", Audience::Everybody),
                row("vault", "dns zanzibar", secret),
            ],
        )
    }

    fn keys(asked: &str, reader: &Reader) -> Vec<String> {
        let listing = listing();
        let (rows, _) = find(&listing, asked, reader, 9);
        rows.iter().map(|row| row.key.clone()).collect()
    }

    #[test]
    fn the_name_itself_comes_first_then_names_then_the_rest() {
        assert_eq!(
            keys("DNS", &Reader::anybody()),
            ["dns", "dns-tools", "mail"]
        );
        assert_eq!(keys("tool", &Reader::anybody()), ["dns-tools"]);
        assert_eq!(keys("ools", &Reader::anybody()), Vec::<String>::new());
        assert_eq!(keys("mail needs", &Reader::anybody()), ["mail"]);
        assert_eq!(keys(" ", &Reader::anybody()), Vec::<String>::new());
    }

    #[test]
    fn nobody_finds_by_what_they_may_not_see() {
        assert_eq!(keys("zanzibar", &Reader::anybody()), Vec::<String>::new());
        let may = Reader {
            may: [Private::Accounts].into(),
            ..Reader::anybody()
        };
        assert_eq!(keys("zanzibar", &may), ["vault"]);
        let text = format!(
            "{:?}",
            page(&[listing()], "vault", &Reader::anybody()).parts
        );
        assert!(
            text.contains("vault") && !text.contains("zanzibar"),
            "{text}"
        );
    }
}
