//! What happens without anybody asking: plans of requests are made, what has all it needs is
//! merged, and applied where that is wanted; what a crash left is finished.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use base::Digest;
use change::gate::{self, Judgement, Verdict};
use decisions::{FOLDER, parse_event};
use estate::Tree;
use jiff::{SignedDuration, Timestamp};

use super::changes::missing;
use super::commits::{New, desk};
use super::desk::dns;
use super::refused::{Answer, Halt};
use super::requests::{self, Request};
use super::{Community, Here, plans};
use crate::Exit;
use crate::cli::{ApplyArguments, DataOutput};
use crate::commands::{apply, plan};
use crate::court::{Filed, Inadmissible};
use crate::git::Author;
use crate::governed::Part;

/// How long after it was asked for a request is looked after.
const LOOKED_AFTER: SignedDuration = SignedDuration::from_hours(24 * 90);

impl Community {
    /// Does what is due; `commonhold serve` calls it every minute. Says what was done, and what
    /// could not be, a line each.
    pub(crate) fn tick(&self) -> Vec<String> {
        let finished = || -> anyhow::Result<()> {
            let here = self.here()?;
            self.finish(&here)
        };
        let mut said = Vec::new();
        if let Err(error) = finished() {
            said.push(base::visible(&format!("{error:#}")));
        }
        said.extend(self.settle(None));
        if self.setup.apply {
            said.extend(self.apply_ready());
        }
        said
    }

    /// Commits what lies there since a crash, brings it on, and lets the ledger receive it.
    pub(super) fn finish(&self, here: &Here<'_>) -> anyhow::Result<()> {
        let _turn = self.turn(here)?;
        here.commit_decisions("Take what was signed at the front desk\n")?;
        here.writer().publish()?;
        self.follow(here)?;
        if self.unreceived.load(std::sync::atomic::Ordering::Relaxed) {
            here.receive();
        }
        Ok(())
    }

    /// Brings each open request as far as it can go; one of them, if it is named.
    pub(super) fn settle(&self, only: Option<&str>) -> Vec<String> {
        let mut said = Vec::new();
        let here = match self.here() {
            Ok(here) => here,
            Err(error) => return vec![base::visible(&format!("{error:#}"))],
        };
        let all = requests::all(&here.writer()).unwrap_or_default();
        let wanted = all
            .iter()
            .filter(|one| only.is_none_or(|only| one.id == only));
        for request in wanted.filter(|one| is_open(&here, one)) {
            match self.settle_one(&here, request) {
                Ok(Some(done)) => said.push(format!("{}: {done}", request.id)),
                Ok(None) | Err(Halt::Refused(_)) => {}
                Err(Halt::Failed(error)) => {
                    said.push(base::visible(&format!("{}: {error:#}", request.id)));
                }
            }
        }
        said
    }

    fn settle_one(&self, here: &Here<'_>, request: &Request) -> Answer<Option<String>> {
        let filed = match planned(here, request) {
            Ok(filed) => filed,
            Err(error) if is_stale(&error) => return self.redo(here, request),
            Err(error) => return Err(error.into()),
        };
        let now = here.place.now();
        let stamp = stamp(here, request, &filed)?;
        // Where nothing has happened since, it is as it was.
        if self.looked().lacking(&request.id, &stamp, now).is_some() {
            return Ok(None);
        }
        match gate_of(here, request, &filed) {
            Ok(Gate::Open) => self.merge(here, request),
            Ok(Gate::Shut { lacks, until }) => {
                self.looked().keep(&request.id, stamp, now, until, lacks);
                Ok(None)
            }
            // What is there is another than the plan saw, or what it starts from: it is made anew.
            Err(Halt::Failed(error)) if is_stale(&error) => {
                plans::forget(&here.place.folder, &request.commit, None);
                match planned(here, request) {
                    Ok(_) => Ok(Some("planned again".to_owned())),
                    Err(error) if is_stale(&error) => self.redo(here, request),
                    Err(error) => Err(error.into()),
                }
            }
            Err(halt) => Err(halt),
        }
    }

    pub(super) fn merge(&self, here: &Here<'_>, request: &Request) -> Answer<Option<String>> {
        let turn = self.turn(here)?;
        let writer = here.writer();
        self.follow(here)?;
        // Somebody may have objected since it was judged, here or at another portal.
        let now = requests::find(&writer, &request.id)?;
        let Some(tip) = now
            .and_then(|now| now.tip)
            .filter(|tip| Some(tip) == request.tip.as_ref())
        else {
            return Ok(None);
        };
        let before = here.place.git()?.commit("HEAD")?;
        let message = format!("Merge {}: {}", request.id, request.title);
        let branch = requests::branch(&request.id);
        if !writer.merge(&branch, &message)? {
            drop(turn);
            return self.redo(here, request);
        }
        let published = writer.publish_merge(&branch, &tip);
        if !matches!(published, Ok(true)) {
            // Nobody else has it: it is judged anew with whatever has come meanwhile.
            writer.back_to(&before)?;
            return Ok(published.map(|_| None)?);
        }
        request.leave(&here.place);
        Ok(Some("merged".to_owned()))
    }

    /// Does what was asked for once more, from what there is now: its files were changed
    /// meanwhile. What people signed is about the changes, and stays.
    fn redo(&self, here: &Here<'_>, request: &Request) -> Answer<Option<String>> {
        let _turn = self.turn(here)?;
        let writer = here.writer();
        let head = here.place.git()?.commit("HEAD")?;
        if here.place.git()?.parent(&request.commit).as_deref() == Some(&head) {
            return Ok(None);
        }
        let Some(current) =
            requests::find(&writer, &request.id)?.filter(|now| now.tip == request.tip)
        else {
            return Ok(None);
        };
        let Ok(edited) = dns::edited(&here.place.at(&head)?, &current.answers) else {
            // Its page says so.
            return Ok(None);
        };
        let said = ["log", "-1", "--format=%an%x00%ae%x00%B", &current.commit];
        let said = writer.git(&said)?;
        let mut parts = said.splitn(3, '\0');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let author = Author {
            name: part(),
            email: part(),
        };
        let commit = dns::commit(here, &head, &edited, &part(), &author)?;
        let files = signed_since(here, &current, &head)?;
        let tip = if files.is_empty() {
            commit.clone()
        } else {
            let new = New {
                files: &files,
                message: "Take along what was signed\n",
                author: &desk(),
            };
            writer.commit_on(&[&commit], &new)?
        };
        current.leave(&here.place);
        current.renew(&writer, &commit, &tip)?;
        plans::forget(&here.place.folder, &current.commit, None);
        Ok(Some("done once more from what there is now".to_owned()))
    }

    /// Applies requests that are merged and have what they need, as the command does it.
    pub(crate) fn apply_ready(&self) -> Vec<String> {
        let Ok(here) = self.here() else {
            return Vec::new();
        };
        let all = requests::all(&here.writer()).unwrap_or_default();
        let merged = all.iter().filter(|one| {
            one.kind == dns::KIND && is_recent(&here, one) && one.is_merged(&here.place)
        });
        let mut said = Vec::new();
        for request in merged {
            match apply_one(&here, request) {
                Ok(Some(done)) => said.push(format!("{}: {done}", request.id)),
                Ok(None) => {}
                Err(error) => said.push(base::visible(&format!("{}: {error:#}", request.id))),
            }
        }
        said
    }
}

fn is_recent(here: &Here<'_>, request: &Request) -> bool {
    here.place.now().duration_since(request.at) < LOOKED_AFTER
}

fn is_open(here: &Here<'_>, request: &Request) -> bool {
    let with_branch = request.kind == dns::KIND && request.tip.is_some();
    with_branch && is_recent(here, request) && !request.is_merged(&here.place)
}

fn is_stale(error: &anyhow::Error) -> bool {
    let mut causes = error.chain();
    causes.any(|cause| {
        let found = cause.downcast_ref::<Inadmissible>();
        matches!(
            found,
            Some(Inadmissible::Stale(_) | Inadmissible::RiskLowered(_))
        )
    })
}

/// The plan of a request, made if there is none that saw everything.
pub(super) fn planned(here: &Here<'_>, request: &Request) -> anyhow::Result<Filed> {
    let root = &here.place.folder;
    if let Some((filed, _)) = plans::of_commit(root, &request.commit)
        && filed.plan.stopped.is_empty()
    {
        return Ok(filed);
    }
    let plan = plan::of_commit(&request.place(&here.place)?, &request.commit, part(request))?;
    let filed = plans::keep(root, &plan)?;
    plans::forget(root, &request.commit, Some(&filed.digest));
    Ok(filed)
}

/// What of the estate a request is about.
fn part(request: &Request) -> Part {
    Part {
        domain: Some("dns".to_owned()),
        scope: request.answers.get("zone").cloned(),
    }
}

/// How a request stands at the gate.
enum Gate {
    /// It has all that the charter requires.
    Open,
    /// It lacks something, which time alone may bring.
    Shut {
        lacks: String,
        until: Option<Timestamp>,
    },
}

impl Gate {
    fn of(judged: &[Judgement]) -> Self {
        if judged.iter().all(Judgement::passed) {
            return Self::Open;
        }
        let until = judged.iter().filter_map(|one| match one.verdict {
            Verdict::Waiting { until, .. } => Some(until),
            _ => None,
        });
        Self::Shut {
            lacks: missing(judged),
            until: until.min(),
        }
    }
}

/// What is the same as long as nothing has happened to a request.
fn stamp(here: &Here<'_>, request: &Request, filed: &Filed) -> anyhow::Result<String> {
    let head = here.place.git()?.commit("HEAD")?;
    let tip = request.tip.as_deref().unwrap_or_default();
    Ok(format!("{head} {tip} {}", filed.digest))
}

/// How a request stands, as `commonhold gate` says it.
fn gate_of(here: &Here<'_>, request: &Request, filed: &Filed) -> Answer<Gate> {
    let shut = |lacks: &str| {
        Ok(Gate::Shut {
            lacks: lacks.to_owned(),
            until: None,
        })
    };
    // Without a change nobody would have looked at it.
    if filed.plan.changes().next().is_none() || !filed.plan.stopped.is_empty() {
        return shut("");
    }
    let Some(mut ledger) = here.ledger()? else {
        return shut("Whoever keeps the ledger merges it once it has what it needs.");
    };
    let place = request.place(&here.place)?;
    let court = filed.court(&place, &mut ledger)?;
    let gate = Gate::of(&court.judge(&filed.plan.scopes, &filed.digest, &place));
    // The servers are asked only for what has everything else.
    if let Gate::Shut { .. } = gate {
        return Ok(gate);
    }
    let observed = court.observed(&place, filed)?;
    let plan = gate::rejudge(observed, &mut court.judges());
    let plan = plan.map_err(|lowered| anyhow::Error::from(Inadmissible::from(lowered)))?;
    Ok(Gate::of(&court.judge(&plan.scopes, &filed.digest, &place)))
}

/// What people signed on the branch of a request, and is not in a commit.
fn signed_since(
    here: &Here<'_>,
    request: &Request,
    commit: &str,
) -> anyhow::Result<BTreeMap<String, Option<String>>> {
    let repository = here.place.git()?;
    let tip = request.tip.as_deref().unwrap_or(&request.commit);
    let (on_branch, there) = (repository.tree_at(tip)?, repository.tree_at(commit)?);
    let all = |name: &str| name.ends_with(".json");
    let mut files = BTreeMap::new();
    for path in on_branch.find(FOLDER, &all).unwrap_or_default() {
        if there.read(&path).is_err()
            && let Ok(text) = on_branch.read(&path)
        {
            files.insert(path, Some(text));
        }
    }
    Ok(files)
}

/// When the changes of a plan were made, if all were.
pub(super) fn applied(here: &Here<'_>, filed: &Filed) -> anyhow::Result<Option<Timestamp>> {
    let known = here.community.looked().applied(&filed.digest);
    if known.is_some() {
        return Ok(known);
    }
    let Some(mut ledger) = here.ledger_as_shown() else {
        return Ok(None);
    };
    let changes = filed.plan.changes().map(|(_, planned)| planned.digest);
    let changes: BTreeSet<Digest> = changes.collect();
    let spent = change::journal::spent(&mut ledger, &changes.iter().copied().collect())?;
    if changes.is_empty() || !changes.iter().all(|change| spent.contains_key(change)) {
        return Ok(None);
    }
    let at = spent.values().max().copied();
    here.community.looked().was_applied(filed.digest, at);
    Ok(at)
}

fn apply_one(here: &Here<'_>, request: &Request) -> anyhow::Result<Option<String>> {
    let root = &here.place.folder;
    let Some((filed, path)) = plans::of_commit(root, &request.commit) else {
        return Ok(None);
    };
    if filed.plan.is_empty() || applied(here, &filed)?.is_some() {
        return Ok(None);
    }
    let run = |path: &std::path::Path| {
        let arguments = ApplyArguments {
            file: path.to_owned(),
            force: false,
            output: DataOutput::Text,
        };
        apply::run(&here.project, &arguments)
    };
    let ended = match run(&path) {
        Err(error) if is_stale(&error) => {
            // Others came to the zone since: what is merged there by now is applied together.
            let head = here.place.git()?.commit("HEAD")?;
            let plan = plan::of_commit(&here.place, &head, part(request))?;
            plans::keep(root, &plan)?;
            let (_, path) = plans::of_commit(root, &head).context("the new plan is gone")?;
            run(&path)?
        }
        ended => ended?,
    };
    Ok(match ended.exit {
        Exit::Well => Some("applied".to_owned()),
        Exit::Waits => None,
        _ => Some(base::visible(&format!("{}{}", ended.data, ended.notes))),
    })
}

/// What a request lacks, in words; nothing where that cannot be told now.
pub(super) fn lacking(here: &Here<'_>, request: &Request, filed: &Filed) -> Option<String> {
    let looked = || here.community.looked();
    let (now, stamp) = (here.place.now(), stamp(here, request, filed).ok()?);
    let known = looked().lacking_as_shown(&request.id, &stamp, now);
    if known.is_some() {
        return known;
    }
    let mut ledger = here.ledger_to_read().ok()??;
    let place = request.place(&here.place).ok()?;
    let court = filed.looked_at(&place, &mut ledger).ok()?;
    match Gate::of(&court.judge(&filed.plan.scopes, &filed.digest, &place)) {
        Gate::Open => None,
        Gate::Shut { lacks, until } => {
            // Whether the ledger has received it all is for whoever settles it to say.
            looked().keep_shown(&request.id, stamp, now, until, lacks.clone());
            Some(lacks)
        }
    }
}

impl Here<'_> {
    /// Commits what the program wrote below `decisions/` and nobody committed: signed events,
    /// the texts that they are about, and what the intake writes. Drafts of people stay.
    pub(super) fn commit_decisions(&self, message: &str) -> anyhow::Result<()> {
        let writer = self.writer();
        let status = [
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--",
            FOLDER,
        ];
        let listed = writer.git(&status)?;
        let prefix = writer.git(&["rev-parse", "--show-prefix"])?;
        let entries = listed.split('\0').filter(|entry| entry.len() > 3);
        let changed: Vec<&str> = entries
            .filter(|entry| !entry.starts_with(" D") && !entry.starts_with('D'))
            .filter_map(|entry| entry[3..].strip_prefix(prefix.trim_end_matches('\n')))
            .collect();
        let paths: Vec<String> = changed
            .into_iter()
            .filter(|path| self.is_ours(path))
            .map(str::to_owned)
            .collect();
        writer.commit(&paths, message, &desk())
    }

    fn is_ours(&self, path: &str) -> bool {
        let text = || std::fs::read_to_string(self.place.folder.join(path)).unwrap_or_default();
        let Some((folder, name)) = path.rsplit_once('/') else {
            return false;
        };
        match name {
            "events.jsonl" | "record.json" | "README.md" => folder.matches('/').count() == 1,
            "proposal.md" => {
                // The text of an event that lies beside it.
                let digest = Digest::of(text().as_bytes());
                let entries = std::fs::read_dir(self.place.folder.join(folder));
                let beside = entries.into_iter().flatten().flatten();
                let texts = beside.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
                texts
                    .filter_map(|text| parse_event(&text).ok())
                    .any(|event| event.content().text() == Some(&digest))
            }
            _ => parse_event(&text()).is_ok_and(|event| event.path() == path),
        }
    }
}
