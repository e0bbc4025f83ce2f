//! Reading the lists of a mail domain from Mailman.
//!
//! # How many requests
//! One for every page of lists; one for every wanted list with settings that the page does not
//! tell; and for who is in the lists either one for each wanted list, or one for each page of
//! everybody in a role at the whole server (and one to know how many these are), whichever are
//! fewer.

use std::collections::{BTreeMap, BTreeSet};

use estate::Email;
use http_client::http::Method;
use http_client::{Answer, Failure, segment};
use serde_json::{Value, json};

use super::{Known, Mailman, ReadError, Reading, one_line, settings, text};
use crate::abreast::abreast;
use crate::{Key, Sort, State};

/// How often pages are read again from the first, where something changed in between.
const TRIES: usize = 3;
/// How many questions are under way: Mailman answers two at a time unless it is told otherwise,
/// and others are on their way meanwhile.
const AT_ONCE: usize = 4;
/// What a page of lists says of a list's settings.
const ON_THE_PAGE: [&str; 1] = ["advertised"];
/// Memberships, with no more said of each than is needed.
const FIND: &str = "members/find?fields=member_id&fields=list_id&fields=email&fields=role";
/// Of an address that wrote to a list and is not in it.
const NONMEMBER: &str = "nonmember";
/// From the lowest; read in this order, so that who is promoted meanwhile is seen once at least.
const ROLES: [(&str, &str); 3] = [
    ("member", "member"),
    ("moderator", "manager"),
    ("owner", "owner"),
];

/// An address in a list, with a role of Mailman's.
struct Membership {
    list_id: String,
    address: String,
    /// Its place in [`ROLES`].
    rank: usize,
}

impl Mailman {
    pub(super) fn read_all(&self, wanted: &State) -> Result<Reading, ReadError> {
        let mut reading = Reading::default();
        let declared = lists_of(wanted);
        let lists = self.lists()?;
        let mut ids = BTreeMap::new();
        let mut set_up = Vec::new();
        for list in &lists {
            let (Some(address), Some(id)) = (text(list, "fqdn_listname"), text(list, "list_id"))
            else {
                return Err(self.untrusted("a list has no address"));
            };
            let key = Key::new(Sort::MailingGroup, address);
            if declared.contains(&key.name) {
                ids.insert(id.to_owned(), key.name.clone());
            }
            let settings = Key::of(Sort::MailingSettings, address, "");
            if let Some(value) = wanted.value(&settings) {
                set_up.push((settings, id, list, settings::texts(value)));
            }
            let value = group(list, wanted.value(&key));
            reading.known.set(key.clone(), id);
            reading.state.insert(key, value);
        }
        let seen = abreast(AT_ONCE, &set_up, |(_, id, list, wanted)| {
            self.settings(id, list, wanted)
        })?;
        for ((key, ..), seen) in set_up.into_iter().zip(seen) {
            reading.state.insert(key, seen);
        }
        enter(self.memberships(&ids)?, &ids, wanted, &mut reading);
        Ok(reading)
    }

    /// All lists of the domain.
    fn lists(&self) -> Result<Vec<Value>, ReadError> {
        let domain = segment(&self.domain);
        self.all(&format!("domains/{domain}/lists?"), "list_id")
    }

    /// The wanted settings of a list, as they are.
    fn settings(
        &self,
        id: &str,
        list: &Value,
        wanted: &BTreeMap<String, String>,
    ) -> Result<Value, ReadError> {
        let told = |name: &&str| ON_THE_PAGE.contains(name);
        let asked;
        let real = if settings::names(wanted).iter().all(told) {
            list
        } else {
            asked = self.get(&format!("lists/{}/config", segment(id)))?;
            &asked
        };
        Ok(settings::seen(wanted, real))
    }

    /// Who is in these lists, by id.
    fn memberships(&self, ids: &BTreeMap<String, String>) -> Result<Vec<Membership>, ReadError> {
        let entries = match self.of_everybody(ids.len())? {
            Some(entries) => entries,
            None => self.list_by_list(ids)?,
        };
        let here = entries.iter().filter(|entry| {
            let list = text(entry, "list_id");
            list.is_none_or(|id| ids.contains_key(id)) && text(entry, "role") != Some(NONMEMBER)
        });
        here.map(|entry| {
            membership(entry).ok_or_else(|| {
                self.untrusted("a membership has no address, list or role that is known")
            })
        })
        .collect()
    }

    fn list_by_list(&self, ids: &BTreeMap<String, String>) -> Result<Vec<Value>, ReadError> {
        let ids: Vec<_> = ids.keys().collect();
        let rosters = abreast(AT_ONCE, &ids, |id| {
            self.all(&format!("{FIND}&list_id={}&", segment(id)), "member_id")
        })?;
        Ok(rosters.into_iter().flatten().collect())
    }

    /// Everybody at the server, if that takes fewer requests than to ask for so many lists. None
    /// also where the pages do not fit together: lists of other domains change at any time.
    fn of_everybody(&self, lists: usize) -> Result<Option<Vec<Value>>, ReadError> {
        let queries = ROLES.map(|(role, _)| format!("{FIND}&role={role}&"));
        // A page for each role, and the question how many pages there are.
        if lists <= queries.len() + 1 || queries.len() + self.pages(&queries[0])? >= lists {
            return Ok(None);
        }
        let mut entries = Vec::new();
        for query in queries {
            let Some(found) = self.all_if_still(&query, "member_id")? else {
                return Ok(None);
            };
            entries.extend(found);
        }
        Ok(Some(entries))
    }

    /// How many pages this query has.
    fn pages(&self, query: &str) -> Result<usize, ReadError> {
        let page = self.get(&format!("{query}count=1&page=1"))?;
        Ok(self.total(&page)?.div_ceil(self.page))
    }

    /// All entries on all pages. Each has `id`, by which it is told from others.
    fn all(&self, query: &str, id: &str) -> Result<Vec<Value>, ReadError> {
        for _ in 0..TRIES {
            if let Some(entries) = self.all_if_still(query, id)? {
                return Ok(entries);
            }
        }
        let path = query.split('?').next().unwrap_or_default();
        Err(self.untrusted(&format!(
            "the pages of `{path}` do not fit together; plan again when nobody changes it"
        )))
    }

    /// The same; none where the pages contradict each other, as when something was added or
    /// taken away while they were read.
    fn all_if_still(&self, query: &str, id: &str) -> Result<Option<Vec<Value>>, ReadError> {
        let mut entries: Vec<Value> = Vec::new();
        let mut total = None;
        for number in 1.. {
            let mut page = self.get(&format!("{query}count={}&page={number}", self.page))?;
            let size = self.total(&page)?;
            if *total.get_or_insert(size) != size {
                return Ok(None);
            }
            // An empty page has none.
            let here = page.get_mut("entries").map(Value::take);
            let Value::Array(here) = here.unwrap_or_else(|| json!([])) else {
                return Err(self.untrusted("a page has no list of entries"));
            };
            if here.len() != self.page.min(size.saturating_sub(entries.len())) {
                return Ok(None);
            }
            entries.extend(here);
            if entries.len() >= size {
                break;
            }
        }
        let distinct: BTreeSet<_> = entries.iter().filter_map(|entry| text(entry, id)).collect();
        Ok((distinct.len() == entries.len()).then_some(entries))
    }

    fn total(&self, page: &Value) -> Result<usize, ReadError> {
        let size = page.get("total_size").and_then(Value::as_u64);
        let size = size.and_then(|size| usize::try_from(size).ok());
        size.ok_or_else(|| self.untrusted("a page does not say how many entries there are"))
    }

    /// An object at a path.
    fn get(&self, path: &str) -> Result<Value, ReadError> {
        let Some(answer) = self.find(path)? else {
            return Err(self.absent(path)?);
        };
        let value: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let value = value.filter(Value::is_object);
        value.ok_or_else(|| self.untrusted(&format!("`{path}` is not a JSON object")))
    }

    /// What is at a path; none only if Mailman says so.
    fn find(&self, path: &str) -> Result<Option<Answer>, ReadError> {
        let answer = self.ask(&self.reader, Method::GET, path, None);
        let answer = answer.map_err(|failure| match failure {
            Failure::Unreachable(what) | Failure::Unanswered(what) => {
                ReadError::Unreachable(self.silent(&what))
            }
        })?;
        match answer.status {
            200 => Ok(Some(answer)),
            404 => Ok(None),
            429 | 503 => Err(ReadError::Unreachable(format!(
                "Mailman at {} asks to wait {} seconds",
                self.root,
                answer.pause().as_secs()
            ))),
            500.. => Err(ReadError::Unreachable(self.said(&answer))),
            _ => Err(ReadError::Refused(self.said(&answer))),
        }
    }

    /// What it means that something is not there: a domain, or all of the interface.
    fn absent(&self, path: &str) -> Result<ReadError, ReadError> {
        let (root, domain) = (&self.root, &self.domain);
        if self.find("system/versions")?.is_none() {
            return Ok(ReadError::Setup(format!(
                "at {root} there is no REST interface of Mailman; its `address` ends in `/3.1`"
            )));
        }
        let its_domain = format!("domains/{}", segment(domain));
        if self.find(&its_domain)?.is_some() {
            return Ok(self.untrusted(&format!(
                "`{path}` was there and is not any more; plan again when nobody changes it"
            )));
        }
        Ok(ReadError::Absent(format!(
            "Mailman at {root} has no mail domain `{domain}`; add it there: in Postorius under Domains, or with a POST of `mail_host={domain}` to {root}/domains"
        )))
    }

    fn untrusted(&self, what: &str) -> ReadError {
        ReadError::Untrusted(format!("Mailman at {}: {what}", self.root))
    }
}

/// The lists that the estate says something of.
fn lists_of(wanted: &State) -> BTreeSet<String> {
    let lists = wanted.entries.keys().filter_map(|key| match key.sort {
        Sort::MailingGroup => Some(key.name.clone()),
        Sort::MailingSettings | Sort::MailingMember => Some(key.of.clone()),
        _ => None,
    });
    lists.collect()
}

/// A list as a mailing group. What the estate does not say of it is not read.
fn group(list: &Value, wanted: Option<&Value>) -> Value {
    let name = text(list, "display_name").unwrap_or_default();
    let description = text(list, "description").unwrap_or_default();
    let in_wanted_words = |field: &str, real: &str| match wanted.and_then(|value| value.get(field))
    {
        Some(Value::Null) => Value::Null,
        Some(Value::String(text)) if one_line(text) == real => text.clone().into(),
        _ => real.into(),
    };
    json!({
        "name": in_wanted_words("name", name),
        "description": in_wanted_words("description", description),
    })
}

fn membership(entry: &Value) -> Option<Membership> {
    let role = text(entry, "role")?;
    Some(Membership {
        list_id: text(entry, "list_id")?.to_owned(),
        address: text(entry, "email")?.to_owned(),
        rank: ROLES.iter().position(|(mailmans, _)| *mailmans == role)?,
    })
}

/// Enters who is in the lists: one entry for every mailbox, with its highest role.
fn enter(
    memberships: Vec<Membership>,
    ids: &BTreeMap<String, String>,
    wanted: &State,
    reading: &mut Reading,
) {
    let mut mailboxes: BTreeMap<Key, BTreeMap<String, usize>> = BTreeMap::new();
    for membership in memberships {
        let Some(list) = ids.get(&membership.list_id) else {
            continue;
        };
        let key = Key::of(Sort::MailingMember, list, &mailbox(&membership.address));
        let spellings = mailboxes.entry(key).or_default();
        let rank = spellings.entry(membership.address).or_default();
        *rank = membership.rank.max(*rank);
    }
    for (key, spellings) in mailboxes {
        let rank = spellings.values().copied().max().unwrap_or_default();
        let first = spellings.keys().next().cloned().unwrap_or_default();
        let declared = wanted
            .value(&key)
            .and_then(|value| text(value, "address"))
            .filter(|address| spellings.contains_key(&address.to_lowercase()));
        let address = declared.map_or(first, str::to_owned);
        // All of them, so that somebody who goes goes by every spelling.
        let all: Vec<_> = spellings.into_keys().collect();
        let known: &Known = &reading.known;
        known.set(key.clone(), all.join(" "));
        let value = json!({"address": address, "role": ROLES[rank].1});
        reading.state.insert(key, value);
    }
}

fn mailbox(address: &str) -> String {
    Email::new(address).map_or_else(|| address.to_owned(), |email| email.mailbox())
}
