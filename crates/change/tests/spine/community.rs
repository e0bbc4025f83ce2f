//! People, groups and a charter, and what they do about one plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::Digest;
use change::gate::{Evidence, Hands, Judgement, Provenance, Verdict, judge};
use change::journal::Received;
use change::plan::{FORMAT, Observed, Plan, Planned, ScopePlan};
use change::{Action, Change, Exceeded};
use charter::Charter;
use charter::risk::Risk;
use decisions::ruling::Hearing;
use decisions::{
    Act, Attributed, Content, Event, ItemId, PersonName, Receipts, Refused, Roster, Statement,
    attribute_all,
};
use estate::{Draft, Estate, KindId, MemoryTree};
use jiff::Timestamp;

use crate::shelf::{change, scope};
use crate::signing::Signer;

/// A Friday.
pub(crate) const FRIDAY: &str = "2026-11-06T12:00:00Z";

const CHARTER: &str =
    "infrastructure: infra\ncontributor_experience: care\ndevelopment_list: dev@example.org\n";

/// Each with a key of that number; Ada's second one is 11.
const PEOPLE: [(&str, u8, &str); 8] = [
    ("ada", 1, "Aurora"),
    ("bob", 2, "Aurora"),
    ("cy", 3, "Bluebell"),
    ("dee", 4, "Independent"),
    ("eve", 5, "Elm"),
    ("fay", 6, "Aurora"),
    ("gus", 7, "Bluebell"),
    ("hal", 8, ""),
];

pub(crate) fn read(charter: &str) -> (Estate, Charter) {
    let mut tree = MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: Example\n")
        .with("charter.yaml", charter)
        .with(
            "groups/site.yaml",
            "leads: [{person: ada, role: chair}]\nmembers: [bob, fay, gus]\n",
        )
        .with(
            "groups/post.yaml",
            "leads: [{person: cy, role: chair}]\ncontact: {mailing_list: post@example.org}\n",
        )
        .with("groups/infra.yaml", "members: [dee]\n")
        .with("groups/care.yaml", "members: [eve]\n")
        .with("groups/empty.yaml", "members: []\n")
        .with(
            "services/web.yaml",
            "name: Web\nsummary: It serves.\nkind: custom\nowner: site\n",
        )
        .with(
            "services/mail.yaml",
            "name: Mail\nsummary: It serves.\nkind: custom\nowner: post\ndepends_on: [{service: web, how: calls}]\n",
        );
    for (name, key, employer) in PEOPLE {
        let mut text = format!("keys:\n- {}\n", Signer::new(key).line());
        if name == "ada" {
            text += &format!("- {}\n", Signer::new(11).line());
        }
        if !employer.is_empty() {
            text += &format!("employers: [{{company: {employer}}}]\n");
        }
        tree = tree.with(&format!("people/{name}.yaml"), text);
    }
    let (estate, findings) = Draft::read(&tree).unwrap().resolve();
    assert!(findings.is_empty(), "{findings:?}");
    let (charter, findings) = Charter::of(&estate);
    assert!(findings.is_empty(), "{findings:?}");
    (estate, charter)
}

/// A change of a service that mail hangs on.
pub(crate) fn touching(thing: &str) -> Change {
    let mut change = change(thing, Some(1), Some(2));
    change.effect.touches = vec![(KindId::Service, "web".to_owned())];
    change
}

pub(crate) fn plan_of(changes: Vec<Change>, risk: Risk) -> Plan {
    let planned = |change: Change| Planned {
        digest: change.digest(&scope()).unwrap(),
        change,
        risk,
        reasons: Vec::new(),
        accumulates: true,
    };
    Plan {
        format: FORMAT,
        commit: None,
        base: None,
        reverts: None,
        scopes: vec![ScopePlan {
            scope: scope(),
            observed: Observed {
                mark: "1".to_owned(),
                digest: Digest::of(b""),
                resources: 20,
            },
            changes: changes.into_iter().map(planned).collect(),
            kept: Vec::new(),
            exceeded: Vec::new(),
        }],
        stopped: Vec::new(),
    }
}

/// One plan before the community. Ada is its author.
pub(crate) struct Community {
    estate: Estate,
    charter: Charter,
    pub(crate) plan: Plan,
    pub(crate) authors: BTreeSet<String>,
    events: Vec<Event>,
    receipts: Receipts,
    pub(crate) refused: Vec<Refused>,
    /// What the ledger received and Git has lost.
    vanished: Vec<Received>,
    /// When changes were last brought to an end.
    pub(crate) spent: BTreeMap<Digest, Timestamp>,
    /// Whether what is done now is in the ledger.
    pub(crate) received: bool,
    /// Whether the plan undoes what was done.
    pub(crate) undoes: bool,
    /// Whether authors wrote the very change.
    pub(crate) by_hand: bool,
    pub(crate) now: Timestamp,
}

impl Community {
    pub(crate) fn new(risk: Risk) -> Self {
        Self::under(CHARTER, risk)
    }

    pub(crate) fn under(charter: &str, risk: Risk) -> Self {
        let (estate, charter) = read(charter);
        Self {
            estate,
            charter,
            plan: plan_of(vec![touching("a")], risk),
            authors: BTreeSet::from(["ada".to_owned()]),
            events: Vec::new(),
            receipts: Receipts::new(),
            refused: Vec::new(),
            vanished: Vec::new(),
            spent: BTreeMap::new(),
            received: true,
            undoes: false,
            by_hand: true,
            now: FRIDAY.parse().unwrap(),
        }
    }

    pub(crate) fn digest(&self) -> Digest {
        self.plan.to_text().unwrap().1
    }

    pub(crate) fn exceed(&mut self) {
        self.plan.scopes[0].exceeded = vec![Exceeded {
            action: Action::Update,
            count: 9,
            of: 20,
            allowed: 6,
            percent: 30,
            list: None,
        }];
    }

    /// Somebody does something about the plan's first change.
    pub(crate) fn does(&mut self, who: &str, act: Act) -> Digest {
        let key = PEOPLE.iter().find(|(name, ..)| *name == who).unwrap().1;
        let changes = vec![self.plan.scopes[0].changes[0].digest];
        self.signs(who, key, act, self.digest(), changes)
    }

    pub(crate) fn signs(
        &mut self,
        who: &str,
        key: u8,
        act: Act,
        plan: Digest,
        changes: Vec<Digest>,
    ) -> Digest {
        let content = Content::new(plan, changes).unwrap();
        let item = ItemId::new("a change", &content);
        let who = PersonName::new(who).unwrap();
        let at = self.now + jiff::SignedDuration::from_secs(self.events.len().try_into().unwrap());
        let statement = Statement::new(item, act, who, content, at).unwrap();
        let event = Signer::new(key).event(statement);
        let digest = *event.digest();
        if self.received {
            self.receipts.insert(digest, self.now);
        }
        self.events.push(event);
        digest
    }

    pub(crate) fn approves(&mut self, who: &str) -> Digest {
        self.does(who, Act::Approve { role: None })
    }

    pub(crate) fn notices(&mut self, channel: &str) {
        let (channel, evidence) = (channel.to_owned(), "https://lists.example.org/1".to_owned());
        self.does("bob", Act::Notice { channel, evidence });
    }

    /// Somebody takes an event out of Git.
    pub(crate) fn removes(&mut self, event: Digest) {
        let gone = self.events.iter().filter(|one| *one.digest() == event);
        self.vanished.extend(gone.map(|one| Received {
            event,
            path: one.path(),
            by: one.actor().to_string(),
            act: one.act().name().to_owned(),
            changes: one.content().changes().to_vec(),
            base: None,
            number: None,
        }));
        self.events.retain(|one| *one.digest() != event);
    }

    pub(crate) fn at(&mut self, now: &str) {
        self.now = now.parse().unwrap();
    }

    pub(crate) fn judged(&self) -> Vec<Judgement> {
        let roster = Roster::of(&self.estate, jiff::civil::date(2026, 11, 6));
        let (events, mut refused): (Vec<Attributed>, _) =
            attribute_all(self.events.clone(), &roster);
        refused.extend(self.refused.iter().cloned());
        let vanished = self.vanished.clone();
        judge(
            &self.plan,
            &self.digest(),
            &Evidence {
                provenance: &Hand(self.by_hand),
                hearing: Hearing {
                    estate: &self.estate,
                    charter: &self.charter,
                    authors: self.authors.clone(),
                    strangers: Vec::new(),
                    refused: &refused,
                    undoes: self.undoes,
                    now: self.now,
                },
                head: &self.estate,
                events: &events,
                vanished: &vanished,
                spent: &self.spent,
                receipts: &self.receipts,
            },
        )
    }

    pub(crate) fn first(&self) -> Judgement {
        self.judged().remove(0)
    }

    /// The codes of what is in its way; `passed`, or `waiting`.
    pub(crate) fn verdict(&self) -> Vec<&'static str> {
        match self.first().verdict {
            Verdict::Passed { .. } => vec!["passed"],
            Verdict::Waiting { .. } => vec!["waiting"],
            Verdict::Blocked { because } => because.iter().map(|one| one.code).collect(),
        }
    }
}

/// Whether authors are of everything, or of nothing that they gain by.
#[derive(Debug)]
struct Hand(bool);

impl Provenance for Hand {
    fn hands(&self, _: &change::Scope, _: &Change) -> Option<Arc<Hands>> {
        (!self.0).then(Arc::default)
    }
}
