//! `commonhold recipients`

use std::fmt::Write;

use anyhow::bail;
use charter::Charter;

use crate::Exit;
use crate::cli::NoArguments;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, _: &NoArguments) -> anyhow::Result<Outcome> {
    let (estate, mut notes) = project.ask()?;
    let (charter, _) = Charter::of(&estate);
    let Some(policy) = charter.private_contacts else {
        bail!(
            "the charter does not say who may read private contacts: add `private_contacts: {{readable_by: TEAM}}` to charter.yaml"
        );
    };
    let Some(team) = estate.find(&policy.readable_by) else {
        bail!("there is no team `{}`", policy.readable_by);
    };
    let mut keys = String::new();
    for person in team.value.people().filter_map(|person| estate.find(person)) {
        if person.value.robot || person.value.has_left(project.day) {
            continue;
        }
        let keys_of_person = person.value.keys.iter();
        let mut fit = keys_of_person.filter(|key| key.can_encrypt()).peekable();
        if fit.peek().is_none() {
            let _ = writeln!(
                notes,
                "warning: {} has no key to encrypt to and will not be able to read them",
                person.subject()
            );
        }
        for key in fit {
            let _ = writeln!(keys, "# {}\n{key}", person.name);
        }
    }
    let exit = if keys.is_empty() {
        Exit::Findings
    } else {
        Exit::Well
    };
    Ok(Outcome {
        data: keys,
        notes,
        exit,
    })
}
