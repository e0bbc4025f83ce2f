//! Who somebody is.

use std::path::Path;
use std::process::Command;

use testkit::servers::postgres::Postgres;
use testkit::servers::{or_skip, run};

use super::desk::visitor::{Got, Visitor};
use super::server::Portal;
use crate::governed::community::{Community, DECLARED};

fn community(settings: &str) -> Community {
    let community = Community::at("127.0.0.1:1", DECLARED);
    community.write("portal.yaml", settings);
    community.commit("ada", "A portal");
    community
}

fn serve(community: &Community, arguments: &str) -> Portal {
    let command = format!("serve --listen 127.0.0.1:0 --log off {arguments}");
    Portal::run(community.command(&command))
}

/// What a key makes of the line that a page shows.
fn signature(page: &Got, key: &Path) -> String {
    let line = page
        .form("/sign-in/ssh")
        .remove("line")
        .expect("a line to sign");
    let command = format!(
        "printf '%s' '{line}' | ssh-keygen -Y sign -n commonhold-sign-in -f {}",
        key.display()
    );
    run(Command::new("sh").args(["-c", &command]))
}

#[test]
fn all_replicas_know_a_session_and_none_after_its_end() {
    let Some(server) = or_skip(Postgres::start()) else {
        return;
    };
    let community = community("sign_in: {ssh: true}\n");
    // One address for both, as behind a proxy.
    let arguments = format!("--url http://127.0.0.1:1 --store {}", server.url());
    let (one, other) = (serve(&community, &arguments), serve(&community, &arguments));
    let key = community.key("ada");
    let mut ada = Visitor::default();
    // The line of one is taken by the other, and by neither again.
    let page = ada.get(&one.url, "/sign-in/ssh").is(200, "ssh-keygen");
    let signature = signature(&page, &key);
    let mut twin = ada.clone();
    let typed = [("signature", signature.as_str())];
    ada.send(&other.url, &page, "/sign-in/ssh", &typed)
        .is(200, "");
    twin.send(&one.url, &page, "/sign-in/ssh", &typed)
        .is(422, "used already");
    let account = ada.get(&one.url, "/account").is(200, "/people/ada");
    ada.get(&other.url, "/account").is(200, "/people/ada");
    let before = ada.clone();
    ada.send(&one.url, &account, "/sign-out", &[]).is(200, "");
    for portal in [&one, &other] {
        before
            .clone()
            .get(&portal.url, "/account")
            .is(200, "Sign in");
    }
}

#[test]
fn a_session_outlives_a_crash_and_not_the_role() {
    let community = community("sign_in: {ssh: true}\nprivate: {money: [infra]}\n");
    let mut portal = serve(&community, "");
    let mut dora = Visitor::signs_in(&portal.url, &community.key("dora"));
    dora.get(&portal.url, "/account").is(200, "/people/dora");
    portal.child.kill().expect("a kill");
    portal.child.wait().expect("its end");
    let portal = serve(&community, "--url http://127.0.0.1:1");
    dora.get(&portal.url, "/account").is(200, "/people/dora");
    // Another way of signing in is not believed in any more.
    community.write("portal.yaml", "sign_in: {ssh: false}\n");
    community.commit("ada", "No keys");
    let portal = serve(&community, "--url http://127.0.0.1:1");
    dora.get(&portal.url, "/account")
        .is(200, "Nobody can sign in here");
}

#[test]
fn whoever_only_shows_lets_nobody_in() {
    let community = community("sign_in: {ssh: true}\n");
    let portal = serve(&community, "--read-only");
    let mut anybody = Visitor::default();
    anybody
        .get(&portal.url, "/sign-in")
        .is(200, "Nobody can sign in here");
    anybody.get(&portal.url, "/sign-in/ssh").is(404, "");
    anybody.get(&portal.url, "/desk").is(404, "only shows");
    anybody
        .get(&portal.url, "/act?act=approve&item=1")
        .is(200, "Nobody can sign in here");
}
