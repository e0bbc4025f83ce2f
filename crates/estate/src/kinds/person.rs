//! People.

use base::{Span, Spanned};
use jiff::civil::Date;
use serde::Serialize;
use yaml::{Decoding, FromYaml, Map, Node, Shape, record};

use super::{Interests, Kind, KindId, RungHeld};
use crate::reference::{Ref, References, Relation};
use crate::scalars::{Email, PublicKey, TimeZone};

record! {
    /// Somebody who takes part. The file's name is the name others refer to; so is the GitHub login.
    pub struct Person {
        /// The full name, as the person writes it.
        pub name: Option<String>,
        /// Accounts elsewhere.
        pub handles: Handles = Handles::default(),
        /// The public e-mail address.
        pub email: Option<Spanned<Email>>,
        /// Further public addresses, for example those subscribed to mailing groups.
        pub other_emails: Vec<Spanned<Email>>,
        /// Who pays for the work, with its history.
        pub employers: Vec<Employment>,
        /// IANA time zone, for example `Europe/Paris`.
        pub time_zone: Option<TimeZone>,
        /// Alternate e-mail and phone, never in clear.
        pub private_contacts: Option<PrivateContacts>,
        /// Public keys of age (`age1...`) or SSH: private contacts may be encrypted to them, and with those of SSH the person signs approvals and objections.
        pub keys: Vec<Spanned<PublicKey>>,
        /// A program, not a human: it has no employer and counts as nobody's staff.
        pub robot: bool = false,
        /// The day the person left the project; all access ends with it.
        pub left: Option<Spanned<Date>>,
        /// The rungs of the community's ladders that the person stands or stood on.
        pub rungs: Vec<RungHeld>,
        /// What can be counted of the person's work, under names of the community's own, for example `reviews`.
        pub facts: Map<u32>,
        /// Who mentors or mentored the person.
        pub mentored_by: Vec<Ref<Person>>,
        /// What the person has declared of interests beside the community's.
        pub interests: Option<Interests>,
    }
}

record! {
    /// Accounts elsewhere. Logins compare without case.
    #[derive(Default)]
    pub struct Handles {
        /// The login at GitHub.
        pub github: Option<Spanned<String>>,
        /// The number GitHub gave the account; it stays when the login changes.
        pub github_id: Option<u32>,
        /// The name in the project's chat.
        pub chat: Option<String>,
    }
}

record! {
    /// A time at one employer.
    pub struct Employment {
        /// The employer's name; the charter unites its spellings.
        pub company: Spanned<String>,
        /// The first day.
        pub from: Option<Date>,
        /// The last day.
        pub until: Option<Date>,
    }
}

/// How to reach a person when the public ways fail: an armored `age` file
/// whose recipients are the team that the charter names.
///
/// The estate holds the ciphertext only and never decrypts it.
#[derive(Debug, Clone)]
pub struct PrivateContacts {
    /// What was written, for the charter to judge; [`Serialize`] does not show it.
    pub armored: Spanned<String>,
    /// Whether it was written as something else than one text, for example as clear keys.
    pub in_clear: Option<Span>,
}

impl FromYaml for PrivateContacts {
    fn from_yaml(node: &Node, _: &mut Decoding) -> Option<Self> {
        let sealed = node.text().filter(|text| {
            text.trim_start()
                .starts_with("-----BEGIN AGE ENCRYPTED FILE-----")
        });
        Some(Self {
            armored: Spanned::new(sealed.unwrap_or("").to_owned(), node.span),
            in_clear: sealed.is_none().then_some(node.span),
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "an armored age file",
            pattern: "^-----BEGIN AGE ENCRYPTED FILE-----",
        }
    }
}

impl Serialize for PrivateContacts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("sealed")
    }
}

impl Kind for Person {
    const NAME: &'static str = "person";
    const FOLDER: &'static str = "people";
    const ID: KindId = KindId::Person;
    const PRIVATE: bool = true;

    fn title(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        for held in &self.rungs {
            names.each(&held.group, Relation::Consults);
            names.each(&held.sponsors, Relation::Consults);
        }
        names.each(&self.mentored_by, Relation::Consults);
    }

    fn aliases(&self) -> Vec<Spanned<String>> {
        self.handles.github.iter().cloned().collect()
    }
}

impl Person {
    /// The employer on a day: the latest employment that covers it.
    pub fn employer_on(&self, day: Date) -> Option<&Spanned<String>> {
        let covers = |job: &&Employment| {
            job.from.is_none_or(|from| from <= day) && job.until.is_none_or(|until| until >= day)
        };
        let latest = self
            .employers
            .iter()
            .filter(covers)
            .max_by_key(|job| job.from);
        latest.map(|job| &job.company)
    }

    /// Whether the person has left by a day.
    pub fn has_left(&self, day: Date) -> bool {
        self.left.as_ref().is_some_and(|left| left.value <= day)
    }

    /// All public addresses.
    pub fn emails(&self) -> impl Iterator<Item = &Spanned<Email>> {
        self.email.iter().chain(&self.other_emails)
    }
}
