//! What holds of every result, against counting by hand and trying every lot.

use std::collections::{BTreeMap, BTreeSet};

use charter::{Affiliation, Count, Share};
use elections::seats::{
    Candidate, Cap, CapRelation, Fate, Member, Reserved, Seating, SeatsToFill, TermLength, seat,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::START;

#[derive(Debug, Clone)]
struct Election {
    cap: Option<u32>,
    terms: Vec<TermLength>,
    reserved: u32,
    continuing: Vec<Member>,
    candidates: Vec<Candidate>,
    order: Vec<Vec<String>>,
}

impl Election {
    fn seat(&self, lot: &[String]) -> Seating {
        self.try_seat(lot, &self.order)
    }

    fn try_seat(&self, lot: &[String], order: &[Vec<String>]) -> Seating {
        let cap = self.cap.and_then(Count::new).map(Cap::number);
        let role = "test".to_owned();
        let reserved = Count::new(self.reserved).map(|seats| Reserved { role, seats });
        let reserved: Vec<Reserved> = reserved.into_iter().collect();
        let open = SeatsToFill {
            body: 20,
            terms: &self.terms,
            start: START,
            cap: cap.as_ref(),
            reserved: &reserved,
            continuing: &self.continuing,
            candidates: &self.candidates,
            lot,
        };
        seat(&open, order).unwrap()
    }

    fn names(&self) -> Vec<String> {
        self.order.concat()
    }
}

fn employer() -> impl Strategy<Value = Affiliation> {
    let company = |name: &str| Affiliation::Company(name.to_owned());
    prop_oneof![
        3 => Just(company("x")),
        2 => Just(company("y")),
        1 => Just(Affiliation::Independent),
        1 => Just(Affiliation::Unknown),
    ]
}

fn election(most: usize, reserved: impl Strategy<Value = u32>) -> impl Strategy<Value = Election> {
    let length = prop_oneof![3 => Just(2), 1 => Just(1)];
    let people = vec((employer(), any::<bool>(), any::<bool>()), 1..=most);
    let parts = (
        proptest::option::of(1..3_u32),
        vec(length, 0..5),
        reserved,
        vec(employer(), 0..4),
        people,
    );
    parts.prop_map(|(cap, mut years, reserved, continuing, people)| {
        years.sort_unstable();
        years.reverse();
        let terms: Vec<TermLength> = years.into_iter().filter_map(TermLength::of_years).collect();
        let member = |(at, employer)| {
            let id = format!("m{at}");
            Member {
                id,
                employer,
                until: None,
            }
        };
        let mut order: Vec<Vec<String>> = Vec::new();
        let mut candidates = Vec::new();
        for (at, (employer, new_layer, holds)) in people.into_iter().enumerate() {
            let id = format!("c{at}");
            if new_layer || order.is_empty() {
                order.push(Vec::new());
            }
            order.last_mut().unwrap().push(id.clone());
            let mut candidate = Candidate::new(id, employer);
            candidate.roles.extend(holds.then(|| "test".to_owned()));
            candidates.push(candidate);
        }
        Election {
            cap,
            reserved: reserved.min(u32::try_from(terms.len()).unwrap()),
            terms,
            continuing: continuing.into_iter().enumerate().map(member).collect(),
            candidates,
            order,
        }
    })
}

/// How many people of each company sit for sure.
fn sitting(election: &Election, seating: &Seating) -> BTreeMap<String, u32> {
    let elected: BTreeSet<&str> = seating
        .elected()
        .map(|one| one.candidate.as_str())
        .collect();
    let elected = election
        .candidates
        .iter()
        .filter(|one| elected.contains(one.id.as_str()));
    let employers = elected.map(|one| &one.employer);
    let mut seats = BTreeMap::new();
    for employer in employers.chain(election.continuing.iter().map(|one| &one.employer)) {
        if let Affiliation::Company(name) = employer {
            *seats.entry(name.clone()).or_default() += 1;
        }
    }
    seats
}

/// The term that each candidate has a seat for, if any.
fn outcome(seating: &Seating) -> BTreeMap<String, Option<TermLength>> {
    let term = |fate: &Fate| match fate {
        Fate::Seated(seat) => seat.term.map(|term| term.length),
        _ => None,
    };
    let places = seating.places.iter();
    places
        .map(|one| (one.candidate.clone(), term(&one.fate)))
        .collect()
}

fn permutations(names: &[String]) -> Vec<Vec<String>> {
    let Some((first, rest)) = names.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for shorter in permutations(rest) {
        for at in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(at, first.clone());
            all.push(longer);
        }
    }
    all
}

/// The candidates whose outcome depends on the lot, by trying every lot.
fn dependent(election: &Election) -> BTreeSet<String> {
    let mut outcomes: BTreeMap<String, BTreeSet<Option<TermLength>>> = BTreeMap::new();
    for lot in permutations(&election.names()) {
        let seating = election.seat(&lot);
        assert!(seating.is_settled());
        for (id, term) in outcome(&seating) {
            outcomes.entry(id).or_default().insert(term);
        }
    }
    outcomes.retain(|_, terms| terms.len() > 1);
    outcomes.into_keys().collect()
}

fn tied(seating: &Seating) -> BTreeSet<String> {
    let ties = seating.ties.iter();
    ties.flat_map(|tie| tie.between.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_cap_is_never_broken_and_whoever_is_left_out_would_break_it(
        election in election(9, 0..2_u32),
        drawn: bool,
    ) {
        let names = election.names();
        let seating = election.seat(if drawn { &names } else { &[] });
        let before: BTreeMap<String, u32> = sitting(&election, &election.try_seat(&[], &[]));
        let seats = sitting(&election, &seating);
        for (name, held) in &seats {
            let already = before.get(name).copied().unwrap_or(0);
            let most = election.cap.unwrap_or(u32::MAX);
            prop_assert!(*held <= most.max(already), "{} holds {}", name, held);
        }
        for placed in &seating.places {
            let candidate = election.candidates.iter().find(|one| one.id == placed.candidate).unwrap();
            if let (Fate::Excluded { employer, would_hold, most }, true) = (&placed.fate, drawn) {
                prop_assert_eq!(&candidate.employer, &Affiliation::Company(employer.clone()));
                prop_assert_eq!(Some(*most), election.cap);
                prop_assert_eq!(*would_hold, seats[employer] + 1);
                prop_assert!(would_hold > most);
            }
        }
        let elected = seating.elected().count();
        prop_assert!(elected <= election.terms.len());
        if drawn {
            prop_assert_eq!(elected + seating.vacant.len(), election.terms.len());
        }
        prop_assert_eq!(seating.places.len(), election.candidates.len());
    }

    #[test]
    fn a_candidate_below_changes_nothing_above(
        election in election(8, 0..3_u32),
        employer in employer(),
        holds: bool,
        lot: bool,
    ) {
        let mut more = election.clone();
        let mut last = Candidate::new("last", employer);
        last.roles.extend(holds.then(|| "test".to_owned()));
        more.candidates.push(last);
        more.order.push(vec!["last".to_owned()]);
        let lot = if lot { election.names() } else { Vec::new() };
        let (before, after) = (election.seat(&lot), more.seat(&lot));
        prop_assert_eq!(&before.places[..], &after.places[..before.places.len()]);
        prop_assert_eq!(before.ties, after.ties);
    }

    #[test]
    fn the_relation_is_exact(numerator in 1..20_u32, more in 0..20_u32, of in 1..200_u32, less: bool) {
        let fraction = Share { numerator, denominator: numerator + more };
        let (relation, its) = if less {
            (CapRelation::LessThan, charter::Relation::LessThan)
        } else {
            (CapRelation::AtMost, charter::Relation::AtMost)
        };
        let allowed = (0..=of).filter(|part| fraction.allows(*part as usize, of as usize, its));
        let most = allowed.max().unwrap_or(0);
        let cap = Cap::share(fraction, relation, Count::new(of).unwrap());
        prop_assert_eq!(cap.map_or(0, |cap| cap.most()), most);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_lot_is_asked_for_between_exactly_those_it_decides_about(election in election(5, Just(0))) {
        prop_assert_eq!(tied(&election.seat(&[])), dependent(&election));
    }

    #[test]
    fn with_reserved_seats_nobody_whom_a_lot_decides_about_is_forgotten(election in election(5, 1..3_u32)) {
        let seating = election.seat(&[]);
        let mut open = tied(&seating);
        let waits = seating.places.iter().filter(|one| one.fate == Fate::Waits);
        open.extend(waits.map(|one| one.candidate.clone()));
        let dependent = dependent(&election);
        prop_assert!(open.is_superset(&dependent), "{:?} of {:?}", open, dependent);
    }

    #[test]
    fn whoever_has_a_seat_before_the_lot_has_it_after(election in election(5, 0..3_u32)) {
        let before = election.seat(&[]);
        for lot in permutations(&election.names()).iter().step_by(7) {
            let after = outcome(&election.seat(lot));
            for one in before.elected() {
                prop_assert!(after[&one.candidate].is_some(), "{} after {:?}", one.candidate, lot);
            }
        }
    }
}
