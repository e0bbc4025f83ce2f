//! `kill -9` of the program and of the name server, at each batch of a large apply.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use dns::wire::{self, Transfer};
use estate::records::DomainName;
use ledger::Ledger;
use serde_json::Value;
use testkit::servers::wait_until;

use super::community::{Community, ZONE};
use super::nameserver::NameServer;
use super::observer::Observer;

/// Names that stay as they are, change their address, go, come, become an alias, or an address.
/// A type that changes is two changes.
#[derive(Debug, Clone, Copy)]
struct Size {
    same: usize,
    updated: usize,
    deleted: usize,
    created: usize,
    aliased: usize,
    resolved: usize,
}

impl Size {
    const LARGE: Self = Self {
        same: 50,
        updated: 1500,
        deleted: 1000,
        created: 1000,
        aliased: 375,
        resolved: 375,
    };
    const SMALL: Self = Self {
        same: 5,
        updated: 150,
        deleted: 100,
        created: 100,
        aliased: 38,
        resolved: 37,
    };

    fn changes(self) -> usize {
        self.updated + self.deleted + self.created + 2 * (self.aliased + self.resolved)
    }

    /// The sets of the zone, as name, type and value, before or after.
    fn sets(self, after: bool) -> Vec<(String, &'static str, String)> {
        let mut sets = vec![
            ("ns1".to_owned(), "A", "127.0.0.1".to_owned()),
            ("www".to_owned(), "A", "192.0.2.1".to_owned()),
        ];
        let mut add = |start: &str, count: usize, what: Option<(&'static str, &str)>| {
            let Some((rtype, value)) = what else { return };
            sets.extend((0..count).map(|at| (format!("{start}{at}"), rtype, value.to_owned())));
        };
        let address = ("A", if after { "192.0.2.20" } else { "192.0.2.10" });
        let alias = ("CNAME", "www.example.org.");
        add("same", self.same, Some(("A", "192.0.2.2")));
        add("updated", self.updated, Some(address));
        add("deleted", self.deleted, (!after).then_some(address));
        add("created", self.created, after.then_some(address));
        add(
            "aliased",
            self.aliased,
            Some(if after { alias } else { address }),
        );
        add(
            "resolved",
            self.resolved,
            Some(if after { address } else { alias }),
        );
        sets
    }

    fn served(self) -> String {
        let mut text = "$TTL 300\n@ SOA ns1 host 1 3600 600 86400 60\n@ NS ns1\n".to_owned();
        for (name, rtype, value) in self.sets(false) {
            text += &format!("{name} {rtype} {value}\n");
        }
        text
    }

    fn declared(self, after: bool) -> String {
        let mut text = String::new();
        for (name, rtype, value) in self.sets(after) {
            text += &format!("{name}:\n  type: {rtype}\n  ttl: 300\n  value: {value}\n");
        }
        text
    }

    /// The names that are there before and after.
    fn kept(self) -> Vec<String> {
        let after = self.sets(true);
        let there: BTreeSet<&String> = after.iter().map(|(name, ..)| name).collect();
        let before = self.sets(false).into_iter();
        let kept = before.filter(|(name, ..)| there.contains(name));
        kept.map(|(name, ..)| format!("{name}.{ZONE}")).collect()
    }
}

/// Two may agree to anything here: it is crashes that are judged.
const CHARTER: &str = "\
infrastructure: infra
decisions:
  low: {review: {count: 1, by: [owners]}}
  medium: {review: {count: 1, by: [owners]}}
  high: {review: {count: 1, by: [owners]}}
";

/// A community with a large plan that is approved.
fn approved(server: &NameServer, size: Size, batch: usize) -> Community {
    let community = Community::with(
        &server.address(),
        &size.declared(false),
        CHARTER,
        "limits: {updates_percent: 100, deletes_percent: 100}\n",
        &format!("batch: {batch}\n"),
    );
    community.declare(&size.declared(true));
    community.commit("ada", "everything moves");
    let plan = community.plan();
    let changes = plan["plan"]["scopes"][0]["changes"].as_array();
    assert_eq!(changes.map(Vec::len), Some(size.changes()));
    community.by("bob", "approve");
    community.runs("gate plan.json").ends(0, "approved by bob");
    community
}

/// When somebody is killed, counted from the start of a run.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// A batch has been announced in the ledger.
    Announced,
    /// The server has taken one.
    Taken,
    /// The ledger has its outcome.
    Recorded,
}

/// What the ledger and the server say from outside.
struct Watch {
    ledger: Ledger,
    server: wire::Server,
    zone: DomainName,
}

impl Watch {
    fn new(community: &Community, server: &NameServer) -> Self {
        Self {
            ledger: Ledger::open_read_only(&community.ledger()).expect("a ledger"),
            server: server.server(),
            zone: DomainName::absolute(&format!("{ZONE}.")).expect("a name"),
        }
    }

    /// A number that grows when the moment has come.
    fn mark(&mut self, moment: Moment) -> u64 {
        let mut last = |kind: &str| {
            let record = self.ledger.last_of(kind).expect("the ledger");
            record.map_or(0, |record| record.seq())
        };
        match moment {
            Moment::Announced => last(change::journal::INTENT),
            Moment::Recorded => last(change::journal::OUTCOME),
            Moment::Taken => {
                let soa = wire::soa(&self.server, &self.zone).ok().flatten();
                soa.map_or(0, |soa| u64::from(soa.serial()))
            }
        }
    }

    /// Waits for the moment; tells whether it came before the run ended.
    fn comes(&mut self, moment: Moment, run: &mut Child) -> bool {
        let before = self.mark(moment);
        let deadline = Instant::now() + Duration::from_secs(60);
        while run.try_wait().expect("a child").is_none() {
            if self.mark(moment) > before {
                return true;
            }
            assert!(Instant::now() < deadline, "{moment:?} does not come");
            std::thread::sleep(Duration::from_millis(1));
        }
        false
    }
}

fn start(community: &Community) -> Child {
    let mut command = community.command("apply plan.json");
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program")
}

/// One after the other, again and again. After the first of them no batch is done.
const MOMENTS: [Moment; 5] = [
    Moment::Announced,
    Moment::Taken,
    Moment::Recorded,
    Moment::Taken,
    Moment::Recorded,
];

/// Applies, and kills the program at one batch after the other; gives how often.
fn apply_and_kill_the_program(community: &Community, server: &NameServer) -> usize {
    let mut watch = Watch::new(community, server);
    for kills in 0..1000 {
        let mut run = start(community);
        if !watch.comes(MOMENTS[kills % MOMENTS.len()], &mut run) {
            assert_eq!(run.wait().expect("a child").code(), Some(0));
            return kills;
        }
        run.kill().expect("a child");
        run.wait().expect("a child");
    }
    panic!("it never comes to an end");
}

/// Applies, and kills the server at one batch after the other; gives how often.
fn apply_and_kill_the_server(community: &Community, server: &mut NameServer) -> usize {
    let mut watch = Watch::new(community, server);
    for kills in 0..1000 {
        let mut run = start(community);
        let came = watch.comes(MOMENTS[kills % MOMENTS.len()], &mut run);
        if came {
            server.kill();
        }
        // At the end it waits for the server to come back.
        let _ = wait_until(Duration::from_secs(2), || {
            run.try_wait().expect("a child").is_some()
        });
        if came {
            server.start_again();
        }
        match run.wait().expect("a child").code() {
            Some(0) => return kills + usize::from(came),
            exit => assert_eq!(exit, Some(1), "it stops and says so"),
        }
    }
    panic!("it never comes to an end");
}

/// The sets of a zone, as the ledger has them.
fn state(zone: &Transfer) -> BTreeMap<String, Value> {
    let sets = zone.sets.iter();
    sets.map(|(key, set)| (key.to_string(), dns::to_value(key.rtype, set)))
        .collect()
}

/// Each intent has one outcome, those that were done lead from what was to what is, and at
/// no step between was one of the names gone that are kept.
fn assert_true(community: &Community, before: &Transfer, after: &Transfer, kept: &[String]) {
    community
        .runs("ledger verify")
        .ends(0, "the ledger is whole");
    let records = community.records();
    let of = |kind: &'static str| records.iter().filter(move |one| one["kind"] == kind);
    let mut fates: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for outcome in of(change::journal::OUTCOME) {
        let intent = outcome["body"]["intent"].as_u64().expect("a number");
        let fate = outcome["body"]["fate"].as_str().expect("a word");
        fates.entry(intent).or_default().push(fate);
    }
    let mut state = state(before);
    for intent in of(change::journal::INTENT) {
        let seq = intent["seq"].as_u64().expect("a number");
        let fate = fates.remove(&seq).unwrap_or_default();
        match fate.as_slice() {
            ["done"] => {
                let changes = intent["body"]["changes"].as_array().expect("changes");
                step(&mut state, changes);
                let there: BTreeSet<&str> = state.keys().filter_map(|set| name(set)).collect();
                let gone = kept.iter().find(|name| !there.contains(name.as_str()));
                assert_eq!(gone, None, "after intent {seq}");
            }
            ["not-done"] => {}
            other => panic!("intent {seq} has the outcomes {other:?}"),
        }
    }
    assert!(fates.is_empty(), "outcomes of nothing: {fates:?}");
    assert_eq!(state, self::state(after), "what was done is what is there");
}

/// Does what a batch did.
fn step(state: &mut BTreeMap<String, Value>, changes: &[Value]) {
    for change in changes {
        let resource = change["resource"].as_str().expect("a resource");
        let is = state.remove(resource).unwrap_or_default();
        assert_eq!(is, change["before"], "{resource}");
        if !change["after"].is_null() {
            state.insert(resource.to_owned(), change["after"].clone());
        }
    }
}

/// The name of a record set, without the final dot.
fn name(resource: &str) -> Option<&str> {
    Some(resource.split_once(". ")?.0)
}

/// A large or small apply that is under way, watched by somebody who asks for every name that is kept.
struct Crashing {
    server: NameServer,
    size: Size,
    community: Community,
    before: Transfer,
    observer: Observer,
    batches: usize,
}

impl Crashing {
    fn of(server: NameServer, size: Size, batch: usize) -> Self {
        let before = server.zone();
        let community = approved(&server, size, batch);
        let observer = Observer::of(&server.address(), size.kept());
        Self {
            batches: size.changes() / batch,
            server,
            size,
            community,
            before,
            observer,
        }
    }

    /// All is done, each thing once, and was never half done for a name.
    fn assert_done(&self, kills: usize) {
        let batches = self.batches;
        // On a busy machine whoever watches misses some of them.
        assert!(2 * kills >= batches, "{kills} kills in {batches} batches");
        let there = self.server.zone();
        // And the NS, which no file declares.
        assert_eq!(there.sets.len(), self.size.sets(true).len() + 1);
        self.community.runs("plan --detailed-exitcode").ends(0, "");
        assert_true(&self.community, &self.before, &there, &self.size.kept());
        let records = self.community.records();
        let settled = records.iter().filter(|one| {
            let why = one["body"]["why"].as_str();
            why.is_some_and(|why| why.ends_with("as is seen now"))
        });
        assert_ne!(settled.count(), 0, "no crash left a batch open");
    }

    /// Plans to undo it all, and has that approved.
    fn turn_back(&self) {
        let records = self.community.records();
        let is_end = |one: &&Value| one["kind"] == change::journal::FINISHED;
        let end = records.iter().rev().find(is_end).expect("an end");
        let plan = format!("plan --revert {} --out plan.json", end["seq"]);
        self.community.runs(&plan).ends(0, "wrote plan.json");
        self.community.by("ada", "propose --title undo-it");
        self.community.by("bob", "approve");
    }

    /// All is as before.
    fn assert_undone(&self) {
        let zone = self.server.zone();
        assert_eq!(zone.sets, self.before.sets);
        assert_true(&self.community, &self.before, &zone, &self.size.kept());
    }

    /// Nobody ever missed a name.
    fn assert_seen(self) {
        let names = self.size.kept().len();
        let seen = self.observer.end();
        assert_eq!(seen.missing, Vec::<String>::new());
        assert!(seen.answers >= names, "{seen:?}");
    }
}

#[test]
fn the_program_is_killed_at_each_batch_of_a_large_apply() {
    let Some(server) = NameServer::bind(&Size::LARGE.served()) else {
        return;
    };
    let it = Crashing::of(server, Size::LARGE, 250);
    let kills = apply_and_kill_the_program(&it.community, &it.server);
    it.assert_done(kills);
    it.assert_seen();
}

#[test]
fn the_server_is_killed_at_each_batch_of_a_large_apply() {
    let Some(server) = NameServer::bind(&Size::LARGE.served()) else {
        return;
    };
    let mut it = Crashing::of(server, Size::LARGE, 250);
    let kills = apply_and_kill_the_server(&it.community, &mut it.server);
    it.assert_done(kills);
    it.assert_seen();
}

/// There with the program killed, back with the server killed.
fn there_and_back(server: NameServer) {
    let mut it = Crashing::of(server, Size::SMALL, 100);
    let kills = apply_and_kill_the_program(&it.community, &it.server);
    it.assert_done(kills);
    it.turn_back();
    let kills = apply_and_kill_the_server(&it.community, &mut it.server);
    assert!(2 * kills >= it.batches, "{kills} kills");
    it.assert_undone();
    it.assert_seen();
}

#[test]
fn a_crash_at_any_batch_is_survived_on_knot() {
    if let Some(server) = NameServer::knot(&Size::SMALL.served()) {
        there_and_back(server);
    }
}

#[test]
fn a_crash_at_any_batch_is_survived_on_powerdns() {
    if let Some(server) = NameServer::powerdns(&Size::SMALL.served()) {
        there_and_back(server);
    }
}

#[test]
fn what_a_server_refuses_is_undone_though_the_program_was_killed() {
    let Some(server) = NameServer::bind(&Size::SMALL.served()) else {
        return;
    };
    let before = server.zone();
    let community = approved(&server, Size::SMALL, 100);
    // BIND takes no addresses of such names; it comes after all others that only come.
    let bad = "created_z:\n  type: A\n  ttl: 300\n  value: 192.0.2.3\n";
    community.declare(&(Size::SMALL.declared(true) + bad));
    community.commit("ada", "one more");
    community.plan();
    community.by("bob", "approve");
    let mut watch = Watch::new(&community, &server);
    let mut run = start(&community);
    assert!(watch.comes(Moment::Taken, &mut run));
    run.kill().expect("a child");
    run.wait().expect("a child");
    assert_ne!(server.zone().sets, before.sets, "it was half way");
    let said = community.runs("apply plan.json").ends(1, "rolled back");
    assert!(said.out.contains("refuses"), "{}", said.out);
    assert_eq!(server.zone().sets, before.sets, "all of it is undone");
    assert_true(&community, &before, &server.zone(), &Size::SMALL.kept());
}
