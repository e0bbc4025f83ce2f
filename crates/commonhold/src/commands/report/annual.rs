//! All that is computed of a group's year.

use charter::Employers;
use estate::kinds::Standing;
use serde::Serialize;

use super::affairs::{Commitments, Elections, Review};
use super::people::{Leads, People, Shares};
use super::repositories::Repositories;
use super::services::Services;
use super::states::{Before, End};
use super::work::{Meetings, Part, Subprojects};
use crate::project::{Project, group};

pub(crate) use super::affairs::{Commitment, Due};
pub(crate) use super::decided::Decisions;
pub(crate) use super::people::{Change, LeadRow};
pub(crate) use super::services::{Changed, Findings};
pub(crate) use super::states::{Known, Origin, Period};
pub(crate) use super::work::New;

/// A group's year.
#[derive(Debug, Serialize)]
pub(crate) struct Annual {
    pub(crate) group: String,
    pub(crate) title: String,
    pub(crate) community: String,
    pub(crate) year: i16,
    pub(crate) period: Period,
    pub(crate) sources: Sources,
    /// Whether it works; if not, it has been closed.
    pub(crate) works: bool,
    pub(crate) charter: Option<String>,
    /// Whether the estate before the year had it.
    pub(crate) was_there: Known<bool>,
    pub(crate) leads: Leads,
    pub(crate) shares: Shares,
    pub(crate) people: People,
    pub(crate) meetings: Meetings,
    pub(crate) subprojects: Known<Subprojects>,
    /// All at the end of the year.
    pub(crate) parts: Vec<Part>,
    pub(crate) services: Services,
    pub(crate) repositories: Repositories,
    pub(crate) decisions: Known<Decisions>,
    pub(crate) elections: Elections,
    pub(crate) commitments: Commitments,
    pub(crate) reviews: Vec<Review>,
}

/// What the numbers are computed from.
#[derive(Debug, Serialize)]
pub(crate) struct Sources {
    pub(crate) before: Known<Origin>,
    pub(crate) end: Origin,
    /// Why that is another state than that of the end of the year.
    pub(crate) instead: Option<String>,
    /// Errors in files, by which numbers may be wrong.
    pub(crate) errors_before: Known<usize>,
    pub(crate) errors_at_end: usize,
}

impl Annual {
    pub(super) fn of(project: &Project<'_>, name: &str, year: i16) -> anyhow::Result<Self> {
        let period = Period::of(year, project.day);
        let end = End::read(project, name, period)?;
        let before = Before::read(project, period)?;
        let found = group(&end.estate, name)
            .map_err(|error| error.context(format!("by {}", end.origin)))?;
        let tables = &end.estate.tables;
        let group = tables
            .groups
            .get(found.name)
            .ok_or_else(|| anyhow::anyhow!("the estate has no group `{name}`"))?;
        let was = match &before {
            Known::Is(before) => before.group(&group.name),
            Known::Not(why) => Known::Not(why.clone()),
        };
        let employers = Employers::of(&end.charter);
        let leads = Leads::of(&end.estate, group, was.clone(), period);
        Ok(Self {
            group: group.name.clone(),
            title: group.title().to_owned(),
            community: end.estate.manifest.name.clone(),
            year,
            period,
            works: group.value.standing == Standing::Active,
            charter: group.value.charter.clone(),
            was_there: was.clone().map(|was| was.is_some()),
            shares: Shares::of(&end, group, &employers, period.last),
            people: People::of(&end.estate, group, period.last),
            meetings: Meetings::of(&end, group, period)?,
            subprojects: was.map(|was| Subprojects::of(was, group)),
            parts: group.value.subprojects.iter().map(Part::of).collect(),
            services: Services::of(&end, before.as_ref(), group),
            repositories: Repositories::of(&end.estate, group),
            decisions: Decisions::of(project, &group.name, period),
            elections: Elections::of(group, period),
            commitments: Commitments::of(group, period),
            reviews: Review::all(group, period),
            sources: Sources {
                errors_before: before.as_ref().map(|before| before.errors),
                before: before.map(|before| before.origin),
                errors_at_end: end.errors(),
                instead: end.instead.clone(),
                end: end.origin.clone(),
            },
            leads,
        })
    }
}
