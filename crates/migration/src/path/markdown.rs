//! A plan as a page that is put before a committee.

use super::course::Course;
use super::words::{counted_days, days, list};

impl Course {
    /// As a page in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", escaped(&self.title));
        for line in self.head().lines() {
            text += &format!("{}  \n", escaped(line));
        }
        if self.parts.is_empty() {
            return text;
        }
        text += "\n## What it takes\n\n";
        text += &items(self.price());
        text += &items(
            self.late
                .iter()
                .map(|late| format!("{} is due {} and ends {}", late.what, late.due, late.ends)),
        );
        if let Some(against) = &self.against {
            text += &format!(
                "\n## What is otherwise: {}\n\n",
                escaped(&list(&against.asked))
            );
            text += &items(against.says());
            let bridges = |of: &[usize], word: &str| {
                let of = of.iter().map(|&at| format!("{word}: {}", self.says(at)));
                items(of.collect::<Vec<String>>())
            };
            text += &bridges(&against.new_bridges, "a bridge more");
            text += &bridges(&against.spared_bridges, "a bridge fewer");
        }
        if !self.today.is_empty() {
            text += "\n## Bridges that stand today\n\n";
            text += &items(self.today.iter().map(|&at| self.says(at)));
        }
        for wave in &self.waves {
            text += &format!("\n## {}\n\n", wave.title());
            text += "| who | days | of | what |\n| --- | ---: | ---: | --- |\n";
            for share in &wave.work {
                text += &format!(
                    "| {} | {} | {} | {} |\n",
                    cell(share.owner.as_deref().unwrap_or("nobody")),
                    days(share.effort),
                    days(share.capacity),
                    cell(&share.parts.join(", "))
                );
            }
            let (built, kept) = wave.built_and_kept();
            if built.len() + kept.len() + wave.dropped.len() > 0 {
                text += &format!("\n{}\n\n", wave.bridging());
                let said = |word: &str, of: Vec<&str>| {
                    items(of.into_iter().map(|says| format!("{word}: {says}")))
                };
                text += &said("built", built);
                text += &said("kept", kept);
                text += &said(
                    "dropped",
                    wave.dropped.iter().map(|&at| self.says(at)).collect(),
                );
            }
        }
        text + &self.rest()
    }

    fn rest(&self) -> String {
        let mut text = String::new();
        if !self.lasting.is_empty() {
            text += "\n## Bridges that stand in the end\n\n";
            text += &items(self.lasting.iter().map(|&at| self.says(at)));
        }
        if !self.throughout.is_empty() {
            text += "\n## At both places throughout\n\n";
            text += &items(&self.throughout);
        }
        if !self.cycles.is_empty() {
            text += "\n## What goes round\n\n";
            text += &items(self.cycles.iter().map(|cycle| &cycle.says));
        }
        if !self.unlock.is_empty() {
            text += "\n## What to free first\n\n| | what | who | takes | holds | frees | held then |\n| ---: | --- | --- | ---: | ---: | ---: | ---: |\n";
            for (place, opened) in self.unlock.iter().enumerate() {
                text += &format!(
                    "| {} | {} | {} | {} | {} | {} | {} |\n",
                    place + 1,
                    cell(&opened.name),
                    cell(opened.owner.as_deref().unwrap_or("nobody")),
                    counted_days(opened.effort),
                    opened.holds,
                    opened.frees,
                    opened.left
                );
            }
        }
        if !self.notes.is_empty() {
            text += "\n## What to know\n\n";
            text += &items(&self.notes);
        }
        text
    }
}

fn items<T: AsRef<str>>(lines: impl IntoIterator<Item = T>) -> String {
    let lines = lines.into_iter();
    lines
        .map(|line| format!("- {}\n", escaped(line.as_ref())))
        .collect()
}

/// A text that is nothing but text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in base::visible(text).chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text within a table.
fn cell(text: &str) -> String {
    escaped(text).replace('\n', " ")
}
