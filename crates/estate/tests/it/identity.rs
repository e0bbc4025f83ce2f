//! Who is who: logins, addresses, and what is not guessed.

use base::Diagnostic;
use estate::{Draft, Estate, MemoryTree, Sighting};

fn load(files: &[(&str, &str)]) -> (Estate, Vec<Diagnostic>) {
    let root = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: T\n");
    let tree = files
        .iter()
        .fold(root, |tree, (path, text)| tree.with(path, *text));
    Draft::read(&tree).expect("a root file").resolve()
}

#[test]
fn a_person_is_found_by_name_and_by_login_without_case() {
    let (estate, findings) = load(&[
        ("people/ada.yaml", "handles: {github: Ada-L}\n"),
        ("groups/g.yaml", "members: [ADA-l, ada, \"@Ada\"]\n"),
    ]);
    assert!(findings.is_empty(), "{findings:?}");
    let group = estate.tables.groups.get("G").expect("a group");
    assert!(group.value.members.iter().all(|member| {
        estate
            .find(member)
            .is_some_and(|person| person.name == "ada")
    }));
}

#[test]
fn a_login_of_two_people_is_an_error() {
    let (_, findings) = load(&[
        ("people/ada.yaml", "handles: {github: ada}\n"),
        ("people/bob.yaml", "handles: {github: ADA}\n"),
    ]);
    assert_eq!(
        findings
            .iter()
            .map(|finding| finding.code.id)
            .collect::<Vec<_>>(),
        ["item-duplicate"]
    );
}

#[test]
fn sightings_of_one_login_are_one_person_and_disagreement_is_told() {
    let root = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: T\n");
    let mut draft = Draft::read(&root).expect("a root file");
    let span = draft.manifest_span;
    let spanned = |text: &str| base::Spanned::new(text.to_owned(), span);
    for (login, company) in [("Ada", "Aurora"), ("ada", "Aurora"), ("@ADA", "Bluebell")] {
        draft.sightings.push(Sighting {
            login: spanned(login),
            name: None,
            email: None,
            company: Some(spanned(company)),
        });
    }
    let (estate, findings) = draft.resolve();
    assert_eq!(estate.tables.people.len(), 1);
    assert_eq!(
        findings
            .iter()
            .map(|finding| finding.code.id)
            .collect::<Vec<_>>(),
        ["person-conflict"]
    );
    let ada = estate.tables.people.get("ada").expect("one person");
    assert_eq!(ada.value.employers.len(), 1);
    assert_eq!(ada.value.employers[0].company.value, "Aurora");
}

#[test]
fn an_address_that_is_only_alike_is_reported_and_not_matched() {
    let (estate, findings) = load(&[
        ("people/ada.yaml", "email: ada.l@example.org\n"),
        (
            "mailing-groups/m.yaml",
            "email: m@example.org\nmembers: [adal@example.org, Ada.L@EXAMPLE.org, m@example.org]\n",
        ),
    ]);
    let unmatched: Vec<_> = findings
        .iter()
        .filter(|finding| finding.code.id == "address-unmatched")
        .collect();
    assert_eq!(unmatched.len(), 2);
    assert!(unmatched.iter().any(|finding| {
        finding
            .help
            .as_deref()
            .is_some_and(|help| help.contains("same case"))
    }));
    assert!(estate.tables.people.get("ada").is_some());
}
