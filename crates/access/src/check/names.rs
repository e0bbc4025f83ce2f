//! Names that cannot be, and teams of an organisation that cannot both be.

use std::collections::HashMap;

use base::{Diagnostic, Span, visible};
use estate::kinds::{Organisation, Privacy, Team};
use estate::{Estate, Item};

use crate::desired::team_name;
use crate::providers::github::slug;
use crate::{Key, Sort, codes};

pub(super) fn check(estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let mut others = Others::default();
    for team in estate.tables.teams.items() {
        let reference = team.value.organisation.as_ref();
        let organisation = reference.and_then(|reference| estate.find(reference));
        let Some(organisation) = organisation else {
            continue;
        };
        let name = team_name(&team.name, &team.value);
        let sorts = (Sort::Team, Sort::TeamMember);
        let what = format!("the name of {}", team.subject());
        let of_team = unfit(name, sorts, &what, team.span)
            .into_iter()
            .chain(others.twice(team, name, organisation))
            .chain(secret(team, estate));
        let owner = team.value.owner.as_ref().map(|owner| &owner.name);
        findings.extend(of_team.map(|mut finding| {
            finding.owner = owner.cloned();
            finding.about(team.subject())
        }));
    }
    for organisation in estate.tables.organisations.items() {
        let subject = organisation.subject();
        let what = format!("the name of a repository of {subject}");
        for (name, _) in &organisation.value.repositories.entries {
            let sorts = (Sort::Repository, Sort::Collaborator);
            let unfit = unfit(name, sorts, &what, name.span);
            findings.extend(unfit.map(|finding| finding.about(subject.as_str())));
        }
    }
}

/// What is wrong with a name that no forge takes, or that a plan cannot tell from others. `sorts`
/// are those of what has it, and of what is in that.
fn unfit(name: &str, sorts: (Sort, Sort), what: &str, span: Span) -> Option<Diagnostic> {
    let is_read = |key: Key| Key::parse(&key.to_string()) == Some(key);
    let is_told = || is_read(Key::new(sorts.0, name)) && is_read(Key::of(sorts.1, name, "x"));
    let why = if name.trim().is_empty() {
        "is blank"
    } else if name.contains(char::is_control) {
        "holds a control character"
    } else if !is_told() {
        "holds a `>` as it stands between names in plans"
    } else {
        return None;
    };
    let message = format!("{what}, `{}`, {why}", visible(name));
    Some(Diagnostic::new(&codes::NAME, span, message).help("give it another name"))
}

/// The teams that were met, by organisation.
#[derive(Default)]
struct Others<'e> {
    names: HashMap<(&'e str, String), &'e Item<Team>>,
    slugs: HashMap<(&'e str, String), &'e Item<Team>>,
}

impl<'e> Others<'e> {
    /// That another team of the organisation has the name of a team, or its address.
    fn twice(
        &mut self,
        team: &'e Item<Team>,
        name: &str,
        organisation: &'e Item<Organisation>,
    ) -> Option<Diagnostic> {
        let here = organisation.name.as_str();
        let met = |known: &mut HashMap<_, &'e Item<Team>>, text: String| {
            let first = *known.entry((here, text)).or_insert(team);
            (first.name != team.name).then_some(first)
        };
        let namesake = met(&mut self.names, name.to_lowercase());
        // What becomes of letters beyond ASCII is for the forge to say.
        let slug = slug(name);
        let is_sure = name.is_ascii() && !slug.is_empty();
        let neighbour = is_sure
            .then(|| met(&mut self.slugs, slug.clone()))
            .flatten();
        let (other, what) = match (namesake, neighbour) {
            (Some(other), _) => (other, format!("one name, `{}`,", visible(name))),
            (None, Some(other)) => (other, format!("one address, `{slug}`,")),
            (None, None) => return None,
        };
        let message = format!(
            "{} and {} have {what} in {}",
            other.subject(),
            team.subject(),
            organisation.subject()
        );
        let finding = Diagnostic::new(&codes::TEAM_TWICE, team.span, message);
        let called = visible(team_name(&other.name, &other.value));
        let finding = finding.related(other.span, format!("this one is called `{called}`"));
        Some(finding.help("merge the two, or rename one"))
    }
}

/// That a team is secret, or its parent is.
fn secret(team: &Item<Team>, estate: &Estate) -> Option<Diagnostic> {
    let reference = team.value.parent.as_ref()?;
    let parent = estate.find(reference)?;
    let is_secret = |item: &Item<Team>| item.value.privacy == Privacy::Secret;
    let (own, of) = (team.subject(), parent.subject());
    let (message, secret) = if is_secret(team) {
        (format!("{own} is secret, and part of {of}"), own)
    } else if is_secret(parent) {
        (format!("{own} is part of {of}, which is secret"), of)
    } else {
        return None;
    };
    let finding = Diagnostic::new(&codes::SECRET_TEAM, reference.span, message);
    let finding = finding.related(parent.span, "the parent is declared here");
    Some(finding.help(format!(
        "let {secret} be `visible`, or remove this `parent`"
    )))
}
