//! Why somebody may vote, or may not.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A condition that somebody meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Ground {
    /// In an organisation.
    Member {
        /// Its name.
        organisation: String,
    },
    /// In a team.
    Team {
        /// Its name.
        team: String,
    },
    /// In a group.
    Group {
        /// Its name.
        group: String,
        /// As what.
        role: String,
        /// Since when, if that is written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Date>,
        /// Until when, if that is written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// Enough contributions.
    Contributions {
        /// How many.
        count: u64,
        /// How many it takes.
        needed: u32,
    },
    /// Named by the rule.
    Named,
    /// By an exception that the officers granted. Why it was granted is theirs to know.
    Exception,
    /// On a list that was given, by whoever kept it.
    Listed,
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member { organisation } => write!(f, "a member of {organisation}"),
            Self::Team { team } => write!(f, "in the team {team}"),
            Self::Group {
                group,
                role,
                since,
                until,
            } => {
                write!(f, "{role} of {group}")?;
                if let Some(since) = since {
                    write!(f, " from {since}")?;
                }
                until.map_or(Ok(()), |until| write!(f, " until {until}"))
            }
            Self::Contributions { count, needed } => {
                write!(f, "{count} contributions, and {needed} are enough")
            }
            Self::Named => f.write_str("named by the rule"),
            Self::Exception => f.write_str("by an exception that the officers granted"),
            Self::Listed => f.write_str("on the list of voters"),
        }
    }
}

/// A condition that somebody does not meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "lacks", rename_all = "kebab-case")]
pub enum Lack {
    /// In none of these organisations.
    Member {
        /// Their names.
        organisations: Vec<String>,
    },
    /// In none of these teams.
    Team {
        /// Their names.
        teams: Vec<String>,
    },
    /// In none of these groups at that time.
    Group {
        /// Their names.
        groups: Vec<String>,
        /// From when.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<Date>,
        /// Until when.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// Too few contributions.
    Contributions {
        /// How many.
        count: u64,
        /// How many it takes.
        needed: u32,
    },
    /// Not among the people named.
    Named,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member { organisations } => {
                write!(f, "not a member of {}", organisations.join(" or "))
            }
            Self::Team { teams } => write!(f, "not in the team {}", teams.join(" or ")),
            Self::Group {
                groups,
                from,
                until,
            } => {
                write!(f, "not in {}", groups.join(" or "))?;
                if let Some(from) = from {
                    write!(f, " from {from}")?;
                }
                until.map_or(Ok(()), |until| write!(f, " until {until}"))
            }
            Self::Contributions { count, needed } => {
                write!(f, "{count} contributions of the {needed} it takes")
            }
            Self::Named => f.write_str("not among the people named"),
        }
    }
}

/// Why somebody who came near is not on the roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "left_out", rename_all = "kebab-case")]
pub enum LeftOutBecause {
    /// A program, not a human.
    Robot,
    /// Left the project by the day the facts are of.
    Left {
        /// When.
        on: Date,
    },
    /// No way is met: what is lacking, way by way.
    Lacks {
        /// For each way in its order, the conditions that are not met.
        ways: Vec<Vec<Lack>>,
    },
}

impl fmt::Display for LeftOutBecause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Robot => f.write_str("robots do not vote"),
            Self::Left { on } => write!(f, "left the project on {on}"),
            Self::Lacks { ways } => {
                let way = |lacks: &Vec<Lack>| {
                    let lacks: Vec<String> = lacks.iter().map(Lack::to_string).collect();
                    lacks.join(" and ")
                };
                let ways: Vec<String> = ways.iter().map(way).collect();
                f.write_str(&ways.join("; "))
            }
        }
    }
}
