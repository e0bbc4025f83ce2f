//! A request against the zones there are: what changes in which file, and who must agree.

use std::collections::{BTreeMap, BTreeSet};

use estate::Item;
use estate::kinds::Zone;
use estate::records::{DomainName, RecordKey, RecordSet, RecordType};
use formats::octodns::edit::{self, Edit, Mention};
use formats::octodns::write::Conventions;
use formats::octodns::{DeclaredSet, DeclaredZone};
use serde::Serialize;

use super::fragment::{self, Asked};
use super::{Operation, Problem, Request};

/// One file of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneText {
    /// Its path, as a person would write it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A zone that a request may be about.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'z> {
    /// The zone.
    pub item: &'z Item<Zone>,
    /// What its files declare.
    pub declared: &'z DeclaredZone,
    /// Its files.
    pub files: &'z [ZoneText],
}

/// What a request comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The zone that changes.
    pub zone: DomainName,
    /// What changes, in which file, in the order of their paths.
    pub files: Vec<FileChange>,
    /// Who answers for what changes: the owners of records first, then the zone's.
    pub reviewers: Vec<Reviewer>,
}

/// The change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path.
    pub path: String,
    /// What changes in it.
    pub edits: Vec<Edit>,
    /// Its text afterwards.
    pub text: String,
}

/// A group that answers for something that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reviewer {
    /// The group.
    pub group: String,
    /// What it answers for, as `the record www.example.org. A`.
    pub owns: Vec<String>,
}

/// Turns a request into changes of files.
///
/// `zones` are all zones whose files are known. Nothing is written.
///
/// # Errors
/// Everything that speaks against the request, with lines of its text.
pub fn resolve(request: &Request, zones: &[Candidate<'_>]) -> Result<Resolved, Vec<Problem>> {
    let zone = zone_of(request, zones).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut read = |snippet: &Option<super::Snippet>| {
        let snippet = snippet.as_ref();
        snippet.map_or_else(Vec::new, |snippet| {
            fragment::read(snippet, &request.domain, &zone.item.value, &mut problems)
        })
    };
    let (existing, new) = (read(&request.existing), read(&request.new));
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut case = Case {
        request,
        zone,
        zones,
        problems,
    };
    let edits = case.edits(&existing, &new);
    case.coexistence(&edits);
    let Case { mut problems, .. } = case;
    if !problems.is_empty() {
        problems.sort_by_key(|problem| (problem.line, problem.column));
        return Err(problems);
    }
    let reviewers = reviewers(&zone, &edits);
    let files = files(request, &zone, edits).map_err(|problem| vec![problem])?;
    Ok(Resolved {
        zone: zone.declared.name.clone(),
        files,
        reviewers,
    })
}

/// The zone with the longest name that the domain is in.
fn zone_of<'z>(request: &Request, zones: &[Candidate<'z>]) -> Result<Candidate<'z>, Problem> {
    let holding = zones
        .iter()
        .filter(|zone| request.domain.is_in(&zone.declared.name));
    let longest = holding.max_by_key(|zone| zone.declared.name.labels().count());
    let Some(zone) = longest.copied() else {
        let names = || zones.iter().map(|zone| zone.declared.name.undotted());
        // A slip in the zone's name is found behind the labels of a name below it, too.
        let mut near = None;
        let mut rest = Some(request.domain.clone()).filter(|name| !name.is_root());
        while let (Some(name), None) = (&rest, near) {
            near = base::nearest(name.undotted(), names());
            rest = name.parent().filter(|parent| !parent.is_root());
        }
        let help = if let Some(near) = near {
            format!("did you mean {near}?")
        } else {
            let mut known: Vec<&str> = names().collect();
            known.sort_unstable();
            format!("the zones are {}", known.join(", "))
        };
        let what = format!("no zone holds {}", request.domain.undotted());
        return Err(Problem::new(request.domain_line, what, help));
    };
    if let Some(copy) = &zone.item.value.copy {
        let what = format!("{} is a copy of {}", zone.item.name, copy.of.name);
        let help = format!("ask for the change in {}; the copy follows", copy.of.name);
        return Err(Problem::new(request.domain_line, what, help));
    }
    Ok(zone)
}

/// A request while it is compared with what is declared.
struct Case<'r, 'z> {
    request: &'r Request,
    zone: Candidate<'z>,
    zones: &'r [Candidate<'z>],
    problems: Vec<Problem>,
}

impl Case<'_, '_> {
    fn refuse(&mut self, line: usize, what: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(line, what, help));
    }

    fn edits(&mut self, existing: &[Asked], new: &[Asked]) -> Vec<Edit> {
        for asked in existing.iter().chain(new) {
            self.check_name(asked);
        }
        if !self.problems.is_empty() {
            return Vec::new();
        }
        for asked in existing {
            self.check_existing(asked);
        }
        let was = |key: &RecordKey| existing.iter().find(|asked| asked.key == *key);
        let mut edits = Vec::new();
        for asked in new {
            let declared = self.zone.declared.sets.get(&asked.key);
            if let (Some(declared), None) = (declared, was(&asked.key)) {
                let what = format!(
                    "{} is there already: {}",
                    asked.key,
                    shown(asked.key.rtype, &declared.set)
                );
                let help = match self.request.operation {
                    Operation::Create => "ask for an Update, with this as the existing record",
                    _ => "give it as the existing record, too",
                };
                self.refuse(asked.line, what, help);
                continue;
            }
            let set = self.with_ttl(asked, was(&asked.key), declared);
            if declared.is_none_or(|declared| declared.set != set) {
                edits.push(Edit {
                    key: asked.key.clone(),
                    to: Some(set),
                    comment: comment(&self.request.reason),
                });
            }
        }
        let stays = |key: &RecordKey| new.iter().any(|asked| asked.key == *key);
        let gone = existing.iter().filter(|asked| !stays(&asked.key));
        // What comes before what goes, so that a name and its comments stay where they are.
        edits.extend(gone.map(|asked| Edit::delete(asked.key.clone())));
        if edits.is_empty() && self.problems.is_empty() {
            let line = new.first().map_or(1, |asked| asked.line);
            self.refuse(
                line,
                "nothing would change: the records are so already",
                "say what is to be different",
            );
        }
        edits
    }

    /// A TTL that nobody speaks of stays as it is.
    fn with_ttl(
        &self,
        asked: &Asked,
        was: Option<&Asked>,
        declared: Option<&DeclaredSet>,
    ) -> RecordSet {
        let usual = self.zone.item.value.default_ttl;
        let silent = asked.set.ttl == usual && was.is_some_and(|was| was.set.ttl == usual);
        let ttl = declared
            .filter(|_| silent)
            .map_or(asked.set.ttl, |declared| declared.set.ttl);
        RecordSet::new(ttl, asked.set.data().to_vec())
    }

    fn check_name(&mut self, asked: &Asked) {
        let name = &asked.key.name;
        let domain = &self.request.domain;
        let below = name.below(domain).unwrap_or_default().to_owned();
        let bare = domain.undotted();
        if below == bare || below.ends_with(&format!(".{bare}")) {
            let short = below
                .strip_suffix(bare)
                .unwrap_or_default()
                .trim_end_matches('.');
            let what = format!("`{below}` names the domain again: it would become {name}");
            let help = match short {
                "" => "names are relative to the domain; write '' for the domain itself".to_owned(),
                short => format!("names are relative to the domain; write `{short}`"),
            };
            return self.refuse(asked.line, what, help);
        }
        let first = domain.labels().next().unwrap_or_default();
        let apex = *domain == self.zone.declared.name;
        let repeats = !apex && (below == first || below.ends_with(&format!(".{first}")));
        if repeats && !self.zone.declared.sets.keys().any(|key| key.name == *name) {
            let zone = self.zone.declared.name.undotted();
            let what = format!("`{below}` is relative to {bare}: it would become {name}");
            let help = format!("write {zone} as the domain, or '' for {bare} itself");
            return self.refuse(asked.line, what, help);
        }
        let deeper = self.zones.iter().map(|zone| &zone.declared.name);
        let mut deeper = deeper.filter(|zone| {
            **zone != self.zone.declared.name && zone.is_in(&self.zone.declared.name)
        });
        let cut = matches!(asked.key.rtype, RecordType::NS | RecordType::DS);
        let owner = deeper
            .find(|zone| name.is_in(zone) && !(cut && *name == **zone))
            .cloned();
        if let Some(zone) = owner {
            let what = format!("{name} belongs to the zone {}", zone.undotted());
            self.refuse(
                asked.line,
                what,
                format!("write {} as the domain", zone.undotted()),
            );
        }
    }

    /// The request must know what it changes.
    fn check_existing(&mut self, asked: &Asked) {
        let key = &asked.key;
        let Some(declared) = self.zone.declared.sets.get(key) else {
            let others = types_at(self.zone.declared, &key.name);
            let (what, help) = if others.is_empty() {
                let names = self
                    .zone
                    .declared
                    .sets
                    .keys()
                    .map(|key| key.name.undotted());
                let help = base::nearest(key.name.undotted(), names).map_or_else(
                    || "look the name up in the zone's files".to_owned(),
                    |near| format!("did you mean {near}?"),
                );
                (format!("no file declares {}", key.name), help)
            } else {
                let what = format!("{} has no record of type {}", key.name, key.rtype);
                (what, format!("it has {}", listed(&others)))
            };
            return self.refuse(asked.line, what, help);
        };
        let usual = self.zone.item.value.default_ttl;
        let ttl_differs = asked.set.ttl != declared.set.ttl && asked.set.ttl != usual;
        if asked.set.data() != declared.set.data() || ttl_differs {
            let what = format!(
                "{key} is not as the request has it: it is {}",
                shown(key.rtype, &declared.set)
            );
            let help = "copy the record from the zone's file; it may have changed since you looked";
            self.refuse(asked.line, what, help);
        }
    }

    /// A name that is an alias is nothing else (RFC 1034 §3.6.2).
    fn coexistence(&mut self, edits: &[Edit]) {
        let names: BTreeSet<&DomainName> = edits.iter().map(|edit| &edit.key.name).collect();
        for name in names {
            let mut types: BTreeSet<RecordType> =
                types_at(self.zone.declared, name).into_iter().collect();
            for edit in edits.iter().filter(|edit| edit.key.name == *name) {
                match edit.to {
                    Some(_) => types.insert(edit.key.rtype),
                    None => types.remove(&edit.key.rtype),
                };
            }
            if types.contains(&RecordType::CNAME) && types.len() > 1 {
                types.remove(&RecordType::CNAME);
                let types: Vec<RecordType> = types.into_iter().collect();
                let what = format!(
                    "{name} would be a CNAME and have {} beside it",
                    listed(&types)
                );
                let help = "a CNAME stands alone (RFC 1034 §3.6.2); ask for an Update from the one to the other";
                let line = self.request.new.as_ref().map_or(1, |snippet| snippet.line);
                self.refuse(line, what, help);
            }
        }
    }
}

/// The first sentence or line of the reason, for a comment in the file.
fn comment(reason: &str) -> Option<String> {
    const LONGEST: usize = 100;
    let line = reason.lines().next()?.trim();
    let mut text: String = line.chars().take(LONGEST).collect();
    if text.len() < line.len() {
        text.push_str("...");
    }
    (!text.is_empty()).then_some(text)
}

fn types_at(zone: &DeclaredZone, name: &DomainName) -> Vec<RecordType> {
    let here = zone.sets.keys().filter(|key| key.name == *name);
    here.map(|key| key.rtype).collect()
}

fn listed(types: &[RecordType]) -> String {
    let names: Vec<String> = types.iter().map(ToString::to_string).collect();
    names.join(", ")
}

fn shown(rtype: RecordType, set: &RecordSet) -> String {
    let data: Vec<String> = set.data().iter().map(|data| data.text(rtype)).collect();
    format!("{} (TTL {})", data.join(", "), set.ttl)
}

fn reviewers(zone: &Candidate<'_>, edits: &[Edit]) -> Vec<Reviewer> {
    let mut reviewers: Vec<Reviewer> = Vec::new();
    let mut add = |group: &str, owns: String| match reviewers
        .iter_mut()
        .find(|reviewer| reviewer.group == group)
    {
        Some(reviewer) if reviewer.owns.contains(&owns) => {}
        Some(reviewer) => reviewer.owns.push(owns),
        None => reviewers.push(Reviewer {
            group: group.to_owned(),
            owns: vec![owns],
        }),
    };
    for edit in edits {
        for (key, declared) in &zone.declared.sets {
            let Some(owner) = &declared.notes.owner else {
                continue;
            };
            // Whoever answers for a name answers for what stands beside, below and in front of it.
            let covers = key.name.is_wildcard()
                && key
                    .name
                    .parent()
                    .is_some_and(|parent| edit.key.name.is_in(&parent));
            if covers
                || (edit.key.name.is_in(&key.name) && key.name != zone.declared.name)
                || edit.key.name == key.name
            {
                add(&owner.name, format!("the record {key}"));
            }
        }
    }
    if let Some(owner) = &zone.item.value.owner {
        add(&owner.name, format!("the zone {}", zone.item.name));
    }
    reviewers
}

fn files(
    request: &Request,
    zone: &Candidate<'_>,
    edits: Vec<Edit>,
) -> Result<Vec<FileChange>, Problem> {
    let conventions = Conventions::of(&zone.item.value);
    let mut changes: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        let at = file_of(request, zone, &edit)?;
        changes.entry(at).or_default().push(edit);
    }
    let change = |(at, edits): (usize, Vec<Edit>)| {
        let file = &zone.files[at];
        let text = edit::edit(&file.text, &zone.declared.name, &edits, conventions);
        let text = text.map_err(|error| {
            let what = format!("{} cannot be changed: {error}", file.path);
            Problem::new(request.domain_line, what, "")
        })?;
        Ok(FileChange {
            path: file.path.clone(),
            edits,
            text,
        })
    };
    let mut files: Vec<FileChange> = changes
        .into_iter()
        .map(change)
        .collect::<Result<_, Problem>>()?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The file a change belongs in: the one with the record, else with its name, else with the
/// nearest of kin, else with the most names.
fn file_of(request: &Request, zone: &Candidate<'_>, edit: &Edit) -> Result<usize, Problem> {
    let rank = |at: usize| {
        let mention = edit::mention(&zone.files[at].text, &zone.declared.name, &edit.key.name);
        let Mention {
            types,
            names,
            kinship,
        } = mention.unwrap_or_default();
        let record = types.contains(&edit.key.rtype);
        (
            record,
            !types.is_empty(),
            kinship,
            names,
            std::cmp::Reverse(at),
        )
    };
    let best = (0..zone.files.len()).max_by_key(|at| rank(*at));
    best.ok_or_else(|| {
        let what = format!(
            "the zone {} has no file that could be changed",
            zone.item.name
        );
        Problem::new(request.domain_line, what, "name its files under `records`")
    })
}
