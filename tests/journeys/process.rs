//! The program as a process: exit codes, pipes, terminals.

use std::process::{Command, Stdio};

use commonhold::Exit;

use crate::support::{Folder, root};

fn process() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
    command.current_dir(root()).env_remove("NO_COLOR");
    command
}

#[test]
fn exit_codes_are_those_of_the_table() {
    let table = process()
        .args(["help", "exit-codes"])
        .output()
        .expect("a run");
    let table = String::from_utf8_lossy(&table.stdout).into_owned();
    for (exit, meaning) in Exit::ALL {
        assert!(
            table.contains(&format!("{:>3}  {meaning}", *exit as u8)),
            "{table}"
        );
    }
    for (arguments, exit) in [
        (vec!["--version"], Exit::Well),
        (vec!["-C", "examples/kubernetes", "stats"], Exit::Well),
        (vec!["check", "examples/kubernetes"], Exit::Findings),
        (vec!["check", "/nowhere"], Exit::Findings),
        (vec!["check", "--outptu", "json"], Exit::Usage),
        (vec![], Exit::Usage),
        (
            vec!["-C", "examples/kubernetes", "check", "examples/kubernetes"],
            Exit::Usage,
        ),
    ] {
        let status = process().args(&arguments).output().expect("a run").status;
        assert_eq!(status.code(), Some(exit as i32), "{arguments:?}");
    }
}

#[test]
fn data_go_to_standard_output_and_everything_else_does_not() {
    let output = process()
        .args(["-C", "examples/kubernetes", "show", "service/nothing"])
        .output()
        .expect("a run");
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "));
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let mut child = process()
        .args(["-C", "examples/kubernetes", "graph"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a run");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn every_command_has_help_with_examples() {
    for command in commonhold::command().get_subcommands() {
        let output = process()
            .args([command.get_name(), "--help"])
            .output()
            .expect("a run");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{}", command.get_name());
        assert!(text.contains("Examples:"), "{}: {text}", command.get_name());
        let overview =
            String::from_utf8_lossy(&process().arg("--help").output().expect("a run").stdout)
                .into_owned();
        assert!(
            overview.contains(&format!("\n  {} ", command.get_name())),
            "{} is not in the overview",
            command.get_name()
        );
    }
}

#[test]
fn completions_are_shell_scripts() {
    for shell in ["bash", "zsh", "fish"] {
        let output = process()
            .args(["completions", shell])
            .output()
            .expect("a run");
        assert!(output.stdout.len() > 1000, "{shell}");
    }
    let folder = Folder::new();
    let script = process()
        .args(["completions", "bash"])
        .output()
        .expect("a run")
        .stdout;
    let file = folder.0.join("completions.bash");
    crate::support::write(&file, &String::from_utf8_lossy(&script));
    let checked = Command::new("bash")
        .arg("-n")
        .arg(&file)
        .status()
        .expect("bash");
    assert!(checked.success());
}
