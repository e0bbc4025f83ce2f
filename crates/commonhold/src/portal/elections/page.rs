//! One election.

use elections::definition::{Phase, Privacy, Publish};
use jiff::Timestamp;
use portal::model::{
    Cell, ColumnKind, Fact, Field, Form, Link, Mood, Page, Part, Section, Source, Step, StepState,
    Value,
};
use portal::{AsOf, Reader};

use super::super::affairs::{Election, Stands};
use super::super::decisions::group;
use super::super::parts::{column, fact, row, table};
use super::super::shown::{Known, link, to};
use super::{phase, privacy, result};

pub(super) fn of(known: &Known, election: &Election, reader: &Reader, now: &AsOf) -> Page {
    let at = election.phase(now.instant());
    let mut page = Page::new(
        Section::Elections,
        to("elections", &election.key),
        election.title.clone(),
    );
    "Election".clone_into(&mut page.kind);
    page.summary = summary(election);
    let (mood, word) = phase(at);
    page.state = Some((mood, word.to_owned()));
    page.source = Some(Source {
        path: format!("{}/election.yaml", election.folder),
        line: 1,
    });
    if let Some(problem) = &election.problem {
        page.add(Part::Notice(
            Mood::Bad,
            format!("Something is wrong with its files. {problem}."),
            None,
        ));
    }
    page.heading("stands", "Where it stands");
    page.add(Part::Steps(steps(election, at)));
    ballot(election, reader, at, &mut page);
    if let Some(found) = &election.result {
        result::add(known, election, found, &mut page);
    }
    candidates(known, election, &mut page);
    voters(election, reader, &mut page);
    page.heading("rules", "How it is held");
    page.add(Part::Facts(facts(known, election)));
    receipts(election, &mut page);
    verify(election, &mut page);
    page
}

fn summary(election: &Election) -> String {
    let seats = election.seats.map_or(0, |seats| seats as usize);
    let seats = portal::model::counted(seats, "seat", "seats");
    let body = election
        .body
        .as_deref()
        .map_or(String::new(), |body| format!(" of {body}"));
    let stand = portal::model::counted(
        election.candidates.len(),
        "candidate stands",
        "candidates stand",
    );
    let ballots = match election.privacy {
        Privacy::Open => "The vote is a roll call: everybody sees who voted how.",
        Privacy::Sealed => "Ballots are sealed: what is stored does not tell how somebody voted.",
        Privacy::Blind => {
            "The vote is blind: nobody can tell how somebody voted, and anybody can check the count."
        }
    };
    format!("{seats}{body} filled by election; {stand}. {ballots}")
}

fn steps(election: &Election, at: Phase) -> Vec<Step> {
    let step =
        |reached: Phase, until: Phase, title: &str, text: String, when: Option<Timestamp>| Step {
            state: if at >= until {
                StepState::Done
            } else if at >= reached {
                StepState::Now
            } else {
                StepState::Ahead
            },
            title: title.to_owned(),
            text,
            at: when,
        };
    let mut steps = Vec::new();
    if let Some((open, close)) = election.nominations {
        steps.push(step(
            Phase::Nominations,
            Phase::Campaign,
            "Nominations",
            format!("Until {close}."),
            Some(open),
        ));
        steps.push(step(
            Phase::Campaign,
            Phase::Voting,
            "Campaign",
            "Statements are read, and the roll is checked.".to_owned(),
            Some(close),
        ));
    }
    let until = format!("Until just before {}.", election.closes_shown);
    steps.push(step(
        Phase::Voting,
        Phase::Closed,
        "Voting",
        until,
        Some(election.opens),
    ));
    let counted = match &election.result {
        Some(Ok(_)) => "The ballots were counted.".to_owned(),
        Some(Err(why)) => why.clone(),
        None if at >= Phase::Closed => {
            "The officers close the ballot box, and then it is counted.".to_owned()
        }
        None => String::new(),
    };
    let done = matches!(election.result, Some(Ok(_)));
    let closed = step(
        Phase::Closed,
        Phase::Certified,
        "Count",
        counted,
        Some(election.closes),
    );
    steps.push(Step {
        state: if done { StepState::Done } else { closed.state },
        ..closed
    });
    steps
}

/// The way to the ballot, and whether the reader may cast one.
fn ballot(election: &Election, reader: &Reader, at: Phase, page: &mut Page) {
    let own = reader.person.as_deref().filter(|_| at < Phase::Closed);
    let own = own.map(|person| standing(election, person));
    if let Some((may, text)) = &own {
        let mood = if *may { Mood::Good } else { Mood::Plain };
        page.add(Part::Notice(mood, text.clone(), None));
    }
    if at != Phase::Voting {
        return;
    }
    page.heading("vote", "Vote");
    if election.vote.is_none() {
        page.say("Its ballot box has not been opened here.");
        return;
    }
    if own.is_none_or(|(may, _)| may) {
        let link = Link::new(
            "To the ballot",
            format!("/elections/{}/ballot", election.key),
        );
        let text = format!(
            "Ballots are taken until just before {}.",
            election.closes_shown
        );
        page.add(Part::Notice(Mood::Waiting, text, Some(link)));
    }
    let rest = match election.privacy {
        Privacy::Blind => " --token my.token",
        Privacy::Sealed => " --receipt my.receipt",
        Privacy::Open => "",
    };
    let all = vec![Part::Command {
        about: "Vote where the ballot box is: candidates from the best on, `=` between equals"
            .to_owned(),
        text: format!("commonhold elect vote {} FIRST,SECOND{rest}", election.key),
    }];
    page.add(Part::Folded("On a command line".to_owned(), all));
}

/// Whether somebody may vote, and why.
fn standing(election: &Election, person: &str) -> (bool, String) {
    match &election.roll {
        Err(why) => (
            false,
            format!("Whether you may vote cannot be told: {why}."),
        ),
        Ok(roll) => match roll.get(person) {
            Some(Ok(why)) => (true, format!("You may vote: {why}.")),
            Some(Err(why)) => (false, format!("You may not vote: {why}.")),
            None => (false, "You may not vote: no condition is met.".to_owned()),
        },
    }
}

fn candidates(known: &Known, election: &Election, page: &mut Page) {
    page.heading("candidates", "Candidates");
    if election.candidates.is_empty() {
        page.say("Nobody stands yet.");
        return;
    }
    let rows = election.candidates.iter().map(|one| {
        let mut cells = vec![cell(known, one), Cell::text(one.id.clone())];
        let info = one
            .info
            .iter()
            .map(|(name, value)| Link::text(format!("{name}: {value}")));
        cells.push(Cell::links(info.collect()));
        let source = one.file.clone().map(|path| Source { path, line: 1 });
        row(cells, source)
    });
    let columns = vec![
        column("name", "Name", ColumnKind::Text),
        column("id", "On the ballot", ColumnKind::Text),
        column("said", "Says of themselves", ColumnKind::List),
    ];
    page.add(table(
        "candidates",
        "Who stands",
        columns,
        rows.collect(),
        "",
    ));
    for one in election
        .candidates
        .iter()
        .filter(|one| !one.statement.is_empty())
    {
        let title = format!("What {} says", one.name);
        page.add(Part::Folded(
            title,
            vec![Part::Quote(one.statement.clone())],
        ));
    }
}

fn cell(known: &Known, one: &Stands) -> Cell {
    let person = one.person.as_deref();
    let person = person.and_then(|name| known.checked.estate.tables.people.get(name));
    match person {
        Some(person) => Cell::link(one.name.clone(), to("people", &person.name)),
        None => Cell::text(one.name.clone()),
    }
}

/// A candidate by what the ballot calls them, with their page where they have one.
pub(super) fn candidate(known: &Known, election: &Election, id: &str) -> Link {
    let found = election.candidates.iter().find(|one| one.id == id);
    match found {
        Some(one) => Link {
            text: one.name.clone(),
            to: cell(known, one).to,
        },
        None => Link::text(id),
    }
}

fn voters(election: &Election, reader: &Reader, page: &mut Page) {
    page.heading("voters", "Who may vote");
    if let Some(count) = election.voters {
        page.say(format!(
            "{} may vote.",
            portal::model::counted(count, "person", "people")
        ));
    }
    if let Err(why) = &election.roll {
        page.say(format!("Who exactly cannot be told here: {why}."));
    }
    if election.rule.is_empty() {
        page.say("They are on a list that lies beside the election.");
    } else {
        let rows = (1..).zip(&election.rule).map(|(number, way)| {
            row(
                vec![Cell::text(format!("Way {number}")), Cell::text(way.clone())],
                None,
            )
        });
        let columns = vec![
            column("way", "Way", ColumnKind::Text),
            column("who", "Who", ColumnKind::Text),
        ];
        page.add(table(
            "voters",
            "By which rule; one way is enough",
            columns,
            rows.collect(),
            "",
        ));
    }
    if reader.person.is_none() && election.result.is_none() {
        page.say("Sign in to see whether you may, and why.");
    }
    page.add(Part::Command {
        about: "Say of anybody whether they may vote, and why".to_owned(),
        text: format!("commonhold elect voters {} --why LOGIN", election.folder),
    });
}

fn facts(known: &Known, election: &Election) -> Vec<Fact> {
    let officers = election.officers.iter().map(|one| Link {
        text: one.name.clone(),
        to: one
            .person
            .as_deref()
            .and_then(|name| link("people", name).to),
    });
    let mut facts = vec![
        fact(
            "seats",
            "Seats",
            election
                .seats
                .map_or(Cell::none(), |seats| Cell::count(seats as usize)),
        ),
        fact("method", "Counted by", Cell::text(election.method.clone())),
        fact("tie", "A tie over a seat", Cell::text(tie(election.tie))),
        fact("privacy", "Ballots", Cell::text(privacy(election.privacy))),
        fact(
            "published",
            "Published after the close",
            Cell::text(match election.publish {
                Publish::Full => "every ballot, without its voter unless the vote is open",
                Publish::Pairwise => "how many prefer each candidate to each other",
                Publish::None => "the result alone",
            }),
        ),
        fact("officers", "Officers", Cell::links(officers.collect())),
    ];
    if let Some(body) = &election.body {
        facts.insert(0, fact("body", "Body", group(known, body)));
    }
    if let Some(at) = election.exceptions {
        facts.push(fact(
            "exceptions",
            "Exceptions can be asked for until",
            Cell::instant(Some(at)),
        ));
    }
    let all = if election.no_opinion {
        "may leave candidates out"
    } else {
        "ranks every candidate"
    };
    facts.push(fact("ballot", "A ballot", Cell::text(all)));
    facts
}

fn tie(word: &str) -> &str {
    match word {
        "lottery" => "is decided by a lot from secrets that officers committed to before",
        "coin" => "is decided by a coin, thrown before a witness",
        "casting-vote" => "is decided by a casting vote",
        other => other,
    }
}

/// Where a voter of a blind election looks for a receipt.
fn receipts(election: &Election, page: &mut Page) {
    let Some(vote) = election
        .vote
        .as_ref()
        .filter(|_| election.privacy == Privacy::Blind)
    else {
        return;
    };
    page.heading("receipts", "Find your ballot");
    let count = portal::model::counted(vote.posts.len(), "ballot is", "ballots are");
    page.say(format!("{count} on the board. Your receipt finds yours; nobody can tell from the board whose a ballot is. To leave no trace that you looked, take the whole list and look on your own machine."));
    if vote.posts.is_empty() {
        return;
    }
    let field = Field::line("q", "Receipt").help("It begins with sha256:");
    page.add(Part::Form(Form {
        title: "Look for a receipt".to_owned(),
        about: "It only asks: nothing of you is sent with it but the receipt.".to_owned(),
        action: "/receipts".to_owned(),
        asks: true,
        fields: vec![field],
        button: "Look".to_owned(),
        beside: Some(Link::new("The whole list as CSV", "/receipts.csv")),
        anonymous: true,
        ..Form::default()
    }));
}

/// What lets anybody check the count.
fn verify(election: &Election, page: &mut Page) {
    let Some(vote) = &election.vote else {
        return;
    };
    let code = |text: String| Cell::new(Value::Code(text));
    page.heading("verify", "Verify it yourself");
    let mut facts = vec![
        fact("poll", "The poll", code(vote.poll.to_string())),
        fact(
            "electorate",
            "Those who could vote at the opening",
            code(vote.electorate.clone()),
        ),
    ];
    if let Some(commit) = &vote.commit {
        facts.push(fact("commit", "People as of commit", code(commit.clone())));
    }
    if let Some(closing) = &vote.closing {
        facts.push(fact(
            "head",
            "All that was in the box at the close",
            code(closing.head.to_string()),
        ));
        let sound = match &vote.fault {
            None => Cell::state(Mood::Good, "as it was written"),
            Some(fault) => Cell::state(Mood::Bad, fault.clone()),
        };
        facts.push(fact("box", "The ballot box", sound));
    }
    page.add(Part::Facts(facts));
    let Some(_) = &vote.closing else {
        page.say("Keep these digests: at the close they show whether anything was changed.");
        return;
    };
    let rows = vote.files.iter().map(|(name, ..)| {
        let path = format!("/elections/{}/{name}", election.key);
        row(vec![Cell::link(*name, path), Cell::text(what(name))], None)
    });
    let columns = vec![
        column("file", "File", ColumnKind::Text),
        column("what", "What it holds", ColumnKind::Text),
    ];
    page.add(table(
        "files",
        "What is published",
        columns,
        rows.collect(),
        "",
    ));
    let text = match election.privacy {
        Privacy::Blind => {
            "commonhold elect verify board.jsonl --closing closing.json --receipt YOUR-RECEIPT"
        }
        _ => "commonhold elect verify published.json --closing closing.json",
    };
    page.add(Part::Command {
        about: "Check on your own machine that the parts belong together".to_owned(),
        text: text.to_owned(),
    });
}

fn what(name: &str) -> &'static str {
    match name {
        "board.jsonl" => "every ballot that was posted, each with the digest of the one before it",
        "closing.json" => "the record of the close",
        _ => "the poll, the record of the close, and the ballots as far as they are published",
    }
}
