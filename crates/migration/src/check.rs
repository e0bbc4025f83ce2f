//! What is wrong with migrations, and what came where nothing new may come.

use base::{Decimal, Diagnostic, SourceMap, Spanned};
use charter::Told;
use estate::kinds::{Blocker, Migration};
use estate::{Estate, Item, KindId, Tree};
use jiff::civil::Date;
use policy::codes::{BASELINE, GROWN};
use policy::{Shrunk, Things};

use crate::codes;
use crate::judge::Lists;
use crate::list::List;
use crate::standing::Standing;
use crate::terms::Terms;

/// What is found in migrations, and how each stands of which that can be said.
#[derive(Debug, Default)]
pub struct Report {
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
    /// How each migration stands.
    pub standings: Vec<Standing>,
    /// Lists that became shorter, to be written.
    pub shrunk: Vec<Shrunk>,
}

/// How much each migration has left, for the rules of the charter.
pub fn told(standings: &[Standing]) -> Told {
    let left = |one: &Standing| (one.migration.clone(), one.counts().left());
    Told {
        left: standings.iter().map(left).collect(),
    }
}

/// Looks at all migrations of an estate on a day. Lists are read from the tree and put into
/// `sources`, as findings may be about places in them; nothing is written.
pub fn check(
    estate: &Estate,
    things: &Things<'_>,
    sources: &mut SourceMap,
    tree: &dyn Tree,
    today: Date,
) -> Report {
    let mut report = Report::default();
    for item in estate.tables.migrations.items() {
        let mut found = words(&item.value, estate);
        match Terms::of(item, sources) {
            Err(mistakes) => found.extend(mistakes),
            Ok(_) if !things.are_read(item.value.about) => found.push(no_source(item)),
            Ok(terms) => {
                let list = List::read(item, tree, sources).unwrap_or_else(|mistakes| {
                    found.extend(mistakes);
                    None
                });
                let lists = Lists {
                    now: list.as_ref().map(|list| &list.baseline),
                    first: None,
                };
                let standing = Standing::of(item, &terms, things, lists, today);
                found.extend(exceptions(&item.value, &terms, things, today));
                if things.are_complete(item.value.about) {
                    found.extend(idle(&item.value, &standing));
                    let list = list.as_ref().filter(|_| item.value.ratchet);
                    report
                        .shrunk
                        .extend(list.and_then(|list| list.lowered(&standing)));
                }
                if item.value.ratchet && found.iter().all(|one| one.code.id != BASELINE.id) {
                    ratchet(item, &standing, &mut found);
                }
                report.standings.push(standing);
            }
        }
        // What is found in a migration is about it, unless it is about one of its things.
        report.findings.extend(found.into_iter().map(|mut one| {
            one.subject.get_or_insert_with(|| item.subject());
            one
        }));
    }
    report
}

fn no_source(item: &Item<Migration>) -> Diagnostic {
    let about = item.value.about;
    let message = format!("it moves {about}s, and no source of jobs is named");
    Diagnostic::new(&policy::codes::NO_SOURCE, item.value.goal.span, message)
        .help("name one under `sources` in commonhold.yaml, or remove the migration")
}

/// What is wrong with a migration's own words.
fn words(migration: &Migration, estate: &Estate) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if let (Some(started), Some(due)) = (&migration.started, &migration.due)
        && due.value < started.value
    {
        let message = format!("it is due on {due}, before it starts on {started}");
        let finding = Diagnostic::new(&codes::DATES, due.span, message);
        findings.push(
            finding
                .related(started.span, "it starts here")
                .help("correct one of the two days"),
        );
    }
    for freeze in &migration.freezes {
        if freeze.until.value < freeze.from.value {
            let message = format!(
                "a freeze ends on {}, before it begins on {}",
                freeze.until, freeze.from
            );
            let finding = Diagnostic::new(&codes::DATES, freeze.until.span, message);
            findings.push(
                finding
                    .related(freeze.from.span, "it begins here")
                    .help("correct one of the two days"),
            );
        }
    }
    for (group, days) in &migration.capacity.entries {
        if !estate.tables.knows(KindId::Group, group) {
            let book = &estate.address_book;
            findings.push(estate::unknown(
                &estate.tables,
                book,
                KindId::Group,
                group,
                group.span,
            ));
        }
        if days.is_negative() {
            let days = Spanned::new(*days, group.span);
            findings.extend(negative(&days, "a capacity"));
        }
    }
    let efforts = migration
        .blockers
        .iter()
        .filter_map(|one| one.effort.as_ref());
    findings.extend(efforts.filter_map(|effort| negative(effort, "an effort")));
    let effort = &migration.effort;
    for (key, days) in [
        ("batch", effort.batch),
        ("each", effort.each),
        ("bridge", effort.bridge),
    ] {
        if days.is_negative() {
            // The record keeps no place for its numbers; the goal is what it is an effort for.
            let message = format!("`effort.{key}` is {days}, less than nothing");
            let finding = Diagnostic::new(&codes::AMOUNT, migration.goal.span, message);
            findings.push(finding.help("write 0 or more"));
        }
    }
    blockers(&migration.blockers, &mut findings);
    findings
}

fn negative(amount: &Spanned<Decimal>, what: &str) -> Option<Diagnostic> {
    amount.value.is_negative().then(|| {
        let message = format!("{what} of {amount} days is less than nothing");
        Diagnostic::new(&codes::AMOUNT, amount.span, message).help("write 0 or more")
    })
}

fn blockers(blockers: &[Blocker], findings: &mut Vec<Diagnostic>) {
    let mut known: Vec<&Spanned<String>> = Vec::new();
    for blocker in blockers {
        let id = &blocker.id;
        if let Some(first) = known.iter().find(|one| one.value == id.value) {
            let message = format!("two blockers are called `{id}`");
            let finding = Diagnostic::new(&codes::BLOCKER, id.span, message);
            findings.push(
                finding
                    .related(first.span, "the first stands here")
                    .help("give one of them another id"),
            );
        }
        known.push(id);
        if blocker.applies.is_none() && blocker.each.is_none() {
            let message = format!("the blocker `{id}` does not say what it holds back");
            let finding = Diagnostic::new(&codes::BLOCKER, id.span, message);
            findings.push(finding.help(
                "say for which things with `where`, or name the field that lists it with `each`",
            ));
        }
        let chosen = blocker.matching.first().or(blocker.freed.first());
        if let Some(chosen) = chosen.filter(|_| blocker.each.is_none()) {
            let message =
                format!("the blocker `{id}` chooses among what is listed, and has no `each`");
            let finding = Diagnostic::new(&codes::BLOCKER, chosen.span, message);
            findings.push(
                finding.help("name the field that lists it with `each`, or say it in `where`"),
            );
        }
    }
}

/// Exceptions that ran out, or that excuse nothing.
fn exceptions(
    migration: &Migration,
    terms: &Terms,
    things: &Things<'_>,
    today: Date,
) -> Vec<Diagnostic> {
    let left: Vec<_> = things
        .of_kind(migration.about)
        .into_iter()
        .filter(|thing| terms.covers(*thing, today) && !terms.has_moved(*thing, today))
        .collect();
    let complete = things.are_complete(migration.about);
    let mut findings = Vec::new();
    for (at, applies) in &terms.exceptions {
        let Some(excuse) = migration.exceptions.get(*at) else {
            continue;
        };
        if excuse.until.is_none() {
            let message = "this exception has no end";
            let code = &policy::codes::EXCEPTION_ENDLESS;
            let finding = Diagnostic::new(code, excuse.applies.span, message);
            findings.push(finding.help("give it `until`, the last day on which it holds"));
        }
        let excused = left.iter().filter(|thing| applies.holds(**thing, today));
        let count = excused.count();
        if let Some(until) = excuse.until.as_ref().filter(|until| until.value < today) {
            let things = base::counted(count, "thing", "things");
            let message = format!("the exception of {things} ran out on {until}");
            let help = match count {
                0 => "nothing needs it any more: remove it",
                _ => "move what it excused, or have a new end decided",
            };
            let code = &policy::codes::EXCEPTION_EXPIRED;
            findings.push(Diagnostic::new(code, until.span, message).help(help));
        } else if count == 0 && complete {
            let message = "this exception excuses nothing that is left";
            let code = &policy::codes::EXCEPTION_UNUSED;
            let finding = Diagnostic::new(code, excuse.applies.span, message);
            findings.push(finding.help("remove the exception"));
        }
    }
    findings
}

/// Blockers that hold nothing, while something is left.
fn idle(migration: &Migration, standing: &Standing) -> Vec<Diagnostic> {
    if standing.left().next().is_none() {
        return Vec::new();
    }
    let holds = |id: &str| {
        let mut locks = standing.locks.iter();
        locks.any(|lock| lock.blocker == id && !lock.holds.is_empty())
    };
    let says = |blocker: &&Blocker| blocker.applies.is_some() || blocker.each.is_some();
    let blockers = migration.blockers.iter().filter(says);
    blockers
        .filter(|blocker| !holds(&blocker.id))
        .map(|blocker| {
            let message = format!("the blocker `{}` holds nothing back", blocker.id);
            let finding = Diagnostic::new(&codes::IDLE, blocker.id.span, message);
            finding.help("remove it, or correct what it is said of")
        })
        .collect()
}

fn ratchet(item: &Item<Migration>, standing: &Standing, findings: &mut Vec<Diagnostic>) {
    let name = &item.name;
    let Some(new) = standing.new_ones() else {
        if standing.left().next().is_some() {
            let message = format!(
                "{} has a ratchet, and no list of what is left",
                item.subject()
            );
            let finding = Diagnostic::new(&BASELINE, item.value.goal.span, message);
            findings.push(finding.help(format!(
                "write it with `commonhold migration ratchet {name} --start`"
            )));
        }
        return;
    };
    for asset in new {
        let message = format!(
            "{} is new, and {} lets nothing new in",
            asset.id,
            item.subject()
        );
        let mut finding = Diagnostic::new(&GROWN, asset.place, message).about(item.subject());
        if let Some(why) = asset.evidence.first() {
            let found: Vec<String> = why
                .found
                .iter()
                .map(|(field, value)| format!("`{field}` is {value}"))
                .collect();
            finding = finding.label(found.join(", "));
        }
        findings.push(
            finding
                .related(item.value.goal.span, "what must hold")
                .help(format!(
                    "put it where the others go; see `commonhold migration next {name}`"
                )),
        );
    }
}
