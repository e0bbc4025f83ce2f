//! Groups, teams and mailing groups.

use std::fmt::Write;

use crate::Plan;
use crate::words::{DAY, WORK, ZONE};

/// The first group is what all others are part of.
const STEERING: usize = 0;

pub(crate) fn group_name(index: usize) -> String {
    if index == STEERING {
        return "group-0".to_owned();
    }
    let sort = if index % 7 == 6 { "wg" } else { "sig" };
    let work = WORK.get(index % WORK.len()).copied().unwrap_or("");
    format!("{sort}-{work}-{index}")
}

pub(crate) fn group(plan: &Plan, index: usize) -> (String, String) {
    let mut random = plan.random("group", index);
    let name = group_name(index);
    let people = &plan.people;
    let mut text = format!(
        "title: The {name} group\nkind: {}\nmission: >-\n  Answers for the {} of the lab,\n  whoever runs it.\ncharter: https://lab.example/{name}/charter.md\nformed: {}-05-01\n",
        name.split('-').next().unwrap_or("group"),
        random.word(WORK),
        2015 + random.below(8),
    );
    if index != STEERING {
        let _ = writeln!(text, "parent: {}", group_name(STEERING));
    }
    let count = random.between(3, 6);
    text.push_str("leads:\n");
    for (at, lead) in people
        .of_different_employers(count, &mut random)
        .into_iter()
        .enumerate()
    {
        let role = if at < 2 { "chair" } else { "tech-lead" };
        let lead = people.reference(lead, &mut random);
        let _ = writeln!(
            text,
            "  - {{person: {lead}, role: {role}, since: 2023-02-01}}"
        );
    }
    let _ = writeln!(
        text,
        "contact:\n  chat: {name}\n  mailing_list: https://lists.example/{name}\n  private_mailing_list: {name}-leads@lists.example"
    );
    text.push_str("subprojects:\n");
    for part in 0..random.between(1, 8) {
        let _ = writeln!(
            text,
            "  - name: part-{part}\n    owners:\n      - https://forge.example/org-0/{name}-{part}/blob/HEAD/OWNERS"
        );
    }
    let _ = writeln!(
        text,
        "meetings:\n  - description: Regular meeting\n    day: {}\n    time: \"{}:00\"\n    time_zone: {}\n    frequency: weekly\n    url: https://meet.example/{name}",
        random.word(DAY),
        random.between(7, 18),
        random.word(ZONE),
    );
    (format!("groups/{name}.yaml"), text)
}

/// The organisation of a team; its teams form a tree, eight below each.
fn organisation_of(plan: &Plan, team: usize) -> (usize, Option<usize>) {
    let organisations = plan.size.organisations;
    let (organisation, place) = (team % organisations, team / organisations);
    let parent = (place % 3 == 0 && place > 0).then(|| place / 8 * organisations + organisation);
    (organisation, parent)
}

pub(crate) fn team_name(plan: &Plan, index: usize) -> String {
    let (organisation, _) = organisation_of(plan, index);
    let work = WORK.get(index / 3 % WORK.len()).copied().unwrap_or("");
    format!("org-{organisation}/{work}-team-{index}")
}

pub(crate) fn team(plan: &Plan, index: usize) -> (String, String) {
    let mut random = plan.random("team", index);
    let (organisation, parent) = organisation_of(plan, index);
    let name = team_name(plan, index);
    let mut text =
        format!("description: Minds part {index} of the lab.\norganisation: org-{organisation}\n");
    if plan.size.groups > 0 && random.once_in(2) {
        let _ = writeln!(
            text,
            "owner: {}",
            group_name(random.below(plan.size.groups))
        );
    }
    if let Some(parent) = parent {
        let _ = writeln!(text, "parent: {}", team_name(plan, parent));
    }
    if random.once_in(20) {
        text.push_str("privacy: secret\n");
    }
    let count = random.between(2, 9);
    let people = plan
        .people
        .in_organisation(organisation, count, &mut random);
    for (at, person) in people.into_iter().enumerate() {
        match at {
            0 => text.push_str("maintainers:\n"),
            1 => text.push_str("members:\n"),
            _ => {}
        }
        let _ = writeln!(text, "  - {}", plan.people.reference(person, &mut random));
    }
    text.push_str("grants:\n");
    for _ in 0..random.between(1, 3) {
        let permission = random.word(&["read", "triage", "write", "maintain", "admin"]);
        let repository = random.below(500);
        let _ = writeln!(
            text,
            "  - {{repository: org-{organisation}/repo-{repository}, permission: {permission}}}"
        );
    }
    (format!("teams/{name}.yaml"), text)
}

pub(crate) fn mailing_group(plan: &Plan, index: usize) -> (String, String) {
    let mut random = plan.random("mailing group", index);
    let people = &plan.people;
    let mut text = format!(
        "email: list-{index}@lists.example\ntitle: List {index}\ndescription: News of part {index}.\nowner: {}\nclosed: {}\n",
        group_name(random.below(plan.size.groups)),
        random.once_in(5),
    );
    let count = random.between(4, 14);
    let mut readers = people
        .of_different_employers(count, &mut random)
        .into_iter();
    for (role, count) in [("owners", 2), ("managers", 1), ("members", usize::MAX)] {
        let addresses: Vec<String> = readers
            .by_ref()
            .take(count)
            .map(|person| people.email(person))
            .collect();
        if !addresses.is_empty() {
            let _ = writeln!(text, "{role}:\n  - {}", addresses.join("\n  - "));
        }
    }
    text.push_str("settings:\n  WhoCanJoin: INVITED_CAN_JOIN\n  AllowWebPosting: \"false\"\n");
    (format!("mailing-groups/list-{index}.yaml"), text)
}
