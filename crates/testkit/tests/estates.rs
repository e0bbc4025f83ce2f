//! What the generator promises.

use std::collections::BTreeSet;

use charter::Charter;
use jiff::civil::date;
use testkit::{EstateSize, generate, into_memory};

fn findings(size: EstateSize, seed: u64) -> Vec<String> {
    let tree = into_memory(generate(size, seed));
    let (estate, mut findings) = formats::load(&tree).expect("the root file is read");
    let (charter, found) = Charter::of(&estate);
    findings.extend(found);
    findings.extend(charter::check(&estate, &charter, date(2026, 1, 1)));
    let shown = findings.iter().map(|finding| {
        format!(
            "{} {}: {}",
            estate.sources.locate(finding.span),
            finding.code.id,
            finding.message
        )
    });
    shown.collect()
}

#[test]
fn nothing_is_found_in_a_generated_estate() {
    for seed in 0..8 {
        assert_eq!(findings(EstateSize::small(), seed), [""; 0], "seed {seed}");
    }
    assert_eq!(findings(EstateSize::real(), 1), [""; 0]);
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_gives_others() {
    let files = |seed| generate(EstateSize::small(), seed).collect::<Vec<_>>();
    assert_eq!(files(7), files(7));
    assert_ne!(files(7), files(8));
}

#[test]
fn an_estate_has_the_size_that_was_asked_for() {
    let size = EstateSize {
        people: 200,
        services: 33,
        ..EstateSize::small()
    }
    .times(2);
    let (estate, _) =
        formats::load(&into_memory(generate(size, 1))).expect("the root file is read");
    let tables = &estate.tables;
    let read = EstateSize {
        people: tables.people.len(),
        companies: size.companies,
        groups: tables.groups.len(),
        services: tables.services.len(),
        teams: tables.teams.len(),
        organisations: tables.organisations.len(),
        mailing_groups: tables.mailing_groups.len(),
        accounts: tables.accounts.len(),
    };
    assert_eq!(read, size);
    let paths: BTreeSet<String> = generate(size, 1).map(|(path, _)| path).collect();
    assert_eq!(
        paths.len(),
        generate(size, 1).count(),
        "every file has a path of its own"
    );
}
