//! Answers that depend on who asks: `dynamic` pools and rules, and the older `geo`.
//!
//! What they say is checked and kept as a need of the record; the plain values beside
//! them are the record set.

use std::collections::{BTreeMap, BTreeSet};

use base::Span;
use estate::records::RecordType;
use yaml::{Node, Value};

use super::reader::{Reader, value_validator};
use super::subnet::Subnet;
use super::{geo, options, values};

const VIA: &str = "dynamic";

/// Checks the value of `dynamic:`.
pub(super) fn check(rtype: RecordType, key: &Node, node: &Node, reader: &mut Reader<'_>) {
    let may = matches!(
        rtype,
        RecordType::A | RecordType::AAAA | RecordType::CNAME | RecordType::DNAME
    );
    if !may {
        let message = format!("{rtype} cannot be dynamic");
        return reader.mind(
            key.span,
            message,
            VIA,
            "A, AAAA, CNAME and DNAME can; octoDNS ignores the rest",
        );
    }
    let Some(entries) = options::mapping(node, "dynamic", reader) else {
        return;
    };
    for (key, _) in entries {
        if !matches!(key.text(), Some("pools" | "rules")) {
            options::unknown(key, &["pools", "rules"], reader);
        }
    }
    let mut pools = Pools::default();
    match node.get("pools").filter(|pools| !pools.is_null()) {
        None => reader.mind(
            key.span,
            "missing pools",
            VIA,
            "say which values there are to choose from",
        ),
        Some(given) => pools.read(rtype, given, reader),
    }
    let mut rules = Rules::default();
    match node.get("rules").filter(|rules| !rules.is_null()) {
        None => reader.mind(key.span, "missing rules", VIA, "say who gets which pool"),
        Some(given) => rules.read(given, &pools, reader),
    }
    for (name, span) in &pools.names {
        if !rules.pools.contains(name) && !pools.fallbacks.contains_key(name) {
            reader.mind(
                *span,
                format!("unused pools: \"{name}\""),
                VIA,
                "use it in a rule, or remove it",
            );
        }
    }
}

/// Checks the value of `geo:`.
pub(super) fn check_geo(rtype: RecordType, key: &Node, node: &Node, reader: &mut Reader<'_>) {
    if !matches!(rtype, RecordType::A | RecordType::AAAA) {
        let message = format!("{rtype} has no `geo`");
        return reader.mind(
            key.span,
            message,
            "geo",
            "A and AAAA do; octoDNS ignores the rest",
        );
    }
    for (code, given) in options::mapping(node, "geo", reader).unwrap_or_default() {
        let written = code.text().unwrap_or_default();
        let pieces = written.split('-').count();
        let sound = written.split('-').all(|piece| {
            piece.chars().count() == 2 && piece.chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        if !sound || pieces > 3 {
            reader.mind(
                code.span,
                format!("invalid geo \"{written}\""),
                "geo",
                "a continent, a country, a part of it: NA-US-CA",
            );
        }
        let items = list(given);
        if items.is_empty() {
            let via = value_validator(rtype);
            let help = "give addresses for it, or remove it";
            reader.mind(given.span, "missing value(s)", via, help);
        }
        for item in items {
            values::encode(rtype, item, reader);
        }
    }
}

fn list(node: &Node) -> &[Node] {
    match &node.value {
        Value::Sequence(items) => items,
        _ => std::slice::from_ref(node),
    }
}

#[derive(Default)]
struct Pools {
    names: BTreeMap<String, Span>,
    /// Which pools stand in for another, and one of those.
    fallbacks: BTreeMap<String, String>,
    next: BTreeMap<String, String>,
}

impl Pools {
    fn read(&mut self, rtype: RecordType, node: &Node, reader: &mut Reader<'_>) {
        let Value::Mapping(entries) = &node.value else {
            return reader.mind(
                node.span,
                "pools must be a dict",
                VIA,
                "map the names of pools to their values",
            );
        };
        if entries.is_empty() {
            reader.mind(
                node.span,
                "missing pools",
                VIA,
                "say which values there are to choose from",
            );
        }
        for (key, pool) in entries {
            let name = key.text().unwrap_or_default();
            self.names.insert(name.to_owned(), key.span);
            pool_values(rtype, name, key, pool, reader);
            let fallback = pool.get("fallback").filter(|given| !given.is_null());
            let Some((given, fallback)) = fallback.and_then(|node| Some((node, node.text()?)))
            else {
                continue;
            };
            if entries.iter().any(|(key, _)| key.text() == Some(fallback)) {
                self.fallbacks.insert(fallback.to_owned(), name.to_owned());
                self.next.insert(name.to_owned(), fallback.to_owned());
            } else {
                let message = format!("undefined fallback \"{fallback}\" for pool \"{name}\"");
                reader.mind(given.span, message, VIA, "name a pool of this record");
            }
        }
        self.find_loop(reader);
    }

    fn find_loop(&self, reader: &mut Reader<'_>) {
        let mut settled: BTreeSet<&str> = BTreeSet::new();
        for (start, span) in &self.names {
            let mut path = vec![start.as_str()];
            while let Some(next) = path.last().and_then(|last| self.next.get(*last)) {
                if let Some(at) = path.iter().position(|seen| seen == next) {
                    if !settled.contains(next.as_str()) {
                        let ring = format!("{} -> {next}", path[at..].join(" -> "));
                        reader.mind(
                            *span,
                            format!("loop in pool fallbacks: {ring}"),
                            VIA,
                            "let one of them have none",
                        );
                    }
                    break;
                }
                path.push(next);
            }
            settled.extend(path);
        }
    }
}

fn pool_values(rtype: RecordType, name: &str, key: &Node, pool: &Node, reader: &mut Reader<'_>) {
    let Value::Mapping(entries) = &pool.value else {
        return reader.mind(
            pool.span,
            format!("pool \"{name}\" must be a dict"),
            VIA,
            "give it `values`",
        );
    };
    for (key, _) in entries {
        if !matches!(key.text(), Some("values" | "fallback")) {
            options::unknown(key, &["values", "fallback"], reader);
        }
    }
    let values = pool.get("values").map_or(&[][..], list);
    if values.is_empty() {
        return reader.mind(
            key.span,
            format!("pool \"{name}\" is missing values"),
            VIA,
            "give it some, or remove it",
        );
    }
    for (at, value) in values.iter().enumerate() {
        let place = format!("in pool \"{name}\" value {}", at + 1);
        pool_value(rtype, &place, value, reader);
    }
    if let [only] = values
        && let Some(weight) = only.get("weight")
        && weight.text() != Some("1")
    {
        let message = format!("pool \"{name}\" has single value with weight!=1");
        let help = "remove the weight: there is nothing to weigh it against";
        reader.mind(weight.span, message, VIA, help);
    }
}

fn pool_value(rtype: RecordType, place: &str, node: &Node, reader: &mut Reader<'_>) {
    const KEYS: [&str; 3] = ["value", "weight", "status"];
    for (key, given) in options::mapping(node, "values", reader).unwrap_or_default() {
        let written = given.text().unwrap_or_default();
        match key.text().unwrap_or_default() {
            "value" => {
                values::encode(rtype, given, reader);
            }
            "weight"
                if !written
                    .parse::<u32>()
                    .is_ok_and(|weight| (1..=100).contains(&weight)) =>
            {
                let message = format!("invalid weight \"{written}\" {place}");
                reader.mind(given.span, message, VIA, "a weight is from 1 to 100");
            }
            "status" if !matches!(written, "up" | "down" | "obey") => {
                let message = format!("invalid status \"{written}\" {place}");
                reader.mind(given.span, message, VIA, "up, down or obey");
            }
            "weight" | "status" => {}
            _ => options::unknown(key, &KEYS, reader),
        }
    }
    if node.get("value").is_none() {
        reader.mind(node.span, format!("missing value {place}"), VIA, "");
    }
}

#[derive(Default)]
struct Rules {
    pools: BTreeSet<String>,
    subnets: Vec<(Subnet, usize)>,
    geos: Vec<(String, usize)>,
    catch_all: bool,
}

impl Rules {
    fn read(&mut self, node: &Node, pools: &Pools, reader: &mut Reader<'_>) {
        let Value::Sequence(rules) = &node.value else {
            return reader.mind(
                node.span,
                "rules must be a list",
                VIA,
                "write each rule as `- pool: ...`",
            );
        };
        if rules.is_empty() {
            reader.mind(node.span, "missing rules", VIA, "say who gets which pool");
        }
        let mut before = (false, false);
        for (at, rule) in rules.iter().enumerate() {
            let number = at + 1;
            if options::mapping(rule, "rules", reader).is_none() {
                continue;
            }
            before = self.rule(number, rule, before, pools, reader);
        }
        if let Some(last) = rules.last().filter(|_| before.0 || before.1) {
            let message = "final rule has \"subnets\" and/or \"geos\" and is not catchall";
            reader.mind(last.span, message, VIA, "add a last rule with a pool alone");
        }
    }

    /// One rule; whether it has subnets and geos.
    fn rule(
        &mut self,
        number: usize,
        rule: &Node,
        before: (bool, bool),
        pools: &Pools,
        reader: &mut Reader<'_>,
    ) -> (bool, bool) {
        for (key, _) in options::mapping(rule, "rules", reader).unwrap_or_default() {
            if !matches!(key.text(), Some("pool" | "subnets" | "geos")) {
                options::unknown(key, &["pool", "subnets", "geos"], reader);
            }
        }
        let subnets = targets(number, rule, "subnets", reader);
        let geos = targets(number, rule, "geos", reader);
        let targeted = (!subnets.is_empty(), !geos.is_empty());
        self.pool(number, rule, targeted.0 || targeted.1, pools, reader);
        let misplaced = match (targeted, before) {
            ((true, true), (false, true)) => {
                Some("with subnet(s) and geo(s) should appear before all geo-only rules")
            }
            ((true, false), (_, true)) => {
                Some("with only subnet targeting should appear before all geo targeting rules")
            }
            ((false, false), _) if self.catch_all => Some("duplicate default"),
            _ => None,
        };
        if let Some(what) = misplaced {
            let help =
                "subnets first, then subnets with geos, then geos, then one rule for everybody";
            reader.mind(rule.span, format!("rule {number} {what}"), VIA, help);
        }
        self.catch_all |= targeted == (false, false);
        for subnet in subnets {
            self.subnet(number, subnet, reader);
        }
        for geo in geos {
            self.geo(number, geo, reader);
        }
        targeted
    }

    fn pool(
        &mut self,
        number: usize,
        rule: &Node,
        targeted: bool,
        pools: &Pools,
        reader: &mut Reader<'_>,
    ) {
        let Some(node) = rule.get("pool") else {
            return reader.mind(
                rule.span,
                format!("rule {number} missing pool"),
                VIA,
                "name a pool of this record",
            );
        };
        let Some(pool) = node.text() else {
            return reader.mind(
                node.span,
                format!("rule {number} invalid pool"),
                VIA,
                "name a pool of this record",
            );
        };
        if !pools.names.contains_key(pool) {
            let message = format!("rule {number} undefined pool \"{pool}\"");
            reader.mind(node.span, message, VIA, "name a pool of this record");
        } else if self.pools.contains(pool) && targeted {
            let message = format!("rule {number} invalid, target pool \"{pool}\" reused");
            reader.mind(node.span, message, VIA, "put both targets into one rule");
        }
        self.pools.insert(pool.to_owned());
    }

    fn subnet(&mut self, number: usize, node: &Node, reader: &mut Reader<'_>) {
        let written = node.text().unwrap_or_default();
        let Some(subnet) = Subnet::parse(written) else {
            let message = format!("rule {number} invalid subnet \"{written}\"");
            return reader.mind(
                node.span,
                message,
                VIA,
                "an address and a length, with no bit set behind it: 192.0.2.0/24",
            );
        };
        let wider = self.subnets.iter().find(|(seen, _)| subnet.is_in(seen));
        if let Some((seen, place)) = wider {
            let message = if *seen == subnet {
                format!(
                    "rule {number} targets subnet {written} which has previously been seen in rule {place}"
                )
            } else {
                format!(
                    "rule {number} targets subnet {written} which is more specific than one of rule {place}"
                )
            };
            reader.mind(node.span, message, VIA, "the earlier rule catches it");
        }
        self.subnets.push((subnet, number));
    }

    fn geo(&mut self, number: usize, node: &Node, reader: &mut Reader<'_>) {
        let code = node.text().unwrap_or_default();
        if let Some(what) = geo::unknown(code) {
            reader.mind(
                node.span,
                format!("rule {number} {what} \"{code}\""),
                VIA,
                "a continent, a country, a part of it: NA-US-CA",
            );
        }
        let wider = self
            .geos
            .iter()
            .find(|(seen, _)| code.starts_with(seen.as_str()));
        if let Some((seen, place)) = wider {
            let message = if seen == code {
                format!(
                    "rule {number} targets geo {code} which has previously been seen in rule {place}"
                )
            } else {
                format!(
                    "rule {number} targets geo {code} which is more specific than the previously seen {seen} in rule {place}"
                )
            };
            reader.mind(node.span, message, VIA, "put the more specific rule first");
        }
        self.geos.push((code.to_owned(), number));
    }
}

fn targets<'n>(number: usize, rule: &'n Node, key: &str, reader: &mut Reader<'_>) -> Vec<&'n Node> {
    let Some(node) = rule.get(key) else {
        return Vec::new();
    };
    if let Value::Sequence(items) = &node.value {
        return items.iter().collect();
    }
    let message = format!("rule {number} {key} must be a list");
    reader.mind(node.span, message, VIA, "write `[...]`");
    Vec::new()
}
