//! The drawing that the charts over time share: a plot with its two axes, and a legend.

use std::fmt::Write as _;

use crate::axis::{Axis, thinned};
use crate::figure::{About, open};
use crate::text::{fit, number, width, xml};

/// How wide drawings are, in their own units.
pub(crate) const WIDTH: f64 = 560.0;
/// The largest that text gets, on phones; room is left for it everywhere.
pub(crate) const LARGE: f64 = 17.0;
/// How high the plot is.
const HEIGHT: f64 = 210.0;
const TOP: f64 = 14.0;
/// The plot from its top to its bottom.
pub(crate) const SPAN: (f64, f64) = (TOP, TOP + HEIGHT);
const RIGHT: f64 = 14.0;
/// How high the row of labels below the plot is.
const BELOW: f64 = 26.0;
/// How high a row of the legend is.
const ROW: f64 = 24.0;

/// The plot, and where things are in it.
pub(crate) struct Plot {
    axis: Axis,
    left: f64,
}

impl Plot {
    /// A plot of some amounts.
    pub(crate) fn of(about: &About<'_>, numbers: impl IntoIterator<Item = f64>) -> Self {
        let axis = Axis::over(numbers, 4.0);
        let label = |&tick: &f64| width(&(about.axis)(tick), LARGE);
        let widest = axis.ticks.iter().map(label).fold(0.0, f64::max);
        let left = (widest + 8.0).min(WIDTH / 3.0);
        Self { axis, left }
    }

    /// The place from left to right of a share of the way.
    pub(crate) fn x(&self, share: f64) -> f64 {
        self.left + share.clamp(0.0, 1.0) * self.breadth()
    }

    /// How far it is from left to right.
    pub(crate) fn breadth(&self) -> f64 {
        WIDTH - RIGHT - self.left
    }

    /// The place from top to bottom of an amount.
    pub(crate) fn y(&self, amount: f64) -> f64 {
        TOP + (1.0 - self.axis.share(amount)) * HEIGHT
    }

    /// The whole drawing: axes, then what is drawn into the plot, then the legend.
    pub(crate) fn finish(
        &self,
        about: &About<'_>,
        desc: &str,
        labels: &[(f64, &str)],
        body: &str,
        legend: &Legend,
    ) -> String {
        let height = TOP + HEIGHT + BELOW + legend.height();
        let mut svg = open(about, desc, "ch", (WIDTH, height));
        self.lines(&mut svg, about);
        svg.push_str(body);
        write_labels(&mut svg, labels);
        let _ = writeln!(
            svg,
            "<g transform=\"translate(0 {})\">\n{}</g>\n</svg>",
            number(TOP + HEIGHT + BELOW),
            legend.body
        );
        svg
    }

    fn lines(&self, svg: &mut String, about: &About<'_>) {
        for &tick in &self.axis.ticks {
            let y = number(self.y(tick));
            let class = if tick == 0.0 { "ch-zero" } else { "ch-grid" };
            let label = fit(&(about.axis)(tick), LARGE, self.left);
            let _ = writeln!(
                svg,
                "<line class=\"{class}\" x1=\"{left}\" x2=\"{right}\" y1=\"{y}\" y2=\"{y}\"/>\
                 <text class=\"ch-soft\" text-anchor=\"end\" dy=\".35em\" x=\"{end}\" y=\"{y}\">{label}</text>",
                left = number(self.left),
                right = number(WIDTH - RIGHT),
                end = number(self.left - 6.0),
                label = xml(&label),
            );
        }
    }
}

/// The labels below the plot, as many as have room.
fn write_labels(svg: &mut String, labels: &[(f64, &str)]) {
    for at in thinned(labels, LARGE) {
        let (x, label) = labels[at];
        let half = width(label, LARGE) / 2.0;
        let _ = writeln!(
            svg,
            "<text class=\"ch-soft\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>",
            number(x.clamp(half.min(WIDTH / 2.0), (WIDTH - half).max(WIDTH / 2.0))),
            number(TOP + HEIGHT + BELOW - 7.0),
            xml(label)
        );
    }
}

/// What the marks of a drawing mean, in as many rows as are needed.
#[derive(Default)]
pub(crate) struct Legend {
    body: String,
    at: (f64, f64),
}

impl Legend {
    /// A mark of 22 by 14 units at the origin, and what it means.
    pub(crate) fn add(&mut self, mark: &str, means: &str) {
        let label = fit(means, LARGE, WIDTH - 40.0);
        let wide = 28.0 + width(&label, LARGE) + 14.0;
        if self.at.0 > 0.0 && self.at.0 + wide > WIDTH {
            self.at = (0.0, self.at.1 + ROW);
        }
        let _ = writeln!(
            self.body,
            "<g transform=\"translate({} {})\">{mark}<text dy=\".35em\" x=\"28\" y=\"11\">{}</text></g>",
            number(self.at.0),
            number(self.at.1),
            xml(&label)
        );
        self.at.0 += wide;
    }

    /// The same, in a row of its own.
    pub(crate) fn row(&mut self, mark: &str, means: &str) {
        if self.at.0 > 0.0 {
            self.at = (0.0, self.at.1 + ROW);
        }
        self.add(mark, means);
        self.at.0 = WIDTH;
    }

    fn height(&self) -> f64 {
        if self.body.is_empty() {
            0.0
        } else {
            self.at.1 + ROW
        }
    }
}

/// A line through points.
pub(crate) fn polyline(class: &str, points: &[(f64, f64)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{},{}", number(*x), number(*y)))
        .collect();
    match points.len() {
        0 | 1 => String::new(),
        _ => format!(
            "<polyline class=\"{class}\" points=\"{}\"/>\n",
            points.join(" ")
        ),
    }
}

/// A dot that says its figure when pointed at.
pub(crate) fn dot((x, y): (f64, f64), radius: f64, says: &str) -> String {
    format!(
        "<circle class=\"ch-dot\" cx=\"{}\" cy=\"{}\" r=\"{}\"><title>{}</title></circle>\n",
        number(x),
        number(y),
        number(radius),
        xml(says)
    )
}

/// The area between an upper and a lower line over the same places.
pub(crate) fn area(upper: &[(f64, f64)], lower: &[(f64, f64)]) -> String {
    if upper.len() < 2 {
        return String::new();
    }
    let around: Vec<String> = upper
        .iter()
        .chain(lower.iter().rev())
        .map(|(x, y)| format!("{},{}", number(*x), number(*y)))
        .collect();
    format!(
        "<polygon class=\"ch-band\" points=\"{}\"/>\n",
        around.join(" ")
    )
}

/// The marks of legends.
pub(crate) const LINE: &str = "<line class=\"ch-line\" x1=\"0\" x2=\"22\" y1=\"11\" y2=\"11\"/>";
pub(crate) const AHEAD: &str =
    "<line class=\"ch-line ch-ahead\" x1=\"0\" x2=\"22\" y1=\"11\" y2=\"11\"/>";
pub(crate) const BAND: &str =
    "<rect class=\"ch-band\" x=\"0\" y=\"4\" width=\"22\" height=\"14\"/>";
