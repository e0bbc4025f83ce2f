//! What people do, and are told where they may not.

use super::desk::visitor::Visitor;
use super::server::Portal;
use crate::governed::community::{Community, DECLARED};

#[test]
fn whoever_may_not_act_is_told_why() {
    let community = Community::at("127.0.0.1:1", DECLARED);
    community.write("portal.yaml", "sign_in: {ssh: true}\n");
    community.commit("ada", "A portal");
    let portal = Portal::run(community.command("serve --listen 127.0.0.1:0 --log off"));
    let url = portal.url.as_str();
    let mut anybody = Visitor::default();
    // Signing in comes first, and leads back.
    let asked = anybody.get(url, "/act?act=approve&item=2026-001");
    assert!(
        asked.path.starts_with("/sign-in?next=%2Fact%3F"),
        "{}",
        asked.path
    );
    community.new_key("dana");
    let mut dana = Visitor::signs_in(url, &community.key("dana"));
    dana.get(url, "/act?act=approve&item=2026-001").is(403, "");
    dana.get(url, "/account").is(200, "not known to the estate");
    let mut ada = Visitor::signs_in(url, &community.key("ada"));
    ada.get(url, "/act?act=approve&item=2026-999").is(404, "");
    ada.get(url, "/act").is(404, "");
    ada.get(url, "/desk/no-such-thing").is(404, "");
    ada.get(url, "/desk/requests/no-such-thing").is(404, "");
    ada.get(url, "/elections/none/2026/ballot").is(404, "");
    ada.get(url, "/desk/requests")
        .is(200, "You have asked for nothing yet");
    // What was typed stays, and what is wrong stands beside it.
    let form = ada.get(url, "/desk/dns-record").is(200, "What it is for");
    let typed = [
        ("do", "add"),
        ("name", "not a name"),
        ("type", "A"),
        ("values", "192.0.2.300"),
        ("why", "Try"),
    ];
    let got = ada.send(url, &form, "/desk/dns-record", &typed);
    assert_eq!(got.status, 422, "{}", got.html);
    assert!(
        got.html.contains("192.0.2.300") && got.html.contains("aria-invalid"),
        "{}",
        got.html
    );
}
