//! Versions of files of jobs, each read once, to what stood in the repository at some commits.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use estate::join;
use formats::PastJobs;
use jiff::civil::Date;
use jobs::item::{JobItem, Subjects};
use jobs::{Catalogue, Job};
use migration::history::{Course, Fact, Gauge, Word, Words};

use crate::git::walk::{Changed, Line, Step};

/// What was read of a repository's past.
pub(super) struct Past<'p> {
    line: &'p Line,
    /// The folders and files of jobs, from the repository's root.
    trees: &'p [String],
    gauge: &'p Gauge,
    /// Groups that own jobs; without one, jobs are told apart by their folders.
    groups: Vec<String>,
    day: Date,
    progress: fn(&str),
    reader: PastJobs,
    pub(super) words: Words,
    /// The versions by their objects, and by their paths where what is asked depends on them.
    known: HashMap<(String, Option<String>), usize>,
    versions: Vec<Read>,
    /// What tells of a job whether it is a copy for a release: one job of each such kind.
    kin: HashMap<Word, Arc<Job>>,
    parents: HashMap<Word, Word>,
    by_path: bool,
}

/// What there was to count, over all commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// Versions of files.
    pub(super) versions: usize,
    /// Of those, how many could not be read.
    pub(super) broken: usize,
    /// Of those, how many the clone does not have.
    pub(super) absent: usize,
    /// Of those, how many could be read in part.
    pub(super) partly: usize,
}

/// What a version of a file holds.
enum Read {
    Jobs(Vec<Seen>, bool),
    /// It takes other files out.
    Hides(String),
    Broken,
    Absent,
}

/// A job of a version.
struct Seen {
    fact: Fact,
    kin: Word,
}

/// The same as it comes from where it is read, with its own texts.
enum Raw {
    Jobs(Vec<RawJob>, bool),
    Hides(String),
    Broken,
    Absent,
}

struct RawJob {
    id: String,
    kin: String,
    job: Arc<Job>,
    cluster: String,
    owner: Option<String>,
    kind: String,
    moved: bool,
    free: bool,
}

/// How a file stands at a commit.
struct Held {
    /// The version that could last be read.
    version: Option<usize>,
    /// Whether the present one cannot.
    unread: bool,
}

/// Fields whose value depends on where a file stands.
const OF_PLACE: [&str; 3] = ["path", "folder", "owner"];

/// Fields that other files have a say in, so that what they hold is less than what was.
const OF_OTHERS: [&str; 18] = [
    "containers",
    "init_containers",
    "presets",
    "dead_presets",
    "dead_labels",
    "secrets",
    "volumes",
    "tolerations",
    "approvers",
    "owners_folder",
    "twins",
    "parent",
    "alert_addresses",
    "dashboards",
    "decorated",
    "timeout",
    "service_account",
    "grace_period",
];

impl<'p> Past<'p> {
    pub(super) fn new(
        line: &'p Line,
        trees: &'p [String],
        gauge: &'p Gauge,
        groups: Vec<String>,
        day: Date,
        progress: fn(&str),
    ) -> Self {
        let fields = gauge.fields();
        Self {
            by_path: !groups.is_empty() || OF_PLACE.iter().any(|field| fields.contains(field)),
            line,
            trees,
            gauge,
            groups,
            day,
            progress,
            reader: PastJobs::default(),
            words: Words::default(),
            known: HashMap::new(),
            versions: Vec::new(),
            kin: HashMap::new(),
            parents: HashMap::new(),
        }
    }

    /// The fields that are asked for and are told from one file alone, though others have a say.
    pub(super) fn half_known(gauge: &Gauge) -> Vec<String> {
        let fields = gauge.fields();
        let asked = OF_OTHERS.iter().filter(|field| fields.contains(*field));
        asked.map(|field| format!("`{field}`")).collect()
    }

    pub(super) fn tally(&self) -> Tally {
        let count = |of: fn(&Read) -> bool| self.versions.iter().filter(|read| of(read)).count();
        Tally {
            versions: self.versions.len(),
            broken: count(|read| matches!(read, Read::Broken)),
            absent: count(|read| matches!(read, Read::Absent)),
            partly: count(|read| matches!(read, Read::Jobs(_, true))),
        }
    }

    /// How things stood at some commits, each with the day it is told for.
    pub(super) fn course(&mut self, samples: &[(Date, &Step)]) -> anyhow::Result<Course> {
        let steps: Vec<&Step> = samples.iter().map(|(_, step)| *step).collect();
        (self.progress)("comparing commits");
        let changes = self.line.changes(&steps, self.trees)?;
        self.read(&changes)?;
        self.find_parents();
        let mut course = Course::default();
        let mut files: BTreeMap<&str, Held> = BTreeMap::new();
        for ((day, step), changed) in samples.iter().zip(&changes) {
            for change in changed {
                self.apply(&mut files, change);
            }
            let (facts, unread) = self.facts(&files);
            // Before the first file there is nothing to tell.
            if !course.points.is_empty() || !facts.is_empty() {
                course.record(*day, &step.hash, facts, unread);
            }
        }
        (self.progress)("");
        Ok(course)
    }

    fn key(&self, object: &str, path: &str) -> (String, Option<String>) {
        (object.to_owned(), self.by_path.then(|| path.to_owned()))
    }

    /// Reads the versions that were not read yet.
    fn read(&mut self, changes: &[Vec<Changed>]) -> anyhow::Result<()> {
        let mut new: Vec<(&str, &str)> = Vec::new();
        for change in changes.iter().flatten() {
            let Some(object) = change.object.as_deref() else {
                continue;
            };
            let below = self.below(&change.path);
            if !below.is_some_and(|below| PastJobs::reads(below) || PastJobs::hides(below)) {
                continue;
            }
            let key = self.key(object, &change.path);
            if let std::collections::hash_map::Entry::Vacant(free) = self.known.entry(key) {
                free.insert(self.versions.len() + new.len());
                new.push((object, &change.path));
            }
        }
        let first = self.versions.len();
        self.versions
            .extend(std::iter::repeat_with(|| Read::Broken).take(new.len()));
        // Versions of one file are kept as differences from each other.
        let mut order: Vec<usize> = (0..new.len()).collect();
        order.sort_by_key(|at| (new[*at].1, *at));
        let objects: Vec<&str> = order.iter().map(|at| new[*at].0).collect();
        let (reader, asked) = (&self.reader, Asked::of(self));
        let made =
            |at: usize, content: Option<&[u8]>| asked.read(reader, new[order[at]].1, content);
        let (words, versions, kin) = (&mut self.words, &mut self.versions, &mut self.kin);
        let (mut count, progress) = (0, self.progress);
        self.line.each(&objects, &made, &mut |at, raw| {
            versions[first + order[at]] = keep(raw, words, kin);
            count += 1;
            if count % 256 == 0 {
                progress(&format!(
                    "reading {count} of {} versions of files",
                    objects.len()
                ));
            }
        })
    }

    /// The path below the tree that a file is in; the name of a tree that is a file.
    fn below<'c>(&self, path: &'c str) -> Option<&'c str> {
        self.trees.iter().find_map(|tree| {
            if tree.is_empty() {
                return Some(path);
            }
            match path.strip_prefix(tree.as_str())? {
                "" => path.rsplit('/').next(),
                rest => rest.strip_prefix('/'),
            }
        })
    }

    fn find_parents(&mut self) {
        let (keys, all): (Vec<Word>, Vec<Arc<Job>>) = self
            .kin
            .iter()
            .map(|(key, job)| (*key, Arc::clone(job)))
            .unzip();
        let parents = PastJobs::parents(&all);
        for (key, parent) in keys.into_iter().zip(parents) {
            if let Some(parent) = parent.and_then(|at| all.get(at)) {
                self.parents.insert(key, self.words.of(&id(parent)));
            }
        }
    }

    fn apply<'c>(&self, files: &mut BTreeMap<&'c str, Held>, change: &'c Changed) {
        let Some(object) = change.object.as_deref() else {
            files.remove(change.path.as_str());
            return;
        };
        let Some(version) = self.known.get(&self.key(object, &change.path)).copied() else {
            files.remove(change.path.as_str());
            return;
        };
        let held = files.entry(&change.path).or_insert(Held {
            version: None,
            unread: false,
        });
        held.unread = matches!(self.versions[version], Read::Broken | Read::Absent);
        if !held.unread {
            held.version = Some(version);
        }
    }

    /// What stands in the files, and how many of them cannot be read.
    fn facts(&mut self, files: &BTreeMap<&str, Held>) -> (Vec<Fact>, usize) {
        let hidden = self.hidden(files);
        let (mut facts, mut unread) = (Vec::new(), 0);
        for (path, held) in files {
            if hidden.contains(path) {
                continue;
            }
            unread += usize::from(held.unread);
            let Some(Read::Jobs(seen, _)) = held.version.map(|at| &self.versions[at]) else {
                continue;
            };
            let batch = self.words.of(path);
            // Without groups, who owns a job is told by the folder it is in.
            let folder = self
                .groups
                .is_empty()
                .then(|| self.below(path).map_or("", folder_of));
            let owner = folder.map(|folder| self.words.of(folder));
            facts.extend(seen.iter().map(|seen| Fact {
                batch,
                owner: owner.unwrap_or(seen.fact.owner),
                parent: self.parents.get(&seen.kin).copied(),
                ..seen.fact
            }));
        }
        (facts, unread)
    }

    /// The files that others take out of their tree.
    fn hidden<'c>(&self, files: &BTreeMap<&'c str, Held>) -> Vec<&'c str> {
        let hiding: Vec<(&str, &str)> = files
            .iter()
            .filter_map(|(path, held)| match self.versions.get(held.version?)? {
                Read::Hides(text) => Some((*path, text.as_str())),
                _ => None,
            })
            .collect();
        if hiding.is_empty() {
            return Vec::new();
        }
        let hiding = hiding
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        PastJobs::hidden(hiding, files.keys().copied())
    }
}

/// The two folders that a file is in, from its tree.
fn folder_of(below: &str) -> &str {
    let ends: Vec<usize> = below.match_indices('/').map(|(at, _)| at).take(2).collect();
    ends.last().map_or("", |end| &below[..*end])
}

fn id(job: &Job) -> String {
    let kind = job.kind.name();
    match job.repository() {
        Some(repository) => format!("{kind}/{repository}/{}", job.name),
        None => format!("{kind}/{}", job.name),
    }
}

/// Keeps what was read, with its texts as words.
fn keep(raw: Raw, words: &mut Words, kin: &mut HashMap<Word, Arc<Job>>) -> Read {
    match raw {
        Raw::Broken => Read::Broken,
        Raw::Absent => Read::Absent,
        Raw::Hides(text) => Read::Hides(text),
        Raw::Jobs(jobs, partly) => {
            let seen = jobs.into_iter().map(|raw| {
                let key = words.of(&raw.kin);
                kin.entry(key).or_insert_with(|| without_workload(&raw.job));
                let owner = words.of(raw.owner.as_deref().unwrap_or_default());
                Seen {
                    fact: Fact {
                        id: words.of(&raw.id),
                        parent: None,
                        cluster: words.of(&raw.cluster),
                        owner,
                        kind: words.of(&raw.kind),
                        batch: owner,
                        moved: raw.moved,
                        free: raw.free,
                    },
                    kin: key,
                }
            });
            Read::Jobs(seen.collect(), partly)
        }
    }
}

/// What a job runs is most of it, and no copy is told by it.
fn without_workload(job: &Job) -> Arc<Job> {
    let mut job = job.clone();
    job.workload = None;
    job.extra_refs = Vec::new();
    job.placements = Vec::new();
    Arc::new(job)
}

/// What is asked of each version, by any number of readers at once.
struct Asked<'a> {
    gauge: &'a Gauge,
    groups: Vec<String>,
    day: Date,
}

impl<'a> Asked<'a> {
    fn of(past: &Past<'a>) -> Self {
        Self {
            gauge: past.gauge,
            groups: past.groups.clone(),
            day: past.day,
        }
    }

    fn read(&self, reader: &PastJobs, path: &str, content: Option<&[u8]>) -> Raw {
        let Some(content) = content else {
            return Raw::Absent;
        };
        let Ok(text) = std::str::from_utf8(content) else {
            return Raw::Broken;
        };
        if PastJobs::hides(path) {
            return Raw::Hides(text.to_owned());
        }
        let Some(version) = reader.read(&join("", path), text) else {
            return Raw::Broken;
        };
        let subjects = Subjects::of(&version.catalogue, None, None);
        let subjects = subjects.with_groups(self.groups.iter().map(String::as_str));
        let covered = subjects
            .jobs()
            .filter(|job| self.gauge.covers(job, self.day));
        let jobs = covered.map(|job| self.job(&job, &version.catalogue));
        Raw::Jobs(jobs.collect(), version.partly)
    }

    fn job(&self, item: &JobItem<'_>, catalogue: &Catalogue) -> RawJob {
        let job = item.job();
        let id = id(job);
        RawJob {
            kin: kin(job, &id, catalogue.conventions.notes.fork),
            job: Arc::clone(&catalogue.jobs[item.at()]),
            cluster: catalogue.cluster_of(job).to_owned(),
            owner: item.owner().map(str::to_owned),
            kind: job.kind.name().to_string(),
            moved: self.gauge.has_moved(item, self.day),
            free: self.gauge.is_free(item, self.day),
            id,
        }
    }
}

/// What jobs share that are copies alike or not at all.
fn kin(job: &Job, id: &str, fork: &str) -> String {
    let only = job.branches().map_or(&[][..], |branches| &branches.only);
    let copied = job.annotation(fork).map_or("", |value| value.as_str());
    let mut kin = format!("{id}\n{copied}");
    for branch in only {
        kin += &format!("\n{branch}");
    }
    kin
}
