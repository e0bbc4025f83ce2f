//! What one can do about an item, by a form or on a command line.

use decisions::item::State;
use portal::Reader;
use portal::model::{Field, FieldKind, Form, Link, Part};

use super::super::affairs::{Item, is_among};

/// Something that can be done.
#[derive(Debug)]
pub(crate) struct Offer {
    /// As events call it.
    pub(crate) act: &'static str,
    /// What the button says.
    pub(crate) button: &'static str,
    /// What it does.
    pub(crate) about: String,
    /// What else is asked.
    pub(crate) fields: Vec<Field>,
    /// The same on a command line.
    pub(crate) command: String,
}

impl Offer {
    /// As a form that leads to what has to be signed.
    pub(crate) fn form(self, item: &str) -> Form {
        let mut fields = vec![Field::hidden("act", self.act), Field::hidden("item", item)];
        fields.extend(self.fields);
        Form {
            title: self.button.to_owned(),
            about: self.about,
            action: "/act".to_owned(),
            asks: true,
            fields,
            button: self.button.to_owned(),
            ..Form::default()
        }
    }
}

/// Offers as parts of a page: forms for somebody of the estate, commands for everybody.
pub(crate) fn offers(item: &str, offers: Vec<Offer>, reader: &Reader) -> Vec<Part> {
    let commands: Vec<Part> = offers
        .iter()
        .map(|offer| Part::Command {
            about: offer.about.clone(),
            text: offer.command.clone(),
        })
        .collect();
    let mut parts = Vec::new();
    if reader.person.is_some() {
        let forms = offers.into_iter();
        parts.extend(forms.map(|offer| Part::Form(offer.form(item))));
    } else {
        parts.push(Part::Notice(
            portal::model::Mood::Plain,
            "Who is of the community can act here after signing in.".to_owned(),
            Some(Link::new("Sign in", "/sign-in")),
        ));
    }
    parts.push(Part::Folded(
        "On a command line, in a clone of the repository".to_owned(),
        commands,
    ));
    parts
}

/// An item, as somebody can act on it; anybody where nobody is named.
struct Desk<'a> {
    item: &'a Item,
    person: Option<&'a str>,
    all: Vec<Offer>,
}

impl Desk<'_> {
    fn offer(&mut self, act: &'static str, button: &'static str, about: &str, fields: Vec<Field>) {
        let rest = match fields.first().map(|field| field.name.as_str()) {
            Some("reason") => " --reason \"...\"",
            Some("choice") => " yes",
            _ => "",
        };
        let verb = act.replace('_', "-");
        let command = format!("commonhold decide {verb} {}{rest}", word(self.item));
        let about = about.to_owned();
        self.all.push(Offer {
            act,
            button,
            about,
            fields,
            command,
        });
    }

    fn is(&self, people: &[charter::requirement::Eligible]) -> bool {
        self.person.is_none_or(|person| is_among(people, person))
    }

    /// What can be done while it is open, or before.
    fn open(&mut self) {
        let (item, rules) = (self.item, &self.item.rules);
        let open = matches!(item.state, State::Open | State::LastCall | State::Blocked);
        let member = self.is(&rules.members);
        if item.is_voted_on() && member {
            self.offer("vote", "Vote", VOTE, vec![choice()]);
        }
        let asked = |person: &str| item.approvers().any(|one| one == person);
        let approves = self.person.is_none_or(asked);
        if open && approves && item.approvers().next().is_some() {
            self.offer("approve", "Approve", APPROVE, Vec::new());
        }
        let seconds = rules.procedure.second.is_some() && self.is(&rules.seconders);
        if item.state == State::Noticed && seconds {
            self.offer("second", "Second", SECOND, Vec::new());
        }
        if open || item.state == State::Noticed {
            self.offer("object", "Object", OBJECT, vec![reason()]);
        }
        let could_vote = rules.lazy.is_some() && rules.procedure.vote.is_some();
        if open && could_vote && !item.is_voted_on() && member {
            self.offer("call_vote", "Call a vote", CALL, Vec::new());
        }
        if open && (member || approves) {
            self.offer("recuse", "Take no part", RECUSE, vec![reason()]);
        }
    }

    /// What can be done after it was accepted, and by who proposed it.
    fn later(&mut self) {
        let (item, rules) = (self.item, &self.item.rules);
        if item.state == State::Affirming {
            if rules
                .veto
                .as_ref()
                .is_some_and(|veto| self.is(&veto.people))
            {
                self.offer("veto", "Veto", VETO, vec![reason()]);
            }
            if rules.procedure.appeal.is_some() && self.is(&rules.appellants) {
                self.offer("appeal", "Appeal", APPEAL, vec![reason()]);
            }
        }
        let proposer = item.record.proposer.as_deref();
        let own = self.person.is_none() || self.person == proposer;
        if item.is_open() && own && item.record.proposed.is_some() {
            self.offer("retract", "Retract", RETRACT, vec![reason()]);
        }
    }
}

/// What an item is called on a command line.
fn word(item: &Item) -> String {
    let number = item.number.map(|number| number.to_string());
    number.unwrap_or_else(|| item.id.clone())
}

/// What can be done about an item: by this person, or by anybody where none is named.
pub(super) fn of(item: &Item, person: Option<&str>) -> Vec<Offer> {
    let mut desk = Desk {
        item,
        person,
        all: Vec::new(),
    };
    desk.open();
    desk.later();
    let mut all = desk.all;
    all.extend(on_objections(item, person, &word(item)));
    all
}

/// What can be done about objections that stand: an answer by anybody, the end by who made it.
fn on_objections(item: &Item, person: Option<&str>, word: &str) -> Vec<Offer> {
    let mut all = Vec::new();
    let standing = item
        .record
        .objections
        .iter()
        .filter(|one| one.ended.is_none());
    for one in standing.filter(|_| item.is_open()) {
        let (event, short) = (one.event.to_string(), one.event.short());
        let text = Field::line("text", "Your answer").kind(FieldKind::Lines);
        if person != Some(one.by.as_str()) {
            all.push(Offer {
                act: "answer",
                button: "Answer",
                about: format!("Answer the objection of {}.", one.by),
                fields: vec![Field::hidden("event", event.clone()), text],
                command: format!("commonhold decide answer {word} {short} --text \"...\""),
            });
        }
        if person.is_none_or(|person| person == one.by) {
            all.push(Offer {
                act: "withdraw",
                button: "Withdraw the objection",
                about: format!(
                    "Take back the objection of {}, which only {} can.",
                    one.by, one.by
                ),
                fields: vec![Field::hidden("event", event)],
                command: format!("commonhold decide withdraw {word} {short}"),
            });
        }
    }
    all
}

const VOTE: &str = "Your last vote counts.";
const OBJECT: &str = "Disagree, with a reason that others can read and answer.";
const RECUSE: &str = "Say that you have an interest of your own in it. Nobody can take that back.";
const APPROVE: &str = "Agree to the text as it stands.";
const SECOND: &str = "Support that it is voted on.";
const CALL: &str = "Ask for the vote that silence would make needless.";
const VETO: &str = "Stop what was accepted, with a reason.";
const APPEAL: &str = "Ask another body to look at it again, with a reason.";
const RETRACT: &str = "Take back your own proposal, with a reason.";

/// Why somebody does something.
pub(crate) fn reason() -> Field {
    Field::line("reason", "Reason")
        .kind(FieldKind::Lines)
        .help("Everybody can read it.")
}

fn choice() -> Field {
    let choices = [
        ("yes", "For it"),
        ("no", "Against it"),
        ("abstain", "Abstain: take part, for neither"),
        ("present", "Present: be there, without a vote"),
    ];
    let choices = choices.map(|(value, text)| (value.to_owned(), text.to_owned()));
    Field::line("choice", "Your vote").kind(FieldKind::Choice(choices.to_vec()))
}
