//! `decide verify`: whatever is changed, dropped, swapped, cut off or replaced is named, in a
//! working clone and in a bare one, without the ledger.

use std::path::{Path, PathBuf};

use super::assembly::{Assembly, git_in};

/// A community with a decided policy, all of it committed, and a clone with no ledger.
struct Cloned {
    it: Assembly,
    item: String,
    clone: PathBuf,
}

impl Cloned {
    fn new() -> Self {
        let it = Assembly::new();
        it.drops_notice();
        let item = it.proposes("ada", "policy", "To be tampered with");
        it.ticks();
        it.commit("Decisions");
        it.at("2026-03-03T10:00:00Z");
        it.by("bob", "object 1 --reason 'too much'");
        it.by("gus", "object 1 --reason 'far too much'");
        it.ticks();
        it.commit("Decisions");
        let objection = it.objection_of(&item, "bob");
        it.at("2026-03-04T10:00:00Z");
        it.by("bob", &format!("withdraw 1 {objection}"));
        it.ticks();
        it.ticks_at("2026-03-09T10:00:00Z");
        it.commit("Decisions");
        let clone = it.beside("clone");
        let (from, to) = (it.estate(), clone.display().to_string());
        git_in(&from, &["clone", "--quiet", ".", &to]);
        Self { it, item, clone }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.clone.join("decisions").join(&self.item).join(name)
    }

    fn journal(&self) -> String {
        std::fs::read_to_string(self.path("events.jsonl")).expect("a journal")
    }

    /// Verifies the clone with a file of the item replaced or gone: as it lies there, and, once
    /// that is committed, in a bare clone. Then all is as before.
    #[track_caller]
    fn finds(&self, name: &str, text: Option<&str>, says: &str) {
        match text {
            Some(text) => crate::support::write(&self.path(name), text),
            None => std::fs::remove_file(self.path(name)).expect("a file"),
        }
        self.fails(says);
        git_in(&self.clone, &["reset", "--quiet", "--hard", "origin/main"]);
    }

    /// Verifies the clone as it is, here and bare.
    #[track_caller]
    fn fails(&self, says: &str) {
        self.verify(&self.clone).ends(1, says);
        commit(&self.clone);
        let bare = self.it.beside("bare.git");
        let from = self.clone.display().to_string();
        let to = bare.display().to_string();
        git_in(
            &self.it.estate(),
            &["clone", "--quiet", "--bare", &from, &to],
        );
        self.verify(&bare).ends(1, says);
        std::fs::remove_dir_all(&bare).expect("a clone");
    }

    fn verify(&self, folder: &Path) -> super::assembly::Said {
        self.it.runs_in(folder, "decide verify")
    }
}

fn commit(folder: &Path) {
    git_in(folder, &["add", "--all"]);
    let who = ["-c", "user.name=M", "-c", "user.email=m@example.org"];
    let what = ["commit", "--quiet", "--allow-empty", "-m", "tamper"];
    git_in(folder, &[&who[..], &what].concat());
}

impl Assembly {
    fn objection_of(&self, item: &str, person: &str) -> String {
        let is_theirs = |name: &String| {
            let text = self.text(&format!("decisions/{item}/{name}"));
            text.contains("\"act\":\"object\"") && text.contains(&format!("person/{person}"))
        };
        let found = self.events(item).into_iter().find(is_theirs);
        found.expect("an objection").replace(".json", "")
    }
}

#[test]
fn a_clone_is_verified_without_its_ledger_bare_or_not() {
    let it = Cloned::new();
    it.it
        .runs("decide verify")
        .ends(0, "1 item with 6 entries are as they were received");
    let sound = "1 item with 6 entries fit together";
    it.verify(&it.clone).ends(0, sound);
    let bare = it.it.beside("bare.git");
    let to = bare.display().to_string();
    git_in(&it.it.estate(), &["clone", "--quiet", "--bare", ".", &to]);
    it.verify(&bare).ends(0, sound);
    it.it.runs_in(&bare, "decide verify 1").ends(0, sound);
    it.it.runs_in(&bare, "decide status 1").ends(0, "in force");
    it.it
        .runs_in(&bare, "decide explain 1 --output json")
        .ends(0, "");
    it.it.runs_in(&bare, "decide list").ends(0, "in-force");
}

#[test]
fn every_line_of_a_journal_is_held() {
    let it = Cloned::new();
    let text = it.journal();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    assert_eq!(lines.len(), 6);
    for at in 0..lines.len() {
        let here = format!("events.jsonl:{}:", at + 1);
        let next = format!("events.jsonl:{}:", at + 2);
        let with = |line: &str| {
            let mut changed = lines.clone();
            changed[at] = line;
            changed.concat()
        };
        // A byte that leaves it JSON of the right form.
        let flipped = lines[at].replacen("2026-03-0", "2026-03-1", 1);
        assert_ne!(flipped, lines[at]);
        it.finds("events.jsonl", Some(&with(&flipped)), "events.jsonl:");
        let spoilt = lines[at].replacen('{', "[", 1);
        it.finds("events.jsonl", Some(&with(&spoilt)), &here);
        // Dropped: the next line does not follow, or the history has more.
        it.finds("events.jsonl", Some(&with("")), &here);
        // Swapped with the next one.
        if at + 1 < lines.len() {
            let mut swapped = lines.clone();
            swapped.swap(at, at + 1);
            it.finds("events.jsonl", Some(&swapped.concat()), &here);
        }
        // Cut short within, and before.
        let within = lines[..at].concat() + &lines[at][..lines[at].len() / 2];
        it.finds("events.jsonl", Some(&within), &here);
        it.finds("events.jsonl", Some(&lines[..at].concat()), &here);
        // Said twice.
        let twice = lines[at].repeat(2);
        it.finds("events.jsonl", Some(&with(&twice)), &next);
    }
    it.finds("events.jsonl", None, "events.jsonl");
    it.verify(&it.clone).ends(0, "fit together");
}

#[test]
fn every_event_is_held() {
    let it = Cloned::new();
    let names = it.it.events(&it.item);
    assert_eq!(names.len(), 4);
    for name in &names {
        let text = std::fs::read_to_string(it.path(name)).expect("an event");
        it.finds(name, None, name);
        it.finds(name, Some(&text[..text.len() / 2]), name);
        it.finds(name, Some(""), name);
        for (from, to) in [
            ("person/", "person/x"),
            ("2026-03-0", "2026-04-0"),
            ("BEGIN SSH", "BEGIN PGP"),
            ("\"v\":1", "\"v\":2"),
        ] {
            it.finds(name, Some(&text.replacen(from, to, 1)), name);
        }
    }
    // Somebody else's event in its place.
    let other = std::fs::read_to_string(it.path(&names[1])).expect("an event");
    it.finds(&names[0], Some(&other), &names[0]);
}

/// Whoever may push can make a new journal that follows from line to line.
#[test]
fn a_journal_that_was_made_anew_is_found_by_its_history() {
    let it = Cloned::new();
    let text = it.journal();
    let mut lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line"))
        .collect();
    // Gus's objection goes, with its event, and all lines after it are linked anew.
    let objection = it.it.objection_of(&it.item, "gus");
    lines.retain(|line| !line["what"].to_string().contains(&objection));
    let mut prev = base::Digest::of(it.item.as_bytes());
    let mut forged = String::new();
    for (at, line) in lines.iter_mut().enumerate() {
        line["seq"] = (at + 1).into();
        line["prev"] = prev.to_string().into();
        let line = base::canonical(line).expect("JSON");
        prev = base::Digest::of(line.as_bytes());
        forged += &(line + "\n");
    }
    std::fs::remove_file(it.path(&format!("{objection}.json"))).expect("an event");
    it.finds("events.jsonl", Some(&forged), "it is not what commit");

    // Where the ledger is, it is found though the history was made anew too.
    let estate = it.it.estate();
    std::fs::remove_file(estate.join(format!("decisions/{}/{objection}.json", it.item)))
        .expect("an event");
    it.it
        .write(&format!("decisions/{}/events.jsonl", it.item), &forged);
    it.it
        .runs("decide verify")
        .ends(1, "the ledger holds something else");
    // And the next tick writes what the ledger holds.
    it.it.ticks();
    assert_eq!(
        it.it.text(&format!("decisions/{}/events.jsonl", it.item)),
        text
    );
    it.it.runs("decide verify").ends(1, &objection);
    it.it
        .runs("decide status 1")
        .ends(1, "that was received is gone");
}

#[test]
fn a_vote_slipped_into_the_journal_needs_a_signature_all_the_same() {
    let it = Cloned::new();
    let text = it.journal();
    let last = text.lines().last().expect("a line");
    let mut line: serde_json::Value = serde_json::from_str(last).expect("JSON");
    line["seq"] = 7.into();
    line["prev"] = base::Digest::of(last.as_bytes()).to_string().into();
    let digest = base::Digest::of(b"a vote of nobody");
    line["what"] = serde_json::json!({ "event": digest });
    let forged = format!("{text}{}\n", base::canonical(&line).expect("JSON"));
    it.finds(
        "events.jsonl",
        Some(&forged),
        &format!(
            "{}.json: it was received, and is gone or changed",
            digest.short()
        ),
    );
}

/// Whoever may push can also merge what they made anew over what was.
#[test]
fn a_merge_that_takes_nothing_of_the_other_side_hides_nothing() {
    let it = Cloned::new();
    let first = git_in(&it.clone, &["rev-list", "--max-parents=0", "HEAD"]);
    git_in(
        &it.clone,
        &["checkout", "--quiet", "-b", "forged", first.trim()],
    );
    let who = ["-c", "user.name=M", "-c", "user.email=m@example.org"];
    let merge = ["merge", "--quiet", "-s", "ours", "-m", "Merge", "main"];
    git_in(&it.clone, &[&who[..], &merge].concat());
    let path = format!("decisions/{}/events.jsonl", it.item);
    assert!(!it.clone.join(&path).exists());
    it.fails(&path);
}

#[test]
fn an_item_that_was_removed_as_a_whole_is_missed() {
    let it = Cloned::new();
    let folder = it.clone.join("decisions").join(&it.item);
    std::fs::remove_dir_all(folder).expect("a folder");
    it.fails(&format!("decisions/{}/events.jsonl", it.item));
    // The ledger misses it even where no commit ever had it.
    let fresh = it.it.proposes("ada", "rfc", "Never committed");
    it.it.ticks();
    let folder = it.it.estate().join("decisions").join(&fresh);
    std::fs::remove_dir_all(folder).expect("a folder");
    it.it.runs("decide verify").ends(1, &fresh);
}

#[test]
fn a_text_that_is_not_what_was_decided_on_is_named() {
    let it = Cloned::new();
    let says = "proposal.md: it is not the text";
    it.finds("proposal.md", Some("# Something else\n"), says);
    it.finds("proposal.md", None, says);
}

/// A clone alone cannot say who wrote a journal; where the ledger is, it can be said.
#[test]
fn an_item_that_the_ledger_never_received_is_named_where_it_is() {
    let it = Assembly::new();
    let estate = it.estate();
    it.set("COMMONHOLD_LEDGER", "sqlite:.commonhold/forged.sqlite");
    it.runs("ledger init").ends(0, "");
    let item = it.proposes("ada", "rfc", "Received elsewhere");
    it.ticks();
    it.runs("decide verify")
        .ends(0, "1 item with 1 entry are as they were received");
    it.set("COMMONHOLD_LEDGER", "sqlite:.commonhold/ledger.sqlite");
    it.runs("decide verify")
        .ends(1, "the ledger knows nothing of this item");
    it.runs(&format!("decide status {item}"))
        .ends(5, "not received yet");
    assert!(estate.join("decisions").join(&item).is_dir());
}

#[test]
fn what_is_wrong_with_one_item_is_said_beside_what_is_wrong_with_another() {
    let it = Assembly::new();
    let one = it.proposes("ada", "rfc", "One");
    let other = it.proposes("ada", "rfc", "Other");
    it.ticks();
    it.commit("Decisions");
    it.write(&format!("decisions/{one}/events.jsonl"), "nonsense\n");
    let text = it.text(&format!("decisions/{other}/events.jsonl"));
    it.write(
        &format!("decisions/{other}/events.jsonl"),
        &format!("{text}{text}"),
    );
    let said = it.runs("decide verify").ends(1, &one);
    assert!(said.out.contains(&other), "{}", said.out);
    it.runs("decide verify 1")
        .ends(1, "this is no line of a journal");
    it.ticks();
    it.runs("decide verify").ends(0, "2 items with 2 entries");
}

#[test]
fn an_event_that_was_committed_and_taken_out_before_it_was_received_is_named() {
    let it = Assembly::new();
    it.drops_notice();
    let item = it.proposes("ada", "policy", "Quick");
    it.ticks();
    it.commit("Decisions");
    let said = it.by("bob", "object 1 --reason 'too much'");
    it.commit("An objection");
    let path = said.out.split("wrote ").nth(1).expect("a path");
    let path = path.lines().next().expect("a line").to_owned();
    assert!(path.contains(&item));
    it.git(&["rm", "--quiet", &path]);
    it.commit("Tidy up");
    it.ticks();
    it.runs("decide verify")
        .ends(1, "gone before it was received");
}
