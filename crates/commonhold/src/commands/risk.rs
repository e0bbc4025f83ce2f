//! `commonhold risk explain`

use anyhow::bail;
use change::plan::Planned;
use charter::requirement::requirement;
use charter::risk::{Reach, assess};

use crate::cli::{RiskArguments, RiskQuestion};
use crate::court::{Filed, Parties};
use crate::governed::Place;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &RiskArguments) -> anyhow::Result<Outcome> {
    let RiskQuestion::Explain {
        file,
        change,
        output,
    } = &arguments.question;
    let place = Place::of(project)?;
    let filed = Filed::read(&place, file)?;
    let mut ledger = place.existing_ledger_here(project)?;
    let Parties { base, head, .. } = filed.parties(&place, ledger.as_mut())?;
    let wanted = |planned: &Planned| {
        change.as_ref().is_none_or(|wanted| {
            planned.change.resource.starts_with(wanted.as_str())
                || planned.digest.hex().starts_with(wanted.as_str())
        })
    };
    let mut text = String::new();
    let mut rows = Vec::new();
    let settings = base.charter.risk.settings();
    for (scope, planned) in filed.plan.changes().filter(|(_, planned)| wanted(planned)) {
        // The same as judges do: by both estates, the worse of the two.
        let sides = [&base.estate, &head.estate]
            .map(|estate| assess(&planned.change.effect, estate, &settings));
        let [by_base, by_head] = sides;
        let mut assessment = if by_head.risk > by_base.risk {
            by_head
        } else {
            by_base
        };
        if planned.risk > assessment.risk {
            for reason in &planned.reasons {
                assessment.raise(reason.raises_to, &reason.text);
            }
        }
        let reach = Reach::of(&planned.change.effect.touches, &base.estate, &settings);
        let required = requirement(
            assessment.risk,
            &planned.change.owners,
            &reach,
            &base.charter,
            &base.estate,
            project.day,
        );
        text += &format!(
            "{} {} in {}: {} risk\n",
            planned.change.action.word(),
            planned.change.resource,
            scope.scope,
            assessment.risk
        );
        for line in assessment.explain() {
            text += &format!("  {line}\n");
        }
        text += "  it requires\n";
        for line in required.explain() {
            text += &format!("    {line}\n");
        }
        rows.push(serde_json::json!({
            "scope": scope.scope,
            "resource": planned.change.resource,
            "action": planned.change.action,
            "digest": planned.digest,
            "assessment": assessment,
            "requirement": required,
        }));
    }
    if rows.is_empty() {
        bail!(
            "the plan has no such change; `commonhold plan show {}` lists what it has",
            file.display()
        );
    }
    if *output == crate::cli::DataOutput::Json {
        let json = serde_json::json!({ "version": JSON_VERSION, "changes": rows });
        return Ok(Outcome::data(format!("{json:#}\n")));
    }
    Ok(Outcome::data(text))
}
