//! Following a board from its first entry to its last.

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use tally::Rank;

use super::board::{Against, Entry, Fault, Header, genesis};
use crate::closing::{Closing, count};

/// How many faults are told. A board with more is another one.
const FAULTS: usize = 100;

pub(super) struct Walk<'a> {
    header: &'a Header,
    faults: Vec<Fault>,
    /// The number that must come next.
    next: u64,
    genesis: Digest,
    last: Digest,
    /// The last turn and ballot of each token.
    tokens: BTreeMap<[u8; 32], (u32, Option<Vec<Rank>>)>,
    receipts: Vec<(u64, Digest)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(header: &'a Header) -> Self {
        let genesis = genesis(&header.poll, &header.registrar);
        Self {
            header,
            faults: Vec::new(),
            next: 1,
            genesis,
            last: genesis,
            tokens: BTreeMap::new(),
            receipts: Vec::new(),
        }
    }

    fn fault(&mut self, entry: impl Into<Option<u64>>, what: impl Into<String>) {
        if self.faults.len() < FAULTS {
            let entry = entry.into();
            let what = what.into();
            self.faults.push(Fault { entry, what });
        }
    }

    pub(super) fn follow(&mut self, entries: &[Result<Entry, String>]) {
        let present = entries.iter().flatten();
        let present = present.map(|entry| (entry.seq, entry.digest)).collect();
        for entry in entries {
            match entry {
                Ok(entry) => self.follow_one(entry, &present),
                Err(what) => {
                    self.fault(self.next, format!("it cannot be read: {what}"));
                    self.next = self.next.saturating_add(1);
                }
            }
        }
    }

    fn follow_one(&mut self, entry: &Entry, present: &BTreeMap<u64, Digest>) {
        let seq = entry.seq;
        if seq != self.next {
            self.out_of_order(seq, present);
        }
        // Of one before that is missing or cannot be read, nobody knows the digest.
        let before = match seq {
            1 => Some(&self.genesis),
            _ => present.get(&seq.wrapping_sub(1)),
        };
        if before.is_some_and(|before| *before != entry.prev) {
            self.fault(seq, "it follows another entry than the one before it");
        }
        if Entry::digest_of(&entry.prev, seq, &entry.post) != entry.digest {
            self.fault(seq, "it was changed: its digest is another");
        }
        self.next = self.next.max(seq.saturating_add(1));
        self.last = entry.digest;
        self.follow_post(entry);
    }

    fn out_of_order(&mut self, seq: u64, present: &BTreeMap<u64, Digest>) {
        let next = self.next;
        if seq < next {
            self.fault(seq, format!("it stands behind entry {}", next - 1));
        } else if present.contains_key(&next) {
            self.fault(seq, format!("it stands where entry {next} belongs"));
        } else if seq - next == 1 {
            self.fault(next, "it is missing");
        } else {
            self.fault(next, format!("it is missing, and all up to {}", seq - 1));
        }
    }

    fn follow_post(&mut self, entry: &Entry) {
        let (seq, post) = (entry.seq, &entry.post);
        self.receipts.push((seq, post.receipt()));
        let header = self.header;
        if let Err(refusal) = post.check(&header.poll, &header.registrar) {
            return self.fault(seq, refusal.what);
        }
        let before = self.tokens.get(&post.token.key).map(|(turn, _)| *turn);
        match before {
            Some(_) if !header.poll.revote => {
                return self.fault(seq, "it is a second ballot, and this poll takes one");
            }
            Some(turn) if post.turn <= turn => {
                return self.fault(seq, "its token has a later ballot before it");
            }
            _ => {}
        }
        self.tokens
            .insert(post.token.key, (post.turn, post.ballot.clone()));
    }

    /// The last ballot of each token.
    pub(super) fn ballots(&self) -> Vec<Option<Vec<Rank>>> {
        let last = self.tokens.values();
        last.map(|(_, ballot)| ballot.clone()).collect()
    }

    /// Tokens that were taken and are not on the board.
    pub(super) fn unused_tokens(&self) -> u64 {
        count(self.header.takers.len()).saturating_sub(count(self.tokens.len()))
    }

    pub(super) fn last(&self) -> Digest {
        self.last
    }

    /// All that is wrong, and the receipts in their order.
    pub(super) fn end(
        mut self,
        found: &Closing,
        against: &Against<'_>,
    ) -> (Vec<Fault>, Vec<Digest>) {
        let (tokens, takers) = (self.tokens.len(), self.header.takers.len());
        if tokens > takers {
            let who = base::counted(takers, "voter", "voters");
            let what = format!(
                "the ballots have {tokens} tokens, but {who} took one: the registrar made some up"
            );
            self.fault(None, what);
        }
        self.meet_receipts(against.receipts);
        if let Some(closing) = against.closing {
            if Some(count(against.receipts.len())) == closing.entries {
                self.find_added(against.receipts);
            }
            self.meet_closing(found, closing);
        }
        let receipts = self.receipts.into_iter().map(|(_, receipt)| receipt);
        (self.faults, receipts.collect())
    }

    fn meet_receipts(&mut self, published: &[Digest]) {
        let on_board: BTreeMap<Digest, usize> = self
            .receipts
            .iter()
            .enumerate()
            .map(|(at, (_, receipt))| (*receipt, at))
            .collect();
        let mut before = None;
        for receipt in published {
            let Some(at) = on_board.get(receipt).copied() else {
                self.fault(
                    None,
                    format!("the ballot with the receipt {receipt} is missing"),
                );
                continue;
            };
            if before.is_some_and(|before| before > at) {
                let what = "its receipt was published after that of the entry before it was";
                self.fault(self.receipts[at].0, what);
            }
            before = Some(at);
        }
    }

    /// What is on the board and was not when all receipts were published.
    fn find_added(&mut self, all: &[Digest]) {
        let all: BTreeSet<&Digest> = all.iter().collect();
        let added = self.receipts.iter();
        let added: Vec<u64> = added
            .filter(|(_, receipt)| !all.contains(receipt))
            .map(|(seq, _)| *seq)
            .collect();
        for seq in added {
            self.fault(seq, "its receipt is none of those that were published");
        }
    }

    fn meet_closing(&mut self, found: &Closing, closing: &Closing) {
        if found == closing {
            return;
        }
        let said = closing.entries.unwrap_or_default();
        let last = count(self.receipts.len());
        if found.poll != closing.poll {
            self.fault(None, "the board is of another poll than the closing");
        } else if self.next <= said {
            let what = format!("it is missing: the closing says that there are {said} entries");
            self.fault(self.next, what);
        } else if last > said {
            let what = format!("it was added: the closing says that there are {said} entries");
            self.fault(said + 1, what);
        } else if found.voters != closing.voters || found.takers != closing.takers {
            let what = "the closing names another number of voters, or of those who took a token";
            self.fault(None, what);
        } else if found.electorate != closing.electorate || found.admitted != closing.admitted {
            let what = "the closing is of a poll that was opened with other voters";
            self.fault(None, what);
        } else if self.faults.is_empty() {
            let what = format!(
                "the board ends with {}, but was closed with {}: it was written anew, or its lists of voters and takers were changed; the receipts of voters tell which ballot",
                found.head, closing.head
            );
            self.fault(None, what);
        }
    }
}
