//! Forms as people fill them in, each with the change it becomes or the refusal it meets.

use std::path::Path;

use base::{SourceMap, Span, Spanned};
use estate::kinds::{CopyPurpose, Foreign, Group, Zone, ZoneCopy, ZoneLimits, ZoneReading};
use estate::{Item, MemoryTree, Ref};
use formats::octodns::{DeclaredZone, read_zone};
use proptest::prelude::*;

use super::*;

const ZONE: &str = "\
# The zone
'':
  - type: A
    value: 192.0.2.1
# Our web server
www:
  type: A
  value: 192.0.2.10 # in the cellar
mail:
  type: A
  values:
  - 192.0.2.30 # old
  - 192.0.2.31
# Nobody knows why
old:
  type: CNAME
  value: www.example.org.
builds:
  type: A
  ttl: 300
  value: 192.0.2.40
  commonhold:
    owner: sig-build
";
const DELEGATIONS: &str = "\
lab:
  type: NS
  values:
  - ns1.example.com.
  - ns2.example.com.
canary:
  type: NS
  values:
  - ns1.example.com.
  - ns2.example.com.
";
const LAB: &str =
    "'*':\n  type: A\n  value: 192.0.2.7\n  octodns:\n    commonhold:\n      owner: sig-lab\n";

struct World {
    zones: Vec<(Item<Zone>, DeclaredZone, Vec<ZoneText>)>,
}

impl World {
    fn new() -> Self {
        let mut sources = SourceMap::default();
        let nowhere = Span::start_of(sources.add("", ""));
        let mut world = Self { zones: Vec::new() };
        for (name, files) in [
            (
                "example.org",
                &[
                    ("example.org.yaml", ZONE),
                    ("example.org._1.yaml", DELEGATIONS),
                ][..],
            ),
            ("lab.example.org", &[("lab.yaml", LAB)]),
            ("canary.example.org", &[]),
        ] {
            let copy = files.is_empty().then(|| ZoneCopy {
                of: Ref::new("example.org", nowhere),
                purpose: CopyPurpose::Canary,
            });
            let value = Zone {
                owner: Some(Ref::<Group>::new("sig-infra", nowhere)),
                service: None,
                records: files
                    .iter()
                    .map(|(path, _)| Spanned::new((*path).to_owned(), nowhere))
                    .collect(),
                copy,
                servers: Vec::new(),
                default_ttl: 3600,
                foreign: Foreign::Keep,
                absent: Vec::new(),
                limits: ZoneLimits::default(),
                validators: Vec::new(),
                without_validators: Vec::new(),
                reading: ZoneReading::default(),
            };
            let item = Item {
                name: name.to_owned(),
                span: nowhere,
                value,
            };
            let tree = files
                .iter()
                .fold(MemoryTree::default(), |tree, (path, text)| {
                    tree.with(path, *text)
                });
            let reading = read_zone(&item, &tree, &mut sources);
            let declared = reading
                .zone
                .unwrap_or_else(|| panic!("{:?}", reading.findings));
            let texts = files.iter().map(|(path, text)| ZoneText {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            });
            let texts = texts.collect();
            world.zones.push((item, declared, texts));
        }
        world
    }

    fn ask(&self, text: &str) -> Result<Resolved, Vec<Problem>> {
        let zones: Vec<Candidate<'_>> = self
            .zones
            .iter()
            .map(|(item, declared, files)| Candidate {
                item,
                declared,
                files,
            })
            .collect();
        resolve(&parse(text)?, &zones)
    }
}

fn form(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/requests")
        .join(format!("{name}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines that a change takes away and brings.
fn diff(resolved: &Resolved) -> Vec<String> {
    let mut lines = Vec::new();
    for file in &resolved.files {
        let before = [
            ("example.org.yaml", ZONE),
            ("example.org._1.yaml", DELEGATIONS),
            ("lab.yaml", LAB),
        ];
        let before = before
            .into_iter()
            .find(|(path, _)| *path == file.path)
            .unwrap()
            .1;
        let (old, new): (Vec<&str>, Vec<&str>) =
            (before.lines().collect(), file.text.lines().collect());
        let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let tail = old[same..].iter().rev().zip(new[same..].iter().rev());
        let tail = tail.take_while(|(a, b)| a == b).count();
        lines.extend(
            old[same..old.len() - tail]
                .iter()
                .map(|line| format!("-{line}")),
        );
        lines.extend(
            new[same..new.len() - tail]
                .iter()
                .map(|line| format!("+{line}")),
        );
    }
    lines
}

const INFRA: &[&str] = &["sig-infra"];
const BUILD: &[&str] = &["sig-build", "sig-infra"];

/// A form, the groups that must agree, and the lines that go and come.
type Change = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const CHANGES: &[Change] = &[
    (
        "create",
        INFRA,
        &[
            "+# The status page moves out of our cluster.",
            "+status:",
            "+  type: CNAME",
            "+  value: status.hosting.example.com.",
        ],
    ),
    (
        "create-two-types",
        INFRA,
        &[
            "+# A status page of our own.",
            "+status:",
            "+  - type: A",
            "+    value: 192.0.2.80",
            "+  - type: AAAA",
            "+    value: '2001:db8::80'",
        ],
    ),
    (
        "create-beside",
        INFRA,
        &["+  - type: TXT", "+    value: site-verification=abc"],
    ),
    (
        "create-wildcard",
        INFRA,
        &[
            "+# Preview environments.",
            "+'*.preview':",
            "+  ttl: 60",
            "+  type: A",
            "+  value: 192.0.2.60",
        ],
    ),
    (
        "create-below-owned",
        BUILD,
        &[
            "+# The interface of the build farm.",
            "+api.builds:",
            "+  type: A",
            "+  value: 192.0.2.61",
        ],
    ),
    (
        "create-in-subdomain",
        BUILD,
        &[
            "+# Logs of the build farm.",
            "+logs.builds:",
            "+  type: A",
            "+  value: 192.0.2.62",
        ],
    ),
    (
        "create-service",
        INFRA,
        &[
            "+# Calls.",
            "+_sip._tcp:",
            "+  type: SRV",
            "+  value:",
            "+    port: 5060",
            "+    priority: 1",
            "+    target: sip.example.org.",
            "+    weight: 2",
        ],
    ),
    (
        "update",
        INFRA,
        &[
            "-  value: 192.0.2.10 # in the cellar",
            "+  value: 192.0.2.20 # in the cellar",
        ],
    ),
    (
        "crlf",
        INFRA,
        &[
            "-  value: 192.0.2.10 # in the cellar",
            "+  value: 192.0.2.20 # in the cellar",
        ],
    ),
    (
        "html-comments",
        INFRA,
        &[
            "-  value: 192.0.2.10 # in the cellar",
            "+  value: 192.0.2.20 # in the cellar",
        ],
    ),
    (
        "update-type",
        INFRA,
        &[
            "-  type: A",
            "-  value: 192.0.2.10 # in the cellar",
            "+  - type: CNAME",
            "+    value: pages.example.com.",
        ],
    ),
    (
        "update-values",
        INFRA,
        &["-  - 192.0.2.31", "+  - 192.0.2.32"],
    ),
    (
        "update-owned",
        BUILD,
        &["-  value: 192.0.2.40", "+  value: 192.0.2.41"],
    ),
    ("update-ttl", BUILD, &["-  ttl: 300", "+  ttl: 60"]),
    (
        "delete",
        INFRA,
        &[
            "-# Nobody knows why",
            "-old:",
            "-  type: CNAME",
            "-  value: www.example.org.",
        ],
    ),
    (
        "github-form",
        INFRA,
        &[
            "-# Nobody knows why",
            "-old:",
            "-  type: CNAME",
            "-  value: www.example.org.",
        ],
    ),
    (
        "prose",
        INFRA,
        &[
            "+# Everybody asks whether we are down.",
            "+status:",
            "+  type: A",
            "+  values:",
            "+  - 192.0.2.80",
            "+  - 192.0.2.81",
        ],
    ),
    (
        "bold",
        INFRA,
        &[
            "+# because",
            "+note:",
            "+  type: TXT",
            "+  value: v=1\\; p=none",
        ],
    ),
];

#[test]
fn a_request_becomes_the_change_of_its_lines_with_its_reviewers() {
    let world = World::new();
    for (name, reviewers, lines) in CHANGES {
        let resolved = world.ask(&form(name));
        let resolved = resolved.unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        let groups: Vec<&str> = resolved
            .reviewers
            .iter()
            .map(|reviewer| reviewer.group.as_str())
            .collect();
        assert_eq!(groups, *reviewers, "{name}");
        assert_eq!(diff(&resolved), *lines, "{name}");
    }
}

/// A form, and what the refusal says.
const REFUSALS: &[(&str, &[&str])] = &[
    (
        "create-existing",
        &["14:1: www.example.org. A is there already: 192.0.2.10 (TTL 3600); ask for an Update"],
    ),
    (
        "create-cname-beside-a",
        &["www.example.org. would be a CNAME and have A beside it"],
    ),
    (
        "update-wrong-existing",
        &["11:1: www.example.org. A is not as the request has it: it is 192.0.2.10 (TTL 3600)"],
    ),
    ("update-nothing", &["nothing would change"]),
    (
        "update-missing",
        &["no file declares wwww.example.org.; did you mean www.example.org?"],
    ),
    (
        "delete-missing-type",
        &["mail.example.org. has no record of type AAAA; it has A"],
    ),
    (
        "delete-with-new",
        &["to delete a record, `New DNS Record` must be empty"],
    ),
    (
        "unknown-zone",
        &["5:1: no zone holds docs.exmaple.org; did you mean example.org?"],
    ),
    (
        "far-zone",
        &["the zones are canary.example.org, example.org, lab.example.org"],
    ),
    ("bad-ipv6", &["invalid IPv6 address"]),
    ("bad-yaml", &["16:9: a `:` stands where no key can be"]),
    (
        "full-name",
        &["`six.example.org` names the domain again", "write `six`"],
    ),
    (
        "repeated-label",
        &[
            "`api` is relative to api.example.org",
            "write example.org as the domain, or ''",
        ],
    ),
    (
        "other-zone",
        &["x.lab.example.org. belongs to the zone lab.example.org"],
    ),
    ("copy", &["canary.example.org is a copy of example.org"]),
    (
        "options",
        &["a request changes the TTL and the values of a record, no options"],
    ),
    (
        "unfilled",
        &[
            "the type of change is not chosen",
            "the domain is still the form's example",
            "the reason is still the form's example",
        ],
    ),
    (
        "missing-parts",
        &[
            "no heading `Domain being modified`",
            "no heading `Reason",
            "`Maybe` is no type of change",
            "under `Existing DNS Record` no record is found",
        ],
    ),
    ("two-blocks", &["`New DNS Record` has several blocks"]),
];

#[test]
fn a_request_that_cannot_be_met_is_refused_at_its_line() {
    let world = World::new();
    for (name, reasons) in REFUSALS {
        let problems = world.ask(&form(name)).expect_err(name);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let said = said.join("\n");
        for reason in *reasons {
            assert!(said.contains(reason), "{name}: {reason}\n{said}");
        }
    }
}

#[test]
fn every_form_is_tested() {
    let tested: Vec<&str> = CHANGES
        .iter()
        .map(|(name, ..)| *name)
        .chain(REFUSALS.iter().map(|(name, _)| *name))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/requests");
    let mut forms = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let name = name.trim_end_matches(".md");
        assert!(tested.contains(&name), "{name}");
        forms += 1;
    }
    assert!(forms >= 20);
}

#[test]
fn the_owner_of_a_wildcard_answers_for_what_it_covers() {
    let world = World::new();
    let text = form("create").replace("`example.org`", "lab.example.org");
    let resolved = world.ask(&text).unwrap();
    assert_eq!(resolved.files[0].path, "lab.yaml");
    let owners: Vec<String> = resolved
        .reviewers
        .iter()
        .map(|reviewer| format!("{}: {}", reviewer.group, reviewer.owns.join(", ")))
        .collect();
    assert_eq!(
        owners,
        [
            "sig-lab: the record *.lab.example.org. A",
            "sig-infra: the zone lab.example.org"
        ]
    );
}

proptest! {
    #[test]
    fn no_request_is_too_odd(
        cut in 0..900_usize,
        more in "(?s).{0,20}|[`~#:*\n -]{0,20}",
        at in 0..3_usize,
    ) {
        let text = form(["update", "prose", "html-comments"][at]);
        let cut = (0..=cut.min(text.len())).rev().find(|cut| text.is_char_boundary(*cut)).unwrap();
        let text = format!("{}{more}{}", &text[..cut], &text[cut..]);
        let _ = World::new().ask(&text);
    }
}
