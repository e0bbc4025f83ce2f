//! Addresses of the vendor's domains that have access.

use std::collections::BTreeSet;

use base::Span;
use estate::Estate;

/// An address of a vendor's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The address; nothing of somebody's own, which may be private.
    pub address: String,
    /// What it is in what: `owner of mailing-group/alerts`, `the address of person/ada`.
    pub place_in: String,
    /// Where it is written.
    pub place: Span,
}

/// All of them, in the order of the estate.
pub(super) fn identities(estate: &Estate, vendor_names: &BTreeSet<String>) -> Vec<Identity> {
    let vendors = |address: &str| {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        vendor_names.iter().any(|name| is_of(domain, name))
    };
    let mut identities = Vec::new();
    for group in estate.tables.mailing_groups.items() {
        for (role, email) in group.value.addresses() {
            if vendors(email.value.as_str()) {
                identities.push(Identity {
                    address: email.value.as_str().to_owned(),
                    place_in: format!("{role} of {}", group.subject()),
                    place: email.span,
                });
            }
        }
    }
    for person in estate.tables.people.items() {
        for email in person.value.emails() {
            if vendors(email.value.as_str()) {
                identities.push(Identity {
                    address: email.value.as_str().to_owned(),
                    place_in: format!("address of {}", person.subject()),
                    place: email.span,
                });
            }
        }
    }
    identities
}

/// Whether a domain is a vendor's: it or one above it, or with one of its labels for its name.
fn is_of(domain: &str, name: &str) -> bool {
    let (domain, name) = (domain.to_lowercase(), name.to_lowercase());
    if name.contains('.') {
        let above = domain.strip_suffix(name.as_str());
        return above.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    }
    domain.split('.').any(|label| label == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_vendors_by_its_end_or_by_a_whole_label() {
        for (domain, name, is) in [
            ("vendor.example", "vendor.example", true),
            ("eng.Vendor.example", "vendor.example", true),
            ("myvendor.example", "vendor.example", false),
            ("vendor.example", "vendor", true),
            ("vendorgroups.example", "vendor", false),
        ] {
            assert_eq!(is_of(domain, name), is, "{domain} {name}");
        }
    }
}
