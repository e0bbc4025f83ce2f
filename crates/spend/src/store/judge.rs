//! Whether what a delivery says of a bill may be kept.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use base::{Code, Currency, Decimal};
use facts::StoreError;
use focus::{Place, Problem};

use super::CostStore;
use super::bills::{Bill, Piece};
use super::codes;
use super::delivery::{Change, Delivery, Mode, NotKept, Source};
use super::likeness::{self, Comparison, Likeness};
use super::snapshot::{Days, Partition, Sums, Totals};

/// So many kept charges are enough to see that they come again.
const ENOUGH: u64 = 10_000;

/// What is to be done with a bill.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) change: Change,
    /// Which of its pieces are kept.
    pub(crate) pieces: Vec<usize>,
    pub(crate) reopens: bool,
    /// What it comes to then.
    pub(crate) after: Totals,
}

/// Judges the bills of one delivery.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    pub(crate) store: &'a CostStore,
    pub(crate) delivery: &'a Delivery,
    pub(crate) sources: &'a [Source],
}

impl Judge<'_> {
    /// Judges a bill, against what is kept of it.
    pub(crate) fn judge(&self, kept: Option<&Partition>, bill: &Bill) -> Result<Verdict, NotKept> {
        self.pieces_differ(bill)?;
        let all: Vec<usize> = (0..bill.pieces.len()).collect();
        let Some(kept) = kept else {
            return self.verdict(Change::New, bill, &Totals::default(), all, false);
        };
        let delivered = self.totals(bill, &Totals::default(), &all)?;
        let unchanged = || Verdict {
            change: Change::Unchanged,
            pieces: Vec::new(),
            reopens: false,
            after: kept.totals.clone(),
        };
        if is_same(&delivered, &kept.totals) {
            return Ok(unchanged());
        }
        if self.delivery.mode == Mode::Part {
            let fresh = fresh_pieces(kept, bill);
            if fresh.is_empty() {
                return Ok(unchanged());
            }
            let reopens = self.may_change(kept, bill)?;
            self.is_of_one_format(kept, bill)?;
            self.is_not_there(kept, bill, &fresh)?;
            return self.verdict(Change::Appended, bill, &kept.totals, fresh, reopens);
        }
        let reopens = self.may_change(kept, bill)?;
        if self.delivery.mode == Mode::Whole {
            self.is_of_one_format(kept, bill)?;
            self.comes_again(kept, bill)?;
        }
        if !self.delivery.allow_shrink {
            self.does_not_shrink(kept, bill, &delivered)?;
        }
        self.verdict(Change::Replaced, bill, &Totals::default(), all, reopens)
    }

    fn verdict(
        &self,
        change: Change,
        bill: &Bill,
        before: &Totals,
        pieces: Vec<usize>,
        reopens: bool,
    ) -> Result<Verdict, NotKept> {
        let after = self.totals(bill, before, &pieces)?;
        Ok(Verdict {
            change,
            pieces,
            reopens,
            after,
        })
    }

    /// What some pieces of a bill come to, with what was before.
    fn totals(&self, bill: &Bill, before: &Totals, pieces: &[usize]) -> Result<Totals, NotKept> {
        let mut totals = before.clone();
        for piece in pieces {
            if !totals.add(&bill.pieces[*piece].totals) {
                let message = "its charges come to 10^20 or more";
                return Err(self.refused(
                    bill,
                    &codes::RANGE,
                    message,
                    "look at the units of the export",
                ));
            }
        }
        Ok(totals)
    }

    /// No two files of the delivery have the same charges, and all have one format.
    fn pieces_differ(&self, bill: &Bill) -> Result<(), NotKept> {
        for (place, piece) in bill.pieces.iter().enumerate() {
            let source = &self.sources[piece.source];
            for other in &bill.pieces[..place] {
                let before = &self.sources[other.source];
                if source.format != before.format {
                    let message = &format!(
                        "{} is of the form {}, and {} of the form {}",
                        base::visible(&before.file),
                        before.format,
                        base::visible(&source.file),
                        source.format
                    );
                    let help = "deliver the bill in one of them; charges of both would count twice";
                    return Err(self.refused(bill, &codes::TWO_SOURCES, message, help));
                }
                let overlap = piece.equal.overlap(&other.equal);
                // Charges that are all alike are no overlap by their numbers, but a file that is
                // given twice is.
                let is_same = piece.totals.content == other.totals.content;
                let are_large =
                    || overlap.is_large() || other.equal.overlap(&piece.equal).is_large();
                if is_same || are_large() {
                    let message = &format!(
                        "{} and {} have charges in common: {} of {} that were compared",
                        base::visible(&before.file),
                        base::visible(&source.file),
                        overlap.both,
                        overlap.delivered
                    );
                    let help = "deliver each charge in one file; they would count twice";
                    return Err(self.refused(bill, &codes::OVERLAP, message, help));
                }
            }
        }
        Ok(())
    }

    /// The bill is open, or a decision opens it again, which is said.
    fn may_change(&self, kept: &Partition, bill: &Bill) -> Result<bool, NotKept> {
        let after = self.delivery.closed_after_days;
        if !kept.is_closed(self.delivery.today(), after) {
            return Ok(false);
        }
        if self.delivery.reopen.is_some() {
            return Ok(true);
        }
        let message = "the bill is closed, and what is delivered differs from it";
        let help = "let the vendor correct it by charges of a later month; or name the decision that allows it: --reopen DECISION";
        Err(self.refused(bill, &codes::CLOSED, message, help))
    }

    fn is_of_one_format(&self, kept: &Partition, bill: &Bill) -> Result<(), NotKept> {
        let there: BTreeSet<&str> = kept.parts.iter().map(|part| part.format.as_str()).collect();
        let other = bill
            .pieces
            .iter()
            .map(|piece| &self.sources[piece.source])
            .find(|source| !there.is_empty() && !there.contains(source.format.as_str()));
        let Some(other) = other else {
            return Ok(());
        };
        let there: Vec<&str> = there.into_iter().collect();
        let message = &format!(
            "what is kept of it came in the form {}, and {} is of the form {}",
            there.join(", "),
            base::visible(&other.file),
            other.format
        );
        let help = "keep to one form; --replace puts this one in place of what is kept";
        Err(self.refused(bill, &codes::TWO_SOURCES, message, help))
    }

    /// The pieces have few charges that are kept already.
    fn is_not_there(&self, kept: &Partition, bill: &Bill, fresh: &[usize]) -> Result<(), NotKept> {
        let pieces = || fresh.iter().map(|piece| &bill.pieces[*piece]);
        let mut comparisons: Vec<Comparison> =
            pieces().map(|piece| piece.equal.compare()).collect();
        self.each_kept(kept, |likeness| {
            for comparison in &mut comparisons {
                comparison.take(likeness.equal);
            }
            ControlFlow::Continue(())
        })?;
        for (piece, comparison) in pieces().zip(&comparisons) {
            let overlap = comparison.overlap;
            if overlap.is_large() {
                let message = &format!(
                    "of {} charges of {} that were compared, {} are kept already",
                    overlap.delivered,
                    base::visible(&self.sources[piece.source].file),
                    overlap.both
                );
                let help = "deliver the bill as a whole, without --append; they would count twice";
                return Err(self.refused(bill, &codes::OVERLAP, message, help));
            }
        }
        Ok(())
    }

    /// Some of what is kept is delivered again.
    fn comes_again(&self, kept: &Partition, bill: &Bill) -> Result<(), NotKept> {
        // Of a large bill each file has a sample: a charge comes again if it is in any of them.
        let mut comparisons: Vec<Comparison> =
            bill.pieces.iter().map(|piece| piece.of.compare()).collect();
        let again = |comparisons: &[Comparison]| {
            let there = comparisons.iter().map(|one| one.overlap.there).max();
            let both: u64 = comparisons.iter().map(|one| one.overlap.both).sum();
            (there.unwrap_or(0), both)
        };
        let mut seen = 0_u64;
        self.each_kept(kept, |likeness| {
            seen += 1;
            for comparison in &mut comparisons {
                comparison.take(likeness.of);
            }
            if seen.is_multiple_of(ENOUGH) {
                let (there, both) = again(&comparisons);
                if both > 0 && both * 5 >= there {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        })?;
        let (there, both) = again(&comparisons);
        // Where samples are too small to hold any of it, the sums still tell.
        if both * 10 >= there {
            return Ok(());
        }
        let message = &format!(
            "of {there} kept charges that were looked at, {both} are delivered again: this is another part or another export of the bill"
        );
        let help = "add a part with --append; or put this in place of what is kept with --replace";
        Err(self.refused(bill, &codes::DIFFERENT, message, help))
    }

    fn each_kept(
        &self,
        kept: &Partition,
        mut take: impl FnMut(Likeness) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        for part in &kept.parts {
            let part = self.store.open_part(part)?;
            if likeness::of_part(&part, &mut take)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// There are as many days, and about as much cost, as there were.
    fn does_not_shrink(
        &self,
        kept: &Partition,
        bill: &Bill,
        delivered: &Totals,
    ) -> Result<(), NotKept> {
        let mut losses = Vec::new();
        let missing: BTreeSet<_> = &kept.totals.days.0 - &delivered.days.0;
        if !missing.is_empty() {
            losses.push(format!("there is no charge on {}", Days(missing)));
        }
        for (currency, before) in &kept.totals.sums {
            let after = delivered.sums.get(currency).copied().unwrap_or_default();
            losses.extend(loss(*currency, before, &after));
        }
        if losses.is_empty() {
            return Ok(());
        }
        let message = &format!("the bill would shrink: {}", losses.join("; "));
        let help = "if the vendor took it back, say --allow-shrink; if there are more files of the bill, import all in one call, or add this one with --append";
        Err(self.refused(bill, &codes::SHORTER, message, help))
    }

    fn refused(&self, bill: &Bill, code: &'static Code, message: &str, help: &str) -> NotKept {
        let first = bill
            .pieces
            .first()
            .and_then(|piece| self.sources.get(piece.source));
        NotKept::Refused(vec![Problem {
            code,
            place: Place {
                file: first.map(|source| source.file.clone()).unwrap_or_default(),
                ..Place::default()
            },
            message: format!("{}: {message}", bill.key),
            help: help.to_owned(),
        }])
    }
}

fn is_same(one: &Totals, other: &Totals) -> bool {
    one.rows == other.rows && one.content == other.content
}

/// The pieces that are not there yet as they are; each kept file stands for one of them.
fn fresh_pieces(kept: &Partition, bill: &Bill) -> Vec<usize> {
    let mut there = kept.deliveries();
    let mut is_there = |piece: &Piece| {
        let found = there
            .iter()
            .find(|(_, content)| **content == piece.totals.content)
            .map(|(source, _)| *source);
        if let Some(source) = found {
            there.remove(&source);
        }
        found.is_some()
    };
    (0..bill.pieces.len())
        .filter(|piece| !is_there(&bill.pieces[*piece]))
        .collect()
}

/// What a bill loses in one currency, if that is over a tenth.
fn loss(currency: Currency, before: &Sums, after: &Sums) -> Option<String> {
    let tenth = before.gross.share(Decimal::ONE, Decimal::whole(10))?.value;
    if before.gross <= Decimal::ZERO || after.gross >= before.gross - tenth {
        return None;
    }
    Some(format!(
        "its cost before credits goes from {:.2} to {:.2} {currency}",
        before.gross, after.gross
    ))
}
