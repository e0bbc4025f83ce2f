//! What is wrong, where, and what to do about it.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::Span;

/// How much a finding matters. Ordered: an error is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is asked.
    Note,
    /// Should be mended; `check` still passes.
    Warning,
    /// Must be mended; `check` fails.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A kind of finding: its stable id and its page.
///
/// Ids are never reused or renamed; the page is generated into `docs/rules/`
/// and printed by `commonhold explain`.
#[derive(Debug)]
pub struct Code {
    /// Kebab-case, stable for ever.
    pub id: &'static str,
    /// One line: what the finding says.
    pub title: &'static str,
    /// How much it matters unless the charter says otherwise.
    pub severity: Severity,
    /// Markdown: why it matters and how to mend it.
    pub page: &'static str,
}

/// A rule that a community wrote itself. What breaks it is shown under its id, not under that of
/// the kind of finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseRule {
    /// As findings show it, with a `/` in it, which no [`Code`] has.
    pub id: String,
    /// What is wrong where it is broken.
    pub title: String,
    /// Markdown: what it says, why, and who answers for it.
    pub page: String,
}

/// A further place that explains a finding.
#[derive(Debug, Clone)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What it has to do with the finding.
    pub text: String,
}

/// One finding about what somebody wrote.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The kind of finding.
    pub code: &'static Code,
    /// How much it matters here.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where; a finding about what is absent points at what should have held it.
    pub span: Span,
    /// What to write under the offending text; empty for none.
    pub label: String,
    /// Other places that matter.
    pub related: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// The item it is about, as `kind/name`.
    pub subject: Option<String>,
    /// Who answers for the rule that was broken, if the charter says.
    pub owner: Option<String>,
    /// The offending text may be private: it is not to be shown, only its place.
    pub withheld: bool,
    /// The rule of the community's own that is broken.
    pub house: Option<Arc<HouseRule>>,
}

impl Diagnostic {
    /// A finding at its usual severity.
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: crate::visible(&message.into()),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
            subject: None,
            owner: None,
            withheld: false,
            house: None,
        }
    }

    /// What it is shown under: the id of the community's own rule, or that of the kind of finding.
    pub fn id(&self) -> &str {
        self.house.as_ref().map_or(self.code.id, |house| &house.id)
    }

    /// Says which rule of the community's own is broken.
    pub fn of_house(mut self, rule: &Arc<HouseRule>) -> Self {
        self.house = Some(Arc::clone(rule));
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(crate::visible(&help.into()));
        self
    }

    /// Says what to do, if that is known.
    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }

    /// Writes under the offending text.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Points at another place.
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        self.related.push(Label { span, text });
        self
    }

    /// Keeps the offending text out of what is printed, which may be a public log.
    pub fn withhold(mut self) -> Self {
        self.withheld = true;
        self
    }

    /// Names the item it is about, as `kind/name`.
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }
}

/// Declares the findings of a crate: a static each, and `ALL` of them for the pages.
///
/// ```
/// base::codes! {
///     LATE = "late", Warning, "Something is late", "Why it matters and how to mend it.";
/// }
/// assert_eq!(ALL.len(), 1);
/// ```
#[macro_export]
macro_rules! codes {
    ($($name:ident = $id:literal, $severity:ident, $title:literal, $page:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: $crate::Code = $crate::Code {
                id: $id,
                title: $title,
                severity: $crate::Severity::$severity,
                page: $page,
            };
        )*
        /// Every finding declared here.
        pub static ALL: &[&$crate::Code] = &[$(&$name),*];
    };
}
