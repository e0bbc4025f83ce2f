//! What is wrong with what an estate says of audits.

use audit::check;
use jiff::civil::date;

use crate::account::estate;

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let estate = estate(files);
    let findings = check(&estate, date(2026, 1, 1));
    let told = findings.iter().map(|finding| {
        let place = estate.sources.locate(finding.span);
        format!("{} {place}: {}", finding.code.id, finding.message)
    });
    told.collect()
}

#[test]
fn entries_need_an_owner_and_end() {
    let root = "commonhold: 1\nname: Example\naudit_ignore:\n- {thing: bucket/a, owner: infra, reason: old, until: 2026-01-01}\n- {thing: bucket/b, owner: infre, reason: old, until: 2025-12-31}\n";
    assert_eq!(
        found(&[("commonhold.yaml", root)]),
        [
            "audit-ignore-owner commonhold.yaml:5:28: the estate has no group `infre`",
            "audit-ignore-ended commonhold.yaml:5:55: `bucket/b` was to be let be until 2025-12-31",
        ]
    );
}

#[test]
fn accounts_are_audited_where_that_can_be_done_safely() {
    let account = |provider: &str, more: &str| {
        format!(
            "provider: {provider}\nid: a\nholder: community\naudit: {{credential: env/KEY{more}}}\n"
        )
    };
    for (text, says) in [
        (account("aws", ""), None),
        (
            account("aws", ", region: eu-west-1, address: 'http://127.0.0.1:1'"),
            None,
        ),
        (account("gcp", ""), Some("provider `gcp`")),
        (
            account("aws", ", region: Ireland"),
            Some("`Ireland` is not the name of a region"),
        ),
        (
            account("aws", ", address: 'http://aws.example'"),
            Some("in the clear"),
        ),
    ] {
        let found = found(&[("accounts/main.yaml", &text)]);
        match says {
            None => assert!(found.is_empty(), "{text}: {found:?}"),
            Some(says) => assert!(
                found.len() == 1 && found[0].contains(says),
                "{text}: {found:?}"
            ),
        }
    }
}
