//! Which of FOCUS's service categories a vendor's services belong to.

use std::collections::HashMap;

/// Categories with the services in them, by the vendor's names.
pub(super) type Table = &'static [(&'static str, &'static [&'static str])];

/// The category of what no table has.
const OTHER: &str = "Other";

/// Tables to look up in, record by record.
pub(super) struct Categories(HashMap<&'static str, &'static str>);

impl Categories {
    /// Of these tables; of a name that stands in several, the first holds.
    pub(super) fn new(tables: &[Table]) -> Self {
        let mut categories = HashMap::new();
        for (category, services) in tables.iter().copied().flatten() {
            for service in *services {
                categories.entry(*service).or_insert(*category);
            }
        }
        Self(categories)
    }

    /// The category of a service; `Other` for one that no table has.
    pub(super) fn of(&self, service: &str) -> &'static str {
        self.first(&[service])
    }

    /// The category by the first of these names that a table has.
    pub(super) fn first(&self, names: &[&str]) -> &'static str {
        let found = names.iter().find_map(|name| self.0.get(name));
        found.copied().unwrap_or(OTHER)
    }
}
