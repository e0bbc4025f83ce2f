//! People and groups in a real directory.

mod failures;

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Instant;

use access::providers::ldap::Directory;
use access::{Key, Known, ReadError, Reading, Sort, State, Step, System as _};
use change::WriteFailure;
use estate::{Draft, Estate, MemoryTree};
use http_client::Hidden;
use serde_json::{Value, json};
use testkit::servers::or_skip;
use testkit::servers::slapd::Slapd;

/// An estate that declares the system.
fn declared(address: &str, user: &str) -> Estate {
    let text = format!("kind: ldap\naddress: {address}\nuser: {user}\nsecret: env/DIRECTORY\n");
    let tree = MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: T\n")
        .with("access-systems/directory.yaml", text.as_str());
    let (estate, findings) = Draft::read(&tree).expect("a root file").resolve();
    assert!(findings.is_empty(), "{findings:?}");
    estate
}

fn opened(estate: &Estate, base: &str, password: &str) -> Result<Directory, ReadError> {
    let system = estate.tables.access_systems.get("directory");
    let password = Hidden(password.to_owned());
    Directory::new(base, &system.expect("a system").value, password)
}

fn directory(server: &Slapd) -> Directory {
    let estate = declared(&server.url(), Slapd::USER);
    opened(&estate, Slapd::BASE, Slapd::PASSWORD).expect("an address and a user")
}

fn read(directory: &Directory) -> Reading {
    directory.read(&State::default()).expect("a reading")
}

type Entries = BTreeMap<Key, Value>;

fn entries(reading: &Reading) -> Entries {
    let each = reading.state.entries.iter();
    each.map(|(key, entry)| (key.clone(), entry.value.clone()))
        .collect()
}

fn person(name: &str) -> Key {
    Key::new(Sort::Person, name)
}

fn group(name: &str) -> Key {
    Key::new(Sort::DirectoryGroup, name)
}

fn member(group: &str, name: &str) -> Key {
    Key::of(Sort::DirectoryMember, group, name)
}

fn called(name: &str, mail: &[&str]) -> Value {
    json!({"name": name, "mail": mail})
}

fn about(description: &str) -> Value {
    json!({ "description": description })
}

/// One change, as the spine has it done.
fn put(
    directory: &Directory,
    known: &Known,
    key: &Key,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<(), WriteFailure> {
    directory.write(&Step { key, before, after }, known)
}

/// All changes from one state to another: makes containers first, takes away contents first.
fn bring(directory: &Directory, reading: &Reading, wanted: &Entries) {
    let now = entries(reading);
    for (key, after) in wanted {
        let before = now.get(key);
        if before != Some(after) {
            let done = put(directory, &reading.known, key, before, Some(after));
            done.unwrap_or_else(|error| panic!("{key}: {error}"));
        }
    }
    for (key, before) in now.iter().rev() {
        if !wanted.contains_key(key) {
            let done = put(directory, &reading.known, key, Some(before), None);
            done.unwrap_or_else(|error| panic!("{key}: {error}"));
        }
    }
}

fn small() -> Entries {
    BTreeMap::from([
        (
            person("ada"),
            called("Ada Lovelace", &["ada@example.org", "ada+x@example.net"]),
        ),
        (person("ben"), called("Ben", &[])),
        (group("bakers"), about("Bake.")),
        (group("empty"), about("")),
        (member("bakers", "ada"), json!({})),
        (member("bakers", "ben"), json!({})),
    ])
    .into_iter()
    .map(|(key, mut value)| {
        if let Some(mail) = value.get_mut("mail").and_then(Value::as_array_mut) {
            mail.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        }
        (key, value)
    })
    .collect()
}

#[test]
fn what_is_written_is_read_and_a_second_time_changes_nothing() {
    let Some(server) = or_skip(Slapd::start()) else {
        return;
    };
    let directory = directory(&server);
    let empty = read(&directory);
    assert_eq!(entries(&empty), Entries::new());
    bring(&directory, &empty, &small());
    let there = read(&directory);
    assert_eq!(entries(&there), small());
    assert!(there.state.left_alone.is_empty());
    // Every step may be done again by somebody who does not know that it was done.
    bring(&directory, &empty, &small());
    assert_eq!(entries(&read(&directory)), small());
    bring(&directory, &there, &Entries::new());
    bring(&directory, &there, &Entries::new());
    assert_eq!(entries(&read(&directory)), Entries::new());
}

#[test]
fn the_directory_looks_to_others_as_it_does_to_us() {
    let Some(server) = or_skip(Slapd::start()) else {
        return;
    };
    let directory = directory(&server);
    bring(&directory, &read(&directory), &small());
    let words = [
        "-LLL",
        "-o",
        "ldif-wrap=no",
        "-b",
        Slapd::BASE,
        "(|(uid=*)(member=*))",
    ];
    let told = server.tool("ldapsearch", &words);
    let mut told: Vec<_> = told
        .split("\n\n")
        .map(|entry| {
            let mut lines: Vec<_> = entry.lines().collect();
            lines.sort_unstable();
            lines.join("\n")
        })
        .filter(|entry| !entry.is_empty())
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "cn: Ada Lovelace\ndn: uid=ada,ou=people,dc=example,dc=org\nmail: ada+x@example.net\nmail: ada@example.org\nobjectClass: inetOrgPerson\nsn: Lovelace\nuid: ada",
            "cn: Ben\ndn: uid=ben,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nsn: Ben\nuid: ben",
            "cn: bakers\ndescription: Bake.\ndn: cn=bakers,ou=groups,dc=example,dc=org\nmember: cn=nobody,dc=example,dc=org\nmember: uid=ada,ou=people,dc=example,dc=org\nmember: uid=ben,ou=people,dc=example,dc=org\nobjectClass: groupOfNames",
            "cn: empty\ndn: cn=empty,ou=groups,dc=example,dc=org\nmember: cn=nobody,dc=example,dc=org\nobjectClass: groupOfNames",
        ]
    );
}

const DRIFT: &str = "\
dn: cn=bakers,ou=groups,dc=example,dc=org
changetype: modify
delete: member
member: uid=ben,ou=people,dc=example,dc=org
-
add: member
member: UID = Eve ,OU=People, DC=example,DC=org
member: cn=root,dc=example,dc=org
-
replace: description
description: Do not bake.

dn: uid=ada,ou=people,dc=example,dc=org
changetype: modify
add: cn
cn: Countess
-
delete: mail

dn: ou=robots,ou=people,dc=example,dc=org
changetype: add
objectClass: organizationalUnit
ou: robots

dn: uid=Svc,ou=people,dc=example,dc=org
changetype: add
objectClass: account
uid: Svc

dn: cn=Cem,ou=people,dc=example,dc=org
changetype: add
objectClass: inetOrgPerson
cn: Cem
sn: Cem
uid: cem

dn: cn=Others,ou=groups,dc=example,dc=org
changetype: add
objectClass: groupOfNames
cn: Others
member: uid=ada,ou=people,dc=example,dc=org

dn: cn=a \\3E b,ou=groups,dc=example,dc=org
changetype: add
objectClass: groupOfNames
cn: a > b
member: uid=ada,ou=people,dc=example,dc=org
";

#[test]
fn what_others_change_is_seen_and_what_is_of_another_form_is_left_alone() {
    let Some(server) = or_skip(Slapd::start()) else {
        return;
    };
    let directory = directory(&server);
    bring(&directory, &read(&directory), &small());
    server.modify(DRIFT);
    let seen = read(&directory);
    let mut wanted = small();
    wanted.insert(person("ada"), called("Ada Lovelace / Countess", &[]));
    wanted.insert(group("bakers"), about("Do not bake."));
    wanted.remove(&member("bakers", "ben"));
    wanted.insert(member("bakers", "eve"), json!({}));
    wanted.insert(member("bakers", "cn=root,dc=example,dc=org"), json!({}));
    wanted.insert(group("others"), about(""));
    wanted.insert(member("others", "ada"), json!({}));
    let called: BTreeSet<_> = entries(&seen)
        .into_iter()
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    let expected: BTreeSet<_> = wanted
        .into_iter()
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    assert_eq!(called, expected);
    let left: Vec<_> = seen
        .state
        .left_alone
        .iter()
        .map(|(key, why)| format!("{key}: {why}"))
        .collect();
    assert_eq!(
        left,
        [
            "person cn=cem: `cn=Cem,ou=people,dc=example,dc=org` is not named by its uid alone",
            "person ou=robots: `ou=robots,ou=people,dc=example,dc=org` is no inetOrgPerson",
            "person svc: `uid=Svc,ou=people,dc=example,dc=org` is no inetOrgPerson",
            "group a > b: its name cannot be written in a plan",
        ]
    );
    // The last member of a group that has nobody in its place can go as well.
    let mut mended = small();
    mended.insert(group("others"), about(""));
    bring(&directory, &seen, &mended);
    assert_eq!(entries(&read(&directory)), mended);
}

#[test]
fn odd_names_come_back_as_they_were() {
    let Some(server) = or_skip(Slapd::start()) else {
        return;
    };
    let directory = directory(&server);
    let names = [
        "a+b@example.org",
        "smith, john",
        "#1",
        "a#b",
        "łukasz",
        "a\"b",
        "back\\slash",
        "<x>;=y",
        "two words",
        "o'neil",
        "a*b(c)",
        "漢字",
        "uid=ada,ou=people",
    ];
    let mut wanted = Entries::new();
    wanted.insert(group("c++, and #c"), about("Odd — «but» sound."));
    for name in names {
        wanted.insert(
            person(name),
            called(&format!("{name} Smith"), &["x+y@example.org"]),
        );
        wanted.insert(member("c++, and #c", name), json!({}));
    }
    bring(&directory, &read(&directory), &wanted);
    let there = read(&directory);
    assert_eq!(entries(&there), wanted);
    for name in names {
        wanted.remove(&member("c++, and #c", name));
    }
    bring(&directory, &there, &wanted);
    assert_eq!(entries(&read(&directory)), wanted);
}

#[test]
fn a_member_without_an_entry_is_refused() {
    let Some(server) = or_skip(Slapd::start()) else {
        return;
    };
    let directory = directory(&server);
    let reading = read(&directory);
    bring(&directory, &reading, &small());
    let refused =
        |key: &Key, after: &Value| match put(&directory, &reading.known, key, None, Some(after)) {
            Err(WriteFailure::Refused(what)) => what,
            other => panic!("{key}: {other:?}"),
        };
    assert_eq!(
        refused(&member("bakers", "zoe"), &json!({})),
        "zoe has no entry `uid=zoe,ou=people,dc=example,dc=org` that the group could have as its member"
    );
    assert_eq!(
        refused(&member("brewers", "ada"), &json!({})),
        "there is no group `cn=brewers,ou=groups,dc=example,dc=org`"
    );
    let other = refused(&person("ada"), &called("Ada Byron", &[]));
    assert!(
        other.ends_with("is not as planned; plan again to see how"),
        "{other}"
    );
    let address = refused(&person("dee"), &called("Dee", &["dée@example.org"]));
    assert!(
        address.starts_with("invalid attribute syntax (code 21): mail"),
        "{address}"
    );
    assert_eq!(entries(&read(&directory)), small());
}

/// What 221 groups with 1,353 memberships of 550 people are.
fn large() -> Entries {
    let mut all = Entries::new();
    let name = |n: usize| format!("person+{n}@example.org");
    for n in 0..550 {
        all.insert(
            person(&name(n)),
            called(&format!("Person {n}"), &[&name(n)]),
        );
    }
    for n in 0..221 {
        all.insert(group(&format!("group-{n}")), about(&format!("Number {n}.")));
    }
    for n in 0..1_353 {
        let of = format!("group-{}", n % 221);
        all.insert(member(&of, &name((n * 7 + n / 221) % 550)), json!({}));
    }
    assert_eq!(all.len(), 550 + 221 + 1_353);
    all
}

/// Writes with eight hands, sort by sort.
fn bring_at_once(directory: &Directory, known: &Known, wanted: &Entries) {
    let hands = 8;
    for sort in [Sort::Person, Sort::DirectoryGroup, Sort::DirectoryMember] {
        thread::scope(|scope| {
            for hand in 0..hands {
                let of_sort = wanted.iter().filter(|(key, _)| key.sort == sort);
                let mine = of_sort.skip(hand).step_by(hands);
                scope.spawn(move || {
                    for (key, value) in mine {
                        let done = put(directory, known, key, None, Some(value));
                        done.unwrap_or_else(|error| panic!("{key}: {error}"));
                    }
                });
            }
        });
    }
}

#[test]
fn the_size_of_a_large_community_is_written_and_read_in_pages() {
    let limits = |limit: &str| {
        let user = Slapd::USER;
        format!("limits dn.exact=\"{user}\" {limit}\naccess to * by dn.exact=\"{user}\" write")
    };
    let lines = limits("size.soft=100 size.hard=100 size.prtotal=unlimited size.pr=100");
    let Some(mut server) = or_skip(Slapd::start_with(&lines)) else {
        return;
    };
    let directory = directory(&server);
    let wanted = large();
    let writing = Instant::now();
    bring_at_once(&directory, &Known::default(), &wanted);
    let written = writing.elapsed();
    let reading_from = Instant::now();
    let reading = read(&directory);
    eprintln!(
        "written in {written:?}, read in {:?}",
        reading_from.elapsed()
    );
    assert!(
        entries(&reading) == wanted,
        "what was read is not what was written"
    );
    // A server that shows 100 and no more, pages or not.
    server.configure(&limits("size=100"));
    server.start_again();
    match directory.read(&State::default()) {
        Err(ReadError::Refused(what)) => {
            assert!(
                what.contains("tells `cn=commonhold,dc=example,dc=org` only a part"),
                "{what}"
            );
        }
        other => panic!("{other:?}"),
    }
}
