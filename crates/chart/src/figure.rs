//! What goes into a chart and what comes out.

use crate::text::{id, xml};

/// A figure of a chart: how large it is drawn and how it is written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value {
    /// How large it is drawn. What is no number is not drawn; beyond 10^100 nothing is to scale.
    pub number: f64,
    /// How it is written in the table and when pointed at.
    pub text: String,
}

impl Value {
    /// A figure with its text.
    pub fn new(number: f64, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { number, text }
    }

    /// A number that sums and differences cannot take out of the range of numbers.
    pub(crate) fn drawn(&self) -> f64 {
        const FAR: f64 = 1e100;
        if !self.number.is_finite() || self.number.abs() < 1.0 / FAR {
            return 0.0;
        }
        self.number.clamp(-FAR, FAR)
    }
}

/// What a chart is called and how its axis is written.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// Unique in the page: the ids in the drawing begin with it.
    pub id: &'a str,
    /// What it shows, in a line.
    pub title: &'a str,
    /// What a reader should see in it, for whoever cannot see it; what the chart itself can say is
    /// added.
    pub desc: &'a str,
    /// What the first column of the table holds, for example `Month`.
    pub heading: &'a str,
    /// How a number is written along the axis, short: `$40k`.
    pub axis: &'a dyn Fn(f64) -> String,
}

/// The figures of a chart as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// What its columns hold.
    pub headers: Vec<String>,
    /// Its rows, each as long as the headers; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

/// A drawing and its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// One `<svg>` element to stand in a page that has [`crate::STYLE`].
    pub svg: String,
    /// The same figures.
    pub table: Table,
}

impl Chart {
    /// A `<figure>` with what it shows, the drawing in a region that can be scrolled by keyboard
    /// and, folded away, the table.
    pub fn figure(&self) -> String {
        let caption = xml(&self.table.caption);
        format!(
            "<figure class=\"ch-figure\">\n<figcaption>{caption}</figcaption>\n\
             <div class=\"ch-box\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}: chart\">\n{}</div>\n\
             <details><summary>Figures</summary>\n{}</details>\n</figure>\n",
            self.svg,
            self.table.html()
        )
    }
}

impl Table {
    /// A `<table>` in a region that can be scrolled by keyboard where it is wider than the page.
    pub fn html(&self) -> String {
        let caption = xml(&self.caption);
        let mut html = format!(
            "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}: figures\">\n<table>\n<caption>{caption}</caption>\n<thead><tr>"
        );
        for header in &self.headers {
            html += &format!("<th scope=\"col\">{}</th>", xml(header));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            html.push_str("<tr>");
            for (at, cell) in row.iter().enumerate() {
                let cell = xml(cell);
                html += &match at {
                    0 => format!("<th scope=\"row\">{cell}</th>"),
                    _ => format!("<td>{cell}</td>"),
                };
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n</table>\n</div>\n");
        html
    }
}

/// The beginning of a drawing that its title and description name; it ends with `</svg>`.
pub(crate) fn open(about: &About<'_>, desc: &str, class: &str, size: (f64, f64)) -> String {
    let name = id(about.id);
    let both = [about.desc.trim(), desc.trim()];
    let both: Vec<&str> = both.into_iter().filter(|text| !text.is_empty()).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" role=\"img\" \
         aria-labelledby=\"{name}-title {name}-desc\" viewBox=\"0 0 {} {}\">\n\
         <title id=\"{name}-title\">{}</title>\n<desc id=\"{name}-desc\">{}</desc>\n",
        crate::text::number(size.0),
        crate::text::number(size.1),
        xml(about.title),
        xml(&both.join(" ")),
    )
}
