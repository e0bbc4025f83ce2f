//! The file that configures octoDNS: its zones and providers become items.
//!
//! octoDNS deletes what no file declares, so adopted zones do too. What is not taken over
//! is said in a warning.

use base::{Diagnostic, Span, Spanned};
use estate::kinds::{
    CopyPurpose, DnsServer, DnsServerKind, Foreign, Secret, Tsig, TsigAlgorithm, Zone, ZoneCopy,
    ZoneLimits, ZoneReading,
};
use estate::{Draft, Item, Ref, Source, Tree, join};
use yaml::{Decoding, Dialect, FromYaml, Node, Profile, Value};

use super::include::Includes;
use super::python::{Taken, taken};
use crate::shards::{self, split};
use crate::{Adapter, codes};

/// octoDNS.
pub(crate) static ADAPTER: Adapter = Adapter {
    name: "octodns",
    about: "DNS zones, their files and providers (the configuration of octoDNS)",
    adopt,
    detect,
};

const DEFAULT_TTL: u32 = 3600;

fn detect(paths: &[String]) -> Vec<String> {
    let names = ["octodns-config.yaml", "octodns.yaml"];
    let is_config = |path: &&String| names.contains(&split(path).1);
    paths.iter().filter(is_config).cloned().collect()
}

/// A provider that serves zones, and how much of one a plan may change there.
struct Target<'n> {
    id: &'n str,
    limits: ZoneLimits,
}

/// The providers of a configuration.
#[derive(Default)]
struct Providers<'n> {
    sources: Vec<YamlProvider<'n>>,
    targets: Vec<Target<'n>>,
}

/// A provider that reads zone files.
struct YamlProvider<'n> {
    id: &'n str,
    node: &'n Node,
    folder: String,
    /// The names in the folder.
    files: Vec<String>,
}

fn adopt(source: &Source, tree: &dyn Tree, draft: &mut Draft) {
    let path = join("", &source.path);
    let named_at = source.path.span;
    let Some(config) = read(&path, named_at, tree, draft) else {
        draft.tables.dns_servers.mark_incomplete();
        return draft.tables.zones.mark_incomplete();
    };
    let mut providers = Providers::default();
    for (key, node) in entries(config.get("providers")) {
        let id = key.text().unwrap_or_default();
        let class = text(node.get("class")).unwrap_or_default();
        if class.ends_with("YamlProvider") {
            let provider = yaml_provider(id, node, &path, tree, draft);
            providers.sources.push(provider);
        } else {
            add_server(id, class, key.span, node, draft);
            let limits = limits(node, ZoneLimits::default(), draft);
            providers.targets.push(Target { id, limits });
        }
    }
    for (key, value) in entries(Some(&config)) {
        let taken = matches!(key.text(), Some("providers" | "zones" | "manager"));
        if !taken && !value.is_null() {
            left(key, "it is not taken over", draft);
        }
    }
    let validators = manager_validators(config.get("manager"), draft);
    let zones = entries(config.get("zones"));
    if zones.is_empty() {
        let message = format!("{} declares no zones", source.path);
        shards::empty(
            named_at,
            message,
            "name the configuration of octoDNS",
            draft,
        );
        return draft.tables.zones.mark_incomplete();
    }
    for (key, node) in zones {
        add_zone(key, node, &providers, &validators, draft);
    }
}

fn read(path: &str, named_at: Span, tree: &dyn Tree, draft: &mut Draft) -> Option<Node> {
    let read = shards::read_files(vec![path.to_owned()], tree, named_at, draft);
    let (_, file) = read.value.first()?;
    let text = &draft.sources.file(*file).text;
    let resolves = Includes::wanted(text);
    let (node, findings) = yaml::parse_single(text, *file, Dialect::Octodns);
    let sound = findings.is_empty();
    draft.findings.extend(findings);
    let node = node.filter(|_| sound)?;
    if !resolves {
        return Some(node);
    }
    Includes::of(path, tree, &mut draft.sources, &mut draft.findings).resolve(node)
}

fn entries(node: Option<&Node>) -> &[(Node, Node)] {
    match node.map(|node| &node.value) {
        Some(Value::Mapping(entries)) => entries,
        _ => &[],
    }
}

fn text(node: Option<&Node>) -> Option<&str> {
    node.filter(|node| !node.is_null()).and_then(Node::text)
}

fn flag(node: Option<&Node>, default: bool) -> bool {
    match node.map(taken) {
        Some(Taken::Boolean(truth)) => truth,
        _ => default,
    }
}

fn words(node: Option<&Node>) -> Vec<Spanned<String>> {
    let items = match node.map(|node| &node.value) {
        Some(Value::Sequence(items)) => items.as_slice(),
        _ => &[],
    };
    let word = |item: &Node| Some(Spanned::new(item.text()?.to_owned(), item.span));
    items.iter().filter_map(word).collect()
}

/// Says what is not taken over.
fn left(key: &Node, why: &str, draft: &mut Draft) {
    let message = format!("`{}`: {why}", key.text().unwrap_or_default());
    let finding = Diagnostic::new(&codes::OCTODNS_NOT_TAKEN, key.span, message);
    draft.findings.push(finding);
}

fn yaml_provider<'n>(
    id: &'n str,
    node: &'n Node,
    config: &str,
    tree: &dyn Tree,
    draft: &mut Draft,
) -> YamlProvider<'n> {
    let written = text(node.get("directory")).unwrap_or(".");
    // octoDNS starts from wherever it is called: mostly beside its configuration.
    let beside = join(split(config).0, written);
    let from_root = join("", written);
    let folder = if !tree.is_folder(&beside) && tree.is_folder(&from_root) {
        from_root
    } else {
        beside
    };
    let found = tree.find(&folder, &|name| name.ends_with(".yaml"));
    let files = found.unwrap_or_else(|refused| {
        let span = node.get("directory").map_or(node.span, |node| node.span);
        draft.unreadable(&refused, span);
        Vec::new()
    });
    for (key, value) in entries(Some(node)) {
        let ignored = match key.text().unwrap_or_default() {
            "order_mode" => value.text() != Some("natural"),
            "populate_should_replace" | "ignore_missing_zones" => flag(Some(value), false),
            _ => false,
        };
        if ignored {
            left(key, "zone files are read without it", draft);
        }
    }
    YamlProvider {
        id,
        node,
        folder,
        files,
    }
}

impl YamlProvider<'_> {
    /// The paths of a zone's files, as an item names them.
    fn records(&self, zone: &str) -> Vec<String> {
        let mut records = Vec::new();
        let path = |name: &str| join(&self.folder, name);
        if let Some(extension) = text(self.node.get("split_extension")) {
            let folder = path(&format!("{zone}{extension}"));
            // A folder that is called like the zone with a dot is a folder all the same.
            if self.files.iter().any(|file| split(file).0 == folder) {
                records.push(folder);
            }
        }
        if !flag(self.node.get("disable_zonefile"), false) {
            let whole = path(&format!("{zone}.yaml"));
            let parts = path(&format!("{zone}._"));
            let has_parts = self.files.iter().any(|file| file.starts_with(&parts));
            if self.files.contains(&whole) || (records.is_empty() && !has_parts) {
                records.push(whole);
            }
            if has_parts {
                records.push(format!("{parts}*.yaml"));
            }
        }
        records.extend(text(self.node.get("shared_filename")).map(path));
        records
    }
}

fn add_server(id: &str, class: &str, span: Span, node: &Node, draft: &mut Draft) {
    let kind = match class {
        "octodns_bind.Rfc2136Provider"
        | "octodns_bind.AxfrSource"
        | "octodns_bind.AxfrPopulate" => DnsServerKind::Rfc2136,
        _ if class.starts_with("octodns_bind.ZoneFile") => DnsServerKind::ZoneFiles,
        _ if class.starts_with("octodns_powerdns.") => DnsServerKind::Powerdns,
        _ if class.starts_with("octodns_route53.") => DnsServerKind::Route53,
        _ => DnsServerKind::Other,
    };
    let address_node = node.get("host").or_else(|| node.get("directory"));
    let address = text(address_node).map(|host| {
        let port = text(node.get("port"));
        let address = match kind {
            DnsServerKind::Powerdns => {
                let scheme = text(node.get("scheme")).unwrap_or("http");
                format!("{scheme}://{host}:{}", port.unwrap_or("8081"))
            }
            DnsServerKind::Rfc2136 => format!("{host}:{}", port.unwrap_or("53")),
            _ => host.to_owned(),
        };
        Spanned::new(address, address_node.map_or(node.span, |node| node.span))
    });
    let tsig = tsig(node, draft);
    let api_key = secret(node.get("api_key"), draft);
    for (key, value) in entries(Some(node)) {
        let name = key.text().unwrap_or_default();
        let secret_like = ["secret", "token", "password", "access_key"];
        if name != "key_secret" && secret_like.iter().any(|word| name.contains(word)) {
            secret(Some(value), draft);
        }
    }
    let value = DnsServer {
        kind,
        address,
        tsig,
        api_key,
        verify_at: Vec::new(),
        batch: 1000,
    };
    let name = id.to_owned();
    draft
        .tables
        .dns_servers
        .add(Item { name, span, value }, &mut draft.findings);
}

fn decode<T: FromYaml>(node: Option<&Node>, draft: &mut Draft) -> Option<T> {
    let node = node.filter(|node| !node.is_null())?;
    let (value, findings) = Decoding::read::<T>(node, Profile::NATIVE);
    draft.findings.extend(findings);
    value
}

fn secret(node: Option<&Node>, draft: &mut Draft) -> Option<Secret> {
    decode::<Secret>(node, draft)
}

fn tsig(node: &Node, draft: &mut Draft) -> Option<Tsig> {
    let secret = secret(node.get("key_secret"), draft)?;
    let name = text(node.get("key_name"))?.to_owned();
    let algorithm = decode::<TsigAlgorithm>(node.get("key_algorithm"), draft);
    Some(Tsig {
        name,
        algorithm: algorithm.unwrap_or(TsigAlgorithm::Sha256),
        secret,
    })
}

/// The sets and ids of validators that all zones are held to, and do without.
#[derive(Default)]
struct Validators {
    with: Vec<Spanned<String>>,
    without: Vec<Spanned<String>>,
}

fn manager_validators(manager: Option<&Node>, draft: &mut Draft) -> Validators {
    let mut validators = Validators::default();
    for (key, value) in entries(manager) {
        match key.text().unwrap_or_default() {
            "validators" => {
                validators.with = words(value.get("enabled"));
                for part in [value.get("zone"), value.get("record")] {
                    add_disabled(part, &mut validators.without);
                }
                let zone = value.get("zone").and_then(|zone| zone.get("validators"));
                validators.with.extend(words(zone));
            }
            "max_workers" => {}
            _ if value.is_null() || taken(value) == Taken::Boolean(false) => {}
            "enable_checksum" => left(
                key,
                "plans here always carry digests, so it is not needed",
                draft,
            ),
            _ => left(key, "it is not taken over", draft),
        }
    }
    validators
}

/// Ids in a list, or in lists by type of record.
fn add_disabled(part: Option<&Node>, without: &mut Vec<Spanned<String>>) {
    let disabled = part.and_then(|part| part.get("disable_validators"));
    without.extend(words(disabled));
    for (_, ids) in entries(disabled) {
        without.extend(words(Some(ids)));
    }
}

fn add_zone(
    key: &Node,
    node: &Node,
    providers: &Providers<'_>,
    validators: &Validators,
    draft: &mut Draft,
) {
    let written = key.text().unwrap_or_default();
    let name = written.trim_end_matches('.').to_owned();
    if written.contains('*') || written.starts_with("glob:") || written.starts_with("regex:") {
        left(
            key,
            "zones that are found by a pattern are not taken over; name each",
            draft,
        );
        return draft.tables.zones.mark_incomplete();
    }
    let sources = &providers.sources;
    let used: Vec<&YamlProvider<'_>> = {
        let named = words(node.get("sources"));
        let is_used = |source: &&YamlProvider<'_>| named.iter().any(|id| id.value == source.id);
        for id in &named {
            if !sources.iter().any(|source| source.id == id.value) {
                let message =
                    format!("records from `{id}` are not taken over: it reads no zone files");
                let finding = Diagnostic::new(&codes::OCTODNS_NOT_TAKEN, id.span, message);
                draft.findings.push(finding);
            }
        }
        sources.iter().filter(is_used).collect()
    };
    let records = used.iter().flat_map(|source| source.records(&name));
    let records = records.map(|path| Spanned::new(path, key.span)).collect();
    let is_file_source = |id: &Spanned<String>| sources.iter().any(|source| source.id == id.value);
    let servers = words(node.get("targets"))
        .into_iter()
        .filter(|id| !is_file_source(id));
    let servers: Vec<Ref<DnsServer>> = servers.map(|id| Ref::new(id.value, id.span)).collect();
    let mut without = validators.without.clone();
    for part in ["zone", "record"] {
        add_disabled(
            node.get("validators").and_then(|given| given.get(part)),
            &mut without,
        );
    }
    report_left(node, draft);
    let limits = limits(node, providers.strictest(&servers), draft);
    let value = Zone {
        owner: None,
        service: None,
        records,
        copy: alias(node),
        servers,
        default_ttl: default_ttl(&used),
        foreign: Foreign::Remove,
        absent: Vec::new(),
        limits,
        validators: validators.with.clone(),
        without_validators: without,
        reading: reading(&used),
    };
    let span = key.span;
    draft
        .tables
        .zones
        .add(Item { name, span, value }, &mut draft.findings);
}

fn alias(node: &Node) -> Option<ZoneCopy> {
    let given = node.get("alias").filter(|given| !given.is_null())?;
    Some(ZoneCopy {
        of: Ref::new(given.text()?.trim_end_matches('.'), given.span),
        purpose: CopyPurpose::Mirror,
    })
}

fn default_ttl(used: &[&YamlProvider<'_>]) -> u32 {
    let given = used
        .iter()
        .find_map(|source| text(source.node.get("default_ttl")));
    given
        .and_then(|ttl| ttl.parse().ok())
        .unwrap_or(DEFAULT_TTL)
}

fn reading(used: &[&YamlProvider<'_>]) -> ZoneReading {
    let all = |key: &str| used.iter().all(|source| flag(source.node.get(key), true));
    ZoneReading {
        enforce_order: all("enforce_order"),
        escaped_semicolons: all("escaped_semicolons"),
    }
}

impl Providers<'_> {
    /// What all of these servers let a plan change of a zone.
    fn strictest(&self, servers: &[Ref<DnsServer>]) -> ZoneLimits {
        let serves = |target: &&Target<'_>| servers.iter().any(|server| server.name == target.id);
        let limits = self
            .targets
            .iter()
            .filter(serves)
            .map(|target| &target.limits);
        let strictest = limits.cloned().reduce(|one, other| ZoneLimits {
            updates_percent: one.updates_percent.min(other.updates_percent),
            deletes_percent: one.deletes_percent.min(other.deletes_percent),
            ..one
        });
        strictest.unwrap_or_default()
    }
}

/// The thresholds of a provider or zone, where it has some.
fn limits(node: &Node, mut limits: ZoneLimits, draft: &mut Draft) -> ZoneLimits {
    limits.updates_percent = percent(
        node.get("update_pcent_threshold"),
        limits.updates_percent,
        draft,
    );
    limits.deletes_percent = percent(
        node.get("delete_pcent_threshold"),
        limits.deletes_percent,
        draft,
    );
    limits
}

/// A fraction as whole per cent, never more than it says.
fn percent(node: Option<&Node>, default: u32, draft: &mut Draft) -> u32 {
    let Some(node) = node.filter(|node| !node.is_null()) else {
        return default;
    };
    let fraction: Option<f64> = node.text().and_then(|text| text.parse().ok());
    let Some(fraction) = fraction.filter(|fraction| (0.0..=1.0).contains(fraction)) else {
        let message = "a threshold is a fraction from 0 to 1";
        let finding = Diagnostic::new(&codes::OCTODNS_CONFIG, node.span, message);
        draft
            .findings
            .push(finding.help("write 0.3 for 30 per cent"));
        return default;
    };
    // Counted down rather than cast; the sliver is for fractions like 0.29.
    (0..=100_u32)
        .rev()
        .find(|percent| f64::from(*percent) <= fraction * 100.0 + 1e-9)
        .unwrap_or(0)
}

fn report_left(node: &Node, draft: &mut Draft) {
    let why = [
        (
            "lenient",
            "zones are read strictly; mark single records `octodns: {lenient: true}`",
        ),
        ("processors", "records are taken as the files have them"),
        ("always-dry-run", "plans are applied when somebody says so"),
        (
            "ignore_subzone_adds",
            "records that belong to another zone are refused",
        ),
        ("templating", "records are taken as the files have them"),
    ];
    for (key, value) in entries(Some(node)) {
        let name = key.text().unwrap_or_default();
        let off = value.is_null() || taken(value) == Taken::Boolean(false);
        if let Some((_, why)) = why.iter().find(|(key, _)| *key == name && !off) {
            left(key, why, draft);
        }
    }
}
