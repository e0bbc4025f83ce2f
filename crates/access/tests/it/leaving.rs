//! Joining and leaving, on estates of our own words, the example and real files.

use std::collections::{BTreeMap, BTreeSet};

mod real;

use access::joining::{Newcomer, Place, Refused, onboard};
use access::leaving::{EditedTree, How, Offboarding, mentions, offboard};
use access::model::{Matrix, Principal, Thing};
use base::Severity;
use charter::Charter;
use estate::{Estate, MemoryTree, Tree};
use jiff::civil::{Date, date};

const DAY: Date = date(2026, 3, 31);

fn load(tree: &dyn Tree) -> (Estate, BTreeSet<String>) {
    let (estate, findings) = formats::load(tree).expect("the estate can be read");
    let errors = findings
        .iter()
        .filter(|one| one.severity == Severity::Error);
    let errors = errors.map(|one| format!("{} {}", one.code.id, one.message));
    let errors = errors.collect();
    (estate, errors)
}

fn tree(files: &[(&str, &str)]) -> MemoryTree {
    let tree = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Acme\n");
    files
        .iter()
        .fold(tree, |tree, (path, text)| tree.with(path, *text))
}

fn leaves(tree: &dyn Tree, person: &str) -> Offboarding {
    let (estate, _) = load(tree);
    let (charter, _) = Charter::of(&estate);
    offboard(&estate, tree, person, DAY, Some(&charter)).expect("the person is known")
}

fn after<'o>(found: &'o Offboarding, path: &str) -> &'o str {
    let edit = found.edits.iter().find(|edit| edit.path == path);
    edit.map_or_else(
        || panic!("{path} is not edited: {found:#?}"),
        |edit| edit.after.as_str(),
    )
}

fn acme() -> MemoryTree {
    tree(&[
        ("people/ada.yaml", "name: Ada\nhandles: {github: Ada-L, chat: ada}\nemail: ada@acme.example\nrungs:\n- {rung: member, since: 2020-01-01, sponsors: [bob]}\n"),
        ("people/bob.yaml", "name: Bob\nmentored_by: [ada]\nrungs:\n- {rung: member, since: 2020-01-01, sponsors: [ada]}\nprivate_contacts: |\n  -----BEGIN AGE ENCRYPTED FILE-----\n  x\n"),
        ("groups/docs.yaml", "title: Docs\nleads:\n- {person: ada, role: chair, since: 2020-01-01} # first\n- {person: ada, role: chair, since: 2018-01-01, until: 2018-12-31}\n- {person: ada, role: lead, until: 2026-12-31}\n- person: bob\n  role: chair\n"),
        ("groups/lab.yaml", "title: Lab\nleads:\n- person: ada-l\n  role: tech-lead\n  since: 2027-01-01\nmembers: [bob]\n"),
        ("organisations/acme.yaml", "admins: [bob]\nmembers: [ada, bob]\nrepositories:\n  site:\n    collaborators:\n      ada-l: write\n      bob: read\n    branches:\n      main:\n        push_people:\n        - Ada-L # while it is new\n        - bob\n"),
        ("teams/writers.yaml", "organisation: acme\nmaintainers: [bob]\nmembers:\n  # Ada has been here from the start.\n  - ada\n  - bob\ntemporary:\n  - {person: ada, until: 2030-01-01}\nroles:\n  - {system: cloud, role: editor, on: site}\n"),
        ("teams/keepers.yaml", "maintainers: [bob]\nmembers: [ada]\ninclude:\n- {group: docs, exclude: [ada]}\n"),
        ("mailing-groups/docs.yaml", "email: docs@acme.example\nowners: [ada@acme.example]\nmembers:\n- bob@acme.example\n- ada@acme.example\n"),
        ("services/site.yaml", "name: Site\nsummary: The site.\nkind: custom\nowner: docs\nstaff: [bob, ada]\ndepends_on:\n- {service: vault, how: credential}\nadministration: {team: writers, by: console}\non_call:\n  rota: [ada, bob]\n  escalation:\n  - {person: ada, after_minutes: 5}\n  - {group: docs}\ndata: {holds: Keys, classification: restricted}\n"),
        ("services/vault.yaml", "name: Vault\nsummary: Ask @Ada-L how it is administered.\nkind: off-the-shelf\n"),
        ("access-systems/forge.yaml", "kind: github\nowner: docs\nsecret: env/FORGE_TOKEN\nuser: ada\nrequired_admins: [bob, ada-l]\n"),
        ("accounts/cloud.yaml", "provider: gcp\nid: acme-1\nholder: community\nowner: docs\n"),
        ("zones/acme.example.yaml", "owner: docs\nservers: [ns]\n"),
        ("dns-servers/ns.yaml", "kind: rfc2136\naddress: \"192.0.2.1:53\"\ntsig: {name: k, secret: env/TSIG}\n"),
        ("charter.yaml", "private_contacts: {readable_by: keepers}\n"),
        ("site/OWNERS", "# who\napprovers:\n- ada-l # lead\n- bob\nreviewers:\n- Ada-L\n- bob\n\nemeritus_approvers:\n- zoe\n"),
        ("site/doc/OWNERS", "filters:\n  \".*\":\n    reviewers: [ada-l, bob]\n    required_reviewers: [ada-l]\n"),
        ("site/OWNERS_ALIASES", "aliases:\n  leads:\n    - ada-l\n"),
    ])
    .with("commonhold.yaml", "commonhold: 1\nname: Acme\nsources:\n- {format: owners, path: site, repository: acme/site}\n")
}

#[test]
fn whoever_leaves_is_taken_out_of_every_file_and_history_stays() {
    let tree = acme();
    let (_, errors) = load(&tree);
    assert!(errors.is_empty(), "{errors:?}");
    let found = leaves(&tree, "Ada-L");
    for (path, text) in [
        (
            "people/ada.yaml",
            "name: Ada\nhandles: {github: Ada-L, chat: ada}\nemail: ada@acme.example\nrungs:\n- {rung: member, since: 2020-01-01, sponsors: [bob]}\nleft: 2026-03-31\n",
        ),
        (
            "groups/docs.yaml",
            "title: Docs\nleads:\n- {person: ada, role: chair, since: 2020-01-01, until: 2026-03-30} # first\n- {person: ada, role: chair, since: 2018-01-01, until: 2018-12-31}\n- {person: ada, role: lead, until: 2026-03-30}\n- person: bob\n  role: chair\n",
        ),
        ("groups/lab.yaml", "title: Lab\nleads: []\nmembers: [bob]\n"),
        (
            "organisations/acme.yaml",
            "admins: [bob]\nmembers: [bob]\nrepositories:\n  site:\n    collaborators:\n      bob: read\n    branches:\n      main:\n        push_people:\n        - bob\n",
        ),
        (
            "teams/writers.yaml",
            "organisation: acme\nmaintainers: [bob]\nmembers:\n  - bob\ntemporary: []\nroles:\n  - {system: cloud, role: editor, on: site}\n",
        ),
        (
            "teams/keepers.yaml",
            "maintainers: [bob]\nmembers: []\ninclude:\n- {group: docs, exclude: [ada]}\n",
        ),
        (
            "mailing-groups/docs.yaml",
            "email: docs@acme.example\nowners: []\nmembers:\n- bob@acme.example\n",
        ),
        (
            "site/OWNERS",
            "# who\napprovers:\n- bob\nreviewers:\n- bob\n\nemeritus_approvers:\n- ada-l\n- zoe\n",
        ),
        (
            "site/doc/OWNERS",
            "filters:\n  \".*\":\n    reviewers: [bob]\n    required_reviewers: []\n    emeritus_reviewers: [ada-l]\n",
        ),
        ("site/OWNERS_ALIASES", "aliases:\n  leads: []\n"),
        (
            "access-systems/forge.yaml",
            "kind: github\nowner: docs\nsecret: env/FORGE_TOKEN\nuser: ada\nrequired_admins: [bob]\n",
        ),
    ] {
        assert_eq!(after(&found, path), text, "{path}");
    }
    let service = after(&found, "services/site.yaml");
    assert!(
        service.contains("staff: [bob]\n")
            && service.contains("  rota: [bob]\n  escalation:\n  - {group: docs}\n"),
        "{service}"
    );
    let edited = EditedTree::new(&tree, &found.edits);
    let (estate, errors) = load(&edited);
    assert!(errors.is_empty(), "{errors:?}");
    let left = mentions(&estate, "ada");
    let others = left.iter().filter(|one| !one.how.stays());
    let others: Vec<How> = others.map(|one| one.how).collect();
    assert_eq!(others, [How::Account, How::Text]);
    let hows: BTreeSet<How> = found.stays.iter().map(|one| one.how).collect();
    let all = [
        How::Own,
        How::PastTerm,
        How::Excluded,
        How::Sponsor,
        How::Mentor,
    ];
    assert_eq!(hows, BTreeSet::from(all));
    let matrix = Matrix::of(&estate, DAY);
    assert_eq!(matrix.what_can(&Principal::Person("ada".to_owned())), []);
}

#[test]
fn what_no_edit_does_is_listed_and_so_is_what_must_be_rotated() {
    let found = leaves(&acme(), "ada");
    let by_hand: Vec<String> = found
        .by_hand
        .iter()
        .map(|one| format!("{}: {}", one.place, one.what))
        .collect();
    for expected in [
        "access-systems/forge.yaml:4: remove them here: the account of access-system/forge",
        "account/cloud: end their sign-in at gcp (acme-1)",
        "mailing-group/docs: take them out there",
        "organisation/acme: take them out there",
        "people/bob.yaml:6: have the private contacts of person/bob encrypted anew",
        "person/ada: end what `ada` may do in the chat: administration, private channels",
        "service/site: end their access to its console",
        "services/vault.yaml:2: remove them here: named in services/vault.yaml",
        "teams/writers.yaml:10: take the role editor on site at cloud from them",
    ] {
        assert!(
            by_hand.iter().any(|one| one == expected),
            "{expected} not in {by_hand:#?}"
        );
    }
    assert_eq!(by_hand.len(), 9, "{by_hand:#?}");
    let rotate: Vec<String> = found
        .rotate
        .iter()
        .map(|one| format!("{}: {}", one.place, one.what))
        .collect();
    for expected in [
        "access-system/forge: the secret in `FORGE_TOKEN`",
        "dns-server/ns: the shared key `k` in `TSIG`",
        "service/site: the credential that service/site has from service/vault",
        "service/site: what is secret among: Keys",
    ] {
        assert!(
            rotate.iter().any(|one| one == expected),
            "{expected} not in {rotate:#?}"
        );
    }
    let json = serde_json::to_value(&found).expect("it is JSON");
    assert_eq!(json["by_hand"][0]["where"], "access-systems/forge.yaml:4");
    assert!(
        found
            .loses
            .iter()
            .any(|access| access.what == Thing::PrivateContacts)
    );
}

#[test]
fn every_reference_to_a_person_is_a_mention() {
    let (estate, _) = load(&acme());
    let mut places = BTreeSet::new();
    estate.tables.each(&mut |item| {
        item.references(&mut |reference| {
            if reference.kind == estate::KindId::Person
                && ["ada", "ada-l"].contains(&reference.name.to_lowercase().as_str())
            {
                places.insert((
                    estate.sources.file(reference.span.file).path.clone(),
                    reference.span.start as usize,
                ));
            }
        });
    });
    let found: BTreeSet<_> = mentions(&estate, "ada@acme.example")
        .into_iter()
        .map(|one| (one.path, one.at))
        .collect();
    assert!(places.is_subset(&found), "{:?}", places.difference(&found));
    assert!(mentions(&estate, "nobody").is_empty());
}

#[test]
fn filters_that_have_no_effect_are_not_woken() {
    let tree = acme().with(
        "site/OWNERS",
        "approvers: [ada-l]\nfilters:\n  \"x\":\n    approvers: [eve]\n",
    );
    let found = leaves(&tree, "ada");
    assert!(found.edits.iter().all(|edit| edit.path != "site/OWNERS"));
    assert!(
        found.by_hand.iter().any(|one| one.place == "site/OWNERS:1"),
        "{:#?}",
        found.by_hand
    );
}

#[test]
fn an_unknown_name_is_refused_and_a_stranger_gets_a_file() {
    let tree = acme();
    let (estate, _) = load(&tree);
    let error = offboard(&estate, &tree, "adda", DAY, None).expect_err("nobody is called so");
    assert_eq!(
        error.to_string(),
        "the estate knows nobody called `adda`; did you mean `ada`?"
    );
    let tree = tree
        .with("teams/more.yaml", "members: [bob]\n")
        .with("site/doc/OWNERS", "approvers: [Zed]\n");
    let found = leaves(&tree, "zed");
    assert_eq!(
        after(&found, "people/zed.yaml"),
        "handles:\n  github: Zed\nleft: 2026-03-31\n"
    );
}

fn newcomer() -> (Newcomer, Place) {
    let newcomer = Newcomer {
        name: "cy".to_owned(),
        login: "Cy-B".to_owned(),
        github_id: Some(7),
        full_name: Some("Cy".to_owned()),
        email: Some("cy@acme.example".to_owned()),
        company: Some("Cedar: Labs".to_owned()),
        time_zone: Some("Europe/Paris".to_owned()),
    };
    let place = Place {
        rung: "member".to_owned(),
        organisation: Some("acme".to_owned()),
        sponsors: vec!["Ada-L".to_owned(), "bob".to_owned()],
    };
    (newcomer, place)
}

#[test]
fn whoever_joins_gets_a_file_and_a_place_and_to_join_twice_changes_nothing() {
    let tree = acme().with("charter.yaml", "ladders:\n- name: c\n  rungs:\n  - {name: member, requires: {sponsors: 2, sponsor_employers: 2}}\n");
    let (estate, _) = load(&tree);
    let (newcomer, place) = newcomer();
    let found = onboard(&estate, &tree, &newcomer, &place, DAY).expect("they may join");
    let texts: BTreeMap<_, _> = found
        .edits
        .iter()
        .map(|edit| (edit.path.as_str(), edit.after.as_str()))
        .collect();
    assert_eq!(
        texts["people/cy.yaml"],
        "name: Cy\nhandles:\n  github: Cy-B\n  github_id: 7\nemail: cy@acme.example\nemployers: [{company: \"Cedar: Labs\"}]\ntime_zone: Europe/Paris\nrungs: [{rung: member, since: 2026-03-31, sponsors: [ada, bob]}]\n"
    );
    assert!(texts["organisations/acme.yaml"].contains("members: [ada, bob, cy]\n"));
    assert_eq!(found.missing.len(), 1, "{:?}", found.missing);
    assert!(
        found.missing[0].contains("sponsors of 2 employers"),
        "{:?}",
        found.missing
    );
    let edited = EditedTree::new(&tree, &found.edits);
    let (estate, errors) = load(&edited);
    assert!(errors.is_empty(), "{errors:?}");
    let again = onboard(&estate, &edited, &newcomer, &place, DAY).expect("they may join again");
    assert_eq!(again.edits, []);
    assert!(
        Matrix::of(&estate, DAY)
            .organisation("acme")
            .iter()
            .any(|one| one.login == "Cy-B")
    );
    let more = Place {
        rung: "reviewer".to_owned(),
        ..place
    };
    let more = onboard(&estate, &edited, &newcomer, &more, DAY).expect("they may rise");
    assert_eq!(more.edits.len(), 1);
    assert!(
        more.edits[0]
            .after
            .contains("sponsors: [ada, bob]}, {rung: reviewer"),
        "{}",
        more.edits[0].after
    );
}

#[test]
fn a_login_or_account_of_somebody_else_is_refused() {
    let tree = acme().with("people/dee.yaml", "handles: {github: dee, github_id: 9}\n");
    let (estate, _) = load(&tree);
    let (sound, place) = newcomer();
    let ask = |newcomer: &Newcomer| {
        onboard(&estate, &tree, newcomer, &place, DAY).expect_err("it is refused")
    };
    let with = |name: &str, login: &str, id| Newcomer {
        name: name.to_owned(),
        login: login.to_owned(),
        github_id: Some(id),
        ..sound.clone()
    };
    assert!(matches!(
        ask(&with("cy", "ADA-L", 7)),
        Refused::LoginTaken { .. }
    ));
    assert!(matches!(
        ask(&with("ada", "cy", 7)),
        Refused::OtherLogin { .. }
    ));
    assert!(matches!(
        ask(&with("dee", "Dee", 7)),
        Refused::OtherAccount { .. }
    ));
    assert!(matches!(
        ask(&with("cy", "cy", 9)),
        Refused::AccountTaken { .. }
    ));
    assert!(matches!(ask(&with("../cy", "cy", 7)), Refused::Name(_)));
    let own = Place {
        sponsors: vec!["cy-b".to_owned()],
        ..place.clone()
    };
    assert!(matches!(
        onboard(&estate, &tree, &sound, &own, DAY),
        Err(Refused::Sponsor(_))
    ));
    let none = Place {
        organisation: Some("acne".to_owned()),
        ..place.clone()
    };
    let error =
        onboard(&estate, &tree, &sound, &none, DAY).expect_err("there is no such organisation");
    assert_eq!(
        error.to_string(),
        "the estate has no organisation `acne`; did you mean `acme`?"
    );
}
