//! Names that tell.

use base::{Code, Severity, Spanned};
use estate::KindId;
use regex::Regex;
use yaml::{Decoding, FromYaml, Node, Shape, record};

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// The pattern that every name of a kind must match as a whole. A kind without a pattern is free.
    pub struct Parameters {
        /// For people.
        pub person: Option<Spanned<Pattern>>,
        /// For groups.
        pub group: Option<Spanned<Pattern>>,
        /// For services.
        pub service: Option<Spanned<Pattern>>,
        /// For teams.
        pub team: Option<Spanned<Pattern>>,
        /// For organisations.
        pub organisation: Option<Spanned<Pattern>>,
        /// For mailing groups.
        pub mailing_group as "mailing-group": Option<Spanned<Pattern>>,
        /// For accounts.
        pub account: Option<Spanned<Pattern>>,
    }
}

/// A regular expression that matches whole names.
#[derive(Debug, Clone)]
pub struct Pattern {
    written: String,
    regex: Regex,
}

impl serde::Serialize for Pattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl FromYaml for Pattern {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let written = cx.text(node, "a regular expression")?.to_owned();
        match Regex::new(&format!("^(?:{written})$")) {
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
pub static RULE: Rule = rule!(
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
    let patterns = [
        (KindId::Person, &with.person),
        (KindId::Group, &with.group),
        (KindId::Service, &with.service),
        (KindId::Team, &with.team),
        (KindId::Organisation, &with.organisation),
        (KindId::MailingGroup, &with.mailing_group),
        (KindId::Account, &with.account),
    ];
    for (kind, pattern) in patterns {
        let Some(pattern) = pattern else { continue };
        for item in case
            .estate
            .tables
            .of_kind(kind)
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
