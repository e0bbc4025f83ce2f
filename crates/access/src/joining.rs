//! Somebody joins: their file, the rung they stand on and who vouched, and the organisation they
//! become a member of; and what the community's ladder still asks of them.
//!
//! To join twice changes nothing: whoever is there already gets only what is missing.
//!
//! This module knows no disk and no clock: files come through a [`Tree`], the day is given, and
//! what is to be written is returned.

use base::Severity;
use charter::Charter;
use estate::kinds::{Organisation, Person};
use estate::{Estate, Item, Kind, Ref, Tree};
use jiff::civil::Date;
use serde::Serialize;
use yaml::edit::{self, CannotEdit, Order, Step, Written};

use crate::leaving::desk::Desk;
use crate::leaving::{ByHand, EditedTree, FileEdit, written};

/// Somebody who joins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Newcomer {
    /// Their name in the estate, which is that of their file: lower-case letters, digits and `-`.
    pub name: String,
    /// Their login at the forge.
    pub login: String,
    /// The number that the forge gave their account; it stays when the login changes.
    pub github_id: Option<u32>,
    /// Their full name, as they write it.
    pub full_name: Option<String>,
    /// Their public address.
    pub email: Option<String>,
    /// Who pays for their work.
    pub company: Option<String>,
    /// Their IANA time zone.
    pub time_zone: Option<String>,
}

/// Where somebody joins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The rung of a ladder that they shall stand on.
    pub rung: String,
    /// The organisation that they become a member of.
    pub organisation: Option<String>,
    /// Those who vouch, by name or login.
    pub sponsors: Vec<String>,
}

/// Somebody joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Onboarding {
    /// Who: their name in the estate.
    pub person: String,
    /// The first day.
    pub day: Date,
    /// What becomes of which file; nothing if all is there already.
    pub edits: Vec<FileEdit>,
    /// What the charter's ladder still asks, and what else would be wrong, in words.
    pub missing: Vec<String>,
    /// What no edit does.
    pub by_hand: Vec<ByHand>,
}

/// Why somebody cannot join like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The name cannot be that of a file.
    #[error(
        "\"{0}\" cannot be the name of a person: use lower-case letters, digits, `-`, `_` and `.`, beginning with a letter or digit"
    )]
    Name(String),
    /// No login was given.
    #[error("\"{0}\" is no login")]
    Login(String),
    /// The login is somebody else's.
    #[error("the login `{login}` is that of {whose}; if they are one, use that name")]
    LoginTaken {
        /// The login.
        login: String,
        /// The person who has it, as `kind/name`.
        whose: String,
    },
    /// The name leads to somebody with another login.
    #[error(
        "{whose} has the login `{has}` and not `{login}`; correct the file if it was renamed, or choose another name"
    )]
    OtherLogin {
        /// Whom the name leads to, as `kind/name`.
        whose: String,
        /// Their login.
        has: String,
        /// The login that was given.
        login: String,
    },
    /// The account is not the one that the estate knows.
    #[error(
        "{whose} is account {has} and not {given}: perhaps somebody else took the login after it was given up"
    )]
    OtherAccount {
        /// The person whose login it is, as `kind/name`.
        whose: String,
        /// The number of their account.
        has: u32,
        /// The number that was given.
        given: u32,
    },
    /// The account is known under another name.
    #[error("account {given} is {whose}; if they changed their login, correct it there")]
    AccountTaken {
        /// The number that was given.
        given: u32,
        /// Whose it is, as `kind/name`.
        whose: String,
    },
    /// A sponsor is nobody, or the newcomer.
    #[error("{0}")]
    Sponsor(String),
    /// The estate has no such organisation.
    #[error("the estate has no organisation `{name}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Organisation {
        /// Its name.
        name: String,
        /// What was perhaps meant.
        near: Option<String>,
    },
    /// The file of the person cannot be edited.
    #[error("{path}: {cannot}")]
    Edit {
        /// The file.
        path: String,
        /// Why.
        cannot: CannotEdit,
    },
}

/// What it takes that somebody joins on a day.
///
/// # Errors
/// The name, login or account belongs to somebody else; a sponsor or the organisation is not
/// known; their own file cannot be edited.
pub fn onboard(
    estate: &Estate,
    tree: &dyn Tree,
    newcomer: &Newcomer,
    place: &Place,
    day: Date,
) -> Result<Onboarding, Refused> {
    let known = known(estate, newcomer)?;
    let sponsors = sponsors(estate, newcomer, known, &place.sponsors)?;
    let mut desk = Desk::new(estate, tree);
    let mut by_hand = Vec::new();
    own_file(&mut desk, estate, newcomer, known, place, &sponsors, day)?;
    if let Some(name) = &place.organisation {
        let Some(item) = estate.tables.organisations.get(name) else {
            let names = estate.tables.organisations.items();
            let near = base::nearest(name, names.map(|item| item.name.as_str()));
            return Err(Refused::Organisation {
                name: name.clone(),
                near: near.map(str::to_owned),
            });
        };
        join(&mut desk, estate, newcomer, item, &mut by_hand);
    }
    let edits = desk.edits();
    let missing = missing(tree, &edits, &newcomer.name, day);
    Ok(Onboarding {
        person: newcomer.name.clone(),
        day,
        edits,
        missing,
        by_hand,
    })
}

/// Whether an item stands in a file of its own.
fn own_path(estate: &Estate, item: &Item<Person>) -> Option<String> {
    let shown = &estate.sources.file(item.span.file).path;
    let is = |ending: &str| shown.ends_with(&format!("{}/{}.{ending}", Person::FOLDER, item.name));
    ["yaml", "yml"]
        .iter()
        .any(|ending| is(ending))
        .then(|| shown.clone())
}

/// The person of that name and login, if the estate has one already.
fn known<'e>(estate: &'e Estate, newcomer: &Newcomer) -> Result<Option<&'e Item<Person>>, Refused> {
    let name = &newcomer.name;
    let starts = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let part = |c: char| starts(c) || matches!(c, '-' | '_' | '.');
    if !name.starts_with(starts) || !name.chars().all(part) {
        return Err(Refused::Name(name.clone()));
    }
    let login = newcomer.login.trim_start_matches('@');
    if login.is_empty() || login.contains(|c: char| c.is_whitespace() || c == '/') {
        return Err(Refused::Login(newcomer.login.clone()));
    }
    let people = &estate.tables.people;
    let by_login = people.get(login);
    let by_name = people.get(name);
    // Who is met in other files only has the login for a name, and no file that says otherwise.
    let settled = |item: &&Item<Person>| item.name == *name || own_path(estate, item).is_some();
    if let Some(other) = by_login.filter(settled).filter(|other| other.name != *name) {
        return Err(Refused::LoginTaken {
            login: login.to_owned(),
            whose: other.subject(),
        });
    }
    if let Some(item) = by_name {
        let has = item.value.handles.github.as_ref();
        if let Some(has) =
            has.filter(|has| !has.trim_start_matches('@').eq_ignore_ascii_case(login))
        {
            return Err(Refused::OtherLogin {
                whose: item.subject(),
                has: has.value.clone(),
                login: login.to_owned(),
            });
        }
    }
    if let Some(given) = newcomer.github_id {
        let has = by_name.and_then(|item| Some((item, item.value.handles.github_id?)));
        if let Some((item, has)) = has.filter(|(_, has)| *has != given) {
            return Err(Refused::OtherAccount {
                whose: item.subject(),
                has,
                given,
            });
        }
        let same = |item: &&Item<Person>| item.value.handles.github_id == Some(given);
        if let Some(other) = people
            .items()
            .find(same)
            .filter(|other| other.name != *name)
        {
            return Err(Refused::AccountTaken {
                given,
                whose: other.subject(),
            });
        }
    }
    Ok(by_name)
}

/// The sponsors by their names in the estate.
fn sponsors(
    estate: &Estate,
    newcomer: &Newcomer,
    known: Option<&Item<Person>>,
    asked: &[String],
) -> Result<Vec<String>, Refused> {
    let mut names: Vec<String> = Vec::new();
    for sponsor in asked {
        let people = &estate.tables.people;
        let Some(item) = people.get(sponsor) else {
            let near = base::nearest(sponsor, people.items().map(|item| item.name.as_str()));
            let near = near
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            return Err(Refused::Sponsor(format!(
                "the estate knows nobody called `{sponsor}`, who shall vouch{near}"
            )));
        };
        let login = newcomer.login.trim_start_matches('@');
        if known.is_some_and(|own| own.name == item.name) || sponsor.eq_ignore_ascii_case(login) {
            return Err(Refused::Sponsor("nobody vouches for themselves".to_owned()));
        }
        if !names.contains(&item.name) {
            names.push(item.name.clone());
        }
    }
    Ok(names)
}

/// Makes or completes the file of the newcomer.
fn own_file(
    desk: &mut Desk<'_>,
    estate: &Estate,
    newcomer: &Newcomer,
    known: Option<&Item<Person>>,
    place: &Place,
    sponsors: &[String],
    day: Date,
) -> Result<(), Refused> {
    let shown = known.and_then(|item| own_path(estate, item));
    let path = shown.as_deref().and_then(|shown| desk.find(shown));
    let path = path.unwrap_or_else(|| format!("{}/{}.yaml", Person::FOLDER, newcomer.name));
    let refuse = |cannot| Refused::Edit {
        path: path.clone(),
        cannot,
    };
    let rung = rung(place, sponsors, day);
    let Some(text) = desk.text(&path) else {
        let mut keys = facts(newcomer);
        keys.push(("rungs", Written::List(vec![rung])));
        desk.put(&path, written(keys));
        return Ok(());
    };
    let text = completed(&text, newcomer, known).map_err(refuse)?;
    let stands = known.is_some_and(|item| {
        let mut rungs = item.value.rungs.iter();
        rungs.any(|held| {
            held.rung.eq_ignore_ascii_case(&place.rung)
                && held.until.is_none_or(|until| until >= day)
        })
    });
    let text = if stands {
        text
    } else {
        edit::insert_entry(&text, &edit::keys(["rungs"]), &rung, Order::Last).map_err(refuse)?
    };
    desk.put(&path, text);
    Ok(())
}

fn rung(place: &Place, sponsors: &[String], day: Date) -> Written {
    let mut keys = vec![
        ("rung".to_owned(), place.rung.as_str().into()),
        ("since".to_owned(), Written::Text(day.to_string())),
    ];
    if !sponsors.is_empty() {
        let names = sponsors.iter().map(|name| name.as_str().into());
        keys.push(("sponsors".to_owned(), Written::List(names.collect())));
    }
    Written::Mapping(keys)
}

/// What is said of a newcomer, in the order of a file.
fn facts(newcomer: &Newcomer) -> Vec<(&'static str, Written)> {
    let login = newcomer.login.trim_start_matches('@');
    let mut handles = vec![("github".to_owned(), login.into())];
    if let Some(id) = newcomer.github_id {
        handles.push(("github_id".to_owned(), Written::Number(id.into())));
    }
    let text = |text: &Option<String>| text.as_deref().map(Written::from);
    let job = |company: &String| {
        Written::List(vec![Written::Mapping(vec![(
            "company".to_owned(),
            company.as_str().into(),
        )])])
    };
    let keys = [
        ("name", text(&newcomer.full_name)),
        ("handles", Some(Written::Mapping(handles))),
        ("email", text(&newcomer.email)),
        ("employers", newcomer.company.as_ref().map(job)),
        ("time_zone", text(&newcomer.time_zone)),
    ];
    keys.into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

/// A file with what it did not say yet. Whoever had left has come back.
fn completed(
    text: &str,
    newcomer: &Newcomer,
    known: Option<&Item<Person>>,
) -> Result<String, CannotEdit> {
    let mut text = text.to_owned();
    let has = |text: &str, way: &[Step]| edit::span_of(text, way).is_some_and(|at| !at.is_empty());
    for (key, value) in facts(newcomer) {
        let way = edit::keys([key]);
        if !has(&text, &way) {
            text = edit::set_key(&text, &way, &value)?;
            continue;
        }
        let Written::Mapping(parts) = value else {
            continue;
        };
        for (part, value) in parts {
            let way = edit::keys([key, part.as_str()]);
            if !has(&text, &way) {
                text = edit::set_key(&text, &way, &value)?;
            }
        }
    }
    if known.is_some_and(|item| item.value.left.is_some()) {
        text = edit::remove_at(&text, &edit::keys(["left"]))?;
    }
    Ok(text)
}

/// Adds somebody to the members of an organisation, as their neighbours stand there.
fn join(
    desk: &mut Desk<'_>,
    estate: &Estate,
    newcomer: &Newcomer,
    item: &Item<Organisation>,
    by_hand: &mut Vec<ByHand>,
) {
    let login = newcomer.login.trim_start_matches('@');
    let is = |one: &Ref<Person>| {
        let name = one.name.trim_start_matches('@');
        name.eq_ignore_ascii_case(login) || name == newcomer.name
    };
    if item.value.people().any(is) {
        return;
    }
    let mut fail = |place: String, why: String| {
        by_hand.push(ByHand {
            place,
            what: format!("add {login} to the members of {}", item.subject()),
            why,
        });
    };
    let neighbour = item.value.members.first();
    let neighbour = neighbour.or_else(|| item.value.admins.first());
    let span = neighbour.map_or(item.span, |one| one.span);
    let shown = &estate.sources.file(span.file).path;
    let path = desk.find(shown);
    let Some((text, path)) = path.and_then(|path| Some((desk.text(&path)?, path))) else {
        let why = "nobody knows which file of the tree this is";
        return fail(shown.clone(), why.to_owned());
    };
    let native = path.starts_with(&format!("{}/", Organisation::FOLDER));
    let at = neighbour.map(|one| one.span.start as usize);
    let Some(list) = members(&text, at, native) else {
        let why = "its list of members is not where one would look for it";
        return fail(estate.sources.line_of(span), why.to_owned());
    };
    let written = if native {
        newcomer.name.as_str()
    } else {
        login
    };
    match edit::insert_entry(&text, &list, &written.into(), Order::Sorted) {
        Ok(text) => {
            desk.put(&path, text);
            by_hand.push(ByHand {
                place: item.subject(),
                what: format!("{login} must accept the invitation"),
                why: "nobody becomes a member of an organisation without their own consent"
                    .to_owned(),
            });
        }
        Err(cannot) => fail(format!("{shown}:{}", cannot.line), cannot.why),
    }
}

/// The way to the list of members: beside the one that somebody stands in, if somebody does.
fn members(text: &str, somebody: Option<usize>, native: bool) -> Option<Vec<Step>> {
    let way = somebody.and_then(|at| edit::path_to(text, at));
    match way.as_deref() {
        Some([above @ .., Step::Key(_), Step::Item(_)]) => {
            let mut list = above.to_vec();
            list.push("members".into());
            Some(list)
        }
        _ => native.then(|| edit::keys(["members"])),
    }
}

/// What the estate would find wrong about the newcomer: what the ladder of the charter asks, and
/// mistakes that are not there today.
fn missing(tree: &dyn Tree, edits: &[FileEdit], name: &str, day: Date) -> Vec<String> {
    let edited = EditedTree::new(tree, edits);
    let (after, findings) = match formats::load(&edited) {
        Ok(loaded) => loaded,
        Err((_, findings)) => return findings.into_iter().map(|one| one.message).collect(),
    };
    let subject = format!("{}/{name}", Person::NAME);
    let own = after.tables.people.get(name).map(|item| item.span.file);
    let about = |one: &base::Diagnostic| {
        one.subject.as_deref() == Some(subject.as_str()) || own == Some(one.span.file)
    };
    let (charter, _) = Charter::of(&after);
    let judged = charter::check(&after, &charter, day);
    let asked = judged
        .into_iter()
        .filter(|one| one.code.id == "ladder-rung");
    let errors = findings
        .into_iter()
        .filter(|one| one.severity == Severity::Error);
    let found = asked.chain(errors).filter(about);
    found.map(|one| one.message).collect()
}
