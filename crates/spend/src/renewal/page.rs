//! A request as Markdown.

use base::Decimal;

use crate::grants::State;
use crate::outlook::{Expected, Money, words};
use crate::renewal::{PaidFor, Request};

pub(super) fn page(request: &Request) -> String {
    let mut page = String::new();
    head(request, &mut page);
    asked(request, &mut page);
    paid_for(request, &mut page);
    months(request, &mut page);
    without(request, &mut page);
    page
}

/// A text that stays inside a cell of a table and a line of a list.
fn plain(text: &str) -> String {
    let text: Vec<&str> = text.split_whitespace().collect();
    let mut plain = String::new();
    for letter in base::visible(&text.join(" ")).chars() {
        if matches!(
            letter,
            '|' | '<' | '>' | '*' | '_' | '`' | '[' | ']' | '\\' | '#'
        ) {
            plain.push('\\');
        }
        plain.push(letter);
    }
    plain
}

fn whole(request: &Request, amount: Decimal) -> String {
    format!("{:.0}", Money::new(amount, request.currency))
}

fn exact(request: &Request, amount: Decimal) -> String {
    Money::new(amount, request.currency).to_string()
}

fn head(request: &Request, page: &mut String) {
    let grant = &request.grant;
    *page += &format!("# Request for another grant: {}\n\n", plain(&grant.title));
    let whom = request.contact.as_deref();
    let whom = whom.map_or_else(|| "[whom we ask]".to_owned(), plain);
    *page += &format!("To: {}, {whom}\n\n", plain(&grant.giver));
    let purpose = request.purpose.as_deref();
    let purpose = purpose.map_or_else(|| "[what it is for, in a sentence]".to_owned(), plain);
    *page += &format!("{purpose}\n\n");
    *page += &format!(
        "You gave us {} of credits for {}, from {} to {}. Of these {} are used, and {} are left.\n",
        exact(request, grant.amount),
        plain(&grant.provider),
        grant.days.from,
        grant.days.until,
        exact(request, grant.drawn),
        exact(request, grant.left),
    );
    *page += &match grant.state {
        State::UsedUp => format!("Nothing is left since {}.\n", words::day(grant.ends)),
        State::Over => format!("They ended on {}.\n", grant.days.until),
        State::Ahead | State::Running => {
            format!("They end on {}.\n", words::day(grant.ends))
        }
    };
    page.push('\n');
}

fn asked(request: &Request, page: &mut String) {
    *page += "## What we ask for\n\n";
    let next = match request.next_year {
        Expected::Range(range) => format!(
            "For the year from {} we expect to spend {}, and in nine of ten cases no more than {}. We ask for credits between the two.\n",
            request.next_days.from,
            whole(request, range.p50),
            whole(request, range.p90)
        ),
        Expected::RunRate(value) | Expected::Known(value) => format!(
            "If it goes on as in the last days, the year from {} costs {}. We ask for credits of that.\n",
            request.next_days.from,
            whole(request, value)
        ),
        Expected::Unknown => "[how much, and why]\n".to_owned(),
    };
    *page += &next;
    if let Some(trust) = &request.trust {
        *page += &format!("\n{}\n", words::trust(trust));
    }
    if let Some(growth) = request.growth {
        let direction = if growth.is_negative() { "less" } else { "more" };
        *page += &format!(
            "\nThe last three whole months cost {:.1}% {direction} than the three before.\n",
            growth.abs()
        );
    }
    page.push('\n');
}

fn table(request: &Request, heading: &str, what: &str, rows: &[PaidFor], page: &mut String) {
    if rows.is_empty() {
        return;
    }
    *page += &format!("### {heading}\n\n| {what} | Cost | Share |\n| --- | ---: | ---: |\n");
    for row in rows {
        let what = match row.what.as_str() {
            "" => "All others".to_owned(),
            what => plain(what),
        };
        let share = row
            .share
            .map_or_else(String::new, |share| format!("{share:.1}%"));
        *page += &format!("| {what} | {} | {share} |\n", exact(request, row.gross));
    }
    page.push('\n');
}

fn paid_for(request: &Request, page: &mut String) {
    *page += &format!(
        "## What it paid for\n\nFrom {} to {} the bills came to {} before credits. Credits paid {} of that; {} was left for us to pay.\n\n",
        request.days.from,
        request.days.until,
        exact(request, request.costs.gross),
        exact(request, request.costs.drawn),
        exact(request, request.costs.net),
    );
    for purpose in &request.purposes {
        *page += &format!(
            "- **{}** ({}): {}",
            plain(&purpose.title),
            exact(request, purpose.gross),
            plain(&purpose.purpose)
        );
        if let Some(decision) = &purpose.decision {
            // A link stands as it is, or it leads nowhere.
            *page += &format!(
                " Decided: {}",
                decision.split_whitespace().collect::<String>()
            );
        }
        page.push('\n');
    }
    if !request.purposes.is_empty() {
        page.push('\n');
    }
    table(
        request,
        "By group and service",
        "Group: service",
        &request.by_owner,
        page,
    );
    let heading = format!(
        "By service of {}, whole months",
        plain(&request.grant.provider)
    );
    table(
        request,
        &heading,
        "Service",
        &request.by_vendor_service,
        page,
    );
}

fn months(request: &Request, page: &mut String) {
    *page += "### By month\n\n| Month | Before credits | Paid by credits | Left to pay |\n| --- | ---: | ---: | ---: |\n";
    for month in &request.months {
        let part = if month.whole { "" } else { " (a part)" };
        *page += &format!(
            "| {}{part} | {} | {} | {} |\n",
            month.month,
            exact(request, month.costs.gross),
            exact(request, month.costs.drawn),
            exact(request, month.costs.net),
        );
    }
    page.push('\n');
}

fn without(request: &Request, page: &mut String) {
    *page += "## What happens without it\n\n";
    let grant = &request.grant;
    if let Some(a_month) = request.a_month {
        let from = match grant.state {
            State::UsedUp | State::Over => "Now".to_owned(),
            State::Ahead | State::Running => format!("After {}", words::day(grant.ends)),
        };
        *page += &format!(
            "{from}, about {} a month have to be paid by somebody else, or what they pay for is turned off.\n",
            whole(request, a_month)
        );
    }
    for purpose in &request.purposes {
        if let Some(alternatives) = &purpose.alternatives {
            *page += &format!("\n- {}: {}", plain(&purpose.title), plain(alternatives));
        }
    }
    if request
        .purposes
        .iter()
        .any(|purpose| purpose.alternatives.is_some())
    {
        page.push('\n');
    } else {
        *page += "[what is turned off first, and who notices]\n";
    }
}
