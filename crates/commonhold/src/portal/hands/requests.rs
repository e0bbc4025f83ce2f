//! What was asked for at the front desk, as Git has it: a commit each, and a branch that what
//! people do about it is kept on until it is merged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use base::Digest;
use jiff::Timestamp;
use portal::Identity;

use super::commits::{self, Move, Writer};
use super::plans::private_folder;
use crate::git::Repository;
use crate::governed::Place;

/// Something that was asked for.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// What it is called.
    pub(super) id: String,
    /// Which kind of request.
    pub(super) kind: String,
    /// Who asked, as [`asker`] says it.
    pub(super) asker: String,
    /// What they are called.
    pub(super) by: String,
    pub(super) at: Timestamp,
    /// By which it is known when it is asked for again.
    pub(super) once: Option<String>,
    /// In a line.
    pub(super) title: String,
    /// What they wrote in the form.
    pub(super) answers: BTreeMap<String, String>,
    /// The commit that does what is asked for.
    pub(super) commit: String,
    /// The last commit of its branch, with what people did about it; none without a branch.
    pub(super) tip: Option<String>,
}

/// What tells one who asks from all others, and says to nobody who they are.
pub(super) fn asker(identity: &Identity) -> String {
    let text = format!("{}\n{}", identity.issuer, identity.subject);
    Digest::of(text.as_bytes()).to_string()
}

/// What the commit of a request says beside its text.
pub(super) struct Said<'s> {
    pub(super) id: &'s str,
    pub(super) kind: &'s str,
    pub(super) from: &'s str,
    pub(super) once: Option<&'s str>,
    pub(super) answers: &'s BTreeMap<String, String>,
}

/// The message of the commit of a request.
pub(super) fn message(title: &str, text: &str, said: &Said<'_>) -> anyhow::Result<String> {
    let Said { id, kind, from, .. } = said;
    let answers = base::canonical(said.answers)?;
    let text = text.trim();
    let between = if text.is_empty() { "" } else { "\n\n" };
    let once = said.once.map(|once| format!("Request-Once: {once}\n"));
    let once = once.unwrap_or_default();
    Ok(format!(
        "{title}{between}{text}\n\nRequest: {id}\nRequest-Kind: {kind}\nRequest-From: {from}\n{once}Request-Answers: {answers}\n"
    ))
}

/// The reference to the commit of a request.
pub(super) fn asked(id: &str) -> String {
    format!("refs/requests/{id}")
}

/// The branch of a request.
pub(super) fn branch(id: &str) -> String {
    format!("refs/heads/requests/{id}")
}

/// Whether a text can be the id of a request: letters, digits and dashes, so that it leads
/// nowhere else in a URL, a reference or a folder.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= 80 && text.bytes().all(plain) && !text.starts_with('-')
}

/// An id of words and the first digits of a digest.
pub(super) fn id_of(words: &str, digest: &Digest) -> String {
    let mut id = String::new();
    for part in words.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !part.is_empty() && id.len() + part.len() < 56 {
            id += &part.to_ascii_lowercase();
            id.push('-');
        }
    }
    id + &digest.hex()[..8]
}

/// All requests, the newest first.
pub(super) fn all(writer: &Writer<'_>) -> anyhow::Result<Vec<Request>> {
    read(writer, "")
}

/// One of them.
pub(super) fn find(writer: &Writer<'_>, id: &str) -> anyhow::Result<Option<Request>> {
    if !is_id(id) {
        return Ok(None);
    }
    Ok(read(writer, id)?.into_iter().find(|one| one.id == id))
}

fn read(writer: &Writer<'_>, id: &str) -> anyhow::Result<Vec<Request>> {
    let format =
        "--format=%(refname)%00%(objectname)%00%(authorname)%00%(authordate:unix)%00%(contents)%00";
    let listed = writer.git(&["for-each-ref", format, &asked(id)])?;
    let tips = writer.git(&[
        "for-each-ref",
        "--format=%(refname) %(objectname)",
        &branch(id),
    ])?;
    let tips: BTreeMap<&str, &str> = tips
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    let fields: Vec<&str> = listed.split('\0').collect();
    let mut found: Vec<Request> = fields
        .chunks_exact(5)
        .filter_map(|fields| {
            let mut request = of_fields(fields)?;
            let tip = tips.get(branch(&request.id).as_str());
            request.tip = tip.map(|tip| (*tip).to_owned());
            Some(request)
        })
        .collect();
    found.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
    Ok(found)
}

fn of_fields(fields: &[&str]) -> Option<Request> {
    let &[reference, commit, by, second, contents] = fields else {
        return None;
    };
    let id = reference.trim().strip_prefix("refs/requests/")?.to_owned();
    let (above, trailers) = contents.trim_end().rsplit_once("\n\n")?;
    let said = |key: &str| {
        let mut lines = trailers.lines();
        lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
    };
    Some(Request {
        kind: said("Request-Kind")?.to_owned(),
        asker: said("Request-From")?.to_owned(),
        by: by.to_owned(),
        once: said("Request-Once").map(str::to_owned),
        at: Timestamp::from_second(second.parse().ok()?).ok()?,
        title: above.lines().next()?.to_owned(),
        answers: serde_json::from_str(said("Request-Answers")?).ok()?,
        commit: commit.to_owned(),
        tip: None,
        id,
    })
}

impl Request {
    /// What its commit says of it.
    pub(super) fn said(&self) -> Said<'_> {
        Said {
            id: &self.id,
            kind: &self.kind,
            from: &self.asker,
            once: self.once.as_deref(),
            answers: &self.answers,
        }
    }

    /// Whether it is what somebody asks for again.
    pub(super) fn is_of(
        &self,
        asker: &str,
        kind: &str,
        answers: &BTreeMap<String, String>,
        once: &str,
    ) -> bool {
        let same = self.once.as_deref() == Some(once) && self.asker == asker;
        same && self.kind == kind && self.answers == *answers
    }

    /// Keeps a new request.
    pub(super) fn begin(
        writer: &Writer<'_>,
        id: &str,
        commit: &str,
        with_branch: bool,
    ) -> anyhow::Result<()> {
        let new = |reference: String| Move {
            reference,
            to: Some(commit.to_owned()),
            from: None,
        };
        let mut moves = vec![new(asked(id))];
        if with_branch {
            moves.push(new(branch(id)));
        }
        writer.point(&moves)
    }

    /// Brings its branch to another commit.
    pub(super) fn advance(&self, writer: &Writer<'_>, tip: &str) -> anyhow::Result<()> {
        writer.point(&[self.moved(tip)])
    }

    /// Puts another commit in the place of the one that did what is asked for.
    pub(super) fn renew(&self, writer: &Writer<'_>, commit: &str, tip: &str) -> anyhow::Result<()> {
        let asked = Move {
            reference: asked(&self.id),
            to: Some(commit.to_owned()),
            from: Some(self.commit.clone()),
        };
        writer.point(&[asked, self.moved(tip)])
    }

    fn moved(&self, tip: &str) -> Move {
        Move {
            reference: branch(&self.id),
            to: Some(tip.to_owned()),
            from: self.tip.clone(),
        }
    }

    /// Whether what it asks for is part of what is checked out.
    pub(super) fn is_merged(&self, place: &Place<'_>) -> bool {
        let Ok(repository) = place.git() else {
            return false;
        };
        let head = repository.commit("HEAD");
        head.is_ok_and(|head| repository.is_ancestor(&self.commit, &head).unwrap_or(false))
    }

    /// Its branch as a place of its own: a work tree without files, so that what is judged there
    /// is judged by the same code as everywhere, and nothing that is checked out is touched.
    pub(super) fn place<'s>(&self, of: &Place<'s>) -> anyhow::Result<Place<'s>> {
        let root = &of.folder;
        let folder = self.folder(root)?;
        let is_there = || folder.join(".git").exists();
        if !is_there() {
            commits::run(root, &["worktree", "prune"], &[], None)?;
            let shown = folder.to_string_lossy();
            let name = format!("requests/{}", self.id);
            let words = ["worktree", "add", "--quiet", "--force", "--no-checkout"];
            let words = [&words[..], &[&*shown, &name]].concat();
            let made = commits::run(root, &words, &[], None);
            // Whoever looks at the same time may have made it.
            if !is_there() {
                made?;
            }
        }
        let prefix = commits::run(root, &["rev-parse", "--show-prefix"], &[], None)?;
        let folder = folder.join(prefix.trim_end_matches('\n'));
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        Ok(Place {
            repository: Repository::of(&folder),
            home: root.clone(),
            folder,
            bare: true,
            surroundings: of.surroundings,
        })
    }

    /// Gives its place up.
    pub(super) fn leave(&self, of: &Place<'_>) {
        let Ok(folder) = self.folder(&of.folder) else {
            return;
        };
        if folder.exists() {
            let shown = folder.to_string_lossy();
            let words = ["worktree", "remove", "--force", &shown];
            // What is left costs a folder, and is made anew when it is needed.
            let _ = commits::run(&of.folder, &words, &[], None);
        }
    }

    fn folder(&self, root: &Path) -> anyhow::Result<PathBuf> {
        Ok(private_folder(root, "requests")?.join(&self.id))
    }
}

/// Where the plan of a commit is judged that is no part of what is checked out: on the branch of
/// the request that it is of, if there is one.
pub(crate) fn branch_of<'s>(place: &Place<'s>, commit: &str) -> Option<Place<'s>> {
    let repository = place.repository.as_ref()?;
    let head = repository.commit("HEAD").ok()?;
    if repository.is_ancestor(commit, &head).unwrap_or(false) {
        return None;
    }
    let writer = Writer {
        folder: &place.folder,
        remote: None,
    };
    let all = all(&writer).ok()?;
    let request = all
        .into_iter()
        .find(|one| one.commit == commit && one.tip.is_some())?;
    request.place(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_is_read_from_its_commit() {
        let answers = BTreeMap::from([(
            "why".to_owned(),
            "Request-Kind: money\n\nRequest: x".to_owned(),
        )]);
        let written = message(
            "Add www",
            "A reason\n\nRequest: y",
            &Said {
                id: "www-0a1b2c3d",
                kind: "dns-record",
                from: "sha256:00",
                once: Some("ab12"),
                answers: &answers,
            },
        );
        let contents = written.expect("a message");
        let fields = [
            "refs/requests/www-0a1b2c3d",
            "abc",
            "Dana",
            "1700000000",
            &contents,
        ];
        let request = of_fields(&fields).expect("a request");
        assert_eq!(
            (request.id.as_str(), request.kind.as_str()),
            ("www-0a1b2c3d", "dns-record")
        );
        assert_eq!(
            (request.title.as_str(), request.asker.as_str()),
            ("Add www", "sha256:00")
        );
        assert_eq!(request.answers, answers);
        let is_of = |kind, once| request.is_of("sha256:00", kind, &answers, once);
        assert!(is_of("dns-record", "ab12"));
        assert!(!is_of("dns-record", "ab13") && !is_of("money", "ab12"));
        assert!(!request.is_of("sha256:01", "dns-record", &answers, "ab12"));
    }

    #[test]
    fn an_id_leads_nowhere_else() {
        for odd in [
            "",
            "../x",
            "a/b",
            "A",
            "-x",
            "a b",
            "a.lock",
            &"x".repeat(99),
        ] {
            assert!(!is_id(odd), "{odd}");
        }
        let digest = Digest::of(b"x");
        for words in ["www2.example.org A", "", "Ä ö ü", &"long ".repeat(40)] {
            assert!(is_id(&id_of(words, &digest)), "{words}");
        }
    }
}
