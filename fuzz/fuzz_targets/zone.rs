#![no_main]
//! Any text as the files of a zone; what was read is written, and reads the same.

use commonhold_fuzz::{check, files, places, tree};
use estate::MemoryTree;
use estate::records::RecordSets;
use formats::octodns::write::{Conventions, write_zone};
use formats::octodns::{read_zone, validate};
use libfuzzer_sys::fuzz_target;

const FIRST: &str = "dns/example.org.yaml";
const MANIFEST: &str = "commonhold: 1\nname: Fuzz\n";
const ZONE: &str = "owner: site\nrecords: [dns/*.yaml]\nvalidators: [strict, best-practice]\n";

fuzz_target!(|input: &str| {
    let fixed = [
        ("commonhold.yaml", MANIFEST),
        ("charter.yaml", "rules: {}\n"),
        ("zones/example.org.yaml", ZONE),
    ];
    let tree = tree(files(input, FIRST).into_iter().chain(fixed));
    let Some(estate) = check(&tree) else { return };
    let Some(item) = estate.tables.zones.get("example.org") else {
        return;
    };
    let mut sources = estate.sources.clone();
    let reading = read_zone(item, &tree, &mut sources);
    places(&reading.findings, &sources);
    let Some(zone) = reading.zone else { return };
    places(&validate(&zone, &item.value, &[]), &sources);

    let mut sets: RecordSets = zone
        .sets
        .iter()
        .map(|(key, set)| (key.clone(), set.set.clone()))
        .collect();
    let written = write_zone(&zone.name, &sets, Conventions::of(&item.value));
    for left_out in &written.left_out {
        sets.remove(&left_out.key);
    }
    if sets.is_empty() {
        return;
    }
    let again = MemoryTree::default().with(FIRST, written.text.clone());
    let mut sources = estate.sources.clone();
    let reading = read_zone(item, &again, &mut sources);
    let Some(zone) = reading.zone else {
        panic!("{}\n{:?}", written.text, reading.findings);
    };
    let read = zone.sets.into_iter().map(|(key, set)| (key, set.set));
    assert_eq!(read.collect::<RecordSets>(), sets, "{}", written.text);
});
