//! Decisions, and what comes due.

use super::{ask, plain};
use crate::commands::report::annual::{Annual, Commitment, Decisions, Due, Known};
use crate::render::table::{Cell, Table};

pub(super) fn decisions(annual: &Annual) -> String {
    let mut text = "## Decisions\n\n".to_owned();
    match &annual.decisions {
        Known::Not(why) => text += &format!("Not known: {}.\n\n", plain(why)),
        Known::Is(decisions) if decisions.items.is_empty() => {
            text += "No item before the group was proposed or went on in the year.\n\n";
        }
        Known::Is(decisions) => text += &items(decisions),
    }
    if let Known::Is(decisions) = &annual.decisions
        && decisions.unjudged > 0
    {
        text += &format!(
            "{} of the estate cannot be judged and may be the group's; `commonhold decide list` names them.\n\n",
            base::counted(decisions.unjudged, "item", "items")
        );
    }
    text + &ask("Which decisions were taken that are not recorded here, and where are they?")
}

fn items(decisions: &Decisions) -> String {
    let states = decisions.by_state.iter();
    let states: Vec<String> = states
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    let mut text = format!(
        "{} proposed or gone on with in the year, as they stood at its end: {}.\n\n",
        base::counted(decisions.items.len(), "item", "items"),
        states.join(", ")
    );
    let mut table = Table::new(&["Number", "Title", "Kind", "Procedure", "State", "Since"]);
    for item in &decisions.items {
        table.row([
            Cell::from(item.number.map(|number| number.to_string())),
            Cell::from(item.title.as_str()),
            Cell::from(item.kind),
            Cell::from(item.procedure.as_str()),
            Cell::from(item.state),
            Cell::from(item.since.map(|since| since.to_string())),
        ]);
    }
    text += &format!("{}\n", table.markdown());
    text
}

pub(super) fn due(annual: &Annual) -> String {
    let next = i32::from(annual.year) + 1;
    let elections = &annual.elections;
    let mut text = "## Elections, commitments and policies\n\n".to_owned();
    text += &match (elections.selection, elections.seats) {
        (None, _) => "- The estate says nothing of seats.\n".to_owned(),
        (Some(how), None) => {
            format!("- Seats are filled by {how}; how many there are is not said.\n")
        }
        (Some(how), Some(seats)) => {
            let seats = base::counted(seats as usize, "seat", "seats");
            format!(
                "- {seats}, filled by {how}; {} vacant at the end.\n",
                elections.vacant
            )
        }
    };
    if elections.selection == Some("election") && elections.due.is_empty() {
        text += &format!("- No term is known to end by the end of {next}.\n");
    }
    for due in &elections.due {
        text += &term(due);
    }
    let commitments = &annual.commitments;
    for (what, those) in [
        ("Open commitment", &commitments.open),
        ("Commitment that ended in the year", &commitments.ended),
    ] {
        for one in those {
            text += &promise(what, one);
        }
    }
    if commitments.open.is_empty() {
        text += "- Open commitments of employers: 0.\n";
    }
    for review in &annual.reviews {
        let late = if review.overdue { "; that is past" } else { "" };
        text += &format!(
            "- Policy to be looked at by {}{late}: {}.\n",
            review.by,
            plain(&review.title)
        );
    }
    text + "\n"
}

fn term(due: &Due) -> String {
    let verb = if due.overdue {
        "was over on"
    } else {
        "is over on"
    };
    let (role, person) = (plain(&due.role), plain(&due.person));
    format!(
        "- Election due: the term of {person}, {role}, {verb} {}.\n",
        due.over
    )
}

fn promise(what: &str, one: &Commitment) -> String {
    format!(
        "- {what}: {} of {}, until {}.\n",
        base::counted(one.people as usize, "person", "people"),
        plain(&one.employer),
        one.until
    )
}
