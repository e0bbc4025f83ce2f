//! Audits through the program: on a real name server, on moto, and on what spoils its answers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use testkit::servers::moto::Moto;
use testkit::servers::or_skip;
use testkit::servers::spoiler::{Spoil, Spoiler};

use crate::governed::community::{Community, DECLARED, SERVED};
use crate::governed::nameserver::NameServer;

const DENIED: &str = "<Error><Code>AccessDenied</Code><Message>not yours</Message></Error>";

/// An account that is audited, with a service whose bucket is in it.
fn account(url: &str) -> [(&'static str, String); 2] {
    [
        (
            "accounts/main.yaml",
            format!(
                "provider: aws\nid: '123456789012'\nholder: community\nowner: infra\naudit: {{credential: env/AWS, address: '{url}'}}\n"
            ),
        ),
        (
            "services/site.yaml",
            "name: Site\nsummary: What everybody reads.\nkind: custom\nowner: web\nruns_at: [{account: main, region: us-east-1, resource: site}]\n".to_owned(),
        ),
    ]
}

/// The community with its zone on BIND and its account at this URL, all of it committed.
fn community(server: &NameServer, url: &str) -> Community {
    let mut one = Community::at(&server.address(), DECLARED);
    one.set("AWS", Moto::KEY);
    for (path, text) in account(url) {
        one.write(path, &text);
    }
    one.commit("ada", "audit the account");
    one
}

/// The files of the audit, by their paths.
fn files(community: &Community) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    read(&community.estate().join("audit"), "", &mut found);
    found
}

fn read(folder: &Path, below: &str, found: &mut BTreeMap<String, String>) {
    let entries = fs::read_dir(folder.join(below)).into_iter().flatten();
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = match below {
            "" => name,
            below => format!("{below}/{name}"),
        };
        if folder.join(&path).is_dir() {
            read(folder, &path, found);
        } else {
            let text = fs::read_to_string(folder.join(&path)).unwrap();
            found.insert(path, text);
        }
    }
}

/// Every difference as `thing class since`.
fn told(json: &Value) -> Vec<String> {
    let all = json["differences"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let each = all.iter().map(|one| {
        format!(
            "{} {} {}",
            text(&one["thing"]),
            text(&one["class"]),
            text(&one["since"])
        )
    });
    each.collect()
}

fn result(json: &Value, system: &str) -> String {
    let mut systems = json["systems"].as_array().unwrap().iter();
    let found = systems.find(|one| one["system"] == system);
    found.unwrap()["result"].as_str().unwrap().to_owned()
}

#[test]
fn what_others_do_is_told_once_and_two_runs_without_a_change_are_equal() {
    if let (Some(server), Some(moto)) = (NameServer::bind(SERVED), or_skip(Moto::start())) {
        others_act(&server, &moto);
    }
}

#[test]
fn it_is_told_of_another_name_server_alike() {
    if let (Some(server), Some(moto)) = (NameServer::powerdns(SERVED), or_skip(Moto::start())) {
        others_act(&server, &moto);
    }
}

fn others_act(server: &NameServer, moto: &Moto) {
    moto.create_bucket("site");
    let community = community(server, &moto.url());
    let first = community.runs("audit collect --output json").ends(0, "");
    assert!(told(&first.json()).is_empty(), "{}", first.out);
    let before = files(&community);
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        [
            "aws/main/iam.json",
            "aws/main/route53.json",
            "aws/main/s3.json",
            "dns/primary/example.org.json"
        ]
    );
    assert!(before["dns/primary/example.org.json"].contains("192.0.2.9"));
    let second = community
        .runs("audit collect --output json")
        .ends(0, "all is as declared");
    assert_eq!(files(&community), before);
    assert_eq!(
        result(&second.json(), "dns/primary/example.org"),
        "unchanged"
    );
    community.runs("audit diff").ends(0, "all is as declared");
    community.commit("ada", "the first audit");

    server.change(
        &["www.example.org. A"],
        &[("www.example.org. A", "192.0.2.66")],
    );
    server.change(&["old.example.org. A"], &[]);
    server.change(&[], &[("shadow.example.org. A", "192.0.2.99")]);
    moto.ask("DELETE", "s3", "/site", "");
    moto.create_bucket("stray");
    moto.ask(
        "GET",
        "iam",
        "/?Action=CreateUser&Version=2010-05-08&UserName=eve",
        "",
    );
    let expected = [
        "user/eve unmanaged appeared",
        "bucket/site missing gone",
        "bucket/stray unmanaged appeared",
        "old.example.org. A missing gone",
        "shadow.example.org. A unmanaged appeared",
        "www.example.org. A changed changed",
    ];
    let looked = community.runs("audit diff --output json").ends(6, "");
    assert_eq!(told(&looked.json()), expected);
    assert_eq!(files(&community), before, "diff writes nothing");
    let collected = community
        .runs("audit collect --output json")
        .ends(0, "2 missing, 1 changed, 3 unmanaged");
    assert_eq!(told(&collected.json()), expected);
    let www = &collected.json()["differences"][5];
    assert_eq!(www["otherwise"][0]["name"], "values");
    assert_eq!(
        www["otherwise"][0]["from"],
        serde_json::json!(["192.0.2.1"])
    );
    assert_eq!(www["otherwise"][0]["to"], serde_json::json!(["192.0.2.66"]));
    assert_eq!(www["owners"], serde_json::json!(["infra"]));
    // What is written down since has not come since; it is as little declared as before.
    let again = community.runs("audit diff --output json").ends(6, "");
    assert!(told(&again.json()).iter().all(|one| one.ends_with(" -")));
    let since = community
        .runs("audit diff --since HEAD --output json")
        .ends(6, "");
    assert_eq!(told(&since.json()), expected);
    let coverage = &since.json()["coverage"];
    assert_eq!(
        (coverage["managed"].as_u64(), coverage["total"].as_u64()),
        (Some(4), Some(7))
    );
}

#[test]
fn a_service_that_cannot_be_seen_whole_fails_the_run_and_nothing_of_it_is_gone() {
    let (Some(server), Some(moto)) = (NameServer::bind(SERVED), or_skip(Moto::start())) else {
        return;
    };
    moto.create_bucket("site");
    moto.create_bucket("stray");
    let spoiler = Spoiler::before(&moto.url());
    let community = community(&server, &spoiler.url());
    community.runs("audit collect").ends(0, "");
    let before = files(&community);
    server.change(
        &["www.example.org. A"],
        &[("www.example.org. A", "192.0.2.66")],
    );
    moto.ask("DELETE", "s3", "/stray", "");
    for (question, spoil, says) in [
        (
            "max-buckets",
            Spoil::Answer(403, DENIED.to_owned()),
            "aws/main/s3: it refuses: not yours (AccessDenied)",
        ),
        ("max-buckets", Spoil::Cut, "aws/main/s3: it is not XML"),
        (
            "max-buckets",
            Spoil::Answer(200, String::new()),
            "aws/main/s3: it is not XML",
        ),
    ] {
        spoiler.pass_all();
        spoiler.spoil(question, spoil);
        let said = community.runs("audit collect --output json").ends(1, says);
        assert!(
            said.err.contains("audit/aws/main/s3.json stays as it was"),
            "{}",
            said.err
        );
        assert_eq!(result(&said.json(), "aws/main/s3"), "failed");
        assert!(
            told(&said.json())
                .iter()
                .all(|one| !one.starts_with("bucket/"))
        );
        let after = files(&community);
        assert_eq!(after["aws/main/s3.json"], before["aws/main/s3.json"]);
        // The others are written all the same.
        assert!(after["dns/primary/example.org.json"].contains("192.0.2.66"));
        community.runs("audit diff").ends(1, says);
    }
    spoiler.pass_all();
    let said = community.runs("audit collect --output json").ends(0, "");
    assert!(told(&said.json()).contains(&"bucket/stray unmanaged gone".to_owned()));
}

#[test]
fn a_zone_that_is_not_served_any_more_keeps_its_file() {
    let Some(mut server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    community
        .runs("audit collect")
        .ends(0, "5 of 5 things are declared");
    let before = files(&community);
    server.kill();
    let said = community
        .runs("audit collect")
        .ends(1, "dns/primary/example.org");
    assert!(!said.out.contains("missing"), "{}", said.out);
    assert_eq!(files(&community), before);
}

#[test]
fn what_a_plan_would_mend_and_what_the_ledger_did_is_expected() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    community.runs("audit collect").ends(0, "");
    community.commit("ada", "the first audit");
    community.edit("value: 192.0.2.5", "value: 192.0.2.55");
    community.commit("ada", "mail moves");
    community.runs("audit diff").ends(6, "1 changed");
    community.plan();
    let planned = community
        .runs("audit diff --plan plan.json --output json")
        .ends(0, "1 explained");
    assert_eq!(told(&planned.json()), ["mail.example.org. A expected -"]);
    community.by("ada", "propose --title mail");
    let proposed = community.runs("audit diff --output json").ends(0, "");
    assert_eq!(
        proposed.json()["differences"][0]["expected_by"],
        "a proposal of person/ada"
    );
    for key in ["bob", "dora"] {
        community.by(key, "approve");
    }
    community.commit("bob", "agreed");
    community.runs("apply plan.json").ends(0, "applied");
    let applied = community.runs("audit diff --output json").ends(0, "");
    assert_eq!(
        told(&applied.json()),
        ["mail.example.org. A expected changed"]
    );
    let by = applied.json()["differences"][0]["expected_by"].clone();
    assert!(by.as_str().unwrap().ends_with("of the ledger"), "{by}");
    // Whatever others do to it afterwards is not.
    server.change(
        &["mail.example.org. A"],
        &[("mail.example.org. A", "192.0.2.56")],
    );
    let moved = community.runs("audit diff --output json").ends(6, "");
    assert_eq!(told(&moved.json()), ["mail.example.org. A changed changed"]);
}

#[test]
fn what_is_set_otherwise_where_the_estate_says_nothing_is_told() {
    let (Some(server), Some(moto)) = (NameServer::bind(SERVED), or_skip(Moto::start())) else {
        return;
    };
    moto.create_bucket("site");
    let community = community(&server, &moto.url());
    community
        .runs("audit collect")
        .ends(0, "all is as declared");
    let body = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
    moto.ask("PUT", "s3", "/site?versioning", body);
    let said = community.runs("audit diff").ends(6, "1 changed");
    let how = "versioning.Status Suspended, was nothing";
    assert!(said.out.contains(how), "{}", said.out);
    community.runs("audit collect").ends(0, "1 changed");
    community.runs("audit diff").ends(0, "all is as declared");
}

#[test]
fn what_is_known_is_let_be_until_its_day() {
    let (Some(server), Some(moto)) = (NameServer::bind(SERVED), or_skip(Moto::start())) else {
        return;
    };
    moto.create_bucket("site");
    moto.create_bucket("stray");
    let community = community(&server, &moto.url());
    community.runs("audit diff").ends(6, "1 unmanaged");
    let root = "commonhold: 1\nname: Example\naudit_ignore: [{thing: bucket/stray, owner: infra, reason: older than us, until: 2099-12-31}]\n";
    community.write("commonhold.yaml", root);
    community
        .runs("audit diff")
        .ends(0, "infra lets it be until 2099-12-31: older than us");
    community
        .runs("audit diff --at 2100-01-01")
        .ends(6, "1 unmanaged");
    community
        .runs("check --at 2100-01-01")
        .ends(1, "audit-ignore-ended");
}

#[test]
fn what_a_crash_left_is_swept_and_the_next_run_is_right() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    community.runs("audit collect").ends(0, "");
    let right = files(&community);
    // Died while it wrote, and before it wrote at all.
    community.write(
        "audit/dns/primary/.example.org.json.4711",
        "{\"format\": 1, \"sys",
    );
    let said = community
        .runs("audit collect")
        .ends(0, "was left by a run that did not end");
    assert!(said.out.contains("unchanged"), "{}", said.out);
    assert_eq!(files(&community), right);
    // What is no audit is not compared with, and replaced.
    community.write("audit/dns/primary/example.org.json", "{");
    community
        .runs("audit collect")
        .ends(0, "this is no file of an audit");
    assert_eq!(files(&community), right);
}

#[test]
fn what_cannot_be_meant_is_told() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    community
        .runs("audit collect --system dns/primary/example.com")
        .ends(1, "did you mean `dns/primary/example.org`?");
    community
        .runs("audit collect --into ../elsewhere")
        .ends(1, "no folder below the estate's");
    community
        .runs("audit diff --since nowhere")
        .ends(1, "no folder, and no commit");
    community
        .runs("audit collect --largest 10")
        .ends(1, "a file of the audit holds 10");
    assert!(files(&community).is_empty());
    community
        .runs("audit collect --system dns --output markdown")
        .ends(0, "| dns/primary/example.org | written | 6 | 5 of 5 |");
    community
        .runs("audit diff --system dns/primary --output csv")
        .ends(0, "system,thing,is");
}
