//! The page of an item.

use decisions::ItemId;
use decisions::item::{Record, State};
use decisions::page::Page;

use crate::item::Story;

fn page(story: &Story, record: &Record, superseded_by: Option<&ItemId>) -> String {
    let item: ItemId = "told-0a1b2c3d".parse().unwrap();
    Page {
        item: &item,
        number: Some(7),
        record,
        rules: &story.basis.rules,
        charter: Some("0123abc"),
        superseded_by,
    }
    .markdown()
}

const LAZY: &str = "{review: {count: 1, by: [council]}, notice: {to: [a@example.org]}, lazy: {period: 72h, support: 0}, \
                    vote: {threshold: 1/2, relation: \">\", base: cast, max_open: 48h}, expires: 900h}";

fn front(page: &str, key: &str) -> String {
    let start = format!("{key}: ");
    let line = page.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_default().to_owned()
}

#[test]
fn the_page_says_who_decided_each_once() {
    let story = Story::of(
        LAZY,
        "0h - told a@example.org; 0h zoe proposes; 1h dee approve; 1h ada approve; 2h cy call; 3h ada yes; 3h dee yes; 3h eve no",
    );
    let record = story.at("999h");
    let page = page(&story, &record, None);
    assert_eq!(front(&page, "deciders"), r#"["ada", "dee", "eve"]"#);
    assert_eq!(front(&page, "status"), "accepted");
    assert_eq!(front(&page, "number"), "7");
    assert_eq!(front(&page, "kind"), "policy");
    assert_eq!(front(&page, "charter"), "0123abc");
    assert_eq!(front(&page, "closes"), "2026-11-04T02:00:00Z");
    assert!(page.contains("# 7. told\n"), "{page}");
    assert!(page.contains("| dee | yes |"), "{page}");
}

#[test]
fn since_is_of_the_state_that_is_shown() {
    let story = Story::of(
        LAZY,
        "0h - told a@example.org; 0h zoe proposes; 5h ben object",
    );
    let page = page(&story, &story.at("6h"), None);
    assert!(
        page.contains("It is **blocked** since 2026-11-02T05:00:00Z."),
        "{page}"
    );
    assert_eq!(front(&page, "since"), "2026-11-02T05:00:00Z");
}

#[test]
fn what_people_write_stays_text() {
    let story = Story::of(
        LAZY,
        "0h - told a@example.org; 0h zoe proposes; 5h ben object <script>|a| **b** [x](y) `c` a#b & c; 6h rex yes",
    );
    let page = page(&story, &story.at("7h"), None);
    assert!(
        page.contains(r"\<script\>\|a\| \*\*b\*\* \[x\](y) \`c\` a\#b \& c"),
        "{page}"
    );
    let refused = page.lines().find(|line| line.contains("E_")).unwrap();
    assert!(
        refused.starts_with("| 2026-11-02T06:00:00Z | rex | vote | "),
        "{refused}"
    );
    // Of each table every row has as many cells as its head.
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let bars = line.replace(r"\|", "").matches('|').count();
        assert!([3, 4, 5].contains(&bars), "{line}");
    }
}

#[test]
fn what_another_item_took_the_place_of_is_superseded() {
    let story = Story::of(
        LAZY,
        "0h - told a@example.org; 0h zoe proposes; 1h ada approve",
    );
    let record = story.at("999h");
    assert_eq!(record.state, State::Accepted);
    let later: ItemId = "newer-00000000".parse().unwrap();
    let page = page(&story, &record, Some(&later));
    assert_eq!(front(&page, "status"), "superseded");
    assert_eq!(front(&page, "superseded-by"), "newer-00000000");
    assert!(
        page.contains("[newer-00000000](../newer-00000000/README.md) took its place."),
        "{page}"
    );
}

#[test]
fn a_draft_has_a_page() {
    let story = Story::of(LAZY, "");
    let page = page(&story, &story.at("1h"), None);
    assert!(page.contains("It is **draft**."), "{page}");
    assert_eq!(front(&page, "deciders"), "[]");
}
