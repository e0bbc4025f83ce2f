//! What a charge or a delivery may have wrong so that it is not kept; each has a page.

base::codes! {
    MISSING = "spend-charge-incomplete", Error, "A charge lacks what it is kept by",
        "Charges are kept by provider, billing account and month of the bill, and summed by the day they were incurred on and \
         by their currency: `ProviderName`, `BillingAccountId`, `BillingPeriodStart`, `ChargePeriodStart` and \
         `BillingCurrency` must be there. A charge without one of them would be in no bill, or in another one's. Ask whoever \
         makes the file, or add the column.";
    RANGE = "spend-cost-range", Error, "A cost is larger than any bill",
        "A single charge of 10^12 or more of a currency is a mistake of the file, or a number in smaller units than the \
         currency says; and so is a bill whose charges come to 10^20. It is refused, so that no sum is spoilt by it. Look at \
         the row, and at the units of the export.";
    MANY = "spend-many-bills", Error, "A delivery speaks of more bills than anybody has",
        "Each provider, billing account and month is a bill of its own, and one delivery may speak of 1,000. With more, the \
         column of the billing account most likely holds something else, for example a resource or an instant. Look at \
         `BillingAccountId` and `ProviderName`; if they are right, deliver the months one after the other.";
    KEPT = "spend-not-kept", Error, "A charge could not be written",
        "The disk or the store failed while a delivery was read. Nothing of the delivery was kept. Mend what the message \
         names, and import it again.";
    UNFINISHED = "spend-unfinished", Error, "A file of a delivery was not read to its end",
        "A delivery is kept as a whole or not at all: a bill of which one file is missing would be short, and nobody would \
         see it. Mend the file, and import all of them again.";
    SHORTER = "spend-shorter", Error, "A bill would shrink",
        "What is delivered in place of a bill has charges on fewer days, or they come to over a tenth less before credits, or \
         a currency is gone. Mostly an export was cut off or asked for with other filters, and the missing cost would be \
         taken for a saving. If the vendor did take it back, say `--allow-shrink`; if this is one of several files of the \
         bill, import all of them in one call, or add this one with `--append`.";
    CLOSED = "spend-closed", Error, "A closed bill would change",
        "A bill is closed by `commonhold spend close`, or some days after its month ended and nothing of it changed any more \
         (`closed_after_days` in `spend.yaml`): reports that were read in meetings stand on it. Vendors put right what was \
         wrong with charges of a later month, of the class Correction, and these are taken without a word. If the bill itself \
         must change, say which decision allows it: `--reopen DECISION`. It is open from then on.";
    DIFFERENT = "spend-different-export", Error, "A delivery has next to nothing in common with the bill that it would replace",
        "A fuller or corrected export of a bill names the same things on the same days again. Where fewer than a tenth of what is \
         kept come again, it is another part of the bill, or another export of it with other columns, or another account \
         under the same id. Add a part with `--append`; put another export in its place with `--replace`.";
    OVERLAP = "spend-overlap", Error, "A part has charges that are there already",
        "Over a tenth of its charges are equal to some that are kept, or to some of another file of the same delivery, in when, \
         for what, whose and how much. Added, they would count twice. That is what becomes of a daily and a monthly export of \
         the same account, or of a month that is exported again. Deliver the bill as a whole, without `--append`; and each of its \
         charges in one file.";
    TWO_SOURCES = "spend-two-sources", Error, "A bill comes from two kinds of files",
        "Two exports of one bill, for example AWS's own and its FOCUS one, name the same charges differently, so that nobody can \
         tell which are counted twice. A bill has one kind of source. Keep to it; or put the other one in its place as a \
         whole with `--replace`; or, if they are different money, such as a gift in kind, give it an account of its own.";
    UNKNOWN = "spend-no-such-bill", Error, "There is no such bill",
        "`commonhold spend periods` lists the bills that are kept, by provider, billing account and month, as their charges \
         spell them.";
}
