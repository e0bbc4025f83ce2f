//! Findings for programs: each form holds what the others do.

use commonhold::Exit;
use serde_json::Value;

use crate::support::{Folder, commonhold, example, run_in};

fn json(arguments: &str) -> Value {
    serde_json::from_str(&example(arguments).data).expect("JSON")
}

#[test]
fn every_form_of_check_names_the_same_places() {
    let findings = json("check --output json");
    let findings = findings["findings"].as_array().unwrap();
    let text = example("check").data;
    let github = example("check --output github").data;
    let sarif = json("check --output sarif");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let markdown = example("check --output markdown").data;
    assert_eq!((findings.len(), github.lines().count()), (17, 17));
    assert_eq!(results.len(), 17);
    for (finding, result) in findings.iter().zip(results) {
        let place = &finding["place"];
        let (path, line, column) = (
            place["path"].as_str().unwrap(),
            &place["line"],
            &place["column"],
        );
        assert!(text.contains(&format!("{path}:{line}:{column}")));
        assert!(github.contains(&format!("file={path},line={line},")));
        assert!(markdown.contains(&format!("{path}:{line}")));
        assert_eq!(result["ruleId"], finding["id"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(
            (&region["startLine"], &region["startColumn"]),
            (line, column)
        );
    }
}

#[test]
fn severity_hides_and_fail_on_decides() {
    let folder = Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: T\n")
        .with("people/ada.yaml", "name: Ada\n");
    let check = |arguments: &str| run_in(&folder.0, &format!("check {arguments}"));
    assert_eq!(check("").exit, Exit::Well);
    assert!(
        check("").data.contains("2 notes hidden"),
        "{}",
        check("").data
    );
    assert_eq!(check("--fail-on note").exit, Exit::Findings);
    assert_eq!(
        check("--severity note --rule person-idle")
            .data
            .matches("note[")
            .count(),
        1
    );
}

#[test]
fn an_exception_holds_until_its_day_and_then_speaks_up() {
    let folder = Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: T\n")
        .with("services/mail.yaml", "name: Mail\nsummary: Sends.\nkind: off-the-shelf\n")
        .with(
            "charter.yaml",
            "rules:\n  owner-present:\n    exceptions:\n      - {subject: service/mail, reason: r, decision: d, until: 2026-03-31}\n",
        );
    let check = |day: &str| {
        run_in(
            &folder.0,
            &format!("check --at {day} --rule owner-present --rule exception-expired"),
        )
        .data
    };
    assert!(
        check("2026-03-31").starts_with("T: no findings"),
        "{}",
        check("2026-03-31")
    );
    assert!(check("2026-04-01").contains("error[owner-present]"));
    assert!(check("2026-04-01").contains("error[exception-expired]"));
}

#[test]
fn nothing_is_coloured_unless_a_terminal_asks_for_it() {
    assert!(
        !commonhold("check examples/kubernetes")
            .data
            .contains('\u{1b}')
    );
    assert!(
        commonhold("check examples/kubernetes --color always")
            .data
            .contains('\u{1b}')
    );
    assert!(
        !commonhold("check examples/kubernetes --color never")
            .data
            .contains('\u{1b}')
    );
}

#[test]
fn a_table_survives_what_people_write() {
    let folder = Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: T\n")
        .with("organisations/org.yaml", "title: \"=1+1,\\\"x\\\" | y\"\n");
    let show = |form: &str| run_in(&folder.0, &format!("show organisations --output {form}")).data;
    assert!(
        show("csv").contains("org,0,0,\"'=1+1,\"\"x\"\" | y\"\r\n"),
        "{}",
        show("csv")
    );
    assert!(
        show("markdown").contains("=1+1,\"x\" \\| y"),
        "{}",
        show("markdown")
    );
    let json: Value = serde_json::from_str(&show("json")).unwrap();
    assert_eq!(json["organisations"][0]["title"], "=1+1,\"x\" | y");
}
