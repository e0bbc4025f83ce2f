//! A process that casts ballots and is killed.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ballot_box::{BallotBox, Privacy, ReceiptSecret};

use crate::setting::{during, poll};

const PATH: &str = "BALLOT_BOX_TEST_PATH";
const VOTERS: usize = 5000;

fn voters() -> impl Iterator<Item = String> {
    (0..VOTERS).map(|number| format!("voter-{number:04}"))
}

fn kill_while_voting(privacy: Privacy) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poll.db");
    let poll = poll(privacy);
    BallotBox::create(&path, &poll, voters(), None).unwrap();
    let mut told = 0;
    for round in 1..=6 {
        let (mut child, mut lines) = start(&path);
        while told < round * 7 {
            told = next_number(&mut lines).expect("the child goes on");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(number) = next_number(&mut lines) {
            told = number;
        }
        let ballots = BallotBox::open(&path).unwrap();
        ballots.verify().unwrap();
        let voted = ballots.turnout().unwrap().len();
        assert!(voted >= told && voted <= told + 1, "{voted}, told {told}");
        told = voted;
    }
    let mut ballots = BallotBox::open(&path).unwrap();
    let closing = ballots.close(poll.closes_at).unwrap();
    assert_eq!(closing.took_part, told as u64);
    assert_eq!(closing.ballots, told as u64);
    ballots.verify().unwrap();
}

#[test]
fn a_killed_open_box_has_every_ballot_it_answered_once() {
    kill_while_voting(Privacy::Open);
}

#[test]
fn a_killed_sealed_box_has_every_ballot_it_answered_once() {
    kill_while_voting(Privacy::Sealed);
}

/// What a child process does: this program, started again with a path in its environment.
#[test]
#[ignore = "it is the child of other tests"]
fn child() {
    let Ok(path) = env::var(PATH) else { return };
    let mut ballots = BallotBox::open(Path::new(&path)).unwrap();
    let done = ballots.turnout().unwrap().len();
    for (number, voter) in voters().enumerate().skip(done) {
        let ranks = [("ann", 1), ("ben", 2)];
        let fresh = ReceiptSecret::new().unwrap();
        match ballots.poll().privacy {
            Privacy::Open => ballots.cast(&voter, &ranks, during()),
            _ => ballots.cast_sealed(&voter, &fresh, &ranks, during()),
        }
        .unwrap();
        println!("done {}", number + 1);
    }
}

fn start(path: &Path) -> (Child, impl BufRead) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "processes::child", "--ignored", "--nocapture"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    (child, output)
}

/// The number in the next whole line that the child wrote.
fn next_number(lines: &mut impl BufRead) -> Option<usize> {
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let whole = line.strip_suffix('\n')?;
        // The test program may have begun the line.
        if let Some((_, number)) = whole.split_once("done ") {
            return Some(number.parse().unwrap());
        }
    }
}
