//! For whom a finding is.
//!
//! What tells that there is a secret team is for those who may see memberships, whatever else it tells.
//! What tells how something of the community's could be taken over is for those whom `portal.yaml`
//! names; what holds an address is for those who may see contacts. Findings of the parts of the
//! program that are about access are taken for the former unless they are known to be harmless, so
//! that a new one is not published by having been forgotten here.

use base::{Code, Diagnostic};
use portal::{Audience, Private};

use crate::portal::secret_teams::SecretTeams;

/// Findings that tell how something could be taken over.
const TAKEOVERS: &[&str] = &[
    // They say where a secret stands, or stood.
    "secret-in-clear",
    "public-key",
    // They name accounts that still open doors although nobody watches them.
    "access-after-leaving",
    "owners-left",
    "owners-outsider",
    "closed-group-outsider",
    // They say where changes pass that nobody has to approve.
    "owners-auto-approve",
    "approval-unguarded",
    "decision-weak",
    // Names that lead to what may be gone can be claimed by whoever comes.
    "record-expired",
    "zone-cut",
    "zone-validator",
];

/// Findings that hold addresses, or say how to reach somebody.
const CONTACTS: &[&str] = &[
    "address-unmatched",
    "email-form",
    "groups-address-twice",
    "access-no-address",
    "private-contact-clear",
    "private-contact-recipients",
    "sigs-private-list",
];

/// Findings about access that open nothing: slips in files, which the system refuses anyway.
const HARMLESS: &[&str] = &[
    "access-team-cycle",
    "access-inclusion",
    "access-twice",
    "access-team-twice",
    "access-secret-team",
    "access-name",
    "access-repository",
    "access-role-grant",
    "access-system-incomplete",
    "access-system-overlap",
    "access-setting",
    "access-mail-domain",
    "access-mailing-cycle",
    "access-owning-group",
    "access-admin-listed",
    "owners-emeritus",
    "audit-ignore-owner",
    "audit-account",
    "zone-copy",
    "dns-server-incomplete",
];

/// For whom a finding is.
pub(super) fn audience(finding: &Diagnostic, secret: &SecretTeams) -> Audience {
    if secret.are_told_by(finding) {
        return Audience::Private(Private::Memberships);
    }
    if is_takeover(finding.code) {
        return Audience::Private(Private::Takeovers);
    }
    let help = finding.help.as_deref().unwrap_or_default();
    let said = [finding.message.as_str(), help, &finding.label];
    let holds_address = || said.into_iter().any(has_address);
    if CONTACTS.contains(&finding.code.id) || holds_address() {
        return Audience::Private(Private::Contacts);
    }
    Audience::Everybody
}

fn is_takeover(code: &Code) -> bool {
    if TAKEOVERS.contains(&code.id) {
        return true;
    }
    let about_access = [
        access::codes::ALL,
        access::owners::codes::ALL,
        audit::codes::ALL,
        dns::codes::ALL,
    ];
    let mut about_access = about_access.into_iter().flatten();
    about_access.any(|known| known.id == code.id)
        && !HARMLESS.contains(&code.id)
        && !CONTACTS.contains(&code.id)
}

/// Whether an e-mail address stands in a text.
pub(in crate::portal) fn has_address(text: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    text.match_indices('@').any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(letter);
        let after = text[at + 1..].chars();
        let domain: String = after.take_while(|&c| letter(c)).collect();
        before && domain.trim_matches('.').contains('.')
    })
}

#[cfg(test)]
mod tests {
    use super::{CONTACTS, HARMLESS, TAKEOVERS, has_address, is_takeover};
    use crate::pages;

    #[test]
    fn every_finding_that_is_listed_exists_and_stands_in_one_list() {
        let lists = [TAKEOVERS, CONTACTS, HARMLESS].concat();
        for id in &lists {
            assert!(pages::code(id).is_some(), "no finding is called {id}");
            let times = lists.iter().filter(|other| *other == id).count();
            assert_eq!(times, 1, "{id} stands in two lists");
        }
    }

    #[test]
    fn findings_about_access_are_kept_back_unless_they_are_known_to_be_harmless() {
        let kept = |id: &str| is_takeover(pages::code(id).expect("a finding"));
        for id in ["secret-in-clear", "record-expired", "access-expired"] {
            assert!(kept(id), "{id}");
        }
        for id in ["zone-copy", "minimum-staff", "access-no-address"] {
            assert!(!kept(id), "{id}");
        }
    }

    #[test]
    fn an_address_is_seen_in_a_sentence_and_a_login_is_none() {
        assert!(has_address("nobody has <a.b+c@example.org>."));
        for text in ["@login answers", "a @ b", "user@host", "see @a.b", "x@y."] {
            assert!(!has_address(text), "{text}");
        }
    }
}
