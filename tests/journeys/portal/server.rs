//! A portal that runs, on a port of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running `commonhold serve`, which ends with the test.
pub(crate) struct Portal {
    pub(crate) child: Child,
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub(crate) url: String,
}

impl Portal {
    /// Starts one over an estate with further arguments; its environment is that of the test beside these.
    pub(crate) fn start(estate: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
        command
            .arg("serve")
            .arg(estate)
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("commonhold serve");
        let mut first = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut first).expect("a line");
        let url = first.trim().to_owned();
        assert!(url.starts_with("http://"), "it said `{url}`");
        Self { child, url }
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
