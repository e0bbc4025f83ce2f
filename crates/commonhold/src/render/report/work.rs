//! Meetings, subprojects, services, repositories.

use super::{ask, list, plain};
use crate::commands::report::annual::{Annual, Changed, Findings, Known, New};
use crate::render::table::{Cell, Table};

pub(super) fn meetings(annual: &Annual) -> String {
    let meetings = &annual.meetings;
    let mut text = "## Meetings\n\n".to_owned();
    if meetings.regular.is_empty() {
        text += "The estate knows no regular meeting of the group.\n\n";
    } else {
        let linked =
            |of: &dyn Fn(&_) -> bool| meetings.regular.iter().filter(|one| of(one)).count();
        text += &format!(
            "{} at the end of the year, by which {} were planned in it. Notes are linked for {} of them, recordings for {}.\n\n",
            base::counted(
                meetings.regular.len(),
                "regular meeting",
                "regular meetings"
            ),
            meetings.planned,
            linked(&|one| one.notes.is_some()),
            linked(&|one| one.recordings.is_some()),
        );
        let mut table = Table::new(&["Meeting", "As written", "Planned", "Notes", "Recordings"]);
        let yes = |link: &Option<String>| Cell::from(if link.is_some() { "linked" } else { "no" });
        for one in &meetings.regular {
            let called = match &one.part {
                Some(part) => format!("{part}: {}", one.description),
                None => one.description.clone(),
            };
            let planned = match &one.planned {
                Known::Is(planned) => planned.to_string(),
                Known::Not(why) => format!("not known: {why}"),
            };
            table.row([
                Cell::from(called),
                Cell::from(one.as_written.as_str()),
                Cell::from(planned),
                yes(&one.notes),
                yes(&one.recordings),
            ]);
        }
        text += &format!("{}\n", table.markdown());
    }
    text += &ask("How many of the planned meetings were held, and how many came?");
    text + &ask("Are the notes and recordings of the year complete where they are linked?")
}

pub(super) fn subprojects(annual: &Annual) -> String {
    let mut text = "## Subprojects\n\n".to_owned();
    match &annual.subprojects {
        Known::Is(parts) => {
            let new: Vec<String> = parts.new.iter().map(new).collect();
            text += &row("New", parts.new.len(), &new.join(", "));
            text += &row(
                "Continuing",
                parts.continuing.len(),
                &list(&parts.continuing),
            );
            text += &row("Retired", parts.retired.len(), &list(&parts.retired));
        }
        Known::Not(why) => {
            let names = list(annual.parts.iter().map(|part| &part.name));
            text += &row("At the end", annual.parts.len(), &names);
            text += &format!(
                "- Which of them are new and which were retired is not known: {}.\n",
                plain(why)
            );
        }
    }
    text += "\n";
    text + &ask(
        "What became of the work of what was retired? Is anything listed that nobody works on?",
    )
}

fn row(what: &str, many: usize, names: &str) -> String {
    match many {
        0 => format!("- {what}: 0\n"),
        _ => format!("- {what}: {many} ({names})\n"),
    }
}

fn new(part: &New) -> String {
    match &part.like {
        Some(other) => format!(
            "{}, with the owners of {}, which is no more",
            plain(&part.name),
            plain(other)
        ),
        None => plain(&part.name),
    }
}

pub(super) fn services(annual: &Annual) -> String {
    let services = &annual.services;
    let mut text = format!(
        "## Services\n\nThe group owned {} at the end.",
        base::counted(services.owned.len(), "service", "services")
    );
    text += &match &services.changed {
        Known::Is(Changed { new, gone }) => format!(
            " New in the year: {}. No longer its own: {}.\n\n",
            list(new),
            list(gone)
        ),
        Known::Not(why) => format!(" What changed is not known: {}.\n\n", plain(why)),
    };
    let mut table = Table::new(&["Service", "When it fails", "Staff", "Findings of `check`"]);
    for service in &services.owned {
        let staff = match service.staff.as_slice() {
            [] => "nobody".to_owned(),
            staff => format!("{}: {}", staff.len(), staff.join(", ")),
        };
        table.row([
            Cell::from(super::called(&service.title, &service.name)),
            Cell::from(service.criticality),
            Cell::from(staff),
            Cell::from(found(&service.findings)),
        ]);
    }
    if !table.is_empty() {
        text += &format!("{}\n", table.markdown());
    }
    text += &format!(
        "Findings of `check` about the group itself: {}.\n\n",
        found(&services.about_group)
    );
    text + &ask("What is done about these findings?")
}

fn found(findings: &Findings) -> String {
    let parts: Vec<String> = [
        (findings.errors, "error", "errors"),
        (findings.warnings, "warning", "warnings"),
        (findings.notes, "note", "notes"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, several)| base::counted(count, one, several))
    .collect();
    if parts.is_empty() {
        return "none".to_owned();
    }
    let ids: Vec<&str> = findings.ids.iter().copied().collect();
    let ids = match ids.as_slice() {
        [] => String::new(),
        ids => format!(" ({})", ids.join(", ")),
    };
    format!("{}{ids}", parts.join(", "))
}

pub(super) fn repositories(annual: &Annual) -> String {
    let repositories = &annual.repositories;
    let names = &repositories.names;
    let mut text = "## Repositories and their owners\n\n".to_owned();
    text += &row("Repositories", names.len(), &list(names));
    text += &format!(
        "- Files of owners that subprojects link: {}\n",
        repositories.links
    );
    text += &row(
        "Subprojects without such a link",
        repositories.parts_without.len(),
        &list(&repositories.parts_without),
    );
    let (links, read) = (repositories.links, repositories.read);
    if read > 0 {
        text += &format!(
            "- With at least one approver: {} of the {read} that the estate has read, {} in all\n",
            repositories.with_approvers,
            base::counted(repositories.approvers.len(), "approver", "approvers")
        );
    }
    if links > read {
        text += &format!(
            "- Who may approve is not known for {} of {links}: their repositories are no source of the estate\n",
            links - read
        );
    }
    text + "\n"
}
