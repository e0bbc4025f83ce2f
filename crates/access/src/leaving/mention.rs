//! Every place in the files of an estate that names somebody.

use std::collections::BTreeMap;

use base::{SourceMap, Span};
use estate::kinds::{Group, KindId, Person};
use estate::{
    Addressee, Aliases, AnyItem, Email, Estate, Item, Owners, OwnersTree, Reference, Relation,
};
use serde::Serialize;
use yaml::edit;

/// A place that names somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// The file, as the user would write it.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The first byte of the name, in its file.
    pub at: usize,
    /// The kind of the item that names them; none in a list of owners and in other texts.
    pub kind: Option<&'static str>,
    /// The name of that item, or of the repository.
    pub name: String,
    /// What they are there.
    pub how: How,
    /// The same in words, for example `member of team/acme/docs`.
    pub what: String,
}

/// What somebody is where they are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Their own file.
    Own,
    /// Keeps a service running.
    Staff,
    /// Is called when a service fails.
    Rota,
    /// Is called when others do not answer.
    Escalation,
    /// Leads a group.
    Officer,
    /// Speaks for a group to the body above.
    Liaison,
    /// Led a group, or approved or reviewed, and is named in honour.
    Honour,
    /// Led a group until a day.
    PastTerm,
    /// Belongs to a group, a team, an organisation or a mailing group.
    Member,
    /// May change who is in a team.
    Maintainer,
    /// May do everything in an organisation.
    Admin,
    /// May change who is in a mailing group.
    Manager,
    /// May do everything with a mailing group.
    Owner,
    /// May do something to a repository without a team.
    Collaborator,
    /// May push to a branch.
    Pusher,
    /// Must be an administrator of every organisation of a system.
    RequiredAdmin,
    /// Is whom a system is spoken to as.
    Account,
    /// May approve changes.
    Approver,
    /// May review changes.
    Reviewer,
    /// Must review changes.
    RequiredReviewer,
    /// Is one of those an alias stands for.
    Alias,
    /// Is left out where others come in.
    Excluded,
    /// Vouched for somebody.
    Sponsor,
    /// Mentored somebody.
    Mentor,
    /// Is named in some other way.
    Text,
}

impl How {
    /// Whether it tells what was, or gives nothing: such mentions stay when somebody leaves.
    pub fn stays(self) -> bool {
        matches!(
            self,
            Self::Own
                | Self::Honour
                | Self::PastTerm
                | Self::Excluded
                | Self::Sponsor
                | Self::Mentor
        )
    }

    fn words(self) -> &'static str {
        match self {
            Self::Own => "their own file",
            Self::Staff => "staff of",
            Self::Rota => "on the rota of",
            Self::Escalation => "in the escalation of",
            Self::Officer => "officer of",
            Self::Liaison => "liaison of",
            Self::Honour => "honoured by",
            Self::PastTerm => "former officer of",
            Self::Member => "member of",
            Self::Maintainer => "maintainer of",
            Self::Admin => "administrator of",
            Self::Manager => "manager of",
            Self::Owner => "owner of",
            Self::Collaborator => "collaborator in",
            Self::Pusher => "may push in",
            Self::RequiredAdmin => "required administrator of",
            Self::Account => "the account of",
            Self::Approver => "approver in",
            Self::Reviewer => "reviewer in",
            Self::RequiredReviewer => "required reviewer in",
            Self::Alias => "behind an alias in",
            Self::Excluded => "left out of",
            Self::Sponsor => "sponsor of",
            Self::Mentor => "mentor of",
            Self::Text => "named in",
        }
    }
}

/// Somebody by all their names.
pub(crate) struct Names<'e> {
    estate: &'e Estate,
    /// The person, if the estate knows one; else only an address.
    pub(crate) person: Option<&'e Item<Person>>,
    pub(crate) mailboxes: Vec<String>,
}

impl<'e> Names<'e> {
    /// Of a name, a login or an address; none if nothing in the estate has it.
    pub(crate) fn of(estate: &'e Estate, asked: &str) -> Option<Self> {
        let asked = asked.trim();
        let asked = asked.strip_prefix("person/").unwrap_or(asked);
        let email = Email::new(asked);
        let person = estate.tables.people.get(asked).or_else(|| {
            match estate.address_book.whose(email.as_ref()?)? {
                Addressee::Person(name) => estate.tables.people.get(name),
                Addressee::MailingGroup(_) => None,
            }
        });
        let mailboxes = match (person, email) {
            (Some(person), _) => person.value.emails().map(|email| email.mailbox()).collect(),
            (None, Some(email)) if estate.address_book.whose(&email).is_none() => {
                vec![email.mailbox()]
            }
            (None, _) => return None,
        };
        Some(Self {
            estate,
            person,
            mailboxes,
        })
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        let named = self.estate.tables.people.get(name).map(|item| &item.name);
        self.person
            .is_some_and(|person| Some(&person.name) == named)
    }

    pub(crate) fn has(&self, email: &Email) -> bool {
        let mailbox = email.mailbox();
        self.mailboxes.contains(&mailbox)
    }

    fn own_file(&self, path: &str) -> bool {
        let named = |item: &Item<Person>| {
            let below = KindId::Person.folder();
            ["yaml", "yml"]
                .iter()
                .any(|ending| path.ends_with(&format!("{below}/{}.{ending}", item.name)))
        };
        self.person.is_some_and(named)
    }
}

/// Every place in every file of the estate that names somebody, by name, login or any of their
/// addresses, in the order of files and lines. Nothing where the estate has nobody of that name
/// or address.
pub fn mentions(estate: &Estate, person: &str) -> Vec<Mention> {
    let names = Names::of(estate, person);
    names.map(|names| of(estate, &names)).unwrap_or_default()
}

pub(crate) fn of(estate: &Estate, names: &Names<'_>) -> Vec<Mention> {
    let mut search = Search {
        estate,
        names,
        found: Vec::new(),
    };
    search.own();
    estate.tables.each(&mut |item| search.references(item));
    search.mailing();
    search.organisations();
    search.systems();
    for tree in &estate.ownership {
        search.owners(tree);
    }
    search.texts();
    let mut found = search.found;
    found.sort_by(|a, b| (&a.path, a.at, a.how).cmp(&(&b.path, b.at, b.how)));
    found.dedup_by(|a, b| a.path == b.path && a.at == b.at);
    found
}

struct Search<'s, 'e> {
    estate: &'e Estate,
    names: &'s Names<'e>,
    found: Vec<Mention>,
}

impl<'e> Search<'_, 'e> {
    fn sources(&self) -> &'e SourceMap {
        &self.estate.sources
    }

    fn add(&mut self, span: Span, how: How, item: (Option<KindId>, &str)) {
        let (kind, name) = (item.0.map(KindId::name), item.1);
        let subject = kind.map_or_else(|| name.to_owned(), |kind| format!("{kind}/{name}"));
        let what = match how {
            How::Own => how.words().to_owned(),
            how => format!("{} {subject}", how.words()),
        };
        self.found.push(Mention {
            path: self.sources().file(span.file).path.clone(),
            line: self.sources().position(span).line,
            at: span.start as usize,
            kind,
            name: name.to_owned(),
            how,
            what,
        });
    }

    fn own(&mut self) {
        let Some(person) = self.names.person else {
            return;
        };
        if self
            .names
            .own_file(&self.sources().file(person.span.file).path)
        {
            self.add(person.span, How::Own, (Some(KindId::Person), &person.name));
        }
    }

    fn references(&mut self, item: AnyItem<'e>) {
        let mut named = Vec::new();
        item.references(&mut |reference| {
            if reference.kind == KindId::Person && self.names.is(reference.name) {
                named.push(reference);
            }
        });
        for reference in named {
            let how = self.how(item, &reference);
            self.add(reference.span, how, (Some(item.kind), item.name));
        }
    }

    fn how(&self, item: AnyItem<'_>, reference: &Reference<'_>) -> How {
        match (item.kind, reference.relation) {
            (_, Relation::StaffedBy) => How::Staff,
            (_, Relation::Pages) => How::Rota,
            (_, Relation::EscalatesTo) => How::Escalation,
            (_, Relation::Honours) => How::Honour,
            (_, Relation::LedBy) => {
                let group = self.estate.tables.groups.get(item.name);
                let ended = group.is_some_and(|group| has_ended(&group.value, reference.span));
                if ended { How::PastTerm } else { How::Officer }
            }
            (KindId::Group, Relation::Consults) => How::Liaison,
            (KindId::Person, _) => {
                let person = self.estate.tables.people.get(item.name);
                let mentors = person
                    .into_iter()
                    .flat_map(|person| &person.value.mentored_by);
                let mut mentors = mentors.map(|mentor| mentor.span);
                if mentors.any(|span| span == reference.span) {
                    How::Mentor
                } else {
                    How::Sponsor
                }
            }
            (_, Relation::Consults) => How::Excluded,
            (KindId::Organisation, Relation::HasMaintainer) => How::Admin,
            (_, Relation::HasMaintainer) => How::Maintainer,
            (_, Relation::HasMember) => How::Member,
            _ => How::Text,
        }
    }

    fn mailing(&mut self) {
        for group in self.estate.tables.mailing_groups.items() {
            for (role, email) in group.value.addresses() {
                let how = match role {
                    "owner" => How::Owner,
                    "manager" => How::Manager,
                    _ => How::Member,
                };
                if self.names.has(email) {
                    self.add(email.span, how, (Some(KindId::MailingGroup), &group.name));
                }
            }
        }
    }

    fn organisations(&mut self) {
        for item in self.estate.tables.organisations.items() {
            let subject = (Some(KindId::Organisation), item.name.as_str());
            for (_, repository) in &item.value.repositories.entries {
                for (login, _) in &repository.collaborators.entries {
                    if self.names.is(login) {
                        self.add(login.span, How::Collaborator, subject);
                    }
                }
            }
            let repositories = &item.value.repositories.entries;
            let pushed = repositories.iter().flat_map(|(name, repository)| {
                let branches = repository.branches.entries.iter();
                branches.map(move |(branch, rules)| (name, branch, rules))
            });
            for (repository, branch, rules) in pushed {
                for (at, login) in rules.push_people.iter().enumerate() {
                    if !self.names.is(login) {
                        continue;
                    }
                    let way = [
                        "repositories",
                        repository,
                        "branches",
                        branch,
                        "push_people",
                    ];
                    let mut way = edit::keys(way);
                    way.push(at.into());
                    let text = &self.sources().file(branch.span.file).text;
                    let place = edit::span_of(text, &way);
                    let place = place.map(|at| Span::new(branch.span.file, at.start, at.end));
                    self.add(place.unwrap_or(branch.span), How::Pusher, subject);
                }
            }
        }
    }

    fn systems(&mut self) {
        for item in self.estate.tables.access_systems.items() {
            let subject = (Some(KindId::AccessSystem), item.name.as_str());
            for login in &item.value.required_admins {
                if self.names.is(login) {
                    self.add(login.span, How::RequiredAdmin, subject);
                }
            }
            let user = item.value.user.as_deref().unwrap_or("");
            let email = Email::new(user);
            if self.names.is(user) || email.is_some_and(|email| self.names.has(&email)) {
                let text = &self.sources().file(item.span.file).text;
                let place = edit::span_of(text, &edit::keys(["user"]));
                let place = place.map(|at| Span::new(item.span.file, at.start, at.end));
                self.add(place.unwrap_or(item.span), How::Account, subject);
            }
        }
    }

    fn owners(&mut self, tree: &OwnersTree) {
        let subject = (None, tree.repository.as_str());
        for file in tree.folders.values() {
            let filters = file.filters.iter().map(|filter| &filter.owners);
            for owners in filters.chain([&file.owners]) {
                for (list, how) in lists(owners) {
                    for name in list
                        .iter()
                        .filter(|name| tree.aliases.members(name).is_none())
                    {
                        if self.names.is(name) {
                            self.add(name.span, how, subject);
                        }
                    }
                }
            }
        }
        for login in tree.aliases.names.values().flatten() {
            if self.names.is(login) {
                self.add(login.span, How::Alias, subject);
            }
        }
    }

    /// Values that are a login or address of theirs, or name one, and that nothing above has
    /// found: what was read of a person beside, for example their address behind their login,
    /// belongs to a place that was.
    fn texts(&mut self) {
        let logins = self.names.person.map(|person| {
            let login = person.value.handles.github.as_ref();
            let login = login.map_or(person.name.as_str(), |login| login.as_str());
            [Aliases::key(login).into_owned(), person.name.clone()]
        });
        let logins: Vec<String> = logins.into_iter().flatten().collect();
        let needles: Vec<String> = logins
            .iter()
            .chain(&self.names.mailboxes)
            .cloned()
            .collect();
        let mut known: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for mention in &self.found {
            known.entry(&mention.path).or_default().push(mention.at);
        }
        let mut more = Vec::new();
        for file in self
            .sources()
            .files()
            .filter(|file| !self.names.own_file(&file.path))
        {
            if !needles.iter().any(|needle| contains(&file.text, needle)) {
                continue;
            }
            let mut hits = Vec::new();
            edit::each_scalar(&file.text, &mut |text, at| {
                let email = Email::new(text.trim());
                let hit = logins.iter().any(|login| is_named(text, login))
                    || email.is_some_and(|email| self.names.has(&email));
                if hit {
                    hits.push(at);
                }
            });
            let known = known.get(file.path.as_str()).map_or(&[][..], Vec::as_slice);
            hits.retain(|hit| !known.contains(hit));
            if hits.is_empty() {
                continue;
            }
            let parent = |at: usize| {
                let mut way = edit::path_to(&file.text, at).unwrap_or_default();
                way.pop();
                way
            };
            let mut parents: Vec<_> = known.iter().map(|at| parent(*at)).collect();
            for at in hits {
                let parent = parent(at);
                if !parents.contains(&parent) {
                    parents.push(parent);
                    more.push((file, at));
                }
            }
        }
        for (file, at) in more {
            let position = file.position(u32::try_from(at).unwrap_or(u32::MAX));
            self.found.push(Mention {
                path: file.path.clone(),
                line: position.line,
                at,
                kind: None,
                name: file.path.clone(),
                how: How::Text,
                what: format!("{} {}", How::Text.words(), file.path),
            });
        }
    }
}

fn lists(owners: &Owners) -> [(&[base::Spanned<String>], How); 5] {
    [
        (&owners.approvers, How::Approver),
        (&owners.reviewers, How::Reviewer),
        (&owners.required_reviewers, How::RequiredReviewer),
        (&owners.emeritus_approvers, How::Honour),
        (&owners.emeritus_reviewers, How::Honour),
    ]
}

fn has_ended(group: &Group, at: Span) -> bool {
    let mut leads = group.leads.iter();
    leads.any(|lead| lead.person.span == at && lead.until.is_some())
}

fn contains(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    !needle.is_empty()
        && text
            .windows(needle.len())
            .any(|window| window.eq_ignore_ascii_case(needle))
}

/// Whether a value is a login, or has it with `@` before it.
fn is_named(text: &str, login: &str) -> bool {
    if text.trim().eq_ignore_ascii_case(login) {
        return true;
    }
    let text = text.to_lowercase();
    let called = format!("@{}", login.to_lowercase());
    text.match_indices(&called).any(|(at, found)| {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        !text[..at].chars().next_back().is_some_and(part)
            && !text[at + found.len()..].chars().next().is_some_and(part)
    })
}
