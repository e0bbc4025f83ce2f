//! Events, their files, and whose they are.

use base::Digest;
use charter::procedure::ItemKind;
use decisions::{
    Act, Content, Event, ItemId, Matter, NAMESPACE, Reason, Roster, Statement, attribute,
    parse_event, read,
};
use estate::{Estate, MemoryTree, Tree, Unreadable};
use jiff::civil::date;

use crate::signers::{Signer, person};

fn content(change: &str) -> Content {
    Content::new(Digest::of(b"plan"), [Digest::of(change.as_bytes())]).unwrap()
}

fn item() -> ItemId {
    ItemId::new("Add the zone example.org!", &content("a"))
}

fn statement(act: Act, actor: &str) -> Statement {
    let at = "2026-11-06T12:00:00Z".parse().unwrap();
    Statement::new(item(), act, person(actor), content("a"), at).unwrap()
}

fn approve() -> Act {
    Act::Approve { role: None }
}

fn approval(signer: &Signer, actor: &str) -> Event {
    signer.event(statement(approve(), actor))
}

fn reason_of(text: &str) -> Reason {
    parse_event(text).unwrap_err().reason
}

#[test]
fn what_is_signed_is_canonical_json_and_the_file_adds_the_signature() {
    let text = statement(approve(), "ada").text().to_owned();
    let plan = Digest::of(b"plan");
    let change = Digest::of(b"a");
    let wanted = format!(
        r#"{{"act":"approve","actor":"person/ada","at":"2026-11-06T12:00:00Z","content":{{"changes":["{change}"],"plan":"{plan}"}},"item":"{}","payload":{{}},"v":1}}"#,
        item()
    );
    assert_eq!(text, wanted);
    let event = approval(&Signer::ed25519(1), "ada");
    assert_eq!(event.digest(), &Digest::of(text.as_bytes()));
    assert_eq!(
        event.path(),
        format!("decisions/{}/{}.json", item(), event.digest().short())
    );
    assert_eq!(parse_event(&event.text()), Ok(event.clone()));
    assert_eq!(parse_event(&event.text().replace('\n', "\r\n")), Ok(event));
    assert!(item().as_str().starts_with("add-the-zone-example-org-"));
}

#[test]
fn a_signature_with_the_line_ends_of_another_system_is_the_same() {
    let ada = Signer::ed25519(1);
    let signature = ada.sign(statement(approve(), "ada").text().as_bytes(), NAMESPACE);
    let wanted = approval(&ada, "ada");
    for other in [
        signature.replace('\n', "\r\n"),
        signature.trim_end().to_owned(),
    ] {
        assert_eq!(
            statement(approve(), "ada").signed(&other),
            Ok(wanted.clone())
        );
    }
}

#[test]
fn what_is_not_exactly_an_event_is_refused() {
    let text = approval(&Signer::ed25519(1), "ada").text();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        reason_of(&text.replacen(from, to, 1))
    };
    assert_eq!(reason_of(""), Reason::Form);
    assert_eq!(reason_of("[]"), Reason::Form);
    assert_eq!(with("\"v\":1", "\"v\":2"), Reason::Form);
    assert_eq!(
        with("\"act\":\"approve\"", "\"act\":\"vote\""),
        Reason::Form
    );
    assert_eq!(
        with("\"payload\":{}", "\"payload\":{\"weight\":2}"),
        Reason::Form
    );
    assert_eq!(
        with("\"payload\":{}", "\"payload\":{\"role\":null}"),
        Reason::Form
    );
    assert_eq!(
        with("\"payload\":{}", "\"payload\":{\"role\":\" \"}"),
        Reason::Form
    );
    assert_eq!(
        with("\"payload\":{}", "\"payload\":{},\"seq\":1"),
        Reason::Form
    );
    assert_eq!(with("\"v\":1", "\"v\":1,\"v\":1"), Reason::Form);
    assert_eq!(with("\"v\":1", "\"v\": 1"), Reason::Form);
    assert_eq!(with("12:00:00Z", "13:00:00+01:00"), Reason::Form);
    assert_eq!(with("person/ada", "ada"), Reason::Form);
    assert_eq!(with("person/ada", "person/a da"), Reason::Form);
    assert_eq!(with("-----BEGIN SSH", "-----BEGIN PGP"), Reason::Signature);
    assert_eq!(reason_of(&format!("{text}\n")), Reason::Form);
}

#[test]
fn an_objection_without_a_reason_is_none() {
    let at = "2026-11-06T12:00:00Z".parse().unwrap();
    for reason in ["", "  \n", "\u{200b}", "...", "\u{2800}"] {
        let act = Act::Object {
            reason: reason.to_owned(),
        };
        let refused = Statement::new(item(), act, person("ada"), content("a"), at).unwrap_err();
        assert_eq!(refused.reason, Reason::NoReason, "{reason:?}");
    }
    let act = Act::Object {
        reason: "It breaks mail.".to_owned(),
    };
    let text = Signer::ed25519(1).event(statement(act, "ada")).text();
    let without = text.replace("\"reason\":\"It breaks mail.\"", "");
    assert_eq!(reason_of(&without), Reason::NoReason);
}

#[test]
fn a_notice_shows_where_it_can_be_read() {
    let at = "2026-11-06T12:00:00Z".parse().unwrap();
    let notice = |evidence: &str| {
        let act = Act::Notice {
            channel: "dev".to_owned(),
            evidence: evidence.to_owned(),
        };
        Statement::new(item(), act, person("ada"), content("a"), at)
    };
    assert!(notice("https://lists.example.org/dev/1").is_ok());
    assert!(notice("mid:1@example.org").is_ok());
    for evidence in ["", "I told them", "https:", "://x", "a b:c"] {
        assert!(notice(evidence).is_err(), "{evidence}");
    }
}

#[test]
fn all_events_of_an_estate_are_read_and_strangers_are_named() {
    let ada = approval(&Signer::ed25519(1), "ada");
    let ben = approval(&Signer::ed25519(2), "ben");
    let folder = format!("decisions/{}", item());
    let tree = MemoryTree::default()
        .with(&ada.path(), ada.text())
        .with(&format!("{folder}/copy.json"), ada.text())
        .with(
            &format!("decisions/{}/000000000000.json", item()),
            ben.text(),
        )
        .with(&format!("{folder}/broken.json"), "{}")
        .with(&format!("{folder}/events.jsonl"), "")
        .with(&format!("{folder}/events.txt"), "")
        .with(&format!("{folder}/README.md"), "# Add the zone")
        .with(&format!("{folder}/.gitkeep"), "")
        .with("people/ada.yaml", "name: Ada");
    let (events, refused) = read(&tree).unwrap();
    assert_eq!(events, [ada]);
    let found: Vec<(&str, Reason)> = refused
        .iter()
        .map(|one| (one.path.strip_prefix(&folder).unwrap(), one.reason))
        .collect();
    assert_eq!(
        found,
        [
            ("/000000000000.json", Reason::Digest),
            ("/broken.json", Reason::Form),
            ("/copy.json", Reason::Duplicate),
            ("/events.txt", Reason::Place),
        ]
    );
}

/// A tree whose files are there and cannot be read.
struct Locked(MemoryTree);
impl Tree for Locked {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        Err(Unreadable {
            path: path.to_owned(),
            reason: "denied".to_owned(),
            missing: false,
        })
    }
    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        self.0.find(folder, wanted)
    }
    fn is_folder(&self, path: &str) -> bool {
        self.0.is_folder(path)
    }
}

#[test]
fn no_folder_is_no_events_and_one_that_cannot_be_read_stops() {
    assert_eq!(read(&MemoryTree::default()).unwrap().0, []);
    let ada = approval(&Signer::ed25519(1), "ada");
    let tree = Locked(MemoryTree::default().with(&ada.path(), ada.text()));
    assert!(read(&tree).is_err());
}

fn estate(people: &[(&str, String)]) -> Estate {
    let mut tree = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Test\n");
    for (name, text) in people {
        tree = tree.with(&format!("people/{name}.yaml"), text.clone());
    }
    let (estate, findings) = formats::load(&tree).unwrap();
    assert!(
        findings
            .iter()
            .all(|finding| finding.severity < base::Severity::Error),
        "{findings:?}"
    );
    estate
}

fn keys(signers: &[&Signer]) -> String {
    signers.iter().fold("keys:\n".to_owned(), |text, signer| {
        text + &format!("- {}\n", signer.line())
    })
}

#[test]
fn an_event_is_of_the_one_person_whose_key_signed_it() {
    let [one, two, three, shared] = [1, 2, 3, 4].map(Signer::ed25519);
    let estate = estate(&[
        (
            "ada",
            format!("handles: {{github: AdaL}}\n{}", keys(&[&one, &two])),
        ),
        ("ben", keys(&[&shared])),
        ("cat", keys(&[&shared])),
        ("dan", format!("left: 2026-01-01\n{}", keys(&[&three]))),
        (
            "bot",
            format!("robot: true\n{}", keys(&[&Signer::ed25519(5)])),
        ),
    ]);
    let roster = Roster::of(&estate, date(2026, 1, 1));
    let by = |signer: &Signer, actor: &str| attribute(&approval(signer, actor), &roster);
    // Two keys and three spellings are one person.
    for (signer, actor) in [(&one, "ada"), (&two, "ada"), (&one, "adal"), (&two, "ADA")] {
        assert_eq!(by(signer, actor), Ok(person("ada")));
    }
    for (signer, actor, wanted) in [
        (
            &one,
            "ben",
            "with a key of person/ada in the name of person/ben",
        ),
        (&one, "eve", "no person/eve"),
        (&Signer::ed25519(9), "ada", "is nobody's"),
        (&shared, "ben", "listed for person/ben and for person/cat"),
        (&three, "dan", "has left"),
        (&Signer::ed25519(5), "bot", "is a program"),
    ] {
        let refused = by(signer, actor).unwrap_err();
        assert_eq!(refused.reason, Reason::NotEligible);
        assert!(refused.what.contains(wanted), "{refused}");
    }
    // A program puts a text before a body for those who ask for something.
    let matter = Matter {
        kind: ItemKind::SpendingRequest,
        body: "infra".to_owned(),
        parties: Vec::new(),
        supersedes: Vec::new(),
        reviews: None,
    };
    let text = Content::of_text(Digest::of(b"text"));
    let asks = |matter: Option<Matter>, content: Content| {
        let act = Act::Propose {
            title: "Tea".to_owned(),
            matter,
        };
        let at = "2026-11-06T12:00:00Z".parse().unwrap();
        let statement = Statement::new(item(), act, person("bot"), content, at);
        attribute(&Signer::ed25519(5).event(statement.unwrap()), &roster)
    };
    assert_eq!(asks(Some(matter), text), Ok(person("bot")));
    let changes = Content::new(Digest::of(b"plan"), [Digest::of(b"a")]).unwrap();
    assert!(asks(None, changes).is_err());
    let before = Roster::of(&estate, date(2025, 12, 31));
    assert_eq!(
        attribute(&approval(&three, "dan"), &before),
        Ok(person("dan"))
    );
}

#[test]
fn a_signature_of_another_statement_or_for_another_purpose_is_refused() {
    let ada = Signer::ed25519(1);
    let estate = estate(&[("ada", keys(&[&ada]))]);
    let roster = Roster::of(&estate, date(2026, 1, 1));
    let object = Act::Object {
        reason: "no".to_owned(),
    };
    let other = ada.sign(statement(object, "ada").text().as_bytes(), NAMESPACE);
    let text = statement(approve(), "ada").text().to_owned();
    for signature in [other, ada.sign(text.as_bytes(), "file")] {
        let event = statement(approve(), "ada").signed(&signature).unwrap();
        assert_eq!(
            attribute(&event, &roster).unwrap_err().reason,
            Reason::Signature
        );
    }
}
