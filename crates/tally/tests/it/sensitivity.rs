//! Which seats depend on the method.

use tally::method::{Method, Unranked};
use tally::sensitivity::{Sensitivity, What, sensitivity, variants};

use crate::ballots::{real, votes};

fn of(election: &str, seats: usize) -> Option<Sensitivity> {
    let base = Method::preset("elekto").unwrap();
    Some(sensitivity(&real(election)?, seats, &base).unwrap())
}

#[test]
fn in_2022_the_order_alone_depends_on_the_method() {
    let Some(found) = of("steering-2022", 3) else {
        return;
    };
    let [difference] = &found.differences[..] else {
        panic!("{found:?}")
    };
    assert_eq!(
        (difference.what, &difference.places[..]),
        (What::Order, &[1, 2][..])
    );
    let last = |method: &Method| method.pairs() == Unranked::Last;
    assert!(difference.methods.iter().all(last));
    assert_eq!(difference.methods.len(), variants(Unranked::Last).len());
    let profile = real("steering-2022").unwrap();
    let words = found.words(profile.candidates());
    assert_eq!(
        words,
        [
            "The order of the seats depends on the method: bentheelder, mrbobbytables, palnabarun, \
             cici37 by Schulze (6 variants), ranked pairs (3 variants), minimax (3 variants), \
             Copeland (v1, pairs: last), Condorcet-IRV (2 variants), all with pairs: last."
        ]
    );
}

#[test]
fn no_seat_of_the_other_elections_depends_on_the_method() {
    for (election, seats) in [
        ("steering-2018", 3),
        ("steering-2020", 3),
        ("steering-2024", 3),
        ("code-of-conduct-2023", 2),
    ] {
        let Some(found) = of(election, seats) else {
            continue;
        };
        assert_eq!(
            (found.differences, found.tied),
            (Vec::new(), Vec::new()),
            "{election}"
        );
        assert_eq!(found.compared, 29, "{election}");
    }
}

#[test]
fn a_seat_and_the_next_in_line_are_told_apart() {
    // Without the unranked as last, Bob is above Ada; with it, Ada is above Bob.
    let profile = votes("3 Ada\n 2 Bob>Ada>Cy");
    let base = Method::preset("elekto").unwrap();
    let found = sensitivity(&profile, 1, &base).unwrap();
    assert_eq!(found.differences[0].what, What::Seats);
    assert_eq!(found.differences[0].places, [1, 2]);
    let found = sensitivity(&profile, 2, &base).unwrap();
    assert_eq!(found.differences[0].what, What::Order);
    let profile = votes("9 Dee>Ada=Bob\n 3 Ada\n 2 Bob>Ada");
    let found = sensitivity(&profile, 1, &base).unwrap();
    assert_eq!(found.differences[0].what, What::NextInLine);
    assert_eq!(found.differences[0].places, [2]);
}

#[test]
fn a_tie_for_the_last_seat_is_named() {
    let base = Method::preset("elekto").unwrap();
    let profile = votes("1 Ada>Bob=Cy>Dee");
    assert_eq!(sensitivity(&profile, 2, &base).unwrap().tied, [1, 2]);
    assert!(sensitivity(&profile, 3, &base).unwrap().tied.is_empty());
    assert!(sensitivity(&profile, 9, &base).unwrap().tied.is_empty());
}
