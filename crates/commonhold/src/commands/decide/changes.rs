//! `commonhold propose`, `notice`, `approve`, `object` and `withdraw`: one signed event each.

use anyhow::{Context, bail};
use base::Digest;
use decisions::{Act, Content, Event, ItemId, NAMESPACE, PersonName, RaisedRisk, Statement};

use crate::cli::{
    ApproveArguments, NoticeArguments, ObjectArguments, ProposeArguments, RiskChoice, Signing,
    WithdrawArguments,
};
use crate::commands::plan;
use crate::court::{Filed, Parties};
use crate::files;
use crate::governed::Place;
use crate::keys::SigningKey;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(crate) fn propose(
    project: &Project<'_>,
    arguments: &ProposeArguments,
) -> anyhow::Result<Outcome> {
    sign(project, &arguments.signing, |filed| {
        let title = arguments
            .title
            .clone()
            .unwrap_or_else(|| plan::title(&filed.plan));
        Ok(vec![Act::Propose {
            title,
            matter: None,
        }])
    })
}

pub(crate) fn notice(
    project: &Project<'_>,
    arguments: &NoticeArguments,
) -> anyhow::Result<Outcome> {
    sign(project, &arguments.signing, |_| {
        Ok(vec![Act::Notice {
            channel: arguments.to.clone(),
            evidence: arguments.seen_at.clone(),
        }])
    })
}

pub(crate) fn approve(
    project: &Project<'_>,
    arguments: &ApproveArguments,
) -> anyhow::Result<Outcome> {
    let reason = arguments.reason.clone();
    let because = || reason.clone().context("say why with --reason");
    sign(project, &arguments.signing, |filed| {
        let mut acts = Vec::new();
        for group in &arguments.group {
            acts.push(Act::Acknowledge {
                group: group.clone(),
            });
        }
        for scope in &arguments.pass_limit {
            let names = filed
                .plan
                .scopes
                .iter()
                .map(|planned| planned.scope.to_string());
            if !names.clone().any(|name| name == *scope) {
                bail!(
                    "the plan has no scope `{scope}`; it has: {}",
                    names.collect::<Vec<_>>().join(", ")
                );
            }
            acts.push(Act::OverrideLimit {
                scope: scope.clone(),
                reason: because()?,
            });
        }
        if let Some(risk) = arguments.raise {
            let risk = match risk {
                RiskChoice::Medium => RaisedRisk::Medium,
                RiskChoice::High => RaisedRisk::High,
            };
            return Ok(vec![Act::Raise {
                risk,
                reason: because()?,
            }]);
        }
        if arguments.emergency {
            acts.push(Act::Emergency { reason: because()? });
        } else {
            acts.push(Act::Approve { role: None });
        }
        Ok(acts)
    })
}

pub(crate) fn object(
    project: &Project<'_>,
    arguments: &ObjectArguments,
) -> anyhow::Result<Outcome> {
    sign(project, &arguments.signing, |_| {
        Ok(vec![Act::Object {
            reason: arguments.reason.clone(),
        }])
    })
}

pub(crate) fn withdraw(
    project: &Project<'_>,
    arguments: &WithdrawArguments,
) -> anyhow::Result<Outcome> {
    sign(project, &arguments.signing, |_| {
        let event = arguments
            .event
            .parse()
            .map_err(|error| anyhow::anyhow!("{}: {error}", arguments.event))?;
        Ok(vec![Act::Withdraw { event }])
    })
}

/// An event that names more changes than this is too long to be read.
const MOST_CHANGES: usize = 10_000;

/// Signs acts on a plan in the name of whoever holds the key, and writes them below `decisions/`.
fn sign(
    project: &Project<'_>,
    signing: &Signing,
    acts: impl FnOnce(&Filed) -> anyhow::Result<Vec<Act>>,
) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let filed = Filed::read(&place, &signing.file)?;
    let acts = acts(&filed)?;
    let mut ledger = place.existing_ledger_here(project)?;
    let Parties { base, authors, .. } = filed.parties(&place, ledger.as_mut())?;
    let key = SigningKey::find(&place, signing.key.as_deref())?;
    let person = key.holder(&base.estate)?;
    let actor = PersonName::new(&person)
        .context("the name of the person's file cannot stand in a decision")?;
    let changes: Vec<Digest> = filed
        .plan
        .changes()
        .map(|(_, planned)| planned.digest)
        .collect();
    let parts = changes.chunks(MOST_CHANGES);
    let parts = parts.filter_map(|part| Content::new(filed.digest, part.iter().copied()));
    let contents: Vec<Content> = parts.collect();
    let first = contents
        .first()
        .context("the plan has no changes to decide on")?;
    let item = item(&place, &filed, first)?;
    for act in &acts {
        if let Act::Acknowledge { group } = act
            && base.estate.tables.groups.get(group).is_none()
        {
            bail!("the estate has no group `{group}` at the base of the plan");
        }
    }
    let mut notes = String::new();
    let agrees = |act: &Act| {
        matches!(
            act,
            Act::Approve { .. } | Act::Acknowledge { .. } | Act::OverrideLimit { .. }
        )
    };
    if authors.known.contains(&person) && acts.iter().any(agrees) {
        notes +=
            &format!("warning: {person} is an author of these changes, so this will not count\n");
    }
    let mut said = String::new();
    let of_each = |act: Act| {
        contents
            .iter()
            .map(move |content| (act.clone(), content.clone()))
    };
    for (act, content) in acts.into_iter().flat_map(of_each) {
        let word = act.name();
        let statement = Statement::new(item.clone(), act, actor.clone(), content, place.now())
            .map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        let event = statement
            .clone()
            .signed(&key.sign(NAMESPACE, statement.text())?)
            .map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        let path = event.path();
        files::replace(&place.folder.join(&path), event.text())
            .with_context(|| format!("{path} cannot be written"))?;
        said += &format!("{word} by {person}: wrote {path}\n");
    }
    let count = base::counted(filed.plan.changes().count(), "change", "changes");
    Ok(Outcome {
        notes: format!(
            "{notes}commit what was written below decisions/, so that the others and the gate see it; it is about {count} and no others\n"
        ),
        ..Outcome::data(said)
    })
}

/// The item that is about these changes already, or a new one.
pub(crate) fn item(place: &Place<'_>, filed: &Filed, content: &Content) -> anyhow::Result<ItemId> {
    let tree = place.decisions_tree()?;
    let (events, _) = decisions::read(tree.as_ref()).context("the decisions cannot be read")?;
    let about = |event: &&Event| {
        event
            .content()
            .changes()
            .iter()
            .any(|change| content.names(change))
    };
    let known = events.iter().filter(about).map(Event::item).min();
    Ok(known
        .cloned()
        .unwrap_or_else(|| ItemId::new(&plan::title(&filed.plan), content)))
}
