//! What things use in common: it must be at both places while some have moved and others have not.

use std::collections::BTreeMap;

use jobs::{Catalogue, References, Target};

/// Something that several things use.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    /// What it is: a secret, a pool.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What a bridge for it takes, as a share of what one usually takes.
    pub share: f64,
    /// The things that use it: places among the things, rising.
    pub users: Vec<usize>,
}

/// What keeping it at two places takes, as a share of what a bridge usually takes; nothing if it is
/// no trouble.
fn felt(target: &Target) -> Option<(&'static str, f64)> {
    match target {
        Target::Secret(_) => Some(("secret", 1.0)),
        Target::ServiceAccount(_) => Some(("service account", 1.0)),
        Target::Pool(_) => Some(("pool", 1.0)),
        Target::Queue(_) => Some(("queue", 0.5)),
        Target::Preset(_) => Some(("preset", 0.25)),
        Target::Dashboard(_) => Some(("dashboard", 0.1)),
        Target::Image(_) => Some(("image", 0.1)),
        Target::Cluster(_) | Target::Repository(_) | Target::Owners(_) => None,
    }
}

fn name(target: &Target) -> &str {
    match target {
        Target::Cluster(name)
        | Target::Preset(name)
        | Target::Secret(name)
        | Target::ServiceAccount(name)
        | Target::Dashboard(name)
        | Target::Image(name)
        | Target::Pool(name)
        | Target::Repository(name)
        | Target::Queue(name)
        | Target::Owners(name) => name,
    }
}

/// What jobs use in common, by the job's places in the catalogue. `thing` says which thing a job
/// is, if it is one.
pub(super) fn of_jobs(
    catalogue: &Catalogue,
    references: &References,
    thing: &dyn Fn(usize) -> Option<usize>,
) -> Vec<Common> {
    let mut users: BTreeMap<(&Target, &str), Vec<usize>> = BTreeMap::new();
    for (target, mentions) in references.all() {
        if felt(target).is_none() {
            continue;
        }
        // Each cluster has its own secrets and identities of a name.
        let apart = matches!(target, Target::Secret(_) | Target::ServiceAccount(_));
        for mention in mentions {
            let Some(thing) = thing(mention.job) else {
                continue;
            };
            let cluster = if apart {
                catalogue.cluster_of(&catalogue.jobs[mention.job])
            } else {
                ""
            };
            users.entry((target, cluster)).or_default().push(thing);
        }
    }
    let several = users.into_iter().filter_map(|((target, _), mut users)| {
        users.sort_unstable();
        users.dedup();
        let (kind, share) = felt(target).filter(|_| users.len() > 1)?;
        Some(Common {
            kind,
            name: name(target).to_owned(),
            share,
            users,
        })
    });
    several.collect()
}
