//! `commonhold access export` and `commonhold access verify`

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use access::export::{INDEX, export, verify as verify_files};
use anyhow::{Context, bail};
use decisions::sshsig::{SshSignature, VerifyingKey};
use estate::Tree;

use crate::Exit;
use crate::cli::{ExportArguments, ExportedArguments};
use crate::files::{self, DiskTree};
use crate::governed::Place;
use crate::keys::{SigningKey, holder};
use crate::project::Project;
use crate::surroundings::Outcome;

/// What is signed is for nothing else.
const NAMESPACE: &str = "commonhold-export";
/// The signature of the index, beside it.
const SIGNATURE: &str = "v1/index.json.sig";

pub(super) fn run(project: &Project<'_>, arguments: &ExportArguments) -> anyhow::Result<Outcome> {
    let (estate, mut notes) = project.ask()?;
    let place = Place::of(project)?;
    // Where it is not all committed, no commit says what was exported.
    let repository = place.repository.as_ref();
    let clean = repository.filter(|git| git.uncommitted().is_ok_and(|changed| changed.is_empty()));
    let commit = clean.map(|git| git.commit("HEAD")).transpose()?;
    let written = export(&estate, project.day, commit.as_deref());
    let index = written.get(INDEX).map_or("", String::as_str);
    let signature = if arguments.unsigned {
        None
    } else {
        let key = SigningKey::find(&place, arguments.key.as_deref())?;
        key.holder(&estate)?;
        Some(key.sign(NAMESPACE, index)?)
    };
    let folder = project.surroundings.folder.join(&arguments.out);
    clear(&folder)?;
    let signature = signature.as_ref().map(|text| (SIGNATURE, text));
    let all = written.iter().map(|(path, text)| (path.as_str(), text));
    // The index comes last: who finds one finds all that it lists.
    let (last, first): (Vec<_>, Vec<_>) = all.partition(|(path, _)| *path == INDEX);
    for (path, text) in first.into_iter().chain(last).chain(signature) {
        let to = folder.join(path);
        files::replace(&to, text).with_context(|| format!("{} cannot be written", to.display()))?;
    }
    notes += &format!(
        "wrote {} to {}\n",
        base::counted(written.len(), "file", "files"),
        arguments.out.display()
    );
    let nothing = Outcome::data(String::new());
    Ok(Outcome { notes, ..nothing })
}

/// Takes away an earlier export, and nothing else. What cannot be taken away would stay published.
fn clear(folder: &Path) -> anyhow::Result<()> {
    let old = folder.join("v1");
    let index = match std::fs::read(folder.join(INDEX)) {
        Ok(index) => index,
        Err(_) if !old.is_dir() || old.read_dir()?.next().is_none() => return Ok(()),
        Err(_) => bail!(
            "{} holds files that are no export: name another folder",
            old.display()
        ),
    };
    let listed = access::export::listed(&index).with_context(|| {
        format!(
            "{} holds an index that cannot be read: remove it first",
            old.display()
        )
    })?;
    let all = listed.iter().map(String::as_str).chain([INDEX, SIGNATURE]);
    for path in all {
        let path = folder.join(path);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                let path = path.display().to_string();
                return Err(error).context(format!("{path} cannot be removed"));
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn verify(
    project: &Project<'_>,
    arguments: &ExportedArguments,
) -> anyhow::Result<Outcome> {
    let folder = project.surroundings.folder.join(&arguments.folder);
    let read = |path: &str| std::fs::read(folder.join(path)).ok();
    let index =
        read(INDEX).with_context(|| format!("{} has no {INDEX}", arguments.folder.display()))?;
    let tree = DiskTree::new(&folder, "");
    let present = tree.find("v1", &|_| true);
    let present =
        present.map_err(|refused| anyhow::anyhow!("{}: {}", refused.path, refused.reason))?;
    let present: BTreeSet<String> = present
        .into_iter()
        .filter(|path| path != SIGNATURE)
        .collect();
    let mut wrong = Vec::new();
    let mut notes = String::new();
    match read(SIGNATURE) {
        None => wrong.push(format!(
            "{SIGNATURE} is not there: nobody says that it is theirs"
        )),
        Some(signature) => match signer(project, &index, &signature)? {
            Some(person) => notes += &format!("signed by {person}\n"),
            None => wrong.push(format!(
                "{SIGNATURE} is of nobody whom the estate knows, or of another {INDEX}"
            )),
        },
    }
    match verify_files(&present, &read, &index) {
        Ok(count) => {
            notes += &format!(
                "{} as listed\n",
                base::counted(count, "file is", "files are")
            );
        }
        Err(more) => wrong.extend(more),
    }
    let exit = if wrong.is_empty() {
        Exit::Well
    } else {
        Exit::Findings
    };
    let errors = wrong.iter().map(|what| format!("error: {what}\n"));
    let notes = errors.collect::<String>() + &notes;
    let nothing = Outcome::data(String::new());
    Ok(Outcome {
        notes,
        exit,
        ..nothing
    })
}

/// Who of the estate signed an index.
fn signer(project: &Project<'_>, index: &[u8], signature: &[u8]) -> anyhow::Result<Option<String>> {
    let (estate, _) = project.ask()?;
    let Ok(signature) = SshSignature::parse(&String::from_utf8_lossy(signature)) else {
        return Ok(None);
    };
    holder(&estate, |line| {
        let key = VerifyingKey::of_line(line);
        key.is_ok_and(|key| signature.verify(index, NAMESPACE, &key).is_ok())
    })
}
