#![no_main]
//! Any files, through the program itself: whatever is found can be printed in
//! every form. The folder is in memory where the machine has such.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use commonhold::{Exit, Surroundings, run};
use jiff::civil::date;
use libfuzzer_sys::fuzz_target;

const MANIFEST: &str = "commonhold: 1\nname: Fuzz\nsources:\n\
    - {format: sigs.yaml, path: adopted/sigs.yaml}\n- {format: owners, path: adopted}\n";

fuzz_target!(|input: &str| {
    let folder = folder();
    let _ = fs::remove_dir_all(&folder);
    put(&folder, "commonhold.yaml", MANIFEST);
    put(&folder, "charter.yaml", "rules: {}\n");
    for (path, text) in commonhold_fuzz::files(input, "people/any.yaml") {
        put(&folder, path, text);
    }
    for (output, color) in [
        ("text", "never"),
        ("text", "always"),
        ("json", "never"),
        ("markdown", "never"),
        ("sarif", "never"),
        ("github", "never"),
    ] {
        let arguments = ["commonhold", "check", "--output", output, "--color", color];
        let outcome = run(&Surroundings {
            clock: || jiff::Timestamp::UNIX_EPOCH,
            environment: |_| None,
            patience: std::time::Duration::ZERO,
            progress: |_| {},
            arguments: arguments.map(OsString::from).to_vec(),
            folder: folder.clone(),
            today: date(2026, 1, 1),
            terminal: false,
            no_color: false,
            columns: Some(80),
        });
        assert_ne!(outcome.exit, Exit::Usage, "{}", outcome.notes);
    }
});

fn folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    parent.join(format!("commonhold-fuzz-{}", std::process::id()))
}

/// Writes a file, unless its path leads out of the folder or cannot be one.
fn put(folder: &Path, path: &str, text: &str) {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
    if path.len() > 200 || !path.split('/').all(plain) {
        return;
    }
    let path = folder.join(path);
    if let Some(parent) = path.parent() {
        let _ = fs::create_dir_all(parent);
    }
    let _ = fs::write(path, text);
}
