//! Large accounts, in many pages, told in another order each time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use crate::account::see;

type Answer = dyn Fn(&str) -> String + Send + Sync;

/// The URL of a server that answers the path and query of each request so.
fn serve(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> String {
    let answer: Arc<Answer> = Arc::new(answer);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || talk(&stream, answer.as_ref()));
        }
    });
    url
}

/// Answers all requests of one connection.
fn talk(stream: &TcpStream, answer: &Answer) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        reader.read_line(&mut first).ok()?;
        let path = first.split(' ').nth(1)?.to_owned();
        let mut line = String::new();
        while reader.read_line(&mut line).ok()? > 2 {
            line.clear();
        }
        let body = answer(&path);
        let status = if body.starts_with("<Error>") {
            404
        } else {
            200
        };
        let length = body.len();
        let head = format!("HTTP/1.1 {status} Said\r\nContent-Length: {length}\r\n\r\n");
        (&mut &*stream).write_all((head + &body).as_bytes()).ok()?;
    }
}

/// A part of a query.
fn asked<'p>(path: &'p str, key: &str) -> Option<&'p str> {
    let (_, query) = path.split_once('?')?;
    let mut parts = query.split('&').filter_map(|part| part.split_once('='));
    parts.find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// A page of so many numbers from where the last one ended, in this direction; and where the
/// next starts.
fn page(from: Option<&str>, size: usize, all: usize, turned: bool) -> (Vec<usize>, Option<usize>) {
    let from = from.and_then(|from| from.parse().ok()).unwrap_or(0);
    let end = (from + size).min(all);
    let mut numbers: Vec<usize> = (from..end).collect();
    if turned {
        numbers.reverse();
    }
    (numbers, (end < all).then_some(end))
}

fn elements(numbers: &[usize], element: impl Fn(usize) -> String) -> String {
    numbers.iter().map(|number| element(*number)).collect()
}

fn text(url: &str, service: &str) -> String {
    see(url, service).unwrap().export.text(usize::MAX).unwrap()
}

const RECORDS: usize = 10_000;

fn zone(path: &str, turned: bool) -> String {
    if !path.contains("rrset") {
        return format!(
            "<R><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>large.example.</Name><ResourceRecordSetCount>{}</ResourceRecordSetCount></HostedZone></HostedZones><IsTruncated>false</IsTruncated></R>",
            RECORDS + 1
        );
    }
    let from = asked(path, "name").map(|name| name.trim_start_matches('h'));
    let from = from.map(|name| name.split('.').next().unwrap());
    let (numbers, next) = page(from, 300, RECORDS, turned);
    let set = |name: &str, rtype: &str, values: &str| {
        format!(
            "<ResourceRecordSet><Name>{name}</Name><Type>{rtype}</Type><TTL>60</TTL><ResourceRecords>{values}</ResourceRecords></ResourceRecordSet>"
        )
    };
    let mut values =
        [1, 2].map(|n| format!("<ResourceRecord><Value>192.0.2.{n}</Value></ResourceRecord>"));
    if turned {
        values.reverse();
    }
    let values = values.concat();
    let start = match from {
        None => set(
            "large.example.",
            "SOA",
            "<ResourceRecord><Value>a. b. 1 2 3 4 5</Value></ResourceRecord>",
        ),
        Some(_) => String::new(),
    };
    let sets = elements(&numbers, |n| {
        set(&format!("h{n}.large.example."), "A", &values)
    });
    let next = match next {
        Some(next) => format!(
            "<IsTruncated>true</IsTruncated><NextRecordName>h{next}.large.example.</NextRecordName><NextRecordType>A</NextRecordType>"
        ),
        None => "<IsTruncated>false</IsTruncated>".to_owned(),
    };
    format!("<R><ResourceRecordSets>{start}{sets}</ResourceRecordSets>{next}</R>")
}

#[test]
fn ten_thousand_records_are_the_same_in_any_order() {
    let one = text(&serve(|path| zone(path, false)), "route53");
    let other = text(&serve(|path| zone(path, true)), "route53");
    assert_eq!(one.matches("\"TTL\"").count(), RECORDS + 1);
    assert!(one == other);
}

const USERS: usize = 1_200;

fn identities(path: &str, turned: bool) -> String {
    let result =
        |action: &str, text: &str| format!("<R><{action}Result>{text}</{action}Result></R>");
    match asked(path, "Action").unwrap() {
        "GetAccountAuthorizationDetails" => {
            let (numbers, next) = page(asked(path, "Marker"), 500, USERS, turned);
            let users = elements(&numbers, |n| {
                let mut groups = ["a", "b"].map(|group| format!("<member>{group}</member>"));
                if turned {
                    groups.reverse();
                }
                format!(
                    "<member><UserName>u{n}</UserName><GroupList>{}</GroupList></member>",
                    groups.concat()
                )
            });
            let next = match next {
                Some(next) => format!("<IsTruncated>true</IsTruncated><Marker>{next}</Marker>"),
                None => "<IsTruncated>false</IsTruncated>".to_owned(),
            };
            let text = format!(
                "<UserDetailList>{users}</UserDetailList><GroupDetailList/><RoleDetailList/><Policies/>{next}"
            );
            result("GetAccountAuthorizationDetails", &text)
        }
        "ListAccessKeys" => {
            let user = asked(path, "UserName").unwrap();
            result(
                "ListAccessKeys",
                &format!(
                    "<AccessKeyMetadata><member><AccessKeyId>K{user}</AccessKeyId><Status>Active</Status></member></AccessKeyMetadata><IsTruncated>false</IsTruncated>"
                ),
            )
        }
        action => result(
            action,
            &format!(
                "<SummaryMap><entry><key>Users</key><value>{USERS}</value></entry></SummaryMap>"
            ),
        ),
    }
}

#[test]
fn more_than_a_thousand_users_are_the_same_in_any_order() {
    let one = text(&serve(|path| identities(path, false)), "iam");
    let other = text(&serve(|path| identities(path, true)), "iam");
    assert_eq!(one.matches("\"Active\"").count(), USERS);
    assert!(one == other);
}

const BUCKETS: usize = 250;

fn buckets(path: &str, turned: bool) -> String {
    if path.starts_with("/?") {
        let (numbers, next) = page(asked(path, "continuation-token"), 100, BUCKETS, turned);
        let names = elements(&numbers, |n| format!("<Bucket><Name>b{n}</Name></Bucket>"));
        let next = next.map(|next| format!("<ContinuationToken>{next}</ContinuationToken>"));
        return format!(
            "<ListAllMyBucketsResult><Buckets>{names}</Buckets>{}</ListAllMyBucketsResult>",
            next.unwrap_or_default()
        );
    }
    let tags = ["a", "b"].map(|key| format!("<Tag><Key>{key}</Key><Value>1</Value></Tag>"));
    let tags = if turned {
        tags.iter().rev().cloned().collect::<String>()
    } else {
        tags.concat()
    };
    let (_, part) = path.split_once('?').unwrap();
    let absent = |code: &str| format!("<Error><Code>{code}</Code><Message>none</Message></Error>");
    match part.trim_end_matches('=') {
        "location" => "<LocationConstraint>eu-west-1</LocationConstraint>".to_owned(),
        "tagging" => format!("<Tagging><TagSet>{tags}</TagSet></Tagging>"),
        "versioning" => "<VersioningConfiguration/>".to_owned(),
        "policy" => absent("NoSuchBucketPolicy"),
        "encryption" => absent("ServerSideEncryptionConfigurationNotFoundError"),
        "lifecycle" => absent("NoSuchLifecycleConfiguration"),
        _ => absent("NoSuchPublicAccessBlockConfiguration"),
    }
}

#[test]
fn buckets_of_several_pages_are_the_same_in_any_order() {
    let one = text(&serve(|path| buckets(path, false)), "s3");
    let other = text(&serve(|path| buckets(path, true)), "s3");
    assert_eq!(one.matches("\"location\"").count(), BUCKETS);
    assert!(one == other);
}

#[test]
fn pages_that_do_not_end_are_left() {
    for (service, page) in [
        (
            "iam",
            "<R><GetAccountAuthorizationDetailsResult><UserDetailList/><GroupDetailList/><RoleDetailList/><Policies/><IsTruncated>true</IsTruncated><Marker>m</Marker></GetAccountAuthorizationDetailsResult></R>",
        ),
        (
            "s3",
            "<ListAllMyBucketsResult><Buckets/><ContinuationToken>t</ContinuationToken></ListAllMyBucketsResult>",
        ),
        (
            "route53",
            "<R><HostedZones/><IsTruncated>true</IsTruncated><NextMarker>m</NextMarker></R>",
        ),
    ] {
        let failed = see(&serve(|_| page.to_owned()), service).unwrap_err();
        assert!(failed.to_string().contains("do not end"), "{failed}");
    }
}
