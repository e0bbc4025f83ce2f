//! How charts look.

/// How many colours there are; with [`crate::stacked`], every second one has a pattern too.
pub(crate) const HUES: usize = 8;

/// The style sheet of all charts, to be in the page once.
///
/// Every colour is a custom property that the page may set itself. Marks have at least a contrast
/// of 3:1 and text of 4.5:1 against the page, in both schemes (WCAG 2.2, §1.4.3 and §1.4.11).
pub const STYLE: &str = "\
:root{--ch-ink:#1a222d;--ch-soft:#4f5b69;--ch-grid:#d5dae1;--ch-page:#ffffff;--ch-bad:#b3261e;\
--ch-0:#1a5fc4;--ch-1:#b1227a;--ch-2:#187a42;--ch-3:#a35a00;--ch-4:#6b3cc4;--ch-5:#0a7080;--ch-6:#b4361d;--ch-7:#566271}\n\
@media(prefers-color-scheme:dark){:root{--ch-ink:#e8ecf2;--ch-soft:#aeb9c7;--ch-grid:#333c48;--ch-page:#11151b;--ch-bad:#ff8f85;\
--ch-0:#7db4ff;--ch-1:#f592c8;--ch-2:#62cf8e;--ch-3:#e8b653;--ch-4:#bea5ff;--ch-5:#5fd1de;--ch-6:#ff9f89;--ch-7:#a9b5c4}}\n\
.ch-figure{margin:1rem 0}.ch-figure figcaption{margin:0 0 .5rem;font-size:.875rem;font-weight:600}\
.ch-box{overflow-x:auto}.ch{display:block;width:100%;max-width:44rem;height:auto}\
.ch text{font:12.5px system-ui,sans-serif;fill:var(--ch-ink)}\
@media(max-width:40rem){.ch text{font-size:17px}.ch-box .ch{min-width:25rem}}@media print{.ch-box{overflow:visible}.ch-box .ch{min-width:0}}\n\
.ch tspan{unicode-bidi:isolate}.ch .ch-soft{fill:var(--ch-soft)}.ch .ch-bad{fill:var(--ch-bad);font-weight:700}\
.ch-grid{stroke:var(--ch-grid)}.ch-zero{stroke:var(--ch-soft)}.ch-hatch{stroke:var(--ch-page);stroke-width:2}\
.ch-line{fill:none;stroke:var(--ch-0);stroke-width:2.5;stroke-linejoin:round}.ch-ahead{stroke-dasharray:7 5}\
.ch-band{fill:var(--ch-0);fill-opacity:.18;stroke:var(--ch-0);stroke-opacity:.6}\
.ch-dot{fill:var(--ch-0)}.ch-end{stroke:var(--ch-bad);stroke-width:2;stroke-dasharray:3 3}.ch-span{stroke:var(--ch-bad);stroke-width:6}\
.ch-mark{stroke:var(--ch-soft);stroke-width:1.5;stroke-dasharray:2 4}\n\
.ch-s0{fill:var(--ch-0)}.ch-s1{fill:var(--ch-1)}.ch-s2{fill:var(--ch-2)}.ch-s3{fill:var(--ch-3)}\
.ch-s4{fill:var(--ch-4)}.ch-s5{fill:var(--ch-5)}.ch-s6{fill:var(--ch-6)}.ch-s7{fill:var(--ch-7)}\n\
.ch-spark{width:7.5rem;height:1.75rem;vertical-align:middle}\n";
