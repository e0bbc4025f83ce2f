//! The tree, with files of ours laid over it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use estate::{Estate, Tree, Unreadable, join};

/// Files on disk, and others over them.
#[derive(Clone)]
pub(crate) struct Overlaid {
    root: PathBuf,
    over: BTreeMap<String, String>,
}

const MANIFEST: &str = "\
commonhold: 1
name: Adopted
sources:
  - {format: sigs.yaml, path: community/sigs.yaml}
  - {format: peribolos, path: org/config}
  - {format: groups.yaml, path: k8s.io/groups}
";

impl Overlaid {
    /// The real tree; none, which is said, where it is not there.
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    pub(crate) fn real() -> Option<Self> {
        let root = Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/data/kubernetes"
        ));
        if !root.join("org/config").exists() {
            eprintln!("skipped: shared data not present ({})", root.display());
            return None;
        }
        let tree = Self {
            root: root.to_owned(),
            over: BTreeMap::new(),
        };
        Some(tree.with("commonhold.yaml", MANIFEST))
    }

    pub(crate) fn with(mut self, path: &str, text: &str) -> Self {
        self.over.insert(path.to_owned(), text.to_owned());
        self
    }

    pub(crate) fn estate(&self) -> Estate {
        formats::load(self)
            .unwrap_or_else(|_| panic!("a root file"))
            .0
    }
}

impl Tree for Overlaid {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        if let Some(text) = self.over.get(path) {
            return Ok(text.clone());
        }
        fs::read_to_string(self.root.join(path)).map_err(|error| Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
            missing: error.kind() == std::io::ErrorKind::NotFound,
        })
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        let below = |path: &&String| folder.is_empty() || path.starts_with(&format!("{folder}/"));
        let named = |path: &&String| wanted(path.rsplit('/').next().unwrap_or(path));
        let over = self.over.keys().filter(below).filter(named);
        let mut found: Vec<String> = over.cloned().collect();
        walk(&self.root, folder, wanted, &mut found);
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn is_folder(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let laid_over = self.over.keys().any(|file| file.starts_with(&below));
        laid_over || self.root.join(path).is_dir()
    }
}

fn walk(root: &Path, folder: &str, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<String>) {
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten();
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = join(folder, &name);
        if entry.file_type().unwrap().is_dir() {
            walk(root, &path, wanted, found);
        } else if wanted(&name) {
            found.push(path);
        }
    }
}
