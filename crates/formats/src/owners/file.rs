//! One `OWNERS` file.

use base::{Diagnostic, FileId, Severity, Span, Spanned};
use estate::{Fault, Filter, Owners, OwnersFile};
use yaml::{Decoding, Entries, FromYaml, Node, Shape, Value};

use super::json::field;
use super::pattern;
use super::text::{self, Word};
use crate::codes;

/// Reads a file. One with a mistake in it is broken: whatever it was meant to
/// say, it may have been that those above must not approve.
pub(super) fn read(text: &str, file: FileId) -> (OwnersFile, Vec<Diagnostic>) {
    let (content, mut findings) = text::read::<Content>(text, file);
    let Some(content) = content else {
        let fault = fault(&findings, file);
        return (OwnersFile::broken(file, fault), findings);
    };
    let filters = content.filters.into_iter();
    let filters: Vec<Filter> = filters
        .map(|(pattern, owners)| filter(pattern, owners, &mut findings))
        .collect();
    // Whom a pattern that cannot be read was meant for, nobody knows.
    let broken = filters.iter().any(|filter| filter.regex.is_none());
    let owners = OwnersFile {
        file,
        inherits: content.inherits,
        owners: content.owners,
        filters,
        broken: broken.then(|| fault(&findings, file)),
    };
    (owners, findings)
}

/// Why nobody knows what a file means: the first mistake in it.
pub(super) fn fault(findings: &[Diagnostic], file: FileId) -> Fault {
    let mistakes = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let first = mistakes.min_by_key(|finding| finding.span);
    first.map_or_else(
        || Fault {
            span: Span::start_of(file),
            reason: "the file cannot be read".to_owned(),
        },
        |first| Fault {
            span: first.span,
            reason: first.message.clone(),
        },
    )
}

fn filter(pattern: Spanned<String>, owners: Owners, findings: &mut Vec<Diagnostic>) -> Filter {
    let regex = pattern::compile(&pattern).map_err(|reason| {
        let message = format!("the pattern `{pattern}` cannot be read: {reason}");
        let finding = Diagnostic::new(&codes::OWNERS_PATTERN, pattern.span, message);
        findings.push(
            finding
                .label("matches nothing")
                .help("write a regular expression of Go's kind (RE2), for example `\\.go$`"),
        );
    });
    Filter {
        pattern,
        regex: regex.ok(),
        owners,
    }
}

struct Content {
    inherits: bool,
    owners: Owners,
    filters: Vec<(Spanned<String>, Owners)>,
}

const LISTS: [&str; 6] = [
    "approvers",
    "reviewers",
    "required_reviewers",
    "labels",
    "emeritus_approvers",
    "emeritus_reviewers",
];

impl FromYaml for Content {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        const KEYS: [&str; 8] = [
            LISTS[0], LISTS[1], LISTS[2], LISTS[3], LISTS[4], LISTS[5], "options", "filters",
        ];
        let entries = Entries::open(node, &KEYS, cx)?;
        let owners = lists(node, &entries, cx)?;
        let options = entries.read_or("options", Options::default(), cx);
        let mut filters = Filters::default();
        if owners.is_empty() {
            filters = entries.read_or("filters", filters, cx);
        } else {
            report_idle_filters(node, &owners, cx);
        }
        Some(Self {
            inherits: !options.no_parent_owners,
            owners,
            filters: filters.0,
        })
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}

fn lists(node: &Node, entries: &Entries<'_>, cx: &mut Decoding) -> Option<Owners> {
    let [
        approvers,
        reviewers,
        required_reviewers,
        labels,
        emeritus_approvers,
        emeritus_reviewers,
    ] = LISTS;
    let mut list = |key| entries.read::<Vec<Spanned<Word>>>(key, cx).map(Word::list);
    Some(Owners {
        approvers: list(approvers)?,
        reviewers: list(reviewers)?,
        required_reviewers: list(required_reviewers)?,
        labels: list(labels)?,
        emeritus_approvers: honoured(node, emeritus_approvers),
        emeritus_reviewers: honoured(node, emeritus_reviewers),
    })
}

/// A list of names that have no effect: in whatever form they stand, they are no mistake.
fn honoured(node: &Node, key: &str) -> Vec<Spanned<String>> {
    let found = field(node, key).unwrap_or_default();
    let names = match found.last().map(|(_, list)| &list.value) {
        Some(Value::Sequence(names)) => names.as_slice(),
        _ => &[],
    };
    names
        .iter()
        .filter_map(|name| Some(Spanned::new(name.text()?.to_owned(), name.span)))
        .collect()
}

fn report_idle_filters(node: &Node, owners: &Owners, cx: &mut Decoding) {
    let Value::Mapping(entries) = &node.value else {
        return;
    };
    let filters = entries.iter().find(|(key, _)| {
        key.text()
            .is_some_and(|key| key.eq_ignore_ascii_case("filters"))
    });
    let Some((key, _)) = filters.filter(|(_, value)| !value.is_null()) else {
        return;
    };
    let lists = owners.lists();
    let Some((name, first)) = lists
        .iter()
        .find_map(|(name, list)| Some((name, list.first()?)))
    else {
        return;
    };
    let message = format!("the filters have no effect, because the file also has `{name}`");
    let finding = Diagnostic::new(&codes::OWNERS_FILTERS_IGNORED, key.span, message);
    cx.report(
        finding
            .related(first.span, "this is for all files")
            .help("move the lists under the filter `\".*\"`"),
    );
}

#[derive(Default)]
struct Options {
    no_parent_owners: bool,
}

impl FromYaml for Options {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        const AUTO_APPROVE: &str = "auto_approve_unowned_subfolders";
        let entries = Entries::open(node, &["no_parent_owners", AUTO_APPROVE], cx)?;
        let no_parent_owners = entries.read_or("no_parent_owners", false, cx);
        if entries.read_or(AUTO_APPROVE, false, cx) {
            let message =
                "changes in folders below that have no owners of their own need nobody's approval";
            let finding = Diagnostic::new(&codes::OWNERS_AUTO_APPROVE, node.span, message);
            cx.report(finding.help(format!(
                "remove `{AUTO_APPROVE}`, or give each folder an OWNERS file"
            )));
        }
        Some(Self { no_parent_owners })
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}

#[derive(Default)]
struct Filters(Vec<(Spanned<String>, Owners)>);

impl FromYaml for Filters {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let mut filters = Vec::new();
        for (key, value) in cx.pairs(node, "a mapping")? {
            let pattern = Spanned::<Word>::from_yaml(key, cx);
            let entries = Entries::open(value, &LISTS, cx);
            let owners = entries.and_then(|entries| lists(value, &entries, cx));
            filters.extend(
                pattern
                    .zip(owners)
                    .map(|(pattern, owners)| (Spanned::new(pattern.value.0, pattern.span), owners)),
            );
        }
        Some(Self(filters))
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}
