//! What is around every page.

use maud::{DOCTYPE, Markup, html};

use super::scene::{Scene, shown};
use super::{asset, form, sections, value};
use crate::Trouble;
use crate::model::Section;

/// A page in another form.
pub(super) struct Also {
    /// What it is called: `JSON`.
    pub(super) name: &'static str,
    /// Its type.
    pub(super) kind: &'static str,
    /// Where it is.
    pub(super) to: String,
}

/// What of a page the shell needs.
pub(super) struct Inside<'a> {
    pub(super) title: &'a str,
    pub(super) section: Section,
    /// What was searched for.
    pub(super) asked: &'a str,
    pub(super) also: &'a [Also],
    pub(super) body: Markup,
}

/// A whole document.
pub(super) fn document(scene: &Scene<'_>, inside: &Inside<'_>) -> String {
    let community = shown(&scene.frame.stamp.community);
    let link = |path: &str| scene.href(path).unwrap_or_default();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (shown(inside.title)) @if inside.title != community { " \u{b7} " (community) } }
                link rel="stylesheet" href=(link(asset::style()));
                link rel="icon" type="image/svg+xml" href=(link(asset::icon()));
                @for also in inside.also {
                    link rel="alternate" type=(also.kind) title=(also.name) href=(also.to);
                }
                @if scene.frame.live { script src=(link(asset::script())) defer {} }
            }
            body {
                a.skip href="#main" { "Skip to the page" }
                div.page {
                    (top(scene, inside))
                    @if let Some(trouble) = &scene.frame.stamp.trouble { (self::trouble(scene, trouble)) }
                    nav.side aria-label="Sections" { (navigation(scene, inside.section)) }
                    main id="main" { (inside.body) }
                    (foot(scene))
                }
            }
        }
    };
    page.into_string()
}

fn top(scene: &Scene<'_>, inside: &Inside<'_>) -> Markup {
    let frame = scene.frame;
    let icon = scene.href(asset::icon()).unwrap_or_default();
    let asked = (!inside.asked.is_empty()).then(|| shown(inside.asked));
    html! {
        header.top {
            a.brand href=[scene.href("/")] {
                img src=(icon) alt="" width="24" height="24";
                span { (shown(&frame.stamp.community)) }
            }
            @if frame.live {
                form.find role="search" action="/search" method="get" {
                    label.vh for="q" { "Search everything" }
                    input type="search" id="q" name="q" value=[asked] placeholder="Search everything" aria-keyshortcuts="/"
                        autocomplete="off" maxlength="200";
                    button.quiet { "Search" }
                }
                div.who { (who(scene)) }
            } @else {
                @if let Some(to) = scene.href("/search") { div.who { a href=(to) { "Index" } } }
            }
            details.menu {
                summary { "Menu" }
                nav aria-label="Sections" { (navigation(scene, inside.section)) }
            }
        }
    }
}

fn who(scene: &Scene<'_>) -> Markup {
    let frame = scene.frame;
    html! {
        @match frame.reader.name() {
            Some(name) => {
                a href="/account" { span.vh { "Signed in as " } (shown(name)) }
                @if let Some(token) = frame.token {
                    form action="/sign-out" method="post" {
                        input type="hidden" name="token" value=(token);
                        button.quiet { "Sign out" }
                    }
                }
            },
            None if frame.stamp.only_shows => {},
            None => a href=(form::sign_in(scene.path)) { "Sign in" },
        }
    }
}

fn navigation(scene: &Scene<'_>, current: Section) -> Markup {
    let is_here = |section| section != Section::Desk || !scene.frame.stamp.only_shows;
    html! {
        @for (name, sections) in sections::GROUPS {
            @let links: Vec<(&str, String, bool)> = sections
                .iter()
                .filter(|&&section| is_here(section))
                .filter_map(|&section| {
                    let (label, path) = sections::about(section);
                    Some((label, scene.href(path)?, section == current))
                })
                .collect();
            @if !links.is_empty() {
                div {
                    p.nav-head { (name) }
                    ul {
                        @for (label, to, here) in links {
                            li { a href=(to) aria-current=[here.then_some(current_word(scene, current))] { (label) } }
                        }
                    }
                }
            }
        }
    }
}

/// The section's own page is the page; for those below it, the link leads up.
fn current_word(scene: &Scene<'_>, section: Section) -> &'static str {
    if scene.path == sections::about(section).1 {
        "page"
    } else {
        "true"
    }
}

fn trouble(scene: &Scene<'_>, trouble: &Trouble) -> Markup {
    let stamp = scene.frame.stamp;
    html! {
        aside.trouble aria-label="Trouble" {
            p {
                strong { span aria-hidden="true" { (value::sign(crate::model::Mood::Bad)) " " } "A newer state cannot be shown. " }
                "What you see is "
                @match &stamp.commit {
                    Some(commit) => { "of commit " code { (short(commit)) } },
                    None => { "what was read " (value::instant(stamp.read)) },
                }
                ", the last that was sound. Since " (value::instant(trouble.since))
                @if let Some(commit) = &trouble.commit { ", commit " code { (short(commit)) } }
                ":"
            }
            ul { @for line in &trouble.what { li { (shown(line)) } } }
        }
    }
}

fn short(commit: &str) -> String {
    shown(commit).chars().take(10).collect()
}

fn foot(scene: &Scene<'_>) -> Markup {
    let stamp = scene.frame.stamp;
    html! {
        footer.foot {
            @if let Some(commit) = &stamp.commit {
                p {
                    "Commit " code { (short(commit)) }
                    @if let Some(committed) = stamp.committed { " of " (value::instant(committed)) }
                }
            }
            p { "Read " (value::instant(stamp.read)) }
            @if scene.frame.live { p { a href="/api" { "API" } } }
            p { "Commonhold " (env!("CARGO_PKG_VERSION")) }
        }
    }
}

/// The way from the home page to a page that is below its section's.
pub(super) fn crumbs(scene: &Scene<'_>, section: Section, title: &str) -> Markup {
    let (label, path) = sections::about(section);
    if scene.path == path || scene.path == "/" {
        return html! {};
    }
    let steps = [sections::about(Section::Home), (label, path)];
    html! {
        nav.crumbs aria-label="Breadcrumbs" {
            ol {
                @for (label, path) in steps {
                    @if let Some(to) = scene.href(path) { li { a href=(to) { (label) } } }
                }
                li { span aria-current="page" { (shown(title)) } }
            }
        }
    }
}
