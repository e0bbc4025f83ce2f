//! How things are called in the two interfaces, and here.

/// The slug that GitHub gives a team of this name, as far as that can be foretold: of use only
/// to look for a team that was not read, and to tell two that cannot both be.
pub(crate) fn slug(name: &str) -> String {
    let plain = name.to_lowercase();
    let plain = plain.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', " ");
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}

/// The permissions from the least to the most: as here and in GraphQL (there in capitals), and
/// as REST calls them.
const PERMISSIONS: [(&str, &str); 5] = [
    ("read", "pull"),
    ("triage", "triage"),
    ("write", "push"),
    ("maintain", "maintain"),
    ("admin", "admin"),
];

/// How much a permission is, from 0.
pub(super) fn rank(permission: &str) -> Option<usize> {
    let mut all = PERMISSIONS.iter();
    all.position(|(here, _)| here.eq_ignore_ascii_case(permission))
}

/// What REST calls a permission.
pub(super) fn rest(permission: &str) -> Option<&'static str> {
    rank(permission).map(|rank| PERMISSIONS[rank].1)
}

/// What a permission is called here, by any of its names.
pub(super) fn permission(name: &str) -> Option<&'static str> {
    let found = PERMISSIONS
        .iter()
        .find(|(here, rest)| here.eq_ignore_ascii_case(name) || rest.eq_ignore_ascii_case(name));
    found.map(|(here, _)| *here)
}

/// The day of an instant, as GitHub writes it.
pub(super) fn day(instant: &str) -> &str {
    instant.get(..10).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_foretold() {
        for (name, wanted) in [
            ("acme/sig-apps", "acme-sig-apps"),
            ("acme.io-admins", "acme-io-admins"),
            ("Release Managers", "release-managers"),
        ] {
            assert_eq!(slug(name), wanted);
        }
    }

    #[test]
    fn permissions_have_an_order_and_two_names() {
        assert!(rank("ADMIN") > rank("maintain") && rank("triage") > rank("read"));
        assert_eq!(rest("write"), Some("push"));
        assert_eq!(permission("push"), Some("write"));
        assert_eq!(permission("WRITE"), Some("write"));
        assert_eq!(permission("owner"), None);
    }
}
