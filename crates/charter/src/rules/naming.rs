//! Names that tell.

use base::{Code, Severity, Spanned};
use estate::KindId;
use regex::Regex;
use yaml::{Decoding, Entries, Field, FromYaml, Node, Record, Shape};

use crate::rule::rule;
use crate::{Case, Rule};

/// The pattern that every name of a kind must match as a whole. A kind without a pattern is free.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    patterns: Vec<(KindId, Spanned<Pattern>)>,
}

impl FromYaml for Parameters {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let kinds: Vec<&'static str> = KindId::ALL.iter().map(|kind| kind.name()).collect();
        let entries = Entries::open(node, &kinds, cx)?;
        let pattern = |kind: &KindId| Some((*kind, entries.read::<Option<_>>(kind.name(), cx)??));
        let patterns = KindId::ALL.iter().filter_map(pattern).collect();
        Some(Self { patterns })
    }

    fn shape() -> Shape {
        Shape::Record(Record {
            name: "Parameters",
            doc: "The pattern that every name of a kind must match as a whole.",
            fields: || KindId::ALL.iter().copied().map(pattern_of).collect(),
        })
    }
}

fn pattern_of(kind: KindId) -> Field {
    Field {
        key: kind.name(),
        doc: kind.about(),
        required: false,
        default: None,
        shape: Pattern::shape(),
    }
}

/// A regular expression that matches whole names.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    written: String,
    regex: Regex,
}

impl FromYaml for Pattern {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let written = cx.text(node, "a regular expression")?.to_owned();
        // Compiled alone first: `a)|(?:.*` would close our bracket and match everything.
        let whole = || Regex::new(&format!("^(?:{written})$"));
        match Regex::new(&written).and_then(|_| whole()) {
            Ok(regex) => Some(Self { written, regex }),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason
                    .lines()
                    .last()
                    .unwrap_or("")
                    .trim_start_matches("error: ");
                cx.bad_value(
                    node.span,
                    format!("`{written}` is not a regular expression: {reason}"),
                    "the pattern is matched against whole names",
                )
            }
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a regular expression",
            pattern: "",
        }
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "naming",
        title: "A name is outside the scheme",
        severity: Severity::Error,
        page: "A name that follows a scheme says what a thing is and whose, wherever it turns up: in a bill, an alert, \
               a permission. The charter gives a pattern a kind; names must match it as a whole. As shipped, there \
               are no patterns.",
    },
    &[
        (
            "charter.yaml",
            "rules:\n  naming:\n    with: {team: \"[a-z-]+\"}\n"
        ),
        ("people/ada.yaml", "name: Ada\n"),
        ("teams/team_1.yaml", "members: [ada]\n"),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    for (kind, pattern) in &with.patterns {
        for item in case
            .estate
            .tables
            .of_kind(*kind)
            .into_iter()
            .filter(|item| !pattern.regex.is_match(item.name))
        {
            let message = format!(
                "the name of {} does not match `{}`",
                item.subject(),
                pattern.written
            );
            let finding = case.finding(item.span, message).about(item.subject());
            case.report(
                finding
                    .related(pattern.span, "the scheme")
                    .help("rename it, with everything that names it"),
            );
        }
    }
}
