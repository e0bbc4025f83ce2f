use proptest::prelude::*;

use super::{
    Order, Sign, Step, Written, changes, insert_entry, keys, remove_at, remove_entry, set_key,
};

fn at(text: &str, entry: &str) -> usize {
    text.find(entry).expect("the entry is in the text")
}

fn removed(text: &str, entry: &str) -> String {
    remove_entry(text, at(text, entry)).expect("it can be removed")
}

fn sorted(text: &str, path: &[&str], value: &str) -> String {
    let path = keys(path.iter().copied());
    insert_entry(text, &path, &value.into(), Order::Sorted).expect("it can be added")
}

fn set(text: &str, path: &[&str], value: &str) -> String {
    set_key(text, &keys(path.iter().copied()), &value.into()).expect("it can be set")
}

#[test]
fn an_entry_goes_with_its_line_and_the_comment_on_it() {
    let text = "members:\n- ada # chair\n- bob\n- cy\n# end\n";
    assert_eq!(removed(text, "ada"), "members:\n- bob\n- cy\n# end\n");
    assert_eq!(
        removed(text, "cy"),
        "members:\n- ada # chair\n- bob\n# end\n"
    );
}

#[test]
fn a_comment_above_goes_only_if_it_names_the_entry_and_no_other() {
    let text = "members:\n# leads\n- ada\n# bob is away\n- bob\n# cyd helps ada\n- cyd\n";
    assert_eq!(
        removed(text, "ada"),
        "members:\n# leads\n# bob is away\n- bob\n# cyd helps ada\n- cyd\n"
    );
    assert_eq!(
        removed(text, "bob\n"),
        "members:\n# leads\n- ada\n# cyd helps ada\n- cyd\n"
    );
    assert!(removed(text, "cyd\n").contains("# cyd helps ada"));
}

#[test]
fn a_mapping_goes_with_all_its_lines() {
    let text = "leads:\n  - github: ada\n    name: Ada\n    # she left\n  - github: bob\n    name: |\n      Bob\n  # nobody else\nx: 1\n";
    assert_eq!(
        removed(text, "github: ada"),
        "leads:\n  - github: bob\n    name: |\n      Bob\n  # nobody else\nx: 1\n"
    );
    assert_eq!(
        removed(text, "github: bob"),
        "leads:\n  - github: ada\n    name: Ada\n    # she left\n  # nobody else\nx: 1\n"
    );
}

#[test]
fn the_last_entry_leaves_an_empty_list() {
    assert_eq!(
        removed("members: # few\n  # them\n  - ada\nx: 1\n", "ada"),
        "members: [] # few\n  # them\nx: 1\n"
    );
    assert_eq!(removed("a: [x]\n", "x"), "a: []\n");
    assert_eq!(removed("a:\n  b: 1\nc: 2\n", "b"), "a: {}\nc: 2\n");
    assert_eq!(removed("a:\n- x", "x"), "a: []");
}

#[test]
fn an_entry_in_brackets_goes_with_one_comma() {
    let text = "a: [x, 'y, z', {k: v}] # all\n";
    assert_eq!(removed(text, "x"), "a: ['y, z', {k: v}] # all\n");
    assert_eq!(removed(text, "'y"), "a: [x, {k: v}] # all\n");
    assert_eq!(removed(text, "{k"), "a: [x, 'y, z'] # all\n");
    assert_eq!(removed("a: {x: 1, y: 2}\n", "x"), "a: {y: 2}\n");
    assert_eq!(removed("a: [\n  x,\n  y,\n]\n", "y"), "a: [\n  x,\n]\n");
}

#[test]
fn line_ends_marks_and_a_missing_last_newline_stay() {
    let text = "\u{feff}a:\r\n- x\r\n- y";
    assert_eq!(removed(text, "y"), "\u{feff}a:\r\n- x");
    assert_eq!(sorted(text, &["a"], "z"), "\u{feff}a:\r\n- x\r\n- y\r\n- z");
    assert_eq!(sorted(text, &["a"], "w"), "\u{feff}a:\r\n- w\r\n- x\r\n- y");
    assert_eq!(removed("\u{feff}- x\n- y\n", "x"), "\u{feff}- y\n");
}

#[test]
fn what_is_repeated_elsewhere_is_refused() {
    for (text, entry) in [
        ("a: &list\n- x\n- y\nb: *list\n", "x"),
        ("a:\n- &who x\n- y\nb: *who\n", "&who"),
        ("a:\n- - x\n- y\n", "x"),
        ("a: [x, # first\n  y]\n", "x"),
    ] {
        let error = remove_entry(text, at(text, entry));
        assert!(error.is_err(), "{text}: {error:?}");
    }
    let error = remove_entry("a: [\n", 0).expect_err("it is broken");
    assert!(error.why.contains("cannot be read"), "{error}");
    let two = remove_entry("a: [x]\n---\nb: 1\n", 4).expect_err("it holds two documents");
    assert_eq!(two.line, 3);
}

#[test]
fn a_new_entry_stands_where_its_neighbours_expect_it_and_as_they_do() {
    let text = "m:\n  - Ada\n  # who\n  - cy\n";
    assert_eq!(
        sorted(text, &["m"], "bob"),
        "m:\n  - Ada\n  - bob\n  # who\n  - cy\n"
    );
    assert_eq!(
        sorted(text, &["m"], "249"),
        "m:\n  - \"249\"\n  - Ada\n  # who\n  - cy\n"
    );
    assert_eq!(sorted("m: ['b']\n", &["m"], "a"), "m: ['a', 'b']\n");
    assert_eq!(
        sorted("x:\n- 1\nm: []  # none\n", &["m"], "a"),
        "x:\n- 1\nm:  # none\n- a\n"
    );
    assert_eq!(sorted("m: []\n", &["m"], "a"), "m: [a]\n");
    assert_eq!(
        sorted("x:\n  - 1\nm:\n", &["m"], "a"),
        "x:\n  - 1\nm:\n  - a\n"
    );
    assert_eq!(sorted("x:\n  - 1\n", &["m"], "a"), "x:\n  - 1\nm:\n  - a\n");
    assert_eq!(
        sorted("m: # b\n# bob is new\n- bob\n", &["m"], "a"),
        "m: # b\n- a\n# bob is new\n- bob\n"
    );
}

#[test]
fn a_mapping_is_added_with_a_key_a_line() {
    let value = Written::Mapping(vec![
        ("github".to_owned(), "bob".into()),
        ("name".to_owned(), "Bob: B".into()),
    ]);
    let text = "e:\n    -   github: ada\n        name: Ada\n";
    let path = keys(["e"]);
    let added = insert_entry(text, &path, &value, Order::Last).expect("it can be added");
    let expected = "e:\n    -   github: ada\n        name: Ada\n    -   github: bob\n        name: \"Bob: B\"\n";
    assert_eq!(added, expected);
    let text = "a:\n  - x: [1]\n    b:\n      - c\n";
    let path = [Step::from("a"), Step::from(0), Step::from("names")];
    let added = insert_entry(text, &path, &value, Order::Last).expect("it can be added");
    assert_eq!(
        added,
        "a:\n  - x: [1]\n    b:\n      - c\n    names:\n    - github: bob\n      name: \"Bob: B\"\n"
            .replace("    - github", "      - github")
            .replace("\n      name", "\n        name")
    );
}

#[test]
fn a_value_keeps_its_place_and_its_quotes() {
    assert_eq!(
        set("a: 'x' # why\nb: 1\n", &["a"], "y"),
        "a: 'y' # why\nb: 1\n"
    );
    assert_eq!(set("a: x\n", &["a"], "no"), "a: \"no\"\n");
    assert_eq!(set("a:\n", &["a"], "2026-01-02"), "a: 2026-01-02\n");
    assert_eq!(
        set("a: x\n\n# end\n", &["left"], "2026-01-02"),
        "a: x\nleft: 2026-01-02\n\n# end\n"
    );
    assert_eq!(set("a: {b: 1}\n", &["a", "c"], "d"), "a: {b: 1, c: d}\n");
    assert_eq!(set("a: {}\n", &["a", "c"], "d"), "a: {c: d}\n");
    assert_eq!(set("# nothing yet\n", &["a"], "b"), "# nothing yet\na: b\n");
    for text in ["a: |\n  x\n", "a: [x]\n", "a:\n  b: 1\n", "a: x\n  y\n"] {
        set_key(text, &keys(["a"]), &"z".into()).expect_err(text);
    }
}

#[test]
fn a_comment_behind_a_text_of_several_lines_stays() {
    let text = "- d: |-\n    text\n\n# about the next\n- e: >\n    more\n";
    assert_eq!(
        removed(text, "d:"),
        "\n# about the next\n- e: >\n    more\n"
    );
    assert_eq!(
        removed(text, "e:"),
        "- d: |-\n    text\n\n# about the next\n"
    );
}

#[test]
fn a_text_of_several_lines_may_look_like_anything() {
    let text =
        "- d: |\n    \"x\" # no comment\n    y\n- e: >-\n    'z' z\n\n    # still text\n- f: 1\n";
    assert_eq!(
        removed(text, "d:"),
        "- e: >-\n    'z' z\n\n    # still text\n- f: 1\n"
    );
    assert_eq!(
        removed(text, "e:"),
        "- d: |\n    \"x\" # no comment\n    y\n- f: 1\n"
    );
}

#[test]
fn entries_in_brackets_stand_in_lists_with_dashes() {
    let text =
        "a:\n  b: [x]\n  c:\n  - {person: ada, after: 5}\n  - {group: docs}\nd: {e: Keys, f: g}\n";
    assert_eq!(
        removed(text, "{person"),
        "a:\n  b: [x]\n  c:\n  - {group: docs}\nd: {e: Keys, f: g}\n"
    );
}

#[test]
fn lists_in_lists_lose_their_own_entries() {
    let text = "a:\n- [xyz]\n- y\n";
    assert_eq!(removed(text, "[xyz]"), "a:\n- y\n");
    assert_eq!(removed(text, "xyz"), "a:\n- []\n- y\n");
}

/// A list as people write lists, and its entries.
fn lists() -> impl Strategy<Value = (String, Vec<String>)> {
    let entry = prop_oneof![
        "[a-z]{1,6}",
        "[a-z]{1,4}@[a-z]{1,4}\\.org",
        "[0-9]{1,3}",
        "(no|null|on|~|0777|1:2|x: y|#z|- a|é'\"\\\\)",
    ];
    let entries = prop::collection::btree_set(entry, 1..6);
    let noise = prop::collection::vec(
        prop::sample::select(vec!["", " # why", "\n  # of note", "\n"]),
        6,
    );
    let style = (0..4_usize, any::<bool>(), any::<bool>());
    (entries, noise, style).prop_map(|(entries, noise, (style, windows, ended))| {
        let entries: Vec<String> = entries.into_iter().collect();
        let written = |text: &String| super::written::scalar(text, super::written::Quotes::None);
        let mut text = "# head\nbefore: 1\n".to_owned();
        if style == 0 {
            let all: Vec<String> = entries.iter().map(written).collect();
            text.push_str(&format!("m: [{}] # tail\n", all.join(", ")));
        } else {
            text.push_str("m:\n");
            for (entry, noise) in entries.iter().zip(&noise) {
                let key = if style == 2 { "k: " } else { "" };
                let more = if style == 2 { "\n    l: 1" } else { "" };
                text.push_str(&format!("  - {key}{}{noise}{more}\n", written(entry)));
            }
        }
        text.push_str("after: # it\n  x: 'y'");
        if ended {
            text.push('\n');
        }
        (
            if windows {
                text.replace('\n', "\r\n")
            } else {
                text
            },
            entries,
        )
    })
}

proptest! {
    #[test]
    fn what_was_added_can_be_removed_and_all_is_as_before((text, _) in lists(), new in "[A-Za-z0-9#:@ -]{1,8}", last in any::<bool>()) {
        let list = keys(["m"]);
        let order = if last { Order::Last } else { Order::Sorted };
        let Ok(more) = insert_entry(&text, &list, &Written::Text(new.clone()), order) else {
            return Ok(());
        };
        let added = changes(&text, &more);
        prop_assert!(added.iter().filter(|change| change.sign == Sign::Added).count() == 1);
        let places: Vec<String> = (0..8)
            .filter_map(|at| remove_at(&more, &[Step::from("m"), Step::from(at)]).ok())
            .collect();
        prop_assert!(places.contains(&text), "{text:?} {more:?}");
    }

    #[test]
    fn whatever_is_removed_changes_its_own_lines_alone((text, entries) in lists(), which in 0..6_usize) {
        let which = which % entries.len();
        let Ok(less) = remove_at(&text, &[Step::from("m"), Step::from(which)]) else {
            prop_assert!(text.contains("\n  # of note"), "{text:?}");
            return Ok(());
        };
        let found = changes(&text, &less);
        let emptied = entries.len() == 1 && found.iter().any(|change| change.text.starts_with("m: []"));
        let flow = text.contains("m: [");
        for change in &found {
            let own = change.text.contains("  - ") || change.text.contains("    l: 1")
                || flow || emptied && change.text.starts_with("m:") || change.text.contains('#')
                || change.text.is_empty() && text.contains("- k:");
            prop_assert!(own, "{change:?} of {text:?}");
        }
        prop_assert_eq!(text.ends_with('\n'), less.ends_with('\n'));
        prop_assert_eq!(text.matches("\r\n").count() == text.matches('\n').count(),
            less.matches("\r\n").count() == less.matches('\n').count());
    }

    #[test]
    fn no_text_makes_an_edit_panic(text in "[-a: \\[\\]{},#|>'\"&*\n\r\u{feff}é]{0,40}", at in 0..40_usize) {
        let _ = remove_entry(&text, at);
        let _ = set_key(&text, &keys(["a"]), &"x".into());
        let _ = insert_entry(&text, &keys(["a"]), &"x".into(), Order::Sorted);
        let _ = super::path_to(&text, at);
    }
}
