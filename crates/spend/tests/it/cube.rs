//! Sums that are kept: always those of the charges, whatever lies in the store.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

use std::path::Path;

use proptest::prelude::*;
use spend::cells::{Cube, DayCell};
use spend::cube::{CubeError, HOTSPOTS, load};
use spend::ownership::Ownership;

use crate::scan_rows::{Charge, RULES, charges, ownership, stored};

/// All that a cube says, with names in words.
fn said(cube: &Cube) -> String {
    let mut said = String::new();
    let text = |name| cube.names.text(name);
    for cell in &cube.days {
        let names = [
            cell.provider,
            cell.account,
            cell.sub_account,
            cell.credit,
            cell.whose.owner,
            cell.whose.service,
        ];
        said.push_str(&format!(
            "{} {} {:?} {:?} {} {:?} {}\n",
            cell.day,
            cell.billed_in,
            names.map(text),
            cell.kind,
            cell.currency,
            cell.amounts,
            cell.rows
        ));
    }
    for cell in &cube.months {
        let names = [
            cell.provider,
            cell.account,
            cell.sub_account,
            cell.vendor_service,
            cell.whose.owner,
            cell.whose.service,
        ];
        said.push_str(&format!(
            "{} {} {:?} {:?} {} {:?} {}\n",
            cell.month,
            cell.billed_in,
            names.map(text),
            cell.kind,
            cell.currency,
            cell.amounts,
            cell.rows
        ));
    }
    for one in &cube.hotspots {
        let names = [
            one.provider,
            one.sub_account,
            one.vendor_service,
            one.sku,
            one.resource,
            one.whose.owner,
        ];
        said.push_str(&format!(
            "{} {:?} {} {}\n",
            one.billed_in,
            names.map(text),
            one.currency,
            one.gross
        ));
    }
    said
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn the_same_charges_give_the_same_cube_in_any_order_from_any_files(charges in charges(), each in 1_usize..40) {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let ownership = ownership(RULES);
        let (store, snapshot) = stored(one.path(), &charges, 1000);
        let built = load(&store, &snapshot, &ownership).unwrap();
        prop_assert_eq!(built.built, snapshot.partitions.len());
        prop_assert!(built.unkept.is_none());
        let again = load(&store, &snapshot, &ownership).unwrap();
        prop_assert_eq!((again.built, said(&again.cube)), (0, said(&built.cube)));
        let mut turned = charges.clone();
        turned.reverse();
        let (store, snapshot) = stored(other.path(), &turned, each);
        let other = load(&store, &snapshot, &ownership).unwrap();
        prop_assert_eq!(said(&other.cube), said(&built.cube));
        let rows: u64 = built.cube.days.iter().map(|cell| cell.rows).sum();
        prop_assert_eq!(rows, charges.len() as u64);
    }
}

fn some() -> Vec<Charge> {
    let one = Charge::plain();
    vec![
        one.clone(),
        Charge {
            billed: 1,
            second: 86_400 * 33,
            ..one.clone()
        },
        Charge {
            billed: 1,
            provider: "Acme",
            sub_account: Some("w"),
            ..one
        },
    ]
}

#[expect(clippy::disallowed_methods, reason = "the file is a test's own")]
#[test]
fn what_is_kept_is_made_anew_where_it_is_missing_damaged_or_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let ownership = ownership(RULES);
    let (store, snapshot) = stored(folder.path(), &some(), 9);
    let cube = said(&load(&store, &snapshot, &ownership).unwrap().cube);
    let kept = files(&folder.path().join("cube"));
    assert_eq!(kept.len(), 3);
    let good = std::fs::read(&kept[0]).unwrap();
    let other = std::fs::read(&kept[1]).unwrap();
    // Cut anywhere, with any byte changed, of another bill, or of another form.
    let mut damages: Vec<Vec<u8>> = (0..good.len())
        .step_by(7)
        .map(|end| good[..end].to_vec())
        .collect();
    for at in (0..good.len()).step_by(3) {
        let mut one = good.clone();
        one[at] ^= 0x55;
        damages.push(one);
    }
    damages.push(other);
    for damage in damages {
        std::fs::write(&kept[0], &damage).unwrap();
        let again = load(&store, &snapshot, &ownership).unwrap();
        assert_eq!(said(&again.cube), cube);
        if again.built == 0 {
            // What the decoder does not need may change.
            std::fs::write(&kept[0], &good).unwrap();
        }
        assert_eq!(std::fs::read(&kept[0]).unwrap(), good);
    }
    std::fs::remove_file(&kept[0]).unwrap();
    assert_eq!(load(&store, &snapshot, &ownership).unwrap().built, 1);
}

#[test]
fn charges_that_do_not_come_to_what_the_manifest_says_give_no_cube() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut snapshot) = stored(folder.path(), &some(), 9);
    let wrong = &mut snapshot.partitions[2];
    let sums = wrong.totals.sums.values_mut().next().unwrap();
    sums.contracted += "0.000000000000000001".parse().unwrap();
    let error = load(&store, &snapshot, &Ownership::nobody()).unwrap_err();
    let CubeError::NotConserved { bill, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(bill, &snapshot.partitions[2].key);
    let message = error.to_string();
    assert!(message.contains("Cloud, account 1, 2026-02"), "{message}");
    assert!(
        message.contains("1 of ContractedCost in USD") && message.contains("1.000000000000000001"),
        "{message}"
    );

    snapshot.partitions[2].totals.rows += 1;
    let message = load(&store, &snapshot, &Ownership::nobody())
        .unwrap_err()
        .to_string();
    assert!(message.contains("come to 1 of charges"), "{message}");
    std::fs::remove_file(folder.path().join(&snapshot.partitions[0].parts[0].path)).unwrap();
    let message = load(&store, &snapshot, &ownership(RULES))
        .unwrap_err()
        .to_string();
    assert!(message.contains("Acme, account 1, 2026-02"), "{message}");
}

#[test]
fn a_charge_of_another_bill_is_not_counted_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut snapshot) = stored(folder.path(), &some(), 9);
    let parts = snapshot.partitions[0].parts.clone();
    snapshot.partitions[2].parts = parts;
    let error = load(&store, &snapshot, &Ownership::nobody()).unwrap_err();
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(
        why,
        "there is a charge of Acme, account 1, 2026-02 in its files"
    );
}

#[test]
fn other_rules_have_sums_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let (store, snapshot) = stored(folder.path(), &some(), 9);
    let (ruled, nobody) = (ownership(RULES), Ownership::nobody());
    let owners = |ownership: &Ownership| {
        let cube = load(&store, &snapshot, ownership).unwrap().cube;
        let owner = |cell: &DayCell| cube.names.text(cell.whose.owner).to_owned();
        cube.days.iter().map(owner).collect::<Vec<_>>()
    };
    assert_eq!(owners(&ruled), ["(unallocated)", "docs", "docs"]);
    assert_eq!(owners(&nobody), ["(unallocated)"; 3]);
    assert_eq!(load(&store, &snapshot, &ruled).unwrap().built, 0);
    assert_eq!(load(&store, &snapshot, &nobody).unwrap().built, 0);
}

#[test]
fn the_largest_of_a_month_are_hotspots_over_all_accounts_of_a_provider() {
    const RESOURCES: [&str; 30] = [
        "r00", "r01", "r02", "r03", "r04", "r05", "r06", "r07", "r08", "r09", "r10", "r11", "r12",
        "r13", "r14", "r15", "r16", "r17", "r18", "r19", "r20", "r21", "r22", "r23", "r24", "r25",
        "r26", "r27", "r28", "r29",
    ];
    let folder = tempfile::tempdir().unwrap();
    let charges = (1_i128..).zip(RESOURCES).flat_map(|(cost, resource)| {
        let account = if cost % 2 == 0 { "1" } else { "2" };
        let one = Charge {
            resource: Some(resource),
            account,
            costs: [cost * 1_000; 4],
            ..Charge::plain()
        };
        [
            one.clone(),
            Charge {
                category: "Credit",
                costs: [-7_000_000; 4],
                ..one
            },
        ]
    });
    let (store, snapshot) = stored(folder.path(), &charges.collect::<Vec<_>>(), 9);
    let cube = load(&store, &snapshot, &Ownership::nobody()).unwrap().cube;
    assert_eq!(cube.hotspots.len(), HOTSPOTS);
    let costs: Vec<i128> = cube.hotspots.iter().map(|one| one.gross.units()).collect();
    assert_eq!(
        costs,
        (11..=30).rev().map(|cost| cost * 1_000).collect::<Vec<_>>()
    );
    assert_eq!(cube.names.text(cube.hotspots[0].resource), "r29");
    assert_eq!(cube.names.text(cube.hotspots[0].sku), "Hours");
}
