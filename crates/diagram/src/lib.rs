//! Draws a directed dependency graph, clustered by owner, as SVG, Graphviz DOT and Mermaid.
//!
//! The crate knows nodes, edges and boxes, and nothing else. It must never know the estate whose
//! services it draws, the network, the clock or the disk: everything it shows is in [`Diagram`], and
//! the same `Diagram` gives the same bytes on every machine. For that reason the layout uses only
//! arithmetic that IEEE 754 defines exactly (no `exp`, no `ln`) and a fixed pseudo-random sequence.
//!
//! # How the SVG is laid out
//!
//! Every node sits in one cell of a single grid, every cluster in its own rectangle of cells, and
//! every edge runs in the channels between cells. Boxes therefore cannot overlap, and lines cannot
//! run through a node, whatever the input:
//!
//! 1. cycles are broken and nodes layered, for each cluster by itself (`layout::layers`,
//!    `layout::order`);
//! 2. clusters are shaped, packed into bands and exchanged until the lines are short and the page is
//!    landscape (`layout::pack`, `layout::place`);
//! 3. edges are routed through the channels, those with the same target and kind sharing one trunk,
//!    so that thirty services which depend on one hub are one line with thirty branches
//!    (`layout::route`);
//! 4. lines that share a channel are given lanes, and lanes give channels their width
//!    (`layout::lanes`).

// Pixel coordinates and grid indices are far below 2^52 and never negative where they are cast, so
// that the conversions between them are exact.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod dot;
mod kinds;
mod layout;
mod mermaid;
mod svg;
pub mod text;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;

/// The looks of all drawings, for pages that hold some; light and dark. Every colour is a custom
/// property of `.dg` that the page may set itself.
pub fn style() -> String {
    svg::style()
}

/// A drawing's input.
///
/// Indices that point nowhere do no harm: an edge whose end is out of range is ignored, and a node
/// whose cluster is out of range is drawn outside every cluster. A cluster without nodes is left out
/// of the drawing. Repeated edges are drawn once and counted in the tooltip.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    /// What the drawing is called; shown above it and read out by screen readers.
    pub title: String,
    /// The groups into which nodes are gathered.
    pub clusters: Vec<Cluster>,
    /// What is drawn as a box.
    pub nodes: Vec<Node>,
    /// What is drawn as an arrow.
    pub edges: Vec<Edge>,
    /// What a broken line means, for the legend: "optional".
    pub broken: String,
}

/// A titled box around the nodes that belong together, e.g. those with one owning group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The box's title.
    pub name: String,
}

/// One box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// The identifier by which readers know it; appears in the tooltip.
    pub id: String,
    /// First line in the box, shortened with an ellipsis when it does not fit.
    pub label: String,
    /// Second, smaller line; may be empty.
    pub detail: String,
    /// Index into [`Diagram::clusters`].
    pub cluster: Option<usize>,
    /// What sort of thing it is.
    pub shape: Shape,
    /// Whether the reader's attention is wanted.
    pub emphasis: Emphasis,
    /// Where a click leads. Only relative addresses, `http:`, `https:` and `mailto:` become links;
    /// anything else (such as `javascript:`) is left out.
    pub link: Option<String>,
}

/// What sort of thing a node is; shown by the box's outline and an icon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Something the community runs.
    #[default]
    Service,
    /// Something others run.
    External,
    /// A group of people.
    Group,
    /// One person.
    Person,
    /// A place: a site, a provider's region, a machine room.
    Place,
}

/// Whether the reader's attention is wanted; shown by colour and by a sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Emphasis {
    /// Nothing to see.
    #[default]
    None,
    /// Worth a look.
    Warning,
    /// Wrong.
    Error,
}

/// One arrow; a dependency points from the dependant to what it depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    /// Index of the node it starts at.
    pub from: usize,
    /// Index of the node it points to.
    pub to: usize,
    /// The verb, e.g. "reads". Edges with one label share a colour and an arrowhead, which the legend
    /// explains.
    pub label: String,
    /// Drawn with a broken line.
    pub dashed: bool,
}

impl Diagram {
    /// The drawing as a self-contained SVG document, for light and dark pages.
    pub fn svg(&self) -> String {
        svg::render(self, svg::Within::Nothing)
    }

    /// The drawing as an `<svg>` element for a page that has [`style`] in its style sheet and a
    /// heading of its own: the title is read out and not drawn.
    pub fn drawing(&self) -> String {
        svg::render(self, svg::Within::Page)
    }

    /// The graph in Graphviz's language.
    pub fn dot(&self) -> String {
        dot::render(self)
    }

    /// The graph as a Mermaid flowchart.
    pub fn mermaid(&self) -> String {
        mermaid::render(self)
    }

    /// The cluster of a node, if it names one that exists.
    fn cluster_of(&self, node: &Node) -> Option<usize> {
        node.cluster.filter(|&index| index < self.clusters.len())
    }

    /// The edges whose two ends exist.
    fn valid_edges(&self) -> impl Iterator<Item = &Edge> {
        let count = self.nodes.len();
        self.edges
            .iter()
            .filter(move |edge| edge.from < count && edge.to < count)
    }
}
