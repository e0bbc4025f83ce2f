//! TestGrid's configuration: dashboards with their tabs, groups of dashboards, groups of results.
//!
//! A source is the folder of its files. Adopting one reads nothing; the files are read by whoever asks
//! about dashboards, with [`load`]. What jobs ask for in their annotations, the jobs
//! themselves say.

mod entries;

use std::sync::Arc;

use base::{Diagnostic, FileId, SourceMap, Span};
use estate::{Draft, Source, Tree, Unreadable, join};
use jobs::Catalogue;
use jobs::boards::{BoardFile, Boards, Dashboard, DashboardGroup, Results, Tab};

use crate::{Adapter, codes, prow_jobs};
use entries::{BoardsEntry, DashboardEntry, TabEntry, TestGroupEntry};

/// TestGrid's configuration.
pub(crate) static ADAPTER: Adapter = Adapter {
    name: FORMAT,
    about: "dashboards of test results: a folder of dashboards, their groups and test groups (TestGrid)",
    adopt,
    detect,
};

/// The name under which a source of dashboards is asked for.
pub const FORMAT: &str = "testgrid";

/// Leaves the files alone; what cannot be read, [`load`] says.
fn adopt(_: &Source, _: &dyn Tree, _: &mut Draft) {}

/// The dashboards of an installation, file by file.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The files, by their paths.
    pub files: Vec<Arc<BoardFile>>,
    /// What is wrong with the sources as such.
    pub findings: Vec<Diagnostic>,
    /// Whether some file could not be read, so that dashboards may be missing.
    pub incomplete: bool,
}

/// Reads the dashboards that the sources of an estate name; sources of other formats are passed by.
pub fn load(manifest: &[Source], tree: &dyn Tree, sources: &mut SourceMap) -> Loaded {
    let mut loaded = Loaded::default();
    for source in manifest
        .iter()
        .filter(|source| source.format.value == FORMAT)
    {
        let path = join("", &source.path);
        let paths = if tree.is_folder(&path) {
            tree.find(&path, &is_yaml)
        } else {
            Ok(vec![path])
        };
        let paths = match paths {
            Ok(paths) => paths,
            Err(refused) => {
                loaded.refuse(&refused, source.path.span);
                continue;
            }
        };
        let mut found = false;
        for (path, text) in paths.iter().zip(tree.read_all(&paths)) {
            match text {
                Ok(text) => {
                    let file = sources.add(tree.display(path), text);
                    let read = read_file(&sources.file(file).text, file);
                    found |= !read.dashboards.is_empty();
                    loaded.incomplete |= !prow_jobs::sound(&read.findings);
                    loaded.files.push(Arc::new(read));
                }
                Err(refused) => loaded.refuse(&refused, source.path.span),
            }
        }
        if !found && !loaded.incomplete {
            let message = format!("there is no dashboard below {}", source.path);
            let finding = Diagnostic::new(&codes::SOURCE_EMPTY, source.path.span, message);
            let help = "name the folder that holds the files with `dashboards`";
            loaded.findings.push(finding.help(help));
        }
    }
    loaded
}

impl Loaded {
    /// All files put together, with the jobs if they are known.
    pub fn boards(&self, jobs: Option<&Catalogue>) -> Boards {
        Boards::merge(self.files.clone(), jobs, self.incomplete)
    }

    fn refuse(&mut self, refused: &Unreadable, named_at: Span) {
        self.findings.push(prow_jobs::refusal(refused, named_at));
        self.incomplete = true;
    }
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Reads a file of dashboards. Nothing that another file says matters.
pub fn read_file(text: &str, file: FileId) -> BoardFile {
    let (entry, findings) = prow_jobs::decode::<BoardsEntry>(text, file);
    let entry = entry.unwrap_or_default();
    BoardFile {
        dashboards: entry.dashboards.into_iter().map(dashboard).collect(),
        groups: (entry.dashboard_groups.into_iter())
            .map(|group| DashboardGroup {
                name: group.name,
                dashboards: group.dashboard_names,
            })
            .collect(),
        results: entry.test_groups.into_iter().map(results).collect(),
        findings,
    }
}

fn dashboard(entry: DashboardEntry) -> Dashboard {
    Dashboard {
        name: entry.name,
        tabs: entry.dashboard_tab.into_iter().map(tab).collect(),
    }
}

fn tab(entry: TabEntry) -> Tab {
    Tab {
        name: entry.name,
        results: entry.test_group_name,
        description: entry.description,
        alert: entry
            .alert_options
            .and_then(|options| options.alert_mail_to_addresses),
    }
}

fn results(entry: TestGroupEntry) -> Results {
    Results {
        name: entry.name,
        place: entry.gcs_prefix,
        days: entry.days_of_results,
        recent: entry.num_columns_recent,
        failures_to_alert: entry.num_failures_to_alert,
    }
}

/// The folders that are called as the large communities call theirs.
fn detect(paths: &[String]) -> Vec<String> {
    let folder = |path: &String| {
        let parts: Vec<&str> = path.split('/').collect();
        let at = parts.iter().position(|part| *part == "testgrids")?;
        (parts.len() > at + 1 && is_yaml(path)).then(|| parts[..=at].join("/"))
    };
    let mut found: Vec<String> = paths.iter().filter_map(folder).collect();
    found.sort();
    found.dedup();
    found
}
