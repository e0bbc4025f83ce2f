//! Days that were not to be expected, in an invented estate.

mod charges;
mod project;

use base::{Decimal, SourceMap};
use estate::MemoryTree;
use jiff::civil::{Date, date};
use spend::cells::{Category, Cube, DayCell};
use spend::events::{self, Event, Place, Question, Status};
use spend::fx::Rates;
use spend::outlook::{Days, Known, after};
use spend::ownership::Ownership;
use spend::scan::{Input, scan};
use spend::settings::Settings;

use project::{Estate, Project};

const FIRST: Date = date(2025, 1, 1);
/// How many of the last days are not complete.
const INCOMPLETE: u32 = 2;

fn settings(text: &str) -> Settings {
    let tree = MemoryTree::default().with("spend.yaml", text);
    let (settings, findings) = Settings::of(&tree, &mut SourceMap::default());
    assert!(findings.is_empty(), "{findings:?}");
    settings
}

fn day(number: usize) -> Date {
    after(FIRST, i64::try_from(number).expect("a day"))
}

/// What is found on the first day on which the charges of a day are complete.
fn found_when_complete(cube: &Cube, number: usize, settings: &Settings) -> Vec<Event> {
    let today = after(day(number), i64::from(INCOMPLETE) + 1);
    events::find(&Known::of(cube, today, INCOMPLETE), settings)
}

/// All that is found in all days of an estate.
fn found(estate: &Estate) -> Vec<Event> {
    found_when_complete(&estate.cube(), estate.days - 1, &Settings::default())
}

fn place(project: &Project) -> Place {
    Place {
        provider: Some(project.provider.to_owned()),
        account: Some(project.account.to_owned()),
        sub_account: Some(project.name.to_owned()),
        owner: Some(project.owner.to_owned()),
        service: Some(project.service.to_owned()),
    }
}

#[test]
fn two_fifths_more_for_three_days_are_one_event_in_their_project_a_day_after_they_are_known() {
    let none = Settings::default();
    for seed in 0..24 {
        let at = 80 + usize::try_from(seed).expect("small") * 9;
        let mut estate = Estate::of(seed, at + 40);
        let which = usize::try_from(seed % 4).expect("small");
        estate.raise(which, at..at + 3, 1.4);
        let cube = estate.cube();
        let near = |events: Vec<Event>| -> Vec<Event> {
            let touches =
                |event: &Event| event.days.until >= day(at - 3) && event.days.from <= day(at + 6);
            events.into_iter().filter(touches).collect()
        };
        let first = near(found_when_complete(&cube, at + 1, &none));
        let [first] = &first[..] else {
            panic!("{seed}: {first:#?}");
        };
        assert_eq!(first.place, place(&estate.projects[which]), "{seed}");
        assert!(first.open && first.status == Status::New && first.level_since.is_none());
        for known in (at + 2..at + 40).step_by(7) {
            let then = near(found_when_complete(&cube, known, &none));
            let [then] = &then[..] else {
                panic!("{seed}, {known}: {then:#?}");
            };
            assert_eq!(
                (&then.id, then.days.from),
                (&first.id, first.days.from),
                "{seed}, {known}"
            );
            assert_eq!(then.place, first.place, "{seed}, {known}");
        }
    }
}

#[test]
fn a_clean_estate_has_at_most_one_event_in_a_hundred_months_of_its_projects() {
    let (mut count, mut months) = (0, 0);
    for seed in 100..120 {
        let estate = Estate::of(seed, 560);
        count += found(&estate).len();
        months += estate.projects.len() * 18;
    }
    assert!(count * 100 <= months, "{count} in {months}");
}

#[test]
fn amounts_are_exact_and_what_explains_an_event_adds_up_to_it() {
    let mut estate = Estate::of(5, 200);
    for project in 0..estate.projects.len() {
        estate.raise(project, 150..153, 1.5);
    }
    let events = found(&estate);
    let [event] = &events[..] else {
        panic!("{events:#?}");
    };
    let days = Days {
        from: day(150),
        until: day(152),
    };
    assert_eq!((event.days, event.place.sub_account.as_ref()), (days, None));
    let cube = estate.cube();
    let usage = |cell: &&DayCell| cell.kind.category == Category::Usage && days.contains(cell.day);
    let gross: Decimal = cube.days.iter().filter(usage).map(DayCell::gross).sum();
    assert_eq!(event.actual, gross);
    let whole: Decimal = event.contributors.iter().map(|one| one.more).sum();
    assert!(event.contributors.len() == 5 && whole < event.more());
    assert!(
        event
            .contributors
            .windows(2)
            .all(|pair| pair[0].more >= pair[1].more)
    );
}

#[test]
fn a_price_that_rises_for_a_whole_provider_is_one_event_of_it() {
    let mut estate = Estate::of(6, 200);
    let of_one = |project: &Project| project.provider == "cloud";
    for project in 0..estate.projects.len() {
        if of_one(&estate.projects[project]) {
            estate.raise(project, 150..200, 1.35);
        }
    }
    let events = found(&estate);
    let [event] = &events[..] else {
        panic!("{events:#?}");
    };
    let place = &event.place;
    assert_eq!(
        (place.provider.as_deref(), place.sub_account.as_ref()),
        (Some("cloud"), None)
    );
    assert_eq!(
        (event.days.from, event.level_since),
        (day(150), Some(day(163)))
    );
    assert!(!event.also.is_empty());
}

#[test]
fn what_happens_in_two_places_at_different_times_are_two_events() {
    let mut estate = Estate::of(7, 220);
    estate.raise(0, 150..153, 1.6);
    estate.raise(1, 170..172, 1.6);
    let events = found(&estate);
    let names: Vec<_> = events
        .iter()
        .map(|event| event.place.sub_account.as_deref())
        .collect();
    let of = |number: usize| Some(estate.projects[number].name);
    assert_eq!(names, [of(1), of(0)], "the newest first");
}

#[test]
fn a_project_that_begins_is_an_event_until_it_is_the_level() {
    let mut estate = Estate::of(8, 200);
    estate.raise(2, 0..150, 0.0);
    let events = found(&estate);
    let [event] = &events[..] else {
        panic!("{events:#?}");
    };
    assert_eq!(
        event.place.sub_account.as_deref(),
        Some(estate.projects[2].name)
    );
    assert_eq!((event.expected, event.percent()), (Decimal::ZERO, None));
    assert_eq!(event.level_since, Some(day(163)));
}

#[test]
fn credits_taxes_and_days_that_are_not_complete_are_no_events() {
    let mut estate = Estate::of(9, 200);
    estate.credit_from = Some(150);
    estate.partial_from = Some(197);
    let cube = estate.cube();
    let events = found_when_complete(&cube, 196, &Settings::default());
    assert!(events.is_empty(), "{events:#?}");
}

#[test]
fn what_is_charged_each_month_on_the_same_day_is_no_event() {
    let mut estate = Estate::of(10, 300);
    for number in (0..300).filter(|&number| day(number).day() == 3) {
        estate.add(0, number, 3_000);
    }
    let events = found(&estate);
    assert!(events.is_empty(), "{events:#?}");
}

fn load_test() -> (Estate, Event) {
    let mut estate = Estate::of(11, 200);
    estate.raise(1, 150..156, 1.8);
    let mut events = found(&estate);
    assert_eq!(events.len(), 1, "{events:#?}");
    (estate, events.remove(0))
}

fn status(estate: &Estate, text: &str) -> Status {
    let events = found_when_complete(&estate.cube(), estate.days - 1, &settings(text));
    assert_eq!(events.len(), 1, "it is recorded");
    events[0].status.clone()
}

fn planned(until: Date, project: &str) -> String {
    let (from, link) = (day(149), "https://example.org/7");
    format!(
        "planned:\n  - name: load test\n    from: {from}\n    until: {until}\n    link: {link}\n    \
         scope: {{ provider: cl*, sub_account: {project} }}\n"
    )
}

#[test]
fn what_is_planned_is_recorded_and_what_outlasts_its_plan_is_told() {
    let (estate, event) = load_test();
    let project = event.place.sub_account.clone().expect("one project");
    let status_of = |until: Date, project: &str| status(&estate, &planned(until, project));
    let within = status_of(day(156), &project);
    assert_eq!(
        within.to_string(),
        "planned: load test (https://example.org/7)"
    );
    assert!(!within.is_open());
    let short = status_of(day(153), &project);
    assert!(
        matches!(short, Status::Outlasted { until, .. } if until == day(153)) && short.is_open()
    );
    assert_eq!(status_of(day(150), &project), Status::New);
    assert_eq!(status_of(day(156), "another"), Status::New);
}

#[test]
fn what_somebody_looked_at_stays_looked_at_and_an_unknown_id_is_told() {
    let (estate, event) = load_test();
    let of = |id: &str| format!("acknowledged:\n  - event: {id}\n    reason: a test at scale\n");
    let acknowledged = status(&estate, &of(&event.id));
    assert_eq!(acknowledged.to_string(), "acknowledged: a test at scale");
    let slip = settings(&of(&format!("{}0", event.id)));
    let events = vec![event];
    assert_eq!(status(&estate, &of("2025-01-01-00000000")), Status::New);
    let findings = events::acknowledged_in_vain(&events, &slip);
    let [finding] = &findings[..] else {
        panic!("{findings:?}");
    };
    assert_eq!(finding.code.id, "spend-event-unknown");
    let help = format!("{finding:?}");
    assert!(
        help.contains(&format!("did you mean `{}`?", events[0].id)),
        "{help}"
    );
}

#[test]
fn an_event_is_named_by_its_id_or_what_only_its_id_begins_with() {
    let mut estate = Estate::of(7, 220);
    estate.raise(0, 150..153, 1.6);
    estate.raise(1, 170..172, 1.6);
    let events = found(&estate);
    let by = |text: &str| events::named(&events, text).map(|event| event.id.clone());
    let newest = events[0].id.clone();
    assert_eq!(by(&newest), Ok(newest.clone()));
    assert_eq!(by(&newest[..10]), Ok(newest));
    let several = by("2025-0").expect_err("two").to_string();
    assert!(
        several.starts_with("`2025-0` begins the ids of several events: "),
        "{several}"
    );
    assert!(by("").is_err());
    let unknown = by("2024").expect_err("none").to_string();
    assert!(unknown.starts_with("there is no event `2024`"), "{unknown}");
}

#[test]
fn asked_charges_name_the_price_that_rose() {
    let (estate, mut event) = load_test();
    let question = event.question();
    assert_eq!(
        (question.days.until, &question.place),
        (event.days.until, &event.place)
    );
    assert!(question.days.from <= after(event.days.from, -28));
    let file = charges::write(&estate, |project| {
        if project == 1 {
            (1.8, 150..156)
        } else {
            (1.0, 0..0)
        }
    });
    let nobody = Ownership::nobody();
    let place = Place {
        owner: None,
        service: None,
        ..question.place.clone()
    };
    let question = Question { place, ..question };
    let sums = scan(&[Input::file(file.path())], &question.scan(&nobody)).expect("sums");
    let details = question.details(&sums[0], &Rates::of(None));
    assert_eq!(
        details.len(),
        3 * usize::try_from(question.days.count()).expect("days")
    );

    let cad = Question {
        currency: "CAD".parse().expect("a currency"),
        ..question
    };
    let rate = "fx:\n  policy: fixed\n  rates:\n    - {date: 2025-01-01, from: USD, to: CAD, rate: 1.4, source: bank}\n";
    let converted = cad.details(&sums[0], &Rates::of(settings(rate).fx.as_ref()));
    assert_eq!(converted.len(), details.len());
    let more = Decimal::whole(14).over(Decimal::whole(10));
    assert_eq!(
        details[0].gross.times(more.expect("a rate").value),
        Some(base::Rounded {
            value: converted[0].gross,
            residue: 0,
            exact: true
        })
    );
    assert_eq!(cad.details(&sums[0], &Rates::of(None)), []);

    let plan = "planned:\n  - { name: load test, from: 2025-05-01, until: 2025-12-01, scope: { service: Compute } }\n";
    assert_eq!(
        status(&estate, plan),
        Status::New,
        "the service is not known yet"
    );
    event.explain(&details, &settings(plan));
    let [top, ..] = &event.contributors[..] else {
        panic!("{event:#?}");
    };
    assert_eq!(
        (top.vendor_service.as_deref(), top.sku.as_deref()),
        (Some("Compute"), Some("cores"))
    );
    assert!(top.percent >= Some(Decimal::whole(90)), "{top}");
    assert!(matches!(event.status, Status::Planned { .. }));
    let before = event.clone();
    event.explain(&[], &Settings::default());
    assert_eq!(event, before);
}

#[test]
fn an_event_reads_as_a_line_and_as_json() {
    let (_, event) = load_test();
    let line = event.to_string();
    assert!(
        line.starts_with("2025-05-31 to 2025-06-05: cloud, "),
        "{line}"
    );
    assert!(
        line.contains(" more than the $") && line.ends_with(" %)"),
        "{line}"
    );
    let json = serde_json::to_value(&event).expect("JSON");
    assert_eq!(json["direction"], "up");
    assert_eq!(json["status"]["is"], "new");
    assert_eq!(json["id"].as_str().map(str::len), Some(19));
}
