//! A review as Markdown.

use std::fmt::Write;

use super::{Review, ReviewLine};

impl Review {
    /// As Markdown: a box to tick for each thing, what is wrong below it, and a place to sign.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("# Access of {}, {}\n", escaped(&self.title), self.day);
        let wrong = self
            .lines
            .iter()
            .filter(|line| !line.wrong.is_empty())
            .count();
        let things = base::counted(self.lines.len(), "thing", "things");
        let _ = writeln!(
            text,
            "\n{things} that `{}` answers for; {wrong} to look at. Tick what is still needed, and remove the rest.",
            self.group
        );
        let mut through = "";
        for line in &self.lines {
            if line.through != through {
                through = &line.through;
                let _ = writeln!(text, "\n## {}\n", escaped(through));
            }
            self.line(line, &mut text);
        }
        text.push_str("\nSigned (name, date):\n");
        text
    }

    fn line(&self, line: &ReviewLine, text: &mut String) {
        let holders = match line.holders.as_slice() {
            [] => "nobody".to_owned(),
            holders => holders.join(", "),
        };
        let _ = writeln!(
            text,
            "- [ ] **{}**: {}",
            escaped(&line.what),
            escaped(&holders)
        );
        let mut said = vec![format!("owner {}", self.group)];
        said.extend(
            line.reason
                .as_ref()
                .map(|reason| format!("because {reason}")),
        );
        said.extend(line.confirmed.map(|day| format!("confirmed {day}")));
        said.extend(line.until.map(|day| format!("until {day}")));
        said.push(line.declared_at.clone());
        let _ = writeln!(text, "  {}", escaped(&said.join("; ")));
        for wrong in &line.wrong {
            let _ = writeln!(text, "  - {}", escaped(wrong));
        }
    }
}

/// Text that Markdown takes for nothing else, and that stays on its line.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => safe.push(' '),
            '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '|' | '\\' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}
