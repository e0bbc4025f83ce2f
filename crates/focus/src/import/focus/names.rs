//! Which of a file's columns is which of FOCUS's.

use std::collections::BTreeSet;

use crate::Column;

/// What columns were called in 0.5 and in the preview of 1.0.
const OLDER: [(&str, Column); 8] = [
    ("AmortizedCost", Column::EffectiveCost),
    ("ChargeType", Column::ChargeCategory),
    ("Provider", Column::ProviderName),
    ("Publisher", Column::PublisherName),
    ("InvoiceIssuer", Column::InvoiceIssuerName),
    ("Region", Column::RegionId),
    ("UsageQuantity", Column::ConsumedQuantity),
    ("UsageUnit", Column::ConsumedUnit),
];

/// The columns of a file.
pub(super) struct Names {
    /// Those that FOCUS has, by their names in the file.
    pub(super) known: Vec<(String, Column)>,
    /// Those that it has not, with the names they are kept by.
    pub(super) unknown: Vec<(String, String)>,
}

impl Names {
    /// Of two that could be the same column, the one with the newer name is it.
    pub(super) fn of(names: &[String]) -> Self {
        let mut known: Vec<(String, Column)> = Vec::new();
        let readings: [fn(&str) -> Option<Column>; 3] = [Column::named, older, in_any_case];
        let mut rest: Vec<&String> = names.iter().collect();
        for reading in readings {
            rest.retain(|name| {
                let Some(column) = reading(name) else {
                    return true;
                };
                if known.iter().any(|(_, taken)| *taken == column) {
                    return true;
                }
                known.push(((*name).clone(), column));
                false
            });
        }
        known.sort_by_key(|(_, column)| *column);
        let mut taken = BTreeSet::new();
        let unknown = rest
            .into_iter()
            .map(|name| (name.clone(), extra(name, &mut taken)));
        let unknown = unknown.collect();
        Self { known, unknown }
    }

    /// Whether every charge may have something in a column.
    pub(super) fn have(&self, column: Column) -> bool {
        let known = |column| self.known.iter().any(|(_, known)| *known == column);
        known(column) || column == Column::ProviderName && known(Column::ServiceProviderName)
    }

    /// Whether the preview's subcategory says what columns of today would.
    pub(super) fn has_subcategory(&self) -> bool {
        self.unknown
            .iter()
            .any(|(name, _)| name == "ChargeSubcategory")
    }
}

fn older(name: &str) -> Option<Column> {
    let found = OLDER.iter().find(|(older, _)| *older == name);
    found.map(|(_, column)| *column)
}

fn in_any_case(name: &str) -> Option<Column> {
    let same = |column: &&Column| column.name().eq_ignore_ascii_case(name);
    Column::ALL.iter().find(same).copied()
}

/// The name of a column that FOCUS has not, which no other column has.
fn extra(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = if name.starts_with("x_") {
        name.to_owned()
    } else {
        format!("x_{name}")
    };
    let mut unique = plain.clone();
    let mut number = 1;
    while !taken.insert(unique.clone()) {
        number += 1;
        unique = format!("{plain}_{number}");
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Names {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Names::of(&names)
    }

    #[test]
    fn a_column_is_known_by_any_name_it_ever_had() {
        let found = names(&["AmortizedCost", "SkuPriceid", "Region", "Id", "x_Id"]);
        let of = |column: Column| {
            let known = found.known.iter().find(|(_, known)| *known == column);
            known.map(|(name, _)| name.as_str())
        };
        assert_eq!(of(Column::EffectiveCost), Some("AmortizedCost"));
        assert_eq!(of(Column::SkuPriceId), Some("SkuPriceid"));
        assert_eq!(of(Column::RegionId), Some("Region"));
        let extra: Vec<&str> = found
            .unknown
            .iter()
            .map(|(_, extra)| extra.as_str())
            .collect();
        assert_eq!(extra, ["x_Id", "x_Id_2"]);
    }

    #[test]
    fn of_two_names_of_one_column_the_newer_holds() {
        let found = names(&["Region", "RegionId"]);
        assert_eq!(found.known, [("RegionId".to_owned(), Column::RegionId)]);
        assert_eq!(
            found.unknown,
            [("Region".to_owned(), "x_Region".to_owned())]
        );
    }

    #[test]
    fn the_provider_of_a_service_is_the_provider() {
        let found = names(&["ServiceProviderName"]);
        assert!(found.have(Column::ProviderName));
        assert!(!found.have(Column::BilledCost));
    }
}
