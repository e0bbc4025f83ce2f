//! Votes beside an oracle that knows no fractions: whole numbers, multiplied across.
//!
//! Bodies of up to 13 members, in every split into those for, against, abstaining, only
//! present, absent and recused.

use std::collections::BTreeSet;

use charter::procedure::{Base, Close, Comparison, Portion, VoteRule};
use charter::requirement::Eligible;
use charter::{Affiliation, Count, Share};
use decisions::Choice;
use decisions::vote::{Electorate, Votes, count};
use estate::Period;

const BASES: [Base; 6] = [
    Base::Seats,
    Base::Members,
    Base::Eligible,
    Base::Present,
    Base::Cast,
    Base::NonAbstaining,
];
const RELATIONS: [Comparison; 2] = [Comparison::Above, Comparison::AtLeast];

pub(crate) fn rule(
    (numerator, denominator): (u32, u32),
    relation: Comparison,
    base: Base,
) -> VoteRule {
    VoteRule {
        threshold: Share {
            numerator,
            denominator,
        },
        relation,
        base,
        seats: None,
        quorum: None,
        min_open: None,
        max_open: Period::new("72h").unwrap(),
        close: Close::AtEnd,
        employer_cap: None,
    }
}

/// How many did what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Split {
    yes: usize,
    no: usize,
    abstain: usize,
    present: usize,
    absent: usize,
    recused: usize,
}

impl Split {
    fn all(members: usize) -> impl Iterator<Item = Self> {
        let rest = move |taken: usize| 0..=members - taken;
        rest(0).flat_map(move |yes| {
            rest(yes).flat_map(move |no| {
                rest(yes + no).flat_map(move |abstain| {
                    rest(yes + no + abstain).flat_map(move |present| {
                        let taken = yes + no + abstain + present;
                        rest(taken).map(move |absent| Self {
                            yes,
                            no,
                            abstain,
                            present,
                            absent,
                            recused: members - taken - absent,
                        })
                    })
                })
            })
        })
    }

    fn members(self) -> usize {
        self.took_part() + self.absent + self.recused
    }

    fn took_part(self) -> usize {
        self.yes + self.no + self.abstain + self.present
    }

    fn base(self, base: Base, seats: usize) -> usize {
        match base {
            Base::Seats => seats,
            Base::Members => self.members(),
            Base::Eligible => self.members() - self.recused,
            Base::Present => self.took_part(),
            Base::Cast => self.yes + self.no + self.abstain,
            Base::NonAbstaining => self.yes + self.no,
        }
    }

    /// What a quorum that is a share is a share of.
    fn whole(self, base: Base, seats: usize) -> usize {
        match base {
            Base::Seats => seats,
            Base::Members => self.members(),
            _ => self.members() - self.recused,
        }
    }

    fn passes(self, rule: &VoteRule) -> bool {
        let seats = rule.seats.map_or(0, |seats| seats.get() as usize);
        let (yes, base) = (self.yes as u128, self.base(rule.base, seats) as u128);
        let left = yes * u128::from(rule.threshold.denominator);
        let right = base * u128::from(rule.threshold.numerator);
        let enough = match rule.relation {
            Comparison::Above => left > right,
            Comparison::AtLeast => left >= right,
        };
        let took_part = self.took_part() as u128;
        let quorate = match rule.quorum {
            None => true,
            Some(Portion::Number(number)) => took_part >= u128::from(number),
            Some(Portion::Share(share)) => {
                let whole = self.whole(rule.base, seats) as u128;
                took_part * u128::from(share.denominator) >= whole * u128::from(share.numerator)
            }
        };
        yes > 0 && enough && quorate
    }

    /// Every way in which those who have not voted may still do so, or not.
    fn completions(self) -> Vec<Self> {
        let mut all = Vec::new();
        for here in Self::all(self.present).filter(|more| more.recused + more.absent == 0) {
            for come in Self::all(self.absent).filter(|more| more.recused == 0) {
                all.push(Self {
                    yes: self.yes + here.yes + come.yes,
                    no: self.no + here.no + come.no,
                    abstain: self.abstain + here.abstain + come.abstain,
                    present: here.present + come.present,
                    absent: come.absent,
                    recused: self.recused,
                });
            }
        }
        all
    }

    /// Who does what: the first so many are for it, and so on.
    fn cast(self) -> (Votes, BTreeSet<String>) {
        let mut votes = Votes::new();
        let mut next = 0;
        for (many, choice) in [
            (self.yes, Choice::Yes),
            (self.no, Choice::No),
            (self.abstain, Choice::Abstain),
            (self.present, Choice::Present),
        ] {
            votes.extend((next..next + many).map(|one| (name(one), choice)));
            next += many;
        }
        next += self.absent;
        let recused: BTreeSet<String> = (next..next + self.recused).map(name).collect();
        // Whoever has no vote may have cast one before.
        votes.extend(recused.iter().map(|one| (one.clone(), Choice::Yes)));
        votes.insert("stranger".to_owned(), Choice::Yes);
        (votes, recused)
    }
}

fn name(number: usize) -> String {
    char::from(b'a' + u8::try_from(number).unwrap()).to_string()
}

fn body(members: usize) -> Vec<Eligible> {
    let one = |number| Eligible {
        person: name(number),
        employer: Affiliation::Independent,
    };
    (0..members).map(one).collect()
}

fn thresholds() -> Vec<(u32, u32)> {
    let of = |denominator| (0..=denominator).map(move |numerator| (numerator, denominator));
    (1..=7).flat_map(of).collect()
}

/// The seats of a body: those of its members, and some that are vacant.
fn seats(split: Split) -> u32 {
    let vacant = split.yes % 3;
    u32::try_from((split.members() + vacant).max(1)).unwrap()
}

fn agrees(rule: &VoteRule, split: Split, members: &[Eligible], cast: &(Votes, BTreeSet<String>)) {
    let electorate = Electorate {
        members,
        recused: &cast.1,
    };
    let found = count(rule, electorate, &cast.0).unwrap();
    assert_eq!(found.passes, split.passes(rule), "{split:?} {rule:?}");
    assert_eq!(found.took_part, split.took_part(), "{split:?}");
}

#[test]
fn every_split_of_up_to_7_members_passes_as_the_oracle_says_at_every_threshold() {
    for size in 1..=7 {
        let members = body(size);
        for split in Split::all(size) {
            let cast = split.cast();
            for (base, relation) in each_base() {
                for threshold in thresholds() {
                    let mut rule = rule(threshold, relation, base);
                    rule.seats = Count::new(seats(split));
                    agrees(&rule, split, &members, &cast);
                }
            }
        }
    }
}

fn each_base() -> impl Iterator<Item = (Base, Comparison)> {
    let with = |base| RELATIONS.into_iter().map(move |relation| (base, relation));
    BASES.into_iter().flat_map(with)
}

/// Of all thresholds only those beside the share that is in favour: the greatest that is not
/// above it, and the least that is. All others are farther from it on the same side.
#[test]
fn every_split_of_8_to_13_members_passes_as_the_oracle_says_where_it_is_close() {
    let mut thresholds = thresholds();
    thresholds.sort_by(|(p, q), (r, s)| (p * s).cmp(&(r * q)));
    for size in 8..=13 {
        let members = body(size);
        for split in Split::all(size) {
            let cast = split.cast();
            for base in BASES {
                let seats = seats(split);
                let whole = u32::try_from(split.base(base, seats as usize)).unwrap();
                let yes = u32::try_from(split.yes).unwrap();
                let above = thresholds.partition_point(|(p, q)| p * whole <= yes * q);
                let near = [above.checked_sub(1), Some(above)].into_iter().flatten();
                for threshold in near.filter_map(|at| thresholds.get(at)) {
                    for relation in RELATIONS {
                        let mut rule = rule(*threshold, relation, base);
                        rule.seats = Count::new(seats);
                        agrees(&rule, split, &members, &cast);
                    }
                }
            }
        }
    }
}

#[test]
fn a_quorum_counts_who_abstains_and_not_who_is_absent() {
    let share = |numerator, denominator| {
        Portion::Share(Share {
            numerator,
            denominator,
        })
    };
    let quorums = [share(1, 2), share(2, 3), share(1, 1), Portion::Number(5)];
    for size in 1..=13 {
        let members = body(size);
        for (at, split) in Split::all(size).enumerate() {
            let cast = split.cast();
            for base in BASES {
                // Small bodies with each; of large ones every split with one of them.
                let some = if size <= 6 {
                    &quorums[..]
                } else {
                    &quorums[at % 4..=at % 4]
                };
                for quorum in some {
                    let mut rule = rule((1, 2), Comparison::Above, base);
                    rule.seats = Count::new(seats(split));
                    rule.quorum = Some(*quorum);
                    agrees(&rule, split, &members, &cast);
                }
            }
        }
    }
}

#[test]
fn it_is_decided_when_every_way_to_go_on_ends_the_same() {
    let rules = [
        ((1, 2), Comparison::Above, None),
        ((1, 2), Comparison::AtLeast, Some(3)),
        ((2, 3), Comparison::AtLeast, None),
        ((3, 4), Comparison::AtLeast, Some(4)),
        ((1, 1), Comparison::AtLeast, Some(1)),
        ((0, 1), Comparison::Above, Some(2)),
    ];
    for size in 1..=6 {
        let members = body(size);
        for split in Split::all(size) {
            let (votes, recused) = split.cast();
            let completions = split.completions();
            let seats = Count::new(u32::try_from(size).unwrap() + 1);
            for (base, (threshold, relation, quorum)) in BASES
                .iter()
                .flat_map(|base| rules.map(|rule| (*base, rule)))
            {
                let mut rule = rule(threshold, relation, base);
                rule.seats = seats;
                rule.quorum = quorum.map(Portion::Number);
                let electorate = Electorate {
                    members: &members,
                    recused: &recused,
                };
                let found = count(&rule, electorate, &votes).unwrap();
                let mut ways = completions.iter().map(|way| way.passes(&rule));
                let first = ways.next();
                let decided = first.filter(|first| ways.all(|way| way == *first));
                assert_eq!(found.decided, decided, "{split:?} {rule:?}");
            }
        }
    }
}

#[test]
fn a_tie_is_no_majority_whatever_the_size() {
    for size in [2, 4, 6, 12] {
        let members = body(size);
        let split = Split {
            yes: size / 2,
            no: size / 2,
            abstain: 0,
            present: 0,
            absent: 0,
            recused: 0,
        };
        let (votes, recused) = split.cast();
        for base in BASES {
            let mut rule = rule((1, 2), Comparison::Above, base);
            rule.seats = Count::new(u32::try_from(size).unwrap());
            let electorate = Electorate {
                members: &members,
                recused: &recused,
            };
            assert!(!count(&rule, electorate, &votes).unwrap().passes);
        }
    }
}
