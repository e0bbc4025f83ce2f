//! What runs when code changes, and by the clock: CI jobs.

use std::collections::{BTreeMap, HashMap};

use estate::kinds::About;
use jobs::job::{Job, Kind, Schedule};
use portal::Found;
use portal::model::{
    Cell, Collection, Column, ColumnKind, Fact, Link, Listing, Page, Part, Row, Section, Value,
};

use super::items;
use super::migration::mood;
use super::parts::{column, fact, row, table};
use super::shown::{Known, link, to};
use crate::project::Checked;

static JOBS: Collection = Collection {
    id: "jobs",
    title: "CI jobs",
    one: "job",
    about: "What runs when code is proposed or taken, and by the clock: who owns it, where it runs, where its results are.",
    section: Section::Services,
    columns: &[
        Column::new("job", "Job", ColumnKind::Text, "Its name."),
        Column::new("kind", "Set off by", ColumnKind::Text, "A proposed change (`presubmit`), one that was taken (`postsubmit`), or the clock (`periodic`).").choice(),
        Column::new("repository", "Repository", ColumnKind::Text, "The repository whose changes set it off, or that it is about.").choice(),
        Column::new("cluster", "Cluster", ColumnKind::Text, "The cluster it runs on.").choice(),
        Column::new("owner", "Owner", ColumnKind::Text, "The group it belongs to, by its dashboards or its folder.").choice(),
        Column::new("dashboards", "Dashboards", ColumnKind::List, "The dashboards that show its results."),
        Column::new("migrations", "Migrations", ColumnKind::List, "How far it is in each migration that moves it."),
        Column::new("file", "File", ColumnKind::Text, "The file that declares it.").data_only(),
    ],
    feed: None,
    has_pages: true,
    sort: "",
};

/// What is known of jobs beside their files, made once a state.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    seen: Vec<Seen>,
    /// The place of a job among them, by its id.
    by_id: HashMap<String, usize>,
}

/// What is known of a job beside its file.
#[derive(Debug)]
struct Seen {
    id: String,
    /// Its place in the catalogue.
    at: usize,
    owner: Option<String>,
    /// The dashboard and the tab of each place that shows it.
    shown: Vec<(String, String)>,
}

impl Jobs {
    /// Looks at all jobs.
    pub(crate) fn of(checked: &Checked) -> Self {
        let Some(subjects) = checked.ci.subjects(&checked.estate) else {
            return Self::default();
        };
        let catalogue = subjects.catalogue();
        let boards = checked.ci.boards.as_ref();
        let boards = boards
            .map(|boards| boards.of_jobs(catalogue))
            .unwrap_or_default();
        let seen = subjects.jobs().map(|item| {
            let asked = || {
                let places = item.job().placements.iter();
                let places = places.map(|one| (one.dashboard.value.as_str(), one.tab.as_str()));
                places.collect()
            };
            let shown: Vec<(&str, &str)> = boards.get(item.at()).cloned().unwrap_or_else(asked);
            Seen {
                id: item.id().to_owned(),
                at: item.at(),
                owner: item.owner().map(str::to_owned),
                shown: shown
                    .into_iter()
                    .map(|(dashboard, tab)| (dashboard.to_owned(), tab.to_owned()))
                    .collect(),
            }
        });
        let seen: Vec<Seen> = seen.collect();
        let by_id = seen
            .iter()
            .enumerate()
            .map(|(at, one)| (one.id.clone(), at));
        Self {
            by_id: by_id.collect(),
            seen,
        }
    }
}

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let mut moving: BTreeMap<&str, Vec<Link>> = BTreeMap::new();
    let about_jobs = known
        .moves
        .standings()
        .filter(|one| one.about == About::Job);
    for standing in about_jobs {
        for asset in &standing.assets {
            let text = format!("{}: {}", standing.migration, asset.state.stage().said());
            let page = to("migrations", &standing.migration);
            moving
                .entry(&asset.id)
                .or_default()
                .push(Link::new(text, page));
        }
    }
    let rows = known.jobs.seen.iter().filter_map(|one| {
        let moves = moving.remove(one.id.as_str()).unwrap_or_default();
        listed(known, one, moves)
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    vec![Listing::new(&JOBS, rows)]
}

fn job<'k>(known: &'k Known, one: &Seen) -> Option<&'k Job> {
    let catalogue = known.checked.ci.catalogue.as_ref()?;
    catalogue.jobs.get(one.at).map(AsRef::as_ref)
}

fn cluster<'k>(known: &'k Known, job: &'k Job) -> &'k str {
    let catalogue = known.checked.ci.catalogue.as_ref();
    catalogue.map_or("", |catalogue| catalogue.cluster_of(job))
}

fn owner(known: &Known, one: &Seen) -> Cell {
    let Some(name) = &one.owner else {
        return Cell::none();
    };
    match known.checked.estate.tables.groups.get(name) {
        Some(group) => Cell::link(name.as_str(), to("groups", &group.name)),
        None => Cell::text(name.as_str()),
    }
}

fn listed(known: &Known, one: &Seen, moves: Vec<Link>) -> Option<Row> {
    let job = job(known, one)?;
    let mut dashboards: Vec<&str> = one
        .shown
        .iter()
        .map(|(dashboard, _)| dashboard.as_str())
        .collect();
    dashboards.sort_unstable();
    dashboards.dedup();
    Some(Row {
        key: one.id.clone(),
        cells: vec![
            Cell::link(job.name.as_str(), to(JOBS.id, &one.id)),
            Cell::text(job.kind.name().as_str()),
            Cell::text(job.about().unwrap_or_default()),
            Cell::text(cluster(known, job)),
            owner(known, one),
            Cell::links(dashboards.into_iter().map(Link::text).collect()),
            Cell::links(moves),
            Cell::text(job.path.as_ref()),
        ],
        source: known.source(job.span),
        ..Row::default()
    })
}

pub(super) fn page(known: &Known, rest: &str) -> Found {
    let found = known
        .jobs
        .by_id
        .get(rest)
        .and_then(|&at| known.jobs.seen.get(at));
    let Some((one, job)) = found.and_then(|one| Some((one, job(known, one)?))) else {
        return Found::Nothing;
    };
    let mut page = Page::new(Section::Services, to(JOBS.id, &one.id), job.name.as_str());
    page.kind = String::from("CI job");
    page.summary = job
        .annotations
        .entries
        .iter()
        .find(|(key, _)| key.ends_with("description"))
        .map(|(_, text)| text.value.clone())
        .unwrap_or_default();
    page.source = known.source(job.span);
    page.add(Part::Facts(facts(known, one, job)));
    let rows = one.shown.iter().map(|(dashboard, tab)| {
        row(
            vec![Cell::text(dashboard.as_str()), Cell::text(tab.as_str())],
            None,
        )
    });
    let columns = vec![
        column("dashboard", "Dashboard", ColumnKind::Text),
        column("tab", "Tab", ColumnKind::Text),
    ];
    let none = "No dashboard shows its results: nobody may notice when it fails.";
    page.add(table(
        "dashboards",
        "Where its results are shown",
        columns,
        rows.collect(),
        none,
    ));
    moves(known, one, &mut page);
    Found::Page(Box::new(page))
}

fn facts(known: &Known, one: &Seen, job: &Job) -> Vec<Fact> {
    let set_off = match &job.kind {
        Kind::Presubmit(_) => "a proposed change",
        Kind::Postsubmit(_) => "a change that was taken",
        Kind::Periodic(_) => "the clock",
    };
    let mut facts = vec![
        fact("id", "Id", Cell::new(Value::Code(one.id.clone()))),
        fact("kind", "Set off by", Cell::text(set_off)),
    ];
    if let Some(about) = job.about() {
        facts.push(fact("repository", "Repository", Cell::text(about)));
    }
    if let Some(branches) = job.branches() {
        let words = |patterns: &[base::Spanned<String>]| {
            let patterns: Vec<&str> = patterns.iter().map(|one| one.as_str()).collect();
            patterns.join(", ")
        };
        let (only, skip) = (words(&branches.only), words(&branches.skip));
        if !only.is_empty() {
            facts.push(fact("branches", "Branches", Cell::text(only)));
        }
        if !skip.is_empty() {
            facts.push(fact("not_branches", "Not for branches", Cell::text(skip)));
        }
    }
    if let Kind::Periodic(periodic) = &job.kind
        && let Some(schedule) = &periodic.schedule
    {
        let text = match schedule {
            Schedule::Cron(text, _) => text.value.clone(),
            Schedule::Interval(every) => format!("every {}", every.value),
            Schedule::MinimumInterval(after) => format!("{} after it ended", after.value),
        };
        facts.push(fact("schedule", "When", Cell::new(Value::Code(text))));
    }
    facts.push(fact("cluster", "Runs on", Cell::text(cluster(known, job))));
    facts.push(fact("owner", "Owner", owner(known, one)));
    let approvers = known.checked.ci.approvers.as_ref();
    if let Some((folder, who)) = approvers.and_then(|all| all.nearest(&job.path)) {
        let people = &known.checked.estate.tables.people;
        let who = who.iter().map(|login| match people.get(login) {
            Some(person) => Link::new(person.title(), to("people", &person.name)),
            None => Link::text(login.as_str()),
        });
        let label = "Who approves changes of it";
        facts.push(fact("approvers", label, Cell::links(who.collect())));
        let folder = if folder.is_empty() {
            "the root"
        } else {
            folder
        };
        facts.push(fact("owners_folder", "As said in", Cell::text(folder)));
    }
    facts
}

/// How far it is in each migration that moves it.
fn moves(known: &Known, one: &Seen, page: &mut Page) {
    let about_jobs = known
        .moves
        .standings()
        .filter(|standing| standing.about == About::Job);
    let rows = about_jobs.filter_map(|standing| {
        let asset = standing.asset(&one.id)?;
        let stage = asset.state.stage();
        let cells = vec![
            items::cell(link("migrations", &standing.migration)),
            Cell::state(mood(stage), stage.said()),
            Cell::text(standing.because(asset)),
        ];
        Some(row(cells, known.source(asset.place)))
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return;
    }
    let columns = vec![
        column("migration", "Migration", ColumnKind::Text),
        column("state", "State", ColumnKind::State),
        column("because", "Because", ColumnKind::Text),
    ];
    page.add(table(
        "migrations",
        "Migrations that move it",
        columns,
        rows,
        "",
    ));
}
