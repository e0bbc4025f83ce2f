//! Forms.

use maud::{Markup, html};

use super::scene::{Scene, shown};
use super::value;
use crate::model::{Field, FieldKind, Form};

/// What is said instead of a form, or the form.
pub(super) fn form(scene: &Scene<'_>, form: &Form, headed: bool) -> Markup {
    let number = scene.next_form();
    html! {
        div.form id={ "form-" (number) } {
            @if !form.title.is_empty() {
                @if headed { h3 { (shown(&form.title)) } } @else { h2 { (shown(&form.title)) } }
            }
            @if !form.about.is_empty() { p { (shown(&form.about)) } }
            (body(scene, form, number))
        }
    }
}

fn body(scene: &Scene<'_>, form: &Form, number: usize) -> Markup {
    let frame = scene.frame;
    if !frame.live {
        return html! { p { "This is a copy of the portal's pages. Forms work at the portal itself." } };
    }
    if !form.asks && frame.stamp.only_shows {
        return html! { p { "This portal only shows: nothing can be sent from here." } };
    }
    let Some(action) = scene.href(&form.action) else {
        return html! {};
    };
    if !form.asks && !form.anonymous && frame.token.is_none() {
        let to = sign_in(scene.path);
        return html! { p.send { a.button href=(to) { "Sign in to do this" } } };
    }
    if form.asks
        && form
            .fields
            .iter()
            .all(|field| field.kind == FieldKind::Hidden)
    {
        return lead(form, &action);
    }
    let method = if form.asks { "get" } else { "post" };
    html! {
        @let wrong = form.problem.is_some() || form.fields.iter().any(|field| field.problem.is_some());
        @if wrong { (errors(form, number)) }
        form method=(method) action=(action) {
            @if let Some(token) = frame.token.filter(|_| !form.asks) {
                input type="hidden" name="token" value=(token);
            }
            @for (at, field) in form.fields.iter().enumerate() {
                (self::field(field, &format!("f{number}-{at}")))
            }
            p.send {
                button { (shown(&form.button)) }
                @if let Some(beside) = &form.beside { (value::link(scene, beside)) }
            }
        }
    }
}

/// A form in which nothing is filled in is a link. A browser lets it lead to another host too, over however many
/// others; forms may only be sent to this one.
fn lead(form: &Form, action: &str) -> Markup {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(form.fields.iter().map(|field| (&field.name, &field.value)));
    let to = format!("{action}?{}", query.finish());
    html! { p.send { a.button href=(to) { (shown(&form.button)) } } }
}

/// Where one signs in to come back to a page.
pub(super) fn sign_in(path: &str) -> String {
    let to: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
    format!("/sign-in?next={to}")
}

fn errors(form: &Form, number: usize) -> Markup {
    html! {
        div.errors role="alert" {
            p { (shown(form.problem.as_deref().unwrap_or("Some answers are not as they should be:"))) }
            @if form.fields.iter().any(|field| field.problem.is_some()) {
                ul {
                    @for (at, field) in form.fields.iter().enumerate() {
                        @if let Some(problem) = &field.problem {
                            li { a href={ "#f" (number) "-" (at) } { (shown(&field.label)) } ": " (shown(problem)) }
                        }
                    }
                }
            }
        }
    }
}

fn field(field: &Field, id: &str) -> Markup {
    if field.kind == FieldKind::Hidden {
        return html! { input type="hidden" name=(field.name) value=(field.value); };
    }
    let help = format!("{id}-help");
    let wrong = format!("{id}-wrong");
    let described = [
        (!field.help.is_empty()).then_some(help.as_str()),
        field.problem.as_ref().map(|_| wrong.as_str()),
    ];
    let described: Vec<&str> = described.into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let tick = field.kind == FieldKind::Tick;
    html! {
        div.field {
            @if tick {
                div.tick { (control(field, id, described.as_deref())) (label(field, id)) }
            } @else {
                (label(field, id))
            }
            @if !field.help.is_empty() { p.help id=(help) { (shown(&field.help)) } }
            @if !tick { (control(field, id, described.as_deref())) }
            @if let Some(problem) = &field.problem {
                p.wrong id=(wrong) { span aria-hidden="true" { "\u{2715} " } (shown(problem)) }
            }
        }
    }
}

fn label(field: &Field, id: &str) -> Markup {
    html! {
        label for=(id) {
            (shown(&field.label))
            @if !field.required && field.kind != FieldKind::Tick { " " span.soft { "(optional)" } }
        }
    }
}

fn control(field: &Field, id: &str, described: Option<&str>) -> Markup {
    let name = &field.name;
    let value = &field.value;
    let required = field.required;
    let invalid = field.problem.as_ref().map(|_| "true");
    let line = |kind: &str, mode: Option<&str>| {
        html! {
            input type=(kind) id=(id) name=(name) value=(value) required[required] inputmode=[mode]
                aria-describedby=[described] aria-invalid=[invalid];
        }
    };
    html! {
        @match &field.kind {
            FieldKind::Line => (line("text", None)),
            FieldKind::Number => (line("text", Some("decimal"))),
            FieldKind::Day => (line("date", None)),
            FieldKind::Lines => {
                textarea id=(id) name=(name) rows="6" required[required]
                    aria-describedby=[described] aria-invalid=[invalid] { "\n" (value) }
            },
            FieldKind::Paste => {
                textarea.paste id=(id) name=(name) rows="7" required[required] spellcheck="false"
                    autocomplete="off" aria-describedby=[described] aria-invalid=[invalid] { "\n" (value) }
            },
            FieldKind::Choice(choices) => {
                select id=(id) name=(name) required[required]
                    aria-describedby=[described] aria-invalid=[invalid] {
                    @if !choices.iter().any(|(sent, _)| sent == value) || value.is_empty() {
                        option value="" { "Choose \u{2026}" }
                    }
                    @for (sent, read) in choices {
                        @if !sent.is_empty() {
                            option value=(sent) selected[sent == value] { (shown(read)) }
                        }
                    }
                }
            },
            FieldKind::Tick => {
                input type="checkbox" id=(id) name=(name) value="yes" checked[value == "yes"]
                    required[required] aria-describedby=[described] aria-invalid=[invalid];
            },
            FieldKind::Hidden => {},
        }
    }
}
