//! The validators of zones as wholes, but for mail.

use std::collections::{BTreeMap, BTreeSet};

use estate::records::{DomainName, RecordType};

use super::DeclaredSet;
use super::kind_checks::words;
use super::validate::{Said, View};

pub(super) fn cname_coexistence(view: &View<'_>, said: &mut Said<'_>) {
    let mut sets = view.zone.sets.iter().peekable();
    let mut node: Vec<(RecordType, &DeclaredSet)> = Vec::new();
    while let Some((key, set)) = sets.next() {
        node.push((key.rtype, set));
        if sets.peek().is_some_and(|(next, _)| next.name == key.name) {
            continue;
        }
        let has = |rtype| node.iter().any(|(of, _)| *of == rtype);
        let of_all: Vec<&DeclaredSet> = node.iter().map(|(_, set)| *set).collect();
        if node.len() > 1 && has(RecordType::CNAME) {
            let message = format!(
                "Invalid state, CNAME at {} cannot coexist with other records",
                key.name
            );
            said.about(
                &of_all,
                message,
                "remove the CNAME or the others (RFC 1034 §3.6.2)",
            );
        } else if has(RecordType::ALIAS) && (has(RecordType::A) || has(RecordType::AAAA)) {
            let message = format!(
                "Invalid state, ALIAS at {} cannot coexist with A or AAAA records",
                key.name
            );
            said.about(&of_all, message, "remove the ALIAS or the addresses");
        }
        node.clear();
    }
}

/// The names that point elsewhere, and where.
fn aliases<'z>(view: &View<'z>) -> BTreeMap<&'z DomainName, (DomainName, &'z DeclaredSet)> {
    let sets = view.zone.sets.iter();
    sets.filter(|(key, _)| matches!(key.rtype, RecordType::CNAME | RecordType::ALIAS))
        .filter_map(|(key, set)| {
            let target = set.set.data().first()?.target(key.rtype)?;
            Some((&key.name, (target, set)))
        })
        .collect()
}

pub(super) fn no_cname_loop(view: &View<'_>, said: &mut Said<'_>) {
    let aliases = aliases(view);
    let mut settled: BTreeSet<&DomainName> = BTreeSet::new();
    for start in aliases.keys() {
        let mut path: Vec<&DomainName> = Vec::new();
        let mut at: &DomainName = start;
        while let Some((target, _)) = aliases.get(at) {
            if let Some(first) = path.iter().position(|seen| *seen == at) {
                let ring = &path[first..];
                let names: Vec<&str> = ring.iter().map(|name| name.as_str()).collect();
                let sets: Vec<&DeclaredSet> = ring
                    .iter()
                    .filter_map(|name| aliases.get(*name).map(|(_, set)| *set))
                    .collect();
                let message = format!("Loop detected: {} -> {at}", names.join(" -> "));
                said.about(&sets, message, "let one of them point to an address");
                break;
            }
            if !settled.insert(at) {
                break;
            }
            path.push(at);
            at = target;
        }
    }
}

pub(super) fn root_cname(view: &View<'_>, said: &mut Said<'_>) {
    if let Some(set) = view.get(&view.zone.name, RecordType::CNAME) {
        let message = format!(
            "CNAME record at zone apex \"{}\" is not allowed",
            view.zone.name
        );
        said.about(&[set], message, "use A and AAAA");
    }
}

pub(super) fn dname_coexistence(view: &View<'_>, said: &mut Said<'_>) {
    for (name, set) in view.of_type(RecordType::DNAME) {
        if let Some(other) = view.get(name, RecordType::CNAME) {
            let message = format!("Invalid state, DNAME at {name} cannot coexist with CNAME");
            said.about(
                &[set, other],
                message,
                "keep one of the two (RFC 6672 §2.4)",
            );
        }
        if let Some(other) = view
            .get(name, RecordType::NS)
            .filter(|_| *name != view.zone.name)
        {
            let message =
                format!("Invalid state, DNAME at {name} cannot coexist with NS at a non-apex node");
            said.about(
                &[set, other],
                message,
                "keep one of the two (RFC 6672 §2.4)",
            );
        }
        for (key, below) in &view.zone.sets {
            if key.name != *name && key.name.is_in(name) {
                let message = format!("Record \"{}\" is occluded by DNAME \"{name}\"", key.name);
                said.about(
                    &[below],
                    message,
                    "nobody will see it; remove it, or the DNAME (RFC 6672 §2.4)",
                );
            }
        }
    }
}

/// What a set points to.
fn targets(rtype: RecordType, set: &DeclaredSet) -> impl Iterator<Item = DomainName> {
    let data = set.set.data().iter();
    data.filter_map(move |data| data.target(rtype))
}

/// Says of each set of a type what is wrong with a target in this zone.
fn each_target(
    view: &View<'_>,
    rtype: RecordType,
    said: &mut Said<'_>,
    wrong: impl Fn(&DomainName) -> bool,
    what: &str,
    help: &str,
) {
    for (name, set) in view.of_type(rtype) {
        for target in targets(rtype, set) {
            if view.owns(&target) && wrong(&target) {
                let message = format!("{rtype} record \"{name}\" points to {what}");
                said.about(&[set], message.replace("{}", target.as_str()), help);
            }
        }
    }
}

const TO_CNAME: &str = "point to the name that has the addresses";
const TO_NOTHING: &str = "declare the target, or mend a slip in its name";

fn target_not_cname(view: &View<'_>, rtype: RecordType, what: &str, said: &mut Said<'_>) {
    let wrong = |target: &DomainName| view.get(target, RecordType::CNAME).is_some();
    each_target(view, rtype, said, wrong, what, TO_CNAME);
}

fn target_resolvable(view: &View<'_>, rtype: RecordType, said: &mut Said<'_>) {
    let what = "in-zone target \"{}\" that does not exist";
    each_target(
        view,
        rtype,
        said,
        |target| !view.has(target),
        what,
        TO_NOTHING,
    );
}

pub(super) fn mx_target_not_cname(view: &View<'_>, said: &mut Said<'_>) {
    target_not_cname(
        view,
        RecordType::MX,
        "exchange \"{}\" which is a CNAME",
        said,
    );
}

pub(super) fn ns_target_not_cname(view: &View<'_>, said: &mut Said<'_>) {
    target_not_cname(view, RecordType::NS, "target \"{}\" which is a CNAME", said);
}

pub(super) fn srv_target_not_cname(view: &View<'_>, said: &mut Said<'_>) {
    target_not_cname(
        view,
        RecordType::SRV,
        "target \"{}\" which is a CNAME",
        said,
    );
}

pub(super) fn cname_target_not_cname(view: &View<'_>, said: &mut Said<'_>) {
    target_not_cname(
        view,
        RecordType::CNAME,
        "target \"{}\" which is also a CNAME",
        said,
    );
}

pub(super) fn mx_target_resolvable(view: &View<'_>, said: &mut Said<'_>) {
    target_resolvable(view, RecordType::MX, said);
}

pub(super) fn srv_target_resolvable(view: &View<'_>, said: &mut Said<'_>) {
    target_resolvable(view, RecordType::SRV, said);
}

pub(super) fn cname_target_resolvable(view: &View<'_>, said: &mut Said<'_>) {
    target_resolvable(view, RecordType::CNAME, said);
    target_resolvable(view, RecordType::ALIAS, said);
}

pub(super) fn glue(view: &View<'_>, said: &mut Said<'_>) {
    let wrong = |target: &DomainName| {
        [RecordType::A, RecordType::AAAA]
            .into_iter()
            .all(|rtype| view.get(target, rtype).is_none())
    };
    let what = "in-zone target \"{}\" without glue records (A/AAAA)";
    each_target(
        view,
        RecordType::NS,
        said,
        wrong,
        what,
        "declare the addresses of the name server",
    );
}

pub(super) fn multi_value_ns(view: &View<'_>, said: &mut Said<'_>) {
    for (name, set) in view.of_type(RecordType::NS) {
        let count = set.set.data().len();
        if count < 2 {
            let message = format!(
                "NS record \"{name}\" has only {count} value; at least 2 are recommended for redundancy"
            );
            said.about(&[set], message, "name a second server");
        }
    }
}

pub(super) fn caa_best_practices(view: &View<'_>, said: &mut Said<'_>) {
    for (name, set) in view.of_type(RecordType::CAA) {
        let tags: BTreeSet<String> = set
            .set
            .data()
            .iter()
            .filter_map(|data| words(RecordType::CAA, data).into_iter().nth(1))
            .collect();
        let (issue, wild) = (tags.contains("issue"), tags.contains("issuewild"));
        if !issue && !wild {
            let message = format!(
                "CAA record \"{name}\" has no `issue` or `issuewild` tag; having only `iodef` means any CA can issue certificates"
            );
            said.about(&[set], message, "say who may issue");
        } else if issue && !wild {
            let message = format!(
                "CAA record \"{name}\" has `issue` but no `issuewild`; consider adding an explicit `issuewild` to define wildcard certificate policy"
            );
            said.about(
                &[set],
                message,
                "add `issuewild` with the same value, or with `;` for nobody",
            );
        }
    }
}
