//! The configuration of octoDNS as a source.

use estate::Estate;
use estate::kinds::{CopyPurpose, DnsServerKind, Foreign, Zone};

use crate::support;

const SOURCE: &str = "{format: octodns, path: dns/octodns-config.yaml}";
const FILE: &str = "dns/octodns-config.yaml";
const RECORDS: &str = "www: {type: A, value: 192.0.2.1}\n";

/// The estate of a configuration and files beside it, and warnings and errors as lines.
fn adopted(config: &str, files: &[&str]) -> (Estate, Vec<String>) {
    let mut all = vec![(FILE, config)];
    all.extend(files.iter().map(|path| (*path, RECORDS)));
    let (estate, findings) = support::load(&support::tree(SOURCE, &all));
    let lines = support::lines(&findings, &estate.sources);
    (estate, lines)
}

fn zone<'e>(estate: &'e Estate, name: &str) -> &'e Zone {
    &estate.tables.zones.get(name).expect("the zone").value
}

fn records(zone: &Zone) -> Vec<&str> {
    zone.records
        .iter()
        .map(|path| path.value.as_str())
        .collect()
}

/// A configuration of one zone, whose files a provider with these settings reads.
fn one_zone(provider: &str, zone: &str) -> String {
    format!(
        "providers:\n  config: {{class: octodns.provider.yaml.YamlProvider, directory: ./zones{provider}}}\n  \
         first: {{class: octodns_bind.Rfc2136Provider, host: 192.0.2.53}}\n\
         zones:\n  example.org.: {{sources: [config], targets: [first]{zone}}}\n"
    )
}

#[test]
fn zones_and_providers_become_items() {
    let (estate, findings) = adopted(&one_zone("", ""), &["dns/zones/example.org.yaml"]);
    assert!(findings.is_empty(), "{findings:#?}");
    let zone = zone(&estate, "example.org");
    assert_eq!(records(zone), ["dns/zones/example.org.yaml"]);
    assert_eq!(zone.foreign, Foreign::Remove);
    assert_eq!(zone.default_ttl, 3600);
    assert!(zone.reading.enforce_order && zone.reading.escaped_semicolons);
    assert_eq!(zone.servers[0].name, "first");
    let server = &estate.tables.dns_servers.get("first").unwrap().value;
    assert_eq!(server.kind, DnsServerKind::Rfc2136);
    assert_eq!(server.address.as_ref().unwrap().value, "192.0.2.53:53");
    assert_eq!(estate.tables.dns_servers.len(), 1, "a source is no server");
}

#[test]
fn the_files_of_a_zone_are_where_the_provider_looks_for_them() {
    let plain = "dns/zones/example.org.yaml";
    let split = "dns/zones/example.org./www.yaml";
    let folder = "dns/zones/example.org.";
    let shared = "dns/zones/shared.yaml";
    for (provider, files, expected) in [
        ("", &[plain][..], &[plain][..]),
        (", split_extension: .", &[split], &[folder]),
        (", split_extension: .", &[split, plain], &[folder, plain]),
        (", split_extension: .", &[plain], &[plain]),
        (
            ", split_extension: .d/",
            &["dns/zones/example.org.d/a.yaml"],
            &["dns/zones/example.org.d"],
        ),
        (
            ", split_extension: ., disable_zonefile: true",
            &[split, plain],
            &[folder],
        ),
        (
            ", shared_filename: shared.yaml",
            &[plain, shared],
            &[plain, shared],
        ),
        (
            "",
            &[
                "dns/zones/example.org._0_base.yaml",
                "dns/zones/example.org._1_more.yaml",
            ],
            &["dns/zones/example.org._*.yaml"],
        ),
    ] {
        let (estate, mut findings) = adopted(&one_zone(provider, ""), files);
        if provider.contains("disable_zonefile") {
            assert!(findings.remove(0).contains("nothing reads this file"));
        }
        assert!(findings.is_empty(), "{provider} {findings:#?}");
        assert_eq!(
            records(zone(&estate, "example.org")),
            expected,
            "{provider}"
        );
    }
}

#[test]
fn how_files_are_read_is_the_providers_to_say() {
    let provider = ", enforce_order: false, escaped_semicolons: false, default_ttl: 300";
    let (estate, _) = adopted(&one_zone(provider, ""), &["dns/zones/example.org.yaml"]);
    let zone = zone(&estate, "example.org");
    assert!(!zone.reading.enforce_order && !zone.reading.escaped_semicolons);
    assert_eq!(zone.default_ttl, 300);
}

#[test]
fn a_zone_has_its_own_thresholds_or_the_strictest_of_its_providers() {
    let config = |zone: &str| {
        format!(
            "providers:\n  config: {{class: octodns.provider.yaml.YamlProvider, directory: .}}\n  \
             a: {{class: octodns_bind.Rfc2136Provider, host: 192.0.2.1, update_pcent_threshold: 0.2}}\n  \
             b: {{class: octodns_bind.Rfc2136Provider, host: 192.0.2.2, update_pcent_threshold: 0.5, delete_pcent_threshold: 0.295}}\n\
             zones:\n  example.org.: {{sources: [config], {zone}}}\n"
        )
    };
    for (zone_settings, expected) in [
        ("targets: [a]", (20, 30)),
        ("targets: [b]", (50, 29)),
        ("targets: [a, b]", (20, 29)),
        ("targets: [a, b], update_pcent_threshold: 0.9", (90, 29)),
        (
            "targets: [b], update_pcent_threshold: 0.01, delete_pcent_threshold: 1",
            (1, 100),
        ),
        ("targets: []", (30, 30)),
        ("targets: [a], delete_pcent_threshold: null", (20, 30)),
    ] {
        let (estate, findings) = adopted(&config(zone_settings), &["dns/example.org.yaml"]);
        assert!(findings.is_empty(), "{findings:#?}");
        let limits = &zone(&estate, "example.org").limits;
        let found = (limits.updates_percent, limits.deletes_percent);
        assert_eq!(found, expected, "{zone_settings}");
        assert_eq!(limits.exempt_below, 10);
    }
    for wrong in ["30", "-0.1", "most", "1.5"] {
        let settings = format!("targets: [a], update_pcent_threshold: {wrong}");
        let (_, findings) = adopted(&config(&settings), &["dns/example.org.yaml"]);
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert!(findings[0].starts_with("error octodns-config dns/octodns-config.yaml:6 "));
    }
}

#[test]
fn an_alias_is_a_mirror() {
    let config = one_zone("", "") + "  example.net.: {alias: example.org.}\n";
    let (estate, findings) = adopted(&config, &["dns/zones/example.org.yaml"]);
    assert!(findings.is_empty(), "{findings:#?}");
    let copy = zone(&estate, "example.net").copy.as_ref().unwrap();
    assert_eq!(copy.of.name, "example.org");
    assert_eq!(copy.purpose, CopyPurpose::Mirror);
    assert!(records(zone(&estate, "example.net")).is_empty());
}

#[test]
fn zones_that_are_found_by_a_pattern_are_named_and_left() {
    for pattern in ["'*'", "'*.example.org.'", "'glob:*.org.'", "'regex:^a'"] {
        let config =
            one_zone("", "") + &format!("  {pattern}: {{sources: [config], targets: [first]}}\n");
        let (estate, findings) = adopted(&config, &["dns/zones/example.org.yaml"]);
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert!(findings[0].starts_with("warning octodns-not-taken dns/octodns-config.yaml:6 "));
        assert_eq!(estate.tables.zones.len(), 1);
        assert!(estate.tables.zones.is_incomplete());
    }
}

#[test]
fn a_secret_in_the_configuration_is_an_error_that_does_not_repeat_it() {
    for (provider, line) in [
        (
            "class: octodns_powerdns.PowerDnsProvider, host: 192.0.2.1, api_key: hunter2",
            2,
        ),
        (
            "class: octodns_bind.Rfc2136Provider, host: 192.0.2.1, key_name: k, key_secret: hunter2",
            2,
        ),
        (
            "class: octodns_route53.Route53Provider, access_key_id: env/ID, secret_access_key: hunter2",
            2,
        ),
        (
            "class: octodns_cloudflare.CloudflareProvider, token: hunter2",
            2,
        ),
    ] {
        let config = format!(
            "providers:\n  a: {{{provider}}}\nzones:\n  example.org.: {{sources: [], targets: [a]}}\n"
        );
        let tree = support::tree(SOURCE, &[(FILE, &config)]);
        let (estate, findings) = support::load(&tree);
        let secret: Vec<_> = findings
            .iter()
            .filter(|finding| finding.code.id == estate::codes::SECRET.id)
            .collect();
        assert_eq!(secret.len(), 1, "{findings:#?}");
        assert_eq!(estate.sources.position(secret[0].span).line, line);
        assert!(secret[0].withheld, "the line is not shown");
        let said = format!("{findings:?}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn what_names_a_variable_is_taken_as_the_place_of_a_secret() {
    let config = "providers:\n  a: {class: octodns_powerdns.PowerDnsProvider, host: pdns.example.org, scheme: https, port: 443, api_key: env/PDNS}\n  \
                  b: {class: octodns_bind.Rfc2136Provider, host: 192.0.2.1, port: 5353, key_name: k, key_secret: env/TSIG, key_algorithm: hmac-sha512}\n\
                  zones:\n  example.org.: {sources: [], targets: [a, b]}\n";
    let (estate, _) = adopted(config, &[]);
    let server = |name| &estate.tables.dns_servers.get(name).unwrap().value;
    assert_eq!(
        server("a").address.as_ref().unwrap().value,
        "https://pdns.example.org:443"
    );
    assert_eq!(server("a").api_key.as_ref().unwrap().variable(), "PDNS");
    assert_eq!(
        server("b").address.as_ref().unwrap().value,
        "192.0.2.1:5353"
    );
    assert_eq!(server("b").tsig.as_ref().unwrap().secret.variable(), "TSIG");
}

#[test]
fn what_is_not_taken_over_is_said() {
    let config = "manager: {enable_checksum: true, max_workers: 2, processors: [x]}\n".to_owned()
        + &one_zone(
            ", populate_should_replace: true",
            ", processors: [x], lenient: true, always-dry-run: false",
        )
        + "processors: {x: {class: y}}\n";
    let (_, findings) = adopted(&config, &["dns/zones/example.org.yaml"]);
    let keys: Vec<&str> = findings
        .iter()
        .filter_map(|line| line.split('`').nth(1))
        .collect();
    assert!(
        findings
            .iter()
            .all(|line| line.starts_with("warning octodns-not-taken "))
    );
    let mut keys = keys;
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "enable_checksum",
            "lenient",
            "populate_should_replace",
            "processors",
            "processors",
            "processors"
        ]
    );
}

#[test]
fn a_zone_without_its_file_is_not_left_out() {
    let (estate, _) = adopted(&one_zone("", ""), &[]);
    let zone = zone(&estate, "example.org");
    assert_eq!(
        records(zone),
        ["dns/zones/example.org.yaml"],
        "check says that it is missing"
    );
}

#[test]
fn a_broken_configuration_makes_no_zones_and_no_orphans() {
    for config in ["zones: [", "zones: {}\n", "providers: {}\n"] {
        let (estate, findings) = adopted(config, &[]);
        assert_eq!(estate.tables.zones.len(), 0);
        assert!(estate.tables.zones.is_incomplete(), "{config}");
        assert!(!findings.is_empty(), "{config}");
    }
}
