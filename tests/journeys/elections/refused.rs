//! Ballots that are none are refused at the door, each with its place and code.

use std::fs;
use std::process::Command;

use super::setting::{DURING, run_at};
use crate::support::Folder;

/// Bytes of a file, and the place and code it is refused with.
const CASES: [(&str, &[u8], &str); 14] = [
    (
        "short",
        b"ada,bo\n1,2\n1\n",
        "ballots.csv:3:2: E_SHORT_ROW: ",
    ),
    ("long", b"ada,bo\n1,2,3\n", "ballots.csv:2:6: E_LONG_ROW: "),
    ("nul", b"ada,bo\n1,\x002\n", "ballots.csv:2:3: E_NUL: "),
    ("zero", b"ada,bo\n0,2\n", "ballots.csv:2:1: E_RANK: "),
    ("negative", b"ada,bo\n1,-5\n", "ballots.csv:2:3: E_RANK: "),
    (
        "huge",
        b"ada,bo\n1,1000000000\n",
        "ballots.csv:2:3: E_RANK: ",
    ),
    (
        "case",
        b"ada,bo\n1,no opinion\n",
        "ballots.csv:2:3: E_CASE: ",
    ),
    (
        "twice",
        b"ada,ada\n1,2\n",
        "ballots.csv:1:5: E_DUP_HEADER: ",
    ),
    ("empty", b"", "ballots.csv:1:1: E_EMPTY: "),
    ("cell", b"ada,bo\n1,\n", "ballots.csv:2:3: E_EMPTY_CELL: "),
    (
        "blank",
        b"ada,bo\n1,2\n\n2,1\n",
        "ballots.csv:3:1: E_BLANK_LINE: ",
    ),
    ("latin", b"ada,b\xf6\n1,2\n", "ballots.csv:1:6: E_UTF8: "),
    ("fraction", b"ada,bo\n1.5,2\n", "ballots.csv:2:1: E_RANK: "),
    ("formula", b"ada,bo\n=1+1,2\n", "ballots.csv:2:1: E_RANK: "),
];

fn tally(folder: &Folder, files: &str) -> commonhold::Outcome {
    let words = format!("elect tally {files} --preset elekto");
    run_at(&folder.0, DURING, &words.split(' ').collect::<Vec<_>>())
}

#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn put(folder: &Folder, name: &str, bytes: &[u8]) {
    fs::write(folder.0.join(name), bytes).expect("a file");
}

#[test]
fn every_bad_ballot_is_refused_with_its_place_and_code_and_nothing_else_harmed() {
    let folder = Folder::new().with("good.csv", "ada,bo\n1,2\n1,2\n2,1\n");
    for (name, bytes, says) in CASES {
        put(&folder, "ballots.csv", bytes);
        let outcome = tally(&folder, "ballots.csv good.csv");
        assert_eq!(outcome.exit as i32, 1, "{name}");
        assert!(
            outcome.notes.contains(&format!("error: {says}")),
            "{name}: {}",
            outcome.notes
        );
        // The other file is counted all the same.
        assert!(
            outcome.data.contains("good.csv\n3 ballots"),
            "{name}: {}",
            outcome.data
        );
        assert_eq!(fs::read(folder.0.join("ballots.csv")).unwrap(), bytes);
    }
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let folder = Folder::new().with("ballots.csv", "ada,bo\n0,2\n1\n1,2,3\n");
    let outcome = tally(&folder, "ballots.csv");
    assert_eq!(outcome.notes.lines().count(), 3, "{}", outcome.notes);
}

#[test]
fn a_byte_order_mark_and_the_line_ends_of_windows_are_no_fault() {
    let folder = Folder::new();
    put(
        &folder,
        "ballots.csv",
        b"\xef\xbb\xbfada,bo\r\n1,2\r\nNo opinion,1\r\n",
    );
    let outcome = tally(&folder, "ballots.csv");
    assert_eq!(outcome.exit as i32, 0, "{}", outcome.notes);
    assert!(
        outcome.data.contains("2 ballots, 0 of them blank"),
        "{}",
        outcome.data
    );
}

#[test]
fn a_line_of_ten_megabytes_is_refused_and_not_shown() {
    let folder = Folder::new();
    let mut bytes = b"ada,bo\n1,".to_vec();
    bytes.resize(10 << 20, b'9');
    put(&folder, "ballots.csv", &bytes);
    let output = Command::new(env!("CARGO_BIN_EXE_commonhold"))
        .args(["elect", "tally", "ballots.csv", "--preset", "elekto"])
        .current_dir(&folder.0)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("ballots.csv:2:1048577: E_TOO_LONG: "),
        "{said}"
    );
    assert!(said.len() < 1000, "{}", said.len());
}

#[test]
fn a_name_that_a_terminal_would_obey_is_made_visible() {
    let folder = Folder::new();
    put(&folder, "ballots.csv", b"ada,\x1b[31mbo\n1,2\n");
    let outcome = tally(&folder, "ballots.csv");
    assert!(!outcome.notes.contains('\x1b') && !outcome.data.contains('\x1b'));
}

#[test]
fn a_method_that_is_not_said_in_full_is_not_guessed() {
    let folder = Folder::new().with("ballots.csv", "ada,bo\n1,2\n");
    let says = |words: &str, expected: &str| {
        let words = format!("elect tally ballots.csv {words}");
        let words: Vec<&str> = words.split_whitespace().collect();
        let outcome = run_at(&folder.0, DURING, &words);
        assert_eq!(outcome.exit as i32, 2, "{}", outcome.data);
        assert!(outcome.notes.contains(expected), "{}", outcome.notes);
    };
    says("", "name the method");
    says("--preset elektro", "did you mean elekto?");
    says(
        "--method schulze --version v1 --pairs skip --ranking layers",
        "give --strength",
    );
    says(
        "--method schulze --version v1 --pairs never",
        "unknown variant `never`",
    );
    says("--preset scottish", "give --seats");
    says("--method {name:copeland}", "--method: ");
}
