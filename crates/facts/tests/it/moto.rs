//! A store in a bucket of S3, as moto stands in for it.

use facts::{Log, Store, StoreError};
use jiff::Timestamp;
use testkit::servers::moto::Moto;
use testkit::servers::or_skip;

use crate::laws;

fn open(server: &Moto, place: &str) -> Result<Store, StoreError> {
    let url = server.url();
    let environment = |name: &str| {
        let value = match name {
            "AWS_ACCESS_KEY_ID" => "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY" => "open-sesame",
            "AWS_REGION" => "us-east-1",
            "AWS_ENDPOINT_URL" => url.as_str(),
            "AWS_ALLOW_HTTP" => "true",
            _ => return None,
        };
        Some(value.to_owned())
    };
    Store::open(place, &environment)
}

#[test]
fn a_bucket_keeps_the_laws_of_stores() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    server.create_bucket("bills");
    laws::hold(&open(&server, "s3://bills/ours/2026").unwrap()).unwrap();
    let outside = open(&server, "s3://bills").unwrap();
    assert!(outside.list("ours").unwrap().len() > 5);
    assert_eq!(outside.list("c").unwrap(), [], "a prefix is not left");
}

#[test]
fn versions_in_a_bucket_are_made_one_after_the_other() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    server.create_bucket("bills");
    let store = open(&server, "s3://bills/ours").unwrap();
    let log: Log<Vec<String>> = Log::new(store);
    let now = Timestamp::UNIX_EPOCH;
    log.commit(0, &vec!["mine".to_owned()], now, "first")
        .unwrap();
    let error = log
        .commit(0, &vec!["other".to_owned()], now, "also first")
        .unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
    assert_eq!(log.current().unwrap().unwrap().manifest, ["mine"]);
}

#[test]
fn a_bucket_that_is_not_there_is_named() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    let store = open(&server, "s3://nobodys/ours").unwrap();
    let error = store.put("a", b"1").unwrap_err();
    assert_eq!(error.to_string(), "s3://nobodys/ours/a cannot be written");
}
