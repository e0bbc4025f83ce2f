//! An account that is audited, and what the outside world gives to that.

use std::time::Duration;

use audit::aws::{Outside, Patience, parts};
use audit::{Failed, Seen};
use estate::{Estate, MemoryTree};
use http_client::segment;
use jiff::Timestamp;
use testkit::servers::moto::Moto;

/// The files of every estate here but that of its account.
const FILES: [(&str, &str); 4] = [
    ("commonhold.yaml", "commonhold: 1\nname: Example\n"),
    ("groups/infra.yaml", "title: Infra\nkind: sig\n"),
    (
        "dns-servers/aws.yaml",
        "kind: route53\napi_key: env/KEY\naddress: https://dns.example\n",
    ),
    (
        "zones/example.org.yaml",
        "owner: infra\nrecords: [dns/example.org.yaml]\nservers: [aws]\n",
    ),
];

/// An estate with these files beside.
pub(crate) fn estate(files: &[(&str, &str)]) -> Estate {
    let all = FILES.iter().chain(files);
    let tree = all.fold(MemoryTree::default(), |tree, (path, text)| {
        tree.with(path, *text)
    });
    let (estate, findings) = formats::load(&tree).expect("a root file");
    assert!(findings.is_empty(), "{findings:#?}");
    estate
}

/// One whose account `main` is audited at this URL, in which a service has the bucket `site`.
pub(crate) fn audited(url: &str) -> Estate {
    let account = format!(
        "provider: aws\nid: '123456789012'\nholder: community\nowner: infra\naudit: {{credential: env/KEY, address: '{url}'}}\n"
    );
    let service = "name: Site\nsummary: What everybody reads.\nkind: custom\nowner: infra\nruns_at: [{account: main, region: us-east-1, resource: site}]\n";
    estate(&[
        ("accounts/main.yaml", account.as_str()),
        ("services/site.yaml", service),
    ])
}

/// Little patience, and no wait.
pub(crate) fn outside() -> Outside<'static> {
    Outside {
        secrets: &|_| Some(Moto::KEY.to_owned()),
        clock: Timestamp::now,
        wait: |_| {},
        patience: Patience {
            answer: Duration::from_secs(20),
            tries: 3,
            ..Patience::default()
        },
    }
}

/// What is seen of one service of the account at this URL.
pub(crate) fn see(url: &str, service: &str) -> Result<Seen, Failed> {
    see_with(url, service, outside())
}

/// The same with an outside of its own.
pub(crate) fn see_with(url: &str, service: &str, outside: Outside<'_>) -> Result<Seen, Failed> {
    let estate = audited(url);
    let system = format!("aws/main/{service}");
    let parts = parts(&estate);
    let part = parts.iter().find(|part| part.system() == system);
    part.expect("the service").collect(&estate, outside)
}

/// Asks IAM to do something.
pub(crate) fn iam(moto: &Moto, action: &str, more: &[(&str, &str)]) -> String {
    let more: String = more
        .iter()
        .map(|(key, value)| format!("&{key}={}", segment(value)))
        .collect();
    let path = format!("/?Action={action}&Version=2010-05-08{more}");
    let answer = moto.ask("GET", "iam", &path, "");
    assert!(answer.contains(" 200 "), "moto refuses:\n{answer}");
    answer
}

/// Asks S3 to set a part of a bucket.
pub(crate) fn set(moto: &Moto, bucket: &str, part: &str, body: &str) {
    let answer = moto.ask("PUT", "s3", &format!("/{bucket}?{part}"), body);
    let sound = answer.contains(" 200 ") || answer.contains(" 204 ");
    assert!(sound, "moto refuses:\n{answer}");
}
