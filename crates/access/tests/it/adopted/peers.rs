//! What the tools that communities use today get wrong, each named after what is right. What
//! they do was measured on the tools themselves, with the same files and the same faults.

use std::collections::BTreeSet;

use access::Access;
use base::Digest;
use change::apply::{Ending, Order, Report, apply};
use change::journal::Journal;
use change::plan::ScopePlan;
use estate::{Estate, MemoryTree};
use testkit::fakes::github::{GitHub, Permission, Role, TeamRole, World};
use testkit::fakes::google::Google;
use testkit::fakes::serving::Seen;

use crate::adopted::spine::*;

const PEOPLE: [&str; 9] = [
    "ada", "bob", "cleo", "dan", "eve", "fay", "gus", "hal", "ida",
];

/// An estate of these files, of people, and of nothing that is wrong by itself.
fn estate(files: &[(&str, &str)]) -> Estate {
    let start = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Test\n");
    let people = PEOPLE.iter().chain(&[GitHub::BOT]);
    let tree = people.fold(start, |tree, name| {
        tree.with(&format!("people/{name}.yaml"), format!("name: {name}\n"))
    });
    let tree = files
        .iter()
        .fold(tree, |tree, (path, text)| tree.with(path, *text));
    let (estate, findings) = formats::load(&tree).unwrap();
    let wrong = findings
        .iter()
        .find(|one| one.severity == base::Severity::Error);
    assert!(wrong.is_none(), "{wrong:?}");
    estate
}

/// An organisation whose owners are a person and the account that works; all others are members.
fn hub(furnish: impl FnOnce(&mut World)) -> GitHub {
    let hub = GitHub::start();
    hub.with(|world| {
        world.add_org("acme");
        for (login, number) in PEOPLE.iter().zip(100..) {
            world.add_account(login, number);
        }
        world.add_member("acme", "ada", Role::Owner);
        furnish(world);
    });
    hub.forget_requests();
    hub
}

/// The file of the system; `more` is what else it says.
fn system(hub: &GitHub, more: &str) -> String {
    format!(
        "kind: github\naddress: {}\nsecret: env/HUB\norganisations: [acme]\nmin_admins: 1\n{more}",
        hub.url()
    )
}

fn secret(hub: &GitHub) -> impl Fn(&str) -> Option<String> {
    let token = hub.token().to_owned();
    move |_: &str| Some(token.clone())
}

/// What changes something: neither a question nor the way to a token.
fn changes(seen: &[Seen]) -> Vec<String> {
    let changes = seen.iter().filter(|one| {
        one.method != "GET" && one.path != "/graphql" && !one.path.ends_with("/token")
    });
    let words = changes.map(|one| format!("{} {}", one.method, one.path));
    words.collect()
}

/// Applies a part of a plan of which nobody said that it may pass its limit. Within its limits
/// it would pass.
fn run_without_a_decision(access: &Access<'_>, planned: ScopePlan) -> Report {
    let (_folder, mut ledger) = ledger();
    let (authors, digest) = (BTreeSet::new(), Digest::of(b"a plan"));
    let order = Order {
        plan: &digest,
        commit: None,
        authors: &authors,
    };
    let mut journal = Journal::new(&mut ledger, &Now, "a test");
    let mut gate = |anew: &mut ScopePlan| {
        assert!(!anew.exceeded.is_empty(), "it is over no limit any more");
        // The verdict that the gate gives without a decision: nothing has passed.
        Vec::new()
    };
    let hands = access::Hands(access);
    let done = apply(order, planned, access, &hands, &mut journal, &mut gate);
    done.unwrap().0
}

/// The lists that a plan takes too much of.
fn over(planned: &ScopePlan) -> Vec<String> {
    planned
        .exceeded
        .iter()
        .map(change::Exceeded::text)
        .collect()
}

const GROUPS: usize = 221;

/// A directory of mailing groups, each with somebody in it, and the files that say so.
fn lists() -> (Google, Vec<(String, String)>) {
    let lists = Google::start("example.org");
    let system = format!(
        "kind: google-groups\naddress: {}\nuser: {}\nsecret: env/LISTS\nmail_domains: [example.org]\n",
        lists.url(),
        lists.administrator()
    );
    let mut files = vec![("access-systems/lists.yaml".to_owned(), system)];
    for n in 0..GROUPS {
        let address = format!("list-{n:03}@example.org");
        lists.add_group(&address, &format!("list-{n:03}"), "");
        lists.add_member(&address, "ada@example.com", "OWNER");
        let text = format!("email: {address}\nowners: [ada@example.com]\n");
        files.push((format!("mailing-groups/list-{n:03}.yaml"), text));
    }
    (lists, files)
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    let each = files.iter();
    each.map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

/// The reconciler of mailing groups deleted 199 of 221 and said that all was well.
#[test]
fn mailing_groups_cut_to_one_are_over_the_limit_and_none_is_deleted() {
    let (lists, files) = lists();
    let key = lists.key_file();
    let secrets = |_: &str| Some(key.clone());
    let (was, is) = (estate(&borrowed(&files)), estate(&borrowed(&files[..2])));
    let (before, after) = (access(&was, &secrets), access(&is, &secrets));
    let name = scope("example.org", "lists");
    let planned = plan(&after, Some(&before), &name).unwrap();
    let gone = planned
        .changes
        .iter()
        .filter(|one| one.change.action == change::Action::Delete);
    assert!(gone.count() >= GROUPS - 1);
    assert!(!planned.exceeded.is_empty());
    lists.forget_requests();
    let report = run_without_a_decision(&after, planned);
    assert_eq!(report.ending, Ending::NotPassed);
    assert_eq!(changes(&lists.requests()), Vec::<String>::new());
    assert_eq!(lists.groups().len(), GROUPS);
}

/// The reconciler of mailing groups saw the first page of them and no other.
#[test]
fn mailing_groups_that_no_file_declares_are_told_and_stay_wherever_they_sort() {
    let (lists, files) = lists();
    for n in 0..80 {
        lists.add_group(&format!("z-{n}@example.org"), "z", "");
    }
    let key = lists.key_file();
    let secrets = |_: &str| Some(key.clone());
    let estate = estate(&borrowed(&files));
    let is = access(&estate, &secrets);
    let planned = plan(&is, Some(&is), &scope("example.org", "lists")).unwrap();
    assert_eq!(words(&planned), Vec::<String>::new());
    let told = planned
        .kept
        .iter()
        .filter(|one| one.resource.starts_with("mailing group z-"));
    assert_eq!(told.count(), 80);
}

/// An organisation whose admins and members are these.
fn acme(members: &str) -> String {
    format!("admins: [commonhold-bot, ada]\nmembers: [{members}]\n")
}

/// Peribolos made them a member by way of the team, which no line of its plan said.
#[test]
fn an_outsider_in_a_nested_team_comes_to_the_organisation_first_and_in_so_many_words() {
    let hub = hub(|world| {
        world.add_team("acme", "writers");
    });
    let files = [
        ("access-systems/hub.yaml", &*system(&hub, "")),
        ("organisations/acme.yaml", &*acme("")),
        ("teams/acme/writers.yaml", "organisation: acme\n"),
        (
            "teams/acme/editors.yaml",
            "organisation: acme\nparent: acme/writers\nmembers: [dan]\n",
        ),
    ];
    let estate = estate(&files);
    let secrets = secret(&hub);
    let is = access(&estate, &secrets);
    let planned = plan(&is, None, &scope("acme", "hub")).unwrap();
    let said = words(&planned);
    for one in [
        "+ member dan",
        "+ team editors",
        "+ team editors > member dan",
    ] {
        assert!(said.iter().any(|word| word == one), "no {one} in {said:?}");
    }
    let (_folder, mut ledger) = ledger();
    assert_eq!(run(&is, planned, &mut ledger).ending, Ending::Applied);
    let done = changes(&hub.requests());
    let at = |end: &str| {
        let found = done.iter().position(|one| one.ends_with(end));
        found.unwrap_or_else(|| panic!("no {end} in {done:#?}"))
    };
    let (invited, made, put) = (
        at("PUT /orgs/acme/memberships/dan"),
        at("POST /orgs/acme/teams"),
        at("/teams/editors/memberships/dan"),
    );
    assert!(invited < put && made < put, "{done:#?}");
}

/// Peribolos changed the organisation itself before it found that it was to remove too much.
#[test]
fn a_plan_over_its_limit_changes_nothing_at_all() {
    let seven = &PEOPLE[1..9];
    let hub = hub(|world| {
        world.add_team("acme", "writers");
        for login in seven {
            world.add_member("acme", login, Role::Member);
            world.add_team_member("acme", "writers", login, TeamRole::Member);
        }
    });
    let team = |members: &str| format!("organisation: acme\nmembers: [{members}]\n");
    let organisation = acme(&seven.join(", "));
    let renamed = format!("title: Another\n{organisation}");
    let config = system(&hub, "");
    let of = |organisation: &str, team: &str| {
        estate(&[
            ("access-systems/hub.yaml", &config),
            ("organisations/acme.yaml", organisation),
            ("teams/acme/writers.yaml", team),
        ])
    };
    let was = of(&organisation, &team(&seven.join(", ")));
    let is = of(&renamed, &team("bob"));
    let secrets = secret(&hub);
    let (before, after) = (access(&was, &secrets), access(&is, &secrets));
    let planned = plan(&after, Some(&before), &scope("acme", "hub")).unwrap();
    let said = words(&planned);
    assert!(said.contains(&"~ settings".to_owned()), "{said:?}");
    let over = over(&planned);
    assert!(
        over.iter().any(|one| one.contains("team `writers`")),
        "{over:?}"
    );
    let report = run_without_a_decision(&after, planned);
    assert_eq!(report.ending, Ending::NotPassed);
    assert_eq!(changes(&hub.requests()), Vec::<String>::new());
}

/// Peribolos asks for the repositories of a team that is not made yet, and its dry run fails.
#[test]
fn a_plan_that_makes_a_team_says_what_the_team_will_do_and_asks_for_nothing_of_it() {
    let hub = hub(|world| {
        world.add_repo("acme", "site");
        world.add_repo("acme", "tools");
    });
    let files = [
        ("access-systems/hub.yaml", &*system(&hub, "")),
        ("organisations/acme.yaml", &*acme("")),
        (
            "teams/acme/writers.yaml",
            "organisation: acme\ngrants: [{repository: acme/site, permission: write}, {repository: acme/tools, permission: read}]\n",
        ),
    ];
    let estate = estate(&files);
    let secrets = secret(&hub);
    let is = access(&estate, &secrets);
    let planned = plan(&is, None, &scope("acme", "hub")).unwrap();
    assert_eq!(
        words(&planned),
        [
            "+ team writers",
            "+ team writers > repository site",
            "+ team writers > repository tools",
        ]
    );
    let asked = hub.requests();
    assert_eq!(changes(&asked), Vec::<String>::new());
    assert!(asked.iter().all(|one| one.status != Some(404)), "{asked:?}");
}

const TEAMS: usize = 30;

/// What each team may do is a list of its own, and each of these is within its limit.
#[test]
fn to_manage_grants_that_nobody_declared_is_over_the_limit_of_them_all() {
    let hub = hub(|world| {
        for n in 0..TEAMS {
            world.add_team("acme", &format!("team-{n:02}"));
            world.add_repo("acme", &format!("repo-{n:02}"));
            let (team, repository) = (format!("team-{n:02}"), format!("repo-{n:02}"));
            world.grant("acme", &team, &repository, Permission::Push);
        }
    });
    let of = |manages: &str| {
        let config = system(&hub, &format!("manages: [{manages}]\n"));
        let mut files = vec![
            ("access-systems/hub.yaml".to_owned(), config),
            ("organisations/acme.yaml".to_owned(), acme("")),
        ];
        for n in 0..TEAMS {
            let path = format!("teams/acme/team-{n:02}.yaml");
            files.push((path, "organisation: acme\n".to_owned()));
        }
        estate(&borrowed(&files))
    };
    let parts = "members, teams, team-members";
    let (was, is) = (of(parts), of(&format!("{parts}, team-grants")));
    let secrets = secret(&hub);
    let (before, after) = (access(&was, &secrets), access(&is, &secrets));
    let name = scope("acme", "hub");
    let nothing = plan(&before, Some(&before), &name).unwrap();
    assert_eq!(words(&nothing), Vec::<String>::new());
    let planned = plan(&after, Some(&before), &name).unwrap();
    assert_eq!(planned.changes.len(), TEAMS);
    assert!(!planned.exceeded.is_empty());
    let report = run_without_a_decision(&after, planned);
    assert_eq!(report.ending, Ending::NotPassed);
    assert_eq!(changes(&hub.requests()), Vec::<String>::new());
}
