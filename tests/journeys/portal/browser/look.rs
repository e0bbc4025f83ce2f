//! How the pages are made: looked at in a browser, each of every kind.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{scripts, there_is_a_browser};
use crate::portal::server::Portal;
use crate::support::root;

/// Looks at every kind of page; says what is wrong.
#[track_caller]
fn look(portal: &Portal, folder: &Path, paths: &str) {
    let output = Command::new("node")
        .arg(scripts().join("look.mjs"))
        .args([portal.url.as_ref(), folder.as_os_str()])
        .env("LOOK_PATHS", paths)
        .output()
        .expect("node");
    let said = String::from_utf8_lossy(&output.stdout);
    let found: Value = serde_json::from_str(&said).unwrap_or_else(|_| {
        panic!("{said}\n{}", String::from_utf8_lossy(&output.stderr));
    });
    let pages = found["pages"].as_array().map_or(0, Vec::len);
    assert!(pages > 20, "only {pages} pages were looked at");
    let failures = found["failures"].as_array().cloned().unwrap_or_default();
    assert!(failures.is_empty(), "{:#}", json!(failures));
    eprintln!("{pages} pages are in {}", folder.display());
}

#[test]
fn every_kind_of_page_is_valid_and_accessible_in_light_and_dark_wide_and_narrow() {
    if !there_is_a_browser() {
        return;
    }
    let estate = root().join("examples/kubernetes");
    let portal = Portal::start(&estate, &["--at", "2021-01-15"], &[]);
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("portal");
    look(
        &portal,
        &pictures,
        "/desk /sign-in /search?q=dns /api /no/such/page",
    );
}
