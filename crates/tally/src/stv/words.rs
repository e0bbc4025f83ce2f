//! A count in sentences.

use serde::Serialize;

use super::Decimal;
use super::decimal::group;
use super::record::{
    Act, Choice, Count, Elected, Ended, LotNeeded, Rule, Seat, Stage, Tie, TieBreak, Transfer,
};
use crate::Candidate;

/// One stage in sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageWords {
    /// The stage.
    pub number: u32,
    /// Whole sentences, in the order in which things happened.
    pub sentences: Vec<String>,
}

impl Count {
    /// What happened at each stage, for the candidates and anybody else.
    pub fn words(&self) -> Vec<StageWords> {
        self.stages
            .iter()
            .map(|stage| StageWords {
                number: stage.number,
                sentences: self.stage(stage),
            })
            .collect()
    }

    /// How it ended, in one sentence.
    pub fn ending(&self) -> String {
        if let Some(needed) = &self.lot_needed {
            return self.needed(needed);
        }
        let elected = self.list(&self.elected);
        let seats = self.seats;
        match u32::try_from(self.elected.len()) {
            Ok(0) => "Nobody is elected: nobody stands.".to_owned(),
            Ok(filled) if filled < seats => format!(
                "Elected: {elected}; {} of {seats} seats stay empty, as there were too few candidates.",
                seats - filled
            ),
            _ => format!("Elected: {elected}."),
        }
    }

    /// All stages and the ending, each sentence with the name of its stage before the first.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for stage in self.words() {
            text += &format!("Stage {}: {}\n", stage.number, stage.sentences.join(" "));
        }
        text + &self.ending() + "\n"
    }

    fn stage(&self, stage: &Stage) -> Vec<String> {
        let mut sentences: Vec<String> = stage.tie.iter().map(|tie| self.tie(tie)).collect();
        self.act(stage, &mut sentences);
        for elected in &stage.elected {
            sentences.push(self.elected(stage, *elected));
        }
        sentences
    }

    fn act(&self, stage: &Stage, sentences: &mut Vec<String>) {
        match &stage.act {
            Act::FirstPreferences => self.first(stage, sentences),
            Act::Surplus {
                of,
                had,
                surplus,
                transfers,
            } => sentences.push(format!(
                "The surplus of {}, {} of {}, {}: {}.",
                self.name(*of),
                surplus.short(),
                votes(*had),
                at(transfers),
                self.transfers(transfers, *surplus),
            )),
            Act::Exclusion { of, had, transfers } => sentences.push(format!(
                "{} has the fewest votes, {}, and is excluded: {}.",
                self.name(*of),
                had.grouped(),
                self.transfers(transfers, *had),
            )),
            Act::Round {
                iterations,
                surplus,
                keep,
                ended,
            } => self.round(stage, (*iterations, *surplus, *ended), keep, sentences),
        }
    }

    fn first(&self, stage: &Stage, sentences: &mut Vec<String>) {
        let valid = group(&self.valid.to_string());
        let quota = stage.quota.short();
        let seats = self.seats;
        let blank = match self.blank {
            0 => String::new(),
            blank => format!(
                " (and {} without a first preference)",
                group(&blank.to_string())
            ),
        };
        sentences.push(match self.rule {
            Rule::Scottish => format!(
                "{valid} papers count{blank}; the quota for {seats} is {valid} / {}, without the fraction, plus 1: {quota}.",
                u64::from(seats) + 1,
            ),
            Rule::Meek(_) => format!(
                "{valid} papers count{blank}; the quota for {seats} is {quota}, and falls as votes come to name nobody who is left."
            ),
        });
        let mut order: Vec<Candidate> = (0..self.candidates.len()).collect();
        order.sort_by_key(|candidate| std::cmp::Reverse(stage.votes[*candidate].raw()));
        let tops = order.iter().map(|candidate| {
            format!(
                "{} {}",
                self.name(*candidate),
                stage.votes[*candidate].short()
            )
        });
        let tops: Vec<String> = tops.collect();
        if !tops.is_empty() {
            sentences.push(format!("First preferences: {}.", tops.join(", ")));
        }
    }

    fn round(
        &self,
        stage: &Stage,
        (iterations, surplus, ended): (u32, Decimal, Ended),
        keep: &[Decimal],
        sentences: &mut Vec<String>,
    ) {
        let times = if iterations == 1 {
            "once"
        } else {
            "until it settled"
        };
        let why = match ended {
            Ended::Elected => "somebody reached the quota".to_owned(),
            Ended::Omega => format!("only {} of surplus is left", surplus.grouped()),
            Ended::Stable => format!("the surplus of {} falls no further", surplus.grouped()),
        };
        sentences.push(format!(
            "Votes were shared out {times} ({iterations}): {why}; the quota is {}.",
            stage.quota.grouped()
        ));
        for (candidate, keep) in keep.iter().enumerate() {
            let one = 10_i128.pow(keep.places().into());
            if !keep.is_zero() && keep.raw() < one {
                sentences.push(format!(
                    "{} keeps {} of each vote and has {}.",
                    self.name(candidate),
                    keep,
                    stage.votes[candidate].grouped()
                ));
            }
        }
        if let Some(out) = stage.excluded {
            sentences.push(format!(
                "{} has the fewest votes, {}, and is excluded.",
                self.name(out),
                stage.votes[out].grouped()
            ));
        }
    }

    fn elected(&self, stage: &Stage, elected: Elected) -> String {
        let name = self.name(elected.candidate);
        let had = stage.votes[elected.candidate];
        let quota = stage.quota;
        match elected.by {
            Seat::Quota if had == quota => {
                format!("{name} has {}, just the quota, and is elected.", votes(had))
            }
            Seat::Quota => format!(
                "{name} has {}, above the quota of {}, and is elected{}.",
                votes(had),
                quota.short(),
                self.later(elected.candidate),
            ),
            Seat::LastVacancy => format!(
                "{name} has {} and is elected: no more candidates are left than vacancies.",
                votes(had)
            ),
        }
    }

    /// At which stage the surplus of an elected candidate goes on.
    fn later(&self, candidate: Candidate) -> String {
        let passed = self.stages.iter().find_map(|stage| match &stage.act {
            Act::Surplus { of, surplus, .. } if *of == candidate => Some((stage.number, surplus)),
            _ => None,
        });
        match passed {
            Some((number, surplus)) => {
                format!(
                    "; the surplus of {} is passed on at stage {number}",
                    surplus.short()
                )
            }
            None => String::new(),
        }
    }

    fn tie(&self, tie: &Tie) -> String {
        let tied = self.list(&tie.tied);
        let mut text = match tie.choice {
            Choice::Surplus => format!("{tied} have the same surplus"),
            Choice::Exclusion => format!("{tied} are tied for the fewest votes"),
        };
        let most = match tie.choice {
            Choice::Surplus => "more",
            Choice::Exclusion => "fewer",
        };
        for step in &tie.steps {
            let left = self.list(&step.left);
            text += &match step.by {
                TieBreak::Stage(stage) => {
                    format!("; {left} had {most} at the end of stage {stage}")
                }
                TieBreak::Lot => format!("; the lot fell on {left}"),
            };
        }
        text + "."
    }

    fn needed(&self, needed: &LotNeeded) -> String {
        let what = match needed.choice {
            Choice::Surplus => "whose surplus is passed on first",
            Choice::Exclusion => "who is excluded",
        };
        format!(
            "Stage {} needs a lot: nothing else tells {} apart. Draw between them {what}, and count again with the lot.",
            needed.stage,
            self.list(&needed.tied)
        )
    }

    /// What each gets of so many votes, and what is left of them.
    fn transfers(&self, transfers: &[Transfer], of: Decimal) -> String {
        let raw = |group: &[Transfer]| group.iter().map(|one| one.votes.raw()).sum::<i128>();
        let decimal = |raw| Decimal::new(raw, of.places());
        let parts = transfers
            .chunk_by(|one, other| one.to == other.to)
            .map(|group| {
                let sum = decimal(raw(group)).grouped();
                match group[0].to {
                    Some(to) => format!("{} +{sum}", self.name(to)),
                    None => format!("{sum} name no one who is left"),
                }
            });
        let mut parts: Vec<String> = parts.collect();
        let lost = decimal(of.raw() - raw(transfers));
        if !lost.is_zero() {
            parts.push(format!(
                "{} is lost as values have five places",
                lost.grouped()
            ));
        }
        if parts.is_empty() {
            parts.push("there is nothing to pass on".to_owned());
        }
        parts.join(", ")
    }

    fn name(&self, candidate: Candidate) -> &str {
        self.candidates.get(candidate).map_or("?", String::as_str)
    }

    fn list(&self, candidates: &[Candidate]) -> String {
        let names: Vec<&str> = candidates.iter().map(|one| self.name(*one)).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        }
    }
}

fn votes(votes: Decimal) -> String {
    format!("{} votes", votes.grouped())
}

/// At what value a surplus is passed on; papers that came at another value say their own.
fn at(transfers: &[Transfer]) -> String {
    let mut values: Vec<Decimal> = transfers.iter().map(|transfer| transfer.value).collect();
    values.sort_unstable_by_key(|value| std::cmp::Reverse(value.raw()));
    values.dedup();
    match values[..] {
        [only] => format!("is passed on at {only} a vote"),
        [most, .., least] => format!(
            "is passed on at {most} a vote, and less for papers that came at less, down to {least}"
        ),
        [] => "cannot be passed on".to_owned(),
    }
}
