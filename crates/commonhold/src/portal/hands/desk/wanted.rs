//! The forms of the front desk that a body decides on: a group, access, money, a service, an
//! exception, membership. One entry each.

use charter::procedure::ItemKind;
use estate::Estate;
use estate::kinds::{Privacy, Standing};
use portal::model::{Field, FieldKind};

use super::forms::Answers;

/// Something that one can want.
pub(super) struct Wanted {
    /// What it is called in URLs.
    pub(super) id: &'static str,
    /// What stands behind `I want to`.
    pub(super) want: &'static str,
    /// What it is, in a sentence.
    pub(super) about: &'static str,
    /// What sort of decision it is.
    pub(super) kind: ItemKind,
    /// What is asked beside the reason.
    pub(super) fields: fn(&Estate) -> Vec<Field>,
    /// What the item is called.
    pub(super) title: fn(&Answers) -> String,
    /// What it would be in the estate: a file, and the lines to come in it.
    pub(super) yaml: fn(&Answers) -> Option<(String, String)>,
    /// What is wrong with the answers, and with which.
    pub(super) check: fn(&Answers, &Estate) -> Option<(&'static str, String)>,
}

pub(super) const FORMS_OF: &[Wanted] = &[
    Wanted {
        id: "mailing-group",
        want: "have a mailing list",
        about: "An address that reaches several people.",
        kind: ItemKind::ResourceRequest,
        fields: |estate| {
            vec![
                Field::line("name", "What it is called")
                    .help("Letters, digits and dashes; it becomes the part before the `@`."),
                groups(estate, "owner", "Which group answers for it"),
                Field::line("for", "Who writes there, about what"),
            ]
        },
        title: |answers| format!("A mailing list {}", said(answers, "name")),
        yaml: |answers| {
            let name = said(answers, "name");
            let lines = format!(
                "owner: {}\ndescription: {}\n",
                said(answers, "owner"),
                quoted(answers, "for")
            );
            Some((format!("mailing-groups/{name}.yaml"), lines))
        },
        check: |answers, _| name(answers, "name"),
    },
    Wanted {
        id: "group",
        want: "start a group",
        about: "A body of its own, with a charter and people who lead it.",
        kind: ItemKind::Charter,
        fields: |_| {
            vec![
                Field::line("name", "What it is called")
                    .help("Letters, digits and dashes, for example `sig-docs`."),
                Field::line("mission", "What it is there for"),
                Field::line("leads", "Who leads it")
                    .help("The names of their files in `people/`, with commas between."),
            ]
        },
        title: |answers| format!("A group {}", said(answers, "name")),
        yaml: |answers| {
            let leads = list(answers, "leads");
            let leads: Vec<String> = leads
                .iter()
                .map(|name| format!("  - {{person: {name}, role: lead}}\n"))
                .collect();
            let lines = format!(
                "mission: {}\nleads:\n{}",
                quoted(answers, "mission"),
                leads.concat()
            );
            Some((format!("groups/{}.yaml", said(answers, "name")), lines))
        },
        check: |answers, estate| {
            let unknown = list(answers, "leads")
                .into_iter()
                .find(|name| estate.tables.people.get(name).is_none());
            let unknown =
                unknown.map(|name| ("leads", format!("The estate knows nobody called {name}.")));
            let taken = estate.tables.groups.get(said(answers, "name"));
            let taken =
                taken.map(|group| ("name", format!("There is a group {} already.", group.name)));
            name(answers, "name").or(taken).or(unknown)
        },
    },
    Wanted {
        id: "access",
        want: "be let into a team",
        about: "Teams are what repositories and systems give rights to.",
        kind: ItemKind::ResourceRequest,
        fields: |estate| {
            let teams = estate.tables.teams.items();
            let open = teams.filter(|team| team.value.privacy != Privacy::Secret);
            let choices = open
                .map(|team| (team.name.clone(), team.name.clone()))
                .collect();
            vec![
                Field::line("team", "Which team").kind(FieldKind::Choice(choices)),
                person_field(),
                until(),
            ]
        },
        title: |answers| {
            format!(
                "{} in the team {}",
                said(answers, "person"),
                said(answers, "team")
            )
        },
        yaml: |answers| {
            let lines = match answers.get("until") {
                Some(day) => format!(
                    "temporary:\n  - {{person: {}, until: {day}}}\n",
                    said(answers, "person")
                ),
                None => format!("members:\n  - {}\n", said(answers, "person")),
            };
            Some((format!("teams/{}.yaml", said(answers, "team")), lines))
        },
        check: |answers, estate| known_person(answers, estate),
    },
    Wanted {
        id: "money",
        want: "have something paid",
        about: "Travel, hardware, a service: whatever the community's money is for.",
        kind: ItemKind::SpendingRequest,
        fields: |_| {
            vec![
                Field::line("for", "What is to be paid"),
                Field::line("amount", "How much")
                    .help("For example `1200.00 USD`; what a month, if it comes every month."),
                Field::line("to", "To whom"),
                Field {
                    required: false,
                    ..until()
                },
            ]
        },
        title: |answers| format!("{} for {}", said(answers, "amount"), said(answers, "for")),
        yaml: |_| None,
        check: |answers, _| {
            let amount = said(answers, "amount");
            let (figure, currency) = amount.rsplit_once(' ')?;
            let figures = figure
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
                && !figure.is_empty();
            let sound = figures
                && currency.len() == 3
                && currency.bytes().all(|byte| byte.is_ascii_uppercase());
            (!sound).then(|| {
                (
                    "amount",
                    "Write a number, a blank and the currency, as `1200.00 USD`.".to_owned(),
                )
            })
        },
    },
    Wanted {
        id: "service",
        want: "have a new service run",
        about: "Something that the community runs for itself or for others.",
        kind: ItemKind::ResourceRequest,
        fields: |estate| {
            vec![
                Field::line("name", "What it is called").help("Letters, digits and dashes."),
                Field::line("does", "What it does, for whom"),
                groups(estate, "owner", "Which group runs it"),
                Field::line("cost", "What it costs a month, and who pays"),
            ]
        },
        title: |answers| format!("A service {}", said(answers, "name")),
        yaml: |answers| {
            let lines = format!(
                "description: {}\nowner: {}\n",
                quoted(answers, "does"),
                said(answers, "owner")
            );
            Some((format!("services/{}.yaml", said(answers, "name")), lines))
        },
        check: |answers, estate| {
            let taken = estate.tables.services.get(said(answers, "name"));
            let taken = taken.map(|service| {
                (
                    "name",
                    format!("There is a service {} already.", service.name),
                )
            });
            name(answers, "name").or(taken)
        },
    },
    Wanted {
        id: "exception",
        want: "be let off a rule",
        about: "A rule or policy that cannot be kept for a time.",
        kind: ItemKind::Policy,
        fields: |_| {
            vec![
                Field::line("rule", "Which rule").help("Its id, as it stands beside the finding."),
                Field::line("subject", "What is let off")
                    .help("As it stands in the finding, for example `service/dns`."),
                Field::line("until", "Until when").kind(FieldKind::Day),
            ]
        },
        title: |answers| {
            format!(
                "{} let off {} until {}",
                said(answers, "subject"),
                said(answers, "rule"),
                said(answers, "until")
            )
        },
        yaml: |answers| {
            let lines = format!(
                "rules:\n  {}:\n    exceptions:\n      - {{subject: {}, reason: {}, decision: \"NUMBER OF THIS ITEM\", until: {}}}\n",
                said(answers, "rule"),
                said(answers, "subject"),
                quoted(answers, "why"),
                said(answers, "until")
            );
            Some(("charter.yaml".to_owned(), lines))
        },
        check: |answers, _| {
            let plain = |key: &str| {
                said(answers, key)
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_./@".contains(c))
            };
            let odd = ["rule", "subject"].into_iter().find(|key| !plain(key))?;
            Some((odd, "Write it as it stands beside the finding.".to_owned()))
        },
    },
    Wanted {
        id: "membership",
        want: "become a member of a group, or take a role in one",
        about: "Whom it is about has no vote in it.",
        kind: ItemKind::Role,
        fields: |estate| {
            vec![
                person_field(),
                groups(estate, "group", "Which group"),
                Field::line("role", "Which role")
                    .help("For example `member`, `chair`, `tech-lead`."),
            ]
        },
        title: |answers| {
            format!(
                "{} as {} of {}",
                said(answers, "person"),
                said(answers, "role"),
                said(answers, "group")
            )
        },
        yaml: |answers| {
            let (person, role) = (said(answers, "person"), said(answers, "role"));
            let lines = if role.eq_ignore_ascii_case("member") {
                format!("members:\n  - {person}\n")
            } else {
                format!("leads:\n  - {{person: {person}, role: {role}}}\n")
            };
            Some((format!("groups/{}.yaml", said(answers, "group")), lines))
        },
        check: |answers, estate| known_person(answers, estate).or_else(|| name(answers, "role")),
    },
];

fn said<'a>(answers: &'a Answers, key: &str) -> &'a str {
    answers.get(key).map(String::as_str).unwrap_or_default()
}

/// What somebody wrote, as a text of YAML in one line.
fn quoted(answers: &Answers, key: &str) -> String {
    let line = said(answers, key).lines().next().unwrap_or_default();
    serde_json::to_string(line).unwrap_or_default()
}

fn list(answers: &Answers, key: &str) -> Vec<String> {
    let names = said(answers, key).split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn groups(estate: &Estate, name: &str, label: &str) -> Field {
    let groups = estate.tables.groups.items();
    let active = groups.filter(|group| group.value.standing == Standing::Active);
    let choices = active
        .map(|group| (group.name.clone(), group.name.clone()))
        .collect();
    Field::line(name, label).kind(FieldKind::Choice(choices))
}

fn person_field() -> Field {
    Field::line("person", "Who").help("The name of the person's file in `people/`.")
}

fn until() -> Field {
    let field = Field::line("until", "Until when").kind(FieldKind::Day);
    Field {
        required: false,
        ..field
    }
}

/// What is wrong with a name that becomes that of a file.
fn name(answers: &Answers, key: &'static str) -> Option<(&'static str, String)> {
    let text = said(answers, key);
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let sound =
        !text.is_empty() && text.len() <= 63 && text.bytes().all(plain) && !text.starts_with('-');
    (!sound).then(|| {
        (
            key,
            "Write small letters, digits and dashes, at most 63.".to_owned(),
        )
    })
}

fn known_person(answers: &Answers, estate: &Estate) -> Option<(&'static str, String)> {
    let name = said(answers, "person");
    let known = estate
        .tables
        .people
        .get(name)
        .is_some_and(|person| person.name == name);
    (!known).then(|| {
        (
            "person",
            format!("The estate has no file `people/{name}.yaml`: ask for that first."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_the_name_of_a_file_is_one() {
        let with = |text: &str| Answers::from([("name".to_owned(), text.to_owned())]);
        for odd in ["", "../x", "A b", "-x", &"x".repeat(64), "ä"] {
            assert!(name(&with(odd), "name").is_some(), "{odd}");
        }
        assert_eq!(name(&with("sig-docs2"), "name"), None);
    }

    #[test]
    fn ids_are_each_once() {
        let mut ids: Vec<&str> = FORMS_OF.iter().map(|form| form.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), FORMS_OF.len());
    }
}
