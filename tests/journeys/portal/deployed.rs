//! What keeps the portal running, and what watches it, as those read it who have to.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use testkit::servers::{Missing, or_skip, program};

use super::server::Portal;
use crate::support::{Folder, root, write};

/// The program that a variable names, for those that few machines have.
fn named(variable: &str) -> Option<PathBuf> {
    let found = std::env::var_os(variable).map(PathBuf::from);
    or_skip(found.ok_or_else(|| Missing::of(format!("what {variable} names"))))
}

#[track_caller]
fn is_well(output: &Output) {
    let said = [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said));
    assert!(output.status.success(), "{}{}", said[0], said[1]);
}

#[test]
fn the_manifests_are_what_kubernetes_takes() {
    let Some(validate) = named("COMMONHOLD_KUBERNETES_VALIDATE") else {
        return;
    };
    let folder = root().join("deploy/kubernetes");
    let files = ["portal.yaml", "ingress.yaml"].map(|name| folder.join(name));
    let said = Command::new(validate).arg("--strict").args(files).output();
    is_well(&said.expect("kubernetes-validate"));
}

#[test]
fn the_units_are_what_systemd_takes_and_may_do_next_to_nothing() {
    let Some(analyze) = or_skip(program("systemd-analyze")) else {
        return;
    };
    let (folder, from) = (Folder::new(), root().join("deploy/systemd"));
    // The unit's program has to be there.
    let installed = "/usr/local/bin/commonhold";
    for name in ["commonhold-portal.service", "commonhold-portal.socket"] {
        let unit = std::fs::read_to_string(from.join(name)).expect("a unit");
        let unit = unit.replace(installed, env!("CARGO_BIN_EXE_commonhold"));
        write(&folder.0.join(name), &unit);
    }
    let units = ["commonhold-portal.service", "commonhold-portal.socket"];
    let units = units.map(|name| folder.0.join(name));
    let said = Command::new(&analyze).arg("verify").args(&units).output();
    let said = said.expect("systemd-analyze");
    is_well(&said);
    assert_eq!(String::from_utf8_lossy(&said.stderr), "");
    // From 0, nothing, to 10, everything; times ten.
    let words = ["security", "--offline=true", "--threshold=20"];
    let said = Command::new(analyze).args(words).arg(&units[0]).output();
    is_well(&said.expect("systemd-analyze"));
}

#[test]
fn the_metrics_are_what_prometheus_reads() {
    let Some(python) = named("COMMONHOLD_PROMETHEUS") else {
        return;
    };
    let estate = root().join("examples/kubernetes");
    let portal = Portal::start(&estate, &["--read-only", "--log", "off"], &[]);
    for path in [
        "/",
        "/services",
        "/nowhere",
        "/people.csv",
        "/search?q=a%22b",
        "/api/v1/state",
    ] {
        portal.get(path, "");
    }
    let reads = "import sys\n\
        from prometheus_client.openmetrics.parser import text_string_to_metric_families as read\n\
        for family in read(sys.stdin.read()):\n\
        \x20   print(family.name, family.type, sum(sample.value for sample in family.samples if sample.name.endswith('_total')))\n";
    let mut child = Command::new(python)
        .args(["-c", reads])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python");
    let told = portal.get("/metrics", "").text();
    let mut input = child.stdin.take().expect("its input");
    input.write_all(told.as_bytes()).expect("a pipe");
    drop(input);
    let said = child.wait_with_output().expect("its end");
    is_well(&said);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    for family in [
        "portal_requests counter 6\n",
        "portal_request_duration_seconds histogram",
    ] {
        assert!(
            said.contains(family),
            "{family} is not in\n{said}\nof\n{told}"
        );
    }
}
