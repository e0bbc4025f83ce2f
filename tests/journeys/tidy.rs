//! What the repository promises of its own shape.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{root, text};

/// The floor of each crate; one imports only from floors below its own.
const FLOORS: [(&str, u32); 32] = [
    ("base", 0),
    ("diagram", 0),
    ("forecast", 0),
    ("ical", 0),
    ("waves", 0),
    ("chart", 1),
    ("facts", 1),
    ("http-client", 1),
    ("ledger", 1),
    ("notice", 1),
    ("predicate", 1),
    ("tally", 1),
    ("yaml", 1),
    ("document", 2),
    ("estate", 2),
    ("focus", 2),
    ("jobs", 2),
    ("charter", 3),
    ("formats", 3),
    ("decisions", 4),
    ("elections", 4),
    ("policy", 4),
    ("ballot-box", 5),
    ("change", 5),
    ("access", 6),
    ("audit", 6),
    ("dns", 6),
    ("migration", 6),
    ("portal", 6),
    ("spend", 6),
    ("commonhold", 7),
    ("testkit", 8),
];

const LONGEST_FILE: usize = 600;
/// Packages of others in the lock file, those for tests, benches and other platforms among them. The
/// larger ones and what they bring: PostgreSQL (tokio), TLS (rustls, ring), IDNA (ICU), DNS,
/// mail (lettre), big numbers for blind signatures (crypto-bigint), Parquet (arrow), S3 and GCS
/// (`object_store` with reqwest and hyper), the portal (axum, over the same hyper).
const CRATE_BUDGET: usize = 340;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    serde_json::from_slice(&output.stdout).expect("metadata")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let skipped = path
            .file_name()
            .is_some_and(|name| name == "target" || name == ".git");
        if path.is_dir() && !skipped {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_import_climbs_a_floor() {
    let floors: BTreeMap<&str, u32> = FLOORS.into_iter().collect();
    let metadata = metadata();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().unwrap();
        let floor = *floors.get(name).unwrap_or_else(|| {
            panic!("{name} has no floor; give it one here and in ARCHITECTURE.md")
        });
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let normal = dependency["kind"].is_null();
            let target = dependency["name"].as_str().unwrap();
            if let Some(below) = floors.get(target).filter(|_| normal) {
                assert!(
                    *below < floor,
                    "{name} (floor {floor}) imports {target} (floor {below})"
                );
            }
        }
    }
}

#[test]
fn every_crate_says_what_it_must_never_know() {
    for (name, _) in FLOORS {
        let library = format!("crates/{name}/src/lib.rs");
        let says = text(&library);
        assert!(
            name == "commonhold" || says.contains("must never know"),
            "{library}"
        );
        assert!(
            text("ARCHITECTURE.md").contains(&format!("| `{name}` |")),
            "{name} is not in ARCHITECTURE.md"
        );
    }
}

#[test]
fn no_file_is_too_long() {
    let mut files = Vec::new();
    rust_files(&root(), &mut files);
    assert!(files.len() > 60);
    for file in files {
        let lines = fs::read_to_string(&file).expect("a file").lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{} has {lines} lines",
            file.display()
        );
    }
}

#[test]
fn no_file_is_forgotten_beside_the_list_that_names_it() {
    for (folder, list) in [
        ("crates/charter/src/rules", "crates/charter/src/rules.rs"),
        ("crates/estate/src/kinds", "crates/estate/src/kinds.rs"),
        (
            "crates/commonhold/src/commands",
            "crates/commonhold/src/commands.rs",
        ),
        ("crates/formats/src", "crates/formats/src/lib.rs"),
        ("crates/formats/tests/it", "crates/formats/tests/it/main.rs"),
        ("tests/journeys", "tests/journeys.rs"),
    ] {
        let list = text(list);
        for entry in fs::read_dir(root().join(folder))
            .expect("a folder")
            .flatten()
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(module) = name
                .strip_suffix(".rs")
                .filter(|module| !matches!(*module, "main" | "lib"))
            else {
                continue;
            };
            assert!(list.contains(module), "{folder}/{name} is not in its list");
        }
    }
}

#[test]
fn the_tree_of_dependencies_stays_in_its_budget() {
    let packages = text("Cargo.lock").matches("\nsource = ").count();
    assert!(
        packages <= CRATE_BUDGET,
        "{packages} packages: what does the new one earn?"
    );
}

#[test]
fn no_community_is_named_outside_the_adapters() {
    let mut files = Vec::new();
    for (name, _) in FLOORS.iter().filter(|(name, _)| *name != "formats") {
        rust_files(&root().join("crates").join(name).join("src"), &mut files);
    }
    for file in files {
        let text = fs::read_to_string(&file).expect("a file");
        for (at, line) in text.lines().enumerate() {
            // Benches read the estates of this repository by their paths.
            let lower = line.to_lowercase();
            let lower = lower
                .replace("examples/kubernetes", "")
                .replace("estates/kubernetes", "")
                .replace("data/kubernetes", "");
            let named = ["kubernetes", "k8s", "prow", "cncf"]
                .iter()
                .find(|name| lower.contains(*name));
            assert!(named.is_none(), "{}:{}: {line}", file.display(), at + 1);
        }
    }
}
