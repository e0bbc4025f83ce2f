//! Prow's configuration of jobs: a tree of files with presubmits, postsubmits, periodics and presets,
//! and the main file with what holds for all of them.
//!
//! A source is either the folder of job files or the main file; an installation has one of each. Adopting
//! one reads nothing: the files are read by whoever asks about jobs, with [`load`].
//!
//! What Prow itself does in silence is done here too, and said where it is a trap: keys are known without
//! case, `.prowignore` takes files out, names that begin with `..` are passed by, a file may be gzipped, and
//! of several documents in a file only the first is read.

mod conventions;
mod convert;
mod entries;
mod ignore;
mod main_file;
mod past;
mod texts;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use base::{Diagnostic, FileId, Severity, SourceMap, Span, Spanned};
use estate::{Draft, Estate, Source, Tree, Unreadable, join};
use jobs::{Approvers, Catalogue, JobFile, Patterns, Settings};
use yaml::{Decoding, Dialect, Node, Profile, Value};

use crate::{Adapter, codes};
use conventions::parents;
pub use conventions::{CONVENTIONS, Fork, fork};
use entries::FileEntry;
pub use past::{PastJobs, Version};

/// Prow's configuration of jobs.
pub(crate) static ADAPTER: Adapter = Adapter {
    name: FORMAT,
    about: "CI jobs: a folder of presubmits, postsubmits, periodics and presets, or the main file (Prow)",
    adopt,
    detect,
};

/// The name under which a source of jobs is asked for.
pub const FORMAT: &str = "prow-jobs";

const IGNORE: &str = ".prowignore";

/// Leaves the files alone: the jobs of a large community are many megabytes, and few questions are
/// about them. What cannot be read, [`load`] says.
fn adopt(_: &Source, _: &dyn Tree, _: &mut Draft) {}

/// The jobs of an installation, file by file, so that one file can be read again on its own.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The files, the main one first, then by their paths.
    pub files: Vec<Arc<JobFile>>,
    /// What the installation says for all jobs.
    pub settings: Arc<Settings>,
    /// What is wrong with the sources as such: files that cannot be read, that nobody reads, or that
    /// hide each other.
    pub findings: Vec<Diagnostic>,
    /// Whether some file could not be read at all, so that jobs may be missing.
    pub incomplete: bool,
    patterns: Patterns,
}

/// Reads the jobs that the sources of an estate name; sources of other formats are passed by.
pub fn load(manifest: &[Source], tree: &dyn Tree, sources: &mut SourceMap) -> Loaded {
    let mut loaded = Loaded::default();
    let ours = manifest
        .iter()
        .filter(|source| source.format.value == FORMAT);
    let (folders, files): (Vec<_>, Vec<_>) =
        ours.partition(|source| tree.is_folder(&join("", &source.path)));
    for source in files {
        loaded.read_main(&source.path, tree, sources);
    }
    for source in folders {
        loaded.read_folder(&source.path, tree, sources);
    }
    loaded
}

impl Loaded {
    /// All files put together.
    pub fn catalogue(&self) -> Catalogue {
        let settings = Arc::clone(&self.settings);
        Catalogue::merge(&self.files, settings, &CONVENTIONS, self.incomplete)
    }

    /// Reads one file of a tree of jobs again, or for the first time; the others stay as they are.
    pub fn replace(&mut self, path: &str, text: String, sources: &mut SourceMap) {
        let file = sources.add(path, text);
        let read = Arc::new(read_file(
            path,
            &sources.file(file).text,
            file,
            &self.patterns,
        ));
        match self
            .files
            .iter_mut()
            .find(|known| known.path.as_ref() == path)
        {
            Some(known) => *known = read,
            None => self.files.push(read),
        }
    }

    fn read_main(&mut self, path: &Spanned<String>, tree: &dyn Tree, sources: &mut SourceMap) {
        let shown = join("", path);
        let text = match texts::read(tree, &shown) {
            Ok(text) => text,
            Err(refused) => return self.refuse(&refused, path.span),
        };
        let file = sources.add(tree.display(&shown), text);
        let (read, settings) =
            main_file::read(&shown, &sources.file(file).text, file, &self.patterns);
        self.files.push(Arc::new(read));
        self.settings = Arc::new(settings);
    }

    fn refuse(&mut self, refused: &Unreadable, named_at: Span) {
        self.findings.push(refusal(refused, named_at));
        self.incomplete = true;
    }

    fn read_folder(&mut self, path: &Spanned<String>, tree: &dyn Tree, sources: &mut SourceMap) {
        let root = join("", path);
        let wanted = |name: &str| is_yaml(name) || name == IGNORE;
        let found = match tree.find(&root, &wanted) {
            Ok(found) => found,
            Err(refused) => return self.refuse(&refused, path.span),
        };
        let (ignores, mut paths): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|path| path.ends_with(IGNORE));
        let below = |path: &str| crate::shards::below(&root, path).to_owned();
        paths.retain(|path| !below(path).split('/').any(|part| part.starts_with("..")));
        match ignore::Ignored::read(&root, &ignores, tree) {
            Ok(ignored) => paths.retain(|path| !ignored.holds(&below(path))),
            // What it takes out, nobody knows: to read too much is the lesser harm.
            Err(refused) => self.refuse(&refused, path.span),
        }
        let mut files = Vec::with_capacity(paths.len());
        for (path_of_file, text) in paths.iter().zip(texts::read_all(tree, &paths)) {
            match text {
                Ok(text) => {
                    let file = sources.add(tree.display(path_of_file), text);
                    files.push((path_of_file.as_str(), file));
                }
                Err(refused) => self.refuse(&refused, path.span),
            }
        }
        self.same_names(&files);
        let before = self.files.len();
        self.files
            .extend(read_files(&files, sources, &self.patterns));
        let new = &self.files[before..];
        let whole = !self.incomplete && new.iter().all(|file| file.is_whole());
        if new.iter().all(|file| file.jobs.is_empty()) && whole {
            let message = format!("there is no job below {path}");
            let help = "name the folder that holds the files with `presubmits`, `postsubmits` and `periodics`";
            let finding = Diagnostic::new(&codes::SOURCE_EMPTY, path.span, message);
            self.findings.push(finding.help(help));
        }
    }

    /// Reports files of one name in two folders: they go into one map of files, by their names.
    fn same_names(&mut self, files: &[(&str, FileId)]) {
        let mut first: BTreeMap<&str, (&str, FileId)> = BTreeMap::new();
        for (path, file) in files {
            let name = path.rsplit('/').next().unwrap_or(path);
            if let Some((earlier, its_file)) = first.get(name) {
                let message = format!("{earlier} has the same name");
                let finding =
                    Diagnostic::new(&codes::PROW_FILE_TWICE, Span::start_of(*file), message);
                self.findings.push(
                    finding
                        .related(Span::start_of(*its_file), "the other file")
                        .help("rename one of the two; the folder does not tell them apart"),
                );
            } else {
                first.insert(name, (path, *file));
            }
        }
    }
}

/// What is said of a file or folder of a source that cannot be read.
pub(crate) fn refusal(refused: &Unreadable, named_at: Span) -> Diagnostic {
    let message = format!("{} cannot be read: {}", refused.path, refused.reason);
    let help = "what cannot be read is not taken for empty; mend the path or the file";
    Diagnostic::new(&estate::codes::UNREADABLE, named_at, message).help(help)
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Who approves changes to the files of an estate, folder by folder, by the owners that it knows;
/// aliases stand for those behind them. A file of owners that cannot be read says nothing.
pub fn approvers(estate: &Estate) -> Approvers {
    let folders = estate.ownership.iter().flat_map(|tree| {
        tree.folders.keys().filter_map(|folder| {
            let resolved = tree.resolve_plain(folder);
            let own = resolved.approver_folder == *folder;
            own.then(|| {
                (
                    join(&tree.root, folder),
                    resolved.leaf_approvers.into_iter().collect(),
                )
            })
        })
    });
    Approvers::of(folders)
}

/// Reads a file of jobs. Nothing that another file says matters.
pub fn read_file(path: &str, text: &str, file: FileId, patterns: &Patterns) -> JobFile {
    let (entry, findings) = decode::<FileEntry>(text, file);
    convert::file(path, file, entry.unwrap_or_default(), findings, patterns)
}

/// Reads files on all processors, the largest first, and gives them in their order.
fn read_files(
    files: &[(&str, FileId)],
    sources: &SourceMap,
    patterns: &Patterns,
) -> Vec<Arc<JobFile>> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    let size = |at: &usize| std::cmp::Reverse(sources.file(files[*at].1).text.len());
    order.sort_by_key(size);
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let (done, results) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..workers.min(files.len()) {
            let done = done.clone();
            let (next, order) = (&next, &order);
            scope.spawn(move || {
                while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (path, file) = files[*at];
                    let read = read_file(path, &sources.file(file).text, file, patterns);
                    // The receiver lives as long as this scope.
                    let _ = done.send((*at, Arc::new(read)));
                }
            });
        }
    });
    drop(done);
    let mut read: Vec<(usize, Arc<JobFile>)> = results.into_iter().collect();
    read.sort_by_key(|(at, _)| *at);
    read.into_iter().map(|(_, file)| file).collect()
}

/// Decodes the first document of a file as Prow does; reports any other that says something.
pub(crate) fn decode<T: yaml::FromYaml>(text: &str, file: FileId) -> (Option<T>, Vec<Diagnostic>) {
    let (documents, mut findings) = yaml::parse(text, file, Dialect::Go);
    let whole = [
        &yaml::codes::TAB,
        &yaml::codes::DUPLICATE_KEY,
        &yaml::codes::BAD_KEY,
        &yaml::codes::ALIAS,
        &yaml::codes::TAG,
    ];
    let is_whole =
        |finding: &Diagnostic| whole.iter().any(|code| std::ptr::eq(*code, finding.code));
    if !findings.iter().all(is_whole) {
        return (None, findings);
    }
    let mut documents = documents.into_iter();
    let first = documents.next();
    let says = |document: &Node| !matches!(document.value, Value::Empty);
    findings.extend(documents.filter(says).map(|document| {
        let message = "only the first document of a file is read, so nothing here ever runs";
        let finding = Diagnostic::new(&codes::PROW_SECOND_DOCUMENT, document.span, message);
        finding.help("give it a file of its own, or remove the `---`")
    }));
    let Some(first) = first.filter(says) else {
        return (None, findings);
    };
    let (value, more) = Decoding::read::<T>(&first, Profile::GO_JSON_STRICT);
    findings.extend(more);
    (value, findings)
}

/// Whether nothing in the findings keeps a value from being relied on.
pub(crate) fn sound(findings: &[Diagnostic]) -> bool {
    findings
        .iter()
        .all(|finding| finding.severity < Severity::Error)
}

/// The folders that are called as the large communities call theirs, and the main file beside them.
fn detect(paths: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for path in paths {
        let parts: Vec<&str> = path.split('/').collect();
        let folder = parts.windows(2).position(|pair| pair == ["config", "jobs"]);
        let folder = folder.filter(|at| parts.len() > at + 2 && is_yaml(path));
        let folder = folder.map(|at| parts[..at + 2].join("/"));
        let main = parts
            .ends_with(&["prow", "config.yaml"])
            .then(|| path.clone());
        found.extend(folder.or(main));
    }
    found.sort();
    found.dedup();
    found
}
