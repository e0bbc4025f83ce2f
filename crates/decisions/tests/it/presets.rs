//! The charters under `examples/charters`: each reads cleanly, and decides the cases that the
//! rules it is written after decide.

use std::fmt::Write;

use charter::Charter;
use charter::procedure::{ItemKind, rules};
use decisions::item::State;
use estate::Estate;
use jiff::civil::date;

use crate::item::{Story, basis_of, community};

/// The people `a` to `l`, and more as `a1`.
fn people(count: usize) -> Vec<String> {
    let name = |number: usize| {
        let letter = char::from(b'a' + u8::try_from(number % 12).unwrap());
        match number / 12 {
            0 => letter.to_string(),
            more => format!("{letter}{more}"),
        }
    };
    (0..count).map(name).collect()
}

/// A charter of the examples, in an estate with these groups: their names, their members,
/// and by what they decide.
struct Preset {
    estate: Estate,
    charter: Charter,
}

impl Preset {
    fn new(name: &str, groups: &[(&str, &[&str], &str)]) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/charters");
        let charter = std::fs::read_to_string(format!("{folder}/{name}/charter.yaml")).unwrap();
        let readme = std::fs::read_to_string(format!("{folder}/{name}/README.md")).unwrap();
        assert!(readme.contains("\n## What this cannot say\n"), "{name}");
        let mut files = vec![("charter.yaml".to_owned(), charter)];
        for (group, members, decides_by) in groups {
            let mut text = format!("members: [{}]\n", members.join(", "));
            if !decides_by.is_empty() {
                writeln!(text, "decides_by: {decides_by}").unwrap();
            }
            files.push((format!("groups/{group}.yaml"), text));
            for member in *members {
                let path = format!("people/{member}.yaml");
                if files.iter().all(|(known, _)| *known != path) {
                    files.push((path, format!("name: {member}\n")));
                }
            }
        }
        files.push(("people/zoe.yaml".to_owned(), "name: Zoe\n".to_owned()));
        let (estate, charter) = community(&files);
        Self { estate, charter }
    }

    fn story(&self, kind: ItemKind, body: &str, lines: &str) -> Story {
        let day = date(2026, 11, 2);
        let rules = rules(kind, Some(body), &self.charter, &self.estate, day).unwrap();
        assert_eq!(rules.impossible, Vec::<String>::new());
        Story::by(basis_of(rules), lines)
    }

    /// What becomes of a story by an hour.
    fn becomes(&self, kind: ItemKind, body: &str, lines: &str, now: &str) -> State {
        self.story(kind, body, lines).at(now).state
    }
}

/// So many votes of one sort after others, an hour from the start.
fn votes(people: &[String], yes: usize, no: usize, abstain: usize) -> String {
    let words = [("yes", yes), ("no", no), ("abstain", abstain)];
    let words = words
        .iter()
        .flat_map(|(word, many)| std::iter::repeat_n(*word, *many));
    let lines = people.iter().zip(words);
    lines
        .map(|(who, word)| format!("; 1h {who} {word}"))
        .collect()
}

fn names(people: &[String]) -> Vec<&str> {
    people.iter().map(String::as_str).collect()
}

#[test]
fn a_steering_committee_of_seven() {
    let seven = people(7);
    let seven = names(&seven);
    let preset = Preset::new(
        "kubernetes-steering",
        &[("steering", &seven, ""), ("meeting", &seven, "in-meeting")],
    );
    let all = people(7);
    let vote = |kind, body: &str, open: &str, counts: (usize, usize, usize), now| {
        let lines = format!("{open}{}", votes(&all, counts.0, counts.1, counts.2));
        preset.becomes(kind, body, &lines, now)
    };
    let request = ItemKind::ResourceRequest;
    for (counts, state) in [
        ((4, 3, 0), State::Accepted),
        ((4, 0, 0), State::Accepted),
        ((3, 0, 4), State::Rejected),
        ((3, 3, 1), State::Rejected),
        ((3, 0, 0), State::Rejected),
    ] {
        assert_eq!(
            vote(request, "steering", "0h zoe proposes", counts, "999h"),
            state,
            "{counts:?}"
        );
    }
    for (counts, state) in [
        ((3, 2, 0), State::Accepted),
        ((3, 1, 0), State::Rejected),
        ((3, 0, 2), State::Accepted),
        ((3, 3, 0), State::Rejected),
        ((2, 0, 3), State::Rejected),
    ] {
        assert_eq!(
            vote(request, "meeting", "0h zoe proposes", counts, "999h"),
            state,
            "{counts:?}"
        );
    }
    let told = "0h - told steering; 0h - told dev@example.org; 0h zoe proposes";
    let change = ItemKind::Policy;
    assert_eq!(
        preset.becomes(change, "steering", told, "671h"),
        State::LastCall
    );
    assert_eq!(
        preset.becomes(change, "steering", told, "672h"),
        State::Accepted
    );
    let called = format!("{told}; 0h a object; 0h b call");
    for (counts, state) in [((6, 1, 0), State::Accepted), ((5, 0, 2), State::Rejected)] {
        assert_eq!(
            vote(change, "steering", &called, counts, "999h"),
            state,
            "{counts:?}"
        );
    }
    let about = "0h - told dev@example.org; 0h b proposes person/g; 1h c second";
    let confidence = ItemKind::Role;
    assert_eq!(
        vote(confidence, "steering", about, (6, 0, 0), "335h"),
        State::Open
    );
    assert_eq!(
        vote(confidence, "steering", about, (6, 0, 0), "999h"),
        State::Accepted
    );
    assert_eq!(
        vote(confidence, "steering", about, (5, 1, 0), "999h"),
        State::Rejected
    );
    // The one it is about has no vote, not even the sixth.
    assert_eq!(
        vote(confidence, "steering", about, (5, 0, 2), "999h"),
        State::Rejected
    );
    let alone = "0h - told dev@example.org; 0h b proposes person/g";
    assert_eq!(
        preset.becomes(confidence, "steering", alone, "168h"),
        State::Expired
    );
}

#[test]
fn an_interest_group() {
    let preset = Preset::new(
        "sig-default",
        &[
            ("sig", &["a", "b", "c", "d", "e"], ""),
            ("sig-leads", &["a", "b", "c"], "leads"),
        ],
    );
    let charter = ItemKind::Charter;
    let leads = people(3);
    for (yes, state) in [(2, State::Accepted), (1, State::Rejected)] {
        let lines = format!("0h zoe proposes{}", votes(&leads, yes, 3 - yes, 0));
        assert_eq!(
            preset.becomes(charter, "sig-leads", &lines, "999h"),
            state,
            "{yes}"
        );
    }
    let role = ItemKind::Role;
    let open = "0h - told dev@example.org; 0h c proposes person/c";
    assert_eq!(
        preset.becomes(role, "sig-leads", open, "168h-1ms"),
        State::LastCall
    );
    assert_eq!(
        preset.becomes(role, "sig-leads", open, "168h"),
        State::Accepted
    );
    let contested = format!("{open}; 2h a object; 169h a no; 169h b yes");
    assert_eq!(
        preset.becomes(role, "sig-leads", &contested, "999h"),
        State::Rejected
    );
    let won = format!("{open}; 2h a object; 169h a yes; 169h b yes");
    assert_eq!(
        preset.becomes(role, "sig-leads", &won, "999h"),
        State::Accepted
    );
    let routine = "0h - told sig; 0h a proposes; 1h b approve";
    let policy = ItemKind::Policy;
    assert_eq!(
        preset.becomes(policy, "sig", routine, "72h"),
        State::Accepted
    );
    assert_eq!(
        preset.becomes(policy, "sig", "0h - told sig; 0h a proposes", "72h"),
        State::Open
    );
    let objected = format!("{routine}; 2h c object");
    assert_eq!(
        preset.becomes(policy, "sig", &objected, "71h"),
        State::Blocked
    );
    let overruled = format!("{objected}; 73h a yes; 73h b yes; 73h d yes");
    assert_eq!(
        preset.becomes(policy, "sig", &overruled, "74h"),
        State::Accepted
    );
}

#[test]
fn a_committee_for_conduct() {
    let five = ["a", "b", "c", "d", "e"];
    let preset = Preset::new(
        "code-of-conduct-committee",
        &[
            ("conduct", &five, ""),
            ("conduct-recused", &five, "report-with-recusals"),
            ("steering", &["s", "t"], ""),
        ],
    );
    let all = people(5);
    let lines = |open: &str, yes, no, abstain| format!("{open}{}", votes(&all, yes, no, abstain));
    let report = ItemKind::ResourceRequest;
    for ((yes, no, abstain), state) in [
        ((2, 1, 0), State::Accepted),
        ((2, 0, 0), State::Rejected),
        ((2, 2, 0), State::Rejected),
        ((2, 0, 2), State::Rejected),
        ((3, 2, 0), State::Accepted),
    ] {
        let lines = lines("0h zoe proposes", yes, no, abstain);
        assert_eq!(
            preset.becomes(report, "conduct", &lines, "999h"),
            state,
            "{yes} {no} {abstain}"
        );
    }
    // One is accused and one knows them: two of the other three are enough.
    let recused = "0h zoe proposes person/d; 0h e recuse I work with them";
    assert_eq!(
        preset.becomes(report, "conduct-recused", &lines(recused, 2, 0, 0), "999h"),
        State::Accepted
    );
    assert_eq!(
        preset.becomes(report, "conduct-recused", &lines(recused, 1, 0, 0), "999h"),
        State::Rejected
    );
    let removal = "0h a proposes person/e";
    assert_eq!(
        preset.becomes(ItemKind::Role, "conduct", &lines(removal, 4, 0, 0), "999h"),
        State::Accepted
    );
    assert_eq!(
        preset.becomes(ItemKind::Role, "conduct", &lines(removal, 3, 0, 1), "999h"),
        State::Rejected
    );
    for (out, yes, no, state) in [
        ("", 4, 1, State::Accepted),
        ("", 3, 2, State::Rejected),
        ("person/e", 3, 1, State::Rejected),
        ("person/e", 4, 0, State::Accepted),
    ] {
        let lines = lines(&format!("0h a proposes {out}"), yes, no, 0);
        assert_eq!(
            preset.becomes(ItemKind::Graduation, "conduct", &lines, "999h"),
            state,
            "{out} {yes}"
        );
    }
    let agreed = lines("0h a proposes", 5, 0, 0);
    let charter = ItemKind::Charter;
    assert_eq!(
        preset.becomes(charter, "conduct", &agreed, "2h"),
        State::Affirming
    );
    assert_eq!(
        preset.becomes(charter, "conduct", &agreed, "337h"),
        State::InForce
    );
    let stopped = format!("{agreed}; 5h s object");
    assert_eq!(
        preset.becomes(charter, "conduct", &stopped, "999h"),
        State::Rejected
    );
    assert_eq!(
        preset.becomes(charter, "conduct", &lines("0h a proposes", 4, 0, 1), "999h"),
        State::Rejected
    );
}

#[test]
fn a_general_vote_of_many() {
    let all = people(300);
    let developers = names(&all);
    let preset = Preset::new(
        "debian",
        &[
            ("developers", &developers, ""),
            ("committee", &["a", "b", "c", "d"], ""),
            ("overruling", &["a", "b", "c", "d"], "committee-overrules"),
            ("delegates", &["e"], "delegate"),
        ],
    );
    let open = "0h - told https://lists.example.org/vote; 0h a proposes; 0h b second; 0h c second; 0h d second; 0h e second";
    let sponsored = format!("{open}; 0h f second");
    let resolution = |kind, yes, no, abstain| {
        let lines = format!("{sponsored}{}", votes(&all, yes, no, abstain));
        preset.becomes(kind, "developers", &lines, "999h")
    };
    let policy = ItemKind::Policy;
    assert_eq!(
        preset.becomes(policy, "developers", open, "504h"),
        State::Expired
    );
    assert_eq!(resolution(policy, 24, 24, 0), State::Rejected);
    assert_eq!(resolution(policy, 25, 23, 0), State::Accepted);
    assert_eq!(resolution(policy, 47, 0, 0), State::Rejected);
    assert_eq!(resolution(policy, 2, 1, 45), State::Accepted);
    assert_eq!(resolution(ItemKind::Charter, 36, 12, 0), State::Accepted);
    assert_eq!(resolution(ItemKind::Charter, 35, 13, 0), State::Rejected);
    let committee = |body, yes, no| {
        let lines = format!("0h zoe proposes{}", votes(&all, yes, no, 0));
        let kind = if body == "committee" {
            ItemKind::Role
        } else {
            policy
        };
        preset.becomes(kind, body, &lines, "999h")
    };
    assert_eq!(committee("committee", 2, 1), State::Accepted);
    assert_eq!(committee("committee", 2, 2), State::Rejected);
    assert_eq!(committee("committee", 1, 0), State::Rejected);
    let rules_of_kind = rules(
        ItemKind::Policy,
        Some("overruling"),
        &preset.charter,
        &preset.estate,
        date(2026, 11, 2),
    );
    assert!(
        rules_of_kind.is_err(),
        "a general resolution is of the developers"
    );
    let request = |yes, no| {
        let lines = format!("0h zoe proposes{}", votes(&all, yes, no, 0));
        preset.becomes(ItemKind::ResourceRequest, "overruling", &lines, "999h")
    };
    assert_eq!(request(3, 1), State::Accepted);
    assert_eq!(request(2, 1), State::Rejected);
    let decided = "0h zoe proposes; 1h e approve";
    let request = ItemKind::ResourceRequest;
    assert_eq!(
        preset.becomes(request, "delegates", decided, "400h"),
        State::InForce
    );
    let appeals = |many: usize| -> String {
        all[..many]
            .iter()
            .map(|who| format!("; 2h {who} appeal"))
            .collect()
    };
    let stayed = format!("{decided}{}", appeals(10));
    assert_eq!(
        preset.becomes(request, "delegates", &stayed, "400h"),
        State::Stayed
    );
    let few = format!("{decided}{}", appeals(9));
    assert_eq!(
        preset.becomes(request, "delegates", &few, "400h"),
        State::InForce
    );
}

#[test]
fn a_project_of_volunteers() {
    let preset = Preset::new("apache", &[("pmc", &["a", "b", "c", "d", "e"], "")]);
    let told = "0h - told dev@example.org; 0h a proposes";
    let lazy = ItemKind::Policy;
    assert_eq!(
        preset.becomes(lazy, "pmc", told, "72h-1ms"),
        State::LastCall
    );
    assert_eq!(preset.becomes(lazy, "pmc", told, "72h"), State::Accepted);
    assert_eq!(
        preset.becomes(lazy, "pmc", &format!("{told}; 1h zoe object"), "72h"),
        State::Accepted
    );
    let code = ItemKind::Rfc;
    let three = format!("{told}; 1h b approve; 1h c approve; 1h d approve");
    assert_eq!(preset.becomes(code, "pmc", &three, "72h"), State::Accepted);
    let two = format!("{told}; 1h a approve; 1h b approve; 1h c approve");
    assert_eq!(preset.becomes(code, "pmc", &two, "72h"), State::Open);
    let vetoed = format!("{three}; 2h e object It breaks what others build on. #v");
    assert_eq!(preset.becomes(code, "pmc", &vetoed, "999h"), State::Blocked);
    let convinced = format!("{vetoed}; 99h e withdraw v");
    assert_eq!(
        preset.becomes(code, "pmc", &convinced, "99h"),
        State::Accepted
    );
    let all = people(5);
    let vote = |kind, open: &str, yes, no, abstain| {
        let lines = format!("{open}{}", votes(&all, yes, no, abstain));
        preset.becomes(kind, "pmc", &lines, "99h")
    };
    let role = ItemKind::Role;
    assert_eq!(vote(role, told, 3, 2, 0), State::Accepted);
    assert_eq!(vote(role, told, 2, 2, 1), State::Rejected);
    assert_eq!(vote(role, told, 2, 0, 0), State::Rejected);
    let release = ItemKind::Graduation;
    assert_eq!(vote(release, &three, 3, 2, 0), State::Accepted);
    assert_eq!(
        vote(release, &format!("{three}; 2h e object"), 3, 1, 0),
        State::Accepted
    );
    assert_eq!(vote(release, told, 3, 0, 0), State::Open);
    assert_eq!(vote(release, &three, 2, 2, 0), State::Rejected);
}

#[test]
fn a_final_comment_period() {
    let nine = people(9);
    // How many of a team must sign off: most, and all but two.
    for (size, needed) in [
        (1, 1),
        (2, 2),
        (3, 2),
        (4, 3),
        (5, 3),
        (6, 4),
        (7, 5),
        (9, 7),
    ] {
        let preset = Preset::new("rust-fcp", &[("team", &names(&nine[..size]), "")]);
        let open = "0h - told https://forum.example.org/rfcs; 0h zoe proposes";
        let signed = |many: usize| -> String {
            let lines = nine[..many].iter().map(|who| format!("; 1h {who} approve"));
            format!("{open}{}", lines.collect::<String>())
        };
        let rfc = ItemKind::Rfc;
        assert_eq!(
            preset.becomes(rfc, "team", &signed(needed), "241h"),
            State::Accepted,
            "{size}"
        );
        assert_eq!(
            preset.becomes(rfc, "team", &signed(needed - 1), "241h"),
            State::Open,
            "{size}"
        );
        if size >= 3 {
            let concern = format!("{}; 100h c object #o", signed(needed));
            assert_eq!(
                preset.becomes(rfc, "team", &concern, "999h"),
                State::Blocked
            );
            let resolved = format!("{concern}; 200h c withdraw o");
            assert_eq!(
                preset.becomes(rfc, "team", &resolved, "440h-1ms"),
                State::LastCall
            );
            assert_eq!(
                preset.becomes(rfc, "team", &resolved, "440h"),
                State::Accepted
            );
            let stranger = format!("{}; 100h zoe object", signed(needed));
            assert_eq!(
                preset.becomes(rfc, "team", &stranger, "241h"),
                State::Accepted
            );
            let answered = format!("{concern}; 110h zoe answer o");
            assert_eq!(
                preset.becomes(rfc, "team", &answered, "590h"),
                State::Accepted
            );
        }
    }
}

#[test]
fn a_council_and_its_core_team() {
    let all = people(12);
    let council = names(&all[..5]);
    let team = names(&all);
    let preset = Preset::new(
        "pep-13",
        &[("council", &council, ""), ("core-team", &team, "")],
    );
    let vote = |kind, body: &str, open: &str, (yes, no, abstain), now| {
        let lines = format!("{open}{}", votes(&all, yes, no, abstain));
        preset.becomes(kind, body, &lines, now)
    };
    let request = ItemKind::ResourceRequest;
    let open = "0h zoe proposes";
    for (counts, state) in [
        ((3, 2, 0), State::Accepted),
        ((2, 2, 1), State::Rejected),
        ((2, 1, 2), State::Accepted),
        ((3, 1, 0), State::Rejected),
    ] {
        assert_eq!(
            vote(request, "council", open, counts, "999h"),
            state,
            "{counts:?}"
        );
    }
    // Who has an interest in it is out of the quorum too.
    let recused = "0h zoe proposes person/e";
    assert_eq!(
        vote(request, "council", recused, (3, 1, 0), "999h"),
        State::Accepted
    );
    let ejection = ItemKind::EmergencyReview;
    assert_eq!(
        vote(ejection, "council", open, (4, 1, 0), "999h"),
        State::Accepted
    );
    assert_eq!(
        vote(ejection, "council", open, (3, 2, 0), "999h"),
        State::Rejected
    );
    let told = "0h - told https://discuss.example.org/committers; 0h f proposes";
    let confidence = ItemKind::Role;
    let seconded = format!("{told}; 1h g second");
    for (counts, state) in [
        ((8, 4, 0), State::Accepted),
        ((7, 5, 0), State::Rejected),
        ((2, 1, 9), State::Accepted),
        ((7, 4, 0), State::Rejected),
    ] {
        assert_eq!(
            vote(confidence, "core-team", &seconded, counts, "999h"),
            state,
            "{counts:?}"
        );
    }
    assert_eq!(
        preset.becomes(confidence, "core-team", told, "168h"),
        State::Expired
    );
    let late = format!("{told}; 168h g second");
    assert_eq!(
        preset.becomes(confidence, "core-team", &late, "169h"),
        State::Expired
    );
    let promotion = ItemKind::Graduation;
    let agreed = format!("{told}{}", votes(&all, 8, 4, 0));
    assert_eq!(
        preset.becomes(promotion, "core-team", &agreed, "169h"),
        State::Affirming
    );
    assert_eq!(
        preset.becomes(promotion, "core-team", &agreed, "336h"),
        State::InForce
    );
    let vetoed = format!("{agreed}; 170h a veto; 170h b veto; 171h c veto");
    assert_eq!(
        preset.becomes(promotion, "core-team", &vetoed, "999h"),
        State::Rejected
    );
    let charter = ItemKind::Charter;
    assert_eq!(
        vote(charter, "core-team", told, (8, 0, 4), "999h"),
        State::Accepted
    );
    assert_eq!(
        vote(charter, "core-team", told, (7, 0, 5), "999h"),
        State::Rejected
    );
}
