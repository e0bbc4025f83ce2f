//! The seats that are left, and whether a tie decides about them.

use std::collections::BTreeMap;

use charter::Affiliation;

use super::TermLength;
use super::people::{Candidate, Counts};
use super::seating::{Fate, Seat, SeatsToFill, Tie, TieOver};

/// The seats that are left while the order is walked down.
pub(super) struct Open<'a> {
    terms: &'a [TermLength],
    /// Seats for anybody.
    general: u32,
    /// Seats for holders of a role.
    reserved: Vec<(&'a str, u32)>,
    /// How many seats are taken.
    pub(super) taken: usize,
    /// Who holds how many.
    pub(super) counts: Counts<'a>,
}

/// Tied candidates between whom the order decides.
pub(super) struct Contest<'a> {
    over: TieOver,
    pub(super) between: Vec<&'a Candidate>,
    /// How many of them have a seat in the end, at the most.
    seats: u32,
    leaves: Leaves,
}

/// What a contest leaves for those below, whatever is decided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaves {
    /// No seat.
    Nothing,
    /// The seats that it is not about.
    Rest,
    /// That depends on it.
    Unknown,
}

impl<'a> Open<'a> {
    pub(super) fn new(given: &SeatsToFill<'a>, counts: Counts<'a>) -> Self {
        let reserved = given.reserved.iter();
        let reserved: Vec<(&str, u32)> = reserved
            .map(|one| (one.role.as_str(), one.seats.get()))
            .collect();
        let kept: u32 = reserved.iter().map(|(_, seats)| seats).sum();
        Self {
            terms: given.terms,
            general: number(given.terms.len()).saturating_sub(kept),
            reserved,
            taken: 0,
            counts,
        }
    }

    /// The first reservation with seats left that a candidate may use.
    fn reservation(&self, candidate: &Candidate) -> Option<usize> {
        let usable = |(role, seats): &(&str, u32)| {
            *seats > 0 && candidate.roles.iter().any(|held| held == role)
        };
        self.reserved.iter().position(usable)
    }

    pub(super) fn has_seat_for(&self, candidate: &Candidate) -> bool {
        self.general > 0 || self.reservation(candidate).is_some()
    }

    pub(super) fn is_full(&self) -> bool {
        self.left().all(|(_, seats)| seats == 0)
    }

    /// The seats that are left, by the role that they are reserved for.
    pub(super) fn left(&self) -> impl Iterator<Item = (Option<&'a str>, u32)> {
        let reserved = self.reserved.iter();
        let reserved = reserved.map(|(role, seats)| (Some(*role), *seats));
        [(None, self.general)].into_iter().chain(reserved)
    }

    /// Gives the next seat: its term, and the role that it is reserved for.
    pub(super) fn take(&mut self, candidate: &Candidate) -> Option<(TermLength, Option<String>)> {
        let length = *self.terms.get(self.taken)?;
        let role = if let Some(at) = self.reservation(candidate) {
            let (role, seats) = self.reserved.get_mut(at)?;
            *seats -= 1;
            Some((*role).to_owned())
        } else {
            self.general = self.general.checked_sub(1)?;
            None
        };
        self.taken += 1;
        self.counts.add(&candidate.employer, 1);
        Some((length, role))
    }

    /// What the order among tied candidates decides, all of whom have a seat open to them
    /// and room under the cap: nothing, one contest between all who are concerned, or
    /// one for each employer of whom there are too many.
    pub(super) fn contests(&self, tied: &[&'a Candidate]) -> Vec<Contest<'a>> {
        if tied.len() < 2 {
            return Vec::new();
        }
        let crowded = self.crowded(tied);
        let losers = |(between, room): &(Vec<_>, u32)| number(between.len()) - room;
        let demand = number(tied.len()) - crowded.iter().map(losers).sum::<u32>();
        let roles = Roles::of(self, tied);
        let left = self.left().map(|(_, seats)| seats).sum::<u32>();
        let given = self.terms.iter().skip(self.taken);
        let mut given = given.take(demand.min(left) as usize);
        let first = given.next();
        let terms_differ = given.any(|term| Some(term) != first);
        if roles.outside.min(demand) > self.general {
            let in_crowd = |one: &Candidate| {
                crowded
                    .iter()
                    .flat_map(|(of, _)| of)
                    .any(|of| of.id == one.id)
            };
            let safe =
                |one: &Candidate| !terms_differ && roles.is_safe(self, one) && !in_crowd(one);
            let between = tied.iter().filter(|one| !safe(one)).copied().collect();
            let full = left == self.general || crowded.is_empty() && roles.fill_all(self);
            let leaves = if full {
                Leaves::Nothing
            } else {
                Leaves::Unknown
            };
            let reserved = if terms_differ {
                roles.usable
            } else {
                roles.in_doubt
            };
            return vec![Contest {
                over: TieOver::Seats,
                between,
                seats: demand.min(self.general + reserved),
                leaves,
            }];
        }
        if terms_differ {
            let (over, certain) = if crowded.is_empty() {
                (TieOver::Terms, roles.in_doubt == 0)
            } else {
                (TieOver::Seats, roles.nobody_holds_one())
            };
            return vec![Contest {
                over,
                between: tied.to_vec(),
                seats: demand,
                leaves: Leaves::rest_if(certain),
            }];
        }
        let contest = |(between, seats): (Vec<&'a Candidate>, u32)| Contest {
            over: TieOver::Representation,
            leaves: Leaves::rest_if(between.iter().all(|one| self.reservation(one).is_none())),
            between,
            seats,
        };
        crowded.into_iter().map(contest).collect()
    }

    /// The employers of whom more are tied than there is room for, with the room.
    fn crowded(&self, tied: &[&'a Candidate]) -> Vec<(Vec<&'a Candidate>, u32)> {
        let mut groups: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
        for candidate in tied {
            if let Affiliation::Company(name) = &candidate.employer {
                groups.entry(name).or_default().push(candidate);
            }
        }
        let groups = groups.into_values();
        let crowd = |group: Vec<&'a Candidate>| {
            let room = self.counts.room(&group.first()?.employer)?;
            (number(group.len()) > room).then_some((group, room))
        };
        groups.filter_map(crowd).collect()
    }

    /// Sets the seats of a contest aside; whether it is certain what is left.
    pub(super) fn set_aside(&mut self, contest: &Contest<'a>) -> bool {
        match contest.leaves {
            Leaves::Unknown => return false,
            Leaves::Nothing => {
                self.taken = self.terms.len();
                self.general = 0;
                self.reserved.clear();
                return true;
            }
            Leaves::Rest => {}
        }
        if contest.over == TieOver::Terms {
            for candidate in &contest.between {
                self.take(candidate);
            }
            return true;
        }
        self.taken += contest.seats as usize;
        self.general = self.general.saturating_sub(contest.seats);
        for candidate in &contest.between {
            if self.counts.no_room(&candidate.employer).is_none() {
                self.counts.add(&candidate.employer, 1);
            }
        }
        true
    }
}

impl Leaves {
    fn rest_if(certain: bool) -> Self {
        if certain { Self::Rest } else { Self::Unknown }
    }
}

impl Contest<'_> {
    /// What becomes of each of the tied before it is decided.
    pub(super) fn fate(&self) -> (Fate, String) {
        match self.over {
            TieOver::Terms => {
                let seat = Seat {
                    term: None,
                    reserved_for: None,
                };
                let why = "Has a seat; a tie decides for how long.";
                (Fate::Seated(seat), why.to_owned())
            }
            TieOver::Seats => (Fate::Tied, "A tie decides about a seat.".to_owned()),
            TieOver::Representation => {
                let why = "A tie decides who of one employer has a seat.";
                (Fate::Tied, why.to_owned())
            }
        }
    }

    /// What has to be decided.
    pub(super) fn tie(&self) -> Tie {
        let between: Vec<String> = self.between.iter().map(|one| one.id.clone()).collect();
        let names = between.join(", ");
        let seats = base::counted(self.seats as usize, "seat", "seats");
        let why = match self.over {
            TieOver::Seats => format!("Tied for {seats}: {names}."),
            TieOver::Terms => format!("Tied where the terms change: {names}."),
            TieOver::Representation => {
                format!("Tied for {seats} that their employer may still hold: {names}.")
            }
        };
        Tie {
            over: self.over,
            between,
            seats: self.seats,
            why,
        }
    }
}

/// What tied candidates want of reserved seats.
struct Roles {
    /// How many of them could use each reservation.
    holders: Vec<u32>,
    /// How many of them would use it before any other.
    first_choice: Vec<u32>,
    /// How many would take a seat for anybody, at the most.
    outside: u32,
    /// How many reserved seats are wanted by more of them than there are.
    in_doubt: u32,
    /// How many reserved seats they could use.
    usable: u32,
}

impl Roles {
    fn of(open: &Open<'_>, tied: &[&Candidate]) -> Self {
        let mut first_choice: Vec<u32> = vec![0; open.reserved.len()];
        let mut holders = first_choice.clone();
        let mut outside = 0;
        for candidate in tied {
            match open.reservation(candidate) {
                Some(at) => first_choice[at] += 1,
                None => outside += 1,
            }
            for ((role, seats), holders) in open.reserved.iter().zip(&mut holders) {
                let holds = candidate.roles.iter().any(|held| held == role);
                *holders += u32::from(holds && *seats > 0);
            }
        }
        // A reservation ends up full, or with everybody whose first choice it was.
        let wanted = open.reserved.iter().zip(&first_choice);
        outside += wanted
            .map(|((_, seats), first)| first.saturating_sub(*seats))
            .sum::<u32>();
        let short = open.reserved.iter().zip(&holders);
        let short = short.filter(|((_, seats), holders)| *holders > seats);
        let in_doubt = short.map(|((_, seats), _)| seats).sum();
        let usable = open.reserved.iter().zip(&holders);
        let usable = usable
            .map(|((_, seats), holders)| *seats.min(holders))
            .sum();
        Self {
            holders,
            first_choice,
            outside,
            in_doubt,
            usable,
        }
    }

    /// Whether a candidate has a reserved seat in every order of the tied.
    fn is_safe(&self, open: &Open<'_>, candidate: &Candidate) -> bool {
        let reservation = open.reservation(candidate);
        reservation.is_some_and(|at| self.holders[at] <= open.reserved[at].1)
    }

    /// Whether every reserved seat is taken in every order of the tied.
    fn fill_all(&self, open: &Open<'_>) -> bool {
        let mut wanted = open.reserved.iter().zip(&self.first_choice);
        wanted.all(|((_, seats), first)| first >= seats)
    }

    fn nobody_holds_one(&self) -> bool {
        self.holders.iter().all(|holders| *holders == 0)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
