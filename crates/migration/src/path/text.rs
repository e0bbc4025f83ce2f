//! A plan for people at a terminal.

use super::against::Against;
use super::course::{Course, Opened, Wave};
use super::words::{counted_days, days, list, percent};

/// How wide lines are.
const WIDE: usize = 100;
/// How many bridges of one sort are told.
const TOLD: usize = 15;

impl Course {
    /// For people at a terminal.
    pub fn text(&self) -> String {
        let mut text = self.head();
        if self.parts.is_empty() {
            return text;
        }
        if let Some(against) = &self.against {
            text += &self.compared(against);
        }
        if !self.today.is_empty() {
            text += &format!(
                "\n{} today, as one end has moved:\n",
                base::counted(self.today.len(), "bridge stands", "bridges stand")
            );
            let today: Vec<&str> = self.today.iter().map(|&at| self.says(at)).collect();
            text += &signed("  = ", &today);
        }
        for wave in &self.waves {
            text += &self.wave(wave);
        }
        text += &self.after_all();
        if !self.cycles.is_empty() {
            text += "\nWhat goes round:\n";
            text += &bullets("  ", self.cycles.iter().map(|cycle| cycle.says.as_str()));
        }
        if !self.unlock.is_empty() {
            text += "\nWhat holds things, in the order in which to free it:\n";
            for (place, opened) in self.unlock.iter().enumerate() {
                text += &wrapped("  ", &format!("{}. {}", place + 1, opened.says()));
            }
        }
        text += "\nWhat it takes:\n";
        text += &bullets("  ", self.price().iter().map(String::as_str));
        for late in &self.late {
            let line = format!("{} is due {} and ends {}", late.what, late.due, late.ends);
            text += &wrapped("  ", &line);
        }
        text
    }

    /// What moves and when, in two lines.
    pub(super) fn head(&self) -> String {
        let counts = self.counts;
        let mut words = vec![match counts.left {
            0 => "nothing is left to move".to_owned(),
            left => base::counted(left, "is left", "are left"),
        }];
        if counts.stays > 0 {
            words.push(format!(
                "{} by exceptions",
                base::counted(counts.stays, "stays", "stay")
            ));
        }
        if counts.moved > 0 {
            words.push(base::counted(counts.moved, "has moved", "have moved"));
        }
        let mut text = format!("{}: {}\n", self.title, words.join(", "));
        if let (Some(first), Some(ends)) = (self.waves.first(), self.ends) {
            let due = self.due.map_or(String::new(), |due| format!(", due {due}"));
            text += &format!(
                "{} from {} to {ends}{due}; {}\n",
                base::counted(self.waves.len(), "wave", "waves"),
                first.first,
                self.limits(),
            );
        } else if counts.left > 0 {
            text += "nothing of it moves\n";
        }
        text
    }

    fn limits(&self) -> String {
        let at_most = match self.groups {
            Some(groups) => format!("at most {groups} at a time, for {} working days", self.days),
            None => format!("each of at most {} working days", self.days),
        };
        let longer = self
            .waves
            .iter()
            .any(|wave| wave.days > f64::from(self.days));
        let longer = if longer {
            ", but for what alone takes longer"
        } else {
            ""
        };
        at_most + longer
    }

    fn wave(&self, wave: &Wave) -> String {
        let mut text = format!("\n{}\n", wave.title());
        for line in wave.work() {
            text += &wrapped("  ", &line);
        }
        let (built, kept) = wave.built_and_kept();
        if built.len() + kept.len() + wave.dropped.len() > 0 {
            text += &format!("  {}\n", wave.bridging());
            text += &signed("    + ", &built);
            text += &signed("    = ", &kept);
            let dropped: Vec<&str> = wave.dropped.iter().map(|&at| self.says(at)).collect();
            text += &signed("    - ", &dropped);
        }
        text
    }

    /// A bridge in words, without the places of its ends.
    pub(super) fn says(&self, bridge: usize) -> &str {
        self.bridges.get(bridge).map_or("", |bridge| &bridge.says)
    }

    fn after_all(&self) -> String {
        let mut text = String::new();
        if !self.lasting.is_empty() {
            text += "\nBridges that stand in the end, as one end stays (they are not in what it takes):\n";
            let lasting: Vec<&str> = self.lasting.iter().map(|&at| self.says(at)).collect();
            text += &signed("  = ", &lasting);
        }
        if !self.throughout.is_empty() {
            text += "\nSo many use these that they are at both places from the first wave to the last, whatever\nthe order (they are not in what it takes):\n";
            let all: Vec<&str> = self.throughout.iter().map(String::as_str).collect();
            text += &signed("  = ", &all);
        }
        text
    }

    /// The cost, and how far it may be from the least.
    pub(super) fn price(&self) -> Vec<String> {
        let effort = format!(
            "{} to move, {} for bridges and {} for what waits: {}",
            counted_days(self.effort),
            days(self.bridging),
            days(self.waiting),
            counted_days(self.cost)
        );
        let proof = if self.gap == 0.0 {
            "no plan within these limits takes less".to_owned()
        } else {
            format!(
                "no plan within these limits takes less than {}: another might save {} of it at most; of bridges and waiting alone, which take at least {}, {}",
                counted_days(self.least),
                percent(self.gap),
                counted_days(self.order_least),
                percent(self.order_gap),
            )
        };
        vec![effort, proof]
    }

    fn compared(&self, against: &Against) -> String {
        let mut text = format!("\nWhat that changes ({}):\n", list(&against.asked));
        text += &bullets("  ", against.says().iter().map(String::as_str));
        for (bridges, one, several) in [
            (&against.new_bridges, "bridge more", "bridges more"),
            (&against.spared_bridges, "bridge fewer", "bridges fewer"),
        ] {
            if !bridges.is_empty() {
                text += &format!("  {}:\n", base::counted(bridges.len(), one, several));
                let told: Vec<&str> = bridges.iter().map(|&at| self.says(at)).collect();
                text += &signed("    ", &told);
            }
        }
        text
    }
}

impl Wave {
    /// Its number, dates and length.
    pub(super) fn title(&self) -> String {
        let noun = if days(self.days) == "1" {
            "day"
        } else {
            "days"
        };
        format!(
            "Wave {}: {} to {}, {} working {noun}",
            self.number,
            self.first,
            self.last,
            days(self.days)
        )
    }

    /// Who does what, one owner a line.
    pub(super) fn work(&self) -> Vec<String> {
        let lines = self.work.iter().map(|share| {
            format!(
                "{}, {} of {}: {}",
                share.owner.as_deref().unwrap_or("nobody"),
                days(share.effort),
                counted_days(share.capacity),
                share.parts.join(", ")
            )
        });
        lines.collect()
    }

    /// The bridges that are new, and those of before that still stand.
    pub(super) fn built_and_kept(&self) -> (Vec<&str>, Vec<&str>) {
        let of = |built: bool| {
            let bridges = self.bridges.iter().filter(|bridge| bridge.built == built);
            bridges.map(|bridge| bridge.says.as_str()).collect()
        };
        (of(true), of(false))
    }

    /// How many bridges it has, and what they take.
    pub(super) fn bridging(&self) -> String {
        let (built, kept) = self.built_and_kept();
        format!(
            "Bridges: {} built, {} kept, {} dropped; they take {}",
            built.len(),
            kept.len(),
            self.dropped.len(),
            counted_days(self.bridging)
        )
    }
}

impl Opened {
    /// It in a line.
    pub(super) fn says(&self) -> String {
        let held = match self.left {
            0 => "nothing is".to_owned(),
            left => base::counted(left, "is", "are"),
        };
        let soft = if self.soft {
            ", with a bridge meanwhile"
        } else {
            ""
        };
        let about = self
            .about
            .as_deref()
            .map(str::trim)
            .filter(|about| !about.is_empty());
        format!(
            "{} ({}, {}): holds {}{soft}; frees {}, and then {} held{}",
            self.name,
            self.owner.as_deref().unwrap_or("nobody"),
            counted_days(self.effort),
            self.holds,
            self.frees,
            held,
            about.map_or(String::new(), |about| format!(". {about}"))
        )
    }
}

impl Against {
    /// What is otherwise, but for bridges.
    pub(super) fn says(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for held in &self.held {
            lines.push(match &held.because {
                None => format!("{} stays", held.part),
                Some(because) => format!("{} stays too: {because}", held.part),
            });
        }
        let than = |number: f64, more: &str, less: &str| {
            let word = if number > 0.0 { more } else { less };
            format!("{} {word}", counted_days(number.abs()))
        };
        lines.push(match (self.days_later, self.ended) {
            (Some(0), _) => "it ends on the same day".to_owned(),
            (Some(later), Some(ended)) => format!(
                "it ends {} {} than {ended}",
                base::counted(later.unsigned_abs() as usize, "day", "days"),
                if later > 0 { "later" } else { "earlier" }
            ),
            _ => "nothing moves in the one of the two".to_owned(),
        });
        lines.push(match self.dearer {
            0.0 => "it takes as much".to_owned(),
            dearer => format!(
                "it takes {}, its bridges {}",
                than(dearer, "more", "less"),
                than(self.more_bridging, "more", "less")
            ),
        });
        if !self.elsewhere.is_empty() {
            let moved = self
                .elsewhere
                .iter()
                .take(TOLD)
                .map(|(part, then, now)| format!("{part} in wave {now} instead of {then}"));
            let moved: Vec<String> = moved.collect();
            let more = self.elsewhere.len().saturating_sub(moved.len());
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            lines.push(format!("{}{more}", moved.join(", ")));
        }
        lines
    }
}

fn bullets<'t>(indent: &str, lines: impl IntoIterator<Item = &'t str>) -> String {
    lines
        .into_iter()
        .map(|line| wrapped(indent, line))
        .collect()
}

/// Lines with a sign before each; of very many, how many more.
fn signed(sign: &str, lines: &[&str]) -> String {
    let mut text: String = lines
        .iter()
        .take(TOLD)
        .map(|line| wrapped(sign, line))
        .collect();
    if lines.len() > TOLD {
        let more = lines.len() - TOLD;
        text += &format!("{sign}and {more} more; --output json names all\n");
    }
    text
}

/// A line behind a sign, broken between words where it is too long.
fn wrapped(sign: &str, line: &str) -> String {
    let behind = " ".repeat(sign.chars().count() + 2);
    let (mut text, mut row) = (String::new(), sign.to_owned());
    let mut empty = true;
    for word in line.split_whitespace().map(base::visible) {
        if !empty && row.chars().count() + 1 + word.chars().count() > WIDE {
            text += &row;
            text.push('\n');
            row.clone_from(&behind);
            empty = true;
        }
        if !empty {
            row.push(' ');
        }
        row += &word;
        empty = false;
    }
    text + &row + "\n"
}
