//! Members who became too many for the cap between elections.

use charter::Affiliation;
use serde::Serialize;

use super::cap::Cap;
use super::people::{Counts, Member};

/// An employer that holds more seats than it may, since somebody changed the employer
/// or two employers became one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// The employer.
    pub employer: String,
    /// Its people on the body.
    pub people: Vec<String>,
    /// How many of them may stay.
    pub most: u32,
    /// How many of them have to step back; they agree among themselves who.
    pub step_back: u32,
    /// What has to happen, in a sentence.
    pub why: String,
}

/// What follows when the time to step back is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum AfterGrace {
    /// Enough have stepped back; their seats are vacant.
    Mended {
        /// Who stepped back.
        vacated: Vec<String>,
        /// Why, in a sentence.
        why: String,
    },
    /// Too few have: all people of the employer leave, and a special election is held.
    AllLeave {
        /// Who leaves, those who had stepped back among them.
        vacated: Vec<String>,
        /// Why, in a sentence.
        why: String,
    },
}

/// The employers that hold more seats than they may, by name. People whose employer is
/// unknown and independent people breach nothing.
pub fn breaches(cap: &Cap, members: &[Member]) -> Vec<Breach> {
    let counts = Counts::of(Some(cap), members.iter());
    let breach = |(employer, seats, cap): (&str, u32, &Cap)| {
        let of_it = |member: &&Member| matches!(&member.employer, Affiliation::Company(name) if name == employer);
        let people = members.iter().filter(of_it).map(|one| one.id.clone());
        let step_back = seats - cap.most();
        let within = match cap.grace {
            Some(grace) => format!("within {grace}"),
            None => "at once".to_owned(),
        };
        Breach {
            employer: employer.to_owned(),
            people: people.collect(),
            most: cap.most(),
            step_back,
            why: format!(
                "{employer} holds {seats} seats, and the cap is {cap}: {step_back} of its people step back {within}, or all of them leave and a special election is held."
            ),
        }
    };
    counts.too_many().map(breach).collect()
}

impl Breach {
    /// What follows when the time is over and these people, of whatever employer, have
    /// stepped back.
    pub fn after_grace(&self, stepped_back: &[String]) -> AfterGrace {
        let back = self.people.iter().filter(|id| stepped_back.contains(id));
        let back: Vec<String> = back.cloned().collect();
        let employer = &self.employer;
        if back.len() >= self.step_back as usize {
            let why = format!(
                "{} of {employer} stepped back, and {} had to.",
                back.len(),
                self.step_back
            );
            return AfterGrace::Mended { vacated: back, why };
        }
        AfterGrace::AllLeave {
            vacated: self.people.clone(),
            why: format!(
                "{} of {employer} had to step back and {} did: all of them leave.",
                self.step_back,
                back.len()
            ),
        }
    }
}
