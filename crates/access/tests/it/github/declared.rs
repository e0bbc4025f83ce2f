//! From the files of an estate to an organisation, and nothing left to do.

use change::apply::Ending;
use estate::{Estate, MemoryTree};
use testkit::fakes::github::{GitHub, Role};

use crate::adopted::spine::*;

const PEOPLE: [(&str, u64); 3] = [("ada", 100), ("bob", 101), ("cleo", 102)];

fn hub() -> GitHub {
    let hub = GitHub::start();
    hub.with(|world| {
        world.add_org("acme");
        for (login, number) in PEOPLE {
            world.add_account(login, number);
            world.add_member("acme", login, Role::Member);
        }
        world.add_member("acme", "ada", Role::Owner);
    });
    hub
}

/// An estate of these files; people are in it under a name that is not their login, which is
/// written with an `@`.
fn estate(hub: &GitHub, files: &[(&str, &str)]) -> Estate {
    let system = format!(
        "kind: github\naddress: {}\nsecret: env/HUB\norganisations: [acme]\nmin_admins: 1\n",
        hub.url()
    );
    let bot = format!("people/{}.yaml", GitHub::BOT);
    let start = MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: Test\n")
        .with("access-systems/hub.yaml", system)
        .with(&bot, "name: Robot\n");
    let tree = PEOPLE.iter().fold(start, |tree, (login, number)| {
        let handles = format!(
            "{{github: '@{}', github_id: {number}}}",
            login.to_uppercase()
        );
        let text = format!("name: {login}\nhandles: {handles}\n");
        tree.with(&format!("people/of-{login}.yaml"), text)
    });
    let tree = files
        .iter()
        .fold(tree, |tree, (path, text)| tree.with(path, *text));
    let (estate, findings) = formats::load(&tree).unwrap();
    let wrong = findings
        .iter()
        .find(|one| one.severity == base::Severity::Error);
    assert!(wrong.is_none(), "{wrong:?}");
    estate
}

#[test]
fn an_at_before_a_login_is_no_part_of_it() {
    let hub = hub();
    let people = "admins: [commonhold-bot, of-ada]\nmembers: [of-bob, of-cleo]\n";
    let is = estate(&hub, &[("organisations/acme.yaml", people)]);
    let secrets = |_: &str| Some(hub.token().to_owned());
    let planned = plan(&access(&is, &secrets), None, &scope("acme", "hub")).unwrap();
    assert_eq!(words(&planned), Vec::<String>::new());
    // It is the account with the number, whoever has its login now.
    hub.with(|world| world.rename_account("cleo", "cleopatra"));
    let planned = plan(&access(&is, &secrets), None, &scope("acme", "hub")).unwrap();
    assert_eq!(words(&planned), Vec::<String>::new());
}

#[test]
fn who_is_an_owner_no_more_maintains_no_team_after_one_plan() {
    let hub = hub();
    let secrets = |_: &str| Some(hub.token().to_owned());
    let (_folder, mut ledger) = ledger();
    let name = scope("acme", "hub");
    let was = estate(
        &hub,
        &[
            (
                "organisations/acme.yaml",
                "admins: [commonhold-bot, of-ada, of-bob]\nmembers: [of-cleo]\n",
            ),
            (
                "teams/acme/writers.yaml",
                "organisation: acme\nmaintainers: [of-bob]\n",
            ),
        ],
    );
    let before = access(&was, &secrets);
    let planned = plan(&before, None, &name).unwrap();
    assert_eq!(run(&before, planned, &mut ledger).ending, Ending::Applied);
    let is = estate(
        &hub,
        &[
            (
                "organisations/acme.yaml",
                "admins: [commonhold-bot, of-ada]\nmembers: [of-bob, of-cleo]\n",
            ),
            (
                "teams/acme/writers.yaml",
                "organisation: acme\nmembers: [of-bob]\n",
            ),
        ],
    );
    let after = access(&is, &secrets);
    let planned = plan(&after, Some(&before), &name).unwrap();
    assert_eq!(
        words(&planned),
        ["~ member bob", "~ team writers > member bob"]
    );
    assert_eq!(run(&after, planned, &mut ledger).ending, Ending::Applied);
    let rest = plan(&after, Some(&after), &name).unwrap();
    assert_eq!(words(&rest), Vec::<String>::new());
}
