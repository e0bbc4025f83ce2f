//! The regular expressions of Go, in the words of the crate `regex`.
//!
//! Both descend from RE2 and agree on nearly everything. Where they do not,
//! what is written means what Go takes it for: `\d`, `\w`, `\s` and `\b` know
//! ASCII only, `[` and `&&` are characters inside a class, `a{` is no repetition,
//! `a**` is a mistake. Source: the package `regexp/syntax` of Go.

use regex::Regex;

/// A pattern of Go, or why it cannot be read.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let translated = translate(pattern)?;
    Regex::new(&translated).map_err(|error| {
        let said = error.to_string();
        let last = said.lines().last().unwrap_or_default().trim();
        last.strip_prefix("error: ").unwrap_or(last).to_owned()
    })
}

fn translate(pattern: &str) -> Result<String, String> {
    let out = String::with_capacity(pattern.len());
    let mut translation = Translation { rest: pattern, out };
    let mut repeated = false;
    while let Some(c) = translation.next() {
        let repetition = match c {
            '*' | '+' | '?' => Some(c.to_string()),
            '{' => translation.bounds()?,
            _ => None,
        };
        match &repetition {
            Some(_) if repeated => return Err("a repetition is repeated".to_owned()),
            Some(repetition) => translation.repeat(repetition),
            None => translation.atom(c)?,
        }
        repeated = repetition.is_some();
    }
    Ok(translation.out)
}

struct Translation<'p> {
    rest: &'p str,
    out: String,
}

impl Translation<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
        Some(c)
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn repeat(&mut self, repetition: &str) {
        self.out.push_str(repetition);
        if self.eat("?") {
            self.out.push('?');
        }
    }

    /// `{2}`, `{2,}` or `{2,5}` after its brace; `None` where the brace is just a brace.
    fn bounds(&mut self) -> Result<Option<String>, String> {
        let Some((inside, rest)) = self.rest.split_once('}') else {
            return Ok(None);
        };
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        if !is_count(least) || !(is_count(most) || most.is_empty()) {
            return Ok(None);
        }
        self.rest = rest;
        let count = |digits: &str| digits.parse().unwrap_or(u32::MAX);
        let bounded = !most.is_empty();
        if count(least) > 1000 || bounded && (count(most) > 1000 || count(most) < count(least)) {
            return Err(format!("the repetition {{{inside}}} is out of bounds"));
        }
        Ok(Some(format!("{{{inside}}}")))
    }

    fn atom(&mut self, c: char) -> Result<(), String> {
        match c {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.group(),
            '.' | '^' | '$' | '|' | ')' => {
                self.out.push(c);
                Ok(())
            }
            c => {
                self.literal(c);
                Ok(())
            }
        }
    }

    fn literal(&mut self, c: char) {
        if c.is_ascii_alphanumeric() || !c.is_ascii() {
            self.out.push(c);
        } else {
            let code = format!("\\x{:02x}", u32::from(c));
            self.out.push_str(&code);
        }
    }

    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        if !self.eat("?") {
            return Ok(());
        }
        if self.eat("P<") || self.eat("<") {
            let (name, rest) = self.rest.split_once('>').unwrap_or_default();
            let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
            if name.is_empty() || !name.bytes().all(is_word) {
                return Err("a group's name is malformed".to_owned());
            }
            self.rest = rest;
            self.out.extend(["?P<", name, ">"]);
            return Ok(());
        }
        let end = self.rest.find([':', ')']).unwrap_or(self.rest.len());
        let (flags, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        if let Some(odd) = flags
            .chars()
            .find(|flag| !matches!(flag, 'i' | 'm' | 's' | 'U' | '-'))
        {
            return Err(format!("Go knows no groups with `(?{odd}`"));
        }
        self.rest = rest;
        let end = self.next();
        if flags.is_empty() && end == Some(')') {
            // To Go `(?)` sets no flags; to the crate it is a mistake.
            self.out.pop();
            return Ok(());
        }
        self.out.extend(["?", flags]);
        self.out.extend(end);
        Ok(())
    }

    /// What follows a backslash outside a class.
    fn escape(&mut self) -> Result<(), String> {
        if self.eat("Q") {
            let (text, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
            self.rest = rest;
            text.chars().for_each(|c| self.literal(c));
            return Ok(());
        }
        for (written, meant) in [
            ("A", r"\A"),
            ("z", r"\z"),
            ("b", r"(?-u:\b)"),
            ("B", r"(?-u:\B)"),
        ] {
            if self.eat(written) {
                self.out.push_str(meant);
                return Ok(());
            }
        }
        if self.named_class() {
            return Ok(());
        }
        let c = self.escaped()?;
        self.literal(c);
        Ok(())
    }

    /// A class named by what follows a backslash.
    fn named_class(&mut self) -> bool {
        for (written, meant) in [
            ("d", "[0-9]"),
            ("D", "[^0-9]"),
            ("s", r"[\t\n\x0C\r ]"),
            ("S", r"[^\t\n\x0C\r ]"),
            ("w", "[0-9A-Za-z_]"),
            ("W", "[^0-9A-Za-z_]"),
            ("p", r"\p"),
            ("P", r"\P"),
        ] {
            if !self.eat(written) {
                continue;
            }
            self.out.push_str(meant);
            if meant.starts_with('\\') {
                // `\pL` and `\p{Greek}` are the same in both; so is their absence.
                let braced = self.rest.starts_with('{');
                let one = self.rest.chars().next().map_or(0, char::len_utf8);
                let end = if braced {
                    self.rest.find('}').map_or(self.rest.len(), |at| at + 1)
                } else {
                    one
                };
                let (name, rest) = self.rest.split_at_checked(end).unwrap_or_default();
                self.out.push_str(name);
                self.rest = rest;
            }
            return true;
        }
        false
    }

    /// The one character that follows a backslash.
    fn escaped(&mut self) -> Result<char, String> {
        let refuse = |what: &str| Err(format!("Go knows no `\\{what}`"));
        let Some(c) = self.next() else {
            return refuse("");
        };
        let code = match c {
            'a' => 0x07,
            'f' => 0x0c,
            't' => u32::from('\t'),
            'n' => u32::from('\n'),
            'r' => u32::from('\r'),
            'v' => 0x0b,
            'x' => match self.hexadecimal() {
                Some(code) => code,
                None => return refuse("x"),
            },
            // A digit alone is a reference back, which RE2 has not.
            '1'..='7' if !self.rest.starts_with(is_octal) => return refuse(&c.to_string()),
            '0'..='7' => self.octal(c),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => u32::from(c),
            c => return refuse(&c.to_string()),
        };
        char::from_u32(code).map_or_else(|| refuse("x"), Ok)
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let (digits, rest) = match self.rest.strip_prefix('{') {
            Some(braced) => braced.split_once('}')?,
            None => self.rest.split_at_checked(2)?,
        };
        self.rest = rest;
        let sound = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| sound)
    }

    fn octal(&mut self, first: char) -> u32 {
        let mut code = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            if let Some(digit) = self.rest.chars().next().and_then(|c| c.to_digit(8)) {
                code = code * 8 + digit;
                self.next();
            }
        }
        code
    }

    /// A class after its bracket.
    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.eat("^") {
            self.out.push('^');
        }
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            first = false;
            if self.posix_class()? {
                continue;
            }
            let before = self.rest;
            if self.eat("\\") && self.named_class() {
                continue;
            }
            self.rest = before;
            let low = self.class_character()?;
            self.literal(low);
            if self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 {
                self.next();
                let high = self.class_character()?;
                self.out.push('-');
                self.literal(high);
            }
        }
        self.next();
        self.out.push(']');
        Ok(())
    }

    /// `[:alpha:]` and its like, inside a class.
    fn posix_class(&mut self) -> Result<bool, String> {
        const NAMES: [&str; 14] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print",
            "punct", "space", "upper", "word", "xdigit",
        ];
        let inside = self
            .rest
            .strip_prefix("[:")
            .and_then(|rest| rest.split_once(":]"));
        let Some((name, rest)) = inside else {
            return Ok(false);
        };
        if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return Err(format!("Go knows no class `[:{name}:]`"));
        }
        self.out.extend(["[:", name, ":]"]);
        self.rest = rest;
        Ok(true)
    }

    fn class_character(&mut self) -> Result<char, String> {
        match self.next() {
            None => Err("a `[` is not closed".to_owned()),
            Some('\\') => self.escaped(),
            Some(c) => Ok(c),
        }
    }
}

fn is_octal(c: char) -> bool {
    c.is_digit(8)
}

/// A count as Go reads it: without zeros in front.
fn is_count(digits: &str) -> bool {
    let canonical = digits == "0" || !digits.starts_with('0');
    canonical && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::compile;

    fn matches(pattern: &str, text: &str) -> Option<bool> {
        compile(pattern).ok().map(|regex| regex.is_match(text))
    }

    #[test]
    fn a_pattern_means_what_go_takes_it_for() {
        for (pattern, text, expected) in [
            (r"\.go$", "a/b.go", true),
            (r"\.go$", "a/b.gox", false),
            (r"^a/", "b/a/", false),
            (r"(?i)charter.md", "x/CHARTER.md", true),
            (r"(?i)k", "\u{212a}", true),
            (r"^\d$", "\u{0661}", false),
            (r"^\D$", "\u{0661}", true),
            (r"^\w+$", "é", false),
            (r"^\s$", "\u{0b}", false),
            (r"\bé", "é", false),
            (r"x\B$", "xé", false),
            (r"[a&&b]", "&", true),
            (r"^[a-c&&b]$", "a", true),
            (r"^[[a]$", "[", true),
            (r"^[]a]$", "]", true),
            (r"^[^]a]$", "]", false),
            (r"^[a\]]$", "]", true),
            (r"^[--.]$", ".", true),
            (r"^[a-]$", "-", true),
            (r"^[[:alpha:]_]+$", "a_B", true),
            (r"^[\d\D]$", "é", true),
            (r"^[^\w]$", "a", false),
            (r"a{", "a{", true),
            (r"^a{,2}$", "a{,2}", true),
            (r"^a{01}$", "a{01}", true),
            (r"^a{2,3}?$", "aaa", true),
            (r"^a{2}$", "aaa", false),
            (r"\Qa.b\E$", "a.b", true),
            (r"\Qa.b", "axb", false),
            (r"^\x41\x{42}\103$", "ABC", true),
            (r"^\<\_\-$", "<_-", true),
            (r"^(?P<n>a)(?<m>b)(?:c)$", "abc", true),
            (r"(?s:a.b)", "a\nb", true),
            (r"a.b", "a\nb", false),
            (r"(?m)^b$", "a\nb\nc", true),
            (r"^b$", "a\nb\nc", false),
            (r"# x", "# x", true),
            (r"^a(?)+$", "aa", true),
            (r"", "", true),
        ] {
            assert_eq!(
                matches(pattern, text),
                Some(expected),
                "{pattern} on {text:?}"
            );
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for pattern in [
            "(",
            ")",
            "[",
            "[a",
            "[]",
            "*",
            "a**",
            "a{2}{3}",
            "a*?+",
            "a{1001}",
            "a{3,2}",
            "(?=a)",
            "(?!a)",
            "(?<=a)",
            "(?x)a b",
            r"\1",
            r"\8",
            r"\C",
            r"\e",
            r"\Z",
            "\\",
            r"\x4",
            r"\x{}",
            r"\x{110000}",
            "[b-a]",
            r"[a-\d]",
            r"[\b]",
            "[[:nonsense:]]",
            "(?P<>a)",
            "(?P<a-b>c)",
            "(?P<a>b)(?P<a>c)",
            r"\é",
        ] {
            assert_eq!(matches(pattern, ""), None, "{pattern}");
        }
    }
}
