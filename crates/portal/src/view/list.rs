//! The page of a collection.

use maud::{Markup, html};

use super::scene::{Scene, shown};
use super::shell::{self, Also, Inside};
use super::table::{Grid, filled, meaning, plain_head, table};
use super::{head, parts, value};
use crate::data;
use crate::model::{Column, Filter, Listing, counted, grouped, seen};
use crate::query::{self, Chosen, Query};

/// A column that has more values than this is asked for in words, not chosen from a list.
const CHOICES: usize = 300;
/// So many rows are seen at a glance, and need no filter.
const FEW: usize = 8;

pub(super) fn listing(scene: &Scene<'_>, listing: &Listing, query: &Query) -> String {
    let reader = scene.frame.reader;
    let chosen = query::choose(listing, query, reader);
    let also = also(scene, listing, query);
    let of = listing.of;
    let inside = html! {
        (shell::crumbs(scene, of.section, of.title))
        (head::title("", of.title, None))
        @if !of.about.is_empty() { p.summary { (of.about) } }
        (head::about(scene, None, &also))
        (parts::parts(scene, &seen(&listing.above, reader)))
        @if scene.frame.live {
            (filters(scene, listing, query))
            (taken(scene, listing, query))
        }
        @if query.narrows() || !chosen.rows.is_empty() { (count(listing, query, &chosen)) }
        @if chosen.rows.is_empty() {
            p.empty {
                @if query.narrows() {
                    "Nothing is as you asked. "
                    @if let Some(all) = scene.href(scene.path) { a href=(all) { "Show all" } }
                } @else {
                    (listing.none)
                }
            }
        } @else {
            (rows(scene, listing, query, &chosen))
            (pages(scene, query, chosen.total))
        }
    };
    shell::document(
        scene,
        &Inside {
            title: of.title,
            section: of.section,
            asked: "",
            also: &also,
            body: inside,
        },
    )
}

fn also(scene: &Scene<'_>, listing: &Listing, query: &Query) -> Vec<Also> {
    let mut ends = vec![
        ("JSON", "json", "application/json"),
        ("CSV", "csv", "text/csv"),
    ];
    if listing.of.feed.is_some() {
        ends.push(("Atom", "atom", "application/atom+xml"));
    }
    let link = |(name, end, kind): (&'static str, &str, &'static str)| {
        let path = data::path(scene.path, end);
        // Other forms than the page have all that was chosen, in its order.
        let to = scene.href(&format!("{path}{}", query.at(1).asked()))?;
        Some(Also { name, kind, to })
    };
    ends.into_iter().filter_map(link).collect()
}

fn rows(scene: &Scene<'_>, listing: &Listing, query: &Query, chosen: &Chosen<'_>) -> Markup {
    let of = listing.of;
    let caption = if query.pages(chosen.total) > 1 {
        format!(
            "{}, page {} of {}",
            of.title,
            query.page,
            query.pages(chosen.total)
        )
    } else {
        of.title.to_owned()
    };
    // The same columns on all pages, whatever is asked for.
    let all = || scene.frame.reader.rows(&listing.rows);
    let grid = Grid {
        caption: &caption,
        caption_unseen: true,
        columns: of.columns,
        filled: &|at| filled(scene, all(), at),
        rows: &chosen.rows,
        of: Some(of),
    };
    if !scene.frame.live {
        return table(scene, &grid, &plain_head);
    }
    let order = query.order(of);
    table(scene, &grid, &|column| {
        sortable(scene, query, order.as_ref(), column)
    })
}

fn sortable(
    scene: &Scene<'_>,
    query: &Query,
    order: Option<&(String, bool)>,
    column: &Column,
) -> Markup {
    let down = order.and_then(|(id, down)| (*id == column.id).then_some(*down));
    let (sort, sign) = match down {
        Some(false) => (Some("ascending"), "\u{a0}\u{2191}"),
        Some(true) => (Some("descending"), "\u{a0}\u{2193}"),
        None => (None, ""),
    };
    let other = Query {
        sort: Some((column.id.to_string(), down == Some(false))),
        page: 1,
        ..query.clone()
    };
    html! {
        th scope="col" class=[value::class(column.kind)] aria-sort=[sort] title=[meaning(column)] {
            @match scene.href(&format!("{}{}", scene.path, other.asked())) {
                Some(to) => a href=(to) { (shown(&column.head)) span aria-hidden="true" { (sign) } },
                None => (shown(&column.head)),
            }
        }
    }
}

/// The form that narrows the list.
fn filters(scene: &Scene<'_>, listing: &Listing, query: &Query) -> Markup {
    if listing.rows.len() <= FEW && !query.narrows() {
        return html! {};
    }
    let columns = listing.of.columns.iter();
    let columns = columns.filter(|column| column.filter == Filter::Choice);
    let (further, columns): (Vec<&Column>, Vec<&Column>) =
        columns.partition(|column| column.hidden);
    let further: Vec<Markup> = further
        .into_iter()
        .map(|column| choice(scene, listing, query, column))
        .filter(|choice| !choice.0.is_empty())
        .collect();
    let mut hidden = listing.of.columns.iter().filter(|column| column.hidden);
    let taken = hidden.any(|column| query.filters.contains_key(column.id.as_ref()));
    html! {
        form.filters method="get" action=[scene.href(scene.path)] aria-label={ "Filter " (listing.of.title) } {
            div {
                label for="filter-words" { "Words" }
                input type="search" id="filter-words" name="q" value=(query.words) maxlength="200";
            }
            @for column in columns { (choice(scene, listing, query, column)) }
            div { button.quiet { "Filter" } }
            @if !further.is_empty() {
                details.further open[taken] {
                    summary { "More filters" }
                    div { @for choice in further { (choice) } }
                }
            }
            @if let Some((column, down)) = &query.sort {
                input type="hidden" name="sort" value={ @if *down { "-" } (column) };
            }
            @if query.size != query::SIZE { input type="hidden" name="size" value=(query.size); }
        }
    }
}

fn choice(scene: &Scene<'_>, listing: &Listing, query: &Query, column: &Column) -> Markup {
    let choices = query::choices(listing, &column.id, scene.frame.reader);
    let taken = query.filters.get(column.id.as_ref());
    let is_taken = |value: &str| taken.is_some_and(|all| all.iter().any(|one| one == value));
    if choices.len() < 2 && taken.is_none() {
        return html! {};
    }
    let id = format!("filter-{}", column.id);
    let several = taken.is_some_and(|values| values.len() > 1);
    html! {
        div {
            label for=(id) { (shown(&column.head)) }
            @if choices.len() > CHOICES {
                input type="text" id=(id) name=(column.id) value=[taken.and_then(|all| all.first())];
            } @else {
                select id=(id) name=(column.id) multiple[several] {
                    @if !several { option value="" { "any" } }
                    @for (value, count) in choices.iter() {
                        option value=(value) selected[is_taken(value)] {
                            (shown(value)) " (" (grouped(&count.to_string())) ")"
                        }
                    }
                }
            }
        }
    }
}

/// What narrows the list, each with a link that takes it away.
fn taken(scene: &Scene<'_>, listing: &Listing, query: &Query) -> Markup {
    if !query.narrows() {
        return html! {};
    }
    let to = |query: &Query| scene.href(&format!("{}{}", scene.path, query.at(1).asked()));
    let head = |id: &str| {
        let column = listing.of.columns.iter().find(|column| column.id == id);
        column.map_or_else(|| id.to_owned(), |column| column.head.to_string())
    };
    html! {
        ul.chosen aria-label="What narrows the list" {
            @if !query.words.is_empty() {
                @let rest = Query { words: String::new(), ..query.clone() };
                li { a href=[to(&rest)] { span.vh { "Remove: " } "\u{201c}" (shown(&query.words)) "\u{201d} " span aria-hidden="true" { "\u{d7}" } } }
            }
            @for (column, values) in &query.filters {
                @for value in values {
                    li {
                        a href=[to(&query.without(column, value))] {
                            span.vh { "Remove: " } (shown(&head(column))) ": " (shown(value)) " "
                            span aria-hidden="true" { "\u{d7}" }
                        }
                    }
                }
            }
        }
    }
}

fn count(listing: &Listing, query: &Query, chosen: &Chosen<'_>) -> Markup {
    let all = chosen.total;
    let first = (query.page - 1).saturating_mul(query.size) + 1;
    let last = first + chosen.rows.len().saturating_sub(1);
    html! {
        p.count {
            span {
                @let several = noun(listing.of.title);
                @let of_pages = query.pages(all) > 1 && !chosen.rows.is_empty();
                @if of_pages {
                    (grouped(&first.to_string())) "\u{2013}" (grouped(&last.to_string())) " of "
                }
                @match &several {
                    Some(several) => (counted(all, listing.of.one, several)),
                    None => (grouped(&all.to_string())),
                }
                @if query.narrows() {
                    " found"
                } @else if several.is_none() && !of_pages {
                    " in all"
                }
            }
        }
    }
}

/// What several of them are called within a sentence, unless the title of all is no such noun.
fn noun(title: &str) -> Option<String> {
    if title.starts_with("What ") || title.contains(" by ") {
        return None;
    }
    let mut letters = title.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    // An abbreviation stays in capitals.
    if rest.starts_with(char::is_uppercase) {
        return Some(title.to_owned());
    }
    Some(first.to_lowercase().chain(rest.chars()).collect())
}

/// Links to the pages around this one, the first and the last.
fn pages(scene: &Scene<'_>, query: &Query, total: usize) -> Markup {
    let last = query.pages(total);
    if last < 2 {
        return html! {};
    }
    let to = |page: usize| scene.href(&scene.page_path(query, page));
    let near = query.page.saturating_sub(2)..=query.page.saturating_add(2);
    let shown: Vec<usize> = (1..=last)
        .filter(|page| *page == 1 || *page == last || near.contains(page))
        .collect();
    html! {
        nav.pages aria-label="Pages" {
            ul {
                @if query.page > 1 { li { a href=[to(query.page - 1)] rel="prev" { "Previous" } } }
                @for (at, page) in shown.iter().enumerate() {
                    @if at > 0 && shown[at - 1] + 1 < *page { li { span.gap { "\u{2026}" } } }
                    @if *page == query.page {
                        li { span aria-current="page" { span.vh { "Page " } (page) } }
                    } @else {
                        li { a href=[to(*page)] { span.vh { "Page " } (page) } }
                    }
                }
                @if query.page < last { li { a href=[to(query.page + 1)] rel="next" { "Next" } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::noun;

    #[test]
    fn a_title_begins_small_within_a_sentence_unless_it_is_an_abbreviation() {
        assert_eq!(noun("Mailing groups").as_deref(), Some("mailing groups"));
        assert_eq!(noun("DNS records").as_deref(), Some("DNS records"));
        assert_eq!(noun("What moves"), None);
        assert_eq!(noun("Spend by owner and month"), None);
    }
}
