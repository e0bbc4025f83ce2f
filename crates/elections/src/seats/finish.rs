//! What is left to say when everybody has been seated or passed over.

use std::collections::{HashMap, HashSet};

use charter::Affiliation;

use super::people::{Candidate, Stands};
use super::seating::{Fate, Placed, Seating, StepAside, TieOver, VacantSeat};
use super::walk::{Layer, Walk};

impl<'a> Walk<'a> {
    /// The result with its vacant seats, the next in line, choices and questions.
    pub(super) fn finish(mut self, ranked: &[Layer<'a>]) -> Seating {
        if !self.uncertain {
            self.result.vacant = self.vacant();
            self.result.next_in_line = self.next_in_line(ranked);
        }
        self.result.choices = self.choices();
        let employers: HashMap<&str, &Affiliation> = ranked
            .iter()
            .flatten()
            .map(|one| (one.id.as_str(), &one.employer))
            .collect();
        let sits = |placed: &&Placed| matches!(placed.fate, Fate::Seated(_) | Fate::Tied);
        let seated = self.result.places.iter().filter(sits);
        let seated = seated.map(|placed| placed.candidate.as_str());
        let seated = seated.filter_map(|id| Some((id, *employers.get(id)?)));
        let staying = self.given.staying();
        let staying = staying.map(|member| (member.id.as_str(), &member.employer));
        let questions = self.open.counts.unknown(staying.chain(seated));
        self.result.questions.extend(questions);
        self.result
    }

    fn vacant(&self) -> Vec<VacantSeat> {
        let mut terms = self.given.terms.iter().skip(self.open.taken);
        let mut vacant = Vec::new();
        for (role, seats) in self.open.left() {
            let why = match role {
                Some(role) => format!("No candidate who fits holds the role {role}."),
                None => "The order names nobody else who accepts and fits.".to_owned(),
            };
            for term in terms.by_ref().take(seats as usize) {
                vacant.push(VacantSeat {
                    term: *term,
                    reserved_for: role.map(str::to_owned),
                    why: why.clone(),
                });
            }
        }
        vacant
    }

    fn next_in_line(&self, ranked: &[Layer<'a>]) -> Vec<String> {
        let lot = |id: &str| self.given.lot.iter().position(|drawn| drawn == id);
        let mut ties = self.result.ties.iter();
        if ties.any(|tie| tie.over == TieOver::Seats) {
            return Vec::new();
        }
        let waiting: HashSet<&str> = self
            .result
            .places
            .iter()
            .filter(|placed| placed.fate == Fate::NotReached)
            .map(|placed| placed.candidate.as_str())
            .collect();
        let fits = |one: &&&Candidate| {
            one.stands == Stands::Accepts
                && waiting.contains(one.id.as_str())
                && self.open.counts.no_room(&one.employer).is_none()
        };
        for layer in ranked {
            let mut next: Vec<&str> = layer
                .iter()
                .filter(fits)
                .map(|one| one.id.as_str())
                .collect();
            if next.len() > 1 && next.iter().all(|id| lot(id).is_some()) {
                next.sort_by_key(|id| lot(id));
                next.truncate(1);
            }
            if !next.is_empty() {
                return next.into_iter().map(str::to_owned).collect();
            }
        }
        Vec::new()
    }

    /// Where the people of an employer that is over the cap may choose.
    fn choices(&self) -> Vec<StepAside> {
        let Some(within) = self.given.cap.and_then(|cap| cap.choose_window) else {
            return Vec::new();
        };
        let mut choices: Vec<StepAside> = Vec::new();
        for placed in &self.result.places {
            let Fate::Excluded { employer, most, .. } = &placed.fate else {
                continue;
            };
            if choices.iter().any(|choice| choice.employer == *employer) {
                continue;
            }
            let people = self.people_of(employer);
            let aside = u32::try_from(people.len())
                .unwrap_or(u32::MAX)
                .saturating_sub(*most);
            let why = format!(
                "{} of {employer} would sit and {most} may: within {within} they may choose who steps aside, or those placed lowest are left out.",
                people.len()
            );
            choices.push(StepAside {
                employer: employer.clone(),
                people,
                aside,
                within,
                why,
            });
        }
        choices
    }

    fn people_of(&self, employer: &str) -> Vec<String> {
        let of_it = |affiliation: &Affiliation| matches!(affiliation, Affiliation::Company(name) if name == employer);
        let staying = self.given.staying().filter(|one| of_it(&one.employer));
        let employers: HashMap<&str, &Affiliation> = self
            .given
            .candidates
            .iter()
            .map(|one| (one.id.as_str(), &one.employer))
            .collect();
        let concerned = |placed: &&Placed| {
            let sits = matches!(
                placed.fate,
                Fate::Seated(_) | Fate::Tied | Fate::Excluded { .. }
            );
            sits && employers
                .get(placed.candidate.as_str())
                .is_some_and(|one| of_it(one))
        };
        let placed = self.result.places.iter().filter(concerned);
        let placed = placed.map(|one| one.candidate.clone());
        staying.map(|one| one.id.clone()).chain(placed).collect()
    }
}
