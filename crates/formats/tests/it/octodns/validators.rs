//! The validators that a zone is held to.

use super::Given;
use formats::octodns::validate;

#[test]
fn zones_are_held_to_the_sets_they_name() {
    let text = "'': {type: MX, value: {exchange: mx.example.org., preference: 1}}\nmx: {type: CNAME, value: a.example.org.}\na: {type: CNAME, value: mx.example.org.}\nd: {type: DNAME, value: example.net.}\nx.d: {type: A, value: 192.0.2.1}\n";
    for (sets, expected) in [
        (&[][..], &[][..]),
        (
            &["strict"],
            &["no-cname-loop", "dname-coexistence", "mx-target-not-cname"],
        ),
        (
            &["best-practice"],
            &[
                "cname-target-not-cname",
                "cname-target-not-cname",
                "mail",
                "mail",
                "mail",
            ],
        ),
        (&["no-cname-lop"], &[""]),
    ] {
        let mut given = Given::one(text);
        given.validators(sets);
        let zone = given.zone();
        let findings = validate(&zone, &given.item.value, &[]);
        let ids: Vec<&str> = findings
            .iter()
            .map(|finding| {
                finding
                    .message
                    .rsplit_once("via: ")
                    .map_or("", |(_, id)| id)
            })
            .collect();
        assert_eq!(ids, expected, "{sets:?} {:?}", given.said(&findings));
    }
}

#[test]
fn a_zone_below_has_its_records_to_itself() {
    let mut given = Given::one(
        "b: {type: NS, values: [x.example.net., y.example.net.]}\na.b: {type: A, value: 192.0.2.1}\n",
    );
    let zone = given.zone();
    let below = [estate::records::DomainName::absolute("b.example.org.").unwrap()];
    let findings = validate(&zone, &given.item.value, &below);
    assert_eq!(
        given.said(&findings),
        ["z.yaml:2:1 zone-cut a.b.example.org. A belongs to the zone b.example.org"]
    );
}
