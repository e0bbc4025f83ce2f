//! Values with a form of their own.

use std::fmt;

use base::Diagnostic;
use serde::Serialize;
use yaml::{Decoding, FromYaml, Node, Shape};

use crate::codes;

/// An e-mail address, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// An address, if it has the form of one.
    pub fn new(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '@');
        let sound =
            !local.is_empty() && domain.contains(|c: char| c != '.') && !text.ends_with('.');
        (sound && !local.contains(odd) && !domain.contains(odd)).then(|| Self(text.to_owned()))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two spellings of one mailbox are equal.
    ///
    /// Domains have no case. Local parts are the business of their domain
    /// (RFC 5321 §2.4): Gmail's have no case, no dots and nothing behind `+`.
    pub fn mailbox(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let lower = |c: char| c.is_ascii() && !c.is_ascii_uppercase();
        if domain.chars().all(lower) && !matches!(domain, "gmail.com" | "googlemail.com") {
            return self.0.clone();
        }
        let domain = domain.to_lowercase();
        if matches!(domain.as_str(), "gmail.com" | "googlemail.com") {
            let plain = local.split('+').next().unwrap_or(local);
            let plain: String = plain
                .chars()
                .filter(|c| *c != '.')
                .flat_map(char::to_lowercase)
                .collect();
            return format!("{plain}@gmail.com");
        }
        format!("{local}@{domain}")
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromYaml for Email {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "an e-mail address")?.trim();
        Self::new(text).or_else(|| {
            let message = format!("\"{text}\" is not an e-mail address");
            cx.report(
                Diagnostic::new(&codes::UNUSABLE_EMAIL, node.span, message)
                    .help("write one address, like name@example.org"),
            );
            None
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "an e-mail address",
            pattern: "^[^@\\s<>]+@[^@\\s<>]+$",
        }
    }
}

/// A public key: of age, to which something can be encrypted, or of SSH, which can
/// sign and, for some kinds, be encrypted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PublicKey(String);

impl PublicKey {
    /// The kinds of SSH keys to which age encrypts.
    const SSH_FOR_BOTH: [&str; 2] = ["ssh-ed25519", "ssh-rsa"];
    /// The kinds of SSH keys that can sign and nothing else.
    const SSH_FOR_SIGNING: [&str; 4] = [
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    ];

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether age can encrypt to it; it cannot to keys of SSH that only sign.
    pub fn can_encrypt(&self) -> bool {
        self.is_age() || self.is_ssh(&Self::SSH_FOR_BOTH)
    }

    /// Whether it is a key of SSH: those of age sign nothing.
    pub fn can_sign(&self) -> bool {
        self.is_ssh(&Self::SSH_FOR_BOTH) || self.is_ssh(&Self::SSH_FOR_SIGNING)
    }

    fn is_age(&self) -> bool {
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let rest = self.0.strip_prefix("age1");
        rest.is_some_and(|rest| rest.len() == 58 && rest.bytes().all(lower))
    }

    fn is_ssh(&self, kinds: &[&str]) -> bool {
        // The blob starts with the length of the kind's name, which is short.
        self.0
            .split_once(' ')
            .is_some_and(|(kind, blob)| kinds.contains(&kind) && blob.starts_with("AAAA"))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromYaml for PublicKey {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a public key")?.trim();
        let key = Self(text.to_owned());
        if !text.contains(char::is_control) && (key.is_age() || key.can_sign()) {
            return Some(key);
        }
        // What stands here may be the secret half.
        let message = "this is not a public key of age or SSH";
        let finding = Diagnostic::new(&codes::PUBLIC_KEY, node.span, message).withhold();
        cx.report(finding.help("write `age1...`, `ssh-ed25519 ...`, `ssh-rsa ...`, `ecdsa-sha2-nistp256 ...` (or 384) or the line of a security key, `sk-...`; a secret key that stood here is no secret any more"));
        None
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a public key of age or SSH",
            pattern: "^(age1[a-z0-9]{58}|(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\\.com) AAAA.*)$",
        }
    }
}

/// A zone of the IANA time zone database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TimeZone(String);

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromYaml for TimeZone {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a time zone")?;
        let zones = jiff::tz::TimeZoneDatabase::bundled();
        let accepted = |name: &str| name.contains('/') || name == "UTC";
        // The database is asked without regard to case; other programs are not so kind.
        let known = accepted(text)
            && zones
                .get(text)
                .is_ok_and(|zone| zone.iana_name() == Some(text));
        if !known {
            let names: Vec<String> = zones.available().map(|name| name.to_string()).collect();
            let city = |name: &&str| {
                name.rsplit('/')
                    .next()
                    .is_some_and(|city| city.eq_ignore_ascii_case(text))
            };
            let accepted = || {
                names
                    .iter()
                    .map(String::as_str)
                    .filter(|name| accepted(name))
            };
            let near = accepted()
                .find(city)
                .or_else(|| base::nearest(text, accepted()));
            let help = near.map_or("use a name such as Europe/Paris".to_owned(), |near| {
                format!("did you mean `{near}`?")
            });
            cx.report(
                Diagnostic::new(
                    &codes::UNKNOWN_ZONE,
                    node.span,
                    format!("\"{text}\" is not an IANA time zone"),
                )
                .help(help),
            );
            return None;
        }
        Some(Self(text.to_owned()))
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "an IANA time zone",
            pattern: "^(UTC|[A-Za-z_]+/.+)$",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Email, PublicKey};

    fn mailbox(text: &str) -> Option<String> {
        Email::new(text).map(|email| email.mailbox())
    }

    #[test]
    fn spellings_of_a_mailbox_are_one_and_others_are_not_merged() {
        assert_eq!(
            mailbox("Ada.L+lists@GoogleMail.com").as_deref(),
            Some("adal@gmail.com")
        );
        assert_eq!(
            mailbox("ada.l@Example.ORG").as_deref(),
            Some("ada.l@example.org")
        );
        assert_ne!(mailbox("adal@example.org"), mailbox("ada.l@example.org"));
        assert_ne!(mailbox("Ada@example.org"), mailbox("ada@example.org"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "@",
            "a@",
            "@b",
            "a b@c",
            "a@b@c",
            "Ada <ada@b.c>",
            "ada",
        ] {
            assert_eq!(mailbox(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_encrypts_or_signs_or_both_by_its_kind() {
        let age = format!("age1{}", "q".repeat(58));
        for (text, encrypts, signs) in [
            (age.as_str(), true, false),
            ("ssh-ed25519 AAAAC3Nz ada@home", true, true),
            ("ssh-rsa AAAAB3Nz", true, true),
            ("ecdsa-sha2-nistp256 AAAAE2Vj", false, true),
            ("ecdsa-sha2-nistp384 AAAAE2Vj", false, true),
            ("sk-ssh-ed25519@openssh.com AAAAGnNr", false, true),
            ("sk-ecdsa-sha2-nistp256@openssh.com AAAAInNr", false, true),
            ("ecdsa-sha2-nistp521 AAAAE2Vj", false, false),
            ("ssh-dss AAAAB3Nz", false, false),
            ("ssh-ed25519", false, false),
            ("AGE-SECRET-KEY-1QQQ", false, false),
        ] {
            let key = PublicKey(text.to_owned());
            assert_eq!(
                (key.can_encrypt(), key.can_sign()),
                (encrypts, signs),
                "{text}"
            );
        }
    }
}
