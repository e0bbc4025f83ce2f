//! What a word means in a plan.

use std::collections::BTreeSet;
use std::fmt;

use base::visible;

use super::left::{Fate, Left};
use super::parts::{Part, PartKind};

/// The parts that a word means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) parts: Vec<usize>,
    /// What it means more than it says.
    pub(super) note: Option<String>,
}

/// A word that means nothing that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    word: String,
    why: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    Nothing(Option<String>),
    Moved,
    Stays,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = visible(&self.word);
        match &self.why {
            Reason::Nothing(Some(near)) => write!(
                f,
                "nothing that is left to move is called `{word}`; did you mean `{}`?",
                visible(near)
            ),
            Reason::Nothing(None) => write!(
                f,
                "nothing that is left to move is called `{word}`; the plan without it names all that is"
            ),
            Reason::Moved => write!(f, "`{word}` has moved already"),
            Reason::Stays => write!(f, "`{word}` stays where it is already, by an exception"),
        }
    }
}

impl std::error::Error for Unknown {}

/// The parts that a word means: a part or a batch by its name, a lock, all locks of a blocker, or
/// the part of a thing.
pub(super) fn find(left: &Left, parts: &[Part], word: &str) -> Result<Found, Unknown> {
    let bare = word.split_once('/').filter(|(kind, _)| {
        let kind = kind.replace('-', " ");
        left.about.strip_suffix('s') == Some(kind.as_str())
    });
    let bare = bare.map_or(word, |(_, name)| name);
    let of = |fits: &dyn Fn(&Part) -> bool| -> Vec<usize> {
        let places = parts.iter().enumerate();
        places
            .filter(|(_, part)| !matches!(part.kind, PartKind::Moved | PartKind::Stays))
            .filter(|(_, part)| fits(part))
            .map(|(place, _)| place)
            .collect()
    };
    let by_lock = |part: &Part| match part.kind {
        PartKind::Lock(lock) => left.obstacles[lock].blocker == bare,
        _ => false,
    };
    let ways: [&dyn Fn(&Part) -> bool; 3] = [
        &|part| part.id == bare,
        &|part| part.batch == bare,
        &by_lock,
    ];
    for way in ways {
        let found = of(way);
        if !found.is_empty() {
            return Ok(Found {
                parts: found,
                note: None,
            });
        }
    }
    let unknown = |why| Unknown {
        word: word.to_owned(),
        why,
    };
    let Some(at) = left.things.iter().position(|thing| thing.id == bare) else {
        return Err(unknown(Reason::Nothing(near(left, parts, bare))));
    };
    match left.things[at].fate {
        Fate::Moved => return Err(unknown(Reason::Moved)),
        Fate::Stays => return Err(unknown(Reason::Stays)),
        Fate::Moves => {}
    }
    let found = of(&|part| part.things.contains(&at));
    let part = found.first().map(|&part| &parts[part]);
    let others = part.map_or(0, |part| part.things.len().saturating_sub(1));
    let note = part.filter(|_| others > 0).map(|part| {
        format!(
            "`{bare}` moves in one go with {} as `{}`: all of them are meant",
            base::counted(others, "other", "others"),
            part.id
        )
    });
    Ok(Found { parts: found, note })
}

/// What the writer may have meant.
fn near(left: &Left, parts: &[Part], word: &str) -> Option<String> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for part in parts {
        if !matches!(part.kind, PartKind::Moved | PartKind::Stays) {
            known.extend([part.id.as_str(), part.batch.as_str()]);
        }
    }
    let things = left.things.iter().filter(|thing| thing.fate == Fate::Moves);
    known.extend(things.map(|thing| thing.id.as_str()));
    known.extend(left.obstacles.iter().map(|lock| lock.blocker.as_str()));
    base::nearest(word, known).map(str::to_owned)
}
