//! What the pages of access, spend, migration, the calendar, zones and jobs say.

use jiff::civil::date;
use testkit::bills::{Provider, focus_csv};

use super::desk::visitor::Visitor;
use super::server::Portal;
use crate::governed::community::{Community, DECLARED};
use crate::support::{Folder, root, run_in};

const TEAM: &str = "organisation: acme\nowner: infra\n";

/// A community with an open team, a secret one, lists, a zone, a budget and a migration.
fn estate() -> Folder {
    Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: Acme\n")
        .with("people/ada.yaml", "name: Ada\nemail: ada@example.org\nhandles: {github: ada}\nemployers: [{company: Initech}]\n")
        .with("people/bob.yaml", "name: Bob\nemail: bob@example.org\nhandles: {github: bob}\nemployers: [{company: Globex}]\n")
        .with("groups/infra.yaml", "title: Infrastructure\nleads: [{person: ada, role: chair}]\nmeetings:\n  - {description: Weekly, day: Monday, time: \"10:00\", time_zone: Europe/Berlin, frequency: weekly, url: \"https://meet.example.org/infra\"}\n  - {description: Sometimes, day: Monday, time: \"10:00\", time_zone: UTC, frequency: often}\n")
        .with("organisations/acme.yaml", "admins: [ada]\nmembers: [bob]\nrepositories: {site: {}, vault: {}}\n")
        .with("teams/acme/writers.yaml", &format!("{TEAM}members: [bob]\ngrants: [{{repository: acme/site, permission: write, until: 2026-01-20, reason: the new site}}]\n"))
        .with("teams/acme/response.yaml", &format!("{TEAM}privacy: secret\nmembers: [bob]\ngrants: [{{repository: acme/vault, permission: admin}}]\n"))
        .with("mailing-groups/news.yaml", "email: news@example.org\nowner: infra\nmembers: [bob@example.org, stranger@example.net]\n")
        .with("zones/example.org.yaml", "owner: infra\nrecords: [dns/example.org.yaml]\n")
        .with("dns/example.org.yaml", "www:\n  type: A\n  value: 192.0.2.1\n  octodns: {}\n")
        .with("services/site.yaml", "name: Site\nsummary: The pages.\nkind: custom\ncriticality: useful\nowner: infra\nstaff: [ada, bob]\n")
        .with("services/shop.yaml", "name: Shop\nsummary: Shirts.\nkind: custom\ncriticality: useful\nstaff: [ada]\n")
        .with("migrations/owned.yaml", "title: Everything is owned\nabout: service\ngoal: owner is not missing\nowner: infra\nstarted: 2025-06-01\ndue: 2026-02-01\nevents: [{day: 2025-07-01, what: It was announced}]\n")
        .with("budgets/year.yaml", "title: The year\namount: 12000\ncurrency: USD\nperiod: year\nowner: infra\nthresholds: [{at: 80, action: ask the board}]\n")
}

/// The text of a path, for whoever comes.
#[track_caller]
fn text(portal: &Portal, path: &str) -> String {
    let reply = portal.get(path, "");
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.text()
}

#[track_caller]
fn says(text: &str, all: &[&str]) {
    for one in all {
        assert!(text.contains(one), "`{one}` is not in\n{text}");
    }
}

#[track_caller]
fn says_nothing_of(text: &str, all: &[&str]) {
    for one in all {
        assert!(!text.contains(one), "`{one}` is in\n{text}");
    }
}

fn start(folder: &Folder) -> Portal {
    Portal::start(&folder.0, &["--at", "2026-01-01"], &[])
}

#[test]
fn a_person_s_page_says_what_they_may_do_and_why_and_hides_what_a_secret_team_gives() {
    let portal = start(&estate());
    let bob = text(&portal, "/access/people/bob");
    says(
        &bob,
        &[
            "acme/site",
            "write",
            "teams/acme/writers.yaml:3",
            "2026-01-20",
        ],
    );
    says_nothing_of(&bob, &["acme/vault", "response"]);
    let vault = text(&portal, "/access/resources/repository/acme/vault");
    says(&vault, &["Ada", "admin"]);
    says_nothing_of(&vault, &["Bob"]);
}

/// The same community with secret teams that much else names, and that name what nothing else does.
fn with_hushed_teams() -> Folder {
    estate()
        .with("charter.yaml", "rules:\n  owner-present:\n    exceptions:\n      - {subject: team/acme/hushfold, reason: r, decision: d, until: 2026-01-31}\n")
        .with("teams/acme/hushfold.yaml", "organisation: acme\nprivacy: secret\nparent: acme/writers\nmembers: [bob]\nmaintainers: [nobody-of-hushfold]\n\
              temporary: [{person: ada, until: 2026-01-10}]\ndirectory_group: hushfold-people\n\
              grants:\n  - {repository: acme/hushfold-vault, permission: admin, until: 2026-01-15}\n  - {repository: acme/vault, permission: admin, until: 2026-01-15}\n\
              roles:\n  - {mailing_group: news, role: member, until: 2026-01-12}\n  - {system: cloud, role: hushfold-keys, until: 2026-01-12}\n")
        .with("teams/acme/hushfold-none.yaml", &format!("{TEAM}privacy: secret\n"))
        .with("teams/acme/hushfold-torn.yaml", "privacy: [\n")
        .with("teams/acme/hushfold-typo.yaml", &format!("{TEAM}privacy: secrett\nmembers: [bob]\n"))
        .with("teams/acme/below.yaml", &format!("{TEAM}parent: acme/hushfold\nmembers: [ada]\n"))
        .with("teams/acme/around.yaml", &format!("{TEAM}members: [ada]\ninclude: [{{team: acme/hushfold}}]\nroles: [{{mailing_group: board, role: member, until: 2026-01-12}}]\n"))
        .with("mailing-groups/board.yaml", "email: board@example.org\nowner: infra\nclosed: true\nmembers: [ada@example.org]\n")
        .with("mailing-groups/all.yaml", "email: all@example.org\nowner: infra\ninclude: [{team: acme/hushfold}]\n")
        .with("services/quay.yaml", "name: Quay\nsummary: Ships.\nkind: custom\ncriticality: useful\nowner: infra\nstaff: [ada, bob]\nadministration: {by: gitops, team: acme/hushfold}\n")
}

/// What a secret team must not be told by.
const HUSHED: &str = "hushfold";

#[test]
fn a_secret_team_and_strangers_addresses_are_not_for_everybody() {
    let portal = start(&with_hushed_teams());
    let open = text(&portal, "/teams/acme/writers");
    says(&open, &["Bob", "acme/site"]);
    let list = text(&portal, "/mailing-groups/news");
    says(&list, &["news@example.org"]);
    says_nothing_of(&list, &["stranger@example.net", "bob@example.org"]);
    // Who is on a closed list is no more told by what teams were given.
    says_nothing_of(&text(&portal, "/grants.json"), &["board"]);
    let counted = [
        "\"label\":\"Teams\",\"figure\":\"3\"",
        "\"label\":\"Permissions\",\"figure\":\"2\"",
    ];
    says(&text(&portal, "/access.json"), &counted);
    // What is asked for by its name is what nothing is.
    let named = [
        "/teams/acme/hushfold",
        "/teams/ACME/Hushfold",
        "/teams/acme/hushfold.json",
        "/teams/ACME/Hushfold.json?table=permissions",
        "/teams/ACME/Hushfold.csv",
        "/teams/ACME/Hushfold.atom",
        "/access/resources/team/acme/hushfold",
        "/access/resources/team/ACME/hushfold.json",
        "/access/resources/repository/acme/hushfold-vault",
        "/access/resources/directory-group/hushfold-people",
        "/access/resources/role/cloud%20hushfold-keys",
        "/search?q=hushfold",
        "/grants?q=hushfold",
        "/findings?q=hushfold",
        "/findings.json?q=hushfold",
        "/api/v1/teams/acme/hushfold",
        "/api/v1/teams/ACME/Hushfold",
        "/api/v1/search?q=hushfold",
        "/api/v1/pages/teams/ACME/Hushfold",
        "/api/v1/page?path=/teams/ACME/Hushfold",
    ];
    for path in named {
        let nothing = path
            .replace(HUSHED, "nonesuch")
            .replace("Hushfold", "Nonesuch");
        let (one, other) = (portal.get(path, ""), portal.get(&nothing, ""));
        let plain = one.text().replace(HUSHED, "nonesuch");
        let plain = plain.replace("Hushfold", "Nonesuch");
        assert_eq!((one.status, plain), (other.status, other.text()), "{path}");
    }
}

/// The paths of the pages that search engines find.
fn mapped(portal: &Portal) -> Vec<String> {
    let map = text(portal, "/sitemap.xml");
    let found = map.split("<loc>").skip(1);
    let found = found.filter_map(|rest| {
        let url = rest.split("</loc>").next()?;
        let (_, path) = url.split_once("://")?.1.split_once('/')?;
        Some(format!("/{path}"))
    });
    found.collect()
}

#[test]
fn no_page_and_no_data_that_anybody_finds_tells_of_a_secret_team() {
    let portal = start(&with_hushed_teams());
    let pages = mapped(&portal);
    assert!(pages.len() > 60, "{pages:?}");
    for page in &pages {
        let base = if page == "/" { "/index" } else { page };
        let mut forms = vec![page.clone()];
        forms.extend(["json", "csv", "atom"].map(|end| format!("{base}.{end}")));
        if !page[1..].contains('/') {
            forms.push(format!("/api/v1{page}?limit=200"));
        }
        for path in forms {
            let said = portal.get(&path, "").text().to_lowercase();
            assert!(!said.contains(HUSHED), "{path} tells:\n{said}");
        }
    }
    let further = [
        "/sitemap.xml",
        "/calendar.ics",
        "/search?q=acme",
        "/search?q=bob",
        "/api/v1/search?q=acme",
        "/findings/team-empty",
        "/findings/access-secret-team",
        "/findings/owner-present",
        "/access/resources/repository/acme/vault",
        "/access/resources/repository/acme/vault.json",
    ];
    for path in further {
        says_nothing_of(&text(&portal, path).to_lowercase(), &[HUSHED]);
    }
    let folder = with_hushed_teams();
    let out = folder.0.join("site");
    let made = run_in(&folder.0, &format!("site {}", out.display()));
    assert!(out.join("index.html").is_file(), "{}", made.notes);
    let mut folders = vec![out];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            assert!(!path.display().to_string().contains(HUSHED), "{path:?}");
            if path.is_dir() {
                folders.push(path);
            } else {
                let said = std::fs::read(&path).expect("a file");
                let said = String::from_utf8_lossy(&said).to_lowercase();
                assert!(!said.contains(HUSHED), "{path:?}");
            }
        }
    }
}

#[test]
fn who_may_see_memberships_sees_a_secret_team_and_all_that_names_it() {
    let community = Community::at("127.0.0.1:1", DECLARED);
    let files = [
        (
            "portal.yaml",
            "sign_in: {ssh: true}\nprivate: {memberships: [infra]}\n",
        ),
        (
            "organisations/acme.yaml",
            "admins: [ada]\nrepositories: {vault: {}}\n",
        ),
        (
            "teams/acme/hushfold.yaml",
            "organisation: acme\nprivacy: secret\nmembers: [ada]\ngrants: [{repository: acme/vault, permission: admin}]\n",
        ),
        (
            "teams/acme/hushfold-none.yaml",
            "organisation: acme\nprivacy: secret\n",
        ),
        (
            "teams/acme/around.yaml",
            "organisation: acme\nmembers: [dora]\ninclude: [{team: acme/hushfold}]\n",
        ),
    ];
    for (path, text) in files {
        community.write(path, text);
    }
    community.commit("ada", "A secret team");
    let portal = Portal::run(community.command("serve --listen 127.0.0.1:0 --log off"));
    let mut reader = Visitor::signs_in(&portal.url, &community.key("dora"));
    for (path, said) in [
        ("/teams", "acme/hushfold"),
        ("/teams/acme/hushfold", "acme/vault"),
        ("/teams/ACME/Hushfold", "acme/vault"),
        ("/teams/acme/around", "acme/hushfold"),
        ("/grants", "acme/hushfold"),
        ("/access/resources/team/acme/hushfold", "acme/hushfold"),
        ("/access/resources/repository/acme/vault", "acme/hushfold"),
        ("/findings/team-empty", "acme/hushfold-none"),
        ("/findings?q=hushfold", "team-empty"),
        ("/search?q=hushfold", "/teams/acme/hushfold"),
    ] {
        reader.get(&portal.url, path).is(200, said);
        let anybody = portal.get(path, "").text();
        let told = anybody.contains("acme/hushfold") && !path.to_lowercase().contains(HUSHED);
        assert!(!told, "{path}");
    }
}

#[test]
fn what_ends_soon_stands_in_the_overview_in_the_permissions_and_in_the_calendar() {
    let portal = start(&estate());
    says(
        &text(&portal, "/access"),
        &["What ends soon", "the new site", "2026"],
    );
    let grants = text(&portal, "/grants");
    says(&grants, &["acme/site", "ends soon", "2026-01-20"]);
}

#[test]
fn without_bills_the_page_of_spend_says_so_and_shows_what_is_declared() {
    let portal = start(&estate());
    let page = text(&portal, "/spend");
    says(
        &page,
        &[
            "No bills are kept here",
            "commonhold spend import FILE",
            "The year",
        ],
    );
    let budget = text(&portal, "/budgets/year");
    says(&budget, &["12,000.00", "ask the board", "no bills"]);
    assert_eq!(portal.get("/spend/members", "").status, 404);
}

/// Three months of bills of two providers.
fn bills() -> String {
    let provider = |name, sub_account| Provider {
        name,
        account: "main",
        projects: vec![(sub_account, 100)],
        weekday: 20_000,
        weekend: 10_000,
        credit: None,
    };
    let both = [provider("AWS", "site"), provider("Quiet Cloud", "vault")];
    focus_csv(&both, date(2025, 9, 1), date(2026, 1, 1))
}

#[test]
fn with_bills_everybody_sees_totals_and_nobody_private_prices() {
    let rules = "rules:\n- {when: {sub_account: site}, owner: infra}\npublic: {private_prices: [\"Quiet*\"]}\n";
    let folder = estate()
        .with("spend.yaml", rules)
        .with("bills.csv", &bills());
    let taken = run_in(&folder.0, "spend import bills.csv");
    assert!(
        taken.notes.is_empty() || !taken.data.is_empty(),
        "{}",
        taken.notes
    );
    let portal = start(&folder);
    let page = text(&portal, "/spend");
    says(
        &page,
        &[
            "A year at this rate",
            "Month by month",
            "Who spends",
            "<svg",
        ],
    );
    let owners = text(&portal, "/spend-by-owner");
    says_nothing_of(&owners, &["infra"]);
    says_nothing_of(&text(&portal, "/groups/infra"), &["What it costs"]);
    assert_ne!(portal.get("/spend/members", "").status, 200);
}

#[test]
fn what_a_service_and_a_group_cost_stands_on_their_pages() {
    let rules = "rules:\n- {when: {sub_account: site}, owner: infra, service: site}\n";
    let folder = estate()
        .with("spend.yaml", rules)
        .with("bills.csv", &bills());
    run_in(&folder.0, "spend import bills.csv");
    let portal = start(&folder);
    for page in ["/services/site", "/groups/infra"] {
        says(
            &text(&portal, page),
            &["What it costs", "2025-12", "2025-09"],
        );
        let data = text(&portal, &format!("{page}.csv?table=costs"));
        assert_eq!(data.lines().count(), 5, "{data}");
    }
    says_nothing_of(&text(&portal, "/services/shop"), &["What it costs"]);
}

#[test]
fn a_migration_s_page_says_what_is_left_what_is_next_and_when_it_ends_at_this_pace() {
    let portal = start(&estate());
    let page = text(&portal, "/migrations/owned");
    says(
        &page,
        &[
            "1 of 2 are left",
            "What to do next",
            "It was announced",
            "At the pace since then",
            "<svg",
        ],
    );
    let assets = text(&portal, "/assets");
    says(&assets, &["site", "moved", "shop"]);
    let left = page.split("href=\"").find(|rest| rest.contains(">Left<"));
    let left = left
        .and_then(|rest| rest.split('"').next())
        .expect("a link");
    let left = text(&portal, &left.replace("&amp;", "&"));
    says(&left, &["1 found", "shop"]);
    assert_eq!(portal.get("/migrations/nothing", "").status, 404);
    assert!((300..400).contains(&portal.get("/migration", "").status));
    says(
        &text(&portal, "/migrations/owned/waves"),
        &["Wave by wave", "Wave 1"],
    );
}

#[test]
fn the_calendar_shows_meetings_on_both_clocks_and_gives_files_to_subscribe_to() {
    let portal = start(&estate());
    says(
        &text(&portal, "/calendar"),
        &[
            "Mon 10:00 Europe/Berlin",
            "Nobody can tell when these are held",
            "What ends",
        ],
    );
    let events = text(&portal, "/events");
    says(
        &events,
        &["2026-01-05T09:00:00Z", "Infrastructure: Weekly", "meeting"],
    );
    for path in ["/calendar.ics", "/calendar/infra.ics"] {
        let file = portal.get(path, "");
        assert!(
            file.header("content-type")
                .is_some_and(|kind| kind.starts_with("text/calendar")),
            "{}",
            file.head
        );
        says(
            &file.text(),
            &["BEGIN:VCALENDAR", "SUMMARY:Infrastructure: Weekly"],
        );
    }
    assert_eq!(portal.get("/calendar/nobody.ics", "").status, 404);
}

#[test]
fn zones_show_their_records_with_the_owner_who_answers() {
    let portal = start(&estate());
    let records = text(&portal, "/dns-records");
    says(
        &records,
        &[
            "www.example.org",
            "192.0.2.1",
            "infra",
            "dns/example.org.yaml",
        ],
    );
    says(
        &text(&portal, "/zones/example.org"),
        &["www.example.org", "DNS zone"],
    );
}

#[test]
fn employers_are_counted_once_with_their_share_of_leading_roles() {
    let portal = start(&estate());
    let employers = text(&portal, "/employers");
    says(&employers, &["Initech", "Globex"]);
    says(
        &text(&portal, "/employers"),
        &["Leading roles in groups, by employer", "1 of 1"],
    );
}

#[test]
fn jobs_say_where_they_run_and_how_far_each_migration_of_them_is() {
    let example = root().join("examples/kubernetes");
    let portal = Portal::start(&example, &["--at", "2021-01-15"], &[]);
    says(
        &text(&portal, "/jobs"),
        &["periodic", "k8s-infra-prow-build", "ci-jobs: "],
    );
    let job = text(&portal, "/jobs/periodic/ci-security-scan-images");
    says(
        &job,
        &[
            "Migrations that move it",
            "sig-security",
            "Where its results are shown",
        ],
    );
}
