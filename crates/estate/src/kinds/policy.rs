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
        /// Lists of things that only change when the owners of the lists agree.
        pub approvals: Vec<Approval>,
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
        /// The list whose elements are told one by one, where it is broken.
        pub each: Option<Spanned<String>>,
        /// What is excused for a time.
        pub exceptions: Vec<Excuse>,
        /// Whether what breaks it today is let be, and may only become less: it is listed beside the policy.
        pub ratchet: bool = false,
        /// What `check --fix` writes where it is broken; nothing where people must think.
        pub fix: Vec<Fix>,
    }
}

record! {
    /// Something that is written in place of people, because there is only one way to mend it.
    pub struct Fix {
        /// The list in whose elements it is written; in the thing itself if not said.
        pub each: Option<Spanned<String>>,
        /// In which of them, or for which things; in all if not said.
        pub applies as "where": Option<Spanned<String>>,
        /// The field that is written.
        pub set: Option<Spanned<String>>,
        /// What is written in it.
        pub to: Option<Spanned<String>>,
        /// Or: the field whose value is written in it.
        pub from: Option<Spanned<String>>,
        /// Or: the field that says which entries are taken away.
        pub remove: Option<Spanned<String>>,
        /// Or: the field that says which keys are given the known name that is nearest.
        pub rename: Option<Spanned<String>>,
    }
}

record! {
    /// A list of things that is kept in a file of its own, whose owners thereby agree to each change.
    pub struct Approval {
        /// What it is called: words of small letters and digits with `-` between them.
        pub id: Spanned<String>,
        /// Which things are on it.
        pub applies as "where": Spanned<String>,
        /// What is written of each, and so cannot change unseen.
        pub fields: Vec<Spanned<String>>,
        /// The field by which they are listed, once for those that agree in all of it; their ids if
        /// not said.
        pub by: Option<Spanned<String>>,
        /// The file, from the estate's folder. Its owners should not be those of the things.
        pub file: Spanned<String>,
        /// Why it needs them.
        pub why: Option<String>,
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
