//! `commonhold site`

use crate::cli::SiteArguments;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &SiteArguments) -> anyhow::Result<Outcome> {
    let estate = crate::serve::Estate {
        root: project.root()?,
        at: project.instant.map(|instant| (project.day, instant)),
        surroundings: project.surroundings.clone(),
    };
    let (_, _) = crate::serve::shown_once(&estate)?;
    anyhow::bail!("{} cannot be written yet", arguments.out.display())
}
