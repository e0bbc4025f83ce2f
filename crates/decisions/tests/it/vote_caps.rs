//! Votes whose weight is capped by employer: a table worked out by hand, and the law behind it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use charter::procedure::{Base, Comparison, Portion};
use charter::requirement::Eligible;
use charter::{Affiliation, Share};
use decisions::vote::{Electorate, Votes, count, in_words};
use decisions::{Choice, Fraction, TooFine};
use proptest::prelude::*;

use crate::vote::rule;

/// `a1` to `a4` of a company, `?1` of whom nobody knows, `-1` independent.
fn body(words: &str) -> Vec<Eligible> {
    let one = |word: &str| Eligible {
        person: word.to_owned(),
        employer: match &word[..1] {
            "?" => Affiliation::Unknown,
            "-" => Affiliation::Independent,
            company => Affiliation::Company(company.to_owned()),
        },
    };
    words.split_whitespace().map(one).collect()
}

fn votes(yes: &str, no: &str) -> Votes {
    let of = |words: &str, choice: Choice| -> Votes {
        let words = words.split_whitespace();
        words.map(|word| (word.to_owned(), choice)).collect()
    };
    let mut all = of(yes, Choice::Yes);
    all.extend(of(no, Choice::No));
    all
}

const ONE: Portion = Portion::Number(1);
const THIRD: Portion = Portion::Share(Share {
    numerator: 1,
    denominator: 3,
});

type Row = (
    &'static str,
    Portion,
    Base,
    (&'static str, &'static str, &'static str, &'static str),
    (&'static str, &'static str, &'static str, bool),
);

/// Body, cap, base; for, against, recused; weights in favour, against, of the base; passes by
/// more than half.
const TABLE: [Row; 12] = [
    // One vote for each organisation: three of a are one vote, two of b one, who is independent one.
    (
        "split in itself",
        ONE,
        Base::Cast,
        ("a1 a2 a3 b1 b2 -1", "a1 a2 b1 -1", "a3 b2", ""),
        ("2 1/6", "5/6", "3", true),
    ),
    (
        "one each",
        ONE,
        Base::Members,
        ("a1 a2 a3 b1 b2 -1", "a1 a2 a3", "", ""),
        ("1", "0", "3", false),
    ),
    (
        "two of three",
        ONE,
        Base::Members,
        ("a1 a2 a3 b1 b2 -1", "a1 a2 a3 -1", "b1 b2", ""),
        ("2", "1", "3", true),
    ),
    (
        "a tie",
        ONE,
        Base::Cast,
        ("a1 a2 a3 b1", "a1 a2 a3", "b1", ""),
        ("1", "1", "2", false),
    ),
    // A third of six members is two votes: four of a weigh a half each.
    (
        "a third of six",
        THIRD,
        Base::Members,
        ("a1 a2 a3 a4 b1 c1", "a1 a2 a3 a4", "b1 c1", ""),
        ("2", "2", "4", false),
    ),
    (
        "with one more",
        THIRD,
        Base::Members,
        ("a1 a2 a3 a4 b1 c1", "a1 a2 a3 a4 b1", "c1", ""),
        ("3", "1", "4", true),
    ),
    // A third of seven is 7/3, so 7/12 each.
    (
        "a third of seven",
        THIRD,
        Base::Members,
        ("a1 a2 a3 a4 b1 c1 d1", "a1 a2 a3 a4", "b1 c1 d1", ""),
        ("2 1/3", "3", "5 1/3", false),
    ),
    (
        "who is under the cap weighs one",
        THIRD,
        Base::Cast,
        ("a1 a2 b1 c1 d1 e1", "a1 a2 b1", "c1 d1", ""),
        ("3", "2", "5", true),
    ),
    // All whose employer nobody knows may have the same one; the independent have none.
    (
        "unknown employers are one",
        ONE,
        Base::Members,
        ("?1 ?2 ?3 a1", "?1 ?2 ?3", "a1", ""),
        ("1", "1", "2", false),
    ),
    (
        "the independent are each their own",
        ONE,
        Base::Members,
        ("-1 -2 -3 a1", "-1 -2 -3", "a1", ""),
        ("3", "1", "4", true),
    ),
    // Of four of a one takes no part: of those who may vote, three share its votes.
    (
        "recused, of who may vote",
        ONE,
        Base::Eligible,
        ("a1 a2 a3 a4 b1", "a1 a2 a3", "b1", "a4"),
        ("1", "1", "2", false),
    ),
    (
        "recused, of the members",
        ONE,
        Base::Members,
        ("a1 a2 a3 a4 b1", "a1 a2 a3", "b1", "a4"),
        ("3/4", "1", "2", false),
    ),
];

#[test]
fn capped_votes_weigh_what_was_worked_out_by_hand() {
    for (what, cap, base, (people, yes, no, out), (for_it, against, of, passes)) in TABLE {
        let members = body(people);
        let recused: BTreeSet<String> = out.split_whitespace().map(str::to_owned).collect();
        let mut rule = rule((1, 2), Comparison::Above, base);
        rule.employer_cap = Some(cap);
        let electorate = Electorate {
            members: &members,
            recused: &recused,
        };
        let found = count(&rule, electorate, &votes(yes, no)).unwrap();
        let weights = [found.yes, found.no, found.base].map(|weight| weight.to_string());
        assert_eq!(weights, [for_it, against, of], "{what}");
        assert_eq!(found.passes, passes, "{what}");
    }
}

#[test]
fn vacant_seats_are_never_capped() {
    let members = body("a1 a2 a3 b1");
    let recused = BTreeSet::new();
    let mut rule = rule((1, 2), Comparison::AtLeast, Base::Seats);
    rule.seats = charter::Count::new(6);
    rule.employer_cap = Some(ONE);
    let electorate = Electorate {
        members: &members,
        recused: &recused,
    };
    let found = count(&rule, electorate, &votes("a1 a2 a3 b1", "")).unwrap();
    assert_eq!(
        (found.yes.to_string(), found.base.to_string()),
        ("2".into(), "4".into())
    );
    assert!(found.passes);
    assert_eq!(
        in_words(&rule, &found),
        "2 for, 0 against, 0 abstaining; at least 1/2 of 4 seats must be in favour"
    );
}

#[test]
fn weights_that_cannot_be_added_exactly_decide_nothing() {
    let primes = (2..=110_usize).filter(|n| (2..*n).all(|by| n % by != 0));
    let mut members = Vec::new();
    for size in primes {
        for one in 0..size {
            members.push(Eligible {
                person: format!("p{size}-{one}"),
                employer: Affiliation::Company(format!("c{size}")),
            });
        }
    }
    let mut rule = rule((1, 2), Comparison::Above, Base::Members);
    rule.employer_cap = Some(ONE);
    let recused = BTreeSet::new();
    let electorate = Electorate {
        members: &members,
        recused: &recused,
    };
    let firsts = members.iter().filter(|one| one.person.ends_with("-0"));
    let firsts: Votes = firsts
        .map(|one| (one.person.clone(), Choice::Yes))
        .collect();
    assert_eq!(count(&rule, electorate, &firsts), Err(TooFine));
    // All of each together are whole numbers again.
    let all = members.iter().map(|one| (one.person.clone(), Choice::Yes));
    assert!(count(&rule, electorate, &all.collect()).unwrap().passes);
}

proptest! {
    #[test]
    fn no_employer_weighs_more_than_the_cap_and_none_that_is_under_it_less(
        employers in prop::collection::vec(0_u8..5, 1..=13), number in any::<bool>(),
        numerator in 1_u32..=7, more in 0_u32..=6, base in 0_usize..3,
    ) {
        let letters = ["-", "?", "a", "b", "c"];
        let words: Vec<String> = employers.iter().enumerate()
            .map(|(at, of)| format!("{}{at}", letters[usize::from(*of)])).collect();
        let members = body(&words.join(" "));
        let denominator = numerator + more;
        let (cap, most) = if number {
            (Portion::Number(numerator), Fraction::whole(numerator as usize))
        } else {
            let share = u128::from(numerator) * members.len() as u128;
            let most = Fraction::new(share, u128::from(denominator)).unwrap();
            (Portion::Share(Share { numerator, denominator }), most)
        };
        let base = [Base::Members, Base::Eligible, Base::Cast][base];
        let mut rule = rule((1, 2), Comparison::Above, base);
        rule.employer_cap = Some(cap);
        let recused = BTreeSet::new();
        let electorate = Electorate { members: &members, recused: &recused };
        for letter in ["?", "a", "b", "c"] {
            let theirs: Votes = members.iter().filter(|one| one.person.starts_with(letter))
                .map(|one| (one.person.clone(), Choice::Yes)).collect();
            let found = count(&rule, electorate, &theirs).unwrap();
            let people = Fraction::whole(theirs.len());
            let least = if people.compare(most) == Ok(Ordering::Less) { people } else { most };
            prop_assert_eq!(found.yes, least);
        }
    }
}
