//! Records in the middle of prose.

use super::Snippet;

/// What a part of a form holds.
pub(super) enum Found {
    /// One block of records.
    One(Snippet),
    /// Nothing at all, or comments alone.
    Nothing,
    /// A second block, on this line.
    Several(usize),
    /// Words without a record among them; the first line.
    Prose(usize),
}

/// The mark that closes a fence: its sign and how often.
pub(super) type Fence = (char, usize);

/// The fence that is open after a line, if one was open before it.
pub(super) fn fence_after(open: Option<Fence>, line: &str) -> Option<Fence> {
    let trimmed = line.trim();
    let run = |sign: char| trimmed.len() - trimmed.trim_start_matches(sign).len();
    match open {
        Some((sign, length)) => {
            let closes = run(sign) >= length && trimmed.trim_start_matches(sign).is_empty();
            if closes { None } else { open }
        }
        None => ['`', '~']
            .into_iter()
            .map(|sign| (sign, run(sign)))
            .find(|(sign, length)| *length >= 3 && !trimmed[*length..].contains(*sign)),
    }
}

/// The records among the lines of a part; the numbers of lines count from 1.
pub(super) fn find(lines: &[(usize, &str)]) -> Found {
    let mut blocks: Vec<Vec<(usize, &str)>> = Vec::new();
    let mut fence = None;
    for (number, line) in lines {
        let before = fence;
        fence = fence_after(fence, line);
        match (before, fence) {
            (None, Some(_)) => blocks.push(Vec::new()),
            (Some(_), Some(_)) => {
                if let Some(block) = blocks.last_mut() {
                    block.push((*number, *line));
                }
            }
            _ => {}
        }
    }
    let says = |line: &str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    };
    let mut filled = blocks
        .iter()
        .filter(|block| block.iter().any(|(_, line)| says(line)));
    if let Some(block) = filled.next() {
        return match filled.next() {
            Some(second) => Found::Several(second.first().map_or(1, |(number, _)| *number)),
            // `N/A` may stand in the fence that the form came with.
            None if is_word(block) => Found::Prose(block[0].0),
            None => one(block),
        };
    }
    // An empty fence is an answer: nothing.
    let prose = if blocks.is_empty() { lines } else { &[] };
    let Some(first) = prose.iter().find(|(_, line)| !line.trim().is_empty()) else {
        return Found::Nothing;
    };
    let Some(start) = prose.iter().position(|(_, line)| is_name(line)) else {
        return Found::Prose(first.0);
    };
    let indent = indent(prose[start].1);
    let taken = prose[start..]
        .iter()
        .enumerate()
        .take_while(|(at, (_, line))| {
            let deeper = line.trim().is_empty() || self::indent(line) > indent;
            *at == 0
                || deeper
                || line.trim_start().starts_with(['-', '#'])
                || is_name(line)
                || is_key(line)
        });
    let block: Vec<(usize, &str)> = taken.map(|(_, line)| *line).collect();
    one(&block)
}

fn is_word(block: &[(usize, &str)]) -> bool {
    let mut said = block
        .iter()
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim().starts_with('#'));
    said.next()
        .is_some_and(|(_, line)| !line.contains([':', '{', '-']))
        && said.next().is_none()
}

/// `www:` alone on its line, or with a record in braces.
fn is_name(line: &str) -> bool {
    let line = line.trim();
    let Some((name, rest)) = line.split_once(':') else {
        return false;
    };
    let name = name.trim_matches(['\'', '"']);
    let named = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'*' | b'@');
    let rest = rest.trim();
    name.bytes().all(named) && (rest.is_empty() || rest.starts_with(['#', '{', '[']))
}

/// A key of a record that somebody forgot to indent.
fn is_key(line: &str) -> bool {
    let key = line.split(':').next().unwrap_or("").trim();
    line.contains(':') && matches!(key, "type" | "value" | "values" | "ttl" | "octodns")
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn one(block: &[(usize, &str)]) -> Found {
    let said = block.iter().filter(|(_, line)| !line.trim().is_empty());
    let shared = said.map(|(_, line)| indent(line)).min().unwrap_or(0);
    let lines = block
        .iter()
        .map(|(_, line)| line.get(shared..).unwrap_or(""));
    Found::One(Snippet {
        text: lines.map(|line| format!("{line}\n")).collect(),
        line: block.first().map_or(1, |(number, _)| *number),
        indent: shared,
    })
}
