//! What is told, as people read it. Much of it stands on bills, which may hold anything: no line
//! of it becomes two.

use base::visible;
use jiff::civil::Date;

use crate::alerts::{Alert, Change, Fact, Told};

/// That something is so.
pub(super) fn raised(fact: &Fact, today: Date) -> Alert {
    let mut body = format!("{}\n\n{}\n", visible(&fact.title), visible(&fact.now));
    for line in &fact.details {
        body += &format!("{}\n", visible(line));
    }
    body += &format!("\nTo do: {}\n", fact.action);
    body += &who(fact);
    Alert {
        id: fact.id.clone(),
        change: Change::Raised,
        day: today,
        subject: visible(&fact.subject),
        body,
        to: fact.to.clone(),
    }
}

/// That something which was told is not so any more.
pub(super) fn withdrawn(fact: &Fact, raised: Date, today: Date) -> Alert {
    let body = format!(
        "{}\n\nOn {raised} it was told: {}.\nThat does not hold any more: bills were put right, or more is known.\n\n{}\n\nTo do: nothing, unless it was begun; then look whether it is still needed.\n{}",
        visible(&fact.title),
        visible(&fact.subject),
        visible(&fact.now),
        who(fact)
    );
    Alert {
        id: fact.id.clone(),
        change: Change::Withdrawn,
        day: today,
        subject: format!("Withdrawn: {}", visible(&fact.subject)),
        body,
        to: fact.to.clone(),
    }
}

fn who(fact: &Fact) -> String {
    let told: Vec<String> = fact.to.iter().map(Told::to_string).collect();
    let owner = if fact.owner.is_empty() {
        "nobody is named".to_owned()
    } else {
        format!("group {}", fact.owner)
    };
    format!("Who: {owner}. Told: {}.\n", told.join(", "))
}
