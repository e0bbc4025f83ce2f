//! Who is where, who can do what, and that both questions have one answer.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod real;

use access::model::{AskError, Level, Matrix, Principal, what_can, who_can};
use estate::kinds::{MailingRole, Permission, TeamRole, Visibility};
use estate::{Estate, MemoryTree};
use jiff::civil::{Date, date};

const DAY: Date = date(2026, 3, 1);

fn estate(files: &[(&str, &str)]) -> Estate {
    let start = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Test\n");
    let tree = files
        .iter()
        .fold(start, |tree, (path, text)| tree.with(path, *text));
    let (estate, findings) = formats::load(&tree).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
    estate
}

/// Ada chairs the group docs, Bob leads its technology, Cleo is in it, Dan has left.
const COMMUNITY: [(&str, &str); 6] = [
    (
        "people/ada.yaml",
        "name: Ada\nhandles: {github: AdaLace}\nemail: ada@example.org\nother_emails: [ada@example.net]\n",
    ),
    ("people/bob.yaml", "name: Bob\nemail: bob@example.org\n"),
    ("people/cleo.yaml", "name: Cleo\n"),
    ("people/dan.yaml", "name: Dan\nleft: 2026-02-01\n"),
    (
        "groups/docs.yaml",
        "leads:\n  - {person: ada, role: chair, since: 2025-01-01, until: 2026-12-31}\n  \
           - {person: bob, role: tech-lead}\n  - {person: dan, role: chair, until: 2025-01-01}\n\
         members: [cleo, dan]\n",
    ),
    (
        "organisations/acme.yaml",
        "admins: [bob]\nmembers: [ada, cleo]\n",
    ),
];

fn community(more: &[(&str, &str)]) -> Estate {
    estate(&[&COMMUNITY, more].concat())
}

fn people(matrix: &Matrix<'_>, team: &str) -> Vec<String> {
    let members = matrix.members(team).into_iter();
    members
        .map(|one| format!("{} {}", one.login, one.role))
        .collect()
}

#[test]
fn a_team_holds_those_named_those_for_a_time_and_those_it_includes() {
    let estate = community(&[
        (
            "teams/acme/writers.yaml",
            "organisation: acme\ninclude: [{group: docs, role: chairs, as: maintainer}]\n\
             temporary:\n  - {person: cleo, until: 2026-03-01, reason: the release}\n  \
               - {person: bob, until: 2026-02-28}\n",
        ),
        (
            "teams/all.yaml",
            "include: [{group: docs, exclude: [bob]}, {team: acme/writers}]\n",
        ),
    ]);
    let matrix = Matrix::of(&estate, DAY);
    assert_eq!(
        people(&matrix, "acme/writers"),
        ["AdaLace maintainer", "cleo member"]
    );
    assert_eq!(people(&matrix, "all"), ["AdaLace member", "cleo member"]);
    let ada = &matrix.members("all")[0];
    let ways: Vec<String> = ada.why.iter().map(ToString::to_string).collect();
    assert_eq!(
        ways,
        [
            "chair of group/docs since 2025-01-01 until 2026-12-31 (groups/docs.yaml:2), \
             member of team/all, which includes them (teams/all.yaml:1)",
            "chair of group/docs since 2025-01-01 until 2026-12-31 (groups/docs.yaml:2), \
             maintainer of team/acme/writers, which includes them (teams/acme/writers.yaml:2), \
             member of team/all, which includes that team (teams/all.yaml:1)",
        ]
    );
    // The term ends, and the membership with it; Cleo is in the group without end.
    assert_eq!(ada.until, Some(date(2026, 12, 31)));
    assert_eq!(matrix.members("all")[1].until, None);
    let later = Matrix::of(&estate, date(2027, 1, 1));
    assert_eq!(people(&later, "acme/writers"), Vec::<String>::new());
}

#[test]
fn administrators_of_an_organisation_maintain_its_teams() {
    let estate = community(&[(
        "teams/acme/x.yaml",
        "organisation: acme\nmembers: [bob, ada]\n",
    )]);
    let matrix = Matrix::of(&estate, DAY);
    assert_eq!(
        people(&matrix, "acme/x"),
        ["AdaLace member", "bob maintainer"]
    );
}

#[test]
fn teams_that_include_each_other_hold_the_same_people() {
    let estate = community(&[
        ("teams/one.yaml", "members: [ada]\ninclude: [{team: two}]\n"),
        (
            "teams/two.yaml",
            "members: [bob]\ninclude: [{team: three}]\n",
        ),
        (
            "teams/three.yaml",
            "members: [cleo]\ninclude: [{team: one}]\nparent: three\n",
        ),
    ]);
    let matrix = Matrix::of(&estate, DAY);
    for team in ["one", "two", "three"] {
        assert_eq!(matrix.members(team).len(), 3, "{team}");
        assert!(matrix.members(team).iter().all(|one| !one.why.is_empty()));
    }
}

#[test]
fn many_ways_in_take_no_longer_than_few() {
    let mut files = vec![("people/ada.yaml".to_owned(), "name: Ada\n".to_owned())];
    files.push(("teams/l0.yaml".to_owned(), "members: [ada]\n".to_owned()));
    files.push(("teams/r0.yaml".to_owned(), "members: [ada]\n".to_owned()));
    for n in 1..40 {
        for side in ["l", "r"] {
            let text = format!("include: [{{team: l{}}}, {{team: r{}}}]\n", n - 1, n - 1);
            files.push((format!("teams/{side}{n}.yaml"), text));
        }
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let estate = estate(&files);
    let members = Matrix::of(&estate, DAY).members("l39");
    assert_eq!(members.len(), 1);
    assert!((1..=32).contains(&members[0].why.len()));
}

#[test]
fn an_inclusion_that_says_two_things_brings_nobody() {
    let estate = community(&[
        (
            "teams/a.yaml",
            "members: [bob]\ninclude: [{group: docs, team: b}]\n",
        ),
        ("teams/b.yaml", "members: [cleo]\n"),
        (
            "teams/c.yaml",
            "include: [{team: b, role: chair}, {role: chair}]\n",
        ),
    ]);
    let matrix = Matrix::of(&estate, DAY);
    assert_eq!(people(&matrix, "a"), ["bob member"]);
    assert_eq!(people(&matrix, "c"), Vec::<String>::new());
}

#[test]
fn chairs_reach_mailing_groups_by_their_public_address_and_by_one_address_only() {
    let estate = community(&[
        (
            "mailing-groups/leads.yaml",
            "email: leads@example.org\nmembers: [ada@example.net, dev@example.org]\n\
             include: [{group: docs, role: lead, as: owner}, {group: docs, role: member}]\n",
        ),
        (
            "mailing-groups/dev.yaml",
            "email: dev@example.org\nmembers: [bob@example.org]\n",
        ),
        (
            "teams/ops.yaml",
            "members: [bob]\nroles: [{mailing_group: dev@example.org, role: Manager}]\n",
        ),
    ]);
    let matrix = Matrix::of(&estate, DAY);
    let entries = |list| {
        let members = matrix.mailing(list).into_iter();
        members
            .map(|one| (one.address, one.role))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        entries("leads"),
        [
            ("ada@example.net".to_owned(), MailingRole::Owner),
            ("bob@example.org".to_owned(), MailingRole::Owner),
            ("dev@example.org".to_owned(), MailingRole::Member),
        ]
    );
    assert_eq!(
        entries("dev"),
        [("bob@example.org".to_owned(), MailingRole::Manager)]
    );
    let missing = matrix.unreachable();
    assert_eq!(missing.len(), 1);
    assert_eq!(
        (missing[0].0.name.as_str(), missing[0].1),
        ("cleo", "leads")
    );
}

#[test]
fn who_has_left_has_nothing() {
    let estate = estate(&[
        (
            "people/dan.yaml",
            "name: Dan\nemail: dan@example.org\nleft: 2026-02-01\n",
        ),
        ("organisations/acme.yaml", "admins: [dan]\n"),
        (
            "teams/a.yaml",
            "members: [dan]\ntemporary: [{person: dan, until: 2026-12-31}]\n",
        ),
        (
            "mailing-groups/l.yaml",
            "email: l@example.org\nowners: [dan@example.org]\n",
        ),
    ]);
    let matrix = Matrix::of(&estate, DAY);
    assert!(matrix.members("a").is_empty());
    assert!(matrix.mailing("l").is_empty());
    assert!(matrix.organisation("acme").is_empty());
    assert!(
        matrix
            .what_can(&Principal::Person("dan".to_owned()))
            .is_empty()
    );
    assert!(
        !Matrix::of(&estate, date(2026, 1, 31))
            .members("a")
            .is_empty()
    );
}

#[test]
fn questions_are_asked_in_plain_words() {
    let estate = community(&[
        (
            "teams/acme/writers.yaml",
            "organisation: acme\nmembers: [ada]\ndirectory_group: Writers\n\
             grants: [{repository: acme/Site, permission: write, until: 2026-03-01}]\n\
             roles: [{system: cloud, role: viewer, on: project/x}]\n",
        ),
        (
            "teams/acme/part.yaml",
            "organisation: acme\nparent: acme/writers\nmembers: [cleo]\n",
        ),
        (
            "services/site.yaml",
            "name: Site\nsummary: The site.\nkind: custom\nowner: docs\nstaff: [cleo]\n\
             administration: {team: acme/writers, by: gitops}\n",
        ),
        (
            "mailing-groups/dev.yaml",
            "email: dev@example.org\nowners: [bob@example.org]\n",
        ),
    ]);
    for (asked, who) in [
        ("who can write to acme/site?", "ada bob cleo"),
        ("push to the acme/site", "ada bob cleo"),
        ("admin acme/site", "bob"),
        ("admin acme", "bob"),
        ("be in acme", "ada bob cleo"),
        ("be in acme/writers", "ada"),
        ("maintain team acme/writers", ""),
        ("own dev@example.org", "bob"),
        ("manage dev", "bob"),
        ("deploy site", "ada cleo"),
        ("run service/site", "cleo"),
        ("own site", "ada bob"),
        ("use viewer", "ada cleo"),
        ("be in directory group writers", "ada"),
        ("sign", ""),
    ] {
        let answers = who_can(&estate, DAY, asked).unwrap();
        let names = answers
            .iter()
            .map(|one| one.who.to_string().replace("person/", ""));
        assert_eq!(names.collect::<Vec<_>>().join(" "), who, "{asked}");
    }
    // The grant ends with the day; the administrator stays.
    assert_eq!(
        who_can(&estate, date(2026, 3, 2), "write acme/site")
            .unwrap()
            .len(),
        1
    );
    for (asked, told) in [
        ("write", "is not understood"),
        ("befriend acme", "is not understood"),
        ("write acmee/site", "did you mean `acme/site`?"),
        ("deploy sitee", "did you mean `site`?"),
        (
            "own devv@example.org",
            "no mailing group `devv@example.org`",
        ),
    ] {
        let error = who_can(&estate, DAY, asked).unwrap_err();
        assert!(error.to_string().contains(told), "{asked}: {error}");
    }
    assert!(matches!(
        what_can(&estate, DAY, "adda"),
        Err(AskError::Unknown { .. })
    ));
    assert_eq!(
        what_can(&estate, DAY, "@adalace").unwrap(),
        what_can(&estate, DAY, "ada@example.net").unwrap()
    );
}

#[test]
fn a_review_lists_what_a_group_has_given_and_what_is_wrong_with_it() {
    let estate = community(&[
        (
            "teams/acme/writers.yaml",
            "organisation: acme\nowner: docs\nmembers: [ada]\n\
             grants:\n  - {repository: acme/site, permission: write, reason: they write it, confirmed: 2026-01-01}\n  \
               - {repository: acme/old, permission: admin, until: 2026-02-01}\n  \
               - {repository: acme/keys, permission: admin, reason: leak, confirmed: 2026-03-01, until: 2026-04-01, break_glass: true}\n",
        ),
        (
            "mailing-groups/dev.yaml",
            "email: dev@example.org\nowner: docs\nowners: [bob@example.org]\n",
        ),
    ]);
    let review = Matrix::of(&estate, DAY).review("docs").unwrap();
    let wrong: Vec<(&str, String)> = review
        .lines
        .iter()
        .map(|line| (line.what.as_str(), line.wrong.join("; ")))
        .collect();
    assert_eq!(
        wrong,
        [
            ("be in team/acme/writers", String::new()),
            ("write acme/site", String::new()),
            (
                "admin acme/old",
                "no reason is given; nobody has confirmed it; it has ended: remove it".to_owned()
            ),
            (
                "admin acme/keys",
                "it was taken in an emergency: look at what was done with it; \
                 an emergency does not last so long"
                    .to_owned()
            ),
            ("own dev@example.org", String::new()),
            ("receive dev@example.org", "nobody has it".to_owned()),
        ]
    );
    let text = review.to_markdown();
    assert!(
        text.contains("- [ ] **write acme/site**: AdaLace\n"),
        "{text}"
    );
    assert!(
        text.contains("because they write it; confirmed 2026-01-01"),
        "{text}"
    );
    assert!(text.ends_with("Signed (name, date):\n"));
    assert!(Matrix::of(&estate, DAY).review("nothing").is_none());
    assert!(
        serde_json::to_string(&review)
            .unwrap()
            .contains("\"confirmed\":\"2026-01-01\"")
    );
}

#[test]
fn levels_and_roles_are_read_from_what_people_write() {
    let estate = community(&[("teams/a.yaml", "maintainers: [ada]\n")]);
    let matrix = Matrix::of(&estate, DAY);
    assert_eq!(matrix.members("a")[0].role, TeamRole::Maintainer);
    let question = matrix.question("maintain team/a").unwrap();
    assert_eq!(question.level, Level::Maintainer);
    assert_eq!(matrix.who_can(&question).len(), 1);
}

#[test]
fn what_an_adopted_file_says_of_an_organisation_and_its_repositories_is_kept() {
    let estate = estate(&[
        (
            "commonhold.yaml",
            "commonhold: 1\nname: Test\nsources: [{format: peribolos, path: orgs.yaml}]\n",
        ),
        (
            "orgs.yaml",
            "orgs:\n  acme:\n    company: Acme\n    default_repository_permission: read\n    \
                 admins: [ada]\n    members: [bob]\n    repos:\n      site:\n        private: true\n        \
                 collaborators: {eve: triage}\n        previously: [www]\n        on_create: {auto_init: true}\n      \
                 lab: {visibility: internal, fork_from: other/lab}\n",
        ),
    ]);
    let acme = &estate.tables.organisations.get("acme").unwrap().value;
    assert_eq!(acme.settings.company.as_deref(), Some("Acme"));
    let site = acme.repositories.get("site").unwrap();
    assert_eq!(site.visibility, Some(Visibility::Private));
    assert_eq!(site.previously, ["www"]);
    assert_eq!(site.on_create.as_ref().unwrap().auto_init, Some(true));
    assert_eq!(site.collaborators.get("eve"), Some(&Permission::Triage));
    let lab = acme.repositories.get("lab").unwrap();
    assert_eq!(
        (lab.visibility, lab.fork_from.as_deref()),
        (Some(Visibility::Internal), Some("other/lab"))
    );
    // Members may read all of it, Eve may sort the issues of one.
    let can = |asked: &str| who_can(&estate, DAY, asked).unwrap().len();
    assert_eq!(
        (
            can("read acme/lab"),
            can("read acme/site"),
            can("triage acme/site")
        ),
        (2, 3, 2)
    );
}

#[test]
fn a_liaison_comes_with_a_group_only_if_asked_for() {
    let estate = community(&[
        (
            "groups/ops.yaml",
            "leads: [{person: ada, role: member}]\ncontact: {liaison: bob}\n",
        ),
        ("teams/all.yaml", "include: [{group: ops}]\n"),
        (
            "teams/speakers.yaml",
            "include: [{group: ops, role: liaisons}]\n",
        ),
        ("teams/leads.yaml", "include: [{group: ops, role: leads}]\n"),
    ]);
    let matrix = Matrix::of(&estate, DAY);
    assert_eq!(people(&matrix, "all"), ["AdaLace member"]);
    assert_eq!(people(&matrix, "speakers"), ["bob member"]);
    assert_eq!(people(&matrix, "leads"), ["AdaLace member"]);
}
