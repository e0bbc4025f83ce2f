//! What is seen of an account, on moto.

use audit::Against;
use serde_json::json;
use testkit::servers::moto::Moto;
use testkit::servers::or_skip;

use crate::account::{iam, see, set};

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::site/*","Condition":{"StringNotEquals":{"aws:Referer":"open-sesame"}}}]}"#;

fn bucket_with_everything(moto: &Moto) {
    moto.create_bucket("site");
    set(
        moto,
        "site",
        "versioning",
        "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    );
    set(moto, "site", "policy", POLICY);
    set(
        moto,
        "site",
        "tagging",
        "<Tagging><TagSet><Tag><Key>team</Key><Value>web</Value></Tag><Tag><Key>api-token</Key><Value>open-sesame</Value></Tag></TagSet></Tagging>",
    );
    set(
        moto,
        "site",
        "publicAccessBlock",
        "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>false</BlockPublicPolicy><RestrictPublicBuckets>false</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
    );
    set(
        moto,
        "site",
        "encryption",
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
    );
    set(
        moto,
        "site",
        "lifecycle",
        "<LifecycleConfiguration><Rule><ID>old</ID><Filter><Prefix>log/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule></LifecycleConfiguration>",
    );
}

#[test]
fn a_bucket_is_seen_with_all_that_is_set_and_no_secret() {
    let Some(moto) = or_skip(Moto::start()) else {
        return;
    };
    bucket_with_everything(&moto);
    moto.create_bucket("stray");
    let seen = see(&moto.url(), "s3").unwrap();
    let site = &seen.export.things()["bucket/site"];
    assert_eq!(site["location"], "us-east-1");
    assert_eq!(site["versioning"]["Status"], "Enabled");
    assert_eq!(
        site["tags"],
        json!({"api-token": "(hidden)", "team": "web"})
    );
    assert_eq!(site["policy"]["Statement"][0]["Action"], json!(["s3:*"]));
    assert_eq!(site["lifecycle"]["Rule"][0]["Expiration"]["Days"], "30");
    assert_eq!(site["public_access_block"]["BlockPublicAcls"], "true");
    assert!(site["encryption"]["Rule"].is_array(), "{site}");
    let text = seen.export.text(usize::MAX).unwrap();
    assert!(!text.contains("open-sesame"), "{text}");
    // What is not set is not there, and that is no mistake.
    let stray = &seen.export.things()["bucket/stray"];
    assert_eq!(stray, &json!({"location": "us-east-1", "versioning": {}}));
    assert_eq!(seen.things["bucket/site"].against, Against::Named);
    assert!(matches!(
        &seen.things["bucket/stray"].against,
        Against::Unmanaged(_)
    ));
    assert_eq!(seen.things["bucket/stray"].owners, ["infra"]);
}

#[test]
fn identities_are_seen_with_their_keys_but_not_with_what_the_keys_are() {
    let Some(moto) = or_skip(Moto::start()) else {
        return;
    };
    let allow = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#;
    iam(
        &moto,
        "CreateUser",
        &[("UserName", "robot"), ("Path", "/ci/")],
    );
    let key = iam(&moto, "CreateAccessKey", &[("UserName", "robot")]);
    let within = |element: &str| {
        let (_, rest) = key.split_once(&format!("<{element}>")).unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    let (id, secret) = (within("AccessKeyId"), within("SecretAccessKey"));
    iam(
        &moto,
        "PutUserPolicy",
        &[
            ("UserName", "robot"),
            ("PolicyName", "read"),
            ("PolicyDocument", allow),
        ],
    );
    iam(&moto, "CreateGroup", &[("GroupName", "readers")]);
    iam(
        &moto,
        "AddUserToGroup",
        &[("UserName", "robot"), ("GroupName", "readers")],
    );
    iam(
        &moto,
        "CreateRole",
        &[("RoleName", "deploy"), ("AssumeRolePolicyDocument", allow)],
    );
    iam(
        &moto,
        "CreatePolicy",
        &[("PolicyName", "own"), ("PolicyDocument", allow)],
    );
    let seen = see(&moto.url(), "iam").unwrap();
    let things = seen.export.things();
    let names: Vec<&str> = things.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "account/root",
            "group/readers",
            "policy/own",
            "role/deploy",
            "user/robot"
        ]
    );
    let robot = &things["user/robot"];
    assert_eq!(robot["path"], "/ci/");
    assert_eq!(robot["groups"], json!(["readers"]));
    assert_eq!(robot["access_keys"][&id]["status"], "Active");
    assert_eq!(
        robot["inline_policies"]["read"]["Statement"][0]["Action"],
        json!(["s3:GetObject"])
    );
    assert_eq!(things["policy/own"]["version"], "v1");
    assert_eq!(things["account/root"]["AccountMFAEnabled"], 0);
    assert_eq!(seen.things["account/root"].against, Against::Beside);
    let text = seen.export.text(usize::MAX).unwrap();
    assert!(text.contains(&id) && !text.contains(&secret));
    assert_eq!(
        see(&moto.url(), "iam")
            .unwrap()
            .export
            .text(usize::MAX)
            .unwrap(),
        text
    );
}

#[test]
fn records_are_seen_where_no_zone_of_the_estate_declares_them() {
    let Some(moto) = or_skip(Moto::start()) else {
        return;
    };
    let own = moto.create_zone("example.org");
    let stray = moto.create_zone("stray.example");
    for (id, name) in [(&own, "www.example.org"), (&stray, "www.stray.example")] {
        moto.change_zone(id, &format!("<Change><Action>CREATE</Action><ResourceRecordSet><Name>{name}.</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>"));
    }
    let seen = see(&moto.url(), "route53").unwrap();
    let things = seen.export.things();
    let zone = format!("hosted-zone/example.org./{own}");
    let other = format!("hosted-zone/stray.example./{stray}");
    let names: Vec<&str> = things.keys().map(String::as_str).collect();
    let record = |rest: &str| format!("{other}/{rest}");
    assert_eq!(
        names,
        [
            zone.as_str(),
            &other,
            &record("stray.example. NS"),
            &record("stray.example. SOA"),
            &record("www.stray.example. A"),
        ]
    );
    assert_eq!(
        things[&record("www.stray.example. A")],
        json!({"TTL": "60", "values": ["192.0.2.1"]})
    );
    assert_eq!(seen.things[&zone].against, Against::Named);
    assert!(matches!(
        &seen.things[&other].against,
        Against::Unmanaged(_)
    ));
    assert_eq!(
        seen.things[&record("www.stray.example. A")].against,
        Against::Part(other)
    );
}

#[test]
fn more_than_a_thousand_records_and_many_buckets_are_the_same_twice() {
    let Some(moto) = or_skip(Moto::start()) else {
        return;
    };
    let id = moto.create_zone("large.example");
    for part in 0..13 {
        let changes: String = (0..100)
            .map(|n| format!("<Change><Action>CREATE</Action><ResourceRecordSet><Name>h{}.large.example.</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.{n}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>", part * 100 + n))
            .collect();
        moto.change_zone(&id, &changes);
    }
    (0..40).for_each(|n| moto.create_bucket(&format!("bucket-{n}")));
    for (service, least) in [("route53", 1303), ("s3", 40)] {
        let text = || {
            see(&moto.url(), service)
                .unwrap()
                .export
                .text(usize::MAX)
                .unwrap()
        };
        let seen = see(&moto.url(), service).unwrap();
        assert_eq!(seen.export.things().len(), least);
        assert_eq!(text(), text());
    }
}

#[test]
fn what_is_declared_and_not_there_is_missing() {
    let Some(moto) = or_skip(Moto::start()) else {
        return;
    };
    let seen = see(&moto.url(), "s3").unwrap();
    assert_eq!(seen.things["bucket/site"].against, Against::Missing);
    assert!(seen.export.things().is_empty());
    let seen = see(&moto.url(), "route53").unwrap();
    assert_eq!(
        seen.things["hosted-zone/example.org."].against,
        Against::Missing
    );
    assert!(see(&moto.url(), "iam").unwrap().things.len() == 1);
}
