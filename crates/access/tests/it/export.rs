//! The export, by its face: what is in it, and what never is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use access::export::{INDEX, export, verify};
use estate::{Estate, MemoryTree, Tree, Unreadable, join};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const DAY: Date = date(2026, 11, 21);
const CANARY: &str = "canary";

const FILES: &[(&str, &str)] = &[
    (
        "people/ada.yaml",
        "name: Ada L\nhandles: {github: Ada-L, github_id: 7, chat: ada}\nemail: ada@example.org\nother_emails: [canary-1@example.org]\nemployers: [{company: Aurora}]\ntime_zone: Europe/Paris\nprivate_contacts: |\n  -----BEGIN AGE ENCRYPTED FILE-----\n  canary2\n  -----END AGE ENCRYPTED FILE-----\n",
    ),
    ("people/ben.yaml", "email: ben@example.org\n"),
    ("people/bot.yaml", "robot: true\n"),
    (
        "people/eve.yaml",
        "name: canary-3\nhandles: {github: eve-canary}\nemail: canary-4@example.org\nleft: 2026-11-20\n",
    ),
    (
        "groups/bakery.yaml",
        "title: Bakery\nleads: [{person: ada, role: chair, since: 2026-01-01}, {person: eve, role: chair}]\nmembers: [ben, eve]\ncontact: {chat: '#bakery', private_mailing_list: canary-5@example.org}\n",
    ),
    (
        "organisations/lab.yaml",
        "admins: [ada, eve]\nmembers: [ben, bot]\nsettings: {billing_email: canary-6@example.org}\nrepositories:\n  kiln: {visibility: public, collaborators: {eve-canary: admin, ben: triage, stranger: read}}\n  canary-7: {visibility: private, collaborators: {ben: admin}}\n",
    ),
    (
        "teams/ovens.yaml",
        "organisation: lab\nowner: bakery\nmaintainers: [ada]\nmembers: [eve]\ngrants: [{repository: lab/kiln, permission: write}, {repository: lab/canary-7, permission: admin}, {repository: lab/flour, permission: read, until: 2026-11-20}]\nroles: [{system: cloud, role: viewer, on: flour}]\n",
    ),
    (
        "teams/hot.ovens.yaml",
        "organisation: lab\nparent: ovens\ninclude: [{group: bakery, role: member}]\n",
    ),
    (
        "teams/canary-8.yaml",
        "organisation: lab\nprivacy: secret\nmembers: [ben]\ngrants: [{repository: lab/canary-9, permission: admin}]\n",
    ),
    (
        "mailing-groups/bakers.yaml",
        "email: bakers@example.org\nowners: [ada@example.org]\nmembers: [guest@example.net, canary-4@example.org]\n",
    ),
];

fn estate() -> Estate {
    let root = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: T\n");
    let tree = FILES
        .iter()
        .fold(root, |tree, (path, text)| tree.with(path, *text));
    let (estate, findings) = formats::load(&tree).expect("a root file");
    let wrong: Vec<_> = findings
        .iter()
        .filter(|finding| finding.severity == base::Severity::Error)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    estate
}

fn document(files: &BTreeMap<String, String>, path: &str) -> Value {
    let text = files.get(path);
    let text = text.unwrap_or_else(|| panic!("{path} in {:?}", files.keys()));
    serde_json::from_str(text).expect("JSON")
}

fn checked(files: &BTreeMap<String, String>) -> Result<usize, Vec<String>> {
    let present: BTreeSet<String> = files.keys().cloned().collect();
    let get = |path: &str| files.get(path).map(|text| text.clone().into_bytes());
    verify(&present, &get, files[INDEX].as_bytes())
}

#[test]
fn everything_public_is_there_file_by_file() {
    let files = export(&estate(), DAY, Some("0123abcd"));
    let paths: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "v1/groups.json",
            "v1/groups/bakery.json",
            "v1/index.json",
            "v1/mailing-groups.json",
            "v1/mailing-groups/bakers.json",
            "v1/organisations.json",
            "v1/organisations/lab.json",
            "v1/people.json",
            "v1/people/ada.json",
            "v1/people/ben.json",
            "v1/people/bot.json",
            "v1/permissions.json",
            "v1/permissions/repositories/lab/kiln.json",
            "v1/permissions/roles.json",
            "v1/teams.json",
            "v1/teams/lab/hot.ovens.json",
            "v1/teams/lab/ovens.json",
        ]
    );
    assert_eq!(checked(&files), Ok(16));
    let index = document(&files, INDEX);
    assert_eq!(
        (&index["version"], &index["day"], &index["commit"]),
        (&json!(1), &json!("2026-11-21"), &json!("0123abcd"))
    );
}

#[test]
fn a_person_is_told_with_all_that_they_are_in() {
    let files = export(&estate(), DAY, None);
    assert_eq!(
        document(&files, "v1/people/ada.json"),
        json!({
            "name": "ada", "full_name": "Ada L", "github": "Ada-L", "github_id": 7, "chat": "ada",
            "email": "ada@example.org", "company": "Aurora", "time_zone": "Europe/Paris",
            "robot": false,
            "groups": [{"group": "bakery", "role": "chair", "since": "2026-01-01", "until": null}],
            "organisations": [{"organisation": "lab", "role": "admin"}],
            "teams": [{"team": "ovens", "role": "maintainer", "until": null}],
            "mailing_groups": [{"mailing_group": "bakers", "role": "owner"}],
        })
    );
    assert_eq!(document(&files, "v1/people/bot.json")["robot"], json!(true));
    let all = document(&files, "v1/people.json");
    assert_eq!(all["people"]["ada"], document(&files, "v1/people/ada.json"));
}

#[test]
fn what_a_team_may_do_its_parts_may_do_too() {
    let files = export(&estate(), DAY, None);
    assert_eq!(
        document(&files, "v1/permissions/repositories/lab/kiln.json"),
        json!({
            "repository": "lab/kiln",
            "teams": [{"team": "ovens", "permission": "write", "until": null}],
            "collaborators": [
                {"github": "ben", "person": "ben", "permission": "triage"},
                {"github": "stranger", "person": null, "permission": "read"},
            ],
            // Ben by the part that includes the group's members.
            "people": {"ada": "write", "ben": "write"},
        })
    );
    let roles = document(&files, "v1/permissions/roles.json");
    assert_eq!(
        roles["roles"],
        json!([{"team": "ovens", "system": "cloud", "role": "viewer", "group": null, "mailing_group": null, "on": "flour", "until": null}])
    );
}

#[test]
fn what_is_private_and_who_has_left_is_nowhere() {
    let files = export(&estate(), DAY, None);
    for (path, text) in &files {
        let lower = format!("{path} {text}").to_lowercase();
        assert!(!lower.contains(CANARY), "{lower}");
        assert!(!lower.contains("\"eve"), "{lower}");
    }
    // The day before, she had not left.
    let before = export(&estate(), date(2026, 11, 19), None);
    assert!(before.contains_key("v1/people/eve.json"));
    let text = &before["v1/permissions.json"];
    assert!(text.contains("lab/flour") && text.contains("eve-canary"));
}

#[test]
fn the_same_estate_makes_the_same_bytes() {
    let first = export(&estate(), DAY, Some("c"));
    for _ in 0..10 {
        assert!(export(&estate(), DAY, Some("c")) == first);
    }
}

#[test]
fn one_changed_byte_is_told() {
    let mut files = export(&estate(), DAY, None);
    let file = files.get_mut("v1/teams/lab/ovens.json").expect("a team");
    *file = file.replace("write", "admin");
    assert_eq!(
        checked(&files),
        Err(vec![
            "v1/teams/lab/ovens.json is not as it was when the index was made".to_owned()
        ])
    );
}

/// Files on a disk, and a root file that is not.
struct Real {
    root: PathBuf,
    manifest: String,
}

impl Tree for Real {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        if path == "commonhold.yaml" {
            return Ok(self.manifest.clone());
        }
        fs::read_to_string(self.root.join(path)).map_err(|error| Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
            missing: true,
        })
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(self.root.join(&folder)).map_err(|error| Unreadable {
                path: folder.clone(),
                reason: error.to_string(),
                missing: true,
            })?;
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = join(&folder, &name);
                if entry.path().is_dir() {
                    folders.push(path);
                } else if wanted(&name) {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.root.join(path).is_dir()
    }
}

#[test]
fn a_real_community_is_exported_whole() {
    let root = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/kubernetes"
    ));
    if !root.exists() {
        eprintln!("skipped: shared data not present ({})", root.display());
        return;
    }
    let sources = "\n- {format: sigs.yaml, path: community/sigs.yaml}\n- {format: peribolos, path: org/config}\n- {format: groups.yaml, path: k8s.io/groups}\n";
    let real = Real {
        root: root.to_owned(),
        manifest: format!("commonhold: 1\nname: K\nsources: {sources}"),
    };
    let (estate, _) = formats::load(&real).expect("a root file");
    let started = std::time::Instant::now();
    let files = export(&estate, DAY, None);
    let octets: usize = files.values().map(String::len).sum();
    eprintln!(
        "{} files, {octets} octets, {:?}",
        files.len(),
        started.elapsed()
    );
    let count = |list: &str| {
        let document = document(&files, &format!("v1/{list}.json"));
        let all = document[list].as_object().expect("names").clone();
        let folder = format!("v1/{list}/");
        assert_eq!(
            files
                .keys()
                .filter(|path| path.starts_with(&folder))
                .count(),
            all.len()
        );
        all
    };
    assert_eq!(count("organisations").len(), 8);
    let teams = count("teams");
    assert_eq!(teams.len(), 766);
    let seats = teams
        .values()
        .map(|team| team["people"].as_array().map_or(0, Vec::len));
    assert_eq!(seats.sum::<usize>(), 3_615);
    let lists = count("mailing-groups");
    assert_eq!(lists.len(), 221);
    let addresses = lists
        .values()
        .map(|list| list["addresses"].as_array().map_or(0, Vec::len));
    assert_eq!(addresses.sum::<usize>(), 1_353);
    for odd in [
        "kubernetes-sigs/kubernetes~2fsig-apps",
        "kubernetes/k8s.io-admins",
    ] {
        let path = format!("v1/teams/{odd}.json");
        assert!(files.contains_key(&path), "{path}");
    }
    assert_eq!(checked(&files).map(|count| count + 1), Ok(files.len()));
}
