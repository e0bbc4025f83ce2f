//! What is asked for at the front desk, to its end.

#[path = "desk/visitor.rs"]
pub(super) mod visitor;

use super::server::Portal;
use crate::governed::community::{Community, DECLARED, SERVED, ZONE};
use crate::governed::nameserver::NameServer;
use visitor::{Got, Visitor};

/// A community with a portal to be.
pub(super) fn community(address: &str) -> Community {
    let community = Community::at(address, DECLARED);
    community.write("portal.yaml", "sign_in: {ssh: true}\n");
    community.commit("ada", "A portal");
    community
}

pub(super) fn serve(community: &Community) -> Portal {
    Portal::run(community.command("serve --listen 127.0.0.1:0 --log off"))
}

pub(super) const WANTED: [(&str, &str); 6] = [
    ("do", "add"),
    ("zone", ZONE),
    ("name", "www2"),
    ("type", "A"),
    ("values", "192.0.2.22\n192.0.2.23"),
    ("why", "The second site"),
];

/// Somebody asks for a record.
pub(super) fn asks(visitor: &mut Visitor, url: &str) -> Got {
    let form = visitor
        .get(url, "/desk/dns-record")
        .is(200, "What it is for");
    visitor.send(url, &form, "/desk/dns-record", &WANTED)
}

/// Where the plan of the only request is, and its digest.
pub(super) fn plan(community: &Community) -> (std::path::PathBuf, String) {
    let commit = community.git(&["for-each-ref", "--format=%(objectname)", "refs/requests/"]);
    let folder = community.estate().join(".commonhold/plans");
    let paths = std::fs::read_dir(folder)
        .expect("plans")
        .flatten()
        .map(|entry| entry.path());
    let mut paths = paths.filter(|path| path.to_string_lossy().contains(&commit[..12]));
    let path = paths.next().expect("a plan");
    let name = path
        .file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let digest = name.rsplit('-').next().expect("a digest").to_owned();
    (path, digest)
}

#[test]
fn a_newcomer_asks_for_a_record_reviewers_sign_and_it_is_answered() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = community(&server.address());
    let portal = serve(&community);
    let url = portal.url.as_str();
    // Nobody knows Dana: her key is in no file.
    community.new_key("dana");
    let mut dana = Visitor::signs_in(url, &community.key("dana"));
    dana.get(url, "/desk").is(200, "/desk/dns-record");
    let asked = asks(&mut dana, url).is(200, "Received");
    assert!(
        asked.path.starts_with("/desk/requests/www2-example-org-a-"),
        "{}",
        asked.path
    );
    let (file, plan) = plan(&community);
    // Sent from another form it is the same request still.
    assert_eq!(asks(&mut dana, url).path, asked.path);
    reviewed(&community, url, &plan);
    // It waits, as long as somebody objects.
    assert!(
        !community
            .text("dns/example.org.yaml")
            .contains("192.0.2.22")
    );
    dana.get(url, &asked.path).is(200, "Who pays?");
    withdrawn(&community, url, &plan);
    assert!(
        community
            .text("dns/example.org.yaml")
            .contains("192.0.2.22")
    );
    dana.get(url, &asked.path).is(200, "merged");
    community
        .runs(&format!("apply {}", file.display()))
        .ends(0, "");
    let answer = server.answer("www2.example.org. A");
    assert_eq!(answer.as_deref(), Some("3600 192.0.2.22 192.0.2.23"));
    let mut anybody = Visitor::default();
    anybody
        .get(url, &asked.path)
        .is(200, "The name server answers so.");
    dana.get(url, &asked.path).is(200, "done");
}

/// Dora objects; Ada and Bob approve.
fn reviewed(community: &Community, url: &str, plan: &str) {
    let acts = [
        ("dora", "act=object&reason=Who%20pays%3F"),
        ("ada", "act=approve"),
        ("bob", "act=approve"),
    ];
    for (name, act) in acts {
        let key = community.key(name);
        let mut reviewer = Visitor::signs_in(url, &key);
        reviewer
            .signs(url, &format!("{act}&item={plan}"), &key)
            .is(200, "");
    }
}

/// Dora takes her objection back.
pub(super) fn withdrawn(community: &Community, url: &str, plan: &str) {
    let branch = [
        "for-each-ref",
        "--format=%(refname)",
        "refs/heads/requests/",
    ];
    let branch = community.git(&branch);
    let objects = [
        "grep",
        "-l",
        "\"act\":\"object\"",
        branch.trim(),
        "--",
        "decisions",
    ];
    let file = community.git(&objects);
    let name = file.trim().rsplit('/').next().expect("an event");
    let event = name.trim_end_matches(".json");
    let key = community.key("dora");
    let mut dora = Visitor::signs_in(url, &key);
    let asks = format!("act=withdraw&item={plan}&event={event}");
    dora.signs(url, &asks, &key).is(200, "");
}

#[test]
fn a_voter_votes_blind_and_finds_the_receipt() {
    let community = community("127.0.0.1:1");
    elects(&community);
    let portal = serve(&community);
    let url = portal.url.as_str();
    let mut anybody = Visitor::default();
    let page = anybody
        .get(url, "/elections/steering/2026/ballot")
        .is(200, "elect ask");
    let shown = page.within("printf &#39;%s&#39; &#39;", "&#39; &gt;");
    let shown = if shown.is_empty() {
        page.within("printf '%s' '", "' &gt;")
    } else {
        shown
    };
    community.write("poll.json", &shown);
    let key = community.key("dora");
    let request = community
        .runs(&format!(
            "elect ask poll.json --out dora.token --key {}",
            key.display()
        ))
        .ends(0, "")
        .out;
    let mut dora = Visitor::signs_in(url, &key);
    let form = dora.get(url, "/elections/steering/2026/token").is(200, "");
    let action = "/elections/steering/2026/token";
    let name = field_of(&form, action);
    let answered = dora
        .send(url, &form, action, &[(&name, &request)])
        .is(200, "signature");
    let start = answered.html.find("{&quot;signature").expect("an answer");
    let answer = answered.html[start..]
        .split('}')
        .next()
        .expect("its end")
        .replace("&quot;", "\"")
        + "}";
    community.write("answer.json", &answer);
    community
        .runs("elect accept dora.token answer.json")
        .ends(0, "");
    let ballot = community
        .runs("elect vote steering/2026 ben,ann --token dora.token --poll poll.json")
        .ends(0, "")
        .out;
    // Another browser, which never signed in.
    let form = anybody
        .get(url, "/elections/steering/2026/ballot")
        .is(200, "");
    let action = "/elections/steering/2026/ballot";
    let receipt = anybody
        .send(url, &form, action, &[("post", &ballot)])
        .is(200, "sha256:");
    let start = receipt.html.find("sha256:").expect("a receipt");
    let receipt = &receipt.html[start..start + 71];
    let status = community
        .runs("elect status steering/2026 --output json")
        .json();
    assert_eq!(status["took_part"], 1);
    portal.until("/receipts", |reply| reply.text().contains(receipt));
}

/// The field of a form into which something is pasted.
fn field_of(page: &Got, action: &str) -> String {
    let form = page
        .html
        .split(&format!("action=\"{action}\""))
        .nth(1)
        .unwrap_or_default();
    let area = form.split("<textarea").nth(1).unwrap_or_default();
    let name = area.split("name=\"").nth(1).unwrap_or_default();
    name.split('"').next().unwrap_or_default().to_owned()
}

/// An election among those who lead, open from yesterday to the day after tomorrow.
pub(super) fn elects(community: &Community) {
    elects_as(community, "blind");
}

/// The same, of this privacy.
pub(super) fn elects_as(community: &Community, privacy: &str) {
    let day = |days: i64| {
        let day = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
        day.strftime("%Y-%m-%d 00:00 UTC").to_string()
    };
    community.write(
        "elections/steering/2026/election.yaml",
        &format!(
            "key: steering/2026\nbody: infra\nseats: 1\nmethod: {{name: schulze, version: v1, pairs: skip, strength: winning-votes, ranking: layers}}\n\
             open: {}\nclose: {}\nexceptions_close: {}\nprivacy: {privacy}\npublish: full\nofficers: [ada, bob, dora]\n\
             officer_rules: {{distinct_employers: false, served_before: 0}}\nvoters: {{any: [{{groups: [infra]}}]}}\ntie: coin\n",
            day(-1),
            day(2),
            day(1)
        ),
    );
    let dashes = "-".repeat(61);
    for id in ["ann", "ben"] {
        let text = format!("{dashes}\nname: {id}\nID: {id}\n{dashes}\n\nWhy me.\n");
        community.write(&format!("elections/steering/2026/candidate-{id}.md"), &text);
    }
    community.commit("ada", "An election");
    community
        .runs("elect open elections/steering/2026")
        .ends(0, "");
}
