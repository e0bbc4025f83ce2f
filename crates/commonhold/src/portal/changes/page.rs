//! One plan, and one change of it.

use change::gate::Verdict;
use portal::Audience;
use portal::Reader;
use portal::model::{
    Cell, ColumnKind, Entry, Fact, Mood, Page, Part, Row, Section, Source, Step, StepState, Value,
};

use super::super::affairs::{PlanSeen, Stage, Wanted};
use super::super::decisions::{Offer, capitalised, offers, people, reason};
use super::super::parts::{column, fact, row, table};
use super::super::shown::{Known, to};
use super::{groups, missing, missing_of, risk, stage};

/// How many changes are read at a glance.
const FEW: usize = 10;
/// How many changes are on the page of a plan.
const LISTED: usize = 500;

pub(super) fn of(known: &Known, plan: &PlanSeen, reader: &Reader) -> Page {
    let path = to("changes", &plan.key());
    let mut page = Page::new(Section::Changes, path, plan.title());
    "Plan".clone_into(&mut page.kind);
    page.summary = summary(plan);
    page.state = Some(stage(plan));
    page.heading("stands", "Where it stands");
    page.add(Part::Steps(steps(plan)));
    // A few are read before what they need; many would hide it.
    let few = plan.changes.len() <= FEW;
    if few {
        changes(known, plan, &mut page);
    }
    needs(known, plan, &mut page);
    objections(plan.changes.iter(), &mut page);
    act(plan, reader, &mut page);
    if !few {
        changes(known, plan, &mut page);
    }
    left(plan, &mut page);
    runs(plan, &mut page);
    page.heading("about", "About the plan");
    page.add(Part::Facts(facts(known, plan)));
    commands(plan, &mut page);
    page
}

fn summary(plan: &PlanSeen) -> String {
    let count = portal::model::counted(plan.changes.len(), "change", "changes");
    let risk = plan.risk();
    let risk = risk.map_or(String::new(), |risk| {
        format!(", of {} risk at most", risk.word())
    });
    let said = match &plan.stage {
        Stage::Blocked => "Something is missing before it may be applied.",
        Stage::Waiting(_) => "Nothing is missing but time.",
        Stage::Passed => "It has what it requires and may be applied.",
        Stage::Applied => "It was applied.",
        Stage::Ended(_) => "It was begun and did not come to its end.",
        Stage::Stale(_) => "What it was made from is not what there is: it has to be made anew.",
        Stage::Empty => "There is nothing to do.",
        Stage::Unjudged(_) => "Nobody can tell whether it may be applied.",
    };
    format!("{count}{risk}. {said}")
}

fn steps(plan: &PlanSeen) -> Vec<Step> {
    let step = |state, title: &str, text: String, at| Step {
        state,
        title: title.to_owned(),
        text,
        at,
    };
    let made = plan.since.filter(|_| plan.stage != Stage::Applied);
    let mut steps = vec![step(StepState::Done, "Planned", String::new(), made)];
    let asked: Vec<&str> = plan.asked().into_iter().collect();
    let turn = match asked.as_slice() {
        [] => String::new(),
        asked => format!("It is the turn of {}.", some_of(asked)),
    };
    let began = plan.runs.iter().map(|run| run.began).min();
    steps.push(match &plan.stage {
        Stage::Blocked => step(StepState::Now, "Agreement", turn, None),
        Stage::Waiting(until) => step(
            StepState::Now,
            "Agreement",
            "Nothing is missing but time.".to_owned(),
            Some(*until),
        ),
        Stage::Stale(why) | Stage::Unjudged(why) => {
            step(StepState::Stopped, "Agreement", why.clone(), None)
        }
        Stage::Empty => step(
            StepState::Stopped,
            "Agreement",
            "There is nothing to agree to.".to_owned(),
            None,
        ),
        Stage::Passed | Stage::Applied | Stage::Ended(_) => {
            step(StepState::Done, "Agreement", passed(plan), began)
        }
    });
    steps.push(match &plan.stage {
        Stage::Applied => step(StepState::Done, "Applied", String::new(), plan.since),
        Stage::Ended(how) => step(
            StepState::Stopped,
            "Applied",
            format!("Apply ended: {how}."),
            plan.since,
        ),
        Stage::Passed => step(
            StepState::Now,
            "Applied",
            "Whoever runs apply can do it now.".to_owned(),
            None,
        ),
        _ => step(StepState::Ahead, "Applied", String::new(), None),
    });
    steps
}

fn some_of(names: &[&str]) -> String {
    const NAMED: usize = 5;
    match names.len() {
        0..=NAMED => names.join(", "),
        more => format!(
            "{} or one of {} more",
            names[..NAMED].join(", "),
            more - NAMED
        ),
    }
}

/// Why the gate let it pass.
fn passed(plan: &PlanSeen) -> String {
    let mut all: Vec<&str> = plan
        .runs
        .iter()
        .flat_map(|run| &run.passed)
        .map(String::as_str)
        .collect();
    for change in &plan.changes {
        if let Some(Verdict::Passed { by }) = &change.verdict {
            all.extend(by.iter().map(String::as_str));
        }
    }
    all.sort_unstable();
    all.dedup();
    all.join("; ")
}

/// What is required and missing; changes that stand alike are told once.
fn needs(known: &Known, plan: &PlanSeen, page: &mut Page) {
    if !plan.is_open() {
        return;
    }
    page.heading("needs", "What it needs");
    let mut alike: Vec<(&Wanted, usize)> = Vec::new();
    for change in &plan.changes {
        let same = |(one, _): &&mut (&Wanted, usize)| {
            one.risk == change.risk
                && one.requires == change.requires
                && one.verdict == change.verdict
        };
        match alike.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => alike.push((change, 1)),
        }
    }
    need(known, &alike, page);
}

/// How changes stand of which each is alike to so many.
fn need(known: &Known, alike: &[(&Wanted, usize)], page: &mut Page) {
    let judged: Vec<(&Wanted, String, &Verdict)> = alike
        .iter()
        .filter_map(|&(change, count)| {
            let count = portal::model::counted(count, "change", "changes");
            let of = format!("{count} of {} risk", change.risk);
            Some((change, of, change.verdict.as_ref()?))
        })
        .collect();
    let stand = judged
        .iter()
        .map(|(change, of, verdict)| stands(known, change, of, verdict));
    let columns = vec![
        column("changes", "Changes", ColumnKind::Text),
        column("state", "State", ColumnKind::State),
        column("turn", "Whose turn it is", ColumnKind::List),
        column("approved", "Approved by", ColumnKind::List),
        column("until", "Until", ColumnKind::Instant),
    ];
    let none = "Nothing is known of it.";
    page.add(table(
        "stand",
        "How its changes stand",
        columns,
        stand.collect(),
        none,
    ));
    let lacks = judged.iter().flat_map(|(_, of, verdict)| {
        let each = missing_of(verdict).into_iter();
        each.map(|(what, text, code)| {
            let code = Cell::new(Value::Code(code.to_owned()));
            let of = Cell::text(of.as_str());
            row(vec![Cell::text(what), Cell::text(text), of, code], None)
        })
    });
    let lacks: Vec<Row> = lacks.collect();
    if !lacks.is_empty() {
        let columns = vec![
            column("what", "What", ColumnKind::Text),
            column("missing", "What is missing", ColumnKind::Text),
            column("changes", "Of", ColumnKind::Text),
            column("code", "Code", ColumnKind::Text),
        ];
        page.add(table("missing", "What is missing", columns, lacks, ""));
    }
    page.add(required(&judged));
}

/// How changes stand that stand alike.
fn stands(known: &Known, change: &Wanted, of: &str, verdict: &Verdict) -> Row {
    let (mood, word, until) = match verdict {
        Verdict::Passed { .. } => (Mood::Good, "passed", None),
        Verdict::Waiting { until, .. } => (Mood::Waiting, "waiting", Some(*until)),
        Verdict::Blocked { .. } => (Mood::Waiting, "blocked", None),
    };
    let approved = change.approvals.iter().map(|(name, _)| name.as_str());
    let cells = vec![
        Cell::text(of),
        Cell::state(mood, word),
        people(known, change.asked.iter().map(String::as_str)),
        people(known, approved),
        Cell::instant(until),
    ];
    row(cells, None)
}

/// What the charter requires, each thing once.
fn required(judged: &[(&Wanted, String, &Verdict)]) -> Part {
    let mut all: Vec<(charter::risk::Risk, &str)> = Vec::new();
    for (change, ..) in judged {
        for line in &change.requires {
            if !all.contains(&(change.risk, line)) {
                all.push((change.risk, line));
            }
        }
    }
    let rows = all.into_iter();
    let rows = rows.map(|(of, line)| row(vec![risk(of), Cell::text(capitalised(line))], None));
    let columns = vec![
        column("risk", "Risk", ColumnKind::State),
        column("requires", "Requires", ColumnKind::Text),
    ];
    let caption = "What the charter requires";
    table("requires", caption, columns, rows.collect(), "Nothing.")
}

fn objections<'c>(changes: impl Iterator<Item = &'c Wanted>, page: &mut Page) {
    let mut seen = Vec::new();
    for one in changes.flat_map(|change| &change.objections) {
        if seen.contains(&one.event) {
            continue;
        }
        if seen.is_empty() {
            page.heading("objections", "Objections");
        }
        seen.push(one.event);
        let text = format!(
            "{} objected on {}. It stands.",
            one.by,
            one.at.strftime("%Y-%m-%d")
        );
        page.add(Part::Notice(Mood::Warn, text, None));
        page.add(Part::Quote(one.reason.clone()));
        for (by, answer) in &one.answers {
            page.say(format!("{by} answered:"));
            page.add(Part::Quote(answer.clone()));
        }
    }
}

fn act(plan: &PlanSeen, reader: &Reader, page: &mut Page) {
    let Some(file) = plan.file.as_ref().filter(|_| plan.is_open()) else {
        return;
    };
    let person = reader.person.as_deref();
    let is_author = person.is_some_and(|person| plan.authors.iter().any(|one| one == person));
    let mut all = Vec::new();
    if !is_author {
        all.push(Offer {
            act: "approve",
            button: "Approve",
            about: "Agree to all changes of the plan. It binds to these changes and to no others."
                .to_owned(),
            fields: Vec::new(),
            command: format!("commonhold approve {file}"),
        });
    }
    all.push(Offer {
        act: "object",
        button: "Object",
        about: "Hold all changes of the plan, with a reason that others can read and answer."
            .to_owned(),
        fields: vec![reason()],
        command: format!("commonhold object {file} --reason \"...\""),
    });
    page.heading("act", "What you can do");
    page.parts
        .extend(offers(&plan.digest.to_string(), all, reader));
}

/// Who may see what a change is about.
fn audience(change: &Wanted) -> Audience {
    change
        .private
        .map_or(Audience::Everybody, Audience::Private)
}

fn changes(known: &Known, plan: &PlanSeen, page: &mut Page) {
    page.heading("changes", "What it does");
    let columns = vec![
        column("resource", "What", ColumnKind::Text),
        column("action", "Action", ColumnKind::Text),
        column("before", "Before", ColumnKind::Text),
        column("after", "After", ColumnKind::Text),
        column("risk", "Risk", ColumnKind::State),
        column("state", "State", ColumnKind::State),
        column("owners", "Owners", ColumnKind::List),
        column("scope", "Where", ColumnKind::Text),
    ];
    let rows = plan
        .changes
        .iter()
        .take(LISTED)
        .enumerate()
        .map(|(at, change)| {
            let only = |cell: Cell| cell.only(audience(change));
            let code = |text: &Option<String>| {
                text.clone()
                    .map_or(Cell::none(), |text| Cell::new(Value::Code(text)))
            };
            let link = format!("/changes/{}/{}", plan.key(), at + 1);
            let cells = vec![
                only(Cell::link(change.resource.clone(), link)),
                Cell::text(change.action.map_or("", change::Action::word)),
                only(code(&change.before)),
                only(code(&change.after)),
                risk(change.risk),
                verdict(plan, change),
                groups(known, change.owners.iter().map(String::as_str)),
                Cell::text(change.scope.to_string()),
            ];
            row(cells, source(change))
        });
    let rows = rows.collect();
    page.add(table("changes", "Its changes", columns, rows, "Nothing."));
    if plan.changes.len() > LISTED {
        page.say(format!(
            "These are the first {LISTED} of {}. Each has a page; “commonhold plan show” lists all of them.",
            plan.changes.len()
        ));
    }
}

fn verdict(plan: &PlanSeen, change: &Wanted) -> Cell {
    match &change.verdict {
        Some(Verdict::Passed { .. }) => Cell::state(Mood::Good, "passed"),
        Some(Verdict::Waiting { .. }) => Cell::state(Mood::Waiting, "waiting"),
        Some(Verdict::Blocked { .. }) => Cell::state(Mood::Waiting, "blocked"),
        None => {
            let (mood, word) = stage(plan);
            Cell::state(mood, word)
        }
    }
}

fn source(change: &Wanted) -> Option<Source> {
    let (path, line) = change.declared.clone()?;
    Some(Source { path, line })
}

/// What the plan leaves out, and limits that it is over.
fn left(plan: &PlanSeen, page: &mut Page) {
    for exceeded in &plan.exceeded {
        let text = format!("It is over a safety limit. {exceeded}.");
        page.add(Part::Notice(Mood::Warn, text, None));
    }
    for (scope, why) in &plan.stopped {
        let text = format!("{scope} was left out: {why}.");
        page.add(Part::Notice(Mood::Warn, text, None));
    }
}

fn runs(plan: &PlanSeen, page: &mut Page) {
    if plan.runs.is_empty() {
        return;
    }
    page.heading("applied", "What was applied");
    let mut entries: Vec<Entry> = plan
        .runs
        .iter()
        .map(|run| {
            let applied = run.result.as_deref() == Some("applied");
            let result = run
                .result
                .as_deref()
                .unwrap_or("begun, and no end was written down");
            let done = run.changes.len().saturating_sub(run.undone);
            let records: Vec<String> = run.records.iter().map(ToString::to_string).collect();
            Entry {
                id: format!("{}-{}", plan.key(), run.scope),
                at: run.ended.unwrap_or(run.began),
                title: format!("{}: {result}", run.scope),
                text: format!(
                    "{}. {} of the ledger: {}",
                    portal::model::counted(done, "change", "changes"),
                    if records.len() == 1 {
                        "Record"
                    } else {
                        "Records"
                    },
                    records.join(", ")
                ),
                to: run.records.last().map(|seq| format!("/records/{seq}")),
                mood: if applied { Mood::Good } else { Mood::Warn },
                audience: Audience::Everybody,
            }
        })
        .collect();
    entries.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
    page.add(Part::Entries(entries));
}

fn facts(known: &Known, plan: &PlanSeen) -> Vec<Fact> {
    let code = |text: &str| Cell::new(Value::Code(text.to_owned()));
    let mut facts = vec![fact(
        "digest",
        "Digest of the plan",
        code(&plan.digest.to_string()),
    )];
    if let Some(commit) = &plan.commit {
        facts.push(fact("commit", "Of commit", code(commit)));
    }
    if let Some(base) = &plan.base {
        facts.push(fact("base", "People and charter as of commit", code(base)));
    }
    if !plan.authors.is_empty() {
        let authors = people(known, plan.authors.iter().map(String::as_str));
        facts.push(fact(
            "authors",
            "Authors, who do not count as approvers",
            authors,
        ));
    }
    if plan.strangers > 0 {
        let count = Cell::count(plan.strangers);
        facts.push(fact(
            "strangers",
            "Authors that the estate does not know",
            count,
        ));
    }
    if let Some(seq) = plan.reverts {
        let link = Cell::link(format!("record {seq}"), format!("/records/{seq}"));
        facts.push(fact("reverts", "Undoes", link));
    }
    if let Some(file) = &plan.file {
        facts.push(fact("file", "File", code(file)));
    }
    let missing = missing(plan);
    if let (Stage::Stale(_) | Stage::Unjudged(_), [why, ..]) = (&plan.stage, missing.as_slice()) {
        facts.push(fact("why", "Why", Cell::text(why.clone())));
    }
    facts
}

fn commands(plan: &PlanSeen, page: &mut Page) {
    let Some(file) = plan.file.as_ref().filter(|_| plan.is_open()) else {
        return;
    };
    page.say("It is judged here by what the plan saw. Apply looks at the real systems anew, and judges once more.");
    let command = |about: &str, verb: &str| Part::Command {
        about: about.to_owned(),
        text: format!("commonhold {verb} {file}"),
    };
    let all = vec![
        command("Say what it still needs, by what is there now", "gate"),
        command("Say why a change has its risk", "risk explain"),
        command("Apply it, for whoever may", "apply"),
    ];
    page.add(Part::Folded("On a command line".to_owned(), all));
}

/// One change.
pub(super) fn of_change(
    known: &Known,
    plan: &PlanSeen,
    number: &str,
    change: &Wanted,
    reader: &Reader,
) -> Page {
    let path = format!("/changes/{}/{number}", plan.key());
    let mut page = Page::new(Section::Changes, path, change.resource.clone());
    page.audience = audience(change);
    "Change".clone_into(&mut page.kind);
    page.state = Some(stage(plan));
    page.source = source(change);
    let action = change.action.map_or("change", change::Action::word);
    page.summary = format!("To {action} in {}, of {} risk.", change.scope, change.risk);
    let mut facts = vec![
        fact(
            "plan",
            "Plan",
            Cell::link(plan.title(), to("changes", &plan.key())),
        ),
        fact("risk", "Risk", risk(change.risk)),
        fact(
            "owners",
            "Owners",
            groups(known, change.owners.iter().map(String::as_str)),
        ),
    ];
    let code = |text: String| Cell::new(Value::Code(text));
    if let Some(digest) = change.digest {
        facts.push(fact(
            "digest",
            "Digest, to which approvals bind",
            code(digest.to_string()),
        ));
    }
    page.add(Part::Facts(facts));
    page.heading("before", "Before and after");
    page.say("Before:");
    page.add(Part::Quote(
        change
            .before
            .clone()
            .unwrap_or_else(|| "nothing".to_owned()),
    ));
    page.say("After:");
    page.add(Part::Quote(
        change.after.clone().unwrap_or_else(|| "nothing".to_owned()),
    ));
    if !change.reasons.is_empty() {
        page.heading("risk", "Why the risk is not lower");
        for reason in &change.reasons {
            page.say(capitalised(reason) + ".");
        }
    }
    if change.verdict.is_some() {
        page.heading("needs", "What it needs");
        need(known, &[(change, 1)], &mut page);
    }
    objections(std::iter::once(change), &mut page);
    for ignored in &change.ignored {
        let text = format!("This does not count: {ignored}.");
        page.add(Part::Notice(Mood::Quiet, text, None));
    }
    act(plan, reader, &mut page);
    page
}
