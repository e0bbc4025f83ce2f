//! A community of the tests: who is who can change, and what is asked for is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use portal::model::{Field, FieldKind, Page, Section};
use portal::{
    Act, Asked, BallotForm, Done, Handle, Hands, Mine, Private, Problem, Reader, Refusal,
    RequestKind, Signed, ToSign, Voted,
};

/// What it knows and has done.
#[derive(Debug, Default)]
pub(crate) struct Community {
    /// People by what they are known by: the fingerprint of a key, a login, an address.
    pub(crate) people: Mutex<BTreeMap<String, String>>,
    /// Who may see everything.
    pub(crate) trusted: Mutex<BTreeSet<String>>,
    pub(crate) asked: Mutex<Vec<BTreeMap<String, String>>>,
    /// What was asked for, by who asked and by what it is known when it comes again.
    pub(crate) known: Mutex<BTreeMap<(String, String), String>>,
    /// Who is believed no more when they say who somebody is.
    pub(crate) doubted: Mutex<BTreeSet<String>>,
    /// Who was the reader of each ballot.
    pub(crate) voted: Mutex<Vec<Reader>>,
    /// How long asking takes.
    pub(crate) slow: Mutex<Duration>,
}

impl Community {
    pub(crate) fn knows(&self, by: &str, person: &str) {
        self.people
            .lock()
            .unwrap()
            .insert(by.to_owned(), person.to_owned());
    }
}

fn person(who: &Reader) -> Result<String, Refusal> {
    let none = || Refusal::SignIn("Sign in first.".to_owned());
    who.identity.as_ref().ok_or_else(none)?;
    let unknown = || Refusal::SignIn("No person of the estate has this key.".to_owned());
    who.person.clone().ok_or_else(unknown)
}

/// What somebody is known by.
fn by(who: &Reader) -> Option<String> {
    let identity = who.identity.as_ref()?;
    Some(match &identity.handle {
        Some(Handle::Github(login)) => login.clone(),
        Some(Handle::Email(address)) => address.clone(),
        None => identity.subject.clone(),
    })
}

impl Hands for Community {
    fn prepare(&self, who: &Reader, act: &Act) -> Result<ToSign, Refusal> {
        let person = person(who)?;
        match act.act.as_str() {
            "object" if !act.with.contains_key("reason") => {
                Err(Refusal::Wrong("Say why you object.".to_owned()))
            }
            "object" | "approve" => Ok(ToSign {
                says: format!("{person} wants to {} {}.", act.act, act.item),
                statement: format!("{{\"act\":\"{}\",\"item\":\"{}\"}}", act.act, act.item),
                command: "printf '%s' '<&>' | ssh-keygen -Y sign".to_owned(),
            }),
            "second" => Err(Refusal::Forbidden("Only members second.".to_owned())),
            "vote" => Err(Refusal::Conflict("The vote is over.".to_owned())),
            "raise" => Err(Refusal::Later("Another writes just now.".to_owned())),
            _ => Err(Refusal::Unknown("There is no such item.".to_owned())),
        }
    }

    fn take(&self, who: &Reader, signed: &Signed) -> Result<Done, Refusal> {
        person(who)?;
        match signed.signature.trim() {
            "sound" => Ok(Done {
                says: "You objected to <12>.".to_owned(),
                to: "/services/service-1".to_owned(),
            }),
            "again" => Err(Refusal::Conflict("It was done already.".to_owned())),
            _ => Err(Refusal::Wrong("This is not an SSH signature.".to_owned())),
        }
    }

    fn requests(&self) -> Vec<RequestKind> {
        vec![RequestKind {
            id: "dns-record",
            want: "have a DNS record".to_owned(),
            about: "Two of the zone's owners look at it.".to_owned(),
            fields: vec![
                Field::line("name", "Name"),
                Field::line("why", "Why").kind(FieldKind::Lines),
            ],
            promise: Some("Within 3 days.".to_owned()),
        }]
    }

    fn ask(
        &self,
        who: &Reader,
        _kind: &str,
        answers: &BTreeMap<String, String>,
        once: Option<&str>,
    ) -> Result<Asked, Vec<Problem>> {
        assert!(who.identity.is_some());
        std::thread::sleep(*self.slow.lock().unwrap());
        let name = answers.get("name").map_or("", String::as_str);
        if name.contains(' ') {
            return Err(vec![Problem {
                field: "name".to_owned(),
                what: "A name has no spaces.".to_owned(),
            }]);
        }
        let mut asked = self.asked.lock().unwrap();
        let mut known = self.known.lock().unwrap();
        let key = (
            by(who).unwrap_or_default(),
            once.unwrap_or_default().to_owned(),
        );
        let id = known.entry(key).or_insert_with(|| {
            asked.push(answers.clone());
            format!("r{}", asked.len())
        });
        let id = id.clone();
        Ok(Asked { id })
    }

    fn asked(&self, who: &Reader) -> Result<Vec<Mine>, Refusal> {
        let known = self.known.lock().unwrap().clone();
        let own = known
            .into_iter()
            .filter(|((whose, _), _)| Some(whose) == by(who).as_ref());
        let each = own.filter_map(|(_, id)| {
            Some(Mine {
                title: self.request(who, &id)?.title,
                to: format!("/desk/requests/{id}"),
                state: None,
            })
        });
        Ok(each.collect())
    }

    fn request(&self, _who: &Reader, id: &str) -> Option<Page> {
        let at: usize = id.strip_prefix('r')?.parse().ok()?;
        let asked = self.asked.lock().unwrap();
        let answers = asked.get(at.checked_sub(1)?)?;
        let title = format!("Record {}", answers.get("name")?);
        Some(Page::new(
            Section::Desk,
            format!("/desk/requests/{id}"),
            title,
        ))
    }

    fn ballot(&self, who: &Reader, election: &str) -> Result<BallotForm, Refusal> {
        let (blind, fields) = match election {
            "steering/2026" => (
                true,
                vec![
                    Field::line("token", "Your token"),
                    Field::line("ranks", "Ranks"),
                ],
            ),
            "budget" => {
                person(who)?;
                (false, vec![Field::line("ranks", "Ranks")])
            }
            _ => return Err(Refusal::Unknown("There is no such election.".to_owned())),
        };
        let path = format!("/elections/{election}/ballot");
        Ok(BallotForm {
            page: Page::new(Section::Elections, path, "Ballot"),
            fields,
            blind,
        })
    }

    fn vote(
        &self,
        who: &Reader,
        _election: &str,
        answers: &BTreeMap<String, String>,
    ) -> Result<Voted, Refusal> {
        if answers.get("ranks").is_none_or(String::is_empty) {
            return Err(Refusal::Wrong("Rank somebody.".to_owned()));
        }
        self.voted.lock().unwrap().push(who.clone());
        Ok(Voted {
            receipt: "receipt-1".to_owned(),
            at: None,
        })
    }

    fn token(&self, who: &Reader, _election: &str, blinded: &str) -> Result<String, Refusal> {
        person(who)?;
        match blinded {
            "" => Err(Refusal::Wrong("Paste the request.".to_owned())),
            blinded => Ok(format!("signed {blinded}")),
        }
    }

    fn recognise(&self, who: &Reader) -> Reader {
        let doubted = self.doubted.lock().unwrap();
        let issuer = who.identity.as_ref().map(|identity| &identity.issuer);
        if issuer.is_some_and(|issuer| doubted.contains(issuer)) {
            return Reader::anybody();
        }
        let person = by(who).and_then(|by| self.people.lock().unwrap().get(&by).cloned());
        let trusted = person
            .as_ref()
            .is_some_and(|person| self.trusted.lock().unwrap().contains(person));
        Reader {
            identity: who.identity.clone(),
            may: if trusted {
                BTreeSet::from(Private::ALL)
            } else {
                BTreeSet::new()
            },
            person,
        }
    }

    fn person_of_key(&self, _key: &str) -> Option<String> {
        None
    }
}
