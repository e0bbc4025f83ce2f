//! `sigs.yaml`, as kubernetes/community keeps it.

use std::collections::BTreeMap;

use estate::MemoryTree;
use proptest::prelude::*;

use crate::support::{Case, adapter, codes, lines, load, rooted, shared, tree};

const SOURCE: &str = "{format: sigs.yaml, path: sigs.yaml}";

const SOUND: &str = r#"
sigs:
  - dir: sig-api-lab
    name: API Lab
    mission_statement: >
      Keeps the API sound.

    charter_link: charter.md
    label: api-lab
    leadership:
      chairs:
        - {github: ada, name: Ada Example, company: Acme, email: ada@example.org}
      tech_leads:
        - github: ben
          name: Ben Example
          company: Initech
          email: ben@example.org
      emeritus_leads:
        - github: cem
          name: Cem Example
    meetings:
      - description: Weekly
        day: Monday
        time: "9:00"
        tz: UTC
        frequency: weekly
        url: https://example.org/meet
        archive_url: https://example.org/notes
    contact:
      slack: api-lab
      mailing_list: https://groups.google.com/a/example.org/g/api-lab
      private_mailing_list: https://groups.google.com/a/example.org/g/api-lab-leads
      teams:
        - {name: api-lab-bugs, description: Bugs}
      liaison: {github: dee, name: Dee Example}
    subprojects:
      - name: kiln
        description: Bakes.
        contact: {slack: kiln}
        owners:
          - https://raw.githubusercontent.com/lab/kiln/main/OWNERS
        leads:
          - {github: eva, name: Eva Example, company: Acme}
workinggroups:
  - dir: wg-heat
    name: Heat
    label: heat
    mission_statement: Warms.
    stakeholder_sigs: [API Lab]
    leadership:
      chairs:
        - {github: ada, name: Ada Example, company: Acme, email: ada@example.org}
usergroups: []
committees:
  - dir: committee-rules
    name: Rules
    label: rules
    leadership:
      chairs:
        - {github: ada, name: Ada Example, company: Acme, email: ada@example.org}
gb_rep: {github: fay, name: Fay Example, company: Acme, email: fay@example.org}
"#;

fn of(text: &str) -> MemoryTree {
    tree(SOURCE, &[("sigs.yaml", text)])
}

#[test]
fn a_sound_file_becomes_groups_and_people() {
    let (estate, findings) = load(&of(SOUND));
    assert_eq!(lines(&findings, &estate.sources), Vec::<String>::new());
    let sig = &estate.tables.groups.get("sig-api-lab").unwrap();
    assert_eq!(estate.sources.line_of(sig.span), "sigs.yaml:3");
    let group = &sig.value;
    assert_eq!(group.title.as_deref(), Some("API Lab"));
    assert_eq!(group.kind.as_ref().unwrap().value, "sig");
    assert_eq!(group.mission.as_deref(), Some("Keeps the API sound."));
    assert_eq!(group.charter.as_deref(), Some("sig-api-lab/charter.md"));
    let leads: Vec<_> = group
        .leads
        .iter()
        .map(|lead| {
            (
                lead.person.name.as_str(),
                lead.role.value.as_str(),
                lead.emeritus,
            )
        })
        .collect();
    let expected = [
        ("ada", "chair", false),
        ("ben", "tech-lead", false),
        ("cem", "emeritus", true),
    ];
    assert_eq!(leads, expected);
    let contact = group.contact.as_ref().unwrap();
    assert_eq!(
        contact.private_mailing_list.as_ref().unwrap().as_str(),
        "api-lab-leads@example.org"
    );
    assert_eq!(contact.liaison.as_ref().unwrap().name, "dee");
    assert_eq!(
        group
            .subprojects
            .first()
            .unwrap()
            .leads
            .first()
            .unwrap()
            .name,
        "eva"
    );
    assert_eq!(group.meetings.first().unwrap().time.value, "9:00");
    let wg = estate.tables.groups.get("wg-heat").unwrap();
    assert_eq!(wg.value.stakeholders.first().unwrap().name, "sig-api-lab");
    let ada = estate.tables.people.get("ada").unwrap();
    assert_eq!(
        ada.value.email.as_ref().unwrap().as_str(),
        "ada@example.org"
    );
    assert_eq!(ada.value.employers.first().unwrap().company.value, "Acme");
    assert_eq!(
        estate.tables.people.len(),
        6,
        "ada, ben, cem, dee, eva, fay"
    );
}

/// What is replaced by what, what that is, and the codes it should give.
const CASES: &[Case] = &[
    ("dir: wg-heat", "dir: wg-warmth", "folder", &["sigs-dir!"]),
    ("label: heat", "label: warmth", "label", &["sigs-label!"]),
    ("label: heat\n", "\n", "no label", &["sigs-label!"]),
    (
        "- github: ben\n          name",
        "- name",
        "no login",
        &["sigs-lead-login!"],
    ),
    (
        "github: ben",
        "github: be n",
        "bad login",
        &["sigs-lead-login!"],
    ),
    (
        "github: ben\n",
        "github: \"\"\n",
        "empty login",
        &["sigs-lead-login!"],
    ),
    (
        "          name: Ben Example\n",
        "",
        "no name",
        &["sigs-lead-name!"],
    ),
    (
        "          email: ben@example.org\n",
        "",
        "no email",
        &["sigs-lead-email!"],
    ),
    (
        "          company: Initech\n",
        "",
        "no company",
        &["sigs-lead-company!"],
    ),
    (
        "email: ben@example.org",
        "email: ben at home",
        "bad email",
        &["email-form!"],
    ),
    (
        "name: Cem Example",
        "name: Cem Example\n          company: Acme",
        "emeritus",
        &["sigs-emeritus-company!"],
    ),
    (
        "[API Lab]",
        "[API Lap]",
        "stakeholder",
        &["sigs-stakeholder!"],
    ),
    (
        "stakeholder_sigs: [API Lab]\n",
        "\n",
        "none",
        &["sigs-stakeholders-missing!"],
    ),
    (
        "label: rules",
        "label: rules\n    stakeholder_sigs: [API Lab]",
        "misplaced",
        &["sigs-stakeholders-misplaced!"],
    ),
    (
        "charter_link: charter.md\n",
        "\n",
        "charter",
        &["sigs-charter!"],
    ),
    (
        "mission_statement: >\n      Keeps the API sound.\n",
        "",
        "mission",
        &["sigs-mission!"],
    ),
    (
        "label: heat",
        "label: heat\n    subprojects: [{name: x, owners: ['https://github.com/a/b/blob/main/OWNERS']}]",
        "owning",
        &["sigs-subprojects-misplaced!"],
    ),
    (
        "https://raw.githubusercontent.com/lab/kiln/main/OWNERS",
        "https://example.org/OWNERS",
        "url",
        &["sigs-owners-url!"],
    ),
    (
        "        owners:\n          - https://raw.githubusercontent.com/lab/kiln/main/OWNERS\n",
        "",
        "owners",
        &["sigs-subproject-owners!"],
    ),
    (
        "https://groups.google.com/a/example.org/g/api-lab-leads",
        "ask around",
        "private list",
        &["sigs-private-list"],
    ),
    (
        "{github: dee, name: Dee Example}",
        "{name: Dee Example}",
        "liaison",
        &["sigs-lead-login!"],
    ),
    (
        "{github: eva, name: Eva Example, company: Acme}",
        "{name: Eva Example}",
        "sub lead",
        &["sigs-lead-login!"],
    ),
    (
        "{github: fay, ",
        "{",
        "governing board",
        &["sigs-lead-login!"],
    ),
    (
        "charter_link: charter.md",
        "charter_lnik: charter.md",
        "key",
        &["sigs-charter!", "yaml-unknown-key!"],
    ),
    (
        "dir: committee-rules\n    name: Rules",
        "dir: sig-api-lab\n    name: Rules",
        "twice",
        &["item-duplicate!", "sigs-dir!"],
    ),
];

#[test]
fn each_mistake_has_its_own_finding() {
    for (from, to, what, expected) in CASES {
        assert!(SOUND.contains(from), "{what}: the case changes nothing");
        let (estate, findings) = load(&of(&SOUND.replacen(from, to, 1)));
        assert_eq!(
            codes(&findings),
            *expected,
            "{what}: {:#?}",
            lines(&findings, &estate.sources)
        );
    }
}

#[test]
fn a_sig_without_subprojects_owns_nothing() {
    let (head, rest) = SOUND.split_once("    subprojects:").unwrap();
    let (_, tail) = rest.split_once("workinggroups:").unwrap();
    let (_, findings) = load(&of(&format!("{head}workinggroups:{tail}")));
    assert_eq!(codes(&findings), ["sigs-subprojects-missing!"]);
}

#[test]
fn an_unknown_stakeholder_is_told_the_nearest() {
    let (_, findings) = load(&of(&SOUND.replace("[API Lab]", "[API Lap]")));
    let helps: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding.help.as_deref())
        .collect();
    assert_eq!(helps, ["did you mean `API Lab`?"]);
}

#[test]
fn a_source_that_holds_nothing_is_an_error() {
    for (text, expected) in [
        ("sigs: []\n", "source-empty!"),
        ("", "yaml-documents!"),
        ("sigs: [\n", "yaml-syntax!"),
        ("- a\n", "yaml-type!"),
    ] {
        let (_, findings) = load(&of(text));
        assert_eq!(codes(&findings), [expected], "{text}");
    }
    let (_, findings) = load(&tree(SOURCE, &[]));
    assert_eq!(codes(&findings), ["file-unreadable!"]);
}

#[test]
fn a_broken_file_does_not_make_every_reference_to_it_a_mistake() {
    let service = "name: Oven\nsummary: Bakes.\nkind: custom\nowner: sig-api-lab\nstaff: [ada]\n";
    let broken = SOUND.replace("sigs:\n", "sigs: {{\n");
    for (text, expected) in [(SOUND, 0), (broken.as_str(), 1)] {
        let files = [("sigs.yaml", text), ("services/oven.yaml", service)];
        let (estate, findings) = load(&tree(SOURCE, &files));
        let about_references = codes(&findings)
            .iter()
            .filter(|code| code.contains("reference"))
            .count();
        assert_eq!(
            about_references,
            0,
            "{:#?}",
            lines(&findings, &estate.sources)
        );
        assert_eq!(
            codes(&findings)
                .iter()
                .filter(|code| code.contains("syntax"))
                .count(),
            expected
        );
    }
}

#[test]
fn sources_are_found_wherever_they_lie() {
    let paths = ["README.md", "a/b/sigs.yaml", "mysigs.yaml", "sigs.yaml"].map(str::to_owned);
    let found = (adapter("sigs.yaml").detect)(&paths);
    assert_eq!(found, ["a/b/sigs.yaml", "sigs.yaml"]);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", at in 0..SOUND.len(), junk in "[\\[\\]{}:,'\"\\n #&*!|>a-z-]{0,12}") {
        load(&of(&text));
        let at = (0..=at).rev().find(|at| SOUND.is_char_boundary(*at)).unwrap_or(0);
        let (head, tail) = SOUND.split_at(at);
        load(&of(&format!("{head}{junk}{tail}")));
        load(&of(head));
    }
}

#[test]
fn the_real_file_is_read_whole() {
    let Some(root) = shared("kubernetes/community") else {
        return;
    };
    let (estate, findings) = load(&rooted(root, SOURCE));
    let found: Vec<String> = lines(&findings, &estate.sources)
        .into_iter()
        .filter(|line| !line.contains("file-unclaimed"))
        .collect();
    let groups = || estate.tables.groups.items().map(|group| &group.value);
    let mut kinds = BTreeMap::new();
    for group in groups() {
        *kinds
            .entry(group.kind.as_ref().unwrap().value.as_str())
            .or_insert(0) += 1;
    }
    assert_eq!(
        kinds,
        BTreeMap::from([("sig", 24), ("wg", 8), ("committee", 3)])
    );
    assert_eq!(estate.tables.groups.len(), 35);
    assert_eq!(
        groups().map(|group| group.subprojects.len()).sum::<usize>(),
        236
    );
    let links = groups()
        .flat_map(|group| &group.subprojects)
        .map(|part| part.owners.len());
    assert_eq!(links.sum::<usize>(), 526);
    assert_eq!(
        found,
        Vec::<String>::new(),
        "the generator accepts it, and so do we"
    );
}
