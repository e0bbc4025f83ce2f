//! The history as sections of a document.

use document::{Cell, Column, Headline, Section, Table};
use jiff::civil::Date;

use super::{Ahead, Backtest, By, Count, Ends, History, Outlook, Point, Tried, draw};

/// So many groups are shown, those that have or had most left first.
const GROUPS: usize = 20;

impl History {
    /// The drawing of the curve on its own.
    pub fn svg(&self) -> String {
        let svg = draw::course(self).svg;
        // Inside a page the style stands once; a drawing on its own brings it.
        match svg.split_once(">\n") {
            Some((open, rest)) => format!("{open}>\n<style>{}</style>\n{rest}", chart::STYLE),
            None => svg,
        }
    }

    /// One page that works without network and script.
    pub fn html(&self, by: &[By]) -> String {
        let (title, headline, sections) = self.document(by);
        document::html(&title, &headline, &sections)
    }

    /// For a terminal.
    pub fn text(&self, by: &[By]) -> String {
        let (title, headline, sections) = self.document(by);
        document::text(&title, &headline, &sections)
    }

    fn document(&self, by: &[By]) -> (String, Headline, Vec<Section>) {
        let mut sections = vec![self.curve()];
        sections.extend(by.iter().map(|by| self.apart(*by)));
        if !self.events.is_empty() {
            let mut section = Section::new("events", "What happened");
            let line = |event: &super::Event| format!("{}: {}", event.day, event.what);
            section.list(self.events.iter().map(line).collect());
            sections.push(section);
        }
        sections.extend(self.outlook.as_ref().map(|outlook| self.ahead(outlook)));
        if !self.orders.is_empty() {
            sections.push(tried(&self.orders));
        }
        sections.push(self.told());
        (
            format!("{}: history", self.title),
            self.headline(),
            sections,
        )
    }

    fn headline(&self) -> Headline {
        let (Some(last), Some(peak)) = (self.course.points.last(), self.peak()) else {
            return Headline {
                text: "The history holds nothing of this.".to_owned(),
                ..Headline::default()
            };
        };
        let sum = self.sum();
        Headline {
            number: (last.count.left.to_string(), "left".to_owned()),
            note: format!(
                "Of what was left at some time, {} moved and {} were retired without moving.",
                sum.moved, sum.retired
            ),
            text: format!(
                "On {} {} of {} are left; most were left on {}: {}.",
                last.day,
                last.count.left,
                last.count.total(),
                peak.day,
                peak.count.left
            ),
            now: false,
        }
    }

    fn curve(&self) -> Section {
        let mut section = Section::new("course", "The curve");
        section.chart(draw::course(self));
        let mut columns = vec![Column::text("day")];
        let heads = [
            "total",
            "moved",
            "left",
            "+left",
            "copies",
            "now moved",
            "retired",
            "back",
            "+moved",
            "-moved",
            "unread",
        ];
        columns.extend(heads.map(|head| Column::of(head, "things", "")));
        let mut table = Table::new("How things stood as each day began", columns);
        for point in &self.course.points {
            let flow = &point.flow;
            let figures = [
                point.count.total(),
                point.count.moved,
                point.count.left,
                flow.added_left,
                flow.copied_left,
                flow.moved,
                flow.retired,
                flow.moved_back,
                flow.added_moved,
                flow.retired_moved,
                point.unread,
            ];
            let cells = figures.map(count);
            let first = Cell::name(point.day.to_string());
            table.row(std::iter::once(first).chain(cells).collect());
        }
        section.table(table, "The history holds nothing of this.");
        section.say(
            "Since the row before: +left came and is to be moved, copies are those of it that were made for a release; now moved was left and is where it should be; retired was left and is no more; back had moved and is left again; +moved came where it should be; -moved is no more. Unread files count as they last could be read.",
        );
        section
    }

    fn apart(&self, by: By) -> Section {
        let (id, title) = match by {
            By::Cluster => ("by-cluster", "By cluster"),
            By::Owner => ("by-owner", "By owner"),
            By::Kind => ("by-kind", "By kind"),
        };
        let mut section = Section::new(id, title);
        let points = &self.course.points;
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            section.say("The history holds nothing of this.");
            return section;
        };
        let mut groups = self.histories(by, first, last);
        let all = groups.len();
        groups.truncate(GROUPS);
        let mut columns = vec![Column::text(by.name())];
        let days = [first.day, last.day].map(|day| day.to_string());
        columns.push(Column::of(format!("left {}", days[0]), "things", ""));
        columns.push(Column::of("most left", "things", ""));
        columns.push(Column::text("on"));
        columns.push(Column::of(format!("left {}", days[1]), "things", ""));
        columns.push(Column::of("moved", "things", ""));
        columns.push(Column::of("total", "things", ""));
        let mut table = Table::new(format!("{title}, those with most left first"), columns);
        for group in groups {
            let name = if group.name.is_empty() {
                "(none)"
            } else {
                group.name
            };
            table.row(vec![
                Cell::name(name),
                count(group.first.left),
                count(group.most),
                Cell::day(group.on),
                count(group.last.left),
                count(group.last.moved),
                count(group.last.total()),
            ]);
        }
        section.table(table, "The history holds nothing of this.");
        if all > GROUPS {
            section.say(format!(
                "{} more had less; --output csv and json have all, day by day.",
                all - GROUPS
            ));
        }
        section
    }

    /// The groups that there ever were: by what is left, by what was left at most, by name.
    fn histories(&self, by: By, first: &Point, last: &Point) -> Vec<Group<'_>> {
        let mut groups = std::collections::BTreeMap::new();
        for point in &self.course.points {
            for (word, count) in point.by(by) {
                let name = self.words.text(*word);
                let at = |point: &Point| point.by(by).get(word).copied().unwrap_or_default();
                let group = groups.entry(name).or_insert_with(|| Group {
                    name,
                    first: at(first),
                    last: at(last),
                    most: 0,
                    on: None,
                });
                if count.left > group.most {
                    (group.most, group.on) = (count.left, Some(point.day));
                }
            }
        }
        let mut groups: Vec<Group<'_>> = groups.into_values().collect();
        groups.sort_by_key(|group| {
            std::cmp::Reverse((group.last.left, group.most, group.last.total()))
        });
        groups
    }

    fn ahead(&self, outlook: &Outlook) -> Section {
        let mut section = Section::new("outlook", "When it is done");
        match outlook {
            Outlook::Done { since, .. } => {
                section.say(format!("Nothing is left since {since}."));
            }
            Outlook::TooShort { samples, a_month } => {
                let pace = a_month.map_or(String::new(), |a_month| {
                    format!(" On average what is left changed by {a_month:+.1} a month.")
                });
                section.say(format!(
                    "{samples} samples are too few to say when it is done and how far off that may be.{pace}"
                ));
            }
            Outlook::Ahead(ahead) => {
                section.say(said(ahead));
                if let Some(due) = self.due {
                    section.say(due_said(ahead, due));
                }
                section.chart(draw::outlook(self, ahead));
                section.table(steps(ahead), "");
            }
        }
        if let Some(backtest) = outlook.backtest() {
            section.heading("How good such forecasts were");
            section.say(tested(backtest));
            section.table(shown(backtest), "");
        }
        section
    }

    fn told(&self) -> Section {
        let mut section = Section::new("how", "How it was counted");
        let mut lines = vec![format!("Moved is what holds this: {}", self.goal)];
        lines.extend(
            self.scope
                .as_ref()
                .map(|scope| format!("Counted is what holds this: {scope}")),
        );
        lines.push(format!("Files below: {}", self.trees.join(", ")));
        lines.push(
            "A day stands for the last commit before it began, of the first parents of the history. What has a new name was retired and came.".to_owned(),
        );
        lines.extend(self.notes.iter().cloned());
        section.list(lines);
        section
    }
}

/// A group over time.
struct Group<'h> {
    name: &'h str,
    first: Count,
    last: Count,
    most: usize,
    on: Option<Date>,
}

fn count(number: usize) -> Cell {
    Cell::count(number as u64, "")
}

fn or_never(day: Option<Date>) -> String {
    day.map_or_else(|| "not at this pace".to_owned(), |day| day.to_string())
}

fn said(ahead: &Ahead) -> String {
    let Ends { p10, p50, p90 } = ahead.done;
    let when = match (p50, p90) {
        (None, _) => "It is not done at this pace.".to_owned(),
        (Some(likely), None) => format!(
            "Nothing is left by {likely} (P50), in one of ten cases by {} (P10), and in one of ten never (P90).",
            or_never(p10)
        ),
        (Some(likely), Some(late)) => format!(
            "Nothing is left by {likely} (P50), in one of ten cases by {} (P10), and in one of ten later than {late} (P90).",
            or_never(p10)
        ),
    };
    format!(
        "{} are left on {}, and that changes by {:+.1} a month (pace: {}). {when}",
        ahead.left, ahead.from, ahead.a_month, ahead.pace
    )
}

fn due_said(ahead: &Ahead, due: Date) -> String {
    match (ahead.done.p50, ahead.done.p90) {
        (_, Some(late)) if late <= due => {
            format!("It is due on {due}, which nine of ten cases keep.")
        }
        (Some(likely), _) if likely <= due => {
            format!("It is due on {due}, which is more likely kept than not.")
        }
        _ => format!("It is due on {due}, which is more likely missed than kept."),
    }
}

fn steps(ahead: &Ahead) -> Table {
    let columns = ["P10", "P50", "P90"].map(|head| Column::of(head, "things", ""));
    let columns = std::iter::once(Column::text("day")).chain(columns);
    let mut table = Table::new("What will be left", columns.collect());
    for step in &ahead.steps {
        let cells = [step.p10, step.p50, step.p90].map(|left| Cell::text(format!("{left:.0}")));
        let day = Cell::name(step.day.to_string());
        table.row(std::iter::once(day).chain(cells).collect());
    }
    table
}

fn tested(backtest: &Backtest) -> String {
    let ends = backtest.ends_held.map_or(String::new(), |held| {
        format!(
            " Of the days on which nothing was left, {:.0} % came between P10 and P90.",
            held * 100.0
        )
    });
    format!(
        "From {} days of the past, each with what was known by then: {} days later what was left was off by {:.0} on average, {:.0} % of what was left ({:.0} % had it been said that nothing changes), and lay between P10 and P90 in {:.0} % of the cases, where 80 % are meant.{ends}",
        backtest.origins,
        backtest.days,
        backtest.off,
        backtest.off_share * 100.0,
        backtest.no_change_share * 100.0,
        backtest.held * 100.0,
    )
}

fn shown(backtest: &Backtest) -> Table {
    let columns = ["on", "left", "P10", "P50", "P90", "came"];
    let mut table = Table::new(
        "What would have been said",
        columns.map(Column::text).into(),
    );
    for said in &backtest.shown {
        let came = said
            .came
            .map_or_else(|| "not yet".to_owned(), |day| day.to_string());
        table.row(vec![
            Cell::name(said.on.to_string()),
            count(said.left),
            Cell::text(or_never(said.done.p10)),
            Cell::text(or_never(said.done.p50)),
            Cell::text(or_never(said.done.p90)),
            Cell::text(came),
        ]);
    }
    table
}

fn tried(orders: &[Tried]) -> Section {
    let mut section = Section::new("orders", "Whether what was next came next");
    section.say(
        "From days of the past: first what nothing holds, of that first the smallest file. Concordance is the share of pairs that moved in that order; a coin has 0.50. Named as ending by itself is a copy for a release, and what stands in a file of which half went within the year before.",
    );
    let heads = [
        "left",
        "moved",
        "gone",
        "concordance",
        "named as ending",
        "precision",
    ];
    let columns = heads.map(|head| Column::of(head, "things", ""));
    let columns = std::iter::once(Column::text("on")).chain(columns);
    let mut table = Table::new("What came of the order", columns.collect());
    for tried in orders {
        let precision = tried
            .precision
            .map_or(String::new(), |share| format!("{share:.2}"));
        table.row(vec![
            Cell::name(tried.on.to_string()),
            count(tried.left),
            count(tried.moved),
            count(tried.gone),
            Cell::text(format!("{:.2}", tried.concordance)),
            count(tried.named),
            Cell::text(precision),
        ]);
    }
    section.table(table, "");
    section
}
