//! Who sits.
//!
//! A row writes candidates as `name:employer`, without an employer for independent people
//! and with `?` for nobody knows; `!` behind it declines, `@role` holds a role. `=` stands
//! between the tied.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod breach;
mod laws;
mod reading;
mod results;
mod table;
mod terms;
mod vacancy;

use charter::{Affiliation, Count, Share};
use elections::seats::{
    Candidate, Cap, CapRelation, Fate, Member, Reserved, SeatError, Seating, SeatsToFill, Stands,
    TermLength, TieOver, seat,
};
use jiff::civil::{Date, date};

const START: Date = date(2026, 10, 1);

fn employer(text: &str) -> Affiliation {
    match text {
        "" => Affiliation::Independent,
        "?" => Affiliation::Unknown,
        name => Affiliation::Company(name.to_owned()),
    }
}

fn candidate(text: &str) -> Candidate {
    let (text, roles) = text.split_once('@').unwrap_or((text, ""));
    let (text, stands) = match text.strip_suffix('!') {
        Some(text) => (text, Stands::Declines),
        None => (text, Stands::Accepts),
    };
    let (id, works_for) = text.split_once(':').unwrap_or((text, ""));
    Candidate {
        id: id.to_owned(),
        employer: employer(works_for),
        roles: roles.split('+').map(str::to_owned).collect(),
        stands,
    }
}

fn candidates(order: &str) -> (Vec<Candidate>, Vec<Vec<String>>) {
    let layers = order.split_whitespace();
    let layers: Vec<Vec<Candidate>> = layers
        .map(|layer| layer.split('=').map(candidate).collect())
        .collect();
    let names = |layer: &Vec<Candidate>| layer.iter().map(|one| one.id.clone()).collect();
    let order = layers.iter().map(names).collect();
    (layers.into_iter().flatten().collect(), order)
}

fn members(text: &str) -> Vec<Member> {
    let member = |text| {
        let Candidate { id, employer, .. } = candidate(text);
        let until = Some(date(2027, 10, 1));
        Member {
            id,
            employer,
            until,
        }
    };
    text.split_whitespace().map(member).collect()
}

/// `<= 1/3 of 7`, `2`, or nothing.
fn cap(text: &str) -> Option<Cap> {
    let count = |text: &str| Count::new(text.parse().unwrap()).unwrap();
    match text.split_whitespace().collect::<Vec<_>>().as_slice() {
        [] => None,
        [number] => Some(Cap::number(count(number))),
        [relation, share, "of", of] => {
            let (numerator, denominator) = share.split_once('/').unwrap();
            let fraction = Share {
                numerator: numerator.parse().unwrap(),
                denominator: denominator.parse().unwrap(),
            };
            let relation = match *relation {
                "<" => CapRelation::LessThan,
                _ => CapRelation::AtMost,
            };
            Some(Cap::share(fraction, relation, count(of)).unwrap())
        }
        other => panic!("{other:?}"),
    }
}

fn terms(text: &str) -> Vec<TermLength> {
    let terms = text.split_whitespace();
    terms.map(|term| TermLength::new(term).unwrap()).collect()
}

/// `testing:1`.
fn reserved(text: &str) -> Vec<Reserved> {
    let one = |text: &str| {
        let (role, seats) = text.split_once(':').unwrap();
        Reserved {
            role: role.to_owned(),
            seats: Count::new(seats.parse().unwrap()).unwrap(),
        }
    };
    text.split_whitespace().map(one).collect()
}

/// An election in a line.
#[derive(Clone, Copy)]
struct Row {
    cap: &'static str,
    terms: &'static str,
    reserved: &'static str,
    staying: &'static str,
    order: &'static str,
    lot: &'static str,
}

const ROW: Row = Row {
    cap: "",
    terms: "",
    reserved: "",
    staying: "",
    order: "",
    lot: "",
};

impl Row {
    fn seat(self) -> Result<Seating, SeatError> {
        let cap = cap(self.cap);
        let terms = terms(self.terms);
        let continuing = members(self.staying);
        let (candidates, order) = candidates(self.order);
        let lot: Vec<String> = self.lot.split_whitespace().map(str::to_owned).collect();
        let size = u32::try_from(terms.len() + continuing.len()).unwrap();
        let open = SeatsToFill {
            body: cap.as_ref().and_then(Cap::of).unwrap_or(size),
            terms: &terms,
            start: START,
            cap: cap.as_ref(),
            reserved: &reserved(self.reserved),
            continuing: &continuing,
            candidates: &candidates,
            lot: &lot,
        };
        seat(&open, &order)
    }
}

/// A result in one line.
fn shown(seating: &Seating) -> String {
    let fate = |fate: &Fate| match fate {
        Fate::Seated(seat) => {
            let role = seat.reserved_for.as_ref().map(|role| format!("@{role}"));
            let term = seat
                .term
                .map_or("?".to_owned(), |term| term.length.to_string());
            term + &role.unwrap_or_default()
        }
        Fate::Excluded {
            employer,
            would_hold,
            most,
        } => format!("{employer}{would_hold}>{most}"),
        Fate::Declined => "declined".to_owned(),
        Fate::Barred => "barred".to_owned(),
        Fate::AlreadySits => "sits".to_owned(),
        Fate::Tied => "tied".to_owned(),
        Fate::NotReached => "-".to_owned(),
        Fate::Waits => "waits".to_owned(),
    };
    let places = seating.places.iter();
    let mut parts: Vec<String> = places
        .map(|placed| format!("{} {}", placed.candidate, fate(&placed.fate)))
        .collect();
    for tie in &seating.ties {
        let over = match tie.over {
            TieOver::Seats => "seats",
            TieOver::Representation => "representation",
            TieOver::Terms => "terms",
        };
        parts.push(format!("{}/{} {over}", tie.between.join("="), tie.seats));
    }
    for vacant in &seating.vacant {
        let role = vacant.reserved_for.as_ref().map(|role| format!("@{role}"));
        parts.push(format!(
            "vacant {}{}",
            vacant.term,
            role.unwrap_or_default()
        ));
    }
    if !seating.next_in_line.is_empty() {
        parts.push(format!("next {}", seating.next_in_line.join("=")));
    }
    parts.join(", ")
}

const fn row(
    cap: &'static str,
    terms: &'static str,
    staying: &'static str,
    order: &'static str,
) -> Row {
    Row {
        cap,
        terms,
        staying,
        order,
        ..ROW
    }
}

fn holds(rows: &[(&str, Row, &str)]) {
    for (what, row, expected) in rows {
        assert_eq!(shown(&row.seat().unwrap()), *expected, "{what}");
    }
}
