//! A community with its estate, its people's keys and its hands.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use portal::{Act, Handle, Identity, Reader, Signed, ToSign};
use testkit::servers::{Folder, run};

use crate::commands::elect::booth::Booth;
use crate::portal::hands::{Community, Remote, Setup, open, plans};
use crate::{Exit, Surroundings, clock};

const SERVED: &str = "$TTL 300\n@ SOA ns1 host 1 3600 600 86400 60\n@ NS ns1\nns1 A 127.0.0.1\nwww A 192.0.2.1\nmail A 192.0.2.5\n";
const DECLARED: &str = "ns1:\n  type: A\n  ttl: 300\n  value: 127.0.0.1\nwww:\n  type: A\n  ttl: 300\n  value: 192.0.2.1\nmail:\n  type: A\n  ttl: 300\n  value: 192.0.2.5\n";
const CHARTER: &str = "\
infrastructure: infra
decisions:
  procedures:
    simple: {vote: {threshold: 1/2, relation: \">\", base: members, max_open: 10d, close: decided}}
  kinds:
    spending-request: {body: infra, procedure: simple}
";

pub(super) struct Scene {
    folder: Folder,
    setup: Setup,
    hands: Option<Community>,
}

/// Somebody whom the estate knows by their login.
pub(super) fn known(person: &str) -> Reader {
    reader(person, Some(Handle::Github(person.to_owned())))
}

/// Somebody whom it does not know.
pub(super) fn stranger(name: &str) -> Reader {
    reader(name, None)
}

fn reader(name: &str, handle: Option<Handle>) -> Reader {
    Reader {
        identity: Some(Identity {
            issuer: "https://id.example".to_owned(),
            subject: name.to_owned(),
            name: name.to_owned(),
            handle,
        }),
        ..Reader::default()
    }
}

pub(super) fn act(act: &str, item: &str, with: &[(&str, &str)]) -> Act {
    let with = with.iter();
    Act {
        act: act.to_owned(),
        item: item.to_owned(),
        with: with
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

impl Scene {
    pub(super) fn new() -> Self {
        Self::made(false, false)
    }

    pub(super) fn with_desk_key() -> Self {
        Self::made(true, false)
    }

    /// One whose estate is a clone of a repository that others push to.
    pub(super) fn followed() -> Self {
        Self::made(false, true)
    }

    fn made(desk: bool, followed: bool) -> Self {
        let folder = Folder::new();
        let estate = folder.path().join("estate");
        let surroundings = Surroundings {
            arguments: vec!["commonhold".into()],
            folder: estate.clone(),
            today: clock::today(),
            clock: clock::now,
            environment: |_| None,
            patience: Duration::ZERO,
            progress: |_| {},
            terminal: false,
            no_color: true,
            columns: None,
        };
        let remote = followed.then(|| Remote {
            name: "origin".to_owned(),
            branch: "main".to_owned(),
        });
        let mut scene = Self {
            setup: Setup {
                surroundings,
                given: Some(estate),
                remote,
                desk_key: desk.then(|| folder.path().join("keys/desk")),
                apply: false,
            },
            folder,
            hands: None,
        };
        scene.declare();
        if followed {
            let bare = scene.path("remote.git");
            run(Command::new("git")
                .args(["init", "--quiet", "--bare", "--initial-branch", "main"])
                .arg(&bare));
            scene.git(&["remote", "add", "origin", &bare.to_string_lossy()]);
            scene.git(&["push", "--quiet", "origin", "main"]);
        }
        scene.runs("ledger init");
        scene.hands = Some(open(scene.setup.clone()).expect("hands"));
        scene
    }

    fn declare(&self) {
        self.folder.write("served/example.org.zone", SERVED);
        self.folder.write("keys/.here", "");
        for name in ["ada", "bob", "cy", "dora", "desk"] {
            let path = self.path(&format!("keys/{name}"));
            let words = ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"];
            run(Command::new("ssh-keygen").args(words).arg(path));
            let public =
                std::fs::read_to_string(self.path(&format!("keys/{name}.pub"))).expect("a key");
            let robot = if name == "desk" { "robot: true\n" } else { "" };
            self.write(
                &format!("people/{name}.yaml"),
                &format!(
                    "name: {name}\nhandles: {{github: {name}}}\nemail: {name}@example.org\nkeys: ['{}']\n{robot}",
                    public.trim()
                ),
            );
        }
        self.write(
            "portal.yaml",
            "sign_in: {openid: {issuer: \"https://id.example\", client: portal}}\n",
        );
        self.write("commonhold.yaml", "commonhold: 1\nname: Example\n");
        self.write("charter.yaml", CHARTER);
        self.write("groups/infra.yaml", "kind: sig\nleads: [{person: ada, role: lead}, {person: bob, role: lead}, {person: dora, role: lead}]\npromises: [{channel: issues, first_response: 2bd}]\n");
        self.write(
            "groups/web.yaml",
            "kind: sig\nleads: [{person: cy, role: lead}]\n",
        );
        self.write(
            "dns-servers/primary.yaml",
            "kind: zone-files\naddress: ../served\n",
        );
        self.write(
            "zones/example.org.yaml",
            "owner: infra\nrecords: [dns/example.org.yaml]\nservers: [primary]\n",
        );
        self.write("dns/example.org.yaml", DECLARED);
        self.git(&["init", "--quiet", "--initial-branch", "main"]);
        self.commit("ada", "The zone as it is");
    }

    pub(super) fn hands(&self) -> &Community {
        self.hands.as_ref().expect("hands")
    }

    /// The same after the program died.
    pub(super) fn restarted(mut self) -> Self {
        self.hands = Some(open(self.setup.clone()).expect("hands"));
        self
    }

    /// One with an election that is open, among those who lead.
    pub(super) fn electing(privacy: &str) -> Self {
        let scene = Self::new();
        let day = |days: i64| {
            let hours = jiff::SignedDuration::from_hours(24 * days);
            let day = clock::now() + hours;
            day.strftime("%Y-%m-%d 00:00 UTC").to_string()
        };
        let publish = if privacy == "sealed" {
            "pairwise"
        } else {
            "full"
        };
        scene.write(
            "elections/steering/2026/election.yaml",
            &format!(
                "key: steering/2026\nbody: infra\nseats: 1\n\
                 method: {{name: schulze, version: v1, pairs: skip, strength: winning-votes, ranking: layers}}\n\
                 open: {}\nclose: {}\nexceptions_close: {}\nprivacy: {privacy}\npublish: {publish}\nofficers: [ada, bob, dora]\n\
                 officer_rules: {{distinct_employers: false, served_before: 0}}\nvoters: {{any: [{{groups: [infra]}}]}}\ntie: coin\n",
                day(-1),
                day(2),
                day(1)
            ),
        );
        let dashes = "-".repeat(61);
        for id in ["ann", "ben"] {
            let text = format!("{dashes}\nname: {id}\nID: {id}\n{dashes}\n\nWhy me.\n");
            scene.write(&format!("elections/steering/2026/candidate-{id}.md"), &text);
        }
        scene.commit("ada", "An election");
        scene.runs("elect open elections/steering/2026");
        scene
    }

    /// The poll that a blind ballot's page shows.
    pub(super) fn poll(page: &portal::Page) -> String {
        let command = page.parts.iter().find_map(|part| match part {
            portal::model::Part::Command { text, .. } => text.split('>').next(),
            _ => None,
        });
        run(Command::new("sh").args(["-c", command.expect("a command")]))
    }

    pub(super) fn booth(&self) -> Booth {
        let here = self.hands().here().expect("the estate");
        let booth = Booth::of(&here.project, "steering/2026").expect("a box");
        booth.expect("an election")
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(super) fn key(&self, name: &str) -> String {
        self.path(&format!("keys/{name}")).display().to_string()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        self.folder.write(&format!("estate/{path}"), text);
    }

    pub(super) fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(&format!("estate/{path}")))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(super) fn served(&self) -> String {
        std::fs::read_to_string(self.path("served/example.org.zone")).expect("the zone")
    }

    pub(super) fn git(&self, words: &[&str]) -> String {
        let said = run(Command::new("git")
            .args(words)
            .current_dir(self.path("estate")));
        said.trim().to_owned()
    }

    pub(super) fn commit(&self, author: &str, message: &str) {
        self.git(&["add", "--all"]);
        let (name, email) = (
            format!("user.name={author}"),
            format!("user.email={author}@example.org"),
        );
        self.git(&[
            "-c", &name, "-c", &email, "commit", "--quiet", "-m", message,
        ]);
    }

    pub(super) fn commits(&self) -> String {
        self.git(&["rev-list", "--count", "--all"])
    }

    #[track_caller]
    pub(super) fn runs(&self, words: &str) {
        self.said(words);
    }

    /// What the program says.
    #[track_caller]
    pub(super) fn said(&self, words: &str) -> String {
        let mut surroundings = self.setup.surroundings.clone();
        surroundings
            .arguments
            .extend(words.split_whitespace().map(Into::into));
        let outcome = crate::run(&surroundings);
        assert_eq!(
            outcome.exit,
            Exit::Well,
            "{words}: {}{}",
            outcome.data,
            outcome.notes
        );
        outcome.data
    }

    /// Signs as the page says it, with somebody's key.
    pub(super) fn sign(&self, to_sign: &ToSign, name: &str) -> Signed {
        let command = to_sign
            .command
            .replace("~/.ssh/id_ed25519", &self.key(name));
        let signature = run(Command::new("sh").args(["-c", &command]));
        Signed {
            statement: to_sign.statement.clone(),
            signature: signature.replace('\n', "\r\n"),
        }
    }

    /// The digest of the only plan there is.
    pub(super) fn plan(&self) -> String {
        let id = self.git(&[
            "for-each-ref",
            "--format=%(refname:lstrip=2)",
            "refs/requests/",
        ]);
        self.plan_of(&id)
    }

    pub(super) fn plan_of(&self, id: &str) -> String {
        let commit = self.git(&["rev-parse", &format!("refs/requests/{id}")]);
        let found = plans::of_commit(&self.path("estate"), &commit);
        found.expect("a plan").0.digest.to_string()
    }

    /// The event of an act on the branch of a request.
    pub(super) fn branch_event(&self, id: &str, act: &str) -> String {
        let branch = format!("refs/heads/requests/{id}");
        let paths = self.git(&["ls-tree", "-r", "--name-only", &branch, "decisions"]);
        let is_it = |path: &&str| {
            self.git(&["show", &format!("{branch}:{path}")])
                .contains(&format!("\"act\":\"{act}\""))
        };
        let path = paths.lines().find(is_it).expect("an event").to_owned();
        let name = path.rsplit('/').next().expect("a name");
        name.trim_end_matches(".json").to_owned()
    }

    /// What somebody else brings to the repository that the estate is followed from.
    pub(super) fn elsewhere(&self, path: &str, text: &str) {
        self.elsewhere_on("main", path, text);
    }

    /// The same, on a branch of its own.
    pub(super) fn elsewhere_on(&self, branch: &str, path: &str, text: &str) {
        let clone = self.path("other");
        let _ = std::fs::remove_dir_all(&clone);
        run(Command::new("git")
            .args(["clone", "--quiet", "--branch", branch])
            .arg(self.path("remote.git"))
            .arg(&clone));
        self.folder.write(&format!("other/{path}"), text);
        let git = |words: &[&str]| {
            run(Command::new("git")
                .args(["-c", "user.name=eve", "-c", "user.email=eve@example.org"])
                .args(words)
                .current_dir(&clone))
        };
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "-m", "Elsewhere"]);
        git(&["push", "--quiet"]);
    }

    pub(super) fn remote_head(&self) -> String {
        let said = run(Command::new("git")
            .args(["rev-parse", "main"])
            .current_dir(self.path("remote.git")));
        said.trim().to_owned()
    }

    /// Git is held up, as by somebody who commits and never ends.
    pub(super) fn git_is_held(&self, held: bool) {
        if held {
            self.write(".git/index.lock", "");
        } else {
            std::fs::remove_file(self.path("estate/.git/index.lock")).expect("a lock");
        }
    }

    pub(super) fn cut_off(&self) {
        std::fs::rename(self.path("remote.git"), self.path("gone.git")).expect("a rename");
    }

    pub(super) fn reconnect(&self) {
        std::fs::rename(self.path("gone.git"), self.path("remote.git")).expect("a rename");
    }
}
