//! What becomes of record sets that no file declares, and who answers for a change.

use change::Origin;

use crate::support::{Community, actions, state};

const WWW: &str = "www: {type: A, ttl: 60, value: 192.0.2.1}\n";

#[test]
fn what_was_never_declared_stays_unless_the_zone_says_otherwise() {
    let current = state(&["www 60 A 192.0.2.1", "old 60 A 192.0.2.1"]);
    let declared = state(&["old 60 A 192.0.2.9"]);
    let keeps = Community::zone("", WWW);
    let difference = keeps.diff(&current, None);
    assert!(difference.changes.is_empty());
    assert_eq!(difference.kept[0].resource, "old.example.org. A");
    assert_eq!(difference.kept.len(), 1);
    let difference = keeps.diff(&current, Some(&declared));
    assert_eq!(actions(&difference), ["delete old.example.org. A"]);
    let removes = Community::zone("foreign: remove\n", WWW);
    let difference = removes.diff(&current, None);
    assert_eq!(actions(&difference), ["delete old.example.org. A"]);
    assert!(difference.kept.is_empty());
}

#[test]
fn the_names_of_certificates_never_drift() {
    let current = state(&[
        "_acme-challenge 60 TXT \"one\"",
        "_acme-challenge.www 60 TXT \"two\"",
        "_acme-challenge.api 60 CNAME api.acme.example.net.",
        "www 60 A 192.0.2.1",
    ]);
    for settings in ["foreign: keep\n", "foreign: remove\n"] {
        let difference = Community::zone(settings, WWW).diff(&current, None);
        let challenges = |resource: &str| resource.ends_with(" TXT");
        assert!(
            !difference
                .kept
                .iter()
                .any(|kept| challenges(&kept.resource))
        );
        assert!(!actions(&difference).iter().any(|change| challenges(change)));
    }
    let difference = Community::zone("foreign: remove\n", WWW).diff(&current, None);
    let alias = "delete _acme-challenge.api.example.org. CNAME";
    assert_eq!(actions(&difference), [alias], "an alias is set for good");
    let declared = state(&["_acme-challenge 60 TXT \"one\""]);
    let difference = Community::zone("", WWW).diff(&current, Some(&declared));
    let own = "delete _acme-challenge.example.org. TXT";
    assert_eq!(
        actions(&difference),
        [own],
        "what a file said it takes back"
    );
}

#[test]
fn nothing_may_be_under_absent_names() {
    let current = state(&[
        "old 60 A 192.0.2.1",
        "a.old 60 A 192.0.2.1",
        "_acme-challenge.old 60 TXT \"x\"",
        "gold 60 A 192.0.2.1",
    ]);
    let community = Community::zone("absent: [old]\n", "b.old: {type: A, value: 192.0.2.1}\n");
    let difference = community.diff(&current, None);
    assert_eq!(
        actions(&difference),
        [
            "delete _acme-challenge.old.example.org. TXT",
            "delete a.old.example.org. A",
            "delete old.example.org. A",
            "create b.old.example.org. A",
        ]
    );
    assert_eq!(difference.kept[0].resource, "gold.example.org. A");
}

#[test]
fn a_zone_keeps_its_name_servers_when_no_file_names_them() {
    let current = state(&["@ 60 NS a.example.net.", "lab 60 NS b.example.net."]);
    let community = Community::zone("foreign: remove\n", "{}\n");
    let difference = community.diff(&current, Some(&current));
    assert_eq!(actions(&difference), ["delete lab.example.org. NS"]);
    assert!(difference.kept.is_empty());
    let files = "'': {type: NS, ttl: 60, values: [c.example.net.]}\n";
    let difference = Community::zone("", files).diff(&current, None);
    assert_eq!(actions(&difference), ["update example.org. NS"]);
}

#[test]
fn what_a_file_leaves_alone_is_neither_made_nor_deleted() {
    let files = "www: {type: A, value: 192.0.2.1, octodns: {ignored: true}}\n";
    let community = Community::zone("foreign: remove\n", files);
    let difference = community.diff(&state(&["www 60 A 192.0.2.9"]), None);
    assert!(difference.changes.is_empty());
    assert_eq!(difference.kept[0].resource, "www.example.org. A");
    assert!(community.diff(&state(&[]), None).changes.is_empty());
}

#[test]
fn a_server_has_the_records_that_are_for_it() {
    let files = "a: {type: A, value: 192.0.2.1, octodns: {excluded: [primary]}}\n\
                 b: {type: A, value: 192.0.2.1, octodns: {included: [other]}}\n\
                 c: {type: A, value: 192.0.2.1, octodns: {included: [primary]}}\n";
    let wanted = Community::zone("", files).wanted();
    let names: Vec<&str> = wanted.sets.keys().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["c.example.org."]);
}

#[test]
fn a_record_that_no_server_can_be_stops_the_zone_unless_it_is_for_another() {
    let check = "healthcheck: {protocol: TCP, port: 80}";
    let files = format!("a: {{type: A, value: 192.0.2.1, octodns: {{{check}}}}}\n");
    let stopped = Community::zone("", &files).desired("example.org");
    assert!(stopped.unwrap_err().what.contains("`healthcheck`"));
    let files =
        format!("a: {{type: A, value: 192.0.2.1, octodns: {{{check}, included: [other]}}}}\n");
    assert!(Community::zone("", &files).wanted().sets.is_empty());
}

fn owned(records: &str) -> Community {
    let item = "records: [dns/example.org.yaml]\nservers: [primary]\nowner: ops\nforeign: remove\n";
    Community::of(&[
        ("groups/ops.yaml", "{}\n"),
        ("groups/docs.yaml", "{}\n"),
        ("groups/web.yaml", "{}\n"),
        ("zones/example.org.yaml", item),
        ("dns/example.org.yaml", records),
    ])
}

fn by(owner: &str, address: &str) -> String {
    format!("www: {{type: A, ttl: 60, value: {address}, commonhold: {{owner: {owner}}}}}\n")
}

#[test]
fn a_change_is_for_those_who_answer_before_and_after() {
    let unsaid = "www: {type: A, ttl: 60, value: 192.0.2.3}\n".to_owned();
    let is = state(&["www 60 A 192.0.2.1"]);
    for (was, wanted, expected) in [
        (
            by("docs", "192.0.2.1"),
            by("docs", "192.0.2.2"),
            &["docs"][..],
        ),
        (
            by("docs", "192.0.2.1"),
            by("web", "192.0.2.2"),
            &["docs", "web"],
        ),
        (unsaid.clone(), by("web", "192.0.2.2"), &["ops", "web"]),
        (by("docs", "192.0.2.1"), unsaid, &["docs", "ops"]),
        (by("docs", "192.0.2.1"), "{}\n".to_owned(), &["docs"]),
        ("{}\n".to_owned(), by("web", "192.0.2.2"), &["web"]),
        ("{}\n".to_owned(), "{}\n".to_owned(), &["ops"]),
    ] {
        let before = owned(&was).wanted();
        let difference = owned(&wanted).diff(&is, Some(&before));
        let change = &difference.changes[0];
        assert_eq!(change.owners, expected, "{was}{wanted}");
        let declared = wanted
            .starts_with("www")
            .then_some("dns/example.org.yaml:1");
        assert_eq!(change.declared_at.as_deref(), declared);
        assert_eq!(change.origin, Origin::Commit);
    }
}
