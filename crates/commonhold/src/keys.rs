//! Signing, by `ssh-keygen` and the agent it asks.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use decisions::sshsig::VerifyingKey;
use estate::Estate;

use crate::governed::Place;

/// Nobody can tell who is acting.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NoIdentity(pub(crate) String);

/// A key that signs: a file with the secret half, or with the public half of one in an agent.
#[derive(Debug)]
pub(crate) struct SigningKey {
    path: PathBuf,
    public: String,
}

impl SigningKey {
    /// The key that was asked for, that Git signs with, or that is in the usual place.
    pub(crate) fn find(place: &Place<'_>, given: Option<&Path>) -> anyhow::Result<Self> {
        let mut tried = Vec::new();
        let asked = given.map(|path| place.surroundings.folder.join(path));
        let candidates = match asked {
            Some(path) => vec![path],
            None => usual(place),
        };
        for path in candidates {
            if let Some(public) = public_half(&path) {
                return Ok(Self { path, public });
            }
            tried.push(path.display().to_string());
        }
        let tried = if tried.is_empty() {
            "nowhere".to_owned()
        } else {
            tried.join(", ")
        };
        Err(NoIdentity(format!(
            "there is no SSH key to sign with (looked at {tried}); name one with --key, its secret or public half"
        ))
        .into())
    }

    /// The person of an estate whose key it is.
    pub(crate) fn holder(&self, estate: &Estate) -> anyhow::Result<String> {
        let blob = |line: &str| {
            VerifyingKey::of_line(line)
                .ok()
                .map(|key| key.blob().to_vec())
        };
        let mine = blob(&self.public).ok_or_else(|| {
            NoIdentity(format!(
                "{} is of a kind that cannot sign here",
                self.path.display()
            ))
        })?;
        let people = estate.tables.people.items();
        let holds = |person: &&estate::Item<estate::kinds::Person>| {
            let mut keys = person.value.keys.iter();
            keys.any(|key| blob(key.as_str()).as_ref() == Some(&mine))
        };
        let mut holders = people.filter(holds);
        match (holders.next(), holders.next()) {
            (Some(person), None) => Ok(person.name.clone()),
            (Some(one), Some(other)) => Err(NoIdentity(format!(
                "the key {} is listed for {} and for {}; each person needs a key of their own",
                self.path.display(),
                one.name,
                other.name
            ))
            .into()),
            (None, _) => Err(NoIdentity(format!(
                "the key {} is nobody's in the estate at the base of the plan; list it under `keys` of your file first, in a change of its own",
                self.path.display()
            ))
            .into()),
        }
    }

    /// The armored signature of a text.
    pub(crate) fn sign(&self, namespace: &str, text: &str) -> anyhow::Result<String> {
        let mut child = Command::new("ssh-keygen")
            .args(["-Y", "sign", "-q", "-n", namespace, "-f"])
            .arg(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("ssh-keygen cannot be run; it comes with OpenSSH")?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(NoIdentity(format!(
                "ssh-keygen did not sign: {}",
                said.trim()
            )));
        }
        String::from_utf8(output.stdout)
            .context("ssh-keygen made something that is not a signature")
    }
}

fn usual(place: &Place<'_>) -> Vec<PathBuf> {
    let mut keys = Vec::new();
    let repository = place.repository.as_ref();
    let of_git = repository.filter(|git| git.setting("gpg.format").as_deref() == Some("ssh"));
    keys.extend(
        of_git
            .and_then(|git| git.setting("user.signingkey"))
            .map(PathBuf::from),
    );
    if let Some(home) = (place.surroundings.environment)("HOME") {
        let names = [
            "id_ed25519",
            "id_ecdsa",
            "id_ed25519_sk",
            "id_ecdsa_sk",
            "id_rsa",
        ];
        keys.extend(names.map(|name| Path::new(&home).join(".ssh").join(name)));
    }
    keys
}

/// The public half of a key: the file itself, or the one beside it.
fn public_half(path: &Path) -> Option<String> {
    let beside = PathBuf::from(format!("{}.pub", path.display()));
    let mut texts = [beside.as_path(), path]
        .into_iter()
        .filter_map(|path| std::fs::read_to_string(path).ok());
    let line = |text: String| {
        let line = text.lines().next()?.trim().to_owned();
        VerifyingKey::of_line(&line).is_ok().then_some(line)
    };
    texts.find_map(line)
}

/// The person who has a key.
pub(crate) fn holder(
    estate: &Estate,
    has: impl Fn(&str) -> bool,
) -> anyhow::Result<Option<String>> {
    let people = estate.tables.people.items();
    let mut holders = people.filter(|person| person.value.keys.iter().any(|key| has(key.as_str())));
    match (holders.next(), holders.next()) {
        (Some(one), Some(other)) => bail!(NoIdentity(format!(
            "the key is listed for {} and for {}; each person needs a key of their own",
            one.name, other.name
        ))),
        (one, _) => Ok(one.map(|person| person.name.clone())),
    }
}
