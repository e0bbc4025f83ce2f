//! Who may do what, through the program: on a stand-in for GitHub made from its own description.

use serde_json::Value;
use testkit::fakes::github::{GitHub, Role, TeamRole};

use crate::governed::community::{Community, DECLARED};

const SYSTEM: &str = "access-systems/hub.yaml";
const ORGANISATION: &str = "organisations/acme.yaml";
const WRITERS: &str = "teams/acme/writers.yaml";

const MEMBERS: &str =
    "admins: [commonhold-bot, ada]\nmembers: [bob, cy, dora, eve, fay, gus, hal]\n";

fn team(members: &str) -> String {
    format!(
        "organisation: acme\nowner: infra\nmembers: [{members}]\ngrants: [{{repository: acme/site, permission: write}}]\n"
    )
}

/// A community with an organisation that is as declared, and trusted to be.
fn community() -> (GitHub, Community) {
    let hub = GitHub::start();
    let more = ["eve", "fay", "gus", "hal"];
    hub.with(|world| {
        for (at, login) in ["ada", "bob", "cy", "dora", "ivy"]
            .iter()
            .chain(&more)
            .enumerate()
        {
            world.add_account(login, 100 + at as u64);
        }
        world.add_org("acme");
        world.add_repo("acme", "site");
        world.add_member("acme", "ada", Role::Owner);
        for login in ["bob", "cy", "dora"].iter().chain(&more) {
            world.add_member("acme", login, Role::Member);
        }
        world.add_team("acme", "writers").description = Some(String::new());
        world.add_team_member("acme", "writers", "eve", TeamRole::Member);
        world.grant(
            "acme",
            "writers",
            "site",
            testkit::fakes::github::Permission::Push,
        );
    });
    let charter = "infrastructure: infra\ndecisions:\n  medium: {review: {count: 1, by: [owners]}}\n  high: {review: {count: 2, by: [owners]}}\n";
    let mut community = Community::with("127.0.0.1:1", DECLARED, charter, "", "");
    community.set("HUB", hub.token());
    for name in more.iter().chain(&["ivy", "commonhold-bot"]) {
        community.write(&format!("people/{name}.yaml"), &format!("name: {name}\n"));
    }
    let system = format!(
        "kind: github\nowner: infra\naddress: {}\nsecret: env/HUB\norganisations: [acme]\nmin_admins: 2\n",
        hub.url()
    );
    community.write(SYSTEM, &system);
    community.write(ORGANISATION, MEMBERS);
    community.write(WRITERS, &team("eve"));
    community.commit("ada", "the organisation as it is");
    community.runs("ledger trust HEAD").ends(0, "");
    (hub, community)
}

fn plan(community: &Community) -> Value {
    let said = community.runs("plan --domain access --out plan.json");
    said.ends(0, "wrote plan.json");
    serde_json::from_str(&community.text("plan.json")).expect("a plan")
}

fn changes(plan: &Value) -> Vec<String> {
    let scopes = plan["plan"]["scopes"].as_array().expect("scopes");
    let all = scopes
        .iter()
        .flat_map(|scope| scope["changes"].as_array().expect("changes"));
    let words = all.map(|one| {
        let change = &one["change"];
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        format!(
            "{} {} {}",
            text(&change["action"]),
            text(&change["resource"]),
            text(&one["risk"])
        )
    });
    words.collect()
}

fn writers(hub: &GitHub) -> Vec<String> {
    hub.with(|world| {
        let team = world.team("acme", "writers").expect("the team").id;
        let members = world.org("acme").expect("acme").team_members(team);
        let logins = members.keys().map(|id| world.login_of(*id).to_owned());
        logins.collect()
    })
}

#[test]
fn somebody_comes_into_a_team_once_others_agree() {
    let (hub, community) = community();
    assert_eq!(changes(&plan(&community)), Vec::<String>::new());
    community.write(WRITERS, &team("eve, fay"));
    community.commit("ada", "fay writes");
    let planned = plan(&community);
    assert_eq!(
        changes(&planned),
        ["create team writers > member fay medium"]
    );
    community.runs("apply plan.json").ends(5, "not passed");
    assert_eq!(writers(&hub), ["eve"]);
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    assert_eq!(writers(&hub), ["eve", "fay"]);
    community
        .runs("drift --domain access")
        .ends(0, "all is as declared");
    assert_eq!(hub.violations(), Vec::<String>::new());
}

#[test]
fn nobody_gives_more_to_themself_whoever_agrees() {
    let (hub, community) = community();
    community.write(WRITERS, &team("eve, bob"));
    community.commit("bob", "I write");
    plan(&community);
    community.by("ada", "approve");
    community.by("dora", "approve");
    let said = community.runs("gate plan.json").ends(5, "");
    assert!(
        said.out.contains("bob would give more access to themself"),
        "{}",
        said.out
    );
    community.runs("apply plan.json").ends(5, "");
    assert_eq!(writers(&hub), ["eve"]);
}

#[test]
fn who_wrote_another_part_may_be_given_something_by_others() {
    let (hub, community) = community();
    community.write("teams/acme/cooks.yaml", &team("hal"));
    community.commit("bob", "hal cooks");
    community.write(WRITERS, &team("eve, bob"));
    community.commit("ada", "bob writes");
    plan(&community);
    community.by("dora", "approve");
    community.by("ada", "approve");
    let said = community.runs("gate plan.json");
    assert!(!said.out.contains("to themself"), "{}", said.out);
    community.write(WRITERS, &team("bob, eve"));
    community.commit("bob", "in order");
    plan(&community);
    let said = community.runs("gate plan.json");
    assert!(!said.out.contains("to themself"), "{}", said.out);
    assert_eq!(writers(&hub), ["eve"]);
}

#[test]
fn who_wrote_something_else_agrees_as_anybody() {
    let (hub, community) = community();
    for name in ["bob", "dora"] {
        let path = format!("people/{name}.yaml");
        let text = community.text(&path);
        community.write(&path, &text.replace("name: ", "name: Dear "));
        community.commit(name, "how I am called");
    }
    community.write("people/zoe.yaml", "name: Zoe\n");
    community.commit("zoe", "here I am");
    community.write(WRITERS, &team("eve, fay"));
    community.commit("ada", "fay writes");
    plan(&community);
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    assert_eq!(writers(&hub), ["eve", "fay"]);
}

#[test]
fn who_merges_is_not_who_wrote_and_a_commit_that_does_not_load_is_carried_on() {
    let (hub, community) = community();
    community.git(&["checkout", "--quiet", "-b", "more"]);
    community.write(WRITERS, &team("eve, bob"));
    community.commit("ada", "bob writes");
    community.git(&["checkout", "--quiet", "main"]);
    let broken = community.text("people/hal.yaml");
    community.write("people/hal.yaml", "name: [\n");
    community.commit("dora", "a slip");
    community.write("people/hal.yaml", &broken);
    community.commit("dora", "mended");
    let who = ["-c", "user.name=bob", "-c", "user.email=bob@example.org"];
    let merge = ["merge", "--quiet", "--no-ff", "-m", "more", "more"];
    community.git(&[&who[..], &merge].concat());
    plan(&community);
    community.by("dora", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    assert_eq!(writers(&hub), ["bob", "eve"]);
}

#[test]
fn what_stays_undone_makes_nobody_an_author_of_the_rest() {
    let (hub, community) = community();
    hub.with(|world| world.delete_account("fay"));
    community.write(WRITERS, &team("eve, fay"));
    community.commit("bob", "fay writes");
    plan(&community);
    community.by("ada", "approve");
    community.by("dora", "approve");
    community.runs("apply plan.json").ends(1, "fay");
    community.write(WRITERS, &team("eve, fay, gus"));
    community.commit("dora", "gus writes");
    plan(&community);
    community.by("bob", "approve");
    community.by("ada", "approve");
    community.runs("apply plan.json").ends(1, "partly");
    assert_eq!(writers(&hub), ["eve", "gus"]);
}

#[test]
fn an_address_that_the_estate_does_not_know_hides_nobody() {
    let (hub, community) = community();
    community.write(WRITERS, &team("eve, gus"));
    community.git(&["add", "--all"]);
    let who = [
        "-c",
        "user.name=gus",
        "-c",
        "user.email=7+gus@users.noreply.github.com",
    ];
    community.git(&[&who[..], &["commit", "--quiet", "-m", "I write"]].concat());
    plan(&community);
    community.by("bob", "approve");
    community.by("dora", "approve");
    let said = community.runs("gate plan.json").ends(5, "");
    assert!(
        said.out.contains("gus would give more access to themself"),
        "{}",
        said.out
    );
    assert_eq!(writers(&hub), ["eve"]);
}

#[test]
fn nobody_gives_more_to_themself_by_a_role_either() {
    let (hub, community) = community();
    let led = "organisation: acme\nowner: infra\nmembers: [eve]\ninclude: [{group: web, role: lead}]\ngrants: [{repository: acme/site, permission: write}]\n";
    community.write(WRITERS, led);
    community.commit("ada", "leads of web write");
    plan(&community);
    community.by("bob", "approve");
    community.runs("apply plan.json").ends(0, "applied");
    assert_eq!(writers(&hub), ["cy", "eve"]);
    community.write(
        "groups/web.yaml",
        "title: Web\nkind: sig\nleads: [{person: cy, role: lead}, {person: dora, role: lead}]\n",
    );
    community.commit("dora", "I lead web");
    let planned = plan(&community);
    assert_eq!(
        changes(&planned),
        ["create team writers > member dora medium"]
    );
    community.by("bob", "approve");
    let said = community.runs("gate plan.json").ends(5, "");
    assert!(
        said.out.contains("dora would give more access to themself"),
        "{}",
        said.out
    );
}

#[test]
fn a_list_that_shrinks_too_much_needs_a_decision_on_that_plan() {
    let (hub, community) = community();
    community.write(
        ORGANISATION,
        "admins: [commonhold-bot, ada]\nmembers: [bob, cy, dora, eve]\n",
    );
    community.commit("ada", "fewer");
    let planned = plan(&community);
    assert_eq!(changes(&planned).len(), 3);
    community.by("bob", "approve");
    community.by("dora", "approve");
    let said = community.runs("apply plan.json").ends(5, "");
    assert!(
        said.out
            .contains("3 of 9 members of the organisation would be taken away; 2 may be (25 %)"),
        "{}",
        said.out
    );
    let pass = "approve --pass-limit \"access acme at hub\" --reason they-left";
    let key = community.key("bob");
    let mut command = community.command("approve plan.json --reason they-left --pass-limit");
    command.arg("access acme at hub").arg("--key").arg(key);
    assert!(command.output().expect(pass).status.success());
    community
        .runs("apply plan.json")
        .ends(0, "applied, 3 changes");
    assert!(hub.with(|world| world.org("acme").expect("acme").members.len()) == 6);
}

#[test]
fn an_account_that_vanished_is_told_and_stops_nobody_else() {
    let (hub, community) = community();
    hub.with(|world| world.delete_account("fay"));
    community.write(WRITERS, &team("eve, fay, gus"));
    community.commit("ada", "more who write");
    plan(&community);
    community.by("bob", "approve");
    community.by("dora", "approve");
    let said = community.runs("apply plan.json").ends(1, "partly");
    assert!(
        said.out.contains("team writers > member fay"),
        "{}",
        said.out
    );
    assert_eq!(writers(&hub), ["eve", "gus"]);
    // What is left is in the next plan too: the commit was not reached.
    let left = changes(&plan(&community));
    assert!(left.iter().all(|one| one.contains("fay")), "{left:?}");
    assert!(!left.is_empty());
}

#[test]
fn a_system_that_is_new_gets_no_secret_before_it_is_trusted() {
    let (hub, community) = community();
    let elsewhere = GitHub::start();
    let moved = community.text(SYSTEM).replace(&hub.url(), &elsewhere.url());
    community.write(SYSTEM, &moved);
    community.commit("ada", "our own hub");
    let said = community.runs("plan --domain access").ends(1, "");
    assert!(
        said.out
            .contains("secrets go only to systems that were there before")
            || said
                .err
                .contains("secrets go only to systems that were there before"),
        "{} {}",
        said.out,
        said.err
    );
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn a_system_that_moved_gets_its_secret_once_it_is_trusted() {
    let (hub, community) = community();
    community.write(WRITERS, &team("eve, fay"));
    community.commit("ada", "fay writes");
    plan(&community);
    community.by("bob", "approve");
    community.runs("apply plan.json").ends(0, "applied");
    let moved = community.text(SYSTEM).replace("127.0.0.1", "localhost");
    community.write(SYSTEM, &moved);
    community.commit("ada", "by its name");
    community
        .runs("plan --domain access")
        .ends(1, "is new, or reached otherwise");
    community.runs("ledger trust HEAD").ends(0, "");
    assert_eq!(changes(&plan(&community)), Vec::<String>::new());
    assert_eq!(writers(&hub), ["eve", "fay"]);
}

#[test]
fn a_slip_in_a_file_changes_nothing_at_all() {
    let (hub, community) = community();
    community.write(WRITERS, &team("eve").replace("members", "mebers"));
    community.commit("ada", "a slip");
    hub.forget_requests();
    let said = community.runs("plan --domain access").ends(1, "");
    assert!(
        said.err.contains("teams/acme/writers.yaml:3:1"),
        "{}",
        said.err
    );
    assert!(said.err.contains("mebers"), "{}", said.err);
    assert!(hub.requests().is_empty());
}

#[test]
fn who_leaves_is_taken_out_everywhere_by_one_edit_and_one_plan() {
    let (hub, community) = community();
    let said = community
        .runs("access offboard eve --on 2026-01-01")
        .ends(0, "");
    for part in [
        "member team/acme/writers",
        "- access acme at hub team writers > member eve",
        "- access acme at hub member eve",
        "nothing is written yet",
    ] {
        assert!(said.out.contains(part), "no {part} in {}", said.out);
    }
    community
        .runs("access offboard eve --on 2026-01-01 --write")
        .ends(0, "");
    assert!(
        community
            .text("people/eve.yaml")
            .contains("left: 2026-01-01")
    );
    assert!(!community.text(WRITERS).contains("eve"));
    assert!(!community.text(ORGANISATION).contains("eve"));
    community.commit("ada", "eve has left");
    let planned = plan(&community);
    let expected = [
        "delete member eve medium",
        "delete team writers > member eve medium",
    ];
    assert_eq!(changes(&planned), expected);
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 2 changes");
    assert_eq!(writers(&hub), Vec::<String>::new());
}

#[test]
fn who_joins_is_invited_once() {
    let (hub, community) = community();
    let words =
        "access onboard ivy --rung member --organisation acme --sponsor bob --sponsor cy --write";
    community.runs(words).ends(0, "");
    assert!(community.text(ORGANISATION).contains("ivy"));
    community.runs(words).ends(0, "no file has to change");
    community.commit("ada", "ivy joins");
    plan(&community);
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    // An invitation that nobody answered yet counts as done.
    assert_eq!(changes(&plan(&community)), Vec::<String>::new());
    let invited = hub.requests();
    let invited = invited.iter().filter(|one| {
        one.method != "GET"
            && (one.path.ends_with("/invitations") || one.path.contains("/memberships/ivy"))
    });
    assert_eq!(invited.count(), 1);
}

#[test]
fn what_is_granted_can_be_asked_reviewed_and_exported() {
    let (_hub, community) = community();
    let said = community.runs("who can write acme/site").ends(0, "");
    assert!(
        said.out.contains("person/eve") && said.out.contains("person/ada"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("person/fay"), "{}", said.out);
    let said = community.runs("what can eve do").ends(0, "");
    assert!(said.out.contains("repository acme/site"), "{}", said.out);
    community
        .runs("what can nobody-here")
        .ends(1, "nobody-here");
    community
        .runs("who can fly acme/site")
        .ends(1, "is not understood");
    let said = community.runs("access review infra").ends(0, "");
    assert!(
        said.out.contains("writers") && said.out.contains("acme/site"),
        "{}",
        said.out
    );
    let key = community.key("ada");
    let words = format!("access export --out api --key {}", key.display());
    community.runs(&words).ends(0, "wrote ");
    community.runs("access verify api").ends(0, "signed by ada");
    let people = community.text("api/v1/people.json").replace("eve", "eva");
    community.write("api/v1/people.json", &people);
    community
        .runs("access verify api")
        .ends(1, "v1/people.json is not as it was");
    community.runs(&words).ends(0, "wrote ");
    community.write("api/v1/extra.json", "{}");
    community
        .runs("access verify api")
        .ends(1, "v1/extra.json is there, and not listed");
}
