//! Whose an event is.

use std::collections::HashMap;

use estate::kinds::Person;
use estate::{Estate, Item, Table};
use jiff::civil::Date;

use crate::act::Act;
use crate::event::Event;
use crate::names::PersonName;
use crate::refusal::{Reason, Refusal, Refused};
use crate::sshsig::{NAMESPACE, SshSignature, VerifyingKey};

/// The people of an estate and the keys they sign with.
///
/// Made from the estate at the *base commit* of a plan: a change cannot bring its own
/// approver. The estate must have been read without errors, because a person whose
/// file is broken has no keys here.
#[derive(Debug)]
pub struct Roster<'e> {
    people: &'e Table<Person>,
    holders: HashMap<Vec<u8>, Vec<&'e Item<Person>>>,
    day: Date,
}

impl<'e> Roster<'e> {
    /// Of an estate on a day, for those who have left by then.
    pub fn of(estate: &'e Estate, day: Date) -> Self {
        let people = &estate.tables.people;
        let mut holders: HashMap<Vec<u8>, Vec<&Item<Person>>> = HashMap::new();
        for person in people.items() {
            let keys = person.value.keys.iter().filter(|key| key.can_sign());
            for key in keys.filter_map(|key| VerifyingKey::of_line(key.as_str()).ok()) {
                let of_key = holders.entry(key.blob().to_vec()).or_default();
                if !of_key.iter().any(|holder| holder.name == person.name) {
                    of_key.push(person);
                }
            }
        }
        Self {
            people,
            holders,
            day,
        }
    }

    /// The one person who holds a key and may do this. A program puts texts before a body for
    /// those who ask for something, and has no word in them.
    fn holder(&self, key: &VerifyingKey, act: &Act) -> Result<&'e Item<Person>, String> {
        let asks = matches!(
            act,
            Act::Propose {
                matter: Some(_),
                ..
            }
        );
        match self.holders.get(key.blob()).map_or(&[][..], Vec::as_slice) {
            [] => Err(format!(
                "the key {} is nobody's in the estate at the base commit: list it under `keys` of the person's file first, in a change of its own",
                key.fingerprint()
            )),
            // One who has left, or a program, may hold the secret half too.
            [one, other, ..] => Err(format!(
                "the key {} is listed for {} and for {}, so nobody can say who signed: each person needs a key of their own",
                key.fingerprint(),
                one.subject(),
                other.subject()
            )),
            [person] if person.value.robot && !asks => Err(format!(
                "{} is a program, and only people decide",
                person.subject()
            )),
            [person] if person.value.has_left(self.day) => {
                Err(format!("{} has left the project", person.subject()))
            }
            [person] => Ok(person),
        }
    }
}

/// An event, and the person who it was shown to be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributed {
    /// The event.
    pub event: Event,
    /// The name of the person's file, by which persons are counted: a second key or
    /// another spelling is the same person.
    pub person: PersonName,
}

/// Who made an event: the person who alone has the key that signed it, and whom the
/// event names as its actor.
pub fn attribute(event: &Event, roster: &Roster<'_>) -> Result<PersonName, Refusal> {
    let not_eligible = |what: String| Refusal::new(Reason::NotEligible, what);
    let unsound =
        |error: crate::sshsig::SignatureError| Refusal::new(Reason::Signature, error.to_string());
    let signature = SshSignature::parse(event.signature()).map_err(unsound)?;
    let actor = event.actor();
    let Some(claimed) = roster.people.get(actor.as_str()) else {
        return Err(not_eligible(format!(
            "the estate has no {actor} at the base commit"
        )));
    };
    let holder = roster
        .holder(signature.key(), event.act())
        .map_err(not_eligible)?;
    if holder.name != claimed.name {
        return Err(not_eligible(format!(
            "signed with a key of {} in the name of {actor}",
            holder.subject()
        )));
    }
    signature
        .verify(event.signed_text().as_bytes(), NAMESPACE, signature.key())
        .map_err(unsound)?;
    PersonName::new(&holder.name).ok_or_else(|| {
        not_eligible(format!(
            "{} has a name that events cannot hold",
            holder.subject()
        ))
    })
}

/// Says of many events whose they are, and of the others why they do not count.
pub fn attribute_all(events: Vec<Event>, roster: &Roster<'_>) -> (Vec<Attributed>, Vec<Refused>) {
    let (mut attributed, mut refused) = (Vec::new(), Vec::new());
    for event in events {
        match attribute(&event, roster) {
            Ok(person) => attributed.push(Attributed { event, person }),
            Err(refusal) => refused.push(refusal.of_file(&event.path())),
        }
    }
    (attributed, refused)
}
