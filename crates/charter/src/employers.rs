//! Employers under the names they are counted by.

use std::collections::{HashMap, HashSet};

use estate::kinds::Person;
use jiff::civil::Date;

use crate::Charter;

/// Employers under the names they are counted by.
#[derive(Debug, Default)]
pub struct Employers {
    counted_as: HashMap<String, Option<String>>,
}

impl Employers {
    /// Those that the charter unites.
    pub fn of(charter: &Charter) -> Self {
        let mut counted_as = HashMap::new();
        for employer in &charter.employers {
            let name = (!employer.independent).then(|| employer.name.clone());
            for spelling in employer.also.iter().chain([&employer.name]) {
                counted_as.insert(fold(spelling), name.clone());
            }
        }
        counted_as.entry("independent".to_owned()).or_insert(None);
        Self { counted_as }
    }

    /// The name a company is counted under; `None` for people who are nobody's
    /// employees. Spellings that differ in case, spaces or punctuation are one.
    pub fn counted_as(&self, company: &str) -> Option<String> {
        let folded = fold(company);
        self.counted_as
            .get(&folded)
            .cloned()
            .unwrap_or(Some(folded))
    }

    /// For whom a person works on a day.
    pub fn employer_of(&self, person: &Person, day: Date) -> Affiliation {
        match person.employer_on(day) {
            None => Affiliation::Unknown,
            Some(company) => match self.counted_as(company) {
                Some(company) => Affiliation::Company(company),
                None => Affiliation::Independent,
            },
        }
    }
}

/// For whom somebody works.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Affiliation {
    /// For a company, under the name that it is counted under.
    Company(String),
    /// For nobody: each such person stands for one employer.
    Independent,
    /// The estate does not say. Such people may all work for one company that is
    /// there already, so they never make a group of people more diverse.
    Unknown,
}

impl Affiliation {
    /// How many employers distinct people come from, at least. Somebody always comes from one.
    pub fn distinct<'a>(of: impl IntoIterator<Item = &'a Self>) -> usize {
        let mut companies = HashSet::new();
        let (mut independent, mut anybody) = (0, 0);
        for affiliation in of {
            anybody = 1;
            match affiliation {
                Self::Company(name) => {
                    companies.insert(name);
                }
                Self::Independent => independent += 1,
                Self::Unknown => {}
            }
        }
        anybody.max(companies.len() + independent)
    }
}

pub(crate) fn fold(company: &str) -> String {
    company
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
