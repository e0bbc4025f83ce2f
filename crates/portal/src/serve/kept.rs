//! What is kept in memory for a while, and never more of it than was allowed.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Keeps what was used lately. There are two generations: when the younger is full, the older is let go of
/// and the younger becomes the older; what is used meanwhile is taken along.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    young: HashMap<K, (V, usize)>,
    old: HashMap<K, (V, usize)>,
    weight: usize,
    most: usize,
}

impl<K: Hash + Eq, V> Kept<K, V> {
    /// One that keeps no more than so much, both generations together.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            weight: 0,
            most: most / 2,
        }
    }

    /// What is kept under a key.
    pub(crate) fn get<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        if let Some((key, (value, weight))) = self.old.remove_entry(key) {
            self.put(key, value, weight);
        }
        self.young.get_mut(key).map(|(value, _)| value)
    }

    /// Keeps something, unless it alone is too much.
    pub(crate) fn put(&mut self, key: K, value: V, weight: usize) {
        if weight > self.most {
            return;
        }
        if self.weight + weight > self.most {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.old.remove(&key);
        if let Some((_, before)) = self.young.insert(key, (value, weight)) {
            self.weight -= before;
        }
        self.weight += weight;
    }

    /// How many things are kept.
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let mut kept = Kept::new(20);
        kept.put("used", 0, 1);
        for round in 0..100 {
            kept.put("other", round, 9);
            assert!(kept.get("used").is_some(), "{round}");
        }
        for _ in 0..3 {
            kept.put("other", 0, 9);
            kept.put("another", 0, 9);
        }
        assert!(kept.get("used").is_none());
    }

    proptest! {
        #[test]
        fn there_is_never_more_than_was_allowed(puts in prop::collection::vec((0..20_u8, 0..50_usize), 0..200)) {
            let mut kept = Kept::new(100);
            for (key, weight) in puts {
                kept.put(key, (), weight);
                let young: usize = kept.young.values().map(|((), weight)| weight).sum();
                let old: usize = kept.old.values().map(|((), weight)| weight).sum();
                prop_assert!(young + old <= 100);
                prop_assert_eq!(kept.weight, young);
            }
        }

        #[test]
        fn what_was_put_last_is_there(puts in prop::collection::vec((0..20_u8, 1..50_usize), 1..200)) {
            let mut kept = Kept::new(100);
            for (number, (key, weight)) in puts.into_iter().enumerate() {
                kept.put(key, number, weight);
                prop_assert_eq!(kept.get(&key).copied(), Some(number));
            }
        }
    }
}
