//! How a delivery becomes a version.

use std::collections::BTreeSet;

use facts::{Committed, StoreError};

use super::CostStore;
use super::bills::Bill;
use super::delivery::{BillOutcome, Change, Delivery, NotKept, Outcome, Source};
use super::judge::{Judge, Verdict};
use super::snapshot::{Key, Partition, Snapshot, Status, Totals};

/// So often a delivery is judged again because somebody else wrote a version meanwhile.
const TRIES: usize = 8;

/// A delivery that was read.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) delivery: Delivery,
    pub(crate) sources: Vec<Source>,
    /// In the order of their keys.
    pub(crate) bills: Vec<Bill>,
}

/// Keeps a delivery. Its files are uploaded first, where nobody looks for them; the version that
/// names them is the moment in which it is kept.
pub(crate) fn commit(store: &CostStore, mut delivered: Delivered) -> Result<Outcome, NotKept> {
    let mut conflict = None;
    for _ in 0..TRIES {
        let before = store.current()?;
        let verdicts = judged(store, &delivered, &before)?;
        if verdicts.iter().all(|one| one.change == Change::Unchanged) {
            let outcome = outcome(&delivered.bills, &verdicts, &before, &before);
            return Ok(outcome);
        }
        upload(store, &mut delivered.bills, &verdicts)?;
        let mut after = next(&delivered, &verdicts, &before);
        let what = what(&delivered, &verdicts);
        match store.commit(&before, &after, delivered.delivery.now, &what) {
            Ok(Committed::Done(version) | Committed::Unchanged(version)) => {
                after.version = version.number;
                return Ok(outcome(&delivered.bills, &verdicts, &before, &after));
            }
            Err(error @ StoreError::Conflict { .. }) => conflict = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    let place = store.files().place().to_owned();
    Err(NotKept::Store(
        conflict.unwrap_or(StoreError::Conflict { place }),
    ))
}

/// What is to be done with each bill; all refusals, if there is one.
fn judged(
    store: &CostStore,
    delivered: &Delivered,
    before: &Snapshot,
) -> Result<Vec<Verdict>, NotKept> {
    let judge = Judge {
        store,
        delivery: &delivered.delivery,
        sources: &delivered.sources,
    };
    let mut verdicts = Vec::with_capacity(delivered.bills.len());
    let mut problems = Vec::new();
    for bill in &delivered.bills {
        match judge.judge(before.partition(&bill.key), bill) {
            Ok(verdict) => verdicts.push(verdict),
            Err(NotKept::Refused(more)) => problems.extend(more),
            Err(error) => return Err(error),
        }
    }
    if problems.is_empty() {
        return Ok(verdicts);
    }
    Err(NotKept::Refused(problems))
}

/// Brings the files that are to be kept to their places; those that are there already stay.
fn upload(store: &CostStore, bills: &mut [Bill], verdicts: &[Verdict]) -> Result<(), StoreError> {
    for (bill, verdict) in bills.iter_mut().zip(verdicts) {
        for piece in &verdict.pieces {
            for made in &mut bill.pieces[*piece].parts {
                if let Some(scratch) = made.scratch.take() {
                    store.files().upload(&made.part.path, scratch)?;
                }
            }
        }
    }
    Ok(())
}

/// What is kept then.
fn next(delivered: &Delivered, verdicts: &[Verdict], before: &Snapshot) -> Snapshot {
    let today = delivered.delivery.today();
    let mut after = before.clone();
    for (bill, verdict) in delivered.bills.iter().zip(verdicts) {
        let kept = before.partition(&bill.key);
        let mut parts = match (verdict.change, kept) {
            (Change::Unchanged, _) => continue,
            (Change::Appended, Some(kept)) => kept.parts.clone(),
            _ => Vec::new(),
        };
        for piece in &verdict.pieces {
            let made = &bill.pieces[*piece].parts;
            parts.extend(made.iter().map(|made| made.part.clone()));
        }
        parts.sort_by(|one, other| one.path.cmp(&other.path));
        parts.dedup();
        after.insert(Partition {
            key: bill.key.clone(),
            status: Status::Open,
            changed: today,
            parts,
            totals: verdict.after.clone(),
        });
    }
    for bill in &mut after.partitions {
        if bill.is_closed(today, delivered.delivery.closed_after_days) {
            bill.status = Status::Closed;
        }
    }
    after
}

/// What the log says of it.
fn what(delivered: &Delivered, verdicts: &[Verdict]) -> String {
    let changed = verdicts
        .iter()
        .filter(|one| one.change != Change::Unchanged);
    let bills = base::counted(changed.count(), "bill", "bills");
    let files: BTreeSet<&str> = delivered
        .sources
        .iter()
        .map(|one| one.file.as_str())
        .collect();
    let first = files.first().copied().unwrap_or_default();
    let files = match files.len() {
        0 | 1 => base::visible(first),
        more => format!(
            "{} and {}",
            base::visible(first),
            base::counted(more - 1, "other", "others")
        ),
    };
    let reopened = match &delivered.delivery.reopen {
        Some(decision) if verdicts.iter().any(|one| one.reopens) => {
            format!(", reopened by {}", base::visible(decision))
        }
        _ => String::new(),
    };
    format!("import of {files}: {bills}{reopened}")
}

fn outcome(bills: &[Bill], verdicts: &[Verdict], before: &Snapshot, after: &Snapshot) -> Outcome {
    let status = |snapshot: &Snapshot, key: &Key| snapshot.partition(key).map(|one| one.status);
    let outcomes = bills
        .iter()
        .zip(verdicts)
        .map(|(bill, verdict)| BillOutcome {
            key: bill.key.clone(),
            change: verdict.change,
            reopened: verdict.reopens,
            status: status(after, &bill.key).unwrap_or_default(),
            before: before
                .partition(&bill.key)
                .map_or_else(Totals::default, |kept| kept.totals.clone()),
            after: verdict.after.clone(),
        });
    let closed = after.partitions.iter().filter(|bill| {
        bill.status == Status::Closed && status(before, &bill.key) != Some(Status::Closed)
    });
    Outcome {
        version: after.version,
        is_new: after.version != before.version,
        bills: outcomes.collect(),
        closed: closed.map(|bill| bill.key.clone()).collect(),
    }
}
