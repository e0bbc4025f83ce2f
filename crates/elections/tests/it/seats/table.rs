//! Who sits, row by row; see the module above for how rows are written.

use super::{ROW, Row, holds, row};

type Table = &'static [(&'static str, Row, &'static str)];

const CAPS: Table = &[
    (
        "nobody is capped without a cap",
        row("", "2y 2y", "m:x", "a:x b:x"),
        "a 2y, b 2y",
    ),
    (
        "a third of 7 is 2",
        row("<= 1/3 of 7", "2y 2y 2y", "", "a:x b:x c:x d:y"),
        "a 2y, b 2y, c x3>2, d 2y",
    ),
    (
        "members who stay count first",
        row("<= 1/3 of 7", "2y 2y", "m:x n:x", "a:x b:y c:z"),
        "a x3>2, b 2y, c 2y",
    ),
    (
        "one stays, one comes, one is out",
        row("<= 1/3 of 7", "2y 2y", "m:x", "a:x b:x c:z"),
        "a 2y, b x3>2, c 2y",
    ),
    (
        "exactly a third of 6 is allowed",
        row("<= 1/3 of 6", "2y 2y 2y", "", "a:x b:x c:y d:z"),
        "a 2y, b 2y, c 2y, d -, next d",
    ),
    (
        "exactly a third of 6 is too much",
        row("< 1/3 of 6", "2y 2y 2y", "", "a:x b:x c:y d:z"),
        "a 2y, b x2>1, c 2y, d 2y",
    ),
    (
        "the relation does not matter for 7",
        row("< 1/3 of 7", "2y 2y 2y", "", "a:x b:x c:x d:y"),
        "a 2y, b 2y, c x3>2, d 2y",
    ),
    (
        "independent people are no group",
        row("1", "2y 2y 2y", "", "a b c"),
        "a 2y, b 2y, c 2y",
    ),
    (
        "unknown people are no group",
        row("1", "2y 2y", "", "a:? b:?"),
        "a 2y, b 2y",
    ),
    (
        "two employers are capped each by itself",
        row("1", "2y 2y 2y", "", "a:x b:x c:y d:y e"),
        "a 2y, b x2>1, c 2y, d y2>1, e 2y",
    ),
    (
        "who is left out is not next in line",
        row("1", "2y", "", "a:x b:x c:y"),
        "a 2y, b -, c -, next c",
    ),
    (
        "whoever does not accept takes no room",
        row("1", "2y", "", "a:x! b:x c:y"),
        "a declined, b 2y, c -, next c",
    ),
    (
        "a member who stays takes no second seat",
        row("2", "2y", "m:x", "m:x b:x"),
        "m sits, b 2y",
    ),
    (
        "conduct committee: a quorum less one is 2 of 5",
        row("2", "2y 2y 2y", "m:x n:y", "a:x b:x c:y d:z"),
        "a 2y, b x3>2, c 2y, d 2y",
    ),
    (
        "Python: at most 2 of 5",
        row("2", "1y 1y 1y 1y 1y", "", "a:x b:x c:x d e f"),
        "a 1y, b 1y, c x3>2, d 1y, e 1y, f 1y",
    ),
    (
        "Istio: at most 5 of 13",
        row(
            "5",
            "1y 1y 1y 1y",
            "m:g n:g o:g p:g q:r s:r t:r u:i v:i",
            "a:g b:g c:d d:g e:s f:t",
        ),
        "a 1y, b g6>5, c 1y, d g6>5, e 1y, f 1y",
    ),
];

#[test]
fn the_cap_counts_members_who_stay_and_leaves_out_whoever_would_break_it() {
    holds(CAPS);
}

const VACANT: Table = &[
    (
        "nobody is left",
        row("", "2y 2y 1y", "", "a"),
        "a 2y, vacant 2y, vacant 1y",
    ),
    (
        "nobody who fits is left",
        row("1", "2y 1y", "", "a:x b:x"),
        "a 2y, b x2>1, vacant 1y",
    ),
    ("nobody stands", row("", "2y", "", ""), "vacant 2y"),
    (
        "no seat is open",
        row("", "", "m", "a b"),
        "a -, b -, next a",
    ),
];

#[test]
fn seats_that_nobody_takes_are_declared_with_their_terms() {
    holds(VACANT);
}

const fn reserving(reserved: &'static str, terms: &'static str, order: &'static str) -> Row {
    let cap = "2";
    Row {
        cap,
        terms,
        reserved,
        order,
        ..ROW
    }
}

const RESERVED: Table = &[
    (
        "a holder below passes those above",
        reserving("test:1", "2y 2y", "a b c@test"),
        "a 2y, b -, c 2y@test, next b",
    ),
    (
        "a holder above uses the reserved seat",
        reserving("test:1", "2y 2y", "a@test b c@test"),
        "a 2y@test, b 2y, c -, next c",
    ),
    (
        "a second holder takes an open seat",
        reserving("test:1", "2y 2y", "a@test b@test c"),
        "a 2y@test, b 2y, c -, next c",
    ),
    (
        "without a holder it stays vacant",
        reserving("test:1", "2y 1y", "a b"),
        "a 2y, b -, vacant 1y@test, next b",
    ),
    (
        "the cap holds for it too",
        reserving("test:1", "2y 2y 2y", "a:x b:x c:x@test d"),
        "a 2y, b 2y, c x3>2, d -, vacant 2y@test, next d",
    ),
    (
        "one seat for each of two roles",
        reserving("test:1 ship:1", "2y 2y", "a@test+ship b@test c@ship"),
        "a 2y@test, b -, c 2y@ship, next b",
    ),
];

#[test]
fn reserved_seats_go_to_the_highest_placed_who_hold_the_role() {
    holds(RESERVED);
}

const THIRD: &str = "<= 1/3 of 7";

const fn lot(row: Row, lot: &'static str) -> Row {
    Row { lot, ..row }
}

const TIES: Table = &[
    (
        "above the last seat",
        row("", "2y 2y 2y", "", "a=b c d"),
        "a 2y, b 2y, c 2y, d -, next d",
    ),
    (
        "below the last seat",
        row("", "2y", "", "a b=c"),
        "a 2y, b -, c -, next b=c",
    ),
    (
        "over the last seat",
        row("", "2y 2y", "", "a b=c d"),
        "a 2y, b tied, c tied, d -, b=c/1 seats",
    ),
    (
        "over two of three seats",
        row("", "2y 2y", "", "a=b=c d"),
        "a tied, b tied, c tied, d -, a=b=c/2 seats",
    ),
    (
        "a lot decides",
        lot(row("", "2y 2y", "", "a b=c d"), "c b"),
        "a 2y, c 2y, b -, d -, next b",
    ),
    (
        "a lot of others does not",
        lot(row("", "2y 2y", "", "a b=c d"), "c d"),
        "a 2y, b tied, c tied, d -, b=c/1 seats",
    ),
    (
        "across two terms",
        row("", "2y 1y 1y", "", "a=b c"),
        "a ?, b ?, c 1y, a=b/2 terms",
    ),
    (
        "within one term",
        row("", "2y 1y 1y", "", "a b=c"),
        "a 2y, b 1y, c 1y",
    ),
    (
        "a lot decides about the terms",
        lot(row("", "2y 1y 1y", "", "a=b c"), "b a"),
        "b 2y, a 1y, c 1y",
    ),
    (
        "of one employer, for its last seat",
        row(THIRD, "2y 2y", "m:x", "a:x=b:x c"),
        "a tied, b tied, c 2y, a=b/1 representation",
    ),
    (
        "of one employer, next to somebody else",
        row(THIRD, "2y 2y", "m:x", "a:x=b:x=c d"),
        "c 2y, a tied, b tied, d -, a=b/1 representation, next d",
    ),
    (
        "of one employer without room",
        row(THIRD, "2y 2y", "m:x n:x", "a:x=b:x=c d"),
        "a x3>2, b x3>2, c 2y, d 2y",
    ),
    (
        "of two employers, each for its own",
        row("1", "2y 2y 2y", "", "a:x=b:x=c:y=d:y e"),
        "a tied, b tied, c tied, d tied, e 2y, a=b/1 representation, c=d/1 representation",
    ),
    (
        "two of an employer for what is one seat less",
        row("1", "2y 2y", "", "a:x=b:x=c:y=d"),
        "a tied, b tied, c tied, d tied, a=b=c=d/2 seats",
    ),
    (
        "of one employer, across two terms",
        row("1", "2y 1y 1y", "", "a:x=b:x=c:y d e"),
        "a tied, b tied, c tied, d 1y, e -, a=b=c/2 seats",
    ),
    (
        "a lot decides who of one employer",
        lot(row(THIRD, "2y 2y", "m:x", "a:x=b:x c"), "b a"),
        "b 2y, a x3>2, c 2y",
    ),
    (
        "of whom one does not accept",
        row("", "2y 2y", "", "a b=c! d"),
        "a 2y, c declined, b 2y, d -, next d",
    ),
    (
        "of whom one is left out",
        row("1", "2y 2y", "", "a:x b:x=c d"),
        "a 2y, b x2>1, c 2y, d -, next d",
    ),
];

#[test]
fn a_tie_matters_only_where_it_decides() {
    holds(TIES);
}

const RESERVED_TIES: Table = &[
    (
        "both hold the role",
        reserving("test:1", "2y", "a@test=b@test c"),
        "a tied, b tied, c -, a=b/1 seats",
    ),
    (
        "one does and is safe",
        reserving("test:1", "2y 2y", "a@test=b=c d"),
        "a 2y@test, b tied, c tied, d -, b=c/1 seats",
    ),
    (
        "what is below waits",
        reserving("test:2", "2y 2y 2y", "a=b c@test d"),
        "a tied, b tied, c waits, d waits, a=b/1 seats",
    ),
];

#[test]
fn a_tie_over_a_reserved_seat_is_between_those_whom_it_decides_about() {
    holds(RESERVED_TIES);
}
