//! Eight organisations and all mailing groups: as many as the source has, applied once, and then
//! there is nothing left to do.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use access::Sort;
use change::Domain;
use change::apply::Ending;
use estate::Estate;
use testkit::fakes::github::GitHub;
use testkit::fakes::google::Google;

use crate::adopted::spine::*;
use crate::adopted::tree::Overlaid;

/// The account that the community's program works as.
const ROBOT: &str = "k8s-ci-robot";

const ORGANISATIONS: [&str; 8] = [
    "etcd-io",
    "kubernetes",
    "kubernetes-client",
    "kubernetes-csi",
    "kubernetes-incubator",
    "kubernetes-nightly",
    "kubernetes-retired",
    "kubernetes-sigs",
];

/// The stand-ins, and the tree with the files that say where they are.
pub(crate) struct Hosted {
    pub(crate) hub: GitHub,
    lists: [Google; 2],
    pub(crate) tree: Overlaid,
}

impl Hosted {
    pub(crate) fn real() -> Option<Self> {
        let tree = Overlaid::real()?;
        let hub = GitHub::start();
        let lists = [Google::start("kubernetes.io"), Google::start("etcd.io")];
        let system = format!(
            "kind: github\naddress: {}\nsecret: env/HUB\norganisations: [{}]\n",
            hub.url(),
            ORGANISATIONS.join(", ")
        );
        let mut tree = tree.with("access-systems/hub.yaml", &system);
        for (list, domain) in lists.iter().zip(["kubernetes.io", "etcd.io"]) {
            let system = format!(
                "kind: google-groups\naddress: {}\nuser: {}\nsecret: env/{}\nmail_domains: [{domain}]\n",
                list.url(),
                list.administrator(),
                domain.replace('.', "_")
            );
            let name = domain.replace('.', "-");
            tree = tree.with(&format!("access-systems/{name}.yaml"), &system);
        }
        Some(Self { hub, lists, tree })
    }

    pub(crate) fn secret(&self, name: &str) -> Option<String> {
        match name {
            "HUB" => Some(self.hub.token().to_owned()),
            "kubernetes_io" => Some(self.lists[0].key_file()),
            "etcd_io" => Some(self.lists[1].key_file()),
            _ => None,
        }
    }

    /// Accounts, empty organisations, and the repositories that are spoken of.
    pub(crate) fn furnish(&self, estate: &Estate) {
        self.hub.with(|world| {
            let mut id = 1000;
            for person in estate.tables.people.items() {
                let login = person.value.handles.github.as_ref();
                let login = login.map_or(person.name.as_str(), |login| login.as_str());
                if login != ROBOT && world.account(login).is_none() {
                    id += 1;
                    world.add_account(login, id);
                }
            }
            for organisation in ORGANISATIONS {
                world.add_org(organisation);
            }
            world.rename_account(GitHub::BOT, ROBOT);
            for team in estate.tables.teams.items() {
                for grant in &team.value.grants {
                    let (organisation, name) = grant.repository.split_once('/').unwrap();
                    if world.repo(&grant.repository).is_none() {
                        world.add_repo(organisation, name);
                    }
                }
            }
        });
    }

    fn violations(&self) -> Vec<String> {
        let mut all = self.hub.violations();
        all.extend(self.lists.iter().flat_map(Google::violations));
        all
    }
}

/// How many of each sort there are.
fn counts<'s>(states: impl IntoIterator<Item = &'s access::State>) -> BTreeMap<Sort, usize> {
    let mut counts = BTreeMap::new();
    for key in states.into_iter().flat_map(|state| state.entries.keys()) {
        *counts.entry(key.sort).or_default() += 1;
    }
    counts
}

#[test]
fn all_of_it_is_wanted_as_the_source_has_it_and_applied_once_there_is_nothing_left_to_do() {
    let Some(hosted) = Hosted::real() else { return };
    let estate = hosted.tree.estate();
    hosted.furnish(&estate);
    let secrets = |name: &str| hosted.secret(name);
    // What this takes is counted below; waiting for an hour would show nothing.
    hosted
        .hub
        .set_rest_limit(1_000_000, Duration::from_secs(3600));
    let is = access(&estate, &secrets);
    let scopes = is.scopes();
    assert_eq!(scopes.len(), 10);
    let start = Instant::now();
    let wanted: Vec<_> = scopes
        .iter()
        .map(|scope| is.desired(scope).unwrap())
        .collect();
    eprintln!("desired: {:?}", start.elapsed());
    let counts = counts(&wanted);
    // The counts of the files, taken by another program.
    assert_eq!(counts[&Sort::Member], 2666);
    assert_eq!(counts[&Sort::Team], 766);
    assert_eq!(counts[&Sort::TeamMember], 3615);
    assert_eq!(counts[&Sort::TeamGrant], 631);
    assert_eq!(counts[&Sort::MailingGroup], 221);
    assert_eq!(counts[&Sort::MailingMember], 1353);
    let (_folder, mut ledger) = ledger();
    for scope in &scopes {
        let planned = plan(&is, None, scope).unwrap();
        let count = planned.changes.len();
        let start = Instant::now();
        let report = run(&is, planned, &mut ledger);
        eprintln!("{scope}: {count} changes in {:?}", start.elapsed());
        assert_eq!(report.ending, Ending::Applied, "{scope}");
    }
    accept_all(&hosted);
    // Another run, as if on another day: it asks anew.
    let again = access(&estate, &secrets);
    for scope in &scopes {
        let planned = plan(&again, Some(&again), scope).unwrap();
        assert!(planned.changes.is_empty(), "{scope}: {:?}", words(&planned));
        assert!(planned.exceeded.is_empty());
    }
    no_op_is_cheap(&hosted, &estate);
    assert_eq!(hosted.violations(), Vec::<String>::new());
}

/// Everybody who was invited says yes.
fn accept_all(hosted: &Hosted) {
    hosted.hub.with(|world| {
        let mut invited = Vec::new();
        for organisation in ORGANISATIONS {
            let org = world.org(organisation).unwrap();
            let pending = org.invitations.values().filter_map(|one| one.account);
            let logins = pending.map(|account| world.login_of(account).to_owned());
            invited.extend(logins.map(|login| (organisation, login)));
        }
        for (organisation, login) in invited {
            world.accept_invitation(organisation, &login);
        }
    });
}

/// A plan that finds nothing to do asks little.
#[expect(clippy::print_stderr, reason = "it measures")]
fn no_op_is_cheap(hosted: &Hosted, estate: &Estate) {
    let secrets = |name: &str| hosted.secret(name);
    hosted.hub.forget_requests();
    hosted.lists.iter().for_each(Google::forget_requests);
    hosted.hub.set_latency(Duration::from_millis(20));
    let is = access(estate, &secrets);
    let start = Instant::now();
    for scope in is.scopes().iter().filter(|scope| scope.at == "hub") {
        let planned = plan(&is, Some(&is), scope).unwrap();
        assert!(planned.changes.is_empty(), "{scope}: {:?}", words(&planned));
    }
    let (took, asked) = (start.elapsed(), hosted.hub.requests().len());
    eprintln!("organisations, nothing to do, at 20 ms: {asked} requests, {took:?}");
    assert!(asked <= 400, "{asked}");
    for scope in is.scopes().iter().filter(|scope| scope.at != "hub") {
        let planned = plan(&is, Some(&is), scope).unwrap();
        assert!(planned.changes.is_empty(), "{scope}: {:?}", words(&planned));
    }
    let asked: usize = hosted.lists.iter().map(|list| list.requests().len()).sum();
    eprintln!("mailing groups, nothing to do: {asked} requests");
    assert!(asked <= 450, "{asked}");
    hosted.hub.set_latency(Duration::ZERO);
}

#[test]
fn a_chair_who_is_replaced_moves_exactly_the_access_that_hangs_on_the_role() {
    let Some(hosted) = Hosted::real() else { return };
    let team = "title: sig-docs-chairs\norganisation: kubernetes\ninclude: [{group: sig-docs, role: chair}]\n\
                grants: [{repository: kubernetes/website, permission: maintain}]\ndirectory_group: docs-chairs\n";
    let list =
        "email: docs-chairs@kubernetes.io\ninclude: [{group: sig-docs, role: chair, as: owner}]\n";
    let directory = "kind: ldap\naddress: ldaps://directory.example.org\nuser: cn=a,dc=example,dc=org\nsecret: env/L\nbase: dc=example,dc=org\n";
    let tree = hosted
        .tree
        .clone()
        .with("teams/kubernetes/sig-docs-chairs.yaml", team)
        .with("mailing-groups/docs-chairs.yaml", list)
        .with("access-systems/directory.yaml", directory);
    let was = tree.estate();
    let group = was.tables.groups.get("sig-docs").unwrap();
    let old = group
        .value
        .leads_on(DAY)
        .find(|lead| lead.role.value == "chair")
        .unwrap();
    let old = was.tables.people.get(&old.person.name).unwrap();
    // Somebody who has nothing of it yet.
    let (old, new) = (old.name.clone(), "new-chair");
    let path = "community/sigs.yaml";
    let sigs = estate::Tree::read(&tree, path).unwrap();
    let at = sigs.find("dir: sig-docs\n").unwrap();
    let chair = sigs[at..]
        .to_lowercase()
        .find(&format!("github: {old}"))
        .unwrap()
        + at;
    let (line, rest) = sigs[chair..].split_once('\n').unwrap();
    let changed = format!("{}github: {new}\n{rest}", &sigs[..chair]);
    assert!(line.starts_with("github: "));
    let is = tree
        .with(path, &changed)
        .with(
            "people/new-chair.yaml",
            "name: New Chair\nemail: new-chair@example.org\n",
        )
        .estate();
    let none = |_: &str| None;
    let (before, after) = (access(&was, &none), access(&is, &none));
    let mut all = Vec::new();
    for scope in after.scopes() {
        let current = before.desired(&scope).unwrap();
        let desired = after.desired(&scope).unwrap();
        let changes = after
            .diff(&scope, &current, &desired, Some(&current))
            .changes;
        let words = changes
            .iter()
            .map(|one| format!("{} {} {}", scope.name, one.action.mark(), one.resource));
        all.extend(words);
    }
    let has = |part: &str| all.iter().any(|word| word.contains(part));
    let old = old.to_lowercase();
    for part in [
        format!("kubernetes - team sig-docs-chairs > member {old}"),
        "kubernetes + team sig-docs-chairs > member new-chair".to_owned(),
        "kubernetes + member new-chair".to_owned(),
        "kubernetes.io + mailing group docs-chairs@kubernetes.io > member new-chair@example.org"
            .to_owned(),
        "kubernetes.io - mailing group docs-chairs@kubernetes.io > member ".to_owned(),
        "+ person new-chair".to_owned(),
        "- group docs-chairs > member ".to_owned(),
        "+ group docs-chairs > member new-chair".to_owned(),
    ] {
        assert!(has(&part), "no {part} in {all:#?}");
    }
    // The old chair leaves the directory with the last group there; nothing else moves.
    assert_eq!(all.len(), 9, "{all:#?}");
}
