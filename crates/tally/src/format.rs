//! Files of ballots.
//!
//! [`read`] makes a [`Poll`] of a file's bytes or says all that is wrong with it, and
//! [`write`] makes the file of a poll or says what the format cannot hold. Neither reads or
//! writes a disk.
//!
//! ```
//! use tally::format::{Format, read, write};
//!
//! let file = b"ada,grace,No-body\n1,2,No opinion\n3,1,2\n";
//! let poll = read(Format::Elekto, "ballots.csv", file)?;
//! assert_eq!(poll.profile.turnout(), 2);
//! assert_eq!(write(Format::Elekto, &poll)?.as_bytes(), file);
//!
//! let refusal = read(Format::Elekto, "ballots.csv", b"ada,grace\n0,2\n").unwrap_err();
//! assert!(refusal.to_string().starts_with("ballots.csv:2:1: E_RANK: "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod blt;
mod csv;
mod debian;
mod fault;
mod gather;
mod lines;
mod poll;
mod preflib;
mod rows;
mod scottish;

pub use fault::{Code, FAULTS_TOLD, Fault, Refusal};
pub use lines::Layout;
pub use poll::{Poll, Standing, Unsayable};

use fault::Faults;

/// The most candidates that a file may have.
pub const MOST_CANDIDATES: usize = 1_000;
/// The most voters that a file may stand for.
pub const MOST_VOTERS: u64 = 1_000_000_000_000;

/// A format of files of ballots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Elekto's `ballots.csv`: the ids of the candidates, then a row of ranks or `No opinion`
    /// a ballot.
    Elekto,
    /// The same from CIVS, the Condorcet Internet Voting Service: with names instead of ids.
    Civs,
    /// BLT, after Hill, Wichmann & Woodall 1987; see [`read`] for what is forgiven.
    Blt,
    /// The CSV of the Scottish elections data set, MGGG's `scot-elex`.
    Scottish,
    /// The orders of `PrefLib`: `soc`, `soi`, `toc` and `toi`.
    PrefLib,
    /// The tally sheets of Debian's votes.
    Debian,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Elekto,
        Self::Civs,
        Self::Blt,
        Self::Scottish,
        Self::PrefLib,
        Self::Debian,
    ];

    /// The name of the format on a command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Elekto => "elekto",
            Self::Civs => "civs",
            Self::Blt => "blt",
            Self::Scottish => "scottish",
            Self::PrefLib => "preflib",
            Self::Debian => "debian",
        }
    }

    /// The format by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// The format that a file most likely has, by its name and how it begins.
    pub fn guess(file: &str, bytes: &[u8]) -> Option<Self> {
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "blt" => Some(Self::Blt),
            "soc" | "soi" | "toc" | "toi" => Some(Self::PrefLib),
            "csv" if scottish::begins(bytes) => Some(Self::Scottish),
            "csv" => Some(Self::Elekto),
            _ if debian::has_vote(bytes) => Some(Self::Debian),
            _ => None,
        }
    }
}

/// Reads a file; `file` is its name for what is told of it.
///
/// A byte order mark and CR LF are taken as they come. Ranks are 1 to
/// [`RANK_MAX`](crate::RANK_MAX) in plain digits. In BLT names need no quotation marks, `-`
/// skips a rank, `=` joins candidates of one rank, `-k` before the ballots withdraws a
/// candidate, and `#` begins a comment.
pub fn read(format: Format, file: &str, bytes: &[u8]) -> Result<Poll, Refusal> {
    let mut faults = Faults::default();
    let poll = match format {
        Format::Elekto => rows::read(rows::Header::Ids, bytes, &mut faults),
        Format::Civs => rows::read(rows::Header::Names, bytes, &mut faults),
        Format::Blt => blt::read(bytes, &mut faults),
        Format::Scottish => scottish::read(bytes, &mut faults),
        Format::PrefLib => preflib::read(bytes, &mut faults),
        Format::Debian => debian::read(bytes, &mut faults),
    };
    faults.or(file, poll)
}

/// Reads Elekto's `ballots.csv` of an election whose candidates are known; each must have
/// one column, in whatever order, and nobody else may.
pub fn read_of(candidates: &[String], file: &str, bytes: &[u8]) -> Result<Poll, Refusal> {
    let mut faults = Faults::default();
    let poll = rows::read(rows::Header::Of(candidates), bytes, &mut faults);
    faults.or(file, poll)
}

/// Writes a poll; what the format has no place for, such as parties in BLT, is left out, but
/// a ballot that it cannot hold is an error.
pub fn write(format: Format, poll: &Poll) -> Result<String, Unsayable> {
    poll.sound()?;
    let text = match format {
        Format::Elekto | Format::Civs => rows::write(poll),
        Format::Blt => blt::write(poll),
        Format::Scottish => scottish::write(poll),
        Format::PrefLib => preflib::write(poll),
        Format::Debian => debian::write(poll),
    }?;
    Ok(poll.layout.apply(text))
}
