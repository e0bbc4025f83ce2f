#![no_main]
//! Any text as an answer of each question of an audit, and as the file of one. What is read has a
//! normal form, and what is written reads the same.

use audit::aws::reading::{
    PARTS, access_keys, buckets, document, iam_page, location, records, summary, zones,
};
use audit::{Export, normal};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    if let Ok((names, _)) = buckets(text) {
        // They go into paths.
        assert!(
            names
                .iter()
                .all(|name| !name.contains(['/', '?', '%', '#']) && name != "..")
        );
    }
    if let Ok(region) = location(text) {
        assert!(
            region
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        );
    }
    if let Ok((zones, _)) = zones(text) {
        assert!(
            zones
                .iter()
                .all(|zone| zone.id.bytes().all(|b| b.is_ascii_alphanumeric()))
        );
    }
    let _ = summary(text);
    let pages = [iam_page(text), access_keys(text)];
    let identities = pages.into_iter().flatten().flat_map(|page| page.things);
    let sets = records(text).into_iter().flat_map(|page| page.sets);
    let parts = PARTS
        .iter()
        .filter_map(|part| Some((part.name.to_owned(), part.read(text).ok()?)));
    let policy = document(text)
        .ok()
        .map(|value| ("policy".to_owned(), value));
    written(identities.chain(sets).chain(parts).chain(policy).collect());
    if let Ok(export) = Export::parse(text) {
        written(export.things().clone().into_iter().collect());
    }
});

/// What is written reads the same, whatever the order in which it was answered.
fn written(things: Vec<(String, Value)>) {
    for (_, value) in &things {
        let form = normal(value.clone());
        assert_eq!(normal(form.clone()), form);
    }
    let export = Export::new("a/b", things);
    let text = export.text(usize::MAX).expect("there is room");
    let again = Export::parse(&text).expect("what is written reads");
    assert_eq!(again.text(usize::MAX).expect("there is room"), text);
}
