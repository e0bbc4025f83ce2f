//! What a page is made of.

use std::borrow::Cow;

use maud::{Markup, PreEscaped, html};

use super::scene::{Scene, shown};
use super::table::{Grid, filled, plain_head, table};
use super::{form, value};
use crate::data;
use crate::model::{
    Card, Entry, Fact, Link, Mood, Part, Picture, Row, Step, StepState, Table, grouped,
};

/// How wide a drawing is that is still read well on a page, in pixels.
const FITS: f64 = 1200.0;

/// The parts one after the other, all of which the reader may see. Headings of forms are below
/// those of the page, where it has any.
pub(super) fn parts(scene: &Scene<'_>, parts: &[Part]) -> Markup {
    below(scene, parts, false)
}

fn below(scene: &Scene<'_>, parts: &[Part], mut headed: bool) -> Markup {
    let mut all = String::new();
    for one in parts {
        headed |= matches!(one, Part::Heading { .. });
        all.push_str(&part(scene, one, headed).into_string());
    }
    PreEscaped(all)
}

fn part(scene: &Scene<'_>, part: &Part, headed: bool) -> Markup {
    html! {
        @match part {
            Part::Heading { id, text } => h2 id=(id) { (shown(text)) },
            Part::Text(text) => p { (shown(text)) },
            Part::Quote(text) => blockquote { (shown(text)) },
            Part::Notice(mood, text, link) => (notice(scene, *mood, text, link.as_ref())),
            Part::Ways(links) => (self::ways(scene, links)),
            Part::Cards(cards) => (self::cards(scene, cards)),
            Part::Facts(facts) => (self::facts(scene, facts)),
            Part::Table(table) => (self::one_table(scene, table)),
            Part::Chart(chart) => (PreEscaped(chart.figure())),
            Part::Picture(picture) => (self::picture(scene, picture)),
            Part::Entries(entries) => (self::entries(scene, entries)),
            Part::Steps(steps) => (self::steps(steps)),
            Part::Command { about, text } => {
                div.command {
                    @if !about.is_empty() { p { (shown(about)) } }
                    pre tabindex="0" { code { (shown(text)) } }
                }
            },
            Part::Form(form) => (form::form(scene, form, headed)),
            Part::Only(audience, parts) => {
                div.only { p { (value::lock(audience)) } (below(scene, parts, headed)) }
            },
            Part::Folded(words, parts) => {
                details.fold {
                    summary { (shown(words)) }
                    (below(scene, parts, headed))
                }
            },
        }
    }
}

fn notice(scene: &Scene<'_>, mood: Mood, text: &str, link: Option<&Link>) -> Markup {
    // What only points elsewhere is no warning, and does not look like one.
    if let (Mood::Plain, Some(link)) = (mood, link) {
        return html! { p.more { (shown(text)) " " (value::link(scene, link)) } };
    }
    let word = match mood {
        Mood::Good => "Good",
        Mood::Plain | Mood::Quiet => "Note",
        Mood::Waiting => "Waiting",
        Mood::Warn => "Take care",
        Mood::Bad => "Wrong",
    };
    html! {
        div class={ "notice " (mood.word()) } {
            span.sign { span aria-hidden="true" { (value::sign(mood)) " " } (word) }
            p {
                (shown(text))
                @if let Some(link) = link { " " (value::link(scene, link)) }
            }
        }
    }
}

/// The pages of a part of the navigation beside one another, as tabs are.
fn ways(scene: &Scene<'_>, links: &[Link]) -> Markup {
    let lead = |link: &Link| {
        let to = link.to.as_deref()?;
        Some((to == scene.path, scene.href(to)?, link.text.clone()))
    };
    let links: Vec<(bool, String, String)> = links.iter().filter_map(lead).collect();
    html! {
        @if links.len() > 1 {
            nav.ways aria-label="In this section" {
                ul {
                    @for (here, to, text) in &links {
                        li { a href=(to) aria-current=[here.then_some("page")] { (shown(text)) } }
                    }
                }
            }
        }
    }
}

fn cards(scene: &Scene<'_>, cards: &[Card]) -> Markup {
    html! {
        @if !cards.is_empty() {
            ul.cards {
                @for one in cards {
                    li {
                        @match one.to.as_deref().and_then(|to| scene.href(to)) {
                            Some(to) => a class={ "card " (one.mood.word()) } href=(to) { (card(one)) },
                            None => div class={ "card " (one.mood.word()) } { (card(one)) },
                        }
                    }
                }
            }
        }
    }
}

fn card(card: &Card) -> Markup {
    html! {
        span.label { (shown(&card.label)) }
        span.figure {
            @if !matches!(card.mood, Mood::Plain | Mood::Quiet) {
                span aria-hidden="true" { (value::sign(card.mood)) }
                span.vh { (card.mood.word()) ": " }
            }
            (figure(&card.figure))
        }
        @if !card.note.is_empty() { span.note { (shown(&card.note)) } }
        (value::lock(&card.audience))
    }
}

/// A count is grouped; what else stands in its place is left as it is.
fn figure(figure: &str) -> Cow<'_, str> {
    let is_count = !figure.is_empty() && figure.bytes().all(|byte| byte.is_ascii_digit());
    if is_count {
        Cow::Owned(grouped(figure))
    } else {
        shown(figure)
    }
}

fn facts(scene: &Scene<'_>, facts: &[Fact]) -> Markup {
    if let [fact] = facts {
        return html! {
            p.more {
                (shown(&fact.label)) ": " (said(scene, fact))
                @if let Some(source) = &fact.source { " " (scene.source(source, true)) }
            }
        };
    }
    html! {
        @if !facts.is_empty() {
            dl.facts {
                @for fact in facts {
                    div {
                        dt { (shown(&fact.label)) }
                        dd {
                            span { (said(scene, fact)) }
                            @if let Some(source) = &fact.source { (scene.source(source, true)) }
                        }
                    }
                }
            }
        }
    }
}

fn said(scene: &Scene<'_>, fact: &Fact) -> Markup {
    if fact.value.value == crate::model::Value::None {
        return html! { span.soft { "none" } };
    }
    value::cell(scene, &fact.value)
}

fn one_table(scene: &Scene<'_>, shown_table: &Table) -> Markup {
    if shown_table.rows.is_empty() {
        return html! { p.empty { (shown(&shown_table.none)) } };
    }
    let named = !shown_table.id.is_empty();
    let csv = named.then(|| scene.href(&data::table_path(scene.path, &shown_table.id)));
    html! {
        // The way to the data stands in the corner of the table, and stays there while it is scrolled.
        div.framed {
            @if let Some(csv) = csv.flatten() {
                p.tools { a href=(csv) { "CSV" span.vh { " of " (shown(&shown_table.caption)) } } }
            }
            (bare_table(scene, shown_table))
        }
    }
}

fn bare_table(scene: &Scene<'_>, shown: &Table) -> Markup {
    let rows: Vec<&Row> = shown.rows.iter().collect();
    let grid = Grid {
        caption: &shown.caption,
        caption_unseen: false,
        columns: &shown.columns,
        filled: &|at| filled(scene, rows.iter().copied(), at),
        rows: &rows,
        of: None,
    };
    table(scene, &grid, &plain_head)
}

/// A drawing. Its own style sheet is left out: the page's has it, and pages allow none inside.
fn picture(scene: &Scene<'_>, picture: &Picture) -> Markup {
    let svg = drawing(scene, &picture.svg);
    let large = is_large(&svg);
    html! {
        div.picture {
            figure {
                figcaption {
                    (shown(&picture.caption))
                    @if large { span.scroll { " It is larger than the page: scroll it to see all." } }
                }
                div.drawing.large[large] tabindex="0" role="region" aria-label={ "Drawing: " (shown(&picture.caption)) } {
                    (PreEscaped(svg))
                }
            }
            @if !picture.figures.rows.is_empty() {
                details.fold {
                    summary { "As a table" }
                    (bare_table(scene, &picture.figures))
                }
            }
        }
    }
}

/// Whether a drawing would be too small to be read if it were made to fit.
fn is_large(svg: &str) -> bool {
    let opening = svg.split('>').next().unwrap_or(svg);
    let width = opening.split(" width=\"").nth(1);
    let width = width.and_then(|rest| rest.split('"').next());
    width.is_some_and(|width| width.parse::<f64>().is_ok_and(|width| width > FITS))
}

fn drawing(scene: &Scene<'_>, svg: &str) -> String {
    let mut text = String::with_capacity(svg.len());
    match (svg.find("<style>"), svg.find("</style>")) {
        (Some(start), Some(end)) if start < end => {
            text.push_str(&svg[..start]);
            text.push_str(&svg[end + "</style>".len()..]);
        }
        _ => text.push_str(svg),
    }
    if !text.contains("<a href=\"") {
        return text;
    }
    // The children of an image are not announced, and these lead somewhere.
    let text = text.replacen("role=\"img\"", "role=\"group\"", 1);
    let mut led = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("<a href=\"/") {
        let (before, link) = rest.split_at(at + "<a href=\"".len());
        let (to, after) = link.split_once('"').unwrap_or((link, ""));
        // What leads nowhere here stays in the drawing, and is no link.
        led.push_str(before.strip_suffix(" href=\"").unwrap_or(before));
        if let Some(to) = scene.href(&to.replace("&amp;", "&")) {
            led.push_str(&format!(" href=\"{}\"", to.replace('&', "&amp;")));
        }
        rest = after;
    }
    led + rest
}

fn entries(scene: &Scene<'_>, entries: &[Entry]) -> Markup {
    html! {
        @if !entries.is_empty() {
            ol.entries {
                @for entry in entries {
                    li id={ "e-" (id(&entry.id)) } {
                        (value::instant(entry.at))
                        div class=(entry.mood.word()) {
                            span.sign aria-hidden="true" { (value::sign(entry.mood)) }
                            @if matches!(entry.mood, Mood::Warn | Mood::Bad) {
                                span.vh { (entry.mood.word()) ": " }
                            }
                            @match entry.to.as_deref().and_then(|to| scene.href(to)) {
                                Some(to) => a href=(to) { (shown(&entry.title)) },
                                None => strong { (shown(&entry.title)) },
                            }
                            " " (value::lock(&entry.audience))
                            @if !entry.text.is_empty() { p { (shown(&entry.text)) } }
                        }
                    }
                }
            }
        }
    }
}

/// What may stand in an `id`: other letters become their numbers.
fn id(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => letter.to_string(),
            other => format!("~{:x}~", u32::from(other)),
        })
        .collect()
}

fn steps(steps: &[Step]) -> Markup {
    let look = |state| match state {
        StepState::Done => ("done", "\u{2713}", "Done"),
        StepState::Now => ("now", "\u{25d0}", "Now"),
        StepState::Ahead => ("ahead", "\u{25cb}", "Ahead"),
        StepState::Stopped => ("stopped", "\u{2715}", "Ended here"),
    };
    html! {
        ol.steps {
            @for step in steps {
                @let (class, sign, word) = look(step.state);
                @let now = step.state == StepState::Now;
                li class=(class) aria-current=[now.then_some("step")] {
                    span.sign aria-hidden="true" { (sign) }
                    span.vh { (word) ": " }
                    strong { (shown(&step.title)) }
                    @if let Some(at) = step.at { " " span.soft { (value::instant(at)) } }
                    @if !step.text.is_empty() { p { (shown(&step.text)) } }
                }
            }
        }
    }
}
