//! The validator `mail`: whether a zone says clearly that it handles mail, or that it does not.

use std::collections::HashMap;
use std::sync::LazyLock;

use estate::records::{Atom, DomainName, RecordType};
use regex::RegexSet;

use super::DeclaredSet;
use super::kind_checks::words;
use super::validate::{Said, View};

/// Providers that need one MX alone, as octoDNS knows them.
static SINGLE_MX: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"^(feedback|inbound)-smtp\..+\.amazon(aws|ses)\.com\.$",
        r"^inbound\.postmarkapp\.com\.$",
        r"^mx\.hubapi\.com\.$",
        r"^mx\.sendgrid\.net\.$",
        r"^smtp\.google\.com\.$",
        r"^smtp\.siftrock\.com.",
    ])
    .ok()
});

const STRICT_SPF: &str = "v=spf1 -all";
const HELP_SPF: &str = "end the list of senders with `-all` or `~all` (RFC 7208)";
const HELP_DMARC: &str = "declare TXT `v=DMARC1; p=...` at `_dmarc` (RFC 7489)";

/// What a zone says about its mail.
struct Mail<'z> {
    mx: Option<&'z DeclaredSet>,
    txt: Option<&'z DeclaredSet>,
    dmarc_txt: Option<&'z DeclaredSet>,
    spf: Option<String>,
    dmarc: Option<String>,
}

pub(super) fn check(view: &View<'_>, said: &mut Said<'_>) {
    let apex = &view.zone.name;
    for (name, mx) in view.of_type(RecordType::MX) {
        enough(name, mx, said);
    }
    let dmarc_name = DomainName::relative("_dmarc", apex).ok();
    let dmarc_txt = dmarc_name.and_then(|name| view.get(&name, RecordType::TXT));
    let mail = Mail {
        mx: view.get(apex, RecordType::MX),
        txt: view.get(apex, RecordType::TXT),
        dmarc_txt,
        spf: only(
            view.get(apex, RecordType::TXT),
            "v=spf1",
            &format!("zone \"{apex}\" has multiple SPF values"),
            said,
        ),
        dmarc: only(
            dmarc_txt,
            "v=dmarc1",
            &format!("zone \"{apex}\" has multiple DMARC values"),
            said,
        ),
    };
    let silent = match (mail.mx, &mail.spf) {
        (Some(mx), _) => Some(is_null(mx)),
        (None, Some(spf)) => Some(spf == STRICT_SPF),
        (None, None) => None,
    };
    match silent {
        Some(true) => without_mail(apex, &mail, said),
        Some(false) => with_mail(apex, &mail, said),
        None => {}
    }
    for (name, mx) in view.of_type(RecordType::MX) {
        if name != apex {
            below(view, name, mx, said);
        }
    }
}

fn mx_words(mx: &DeclaredSet) -> Vec<Vec<String>> {
    let data = mx.set.data().iter();
    data.map(|data| words(RecordType::MX, data)).collect()
}

fn is_null(mx: &DeclaredSet) -> bool {
    matches!(mx_words(mx).as_slice(), [only] if only[..] == ["0", "."])
}

fn enough(name: &DomainName, mx: &DeclaredSet, said: &mut Said<'_>) {
    let words = mx_words(mx);
    let [only] = words.as_slice() else { return };
    let known = SINGLE_MX.as_ref().zip(only.get(1));
    if is_null(mx) || known.is_some_and(|(known, exchange)| known.is_match(exchange)) {
        return;
    }
    let message =
        format!("MX record \"{name}\" should have at least 2 values for redundancy, found 1");
    said.about(&[mx], message, "name a second mail server");
}

/// The texts of a set, in lower case and without escapes.
fn texts(txt: &DeclaredSet) -> Vec<String> {
    let joined = |data: &estate::records::RecordData| {
        let fields = data.fields(RecordType::TXT).unwrap_or_default();
        let octets = fields.iter().flatten().flat_map(|atom| match atom {
            Atom::Text(octets) => octets.clone(),
            Atom::Word(word) => word.clone().into_bytes(),
        });
        let octets: Vec<u8> = octets.collect();
        String::from_utf8_lossy(&octets)
            .to_lowercase()
            .replace('\\', "")
    };
    txt.set.data().iter().map(joined).collect()
}

/// The text that begins like this; reports if there are several.
fn only(
    txt: Option<&DeclaredSet>,
    start: &str,
    several: &str,
    said: &mut Said<'_>,
) -> Option<String> {
    let txt = txt?;
    let mut found = texts(txt)
        .into_iter()
        .filter(|text| text.starts_with(start));
    let first = found.next();
    if found.next().is_some() {
        said.about(
            &[txt],
            several.to_owned(),
            "readers take none of several; keep one",
        );
    }
    first
}

fn ends(spf: &str) -> bool {
    spf.ends_with(" -all") || spf.ends_with(" ~all")
}

impl Mail<'_> {
    fn say(&self, said: &mut Said<'_>, message: String, help: &str) {
        let sets: Vec<&DeclaredSet> = [self.mx, self.txt, self.dmarc_txt]
            .into_iter()
            .flatten()
            .collect();
        said.about(&sets, message, help);
    }

    fn dmarc_policy(&self) -> Policy<'_> {
        let Some(dmarc) = self.dmarc.as_deref() else {
            return Policy::NoRecord;
        };
        let tags: HashMap<&str, &str> = dmarc
            .split(';')
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(tag, value)| (tag.trim(), value.trim()))
            .collect();
        tags.get("p")
            .map_or(Policy::Unsaid, |policy| Policy::Said(policy))
    }
}

/// What receivers are told to do with mail that is not what it says (RFC 7489 §6.3).
enum Policy<'m> {
    NoRecord,
    /// There is a record, without `p=`.
    Unsaid,
    Said(&'m str),
}

fn with_mail(zone: &DomainName, mail: &Mail<'_>, said: &mut Said<'_>) {
    if mail.mx.is_none() {
        let message = format!("zone \"{zone}\" handles mail but is missing MX records at the apex");
        mail.say(
            said,
            message,
            "declare MX, or the SPF `v=spf1 -all` if it sends no mail",
        );
    }
    match &mail.spf {
        None => {
            let message = format!(
                "zone \"{zone}\" handles mail but is missing an SPF TXT record at the apex"
            );
            mail.say(said, message, "declare TXT `v=spf1 ...` (RFC 7208)");
        }
        Some(spf) if !ends(spf) => {
            let message = format!(
                "SPF record at the apex of \"{zone}\" should terminate with \"~all\" or \"-all\""
            );
            mail.say(said, message, HELP_SPF);
        }
        Some(_) => {}
    }
    match mail.dmarc_policy() {
        Policy::NoRecord => {
            let message =
                format!("zone \"{zone}\" handles mail but is missing a DMARC TXT record at _dmarc");
            mail.say(said, message, HELP_DMARC);
        }
        Policy::Unsaid => {
            let message = format!("DMARC record at _dmarc.{zone} is missing a policy (p=...)");
            mail.say(said, message, HELP_DMARC);
        }
        Policy::Said(_) => {}
    }
}

fn without_mail(zone: &DomainName, mail: &Mail<'_>, said: &mut Said<'_>) {
    let help = "declare MX `0 .` (RFC 7505)";
    match mail.mx {
        None => mail.say(
            said,
            format!("zone \"{zone}\" disables mail but is missing a Null MX record (0 .)"),
            help,
        ),
        Some(mx) if !is_null(mx) => {
            mail.say(
                said,
                format!(
                    "zone \"{zone}\" disables mail and should have a single Null MX record (0 .)"
                ),
                help,
            );
        }
        Some(_) => {}
    }
    let help = "declare TXT `v=spf1 -all` (RFC 7208)";
    match mail.spf.as_deref() {
        None => mail.say(said, format!("zone \"{zone}\" disables mail but is missing strict SPF TXT record \"{STRICT_SPF}\""), help),
        Some(STRICT_SPF) => {}
        Some(_) => {
            mail.say(said, format!("zone \"{zone}\" disables mail and should have a single strict SPF TXT record \"{STRICT_SPF}\""), help);
        }
    }
    let help = "declare TXT `v=DMARC1; p=reject;` at `_dmarc` (RFC 7489)";
    match mail.dmarc_policy() {
        Policy::NoRecord => mail.say(said, format!("zone \"{zone}\" disables mail but is missing strict DMARC TXT record \"v=DMARC1; p=reject;\""), help),
        Policy::Said("reject") => {}
        Policy::Unsaid | Policy::Said(_) => {
            mail.say(said, format!("zone \"{zone}\" disables mail and should have a DMARC TXT record with \"v=DMARC1; p=reject;\""), help);
        }
    }
}

/// A name below the zone that has an MX of its own.
fn below(view: &View<'_>, name: &DomainName, mx: &DeclaredSet, said: &mut Said<'_>) {
    let txt = view.get(name, RecordType::TXT);
    let spf = only(
        txt,
        "v=spf1",
        &format!("\"{name}\" has multiple SPF values"),
        said,
    );
    let wrong = match (is_null(mx), spf.as_deref()) {
        (false, None) => format!("\"{name}\" handles mail but is missing an SPF TXT record"),
        (false, Some(spf)) if !ends(spf) => {
            format!("SPF record at \"{name}\" should terminate with \"~all\" or \"-all\"")
        }
        (true, None) => format!(
            "\"{name}\" disables mail but is missing strict SPF TXT record \"{STRICT_SPF}\""
        ),
        (true, Some(spf)) if spf != STRICT_SPF => {
            format!(
                "\"{name}\" disables mail and should have a strict SPF TXT record \"{STRICT_SPF}\""
            )
        }
        _ => return,
    };
    said.about(&[mx], wrong, HELP_SPF);
}
