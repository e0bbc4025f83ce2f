//! From the files of an estate to what is shown of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use base::{Diagnostic, Severity, SourceMap};
use charter::RULES;
use estate::Tree;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portal::Stamp;
use portal::settings::Settings;

use crate::files::DiskTree;
use crate::git::{Commit, Repository};
use crate::portal::{Affairs, Known, Shown};
use crate::project::{Checked, Project};
use crate::surroundings::Surroundings;

/// No more mistakes than this are told on every page.
const MOST_TOLD: usize = 5;

/// The estate that is shown: where it is, and as of when if not of now.
#[derive(Debug, Clone)]
pub(crate) struct Estate {
    pub(crate) root: PathBuf,
    pub(crate) at: Option<(Date, Timestamp)>,
    pub(crate) surroundings: Surroundings,
    /// Whether it is shown where nobody can do anything.
    pub(crate) only_shown: bool,
}

impl Estate {
    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        let at = self.at.map(|(_, at)| at);
        at.unwrap_or_else(|| (self.surroundings.clock)())
    }

    /// The day it is.
    pub(crate) fn day(&self) -> Date {
        let day = self.at.map(|(day, _)| day);
        day.unwrap_or_else(|| self.now().to_zoned(TimeZone::UTC).date())
    }

    /// Its files, with paths from its root.
    pub(crate) fn tree(&self) -> DiskTree {
        DiskTree::new(&self.root, ".")
    }

    /// The same for the parts of the program that commands use.
    pub(crate) fn on(&self, day: Date) -> Project<'_> {
        Project {
            given: Some(self.root.clone()),
            day,
            instant: self.at.map(|(_, at)| at),
            surroundings: &self.surroundings,
        }
    }
}

/// What is shown of an estate as it is now.
pub(crate) fn shown_once(estate: &Estate) -> anyhow::Result<(Arc<Shown>, Settings)> {
    match Reading::of(&estate.tree(), estate.day()) {
        Ok(reading) => {
            let ready = reading.shown(estate, &Affairs::default());
            Ok((ready.shown, ready.settings))
        }
        Err(what) => anyhow::bail!("the estate cannot be read: {}", what.join("; ")),
    }
}

/// Whether a state cannot be read, or has mistakes that the one before has not.
pub(crate) fn worsens(from: &dyn Tree, to: &dyn Tree, day: Date) -> bool {
    let Ok(newer) = Reading::of(to, day) else {
        return true;
    };
    let older = Reading::of(from, day).map(|older| older.mistakes);
    !newer.mistakes.beside(&older.unwrap_or_default()).is_empty()
}

/// An estate that can be shown, with what tells whether a newer one is worse.
pub(crate) struct Reading {
    pub(crate) checked: Checked,
    pub(crate) mistakes: Mistakes,
    pub(crate) day: Date,
}

impl Reading {
    /// Reads and checks the files; says what is wrong where that leaves nothing to show.
    pub(crate) fn of(tree: &dyn Tree, day: Date) -> Result<Self, Vec<String>> {
        match Checked::read(tree, day) {
            Ok(checked) => Ok(Self {
                mistakes: Mistakes::of(&checked.findings, &checked.estate.sources),
                checked,
                day,
            }),
            Err(unusable) => {
                let found = Mistakes::of(&unusable.findings, &unusable.sources);
                Err(told(found.0.into_values().flatten().collect()))
            }
        }
    }

    /// What it is shown as, with what lies beside the files.
    pub(crate) fn shown(self, estate: &Estate, affairs: &Affairs) -> Ready {
        let project = estate.on(self.day);
        let tree = estate.tree();
        let at = estate.now();
        let mut sources = SourceMap::default();
        let (settings, _) = Settings::of(&tree, &mut sources);
        let head = Repository::of(tree.root()).and_then(|repository| repository.head().ok());
        let affairs = Affairs::read_after(affairs, &project, &self.checked, &[]);
        let due = affairs.due();
        let stamp = Stamp {
            only_shows: estate.only_shown,
            ..stamp(&self.checked, &settings, head, at)
        };
        let further = further(&self.checked, &tree);
        let known = Known::new(&project, tree, self.checked, affairs, at);
        Ready {
            shown: Arc::new(Shown::new(stamp, known)),
            settings,
            due,
            further,
            mistakes: self.mistakes,
            day: self.day,
        }
    }
}

/// A state that is ready to be shown.
pub(crate) struct Ready {
    pub(crate) shown: Arc<Shown>,
    pub(crate) settings: Settings,
    /// When it is another by itself.
    pub(crate) due: Option<Timestamp>,
    /// The files that it was read from outside of its folder.
    pub(crate) further: Vec<PathBuf>,
    pub(crate) mistakes: Mistakes,
    pub(crate) day: Date,
}

fn stamp(checked: &Checked, settings: &Settings, head: Option<Commit>, at: Timestamp) -> Stamp {
    let manifest = &checked.estate.manifest;
    let (commit, committed) = head.map_or((None, None), |head| (Some(head.hash), Some(head.at)));
    Stamp {
        community: settings
            .title
            .clone()
            .unwrap_or_else(|| manifest.name.clone()),
        description: manifest.description.clone().unwrap_or_default(),
        commit,
        committed,
        read: at,
        // The time alone would be the same again where it stands still.
        version: next_version(at),
        source_url: settings
            .source_url
            .as_ref()
            .map_or("", |url| url.as_str())
            .to_owned(),
        only_shows: false,
        trouble: None,
    }
}

/// A version that no other state of this run has.
pub(super) fn next_version(at: Timestamp) -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{number}", at.as_microsecond())
}

fn further(checked: &Checked, tree: &DiskTree) -> Vec<PathBuf> {
    let paths = checked
        .estate
        .sources
        .files()
        .map(|file| tree.root().join(&file.path));
    let mut further: Vec<PathBuf> = paths
        .filter(|path| path.components().any(|part| part.as_os_str() == ".."))
        .collect();
    further.sort();
    further.dedup();
    further
}

/// Mistakes in files, each with all places where it was made.
///
/// What breaks a rule of the charter or a policy is none: to show that is what the portal is for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mistakes(BTreeMap<(String, &'static str, String), Vec<String>>);

impl Mistakes {
    fn of(findings: &[Diagnostic], sources: &SourceMap) -> Self {
        let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for finding in findings.iter().filter(|finding| is_mistake(finding)) {
            let file = sources.file(finding.span.file).path.clone();
            // What was withheld from an excerpt is kept from readers too.
            let what = if finding.withheld {
                finding.code.title
            } else {
                &finding.message
            };
            let line = format!("{}: {what}", sources.locate(finding.span));
            let key = (file, finding.code.id, finding.message.clone());
            found.entry(key).or_default().push(line);
        }
        Self(found)
    }

    /// Those that an earlier state did not have, as they are told. One that only moved is no new one.
    pub(crate) fn beside(&self, earlier: &Self) -> Vec<String> {
        let new = self.0.iter().flat_map(|(key, lines)| {
            let known = earlier.0.get(key).map_or(0, Vec::len);
            lines.iter().skip(known).cloned()
        });
        told(new.collect())
    }
}

fn is_mistake(finding: &Diagnostic) -> bool {
    let is_rule = RULES.iter().any(|rule| rule.code.id == finding.code.id);
    finding.severity == Severity::Error && finding.house.is_none() && !is_rule
}

fn told(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(MOST_TOLD);
    lines.truncate(MOST_TOLD);
    if more > 0 {
        lines.push(format!(
            "and {more} more; `commonhold check` says all of them"
        ));
    }
    lines
}
