//! What predicates can say of a table of results on a dashboard.

use std::collections::HashMap;

use base::{Span, Spanned};
use predicate::{Item, Value};

use super::{Subjects, Way, addresses};
use crate::boards::{Boards, Results};
use crate::job::Job;

/// A tab, as predicates see it.
#[derive(Debug)]
pub struct TabItem<'c> {
    id: String,
    dashboard: &'c Spanned<String>,
    name: &'c str,
    /// Where it stands.
    span: Span,
    results: &'c str,
    declared: bool,
    description: Option<&'c str>,
    /// The first job with results of that name.
    job: Option<&'c Job>,
    jobs: usize,
    alerts: Vec<&'c Spanned<String>>,
    shown: Option<&'c Results>,
    groups: Vec<&'c str>,
}

/// All tabs of some jobs and dashboards.
pub(super) fn all<'c>(subjects: &'c Subjects<'c>) -> Vec<TabItem<'c>> {
    let known = Known::of(subjects);
    let tabs = subjects.boards.into_iter().flat_map(Boards::tabs);
    let declared = tabs.map(|(dashboard, tab)| {
        let item = known.tab(&dashboard.name, &tab.name.value, &tab.results.value);
        let alerts = tab.alert.iter().chain(item.alerts.iter().copied());
        TabItem {
            span: tab.name.span,
            declared: true,
            description: tab.description.as_deref().or(item.description),
            alerts: alerts.collect(),
            ..item
        }
    });
    let asked = subjects.catalogue.jobs.iter().flat_map(|job| {
        let placed = job.placements.iter();
        placed.map(|one| known.tab(&one.dashboard, &one.tab, &job.name.value))
    });
    declared.chain(asked).collect()
}

/// What is known of tabs beside what they say.
struct Known<'c> {
    subjects: &'c Subjects<'c>,
    results: HashMap<&'c str, &'c Results>,
    /// The groups that each dashboard is in.
    groups: HashMap<&'c str, Vec<&'c str>>,
}

impl<'c> Known<'c> {
    fn of(subjects: &'c Subjects<'c>) -> Self {
        let boards = || subjects.boards.into_iter();
        let results = boards().flat_map(Boards::results);
        let mut groups: HashMap<&str, Vec<&str>> = HashMap::new();
        for group in boards().flat_map(Boards::groups) {
            for dashboard in &group.dashboards {
                let of = groups.entry(&dashboard.value).or_default();
                of.push(&group.name.value);
            }
        }
        Self {
            subjects,
            results: results.map(|one| (one.name.value.as_str(), one)).collect(),
            groups,
        }
    }

    /// A tab as a job asks for it.
    fn tab(&self, dashboard: &'c Spanned<String>, name: &'c str, results: &'c str) -> TabItem<'c> {
        let catalogue = self.subjects.catalogue;
        let notes = &catalogue.conventions.notes;
        let places = self
            .subjects
            .named
            .get(results)
            .map_or(&[][..], Vec::as_slice);
        let job = places.first().map(|at| catalogue.jobs[*at].as_ref());
        let description = job.and_then(|job| job.annotation(notes.description));
        let groups = self.groups.get(dashboard.value.as_str());
        TabItem {
            id: format!("{dashboard}#{name}"),
            dashboard,
            name,
            span: dashboard.span,
            results,
            declared: false,
            description: description.map(|said| said.value.as_str()),
            job,
            jobs: places.len(),
            alerts: job
                .and_then(|job| job.annotation(notes.alert))
                .into_iter()
                .collect(),
            shown: self.results.get(results).copied(),
            groups: groups.cloned().unwrap_or_default(),
        }
    }
}

impl<'c> TabItem<'c> {
    /// The dashboard and the tab, with a `#` between them.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is called.
    pub fn name(&self) -> &'c str {
        self.name
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where a field is written; `None` where it says nothing.
    pub fn place(&self, field: &str) -> Option<Span> {
        match Way::of(field).field {
            "dashboard" => Some(self.dashboard.span),
            "alert_addresses" => Some(self.alerts.first()?.span),
            "results" | "jobs" => self.job.map(|job| job.name.span),
            "days" | "failures_to_alert" => self.shown.map(|shown| shown.name.span),
            _ => None,
        }
    }
}

impl Item for TabItem<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let number = |number: u32| Value::Number(base::Decimal::whole(number.into()));
        let shown = self.shown;
        match field {
            "id" => (&self.id).into(),
            "name" => self.name.into(),
            "dashboard" => (&self.dashboard.value).into(),
            "groups" => Value::list(&self.groups),
            "results" => self.results.into(),
            "declared" => self.declared.into(),
            "jobs" => self.jobs.into(),
            "description" => self.description.into(),
            "alert_addresses" => {
                let all = self.alerts.iter().flat_map(|alert| addresses(&alert.value));
                all.map(Value::Text).collect()
            }
            "days" => shown
                .and_then(|shown| shown.days)
                .map_or(Value::Missing, number),
            "failures_to_alert" => shown
                .and_then(|shown| shown.failures_to_alert)
                .map_or(Value::Missing, number),
            _ => Value::Missing,
        }
    }
}
