//! Organisations at GitHub, or at a server that has its interface (GitHub Enterprise).
//!
//! Written from the vendor's own descriptions: the `OpenAPI` document of the REST interface
//! (version 2022-11-28) and the schema of the GraphQL interface. Teams, people and repositories
//! are read by GraphQL, a hundred calls for what REST takes thousands; what GraphQL does not
//! tell, and every change, goes by REST.
//!
//! # What is what
//! - **An account is its number.** Logins can be changed and taken over by strangers. Where the
//!   estate says which number a login has, an account of that number is found under any login,
//!   and another account under that login is a stranger: it stands in the state as
//!   `login#number`, and is not added to anything.
//! - **An invitation counts as what it offers**, so nobody is invited twice. One that failed or
//!   lapsed counts as nothing, and is cleared away before the next.
//! - **A grant that a parent team gives is the parent's.** GitHub lists it with the child too,
//!   and does not tell whether the child has it twice. So what a parent gives at least as much of
//!   is left out with the child, and is given once more if the estate wants the child to have it
//!   in so many words: unless the parent shall go on to give as much, which then is enough.
//! - **Previous names** stand for the new one as long as nothing has the new one, and nothing
//!   else is wanted under the old one. The value's `name` is still the old then.
//! - **Contents of what is not declared** are not read: the members of a team that goes, the
//!   branches of a repository that nobody declares.
//!
//! # What is never done
//! A repository is not deleted; it is archived or shown to everybody only if the estate allows
//! it. A list that may be cut short is an error and not a shorter list.

mod answers;
mod ask;
mod documents;
mod limits;
mod names;
mod pages;
mod people;
mod read;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use change::WriteFailure;
use estate::kinds::{AccessPart, AccessSystem, Allowance, LeftAlone};
use http_client::{Hidden, segment};
use serde::Deserialize;

use crate::{Known, ReadError, Reading, State, Step, System};
use ask::Api;
pub(crate) use names::slug;
use people::People;

/// So many of one kind at once. Two kinds are asked for in this way, beside one list of each other
/// kind; GitHub allows a hundred requests at once, and wants them to be few.
const AT_ONCE: usize = 4;

/// Where GitHub itself is.
const ADDRESS: &str = "https://api.github.com";

/// What was called otherwise before: by the old name, in lower case, the name in the new keys.
#[derive(Debug, Clone, Default)]
pub struct Renames {
    /// Of teams.
    pub teams: BTreeMap<String, String>,
    /// Of repositories.
    pub repositories: BTreeMap<String, String>,
}

/// One organisation at GitHub.
pub struct GitHub {
    organisation: String,
    api: Api,
    people: People,
    renames: Renames,
    manages: Vec<AccessPart>,
    additive: Vec<AccessPart>,
    leaves_alone: Vec<LeftAlone>,
    allows: Vec<Allowance>,
    require_self: bool,
    account: OnceLock<String>,
    /// Logins that were looked up and are of the accounts that the estate means.
    verified: Mutex<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Account {
    login: String,
    id: u64,
}

impl GitHub {
    /// An organisation by its login.
    ///
    /// `ids` says which number each login that the estate declares (in lower case) has, as far
    /// as the estate knows. `wait` is what passes time when GitHub asks for it while it is read;
    /// what is written is never waited for here.
    ///
    /// # Errors
    /// [`ReadError::Setup`]: the system's address is no URL, or the token can be no token.
    pub fn new(
        organisation: &str,
        system: &AccessSystem,
        token: Hidden,
        ids: BTreeMap<u64, String>,
        renames: Renames,
        wait: fn(Duration),
    ) -> Result<Self, ReadError> {
        let address = system.address.as_ref();
        let address = address.map_or(ADDRESS, |address| address.value.as_str());
        Ok(Self {
            organisation: organisation.to_owned(),
            api: Api::new(address, token, wait)?,
            people: People::new(ids),
            renames,
            manages: system.manages.clone(),
            additive: system.additive.clone(),
            leaves_alone: system.leaves_alone.clone(),
            allows: system.allows.clone(),
            require_self: system.require_self,
            account: OnceLock::new(),
            verified: Mutex::default(),
        })
    }

    /// The login that the token is of. It is asked for once.
    ///
    /// # Errors
    /// It cannot be told; the token of a program's installation has none.
    pub fn account(&self) -> Result<String, ReadError> {
        if let Some(login) = self.account.get() {
            return Ok(login.clone());
        }
        let account: Account = self.api.get("/user")?;
        Ok(self.account.get_or_init(|| account.login).clone())
    }

    fn manages(&self, part: AccessPart) -> bool {
        self.manages.is_empty() || self.manages.contains(&part)
    }

    /// Whether only more is given of a part, and nothing taken.
    fn adds_only(&self, part: AccessPart) -> bool {
        self.additive.contains(&part)
    }

    fn leaves(&self, what: LeftAlone) -> bool {
        self.leaves_alone.contains(&what)
    }

    fn allows(&self, what: Allowance) -> bool {
        self.allows.contains(&what)
    }

    /// A path of the REST interface below the organisation.
    fn below(&self, rest: &str) -> String {
        format!("/orgs/{}{rest}", segment(&self.organisation))
    }

    /// The path of a repository of the organisation in the REST interface, and what is below it.
    fn repository(&self, name: &str, rest: &str) -> String {
        let owner = segment(&self.organisation);
        format!("/repos/{owner}/{}{rest}", segment(name))
    }

    fn verified(&self, name: &str) -> Option<String> {
        let verified = self.verified.lock();
        let verified = verified.unwrap_or_else(PoisonError::into_inner);
        verified.get(name).cloned()
    }

    fn set_verified(&self, name: &str, login: &str) {
        let verified = self.verified.lock();
        let mut verified = verified.unwrap_or_else(PoisonError::into_inner);
        verified.insert(name.to_owned(), login.to_owned());
    }
}

impl System for GitHub {
    fn read(&self, wanted: &State) -> Result<Reading, ReadError> {
        read::all(self, wanted)
    }

    fn write(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure> {
        write::one(self, step, known)
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHub")
            .field("organisation", &self.organisation)
            .finish_non_exhaustive()
    }
}
