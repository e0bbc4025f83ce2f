//! A small community: an estate in Git, people with keys, and the program they run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use crate::support::Said;

use serde_json::Value;
use testkit::servers::dns::{KEY_NAME, KEY_SECRET};
use testkit::servers::{Folder, run};

/// The zone of every journey.
pub(crate) const ZONE: &str = "example.org";
/// What the gate calls it at the server of every journey.
pub(crate) const SCOPE: &str = "dns example.org at primary";

/// The zone as it is on the server before a journey, for [`DECLARED`].
pub(crate) const SERVED: &str = "\
$TTL 300
@ SOA ns1 host 1 3600 600 86400 60
@ NS ns1
ns1 A 127.0.0.1
www A 192.0.2.1
docs CNAME www.example.org.
mail A 192.0.2.5
old A 192.0.2.9
";

/// The same as the estate has it.
pub(crate) const DECLARED: &str = "\
# What the community serves
ns1:
  type: A
  ttl: 300
  value: 127.0.0.1
www:
  type: A
  ttl: 300
  value: 192.0.2.1
docs:
  type: CNAME
  ttl: 300
  value: www.example.org.
  octodns:
    commonhold:
      owner: web
mail:
  type: A
  ttl: 300
  value: 192.0.2.5
old:
  type: A
  ttl: 300
  value: 192.0.2.9
";

/// Leads of `infra` are ada, bob and dora; of `web` it is cy. Ada has two keys.
const KEYS: [(&str, &str); 5] = [
    ("ada", "ada"),
    ("ada", "ada-work"),
    ("bob", "bob"),
    ("cy", "cy"),
    ("dora", "dora"),
];

/// A community, its folder gone with the value.
#[derive(Debug)]
pub(crate) struct Community {
    folder: Folder,
    environment: Vec<(String, String)>,
}

impl Community {
    /// One whose zone is served at this address, as Ada committed it.
    pub(crate) fn at(address: &str, declared: &str) -> Self {
        Self::with(address, declared, "infrastructure: infra\n", "", "")
    }

    /// The same with a charter of its own, and more lines in the files of the zone and of its server.
    pub(crate) fn with(
        address: &str,
        declared: &str,
        charter: &str,
        zone: &str,
        server: &str,
    ) -> Self {
        let folder = Folder::new();
        for (_, key) in KEYS {
            make_key(&folder.write("keys/.here", ""), key);
        }
        let one = Self {
            folder,
            environment: vec![("KEY".to_owned(), KEY_SECRET.to_owned())],
        };
        one.write("commonhold.yaml", "commonhold: 1\nname: Example\n");
        one.write("charter.yaml", charter);
        one.write(
            "groups/infra.yaml",
            "title: Infra\nkind: sig\nleads: [{person: ada, role: lead}, {person: bob, role: lead}, {person: dora, role: lead}]\n",
        );
        one.write(
            "groups/web.yaml",
            "title: Web\nkind: sig\nleads: [{person: cy, role: lead}]\n",
        );
        for person in ["ada", "bob", "cy", "dora"] {
            one.write(&format!("people/{person}.yaml"), &one.person(person));
        }
        one.write(
            "dns-servers/primary.yaml",
            &format!(
                "kind: rfc2136\naddress: {address}\ntsig: {{name: {KEY_NAME}, secret: env/KEY}}\n{server}"
            ),
        );
        one.write(
            "zones/example.org.yaml",
            &format!("owner: infra\nrecords: [dns/example.org.yaml]\nservers: [primary]\n{zone}"),
        );
        one.declare(declared);
        one.git(&["init", "--quiet", "--initial-branch", "main"]);
        one.commit("ada", "the zone as it is");
        one.runs("ledger init").ends(0, "");
        one
    }

    /// A person's file, with all of their keys.
    fn person(&self, name: &str) -> String {
        let keys = KEYS.iter().filter(|(person, _)| *person == name);
        let keys: Vec<String> = keys.map(|(_, key)| self.public_key(key)).collect();
        format!("name: {name}\nemail: {name}@example.org\nkeys: {keys:?}\n")
    }

    /// Where the estate is.
    pub(crate) fn estate(&self) -> PathBuf {
        self.folder.path().join("estate")
    }

    /// Where a key is.
    pub(crate) fn key(&self, name: &str) -> PathBuf {
        self.folder.path().join("keys").join(name)
    }

    /// The public half of a key, as it stands in a person's file.
    pub(crate) fn public_key(&self, name: &str) -> String {
        let path = self.folder.path().join(format!("keys/{name}.pub"));
        let line = std::fs::read_to_string(path).expect("a key");
        let mut words = line.split(' ');
        let (kind, key) = (words.next(), words.next());
        format!("{} {}", kind.expect("its kind"), key.expect("the key"))
    }

    /// Makes a key that is nobody's yet.
    pub(crate) fn new_key(&self, name: &str) -> String {
        make_key(&self.key(".here"), name);
        self.public_key(name)
    }

    /// Writes a file of the estate.
    pub(crate) fn write(&self, path: &str, text: &str) {
        self.folder.write(&format!("estate/{path}"), text);
    }

    /// A file of the estate.
    pub(crate) fn text(&self, path: &str) -> String {
        let path = self.estate().join(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Writes the file of the zone.
    pub(crate) fn declare(&self, text: &str) {
        self.write("dns/example.org.yaml", text);
    }

    /// Replaces a part of the file of the zone, which is there once.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = self.text("dns/example.org.yaml");
        assert_eq!(text.matches(from).count(), 1, "{from}");
        self.declare(&text.replace(from, to));
    }

    /// Commits everything, in a person's name.
    pub(crate) fn commit(&self, author: &str, message: &str) {
        self.git(&["add", "--all"]);
        let name = format!("user.name={author}");
        let email = format!("user.email={author}@example.org");
        let who = ["-c", &name, "-c", &email];
        self.git(&[&who[..], &["commit", "--quiet", "-m", message]].concat());
    }

    /// Runs Git in the estate.
    pub(crate) fn git(&self, words: &[&str]) -> String {
        run(self.clean(&mut Command::new("git")).args(words))
    }

    /// Sets a variable for every run from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Unsets one.
    pub(crate) fn unset(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }

    fn clean<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("USER", "operator")
            .current_dir(self.estate())
            .stdin(Stdio::null())
    }

    /// The program with these words, where a space divides them.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
        let variables = self.environment.iter().map(|(name, value)| (name, value));
        self.clean(&mut command)
            .args(words.split_whitespace())
            .envs(variables);
        command
    }

    /// Runs the program.
    pub(crate) fn runs(&self, words: &str) -> Said {
        let output = self.command(words).output().expect("the program");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Said {
            exit: output.status.code().expect("it ends by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Plans into `plan.json`, as Ada does it from what is committed.
    #[track_caller]
    pub(crate) fn plan(&self) -> Value {
        self.runs("plan --out plan.json").ends(0, "wrote plan.json");
        serde_json::from_str(&self.text("plan.json")).expect("a plan")
    }

    /// Does something with `plan.json` by a key: `approve`, `object --reason no`.
    #[track_caller]
    pub(crate) fn by(&self, key: &str, act: &str) -> Said {
        let (act, more) = act.split_once(' ').unwrap_or((act, ""));
        let key = self.key(key);
        let said = self.runs(&format!("{act} plan.json --key {} {more}", key.display()));
        said.ends(0, "wrote decisions/")
    }

    /// Where the ledger is unless it is said.
    pub(crate) fn ledger(&self) -> String {
        let path = self.estate().join(".commonhold/ledger.sqlite");
        format!("sqlite:{}", path.display())
    }

    /// All records of the ledger, oldest first, as the program exports them.
    #[track_caller]
    pub(crate) fn records(&self) -> Vec<Value> {
        let exported = self.runs("ledger export").ends(0, "");
        let lines = exported.out.lines();
        let read = lines.map(|line| serde_json::from_str(line).expect("a record"));
        read.collect()
    }

    /// The digests of the files of decisions that hold an act, for `withdraw`.
    #[track_caller]
    pub(crate) fn event(&self, act: &str) -> String {
        let records = self.records();
        let received = records.iter().rev();
        let mut received = received.filter(|one| one["kind"] == "decision.received");
        let event = received.find(|one| one["body"]["act"] == act);
        let event = event.unwrap_or_else(|| panic!("no {act} in {records:#?}"));
        event["body"]["event"]
            .as_str()
            .expect("a digest")
            .to_owned()
    }
}

fn make_key(beside: &Path, name: &str) {
    let path = beside.with_file_name(name);
    let kind = ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"];
    run(Command::new("ssh-keygen").args(kind).arg(path));
}
