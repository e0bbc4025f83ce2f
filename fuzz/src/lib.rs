//! What the fuzz targets have in common: an input to a tree of files, and a
//! whole `check` of that tree with every place in every finding looked at.

use base::{Diagnostic, SourceMap, Span};
use charter::Charter;
use estate::{Estate, MemoryTree};
use jiff::civil::date;

/// Splits an input at lines `--- path` into files; what stands before the first
/// such line belongs to `first`.
pub fn files<'i>(input: &'i str, first: &'i str) -> Vec<(&'i str, &'i str)> {
    let mut files = Vec::new();
    let mut path = first;
    let (mut start, mut at) = (0, 0);
    for line in input.split_inclusive('\n') {
        if let Some(next) = line.strip_prefix("--- ") {
            files.push((path, &input[start..at]));
            path = next.trim();
            start = at + line.len();
        }
        at += line.len();
    }
    files.push((path, &input[start..]));
    files
}

/// A tree of these files, the later of two at one path.
pub fn tree<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> MemoryTree {
    files
        .into_iter()
        .fold(MemoryTree::default(), |tree, (path, text)| {
            tree.with(path, text)
        })
}

/// Reads and checks an estate; every place in every finding must be one.
pub fn check(tree: &MemoryTree) -> Option<Estate> {
    let (estate, mut findings) = match formats::load(tree) {
        Ok(read) => read,
        Err((sources, findings)) => {
            places(&findings, &sources);
            return None;
        }
    };
    let (charter, found) = Charter::of(&estate);
    findings.extend(found);
    findings.extend(charter::check(&estate, &charter, date(2026, 1, 1)));
    places(&findings, &estate.sources);
    Some(estate)
}

/// A tree with one source, whose files are split from the input; files of other
/// kinds may be among them.
pub fn adopt(format: &str, path: &str, first: &str, input: &str) -> Option<Estate> {
    let manifest = format!(
        "commonhold: 1\nname: Fuzz\nsources:\n- {{format: {format}, path: {path}, repository: org/repo}}\n"
    );
    let files = files(input, first);
    let fixed = [
        ("charter.yaml", "rules: {}\n"),
        ("commonhold.yaml", &manifest),
    ];
    check(&tree(files.into_iter().chain(fixed)))
}

/// Every place that findings point at lies in its text, between characters.
pub fn places(findings: &[Diagnostic], sources: &SourceMap) {
    for finding in findings {
        place(finding.span, sources);
        for label in &finding.related {
            place(label.span, sources);
        }
    }
}

/// A place lies in its text, between characters, and can be shown.
pub fn place(span: Span, sources: &SourceMap) {
    let text = &sources.file(span.file).text;
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end, "{span:?} ends before it starts");
    assert!(
        text.get(start..end).is_some(),
        "{span:?} is not in the text"
    );
    let position = sources.position(span);
    assert!(position.line >= 1 && position.column >= 1);
}

/// Octets as text of the 64 letters (RFC 4648 §4).
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |part: &[u8]| {
        let byte = |at: usize| u32::from(part.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let letter = |at: usize| {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            if at <= part.len() {
                char::from(letter)
            } else {
                '='
            }
        };
        (0..4).map(letter).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
