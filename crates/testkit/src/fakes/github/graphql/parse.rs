//! GraphQL's executable documents (GraphQL October 2021 §2): operations, fragments, selections,
//! arguments, variables and directives. No type system definitions.

/// A value as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Variable(String),
    Int(i64),
    Float(f64),
    Text(String),
    Bool(bool),
    Null,
    Enum(String),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

/// Arguments in their order.
pub(super) type Arguments = Vec<(String, Literal)>;

/// One of what is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Selection {
    Field(Field),
    /// `...Name`
    Spread(String, Vec<Directive>),
    /// `... on Type { }`
    Inline(Option<String>, Vec<Directive>, Vec<Selection>),
}

/// A field that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    /// What it is called in the answer.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) arguments: Arguments,
    pub(super) directives: Vec<Directive>,
    pub(super) selection: Vec<Selection>,
}

/// `@name(arguments)`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Directive {
    pub(super) name: String,
    pub(super) arguments: Arguments,
}

/// A variable that an operation takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    pub(super) name: String,
    /// Its type as it is written: `[ID!]!`.
    pub(super) kind: String,
    pub(super) default: Option<Literal>,
}

/// A query, or another operation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Operation {
    /// `query`, `mutation` or `subscription`.
    pub(super) kind: String,
    pub(super) name: Option<String>,
    pub(super) variables: Vec<Variable>,
    pub(super) selection: Vec<Selection>,
}

/// `fragment Name on Type { }`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fragment {
    pub(super) name: String,
    pub(super) on: String,
    pub(super) selection: Vec<Selection>,
}

/// All that was sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Document {
    pub(super) operations: Vec<Operation>,
    pub(super) fragments: Vec<Fragment>,
}

/// Selections deeper than this are not read: the parser calls itself.
const DEEPEST: usize = 64;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Mark(char),
    Dots,
    Name(String),
    Int(i64),
    Float(f64),
    Text(String),
}

/// Reads a document; says where it is none.
pub(super) fn document(text: &str) -> Result<Document, String> {
    let tokens = tokens(text)?;
    let mut reader = Reader {
        tokens,
        at: 0,
        depth: 0,
    };
    let mut document = Document::default();
    while reader.peek().is_some() {
        if reader.peek() == Some(&Token::Mark('{')) {
            let selection = reader.selection()?;
            document.operations.push(Operation {
                kind: "query".to_owned(),
                name: None,
                variables: Vec::new(),
                selection,
            });
        } else if reader.peek_name("fragment") {
            reader.at += 1;
            let name = reader.name()?;
            reader.word("on")?;
            let on = reader.name()?;
            reader.directives()?;
            let selection = reader.selection()?;
            document.fragments.push(Fragment {
                name,
                on,
                selection,
            });
        } else {
            document.operations.push(reader.operation()?);
        }
    }
    Ok(document)
}

/// Reads one value, such as a default in the description.
pub(super) fn literal(text: &str) -> Result<Literal, String> {
    let tokens = tokens(text)?;
    let mut reader = Reader {
        tokens,
        at: 0,
        depth: 0,
    };
    reader.literal()
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    while let Some(first) = rest.chars().next() {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if first.is_whitespace() || first == ',' {
            rest = &rest[first.len_utf8()..];
        } else if first == '#' {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(after) = rest.strip_prefix("...") {
            tokens.push(Token::Dots);
            rest = after;
        } else if "!$&()[]{}:=@|".contains(first) {
            tokens.push(Token::Mark(first));
            rest = &rest[1..];
        } else if first == '"' {
            let (text, after) = quoted(rest)?;
            tokens.push(Token::Text(text));
            rest = after;
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c| !name(c)).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        } else if first.is_ascii_digit() || first == '-' {
            let part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
            let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
            let number = &rest[..end];
            let token = number.parse().map(Token::Int);
            let token = token.or_else(|_| number.parse().map(Token::Float));
            tokens.push(token.map_err(|_| format!("{number} is not a number"))?);
            rest = &rest[end..];
        } else {
            return Err(format!(
                "Expected one of the marks of GraphQL, actual: {first:?}"
            ));
        }
    }
    Ok(tokens)
}

/// A text between quotes, or between three, and what comes after it.
fn quoted(text: &str) -> Result<(String, &str), String> {
    if let Some(block) = text.strip_prefix("\"\"\"") {
        let (inside, after) = block.split_once("\"\"\"").ok_or("a text has no end")?;
        return Ok((inside.trim().to_owned(), after));
    }
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => {
                // The escapes of a quoted text are those of JSON.
                let inside = serde_json::from_str(&text[..=at]);
                let inside = inside.map_err(|_| "a text has a wrong escape")?;
                return Ok((inside, &text[at + 1..]));
            }
            '\n' => break,
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    Err("a text has no end".to_owned())
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn peek_name(&self, name: &str) -> bool {
        matches!(self.peek(), Some(Token::Name(found)) if found == name)
    }

    fn wrong<T>(&self, wanted: &str) -> Result<T, String> {
        let found = self.peek();
        let found = found.map_or("the end".to_owned(), |token| format!("{token:?}"));
        Err(format!("Expected {wanted}, actual: {found}"))
    }

    /// Steps over a mark, if it is there.
    fn mark(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
    }

    fn must(&mut self, mark: char) -> Result<(), String> {
        if self.mark(mark) {
            Ok(())
        } else {
            self.wrong(&format!("{mark:?}"))
        }
    }

    fn name(&mut self) -> Result<String, String> {
        let Some(Token::Name(name)) = self.peek() else {
            return self.wrong("a name");
        };
        let name = name.clone();
        self.at += 1;
        Ok(name)
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        if self.peek_name(word) {
            self.at += 1;
            Ok(())
        } else {
            self.wrong(word)
        }
    }

    fn operation(&mut self) -> Result<Operation, String> {
        let kind = self.name()?;
        if !["query", "mutation", "subscription"].contains(&kind.as_str()) {
            return Err(format!("Expected an operation, actual: {kind}"));
        }
        let named = matches!(self.peek(), Some(Token::Name(_)));
        let name = named.then(|| self.name()).transpose()?;
        let mut variables = Vec::new();
        if self.mark('(') {
            while !self.mark(')') {
                self.must('$')?;
                let name = self.name()?;
                self.must(':')?;
                let kind = self.kind()?;
                let default = self.mark('=').then(|| self.literal()).transpose()?;
                variables.push(Variable {
                    name,
                    kind,
                    default,
                });
            }
        }
        self.directives()?;
        let selection = self.selection()?;
        Ok(Operation {
            kind,
            name,
            variables,
            selection,
        })
    }

    fn kind(&mut self) -> Result<String, String> {
        let mut kind = if self.mark('[') {
            let inner = self.kind()?;
            self.must(']')?;
            format!("[{inner}]")
        } else {
            self.name()?
        };
        if self.mark('!') {
            kind.push('!');
        }
        Ok(kind)
    }

    fn selection(&mut self) -> Result<Vec<Selection>, String> {
        self.must('{')?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("selections are deeper than {DEEPEST}"));
        }
        let mut found = Vec::new();
        while !self.mark('}') {
            found.push(if self.peek() == Some(&Token::Dots) {
                self.at += 1;
                self.fragment()?
            } else {
                Selection::Field(self.field()?)
            });
        }
        self.depth -= 1;
        if found.is_empty() {
            return self.wrong("a field");
        }
        Ok(found)
    }

    fn fragment(&mut self) -> Result<Selection, String> {
        let on = if self.peek_name("on") {
            self.at += 1;
            Some(self.name()?)
        } else if matches!(self.peek(), Some(Token::Name(_))) {
            let name = self.name()?;
            return Ok(Selection::Spread(name, self.directives()?));
        } else {
            None
        };
        let directives = self.directives()?;
        Ok(Selection::Inline(on, directives, self.selection()?))
    }

    fn field(&mut self) -> Result<Field, String> {
        let first = self.name()?;
        let name = if self.mark(':') {
            self.name()?
        } else {
            first.clone()
        };
        let arguments = self.arguments()?;
        let directives = self.directives()?;
        let opens = self.peek() == Some(&Token::Mark('{'));
        let selection = if opens { self.selection()? } else { Vec::new() };
        Ok(Field {
            key: first,
            name,
            arguments,
            directives,
            selection,
        })
    }

    fn arguments(&mut self) -> Result<Arguments, String> {
        let mut found = Vec::new();
        if self.mark('(') {
            while !self.mark(')') {
                let name = self.name()?;
                self.must(':')?;
                found.push((name, self.literal()?));
            }
        }
        Ok(found)
    }

    fn directives(&mut self) -> Result<Vec<Directive>, String> {
        let mut found = Vec::new();
        while self.mark('@') {
            let name = self.name()?;
            let arguments = self.arguments()?;
            found.push(Directive { name, arguments });
        }
        Ok(found)
    }

    fn literal(&mut self) -> Result<Literal, String> {
        if self.mark('$') {
            return Ok(Literal::Variable(self.name()?));
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("values are deeper than {DEEPEST}"));
        }
        let found = if self.mark('[') {
            let mut items = Vec::new();
            while !self.mark(']') {
                items.push(self.literal()?);
            }
            Literal::List(items)
        } else if self.mark('{') {
            let mut members = Vec::new();
            while !self.mark('}') {
                let name = self.name()?;
                self.must(':')?;
                members.push((name, self.literal()?));
            }
            Literal::Object(members)
        } else {
            let found = match self.peek() {
                Some(Token::Int(number)) => Literal::Int(*number),
                Some(Token::Float(number)) => Literal::Float(*number),
                Some(Token::Text(text)) => Literal::Text(text.clone()),
                Some(Token::Name(name)) => match name.as_str() {
                    "true" => Literal::Bool(true),
                    "false" => Literal::Bool(false),
                    "null" => Literal::Null,
                    _ => Literal::Enum(name.clone()),
                },
                _ => return self.wrong("a value"),
            };
            self.at += 1;
            found
        };
        self.depth -= 1;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_with_its_variables_aliases_and_fragments() {
        let text = r#"
            # Who is there.
            query Who($org: String!, $n: Int = 10) {
              it: organization(login: $org) { ...names ... on Node @include(if: true) { id } }
            }
            fragment names on Organization { login, teams(first: $n, query: "a\"b") { totalCount } }
        "#;
        let document = document(text).unwrap();
        let operation = &document.operations[0];
        assert_eq!(operation.name.as_deref(), Some("Who"));
        assert_eq!(operation.variables[0].kind, "String!");
        assert_eq!(operation.variables[1].default, Some(Literal::Int(10)));
        let Selection::Field(field) = &operation.selection[0] else {
            panic!("not a field");
        };
        assert_eq!(
            (field.key.as_str(), field.name.as_str()),
            ("it", "organization")
        );
        assert_eq!(
            field.selection[0],
            Selection::Spread("names".to_owned(), vec![])
        );
        let Selection::Field(teams) = &document.fragments[0].selection[1] else {
            panic!("not a field");
        };
        assert_eq!(teams.arguments[1].1, Literal::Text("a\"b".to_owned()));
    }

    #[test]
    fn what_is_no_document_is_refused_with_the_place() {
        for (text, wanted) in [
            ("{ viewer { } }", "Expected a field"),
            ("{ viewer { login }", "Expected a name, actual: the end"),
            ("query ($a Int) { viewer { login } }", "Expected ':'"),
            ("{ a(b: \"c) }", "a text has no end"),
            ("{ a(b: ) }", "Expected a value"),
        ] {
            let refused = document(text).unwrap_err();
            assert!(refused.starts_with(wanted), "{text}: {refused}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let text = "{a".repeat(1_000);
        assert!(document(&text).unwrap_err().contains("deeper"));
    }
}
