//! Down the order of the candidates, seat by seat.

use std::collections::{HashMap, HashSet};

use charter::Affiliation;

use super::people::{Candidate, Counts, Member, NoRoom, Question};
use super::seating::{Fate, Placed, Seat, SeatError, Seating, SeatsToFill, Term};
use super::tie::Open;

/// Gives seats by an order of candidates: layers of ties, the most preferred first.
///
/// From the top, everybody who accepts takes a seat that is open to them, unless their
/// employer would then hold more than it may, counting the members who stay. A tie is
/// looked at only where it decides who has a seat or which term. What is decided of
/// somebody depends on nobody below.
///
/// Where seats are reserved and tied candidates also have too many of one employer, a lot
/// may be asked for between more of the tied than it could in the end decide about.
///
/// # Errors
/// What was given contradicts itself.
pub fn seat(open: &SeatsToFill<'_>, order: &[Vec<String>]) -> Result<Seating, SeatError> {
    let ranked = check(open, order)?;
    let mut walk = Walk::new(open);
    for layer in &ranked {
        walk.layer(layer);
    }
    Ok(walk.finish(&ranked))
}

/// Candidates whom the ballots leave equal.
pub(super) type Layer<'a> = Vec<&'a Candidate>;

/// The order with the candidates in place of their names, if everything fits together.
fn check<'a>(open: &SeatsToFill<'a>, order: &[Vec<String>]) -> Result<Vec<Layer<'a>>, SeatError> {
    let staying = open.staying().count();
    if staying + open.terms.len() > open.body as usize {
        return Err(SeatError::TooManySeats {
            open: open.terms.len(),
            continuing: staying,
            body: open.body,
        });
    }
    let reserved = open.reserved.iter().map(|one| u64::from(one.seats.get()));
    let reserved = reserved.sum::<u64>();
    if reserved > open.terms.len() as u64 {
        let open = open.terms.len();
        return Err(SeatError::TooManyReserved { reserved, open });
    }
    let of = open.cap.and_then(super::Cap::of);
    if let Some(of) = of.filter(|of| *of != open.body) {
        let body = open.body;
        return Err(SeatError::OtherBody { of, body });
    }
    let start = open.start;
    for length in open.terms.iter().copied() {
        length
            .after(start)
            .ok_or(SeatError::NoEnd { start, length })?;
    }
    let candidates = || open.candidates.iter().map(|one| one.id.as_str());
    once("among the candidates", candidates())?;
    once(
        "among the members",
        open.staying().map(|one| one.id.as_str()),
    )?;
    once("in the lot", open.lot.iter().map(String::as_str))?;
    let names = order.iter().flatten().map(String::as_str);
    once("in the order", names)?;
    let known: HashMap<&str, &Candidate> = candidates().zip(open.candidates).collect();
    let find = |id: &String| {
        let found = known.get(id.as_str()).copied();
        found.ok_or_else(|| SeatError::Stranger(id.clone()))
    };
    let layers = order.iter();
    layers.map(|ids| ids.iter().map(find).collect()).collect()
}

fn once<'i>(place: &'static str, ids: impl Iterator<Item = &'i str>) -> Result<(), SeatError> {
    let mut seen = HashSet::new();
    let mut ids = ids;
    match ids.find(|id| !seen.insert(*id)) {
        Some(id) => Err(SeatError::Twice {
            id: id.to_owned(),
            place,
        }),
        None => Ok(()),
    }
}

impl<'a> SeatsToFill<'a> {
    /// The members whose terms go on.
    pub(super) fn staying(&self) -> impl Iterator<Item = &'a Member> {
        let start = self.start;
        let members = self.continuing.iter();
        members.filter(move |member| member.sits_on(start))
    }
}

/// The way down, with what has come of it so far.
pub(super) struct Walk<'a> {
    pub(super) given: &'a SeatsToFill<'a>,
    pub(super) open: Open<'a>,
    sitting: HashSet<&'a str>,
    /// How many candidates there are above.
    above: u32,
    /// Whether an unbroken tie leaves open who has which seat below.
    pub(super) uncertain: bool,
    pub(super) result: Seating,
}

impl<'a> Walk<'a> {
    fn new(given: &'a SeatsToFill<'a>) -> Self {
        let counts = Counts::of(given.cap, given.staying());
        let already = counts.too_many().map(|(name, seats, cap)| {
            let why = format!("{name} holds {seats} seats before anybody is elected, and the cap is {cap}: members have to step back.");
            let employer = name.to_owned();
            Question::AlreadyTooMany { employer, seats, why }
        });
        let questions = already.collect();
        Self {
            given,
            open: Open::new(given, counts),
            sitting: given.staying().map(|member| member.id.as_str()).collect(),
            above: 0,
            uncertain: false,
            result: Seating {
                places: Vec::new(),
                ties: Vec::new(),
                vacant: Vec::new(),
                next_in_line: Vec::new(),
                choices: Vec::new(),
                questions,
            },
        }
    }

    fn layer(&mut self, layer: &[&'a Candidate]) {
        let mut tied = Vec::new();
        for candidate in layer {
            if self.sitting.contains(candidate.id.as_str()) {
                let why = "Is a member whose term goes on.".to_owned();
                self.put(candidate, Fate::AlreadySits, why);
            } else if let Some((barred, why)) = candidate.stands.passed_over() {
                let fate = if barred { Fate::Barred } else { Fate::Declined };
                self.put(candidate, fate, why);
            } else if self.uncertain {
                let why = "It depends on a tie above that is not broken.".to_owned();
                self.put(candidate, Fate::Waits, why);
            } else if let Some((fate, why)) = self.left_out(candidate) {
                self.put(candidate, fate, why);
            } else {
                tied.push(*candidate);
            }
        }
        self.seat_tied(tied);
        self.above += u32::try_from(layer.len()).unwrap_or(u32::MAX);
    }

    /// Seats those of one layer for whom there is a seat and room.
    fn seat_tied(&mut self, mut tied: Layer<'a>) {
        let lot = self.given.lot.iter().map(String::as_str).zip(0..);
        let lot: HashMap<&str, usize> = lot.collect();
        let drawn = |one: &&Candidate| lot.get(one.id.as_str()).copied();
        let mut contests = self.open.contests(&tied);
        contests.retain(|contest| contest.between.iter().any(|one| drawn(one).is_none()));
        let in_doubt: HashSet<&str> = contests
            .iter()
            .flat_map(|contest| contest.between.iter().map(|one| one.id.as_str()))
            .collect();
        tied.retain(|one| !in_doubt.contains(one.id.as_str()));
        tied.sort_by_key(|one| drawn(one).unwrap_or(usize::MAX));
        for candidate in tied {
            self.next(candidate);
        }
        for contest in contests {
            self.uncertain |= !self.open.set_aside(&contest);
            for candidate in &contest.between {
                let (fate, why) = contest.fate();
                self.put(candidate, fate, why);
            }
            self.result.ties.push(contest.tie());
        }
    }

    /// Seats one, or says why not.
    fn next(&mut self, candidate: &'a Candidate) {
        if let Some((fate, why)) = self.left_out(candidate) {
            return self.put(candidate, fate, why);
        }
        let number = self.open.taken + 1;
        let Some((length, reserved_for)) = self.open.take(candidate) else {
            return;
        };
        let mut why = format!("Takes seat {number} of {}", self.given.terms.len());
        if let Some(role) = &reserved_for {
            why += &format!(", reserved for {role}");
        }
        why += &format!(", for {length}.");
        if let (Some(cap), Affiliation::Company(name)) = (self.given.cap, &candidate.employer) {
            let seats = self.open.counts.held_by(name);
            why += &format!(" {name} then holds {seats}, and the cap is {cap}.");
        }
        let from = self.given.start;
        let term = length.after(from).map(|until| Term {
            length,
            from,
            until,
        });
        let seat = Seat { term, reserved_for };
        self.put(candidate, Fate::Seated(seat), why);
    }

    fn left_out(&self, candidate: &Candidate) -> Option<(Fate, String)> {
        if !self.open.has_seat_for(candidate) {
            let why = if self.open.is_full() {
                "All seats were taken before."
            } else {
                "The seats that are left are reserved for others."
            };
            return Some((Fate::NotReached, why.to_owned()));
        }
        let NoRoom {
            employer,
            would_hold,
            most,
            why,
        } = self.open.counts.no_room(&candidate.employer)?;
        let fate = Fate::Excluded {
            employer,
            would_hold,
            most,
        };
        Some((fate, format!("Excluded by maximal representation: {why}")))
    }

    fn put(&mut self, candidate: &Candidate, fate: Fate, why: String) {
        self.result.places.push(Placed {
            candidate: candidate.id.clone(),
            place: self.above + 1,
            fate,
            why,
        });
    }
}
