//! A member objects.

use super::{Browser, signs, signs_in, there_is_a_browser};
use crate::governed::community::{Community, SERVED};
use crate::governed::nameserver::NameServer;
use crate::portal::desk::{self, visitor::Visitor};

/// Goes from the front page to the page of the only plan.
#[track_caller]
fn to_the_plan(browser: &mut Browser) -> String {
    browser.open("/");
    browser.follow("Changes");
    browser.follow("www2");
    let path = browser.path();
    assert!(path.starts_with("/changes/"), "{path}");
    path
}

#[track_caller]
fn approves(browser: &mut Browser, community: &Community, name: &str) {
    let key = community.key(name);
    signs_in(browser, &key);
    to_the_plan(browser);
    browser.follow("Approve");
    signs(browser, &key, "Send it");
}

#[test]
fn a_change_waits_as_long_as_a_member_objects_to_it() {
    if !there_is_a_browser() {
        return;
    }
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = desk::community(&server.address());
    let portal = desk::serve(&community);
    community.new_key("dana");
    let mut dana = Visitor::signs_in(&portal.url, &community.key("dana"));
    let request = desk::asks(&mut dana, &portal.url).is(200, "Received").path;
    let (file, plan) = desk::plan(&community);
    let before = server.zone();
    let mut browser = Browser::on(&portal);
    let key = community.key("dora");
    signs_in(&mut browser, &key);
    let change = to_the_plan(&mut browser);
    browser.fill("Reason", "Who pays?");
    browser.press("Object");
    signs(&mut browser, &key, "Send it");
    for reviewer in ["ada", "bob"] {
        approves(&mut browser, &community, reviewer);
    }
    // Whoever comes by reads why it waits, and it does.
    browser.forget();
    browser.open(&change);
    let page = browser.text();
    assert!(page.contains("dora objects: Who pays?"), "{page}");
    assert!(page.contains("blocked"), "{page}");
    browser.open(&request);
    let page = browser.text();
    assert!(!page.contains("merged"), "{page}");
    let apply = format!("apply {}", file.display());
    community
        .runs(&apply)
        .ends(6, "not part of what is checked out");
    assert_eq!(server.zone(), before);
    // Once she takes it back, nothing holds it.
    desk::withdrawn(&community, &portal.url, &plan);
    browser.open(&request);
    let page = browser.text();
    assert!(page.contains("merged"), "{page}");
    community.runs(&apply).ends(0, "");
    assert_ne!(server.zone(), before);
}
