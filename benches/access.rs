//! What it costs to say who shall be where in eight organisations and on 221 mailing lists, of the
//! size that a large community has, and to compare it with what is there:
//! `cargo bench -p testkit --bench access`.

use access::model::Matrix;
use access::{Access, Outside, State};
use change::{Domain, Scope};
use divan::{Bencher, black_box};
use estate::{Estate, MemoryTree};
use jiff::Timestamp;
use jiff::civil::{Date, date};

/// The sizes of a real community: people, organisations, teams, mailing groups.
const PEOPLE: usize = 1509;
const ORGANISATIONS: usize = 8;
const TEAMS: usize = 766;
const LISTS: usize = 221;
const DAY: Date = date(2026, 11, 21);

fn main() {
    divan::main();
}

fn tree() -> MemoryTree {
    let person = |at: usize| format!("person-{}", at % PEOPLE);
    let mut tree = MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: Bench\n")
        .with("groups/infra.yaml", "title: Infrastructure\n")
        .with(
            "access-systems/hub.yaml",
            "kind: github\nowner: infra\nsecret: env/T\nmin_admins: 3\norganisations: [o0, o1, o2, o3, o4, o5, o6, o7]\n",
        )
        .with(
            "access-systems/lists.yaml",
            "kind: google-groups\nowner: infra\nuser: a@example.org\nsecret: env/T\nmail_domains: [example.org]\n",
        );
    for at in 0..PEOPLE {
        let text = format!("name: Person {at}\nemail: person-{at}@example.org\n");
        tree = tree.with(&format!("people/person-{at}.yaml"), text);
    }
    let items = |count: usize, name: &dyn Fn(usize) -> String| -> String {
        let names: std::collections::BTreeSet<String> = (0..count).map(name).collect();
        names.iter().map(|name| format!("  - {name}\n")).collect()
    };
    for org in 0..ORGANISATIONS {
        let members = items(333, &|at| person(5 + (at + 5) * (org + 1)));
        let text = format!("admins: [person-0, person-1, person-2]\nmembers:\n{members}");
        tree = tree.with(&format!("organisations/o{org}.yaml"), text);
    }
    for team in 0..TEAMS {
        let org = team % ORGANISATIONS;
        let members = items(5, &|at| person(5 + (team % 60 + at + 5) * (org + 1)));
        let text = format!(
            "organisation: o{org}\nowner: infra\nmembers:\n{members}grants: [{{repository: o{org}/r{team}, permission: write}}]\n"
        );
        tree = tree.with(&format!("teams/o{org}/team-{team}.yaml"), text);
    }
    for list in 0..LISTS {
        let members = items(6, &|at| {
            format!("{}@example.org", person(list * 5 + at + 1))
        });
        let text = format!(
            "email: list-{list}@example.org\nowner: infra\nowners: [person-0@example.org]\nsettings: {{WhoCanJoin: INVITED_CAN_JOIN}}\nmembers:\n{members}"
        );
        tree = tree.with(&format!("mailing-groups/list-{list}.yaml"), text);
    }
    tree
}

fn estate() -> Estate {
    let read = formats::load(&tree());
    read.unwrap_or_else(|_| panic!("the root file is sound")).0
}

fn access(estate: &Estate) -> Access<'_> {
    let outside = Outside {
        secrets: &|_| None,
        clock: || Timestamp::UNIX_EPOCH,
        wait: |_| {},
    };
    Access::new(estate, DAY, outside)
}

#[divan::bench]
fn who_is_where(bencher: Bencher<'_, '_>) {
    let estate = estate();
    bencher.bench_local(|| Matrix::of(black_box(&estate), DAY));
}

#[divan::bench]
fn desired_and_diff_of_everything(bencher: Bencher<'_, '_>) {
    let estate = estate();
    let first = access(&estate);
    let there: Vec<(Scope, State)> = first
        .scopes()
        .into_iter()
        .map(|scope| {
            let desired = first.desired(&scope);
            let state = desired.unwrap_or_else(|stopped| panic!("{stopped}"));
            (scope, state)
        })
        .collect();
    bencher.bench_local(|| {
        let access = access(&estate);
        for (scope, current) in &there {
            let desired = access.desired(scope);
            let desired = desired.unwrap_or_else(|stopped| panic!("{stopped}"));
            let difference = access.diff(scope, current, &desired, Some(&desired));
            assert!(difference.changes.is_empty());
        }
    });
}

#[divan::bench]
fn everything_is_new(bencher: Bencher<'_, '_>) {
    let estate = estate();
    bencher.bench_local(|| {
        let access = access(&estate);
        for scope in access.scopes() {
            let desired = access.desired(&scope);
            let desired = desired.unwrap_or_else(|stopped| panic!("{stopped}"));
            let difference = access.diff(&scope, &State::default(), &desired, None);
            black_box(difference);
        }
    });
}
