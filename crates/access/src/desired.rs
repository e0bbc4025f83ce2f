//! What the estate wants of a system: an organisation, the mailing groups of a domain, a directory.

mod directory;
mod mailing;
mod organisation;

use base::Span;
use estate::kinds::Team;
use estate::{Estate, Ref};
use jiff::civil::Date;

use crate::model::{Matrix, Path};

pub(crate) use directory::directory;
pub(crate) use mailing::mailing;
pub(crate) use organisation::{organisation, renames};

/// What is wanted is told from these.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'e> {
    pub(crate) estate: &'e Estate,
    /// Who is in what, by the day.
    pub(crate) matrix: &'e Matrix<'e>,
    pub(crate) day: Date,
}

impl Wanted<'_> {
    /// A place as `path:line`.
    fn place(&self, span: Span) -> String {
        let sources = &self.estate.sources;
        let line = sources.position(span).line;
        format!("{}:{line}", sources.file(span.file).path)
    }
}

/// Where it is first said that somebody is in something.
fn first_place(why: &[Path]) -> Option<&str> {
    let hop = why.first()?.hops.first()?;
    Some(&hop.at)
}

/// The name of a team in its organisation, in lower case.
pub(crate) fn team_key(name: &str, team: &Team) -> String {
    team_name(name, team).to_lowercase()
}

/// The name of a team in its organisation. In an adopted tree its item is called
/// `organisation/team`, and it has its name as its title.
pub(crate) fn team_name<'t>(name: &'t str, team: &'t Team) -> &'t str {
    let below = name.split_once('/').filter(|(of, _)| is_of(team, of));
    match below {
        Some((_, below)) => below,
        None => team.title.as_deref().unwrap_or(name),
    }
}

/// Whether a team is of an organisation. Names have no case.
pub(crate) fn is_of(team: &Team, organisation: &str) -> bool {
    let of = team.organisation.as_ref();
    of.is_some_and(|of| of.name.eq_ignore_ascii_case(organisation))
}

/// A person's login on the forge, in lower case: what the estate knows, or the name itself.
pub(crate) fn login<P>(estate: &Estate, person: &Ref<P>) -> String {
    login_of(estate, &person.name)
}

/// The same of a name. An `@` before a login is decoration.
pub(crate) fn login_of(estate: &Estate, name: &str) -> String {
    let known = estate.tables.people.get(name);
    let login = known.and_then(|known| known.value.handles.github.as_ref());
    let login = login.map_or(name, |login| login.as_str());
    login.trim_start_matches('@').to_lowercase()
}
