//! Teams: circles, inclusions, people who do not belong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{Diagnostic, Spanned};
use estate::kinds::Team;
use estate::{Estate, Item, KindId, Link, Ref, Relation};

use super::Inclusion;
use super::circles::Circles;
use crate::codes;
use crate::model::Matrix;

pub(super) fn check(estate: &Estate, matrix: &Matrix<'_>, findings: &mut Vec<Diagnostic>) {
    let parts = |link: &Link| link.relation == Relation::PartOf;
    circles("is part of").find(estate, &parts, findings);
    let includes =
        |link: &Link| matches!(link.relation, Relation::HasMember | Relation::HasMaintainer);
    circles("includes").find(estate, &includes, findings);
    let outside = Outside::of(estate, matrix);
    for team in estate.tables.teams.items() {
        for inclusion in &team.value.include {
            let inclusion = Inclusion {
                group: inclusion.group.as_ref(),
                team: inclusion.team.as_ref().map(|team| team.span),
                roles: inclusion.roles().collect(),
                span: team.span,
            };
            findings.extend(inclusion.wrong(estate).map(|(message, span, help)| {
                let finding = Diagnostic::new(&codes::INCLUSION, span, message);
                finding.help(help).about(team.subject())
            }));
        }
        outside.check(team, estate, matrix, findings);
        grants_twice(team, findings);
    }
    for organisation in estate.tables.organisations.items() {
        let subject = organisation.subject();
        let repositories = &organisation.value.repositories.entries;
        let names = repositories.iter().map(|(name, _)| name);
        twice(names, "the repository", &subject, findings);
        for (_, repository) in repositories {
            let logins = repository
                .collaborators
                .entries
                .iter()
                .map(|(login, _)| login);
            twice(logins, "the collaborator", &subject, findings);
        }
        let apps = organisation.value.apps.entries.iter().map(|(name, _)| name);
        twice(apps, "the app", &subject, findings);
    }
}

fn circles(words: &'static str) -> Circles {
    Circles {
        kind: KindId::Team,
        code: &codes::TEAM_CYCLE,
        itself: words,
        step: words,
    }
}

/// Who is in each organisation, and who administers it.
struct Outside<'e> {
    organisations: HashMap<&'e str, (BTreeSet<String>, BTreeSet<String>)>,
}

impl<'e> Outside<'e> {
    fn of(estate: &'e Estate, matrix: &Matrix<'e>) -> Self {
        let mut organisations = HashMap::new();
        for item in estate.tables.organisations.items() {
            let (mut all, mut admins) = (BTreeSet::new(), BTreeSet::new());
            for one in matrix.organisation(&item.name) {
                if one.admin {
                    admins.insert(one.person.clone());
                }
                all.insert(one.person);
            }
            organisations.insert(item.name.as_str(), (all, admins));
        }
        Self { organisations }
    }

    fn check(
        &self,
        team: &Item<Team>,
        estate: &Estate,
        matrix: &Matrix<'_>,
        findings: &mut Vec<Diagnostic>,
    ) {
        let reference = team.value.organisation.as_ref();
        let organisation = reference.and_then(|reference| estate.find(reference));
        let Some(organisation) = organisation else {
            return;
        };
        let Some((all, admins)) = self.organisations.get(organisation.name.as_str()) else {
            return;
        };
        let tables = &estate.tables;
        let whole = !tables.organisations.is_incomplete()
            && !tables.is_flawed(KindId::Organisation, &organisation.name);
        let strangers = matrix.arrived(team).into_iter();
        for person in strangers.filter(|person| whole && !all.contains(&person.name)) {
            let message = format!(
                "{} comes into {} and is not in {}",
                person.subject(),
                team.subject(),
                organisation.subject()
            );
            let timed = team.value.temporary.iter().map(|timed| &timed.person);
            let mut timed = timed.filter(|one| leads_to(estate, one, &person.name));
            let first = team.value.include.iter().find_map(|inclusion| {
                let team = inclusion.team.as_ref().map(|team| team.span);
                inclusion.group.as_ref().map(|group| group.span).or(team)
            });
            let span = timed
                .next()
                .map(|one| one.span)
                .or(first)
                .unwrap_or(team.span);
            let finding = Diagnostic::new(&codes::OUTSIDER, span, message).about(team.subject());
            findings.push(finding.help("add them to the organisation, or `exclude` them here"));
        }
        for reference in &team.value.members {
            let person = estate
                .find(reference)
                .filter(|person| admins.contains(&person.name));
            findings.extend(person.map(|person| {
                let message = format!(
                    "{} administers {} and is listed as a member of {}",
                    person.subject(),
                    organisation.subject(),
                    team.subject()
                );
                let finding = Diagnostic::new(&codes::ADMIN_LISTED, reference.span, message);
                finding
                    .about(team.subject())
                    .help("move them to `maintainers`")
            }));
        }
    }
}

fn leads_to(estate: &Estate, reference: &Ref<estate::kinds::Person>, name: &str) -> bool {
    estate
        .find(reference)
        .is_some_and(|person| person.name == name)
}

/// Grants of one team for one repository. Those with an end or for an emergency may stand beside
/// the one that stays.
fn grants_twice(team: &Item<Team>, findings: &mut Vec<Diagnostic>) {
    let lasting = team
        .value
        .grants
        .iter()
        .filter(|grant| grant.until.is_none());
    let repositories = lasting.map(|grant| &grant.repository);
    twice(repositories, "the grant of", &team.subject(), findings);
}

/// Reports names that are the same without case.
fn twice<'n>(
    names: impl IntoIterator<Item = &'n Spanned<String>>,
    what: &str,
    subject: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let mut seen: BTreeMap<String, &Spanned<String>> = BTreeMap::new();
    for name in names {
        let key = name.trim_start_matches('@').to_lowercase();
        let Some(first) = seen.get(&key) else {
            seen.insert(key, name);
            continue;
        };
        let message = format!("{what} `{name}` stands twice in {subject}");
        let finding = Diagnostic::new(&codes::TWICE, name.span, message);
        let finding = finding.related(first.span, "first here").about(subject);
        findings.push(finding.help("keep the one that is meant"));
    }
}
