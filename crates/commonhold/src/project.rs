//! The estate that a command line means.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base::{Diagnostic, SourceMap};
use charter::Charter;
use estate::{AnyItem, Estate, KindId, Manifest, Tree};
use formats::Ci;
use jiff::Timestamp;
use jiff::civil::Date;
use policy::{Listed, Shrunk, Things};
use spend::settings::Settings;

use crate::files::DiskTree;
use crate::surroundings::Surroundings;

/// Where the estate is said to be, and the day it is judged on.
#[derive(Debug)]
pub(crate) struct Project<'s> {
    pub(crate) given: Option<PathBuf>,
    pub(crate) day: Date,
    /// The instant that was asked about, if one was.
    pub(crate) instant: Option<Timestamp>,
    pub(crate) surroundings: &'s Surroundings,
}

/// An estate with all that is wrong with it.
pub(crate) struct Checked {
    pub(crate) estate: Estate,
    pub(crate) charter: Charter,
    pub(crate) findings: Vec<Diagnostic>,
    /// Its jobs, with dashboards and owners.
    pub(crate) ci: Ci,
    /// Lists of what may only become less, which became smaller and have not been written.
    pub(crate) shrunk: Vec<Shrunk>,
    /// Files of approvals that are not as they should be.
    pub(crate) listed: Vec<Listed>,
    /// How each migration stands of which that can be said.
    pub(crate) standings: Vec<migration::Standing>,
}

/// What a root file that cannot be used leaves.
pub(crate) struct Unusable {
    pub(crate) sources: SourceMap,
    pub(crate) findings: Vec<Diagnostic>,
}

impl Checked {
    /// Reads and checks an estate, as on a day.
    pub(crate) fn read(tree: &dyn Tree, day: Date) -> Result<Self, Unusable> {
        let (mut estate, mut findings) = match formats::load(tree) {
            Err((sources, findings)) => return Err(Unusable { sources, findings }),
            Ok(loaded) => loaded,
        };
        let (mut charter, found) = Charter::of(&estate);
        findings.extend(found);
        findings.extend(charter.read_calendars(tree));
        let zones = charter.meetings.zone_words();
        findings.extend(estate::meetings::timetable(&estate, &zones).findings);
        // The files of zones are read when zones are asked for: most questions need none.
        let mut sources = std::mem::take(&mut estate.sources);
        findings.extend(dns::check(&estate, tree, &mut sources, day));
        // So are those of jobs and dashboards, which are many megabytes in a large community.
        let ci = Ci::load(&estate, tree, &mut sources);
        findings.extend(ci.findings.iter().cloned());
        let (judged, moved) = {
            let subjects = ci.subjects(&estate);
            let things = Things::of(&estate, subjects.as_ref()).on(day);
            let judged = policy::check(&estate, &things, &mut sources, tree, day);
            let moved = migration::check::check(&estate, &things, &mut sources, tree, day);
            (judged, moved)
        };
        // Some rules are about what is left to move.
        let told = migration::check::told(&moved.standings);
        findings.extend(charter::check_told(&estate, &charter, day, &told));
        findings.extend(judged.findings);
        findings.extend(moved.findings);
        let (settings, found) = Settings::of(tree, &mut sources);
        // What is left out of a broken file would be told again, as if it were missing.
        if found.is_empty() {
            findings.extend(spend::check::check(&estate, &settings, tree, &mut sources));
        }
        findings.extend(found);
        let (portal, found) = portal::settings::Settings::of(tree, &mut sources);
        findings.extend(found);
        findings.extend(portal.check(&estate));
        estate.sources = sources;
        findings.extend(spend::grants::check(&estate));
        findings.extend(spend::budgets::check(&estate, &settings));
        findings.extend(spend::budgets::check_funding(&estate, day));
        findings.extend(access::check(&estate, day));
        findings.extend(access::owners::check(&estate, day));
        findings.extend(audit::check(&estate, day));
        sort(&mut findings, &estate.sources);
        Ok(Self {
            estate,
            charter,
            findings,
            ci,
            listed: judged.listed,
            shrunk: judged.shrunk.into_iter().chain(moved.shrunk).collect(),
            standings: moved.standings,
        })
    }
}

impl Checked {
    /// Adds findings, each where a reader looks for it.
    pub(crate) fn add(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        self.findings.extend(findings);
        sort(&mut self.findings, &self.estate.sources);
    }
}

impl Project<'_> {
    /// The tree of the estate: the given folder, or the nearest one upwards that has a root file.
    pub(crate) fn tree(&self) -> anyhow::Result<DiskTree> {
        let here = &self.surroundings.folder;
        if let Some(given) = &self.given {
            let root = here.join(given);
            if !root.is_dir() {
                bail!("{} is not a folder", given.display());
            }
            return Ok(DiskTree::new(root, &shown(given)));
        }
        let mut up = String::new();
        for folder in here.ancestors() {
            if folder.join(Manifest::FILE).is_file() {
                return Ok(DiskTree::new(folder, &up));
            }
            up.push_str("../");
        }
        bail!(
            "there is no {} here or in any folder above; name the estate's folder with -C, or start one with `commonhold init`",
            Manifest::FILE
        )
    }

    /// The estate's folder.
    pub(crate) fn root(&self) -> anyhow::Result<PathBuf> {
        Ok(self.tree()?.root().to_owned())
    }

    /// Reads and checks the estate.
    pub(crate) fn check(&self) -> anyhow::Result<Result<Checked, Unusable>> {
        Ok(Checked::read(&self.tree()?, self.day))
    }

    /// Reads the estate for a question; what is wrong with it is counted in a note.
    pub(crate) fn ask(&self) -> anyhow::Result<(Estate, String)> {
        let tree = self.tree()?;
        let (estate, findings) = formats::load(&tree).map_err(|(sources, findings)| {
            let first = findings
                .first()
                .map(|f| format!("{}: {}", sources.locate(f.span), f.message));
            anyhow::anyhow!("{}", first.unwrap_or_default()).context("the estate cannot be read")
        })?;
        let errors = findings
            .iter()
            .filter(|f| f.severity == base::Severity::Error)
            .count();
        let note = match errors {
            0 => String::new(),
            errors => format!(
                "warning: {errors} errors in the estate's files: the answer may be incomplete; see `commonhold check`\n"
            ),
        };
        Ok((estate, note))
    }
}

fn shown(given: &Path) -> String {
    given.to_string_lossy().trim_end_matches('/').to_owned()
}

/// In the order of a reader: by file, then by place; the same in every run.
fn sort(findings: &mut [Diagnostic], sources: &SourceMap) {
    findings.sort_by_cached_key(|finding| {
        (
            sources.file(finding.span.file).path.clone(),
            finding.span.start,
            finding.code.id,
            finding.message.clone(),
            finding.house.clone().map(|house| house.id.clone()),
        )
    });
}

/// The one item that a word means.
pub(crate) fn one_item<'e>(estate: &'e Estate, word: &str) -> anyhow::Result<AnyItem<'e>> {
    match estate.named(word).as_slice() {
        [item] => Ok(*item),
        [] => Err(unknown(estate, word)),
        several => {
            let subjects: Vec<String> = several.iter().map(AnyItem::subject).collect();
            bail!("`{word}` may mean {}; say which", subjects.join(" or "))
        }
    }
}

fn unknown(estate: &Estate, word: &str) -> anyhow::Error {
    let bare = word
        .split_once('/')
        .filter(|(kind, _)| KindId::named(kind).is_some())
        .map_or(word, |(_, name)| name);
    let items: Vec<AnyItem<'_>> = KindId::ALL
        .iter()
        .flat_map(|&kind| estate.tables.of_kind(kind))
        .collect();
    let near = base::nearest(bare, items.iter().map(|item| item.name));
    let near = near.and_then(|near| items.iter().find(|item| item.name == near));
    match near {
        Some(near) => anyhow::anyhow!(
            "the estate has no `{word}`; did you mean {}?",
            near.subject()
        ),
        None => anyhow::anyhow!("the estate has no `{word}`; `commonhold show` lists what it has"),
    }
}

/// The group that a word means.
pub(crate) fn group<'e>(estate: &'e Estate, name: &str) -> anyhow::Result<AnyItem<'e>> {
    let name = name.strip_prefix("group/").unwrap_or(name);
    estate.item(KindId::Group, name).with_context(|| {
        let near = base::nearest(
            name,
            estate
                .tables
                .groups
                .items()
                .map(|group| group.name.as_str()),
        );
        near.map_or(format!("the estate has no group `{name}`"), |near| {
            format!("the estate has no group `{name}`; did you mean {near}?")
        })
    })
}
