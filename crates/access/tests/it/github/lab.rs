//! A small organisation, what is wanted of it, and a plain way to bring one to the other.

use std::collections::BTreeMap;
use std::time::Duration;

use access::providers::github::{GitHub, Renames};
use access::{Entry, Key, Reading, Sort, State, Step, System};
use base::SourceMap;
use change::WriteFailure;
use estate::kinds::AccessSystem;
use http_client::Hidden;
use serde_json::{Value, json};
use testkit::fakes::github::{GitHub as Fake, Permission, Role, TeamRole};
use yaml::{Decoding, Profile};

pub(crate) const ORG: &str = "acme";

/// Nobody waits here; the stand-in counts requests and not seconds.
fn wait(_: Duration) {}

/// A stand-in, and how it is spoken to.
pub(crate) struct Lab {
    pub(crate) fake: Fake,
    /// More of the system's declaration, in YAML.
    pub(crate) declared: String,
    pub(crate) ids: BTreeMap<u64, String>,
    pub(crate) renames: Renames,
}

impl Lab {
    /// An organisation with three people, and some who are not in it.
    pub(crate) fn new() -> Self {
        let fake = Fake::start();
        fake.with(|world| {
            for (login, id) in [
                ("Boss", 10),
                ("Alice", 11),
                ("bob", 12),
                ("carol", 13),
                ("dave", 14),
                ("erin", 15),
            ] {
                world.add_account(login, id);
            }
            world.add_org(ORG);
            world.add_member(ORG, "Boss", Role::Owner);
            world.add_member(ORG, "Alice", Role::Member);
            world.add_member(ORG, "bob", Role::Member);
        });
        Self {
            fake,
            declared: String::new(),
            ids: BTreeMap::new(),
            renames: Renames::default(),
        }
    }

    /// The same with teams and repositories.
    pub(crate) fn furnished() -> Self {
        let lab = Self::new();
        lab.fake.with(|world| {
            world.add_repo(ORG, "app");
            world.add_repo(ORG, "Site");
            world.add_repo(ORG, "old");
            world.add_team(ORG, "Core").description = Some("Keeps it running".to_owned());
            world.add_team_below(ORG, "core", "core/docs");
            world.add_team_member(ORG, "core", "Alice", TeamRole::Maintainer);
            world.add_team_member(ORG, "core", "bob", TeamRole::Member);
            world.add_team_member(ORG, "core-docs", "bob", TeamRole::Member);
            world.grant(ORG, "core", "app", Permission::Push);
            world.grant(ORG, "core-docs", "Site", Permission::Triage);
            world.add_collaborator("acme/app", "carol", Permission::Triage);
            world.add_installation(ORG, "ci-bot", Some(&["app"]));
        });
        lab
    }

    pub(crate) fn system(&self) -> AccessSystem {
        let text = format!(
            "kind: github\naddress: {}\n{}",
            self.fake.url(),
            self.declared
        );
        let source = SourceMap::default().add("system.yaml", &text);
        let (system, findings) = Decoding::read_text(&text, source, Profile::NATIVE);
        assert!(findings.is_empty(), "{findings:?}");
        system.unwrap()
    }

    pub(crate) fn hub(&self) -> GitHub {
        self.hub_of(ORG)
    }

    pub(crate) fn hub_of(&self, organisation: &str) -> GitHub {
        let token = Hidden(self.fake.token().to_owned());
        let (ids, renames) = (self.ids.clone(), self.renames.clone());
        GitHub::new(organisation, &self.system(), token, ids, renames, wait).unwrap()
    }

    pub(crate) fn read(&self, wanted: &State) -> Reading {
        self.hub().read(wanted).unwrap()
    }

    /// One step, with everything known that a reading tells.
    #[expect(clippy::needless_pass_by_value, reason = "so that tests read well")]
    pub(crate) fn step(
        &self,
        key: &Key,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<(), WriteFailure> {
        let mut wanted = State::default();
        if let Some(value) = &after {
            wanted.insert(key.clone(), value.clone());
        }
        let hub = self.hub();
        let known = hub.read(&wanted).unwrap().known;
        let step = Step {
            key,
            before: before.as_ref(),
            after: after.as_ref(),
        };
        hub.write(&step, &known)
    }

    pub(crate) fn create(&self, key: &Key, value: Value) -> Result<(), WriteFailure> {
        self.step(key, None, Some(value))
    }

    pub(crate) fn delete(&self, key: &Key) -> Result<(), WriteFailure> {
        self.step(key, Some(json!({})), None)
    }

    /// What is there of a resource that is wanted to be so.
    pub(crate) fn seen(&self, key: &Key, wanted: Value) -> Option<Value> {
        let state = State {
            entries: [(key.clone(), Entry::real(wanted))].into(),
            ..State::default()
        };
        self.read(&state).state.value(key).cloned()
    }

    /// Does everything that is to be done, and says what was not.
    pub(crate) fn attempt(&self, wanted: &State) -> Vec<(Key, WriteFailure)> {
        let hub = self.hub();
        let reading = hub.read(wanted).unwrap();
        let mut failures = Vec::new();
        for (key, before, after) in changes(&reading.state, wanted) {
            let step = Step {
                key: &key,
                before: before.as_ref(),
                after: after.as_ref(),
            };
            if let Err(failure) = hub.write(&step, &reading.known) {
                failures.push((key, failure));
            }
        }
        failures
    }

    /// Makes everything as it is wanted, and finds it so.
    pub(crate) fn bring(&self, wanted: &State) {
        let failures = self.attempt(wanted);
        assert!(failures.is_empty(), "{failures:#?}");
        let hub = self.hub();
        let left = changes(&hub.read(wanted).unwrap().state, wanted);
        assert!(left.is_empty(), "{left:#?}");
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let violations = self.fake.violations();
            assert!(violations.is_empty(), "{violations:#?}");
        }
    }
}

type Change = (Key, Option<Value>, Option<Value>);

/// What to do, what is made first and what goes last. Repositories stay.
fn changes(real: &State, wanted: &State) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut new: Vec<_> = wanted.entries.iter().collect();
    // A parent is made before its children.
    new.sort_by_key(|(key, entry)| (key.sort, entry.value["parent"].is_string(), *key));
    for (key, entry) in new {
        let now = real.value(key);
        if now != Some(&without_hints(&entry.value)) {
            changes.push((key.clone(), now.cloned(), Some(entry.value.clone())));
        }
    }
    let gone = real.entries.iter().rev();
    let gone =
        gone.filter(|(key, _)| !wanted.entries.contains_key(key) && key.sort != Sort::Repository);
    changes.extend(gone.map(|(key, entry)| (key.clone(), Some(entry.value.clone()), None)));
    changes
}

fn without_hints(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(value) = value.as_object_mut() {
        value.remove("create");
    }
    value
}

pub(crate) fn wanted(entries: impl IntoIterator<Item = (Key, Value)>) -> State {
    let mut state = State::default();
    for (key, value) in entries {
        state.insert(key, value);
    }
    state
}

pub(crate) fn settings() -> Key {
    Key::new(Sort::Settings, "")
}

pub(crate) fn member(login: &str) -> Key {
    Key::new(Sort::Member, login)
}

pub(crate) fn team(name: &str) -> Key {
    Key::new(Sort::Team, name)
}

pub(crate) fn team_value(name: &str, description: &str, parent: Option<&str>) -> Value {
    json!({"name": name, "description": description, "privacy": "closed", "parent": parent})
}

pub(crate) fn team_member(team: &str, login: &str) -> Key {
    Key::of(Sort::TeamMember, team, login)
}

pub(crate) fn grant(team: &str, repository: &str) -> Key {
    Key::of(Sort::TeamGrant, team, repository)
}

pub(crate) fn repository(name: &str) -> Key {
    Key::new(Sort::Repository, name)
}

pub(crate) fn collaborator(repository: &str, login: &str) -> Key {
    Key::of(Sort::Collaborator, repository, login)
}

pub(crate) fn branch(repository: &str, name: &str) -> Key {
    Key::of(Sort::Branch, repository, name)
}

pub(crate) fn app(name: &str, repository: &str) -> Key {
    Key::of(Sort::App, name, repository)
}

pub(crate) fn role(role: &str) -> Value {
    json!({"role": role})
}

pub(crate) fn may(permission: &str) -> Value {
    json!({"permission": permission})
}

/// Everything that [`Lab::furnished`] has, as the estate would declare it.
pub(crate) fn furnished() -> State {
    wanted([
        (
            settings(),
            json!({"description": "", "billing_email": "billing@example.org",
            "default_repository_permission": "read"}),
        ),
        (member("commonhold-bot"), role("admin")),
        (member("boss"), role("admin")),
        (member("alice"), role("member")),
        (member("bob"), role("member")),
        (team("core"), team_value("Core", "Keeps it running", None)),
        (team("core/docs"), team_value("core/docs", "", Some("core"))),
        (team_member("core", "alice"), role("maintainer")),
        (team_member("core", "bob"), role("member")),
        (team_member("core/docs", "bob"), role("member")),
        (grant("core", "app"), may("write")),
        (grant("core/docs", "site"), may("triage")),
        (
            repository("app"),
            json!({"name": "app", "description": "", "homepage": "",
            "visibility": "public", "has_issues": true, "has_wiki": true,
            "squash_merge_commit_title": "COMMIT_OR_PR_TITLE", "default_branch": "main",
            "archived": false}),
        ),
        (repository("site"), json!({"name": "Site"})),
        (repository("old"), json!({"name": "old"})),
        (collaborator("app", "carol"), may("triage")),
        (app("ci-bot", "app"), json!({})),
    ])
}
