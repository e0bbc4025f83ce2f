//! What the pages of each area say.

use std::collections::BTreeSet;

use serde_json::Value;

use super::server::Portal;
use crate::support::{Folder, root};

const AT: &[&str] = &["--at", "2021-01-15", "--read-only", "--log", "off"];

fn example() -> Portal {
    Portal::start(&root().join("examples/kubernetes"), AT, &[])
}

/// The text of a page that is there.
#[track_caller]
fn shown(portal: &Portal, path: &str) -> String {
    let reply = portal.get(path, "");
    assert_eq!(reply.status, 200, "{path}");
    reply.text()
}

/// All paths of the portal that a page leads to, without what is on the same page.
fn leads_to(page: &str) -> BTreeSet<String> {
    let links = page.split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next());
    let own = links.filter(|link| link.starts_with('/') && !link.starts_with("/assets/"));
    own.map(|link| link.split('#').next().unwrap_or(link).replace("&amp;", "&"))
        .collect()
}

#[test]
fn whatever_a_page_of_the_inventory_leads_to_is_there() {
    let portal = example();
    let starts = [
        "/",
        "/services/prow",
        "/groups/sig-testing",
        "/people/anahit",
        "/wiring",
        "/wiring/groups/sig-testing",
        "/wiring/services/gke-aaa",
        "/findings/minimum-staff",
    ];
    let mut wanted: BTreeSet<String> = starts.iter().map(|path| (*path).to_owned()).collect();
    for path in starts {
        wanted.extend(leads_to(&shown(&portal, path)));
    }
    // Signing in and asking take hands, which a portal that is only read has none of.
    let acting = |path: &String| path.starts_with("/sign-in") || path.starts_with("/desk");
    wanted.retain(|path| !acting(path));
    assert!(wanted.len() > 100, "{wanted:?}");
    let broken: Vec<String> = wanted
        .into_iter()
        .filter(|path| portal.get(path, "").status != 200)
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_home_page_tells_a_newcomer_what_there_is_and_what_is_wrong() {
    let portal = example();
    let home = shown(&portal, "/");
    for said in [
        "Services",
        "Groups",
        "People",
        "What is wrong",
        "What runs out next",
        "Next meetings",
    ] {
        assert!(home.contains(said), "{said}");
    }
    // Nothing is offered that cannot be done where nobody acts.
    assert!(!home.contains("/desk") && !home.contains("/sign-in"));
    // Each figure leads to what it counts.
    let unowned = shown(&portal, "/services?owner=%28none%29");
    assert!(unowned.contains("Services"));
}

#[test]
fn a_service_says_who_is_called_and_what_breaks_without_it() {
    let portal = example();
    let page = shown(&portal, "/services/codesearch");
    assert!(
        page.contains(
            "After 30 minutes without an answer: the leads of sig-contributor-experience"
        )
    );
    assert!(page.contains("services/codesearch.yaml"));
    // What it depends on is drawn, and the boxes lead on.
    assert!(page.contains("<svg") && page.contains("<a href=\"/services/dns-k8s-io\">"));
    let impact = shown(&portal, "/wiring/services/dns-k8s-io");
    assert!(
        impact.contains("/services/codesearch") && impact.contains("sig-contributor-experience")
    );
}

#[test]
fn names_that_differ_in_case_lead_to_the_one_page() {
    let portal = example();
    for (path, to) in [
        ("/services/Prow", "/services/prow"),
        ("/groups/SIG-Testing", "/groups/sig-testing"),
        ("/people/Anahit", "/people/anahit"),
    ] {
        let reply = portal.get(path, "");
        assert!(
            (301..=308).contains(&reply.status),
            "{path}: {}",
            reply.status
        );
        assert!(
            reply.head.contains(&format!("location: {to}")),
            "{}",
            reply.head
        );
    }
    assert_eq!(portal.get("/services/none-of-this-name", "").status, 404);
}

/// An estate in which much is not for everybody.
fn with_secrets() -> Folder {
    Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: Harbour\n")
        .with(
            "people/ada.yaml",
            "name: Ada Vale\nhandles: {github: ada, chat: ada-in-chat}\nemail: ada@mail.example\nemployers: [{company: Cedar}]\n",
        )
        .with("people/gone.yaml", "name: Gone Away\nhandles: {github: gone}\nleft: 2020-01-01\nemployers: [{company: Cedar}]\n")
        .with(
            "groups/infra.yaml",
            "title: Infrastructure\nleads: [{person: ada, role: chair}]\ncontact: {private_mailing_list: closed@mail.example}\n",
        )
        .with("accounts/cloud.yaml", "provider: cloud\nid: account-7731\nholder: community\nowner: infra\n")
        .with(
            "services/site.yaml",
            "name: Site\nsummary: The site.\nkind: custom\nowner: infra\nstaff: [ada, gone]\nruns_at: [{account: cloud, resource: bucket-5567}]\n",
        )
        .with("teams/watch.yaml", "title: Watch\nprivacy: secret\nowner: infra\nmembers: [ada, gone]\n")
}

#[test]
fn what_is_private_is_on_no_page_and_in_no_data() {
    let folder = with_secrets();
    let portal = Portal::start(&folder.0, AT, &[]);
    let pages = [
        "/",
        "/services",
        "/services/site",
        "/groups",
        "/groups/infra",
        "/people",
        "/people/ada",
        "/people/gone",
        "/wiring",
        "/wiring/groups/infra",
        "/wiring/services/site",
        "/dependencies",
        "/findings",
        "/findings/access-after-leaving",
        "/teams",
        "/access",
    ];
    let hidden = [
        "ada@mail.example",
        "ada-in-chat",
        "closed@mail.example",
        "account-7731",
        "bucket-5567",
        // That somebody who left still has access.
        "access-after-leaving/",
        // That there is a secret team.
        "watch",
    ];
    for page in pages {
        let data = match page {
            "/" => "/index.json".to_owned(),
            _ => format!("{page}.json"),
        };
        for path in [page, &data] {
            let text = shown(&portal, path);
            for word in hidden {
                assert!(!text.contains(word), "{word} is on {path}");
            }
        }
    }
    assert_eq!(portal.get("/teams/watch", "").status, 404);
}

#[test]
fn a_finding_keeps_its_page_when_other_lines_move() {
    let folder = Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: Harbour\n")
        .with(
            "services/site.yaml",
            "name: Site\nsummary: The site.\nkind: custom\n",
        );
    let keys = || {
        let portal = Portal::start(&folder.0, AT, &[]);
        let data: Value = serde_json::from_str(&shown(&portal, "/findings.json")).expect("JSON");
        let text = data.to_string();
        let keys = text
            .split("owner-present/")
            .skip(1)
            .filter_map(|rest| rest.get(..12));
        keys.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let before = keys();
    assert_eq!(before.len(), 1);
    let moved =
        "# A line more.\n\nname: Site\nsummary: The site.\nkind: custom\ncriticality: useful\n";
    crate::support::write(&folder.0.join("services/site.yaml"), moved);
    assert_eq!(keys(), before);
}

#[test]
fn no_address_of_a_person_is_in_what_everybody_may_download() {
    let folder = Folder::new();
    let out = folder.0.join("site");
    let said = crate::support::example(&format!("site {}", out.display()));
    assert_eq!(said.exit, commonhold::Exit::Well, "{}", said.notes);
    let mut folders = vec![out];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            // Employers' hosts are those of people's own addresses in the example.
            for host in ["@bluebell.example", "@aurora-cloud.example"] {
                assert!(!text.contains(host), "{} has {host}", path.display());
            }
        }
    }
    assert!(files > 1_000, "{files} files");
}
