//! The style sheet.
//!
//! Every colour is declared twice, plainly and as a custom property, because some renderers (librsvg
//! among them) ignore declarations with `var()` and must then find a plain one. All text and lines
//! have at least the contrast of WCAG AA against what they are drawn on, in both schemes.

use std::fmt::Write as _;

/// A colour: its name, and its values on light and dark pages.
type Colour = (&'static str, &'static str, &'static str);

const PAGE: Colour = ("page", "#ffffff", "#11151b");
const INK: Colour = ("ink", "#1a222d", "#e8ecf2");
const SOFT: Colour = ("soft", "#4f5b69", "#aeb9c7");
const BOX: Colour = ("box", "#f3f5f8", "#1a212b");
const RIM: Colour = ("rim", "#c2cad5", "#3f4a59");
const NODE: Colour = ("node", "#ffffff", "#252e3a");
const EDGE: Colour = ("edge", "#6a7685", "#8793a3");
const WARNING: Colour = ("warning", "#8a5a00", "#f0b94a");
const ERROR: Colour = ("error", "#b3261e", "#ff8f85");
const WARNED: Colour = ("warned", "#fff6e0", "#3a2f17");
const FAILED: Colour = ("failed", "#fdecea", "#44211f");
const GLYPH: Colour = ("glyph", "#ffffff", "#11151b");

/// One per edge label; the most frequent label gets the first.
const HUES: [Colour; 8] = [
    ("k0", "#566271", "#a9b5c4"),
    ("k1", "#1a5fc4", "#7db4ff"),
    ("k2", "#187a42", "#62cf8e"),
    ("k3", "#b1227a", "#f592c8"),
    ("k4", "#8c5a00", "#e8b653"),
    ("k5", "#6b3cc4", "#bea5ff"),
    ("k6", "#0a7080", "#5fd1de"),
    ("k7", "#b4361d", "#ff9f89"),
];

/// How many hues there are; further labels use them again with other arrowheads.
pub(super) const HUE_COUNT: usize = HUES.len();

/// A rule: its selector, its colours by property, and the rest of its declarations.
type Rule = (
    &'static str,
    &'static [(&'static str, Colour)],
    &'static str,
);

/// The rules that every drawing has.
const RULES: &[Rule] = &[
    (".dg-page", &[("fill", PAGE)], ""),
    (
        ".dg-heading",
        &[("fill", INK)],
        "font-size:19px;font-weight:600",
    ),
    (".dg-box", &[("fill", BOX), ("stroke", RIM)], ""),
    (
        ".dg-owner",
        &[("fill", SOFT)],
        "font-size:12.5px;font-weight:600",
    ),
    (
        ".dg-node",
        &[("fill", NODE), ("stroke", EDGE)],
        "stroke-width:1.2",
    ),
    (
        ".dg-warning .dg-node",
        &[("fill", WARNED), ("stroke", WARNING)],
        "stroke-width:2",
    ),
    (
        ".dg-error .dg-node",
        &[("fill", FAILED), ("stroke", ERROR)],
        "stroke-width:2",
    ),
    (".dg-external .dg-node", &[], "stroke-dasharray:5 3"),
    (".dg-inner", &[("stroke", EDGE)], "fill:none"),
    (
        ".dg-icon",
        &[("stroke", SOFT)],
        "fill:none;stroke-width:1.4;stroke-linejoin:round",
    ),
    (
        ".dg-label",
        &[("fill", INK)],
        "font-size:13px;font-weight:600",
    ),
    (".dg-detail", &[("fill", SOFT)], "font-size:11px"),
    (".dg-sign-warning", &[("fill", WARNING)], ""),
    (".dg-sign-error", &[("fill", ERROR)], ""),
    (
        ".dg-mark",
        &[("stroke", GLYPH)],
        "fill:none;stroke-width:1.8;stroke-linecap:round",
    ),
    (
        "a:hover .dg-node,a:focus .dg-node",
        &[("stroke", INK)],
        "stroke-width:2.2",
    ),
    (
        "a:hover .dg-label,a:focus .dg-label",
        &[],
        "text-decoration:underline",
    ),
    (".dg-wire", &[], "fill:none;stroke-width:1.5"),
    (
        ".dg-open",
        &[],
        "fill:none;stroke-width:1.6;stroke-linejoin:round",
    ),
    (".dg-dashed", &[], "stroke-dasharray:5 3.5"),
    // The wide, unseen line makes the thin one easy to point at, and lights up when it is.
    (
        ".dg-glow",
        &[],
        "fill:none;stroke-width:9;stroke-opacity:0;pointer-events:stroke",
    ),
    ("g:hover>.dg-glow", &[], "stroke-opacity:.35"),
];

/// The sheet for a drawing with so many edge labels.
pub(super) fn sheet(labels: usize) -> String {
    let hues = &HUES[..labels.min(HUE_COUNT)];
    let mut out = String::new();
    let fixed = [
        PAGE, INK, SOFT, BOX, RIM, NODE, EDGE, WARNING, ERROR, WARNED, FAILED, GLYPH,
    ];
    let all = || fixed.iter().chain(hues);
    out.push_str("\n.dg{");
    for (name, light, _) in all() {
        let _ = write!(out, "--dg-{name}:{light};");
    }
    out.push_str("font-family:system-ui,-apple-system,\"Segoe UI\",\"Noto Sans\",sans-serif}\n");
    out.push_str("@media (prefers-color-scheme:dark){.dg{");
    for (name, _, dark) in all() {
        let _ = write!(out, "--dg-{name}:{dark};");
    }
    out.push_str("}}\n");
    for (selector, colours, rest) in RULES {
        rule(&mut out, selector, colours, rest);
    }
    for &hue in hues {
        let class = format!(".dg-{}", hue.0);
        let lines = format!("{class} .dg-wire,{class} .dg-glow,{class}.dg-open,{class} .dg-open");
        rule(&mut out, &lines, &[("stroke", hue)], "");
        let heads = format!("{class}.dg-head,{class} .dg-head");
        rule(&mut out, &heads, &[("fill", hue)], "");
    }
    out
}

fn rule(out: &mut String, selector: &str, colours: &[(&str, Colour)], rest: &str) {
    let _ = write!(out, "{selector}{{");
    for (property, (name, light, _)) in colours {
        let _ = write!(out, "{property}:{light};{property}:var(--dg-{name});");
    }
    let _ = writeln!(out, "{rest}}}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
            let share = f64::from(value) / 255.0;
            if share <= 0.03928 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn lines_and_text_stand_out_in_both_schemes() {
        for hue in HUES.iter().chain(&[INK, SOFT, WARNING, ERROR]) {
            for ground in [PAGE, BOX, NODE] {
                assert!(
                    contrast(hue.1, ground.1) >= 4.5,
                    "{} on {}",
                    hue.0,
                    ground.0
                );
                assert!(
                    contrast(hue.2, ground.2) >= 4.5,
                    "{} on {}",
                    hue.0,
                    ground.0
                );
            }
        }
        for (front, ground) in [(INK, WARNED), (INK, FAILED), (SOFT, WARNED), (SOFT, FAILED)] {
            assert!(contrast(front.1, ground.1) >= 4.5);
            assert!(contrast(front.2, ground.2) >= 4.5);
        }
    }

    #[test]
    fn braces_balance() {
        let sheet = sheet(3);
        assert_eq!(sheet.matches('{').count(), sheet.matches('}').count());
        assert!(sheet.contains("--dg-k2:") && !sheet.contains("--dg-k3:"));
    }
}
