//! Who sits.

use std::collections::BTreeMap;

use anyhow::bail;
use base::{Digest, SourceMap};
use elections::Definition;
use elections::definition::{Counting, Tie as Decides};
use elections::lottery::{Draw, Lottery, LotteryError, Nonce};
use elections::seats::{
    Candidate, Cap, Fate, Member, Reserved, Seating, SeatsToFill, Stands, TermLength, seat,
};
use jiff::civil::Date;
use serde_json::json;
use tally::stv;
use yaml::{Decoding, Profile};

use super::ballots::{self, Ballots, NotCounted};
use super::count::{self, Counted};
use super::held::{Community, Held};
use super::opening::Opening;
use super::{Usage, method, polling};
use crate::Exit;
use crate::cli::{ElectSeatsArguments, Output};
use crate::project::Project;
use crate::render::elect_seats as render;
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectSeatsArguments,
) -> anyhow::Result<Outcome> {
    let is_folder = project
        .surroundings
        .folder
        .join(&arguments.election)
        .is_dir();
    let held = is_folder.then(|| Held::read(project, &arguments.election));
    let held = held.transpose()?;
    let ballots = match ballots(project, held.as_ref(), arguments)? {
        Ok(ballots) => ballots,
        Err(refused) => return Ok(count::refusal(&refused)),
    };
    let definition = held.as_ref().and_then(|held| held.definition.as_ref());
    let community = Community::of(project)?;
    let rules = Rules::of(project, arguments, definition, &ballots)?;
    let candidates = ballots.poll.profile.candidates();
    let opening = opening(project, held.as_ref(), arguments)?;
    let draw = draw(arguments, definition, opening.as_ref(), candidates)?;
    let lot = draw.as_ref().map_or(&arguments.lot, |draw| &draw.order);
    let order = match order(&ballots, lot)? {
        Ordered::Places(order) => order,
        Ordered::NeedsLot(said) => return Ok(waits(&said, definition, arguments)),
    };
    let standing: Vec<Candidate> = candidates
        .iter()
        .map(|id| rules.candidate(id, &community, arguments))
        .collect();
    let continuing = continuing(arguments, &community, rules.start);
    let open = SeatsToFill {
        body: rules.body,
        terms: &rules.terms,
        start: rules.start,
        cap: rules.cap.as_ref(),
        reserved: &rules.reserved,
        continuing: &continuing,
        candidates: &standing,
        lot,
    };
    let mut seating = seat(&open, &order).map_err(|error| Usage(error.to_string()))?;
    if !rules.terms_are_said {
        leave_terms_out(&mut seating);
    }
    let mut notes = community.note + &rules.who_stays(&continuing);
    if !seating.is_settled() {
        notes += &(who_decides(definition, arguments) + "\n");
    }
    let data = match arguments.question.output {
        Output::Json => json_of(&ballots, &rules, &seating, draw.as_ref(), arguments),
        output => {
            let employers = standing.iter().map(|one| (one.id.as_str(), &one.employer));
            let employers = employers.collect();
            let chance = render::Chance {
                draw: draw.as_ref(),
                given: &arguments.lot,
            };
            render::seating(&seating, &employers, &chance, output, project.surroundings)
        }
    };
    let exit = if seating.is_settled() {
        Exit::Well
    } else {
        Exit::Waits
    };
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    }
    .exit(exit))
}

/// A count that cannot go on without a lot.
fn waits(said: &str, definition: Option<&Definition>, arguments: &ElectSeatsArguments) -> Outcome {
    let who = who_decides(definition, arguments);
    Outcome {
        data: String::new(),
        notes: format!("{}\n{who}\n", base::visible(said)),
        exit: Exit::Waits,
    }
}

/// Nobody is told of a term that nobody has said.
fn leave_terms_out(seating: &mut Seating) {
    for placed in &mut seating.places {
        if let Fate::Seated(seat) = &mut placed.fate {
            let term = seat
                .term
                .take()
                .map(|term| format!(", for {}", term.length));
            placed.why = term.map_or_else(String::new, |term| placed.why.replace(&term, ""));
        }
    }
}

/// The ballots of the election that is named, or why they are refused.
fn ballots(
    project: &Project<'_>,
    held: Option<&Held>,
    arguments: &ElectSeatsArguments,
) -> anyhow::Result<Result<Ballots, NotCounted>> {
    let Some(held) = held else {
        return ballots::read(project, &arguments.election, &arguments.count);
    };
    let asked = method::asked(&arguments.count.method).map_err(Usage)?;
    let file = arguments.ballots.as_deref();
    ballots::of_election(project, held, file, asked, &arguments.count)
}

/// The members whose terms go on.
fn continuing(arguments: &ElectSeatsArguments, community: &Community, day: Date) -> Vec<Member> {
    let member = |id: &String| Member {
        id: id.clone(),
        employer: community.employer(id, day),
        until: None,
    };
    arguments.continuing.iter().map(member).collect()
}

fn json_of(
    ballots: &Ballots,
    rules: &Rules,
    seating: &Seating,
    draw: Option<&Draw>,
    arguments: &ElectSeatsArguments,
) -> String {
    let json = json!({
        "version": JSON_VERSION,
        "election": ballots.file,
        "method": ballots.counting,
        "body": rules.body,
        "cap": rules.cap,
        "start": rules.start,
        "seating": seating,
        "draw": draw,
        "lot": arguments.lot,
    });
    format!("{json:#}\n")
}

/// By which rules seats are given.
struct Rules {
    body: u32,
    terms: Vec<TermLength>,
    /// Whether anything says how long the terms are.
    terms_are_said: bool,
    start: Date,
    cap: Option<Cap>,
    reserved: Vec<Reserved>,
}

impl Rules {
    fn of(
        project: &Project<'_>,
        arguments: &ElectSeatsArguments,
        definition: Option<&Definition>,
        ballots: &Ballots,
    ) -> anyhow::Result<Self> {
        let cap = match &arguments.cap {
            Some(text) => Some(cap(text)?),
            None => definition
                .and_then(|definition| definition.cap.as_ref())
                .map(|cap| cap.value.clone()),
        };
        let mut terms = Vec::new();
        for text in &arguments.term {
            let term = TermLength::new(text.trim());
            terms.push(term.ok_or_else(|| {
                Usage(format!("`{text}` is no length of a term: write 2y or 6mo"))
            })?);
        }
        if terms.is_empty() {
            let written = definition.iter().flat_map(|definition| &definition.terms);
            terms.extend(written.map(|term| term.value));
        }
        let terms_are_said = !terms.is_empty();
        if !terms_are_said {
            let seats = ballots.seats.ok_or_else(|| {
                Usage("how many seats are filled? give --seats, or --term for each".to_owned())
            })?;
            // All of one length, which nobody is told.
            terms.extend(
                TermLength::of_years(1)
                    .into_iter()
                    .cycle()
                    .take(seats as usize),
            );
        }
        let of_file = definition.and_then(|definition| definition.body_seats.as_ref());
        let of_file = of_file.map(|seats| seats.value.get());
        let of_cap = cap.as_ref().and_then(Cap::of);
        let open = u32::try_from(terms.len() + arguments.continuing.len()).unwrap_or(u32::MAX);
        let after = definition.map(|definition| definition.close.value.shown().date().tomorrow());
        let start = arguments.start.or_else(|| after?.ok());
        Ok(Self {
            body: arguments.body_seats.or(of_file).or(of_cap).unwrap_or(open),
            start: start.unwrap_or(project.day),
            terms,
            terms_are_said,
            cap,
            reserved: definition.map_or_else(Vec::new, |definition| definition.reserved.clone()),
        })
    }

    /// A note where it looks as if members who stay were forgotten.
    fn who_stays(&self, continuing: &[Member]) -> String {
        if self.body as usize <= self.terms.len() || !continuing.is_empty() {
            return String::new();
        }
        format!(
            "note: the body has {} seats and {} are open; name the members who stay with --continuing, for they count for the cap\n",
            self.body,
            self.terms.len()
        )
    }

    fn candidate(
        &self,
        id: &str,
        community: &Community,
        arguments: &ElectSeatsArguments,
    ) -> Candidate {
        let declines = arguments.declines.iter().any(|other| other == id);
        Candidate {
            roles: community.roles(id, self.start),
            stands: if declines {
                Stands::Declines
            } else {
                Stands::Accepts
            },
            ..Candidate::new(id, community.employer(id, self.start))
        }
    }
}

fn cap(text: &str) -> anyhow::Result<Cap> {
    let file = SourceMap::default().add("--cap", text);
    let (cap, findings) = Decoding::read_text::<Cap>(text, file, Profile::NATIVE);
    let said = findings.first().map(|finding| match &finding.help {
        Some(help) => format!("--cap: {}; {help}", finding.message),
        None => format!("--cap: {}", finding.message),
    });
    match (cap, said) {
        (Some(cap), None) => Ok(cap),
        (_, said) => Err(Usage(said.unwrap_or_else(|| "--cap says nothing".to_owned())).into()),
    }
}

/// What came of the count.
enum Ordered {
    Places(Vec<Vec<String>>),
    NeedsLot(String),
}

fn order(ballots: &Ballots, lot: &[String]) -> anyhow::Result<Ordered> {
    let profile = &ballots.poll.profile;
    let stranger = lot.iter().find(|name| profile.candidate(name).is_none());
    if let Some(stranger) = stranger {
        return Err(Usage(format!("the lot names {stranger}, who does not stand")).into());
    }
    if let Counting::Transferable(rule) = &ballots.counting {
        let drawn = lot.iter().filter_map(|name| profile.candidate(name));
        let drawn = stv::Lot::new(drawn.collect());
        let count = count::transferred(ballots, *rule, (!lot.is_empty()).then_some(&drawn))?;
        if count.lot_needed.is_some() {
            return Ok(Ordered::NeedsLot(count.ending()));
        }
        let elected = count.elected.iter();
        let places = elected.map(|one| vec![count.candidates[*one].clone()]);
        return Ok(Ordered::Places(places.collect()));
    }
    let Counted::Order(count) = count::counted(ballots)? else {
        bail!("the method gives no order");
    };
    let layers = count.named_layers().into_iter();
    let named = layers.map(|layer| layer.into_iter().map(str::to_owned).collect());
    Ok(Ordered::Places(named.collect()))
}

/// What the election was opened with, of its ballot box or as it was published. An election
/// that is not as it was opened seats nobody.
fn opening(
    project: &Project<'_>,
    held: Option<&Held>,
    arguments: &ElectSeatsArguments,
) -> anyhow::Result<Option<Opening>> {
    let Some(held) = held else {
        return Ok(None);
    };
    let published = arguments.opening.as_deref();
    let published = published.map(|path| Opening::read(project, path));
    let published = published.transpose()?;
    let of_box = polling::opening_of(project, &held.key)?;
    if let (Some(published), Some(of_box)) = (&published, &of_box)
        && published != of_box
    {
        bail!("what --opening names is not what the ballot box was opened with");
    }
    let opening = of_box.or(published);
    if let Some(opening) = &opening {
        opening.check(held)?;
    }
    Ok(opening)
}

/// The order by lot that officers' secrets give, if they were told.
fn draw(
    arguments: &ElectSeatsArguments,
    definition: Option<&Definition>,
    opening: Option<&Opening>,
    candidates: &[String],
) -> anyhow::Result<Option<Draw>> {
    if arguments.nonce.is_empty() {
        return Ok(None);
    }
    let Some(definition) = definition else {
        let message = "secrets are told to what was committed to: name the election by its folder";
        return Err(Usage(message.to_owned()).into());
    };
    // Whoever can word the file after the count would word it until the order pleases.
    let Some(opening) = opening else {
        bail!(
            "the lot is drawn for the election as it was opened, and its ballot box is not here: name the opening.json that was published with --opening"
        );
    };
    let mut revealed = BTreeMap::new();
    for text in &arguments.nonce {
        let (officer, nonce) = pair(text, "OFFICER=HEX")?;
        let nonce: Nonce = nonce
            .parse()
            .map_err(|error| Usage(format!("the secret of {officer}: {error}")))?;
        revealed.insert(officer, nonce);
    }
    let decision = arguments.decision.as_deref().unwrap_or_default().trim();
    if !arguments.exclude.is_empty() && decision.is_empty() {
        let message = "name the decision that excludes the officer, by its number or address";
        return Err(Usage(message.to_owned()).into());
    }
    let excluded = arguments.exclude.iter();
    let excluded: BTreeMap<String, String> = excluded
        .map(|officer| (officer.clone(), decision.to_owned()))
        .collect();
    let lottery = Lottery {
        election: &opening.election,
        commitments: &commitments(definition),
        revealed: &revealed,
        excluded: &excluded,
        candidates,
    };
    match lottery.draw() {
        Ok(draw) => Ok(Some(draw)),
        Err(errors) => {
            let said: Vec<String> = errors.iter().map(LotteryError::to_string).collect();
            bail!(
                "the lot cannot be drawn: {}; who does not tell is excluded by a decision, with --exclude OFFICER --decision ID",
                said.join("; ")
            )
        }
    }
}

fn commitments(definition: &Definition) -> BTreeMap<String, Digest> {
    let entries = definition.commitments.entries.iter();
    entries
        .map(|(officer, commitment)| (officer.value.clone(), commitment.value.0))
        .collect()
}

fn pair(text: &str, form: &str) -> anyhow::Result<(String, String)> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err(Usage(format!("`{text}` is not of the form {form}")).into()),
    }
}

/// Who has to do what, so that a tie is broken.
fn who_decides(definition: Option<&Definition>, arguments: &ElectSeatsArguments) -> String {
    let Some(definition) = definition else {
        return "a tie waits: whoever the election's rules name draws a lot; give the order with --lot"
            .to_owned();
    };
    let said = match definition.tie.value {
        Decides::Lottery => {
            let told = |officer: &String| {
                let start = format!("{officer}=");
                arguments.nonce.iter().any(|text| text.starts_with(&start))
            };
            let waiting: Vec<String> = commitments(definition)
                .into_keys()
                .filter(|officer| !told(officer))
                .collect();
            if waiting.is_empty() {
                "a tie waits for a lottery, and no officer has committed to a secret: a coin has to decide; give the order with --lot".to_owned()
            } else {
                format!(
                    "a tie waits for the lottery: {} tell what they committed to, with --nonce OFFICER=HEX",
                    waiting.join(", ")
                )
            }
        }
        Decides::Coin => "a tie waits for a coin: somebody who is not involved throws it before a witness; give the order with --lot".to_owned(),
        Decides::CastingVote => {
            "a tie waits for the casting vote; give the order with --lot".to_owned()
        }
    };
    base::visible(&said)
}
