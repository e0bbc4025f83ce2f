//! Which files of a tree are read, and what becomes of those that cannot be.

use std::collections::BTreeMap;
use std::io::Write;

use base::Severity;
use estate::{MemoryTree, Tree, Unreadable};
use flate2::Compression;
use flate2::write::GzEncoder;
use formats::Ci;
use proptest::prelude::*;

use super::{Read, read};

const MANIFEST: &str = "commonhold: 1\nname: x\nsources:\n  - {format: prow-jobs, path: jobs}\n";

fn job(name: &str) -> String {
    format!(
        "periodics:\n- name: {name}\n  interval: 1h\n  spec:\n    containers:\n    - image: i:1\n"
    )
}

fn tree(files: &[(&str, String)]) -> MemoryTree {
    let start = MemoryTree::default();
    files
        .iter()
        .fold(start, |tree, (path, text)| tree.with(path, text.clone()))
}

fn names(read: &Read) -> Vec<String> {
    read.jobs
        .catalogue()
        .jobs
        .iter()
        .map(|job| job.name.value.clone())
        .collect()
}

/// Errors as `code line:column`.
fn errors(read: &Read) -> Vec<String> {
    let catalogue = read.jobs.catalogue();
    let all = read.jobs.findings.iter().chain(&catalogue.findings);
    let errors = all.filter(|finding| finding.severity == Severity::Error);
    let place = |finding: &base::Diagnostic| read.sources.locate(finding.span);
    errors
        .map(|finding| format!("{} {}", finding.code.id, place(finding)))
        .collect()
}

#[test]
fn files_are_taken_out_by_name_and_by_the_files_that_say_so() {
    let tree = tree(&[
        ("jobs/a.yaml", job("a")),
        ("jobs/b.yml", job("b")),
        ("jobs/c.txt", job("c")),
        ("jobs/..data/d.yaml", job("d")),
        ("jobs/e/..e.yaml", job("e")),
        ("jobs/f/.prowignore", "skip.yaml\n".to_owned()),
        ("jobs/f/skip.yaml", "anything: else\n".to_owned()),
        ("jobs/f/g.yaml", job("g")),
        ("other/h.yaml", job("h")),
    ]);
    let read = read(MANIFEST, &tree);
    assert_eq!(names(&read), ["a", "b", "g"]);
    assert_eq!(errors(&read), Vec::<String>::new());
}

#[test]
fn a_job_knows_its_file_and_line() {
    let tree = tree(&[("jobs/x/a.yaml", format!("# first\n\n{}", job("a")))]);
    let read = read(MANIFEST, &tree);
    let catalogue = read.jobs.catalogue();
    assert_eq!(catalogue.jobs[0].path.as_ref(), "jobs/x/a.yaml");
    assert_eq!(
        read.sources.locate(catalogue.jobs[0].span),
        "jobs/x/a.yaml:4:3"
    );
}

#[test]
fn two_files_of_one_name_hide_each_other() {
    let tree = tree(&[("jobs/x/a.yaml", job("a")), ("jobs/y/a.yaml", job("b"))]);
    assert_eq!(
        errors(&read(MANIFEST, &tree)),
        ["prow-file-twice jobs/y/a.yaml:1:1"]
    );
}

#[test]
fn only_the_first_document_counts_and_a_second_is_an_error() {
    let begun = format!("---\n{}---\n# no more\n", job("a"));
    let both = format!("{}---\n{}", job("b"), job("c"));
    let tree = tree(&[("jobs/a.yaml", begun), ("jobs/b.yaml", both)]);
    let read = read(MANIFEST, &tree);
    assert_eq!(names(&read), ["a", "b"]);
    assert_eq!(errors(&read), ["prow-second-document jobs/b.yaml:8:1"]);
}

#[test]
fn anchors_in_the_place_for_them_are_followed() {
    let text = "prow_ignored:\n  spec: &spec {containers: [{image: i}]}\nperiodics:\n\
                - {name: a, interval: 1h, spec: *spec}\n";
    let read = read(MANIFEST, &tree(&[("jobs/a.yaml", text.to_owned())]));
    assert_eq!(
        (names(&read), errors(&read)),
        (vec!["a".to_owned()], Vec::new())
    );
}

#[test]
fn a_source_without_jobs_or_that_is_not_there_is_an_error() {
    let empty = tree(&[("jobs/a.yaml", "# nothing yet\n".to_owned())]);
    assert_eq!(
        errors(&read(MANIFEST, &empty)),
        ["source-empty commonhold.yaml:4:31"]
    );
    let missing = tree(&[("elsewhere/a.yaml", job("a"))]);
    let read = read(MANIFEST, &missing);
    assert_eq!(errors(&read), ["file-unreadable commonhold.yaml:4:31"]);
    assert!(read.jobs.incomplete);
}

#[test]
fn every_mistake_of_every_file_is_said_and_other_files_stand() {
    let cases = [
        ("a.yaml", "periodics: [\n", "yaml-syntax"),
        ("b.yaml", "periodics:\n\t- name: b\n", "yaml-tab"),
        ("c.yaml", "periodics: yes\n", "yaml-type"),
        ("d.yaml", "periodics: {}\n", "yaml-type"),
        ("e.yaml", "[]\n", "yaml-type"),
        ("f.yaml", "presubmits:\n- name: f\n", "yaml-type"),
        (
            "g.yaml",
            "periodics: []\nperiodics: []\n",
            "yaml-duplicate-key",
        ),
        ("h.yaml", "jobs: []\n", "yaml-unknown-key"),
        (
            "i.yaml",
            "periodics:\n- interval: 1h\n  spec: {containers: [{image: i}]}\n",
            "yaml-missing-key",
        ),
        ("j.yaml", "periodics: \u{0}\n", "yaml-syntax"),
        ("k.yaml", "just text\n", "yaml-type"),
        ("l.yaml", "periodics:\n- name: [l]\n", "yaml-type"),
        ("m.yaml", "a: &a [*a]\n", ""),
    ];
    let mut files = vec![("jobs/z.yaml".to_owned(), job("z"))];
    files.extend(
        cases
            .iter()
            .map(|(name, text, _)| (format!("jobs/{name}"), (*text).to_owned())),
    );
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.clone()))
        .collect();
    let read = read(MANIFEST, &tree(&files));
    assert_eq!(names(&read), ["z"]);
    let errors = errors(&read);
    for (name, _, code) in cases {
        let place = format!("jobs/{name}:");
        let said: Vec<&String> = errors
            .iter()
            .filter(|error| error.contains(&place))
            .collect();
        assert!(!said.is_empty(), "{name}: {errors:#?}");
        assert!(
            said.iter().any(|error| error.starts_with(code)),
            "{name}: {said:?}"
        );
    }
    assert!(read.jobs.catalogue().incomplete);
}

#[test]
fn what_a_broken_file_may_declare_is_not_held_against_others() {
    let user = job("a").replace("  interval", "  labels: {preset-x: \"1\"}\n  interval");
    let user = user + "      volumeMounts: [{name: of-the-preset, mountPath: /x}]\n";
    let broken = |text: &str| {
        let files = [
            ("jobs/a.yaml", user.clone()),
            ("jobs/b.yaml", text.to_owned()),
        ];
        let read = read(MANIFEST, &tree(&files));
        let dead = read.jobs.catalogue().dead_presets().len();
        (dead, errors(&read))
    };
    let (dead, errors) = broken("presets: [\n");
    assert_eq!((dead, errors.len()), (0, 1), "{errors:?}");
    let (dead, errors) = broken("presets: [{labels: 1}]\n");
    assert_eq!((dead, errors.len()), (0, 1), "{errors:?}");
    let (dead, errors) = broken("presets: []\n");
    assert_eq!((dead, errors.len()), (1, 1), "{errors:?}");
    // A job's own mistake says nothing about presets.
    let (dead, errors) =
        broken("periodics: [{name: b, interval: 1x, spec: {containers: [{image: i}]}}]\n");
    assert_eq!((dead, errors.len()), (1, 2), "{errors:?}");
}

#[test]
fn without_such_a_source_nothing_is_read() {
    struct Untouched;
    impl Tree for Untouched {
        fn read(&self, path: &str) -> Result<String, Unreadable> {
            panic!("{path} is read")
        }

        fn find(&self, path: &str, _: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
            panic!("{path} is searched")
        }

        fn is_folder(&self, path: &str) -> bool {
            panic!("{path} is looked at")
        }
    }
    let mut sources = base::SourceMap::default();
    assert!(Ci::read(&[], &Untouched, &mut sources).findings.is_empty());
}

#[test]
fn adopting_a_source_reads_none_of_its_files() {
    let tree = tree(&[("jobs/a.yaml", "nonsense: [".to_owned())])
        .with(estate::Manifest::FILE, MANIFEST)
        .with("charter.yaml", "rules: {}\n");
    let (estate, findings) = formats::load(&tree).expect("an estate");
    assert!(findings.is_empty(), "{findings:?}");
    let mut sources = estate.sources.clone();
    let found = Ci::load(&estate, &tree, &mut sources).findings;
    assert_eq!(found.len(), 1);
}

#[test]
fn a_source_that_is_not_there_is_said_once() {
    let manifest = format!("{MANIFEST}  - {{format: testgrid, path: boards}}\n");
    let tree =
        tree(&[("charter.yaml", "rules: {}\n".to_owned())]).with(estate::Manifest::FILE, manifest);
    let (estate, mut findings) = formats::load(&tree).expect("an estate");
    let mut sources = estate.sources.clone();
    let found = Ci::load(&estate, &tree, &mut sources).findings;
    findings.extend(found);
    let codes: Vec<_> = findings.iter().map(|finding| finding.code.id).collect();
    assert_eq!(codes, ["file-unreadable"; 2]);
}

#[test]
fn the_owners_of_an_estate_answer_for_its_jobs() {
    let manifest = format!("{MANIFEST}  - {{format: owners, path: jobs, repository: org/jobs}}\n");
    let tree = tree(&[
        ("jobs/OWNERS", "approvers: [ada, bob, carol]\n".to_owned()),
        (
            "jobs/OWNERS_ALIASES",
            "aliases: {bakers: [ada, bob]}\n".to_owned(),
        ),
        ("jobs/a.yaml", job("a")),
        ("jobs/x/OWNERS", "approvers: [bakers]\n".to_owned()),
        ("jobs/x/b.yaml", job("b")),
        ("jobs/y/OWNERS", "labels: [y]\n".to_owned()),
        ("jobs/y/c.yaml", job("c")),
    ])
    .with(estate::Manifest::FILE, manifest)
    .with("charter.yaml", "rules: {}\n");
    let (estate, _) = formats::load(&tree).expect("an estate");
    let approvers = formats::prow_jobs::approvers(&estate);
    let read = read(MANIFEST, &tree);
    let catalogue = read.jobs.catalogue();
    let few = approvers.under_owned(&catalogue, 3);
    let few: Vec<_> = few
        .iter()
        .map(|few| (few.job, few.folder, few.approvers))
        .collect();
    assert_eq!(few, [(1, Some("jobs/x"), 2)]);
}

#[test]
fn a_huge_file_is_an_error_and_nothing_more() {
    let huge = format!("{}#{}\n", job("a"), "x".repeat(17 << 20));
    let read = read(
        MANIFEST,
        &tree(&[("jobs/a.yaml", huge), ("jobs/b.yaml", job("b"))]),
    );
    assert_eq!(names(&read), ["b"]);
    assert_eq!(errors(&read), ["yaml-limit jobs/a.yaml:1:1"]);
}

#[test]
fn an_edit_is_read_alone_and_the_rest_stands() {
    let files = [("jobs/a.yaml", job("a")), ("jobs/b.yaml", job("b"))];
    let mut read = read(MANIFEST, &tree(&files));
    let other = std::sync::Arc::as_ptr(&read.jobs.files[1]);
    read.jobs
        .replace("jobs/a.yaml", job("c"), &mut read.sources);
    assert_eq!(names(&read), ["c", "b"]);
    assert!(std::ptr::eq(
        other,
        std::sync::Arc::as_ptr(&read.jobs.files[1])
    ));
    read.jobs
        .replace("jobs/a.yaml", "periodics: [".to_owned(), &mut read.sources);
    assert_eq!(names(&read), ["b"]);
    assert_eq!(errors(&read), ["yaml-syntax jobs/a.yaml:1:13"]);
}

/// A tree some of whose files are not text.
struct Bytes(MemoryTree, BTreeMap<&'static str, Vec<u8>>);

impl Tree for Bytes {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        match self.1.get(path) {
            Some(_) => Err(Unreadable {
                path: path.to_owned(),
                reason: "it is not UTF-8".to_owned(),
                missing: false,
            }),
            None => self.0.read(path),
        }
    }

    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match self.1.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.0.read_bytes(path),
        }
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        let mut found = self.0.find(folder, wanted)?;
        found.extend(self.1.keys().map(|path| (*path).to_owned()));
        found.sort();
        Ok(found)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.0.is_folder(path)
    }
}

#[test]
fn a_gzipped_file_is_read_and_a_bomb_is_not() {
    let zipped = |text: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).expect("memory");
        encoder.finish().expect("memory")
    };
    let mut cut = zipped(job("c").as_bytes());
    cut.truncate(cut.len() / 2);
    let files = [
        ("jobs/a.yaml", zipped(job("a").as_bytes())),
        ("jobs/b.yaml", zipped(&vec![b' '; 40 << 20])),
        ("jobs/c.yaml", cut),
        ("jobs/d.yaml", vec![0xff, 0xfe, 0x00]),
    ];
    let tree = Bytes(
        tree(&[("jobs/z.yaml", job("z"))]),
        files.into_iter().collect(),
    );
    let read = read(MANIFEST, &tree);
    assert_eq!(names(&read), ["a", "z"]);
    let said: Vec<&str> = read
        .jobs
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].starts_with("jobs/b.yaml cannot be read: gzipped, it holds more than"));
    assert!(said[1].starts_with("jobs/c.yaml cannot be read: it is gzipped, and not whole"));
    assert!(said[2].starts_with("jobs/d.yaml cannot be read: it is not UTF-8"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_panics_and_a_merge_says_the_same_twice(cut in 0..400_usize, with in "[-:{}\\[\\]&*#|>!%@`\"' \n\ta-z0-9\u{0}]{0,6}") {
        let sound = job("a") + &job("b").replace("periodics:\n", "");
        let at = cut % sound.len();
        let text = format!("{}{with}{}", &sound[..at], &sound[at..]);
        let tree = tree(&[("jobs/a.yaml", text)]);
        let (one, two) = (read(MANIFEST, &tree), read(MANIFEST, &tree));
        prop_assert_eq!(errors(&one), errors(&two));
    }
}
