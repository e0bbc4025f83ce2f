//! What all journeys need: the repository, a run of the program, a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

use commonhold::{Outcome, Surroundings, clock, run};
use jiff::civil::date;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

/// A file of the repository.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A run in a folder, on the first day of 2026, nobody looking.
pub(crate) fn run_in(folder: &Path, arguments: &str) -> Outcome {
    let words = std::iter::once("commonhold").chain(arguments.split_whitespace());
    run(&Surroundings {
        arguments: words.map(Into::into).collect(),
        folder: folder.to_owned(),
        today: date(2026, 1, 1),
        clock: clock::now,
        environment: |_| None,
        patience: Duration::ZERO,
        progress: |_| {},
        terminal: false,
        no_color: false,
        columns: None,
    })
}

/// A run in the repository's root.
pub(crate) fn commonhold(arguments: &str) -> Outcome {
    run_in(&root(), arguments)
}

/// A run over the example estate, on its day.
pub(crate) fn example(arguments: &str) -> Outcome {
    commonhold(&format!(
        "-C examples/kubernetes --at 2021-01-15 {arguments}"
    ))
}

/// A folder that is gone when the test is over.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "commonhold-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder for the test");
        Self(folder)
    }

    pub(crate) fn with(self, path: &str, text: &str) -> Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        write(&path, text);
        self
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test's own file; a crash takes the test with it"
)]
pub(crate) fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The real data beside the repository, if they are there; says so if not.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let found = root().join("../shared/data").join(path);
    if !found.exists() {
        eprintln!("skipped: {path} is not beside the repository");
        return None;
    }
    Some(found)
}

/// Whether a program is there; says so if not, and fails where peers are required.
pub(crate) fn peer(program: &str, arguments: &[&str]) -> bool {
    let there = Command::new(program)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: {program} is not installed");
        assert!(
            std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none(),
            "{program} is required and not installed"
        );
    }
    there
}

/// The Python that has the peers: the system's in CI, which installs them for it.
pub(crate) fn python() -> String {
    std::env::var("COMMONHOLD_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// What a run said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// The same, if it ended so and says this anywhere.
    #[track_caller]
    pub(crate) fn ends(self, exit: i32, says: &str) -> Self {
        let there = self.out.contains(says) || self.err.contains(says);
        assert!(
            self.exit == exit && there,
            "expected exit {exit} and `{says}`, found exit {}:\n{}\n{}",
            self.exit,
            self.out,
            self.err
        );
        self
    }

    /// The JSON it printed.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let read = serde_json::from_str(&self.out);
        read.unwrap_or_else(|error| panic!("{error}:\n{}\n{}", self.out, self.err))
    }
}
