//! Questions of access in words.

use estate::OwnersTree;
use estate::kinds::KindId;

use super::people::Whose;
use super::{Level, Matrix, Principal, Thing};

/// What may somebody do to what?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What may be done.
    pub level: Level,
    /// To what.
    pub thing: Thing,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The words are not understood.
    #[error(
        "`{0}` is not understood; ask for example: write acme/site, admin acme, maintain team acme/writers, \
         in acme/writers, own list@example.org, deploy SERVICE, use ROLE, approve acme/site/docs, sign, \
         read private contacts"
    )]
    Words(String),
    /// The estate does not have it.
    #[error("the estate has no {what}{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// What was asked about.
        what: String,
        /// What was perhaps meant.
        near: Option<String>,
    },
    /// The words mean several things.
    #[error("`{asked}` can be: {}", several.join("; "))]
    Several {
        /// What was asked about.
        asked: String,
        /// What it can be.
        several: Vec<String>,
    },
}

impl AskError {
    fn unknown<'a>(noun: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Unknown {
            what: format!("{noun} `{name}`"),
            near: base::nearest(name, known).map(str::to_owned),
        }
    }
}

/// Words that may stand before the thing, and mean nothing.
const FILLERS: [&str; 6] = ["to ", "the ", "on ", "of ", "in ", "for "];

impl Matrix<'_> {
    /// A question from its words: a verb and a thing, `who can` before it or not.
    ///
    /// # Errors
    /// The words are not understood, or are about what the estate does not have.
    pub fn question(&self, asked: &str) -> Result<Question, AskError> {
        let words = asked.trim().trim_end_matches('?').trim_end();
        let words = words.strip_prefix("who can ").unwrap_or(words).trim_start();
        let (verb, rest) = words.split_once(' ').unwrap_or((words, ""));
        let rest = without_fillers(rest);
        let verb = verb.to_lowercase();
        if verb == "sign" {
            let (level, thing) = (Level::Sign, Thing::Ledger);
            return Ok(Question { level, thing });
        }
        if rest.is_empty() {
            return Err(AskError::Words(asked.to_owned()));
        }
        match verb.as_str() {
            "read" if rest == "private contacts" => Ok(Question {
                level: Level::Read,
                thing: Thing::PrivateContacts,
            }),
            "read" | "pull" if !rest.contains('@') => self.of_repository(Level::Read, rest),
            "triage" => self.of_repository(Level::Triage, rest),
            "write" | "push" => self.of_repository(Level::Write, rest),
            "maintain" => match self.team(rest) {
                Ok(thing) if !self.index.knows_repository(&rest.to_lowercase()) => Ok(Question {
                    level: Level::Maintainer,
                    thing,
                }),
                _ => self.of_repository(Level::Maintain, rest),
            },
            "admin" if rest.contains('/') && !rest.starts_with("organisation/") => {
                self.of_repository(Level::Admin, rest)
            }
            "admin" => self.of_organisation(Level::Admin, rest),
            "be" | "join" | "belong" | "member" | "in" => self.of_membership(rest),
            "read" | "receive" => self.of_mailing(Level::Member, rest),
            "manage" => self.of_mailing(Level::Manager, rest),
            "own" if rest.contains('@') || rest.starts_with("mailing-group/") => {
                self.of_mailing(Level::Owner, rest)
            }
            "own" => self.of_service(Level::Owner, rest),
            "deploy" | "administer" => self.of_service(Level::Deploy, rest),
            "run" => self.of_service(Level::Run, rest),
            "use" => self.of_role(rest),
            "approve" => self.of_path(Level::Approve, rest),
            "review" => self.of_path(Level::Review, rest),
            _ => Err(AskError::Words(asked.to_owned())),
        }
    }

    /// Somebody by name, login or address, `person/` before it or not.
    ///
    /// # Errors
    /// The estate knows nobody of that name.
    pub fn principal(&self, asked: &str) -> Result<Principal, AskError> {
        let name = asked.trim();
        let name = name.strip_prefix("person/").unwrap_or(name);
        if let Some(item) = self.estate.tables.people.get(name) {
            return Ok(Principal::Person(item.name.clone()));
        }
        if let Some(email) = estate::Email::new(name) {
            match self.people.whose(&email) {
                Whose::Person(at) => return Ok(self.people.principal(at)),
                Whose::Nobody => return Ok(Principal::Address(email.mailbox().to_lowercase())),
                Whose::MailingGroup(_) | Whose::Gone => {}
            }
        }
        let login = Principal::Login(name.trim_start_matches('@').to_lowercase());
        if self.index.knows_login(&login) || self.owns(name) {
            return Ok(login);
        }
        let people = self.estate.tables.people.items();
        Err(AskError::unknown(
            "person",
            name,
            people.map(|item| item.name.as_str()),
        ))
    }

    fn owns(&self, login: &str) -> bool {
        let login = estate::Aliases::key(login);
        let mut logins = self.estate.ownership.iter().flat_map(OwnersTree::logins);
        logins.any(|known| estate::Aliases::key(known) == login)
    }

    fn of_repository(&self, level: Level, name: &str) -> Result<Question, AskError> {
        let name = name.strip_prefix("repository ").unwrap_or(name);
        let name = name
            .strip_prefix("repository/")
            .unwrap_or(name)
            .to_lowercase();
        let organisation = name
            .split_once('/')
            .and_then(|(organisation, _)| self.estate.tables.organisations.get(organisation));
        // Its administrators may do everything to a repository that nothing else is said of.
        if !self.index.knows_repository(&name) && organisation.is_none() {
            return Err(AskError::unknown(
                "repository",
                &name,
                self.index.repositories(),
            ));
        }
        let thing = Thing::Repository(name);
        Ok(Question { level, thing })
    }

    fn of_organisation(&self, level: Level, name: &str) -> Result<Question, AskError> {
        let thing = self.organisation_named(name)?;
        Ok(Question { level, thing })
    }

    fn organisation_named(&self, name: &str) -> Result<Thing, AskError> {
        let name = without_kind(name, KindId::Organisation);
        let table = &self.estate.tables.organisations;
        let known = table.items().map(|item| item.name.as_str());
        let found = table
            .get(name)
            .map(|item| Thing::Organisation(item.name.clone()));
        found.ok_or_else(|| AskError::unknown("organisation", name, known))
    }

    fn team(&self, name: &str) -> Result<Thing, AskError> {
        let name = without_kind(name, KindId::Team);
        let table = &self.estate.tables.teams;
        let known = table.items().map(|item| item.name.as_str());
        let found = table.get(name).map(|item| Thing::Team(item.name.clone()));
        found.ok_or_else(|| AskError::unknown("team", name, known))
    }

    fn of_membership(&self, name: &str) -> Result<Question, AskError> {
        let level = Level::Member;
        if name.contains('@') {
            return self.of_mailing(level, name);
        }
        if let Some(group) = name.strip_prefix("directory group ") {
            let thing = Thing::DirectoryGroup(group.to_lowercase());
            return Ok(Question { level, thing });
        }
        let thing = self.team(name).or_else(|unknown| {
            let organisation = self.organisation_named(name);
            organisation.map_err(|_| unknown)
        })?;
        Ok(Question { level, thing })
    }

    fn of_mailing(&self, level: Level, name: &str) -> Result<Question, AskError> {
        let name = without_kind(name, KindId::MailingGroup);
        let table = &self.estate.tables.mailing_groups;
        let known = table.items().map(|item| item.name.as_str());
        let Some(item) = table.get(name) else {
            return Err(AskError::unknown("mailing group", name, known));
        };
        let thing = Thing::MailingGroup(item.name.clone());
        Ok(Question { level, thing })
    }

    fn of_service(&self, level: Level, name: &str) -> Result<Question, AskError> {
        let name = without_kind(name, KindId::Service);
        let table = &self.estate.tables.services;
        let known = table.items().map(|item| item.name.as_str());
        let Some(item) = table.get(name) else {
            return Err(AskError::unknown("service", name, known));
        };
        let thing = Thing::Service(item.name.clone());
        Ok(Question { level, thing })
    }

    fn of_role(&self, name: &str) -> Result<Question, AskError> {
        let name = name.strip_prefix("role ").unwrap_or(name);
        let texts = self.index.role_things().filter_map(|thing| match thing {
            Thing::Role(text) => Some(text.as_str()),
            _ => None,
        });
        let texts: Vec<&str> = texts.collect();
        let begins = |text: &&str| {
            let rest = text.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let exact = texts.iter().copied().find(|text| *text == name);
        let meant: Vec<&str> = match exact {
            Some(text) => vec![text],
            None => texts.iter().copied().filter(begins).collect(),
        };
        match meant.as_slice() {
            [] => Err(AskError::unknown("role", name, texts.iter().copied())),
            [text] => Ok(Question {
                level: Level::Use,
                thing: Thing::Role((*text).to_owned()),
            }),
            several => Err(AskError::Several {
                asked: name.to_owned(),
                several: several.iter().map(|text| (*text).to_owned()).collect(),
            }),
        }
    }

    fn of_path(&self, level: Level, asked: &str) -> Result<Question, AskError> {
        let asked = asked.trim_end_matches('/');
        let asked = asked.strip_prefix("path ").unwrap_or(asked);
        let trees = &self.estate.ownership;
        // The longest name that fits: repositories may be read from folders in each other.
        let fits = trees.iter().filter_map(|tree| {
            let rest = asked.strip_prefix(tree.repository.as_str())?;
            let path = if rest.is_empty() {
                Some("")
            } else {
                rest.strip_prefix('/')
            };
            Some((tree, path?))
        });
        let found = fits.max_by_key(|(tree, _)| tree.repository.len());
        let Some((tree, path)) = found else {
            let known = trees.iter().map(|tree| tree.repository.as_str());
            return Err(AskError::unknown("repository with owners", asked, known));
        };
        let (repository, path) = (tree.repository.clone(), path.to_owned());
        let thing = Thing::Path { repository, path };
        Ok(Question { level, thing })
    }
}

fn without_fillers(mut rest: &str) -> &str {
    rest = rest.trim_start();
    while let Some(after) = FILLERS.iter().find_map(|filler| rest.strip_prefix(filler)) {
        rest = after.trim_start();
    }
    rest
}

/// A name without its kind before it, as `kind/name` or `kind name`.
fn without_kind(name: &str, kind: KindId) -> &str {
    let rest = name.strip_prefix(kind.name());
    let rest = rest.and_then(|rest| rest.strip_prefix(['/', ' ']));
    rest.unwrap_or(name)
}
