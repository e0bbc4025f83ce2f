//! `commonhold access offboard`

use access::leaving::offboard;
use estate::Kind;
use estate::kinds::Person;
use serde_json::json;

use super::shown::{follow, lines, next, section, write};
use crate::cli::{EditOutput, OffboardArguments};
use crate::project::{Checked, Project};
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(super) fn run(project: &Project<'_>, arguments: &OffboardArguments) -> anyhow::Result<Outcome> {
    let tree = project.tree()?;
    let checked = Checked::read(&tree, project.day)
        .map_err(|_| anyhow::anyhow!("the estate cannot be read; `commonhold check` says why"))?;
    let day = arguments.on.unwrap_or(project.day);
    let charter = Some(&checked.charter);
    let mut found = offboard(&checked.estate, &tree, &arguments.person, day, charter)?;
    // What is taken out of a list is gone at the next apply; the day in their file is waited for.
    let waits = day > project.day;
    if waits {
        let own = |path: &str| path.split('/').any(|part| part == Person::FOLDER);
        found.edits.retain(|edit| own(&edit.path));
    }
    let followed = follow(project, &checked, &tree, &found.edits)?;
    if arguments.write {
        write(&project.root()?, &found.edits)?;
    }
    if arguments.output == EditOutput::Json {
        let json = json!({
            "version": JSON_VERSION,
            "offboarding": found,
            "follows": followed,
            "written": arguments.write,
        });
        return Ok(Outcome::data(format!("{json:#}\n")));
    }
    let mut text = format!("{} leaves on {}\n\n", found.person, found.day);
    section(
        &mut text,
        "May do no more",
        found.loses.iter().map(|one| {
            let way = one.why.first().map(ToString::to_string);
            let more = match one.why.len() {
                0 | 1 => String::new(),
                ways => format!(
                    "; and {}",
                    base::counted(ways - 1, "other way", "other ways")
                ),
            };
            let way = way.unwrap_or_default();
            format!("{} {}: {way}{more}", one.level.word(), one.what)
        }),
    );
    text += &lines(&found.edits);
    text += &followed.text();
    section(
        &mut text,
        "To do by hand",
        found
            .by_hand
            .iter()
            .map(|one| format!("{}: {} ({})", one.place, one.what, one.why)),
    );
    section(
        &mut text,
        "To replace",
        found
            .rotate
            .iter()
            .map(|one| format!("{}: {} ({})", one.place, one.what, one.why)),
    );
    section(
        &mut text,
        "Stays, as history or in honour",
        found
            .stays
            .iter()
            .map(|one| format!("{}:{}: {}", one.path, one.line, one.what)),
    );
    text += next(&found.edits, arguments.write);
    if waits {
        text += "from that day on they may do nothing any more; run this again then, to take them out of the lists\n";
    }
    Ok(Outcome::data(text))
}
