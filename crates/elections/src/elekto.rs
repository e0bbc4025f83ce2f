//! Elekto's files: a folder an election.
//!
//! ```text
//! election.yaml  voters.yaml  candidate-ID.md ...  election_desc.md  results.md  ballots.csv
//! ```
//!
//! They are read where they are and kept as they are: what was read is written back byte for
//! byte, and an edit changes the lines it is about. `results.md` hides or shows the result: as
//! long as it is not there, Elekto shows none.

mod candidate;
mod convert;
mod edit;
mod election;
pub mod write;

pub use candidate::{CandidateFile, Info};
pub use convert::{Unsaid, preset};
pub use edit::NotEditable;
pub use election::{ElectionFile, NaiveTime, ShownFields};

use std::collections::BTreeMap;

use base::{Code, Diagnostic, FileId, Severity, SourceMap, Span, Spanned};
use estate::{Tree, Unreadable, join};
use yaml::{Decoding, Dialect, FromYaml, Profile, UnknownKeys, record};

use crate::definition::Key;
use crate::{Login, codes};

/// The file that makes a folder an election.
pub const ELECTION: &str = "election.yaml";
/// Who may vote.
pub const VOTERS: &str = "voters.yaml";
/// What the election is about.
pub const DESCRIPTION: &str = "election_desc.md";
/// The result, once it may be seen.
pub const RESULTS: &str = "results.md";
/// The ballots, once they are published.
pub const BALLOTS: &str = "ballots.csv";
/// How the name of a candidate's file begins, and how it ends.
const CANDIDATE: (&str, &str) = ("candidate-", ".md");

/// Elekto ignores keys it does not know, `exceptions_due` for example, and goes by their defaults.
const PROFILE: Profile = Profile {
    dialect: Dialect::Go,
    unknown_keys: UnknownKeys::Refuse,
    folds_keys: false,
};

record! {
    /// `voters.yaml`.
    pub struct VotersFile {
        /// Everybody who may vote.
        pub eligible_voters: Vec<Spanned<Login>>,
    }
}

/// An election as Elekto's folder has it.
#[derive(Debug, Clone)]
pub struct Folder {
    /// What the election is called: the path of the folder.
    pub key: Key,
    /// `election.yaml`.
    pub election: ElectionFile,
    /// Everybody who may vote, in the order of the file.
    pub voters: Vec<Spanned<Login>>,
    /// The candidates, by the names of their files.
    pub candidates: Vec<CandidateFile>,
    /// The files that are Elekto's, by name, as they were read or have been edited since.
    files: BTreeMap<String, String>,
    /// Where `election.yaml` is among the sources.
    source: FileId,
}

/// What came of reading a folder.
#[derive(Debug)]
pub struct Reading {
    /// The election; none if anything in it could not be read, for half a list of voters is not one.
    pub folder: Option<Folder>,
    /// What is wrong, and what had to be assumed.
    pub findings: Vec<Diagnostic>,
}

/// The folders below a folder that are elections, by path.
///
/// # Errors
/// The folder cannot be read.
pub fn folders(tree: &dyn Tree, below: &str) -> Result<Vec<String>, Unreadable> {
    let found = tree.find(below, &|name| name == ELECTION)?;
    let folder = |path: &String| {
        path.strip_suffix(ELECTION)
            .map(|path| path.trim_end_matches('/').to_owned())
    };
    Ok(found.iter().filter_map(folder).collect())
}

/// Reads the folder of an election; `key` is its path below that of all elections.
pub fn read(tree: &dyn Tree, folder: &str, key: &Key, sources: &mut SourceMap) -> Reading {
    let mut reader = Reader {
        tree,
        folder,
        sources,
        files: BTreeMap::new(),
        findings: Vec::new(),
    };
    let folder = reader.read(key);
    let mut findings = reader.findings;
    for finding in &mut findings {
        finding.subject = Some(format!("election/{key}"));
    }
    let broken = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    Reading {
        folder: folder.filter(|_| !broken),
        findings,
    }
}

/// A file that was looked for.
enum Found {
    Text(FileId, String),
    Missing,
    /// Reported.
    Unreadable,
}

impl Found {
    fn text(self) -> Option<(FileId, String)> {
        match self {
            Self::Text(file, text) => Some((file, text)),
            Self::Missing | Self::Unreadable => None,
        }
    }
}

struct Reader<'r> {
    tree: &'r dyn Tree,
    folder: &'r str,
    sources: &'r mut SourceMap,
    files: BTreeMap<String, String>,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&mut self, key: &Key) -> Option<Folder> {
        let (source, text) = self.required(ELECTION)?;
        let election = self.decode::<ElectionFile>(&text, source);
        let voters = self.required(VOTERS);
        let voters = voters.and_then(|(file, text)| self.decode::<VotersFile>(&text, file));
        let candidates = self.candidates();
        for name in [DESCRIPTION, RESULTS, BALLOTS] {
            self.find(name);
        }
        let (election, voters) = (election?, voters?.eligible_voters);
        election.check(&mut self.findings);
        twice(&voters, &mut self.findings);
        twice(&election.election_officers, &mut self.findings);
        let ids: Vec<Spanned<Login>> = candidates.iter().map(|one| one.id.clone()).collect();
        twice(&ids, &mut self.findings);
        Some(Folder {
            key: key.clone(),
            election,
            voters,
            candidates,
            files: std::mem::take(&mut self.files),
            source,
        })
    }

    fn decode<T: FromYaml>(&mut self, text: &str, file: FileId) -> Option<T> {
        let (value, findings) = decode::<T>(text, file);
        self.findings.extend(findings);
        value
    }

    /// A file that has to be there.
    fn required(&mut self, name: &str) -> Option<(FileId, String)> {
        let found = self.find(name);
        if let Found::Missing = found {
            let message = format!("there is no {name}");
            let help = "add the file, or correct the path of the folder";
            self.report(&codes::ELEKTO_FOLDER, name, message, help);
        }
        found.text()
    }

    /// A file, if it is there. One that is there and cannot be read is reported.
    fn find(&mut self, name: &str) -> Found {
        let path = join(self.folder, name);
        match self.tree.read(&path) {
            Ok(text) => {
                let file = self.sources.add(self.tree.display(&path), text.clone());
                self.files.insert(name.to_owned(), text.clone());
                Found::Text(file, text)
            }
            Err(refused) if refused.missing => Found::Missing,
            Err(refused) => {
                let message = format!("{name} cannot be read: {}", refused.reason);
                let help = "it has to be UTF-8 text";
                self.report(&estate::codes::UNREADABLE, name, message, help);
                Found::Unreadable
            }
        }
    }

    /// Reports something about a file that has no text to point at.
    fn report(&mut self, code: &'static Code, name: &str, message: String, help: &str) {
        let path = self.tree.display(&join(self.folder, name));
        let span = Span::start_of(self.sources.add(path, ""));
        self.findings
            .push(Diagnostic::new(code, span, message).help(help));
    }

    fn candidates(&mut self) -> Vec<CandidateFile> {
        // Elekto lists whatever begins so, and opens `candidate-ID.md`.
        let begins = |name: &str| name.starts_with("candidate");
        let found = match self.tree.find(self.folder, &begins) {
            Ok(found) => found,
            Err(refused) => {
                let message = format!("the folder cannot be listed: {}", refused.reason);
                let help = "nobody knows who stands while it cannot";
                self.report(&estate::codes::UNREADABLE, "", message, help);
                return Vec::new();
            }
        };
        let folder = join(self.folder, "");
        let own = |path: &String| {
            let rest = path.strip_prefix(folder.as_str())?.trim_start_matches('/');
            (!rest.contains('/')).then(|| rest.to_owned())
        };
        let names: Vec<String> = found.iter().filter_map(own).collect();
        let read = |name: &String| self.candidate(name);
        names.iter().filter_map(read).collect()
    }

    fn candidate(&mut self, name: &str) -> Option<CandidateFile> {
        let (file, text) = self.find(name).text()?;
        let suffix = name
            .strip_prefix(CANDIDATE.0)
            .and_then(|rest| rest.strip_suffix(CANDIDATE.1));
        let Some(suffix) = suffix else {
            let message =
                format!("{name} is taken for a candidate and is not called `candidate-ID.md`");
            let finding = Diagnostic::new(&codes::ELEKTO_CANDIDATE, Span::start_of(file), message);
            self.findings.push(finding.help("rename the file"));
            return None;
        };
        let (candidate, findings) = CandidateFile::read(&text, file, suffix);
        self.findings.extend(findings);
        candidate
    }
}

impl Folder {
    /// All files that are Elekto's, by name: as read, but for what was edited.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// What the election is about, in Markdown.
    pub fn description(&self) -> Option<&str> {
        self.files.get(DESCRIPTION).map(String::as_str)
    }

    /// The published result, in Markdown.
    pub fn results(&self) -> Option<&str> {
        self.files.get(RESULTS).map(String::as_str)
    }

    /// The published ballots, as CSV.
    pub fn ballots(&self) -> Option<&str> {
        self.files.get(BALLOTS).map(String::as_str)
    }

    /// Reports the candidates whose statements have more words than a limit.
    pub fn check_words(&self, limit: u32) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for candidate in &self.candidates {
            let found = crate::candidacy::words(&candidate.statement);
            if found > limit as usize {
                let message = format!(
                    "the statement of {} has {found} words, and {limit} are the limit",
                    candidate.name
                );
                let finding = Diagnostic::new(&codes::WORDS, candidate.id.span, message);
                findings.push(
                    finding
                        .help("shorten the statement")
                        .about(format!("election/{}", self.key)),
                );
            }
        }
        findings
    }
}

/// Reads a text as Elekto does.
fn decode<T: FromYaml>(text: &str, file: FileId) -> (Option<T>, Vec<Diagnostic>) {
    let (value, findings) = Decoding::read_text::<T>(text, file, PROFILE);
    let unread = |finding: &Diagnostic| std::ptr::eq(finding.code, &raw const yaml::codes::SYNTAX);
    if text.contains(":\t") && findings.iter().any(unread) {
        return Decoding::read_text::<T>(&without_tabs(text), file, PROFILE);
    }
    (value, findings)
}

/// A tab between a key and its value is YAML, and real files have it, but our parser stops at
/// it: a space instead, at the same place.
fn without_tabs(text: &str) -> String {
    let spaced = |line: &str| match line.split_once(':') {
        Some((key, rest)) if rest.starts_with('\t') => {
            let value = rest.trim_start_matches(['\t', ' ']);
            format!("{key}:{}{value}", " ".repeat(rest.len() - value.len()))
        }
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(spaced).collect()
}

/// Reports logins that stand twice, as written or but for case.
fn twice(logins: &[Spanned<Login>], findings: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&Login, Span> = BTreeMap::new();
    for login in logins {
        if let Some(twin) = first.get(&login.value) {
            let message = format!("`{login}` stands twice; logins have no case");
            let finding = Diagnostic::new(&codes::LOGIN_TWICE, login.span, message);
            findings.push(
                finding
                    .related(*twin, "first here")
                    .help("remove one of the two"),
            );
        } else {
            first.insert(&login.value, login.span);
        }
    }
}
