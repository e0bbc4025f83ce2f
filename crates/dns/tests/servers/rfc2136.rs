//! Transfers and updates on BIND, Knot and `PowerDNS`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skips"
)]

use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine as _;
use dns::providers::rfc2136::{Reader, Writer};
use dns::providers::{Mark, ReadError, ReadZone as _, SetChange, WriteError, WriteZone as _};
use dns::wire::{self, Failure, Key, Server, Standing};
use estate::kinds::TsigAlgorithm;
use estate::records::{DomainName, RecordKey, RecordSet, RecordSets, RecordType};
use jiff::{SignedDuration, Timestamp};
use testkit::servers::bind::Bind;
use testkit::servers::dns::{KEY_NAME, KEY_SECRET, ZoneText};
use testkit::servers::knot::Knot;
use testkit::servers::or_skip;
use testkit::servers::powerdns::PowerDns;

use crate::cases::{BASE, CASES, ZONE, base, changes, sets, zone};

const ZONES: &[ZoneText<'static>] = &[ZoneText {
    name: ZONE,
    text: BASE,
}];

/// What `PowerDNS` 4.7 does not take by update, and why.
const POWERDNS_LACKS: &[(&str, &str)] = &[(
    "a type that nobody knows",
    "answers updates of types it does not know with FORMERR",
)];

enum Peer {
    Bind(Bind),
    Knot(Knot),
    PowerDns(PowerDns),
}

impl Peer {
    fn all(zones: &[ZoneText<'_>]) -> Vec<Self> {
        let bind = or_skip(Bind::start(zones)).map(Self::Bind);
        let knot = or_skip(Knot::start(zones)).map(Self::Knot);
        let powerdns = or_skip(PowerDns::start(zones)).map(Self::PowerDns);
        [bind, knot, powerdns].into_iter().flatten().collect()
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Bind(_) => "BIND",
            Self::Knot(_) => "Knot",
            Self::PowerDns(_) => "PowerDNS",
        }
    }

    /// Whether it can do this, said where it cannot.
    fn can(&self, title: &str) -> bool {
        let lacks = POWERDNS_LACKS.iter().find(|(what, _)| *what == title);
        let lacks = lacks.filter(|_| matches!(self, Self::PowerDns(_)));
        if let Some((what, why)) = lacks {
            eprintln!("skipped on {}: {what}: {why}", self.name());
        }
        lacks.is_none()
    }

    fn address(&self) -> String {
        match self {
            Self::Bind(server) => server.address(),
            Self::Knot(server) => server.address(),
            Self::PowerDns(server) => server.address(),
        }
    }

    fn log(&self) -> String {
        match self {
            Self::Bind(server) => server.log(),
            Self::Knot(server) => server.log(),
            Self::PowerDns(server) => server.log(),
        }
    }

    fn kill(&mut self) {
        match self {
            Self::Bind(server) => server.kill(),
            Self::Knot(server) => server.kill(),
            Self::PowerDns(server) => server.kill(),
        }
    }

    fn start_again(&mut self) {
        match self {
            Self::Bind(server) => server.start_again(),
            Self::Knot(server) => server.start_again(),
            Self::PowerDns(server) => server.start_again(),
        }
    }

    fn server(&self) -> Server {
        Server::new(self.address(), Some(key()), Timestamp::now)
    }

    fn reader(&self) -> Reader {
        Reader::new(self.server())
    }

    fn writer(&self) -> Writer {
        Writer::new(self.server(), 1000)
    }
}

fn secret() -> Vec<u8> {
    let decoded = base64::engine::general_purpose::STANDARD.decode(KEY_SECRET);
    decoded.expect("base64")
}

fn key() -> Key {
    named_key(KEY_NAME, TsigAlgorithm::Sha256, &secret())
}

fn named_key(name: &str, algorithm: TsigAlgorithm, secret: &[u8]) -> Key {
    let name = DomainName::absolute(&format!("{name}.")).expect("a name");
    Key::new(&name, algorithm, secret).expect("a key")
}

/// Leads the zone to a state, and shows that it is there.
fn lead(
    peer: &Peer,
    title: &str,
    from: &(RecordSets, Mark),
    to: &RecordSets,
) -> (RecordSets, Mark) {
    let on = peer.name();
    let written = peer.writer().write(&zone(), &from.1, &changes(&from.0, to));
    let mark = written.unwrap_or_else(|error| panic!("{on}, {title}: {error}\n{}", peer.log()));
    let seen = peer.reader().observe(&zone()).unwrap();
    assert_eq!(seen.sets, *to, "{on}, {title}");
    assert_eq!(seen.mark, mark, "{on}, {title}");
    (seen.sets, mark)
}

fn observed(peer: &Peer) -> (RecordSets, Mark) {
    let seen = peer.reader().observe(&zone()).unwrap();
    assert!(seen.beyond.is_empty());
    (seen.sets, seen.mark)
}

#[test]
fn what_is_written_is_read_again() {
    for peer in Peer::all(ZONES) {
        let mut state = observed(&peer);
        assert_eq!(state.0, base(), "{}", peer.name());
        for case in CASES.iter().filter(|case| peer.can(case.title)) {
            for step in case.steps {
                let mut to = base();
                to.extend(sets(step));
                state = lead(&peer, case.title, &state, &to);
            }
            state = lead(&peer, case.title, &state, &base());
        }
    }
}

#[test]
fn many_values_are_one_set() {
    let mut text = String::new();
    (0..200).for_each(|n| writeln!(text, "many 300 A 198.51.100.{n}").unwrap());
    let mut to = base();
    to.extend(sets(&text));
    for peer in Peer::all(ZONES) {
        let state = lead(&peer, "200 values", &observed(&peer), &to);
        let answer = wire::query(
            &peer.server(),
            &sets(&text).keys().next().unwrap().name,
            RecordType::A,
        );
        assert_eq!(answer.unwrap().set.unwrap().data().len(), 200);
        lead(&peer, "200 values go", &state, &base());
    }
}

#[test]
fn the_name_servers_of_a_zone_can_all_change_at_once() {
    for peer in Peer::all(ZONES) {
        let mut state = observed(&peer);
        for lines in [
            "@ 3600 NS a.example.net.\n@ 3600 NS b.example.net.",
            "@ 60 NS a.example.net.\n@ 60 NS ns1",
            "@ 60 NS c.example.net.",
            "@ 3600 NS ns1\n@ 3600 NS ns2",
        ] {
            let mut to = base();
            to.extend(sets(lines));
            state = lead(&peer, lines, &state, &to);
        }
    }
}

#[test]
fn a_stale_mark_changes_nothing() {
    for peer in Peer::all(ZONES) {
        let (before, stale) = observed(&peer);
        let mut to = base();
        to.extend(sets("a 300 A 192.0.2.9"));
        let now = lead(&peer, "first", &(before.clone(), stale.clone()), &to);
        let mut other = base();
        other.extend(sets("b 300 A 192.0.2.9"));
        let error = peer
            .writer()
            .write(&zone(), &stale, &changes(&before, &other));
        assert!(
            matches!(error, Err(WriteError::Moved { .. })),
            "{}: {error:?}",
            peer.name()
        );
        assert_eq!(observed(&peer), now, "{}", peer.name());
    }
}

/// The guard in the message itself, where the question for the SOA before it saw nothing yet.
#[test]
fn a_change_in_the_last_moment_is_seen_by_the_server() {
    for peer in Peer::all(ZONES) {
        let (server, zone) = (peer.server(), zone());
        let mut slow = wire::Update::open(&server, &zone).unwrap();
        let seen = slow.soa().unwrap().unwrap();
        let mut to = base();
        to.extend(sets("quick 300 A 192.0.2.9"));
        let now = lead(&peer, "quick", &observed(&peer), &to);
        let late = sets("slow 300 A 192.0.2.9");
        let (key, set) = late.first_key_value().unwrap();
        let action = wire::Action::Add(key, set.ttl, &set.data()[0]);
        let refused = slow.send(&seen.data, &[action]).unwrap_err();
        let is_guard = matches!(
            refused,
            Failure::Refused {
                rcode: wire::Rcode::NXRRSET,
                ..
            }
        );
        assert!(is_guard, "{}: {refused:?}", peer.name());
        assert_eq!(observed(&peer), now);
    }
}

#[test]
fn keys_and_clocks_that_differ_are_told_apart() {
    let ahead = || Timestamp::now() + SignedDuration::from_secs(400);
    let servers: [(&str, Key, wire::Clock, &str); 4] = [
        (
            "name",
            named_key("other", TsigAlgorithm::Sha256, &secret()),
            Timestamp::now,
            "BADKEY",
        ),
        (
            "secret",
            named_key(KEY_NAME, TsigAlgorithm::Sha256, b"other"),
            Timestamp::now,
            "BADSIG",
        ),
        (
            "algorithm",
            named_key(KEY_NAME, TsigAlgorithm::Sha512, &secret()),
            Timestamp::now,
            "BADKEY",
        ),
        ("clock", key(), ahead, "BADTIME"),
    ];
    for peer in Peer::all(ZONES) {
        let before = observed(&peer);
        let mut to = base();
        to.extend(sets("a 300 A 192.0.2.9"));
        for (what, key, clock, says) in &servers {
            let on = format!("{}, {what}", peer.name());
            let server = Server::new(peer.address(), Some(key.clone()), *clock);
            let read = Reader::new(server.clone()).observe(&zone());
            let read = read.unwrap_err();
            assert!(matches!(read, ReadError::Refused { .. }), "{on}: {read:?}");
            let write = Writer::new(server, 10).write(&zone(), &before.1, &changes(&before.0, &to));
            let write = write.unwrap_err();
            assert!(
                matches!(write, WriteError::Refused { .. }),
                "{on}: {write:?}"
            );
            // PowerDNS only ever says REFUSED or NOTAUTH.
            if !matches!(peer, Peer::PowerDns(_)) {
                assert!(read.to_string().contains(says), "{on}: {read}");
                assert!(write.to_string().contains(says), "{on}: {write}");
            }
        }
        assert_eq!(observed(&peer), before);
    }
}

#[test]
fn a_zone_that_is_not_there_is_not_an_empty_zone() {
    let other = DomainName::absolute("other.test.").unwrap();
    for peer in Peer::all(ZONES) {
        let error = peer.reader().observe(&other).unwrap_err();
        assert!(
            matches!(error, ReadError::NoSuchZone { .. }),
            "{}: {error:?}",
            peer.name()
        );
        let unsigned = Server::new(peer.address(), None, Timestamp::now);
        let error = Reader::new(unsigned).observe(&zone()).unwrap_err();
        assert!(
            matches!(error, ReadError::Refused { .. }),
            "{}: {error:?}",
            peer.name()
        );
    }
}

#[test]
fn bind_refuses_bad_owner_names_and_mail_to_nowhere_as_a_whole() {
    let Some(bind) = or_skip(Bind::start(ZONES)) else {
        return;
    };
    let peer = Peer::Bind(bind);
    let before = observed(&peer);
    for bad in ["_acme-challenge.docs 300 A 0.0.0.0", "@ 300 MX 10 nowhere"] {
        let mut to = base();
        to.extend(sets(&format!("{bad}\ngood 300 A 192.0.2.9")));
        let error = peer
            .writer()
            .write(&zone(), &before.1, &changes(&before.0, &to))
            .unwrap_err();
        assert!(matches!(error, WriteError::Refused { .. }), "{error:?}");
        assert!(error.to_string().contains("breaks a rule"), "{error}");
        assert_eq!(observed(&peer), before);
    }
}

#[test]
fn five_thousand_sets_come_in_batches_and_are_asked_for_again() {
    let mut text = String::new();
    (0..5000u32)
        .for_each(|n| writeln!(text, "host-{n} 300 A 10.0.{}.{}", n / 250, n % 250).unwrap());
    let new = sets(&text);
    let mut to = base();
    to.extend(new.clone());
    for peer in Peer::all(ZONES) {
        let (before, mut mark) = observed(&peer);
        let mut writer = peer.writer();
        for batch in batches(&changes(&before, &to), &writer) {
            mark = writer.write(&zone(), &mark, batch).unwrap();
        }
        assert_eq!(observed(&peer), (to.clone(), mark), "{}", peer.name());
        let keys: Vec<RecordKey> = new.keys().cloned().collect();
        let public = Server::new(peer.address(), None, Timestamp::now);
        let answers = wire::query_all(&public, &keys).unwrap();
        for (answer, set) in answers.iter().zip(new.values()) {
            assert_eq!(
                (answer.set.as_ref(), answer.standing),
                (Some(set), Standing::Authority)
            );
        }
    }
}

fn batches<'a>(changes: &'a [SetChange], writer: &Writer) -> Vec<&'a [SetChange]> {
    let limits = writer.limits();
    let octets = |change: &SetChange| {
        let sets = [&change.before, &change.after].into_iter().flatten();
        let data = sets.flat_map(RecordSet::data);
        let each = data.map(|data| change.key.name.wire().len() + data.octets().len());
        each.sum::<usize>()
    };
    let most = changes.iter().map(octets).max().unwrap_or(1);
    changes
        .chunks(limits.sets.min(limits.octets / most))
        .collect()
}

#[test]
fn a_server_that_is_killed_never_makes_us_lie() {
    for mut peer in Peer::all(ZONES) {
        let mut state = observed(&peer);
        for round in 0..3 {
            let mut to = base();
            to.extend(sets(&format!("a 300 A 192.0.2.{round}")));
            let change = changes(&state.0, &to);
            let (server, zone) = (peer.server(), zone());
            let mut update = wire::Update::open(&server, &zone).unwrap();
            let seen = update.soa().unwrap().unwrap();
            peer.kill();
            let after = change[0].after.as_ref().unwrap();
            let action = wire::Action::Add(&change[0].key, 300, &after.data()[0]);
            let failure = update.send(&seen.data, &[action]).unwrap_err();
            let honest = matches!(failure, Failure::Silent(_) | Failure::Unreachable(_));
            assert!(honest, "{}: {failure:?}", peer.name());
            let error = peer.writer().write(&zone, &state.1, &change).unwrap_err();
            assert!(matches!(error, WriteError::Unreachable { .. }), "{error:?}");
            let error = peer.reader().observe(&zone).unwrap_err();
            assert!(matches!(error, ReadError::Unreachable { .. }), "{error:?}");
            peer.start_again();
            assert_eq!(observed(&peer), state, "{}", peer.name());
            state = lead(&peer, "after the crash", &state, &to);
            peer.kill();
            peer.start_again();
            assert_eq!(
                observed(&peer),
                state,
                "{}: what was confirmed is kept",
                peer.name()
            );
        }
    }
}

#[test]
fn a_delegation_and_its_addresses_are_told_as_a_referral() {
    for peer in Peer::all(ZONES) {
        let below = sets("sub 300 NS ns.sub\nns.sub 300 A 192.0.2.20");
        let mut to = base();
        to.extend(below.clone());
        lead(&peer, "delegation", &observed(&peer), &to);
        for (key, set) in &below {
            let answer = wire::query(&peer.server(), &key.name, key.rtype).unwrap();
            assert_eq!(answer.set.as_ref(), Some(set), "{} {key}", peer.name());
            assert_eq!(answer.standing, Standing::Referral, "{} {key}", peer.name());
        }
        let nothing = wire::query(
            &peer.server(),
            &DomainName::absolute("no.example.org.").unwrap(),
            RecordType::A,
        );
        let nothing = nothing.unwrap();
        assert_eq!((nothing.set, nothing.standing), (None, Standing::Authority));
    }
}

#[test]
fn nobody_there_is_said_soon() {
    let port = testkit::servers::free_port();
    let patience = wire::Patience {
        answer: Duration::from_secs(1),
        datagram: Duration::from_millis(50),
        ..Default::default()
    };
    let server =
        Server::new(format!("127.0.0.1:{port}"), None, Timestamp::now).with_patience(patience);
    assert!(matches!(
        wire::soa(&server, &zone()),
        Err(Failure::Unreachable(_))
    ));
}
