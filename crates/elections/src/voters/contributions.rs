//! How much everybody has contributed: a CSV file that somebody else has counted.

use std::collections::BTreeMap;

use base::{Diagnostic, FileId, Span};

use crate::{Login, codes};

/// The most bytes that are read.
const MAX_BYTES: usize = 16 << 20;

/// How much everybody has contributed, by login.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contributions {
    by_login: BTreeMap<Login, u64>,
}

impl Contributions {
    /// Reads `login,count` and a line a login; a byte order mark and the line ends of
    /// Windows are no matter.
    ///
    /// `None` if anything is wrong: it says who may vote, so half of it says nothing.
    pub fn read(bytes: &[u8], file: FileId) -> (Option<Self>, Vec<Diagnostic>) {
        let start = Span::start_of(file);
        if bytes.len() > MAX_BYTES {
            let message = format!("the list has {} bytes, more than {MAX_BYTES}", bytes.len());
            return (
                None,
                vec![refused(start, message, "count again, or split it")],
            );
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return (
                None,
                vec![refused(
                    start,
                    "the list is not UTF-8 text",
                    "save it as UTF-8",
                )],
            );
        };
        let mut lines = lines(text);
        let Some((at, head)) = lines.next() else {
            let help = "write `login,count` and a line a login";
            return (None, vec![refused(start, "the list is empty", help)]);
        };
        if !is_header(head) {
            let message = "the first line is not `login,count`";
            let help = "add the line: it says what the columns are";
            let span = Span::new(file, at, at + head.len());
            return (None, vec![refused(span, message, help)]);
        }
        let mut list = Self::default();
        let mut findings = Vec::new();
        let mut first: BTreeMap<Login, Span> = BTreeMap::new();
        for (at, line) in lines {
            let span = Span::new(file, at, at + line.len());
            match entry(line) {
                Err(reason) => findings.push(refused(span, reason, "write it as `ada,73`")),
                Ok((login, count)) => {
                    if let Some(twin) = first.insert(login.clone(), span) {
                        let message = format!("`{login}` stands twice; logins have no case");
                        let finding = refused(span, message, "keep one line a login");
                        findings.push(finding.related(twin, "first here"));
                    }
                    list.by_login.insert(login, count);
                }
            }
        }
        (findings.is_empty().then_some(list), findings)
    }

    /// How much somebody has contributed; nothing if they are not on the list.
    pub fn of(&self, login: &Login) -> u64 {
        self.by_login.get(login).copied().unwrap_or(0)
    }

    /// Everybody on the list, by login.
    pub fn iter(&self) -> impl Iterator<Item = (&Login, u64)> {
        self.by_login.iter().map(|(login, count)| (login, *count))
    }
}

const BOM: &str = "\u{feff}";

/// The lines that hold something, and where they start.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let skipped = text.len() - body.len();
    let with_places = body.split_inclusive('\n').scan(skipped, |next, line| {
        let at = *next;
        *next += line.len();
        Some((at, line.trim_end_matches(['\n', '\r'])))
    });
    with_places.filter(|(_, line)| !line.trim().is_empty())
}

fn is_header(line: &str) -> bool {
    let mut columns = line.split(',').map(str::trim);
    let is =
        |found: Option<&str>, name| found.is_some_and(|found| found.eq_ignore_ascii_case(name));
    is(columns.next(), "login") && is(columns.next(), "count") && columns.next().is_none()
}

fn entry(line: &str) -> Result<(Login, u64), String> {
    let (login, count) = line
        .split_once(',')
        .filter(|(_, count)| !count.contains(','))
        .ok_or("the line does not have two columns")?;
    let unquoted = |text: &str| -> String {
        let text = text.trim();
        let inner = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        inner.unwrap_or(text).to_owned()
    };
    let (login, count) = (unquoted(login), unquoted(count));
    let login = Login::new(&login).map_err(|_| format!("\"{login}\" cannot be a login"))?;
    let whole = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    let number = count.parse().ok().filter(|_| whole);
    let number = number.ok_or_else(|| format!("\"{count}\" is not a whole number"))?;
    Ok((login, number))
}

fn refused(span: Span, message: impl Into<String>, help: &str) -> Diagnostic {
    Diagnostic::new(&codes::CONTRIBUTIONS, span, message).help(help)
}
