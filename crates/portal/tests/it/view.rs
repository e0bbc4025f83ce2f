//! What is made of content, for whom.

use portal::data;
use portal::model::{Private, Reader};
use portal::query::Query;
use portal::search;
use portal::view::{self, Frame};
use portal::{AsOf, Content, Found};
use proptest::prelude::*;

use crate::sample::{SECRET, Sample};

/// Everything that is made of the sample for a reader, asked in a way.
fn all_forms(sample: &Sample, reader: &Reader, query: &Query) -> Vec<(String, String)> {
    let stamp = sample.stamp();
    let frame = Frame {
        stamp,
        reader,
        token: None,
        live: true,
    };
    let mut made = Vec::new();
    for listing in sample.listings() {
        let id = listing.of.id;
        let mut put = |form: &str, text: String| made.push((format!("{form} of {id}"), text));
        put("page", view::listing(&frame, listing, query));
        put("JSON", data::listing_json(listing, query, reader, stamp));
        put("CSV", data::csv(listing, query, reader));
        let feed = data::atom_of_listing(listing, reader, "https://a.example", stamp);
        put("feed", feed.unwrap_or_default());
        let (found, _) = search::find(listing, SECRET, reader, 10);
        put("search", found.iter().map(|row| row.key.as_str()).collect());
    }
    for path in ["/", "/services/service-1"] {
        let Found::Page(page) = sample.page(path, reader, &AsOf::new(stamp.read)) else {
            panic!("{path} is no page");
        };
        let mut put = |form: &str, text: String| made.push((format!("{form} of {path}"), text));
        put("page", view::page(&frame, &page));
        put(
            "JSON",
            data::page_json(&page, reader, stamp).unwrap_or_default(),
        );
        let table = data::table(&page, None).map(|table| data::table_csv(table, reader));
        put("CSV", table.unwrap_or_default());
        let feed = data::atom_of_page(&page, reader, "https://a.example", stamp);
        put("feed", feed.unwrap_or_default());
    }
    made
}

#[test]
fn nothing_private_is_in_any_form_for_anybody() {
    let sample = Sample::new(40);
    for (what, text) in all_forms(&sample, &Reader::anybody(), &Query::default()) {
        assert!(!text.contains(SECRET), "{what}");
    }
    let may = Reader {
        may: Private::ALL.into(),
        ..Reader::anybody()
    };
    let seen = all_forms(&sample, &may, &Query::default());
    let seen = seen.iter().filter(|(_, text)| text.contains(SECRET));
    assert!(seen.count() >= 5, "whoever may see it does");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Neither by order nor by words nor by filters.
    #[test]
    fn no_question_brings_it_out(
        words in prop_oneof![Just(String::new()), Just(SECRET.to_owned()), Just(SECRET[..4].to_owned())],
        column in prop_oneof![Just("contact"), Just("-contact"), Just("name"), Just("-cost")],
        value in prop_oneof![Just(String::new()), Just(format!("{SECRET}-1@example.org"))],
    ) {
        let sample = Sample::new(40);
        let of = sample.listings()[0].of;
        let pairs = [("q", words.as_str()), ("sort", column), ("contact", value.as_str())];
        let (query, _) = Query::parse(of, pairs);
        let anybody = all_forms(&sample, &Reader::anybody(), &query);
        // What was asked is shown again as it was asked, and nothing else.
        for (what, text) in anybody.iter().filter(|(what, _)| !what.starts_with("page")) {
            prop_assert!(!text.contains(SECRET), "{}", what);
        }
        if !words.is_empty() || !value.is_empty() {
            let found = &anybody.iter().find(|(what, _)| what == "CSV of services").expect("it").1;
            prop_assert_eq!(found.lines().count(), 1, "rows were chosen by what nobody may see");
        }
    }
}
