//! Which provider speaks to which system.

use std::cell::RefCell;
use std::collections::BTreeMap;

use estate::kinds::{AccessSystem, AccessSystemKind, Secret};
use estate::{Estate, Item};
use http_client::Hidden;

use super::github::{GitHub, Renames};
use super::google::GoogleGroups;
use super::ldap::Directory;
use super::mailman::Mailman;
use super::{Known, ReadError, System};
use crate::desired::{self, Wanted};
use crate::scope::{Outside, Part};

/// A part of a system, ready to be read and written.
pub(crate) struct Opened {
    pub(crate) system: Box<dyn System>,
    /// What the system called its resources when it was last read.
    pub(crate) known: RefCell<Known>,
}

/// Opens the part of a system that a scope is.
pub(crate) fn open(
    item: &Item<AccessSystem>,
    part: Part<'_>,
    wanted: Wanted<'_>,
    outside: Outside<'_>,
) -> Result<Opened, ReadError> {
    let secret = secret(item, outside)?;
    let config = &item.value;
    let system: Box<dyn System> = match (config.kind, part) {
        (AccessSystemKind::Github, Part::Organisation(organisation)) => {
            let [teams, repositories] = desired::renames(wanted, organisation);
            let renames = Renames {
                teams,
                repositories,
            };
            let ids = numbers(wanted.estate);
            let name = &organisation.name;
            Box::new(GitHub::new(
                name,
                config,
                secret,
                ids,
                renames,
                outside.wait,
            )?)
        }
        (AccessSystemKind::GoogleGroups, Part::MailDomain(domain)) => {
            let (clock, wait) = (outside.clock, outside.wait);
            Box::new(GoogleGroups::new(domain, config, secret, clock, wait)?)
        }
        (AccessSystemKind::Mailman, Part::MailDomain(domain)) => {
            Box::new(Mailman::new(domain, config, secret)?)
        }
        (AccessSystemKind::Ldap, Part::Directory(base)) => {
            let directory = Directory::new(base, config, secret)?;
            Box::new(match &config.authority {
                Some(authority) => {
                    let authority = value_of(item, authority, outside)?;
                    directory.trusting(&authority.0)?
                }
                None => directory,
            })
        }
        (kind, _) => {
            let what = format!("a system of kind `{}` cannot hold this", kind.word());
            return Err(ReadError::Setup(what));
        }
    };
    Ok(Opened {
        system,
        known: RefCell::default(),
    })
}

/// The value of the secret that the system's file names.
fn secret(item: &Item<AccessSystem>, outside: Outside<'_>) -> Result<Hidden, ReadError> {
    let Some(secret) = &item.value.secret else {
        let what = format!("the access system {} has no `secret`", item.name);
        return Err(ReadError::Setup(what));
    };
    value_of(item, secret, outside)
}

fn value_of(
    item: &Item<AccessSystem>,
    secret: &Secret,
    outside: Outside<'_>,
) -> Result<Hidden, ReadError> {
    let name = secret.variable();
    let value = (outside.secrets)(name).filter(|value| !value.is_empty());
    value.map(Hidden).ok_or_else(|| {
        ReadError::Setup(format!(
            "the access system {} needs the environment variable {name}, which is not set",
            item.name
        ))
    })
}

/// The logins of people whose account numbers the estate knows. An `@` before one is decoration.
fn numbers(estate: &Estate) -> BTreeMap<u64, String> {
    let people = estate.tables.people.items();
    let numbered = people.filter_map(|person| {
        let handles = &person.value.handles;
        let login = handles.github.as_ref()?.trim_start_matches('@');
        Some((u64::from(handles.github_id?), login.to_lowercase()))
    });
    numbered.collect()
}
