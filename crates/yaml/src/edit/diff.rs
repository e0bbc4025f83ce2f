//! Which lines two texts differ by.

use serde::Serialize;

/// A line that is in one text only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineChange {
    /// Its number, from 1: in the text before if it was removed, in that after if it was added.
    pub line: usize,
    /// Which text it is in.
    pub sign: Sign,
    /// The line without its end.
    pub text: String,
}

/// Which text a line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// The one before.
    Removed,
    /// The one after.
    Added,
}

/// Beyond so many differences the texts have little in common, and all between the first and
/// the last is shown.
const MOST: usize = 2000;

/// The fewest lines that must go and come to make one text of another (Myers, "An O(ND)
/// Difference Algorithm and Its Variations", 1986), in the order of the texts.
pub fn changes(before: &str, after: &str) -> Vec<LineChange> {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[same..], &new[same..]);
    let tail = a.iter().rev().zip(b.iter().rev());
    let tail = tail.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let kept = kept(a, b);
    let change = |line: usize, sign, text: &str| LineChange {
        line: same + line + 1,
        sign,
        text: text.to_owned(),
    };
    let mut changes = Vec::new();
    let (mut x, mut y) = (0, 0);
    for (to_x, to_y) in kept.into_iter().chain([(a.len(), b.len())]) {
        let gone = a[x..to_x].iter().enumerate();
        changes.extend(gone.map(|(at, text)| change(x + at, Sign::Removed, text)));
        let come = b[y..to_y].iter().enumerate();
        changes.extend(come.map(|(at, text)| change(y + at, Sign::Added, text)));
        (x, y) = (to_x + 1, to_y + 1);
    }
    changes
}

/// The places of the lines that both have, in pairs.
fn kept(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let most = (a.len() + b.len()).min(MOST);
    // The furthest x on each diagonal k = x - y, moved by `most` so that none is negative.
    let mut furthest = vec![0_usize; 2 * most + 3];
    let mut steps = Vec::new();
    for d in 0..=most {
        steps.push(furthest.clone());
        for k in (most - d..=most + d).step_by(2) {
            let down = k == most - d || k != most + d && furthest[k] < furthest[k + 2];
            let mut x = if down {
                furthest[k + 2]
            } else {
                furthest[k] + 1
            };
            let Some(mut y) = (x + most).checked_sub(k) else {
                continue;
            };
            while x < a.len() && y < b.len() && a[x] == b[y] {
                (x, y) = (x + 1, y + 1);
            }
            furthest[k + 1] = x;
            if x >= a.len() && y >= b.len() {
                return back(&steps, most, (a.len(), b.len()));
            }
        }
    }
    Vec::new()
}

/// The way back from the end: where a step went along a diagonal, lines are kept.
fn back(steps: &[Vec<usize>], most: usize, end: (usize, usize)) -> Vec<(usize, usize)> {
    let (mut x, mut y) = end;
    let mut kept = Vec::new();
    for (d, furthest) in steps.iter().enumerate().rev() {
        let k = x + most - y;
        let down = k == most - d || k != most + d && furthest[k] < furthest[k + 2];
        let from_x = if down { furthest[k + 2] } else { furthest[k] };
        let from_k = if down { k + 1 } else { k.saturating_sub(1) };
        let from_y = (from_x + most).saturating_sub(from_k);
        let (to_x, to_y) = if d == 0 { (0, 0) } else { (from_x, from_y) };
        while x > to_x && y > to_y {
            (x, y) = (x - 1, y - 1);
            kept.push((x, y));
        }
        (x, y) = (to_x, to_y);
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Sign, changes};

    #[test]
    fn an_entry_that_goes_is_one_line() {
        let found = changes("a:\n- x\n- y\n", "a:\n- y\n");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].sign), (2, Sign::Removed));
        assert_eq!(found[0].text, "- x");
    }

    proptest! {
        #[test]
        fn the_changes_make_one_text_of_the_other(
            before in prop::collection::vec("[ab]", 0..12),
            after in prop::collection::vec("[ab]", 0..12),
        ) {
            let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            let found = changes(&text(&before), &text(&after));
            let gone: Vec<usize> = found.iter().filter(|c| c.sign == Sign::Removed).map(|c| c.line).collect();
            let mut made: Vec<String> = before.iter().enumerate()
                .filter(|(at, _)| !gone.contains(&(at + 1))).map(|(_, line)| line.clone()).collect();
            for come in found.iter().filter(|c| c.sign == Sign::Added) {
                made.insert(come.line - 1, come.text.clone());
            }
            prop_assert_eq!(made, after);
        }
    }
}
