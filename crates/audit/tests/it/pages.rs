//! Readers of answers, without a server.

use audit::aws::reading::{
    PARTS, access_keys, buckets, document, iam_page, location, records, summary, zones,
};
use proptest::prelude::*;
use serde_json::Value;

/// Reads a part of how a bucket is set up.
fn part(name: &str, text: &str) -> Result<Value, String> {
    let mut parts = PARTS.iter();
    parts.find(|part| part.name == name).unwrap().read(text)
}

#[test]
fn pages_say_where_the_next_starts() {
    let page = "<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket></Buckets><ContinuationToken>t</ContinuationToken></ListAllMyBucketsResult>";
    assert_eq!(
        buckets(page).unwrap(),
        (vec!["a".to_owned()], Some("t".to_owned()))
    );
    let page = "<R><GetAccountAuthorizationDetailsResult><UserDetailList><member><UserName>a</UserName></member></UserDetailList><GroupDetailList/><RoleDetailList/><Policies/><IsTruncated>true</IsTruncated><Marker>m</Marker></GetAccountAuthorizationDetailsResult></R>";
    assert_eq!(iam_page(page).unwrap().next.as_deref(), Some("m"));
    assert!(iam_page(&page.replace("<Marker>m</Marker>", "")).is_err());
    assert!(iam_page(&page.replace("<Policies/>", "")).is_err());
    let page = "<R><ResourceRecordSets/><IsTruncated>true</IsTruncated><NextRecordName>b.</NextRecordName><NextRecordType>A</NextRecordType></R>";
    let next = records(page).unwrap().next.unwrap();
    assert_eq!(next, [("name", "b.".to_owned()), ("type", "A".to_owned())]);
}

#[test]
fn names_that_would_lead_elsewhere_are_refused() {
    for name in ["../x", "a/b", "a?policy", "", ".."] {
        let page = format!(
            "<ListAllMyBucketsResult><Buckets><Bucket><Name>{name}</Name></Bucket></Buckets></ListAllMyBucketsResult>"
        );
        assert!(buckets(&page).is_err(), "{name}");
    }
    for region in ["evil.example/", "EU-WEST", "a", "us-east-1.evil"] {
        let page = format!("<LocationConstraint>{region}</LocationConstraint>");
        assert!(location(&page).is_err(), "{region}");
    }
    let page = "<R><HostedZones><HostedZone><Id>/hostedzone/../x?</Id><Name>a.</Name></HostedZone></HostedZones><IsTruncated>false</IsTruncated></R>";
    assert!(zones(page).is_err());
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = "<a>".repeat(2000) + &"</a>".repeat(2000);
    let page = format!("<LifecycleConfiguration>{deep}</LifecycleConfiguration>");
    assert!(part("lifecycle", &page).is_err());
    assert!(document(&("[".repeat(100_000) + &"]".repeat(100_000))).is_err());
}

#[test]
fn one_of_what_there_may_be_several_of_is_a_list() {
    let rule = "<Rule><ID>a</ID></Rule>";
    let read = |rules: &str| {
        part(
            "lifecycle",
            &format!("<LifecycleConfiguration>{rules}</LifecycleConfiguration>"),
        )
    };
    let one = read(rule).unwrap();
    let two = read(&rule.repeat(2)).unwrap();
    assert_eq!(one["Rule"].as_array().unwrap().len(), 1);
    assert_eq!(two["Rule"].as_array().unwrap().len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in "[<>/=a-cR\"'&;%{}\\[\\]: \\n]{0,60}") {
        let _ = (buckets(&text), location(&text), iam_page(&text), access_keys(&text));
        let _ = (summary(&text), zones(&text), records(&text), document(&text));
        for part in PARTS {
            let _ = part.read(&text);
        }
    }

    #[test]
    fn the_order_of_tags_does_not_matter(tags in prop::collection::btree_map("[a-z]{1,4}", "[a-z]{0,4}", 0..6)) {
        let tagged = |tags: Vec<(&String, &String)>| {
            let tags: String = tags.iter().map(|(key, value)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>")).collect();
            audit::normal(part("tags", &format!("<Tagging><TagSet>{tags}</TagSet></Tagging>")).unwrap()).to_string()
        };
        let one = tagged(tags.iter().collect());
        prop_assert_eq!(one, tagged(tags.iter().rev().collect()));
    }
}
