//! The program. It reads the arguments, the clock and the terminal, hands them
//! to [`commonhold::run`], and writes what comes back.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use commonhold::{Exit, Surroundings, clock, run};
use mimalloc::MiMalloc;

// Large estates and zones are millions of small texts; glibc takes nearly half of the CPU time
// to come by them and to let them go. Huge pages (`no_thp`) are not asked for: to clear them costs a
// program that lives for seconds more than they save.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let stdout = std::io::stdout();
    let surroundings = Surroundings {
        arguments: std::env::args_os().collect(),
        folder: std::env::current_dir().unwrap_or_default(),
        today: clock::today(),
        clock: clock::now,
        environment: |name| std::env::var(name).ok(),
        patience: std::time::Duration::from_secs(10),
        progress: if std::io::stderr().is_terminal() {
            show_progress
        } else {
            |_| {}
        },
        terminal: stdout.is_terminal()
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
        columns: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
    };
    let outcome = std::panic::catch_unwind(|| run(&surroundings));
    let Ok(outcome) = outcome else {
        let _ = writeln!(
            std::io::stderr(),
            "error: this is a bug in commonhold, not in your files; please report it with the lines above"
        );
        return Exit::Bug.into();
    };
    let _ = std::io::stderr().write_all(outcome.notes.as_bytes());
    let mut stdout = stdout.lock();
    match stdout
        .write_all(outcome.data.as_bytes())
        .and_then(|()| stdout.flush())
    {
        // Whoever reads us has read enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Well.into(),
        Err(error) => {
            let _ = writeln!(
                std::io::stderr(),
                "error: standard output cannot be written: {error}"
            );
            Exit::Findings.into()
        }
        Ok(()) => outcome.exit.into(),
    }
}

/// One line that is written over.
fn show_progress(what: &str) {
    let _ = write!(std::io::stderr(), "\r\x1b[K{what}");
}
