//! Decisions, changes, elections and the ledger, as readers of the portal see them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use super::server::Portal;
use crate::decisions::assembly::Assembly;
use crate::elections::setting::{self, AFTER, BEFORE, DURING};
use crate::governed::community::{Community, DECLARED, SERVED};
use crate::governed::nameserver::NameServer;
use crate::support::python;

/// What is at a path, for somebody who did not sign in: the status and what stands there.
fn get(portal: &Portal, path: &str) -> (u16, String) {
    let address = portal.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the portal");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8(answer).expect("UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let moved = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location")
            .then(|| format!("to {value}\n{body}"))
    });
    (
        status.expect("a status"),
        moved.unwrap_or_else(|| body.to_owned()),
    )
}

/// The page at a path, without its markup: each text of it in a line.
#[track_caller]
fn page(portal: &Portal, path: &str) -> String {
    let (status, body) = get(portal, path);
    if status == 308 {
        let moved = body
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("to "));
        return page(portal, moved.expect("where it is"));
    }
    assert_eq!(status, 200, "{path}: {body}");
    let main = body.split_once("<main").map_or("", |(_, main)| main);
    let mut text = String::new();
    for part in main.split('<').skip(1) {
        let part = part.split_once('>').map_or("", |(_, part)| part).trim();
        if !part.is_empty() {
            text += part;
            text.push('\n');
        }
    }
    for (name, sign) in [
        ("&#39;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ] {
        text = text.replace(name, sign);
    }
    text
}

#[track_caller]
fn says(text: &str, all: &[&str]) {
    for one in all {
        assert!(text.contains(one), "`{one}` is not in\n{text}");
    }
}

/// The part of a page from a text on.
#[track_caller]
fn after<'t>(text: &'t str, from: &str) -> &'t str {
    let found = text.split_once(from);
    found
        .unwrap_or_else(|| panic!("`{from}` is not in\n{text}"))
        .1
}

#[test]
fn a_decision_shows_how_it_stands_who_said_what_and_what_does_not_count() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "More seats");
    it.ticks();
    it.by("bob", "vote 1 yes");
    it.by("cy", "vote 1 no");
    it.by("gus", "vote 1 yes");
    it.ticks_at("2026-03-02T11:00:00Z");
    it.proposes("ada", "rfc", "Names of zones");
    it.ticks();
    it.by("bob", "object 2 --reason 'nobody can spell them'");
    it.ticks_at("2026-03-02T12:00:00Z");
    let portal = Portal::start(&it.estate(), &["--at", "2026-03-02T13:00:00Z"], &[]);

    let list = page(&portal, "/decisions");
    says(
        &list,
        &[
            "1. More seats",
            "open",
            "3 votes",
            "2. Names of zones",
            "blocked",
            "the objection of bob",
            "steering",
        ],
    );
    let vote = page(&portal, "/decisions/1");
    assert_eq!(
        get(&portal, "/decisions/1").0,
        308,
        "a number leads to the item"
    );
    says(
        &vote,
        &["Where it stands", "Proposed", "Outcome", "What it needs"],
    );
    says(
        after(&vote, "How members voted"),
        &["bob", "yes", "cy", "no", "dora", "no vote yet"],
    );
    says(after(&vote, "Whose turn it is"), &["dora", "eve", "fay"]);
    says(
        after(&vote, "What does not count"),
        &["gus", "E_NOT_ELIGIBLE"],
    );
    says(
        after(&vote, "By which rules"),
        &["majority", "charter.yaml"],
    );
    says(
        &vote,
        &[
            "commonhold decide vote 1 yes",
            "commonhold decide verify more-seats-",
        ],
    );
    let rfc = page(&portal, "/decisions/2");
    says(
        after(&rfc, "Objections"),
        &["bob objected on 2026-03-02", "nobody can spell them"],
    );
    says(&rfc, &["As it is."]);
    // Somebody who did not sign in is shown no form.
    assert!(!rfc.contains("name=\"reason\""), "{rfc}");
}

#[test]
fn decisions_that_are_over_say_how_long_they_took() {
    let it = Assembly::new();
    for title in ["More seats", "Fewer seats"] {
        it.proposes("ada", "charter", title);
    }
    it.ticks();
    for person in ["bob", "cy", "dora"] {
        it.by(person, "vote 1 yes");
        it.by(person, "vote 2 no");
    }
    it.ticks_at("2026-03-02T12:00:00Z");
    let portal = Portal::start(&it.estate(), &["--at", "2026-03-05T00:00:00Z"], &[]);
    let list = page(&portal, "/decisions");
    says(
        &list,
        &["2 decisions had an outcome, half of them within 1 day of the proposal."],
    );
    says(&list, &["accepted", "rejected"]);
}

/// Whatever is not there is said in a sentence, and fails nothing.
#[test]
fn an_estate_with_nothing_but_files_has_all_pages() {
    let folder =
        crate::support::Folder::new().with("commonhold.yaml", "commonhold: 1\nname: Example\n");
    let portal = Portal::start(&folder.0, &[], &[]);
    says(&page(&portal, "/changes"), &["There is no ledger yet."]);
    says(&page(&portal, "/ledger"), &["There is no ledger yet."]);
    for path in ["/decisions", "/elections", "/records"] {
        assert_eq!(get(&portal, path).0, 200, "{path}");
    }
    for path in [
        "/decisions/1",
        "/elections/none",
        "/records/1",
        "/changes/none",
        "/ledger/7",
        "/ledger.jsonl",
    ] {
        assert_eq!(get(&portal, path).0, 404, "{path}");
    }
}

/// Puts the plan of a community where the portal looks for plans.
fn file_plan(community: &Community, name: &str) -> String {
    let plan = community.plan();
    community.write(
        &format!(".commonhold/plans/{name}.json"),
        &community.text("plan.json"),
    );
    let digest = plan["digest"].as_str().expect("a digest");
    digest.trim_start_matches("sha256:")[..12].to_owned()
}

#[test]
fn a_change_shows_what_it_waits_for_and_once_it_is_on_bind_where_that_is_written() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("ada", "move mail");
    let first = file_plan(&community, "first");
    {
        let portal = Portal::start(&community.estate(), &[], &[]);
        let list = page(&portal, "/changes");
        says(
            &list,
            &[
                "Update mail.example.org. A at primary",
                "blocked",
                "low",
                "approval",
                "infra",
            ],
        );
        let plan = page(&portal, &format!("/changes/{first}"));
        says(&plan, &["mail.example.org. A", "192.0.2.6", "192.0.2.5"]);
        says(after(&plan, "Whose turn it is"), &["bob", "dora"]);
        says(
            after(&plan, "What the charter requires"),
            &["1 approval by a member of infra who is not an author"],
        );
        says(after(&plan, "Authors, who do not count"), &["ada"]);
        says(
            &plan,
            &[
                "approval-missing",
                "commonhold approve .commonhold/plans/first.json",
            ],
        );
        let change = page(&portal, &format!("/changes/{first}/1"));
        says(
            &change,
            &["Before and after", "192.0.2.6", "dns/example.org.yaml"],
        );
    }
    let second = agreed(&community, &first);

    let portal = Portal::start(&community.estate(), &[], &[]);
    says(&page(&portal, "/changes"), &["applied", "blocked"]);
    let done = page(&portal, &format!("/changes/{first}"));
    says(
        after(&done, "What was applied"),
        &["dns example.org at primary: applied", "of the ledger"],
    );
    says(&done, &["approved by bob"]);
    let held = page(&portal, &format!("/changes/{second}"));
    says(
        after(&held, "Objections"),
        &["cy objected on", "it-is-somebody-elses"],
    );
    ledger(&portal, &community);
}

/// Lets a change be agreed to and applied, and the next one be objected to; gives the next plan.
fn agreed(community: &Community, first: &str) -> String {
    community.by("bob", "approve");
    community.by("cy", "object --reason whose-is-it");
    {
        let portal = Portal::start(&community.estate(), &[], &[]);
        let plan = page(&portal, &format!("/changes/{first}"));
        says(&plan, &["the object of cy is not in the ledger yet"]);
        let turn = after(&plan, "Whose turn it is");
        assert!(
            !turn[..turn.find("What is missing").unwrap()].contains("bob"),
            "{turn}"
        );
        community.runs("gate plan.json").ends(5, "objection");
    }
    let objection = community.event("object");
    community.by("cy", &format!("withdraw {objection}"));
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    community.edit("value: 192.0.2.9", "value: 192.0.2.10");
    community.commit("ada", "move old");
    let second = file_plan(community, "second");
    community.by("cy", "object --reason it-is-somebody-elses");
    community.runs("gate plan.json").ends(5, "objection");
    second
}

/// The ledger's pages, and what a reader can verify without believing them.
fn ledger(portal: &Portal, community: &Community) {
    let records = community.records();
    let last = records.len();
    let overview = page(portal, "/ledger");
    says(
        &overview,
        &[
            &format!("The ledger is whole: {last} records"),
            "ledger.jsonl",
        ],
    );
    let digest = records[last - 1]["digest"].as_str().expect("a digest");
    says(after(&overview, "Digest of the last record"), &[digest]);
    let (status, lines) = get(portal, "/ledger.jsonl");
    assert_eq!((status, lines.lines().count()), (200, last));
    let exported = community.runs("ledger export").ends(0, "").out;
    assert_eq!(lines, exported, "the file is what the program exports");
    let command = after(&overview, "python3 - ledger.jsonl <<'END'\n");
    let script = command.split_once("\nEND").expect("an end").0;
    assert_eq!(
        verified(script, &lines),
        format!("{last} records follow each other, 0 of them withheld; the last is {digest}")
    );
    let changed = lines.replacen("\"act\":\"approve\"", "\"act\":\"appraise\"", 1);
    assert_ne!(changed, lines);
    says(&verified(script, &changed), &["was changed"]);
    let record = page(portal, &format!("/records/{last}"));
    let command = after(&record, "printf '%s' '")
        .split_once("' | sha256sum")
        .expect("a command")
        .0;
    let shell = Command::new("sh")
        .args(["-c", &format!("printf '%s' '{command}' | sha256sum")])
        .output();
    let shell = String::from_utf8(shell.expect("a shell").stdout).expect("UTF-8");
    assert_eq!(shell.split(' ').next(), digest.strip_prefix("sha256:"));
}

/// What the script of the ledger's page says of lines.
fn verified(script: &str, lines: &str) -> String {
    let folder = crate::support::Folder::new().with("ledger.jsonl", lines);
    let done = Command::new(python())
        .args(["-c", script, "ledger.jsonl"])
        .current_dir(&folder.0)
        .stdin(Stdio::null())
        .output()
        .expect("python");
    let said = if done.status.success() {
        done.stdout
    } else {
        done.stderr
    };
    String::from_utf8(said).expect("UTF-8").trim().to_owned()
}

#[test]
fn who_keeps_addresses_out_of_sight_keeps_the_chain_in_sight() {
    let it = Assembly::new();
    it.drops_notice();
    it.proposes("ada", "policy", "How long logs are kept");
    it.ticks();
    let portal = Portal::start(&it.estate(), &["--at", "2026-03-02T13:00:00Z"], &[]);
    // Whoever wrote these records is known by an address.
    let (_, lines) = get(&portal, "/ledger.jsonl");
    assert!(
        !lines.contains('@') && lines.contains("\"withheld\":true"),
        "{lines}"
    );
    let overview = page(&portal, "/ledger");
    let command = after(&overview, "python3 - ledger.jsonl <<'END'\n");
    let script = command.split_once("\nEND").expect("an end").0;
    says(&verified(script, &lines), &["records follow each other"]);
    for path in ["/records", "/records/1", "/records/2"] {
        let (_, body) = get(&portal, path);
        assert!(!body.contains("secretary@example.org"), "{path}");
    }
}

#[test]
fn a_ledger_that_somebody_changed_is_shown_as_broken_and_where() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "More seats");
    it.ticks();
    let database = it.estate().join(".commonhold/ledger.sqlite");
    let done = Command::new(python())
        .args(["-c", "import sqlite3, sys\ndatabase = sqlite3.connect(sys.argv[1])\nfor name, in database.execute(\"SELECT name FROM sqlite_master WHERE type = 'trigger'\").fetchall(): database.execute(f'DROP TRIGGER {name}')\ntable, = database.execute(\"SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%prev%'\").fetchone()\ndatabase.execute(f\"UPDATE {table} SET actor = 'mallory' WHERE seq = 2\")\ndatabase.commit()"])
        .arg(&database)
        .status();
    assert!(done.is_ok_and(|status| status.success()), "python");
    let portal = Portal::start(&it.estate(), &["--at", "2026-03-02T13:00:00Z"], &[]);
    says(
        &page(&portal, "/ledger"),
        &["The ledger is not whole. Record 2", "broken"],
    );
}

/// A vote of three, of which one is replaced.
fn blind() -> (setting::Community, Vec<String>) {
    let community = setting::Community::new("blind", "full");
    community.open();
    let mut receipts = Vec::new();
    for (who, ballots) in [
        ("ada", &["ann,ben", "ben,ann"][..]),
        ("bo", &["ann,cat"]),
        ("cy", &["ann"]),
    ] {
        community.ends(
            BEFORE,
            &format!("token steering/2026 --out {who}.token --key keys/{who}"),
            0,
            "",
        );
        for ballot in ballots {
            let words = format!("vote steering/2026 {ballot} --token {who}.token");
            let said = community.ends(DURING, &words, 0, "receipt");
            let receipt = said.data.split("sha256:").nth(1).expect("a receipt");
            let digits: String = receipt
                .chars()
                .take_while(char::is_ascii_hexdigit)
                .collect();
            receipts.push(format!("sha256:{digits}"));
        }
    }
    (community, receipts)
}

#[test]
fn a_blind_election_shows_nothing_of_ballots_before_the_close_and_all_of_them_after() {
    let (community, receipts) = blind();
    {
        let portal = Portal::start(community.folder(), &["--at", "2026-09-15T10:00:00Z"], &[]);
        let election = page(&portal, "/elections/steering/2026");
        says(
            &election,
            &[
                "voting",
                "Why me.",
                "5 people may vote",
                "Whoever is a lead or member of steering",
                "4 ballots are on the board",
            ],
        );
        assert!(!election.contains("Result"), "{election}");
        let (_, board) = get(&portal, "/receipts");
        assert!(
            board.contains(&receipts[0]) && !board.contains("ann &gt; ben"),
            "{board}"
        );
        assert_eq!(get(&portal, "/elections/steering/2026/board.jsonl").0, 404);
    }
    community.ends(AFTER, "close steering/2026", 0, "\"ballots\": 3");
    let portal = Portal::start(community.folder(), &["--at", "2026-10-03T00:00:00Z"], &[]);
    says(&page(&portal, "/elections"), &["closed", "blind"]);
    let election = page(&portal, "/elections/steering/2026");
    says(
        &election,
        &["3 of 5 voters took part, and 3 ballots count."],
    );
    says(
        after(&election, "By the count alone"),
        &["ann", "elected", "cat", "not elected"],
    );
    says(
        after(&election, "How many voters prefer the candidate of the row"),
        &["to ann", "to ben"],
    );
    says(
        after(&election, "What ballots say"),
        &["ann > cat", "ben > ann"],
    );
    says(&election, &["The ballot box", "as it was written"]);
    let found = page(&portal, &format!("/receipts?q={}", receipts[1]));
    says(&found, &[&receipts[1], "counts", "ben > ann"]);
    assert!(!found.contains(&receipts[2]), "{found}");
    says(
        &page(&portal, &format!("/receipts?q={}", receipts[0])),
        &["replaced or taken back"],
    );
    let (status, board) = get(&portal, "/elections/steering/2026/board.jsonl");
    assert_eq!(status, 200);
    community.write("board.jsonl", &board);
    let (_, closing) = get(&portal, "/elections/steering/2026/closing.json");
    community.write("closing.json", &closing);
    let words = format!(
        "verify board.jsonl --closing closing.json --receipt {}",
        receipts[1]
    );
    community.ends(AFTER, &words, 0, "sound: 3 of 5 voters took part");
}

#[test]
fn a_sealed_election_publishes_no_more_than_it_says() {
    let community = setting::Community::new("sealed", "pairwise");
    community.open();
    community.vote("ada", DURING, "ann,ben");
    community.vote("bo", DURING, "ben,ann");
    community.vote("di", DURING, "ben");
    community.ends(AFTER, "close steering/2026", 0, "\"ballots\": 3");
    let portal = Portal::start(community.folder(), &["--at", "2026-10-03T00:00:00Z"], &[]);
    let election = page(&portal, "/elections/steering/2026");
    says(
        &election,
        &["3 of 5 voters took part", "How many voters prefer"],
    );
    assert!(!election.contains("What ballots say"), "{election}");
    let (_, published) = get(&portal, "/elections/steering/2026/published.json");
    assert!(
        published.contains("pairwise") && !published.contains("\"ballots\": ["),
        "{published}"
    );
    // Nobody learns from any page who voted.
    let voted = after(&election, "Result");
    for voter in ["person/ada", "person/bo"] {
        assert!(!voted.contains(voter), "{voted}");
    }
}
