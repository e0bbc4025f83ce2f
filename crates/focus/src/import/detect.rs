//! Whose format a file has, by the names of its columns.

mod actual_or_amortised;

use std::collections::HashSet;
use std::fmt;

use super::{
    Container, Importer, Input, Options, aws, azure, digitalocean, fastly, focus, gcp, in_kind, oci,
};
use crate::{Problem, codes};

/// A format in which a vendor writes its bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// FOCUS 0.5 to 1.4: which version it is shows in the columns, and all are read alike.
    Focus,
    /// Google Cloud's standard usage cost export, of `BigQuery`.
    GcpStandard,
    /// Google Cloud's detailed usage cost export, which adds resources and prices.
    GcpDetailed,
    /// AWS's Cost and Usage Report, with columns like `lineItem/UnblendedCost`.
    AwsCur,
    /// AWS's CUR 2.0 of Data Exports, with columns like `line_item_unblended_cost`.
    AwsCur2,
    /// Azure's actual cost: what was bought stands on the day on which it was bought.
    AzureActual,
    /// Azure's amortised cost: what was bought is spread over what uses it.
    AzureAmortised,
    /// Oracle Cloud's cost report.
    Oci,
    /// `DigitalOcean`'s invoice items.
    DigitalOcean,
    /// Fastly's invoices with their line items.
    Fastly,
    /// Contributions in kind, written down by people.
    InKind,
}

impl Format {
    /// All of them, in the order in which they are listed.
    pub const ALL: &'static [Self] = &[
        Self::Focus,
        Self::GcpStandard,
        Self::GcpDetailed,
        Self::AwsCur,
        Self::AwsCur2,
        Self::AzureActual,
        Self::AzureAmortised,
        Self::Oci,
        Self::DigitalOcean,
        Self::Fastly,
        Self::InKind,
    ];

    /// The word by which it is asked for: `aws-cur2`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Focus => "focus",
            Self::GcpStandard => "gcp-standard",
            Self::GcpDetailed => "gcp-detailed",
            Self::AwsCur => "aws-cur",
            Self::AwsCur2 => "aws-cur2",
            Self::AzureActual => "azure-actual",
            Self::AzureAmortised => "azure-amortised",
            Self::Oci => "oci",
            Self::DigitalOcean => "digitalocean",
            Self::Fastly => "fastly",
            Self::InKind => "in-kind",
        }
    }

    /// What it is, in the words of its vendor.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Focus => "FOCUS",
            Self::GcpStandard => "Google Cloud's standard usage cost export",
            Self::GcpDetailed => "Google Cloud's detailed usage cost export",
            Self::AwsCur => "AWS's Cost and Usage Report",
            Self::AwsCur2 => "AWS's CUR 2.0",
            Self::AzureActual => "Azure's actual cost",
            Self::AzureAmortised => "Azure's amortised cost",
            Self::Oci => "Oracle Cloud's cost report",
            Self::DigitalOcean => "DigitalOcean's invoice items",
            Self::Fastly => "Fastly's invoices",
            Self::InKind => "contributions in kind",
        }
    }

    /// A format by its word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Finds out whose format a file has. Azure's two have the same columns: there the charges are
/// looked at up to the first that stands in one of them only.
///
/// # Errors
/// Says that the names of the columns are nobody's, or that the file cannot be read again.
pub fn detect(input: &mut Input) -> Result<Format, Problem> {
    if input.container() == Container::Yaml {
        return Ok(Format::InKind);
    }
    let names = Names::of(input.columns());
    let Some(format) = names.format() else {
        // Of JSON no name is known where the first record is wrong.
        input.next_record()?;
        let first: Vec<String> = input
            .columns()
            .iter()
            .take(4)
            .map(|name| quoted(name))
            .collect();
        return Err(input.problem(
            &codes::BILL_FORMAT,
            None,
            format!("no vendor's bills have columns like {}", first.join(", ")),
            "say which format it is, or export it with all columns",
        ));
    };
    if format == Format::AzureActual {
        return actual_or_amortised::of_charges(input);
    }
    Ok(format)
}

fn quoted(name: &str) -> String {
    format!("`{}`", super::input::record::short(name))
}

/// Makes what reads the records of a format.
///
/// A vendor's module has `open(format, input, options)`, which finds its columns once, so that
/// records are read by their places.
pub(super) fn open(
    format: Format,
    input: &mut Input,
    options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    match format {
        Format::Focus => focus::open(input, options),
        Format::GcpStandard | Format::GcpDetailed => gcp::open(format, input, options),
        Format::AwsCur | Format::AwsCur2 => aws::open(format, input, options),
        Format::AzureActual | Format::AzureAmortised => azure::open(format, input, options),
        Format::Oci => oci::open(format, input, options),
        Format::DigitalOcean => digitalocean::open(format, input, options),
        Format::Fastly => fastly::open(format, input, options),
        Format::InKind => in_kind::open(format, input, options),
    }
}

/// The names of a file's columns in small letters, without their translations.
struct Names(HashSet<String>);

impl Names {
    fn of(columns: &[String]) -> Self {
        Self(
            columns
                .iter()
                .map(|name| plain(name).to_ascii_lowercase())
                .collect(),
        )
    }

    fn all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.0.contains(*name))
    }

    fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.contains(*name))
    }

    fn below(&self, name: &str) -> bool {
        let prefix = format!("{name}.");
        self.0
            .iter()
            .any(|known| known == name || known.starts_with(&prefix))
    }

    fn format(&self) -> Option<Format> {
        let found = if self.all(&["billedcost", "chargeperiodstart"]) {
            Format::Focus
        } else if self.all(&["billing_account_id", "usage_start_time"]) {
            self.gcp()
        } else if self.any(&["lineitem/lineitemtype"]) {
            Format::AwsCur
        } else if self.any(&["line_item_line_item_type"]) {
            self.aws()
        } else if self.any(&["lineitem/tenantid"]) || self.any(&["cost/mycost"]) {
            Format::Oci
        } else if self.azure() {
            Format::AzureActual
        } else if self.fastly() {
            Format::Fastly
        } else if self.digital_ocean() {
            Format::DigitalOcean
        } else {
            return None;
        };
        Some(found)
    }

    /// The detailed export adds two structs; `BigQuery`'s CSV joins their names with `_`.
    fn gcp(&self) -> Format {
        let detailed = [
            "resource.name",
            "resource.global_name",
            "price.effective_price",
        ];
        let joined = [
            "resource_name",
            "resource_global_name",
            "price_effective_price",
        ];
        if self.any(&detailed) || self.any(&joined) || self.below("resource") || self.below("price")
        {
            Format::GcpDetailed
        } else {
            Format::GcpStandard
        }
    }

    /// The report that Athena reads has these names too, and a column for each tag and property
    /// of a product, where CUR 2.0 has maps.
    fn aws(&self) -> Format {
        let maps = ["resource_tags", "product", "cost_category", "discount"];
        let added = ["bill_payer_account_name", "line_item_usage_account_name"];
        if maps.iter().any(|map| self.below(map)) || self.any(&added) {
            Format::AwsCur2
        } else {
            Format::AwsCur
        }
    }

    fn azure(&self) -> bool {
        self.any(&["metercategory"])
            && self.any(&[
                "cost",
                "costinbillingcurrency",
                "pretaxcost",
                "extendedcost",
            ])
    }

    fn fastly(&self) -> bool {
        self.below("transaction_line_items")
            || self.all(&["description", "amount", "rate", "units", "product_line"])
    }

    fn digital_ocean(&self) -> bool {
        self.all(&["product", "description", "usd", "start", "end"])
            || self.all(&["product", "description", "amount", "start_time", "end_time"])
    }
}

/// A column's own name: of `Ressourcengruppe (ResourceGroup)` what stands in parentheses.
fn plain(name: &str) -> &str {
    let inner = name
        .strip_suffix(')')
        .and_then(|name| name.rsplit_once('('));
    inner.map_or(name, |(_, inner)| inner).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(columns: &[&str]) -> Option<Format> {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        Names::of(&columns).format()
    }

    #[test]
    fn a_format_is_known_by_its_columns() {
        let focus = [
            "BilledCost",
            "AmortizedCost",
            "ChargePeriodStart",
            "MeterCategory",
        ];
        assert_eq!(format(&focus), Some(Format::Focus));
        let gcp = [
            "billing_account_id",
            "service.id",
            "usage_start_time",
            "cost",
        ];
        assert_eq!(format(&gcp), Some(Format::GcpStandard));
        assert_eq!(
            format(&[&gcp[..], &["resource.name"]].concat()),
            Some(Format::GcpDetailed)
        );
        let cur = ["identity/LineItemId", "lineItem/LineItemType"];
        assert_eq!(format(&cur), Some(Format::AwsCur));
        let athena = ["line_item_line_item_type", "product_product_name"];
        assert_eq!(format(&athena), Some(Format::AwsCur));
        let cur2 = ["line_item_line_item_type", "product.region"];
        assert_eq!(format(&cur2), Some(Format::AwsCur2));
        let german = [
            "Zählerkategorie (meterCategory)",
            "Kosten (costInBillingCurrency)",
        ];
        assert_eq!(format(&german), Some(Format::AzureActual));
        assert_eq!(
            format(&["lineItem/tenantId", "cost/myCost"]),
            Some(Format::Oci)
        );
        let ocean = [
            "product",
            "group_description",
            "description",
            "hours",
            "start",
            "end",
            "USD",
        ];
        assert_eq!(format(&ocean), Some(Format::DigitalOcean));
        assert_eq!(
            format(&["invoice_id", "transaction_line_items"]),
            Some(Format::Fastly)
        );
        assert_eq!(format(&["date", "amount"]), None);
    }

    #[test]
    fn each_format_is_asked_for_by_its_own_word() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.name()), Some(*format));
        }
        assert_eq!(Format::named("FOCUS"), None);
    }
}
