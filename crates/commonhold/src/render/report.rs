//! A group's year as a draft in Markdown: numbers where they are known, reasons where they are
//! not, and questions where people must write.

mod affairs;
mod work;

use std::fmt::Write;

use super::table::{Cell, Table};
use crate::commands::report::annual::{Annual, Change, Known, LeadRow};

/// What marks a question to people; tests and readers count it.
const TO_WRITE: &str = "> **To write.**";

/// The draft.
pub(crate) fn markdown(annual: &Annual) -> String {
    let mut text = format!(
        "# {}: annual report {}\n\n",
        plain(&annual.title),
        annual.year
    );
    let body = [
        sources(annual),
        initiatives(annual),
        leads(annual),
        people(annual),
        work::meetings(annual),
        work::subprojects(annual),
        work::services(annual),
        work::repositories(annual),
        affairs::decisions(annual),
        affairs::due(annual),
        closing(annual),
    ]
    .concat();
    let questions = body.matches(TO_WRITE).count();
    let _ = writeln!(
        text,
        "A draft. Its numbers are computed from the estate of {}; {questions} questions, marked \"To write\", are for people. \
         Take this paragraph out when they are answered.\n",
        plain(&annual.community)
    );
    text + body.trim_end() + "\n"
}

fn sources(annual: &Annual) -> String {
    let (period, sources) = (&annual.period, &annual.sources);
    let mut text = format!("- The time: {} to {}", period.first, period.last);
    text += if period.over {
        ".\n"
    } else {
        "; the year is not over, so the numbers are those so far.\n"
    };
    text += &format!("- The end is told from {}.\n", sources.end);
    if let Some(why) = &sources.instead {
        text += &format!(
            "- There is no history of the end of {}: {}. What is said of the end is as it was later.\n",
            annual.year,
            plain(why)
        );
    }
    match &sources.before {
        Known::Is(origin) => text += &format!("- The time before is told from {origin}.\n"),
        Known::Not(why) => {
            text += &format!(
                "- There is no history of the time before {}: {}. What changed in the year is not known where no date says so.\n",
                period.first,
                plain(why)
            );
        }
    }
    let errors = [
        ("before", sources.errors_before.as_ref()),
        ("at the end", Known::Is(&sources.errors_at_end)),
    ];
    for (when, errors) in errors {
        if let Known::Is(errors @ 1..) = errors {
            let errors = base::counted(*errors, "error", "errors");
            text += &format!(
                "- The files of the estate {when} have {errors}; numbers may be wrong by them.\n"
            );
        }
    }
    if annual.was_there == Known::Is(false) {
        text += "- Before the year the estate had no group of this name.\n";
    }
    if !annual.works {
        text += "- The group has been closed.\n";
    }
    text + "\n"
}

fn initiatives(annual: &Annual) -> String {
    let year = annual.year;
    let mut text = "## What was done, and how the group is\n\n".to_owned();
    text += &ask(&format!(
        "What did the group get done in {year} that people outside it should know of?"
    ));
    text += &ask("Which work waits for people, or for a decision of others?");
    text + &ask(
        "Could the group do without any one of its people? Where is knowledge held by one of them only?",
    )
}

fn leads(annual: &Annual) -> String {
    let leads = &annual.leads;
    let mut text = format!(
        "## Leads\n\n{} in office at the end; {} came and {} left in the year.",
        roles(leads.in_office.len()),
        leads.came(),
        leads.left.len(),
    );
    if leads.emeriti > 0 {
        text += &format!(" {} kept in honour.", roles(leads.emeriti));
    }
    text += "\n\n";
    if let Known::Not(why) = &leads.undated {
        text += &format!(
            "Counted are changes with a date; others are not known: {}.\n\n",
            plain(why)
        );
    }
    let mut table = Table::new(&[
        "Role",
        "Person",
        "Employer",
        "Since",
        "Until",
        "In the year",
    ]);
    for row in leads.in_office.iter().chain(&leads.left) {
        table.row(lead(row));
    }
    if !table.is_empty() {
        text += &format!("{}\n", table.markdown());
    }
    let shares = &annual.shares;
    let of = shares.leads;
    text += &format!(
        "Employers of {} in office at the end:\n\n",
        base::counted(of, "person", "people")
    );
    for (employer, people) in &shares.employers {
        text += &format!("- {}: {people} of {of}\n", plain(employer));
    }
    if shares.independent > 0 {
        text += &format!("- independent: {} of {of}\n", shares.independent);
    }
    if shares.unknown > 0 || of == 0 {
        text += &format!("- not known: {} of {of}\n", shares.unknown);
    }
    text += "\n";
    text + &ask("Who prepares to lead next, and what do they need for it?")
}

fn roles(count: usize) -> String {
    base::counted(count, "role", "roles")
}

fn lead(row: &LeadRow) -> [Cell; 6] {
    let change = match row.change {
        Change::Stayed => "in office",
        Change::Came => "came",
        Change::Left => "left",
        Change::Unknown => "not known",
    };
    let day = |day: Option<jiff::civil::Date>| Cell::from(day.map(|day| day.to_string()));
    [
        Cell::from(row.role.as_str()),
        Cell::from(called(&row.name, &row.person)),
        Cell::from(row.employer.clone()),
        day(row.since),
        day(row.until),
        Cell::from(change),
    ]
}

/// A name with the login, where they differ.
fn called(name: &str, login: &str) -> String {
    if name == login {
        return name.to_owned();
    }
    format!("{name} ({login})")
}

fn people(annual: &Annual) -> String {
    let people = &annual.people;
    let mut table = Table::new(&["At the end", "People"]);
    for (what, many) in [
        ("members", people.members),
        ("leads", annual.shares.leads),
        ("leads of subprojects", people.leads_of_parts),
        ("staff of its services", people.staff),
        ("all of them, each once", people.all),
    ] {
        let many = match many {
            0 => "none listed".to_owned(),
            many => many.to_string(),
        };
        table.row([Cell::from(what), Cell::from(many)]);
    }
    let mut text = format!("## People\n\n{}\n", table.markdown());
    text += &ask("How do newcomers find work in the group, and who helps them?");
    text + &ask("What would make contributing easier, for example a guide of the group's own?")
}

fn closing(annual: &Annual) -> String {
    let next = i32::from(annual.year) + 1;
    let mut text = format!("## What comes in {next}\n\n");
    text += &ask(&format!("What are the group's goals for {next}?"));
    text += &ask("What does it need from others: people, money, decisions?");
    let charter = match &annual.charter {
        Some(link) => format!("Does the charter ({}) still say what the group does?", plain(link)),
        None => "The estate knows no charter of the group: where is it, and does it still say what the group does?".to_owned(),
    };
    text + &ask(&charter)
}

/// A question to people.
fn ask(question: &str) -> String {
    format!("{TO_WRITE} {question}\n\n")
}

/// Text from the estate, so that it means nothing to Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in base::visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '@' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// Names in a row, or `none`.
fn list<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| plain(name)).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}
