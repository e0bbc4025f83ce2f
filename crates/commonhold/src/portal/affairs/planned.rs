//! Plans: those that lie there, judged as they stand now, and those that were applied.

mod judged;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Digest;
use change::gate::Verdict;
use change::plan::Plan;
use change::{Action, Scope};
use charter::risk::Risk;
use jiff::Timestamp;
use ledger::Ledger;
use portal::Private;

use super::{NO_LEDGER, Reading, Run, sentence};
use crate::court::Filed;
use crate::render::plan::in_a_line;

/// Where plans lie that the portal makes, in the folder of the estate.
pub(crate) const FOLDER: &str = ".commonhold/plans";

/// All plans that are known.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    /// The newest first.
    pub(crate) plans: Vec<PlanSeen>,
    /// Files that are no plans that can be shown, and why.
    pub(crate) refused: Vec<(String, String)>,
    /// Why nothing is known of changes that were applied.
    pub(crate) why: Option<String>,
    from: String,
    until: Option<Timestamp>,
}

/// A plan.
#[derive(Debug)]
pub(crate) struct PlanSeen {
    pub(crate) digest: Digest,
    /// Its file, as it is named on a command line; none of what only the ledger knows.
    pub(crate) file: Option<String>,
    pub(crate) commit: Option<String>,
    pub(crate) base: Option<String>,
    /// The record of the ledger that it undoes.
    pub(crate) reverts: Option<u64>,
    pub(crate) stage: Stage,
    /// When it came into that: when it was applied, or when its commit was made.
    pub(crate) since: Option<Timestamp>,
    pub(crate) authors: Vec<String>,
    /// How many authors the estate does not know.
    pub(crate) strangers: usize,
    pub(crate) changes: Vec<Wanted>,
    /// Scopes that were left out, and why.
    pub(crate) stopped: Vec<(String, String)>,
    /// Safety limits that it is over.
    pub(crate) exceeded: Vec<String>,
    /// What apply did of it.
    pub(crate) runs: Vec<Arc<Run>>,
}

/// How far a plan is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Something is missing, or somebody objects.
    Blocked,
    /// Nothing is missing but time.
    Waiting(Timestamp),
    /// All of it may be applied.
    Passed,
    /// All of it was applied.
    Applied,
    /// It was begun, and ended in another way: in a word.
    Ended(String),
    /// What it was made from is not what there is.
    Stale(String),
    /// It holds no change.
    Empty,
    /// Nobody can tell.
    Unjudged(String),
}

/// A change of a plan.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) digest: Option<Digest>,
    pub(crate) scope: Scope,
    pub(crate) resource: String,
    pub(crate) action: Option<Action>,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) owners: Vec<String>,
    /// Where it is declared: the file and its line.
    pub(crate) declared: Option<(String, usize)>,
    pub(crate) risk: Risk,
    pub(crate) reasons: Vec<String>,
    /// What it requires, each in a line.
    pub(crate) requires: Vec<String>,
    pub(crate) verdict: Option<Verdict>,
    /// Who approved, and when the ledger received that.
    pub(crate) approvals: Vec<(String, Timestamp)>,
    pub(crate) objections: Vec<Objecting>,
    /// Those whose approval is missing and would count.
    pub(crate) asked: Vec<String>,
    /// What was done about it and does not count, and why.
    pub(crate) ignored: Vec<String>,
    /// What of it is not for everybody.
    pub(crate) private: Option<Private>,
}

/// An objection to a change.
#[derive(Debug)]
pub(crate) struct Objecting {
    pub(crate) by: String,
    pub(crate) at: Timestamp,
    pub(crate) event: Digest,
    pub(crate) reason: String,
    pub(crate) answers: Vec<(String, String)>,
}

impl Planned {
    pub(super) fn read(
        earlier: &Arc<Self>,
        reading: &Reading<'_>,
        ledger: Option<&mut Ledger>,
        folders: &[PathBuf],
    ) -> Arc<Self> {
        let ours = reading.place.folder.join(FOLDER);
        let folders: Vec<&Path> = std::iter::once(ours.as_path())
            .chain(folders.iter().map(PathBuf::as_path))
            .collect();
        let from = Self::from(reading, &folders);
        if earlier.from == from && earlier.until.is_none_or(|until| reading.at < until) {
            return Arc::clone(earlier);
        }
        let mut read = Self {
            from,
            why: ledger.is_none().then(|| NO_LEDGER.to_owned()),
            ..Self::default()
        };
        read.take_files(reading, ledger, &folders);
        read.take_runs(reading);
        read.until = read.plans.iter().filter_map(PlanSeen::until).min();
        read.plans.sort_by(|one, other| {
            let key = |plan: &PlanSeen| (plan.is_open(), plan.since, plan.digest);
            key(other).cmp(&key(one))
        });
        Arc::new(read)
    }

    pub(super) fn nothing(why: String) -> Self {
        Self {
            why: Some(why),
            ..Self::default()
        }
    }

    fn from(reading: &Reading<'_>, folders: &[&Path]) -> String {
        let place = reading.place;
        let repository = place.repository.as_ref();
        let head = repository.and_then(|repository| repository.commit("HEAD").ok());
        // What is asked for at the front desk is on branches.
        let refs = repository.and_then(|repository| repository.refs().ok());
        let decisions = place.folder.join(decisions::FOLDER);
        let requests = place.folder.join(".commonhold/requests");
        let folders: Vec<String> = folders
            .iter()
            .copied()
            .chain([decisions.as_path(), requests.as_path()])
            .map(super::version::folder)
            .collect();
        let end = reading.recorded.proof.head.digest;
        let (head, refs) = (head.unwrap_or_default(), refs.unwrap_or_default());
        format!("{head} {refs} {end} {}", folders.join(" "))
    }

    fn take_files(
        &mut self,
        reading: &Reading<'_>,
        mut ledger: Option<&mut Ledger>,
        folders: &[&Path],
    ) {
        let mut seen = BTreeSet::new();
        for path in folders.iter().flat_map(|folder| files(folder)) {
            let shown = shown(reading, &path);
            let filed = match Filed::read(reading.place, &path) {
                Ok(filed) => filed,
                Err(error) => {
                    let why = error.root_cause().to_string();
                    self.refused.push((shown, why));
                    continue;
                }
            };
            if seen.insert(filed.digest) {
                let plan = PlanSeen::of_file(reading, ledger.as_deref_mut(), &filed, shown);
                self.plans.push(plan);
            }
        }
    }

    /// What was applied from files that are not here any more.
    fn take_runs(&mut self, reading: &Reading<'_>) {
        let known: BTreeSet<Digest> = self.plans.iter().map(|plan| plan.digest).collect();
        let mut gone: BTreeMap<Digest, Vec<Arc<Run>>> = BTreeMap::new();
        for run in reading.recorded.runs.values() {
            if !known.contains(&run.plan) {
                gone.entry(run.plan).or_default().push(Arc::clone(run));
            }
        }
        let estate = &reading.checked.estate;
        let of_runs = |(digest, runs)| PlanSeen::of_runs(digest, runs, estate);
        self.plans.extend(gone.into_iter().map(of_runs));
    }

    /// The plan whose digest starts so.
    pub(crate) fn plan(&self, digits: &str) -> Option<&PlanSeen> {
        let digits = digits.strip_prefix("sha256:").unwrap_or(digits);
        let mut plans = self.plans.iter();
        plans.find(|plan| digits.len() >= 12 && plan.digest.hex().starts_with(digits))
    }
}

/// The plan files of a folder, by their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_plan = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
    let mut paths: Vec<PathBuf> = paths.filter(is_plan).collect();
    paths.sort();
    paths
}

/// A file as it is named in the folder of the estate.
fn shown(reading: &Reading<'_>, path: &Path) -> String {
    let below = path.strip_prefix(&reading.place.folder).ok();
    let named = below.or_else(|| path.file_name().map(Path::new));
    named.unwrap_or(path).display().to_string()
}

impl PlanSeen {
    fn of_file(
        reading: &Reading<'_>,
        ledger: Option<&mut Ledger>,
        filed: &Filed,
        file: String,
    ) -> Self {
        let runs = &reading.recorded.runs;
        let runs = runs.iter().filter(|((plan, _), _)| *plan == filed.digest);
        let runs: Vec<Arc<Run>> = runs.map(|(_, run)| Arc::clone(run)).collect();
        let mut seen = Self::of_plan(&filed.plan, filed.digest, &reading.checked.estate);
        seen.file = Some(file);
        seen.runs = runs;
        let repository = reading.place.repository.as_ref();
        let commit = filed.plan.commit.as_deref();
        let made = repository.zip(commit);
        seen.since = made.and_then(|(repository, commit)| repository.made(commit));
        let applied = seen.applied();
        seen.stage = match ledger {
            _ if seen.changes.is_empty() => Stage::Empty,
            _ if applied.is_some() => {
                seen.since = applied;
                Stage::Applied
            }
            None => Stage::Unjudged(NO_LEDGER.to_owned()),
            Some(ledger) => judged::judge(&mut seen, reading, ledger, filed)
                .unwrap_or_else(|error| judged::refused(&seen, &error)),
        };
        seen
    }

    fn of_plan(plan: &Plan, digest: Digest, estate: &estate::Estate) -> Self {
        let wanted = plan.changes().map(|(of, planned)| {
            let change = &planned.change;
            Wanted {
                digest: Some(planned.digest),
                scope: of.scope.clone(),
                resource: change.resource.clone(),
                action: Some(change.action),
                before: change.before.as_ref().map(in_a_line),
                after: change.after.as_ref().map(in_a_line),
                owners: change.owners.clone(),
                declared: change.declared_at.as_deref().and_then(place),
                risk: planned.risk,
                reasons: planned.reasons.iter().map(|one| one.text.clone()).collect(),
                requires: Vec::new(),
                verdict: None,
                approvals: Vec::new(),
                objections: Vec::new(),
                asked: Vec::new(),
                ignored: Vec::new(),
                private: judged::private(&of.scope, &change.resource, estate),
            }
        });
        let exceeded = plan.scopes.iter().flat_map(|scope| {
            let name = scope.scope.to_string();
            let each = scope.exceeded.iter();
            each.map(move |one| format!("{name}: {}", one.text()))
        });
        let stopped = plan.stopped.iter();
        let stopped =
            stopped.map(|one| (one.scope.to_string(), format!("{}; {}", one.what, one.help)));
        Self {
            digest,
            file: None,
            commit: plan.commit.clone(),
            base: plan.base.clone(),
            reverts: plan.reverts,
            stage: Stage::Empty,
            since: None,
            authors: Vec::new(),
            strangers: 0,
            changes: wanted.collect(),
            stopped: stopped.collect(),
            exceeded: exceeded.collect(),
            runs: Vec::new(),
        }
    }

    fn of_runs(digest: Digest, runs: Vec<Arc<Run>>, estate: &estate::Estate) -> Self {
        let changes = runs.iter().flat_map(|run| {
            run.changes.iter().map(|done| Wanted {
                digest: None,
                scope: run.scope.clone(),
                resource: done.resource.clone(),
                action: done.action(),
                before: done.before.as_ref().map(in_a_line),
                after: done.after.as_ref().map(in_a_line),
                owners: done.owners.clone(),
                declared: None,
                risk: done.risk,
                reasons: Vec::new(),
                requires: Vec::new(),
                verdict: None,
                approvals: Vec::new(),
                objections: Vec::new(),
                asked: Vec::new(),
                ignored: Vec::new(),
                private: judged::private(&run.scope, &done.resource, estate),
            })
        });
        let changes = changes.collect();
        let authors: BTreeSet<String> = runs.iter().flat_map(|run| run.authors.clone()).collect();
        let ended = runs.iter().filter_map(|run| run.ended).max();
        let words: BTreeSet<&str> = runs
            .iter()
            .map(|run| run.result.as_deref().unwrap_or("begun"))
            .collect();
        let stage = match words.iter().copied().collect::<Vec<_>>().as_slice() {
            ["applied"] => Stage::Applied,
            words => Stage::Ended(words.join(", ")),
        };
        Self {
            digest,
            file: None,
            commit: runs.iter().find_map(|run| run.commit.clone()),
            base: None,
            reverts: None,
            stage,
            since: ended.or_else(|| runs.iter().map(|run| run.began).max()),
            authors: authors.into_iter().collect(),
            strangers: 0,
            changes,
            stopped: Vec::new(),
            exceeded: Vec::new(),
            runs,
        }
    }

    /// When all of its scopes had been applied, if they have been.
    fn applied(&self) -> Option<Timestamp> {
        let scopes: BTreeSet<&Scope> = self.changes.iter().map(|one| &one.scope).collect();
        let ended = |scope: &&Scope| {
            let mut runs = self.runs.iter().filter(|run| run.scope == **scope);
            let run = runs.find(|run| run.result.as_deref() == Some("applied"))?;
            run.ended
        };
        let ends: Option<Vec<Timestamp>> = scopes.iter().map(ended).collect();
        ends?.into_iter().max()
    }

    /// The name of its page.
    pub(crate) fn key(&self) -> String {
        self.digest.short()
    }

    /// What it does, in a line: the one change, or the scopes and how many changes in each.
    pub(crate) fn title(&self) -> String {
        if let ([one], None) = (self.changes.as_slice(), self.reverts)
            && one.private.is_none()
        {
            let action = match one.action {
                Some(Action::Create) => "Create",
                Some(Action::Delete) => "Delete",
                _ => "Update",
            };
            return format!("{action} {} at {}", one.resource, one.scope.at);
        }
        let mut scopes: BTreeMap<&Scope, usize> = BTreeMap::new();
        for change in &self.changes {
            *scopes.entry(&change.scope).or_default() += 1;
        }
        let words = scopes.iter().map(|(scope, count)| {
            let count = base::counted(*count, "change", "changes");
            format!("{count} in {} at {}", scope.name, scope.at)
        });
        let words: Vec<String> = words.collect();
        match (words.is_empty(), self.reverts) {
            (true, _) => "No changes".to_owned(),
            (false, Some(seq)) => format!("Undo record {seq}: {}", words.join(", ")),
            (false, None) => words.join(", "),
        }
    }

    /// The highest risk in it.
    pub(crate) fn risk(&self) -> Option<Risk> {
        self.changes.iter().map(|change| change.risk).max()
    }

    /// Whether anything can still become of it.
    pub(crate) fn is_open(&self) -> bool {
        matches!(
            self.stage,
            Stage::Blocked | Stage::Waiting(_) | Stage::Passed
        )
    }

    /// Until when it waits for nothing but time.
    pub(crate) fn until(&self) -> Option<Timestamp> {
        let waits = self
            .changes
            .iter()
            .filter_map(|change| match &change.verdict {
                Some(Verdict::Waiting { until, .. }) => Some(*until),
                _ => None,
            });
        waits.min()
    }

    /// Those whose approval is missing somewhere and would count.
    pub(crate) fn asked(&self) -> BTreeSet<&str> {
        if !self.is_open() {
            return BTreeSet::new();
        }
        let asked = self.changes.iter().flat_map(|change| &change.asked);
        asked.map(String::as_str).collect()
    }

    /// The groups that answer for what it changes.
    pub(crate) fn owners(&self) -> BTreeSet<&str> {
        let owners = self.changes.iter().flat_map(|change| &change.owners);
        owners.map(String::as_str).collect()
    }
}

/// `path:line` as both.
fn place(text: &str) -> Option<(String, usize)> {
    let (path, line) = text.rsplit_once(':')?;
    Some((path.to_owned(), line.parse().ok()?))
}
