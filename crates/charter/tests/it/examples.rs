//! Every rule's example breaks that rule, once.

use base::Severity;
use charter::{Charter, RULES, check};
use estate::{Draft, MemoryTree};
use jiff::civil::date;

fn tree(files: &[(&str, &str)]) -> MemoryTree {
    let root = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Example\n");
    files
        .iter()
        .fold(root, |tree, (path, text)| tree.with(path, *text))
}

#[test]
fn the_example_of_each_rule_breaks_it_once() {
    for rule in RULES.iter().filter(|rule| !rule.example.is_empty()) {
        let (estate, found) = Draft::read(&tree(rule.example))
            .expect("a root file")
            .resolve();
        assert!(
            found.iter().all(|f| f.severity == Severity::Note),
            "{}: the example is not sound: {found:?}",
            rule.code.id
        );
        let (charter, found) = Charter::of(&estate);
        assert!(
            found.iter().all(|f| f.code.id == "charter-absent"),
            "{}: {found:?}",
            rule.code.id
        );
        let findings = check(&estate, &charter, date(2021, 1, 15));
        let own: Vec<_> = findings
            .iter()
            .filter(|finding| finding.code.id == rule.code.id)
            .collect();
        assert_eq!(own.len(), 1, "{}: {findings:?}", rule.code.id);
    }
}

#[test]
fn ids_are_kebab_case_and_distinct() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.code.id).collect();
    assert!(
        ids.iter()
            .all(|id| id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    );
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn each_file_of_rules_holds_the_rule_it_is_called_after() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    for entry in std::fs::read_dir(folder).expect("the rules") {
        let name = entry.expect("a file").file_name();
        let id = name
            .to_string_lossy()
            .trim_end_matches(".rs")
            .replace('_', "-");
        assert!(
            RULES.iter().any(|rule| rule.code.id == id),
            "{id} is not in RULES"
        );
    }
}
