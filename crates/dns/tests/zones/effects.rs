//! What a change to a zone does.

use change::Change;
use charter::risk::{Breaks, Rollback};
use estate::KindId;

use crate::support::{Community, state};

/// The one change that takes the sets of a server to the records of a file.
fn change(current: &[&str], records: &str) -> Change {
    let community = Community::zone("foreign: remove\n", records);
    let mut difference = community.diff(&state(current), None);
    assert_eq!(difference.changes.len(), 1, "{difference:#?}");
    difference.changes.remove(0)
}

/// What is there, the files, and what the change between them does: whether it breaks
/// something and can be undone, whether it only adds, and a part of the reasons.
type Case = (
    &'static [&'static str],
    &'static str,
    (Breaks, Rollback),
    bool,
    &'static str,
);

use Breaks::{Likely, May, No};
use Rollback::{Easy, Hard};

fn judge(cases: &[Case]) {
    for (current, records, (breaks, rollback), only_adds, why) in cases {
        let change = change(current, records);
        let effect = &change.effect;
        let judged = (effect.breaks, effect.rollback, effect.only_adds);
        assert_eq!(judged, (*breaks, *rollback, *only_adds), "{change:#?}");
        let reasons = [effect.breaks_because.as_slice(), &effect.rollback_because].concat();
        let said = reasons.join("; ");
        assert!(said.contains(why), "{why}: {said}");
        assert!(effect.known && !effect.governs && !effect.grows_access);
        let zone = (KindId::Zone, "example.org".to_owned());
        assert!(effect.touches.contains(&zone), "{change:#?}");
    }
}

#[test]
fn a_change_is_judged_by_the_record_it_touches() {
    judge(&[
        (
            &["@ 300 NS a.example.net."],
            "'': {type: NS, ttl: 300, values: [b.example.net.]}\n",
            (Likely, Easy),
            false,
            "who answers for the whole zone",
        ),
        (
            &["@ 300 NS a.example.net."],
            "'': {type: NS, ttl: 60, values: [a.example.net.]}\n",
            (Likely, Easy),
            false,
            "who answers for the whole zone",
        ),
        (
            &["@ 300 MX 1 a.example.net."],
            "'': {type: MX, ttl: 300, value: {preference: 1, exchange: b.example.net.}}\n",
            (Likely, Easy),
            false,
            "lost mail does not come back",
        ),
        (
            &[],
            "'': {type: MX, ttl: 300, value: {preference: 1, exchange: b.example.net.}}\n",
            (May, Easy),
            true,
            "mail begins",
        ),
        (
            &["@ 300 MX 1 a.example.net."],
            "'': {type: MX, ttl: 60, value: {preference: 1, exchange: a.example.net.}}\n",
            (No, Easy),
            false,
            "",
        ),
        (
            &[],
            "'': {type: CAA, ttl: 300, value: {flags: 0, tag: issue, value: ca.example.net}}\n",
            (May, Easy),
            true,
            "certificates",
        ),
        (
            &["lab 300 DS 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"],
            "{}\n",
            (Likely, Easy),
            false,
            "wrong DS",
        ),
        (
            &["_dmarc 300 TXT \"v=DMARC1; p=none\""],
            "_dmarc: {type: TXT, ttl: 300, value: v=DMARC1\\; p=reject}\n",
            (May, Easy),
            false,
            "receivers judge mail",
        ),
        (
            &["www 60 A 192.0.2.1"],
            "www: {type: A, ttl: 60, value: 192.0.2.2}\n",
            (No, Easy),
            false,
            "",
        ),
    ]);
}

#[test]
fn wildcards_answer_for_all_below_and_what_they_covered_is_not_only_added_to() {
    judge(&[
        (
            &[],
            "'*': {type: A, ttl: 60, value: 192.0.2.2}\n",
            (May, Easy),
            true,
            "answers for every name below",
        ),
        (
            &["* 60 A 192.0.2.1"],
            "'*': {type: A, ttl: 60, value: 192.0.2.1}\nwww: {type: TXT, ttl: 60, value: hello}\n",
            (May, Easy),
            false,
            "*.example.org. answers for it today",
        ),
        (
            &["* 60 A 192.0.2.1"],
            "'*': {type: A, ttl: 60, value: 192.0.2.1}\n'*.lab': {type: A, ttl: 60, value: 192.0.2.2}\n",
            (May, Easy),
            false,
            "*.example.org. answers for it today",
        ),
        (
            &["* 60 A 192.0.2.1", "lab 60 A 192.0.2.1"],
            "'*': {type: A, ttl: 60, value: 192.0.2.1}\nlab: {type: A, ttl: 60, value: 192.0.2.1}\nwww.lab: {type: A, ttl: 60, value: 192.0.2.2}\n",
            (No, Easy),
            true,
            "",
        ),
    ]);
}

#[test]
fn a_delegation_hides_what_stands_below_it_but_for_its_glue() {
    let glue = "ns.lab: {type: A, ttl: 60, value: 192.0.2.2}\n";
    let ns = "lab: {type: NS, ttl: 60, values: [ns.lab.example.org., ns.example.net.]}\n";
    judge(&[
        (
            &[],
            "lab: {type: NS, ttl: 60, values: [a.example.net., b.example.net.]}\n",
            (May, Easy),
            true,
            "others answer",
        ),
        (
            &["ns.lab 60 A 192.0.2.2"],
            Box::leak(format!("{ns}{glue}").into_boxed_str()),
            (May, Easy),
            true,
            "others answer",
        ),
        (
            &["ns.lab 60 A 192.0.2.2", "www.lab 60 A 192.0.2.2"],
            Box::leak(
                format!("{ns}{glue}www.lab: {{type: A, ttl: 60, value: 192.0.2.2}}\n")
                    .into_boxed_str(),
            ),
            (Likely, Easy),
            false,
            "www.lab.example.org is hidden",
        ),
    ]);
}

#[test]
fn old_answers_stay_in_caches_for_as_long_as_they_may() {
    judge(&[
        (
            &["www 3600 A 192.0.2.1"],
            "www: {type: A, ttl: 60, value: 192.0.2.2}\n",
            (No, Hard),
            false,
            "caches may keep the old answer for 60 minutes",
        ),
        (
            &["www 60 A 192.0.2.1"],
            "www: {type: A, ttl: 86400, value: 192.0.2.1}\n",
            (No, Hard),
            false,
            "answers stay in caches for 24 hours afterwards",
        ),
        (
            &["www 86400 A 192.0.2.1"],
            "www: {type: A, ttl: 300, value: 192.0.2.1}\n",
            (No, Easy),
            false,
            "",
        ),
        (
            &["www 259200 A 192.0.2.1"],
            "{}\n",
            (No, Hard),
            false,
            "caches may keep the old answer for 3 days",
        ),
    ]);
}

#[test]
fn names_that_lead_to_a_name_are_what_hangs_on_it() {
    let mut current = vec!["redirect 60 A 192.0.2.1".to_owned()];
    current.extend((0..35).map(|n| format!("n{n:02} 60 CNAME redirect.example.org.")));
    let aliases: String = (0..35)
        .map(|n| format!("n{n:02}: {{type: CNAME, ttl: 60, value: redirect.example.org.}}\n"))
        .collect();
    let current: Vec<&str> = current.iter().map(String::as_str).collect();
    let moved = format!("{aliases}redirect: {{type: A, ttl: 60, value: 192.0.2.2}}\n");
    for (records, breaks) in [(&moved, May), (&aliases, Likely)] {
        let effect = change(&current, records).effect;
        assert_eq!((effect.breaks, effect.dependents.len()), (breaks, 35));
        let why = "35 names lead to it, n00.example.org among them";
        assert_eq!(effect.breaks_because, [why]);
    }
    let ttl = format!("{aliases}redirect: {{type: A, ttl: 30, value: 192.0.2.1}}\n");
    assert_eq!(change(&current, &ttl).effect.breaks, No);
}

#[test]
fn services_under_a_name_are_touched_and_the_zones_service_where_all_of_it_is() {
    let item =
        "records: [dns/example.org.yaml]\nservers: [primary]\nservice: names\nforeign: remove\n";
    for (records, touched) in [
        (
            "www: {type: A, ttl: 60, value: 192.0.2.2}\n",
            &["website"][..],
        ),
        ("'': {type: A, ttl: 60, value: 192.0.2.2}\n", &["names"]),
        ("'*': {type: A, ttl: 60, value: 192.0.2.2}\n", &["names"]),
        ("api: {type: A, ttl: 60, value: 192.0.2.2}\n", &[]),
    ] {
        let community = Community::of(&[
            ("groups/ops.yaml", "{}\n"),
            (
                "services/names.yaml",
                "name: Names\nsummary: Names.\nkind: custom\nowner: ops\n",
            ),
            (
                "services/website.yaml",
                "name: Website\nsummary: Pages.\nkind: custom\nowner: ops\nhostnames: [WWW.example.org]\n",
            ),
            ("zones/example.org.yaml", item),
            ("dns/example.org.yaml", records),
        ]);
        let difference = community.diff(&state(&[]), None);
        let touches = &difference.changes[0].effect.touches;
        let services: Vec<&str> = touches
            .iter()
            .filter(|(kind, _)| *kind == KindId::Service)
            .map(|(_, name)| name.as_str())
            .collect();
        assert_eq!(services, touched, "{records}");
    }
}
