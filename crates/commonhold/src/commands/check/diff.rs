//! How two texts differ, as `patch` reads it.

use std::collections::BTreeSet;
use std::fmt::Write;

use yaml::edit::{Sign, changes};

/// How many lines are shown around what differs.
const AROUND: usize = 3;

/// A line of both texts, or of one.
#[derive(Clone, Copy)]
enum Line<'t> {
    Both(&'t str),
    Removed(&'t str),
    Added(&'t str),
}

/// The differences of a file; nothing where there are none. A file that is not there is empty.
pub(super) fn unified(path: &str, before: Option<&str>, after: &str) -> String {
    let old = before.unwrap_or("");
    if before == Some(after) {
        return String::new();
    }
    let lines = aligned(old, after);
    let mut text = match before {
        Some(_) => format!("--- a/{path}\n+++ b/{path}\n"),
        None => format!("--- /dev/null\n+++ b/{path}\n"),
    };
    for (start, end) in hunks(&lines) {
        hunk(&lines, start, end, &mut text);
    }
    text
}

/// The lines of both texts in one order, with their ends.
fn aligned<'t>(old: &'t str, new: &'t str) -> Vec<Line<'t>> {
    let found = changes(old, new);
    let of = |sign: Sign| -> BTreeSet<usize> {
        let those = found.iter().filter(|change| change.sign == sign);
        those.map(|change| change.line).collect()
    };
    let (removed, added) = (of(Sign::Removed), of(Sign::Added));
    let (old, new): (Vec<&str>, Vec<&str>) = (
        old.split_inclusive('\n').collect(),
        new.split_inclusive('\n').collect(),
    );
    let (mut a, mut b) = (0, 0);
    let mut lines = Vec::with_capacity(old.len() + added.len());
    while a < old.len() || b < new.len() {
        match (old.get(a).copied(), new.get(b).copied()) {
            (Some(line), _) if removed.contains(&(a + 1)) => {
                lines.push(Line::Removed(line));
                a += 1;
            }
            (_, Some(line)) if added.contains(&(b + 1)) => {
                lines.push(Line::Added(line));
                b += 1;
            }
            (Some(one), Some(two)) if one == two => {
                lines.push(Line::Both(one));
                (a, b) = (a + 1, b + 1);
            }
            // They differ by how they end.
            (one, two) => {
                lines.extend(one.map(Line::Removed));
                lines.extend(two.map(Line::Added));
                (a, b) = (a + 1, b + 1);
            }
        }
    }
    lines
}

/// Where the parts that differ begin and end, with what is shown around them.
fn hunks(lines: &[Line<'_>]) -> Vec<(usize, usize)> {
    let mut hunks: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if matches!(line, Line::Both(_)) {
            continue;
        }
        let (start, end) = (
            at.saturating_sub(AROUND),
            (at + AROUND + 1).min(lines.len()),
        );
        match hunks.last_mut() {
            Some(last) if start <= last.1 => last.1 = end,
            _ => hunks.push((start, end)),
        }
    }
    hunks
}

fn hunk(lines: &[Line<'_>], start: usize, end: usize, text: &mut String) {
    let of_old = |lines: &[Line<'_>]| {
        lines
            .iter()
            .filter(|line| !matches!(line, Line::Added(_)))
            .count()
    };
    let of_new = |lines: &[Line<'_>]| {
        lines
            .iter()
            .filter(|line| !matches!(line, Line::Removed(_)))
            .count()
    };
    let inside = &lines[start..end];
    let range = |before: usize, count: usize| match count {
        0 => format!("{before},0"),
        1 => format!("{}", before + 1),
        count => format!("{},{count}", before + 1),
    };
    let old = range(of_old(&lines[..start]), of_old(inside));
    let new = range(of_new(&lines[..start]), of_new(inside));
    let _ = writeln!(text, "@@ -{old} +{new} @@");
    for line in inside {
        let (mark, line) = match line {
            Line::Both(line) => (' ', line),
            Line::Removed(line) => ('-', line),
            Line::Added(line) => ('+', line),
        };
        text.push(mark);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn lines_around_are_shown_and_far_ones_are_not() {
        let old: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n10\n", "\n10a\n10b\n");
        let expected =
            "--- a/x\n+++ b/x\n@@ -7,7 +7,8 @@\n 7\n 8\n 9\n-10\n+10a\n+10b\n 11\n 12\n 13\n";
        assert_eq!(unified("x", Some(&old), &new), expected);
        assert_eq!(unified("x", Some(&old), &old), "");
    }

    #[test]
    fn a_new_file_is_all_new() {
        assert_eq!(
            unified("x", None, "a\n"),
            "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n"
        );
    }

    #[test]
    fn an_end_without_a_newline_is_told() {
        assert_eq!(
            unified("x", Some("a\nb"), "a\nb\n"),
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"
        );
    }
}
