//! `commonhold check --start`

use anyhow::{Context, bail};
use policy::{Baseline, Rules, Things};

use crate::files;
use crate::pages;
use crate::project::{Checked, Project};
use crate::surroundings::Outcome;

/// Writes the list of a rule with a ratchet for the first time: what breaks it today may stay as it
/// is, and nothing is added to the list ever after.
pub(super) fn run(project: &Project<'_>, checked: &Checked, id: &str) -> anyhow::Result<Outcome> {
    let estate = &checked.estate;
    let rules = Rules::read(estate, &estate.sources);
    let Some(rule) = rules.named(id) else {
        let known: Vec<String> = policy::ids(estate).collect();
        if known.iter().any(|one| one == id) {
            bail!("{id} cannot be read; mend what `commonhold check` says of it first");
        }
        return Ok(Outcome::usage(&pages::unknown_rule(id, &known)));
    };
    if !rule.rule.ratchet {
        bail!("{id} has no ratchet; write `ratchet: true` into the rule first");
    }
    let subjects = checked.ci.subjects(estate);
    let things = Things::of(estate, subjects.as_ref()).on(project.day);
    if !things.are_complete(rule.about()) {
        bail!(
            "not everything that {id} is about could be read, so nobody knows what breaks it; mend what `commonhold check` says first"
        );
    }
    let broken = rule.broken_by(&things, project.day);
    let head = format!(
        "What broke {id} on {}. Nothing may be added:\n`commonhold check` only takes away what keeps to it by now.",
        project.day
    );
    let list = Baseline::of(broken.iter().map(|thing| thing.id()));
    let path = rule.baseline();
    let root = project.root()?;
    if root.join(&path).exists() {
        bail!("{path} is there already, and nothing makes it longer");
    }
    files::create(&root.join(&path), &list.text(&head))
        .with_context(|| format!("{path} cannot be written"))?;
    let things = base::counted(list.len(), "thing", "things");
    Ok(Outcome::data(format!("{path} lists {things}; commit it\n")))
}
