//! One page that works without network and script.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::section::{Cell, Headline, Part, Row, Section, Table, visible};

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1a222d;--page:#fff;--soft:#4f5b69;--line:#d5dae1;--bad:#b3261e;--badground:#fdecea;--good:#1b6e33;--goodground:#e8f4eb;--focus:#1a5fc4}\n\
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf2;--page:#11151b;--soft:#aeb9c7;--line:#333c48;--bad:#ff8f85;--badground:#3a1d1b;--good:#8ddb9c;--goodground:#16301d;--focus:#7db4ff}}\n\
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);margin:0 auto;max-width:76rem;padding:1rem}\
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.25rem;margin:2.25rem 0 .5rem;border-top:1px solid var(--line);padding-top:1rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}\
p,li{max-width:46rem;overflow-wrap:anywhere}.soft,caption,footer{color:var(--soft)}\n\
.act{border-left:.4rem solid var(--good);background:var(--goodground);padding:.5rem 1rem}.act p{margin:.35rem 0;max-width:60rem;font-size:1.125rem}.act p.soft{font-size:1rem}.act .days strong{font-size:2.5rem;line-height:1.1}\
.act.now{border-color:var(--bad);background:var(--badground)}.act.now strong{color:var(--bad)}\n\
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;margin:.5rem 0}nav a{display:inline-block;padding:.2rem 0}a{color:var(--focus)}\n\
.wide{overflow-x:auto;margin:.75rem 0}table{border-collapse:collapse;min-width:min(100%,30rem)}caption{text-align:left;padding:.25rem 0;font-size:.9375rem}caption span{display:block;max-width:calc(100vw - 2rem)}\
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}thead th{border-bottom:2px solid var(--line);vertical-align:bottom}\
tbody th{font-weight:500;min-width:9rem;overflow-wrap:anywhere}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.t{min-width:10rem;max-width:32rem;overflow-wrap:anywhere}\
tfoot th,tfoot td{border-top:2px solid var(--line);border-bottom:0;font-weight:600}.ch-figure td{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
.mark>th{color:var(--bad);font-weight:700}\n\
summary{cursor:pointer;padding:.25rem 0}summary:focus-visible,a:focus-visible,.wide:focus-visible{outline:3px solid var(--focus);outline-offset:2px}\
@media print{nav{display:none}.wide{overflow:visible}}\n";

/// Whatever is in a bill, the page loads and runs nothing.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The sections below each other, with links to each.
pub fn html(title: &str, headline: &Headline, sections: &[Section]) -> String {
    let page = maud::html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (visible(title)) }
                style { (PreEscaped(STYLE)) (PreEscaped(chart::STYLE)) }
            }
            body {
                header {
                    h1 { (visible(title)) }
                    (above(headline))
                    nav aria-label="Sections" {
                        ul {
                            @for section in sections {
                                li { a href={ "#" (section.id) } { (section.title) } }
                            }
                        }
                    }
                }
                main {
                    @for section in sections { (one(section)) }
                }
            }
        }
    };
    page.into_string()
}

fn above(headline: &Headline) -> Markup {
    let text = visible(&headline.text);
    let (number, unit) = &headline.number;
    html! {
        div class=(if headline.now { "act now" } else { "act" }) {
            @if !number.is_empty() {
                p class="days" { strong { (visible(number)) } " " (visible(unit)) }
            }
            @if !headline.note.is_empty() { p class="soft" { (visible(&headline.note)) } }
            @match text.split_once(": ").filter(|_| headline.now) {
                Some((first, rest)) => p { strong { (first) ":" } " " (rest) },
                None => p { (text) },
            }
        }
    }
}

fn one(section: &Section) -> Markup {
    html! {
        section id=(section.id) aria-labelledby={ "h-" (section.id) } {
            h2 id={ "h-" (section.id) } { (section.title) }
            @for part in &section.parts {
                @match part {
                    Part::Text(text) => p { (visible(text)) },
                    Part::Heading(text) => h3 { (visible(text)) },
                    Part::List(items) => ul { @for item in items { li { (visible(item)) } } },
                    Part::Table(shown) => (table(shown)),
                    Part::Chart(chart, _) => (PreEscaped(chart.figure())),
                }
            }
        }
    }
}

fn table(table: &Table) -> Markup {
    let caption = visible(&table.caption);
    let right: Vec<bool> = (0..table.columns.len())
        .map(|at| {
            let figure = |row: &Row| row.cells.get(at).is_some_and(Cell::is_figure);
            table.rows.iter().any(figure)
        })
        .collect();
    html! {
        div class="wide" tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { span { (caption) } }
                thead {
                    tr {
                        @for (column, right) in table.columns.iter().zip(&right) {
                            th scope="col" class=[right.then_some("n")] { (visible(&column.head)) }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr class=[row.marked.then_some("mark")] {
                            @for (at, shown) in row.cells.iter().enumerate() { (cell(at, shown)) }
                        }
                    }
                }
                @if let Some(row) = &table.total {
                    tfoot {
                        tr { @for (at, shown) in row.cells.iter().enumerate() { (cell(at, shown)) } }
                    }
                }
            }
            @if let Some(rounding) = table.rounding() { p class="soft" { (rounding) } }
        }
    }
}

fn cell(at: usize, cell: &Cell) -> Markup {
    let text = visible(&cell.shown());
    html! {
        @match cell {
            // A name in another script must not reorder the figures beside it.
            Cell::Name(_) | Cell::Text(_) | Cell::Total if at == 0 => th scope="row" { bdi { (text) } },
            Cell::Name(_) | Cell::Text(_) | Cell::Total => td class="t" { bdi { (text) } },
            Cell::Day(day) => td class="n" { time datetime=(day.to_string()) { (text) } },
            _ => td class="n" title=[cell.exact()] { (text) },
        }
    }
}
