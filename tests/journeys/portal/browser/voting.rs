//! Somebody votes, and nobody learns how.

use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::servers::{Folder, run};

use super::{Browser, signs_in, there_is_a_browser};
use crate::governed::community::Community;
use crate::portal::desk;

/// The machine of a voter: a clone of the estate, the key of its owner where keys usually are, and the program.
struct Machine {
    home: Folder,
}

impl Machine {
    fn of(community: &Community, person: &str) -> Self {
        let home = Folder::new();
        for end in ["", ".pub"] {
            let key = community.key(person).display().to_string();
            let to = home.write(&format!(".ssh/id_ed25519{end}"), "");
            std::fs::copy(format!("{key}{end}"), to).expect("a key");
        }
        let machine = Self { home };
        let from = community.estate().display().to_string();
        machine.types(&format!(
            "git clone --quiet '{from}' '{}'",
            machine.clone().display()
        ));
        machine
    }

    fn clone(&self) -> PathBuf {
        self.home.path().join("estate")
    }

    /// What commands print that are typed as they were read.
    #[track_caller]
    fn types(&self, commands: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_commonhold"));
        let mut path = vec![program.parent().expect("its folder").to_owned()];
        path.extend(std::env::split_paths(
            &std::env::var_os("PATH").unwrap_or_default(),
        ));
        let clone = self.clone();
        let at = if clone.is_dir() {
            &clone
        } else {
            self.home.path()
        };
        run(Command::new("sh")
            .args(["-e", "-c", commands])
            .env_clear()
            .env("PATH", std::env::join_paths(path).expect("a path"))
            .env("HOME", self.home.path())
            .current_dir(at))
    }

    fn keeps(&self, name: &str, text: &str) {
        self.home.write(&format!("estate/{name}"), text);
    }
}

#[test]
fn a_voter_votes_blind_and_finds_the_receipt_in_a_browser() {
    if !there_is_a_browser() {
        return;
    }
    let community = desk::community("127.0.0.1:1");
    desk::elects(&community);
    let portal = desk::serve(&community);
    let machine = Machine::of(&community, "dora");
    let mut browser = Browser::on(&portal);
    let ballot = |browser: &mut Browser| {
        browser.open("/");
        browser.follow("Elections");
        browser.follow("steering/2026");
        browser.follow("To the ballot");
        assert_eq!(browser.path(), "/elections/steering/2026/ballot");
    };
    // First a token, by whoever may vote.
    ballot(&mut browser);
    let request = machine.types(&browser.code(0));
    signs_in(&mut browser, &community.key("dora"));
    browser.open("/elections/steering/2026/token");
    browser.fill("What is in request.json", &request);
    browser.press("Have it signed");
    machine.keeps("answer.json", &browser.code(0));
    // Then a ballot, by nobody: a browser in which nobody ever signed in.
    browser.forget();
    ballot(&mut browser);
    machine.types(&browser.code(1));
    let vote = browser.code(2);
    let preferred = vote.replace("ann,ben", "ben,ann");
    assert_ne!(preferred, vote, "the page names the candidates");
    let post = machine.types(&preferred);
    browser.fill("Your ballot, as the command printed it", &post);
    browser.press("Cast the ballot");
    let said = browser.text();
    let receipt = said
        .split_whitespace()
        .find(|word| word.starts_with("sha256:"));
    let receipt = receipt
        .unwrap_or_else(|| panic!("no receipt:\n{said}"))
        .to_owned();
    let status = community
        .runs("elect status steering/2026 --output json")
        .json();
    assert_eq!(status["took_part"], 1);
    portal.until("/receipts", |reply| reply.text().contains(&receipt));
    browser.open("/elections/steering/2026");
    browser.fill("Receipt", &receipt);
    browser.press("Look");
}
