//! The way from an item to something in it, as text.

/// A field, or an element or entry of it, and what is asked of that: `containers[2].image`,
/// `labels["team"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way<'w> {
    /// The field of the item.
    pub field: &'w str,
    /// Which element or entry of it.
    pub element: Option<Element<'w>>,
    /// The way from there; empty if it ends.
    pub rest: &'w str,
}

/// A part of what a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element<'w> {
    /// An element of a list, from 1.
    At(usize),
    /// An entry of a map.
    Key(&'w str),
}

impl<'w> Way<'w> {
    /// Reads a way. What is no way is taken for the name of a field as it stands, which then is
    /// none.
    pub fn of(text: &'w str) -> Self {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (field, after) = text.split_at(end);
        let bracketed = after.strip_prefix('[').and_then(|after| {
            if let Some(quoted) = after.strip_prefix('"') {
                let (key, rest) = quoted.split_once("\"]")?;
                return Some((Element::Key(key), rest));
            }
            let (digits, rest) = after.split_once(']')?;
            Some((Element::At(digits.parse().ok()?), rest))
        });
        let (element, rest) = match bracketed {
            Some((element, rest)) => (Some(element), rest),
            None => (None, after),
        };
        Self {
            field,
            element,
            rest: rest.strip_prefix('.').unwrap_or(rest),
        }
    }

    /// The element of a list that it leads to or through, if it says which and there is one.
    pub fn among<'l, T>(&self, list: &'l [T]) -> Option<&'l T> {
        match self.element {
            Some(Element::At(place)) => list.get(place.checked_sub(1)?),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Element, Way};

    fn way<'w>(field: &'w str, element: Option<Element<'w>>, rest: &'w str) -> Way<'w> {
        Way {
            field,
            element,
            rest,
        }
    }

    #[test]
    fn a_way_leads_through_elements_and_entries() {
        assert_eq!(Way::of("name"), way("name", None, ""));
        assert_eq!(Way::of("a[2].b[1]"), way("a", Some(Element::At(2)), "b[1]"));
        assert_eq!(Way::of("a.b"), way("a", None, "b"));
        let keyed = way("labels", Some(Element::Key("a.b/c")), "");
        assert_eq!(Way::of("labels[\"a.b/c\"]"), keyed);
    }

    #[test]
    fn elements_are_counted_from_one() {
        assert_eq!(Way::of("a[2]").among(&["x", "y"]), Some(&"y"));
        assert_eq!(Way::of("a[0]").among(&["x"]), None);
        assert_eq!(Way::of("a[9]").among(&["x"]), None);
        assert_eq!(Way::of("a").among(&["x"]), None);
    }
}
