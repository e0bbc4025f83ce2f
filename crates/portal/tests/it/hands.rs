//! Hands that do what they are told, and remember it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use portal::model::{Field, Page, Section};
use portal::{
    Act, Asked, BallotForm, Done, Hands, Mine, Problem, Reader, Refusal, RequestKind, Signed,
    ToSign, Voted,
};

/// Who asked, and for what.
pub(crate) type Asking = (Option<String>, BTreeMap<String, String>);

/// Remembers who asked for what, and who voted.
#[derive(Debug, Default)]
pub(crate) struct Remembering {
    pub(crate) asked: Mutex<Vec<Asking>>,
    /// What was asked for by what it is known by.
    pub(crate) known: Mutex<BTreeMap<String, String>>,
    pub(crate) voted: Mutex<Vec<Option<String>>>,
}

impl Hands for Remembering {
    fn prepare(&self, _who: &Reader, act: &Act) -> Result<ToSign, Refusal> {
        match act.act.as_str() {
            "object" => Ok(ToSign {
                says: format!("You object to {}.", act.item),
                statement: "statement".to_owned(),
                command: "ssh-keygen -Y sign".to_owned(),
            }),
            "later" => Err(Refusal::Later("Another writes just now.".to_owned())),
            other => Err(Refusal::Wrong(format!("`{other}` is no act."))),
        }
    }

    fn take(&self, _who: &Reader, signed: &Signed) -> Result<Done, Refusal> {
        match signed.statement.as_str() {
            "statement" => Ok(Done {
                says: "You objected.".to_owned(),
                to: "/decisions/12".to_owned(),
            }),
            _ => Err(Refusal::Conflict("It was done already.".to_owned())),
        }
    }

    fn requests(&self) -> Vec<RequestKind> {
        vec![RequestKind {
            id: "dns-record",
            want: "have a DNS record".to_owned(),
            about: "Two of the zone's owners look at it.".to_owned(),
            fields: vec![Field::line("name", "Name"), Field::line("why", "Why")],
            promise: Some("3 days".to_owned()),
        }]
    }

    fn ask(
        &self,
        who: &Reader,
        _kind: &str,
        answers: &BTreeMap<String, String>,
        once: Option<&str>,
    ) -> Result<Asked, Vec<Problem>> {
        if !answers.contains_key("name") {
            return Err(vec![Problem {
                field: "name".to_owned(),
                what: "is missing".to_owned(),
            }]);
        }
        let mut asked = self.asked.lock().unwrap();
        let mut known = self.known.lock().unwrap();
        let mut ask = || {
            asked.push((who.person.clone(), answers.clone()));
            asked.len().to_string()
        };
        let id = match once {
            Some(once) => known.entry(once.to_owned()).or_insert_with(ask).clone(),
            None => ask(),
        };
        Ok(Asked { id })
    }

    fn asked(&self, _who: &Reader) -> Result<Vec<Mine>, Refusal> {
        Ok(Vec::new())
    }

    fn request(&self, who: &Reader, id: &str) -> Option<Page> {
        let asked = self.asked.lock().unwrap();
        let at = id.parse::<usize>().ok()?.checked_sub(1)?;
        let (owner, _) = asked.get(at)?;
        let path = format!("/desk/requests/{id}");
        (*owner == who.person).then(|| Page::new(Section::Desk, path, "A DNS record"))
    }

    fn ballot(&self, _who: &Reader, election: &str) -> Result<BallotForm, Refusal> {
        if election != "2021/steering" {
            return Err(Refusal::Unknown("There is no such election.".to_owned()));
        }
        Ok(BallotForm {
            page: Page::new(Section::Elections, "/elections/2021/steering", "Steering"),
            fields: vec![Field::line("ada", "Ada")],
            blind: true,
        })
    }

    fn vote(
        &self,
        who: &Reader,
        _election: &str,
        answers: &BTreeMap<String, String>,
    ) -> Result<Voted, Refusal> {
        if who.identity.is_none() && !answers.contains_key("token") {
            return Err(Refusal::SignIn("Bring a token.".to_owned()));
        }
        self.voted.lock().unwrap().push(who.person.clone());
        Ok(Voted {
            receipt: "r1".to_owned(),
            at: None,
        })
    }

    fn token(&self, _who: &Reader, _election: &str, blinded: &str) -> Result<String, Refusal> {
        Ok(format!("signed {blinded}"))
    }

    fn recognise(&self, who: &Reader) -> Reader {
        let name = who.identity.as_ref().map(|identity| identity.name.clone());
        Reader {
            person: name.filter(|name| name != "stranger"),
            ..who.clone()
        }
    }

    fn person_of_key(&self, _key: &str) -> Option<String> {
        None
    }
}
