//! What stands above the parts of a page.

use maud::{Markup, html};

use super::scene::{Scene, shown};
use super::shell::Also;
use super::value;
use crate::model::{Mood, Part, Source};

/// The one heading of the first order, with what kind of thing it is about and how it is.
pub(super) fn title(kind: &str, title: &str, state: Option<&(Mood, String)>) -> Markup {
    html! {
        @if !kind.is_empty() { p.kind { (shown(kind)) } }
        div.title {
            h1 { (shown(title)) }
            @if let Some((mood, word)) = state { (value::state(*mood, word)) }
        }
    }
}

/// Where it is said, and in what other forms it can be had.
pub(super) fn about(scene: &Scene<'_>, source: Option<&Source>, also: &[Also]) -> Markup {
    html! {
        @if source.is_some() || !also.is_empty() {
            div.about {
                @if let Some(source) = source { p { "Declared in " (scene.source(source, false)) } }
                @if !also.is_empty() {
                    p {
                        "Also as "
                        @for (at, one) in also.iter().enumerate() {
                            @if at > 0 { ", " }
                            a href=(one.to) { (one.name) }
                        }
                    }
                }
            }
        }
    }
}

/// Links to the headings of a page that has several.
pub(super) fn contents(parts: &[Part]) -> Markup {
    let headings: Vec<(&str, &str)> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Heading { id, text } => Some((*id, text.as_str())),
            _ => None,
        })
        .collect();
    if headings.len() < 4 {
        return html! {};
    }
    html! {
        nav.onpage aria-label="On this page" {
            ul { @for (id, text) in headings { li { a href={ "#" (id) } { (shown(text)) } } } }
        }
    }
}
