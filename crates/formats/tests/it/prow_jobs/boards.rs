//! Dashboards, their tabs and the jobs on them.

use base::Severity;
use estate::MemoryTree;

use super::read;

const MANIFEST: &str = "commonhold: 1\nname: x\nsources:\n  - {format: prow-jobs, path: jobs}\n  \
                        - {format: testgrid, path: testgrids}\n";

const JOBS: &str = r#"
periodics:
- name: app-nightly
  interval: 1h
  annotations: {testgrid-dashboards: "app, release", testgrid-tab-name: nightly}
  spec: {containers: [{image: i}]}
- name: app-weekly
  interval: 168h
  spec: {containers: [{image: i}]}
"#;

const BOARDS: &str = r"
test_groups:
- {name: old-tests, gcs_prefix: results/old, days_of_results: 15}
dashboards:
- name: app
  dashboard_tab:
  - {name: old, test_group_name: old-tests, alert_options: {alert_mail_to_addresses: a@example.com}}
  - {name: weekly, test_group_name: app-weekly, base_options: width=10}
- name: release
dashboard_groups:
- {name: all, dashboard_names: [app, release]}
";

fn found(jobs: &str, boards: &str) -> Vec<String> {
    let tree = MemoryTree::default()
        .with("jobs/a.yaml", jobs)
        .with("testgrids/a.yaml", boards);
    let read = read(MANIFEST, &tree);
    let catalogue = read.jobs.catalogue();
    let boards = read.boards.boards(Some(&catalogue));
    let all = read
        .boards
        .findings
        .iter()
        .chain(&boards.findings)
        .chain(&catalogue.findings);
    let counting = all.filter(|finding| finding.severity > Severity::Note);
    counting
        .map(|finding| {
            let file = read.sources.file(finding.span.file);
            let text = &file.text[finding.span.start as usize..finding.span.end as usize];
            format!("{} {text}", finding.code.id)
        })
        .collect()
}

#[test]
fn each_mistake_is_found_once_where_it_is() {
    assert_eq!(found(JOBS, BOARDS), Vec::<String>::new());
    let cases: &[(&str, &str, &str)] = &[
        (
            "test_group_name: old-tests",
            "test_group_name: old-test",
            "board-unknown old-test",
        ),
        (
            "dashboard_names: [app, release]",
            "dashboard_names: [app, relaese]",
            "board-unknown relaese",
        ),
        ("- name: release", "- name: app", "board-twice app"),
        ("name: weekly", "name: old", "board-twice old"),
        (
            "base_options",
            "base_option",
            "yaml-unknown-key base_option",
        ),
        (
            "dashboards:",
            "- {name: old-tests}\ndashboards:",
            "board-twice old-tests",
        ),
    ];
    for (old, new, expected) in cases {
        assert!(BOARDS.contains(old), "{old}");
        let mut said = found(JOBS, &BOARDS.replacen(old, new, 1));
        // Where a dashboard took another's name, the other is missing too.
        said.retain(|said| *new != "- name: app" || said != "board-unknown release");
        assert_eq!(said, [*expected], "{new}");
    }
    let said = found(&JOBS.replace("app, release", "app, releases"), BOARDS);
    assert_eq!(said, ["board-unknown releases"]);
}

#[test]
fn a_job_is_where_it_asks_to_be_and_where_tabs_show_it() {
    let tree = MemoryTree::default()
        .with("jobs/a.yaml", JOBS)
        .with("testgrids/a.yaml", BOARDS);
    let read = read(MANIFEST, &tree);
    let catalogue = read.jobs.catalogue();
    let boards = read.boards.boards(Some(&catalogue));
    assert_eq!(
        boards.of_jobs(&catalogue),
        [
            vec![("app", "nightly"), ("release", "nightly")],
            vec![("app", "weekly")]
        ]
    );
    let alert = boards.tabs().find_map(|(_, tab)| tab.alert.as_ref());
    assert_eq!(
        alert.map(|alert| alert.value.as_str()),
        Some("a@example.com")
    );
    // Without the jobs nobody can say which results there are.
    assert!(read.boards.boards(None).findings.is_empty());
}
