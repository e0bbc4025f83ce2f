//! What the tests of all adapters share: real files, where they are present.

use std::fs;
use std::path::{Path, PathBuf};

use base::{Diagnostic, Severity, SourceMap};
use estate::{Estate, MemoryTree, Tree, Unreadable, join};

/// A tree of files on a disk.
pub(crate) struct DiskTree {
    root: PathBuf,
}

impl DiskTree {
    /// The files below a folder.
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn collect(
        &self,
        folder: &str,
        wanted: &dyn Fn(&str) -> bool,
        found: &mut Vec<String>,
    ) -> Result<(), Unreadable> {
        let refused = |error: &dyn std::fmt::Display| Unreadable {
            path: folder.to_owned(),
            reason: error.to_string(),
            missing: true,
        };
        for entry in fs::read_dir(self.root.join(folder)).map_err(|error| refused(&error))? {
            let entry = entry.map_err(|error| refused(&error))?;
            let name = entry
                .file_name()
                .into_string()
                .map_err(|_| refused(&"a name is not UTF-8"))?;
            let path = join(folder, &name);
            if name == ".git" {
                continue;
            }
            if entry.path().is_dir() {
                self.collect(&path, wanted, found)?;
            } else if wanted(&name) {
                found.push(path);
            }
        }
        Ok(())
    }
}

impl Tree for DiskTree {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        fs::read_to_string(self.root.join(path)).map_err(|error| Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
            missing: true,
        })
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        let mut found = Vec::new();
        self.collect(folder, wanted, &mut found)?;
        found.sort();
        Ok(found)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.root.join(path).is_dir()
    }
}

/// A tree over another, with a root file of its own.
pub(crate) struct Rooted<T> {
    /// The text of `commonhold.yaml`.
    pub(crate) manifest: String,
    /// All other files.
    pub(crate) tree: T,
}

impl<T: Tree> Tree for Rooted<T> {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        if path == estate::Manifest::FILE {
            Ok(self.manifest.clone())
        } else {
            self.tree.read(path)
        }
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        self.tree.find(folder, wanted)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.tree.is_folder(path)
    }
}

/// A path in the data that every checkout of the project shares; `None`, said
/// aloud, where there is none.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let path = data.join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: shared data not present ({})", path.display());
    None
}

/// A mistake for a table of them: what is replaced in a sound file by what, what
/// that is in words, and the codes it should give.
pub(crate) type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

/// A root file with sources, each a line of YAML without its dash.
pub(crate) fn manifest(sources: &str) -> String {
    let sources = sources
        .lines()
        .fold(String::new(), |text, line| text + "  - " + line + "\n");
    format!("commonhold: 1\nname: Test\nsources:\n{sources}")
}

/// An estate in memory.
pub(crate) fn tree(sources: &str, files: &[(&str, &str)]) -> MemoryTree {
    let start = MemoryTree::default().with(estate::Manifest::FILE, manifest(sources));
    files
        .iter()
        .fold(start, |tree, (path, text)| tree.with(path, *text))
}

/// An estate on the disk with a root file that is not.
pub(crate) fn rooted(root: PathBuf, sources: &str) -> Rooted<DiskTree> {
    Rooted {
        manifest: manifest(sources),
        tree: DiskTree::new(root),
    }
}

/// Loads an estate whose root file is sound.
pub(crate) fn load(tree: &dyn Tree) -> (Estate, Vec<Diagnostic>) {
    formats::load(tree).expect("a root file")
}

fn looked_at(findings: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
}

/// Warnings and errors as `severity code path:line message`, sorted.
pub(crate) fn lines(findings: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    let line = |finding: &Diagnostic| {
        let place = sources.line_of(finding.span);
        format!(
            "{} {} {place} {}",
            finding.severity, finding.code.id, finding.message
        )
    };
    let mut lines: Vec<String> = looked_at(findings).map(line).collect();
    lines.sort();
    lines
}

/// The codes of warnings, and of errors with `!` behind them, sorted.
pub(crate) fn codes(findings: &[Diagnostic]) -> Vec<String> {
    let code = |finding: &Diagnostic| {
        let mark = if finding.severity == Severity::Error {
            "!"
        } else {
            ""
        };
        format!("{}{mark}", finding.code.id)
    };
    let mut codes: Vec<String> = looked_at(findings).map(code).collect();
    codes.sort();
    codes
}

/// The adapter of a name.
pub(crate) fn adapter(name: &str) -> &'static formats::Adapter {
    let found = formats::ADAPTERS
        .iter()
        .find(|adapter| adapter.name == name);
    found.expect("an adapter")
}
