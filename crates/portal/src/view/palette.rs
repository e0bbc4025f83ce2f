//! The colours of the pages.

use std::fmt::Write as _;

/// A colour: its name as a custom property, and its values on light and dark pages.
pub(super) type Colour = (&'static str, &'static str, &'static str);

pub(super) const COLOURS: [Colour; 25] = [
    ("page", "#f7f7f4", "#111418"),
    ("panel", "#ffffff", "#181c22"),
    ("sunk", "#f0f0ec", "#1f242b"),
    ("ink", "#1b2127", "#e6e9ec"),
    ("soft", "#555e68", "#a5afb9"),
    ("line", "#dededa", "#2c323a"),
    ("rim", "#7b828a", "#747f8a"),
    ("accent", "#0b5d55", "#7fd3c4"),
    ("tint", "#e1eeeb", "#17332f"),
    ("button", "#0b5d55", "#7fd3c4"),
    ("on-button", "#ffffff", "#0d1a18"),
    ("focus", "#1a5fc4", "#7db4ff"),
    ("good", "#1a6738", "#86d69b"),
    ("good-tint", "#e4f2e8", "#15301f"),
    ("plain", "#3f4750", "#c3cad1"),
    ("plain-tint", "#ececea", "#272d35"),
    ("waiting", "#1b549f", "#93beff"),
    ("waiting-tint", "#e5eefa", "#182a45"),
    ("warning", "#7d4f00", "#e9b95c"),
    ("warning-tint", "#fbf0d8", "#35290f"),
    ("bad", "#a82218", "#ff9a90"),
    ("bad-tint", "#fce8e6", "#3d1c1a"),
    ("quiet", "#5a636c", "#a7b0ba"),
    ("quiet-tint", "#f0f0ee", "#22272e"),
    ("mark", "#fff3b8", "#4a3f12"),
];

/// The colours as custom properties, for both schemes.
pub(super) fn properties() -> String {
    let mut css = String::from(":root{color-scheme:light dark;");
    for (name, light, _) in COLOURS {
        let _ = write!(css, "--{name}:{light};");
    }
    css.push_str("}\n@media(prefers-color-scheme:dark){:root{");
    for (name, _, dark) in COLOURS {
        let _ = write!(css, "--{name}:{dark};");
    }
    css.push_str("}}\n");
    css
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

    fn colour(name: &str) -> Colour {
        *COLOURS.iter().find(|colour| colour.0 == name).unwrap()
    }

    fn assert_contrast(front: &str, ground: &str, least: f64) {
        let (f, g) = (colour(front), colour(ground));
        for (scheme, front_value, ground_value) in [("light", f.1, g.1), ("dark", f.2, g.2)] {
            let ratio = contrast(front_value, ground_value);
            assert!(ratio >= least, "{front} on {ground}, {scheme}: {ratio:.2}");
        }
    }

    #[test]
    fn text_stands_out_from_every_ground_it_is_on() {
        for ground in ["page", "panel", "sunk", "mark"] {
            assert_contrast("ink", ground, 7.0);
        }
        for ground in ["page", "panel", "sunk", "tint"] {
            for front in ["ink", "soft", "accent"] {
                assert_contrast(front, ground, 4.5);
            }
        }
        for mood in ["good", "plain", "waiting", "warning", "bad", "quiet"] {
            for ground in ["page", "panel", "sunk", &format!("{mood}-tint")] {
                assert_contrast(mood, ground, 4.5);
            }
            for front in ["ink", "soft", "accent"] {
                assert_contrast(front, &format!("{mood}-tint"), 4.5);
            }
        }
        assert_contrast("on-button", "button", 4.5);
    }

    #[test]
    fn what_can_be_used_has_an_edge_that_is_seen() {
        for ground in ["page", "panel", "sunk"] {
            assert_contrast("rim", ground, 3.0);
            assert_contrast("focus", ground, 3.0);
        }
    }
}
