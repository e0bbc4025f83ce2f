//! Lists of things that only change when the owners of the lists agree.
//!
//! What is on a list follows from the things, and is written to a file whose folder has owners of
//! its own. Whoever changes a thing must change the file with it, or `check` fails; and the file
//! is reviewed by its owners. So a change needs both, and no program needs to know who reviewed.

mod file;

use std::collections::HashMap;

use base::{Diagnostic, SourceMap, Span, Spanned};
use estate::kinds::{About, Approval, Policy};
use estate::{Estate, Item, Tree};
use jiff::civil::Date;
use predicate::{Predicate, Type, Value};

use crate::{Reader, Subject, Things, codes, vocabulary};

pub use file::{Entries, HEAD, Kept, field, listed, read};

/// A file of an approval that is not as it follows from the things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The file, in the tree of the estate.
    pub path: String,
    /// What it says; `None` where there is none.
    pub before: Option<String>,
    /// What it shall say.
    pub text: String,
}

/// What approvals make of an estate.
#[derive(Debug, Default)]
pub struct Approvals {
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
    /// Files that are not as they should be.
    pub files: Vec<Listed>,
}

/// An approval, ready to be asked.
struct Asked<'e> {
    policy: &'e Item<Policy>,
    approval: &'e Approval,
    applies: Predicate,
}

/// Compares the lists of an estate's approvals with its things on a day. The files are put into
/// `sources`, as findings are about places in them; nothing is written.
pub fn approvals(
    estate: &Estate,
    things: &Things<'_>,
    sources: &mut SourceMap,
    tree: &dyn Tree,
    today: Date,
) -> Approvals {
    let mut found = Approvals::default();
    let mut files: HashMap<String, Span> = HashMap::new();
    for policy in estate.tables.policies.items() {
        let mut reader = Reader::new(sources, policy.subject());
        let asked: Vec<Asked<'_>> = policy
            .value
            .approvals
            .iter()
            .filter_map(|approval| Asked::read(policy, approval, &mut files, &mut reader))
            .collect();
        found.findings.extend(reader.into_findings());
        let about = policy.value.about;
        // What could not be read is not taken for gone.
        if things.are_read(about) && things.are_complete(about) {
            for asked in asked {
                asked.compare(things, sources, tree, today, &mut found);
            }
        }
    }
    found
}

impl<'e> Asked<'e> {
    fn read(
        policy: &'e Item<Policy>,
        approval: &'e Approval,
        files: &mut HashMap<String, Span>,
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let words = vocabulary(policy.value.about);
        let applies = reader.predicate(&approval.applies, words);
        let mut fine = true;
        for said in approval.fields.iter().chain(&approval.by) {
            let holds = reader.field(said, words);
            let tells = match holds {
                Some(Type::Text) => true,
                Some(
                    Type::Map(_)
                    | Type::Item(_)
                    | Type::List(Type::Item(_) | Type::Map(_) | Type::List(_)),
                ) => false,
                Some(_) => approval.by.as_ref() != Some(said),
                None => true,
            };
            if !tells || said.value.contains(['.', '[']) {
                let message = format!("`{said}` is not something that a line can say");
                let help = "name a field that holds a text, a number, a truth or a list of such; `by` one that holds a text";
                reader.report(Diagnostic::new(&codes::RULE, said.span, message).help(help));
            }
            fine &= tells && holds.is_some();
        }
        if let Some(why) = not_a_file(&approval.file) {
            let message = format!(
                "`{}` cannot be the file of an approval: {why}",
                approval.file
            );
            let finding = Diagnostic::new(&codes::RULE, approval.file.span, message);
            reader.report(finding.help("write for example `approvals/always-run.yaml`"));
            fine = false;
        } else if let Some(first) = files.insert(approval.file.value.clone(), approval.file.span) {
            let message = format!("a second approval is kept in `{}`", approval.file);
            let finding = Diagnostic::new(&codes::RULE, approval.file.span, message);
            reader.report(
                finding
                    .related(first, "the first")
                    .help("give it a file of its own"),
            );
            fine = false;
        }
        Some(Self {
            policy,
            approval,
            applies: applies.filter(|_| fine)?,
        })
    }

    /// How it is called: `POLICY/APPROVAL`.
    fn id(&self) -> String {
        format!("{}/{}", self.policy.name, self.approval.id)
    }

    fn compare(
        &self,
        things: &Things<'_>,
        sources: &mut SourceMap,
        tree: &dyn Tree,
        today: Date,
        found: &mut Approvals,
    ) {
        let all = things.of_kind(self.policy.value.about).into_iter();
        let on_it: Vec<&dyn Subject> = all.filter(|one| self.applies.holds(*one, today)).collect();
        let mut entries = Entries::default();
        let mut by_name: HashMap<String, &dyn Subject> = HashMap::new();
        for subject in &on_it {
            let (name, fields) = self.entry(*subject);
            by_name.entry(listed(&name)).or_insert(*subject);
            entries.add(&name, fields);
        }
        self.guard(&on_it, things, &mut found.findings);
        let path = &self.approval.file.value;
        let text = entries.text(&self.id(), self.approval.why.as_deref());
        let before = match tree.read(path) {
            Ok(before) => before,
            Err(refused) if refused.missing => {
                if !entries.is_empty() {
                    found.findings.push(self.missing(&entries));
                    let (path, before) = (path.clone(), None);
                    found.files.push(Listed { path, before, text });
                }
                return;
            }
            Err(refused) => {
                found
                    .findings
                    .push(self.refused(&format!("it cannot be read: {}", refused.reason)));
                return;
            }
        };
        if !before
            .trim_start_matches('\u{feff}')
            .starts_with(&format!("{HEAD}{}", self.id()))
        {
            let head = format!("its first line is not `{HEAD}{}`", self.id());
            found.findings.push(self.refused(&head));
            return;
        }
        let file = sources.add(tree.display(path), before.as_str());
        let at = |start: usize, length: usize| Span::new(file, start, start + length);
        let differs = self.differences(&entries, &by_name, &read(&before), &at);
        if !differs.is_empty() {
            found.findings.extend(differs);
            let (path, before) = (path.clone(), Some(before));
            found.files.push(Listed { path, before, text });
        }
    }

    /// What a thing is listed under, and what is written of it.
    fn entry(&self, subject: &dyn Subject) -> (String, Vec<String>) {
        let by = self.approval.by.as_ref().map(|by| subject.get(by));
        let name = match by {
            Some(Value::Text(name)) => name.to_owned(),
            _ => subject.id().to_owned(),
        };
        let fields = self.approval.fields.iter();
        let said = fields.filter_map(|name| field(name, &subject.get(name)));
        (name, said.collect())
    }

    fn finding(&self, span: Span, message: String) -> Diagnostic {
        let mut finding = Diagnostic::new(&codes::APPROVAL_DIFFERS, span, message);
        finding.owner = Some(self.policy.value.owner.name.clone());
        finding
    }

    fn missing(&self, entries: &Entries) -> Diagnostic {
        let count = base::counted(entries.len(), "entry", "entries");
        let (id, file) = (self.id(), &self.approval.file);
        let message = format!("the list of `{id}` is not there: it has {count}");
        let help = format!(
            "`commonhold check --fix` writes {file}; put OWNERS beside it, other people than for the things"
        );
        self.finding(file.span, message)
            .help(help)
            .about(self.policy.subject())
    }

    /// The file is another's, or cannot be read: then it is not written over.
    fn refused(&self, why: &str) -> Diagnostic {
        let (id, file) = (self.id(), &self.approval.file);
        let message = format!("{file} is not the list of `{id}`: {why}");
        self.finding(file.span, message)
            .help("name another file, or remove this one and let `commonhold check --fix` write it")
            .about(self.policy.subject())
    }

    /// Each entry that should be in the file, should not be, or should be otherwise.
    fn differences(
        &self,
        entries: &Entries,
        things: &HashMap<String, &dyn Subject>,
        kept: &[Kept<'_>],
        at: &dyn Fn(usize, usize) -> Span,
    ) -> Vec<Diagnostic> {
        let (id, file) = (self.id(), &self.approval.file);
        let help = format!(
            "`commonhold check --fix` writes {file}; its owners agree by taking that change"
        );
        let mut seen: HashMap<&str, &Kept<'_>> = HashMap::new();
        let mut found = Vec::new();
        for kept in kept {
            let twice = seen.insert(kept.name, kept).is_some();
            if twice || entries.get(kept.name).is_none() {
                let what = if twice {
                    "is listed twice"
                } else {
                    "is not to be listed any more"
                };
                let finding = self.finding(
                    at(kept.at, kept.name.len()),
                    format!("{} {what} in `{id}`", kept.name),
                );
                found.push(finding.help(help.clone()).about(self.policy.subject()));
            }
        }
        for (name, lines) in entries.iter() {
            let Some(subject) = things.get(name) else {
                continue;
            };
            let field = self
                .approval
                .fields
                .first()
                .map_or("", |field| field.value.as_str());
            let finding = match seen.get(name) {
                None => {
                    let message = format!("{name} is not on the list of `{id}`");
                    let said = if lines.len() > 1 {
                        format!(": it would say {}", on_one_line(&lines))
                    } else {
                        String::new()
                    };
                    self.finding(subject.span(), message)
                        .help(format!("{help}{said}"))
                }
                Some(kept) if kept.lines != lines => {
                    let (was, is) = (on_one_line(&kept.lines), on_one_line(&lines));
                    let message = format!("{name} was approved in `{id}` as {was}, and is {is}");
                    let finding = self
                        .finding(subject.place(field), message)
                        .help(help.clone());
                    finding.related(at(kept.at, kept.name.len()), "what was approved")
                }
                Some(_) => continue,
            };
            found.push(finding.about(subject.subject()));
        }
        found
    }

    /// Says that whoever approves the things alone approves the list as well.
    fn guard(&self, on_it: &[&dyn Subject], things: &Things<'_>, found: &mut Vec<Diagnostic>) {
        let jobs = things
            .jobs()
            .filter(|_| self.policy.value.about == About::Job);
        let Some(jobs) = jobs.filter(|jobs| jobs.lacks("approvers").is_none()) else {
            return;
        };
        let file = &self.approval.file;
        let own = jobs.approvers_of(file);
        let same = on_it.iter().find_map(|subject| {
            let Value::Text(path) = subject.get("path") else {
                return None;
            };
            let (folder, people) = jobs.approvers_of(path)?;
            let (own_folder, own) = own?;
            let all = folder == own_folder || people.iter().all(|one| own.contains(one));
            all.then(|| (*subject, folder.to_owned()))
        });
        let why = match (own, same) {
            (None, _) if !on_it.is_empty() => "nobody answers for its folder".to_owned(),
            (Some(_), Some((subject, folder))) => {
                let folder = if folder.is_empty() {
                    "the estate's folder"
                } else {
                    &folder
                };
                format!(
                    "all who approve changes of {} ({folder}) approve it too",
                    subject.name()
                )
            }
            _ => return,
        };
        let message = format!("{file} guards nothing: {why}");
        let finding = Diagnostic::new(&codes::APPROVAL_UNGUARDED, file.span, message);
        let help = "name other approvers in OWNERS beside it, with `no_parent_owners: true`";
        found.push(finding.help(help).about(self.policy.subject()));
    }
}

/// The lines of an entry behind its name, in braces; of several things, with `or` between them.
fn on_one_line<T: AsRef<str>>(lines: &[T]) -> String {
    let mut things: Vec<Vec<&str>> = Vec::new();
    for line in lines.iter().skip(1) {
        let line = line.as_ref().trim();
        let first = line.strip_prefix("- ");
        if first.is_some() || things.is_empty() {
            things.push(Vec::new());
        }
        let said = first.unwrap_or(line);
        if let Some(thing) = things.last_mut().filter(|_| said != "{}") {
            thing.push(said);
        }
    }
    let shown: Vec<String> = things
        .iter()
        .map(|said| format!("{{{}}}", said.join(", ")))
        .collect();
    if shown.is_empty() {
        return "{}".to_owned();
    }
    shown.join(" or ")
}

/// Why a path is not one of a file that may be written.
fn not_a_file(path: &Spanned<String>) -> Option<&'static str> {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    if !path.split('/').all(part) {
        return Some("it is no path below the estate's folder");
    }
    if !path.contains('/') {
        return Some("a folder of its own lets it have owners of its own");
    }
    (!path.ends_with(".yaml")).then_some("its name does not end with .yaml")
}
