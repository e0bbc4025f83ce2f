//! Sums by day and by month, kept beside the charges.
//!
//! The sums of each bill are kept for each set of rules, so that only bills that changed are
//! added up again. What is kept is never the truth: a file that is missing, damaged, or that does
//! not come to what the manifest says is made anew from the charges. If those do not come to it
//! either, no cube is made, and the error names the bill.

mod bill;
mod kept;
mod merge;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use base::{Currency, Decimal};
use facts::StoreError;

use crate::cells::Cube;
use crate::ownership::Ownership;
use crate::scan::{Input, ScanError};
use crate::store::{CUBE, CostStore, Key, Partition, Snapshot};
use bill::Bill;
use kept::Kept;

/// How many hotspots a cube has of each month, provider and currency.
pub const HOTSPOTS: usize = 20;

/// A cube, and what it took to get it.
#[derive(Debug)]
pub struct Loaded {
    /// The sums.
    pub cube: Cube,
    /// How many bills were added up from their charges, as no sums of them were kept.
    pub built: usize,
    /// Why those sums could not be kept for the next time, if so; the cube is right all the same.
    pub unkept: Option<StoreError>,
}

/// Why there is no cube.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CubeError {
    /// The charges of a bill cannot be added up.
    #[error("the bill of {bill} cannot be added up")]
    Scan {
        /// Which bill.
        bill: Key,
        /// Why.
        source: ScanError,
    },
    /// The charges of a bill are not those that came in.
    #[error(
        "the charges of the bill of {bill} come to {found} of {what}, and its manifest says {said}: its files were \
         changed after they came in; import this bill again"
    )]
    NotConserved {
        /// Which bill.
        bill: Key,
        /// Which sum, with its currency.
        what: String,
        /// What the charges come to.
        found: Decimal,
        /// What the manifest says.
        said: Decimal,
    },
}

/// The sums of all charges of a snapshot, under some rules: [`load`] without what it took.
///
/// # Errors
/// Those of [`load`].
pub fn cube(
    store: &CostStore,
    snapshot: &Snapshot,
    ownership: &Ownership,
) -> Result<Cube, CubeError> {
    load(store, snapshot, ownership).map(|loaded| loaded.cube)
}

/// The sums of all charges of a snapshot, under some rules.
///
/// Days are in the order of provider, account and billed month, then of day and of all else;
/// months likewise. Names are numbered in the order of their texts. Equal bills under equal rules
/// give equal cubes, whatever was kept and in whatever order the bills came in.
///
/// # Errors
/// A bill that has no sums kept cannot be read, or does not come to what its manifest says, in any
/// currency, by any of the costs, to the last digit.
#[allow(clippy::missing_panics_doc)] // What was written can be read.
pub fn load(
    store: &CostStore,
    snapshot: &Snapshot,
    ownership: &Ownership,
) -> Result<Loaded, CubeError> {
    let bills = &snapshot.partitions;
    let rules = ownership.digest().hex();
    let read = side_by_side(bills.len(), |at| {
        let bytes = store.files().get(&path(&rules, &bills[at]));
        let kept = Kept::open(bytes.ok()??, &stamp(&rules, &bills[at]))?;
        check(&kept, &bills[at]).is_ok().then_some(kept)
    });
    let (mut built, mut unkept) = (0, None);
    let mut all = Vec::with_capacity(bills.len());
    for (bill, kept) in bills.iter().zip(read) {
        let kept = if let Some(kept) = kept {
            kept
        } else {
            built += 1;
            let bytes = build(store, bill, &rules, ownership)?;
            let kept = Kept::open(&bytes, &stamp(&rules, bill)).expect("just written");
            check(&kept, bill)?;
            if unkept.is_none() {
                unkept = store.files().put(&path(&rules, bill), &bytes).err();
            }
            kept
        };
        all.push((&bill.key, kept));
    }
    Ok(Loaded {
        cube: merge::merge(all),
        built,
        unkept,
    })
}

/// Where the sums of a bill are kept. Of rules, half a digest will do: the file has all of it.
fn path(rules: &str, bill: &Partition) -> String {
    let (folder, content) = (bill.key.folder(), bill.totals.content);
    let bill = folder
        .split_once('/')
        .map_or(folder.as_str(), |(_, bill)| bill);
    format!("{CUBE}/{}/{bill}/{content}.sums", &rules[..32])
}

/// What says which bill and which rules kept sums are of.
fn stamp(rules: &str, bill: &Partition) -> String {
    format!("{rules} {} {}", bill.totals.content, bill.key)
}

fn build(
    store: &CostStore,
    bill: &Partition,
    rules: &str,
    ownership: &Ownership,
) -> Result<Vec<u8>, CubeError> {
    let parts = bill.parts.iter();
    let inputs: Vec<Input> = parts
        .map(|part| Input::stored(store.files(), &part.path))
        .collect();
    let made = Bill::add_up(&bill.key, &inputs, ownership);
    let made = made.map_err(|source| CubeError::Scan {
        bill: bill.key.clone(),
        source,
    })?;
    Ok(kept::bytes(&made, &stamp(rules, bill)))
}

/// Whether kept sums come to what the manifest says.
fn check(kept: &Kept, bill: &Partition) -> Result<(), CubeError> {
    let refused = |what: String, found, said| {
        Err(CubeError::NotConserved {
            bill: bill.key.clone(),
            what,
            found,
            said,
        })
    };
    for level in [kept.day_sums(), kept.month_sums()] {
        let rows: u64 = level.iter().map(|sum| sum.rows).sum();
        if rows != bill.totals.rows {
            let whole = |rows: u64| Decimal::whole(i64::try_from(rows).unwrap_or(i64::MAX));
            return refused("charges".to_owned(), whole(rows), whole(bill.totals.rows));
        }
        let mut currencies: Vec<Currency> = level.iter().map(|sum| sum.currency).collect();
        currencies.extend(bill.totals.sums.keys());
        currencies.sort_unstable();
        currencies.dedup();
        for currency in currencies {
            let found = level.iter().find(|sum| sum.currency == currency);
            let found = found.map(|sum| sum.costs).unwrap_or_default();
            let said = bill.totals.sums.get(&currency).copied().unwrap_or_default();
            let said = [
                said.billed,
                said.effective,
                said.listed,
                said.contracted,
                said.gross,
            ];
            for ((name, found), said) in COSTS.iter().zip(found).zip(said) {
                if found != said.units() {
                    let found = Decimal::from_units(found).unwrap_or(Decimal::MAX);
                    return refused(format!("{name} in {currency}"), found, said);
                }
            }
        }
    }
    Ok(())
}

/// What the sums of a bill are called in messages.
const COSTS: [&str; 5] = [
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "ContractedCost",
    "gross cost",
];

/// How many files are read at once: an object store answers in tens of milliseconds, and there is
/// a file a bill.
const READERS: usize = 8;

/// What a function gives for each number below a count, computed by some threads.
fn side_by_side<T: Send>(count: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let made: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        for _ in 0..READERS.min(count) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        return;
                    }
                    let one = make(at);
                    made.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((at, one));
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, one)| one).collect()
}
