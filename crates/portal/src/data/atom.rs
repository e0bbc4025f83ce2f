//! Feeds, as Atom (RFC 4287).

use jiff::Timestamp;
use url::Url;

use crate::Stamp;
use crate::api::cell::words;
use crate::model::{Entry, Listing, Mood, Page, Part, Reader, Value, encoded};

/// How many entries a feed has: readers of feeds ask often.
const MOST: usize = 100;

/// What happened on a page; nothing if nothing can happen there, or it is not for the reader.
pub fn atom_of_page(page: &Page, reader: &Reader, url: &str, stamp: &Stamp) -> Option<String> {
    let page = page.seen_by(reader)?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut has_feed = false;
    for part in &page.parts {
        if let Part::Entries(more) = part {
            has_feed = true;
            entries.extend(more.iter().cloned());
        }
    }
    has_feed.then(|| written(&page.path, &page.title, entries, url, stamp))
}

/// What happened in a collection, if it says so.
pub fn atom_of_listing(
    listing: &Listing,
    reader: &Reader,
    url: &str,
    stamp: &Stamp,
) -> Option<String> {
    let of = listing.of;
    let feed = of.feed?;
    let column = |id: &str| of.columns.iter().position(|column| column.id == id);
    let (when, what) = (column(feed.when)?, column(feed.what)?);
    let entries = reader.rows(&listing.rows).filter_map(|row| {
        let Value::Instant(at) = reader.cell(row.cells.get(when)?).value else {
            return None;
        };
        let said = |at: usize| {
            let cell = row.cells.get(at).map(|cell| reader.cell(cell));
            cell.and_then(|cell| words(&cell.value).as_str().map(str::to_owned))
        };
        Some(Entry {
            id: row.key.clone(),
            at,
            title: said(0).unwrap_or_else(|| row.key.clone()),
            text: said(what).filter(|_| what != 0).unwrap_or_default(),
            to: of.has_pages.then(|| crate::model::to(of.id, &row.key)),
            mood: Mood::Plain,
            audience: row.audience.clone(),
        })
    });
    Some(written(
        &format!("/{}", of.id),
        of.title,
        entries.collect(),
        url,
        stamp,
    ))
}

fn written(path: &str, title: &str, mut entries: Vec<Entry>, url: &str, stamp: &Stamp) -> String {
    entries.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
    entries.truncate(MOST);
    let host = Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_else(|| "localhost".to_owned());
    // The same wherever and whenever it is made (RFC 4151): a day on which the name was whose it is.
    let tag = |rest: &str| xml(&format!("tag:{host},2026-01-01:{rest}"));
    let link = |to: &str| xml(&format!("{url}{}", encoded(to)));
    let page = encoded(path);
    let updated = entries.first().map_or(stamp.read, |entry| entry.at);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
         <author><name>{}</name></author>\n",
        tag(path),
        xml(&format!("{title} \u{b7} {}", stamp.community)),
        instant(updated),
        xml(&format!("{url}{}", super::path(path, "atom"))),
        xml(&format!("{url}{page}")),
        xml(&stamp.community),
    );
    for entry in &entries {
        let to = entry.to.as_deref().unwrap_or(path);
        let to = if to.starts_with('/') {
            link(to)
        } else {
            xml(to)
        };
        text.push_str(&format!(
            "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<link rel=\"alternate\" href=\"{to}\"/>\n<summary>{}</summary>\n</entry>\n",
            tag(&format!("{path}/{}", entry.id)),
            xml(&entry.title),
            instant(entry.at),
            xml(&entry.text),
        ));
    }
    text.push_str("</feed>\n");
    text
}

fn instant(at: Timestamp) -> String {
    at.to_string()
}

/// A text that may stand in XML 1.0: what may not stand there in any form is left out.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' => safe.push(letter),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Audience, Private, Section};

    fn entry(id: &str, at: &str, audience: Audience) -> Entry {
        Entry {
            id: id.to_owned(),
            at: at.parse().expect("an instant"),
            title: format!("<{id}> & more\u{b}"),
            text: String::new(),
            to: Some("/decisions/7".to_owned()),
            mood: Mood::Plain,
            audience,
        }
    }

    #[test]
    fn a_feed_is_newest_first_escaped_and_without_what_is_not_for_the_reader() {
        let mut page = Page::new(Section::Home, "/x", "X");
        page.add(Part::Entries(vec![
            entry("a", "2026-01-01T00:00:00Z", Audience::Everybody),
            entry("b", "2026-02-01T00:00:00Z", Audience::Everybody),
            entry(
                "hidden",
                "2026-03-01T00:00:00Z",
                Audience::Private(Private::Takeovers),
            ),
        ]));
        let stamp = Stamp::default();
        let text = atom_of_page(
            &page,
            &Reader::anybody(),
            "https://infra.example.org",
            &stamp,
        );
        let text = text.expect("a feed");
        assert!(!text.contains("hidden"));
        assert!(text.contains("<updated>2026-02-01T00:00:00Z</updated>\n<link rel=\"self\""));
        assert!(text.contains(
            "<id>tag:infra.example.org,2026-01-01:/x/b</id>\n<title>&lt;b&gt; &amp; more</title>"
        ));
        assert!(text.find("/x/b").unwrap_or(0) < text.find("/x/a").unwrap_or(0));
    }
}
