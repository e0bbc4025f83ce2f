//! octoDNS's validators: their ids and sets, and which of them a zone is held to.

use std::collections::BTreeSet;

use base::{Diagnostic, Severity, Span, Spanned};
use estate::kinds::Zone;
use estate::records::{DomainName, RecordKey, RecordType};

use super::{DeclaredSet, DeclaredZone, checks, kind_checks, mail};
use crate::codes;

/// A validator of octoDNS.
#[derive(Debug)]
pub struct ValidatorInfo {
    /// Its id.
    pub id: &'static str,
    /// The sets it is in: `legacy`, `strict`, `best-practice`.
    pub sets: &'static [&'static str],
    check: Check,
}

/// When a validator looks, and at what.
#[derive(Debug)]
enum Check {
    /// While the file is read, and whatever the zone asks for: it says what a record is.
    AtReading,
    /// At one record set at a time.
    Set(fn(&View<'_>, &RecordKey, &DeclaredSet, &mut Said<'_>)),
    /// At the zone as a whole.
    Zone(fn(&View<'_>, &mut Said<'_>)),
}

const LEGACY: &[&str] = &["legacy"];
const STRICT: &[&str] = &["strict"];
const BOTH: &[&str] = &["legacy", "strict"];
const BEST: &[&str] = &["best-practice"];
const STRICT_AND_BEST: &[&str] = &["strict", "best-practice"];

macro_rules! table {
    ($($id:literal $sets:ident $check:expr;)*) => {
        &[$(ValidatorInfo { id: $id, sets: $sets, check: $check }),*]
    };
}

static VALIDATORS: &[ValidatorInfo] = table! {
    "name-rfc" BOTH Check::AtReading;
    "ttl-rfc" BOTH Check::AtReading;
    "healthcheck" BOTH Check::AtReading;
    "dynamic" BOTH Check::AtReading;
    "geo" LEGACY Check::AtReading;
    "alias-root" BOTH Check::AtReading;
    "cname-root-rfc" BOTH Check::AtReading;
    "srv-name" LEGACY Check::AtReading;
    "uri-name" LEGACY Check::AtReading;
    "ip-value-rfc" BOTH Check::AtReading;
    "chunked-value-rfc" BOTH Check::AtReading;
    "target-value-rfc" BOTH Check::AtReading;
    "targets-value-rfc" BOTH Check::AtReading;
    "caa-value" LEGACY Check::AtReading;
    "ds-value" LEGACY Check::AtReading;
    "https-value-rfc" BOTH Check::AtReading;
    "loc-value-rfc" BOTH Check::AtReading;
    "mx-value" LEGACY Check::AtReading;
    "naptr-value" LEGACY Check::AtReading;
    "naptr-value-rfc" STRICT Check::AtReading;
    "openpgpkey-value-rfc" BOTH Check::AtReading;
    "srv-value" LEGACY Check::AtReading;
    "sshfp-value" LEGACY Check::AtReading;
    "sshfp-value-rfc" STRICT Check::AtReading;
    "svcb-value-rfc" BOTH Check::AtReading;
    "tlsa-value" LEGACY Check::AtReading;
    "uri-value" LEGACY Check::AtReading;
    "uri-value-rfc" STRICT Check::AtReading;
    "urlfwd-value" BOTH Check::AtReading;
    "https-value-best-practice" BEST Check::AtReading;
    "mx-value-best-practice" BEST Check::AtReading;
    "naptr-value-best-practice" BEST Check::AtReading;
    "srv-value-best-practice" BEST Check::AtReading;
    "svcb-value-best-practice" BEST Check::AtReading;
    "target-value-best-practice" BEST Check::AtReading;
    "targets-value-best-practice" BEST Check::AtReading;
    "target-value-not-ip" STRICT Check::Set(kind_checks::one_target_not_ip);
    "targets-value-not-ip" STRICT Check::Set(kind_checks::targets_not_ip);
    "mx-value-not-ip" STRICT_AND_BEST Check::Set(kind_checks::mx_not_ip);
    "srv-value-not-ip" STRICT_AND_BEST Check::Set(kind_checks::srv_not_ip);
    "caa-value-rfc" STRICT Check::Set(kind_checks::caa);
    "caa-value-best-practice" BEST Check::Set(kind_checks::caa_wild);
    "ds-value-rfc" STRICT Check::Set(kind_checks::ds);
    "ds-value-best-practice" BEST Check::Set(kind_checks::ds_age);
    "mx-value-rfc" STRICT Check::Set(kind_checks::mx);
    "srv-name-rfc" STRICT Check::Set(kind_checks::srv_name);
    "uri-name-rfc" STRICT Check::Set(kind_checks::uri_name);
    "srv-value-rfc" STRICT Check::Set(kind_checks::srv);
    "sshfp-value-best-practice" BEST Check::Set(kind_checks::sshfp_age);
    "tlsa-value-rfc" STRICT Check::Set(kind_checks::tlsa);
    "tlsa-value-best-practice" BEST Check::Set(kind_checks::tlsa_full);
    "spf-record-type" STRICT Check::Set(kind_checks::spf);
    "cname-coexistence" BOTH Check::Zone(checks::cname_coexistence);
    "no-cname-loop" STRICT Check::Zone(checks::no_cname_loop);
    "root-cname" STRICT Check::Zone(checks::root_cname);
    "dname-coexistence" STRICT Check::Zone(checks::dname_coexistence);
    "mx-target-not-cname" STRICT Check::Zone(checks::mx_target_not_cname);
    "ns-target-not-cname" STRICT Check::Zone(checks::ns_target_not_cname);
    "srv-target-not-cname" STRICT Check::Zone(checks::srv_target_not_cname);
    "glue-for-in-zone-ns" STRICT Check::Zone(checks::glue);
    "mx-target-resolvable-in-zone" BEST Check::Zone(checks::mx_target_resolvable);
    "srv-target-resolvable-in-zone" BEST Check::Zone(checks::srv_target_resolvable);
    "cname-target-resolvable-in-zone" BEST Check::Zone(checks::cname_target_resolvable);
    "cname-target-not-cname" BEST Check::Zone(checks::cname_target_not_cname);
    "multi-value-ns" BEST Check::Zone(checks::multi_value_ns);
    "caa-best-practices" BEST Check::Zone(checks::caa_best_practices);
    "mail" BEST Check::Zone(mail::check);
};

const SETS: [&str; 3] = ["legacy", "strict", "best-practice"];

/// All validators.
pub fn validators() -> &'static [ValidatorInfo] {
    VALIDATORS
}

/// A zone as validators see it.
pub(super) struct View<'z> {
    pub(super) zone: &'z DeclaredZone,
    /// Other configured zones below this one.
    subzones: Vec<&'z DomainName>,
}

impl<'z> View<'z> {
    pub(super) fn get(&self, name: &DomainName, rtype: RecordType) -> Option<&'z DeclaredSet> {
        self.zone.sets.get(&RecordKey::new(name.clone(), rtype))
    }

    /// Whether there is anything at a name.
    pub(super) fn has(&self, name: &DomainName) -> bool {
        let from = RecordKey::new(name.clone(), RecordType(0));
        let next = self.zone.sets.range(from..).next();
        next.is_some_and(|(key, _)| key.name == *name)
    }

    /// Whether this zone, and none below it, answers for a name.
    pub(super) fn owns(&self, name: &DomainName) -> bool {
        name.is_in(&self.zone.name) && !self.subzones.iter().any(|zone| name.is_in(zone))
    }

    /// The sets of a type.
    pub(super) fn of_type(
        &self,
        rtype: RecordType,
    ) -> impl Iterator<Item = (&'z DomainName, &'z DeclaredSet)> {
        let sets = self.zone.sets.iter();
        sets.filter(move |(key, _)| key.rtype == rtype)
            .map(|(key, set)| (&key.name, set))
    }
}

/// What a validator says.
pub(super) struct Said<'f> {
    id: &'static str,
    findings: &'f mut Vec<Diagnostic>,
}

impl Said<'_> {
    /// About record sets; where all of them are lenient it is a warning.
    pub(super) fn about(&mut self, sets: &[&DeclaredSet], message: String, help: &str) {
        if let Some(first) = sets.first() {
            let lenient = sets.iter().all(|set| set.lenient);
            self.at(first.span, lenient, message, help);
        }
    }

    /// About the zone, or some of its sets.
    pub(super) fn at(&mut self, span: Span, lenient: bool, mut message: String, help: &str) {
        message += ", via: ";
        message += self.id;
        let mut finding = Diagnostic::new(&codes::ZONE_VALIDATOR, span, message).help(help);
        if lenient {
            finding.severity = Severity::Warning;
        }
        self.findings.push(finding);
    }
}

/// Holds a zone to the validators it asks for, and to the zones that are configured below it.
pub fn validate(zone: &DeclaredZone, item: &Zone, subzones: &[DomainName]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let below = |name: &&DomainName| **name != zone.name && name.is_in(&zone.name);
    let view = View {
        zone,
        subzones: subzones.iter().filter(below).collect(),
    };
    check_cuts(&view, &mut findings);
    let active = active(item, &mut findings);
    for validator in active {
        let mut said = Said {
            id: validator.id,
            findings: &mut findings,
        };
        match validator.check {
            Check::AtReading => {}
            Check::Zone(check) => check(&view, &mut said),
            Check::Set(check) => {
                for (key, set) in &zone.sets {
                    check(&view, key, set, &mut said);
                }
            }
        }
    }
    let subject = format!("zone/{}", zone.name.undotted());
    for finding in &mut findings {
        finding.subject.get_or_insert_with(|| subject.clone());
    }
    findings
}

fn check_cuts(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    if view.subzones.is_empty() {
        return;
    }
    for (key, set) in &view.zone.sets {
        let zone = view.subzones.iter().find(|zone| key.name.is_in(zone));
        let Some(zone) = zone else { continue };
        let at_cut = key.name == **zone;
        if at_cut && matches!(key.rtype, RecordType::NS | RecordType::DS) {
            continue;
        }
        let message = if at_cut {
            format!(
                "{key} stands where the zone {} begins; only NS and DS may",
                zone.undotted()
            )
        } else {
            format!("{key} belongs to the zone {}", zone.undotted())
        };
        let mut finding = Diagnostic::new(&codes::ZONE_CUT, set.span, message);
        if set.lenient {
            finding.severity = Severity::Warning;
        }
        findings.push(finding.help("declare it there"));
    }
}

/// The validators of the sets and ids that a zone names, without those it does without.
fn active(item: &Zone, findings: &mut Vec<Diagnostic>) -> Vec<&'static ValidatorInfo> {
    let mut ids: BTreeSet<&'static str> = BTreeSet::new();
    let mut set_named = false;
    for wanted in &item.validators {
        if SETS.contains(&wanted.value.as_str()) {
            set_named = true;
            ids.extend(of_set(&wanted.value));
        } else {
            ids.extend(known(wanted, &SETS, findings));
        }
    }
    if !set_named {
        ids.extend(of_set("legacy"));
    }
    for unwanted in &item.without_validators {
        if let Some(id) = known(unwanted, &[], findings) {
            ids.remove(id);
        }
    }
    VALIDATORS
        .iter()
        .filter(|validator| ids.contains(validator.id))
        .collect()
}

fn of_set(set: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    let sets = VALIDATORS.iter();
    sets.filter(move |validator| validator.sets.contains(&set))
        .map(|validator| validator.id)
}

/// The validator of that id; reports if there is none.
fn known(
    id: &Spanned<String>,
    others: &[&'static str],
    findings: &mut Vec<Diagnostic>,
) -> Option<&'static str> {
    let ids = || VALIDATORS.iter().map(|validator| validator.id);
    if let Some(known) = ids().find(|known| *known == id.value) {
        return Some(known);
    }
    let message = format!("no validator or set of validators is called `{id}`");
    let help = match base::nearest(id, ids().chain(others.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the sets are {}; the ids are octoDNS's", SETS.join(", ")),
    };
    let finding = Diagnostic::new(&codes::ZONE_VALIDATOR_UNKNOWN, id.span, message);
    findings.push(finding.help(help));
    None
}
