//! Signing in at a provider and coming back, over another site, as browsers let it.

use testkit::servers::openid::OpenId;
use testkit::servers::{free_port, or_skip};

use super::{Browser, there_is_a_browser};
use crate::governed::community::{Community, DECLARED};
use crate::portal::server::Portal;

/// A portal whose people sign in at a provider, which is another site than the portal: cookies and forms are bound to it
/// as they are between two domains.
fn served(community: &mut Community) -> Option<(OpenId, Portal, String)> {
    let port = free_port();
    let url = format!("http://localhost:{port}");
    let provider = or_skip(OpenId::start(&format!("{url}/sign-in/openid/return")))?;
    community.set("SECRET", OpenId::SECRET);
    let settings = format!(
        "url: {url}\nsign_in:\n  ssh: false\n  openid:\n    name: Example login\n    issuer: {}\n    client: portal-ES256\n\
         \x20   secret: env/SECRET\n    handle: {{email: true}}\n",
        provider.issuer()
    );
    community.write("portal.yaml", &settings);
    community.commit("ada", "A portal");
    let words = format!("serve --listen 127.0.0.1:{port} --log off");
    Some((provider, Portal::run(community.command(&words)), url))
}

#[test]
fn people_sign_in_at_a_provider_and_come_back_to_where_they_were() {
    if !there_is_a_browser() {
        return;
    }
    let mut community = Community::at("127.0.0.1:1", DECLARED);
    let Some((provider, _portal, url)) = served(&mut community) else {
        return;
    };
    let mut browser = Browser::at(&url);
    browser.open("/groups/infra");
    browser.follow("Sign in");
    assert_eq!(browser.path(), "/sign-in?next=%2Fgroups%2Finfra");
    browser.follow("Continue with Example login");
    let place = browser.place();
    assert!(place.starts_with(&provider.issuer()), "{place}");
    browser.type_into("Enter any login", "ada");
    browser.type_into("and password", "x");
    browser.press("Sign-in");
    browser.press("Continue");
    assert_eq!(browser.place(), format!("{url}/groups/infra"));
    browser.open("/account");
    let account = browser.text();
    assert!(account.contains(&provider.issuer()), "{account}");
    browser.follow("ada");
    assert_eq!(browser.path(), "/people/ada");
    browser.press("Sign out");
    assert_eq!(browser.place(), format!("{url}/"));
    browser.open("/account");
    assert_eq!(browser.path(), "/sign-in?next=%2Faccount");
}
