//! Employers under the names they are counted by.

use std::collections::HashMap;

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
}

pub(crate) fn fold(company: &str) -> String {
    company
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
