//! Who is who: the people of the estate as it is shown, by what they are called elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use decisions::sshsig::VerifyingKey;
use estate::kinds::{Group, Person, Standing};
use estate::{Email, Estate, Item};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portal::settings::Settings;
use portal::{Handle, Identity, Private, Reader};

/// Who says that somebody has a key.
pub(super) const SSH: &str = "ssh";

/// The people of a state of the estate.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Who is believed when they say who somebody is.
    issuers: BTreeSet<String>,
    /// By what they are called elsewhere; nobody where two are called so.
    logins: BTreeMap<String, Option<String>>,
    mailboxes: BTreeMap<String, Option<String>>,
    fingerprints: BTreeMap<String, Option<String>>,
    /// The day on which somebody left.
    left: BTreeMap<String, Option<Date>>,
    /// Who may see what is private, by the groups they are in.
    may: BTreeMap<Private, Vec<Member>>,
}

/// Somebody of a group.
#[derive(Debug)]
struct Member {
    person: String,
    since: Option<Date>,
    until: Option<Date>,
}

impl People {
    /// Those of an estate.
    pub(super) fn of(estate: &Estate, settings: &Settings) -> Self {
        let mut people = Self {
            issuers: issuers(settings),
            ..Self::default()
        };
        for person in estate.tables.people.items().filter(|one| !one.value.robot) {
            people.add(person);
        }
        for kind in Private::ALL {
            let groups = settings.private.of(kind).iter();
            let groups = groups.filter_map(|group| estate.tables.groups.get(&group.name));
            let active = groups.filter(|group| group.value.standing == Standing::Active);
            let members = active
                .flat_map(|group| members(estate, &group.value))
                .collect();
            people.may.insert(kind, members);
        }
        people
    }

    fn add(&mut self, person: &Item<Person>) {
        let name = &person.name;
        let left = person.value.left.as_ref().map(|left| left.value);
        self.left.insert(name.clone(), left);
        let github = person.value.handles.github.as_ref();
        // A file's name is not enough: anybody may take that login who does not have it yet.
        if let Some(login) = github {
            let login = login.value.trim_start_matches('@').to_lowercase();
            once(&mut self.logins, login, name);
        }
        for email in person.value.emails() {
            once(&mut self.mailboxes, email.value.mailbox(), name);
        }
        let keys = person.value.keys.iter().filter(|key| key.can_sign());
        for key in keys.filter_map(|key| VerifyingKey::of_line(key.as_str()).ok()) {
            once(&mut self.fingerprints, key.fingerprint(), name);
        }
    }

    /// Who somebody is, and what they may see, on a day. Who has left is nobody.
    pub(super) fn recognise(&self, who: &Reader, now: Timestamp) -> Reader {
        let day = now.to_zoned(TimeZone::UTC).date();
        // An identity that somebody vouched for outlives their being believed: sessions and tokens hold it.
        let believed = |identity: &&Identity| self.issuers.contains(&identity.issuer);
        let Some(identity) = who.identity.as_ref().filter(believed) else {
            return Reader::anybody();
        };
        let person = self.person(identity).filter(|name| self.is_here(name, day));
        let may = |name: &String| -> BTreeSet<Private> {
            let of = |(kind, members): (&Private, &Vec<Member>)| {
                let mut members = members.iter();
                members.any(|member| member.is(name, day)).then_some(*kind)
            };
            self.may.iter().filter_map(of).collect()
        };
        Reader {
            identity: Some(identity.clone()),
            may: person.as_ref().map(may).unwrap_or_default(),
            person,
        }
    }

    fn person(&self, identity: &Identity) -> Option<String> {
        let found = match (&identity.handle, identity.issuer.as_str()) {
            (_, SSH) => self.fingerprints.get(&identity.subject),
            (Some(Handle::Github(login)), _) => self
                .logins
                .get(&login.trim_start_matches('@').to_lowercase()),
            (Some(Handle::Email(email)), _) => self.mailboxes.get(&Email::new(email)?.mailbox()),
            (None, _) => None,
        };
        found.cloned().flatten()
    }

    /// Whose key this is, if it is one person's who has not left.
    pub(super) fn person_of_key(&self, key: &str, now: Timestamp) -> Option<String> {
        let key = VerifyingKey::of_line(key).ok()?;
        let name = self.fingerprints.get(&key.fingerprint()).cloned().flatten();
        let day = now.to_zoned(TimeZone::UTC).date();
        name.filter(|name| self.is_here(name, day))
    }

    fn is_here(&self, name: &str, day: Date) -> bool {
        let left = self.left.get(name).copied().flatten();
        left.is_none_or(|left| left > day)
    }
}

impl Member {
    fn is(&self, name: &str, day: Date) -> bool {
        self.person == name
            && self.since.is_none_or(|since| since <= day)
            && self.until.is_none_or(|until| until >= day)
    }
}

/// Who is believed when they say who somebody is.
fn issuers(settings: &Settings) -> BTreeSet<String> {
    let sign_in = &settings.sign_in;
    let openid = sign_in.openid.as_ref();
    let openid = openid.map(|openid| openid.issuer.as_str().to_owned());
    let ssh = sign_in.ssh.then(|| SSH.to_owned());
    openid.into_iter().chain(ssh).collect()
}

/// Who leads a group or belongs to it, by their names.
fn members(estate: &Estate, group: &Group) -> Vec<Member> {
    let leads = group.leads.iter().filter(|lead| !lead.emeritus);
    let leads = leads.map(|lead| (&lead.person, lead.since, lead.until));
    let others = group.members.iter().map(|person| (person, None, None));
    let named = leads.chain(others);
    named
        .filter_map(|(person, since, until)| {
            let person = estate.find(person)?.name.clone();
            Some(Member {
                person,
                since,
                until,
            })
        })
        .collect()
}

/// Keeps whose something is, unless another has it too.
fn once(of: &mut BTreeMap<String, Option<String>>, key: String, name: &str) {
    let entry = of.entry(key).or_insert_with(|| Some(name.to_owned()));
    if entry.as_deref() != Some(name) {
        *entry = None;
    }
}

#[cfg(test)]
mod tests {
    use estate::MemoryTree;

    use super::*;

    const ADA: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    fn people() -> People {
        let files = [
            (
                "commonhold.yaml",
                "commonhold: 1\nname: Example\n".to_owned(),
            ),
            (
                "people/ada.yaml",
                format!("handles: {{github: AdaL}}\nemail: ada@example.org\nkeys: ['{ADA}']\n"),
            ),
            (
                "people/bob.yaml",
                "email: bob@example.org\nleft: 2026-02-01\n".to_owned(),
            ),
            (
                "people/bot.yaml",
                "robot: true\nemail: bot@example.org\n".to_owned(),
            ),
            ("people/cy.yaml", "email: both@example.org\n".to_owned()),
            ("people/di.yaml", "email: both@example.org\n".to_owned()),
            (
                "groups/money.yaml",
                "leads: [{person: ada, role: lead, until: 2026-03-01}]\nmembers: [bob]\n"
                    .to_owned(),
            ),
        ];
        let tree = files
            .into_iter()
            .fold(MemoryTree::default(), |tree, (path, text)| {
                tree.with(path, text)
            });
        let Ok((estate, _)) = formats::load(&tree) else {
            panic!("the estate cannot be read");
        };
        let settings = MemoryTree::default().with(
            "portal.yaml",
            "sign_in: {openid: {issuer: \"https://id.example\", client: portal}}\nprivate: {money: [money]}\n",
        );
        let (settings, findings) = Settings::of(&settings, &mut base::SourceMap::default());
        assert!(findings.is_empty());
        People::of(&estate, &settings)
    }

    fn reader(issuer: &str, subject: &str, handle: Option<Handle>) -> Reader {
        Reader {
            identity: Some(Identity {
                issuer: issuer.to_owned(),
                subject: subject.to_owned(),
                name: "x".to_owned(),
                handle,
            }),
            person: Some("an old answer".to_owned()),
            may: BTreeSet::from([Private::Money]),
        }
    }

    fn on(day: &str) -> Timestamp {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    #[test]
    fn people_are_met_by_login_address_and_key() {
        let people = people();
        let known = |handle| {
            people
                .recognise(
                    &reader("https://id.example", "1", Some(handle)),
                    on("2026-01-05"),
                )
                .person
        };
        assert_eq!(
            known(Handle::Github("adal".to_owned())).as_deref(),
            Some("ada")
        );
        assert_eq!(
            known(Handle::Email("ada@EXAMPLE.org".to_owned())).as_deref(),
            Some("ada")
        );
        assert_eq!(known(Handle::Email("bot@example.org".to_owned())), None);
        assert_eq!(known(Handle::Email("both@example.org".to_owned())), None);
        assert_eq!(
            people.person_of_key(ADA, on("2026-01-05")).as_deref(),
            Some("ada")
        );
        let key = VerifyingKey::of_line(ADA).unwrap().fingerprint();
        let by_key = people.recognise(&reader(SSH, &key, None), on("2026-01-05"));
        assert_eq!(by_key.person.as_deref(), Some("ada"));
    }

    #[test]
    fn whoever_is_vouched_for_by_somebody_else_is_nobody() {
        let people = people();
        let login = Some(Handle::Github("adal".to_owned()));
        for issuer in ["https://id.example/", "https://other.example", "", "SSH"] {
            let who = reader(issuer, "1", login.clone());
            let known = people.recognise(&who, on("2026-01-05"));
            assert_eq!(known, Reader::anybody(), "{issuer}");
        }
    }

    #[test]
    fn whoever_left_a_group_or_all_of_it_sees_no_more() {
        let people = people();
        let ada = reader(
            "https://id.example",
            "1",
            Some(Handle::Github("adal".to_owned())),
        );
        let bob = reader(
            "https://id.example",
            "2",
            Some(Handle::Email("bob@example.org".to_owned())),
        );
        let may = |who: &Reader, day| people.recognise(who, on(day)).may.contains(&Private::Money);
        assert!(may(&ada, "2026-03-01") && !may(&ada, "2026-03-02"));
        assert!(may(&bob, "2026-01-31") && !may(&bob, "2026-02-01"));
        assert_eq!(people.recognise(&bob, on("2026-02-01")).person, None);
    }
}
