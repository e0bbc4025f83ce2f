//! Policies: what a community says of the things it has, in predicates.

use base::Spanned;
use jiff::civil::Date;
use yaml::{choice, record};

use super::{Group, Kind, KindId};
use crate::reference::{Ref, References, Relation};

record! {
    /// What is said of things of one kind.
    pub struct Policy {
        /// What people call it.
        pub title: Option<String>,
        /// What it is said of.
        pub about: About,
        /// The group that answers for it.
        pub owner: Ref<Group>,
        /// What must be so.
        pub rules: Vec<PolicyRule>,
    }
}

choice! {
    /// What a predicate is said of.
    pub enum About {
        /// CI jobs, as they run: with presets and defaults.
        Job = "job",
        /// What a label on a job adds to it.
        Preset = "preset",
        /// The tables of a dashboard.
        Tab = "tab",
        /// Services.
        Service = "service",
        /// Contracts with providers.
        Account = "account",
        /// Addresses that reach several people.
        MailingGroup = "mailing-group",
    }
}

record! {
    /// Something that must be so.
    pub struct PolicyRule {
        /// What it is called, for ever: words of small letters and digits with `-` between them.
        pub id: Spanned<String>,
        /// What is wrong where it is broken, in half a sentence.
        pub title: String,
        /// Of which things it is said; of all if not said.
        pub applies as "where": Option<Spanned<String>>,
        /// What must be so.
        pub must: Spanned<String>,
        /// How much it matters.
        pub severity: PolicySeverity = PolicySeverity::Error,
        /// The group that answers for it, where not the one that answers for the whole policy.
        pub owner: Option<Ref<Group>>,
        /// Why it is so.
        pub why: Option<String>,
        /// What to do.
        pub help: Option<String>,
        /// The field at whose place it is reported; the first of `must` that stands anywhere if not said.
        pub at: Option<Spanned<String>>,
        /// What is excused for a time.
        pub exceptions: Vec<Excuse>,
        /// Whether what breaks it today is let be, and may only become less: it is listed beside the policy.
        pub ratchet: bool = false,
    }
}

choice! {
    /// How much a broken policy matters.
    pub enum PolicySeverity {
        /// It must be mended: `check` fails.
        Error = "error",
        /// It should be mended.
        Warning = "warning",
        /// It is worth knowing.
        Note = "note",
    }
}

record! {
    /// Things that are excused.
    pub struct Excuse {
        /// Which.
        pub applies as "where": Spanned<String>,
        /// Why.
        pub reason: String,
        /// Where that was decided: a link, or the number of a decision.
        pub decision: String,
        /// The last day on which it holds.
        pub until: Option<Spanned<Date>>,
    }
}

impl Kind for Policy {
    const NAME: &'static str = "policy";
    const FOLDER: &'static str = "policies";
    const ID: KindId = KindId::Policy;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each([&self.owner], Relation::OwnedBy);
        for rule in &self.rules {
            names.each(&rule.owner, Relation::OwnedBy);
        }
    }
}
