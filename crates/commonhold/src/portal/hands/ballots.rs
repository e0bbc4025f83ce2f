//! Voting. The window, the voters and doubles are the business of the ballot box.

use std::collections::BTreeMap;

use ballot_box::blind::Post;
use ballot_box::{Effect, Poll, Privacy, ReceiptSecret};
use portal::model::{Field, FieldKind, Mood, Part, Section};
use portal::{BallotForm, Page, Reader, Refusal, Voted};

use super::refused::Answer;
use super::{Here, person};
use crate::commands::elect::booth::Booth;

/// The field of a candidate's rank begins so.
const RANK: &str = "rank-";
/// The longest ballot or request that is pasted, in bytes.
const LONGEST: usize = 256 * 1024;

fn booth(here: &Here<'_>, election: &str) -> Answer<Booth> {
    let found = Booth::of(&here.project, election)?;
    let unknown =
        || Refusal::Unknown("There is no such election, or it was not opened here.".to_owned());
    Ok(found.ok_or_else(unknown)?)
}

/// The ballot of an election.
pub(super) fn ballot(here: &Here<'_>, who: &Reader, election: &str) -> Answer<BallotForm> {
    let booth = booth(here, election)?;
    let poll = booth.poll().clone();
    let now = here.place.now();
    if now < poll.opens_at && poll.privacy != Privacy::Blind {
        return Err(
            Refusal::Conflict(format!("Ballots are taken from {} on.", poll.opens_at)).into(),
        );
    }
    if now >= poll.closes_at {
        return Err(Refusal::Conflict(format!("The vote ended at {}.", poll.closes_at)).into());
    }
    let key = booth.key();
    let mut page = Page::new(
        Section::Elections,
        format!("/elections/{election}/ballot"),
        format!("Ballot of {key}"),
    );
    "Ballot".clone_into(&mut page.kind);
    page.state = Some((Mood::Waiting, format!("open until {}", poll.closes_at)));
    if poll.privacy == Privacy::Blind {
        blind_page(&mut page, &booth, &key, election);
        let post =
            Field::line("post", "Your ballot, as the command printed it").kind(FieldKind::Paste);
        return Ok(BallotForm {
            page,
            fields: vec![post],
            blind: true,
        });
    }
    let person = person(who)?;
    let voter = booth.voter(&here.project, person)?;
    let mut booth = booth;
    let may = booth
        .ballot_box()
        .voters()?
        .iter()
        .any(|known| ballot_box::canonical_voter(known) == ballot_box::canonical_voter(&voter));
    if !may {
        return Err(Refusal::Forbidden(format!("{voter} is not on the roll of this election: its page says who is, and how to ask for an exception.")).into());
    }
    "Rank the candidates: 1 is the best, equals get the same rank.".clone_into(&mut page.summary);
    let fields = named_fields(&poll, &mut page)?;
    Ok(BallotForm {
        page,
        fields,
        blind: false,
    })
}

/// What whoever is signed in fills in.
fn named_fields(poll: &Poll, page: &mut Page) -> Answer<Vec<Field>> {
    let mut fields = ranks(poll);
    if poll.revote {
        let back = Field::line("withdraw", "Take my ballot back instead").kind(FieldKind::Tick);
        fields.push(Field {
            required: false,
            ..back
        });
    }
    if poll.privacy != Privacy::Sealed {
        let text = "This is a roll call: everybody can read how you voted.";
        page.add(Part::Notice(Mood::Plain, text.to_owned(), None));
        return Ok(fields);
    }
    let text = "The receipt below is a secret that only you have. Keep it: with it alone you can change your ballot until the close.";
    page.add(Part::Notice(Mood::Warn, text.to_owned(), None));
    let secret = ReceiptSecret::new().map_err(anyhow::Error::from)?;
    let receipt = Field {
        value: secret.text(),
        ..Field::line("receipt", "Your receipt")
    };
    let help = "To change a ballot that you cast before, put the receipt of that one here.";
    fields.push(receipt.help(help));
    Ok(fields)
}

fn ranks(poll: &Poll) -> Vec<Field> {
    let of = |candidate: &String| {
        let field =
            Field::line(format!("{RANK}{candidate}"), candidate.as_str()).kind(FieldKind::Number);
        Field {
            required: !poll.no_opinion_allowed,
            ..field
        }
    };
    poll.candidates.iter().map(of).collect()
}

/// What a voter does so that nobody, the registrar included, learns how they voted.
fn blind_page(page: &mut Page, booth: &Booth, key: &str, election: &str) {
    let summary = "This vote is blind: your ballot cannot be traced to you, not even by this server. Your own machine makes it.";
    summary.clone_into(&mut page.summary);
    let name = key.replace('/', "-");
    page.heading("token", "1. Take a token, once, well before you vote");
    page.add(Part::Command {
        about: "Make a request. Compare the digest that it prints with what the officers announced.".to_owned(),
        text: format!(
            "printf '%s' {} > poll.json\ncommonhold elect ask poll.json --out {name}.token > request.json\ncat request.json",
            super::signing::quoted(&booth.public())
        ),
    });
    page.say(format!("Sign in, bring what it printed to /elections/{election}/token, and save the answer as answer.json. Then sign out, or use another browser: whoever takes a token and votes in one breath shows which ballot is theirs."));
    page.add(Part::Command {
        about: "Make the token of the answer.".to_owned(),
        text: format!("commonhold elect accept {name}.token answer.json"),
    });
    let order: Vec<&str> = booth.poll().candidates.iter().map(String::as_str).collect();
    page.heading("vote", "2. Vote");
    page.add(Part::Command {
        about: "Put the candidates in your order: `,` between ranks, `=` between equals.".to_owned(),
        text: format!(
            "commonhold elect vote {} {} --token {name}.token --poll poll.json > ballot.json\ncat ballot.json",
            super::signing::quoted(key),
            super::signing::quoted(&order.join(","))
        ),
    });
    page.say("Paste what it printed below. You are not asked who you are. Keep the receipt: the election's page finds it, and after the close your ballot beside it.");
}

/// Casts a ballot.
pub(super) fn vote(
    here: &Here<'_>,
    who: &Reader,
    election: &str,
    answers: &BTreeMap<String, String>,
) -> Answer<Voted> {
    let mut booth = booth(here, election)?;
    let now = here.place.now();
    let privacy = booth.poll().privacy;
    if privacy == Privacy::Blind {
        let text = pasted(answers, "post")?;
        let post: Post = serde_json::from_str(&text).map_err(|_| {
            Refusal::Wrong("This is not a ballot as `commonhold elect vote --poll` prints it: paste all of it.".to_owned())
        })?;
        let receipt = booth.ballot_box().post(&post, now)?;
        // The time would tell whoever watches which ballot is whose.
        return Ok(Voted {
            receipt: receipt.to_string(),
            at: None,
        });
    }
    let person = person(who)?;
    let voter = booth.voter(&here.project, person)?;
    let back = answers.get("withdraw").is_some_and(|tick| !tick.is_empty());
    let choices = if back {
        Vec::new()
    } else {
        choices(booth.poll(), answers)?
    };
    let ballot_box = booth.ballot_box();
    let (effect, receipt) = if privacy == Privacy::Sealed {
        let mine = ReceiptSecret::of_text(
            answers
                .get("receipt")
                .map(String::as_str)
                .unwrap_or_default(),
        );
        let mine = mine.map_err(ballot_box::BoxError::from)?;
        let effect = if back {
            ballot_box.withdraw_sealed(&mine, now)?
        } else {
            ballot_box.cast_sealed(&voter, &mine, &choices, now)?
        };
        (effect, mine.text())
    } else if back {
        (ballot_box.withdraw(&voter, now)?, voter)
    } else {
        (ballot_box.cast(&voter, &choices, now)?, voter)
    };
    let is_new = effect != Effect::Unchanged;
    Ok(Voted {
        receipt,
        at: is_new.then_some(now),
    })
}

/// The ranks that a form gave.
fn choices(poll: &Poll, answers: &BTreeMap<String, String>) -> Result<Vec<(String, i64)>, Refusal> {
    let mut choices = Vec::new();
    for candidate in &poll.candidates {
        let rank = answers
            .get(&format!("{RANK}{candidate}"))
            .map(|rank| rank.trim());
        let Some(rank) = rank.filter(|rank| !rank.is_empty()) else {
            continue;
        };
        let Ok(number) = rank.parse() else {
            let what = format!(
                "`{}` is no rank for {candidate}: write a whole number, 1 for the best.",
                base::visible(rank)
            );
            return Err(Refusal::Wrong(what));
        };
        choices.push((candidate.clone(), number));
    }
    Ok(choices)
}

/// Signs what a voter blinded.
pub(super) fn token(
    here: &Here<'_>,
    who: &Reader,
    election: &str,
    blinded: &str,
) -> Answer<String> {
    let person = person(who)?;
    let mut booth = booth(here, election)?;
    if booth.poll().privacy != Privacy::Blind {
        return Err(Refusal::Conflict(
            "This election is not blind: vote without a token.".to_owned(),
        )
        .into());
    }
    if blinded.len() > LONGEST {
        return Err(
            Refusal::Wrong("This is longer than any request for a token.".to_owned()).into(),
        );
    }
    Ok(booth.token(&here.project, person, blinded)?)
}

fn pasted(answers: &BTreeMap<String, String>, key: &str) -> Result<String, Refusal> {
    let text = answers.get(key).map(|text| text.trim()).unwrap_or_default();
    if text.is_empty() || text.len() > LONGEST {
        return Err(Refusal::Wrong("Paste what the command printed.".to_owned()));
    }
    Ok(text.to_owned())
}
