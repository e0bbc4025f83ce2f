//! The validators of single record sets that a zone may ask for beyond what makes a record.

use std::net::Ipv4Addr;

use estate::records::{RecordData, RecordKey, RecordType};

use super::DeclaredSet;
use super::validate::{Said, View};

/// The fields of a record's data as words.
pub(super) fn words(rtype: RecordType, data: &RecordData) -> Vec<String> {
    let fields = data.fields(rtype).unwrap_or_default();
    let word = |atom: &estate::records::Atom| match atom {
        estate::records::Atom::Word(word) => word.clone(),
        estate::records::Atom::Text(text) => String::from_utf8_lossy(text).into_owned(),
    };
    fields
        .iter()
        .map(|atoms| atoms.iter().map(word).collect::<String>())
        .collect()
}

/// Says of each value of a type what is wrong with its words.
fn each(
    rtype: RecordType,
    key: &RecordKey,
    set: &DeclaredSet,
    said: &mut Said<'_>,
    wrong: impl Fn(&[&str]) -> Option<(String, &'static str)>,
) {
    if key.rtype != rtype {
        return;
    }
    for data in set.set.data() {
        let words = words(rtype, data);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let Some((message, help)) = wrong(&words) {
            said.about(&[set], message, help);
        }
    }
}

fn not_ip(key: &RecordKey, set: &DeclaredSet, what: &str, said: &mut Said<'_>) {
    for target in set
        .set
        .data()
        .iter()
        .filter_map(|data| data.target(key.rtype))
    {
        if target.undotted().parse::<Ipv4Addr>().is_ok() {
            let message = format!("{} {what} \"{target}\" is an IP address", key.rtype);
            said.about(&[set], message, "point to a name");
        }
    }
}

pub(super) fn one_target_not_ip(
    _: &View<'_>,
    key: &RecordKey,
    set: &DeclaredSet,
    said: &mut Said<'_>,
) {
    if matches!(
        key.rtype,
        RecordType::CNAME | RecordType::ALIAS | RecordType::DNAME
    ) {
        not_ip(key, set, "value", said);
    }
}

pub(super) fn targets_not_ip(
    _: &View<'_>,
    key: &RecordKey,
    set: &DeclaredSet,
    said: &mut Said<'_>,
) {
    if matches!(key.rtype, RecordType::NS | RecordType::PTR) {
        not_ip(key, set, "value", said);
    }
}

pub(super) fn mx_not_ip(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    if key.rtype == RecordType::MX {
        not_ip(key, set, "exchange", said);
    }
}

pub(super) fn srv_not_ip(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    if key.rtype == RecordType::SRV {
        not_ip(key, set, "target", said);
    }
}

pub(super) fn caa(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    each(RecordType::CAA, key, set, said, |words| match words {
        [flags, ..] if !matches!(*flags, "0" | "128") => Some((
            format!("flags \"{flags}\" is not valid; must be 0 or 128"),
            "128 makes the tag critical (RFC 8659 §4.1)",
        )),
        _ => None,
    });
}

pub(super) fn caa_wild(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    if key.rtype != RecordType::CAA {
        return;
    }
    let has = |tag: &str| {
        let mut data = set.set.data().iter();
        data.any(|data| {
            words(key.rtype, data)
                .get(1)
                .is_some_and(|word| word == tag)
        })
    };
    if has("issue") && !has("issuewild") {
        let message = "CAA issue tag is present without issuewild; add an explicit issuewild to clarify wildcard certificate policy";
        said.about(
            &[set],
            message.to_owned(),
            "add `issuewild` with the same value, or with `;` for nobody",
        );
    }
}

pub(super) fn ds(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    each(RecordType::DS, key, set, said, |words| {
        let [_, _, digest_type, digest] = words else {
            return None;
        };
        let expected = match *digest_type {
            "1" => 40,
            "2" => 64,
            "4" => 96,
            _ => digest.len(),
        };
        (digest.len() != expected).then(|| {
            (
                format!("digest must be {expected} hex characters for digest_type {digest_type}"),
                "copy the digest again",
            )
        })
    });
}

pub(super) fn ds_age(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    let help = "sign anew with a current algorithm and SHA-256";
    each(RecordType::DS, key, set, said, |words| {
        let name = match words.get(1).copied()? {
            "1" => "RSA/MD5",
            "3" => "DSA/SHA1",
            "5" => "RSA/SHA-1",
            "6" => "DSA-NSEC3-SHA1",
            "7" => "RSASHA1-NSEC3-SHA1",
            _ => return None,
        };
        Some((
            format!(
                "DS algorithm {} ({name}) is deprecated per RFC 8624",
                words[1]
            ),
            help,
        ))
    });
    each(RecordType::DS, key, set, said, |words| {
        let message =
            "DS digest_type 1 (SHA-1) is not recommended per RFC 8624; use digest_type 2 (SHA-256)";
        (words.get(2) == Some(&"1")).then(|| (message.to_owned(), help))
    });
}

pub(super) fn mx(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    each(RecordType::MX, key, set, said, |words| match words {
        [preference, "."] if *preference != "0" => Some((
            "preference must be 0 for null MX (exchange \".\")".to_owned(),
            "write 0 (RFC 7505 §3)",
        )),
        _ => None,
    });
}

pub(super) fn srv(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    each(RecordType::SRV, key, set, said, |words| match words {
        [priority, weight, port, "."] if [priority, weight, port] != [&"0"; 3] => Some((
            "priority, weight and port must be 0 when target is \".\"".to_owned(),
            "a target of `.` says that there is no such service (RFC 2782)",
        )),
        [_, _, "0", target] if *target != "." => Some((
            "port 0 is reserved; must be > 0 when target is not \".\"".to_owned(),
            "name the port of the service",
        )),
        _ => None,
    });
}

fn service_name(
    rtype: RecordType,
    view: &View<'_>,
    key: &RecordKey,
    set: &DeclaredSet,
    said: &mut Said<'_>,
) {
    if key.rtype != rtype {
        return;
    }
    let relative = key.name.below(&view.zone.name).unwrap_or_default();
    let mut labels = relative.split('.');
    let (service, protocol) = (labels.next().unwrap_or_default(), labels.next());
    let help = "`_service._protocol`: at most 15 letters, digits and `-` each, beginning with a letter (RFC 6335 §5.1)";
    let Some(protocol) = protocol else {
        let message = format!("{rtype} name must have at least two labels (_service._proto)");
        return said.about(&[set], message, help);
    };
    let sound = |label: &str| label.strip_prefix('_').is_some_and(is_service);
    if service != "*" && !sound(service) {
        said.about(
            &[set],
            format!("invalid {rtype} service label \"{service}\""),
            help,
        );
    }
    if !sound(protocol) {
        said.about(
            &[set],
            format!("invalid {rtype} proto label \"{protocol}\""),
            help,
        );
    }
}

fn is_service(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    name.len() <= 15
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
        && !name.contains("--")
        && name.bytes().all(plain)
}

pub(super) fn srv_name(view: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    service_name(RecordType::SRV, view, key, set, said);
}

pub(super) fn uri_name(view: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    service_name(RecordType::URI, view, key, set, said);
}

pub(super) fn sshfp_age(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    each(RecordType::SSHFP, key, set, said, |words| {
        let message =
            "SSHFP fingerprint_type 1 (SHA-1) is deprecated; use fingerprint_type 2 (SHA-256)";
        (words.get(1) == Some(&"1")).then(|| (message.to_owned(), "`ssh-keygen -r` prints both"))
    });
}

pub(super) fn tlsa(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    each(RecordType::TLSA, key, set, said, |words| {
        let [_, _, kind, data] = words else {
            return None;
        };
        let expected = match *kind {
            "1" => 64,
            "2" => 128,
            _ => data.len(),
        };
        (data.len() != expected).then(|| {
            (
                format!("certificate_association_data must be {expected} hex characters for matching_type {kind}"),
                "copy the hash again",
            )
        })
    });
}

pub(super) fn tlsa_full(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    each(RecordType::TLSA, key, set, said, |words| {
        let message = "TLSA matching_type 0 (full data) is not recommended; use matching_type 1 (SHA-256) or 2 (SHA-512)";
        (words.get(2) == Some(&"0")).then(|| (message.to_owned(), "publish a hash"))
    });
}

pub(super) fn spf(_: &View<'_>, key: &RecordKey, set: &DeclaredSet, said: &mut Said<'_>) {
    if key.rtype == RecordType::SPF {
        let message = "The SPF record type is DEPRECATED in favor of TXT values";
        said.about(
            &[set],
            message.to_owned(),
            "write it as TXT (RFC 7208 §3.1)",
        );
    }
}
