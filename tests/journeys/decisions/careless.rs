//! What people get wrong: it is said, and nothing is half written.

use super::assembly::{Assembly, item_of};

/// All files below `decisions/`, with their texts.
fn all(it: &Assembly) -> String {
    it.git(&["add", "--all"]);
    it.git(&["ls-files", "--stage"])
}

#[test]
fn an_item_is_found_by_number_id_or_start_and_by_nothing_else() {
    let it = Assembly::new();
    let one = it.proposes("ada", "rfc", "Logs in one place");
    it.ticks();
    let other = it.proposes("ada", "rfc", "Logs in two places");
    it.ticks();
    for word in ["1", "#1", "logs-in-one", &one, &format!("decisions/{one}/")] {
        let said = it.runs(&format!("decide status {word}"));
        said.ends(5, "1. Logs in one place");
    }
    it.runs("decide status logs-in")
        .ends(1, "may mean")
        .ends(1, &other);
    for word in ["3", "#", "nothing-like-it", "4294967296", "-7", "../../etc"] {
        let said = it.runs(&format!("decide status {word}"));
        assert!(matches!(said.exit, 1 | 2), "{word}: {said:?}");
        assert!(said.err.starts_with("error: "), "{word}: {said:?}");
        assert!(!said.err.contains("panicked"), "{word}: {said:?}");
    }
    it.runs("decide status nothing")
        .ends(1, "`commonhold decide list` lists them");
}

#[test]
fn a_text_has_to_be_there_to_say_something_and_to_be_short_enough_to_read() {
    let it = Assembly::new();
    let before = all(&it);
    let text = it.beside("text.md");
    let new = format!("new --kind rfc --title 'A title' --text {}", text.display());
    it.tries("ada", &new).ends(1, "text.md cannot be read");
    crate::support::write(&text, " \n\t\n");
    it.tries("ada", &new).ends(1, "says nothing");
    crate::support::write(&text, &"a".repeat(256 * 1024 + 1));
    it.tries("ada", &new).ends(1, "more than 256 KiB");
    std::fs::remove_file(&text).expect("a file");
    std::fs::create_dir(&text).expect("a folder");
    it.tries("ada", &new).ends(1, "cannot be read");
    std::fs::remove_dir(&text).expect("a folder");
    let program = env!("CARGO_BIN_EXE_commonhold");
    std::fs::copy(program, &text).expect("a file that is no text");
    it.tries("ada", &new).ends(1, "cannot be read");
    crate::support::write(&text, "Well.\n");
    let title = |title: &str| new.replace("'A title'", title);
    it.tries("ada", &title("' '")).ends(1, "is blank");
    it.tries("ada", &title(&"x".repeat(201)))
        .ends(1, "200 characters");
    it.tries("ada", &title("'two\nlines'")).ends(1, "one line");
    it.tries("ada", &new.replace("rfc", "poem")).ends(2, "poem");
    it.tries("ada", &new.replace("rfc", "spending-request"))
        .ends(1, "nothing says which body decides on a spending-request");
    it.tries("ada", &format!("{new} --body nobody"))
        .ends(1, "rfc is decided by infra, not by nobody");
    it.tries("ada", &format!("{new} --party fay"))
        .ends(1, "neither `person/NAME`");
    it.tries("ada", &format!("{new} --supersedes 12"))
        .ends(1, "no item has the number 12");
    assert_eq!(all(&it), before, "nothing was written");
    it.by("ada", &new);
    it.tries("ada", &new).ends(1, "under this title already");
}

#[test]
fn only_whom_the_estate_knows_signs() {
    let it = Assembly::new();
    it.proposes("ada", "rfc", "Keys");
    it.ticks();
    let before = all(&it);
    it.new_key("stranger");
    it.tries("stranger", "approve 1")
        .ends(4, "is nobody's in the estate");
    it.tries("missing", "approve 1").ends(4, "no SSH key");
    it.runs("decide approve 1")
        .ends(4, "no SSH key to sign with");
    // A key of two people is of neither.
    it.write("people/hal.yaml", &it.person("bob").replace("bob", "hal"));
    it.merge("hal has the key of bob");
    it.tries("bob", "approve 1")
        .ends(4, "listed for bob and for hal");
    std::fs::remove_file(it.estate().join("people/hal.yaml")).expect("a file");
    assert_eq!(all(&it), before);
}

#[test]
fn nobody_signs_a_text_other_than_the_one_that_lies_there() {
    let it = Assembly::new();
    let item = it.proposes("ada", "rfc", "By hand");
    it.ticks();
    it.commit("Decisions");
    let text = format!("decisions/{item}/proposal.md");
    it.write(&text, "# By hand\n\nSomething else.\n");
    it.tries("bob", "approve 1")
        .ends(1, "restore the file from Git");
    std::fs::remove_file(it.estate().join(&text)).expect("the text");
    it.tries("bob", "approve 1")
        .ends(1, "is not the text that stands");
    it.git(&["checkout", "--", "."]);
    it.by("bob", "approve 1");
}

#[test]
fn a_reason_is_a_reason() {
    let it = Assembly::new();
    it.proposes("ada", "rfc", "Why");
    it.ticks();
    let before = all(&it);
    it.tries("bob", "object 1").ends(2, "--reason");
    for reason in ["' '", "'...'", "'\u{200b}\u{200b}'"] {
        it.tries("bob", &format!("object 1 --reason {reason}"))
            .ends(1, "E_NO_REASON");
    }
    let long = "a".repeat(10_001);
    it.tries("bob", &format!("object 1 --reason {long}"))
        .ends(1, "10,000 characters");
    it.tries("bob", "object 1 --reason 'red\u{1b}[31m'")
        .ends(1, "control characters");
    it.tries("bob", "withdraw 1 abcdef")
        .ends(1, "no event `abcdef`");
    it.tries("bob", "withdraw 1 ''").ends(1, "");
    it.tries("bob", "vote 1 maybe").ends(2, "maybe");
    assert_eq!(all(&it), before, "nothing was written");
}

#[test]
fn what_is_no_event_is_named_and_harms_nothing_else() {
    let it = Assembly::new();
    let item = it.proposes("ada", "rfc", "Among garbage");
    it.ticks();
    it.by("bob", "approve 1");
    let there = format!("decisions/{item}");
    let approval = it.event(&item, "approve");
    let approved = it.text(&format!("{there}/{approval}.json"));
    it.write(&format!("{there}/notes.txt"), "to do");
    it.write(&format!("{there}/0123456789ab.json"), "{\"v\":1}");
    it.write(&format!("{there}/abcdefabcdef.json"), "\0\u{1}not json");
    it.write(&format!("{there}/deep/er/events.jsonl"), "");
    it.write(&format!("{there}/copy.json"), &approved);
    it.write(
        &format!("{there}/ffffffffffff.json"),
        &approved.replace("\"approve\"", "\"praise\""),
    );
    let by_dora = approved.replace("person/bob", "person/dora");
    it.write(&format!("{there}/eeeeeeeeeeee.json"), &by_dora);
    let said = it.ticks_at("2026-03-02T11:00:00Z");
    for (name, code) in [
        ("notes.txt", "E_PLACE"),
        ("0123456789ab.json", "E_FORM"),
        ("abcdefabcdef.json", "E_FORM"),
        ("deep/er/events.jsonl", "E_PLACE"),
        ("copy.json", "E_DUP"),
        ("ffffffffffff.json", "E_FORM"),
        ("eeeeeeeeeeee.json", "E_DIGEST"),
    ] {
        let line = said.err.lines().find(|line| line.contains(name));
        let line = line.unwrap_or_else(|| panic!("{name}: {}", said.err));
        assert!(line.contains(code), "{line}");
    }
    it.runs("decide status 1").ends(0, "accepted");
    let found = it.runs("decide verify").ends(1, "notes.txt");
    assert_eq!(found.out.lines().count(), 7, "{}", found.out);
}

/// An event that is sound in itself, in a place where its maker did not put it.
#[test]
fn an_event_of_one_item_is_none_in_another() {
    let it = Assembly::new();
    let one = it.proposes("ada", "rfc", "One");
    it.ticks();
    let other = it.proposes("ada", "rfc", "Other");
    it.ticks();
    it.by("bob", "approve 1");
    let approval = format!("{}.json", it.event(&one, "approve"));
    let text = it.text(&format!("decisions/{one}/{approval}"));
    it.write(&format!("decisions/{other}/{approval}"), &text);
    let said = it.ticks();
    assert!(said.err.contains("E_DUP"), "{}", said.err);
    std::fs::remove_file(it.estate().join(format!("decisions/{other}/{approval}")))
        .expect("a file");
    // With its item and place changed, nobody signed it.
    let forged = text.replace(&one, &other);
    let digest = base::Digest::of(statement(&forged).as_bytes());
    it.write(
        &format!("decisions/{other}/{}.json", digest.short()),
        &forged,
    );
    let said = it.ticks_at("2026-03-02T11:00:00Z");
    assert!(said.err.contains("is not received"), "{}", said.err);
    assert_eq!(it.state("1").0, "accepted");
    assert_eq!(it.state("2").0, "open");
    it.runs("decide status 2")
        .ends(5, "approve by person/bob, and would not count");
}

/// What of an event's file is signed.
fn statement(text: &str) -> String {
    let mut event: serde_json::Value = serde_json::from_str(text).expect("an event");
    event.as_object_mut().expect("an object").remove("sig");
    base::canonical(&event).expect("canonical JSON")
}

#[test]
fn a_draft_that_is_not_received_can_be_looked_at_and_agreed_to() {
    let it = Assembly::new();
    let item = it.proposes("ada", "rfc", "A draft");
    it.runs(&format!("decide status {item}")).ends(5, "draft");
    it.runs("decide list").ends(0, "A draft");
    it.by("bob", &format!("approve {item}"));
    it.ticks();
    it.runs("decide status 1")
        .ends(0, "accepted since 2026-03-02T10:00:00Z");
}

#[test]
fn without_a_ledger_nothing_is_received() {
    let it = Assembly::new();
    it.set("COMMONHOLD_LEDGER", "sqlite:elsewhere.sqlite");
    let item = it.proposes("ada", "rfc", "Nowhere");
    it.runs("decide tick").ends(1, "there is no ledger yet");
    it.runs(&format!("decide status {item}"))
        .ends(5, "not received yet");
    it.runs("decide verify")
        .ends(0, "1 event is not received yet");
    assert_eq!(item_of(&it.by("bob", &format!("approve {item}"))), item);
}
