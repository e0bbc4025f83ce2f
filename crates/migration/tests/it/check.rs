//! What is wrong with migrations.

use base::SourceMap;
use estate::Draft;
use migration::check::{Report, check};
use policy::Things;

use crate::support::{TODAY, away, service, tree};

/// What is found, with the sources that it is about.
fn checked(files: &[(&str, &str)]) -> (Report, SourceMap) {
    let tree = tree(files);
    let (mut estate, findings) = Draft::read(&tree).unwrap().resolve();
    assert!(findings.is_empty(), "{findings:#?}");
    let mut sources = std::mem::take(&mut estate.sources);
    let things = Things::of(&estate, None).on(TODAY);
    let report = check(&estate, &things, &mut sources, &tree, TODAY);
    (report, sources)
}

fn found(files: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let (report, sources) = checked(files);
    let found = report.findings.iter();
    found
        .map(|one| (one.code.id, sources.locate(one.span)))
        .collect()
}

#[test]
fn a_sound_migration_has_no_findings() {
    let more = "started: 2025-01-01\ndue: 2026-06-30\ncapacity: {web: 3}\n\
                freezes: [{from: 2026-02-01, until: 2026-02-01}]\n";
    let files = [
        ("migrations/away.yaml", away(more)),
        ("services/a.yaml", service("web", &["old"], "")),
    ];
    assert_eq!(found(&borrowed(&files)), []);
}

#[test]
fn each_mistake_is_found_at_its_place() {
    let more = "started: 2025-01-01\ndue: 2024-06-30\ncapacity: {wbe: 3, web: -1}\n\
                freezes: [{from: 2026-02-02, until: 2026-02-01}]\n\
                blockers:\n- {id: mute}\n- {id: picky, where: 'name == \"a\"', freed: [x]}\n\
                - {id: mute, where: 'name == \"nobody\"', effort: -2}\n";
    let files = [
        ("migrations/away.yaml", away(more)),
        ("services/a.yaml", service("web", &["old"], "")),
    ];
    assert_eq!(
        found(&borrowed(&files)),
        [
            ("migration-dates", "migrations/away.yaml:8:6".to_owned()),
            ("migration-dates", "migrations/away.yaml:10:37".to_owned()),
            ("reference-unknown", "migrations/away.yaml:9:12".to_owned()),
            ("migration-amount", "migrations/away.yaml:9:20".to_owned()),
            ("migration-amount", "migrations/away.yaml:14:49".to_owned()),
            ("migration-blocker", "migrations/away.yaml:12:8".to_owned()),
            ("migration-blocker", "migrations/away.yaml:13:45".to_owned()),
            ("migration-blocker", "migrations/away.yaml:14:8".to_owned()),
            (
                "migration-blocker-idle",
                "migrations/away.yaml:14:8".to_owned()
            ),
        ]
    );
}

#[test]
fn fields_that_cannot_be_used_are_found_and_nothing_is_judged() {
    let more = "batch: runs_at\nblockers: [{id: b, each: criticalty}, {id: c, each: staff}]\n";
    let files = [("migrations/away.yaml", away(more))];
    let (report, sources) = checked(&borrowed(&files));
    let told: Vec<(String, Option<&str>)> = report
        .findings
        .iter()
        .map(|one| {
            (
                format!("{} {}", sources.locate(one.span), one.message),
                one.help.as_deref(),
            )
        })
        .collect();
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(
        told.iter()
            .any(|(said, _)| said.contains("`runs_at` of a service is a list"))
    );
    assert!(told.iter().any(|(said, help)| {
        said.contains("a service has no field `criticalty`")
            && *help == Some("did you mean `criticality`?")
    }));
    assert!(report.standings.is_empty());
}

#[test]
fn a_ratchet_lets_nothing_in_and_takes_off_what_is_left_no_more() {
    let files = [
        ("migrations/away.yaml", away("ratchet: true\n")),
        (
            "migrations/away.baseline",
            "# What was there.\na\nmoved\n".to_owned(),
        ),
        ("services/a.yaml", service("web", &["old"], "")),
        ("services/b.yaml", service("web", &["old"], "")),
        ("services/moved.yaml", service("web", &["new"], "")),
    ];
    let (report, sources) = checked(&borrowed(&files));
    let [grown] = report.findings.as_slice() else {
        panic!("{:#?} {:#?}", report.findings, report.standings);
    };
    assert_eq!(grown.code.id, "ratchet-grown");
    assert!(sources.line_of(grown.span).starts_with("services/b.yaml:"));
    let [shrunk] = report.shrunk.as_slice() else {
        panic!("{:#?}", report.shrunk);
    };
    assert_eq!(shrunk.text, "# What was there.\na\n");
    assert_eq!(
        (shrunk.gone.as_slice(), shrunk.left),
        (["moved".to_owned()].as_slice(), 1)
    );
    assert_eq!(sources.line_of(shrunk.span), "migrations/away.baseline:3");
}

#[test]
fn a_ratchet_without_a_list_is_told() {
    let files = [
        ("migrations/away.yaml", away("ratchet: true\n")),
        ("services/a.yaml", service("web", &["old"], "")),
    ];
    let found = found(&borrowed(&files));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "ratchet-baseline");
}

fn borrowed<'f>(files: &'f [(&'f str, String)]) -> Vec<(&'f str, &'f str)> {
    files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect()
}
