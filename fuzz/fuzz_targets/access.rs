#![no_main]
//! Any files as people, groups, teams, organisations, lists and systems: who is where is resolved, what
//! is wanted compared with nothing and with itself, exported, and everybody may leave.

use access::leaving::{mentions, offboard};
use access::model::Matrix;
use access::{Access, Key, Outside, State};
use change::{Change, Domain};
use commonhold_fuzz::{check, files, places, tree};
use jiff::Timestamp;
use jiff::civil::date;
use libfuzzer_sys::fuzz_target;

const SYSTEMS: [(&str, &str); 3] = [
    (
        "access-systems/hub.yaml",
        "kind: github\nsecret: env/T\norganisations: [acme]\nmin_admins: 0\n",
    ),
    (
        "access-systems/lists.yaml",
        "kind: google-groups\nuser: a@x.org\nsecret: env/T\nmail_domains: [x.org]\n",
    ),
    (
        "access-systems/directory.yaml",
        "kind: ldap\naddress: ldaps://x.org\nuser: cn=a\nsecret: env/T\nbase: dc=x\n",
    ),
];

fuzz_target!(|input: &str| {
    let fixed = [("commonhold.yaml", "commonhold: 1\nname: Fuzz\n")];
    let files = files(input, "teams/acme/any.yaml");
    let tree = tree(fixed.into_iter().chain(SYSTEMS).chain(files));
    let Some(estate) = check(&tree) else { return };
    let day = date(2026, 1, 1);
    places(&access::check(&estate, day), &estate.sources);
    let matrix = Matrix::of(&estate, day);
    let outside = Outside {
        secrets: &|_| None,
        clock: || Timestamp::UNIX_EPOCH,
        wait: |_| {},
    };
    let access = Access::new(&estate, day, outside);
    for scope in access.scopes() {
        let Ok(desired) = access.desired(&scope) else {
            continue;
        };
        for key in desired.entries.keys() {
            if let Some(read) = Key::parse(&key.to_string()) {
                assert_eq!(read.to_string(), key.to_string());
            }
        }
        let same = access.diff(&scope, &desired, &desired, Some(&desired));
        assert!(same.changes.is_empty(), "{:?}", same.changes);
        let new = access.diff(&scope, &State::default(), &desired, None);
        let changes: Vec<&Change> = new.changes.iter().collect();
        assert!(access.exceeded(&scope, &State::default(), &changes, &[]).is_empty());
        let gone = access.diff(&scope, &desired, &State::default(), Some(&desired));
        let changes: Vec<&Change> = gone.changes.iter().collect();
        access.exceeded(&scope, &desired, &changes, &[]);
    }
    access::export::export(&estate, day, None);
    for person in estate.tables.people.items().take(3) {
        if let Ok(principal) = matrix.principal(&person.name) {
            matrix.what_can(&principal);
        }
        mentions(&estate, &person.name);
        let _ = offboard(&estate, &tree, &person.name, day, None);
    }
});
