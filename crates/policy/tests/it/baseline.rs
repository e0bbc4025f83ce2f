//! The laws of lists that only become less.

use std::collections::BTreeSet;

use base::SourceMap;
use policy::Baseline;
use proptest::prelude::*;

fn parse(text: &str) -> Result<Baseline, usize> {
    let file = SourceMap::default().add("a.baseline", text);
    Baseline::parse(text, file).map_err(|findings| findings.len())
}

fn ids() -> impl Strategy<Value = BTreeSet<String>> {
    prop::collection::btree_set("[a-e](/[a-e]{1,2}){0,2}", 0..12)
}

proptest! {
    #[test]
    fn what_is_written_is_read(ids in ids(), head in "[a-z \n#]{0,30}") {
        let baseline = Baseline::of(ids);
        prop_assert_eq!(parse(&baseline.text(&head)), Ok(baseline));
    }

    #[test]
    fn everything_is_listed_new_or_a_copy(listed in ids(), there in ids(), copies in ids()) {
        let baseline = Baseline::of(listed.clone());
        let parent = there.first().map(String::as_str);
        let found: Vec<(&str, Option<&str>)> = there
            .iter()
            .map(|id| (id.as_str(), parent.filter(|_| copies.contains(id))))
            .collect();
        let compared = baseline.compare(found.iter().copied());
        for (at, (id, parent)) in found.iter().enumerate() {
            let known = listed.contains(*id) || parent.is_some_and(|id| listed.contains(id));
            prop_assert_eq!(compared.new.contains(&at), !known, "{}", id);
        }
    }

    #[test]
    fn a_list_only_becomes_less_and_then_stays(listed in ids(), there in ids(), head in "[a-z]{0,8}") {
        let baseline = Baseline::of(listed.clone());
        let found = || there.iter().map(|id| (id.as_str(), None));
        let compared = baseline.compare(found());
        let text = Baseline::text_without(&baseline.text(&head), &compared.gone);
        let smaller = parse(&text).expect("a list");
        prop_assert!(smaller.ids().all(|id| listed.contains(id)));
        prop_assert_eq!(smaller.len() + compared.gone.len(), listed.len());
        prop_assert_eq!(text.starts_with('#'), !head.is_empty());
        let again = smaller.compare(found());
        prop_assert!(again.gone.is_empty());
        prop_assert_eq!(again.new, compared.new);
    }

    #[test]
    fn any_text_is_a_list_or_told(text in "[a-c \n#<>=\r\t]{0,40}") {
        let _ = parse(&text);
    }
}

#[test]
fn what_a_copy_needs_stays_listed() {
    let baseline = Baseline::of(["a", "b"]);
    let compared = baseline.compare([("a-1-30", Some("a")), ("c-1-30", Some("c"))]);
    assert_eq!(compared.new, [1]);
    assert_eq!(compared.gone, ["b"]);
}

#[test]
fn what_a_merge_left_is_no_id() {
    assert_eq!(parse("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n"), Err(3));
    assert_eq!(parse("a\nb\na\n"), Err(1));
    assert_eq!(parse("# a\r\n\r\nb\r\n"), Ok(Baseline::of(["b"])));
}
