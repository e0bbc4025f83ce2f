//! Values between commas, with quotation marks where a value needs them.

use std::borrow::Cow;

/// A value, and the byte of the line at which it begins.
pub(super) type Field<'t> = (usize, Cow<'t, str>);

/// The values of a line, or the byte of the quotation mark that is wrong.
pub(super) fn fields(text: &str) -> Result<Vec<Field<'_>>, usize> {
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let (value, end) = if text[at..].starts_with('"') {
            quoted(text, at)?
        } else {
            plain(text, at)?
        };
        fields.push((at, value));
        if end == text.len() {
            return Ok(fields);
        }
        at = end + 1;
    }
}

/// The value that begins at this byte, and where the comma after it is.
fn plain(text: &str, start: usize) -> Result<(Cow<'_, str>, usize), usize> {
    let rest = &text[start..];
    let value = &rest[..rest.find(',').unwrap_or(rest.len())];
    match value.find('"') {
        Some(mark) => Err(start + mark),
        None => Ok((Cow::Borrowed(value), start + value.len())),
    }
}

/// The value whose quotation mark stands at this byte, and where the comma after it is.
fn quoted(text: &str, start: usize) -> Result<(Cow<'_, str>, usize), usize> {
    let mut at = start + 1;
    loop {
        let mark = at + text[at..].find('"').ok_or(start)?;
        let after = &text[mark + 1..];
        if after.starts_with('"') {
            at = mark + 2;
            continue;
        }
        if !after.is_empty() && !after.starts_with(',') {
            return Err(mark);
        }
        let value = &text[start + 1..mark];
        let value = if value.contains("\"\"") {
            Cow::Owned(value.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(value)
        };
        return Ok((value, mark + 1));
    }
}

/// The value as it stands between commas, in quotation marks only if it needs them.
pub(super) fn field(value: &str) -> Cow<'_, str> {
    if value.contains([',', '"']) {
        Cow::Owned(always(value))
    } else {
        Cow::Borrowed(value)
    }
}

/// The value in quotation marks.
pub(super) fn always(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}
