//! An election as its folder has it, and the community that holds it.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};
use base::{Diagnostic, FileId, Severity, SourceMap, Span};
use charter::{Affiliation, Charter, Employers};
use elections::definition::{Key, Publish, Tie};
use elections::elekto::{self, CandidateFile, Folder, Unsaid, VotersFile};
use elections::nominations::{ExceptionsFile, NominationsFile};
use elections::voters::{Contributions, Roll, roll};
use elections::{Definition, Directory, Login};
use estate::codes::UNREADABLE;
use estate::kinds::Person;
use estate::{Estate, Item, MemoryTree, Tree};
use yaml::{Decoding, Dialect, Profile, UnknownKeys};

use super::{ballots, candidates, exceptions};
use crate::files::DiskTree;
use crate::governed::Place;
use crate::project::Project;

/// Who may vote, once it is written down.
pub(super) const LOCK: &str = "voters.lock";

/// How Elekto's lists are read: by the rules of its YAML reader, unknown keys refused.
const FOREIGN: Profile = Profile {
    dialect: Dialect::Go,
    unknown_keys: UnknownKeys::Refuse,
    folds_keys: false,
};

/// Reads the text of a file, with all that is wrong with it.
type Reader<T> = fn(&str, FileId) -> (Option<T>, Vec<Diagnostic>);

/// An election of a folder.
pub(super) struct Held {
    pub(super) key: Key,
    /// The folder, as it was named.
    pub(super) folder: PathBuf,
    /// What it is held under; of Elekto's files none where they do not say how many seats.
    pub(super) definition: Option<Definition>,
    /// The same in Elekto's files, if it is theirs.
    pub(super) elekto: Option<Box<Folder>>,
    pub(super) candidates: Vec<CandidateFile>,
    /// Who was put forward, if a file of ours says it.
    pub(super) nominations: Option<NominationsFile>,
    /// Who asked for an exception, if a file of ours says it.
    pub(super) exceptions: Option<ExceptionsFile>,
    pub(super) sources: SourceMap,
    pub(super) findings: Vec<Diagnostic>,
}

impl Held {
    /// Reads a folder whose election somebody counts or opens: it has no errors.
    pub(super) fn read(project: &Project<'_>, folder: &Path) -> anyhow::Result<Self> {
        let held = Self::read_loosely(project, folder, None, SourceMap::default())?;
        let mut errors = held.findings.iter();
        let error = errors.find(|finding| finding.severity == Severity::Error);
        match error {
            None => Ok(held),
            Some(error) => bail!(
                "{}: {}; `commonhold elect check {}` says all that is wrong",
                held.sources.locate(error.span),
                error.message,
                folder.display()
            ),
        }
    }

    /// Reads a folder with all that is wrong with it. The key is that of its path, if not
    /// given and the election does not say its own; its files come to the sources.
    pub(super) fn read_loosely(
        project: &Project<'_>,
        folder: &Path,
        key: Option<Key>,
        sources: SourceMap,
    ) -> anyhow::Result<Self> {
        let root = project.surroundings.folder.join(folder);
        let tree = DiskTree::new(&root, &folder.to_string_lossy());
        let text = tree.read(elekto::ELECTION).map_err(|refused| {
            let why = if refused.missing {
                "there is no election.yaml in it".to_owned()
            } else {
                refused.reason
            };
            anyhow::anyhow!("{} is no election: {why}", folder.display())
        })?;
        let key = match key {
            Some(key) => key,
            None => key_of(&root)?,
        };
        let held = Self {
            key,
            folder: folder.to_owned(),
            definition: None,
            elekto: None,
            candidates: Vec::new(),
            nominations: None,
            exceptions: None,
            sources,
            findings: Vec::new(),
        };
        Ok(if text.lines().any(|line| line.starts_with("key:")) {
            held.ours(&tree, &text)
        } else {
            held.theirs(&tree)
        })
    }

    fn ours(mut self, tree: &dyn Tree, text: &str) -> Self {
        let path = tree.display(elekto::ELECTION);
        let file = self.sources.add(path, text);
        let (definition, findings) = Definition::read(text, file);
        self.findings = findings;
        if let Some(definition) = &definition {
            self.key = definition.key.value.clone();
        }
        self.definition = definition;
        self.nominations = self.beside(tree, candidates::FILE, NominationsFile::read);
        self.exceptions = self.beside(tree, exceptions::FILE, ExceptionsFile::read);
        let begins = |name: &str| name.starts_with("candidate-") && name.ends_with(".md");
        for name in tree.find("", &begins).unwrap_or_default() {
            let Ok(text) = tree.read(&name) else { continue };
            if name.contains('/') {
                continue;
            }
            let suffix = name
                .strip_prefix("candidate-")
                .and_then(|rest| rest.strip_suffix(".md"))
                .unwrap_or_default();
            let file = self.sources.add(tree.display(&name), text.clone());
            let (candidate, findings) = CandidateFile::read(&text, file, suffix);
            self.findings.extend(findings);
            self.candidates.extend(candidate);
        }
        self
    }

    /// A file beside the election's. One that is there and cannot be read is an error: an
    /// election is not held as if nobody had written it.
    fn beside<T>(&mut self, tree: &dyn Tree, name: &str, read: Reader<T>) -> Option<T> {
        let text = match tree.read(name) {
            Ok(text) => text,
            Err(refused) if refused.missing => return None,
            Err(refused) => {
                let file = self.sources.add(tree.display(name), "");
                let span = Span::start_of(file);
                let finding = Diagnostic::new(&UNREADABLE, span, refused.reason);
                self.findings
                    .push(finding.help("make it a file that can be read, or remove it"));
                return None;
            }
        };
        let file = self.sources.add(tree.display(name), text.clone());
        let (value, findings) = read(&text, file);
        self.findings.extend(findings);
        value
    }

    fn theirs(mut self, tree: &dyn Tree) -> Self {
        let reading = elekto::read(tree, "", &self.key, &mut self.sources);
        self.findings = reading.findings;
        let Some(folder) = reading.folder else {
            return self;
        };
        // Elekto's own page shows every ballot; we do not, unless somebody asks for it.
        let unsaid = Unsaid {
            body: None,
            tie: Tie::Coin,
            publish: Publish::Pairwise,
        };
        let (definition, findings) = folder.definition(&unsaid);
        let worth_telling = |finding: &Diagnostic| finding.severity != Severity::Error;
        self.findings
            .extend(findings.into_iter().filter(worth_telling));
        self.definition = definition;
        self.candidates.clone_from(&folder.candidates);
        self.elekto = Some(Box::new(folder));
        self
    }

    /// What it is held under.
    pub(super) fn definition(&self) -> anyhow::Result<&Definition> {
        self.definition.as_ref().with_context(|| {
            format!(
                "{}: the election does not say how many seats are filled; add `no_winners`",
                self.folder.join(elekto::ELECTION).display()
            )
        })
    }

    /// Who may vote: as it was written down, as a list says, or as the rule and the estate say;
    /// and those whose exceptions the officers granted.
    pub(super) fn roll(
        &mut self,
        project: &Project<'_>,
        community: &Community,
        contributions: Option<&Path>,
    ) -> anyhow::Result<Roll> {
        let mut roll = self.roll_as_written(project, community, contributions)?;
        exceptions::grant(project, community, self, &mut roll)?;
        Ok(roll)
    }

    fn roll_as_written(
        &mut self,
        project: &Project<'_>,
        community: &Community,
        contributions: Option<&Path>,
    ) -> anyhow::Result<Roll> {
        let people = Directory::of(&community.estate);
        if let Some(folder) = &self.elekto {
            let logins = folder.voters.iter().map(|voter| &voter.value);
            return Ok(Roll::listed(logins, &people));
        }
        let beside = |name: &str| {
            let path = self.folder.join(name);
            let text = std::fs::read_to_string(project.surroundings.folder.join(&path));
            text.ok().map(|text| (path.display().to_string(), text))
        };
        if let Some((path, text)) = beside(LOCK) {
            return Roll::from_lock(&text).with_context(|| path);
        }
        if let Some((path, text)) = beside(elekto::VOTERS) {
            let file = self.sources.add(path, text.clone());
            let (list, findings) = Decoding::read_text::<VotersFile>(&text, file, FOREIGN);
            self.no_error(&findings)?;
            let voters = list.map(|list| list.eligible_voters).unwrap_or_default();
            return Ok(Roll::listed(voters.iter().map(|one| &one.value), &people));
        }
        self.roll_by_rule(project, community, contributions)
    }

    /// Who may vote by the rule, whatever was written down.
    fn roll_by_rule(
        &mut self,
        project: &Project<'_>,
        community: &Community,
        contributions: Option<&Path>,
    ) -> anyhow::Result<Roll> {
        let rule = self.definition()?.voters.clone();
        let rule = rule.with_context(|| {
            format!(
                "nothing says who may vote: add `voters` to {}, or {LOCK} or {} beside it",
                self.folder.join(elekto::ELECTION).display(),
                elekto::VOTERS
            )
        })?;
        let list = match contributions {
            None if rule.asks_for_contributions() => bail!(
                "the rule for voters asks for contributions: name the list with --contributions FILE"
            ),
            None => Contributions::default(),
            Some(path) => {
                let bytes = ballots::bytes(project, path)?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let file = self.sources.add(path.display().to_string(), text);
                let (list, findings) = Contributions::read(&bytes, file);
                self.no_error(&findings)?;
                list.unwrap_or_default()
            }
        };
        let (roll, findings) = roll(&rule, &community.estate, &list, project.day);
        self.no_error(&findings)?;
        roll.context("the rule for voters names what the estate does not have")
    }

    /// What is wrong with the people of the nominations and exceptions.
    pub(super) fn of_files_beside(
        &self,
        definition: &Definition,
        estate: &Estate,
    ) -> Vec<Diagnostic> {
        let nominations = self.nominations.iter().map(|file| file.check(estate));
        let exceptions = self.exceptions.iter();
        let exceptions = exceptions.map(|file| file.check(definition, estate));
        let findings = nominations.chain(exceptions).flatten();
        let subject = format!("election/{}", self.key);
        findings
            .map(|finding| finding.about(subject.as_str()))
            .collect()
    }

    /// Fails with the first of the findings that is an error.
    pub(super) fn no_error(&self, findings: &[Diagnostic]) -> anyhow::Result<()> {
        let mut errors = findings.iter();
        match errors.find(|finding| finding.severity == Severity::Error) {
            None => Ok(()),
            Some(error) => bail!("{}: {}", self.sources.locate(error.span), error.message),
        }
    }
}

/// The key of a folder that does not say it: the last two parts of its path, as Elekto has it.
fn key_of(root: &Path) -> anyhow::Result<Key> {
    let full = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let parts: Vec<&str> = full
        .components()
        .filter_map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    let last = |count: usize| parts.get(parts.len().saturating_sub(count)..);
    let keys = [last(2), last(1)].into_iter().flatten();
    let mut keys = keys.filter_map(|parts| Key::new(&parts.join("/")));
    keys.next()
        .with_context(|| format!("{} cannot be the key of an election", root.display()))
}

/// The people that an election is about.
pub(super) struct Community {
    pub(super) estate: Estate,
    pub(super) employers: Employers,
    /// The elections below `elections/`.
    elections: Vec<Definition>,
    /// What to know of it.
    pub(super) note: String,
}

impl Community {
    /// Of the estate that the command line means. Where there is none, nobody is known.
    pub(super) fn of(project: &Project<'_>) -> anyhow::Result<Self> {
        if project.given.is_none() && project.tree().is_err() {
            let nobody =
                MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: none\n");
            let Ok((estate, _)) = formats::load(&nobody) else {
                bail!("there is no estate; name its folder with -C");
            };
            return Ok(Self {
                employers: Employers::of(&Charter::of(&estate).0),
                estate,
                elections: Vec::new(),
                note: "note: there is no estate here, so nobody's employer is known; name its folder with -C\n"
                    .to_owned(),
            });
        }
        let (estate, note) = project.ask()?;
        Ok(Self {
            employers: Employers::of(&Charter::of(&estate).0),
            elections: elections(project),
            estate,
            note,
        })
    }

    /// The same as of a commit; of the files where there is none.
    pub(super) fn at(project: &Project<'_>, commit: Option<&str>) -> anyhow::Result<Self> {
        let Some(commit) = commit else {
            return Self::of(project);
        };
        let estate = Place::of(project)?.at(commit)?.estate;
        Ok(Self {
            employers: Employers::of(&Charter::of(&estate).0),
            elections: elections(project),
            estate,
            note: String::new(),
        })
    }

    /// For whom the owner of a login works on a day.
    pub(super) fn employer(&self, login: &str, day: jiff::civil::Date) -> Affiliation {
        let people = Directory::of(&self.estate);
        let login = Login::new(login).ok();
        let person = login.and_then(|login| people.whose(&login));
        person.map_or(Affiliation::Unknown, |person| {
            self.employers.employer_of(&person.value, day)
        })
    }
}

impl Community {
    /// Who was an officer of an election that was over before this one opens.
    pub(super) fn served_before(&self, election: &Definition) -> BTreeSet<Login> {
        let opens = election.voting().open;
        let earlier = self.elections.iter();
        let earlier = earlier.filter(|other| other.voting().close <= opens);
        elections::officers::served(earlier, &self.estate)
    }

    /// The roles that the owner of a login holds in any group on a day.
    pub(super) fn roles(&self, login: &str, day: jiff::civil::Date) -> Vec<String> {
        let people = Directory::of(&self.estate);
        let login = Login::new(login).ok();
        let Some(person) = login.and_then(|login| people.whose(&login)) else {
            return Vec::new();
        };
        let groups = self.estate.tables.groups.items();
        let leads = groups.flat_map(|group| &group.value.leads);
        let held = leads.filter(|lead| {
            lead.person.name == person.name
                && lead.since.is_none_or(|since| since <= day)
                && lead.until.is_none_or(|until| until >= day)
        });
        let mut roles: Vec<String> = held.map(|lead| lead.role.value.clone()).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

/// The elections of the estate, as far as they can be read.
fn elections(project: &Project<'_>) -> Vec<Definition> {
    let Ok(tree) = project.tree() else {
        return Vec::new();
    };
    let folders = elekto::folders(&tree, "elections").unwrap_or_default();
    let read = folders.iter().filter_map(|folder| {
        let text = tree.read(&format!("{folder}/{}", elekto::ELECTION)).ok()?;
        let file = SourceMap::default().add(folder.as_str(), text.as_str());
        Definition::read(&text, file).0
    });
    read.collect()
}

/// The login that somebody votes under: the one at the forge, or the name of the file.
pub(super) fn login_of(person: &Item<Person>) -> String {
    let github = person.value.handles.github.as_ref();
    github.map_or_else(|| person.name.clone(), |login| login.value.clone())
}
