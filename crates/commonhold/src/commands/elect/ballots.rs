//! The ballots that a command line names.

use std::fs;
use std::path::Path;

use elections::definition::Counting;
use elections::elekto;
use tally::format::{self, Format, Poll, Refusal};

use super::held::Held;
use super::{Usage, method, polling};
use crate::cli::{BallotsFormat, CountArguments};
use crate::project::Project;

/// The largest file of ballots that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// Ballots, and how they are counted.
pub(super) struct Ballots {
    /// The file, as it is named to people.
    pub(super) file: String,
    pub(super) poll: Poll,
    pub(super) counting: Counting,
    /// How many are to be elected, if anything says it.
    pub(super) seats: Option<u32>,
}

/// Why a file cannot be counted.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotCounted {
    /// It is not what it should be; all of it is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It cannot be read at all.
    #[error("{file}: {why}")]
    Unreadable { file: String, why: String },
}

/// Reads a file of ballots or the folder of an election. The outer error ends the run, the
/// inner one is about this file alone.
pub(super) fn read(
    project: &Project<'_>,
    path: &Path,
    arguments: &CountArguments,
) -> anyhow::Result<Result<Ballots, NotCounted>> {
    let asked = method::asked(&arguments.method).map_err(Usage)?;
    if project.surroundings.folder.join(path).is_dir() {
        let held = Held::read(project, path)?;
        return of_election(project, &held, None, asked, arguments);
    }
    let Some(counting) = asked else {
        let all = "name the method: --preset elekto, --preset scottish, --method schulze --version v1 ...; \
                   `commonhold elect tally --help` lists them";
        return Err(Usage(all.to_owned()).into());
    };
    let poll = match poll(project, path, arguments.format)? {
        Ok(poll) => poll,
        Err(refused) => return Ok(Err(refused)),
    };
    Ok(Ok(Ballots {
        file: path.display().to_string(),
        seats: arguments.seats.or(poll.seats),
        poll,
        counting,
    }))
}

/// The ballots of an election: those that are named, of its folder, or of its closed box.
pub(super) fn of_election(
    project: &Project<'_>,
    held: &Held,
    ballots: Option<&Path>,
    asked: Option<Counting>,
    arguments: &CountArguments,
) -> anyhow::Result<Result<Ballots, NotCounted>> {
    let definition = held.definition.as_ref();
    let of_file = definition.map(|definition| definition.method.value.clone());
    let counting = asked.or(of_file).unwrap_or_else(elekto::preset);
    let beside = held.folder.join(elekto::BALLOTS);
    let found = project.surroundings.folder.join(&beside).is_file();
    let read = match ballots {
        Some(path) => poll(project, path, arguments.format)?,
        None if found => of_candidates(project, held, &beside)?,
        None => {
            let ballot_box = polling::existing(project, &held.key, None)?;
            if let Some(opening) = polling::opening_of(project, &held.key)? {
                opening.check(held)?;
            }
            Ok(Poll::new(ballot_box.profile()?))
        }
    };
    let poll = match read {
        Ok(poll) => poll,
        Err(refused) => return Ok(Err(refused)),
    };
    let declared = definition.map(|definition| definition.seats.value.get());
    Ok(Ok(Ballots {
        file: held.folder.display().to_string(),
        seats: arguments.seats.or(declared).or(poll.seats),
        poll,
        counting,
    }))
}

/// The `ballots.csv` of a folder; who stands is known where the candidates have files.
fn of_candidates(
    project: &Project<'_>,
    held: &Held,
    path: &Path,
) -> anyhow::Result<Result<Poll, NotCounted>> {
    let ids = held.candidates.iter();
    let ids: Vec<String> = ids.map(|one| one.id.value.to_string()).collect();
    if ids.is_empty() {
        return poll(project, path, BallotsFormat::Elekto);
    }
    let file = path.display().to_string();
    Ok(bytes(project, path).and_then(|bytes| Ok(format::read_of(&ids, &file, &bytes)?)))
}

fn poll(
    project: &Project<'_>,
    path: &Path,
    wanted: BallotsFormat,
) -> anyhow::Result<Result<Poll, NotCounted>> {
    let file = path.display().to_string();
    let bytes = match bytes(project, path) {
        Ok(bytes) => bytes,
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    let format = match wanted {
        BallotsFormat::Auto => Format::guess(&file, &bytes),
        BallotsFormat::Elekto => Some(Format::Elekto),
        BallotsFormat::Civs => Some(Format::Civs),
        BallotsFormat::Blt => Some(Format::Blt),
        BallotsFormat::Scottish => Some(Format::Scottish),
        BallotsFormat::Preflib => Some(Format::PrefLib),
        BallotsFormat::Debian => Some(Format::Debian),
    };
    let Some(format) = format else {
        let message = format!("nothing tells how the ballots of {file} are written: say --format");
        return Err(Usage(message).into());
    };
    Ok(format::read(format, &file, &bytes).map_err(NotCounted::from))
}

/// The bytes of a file that somebody named.
pub(super) fn bytes(project: &Project<'_>, path: &Path) -> Result<Vec<u8>, NotCounted> {
    let unreadable = |why: String| NotCounted::Unreadable {
        file: path.display().to_string(),
        why,
    };
    let full = project.surroundings.folder.join(path);
    let meta = fs::metadata(&full).map_err(|error| unreadable(reason(&error)))?;
    match meta {
        meta if !meta.is_file() => Err(unreadable("it is not a file".to_owned())),
        meta if meta.len() > LARGEST => Err(unreadable("it is larger than 256 MiB".to_owned())),
        _ => fs::read(&full).map_err(|error| unreadable(reason(&error))),
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => format!("it cannot be read: {error}"),
    }
}
