//! Name servers of every kind that takes transfers and updates, and what is asked of them.

use base64::Engine as _;
use dns::wire::{self, Action, Key, Server, Transfer, Update};
use estate::kinds::TsigAlgorithm;
use estate::records::{DomainName, RecordData, RecordKey};
use jiff::Timestamp;
use testkit::servers::Missing;
use testkit::servers::bind::Bind;
use testkit::servers::dns::{KEY_NAME, KEY_SECRET, ZoneText};
use testkit::servers::knot::Knot;
use testkit::servers::or_skip;
use testkit::servers::powerdns::PowerDns;

use super::community::ZONE;

/// One of them, running.
#[derive(Debug)]
pub(crate) enum NameServer {
    Bind(Bind),
    Knot(Knot),
    PowerDns(PowerDns),
}

impl NameServer {
    /// BIND with the zone, or nothing where there is none.
    pub(crate) fn bind(text: &str) -> Option<Self> {
        Self::start(text, |zones| Bind::start(zones).map(Self::Bind))
    }

    /// Knot with the zone.
    pub(crate) fn knot(text: &str) -> Option<Self> {
        Self::start(text, |zones| Knot::start(zones).map(Self::Knot))
    }

    /// `PowerDNS` with the zone.
    pub(crate) fn powerdns(text: &str) -> Option<Self> {
        Self::start(text, |zones| PowerDns::start(zones).map(Self::PowerDns))
    }

    fn start(
        text: &str,
        start: impl FnOnce(&[ZoneText<'_>]) -> Result<Self, Missing>,
    ) -> Option<Self> {
        or_skip(start(&[ZoneText { name: ZONE, text }]))
    }

    pub(crate) fn address(&self) -> String {
        match self {
            Self::Bind(server) => server.address(),
            Self::Knot(server) => server.address(),
            Self::PowerDns(server) => server.address(),
        }
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) {
        match self {
            Self::Bind(server) => server.kill(),
            Self::Knot(server) => server.kill(),
            Self::PowerDns(server) => server.kill(),
        }
    }

    /// Starts it again on the same port and data.
    pub(crate) fn start_again(&mut self) {
        match self {
            Self::Bind(server) => server.start_again(),
            Self::Knot(server) => server.start_again(),
            Self::PowerDns(server) => server.start_again(),
        }
    }

    pub(crate) fn server(&self) -> Server {
        let secret = base64::engine::general_purpose::STANDARD.decode(KEY_SECRET);
        let secret = secret.expect("base64");
        let name = DomainName::absolute(&format!("{KEY_NAME}.")).expect("a name");
        let key = Key::new(&name, TsigAlgorithm::Sha256, &secret).expect("a key");
        Server::new(self.address(), Some(key), Timestamp::now)
    }

    /// The whole zone, its SOA too.
    pub(crate) fn zone(&self) -> Transfer {
        wire::transfer(&self.server(), &zone()).expect("a transfer")
    }

    /// What it answers for a name and type, in a line; nothing if there is none.
    pub(crate) fn answer(&self, resource: &str) -> Option<String> {
        let key = key(resource);
        let server = Server::new(self.address(), None, Timestamp::now);
        let answer = wire::query(&server, &key.name, key.rtype).expect("an answer");
        let set = answer.set?;
        let values: Vec<String> = set.data().iter().map(|data| data.text(key.rtype)).collect();
        Some(format!("{} {}", set.ttl, values.join(" ")))
    }

    /// What others do beside the program: sets that go, and records that come.
    pub(crate) fn change(&self, gone: &[&str], come: &[(&str, &str)]) {
        let (server, zone) = (self.server(), zone());
        let mut update = Update::open(&server, &zone).expect("a connection");
        let soa = update.soa().expect("an answer").expect("a zone");
        let gone: Vec<RecordKey> = gone.iter().map(|resource| key(resource)).collect();
        let come: Vec<(RecordKey, RecordData)> = come
            .iter()
            .map(|(resource, text)| {
                let key = key(resource);
                let data = RecordData::parse(key.rtype, text, &DomainName::root());
                (key, data.expect("data"))
            })
            .collect();
        let go = gone.iter().map(Action::RemoveSet);
        let comes = come.iter().map(|(key, data)| Action::Add(key, 300, data));
        let actions: Vec<Action<'_>> = go.chain(comes).collect();
        update.send(&soa.data, &actions).expect("an update");
    }
}

fn zone() -> DomainName {
    DomainName::absolute(&format!("{ZONE}.")).expect("a name")
}

fn key(resource: &str) -> RecordKey {
    dns::parse_resource(resource).unwrap_or_else(|| panic!("`{resource}` is no record set"))
}
