//! What a zone of 100,000 record sets, and a ledger of as many records, cost:
//! `cargo bench -p testkit --bench spine`.

use std::path::Path;

use base::{SourceMap, canonical};
use change::{Change, Domain, Scope};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use dns::{Outside, Zones};
use estate::{Estate, MemoryTree};
use jiff::Timestamp;
use jiff::civil::date;
use ledger::{Against, Entry, Ledger};
use serde_json::json;

/// Record sets of a zone, and records of a ledger.
const MANY: usize = 100_000;

fn main() {
    divan::main();
}

/// An estate with one zone, and the same where one record set in a hundred has another TTL.
fn zone(updated: bool) -> MemoryTree {
    let mut file = testkit::zone_file(MANY, 1);
    if updated {
        file = file.replace("\n  type: AAAA\n", "\n  ttl: 900\n  type: AAAA\n");
    }
    MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: Bench\n")
        .with("charter.yaml", "infrastructure: infra\n")
        .with("groups/infra.yaml", "title: Infrastructure\n")
        .with(
            "dns-servers/primary.yaml",
            "kind: zone-files\naddress: zones\n",
        )
        .with(
            "zones/example.org.yaml",
            "owner: infra\nrecords: [dns/example.org.yaml]\nservers: [primary]\n",
        )
        .with("dns/example.org.yaml", file)
}

fn estate(tree: &MemoryTree) -> Estate {
    let read = formats::load(tree);
    read.unwrap_or_else(|_| panic!("the root file is sound")).0
}

fn outside() -> Outside<'static> {
    Outside {
        secrets: &|_| None,
        clock: || Timestamp::UNIX_EPOCH,
        folder: Path::new("."),
        patience: dns::verify::Patience::default(),
    }
}

fn scope() -> Scope {
    Scope {
        domain: dns::DOMAIN.to_owned(),
        name: "example.org".to_owned(),
        at: "primary".to_owned(),
    }
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn read_and_validate_a_zone(bencher: Bencher<'_, '_>) {
    let tree = zone(false);
    let estate = estate(&tree);
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        let mut sources = SourceMap::default();
        dns::check(black_box(&estate), &tree, &mut sources, date(2026, 1, 1)).len()
    });
}

/// The changes from one state of the zone to another; none where both are the same.
fn differ(bencher: Bencher<'_, '_>, trees: [&MemoryTree; 2], expected: impl Fn(usize) -> bool) {
    let estates = trees.map(estate);
    let [from, to] = [0, 1].map(|at| Zones::new(&estates[at], trees[at], outside()));
    let state = |zones: &Zones<'_>| {
        zones
            .desired(&scope())
            .unwrap_or_else(|stopped| panic!("{stopped}"))
    };
    let (current, desired) = (state(&from), state(&to));
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        let difference = to.diff(&scope(), black_box(&current), &desired, Some(&current));
        assert!(expected(difference.changes.len()));
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn diff_of_equal_zones(bencher: Bencher<'_, '_>) {
    let tree = zone(false);
    differ(bencher, [&tree, &tree], |changes| changes == 0);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn diff_of_some_updates(bencher: Bencher<'_, '_>) {
    let (tree, updated) = (zone(false), zone(true));
    differ(bencher, [&tree, &updated], |changes| changes > MANY / 100);
}

fn changes() -> Vec<Change> {
    let tree = zone(false);
    let estate = estate(&tree);
    let zones = Zones::new(&estate, &tree, outside());
    let desired = zones
        .desired(&scope())
        .unwrap_or_else(|stopped| panic!("{stopped}"));
    let apex = estate::records::DomainName::absolute("example.org.");
    let empty = dns::ZoneState::real(
        apex.unwrap_or_else(|_| panic!("it is a name")),
        estate::records::RecordSets::new(),
    );
    zones.diff(&scope(), &empty, &desired, None).changes
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn canonical_json_of_all_changes(bencher: Bencher<'_, '_>) {
    let changes = changes();
    let bytes = canonical(&changes).map_or(0, |text| text.len());
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| canonical(black_box(&changes)).map_or(0, |text| text.len()));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn verify_a_ledger(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let path = folder.path().join("ledger.sqlite");
    let mut ledger =
        Ledger::open(&path.to_string_lossy()).unwrap_or_else(|error| panic!("{error}"));
    let entries: Vec<Entry> = (0..MANY)
        .map(|at| {
            let body = json!({
                "resource": format!("host-{at}.example.org. A"),
                "before": null,
                "after": {"ttl": 3600, "values": ["192.0.2.1"]},
                "owners": ["infra"],
            });
            Entry::new("2026-09-01T10:00:00.123Z", "bench.done", "ada", body)
        })
        .collect();
    let written = ledger.append_all(&entries);
    assert!(written.is_ok_and(|records| records.len() == MANY));
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        let found = ledger.verify(Against::default());
        assert!(found.is_ok_and(|found| found.records == MANY as u64));
    });
}
