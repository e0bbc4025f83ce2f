//! The example estate says of itself what the program says of it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{example, text};

fn findings() -> Vec<Value> {
    let outcome = example("check --severity note --output json");
    let report: Value = serde_json::from_str(&outcome.data).expect("a report");
    report["findings"].as_array().expect("findings").clone()
}

/// The rows of the README's table: the files and the rules of each planted fault.
fn planted() -> Vec<(Vec<String>, Vec<String>)> {
    let code = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let readme = text("examples/kubernetes/README.md");
    let rows = readme.lines().filter(|line| {
        line.starts_with("| ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_digit)
    });
    let cells = rows.map(|row| {
        row.split('|')
            .map(str::trim)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    cells
        .map(|cells| (code(&cells[3]), code(&cells[4])))
        .collect()
}

#[test]
fn the_planted_faults_are_found_and_no_others() {
    let planted = planted();
    assert_eq!(planted.len(), 16);
    let expected: BTreeSet<&str> = planted
        .iter()
        .flat_map(|(_, rules)| rules)
        .map(String::as_str)
        .collect();
    let found = findings();
    let ids: BTreeSet<&str> = found
        .iter()
        .map(|finding| finding["id"].as_str().unwrap())
        .collect();
    let ids: BTreeSet<&str> = ids
        .into_iter()
        .filter(|id| *id != "address-unmatched")
        .collect();
    assert_eq!(ids, expected);
    for finding in &found {
        let path = finding["place"]["path"]
            .as_str()
            .unwrap()
            .trim_start_matches("examples/kubernetes/");
        let told = planted
            .iter()
            .any(|(files, _)| files.iter().any(|file| file == path));
        assert!(
            told,
            "{path} has a fault that the README does not tell: {}",
            finding["message"]
        );
    }
    for (files, rules) in &planted {
        let place = |finding: &Value| {
            finding["place"]["path"]
                .as_str()
                .unwrap()
                .trim_start_matches("examples/kubernetes/")
                .to_owned()
        };
        let hit = found.iter().any(|f| {
            rules.iter().any(|rule| f["id"] == rule.as_str()) && files.contains(&place(f))
        });
        assert!(hit, "{files:?} should break {rules:?}");
    }
}

#[test]
fn every_command_of_its_readme_says_something() {
    let readme = text("examples/kubernetes/README.md");
    let commands = readme
        .lines()
        .filter_map(|line| line.strip_prefix("    commonhold -C examples/kubernetes "));
    let commands: Vec<&str> = commands
        .map(|command| command.split(" > ").next().unwrap())
        .collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let outcome = example(command);
        assert!(!outcome.data.is_empty(), "{command}: {}", outcome.notes);
        assert_eq!(outcome.notes, "", "{command}");
    }
}

#[test]
fn nobody_in_it_is_kept_in_clear() {
    let outcome = example("show people --output json");
    assert!(!outcome.data.contains("BEGIN AGE"));
    let sealed = example("show person/maren --output json");
    assert!(!sealed.data.contains("BEGIN AGE"), "{}", sealed.data);
}
