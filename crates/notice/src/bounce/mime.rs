//! As much of MIME (RFC 2045, 2046) as a report needs, read leniently.

/// The fields of a header in their order: the name in lower case, the value unfolded.
type Fields = Vec<(String, String)>;

/// A header and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    fields: Fields,
    pub(super) body: String,
}

impl Part {
    /// Reads a header up to the first empty line, and takes the rest as the body.
    pub(super) fn of(text: &str) -> Self {
        let (fields, body) = header(text);
        Self {
            fields,
            body: body.to_owned(),
        }
    }

    /// The first field of this name, in lower case.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The media type, in lower case, without parameters.
    pub(super) fn kind(&self) -> String {
        let value = self.field("content-type").unwrap_or("text/plain");
        let kind = value.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    }

    /// The parts between its boundaries; none where it has no such form.
    pub(super) fn parts(&self) -> Vec<Part> {
        let Some(boundary) = self.boundary() else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        let mut open: Option<String> = None;
        let mut rest = self.body.as_str();
        while let Some((line, after)) = next_line(rest) {
            rest = after;
            let mark = line
                .strip_prefix("--")
                .and_then(|line| line.strip_prefix(boundary.as_str()))
                .map(str::trim_end);
            match (mark, &mut open) {
                (Some("" | "--"), _) => {
                    parts.extend(open.take().map(|text| Part::of(&text)));
                    if mark == Some("--") {
                        return parts;
                    }
                    open = Some(String::new());
                }
                (_, Some(text)) => {
                    text.push_str(line);
                    text.push('\n');
                }
                (_, None) => {}
            }
        }
        // One that was cut off has told what it could.
        parts.extend(open.map(|text| Part::of(&text)));
        parts
    }

    fn boundary(&self) -> Option<String> {
        if !self.kind().starts_with("multipart/") {
            return None;
        }
        let value = self.field("content-type")?;
        // Only ASCII changes, so that places are the same in both.
        let start = value.to_ascii_lowercase().find("boundary")? + "boundary".len();
        let value = value[start..].trim_start().strip_prefix('=')?.trim_start();
        let boundary = match value.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => value.split([';', ' ', '\t']).next()?.to_owned(),
        };
        Some(boundary.trim_end().to_owned()).filter(|boundary| !boundary.is_empty())
    }
}

/// Up to the closing quote, with what a backslash keeps.
fn unquoted(text: &str) -> String {
    let mut read = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => read.extend(letters.next()),
            _ => read.push(letter),
        }
    }
    read
}

/// The groups of fields of a report, with empty lines between them.
pub(super) fn blocks(text: &str) -> Vec<Part> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (fields, after) = header(rest);
        rest = after;
        if !fields.is_empty() {
            let body = String::new();
            blocks.push(Part { fields, body });
        }
    }
    blocks
}

/// The fields up to the first empty line, and what follows it. Any line ends; what is no field,
/// as the `From ` line of a mailbox file, is passed over.
fn header(text: &str) -> (Fields, &str) {
    let mut fields = Fields::new();
    let mut rest = text;
    while let Some((line, after)) = next_line(rest) {
        rest = after;
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let name = name.trim_end().to_ascii_lowercase();
            fields.push((name, value.trim().to_owned()));
        }
    }
    (fields, rest)
}

/// A line without its end, and what follows.
fn next_line(text: &str) -> Option<(&str, &str)> {
    if text.is_empty() {
        return None;
    }
    let (line, after) = text.split_once('\n').unwrap_or((text, ""));
    Some((line.strip_suffix('\r').unwrap_or(line), after))
}
