//! `commonhold dns`

use anyhow::{Context, bail};
use dns::providers::open;
use estate::records::DomainName;
use formats::octodns::write;

use crate::cli::{DnsArguments, DnsCommand, DnsImportArguments};
use crate::files;
use crate::governed::Place;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &DnsArguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        DnsCommand::Import(arguments) => import(project, arguments),
    }
}

/// Reads a zone from where it is and writes it as octoDNS has it.
fn import(project: &Project<'_>, arguments: &DnsImportArguments) -> anyhow::Result<Outcome> {
    let name = format!("{}.", arguments.zone.trim_end_matches('.'));
    let zone = DomainName::absolute(&name).map_err(|error| anyhow::anyhow!("{error}"))?;
    let (sets, beyond) = match (&arguments.file, &arguments.server) {
        (Some(path), _) => {
            let text = std::fs::read_to_string(project.surroundings.folder.join(path))
                .with_context(|| format!("{} cannot be read", path.display()))?;
            let (file, problems) = dns::master_file::parse(&text, &zone);
            if let Some(first) = problems.first() {
                let more = problems.len() - 1;
                let more = if more > 0 {
                    format!(" (and {more} more)")
                } else {
                    String::new()
                };
                bail!("{}:{first}{more}", path.display());
            }
            (file.sets, Vec::new())
        }
        (None, Some(server)) => {
            let place = Place::of(project)?;
            let (estate, _) = project.ask()?;
            let item = estate.tables.dns_servers.get(server).with_context(|| {
                format!("the estate has no DNS server `{server}`; `commonhold show dns-servers` lists them")
            })?;
            let reader = open::reader(item, place.outside().dns)?;
            let observed = reader.observe(&zone)?;
            (observed.sets, observed.beyond)
        }
        (None, None) => bail!("say where the zone is: --server NAME, or --file PATH"),
    };
    let written = write::write_zone(&zone, &sets, write::Conventions::default());
    let mut notes = String::new();
    for left in &written.left_out {
        notes += &format!("note: left out {}: {}\n", left.key, left.reason);
    }
    for beyond in beyond {
        notes += &format!(
            "note: left out {} {}: here is {}\n",
            beyond.name, beyond.rtype, beyond.what
        );
    }
    let Some(out) = &arguments.out else {
        return Ok(Outcome {
            notes,
            ..Outcome::data(written.text)
        });
    };
    files::create(&project.surroundings.folder.join(out), &written.text)
        .with_context(|| format!("{} cannot be written", out.display()))?;
    Ok(Outcome {
        notes,
        ..Outcome::data(format!("wrote {}\n", out.display()))
    })
}
