//! Dashboards: where the results of jobs are looked at.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use base::{Diagnostic, Span, Spanned};

use crate::{Catalogue, codes};

/// What one file of dashboards says.
#[derive(Debug, Default)]
pub struct BoardFile {
    /// Its dashboards.
    pub dashboards: Vec<Dashboard>,
    /// Its groups of dashboards.
    pub groups: Vec<DashboardGroup>,
    /// Results that can be shown.
    pub results: Vec<Results>,
    /// What is wrong with it, whatever other files say.
    pub findings: Vec<Diagnostic>,
}

/// A page with tabs.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// What it is called.
    pub name: Spanned<String>,
    /// Its tabs, but for those that jobs ask for themselves.
    pub tabs: Vec<Tab>,
}

/// One table of results.
#[derive(Debug, Clone)]
pub struct Tab {
    /// What it is called.
    pub name: Spanned<String>,
    /// The results it shows, by their name.
    pub results: Spanned<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Who is told when it fails: addresses, with commas between them.
    pub alert: Option<Spanned<String>>,
}

/// Dashboards that are found under one name.
#[derive(Debug, Clone)]
pub struct DashboardGroup {
    /// What it is called.
    pub name: Spanned<String>,
    /// Its dashboards.
    pub dashboards: Vec<Spanned<String>>,
}

/// Results that can be shown: those of one job, in most cases.
#[derive(Debug, Clone)]
pub struct Results {
    /// What they are called.
    pub name: Spanned<String>,
    /// Where they are kept.
    pub place: Option<Spanned<String>>,
    /// For how many days they are shown.
    pub days: Option<u32>,
    /// How many columns are judged as recent.
    pub recent: Option<u32>,
    /// After how many failures somebody is told.
    pub failures_to_alert: Option<u32>,
}

/// All dashboards.
#[derive(Debug, Default)]
pub struct Boards {
    files: Vec<Arc<BoardFile>>,
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
}

/// Reports names that stand twice, and gives the set of them.
fn distinct<'n>(
    what: &str,
    names: impl Iterator<Item = &'n Spanned<String>>,
    findings: &mut Vec<Diagnostic>,
) -> HashSet<&'n str> {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for name in names {
        if let Some(first) = seen.get(name.value.as_str()) {
            let message = format!("a second {what} is called {name}");
            let finding = Diagnostic::new(&codes::BOARD_TWICE, name.span, message);
            findings.push(
                finding
                    .related(*first, "the first")
                    .help("keep one, or rename one"),
            );
        } else {
            seen.insert(&name.value, name.span);
        }
    }
    seen.into_keys().collect()
}

fn unknown(what: &str, name: &Spanned<String>, known: &HashSet<&str>) -> Diagnostic {
    let message = format!("no {what} is called {name}");
    let near = base::nearest(name, known.iter().copied());
    Diagnostic::new(&codes::BOARD_UNKNOWN, name.span, message)
        .help_if(near.map(|near| format!("did you mean `{near}`?")))
        .help_if(Some("declare it, or name one that is declared".to_owned()))
}

impl Boards {
    /// Puts files together. Jobs, where they are known, are results too, and may ask for tabs.
    /// `incomplete` says that there are files which could not be read, so that it is held against
    /// nobody what is not there.
    pub fn merge(files: Vec<Arc<BoardFile>>, jobs: Option<&Catalogue>, incomplete: bool) -> Self {
        let mut findings: Vec<Diagnostic> = files
            .iter()
            .flat_map(|file| file.findings.iter().cloned())
            .collect();
        let dashboards = || files.iter().flat_map(|file| &file.dashboards);
        let groups = || files.iter().flat_map(|file| &file.groups);
        let names = dashboards().map(|dashboard| &dashboard.name);
        let boards = distinct("dashboard", names, &mut findings);
        let names = groups().map(|group| &group.name);
        distinct("group of dashboards", names, &mut findings);
        let results = files.iter().flat_map(|file| &file.results);
        let names = results.map(|results| &results.name);
        let mut results = distinct("group of results", names, &mut findings);
        let jobs_or_none = || jobs.into_iter().flat_map(|jobs| &jobs.jobs);
        results.extend(jobs_or_none().map(|job| job.name.value.as_str()));
        for dashboard in dashboards() {
            distinct(
                "tab",
                dashboard.tabs.iter().map(|tab| &tab.name),
                &mut findings,
            );
            // Without the jobs nobody knows which results there are.
            if jobs.is_some_and(|jobs| !jobs.incomplete) && !incomplete {
                let shown = dashboard.tabs.iter().map(|tab| &tab.results);
                let missing = shown.filter(|name| !results.contains(name.value.as_str()));
                findings.extend(missing.map(|name| unknown("group of results", name, &results)));
            }
        }
        let named = groups().flat_map(|group| &group.dashboards);
        let placed = jobs_or_none().flat_map(|job| job.placements.iter().map(|one| &one.dashboard));
        let missing = named
            .chain(placed)
            .filter(|name| !boards.contains(name.value.as_str()));
        if !incomplete {
            findings.extend(missing.map(|name| unknown("dashboard", name, &boards)));
        }
        findings.sort_by_key(|finding| (finding.span.file, finding.span.start));
        Self { files, findings }
    }

    /// All dashboards, file by file.
    pub fn dashboards(&self) -> impl Iterator<Item = &Dashboard> {
        self.files.iter().flat_map(|file| &file.dashboards)
    }

    /// All groups of dashboards, file by file.
    pub fn groups(&self) -> impl Iterator<Item = &DashboardGroup> {
        self.files.iter().flat_map(|file| &file.groups)
    }

    /// All results, file by file.
    pub fn results(&self) -> impl Iterator<Item = &Results> {
        self.files.iter().flat_map(|file| &file.results)
    }

    /// All tabs with their dashboards, but for those that jobs ask for themselves.
    pub fn tabs(&self) -> impl Iterator<Item = (&Dashboard, &Tab)> {
        let dashboards = self.dashboards();
        dashboards.flat_map(|dashboard| dashboard.tabs.iter().map(move |tab| (dashboard, tab)))
    }

    /// The tabs that show each job, those it asks for and those that dashboards declare: the
    /// dashboard and the tab, by the job's place, in order.
    pub fn of_jobs<'b>(&'b self, jobs: &'b Catalogue) -> Vec<Vec<(&'b str, &'b str)>> {
        let mut declared: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (dashboard, tab) in self.tabs() {
            let shown = declared.entry(tab.results.value.as_str()).or_default();
            shown.push((&dashboard.name.value, &tab.name.value));
        }
        let of = |job: &'b Arc<crate::Job>| {
            let asked = job.placements.iter();
            let asked = asked.map(|one| (one.dashboard.value.as_str(), one.tab.as_str()));
            let declared = declared.get(job.name.value.as_str()).into_iter().flatten();
            asked.chain(declared.copied()).collect()
        };
        jobs.jobs.iter().map(of).collect()
    }
}
