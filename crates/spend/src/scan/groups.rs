//! Groups of rows by the numbers in some of their columns.

use hashbrown::HashTable;

/// Rows that are alike in some columns of numbers, each kind of row with a place.
#[derive(Debug, Default)]
pub(super) struct Groups {
    width: usize,
    /// The numbers of each group, one group after the other.
    keys: Vec<u32>,
    places: HashTable<u32>,
    hashes: Vec<u64>,
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

fn mixed(hash: u64, number: u32) -> u64 {
    (hash.rotate_left(23) ^ u64::from(number)).wrapping_mul(FACTOR)
}

/// The table looks at both ends of a hash, multiplication mixes upwards only.
fn finished(hash: u64) -> u64 {
    hash ^ (hash >> 32)
}

fn hash_of(key: &[u32]) -> u64 {
    finished(key.iter().fold(0, |hash, &number| mixed(hash, number)))
}

impl Groups {
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn key(&self, group: usize) -> &[u32] {
        &self.keys[group * self.width..][..self.width]
    }

    /// The place of one key.
    pub(super) fn place(&mut self, key: &[u32]) -> u32 {
        let hash = hash_of(key);
        let width = self.width;
        self.find(hash, |keys| keys == key, |keys| keys.extend(key), width)
    }

    /// The place of each chosen row, by what it has in these columns, into `places`.
    pub(super) fn place_all(
        &mut self,
        columns: &[&[u32]],
        chosen: &Chosen<'_>,
        places: &mut Vec<u32>,
    ) {
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.clear();
        hashes.resize(chosen.len(), 0);
        for column in columns {
            match chosen {
                Chosen::All(rows) => {
                    for (hash, &number) in hashes.iter_mut().zip(&column[..*rows]) {
                        *hash = mixed(*hash, number);
                    }
                }
                Chosen::Some(rows) => {
                    for (hash, &row) in hashes.iter_mut().zip(*rows) {
                        *hash = mixed(*hash, column[row as usize]);
                    }
                }
            }
        }
        places.clear();
        let width = self.width;
        for (at, &hash) in hashes.iter().enumerate() {
            let row = chosen.row(at);
            let same = |key: &[u32]| {
                columns
                    .iter()
                    .zip(key)
                    .all(|(column, &number)| column[row] == number)
            };
            let add = |keys: &mut Vec<u32>| keys.extend(columns.iter().map(|column| column[row]));
            let place = self.find(finished(hash), same, add, width);
            places.push(place);
        }
        self.hashes = hashes;
    }

    #[inline]
    fn find(
        &mut self,
        hash: u64,
        same: impl Fn(&[u32]) -> bool,
        add: impl FnOnce(&mut Vec<u32>),
        width: usize,
    ) -> u32 {
        let keys = &self.keys;
        let of = |&at: &u32| &keys[at as usize * width..][..width];
        if let Some(&place) = self.places.find(hash, |at| same(of(at))) {
            return place;
        }
        let place = u32::try_from(self.places.len()).expect("fewer than 2^32 groups");
        self.places.insert_unique(hash, place, |at| hash_of(of(at)));
        add(&mut self.keys);
        place
    }
}

/// The rows of a batch that filters let through.
#[derive(Debug, Clone, Copy)]
pub(super) enum Chosen<'a> {
    /// So many: all of them.
    All(usize),
    /// These.
    Some(&'a [u32]),
}

impl Chosen<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::All(rows) => *rows,
            Self::Some(rows) => rows.len(),
        }
    }

    pub(super) fn row(&self, at: usize) -> usize {
        match self {
            Self::All(_) => at,
            Self::Some(rows) => rows[at] as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_alike_share_a_place() {
        let mut groups = Groups::new(2);
        let (a, b) = ([1, 1, 2, 1, 2], [5, 6, 5, 5, 5]);
        let mut places = Vec::new();
        groups.place_all(&[&a, &b], &Chosen::All(5), &mut places);
        assert_eq!(places, [0, 1, 2, 0, 2]);
        groups.place_all(&[&a, &b], &Chosen::Some(&[2, 4, 1]), &mut places);
        assert_eq!((places.as_slice(), groups.len()), ([2, 2, 1].as_slice(), 3));
        assert_eq!(
            (groups.place(&[2, 5]), groups.key(1)),
            (2, [1, 6].as_slice())
        );
    }

    #[test]
    fn rows_grouped_by_nothing_are_one_group() {
        let mut groups = Groups::new(0);
        let mut places = Vec::new();
        groups.place_all(&[], &Chosen::All(3), &mut places);
        assert_eq!((places, groups.len()), (vec![0, 0, 0], 1));
        assert_eq!(groups.key(0), [0_u32; 0]);
    }
}
