//! Any figures make a drawing that browsers and screen readers can read.

use chart::{About, Band, Burn, Chart, Item, Mark, Point, STYLE, Series, Value};
use proptest::prelude::*;

fn about<'a>(title: &'a str, axis: &'a dyn Fn(f64) -> String) -> About<'a> {
    About {
        id: "it",
        title,
        desc: "What it shows.",
        heading: "Month",
        axis,
    }
}

fn plain(number: f64) -> String {
    format!("{number:e}")
}

fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        Just(0.0),
        Just(-0.0),
        Just(f64::MAX),
        Just(f64::MIN),
        Just(5e-324),
        Just(f64::NAN),
        Just(f64::INFINITY),
        -1e6..1e6,
        any::<f64>(),
    ];
    (number, any::<String>()).prop_map(|(number, text)| Value::new(number, text))
}

fn band() -> impl Strategy<Value = Band> {
    (value(), value(), value()).prop_map(|(low, middle, high)| Band { low, middle, high })
}

fn mark() -> impl Strategy<Value = Option<Mark>> {
    let mark = (any::<i32>(), any::<String>(), any::<String>());
    prop::option::of(mark.prop_map(|(day, label, what)| Mark { day, label, what }))
}

/// The drawing is XML, names itself, has finite places only, and its table is rectangular.
fn judge(chart: &Chart) {
    let figure = chart.figure();
    let document = roxmltree::Document::parse(&figure).expect(&figure);
    let svg = document
        .descendants()
        .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "svg")))
        .expect("an svg");
    assert_eq!(svg.attribute("role"), Some("img"));
    for id in svg.attribute("aria-labelledby").expect("labels").split(' ') {
        let named = document
            .descendants()
            .filter(|node| node.attribute("id") == Some(id));
        assert_eq!(named.count(), 1, "{id}");
    }
    let places = [
        "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "points",
    ];
    for node in svg.descendants() {
        for attribute in node.attributes().filter(|a| places.contains(&a.name())) {
            for number in attribute.value().split([' ', ',']) {
                let number: f64 = number.parse().expect("a number");
                assert!((0.0..1e5).contains(&number), "{number}");
            }
        }
        for class in node
            .attribute("class")
            .unwrap_or_default()
            .split_ascii_whitespace()
        {
            let known = class == "ch" || STYLE.contains(&format!(".{class}"));
            assert!(known, "{class} has no looks");
        }
    }
    let width = chart.table.headers.len();
    assert!(chart.table.rows.iter().all(|row| row.len() == width));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_figures_make_well_formed_bars(
        periods in prop::collection::vec(any::<String>(), 0..30),
        parts in prop::collection::vec((any::<String>(), prop::collection::vec(value(), 0..30)), 0..11),
        title in any::<String>(),
    ) {
        let series: Vec<Series> = parts.into_iter().map(|(name, values)| Series { name, values }).collect();
        let about = about(&title, &plain);
        let chart = chart::stacked(&about, &periods, &series);
        judge(&chart);
        prop_assert_eq!(&chart, &chart::stacked(&about, &periods, &series));
    }

    #[test]
    fn any_figures_make_well_formed_lines(
        periods in prop::collection::vec(any::<String>(), 0..8),
        past in prop::collection::vec(value(), 0..40),
        ahead in prop::collection::vec(band(), 0..9),
        title in any::<String>(),
    ) {
        judge(&chart::lines(&about(&title, &plain), &periods, &past, &ahead));
        judge(&chart::spark(&about(&title, &plain), &periods, &past));
    }

    #[test]
    fn any_figures_make_a_well_formed_ranking(
        items in prop::collection::vec((any::<String>(), value(), any::<bool>()), 0..9),
        whole in prop::option::of(any::<f64>()),
    ) {
        let items: Vec<Item> =
            items.into_iter().map(|(name, value, marked)| Item { name, value, marked }).collect();
        judge(&chart::ranking(&about("Ranking", &plain), &items, whole));
    }

    #[test]
    fn any_figures_make_a_well_formed_burn_down(
        past in prop::collection::vec((any::<i32>(), any::<String>(), value()), 0..40),
        ahead in prop::collection::vec((any::<i32>(), any::<String>(), band()), 0..9),
        ends in [mark(), mark(), mark()],
        mark in mark(),
    ) {
        let past = past.into_iter().map(|(day, label, left)| Point { day, label, left }).collect();
        judge(&chart::burn_down(&about("Left", &plain), &Burn { past, ahead, ends, mark }));
    }
}

#[test]
fn the_table_has_the_figures_of_the_drawing_as_the_caller_writes_them() {
    let series = [Series {
        name: "Fastly <cdn>".into(),
        values: vec![Value::new(1.5, "$1.50"), Value::new(-2.0, "-$2.00")],
    }];
    let periods = ["2026-01".to_owned(), "2026-02".to_owned()];
    let chart = chart::stacked(&about("Spend", &plain), &periods, &series);
    assert_eq!(chart.table.headers, ["Month", "Fastly <cdn>"]);
    assert_eq!(
        chart.table.rows,
        [["2026-01", "$1.50"], ["2026-02", "-$2.00"]]
    );
    assert!(chart.svg.contains("2026-02, Fastly &lt;cdn&gt;: -$2.00"));
    assert!(
        chart
            .figure()
            .contains("<th scope=\"col\">Fastly &lt;cdn&gt;</th>")
    );
}

#[test]
fn a_burn_down_says_when_it_ends_to_whoever_cannot_see_it() {
    let end = |day: i32, label: &str| {
        Some(Mark {
            day,
            label: label.into(),
            what: "ends".into(),
        })
    };
    let burn = Burn {
        past: vec![
            Point {
                day: 0,
                label: "2026-01-01".into(),
                left: Value::new(94.0, "$94k"),
            },
            Point {
                day: 10,
                label: "2026-01-11".into(),
                left: Value::new(66.0, "$66k"),
            },
        ],
        ends: [
            end(30, "2026-01-31"),
            end(34, "2026-02-04"),
            end(40, "2026-02-10"),
        ],
        ..Burn::default()
    };
    let chart = chart::burn_down(&about("Left", &plain), &burn);
    assert!(chart.svg.contains(
        "On 2026-01-11 $66k is left. It ends: early (P10) 2026-01-31, likely (P50) 2026-02-04, late (P90) 2026-02-10."
    ));
}

#[test]
fn parts_of_a_whole_are_drawn_against_it() {
    let items = [Item {
        name: "a".into(),
        value: Value::new(1.0, "1 of 4"),
        marked: false,
    }];
    let svg = |whole| chart::ranking(&about("Ranking", &plain), &items, whole).svg;
    assert!(svg(None).contains("width=\"560\""));
    assert!(svg(Some(4.0)).contains("width=\"140\""));
}

#[test]
fn nothing_outside_is_asked_for_and_no_colour_is_fixed_in_a_drawing() {
    let items = [Item {
        name: "a".into(),
        value: Value::new(1.0, "1"),
        marked: true,
    }];
    let svg = chart::ranking(&about("Ranking", &plain), &items, None).svg;
    assert!(!svg.contains("href") && !svg.contains("#fff") && !svg.contains("<script"));
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
}
