//! `commonhold serve`

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use portal::Stamp;
use portal::serve::{Current, Parts, router};

use crate::cli::ServeArguments;
use crate::portal::{Affairs, Known, Shown};
use crate::project::{Checked, Project};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &ServeArguments) -> anyhow::Result<Outcome> {
    let shown = read(project)?;
    let clock = project.surroundings.clock;
    let instant = project.instant;
    let parts = Parts {
        current: Current::new(Arc::new(shown)),
        hands: None,
        store: Arc::new(portal::store::open("sqlite::memory:")?),
        clock: Arc::new(move || instant.unwrap_or_else(clock)),
        url: format!("http://{}", arguments.listen),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(arguments.listen)
            .await
            .with_context(|| format!("{} cannot be listened on", arguments.listen))?;
        // Whoever asked for any free port learns it here, and that requests are answered from now on.
        let mut out = std::io::stdout();
        writeln!(out, "http://{}", listener.local_addr()?)?;
        out.flush()?;
        portal::serve::run(listener, router(Arc::new(parts))).await?;
        Ok(Outcome::data(""))
    })
}

fn read(project: &Project<'_>) -> anyhow::Result<Shown> {
    let tree = project.tree()?;
    let Ok(checked) = Checked::read(&tree, project.day) else {
        anyhow::bail!("the estate cannot be read; see `commonhold check`");
    };
    let at: Timestamp = project
        .instant
        .unwrap_or_else(|| (project.surroundings.clock)());
    let manifest = &checked.estate.manifest;
    let stamp = Stamp {
        community: manifest.name.clone(),
        description: manifest.description.clone().unwrap_or_default(),
        read: at,
        ..Stamp::default()
    };
    let known = Known {
        checked,
        tree,
        day: project.day,
        at,
        affairs: Affairs::default(),
    };
    Ok(Shown::new(stamp, known))
}
