//! The questions, by their answers and by their refusals.

use commonhold::Exit;

use crate::support::{Folder, commonhold, example, run_in};

#[test]
fn impact_follows_what_breaks_and_names_whom_to_warn() {
    let data = example("impact dns-k8s-io").data;
    assert!(data.starts_with("If service/dns-k8s-io goes: "), "{data}");
    assert!(
        data.contains("runs on service/prow, which is found through service/dns-k8s-io"),
        "{data}"
    );
    let warned = data.split("Groups to warn:").nth(1).expect("groups");
    assert!(warned.contains("sig-testing"), "{warned}");
    assert!(example("impact person/quill").data.contains("is weakened"));
}

#[test]
fn impact_of_an_account_is_what_runs_there() {
    let data = example("impact account/gcp-k8s-prow --output csv").data;
    assert!(
        data.contains("service/prow,stops,runs at account/gcp-k8s-prow,sig-testing"),
        "{data}"
    );
}

#[test]
fn why_goes_forth_or_back_and_says_when_neither() {
    let forth = example("why prow-deck dns-k8s-io").data;
    let back = example("why dns-k8s-io prow-deck").data;
    assert_eq!(forth, back);
    assert!(
        forth.contains("service/prow-deck leads to service/dns-k8s-io in 2 steps"),
        "{forth}"
    );
    let none = example("why organisation/kubernetes account/zoom");
    assert_eq!((none.exit, none.data.as_str()), (Exit::Findings, ""));
}

#[test]
fn filters_leave_what_they_say() {
    assert!(
        example("show services --unowned")
            .data
            .contains("k8s-tempelis-registry")
    );
    assert_eq!(example("show services --unowned").data.lines().count(), 2);
    let owned = example("show services --owner sig-testing --output csv").data;
    assert!(
        owned
            .lines()
            .skip(1)
            .all(|line| line.contains(",sig-testing,")),
        "{owned}"
    );
    let there = example("show services --where gcp-k8s-prow --output csv").data;
    assert!(
        there.lines().count() > 3
            && there
                .lines()
                .skip(1)
                .all(|line| line.contains("gcp-k8s-prow")),
        "{there}"
    );
}

#[test]
fn an_employer_is_found_under_all_its_names() {
    let under = |name: &str| {
        let folder = Folder::new()
            .with("commonhold.yaml", "commonhold: 1\nname: T\n")
            .with("charter.yaml", "employers: [{name: Cedar, also: [Oak]}]\n")
            .with("people/ada.yaml", "employers: [{company: Cedar}]\n")
            .with("people/bob.yaml", "employers: [{company: Oak}]\n");
        run_in(
            &folder.0,
            &format!("show people --employer {name} --output csv"),
        )
        .data
        .lines()
        .count()
    };
    assert_eq!((under("Cedar"), under("oak")), (3, 3));
}

#[test]
fn a_slip_gets_a_suggestion() {
    for (arguments, said, exit) in [
        (
            "show service/prwo",
            "did you mean service/prow?",
            Exit::Findings,
        ),
        (
            "show services --owner sig-tseting",
            "did you mean sig-testing?",
            Exit::Findings,
        ),
        (
            "explain minimum-staf",
            "did you mean `minimum-staff`?",
            Exit::Usage,
        ),
        ("schema servce", "did you mean `service`?", Exit::Usage),
        ("help chek", "did you mean `check`?", Exit::Usage),
        (
            "check --rule minimum-stafff",
            "did you mean `minimum-staff`?",
            Exit::Usage,
        ),
        (
            "show services --employer Nobody",
            "nobody in the estate works for",
            Exit::Findings,
        ),
        ("show people --unowned", "does not apply", Exit::Findings),
        ("show --unowned", "needs a kind", Exit::Usage),
        ("chekc", "check", Exit::Usage),
    ] {
        let outcome = example(arguments);
        assert!(
            outcome.notes.contains(said),
            "{arguments}: {}",
            outcome.notes
        );
        assert_eq!(
            (outcome.exit, outcome.data.as_str()),
            (exit, ""),
            "{arguments}"
        );
    }
}

#[test]
fn a_day_that_does_not_exist_is_refused() {
    let outcome = commonhold("--at 2026-02-30 stats");
    assert!(
        outcome.notes.contains("invalid value '2026-02-30'"),
        "{}",
        outcome.notes
    );
    assert_eq!(outcome.exit, Exit::Usage);
}

#[test]
fn a_name_of_two_kinds_must_be_said_with_its_kind() {
    let outcome = example("show github");
    assert!(outcome.notes.contains("may mean"), "{}", outcome.notes);
    assert!(outcome.notes.contains("say which"), "{}", outcome.notes);
}

#[test]
fn a_folder_without_an_estate_is_said_to_be_one() {
    let folder = Folder::new();
    let outcome = run_in(&folder.0, "check");
    assert_eq!(outcome.exit, Exit::Findings);
    assert!(
        outcome.notes.contains("commonhold init"),
        "{}",
        outcome.notes
    );
    let named = commonhold("-C examples/nowhere check");
    assert!(
        named.notes.contains("examples/nowhere is not a folder"),
        "{}",
        named.notes
    );
}

#[test]
fn the_estate_is_found_from_a_folder_inside_it() {
    let folder = crate::support::root().join("examples/kubernetes/services");
    let outcome = run_in(&folder, "--at 2021-01-15 check");
    assert!(
        outcome.data.contains("--> ../services/gcsweb.yaml:9:9"),
        "{}",
        outcome.data
    );
}

#[test]
fn the_drawing_holds_every_service_once() {
    let mermaid = example("graph --output mermaid").data;
    let services = example("show services --output csv").data.lines().count() - 1;
    assert_eq!(
        mermaid
            .lines()
            .filter(|line| line.trim_start().starts_with('n')
                && !line.contains("--")
                && !line.contains("-."))
            .count(),
        services
    );
    let around = example("graph --around zoom --depth 1 --output dot").data;
    assert!(
        around.contains("Zoom") && !around.contains("Boskos"),
        "{around}"
    );
    assert!(example("graph").data.starts_with("<svg"));
}
