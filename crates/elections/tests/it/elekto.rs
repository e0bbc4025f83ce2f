//! Elekto's folders.

use base::{Diagnostic, SourceMap, Span, Spanned};
use elections::definition::{Key, Publish, Tie};
use elections::elekto::{
    self, CandidateFile, ElectionFile, Folder, Info, NaiveTime, Unsaid, write,
};
use elections::voters::Roll;
use elections::{Directory, Login};
use estate::{MemoryTree, Tree as _, join};
use proptest::prelude::*;

use crate::support::{at, codes, errors, estate, login, real};

const DASHES: &str = "-------------------------------------------------------------";

fn election(extra: &str) -> String {
    format!(
        "name: Election\norganization: Lab\nstart_datetime: 2026-08-14 00:00:01\n\
         end_datetime: 2026-10-02 11:59:59\nno_winners: 3\nelection_officers:\n- olga\n{extra}"
    )
}

fn candidate(front: &str, body: &str) -> String {
    format!("{DASHES}\n{front}{DASHES}\n{body}")
}

fn folder(files: &[(&str, String)]) -> (Option<Folder>, Vec<Diagnostic>) {
    let tree = files
        .iter()
        .fold(MemoryTree::default(), |tree, (name, text)| {
            tree.with(&format!("lab/{name}"), text.clone())
        });
    let mut sources = SourceMap::default();
    let key = Key::new("steering/2026").expect("a key");
    let reading = elekto::read(&tree, "lab", &key, &mut sources);
    for finding in &reading.findings {
        sources.locate(finding.span);
    }
    (reading.folder, reading.findings)
}

fn with_voters(list: &str) -> Folder {
    let files = [
        ("election.yaml", election("")),
        ("voters.yaml", list.to_owned()),
    ];
    folder(&files).0.expect("a folder")
}

#[test]
fn real_folders_are_read_and_written_back_byte_for_byte() {
    let Some(tree) = real("kubernetes/community/elections") else {
        return;
    };
    let folders = elekto::folders(&tree, "").unwrap();
    assert!(folders.len() >= 3, "{folders:?}");
    let mut candidates = 0;
    for path in &folders {
        let mut sources = SourceMap::default();
        let reading = elekto::read(&tree, path, &Key::new(path).unwrap(), &mut sources);
        let errors: Vec<&Diagnostic> = errors(&reading.findings).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
        let folder = reading.folder.unwrap();
        candidates += folder.candidates.len();
        assert!(!folder.voters.is_empty(), "{path}");
        let ours = |name: &str| {
            name.starts_with("candidate")
                || [
                    "election.yaml",
                    "voters.yaml",
                    "election_desc.md",
                    "results.md",
                    "ballots.csv",
                ]
                .contains(&name)
        };
        let mut expected = tree.find(path, &ours).unwrap();
        expected.sort();
        let written: Vec<String> = folder.files().keys().map(|name| join(path, name)).collect();
        assert_eq!(written, expected);
        for (name, text) in folder.files() {
            assert_eq!(
                *text,
                tree.read(&join(path, name)).unwrap(),
                "{path}/{name}"
            );
        }
    }
    assert!(candidates >= 16, "{candidates}");
}

#[test]
fn real_folders_become_elections_of_ours_and_rolls() {
    let Some(tree) = real("kubernetes/community/elections") else {
        return;
    };
    let mut sources = SourceMap::default();
    let key = Key::new("steering/2024").unwrap();
    let folder = elekto::read(&tree, "steering/2024", &key, &mut sources)
        .folder
        .unwrap();
    let (definition, findings) = folder.definition(&UNSAID);
    assert_eq!(errors(&findings).count(), 0, "{findings:?}");
    let definition = definition.unwrap();
    assert_eq!(definition.seats.value.get(), 3);
    assert_eq!(definition.body.name, "steering");
    assert_eq!(definition.voting().close, at("2024-09-27T11:59:59Z"));
    let estate = estate(&[]);
    let logins = folder.voters.iter().map(|voter| &voter.value);
    let roll = Roll::listed(logins, &Directory::of(&estate));
    assert_eq!(roll.voters().len(), 660);
    assert!(roll.admits(&login("249043822"), None).is_err());
}

const UNSAID: Unsaid = Unsaid {
    body: None,
    tie: Tie::Coin,
    publish: Publish::Full,
};

#[test]
fn every_login_is_a_text_whatever_yaml_makes_of_it() {
    let list =
        "eligible_voters:\n- 249043822\n- no\n- 1e3\n- null\n- '42'\n- 2020-01-01\n- 0x1F\n- ada\n";
    let files = [
        ("election.yaml", election("")),
        ("voters.yaml", list.to_owned()),
    ];
    let (folder, findings) = folder(&files);
    let voters: Vec<String> = folder
        .unwrap()
        .voters
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        voters,
        [
            "249043822",
            "no",
            "1e3",
            "null",
            "42",
            "2020-01-01",
            "0x1F",
            "ada"
        ]
    );
    let warned = codes(&findings);
    assert_eq!(
        warned
            .iter()
            .filter(|code| **code == "login-not-text")
            .count(),
        6
    );
    assert_eq!(errors(&findings).count(), 0);
}

#[test]
fn a_login_that_stands_twice_but_for_case_is_reported_and_is_one_voter() {
    let files = [
        ("election.yaml", election("")),
        (
            "voters.yaml",
            "eligible_voters: [serenity611, ada, Serenity611]\n".to_owned(),
        ),
    ];
    let (folder, findings) = folder(&files);
    assert!(codes(&findings).contains(&"login-twice"));
    let estate = estate(&[]);
    let folder = folder.unwrap();
    let logins = folder.voters.iter().map(|voter| &voter.value);
    let roll = Roll::listed(logins, &Directory::of(&estate));
    assert_eq!(roll.voters().len(), 2);
    assert!(roll.admits(&login("SERENITY611"), None).is_ok());
}

/// A file beside or instead of those of a sound folder, and what is found.
const BAD: &[(&str, &str, &str)] = &[
    ("voters.yaml", "", "yaml-documents"),
    ("voters.yaml", "voters: [ada]\n", "yaml-unknown-key"),
    (
        "voters.yaml",
        "eligible_voters: [ada lovelace]\n",
        "login-form",
    ),
    ("voters.yaml", "eligible_voters: [{a: b}]\n", "yaml-type"),
    ("voters.yaml", "eligible_voters:\n- \n", "yaml-empty"),
    ("voters.yaml", "eligible_voters: ada\n", "yaml-type"),
    (
        "voters.yaml",
        "eligible_voters:\n- ada\n\t- bea\n",
        "yaml-tab",
    ),
    ("candidate-ada.md", "", "elekto-candidate"),
    ("candidate-ada.md", "# Ada\n", "elekto-candidate"),
    (
        "candidate-ada.md",
        "---\nname: Ada\nID: ada\n",
        "elekto-candidate",
    ),
    (
        "candidate-ada.md",
        "---\nname: Ada\nID: bea\n---\n",
        "elekto-candidate",
    ),
    (
        "candidate-ada.md",
        "---\nname: Ada\nID: Ada\n---\n",
        "elekto-candidate",
    ),
    (
        "candidate-ada.txt",
        "---\nname: Ada\nID: ada\n---\n",
        "elekto-candidate",
    ),
    (
        "candidate-ada.md",
        "---\nname: Ada\n---\n",
        "yaml-missing-key",
    ),
    (
        "candidate-ada.md",
        "---\nname: [Ada\nID: ada\n---\n",
        "yaml-syntax",
    ),
    (
        "candidate-ada.md",
        "---\nname: Ada\nID: ada\ninfo: [a]\n---\n",
        "yaml-type",
    ),
    (
        "candidate-ada.md",
        "---\nname: Ada\nID: ada\ninfo: [{a: b}, {a: c}]\n---\n",
        "yaml-duplicate-key",
    ),
    (
        "candidate-ada.md",
        "---\nname: Ada\nID: ada lovelace\n---\n",
        "login-form",
    ),
];

/// A line more in a sound `election.yaml`, and what is found.
const BAD_LINES: &[(&str, &str)] = &[
    ("exceptions_due: 2026-09-01 00:00:00", "yaml-unknown-key"),
    ("exception_due: 2026-09-01", "elekto-time"),
    ("exception_due: '2026-09-01 00:00:00'", "elekto-time"),
    ("exception_due: 2026-09-01 00:00:00 UTC", "elekto-time"),
    ("exception_due: 2026-09-01T00:00:00Z", "elekto-time"),
    ("exception_due: 2026-13-01 00:00:00", "elekto-time"),
    ("exception_due: 2026-09-01 24:00:00", "elekto-time"),
    ("exception_due: 2026-09-01 23:59:60", "elekto-time"),
    ("exception_due: soon", "elekto-time"),
    ("exception_due: [2026-09-01 00:00:00]", "yaml-type"),
    ("name: Twice", "yaml-duplicate-key"),
    ("allow_no_opinion: maybe", "yaml-type"),
];

fn refused(files: &[(&str, String)], code: &str) {
    let (folder, findings) = folder(files);
    assert!(codes(&findings).contains(&code), "{files:?}: {findings:?}");
    assert!(folder.is_none(), "{files:?}");
    let helped = errors(&findings).all(|finding| finding.help.is_some());
    assert!(helped, "{findings:?}");
}

#[test]
fn bad_folders_are_refused_with_a_place_and_a_help() {
    let sound = [
        ("election.yaml", election("")),
        ("voters.yaml", "eligible_voters: [ada]\n".to_owned()),
    ];
    refused(&sound[..1], "elekto-folder");
    refused(&sound[1..], "elekto-folder");
    let with = |name: &'static str, text: &str, code| {
        // Of two files of one name the later counts.
        let more = [(name, text.to_owned())];
        refused(&[&sound[..], &more[..]].concat(), code);
    };
    for (name, text, code) in BAD {
        with(name, text, code);
    }
    for (line, code) in BAD_LINES {
        with("election.yaml", &election(&format!("{line}\n")), code);
    }
    let late = election("").replace("2026-08-14", "2026-11-14");
    with("election.yaml", &late, "election-window");
}

#[test]
fn a_misspelled_key_is_told_which_one_was_meant() {
    let files = [
        (
            "election.yaml",
            election("exceptions_due: 2026-09-01 00:00:00\n"),
        ),
        ("voters.yaml", "eligible_voters: [ada]\n".to_owned()),
    ];
    let (_, findings) = folder(&files);
    let finding = errors(&findings).next().unwrap();
    assert_eq!(
        finding.help.as_deref(),
        Some("did you mean `exception_due`?")
    );
}

#[test]
fn times_are_read_as_utc_and_that_is_said() {
    let files = [
        ("election.yaml", election("")),
        ("voters.yaml", "eligible_voters: [ada]\n".to_owned()),
    ];
    let (folder, findings) = folder(&files);
    let said: Vec<&str> = findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "`2026-08-14 00:00:01` has no zone, and is read as UTC",
            "`2026-10-02 11:59:59` has no zone, and is read as UTC: 2026-10-01 23:59:59 Anywhere on Earth",
        ]
    );
    let definition = folder.unwrap().definition(&UNSAID).0.unwrap();
    assert_eq!(
        definition.close.value.to_string(),
        "2026-10-02 11:59:59 UTC"
    );
}

#[test]
fn data_of_candidates_is_a_list_or_a_mapping_and_other_dashes_are_said() {
    let read = |text: &str| {
        let mut sources = SourceMap::default();
        let file = sources.add("candidate-ada.md", text);
        CandidateFile::read(text, file, "ada")
    };
    let list = candidate(
        "name: Ada\nID: ada\ninfo:\n  - employer: Lab\n  - slack:\n",
        "\n# Ada\n",
    );
    let (found, findings) = read(&list);
    let found = found.unwrap();
    assert_eq!(
        (found.info.get("employer"), found.info.get("slack")),
        (Some("Lab"), Some(""))
    );
    assert_eq!((found.statement.as_str(), findings.len()), ("\n# Ada\n", 0));
    let mapping = candidate("name: Ada\nID: ada\ninfo:\n  employer: Lab\n  slack:\n", "");
    assert_eq!(read(&mapping).0.unwrap().info, found.info);
    let (short, findings) = read(&list.replacen("--", "", 1));
    assert_eq!(
        (short.is_some(), codes(&findings)),
        (true, vec!["elekto-dashes"])
    );
    let (_, findings) = read(&format!("\n{list}{DASHES}---\n"));
    assert_eq!(codes(&findings), ["elekto-dashes"]);
    let tab = list.replace("ID: ada", "ID:\tada");
    assert_eq!(read(&tab).0.unwrap(), found);
    let (_, findings) = read(&list.replace('\n', "\r\n").replace("ID: ada", "ID: Ada"));
    assert_eq!(codes(&findings), ["elekto-candidate"]);
}

#[test]
fn a_statement_longer_than_the_limit_is_a_finding() {
    let files = [
        ("election.yaml", election("")),
        ("voters.yaml", "eligible_voters: [ada]\n".to_owned()),
        (
            "candidate-ada.md",
            candidate(
                "name: Ada\nID: ada\n",
                "\n## What I do\n- this - and that\n",
            ),
        ),
    ];
    let folder = folder(&files).0.unwrap();
    assert_eq!(codes(&folder.check_words(5)), ["candidate-words"]);
    assert!(folder.check_words(6).is_empty());
}

#[test]
fn voters_are_added_and_removed_without_touching_another_line() {
    let list = "# Log\neligible_voters:\n- ada # since 2024\n- '42'\n- Serenity611\n# end\n";
    let mut folder = with_voters(list);
    folder
        .set_voters([login("ADA"), login("42"), login("serenity611")].iter())
        .unwrap();
    assert_eq!(folder.files()["voters.yaml"], list);
    folder
        .set_voters(
            [
                login("ada"),
                login("serenity611"),
                login("007"),
                login("zoe"),
            ]
            .iter(),
        )
        .unwrap();
    assert_eq!(
        folder.files()["voters.yaml"],
        "# Log\neligible_voters:\n- ada # since 2024\n- Serenity611\n- '007'\n- zoe\n# end\n"
    );
    let mut sorted = with_voters("eligible_voters:\n  - ada\n  - cy");
    sorted
        .set_voters([login("ada"), login("Bea"), login("cy"), login("di")].iter())
        .unwrap();
    assert_eq!(
        sorted.files()["voters.yaml"],
        "eligible_voters:\n  - ada\n  - Bea\n  - cy\n  - di\n"
    );
    let mut flow = with_voters("eligible_voters: [ada, bea]\n");
    assert!(flow.set_voters([login("ada")].iter()).is_err());
    assert_eq!(flow.voters.len(), 2);
}

#[test]
fn an_election_of_ours_is_written_as_elekto_reads_it() {
    let definition = crate::support::sound(crate::support::ELECTION);
    let file = ElectionFile::of(&definition, "Lab", &[login("olga"), login("007")]);
    assert_eq!(
        file.to_text(),
        "name: steering/2026\norganization: Lab\nstart_datetime: 2026-08-14 00:00:01\n\
         end_datetime: 2026-10-02 11:59:59\nno_winners: 3\nallow_no_opinion: True\n\
         delete_after: True\nshow_candidate_fields: []\nelection_officers:\n  - olga\n  - '007'\n\
         exception_due: 2026-09-29 11:59:59\n"
    );
}

fn span() -> Span {
    Span::start_of(SourceMap::default().add("", ""))
}

prop_compose! {
    fn any_login()(text in prop_oneof!["[A-Za-z0-9_-]{1,20}", "[0-9]{1,9}", "(no|yes|null|1e3|on|y|0x1F|-|--)"]) -> Login {
        login(&text)
    }
}

#[test]
fn a_word_that_yaml_takes_for_a_merge_is_written_so_that_it_reads_as_text() {
    let file = CandidateFile {
        id: Spanned::new(login("ada"), span()),
        name: "<<".to_owned(),
        info: Info(vec![("<<".to_owned(), "<<".to_owned())]),
        statement: String::new(),
    };
    let text = write::candidate(&file);
    let id = SourceMap::default().add("candidate-ada.md", text.clone());
    let (found, findings) = CandidateFile::read(&text, id, "ada");
    assert_eq!(found, Some(file), "{findings:?}\n{text}");
}

proptest! {
    #[test]
    fn a_list_of_voters_reads_as_it_is_written(logins in prop::collection::btree_set(any_login(), 0..20)) {
        let folder = with_voters(&write::voters(&logins));
        let found: Vec<&Login> = folder.voters.iter().map(|voter| &voter.value).collect();
        prop_assert_eq!(found, logins.iter().collect::<Vec<_>>());
    }

    #[test]
    fn an_election_reads_as_it_is_written(
        name in "\\PC*", organization in any::<String>(), eligibility in prop::option::of(any::<String>()),
        seconds in 0_i64..200_000_000_000, officers in prop::collection::vec(any_login(), 0..4),
        fields in prop::collection::vec("\\PC+", 0..3), truth in prop::option::of(any::<bool>()),
    ) {
        let time = |second: i64| {
            let at = jiff::Timestamp::from_second(second).unwrap();
            Spanned::new(NaiveTime::at(at), span())
        };
        let file = ElectionFile {
            name, organization, eligibility,
            start_datetime: time(seconds),
            end_datetime: time(seconds + 1),
            exception_due: truth.map(|_| time(seconds + 2)),
            no_winners: None,
            allow_no_opinion: truth,
            delete_after: truth,
            show_candidate_fields: elekto::ShownFields(fields),
            election_officers: officers.into_iter().map(|one| Spanned::new(one, span())).collect(),
            exception_description: None,
        };
        let files = [("election.yaml", file.to_text()), ("voters.yaml", "eligible_voters: [ada]\n".to_owned())];
        let (folder, findings) = folder(&files);
        prop_assert!(folder.is_some(), "{:?}\n{}", findings, file.to_text());
        prop_assert_eq!(folder.unwrap().election, file);
    }

    #[test]
    fn a_candidate_reads_as_they_are_written(
        id in any_login(), name in any::<String>(), statement in any::<String>(),
        info in prop::collection::btree_map("\\PC{1,10}", any::<String>(), 0..4),
    ) {
        let file = CandidateFile {
            id: Spanned::new(id, span()),
            name,
            info: Info(info.into_iter().collect()),
            statement,
        };
        let text = write::candidate(&file);
        let mut sources = SourceMap::default();
        let id = sources.add("candidate.md", text.clone());
        let (found, findings) = CandidateFile::read(&text, id, file.id.as_str());
        prop_assert_eq!(found.as_ref(), Some(&file), "{:?}\n{}", findings, text);
    }

    #[test]
    fn edited_voters_are_exactly_those_wanted(
        before in prop::collection::btree_set(any_login(), 1..12),
        after in prop::collection::btree_set(any_login(), 1..12),
    ) {
        let mut folder = with_voters(&format!("# head\n{}# tail\n", write::voters(&before)));
        folder.set_voters(&after).unwrap();
        let found: std::collections::BTreeSet<Login> = folder.voters.iter().map(|one| one.value.clone()).collect();
        prop_assert_eq!(found, after);
        let text = &folder.files()["voters.yaml"];
        prop_assert!(text.starts_with("# head\n") && text.ends_with("# tail\n"));
    }

    #[test]
    fn no_folder_makes_the_reader_panic(election in "\\PC*", voters in "\\PC*", candidate in any::<String>()) {
        let _ = folder(&[
            ("election.yaml", election),
            ("voters.yaml", voters),
            ("candidate-ada.md", format!("---\n{candidate}\n---\n")),
            ("candidate-bea.md", candidate),
        ]);
    }
}
