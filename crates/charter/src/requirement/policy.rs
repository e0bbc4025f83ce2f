//! What each risk requires, as the charter says it.

use base::{Severity, Span, Spanned};
use estate::{Period, PeriodUnit, TimeZone};
use jiff::civil::Date;
use yaml::{Decoding, FromYaml, Map, Node, Profile, Shape, choice, record};

use super::holidays::Holiday;
use super::party::{DevelopmentList, Parties, Party, Recipient, Recipients};
use crate::Count;
use crate::procedure::{KindRule, Procedure};
use crate::risk::Risk;

record! {
    /// What a change requires, by its risk. A risk that is not written down requires what is built in.
    /// The author and the co-authors of a change never count as its approvers or supporters.
    #[derive(Default)]
    pub struct DecisionPolicy {
        /// The time zone that business days are counted in; UTC if not said.
        pub zone: Option<TimeZone>,
        /// Days that are no business days, beside Saturdays and Sundays: dates, or ranges such as `2026-12-24..2027-01-03`.
        pub holidays: Vec<Holiday>,
        /// Calendars (iCalendar, RFC 5545) whose whole-day events are no business days either: files of the estate.
        pub calendars: Vec<Spanned<String>>,
        /// Days on which everything stands still, also periods in `h` and `d`: dates, or ranges.
        pub blackouts: Vec<Holiday>,
        /// For a low risk. Built in: one approval by the owning or the infrastructure group.
        pub low: Option<Written<ChangeProcedure>>,
        /// For a medium risk. Built in: notice to the affected groups, and lazy consensus over `72bh` with one supporter.
        pub medium: Option<Written<ChangeProcedure>>,
        /// For a high risk. Built in: every owning group and `contributor_experience` are consulted and must answer, notice to the
        /// `development_list`, and lazy consensus over `5bd` with two supporters.
        pub high: Option<Written<ChangeProcedure>>,
        /// How everything else is decided, by the name of the procedure.
        pub procedures: Map<Written<Procedure>>,
        /// The procedure of bodies that name none.
        pub procedure: Option<Spanned<String>>,
        /// For kinds of items, who decides and how: policy, rfc, charter, resource-request, spending-request, role, graduation, funding-scope, emergency-review.
        pub kinds: Map<KindRule>,
        /// What may be done at once, without all that. Built in: two people of two employers, for `72h`, with a review within `7d`.
        pub emergency: Option<Written<EmergencyRule>>,
    }
}

record! {
    /// What a change of one risk requires: all that is written here.
    pub struct ChangeProcedure {
        /// Approvals.
        pub review: Option<ReviewRule>,
        /// Who is asked, and must answer or may keep silent.
        pub consult: Option<ConsultRule>,
        /// Who is told.
        pub notice: Option<NoticeRule>,
        /// Agreement by silence: it passes when nobody has objected by the end of the period.
        pub lazy: Option<LazyRule>,
    }
}

record! {
    /// Approvals by people who are not its authors.
    pub struct ReviewRule {
        /// How many people must approve.
        pub count: Count,
        /// The groups whose leads and members may approve.
        pub by: Parties,
        /// How many employers the approvers must come from; independent people are each their own. 1 if not said.
        pub employers: Option<Count>,
    }
}

record! {
    /// Groups that are asked.
    pub struct ConsultRule {
        /// The groups; one lead or member answers for each.
        pub groups: Parties,
        /// What silence means.
        pub silence: Silence,
    }
}

choice! {
    /// What the silence of a group means.
    pub enum Silence {
        /// It has to answer.
        Blocks = "blocks",
        /// It agrees, once the period of lazy consensus is over.
        Consents = "consents",
    }
}

record! {
    /// Who is told of a change before it is made. The period of lazy consensus starts when all have been told.
    pub struct NoticeRule {
        /// Groups, mail addresses or https URLs.
        pub to: Recipients,
    }
}

record! {
    /// Agreement by silence.
    pub struct LazyRule {
        /// How long objections may be made, for example `72bh` or `5bd`.
        pub period: Period,
        /// How many people must support it beside the author; 0 for silence alone.
        pub support: u32,
        /// The groups whose leads and members may support it; owners, affected and infrastructure if not said.
        pub by: Option<Parties>,
        /// How many employers the supporters must come from; independent people are each their own. 1 if not said.
        pub employers: Option<Count>,
    }
}

record! {
    /// What may be done at once, and what becomes of it then.
    pub struct EmergencyRule {
        /// How many people must approve.
        pub approvers: Count,
        /// How many employers they must come from; 1 if not said.
        pub employers: Option<Count>,
        /// After this time it has to be confirmed or is undone.
        pub expires: Period,
        /// Within this time it is reviewed in the open.
        pub review: Period,
    }
}

/// A rule that is read as a whole or not at all: one that has lost a line to a
/// mistake would ask for less than was meant.
#[derive(Debug, Clone)]
pub struct Written<T> {
    /// The rule; `None` where a part of it could not be read, which has been reported.
    pub rule: Option<T>,
    /// Where it is written.
    pub span: Span,
}

impl<T: FromYaml> FromYaml for Written<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let (rule, findings) = Decoding::read::<T>(node, Profile::NATIVE);
        let whole = findings
            .iter()
            .all(|finding| finding.severity < Severity::Error);
        for finding in findings {
            cx.report(finding);
        }
        Some(Self {
            rule: rule.filter(|_| whole),
            span: node.span,
        })
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: serde::Serialize> serde::Serialize for Written<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rule.serialize(serializer)
    }
}

impl DecisionPolicy {
    /// What a risk requires: as written, or as built in; `None` where it is
    /// written and cannot be read, which has been reported.
    pub fn procedure(&self, risk: Risk) -> Option<ChangeProcedure> {
        match self.written(risk) {
            Some(written) => written.rule.clone(),
            None => Some(ChangeProcedure::built_in(risk)),
        }
    }

    /// What the charter itself says of a risk.
    pub(crate) fn written(&self, risk: Risk) -> Option<&Written<ChangeProcedure>> {
        match risk {
            Risk::Low => self.low.as_ref(),
            Risk::Medium => self.medium.as_ref(),
            Risk::High => self.high.as_ref(),
        }
    }

    /// What an emergency requires: as written, or as built in; `None` where it is
    /// written and cannot be read, which has been reported.
    pub fn emergency(&self) -> Option<EmergencyRule> {
        let period = |amount, unit| Period { amount, unit };
        let built_in = || EmergencyRule {
            approvers: count(2),
            employers: Some(count(2)),
            expires: period(72, PeriodUnit::Hours),
            review: period(7, PeriodUnit::Days),
        };
        match &self.emergency {
            Some(written) => written.rule.clone(),
            None => Some(built_in()),
        }
    }

    /// The IANA name of the zone that business days are counted in.
    pub fn zone_name(&self) -> String {
        self.zone
            .as_ref()
            .map_or("UTC".to_owned(), ToString::to_string)
    }

    /// Whether a day is a holiday; Saturdays and Sundays are not, unless they are in a range.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays.iter().any(|holiday| holiday.contains(day))
    }
}

impl ChangeProcedure {
    /// What a risk requires where the charter does not say.
    pub fn built_in(risk: Risk) -> Self {
        let parties = |parties: &[Party]| Parties {
            each: parties.to_vec(),
            span: None,
        };
        let notice = |to: Recipient| {
            let (each, span) = (vec![to], None);
            Some(NoticeRule {
                to: Recipients { each, span },
            })
        };
        let lazy = |amount, unit, support| {
            Some(LazyRule {
                period: Period { amount, unit },
                support,
                by: None,
                employers: None,
            })
        };
        match risk {
            Risk::Low => Self {
                review: Some(ReviewRule {
                    count: Count::ONE,
                    by: parties(&[Party::Owners, Party::Infrastructure]),
                    employers: None,
                }),
                consult: None,
                notice: None,
                lazy: None,
            },
            Risk::Medium => Self {
                review: None,
                consult: None,
                notice: notice(Recipient::Party(Party::Affected)),
                lazy: lazy(72, PeriodUnit::BusinessHours, 1),
            },
            Risk::High => Self {
                review: None,
                consult: Some(ConsultRule {
                    groups: parties(&[Party::Owners, Party::ContributorExperience]),
                    silence: Silence::Blocks,
                }),
                notice: notice(Recipient::DevelopmentList(DevelopmentList::Word)),
                lazy: lazy(5, PeriodUnit::BusinessDays, 2),
            },
        }
    }

    /// How many people must agree, and of how many employers.
    pub(crate) fn consent(&self) -> (u32, u32) {
        let review = self
            .review
            .as_ref()
            .map(|rule| (rule.count.get(), rule.employers));
        let lazy = self
            .lazy
            .as_ref()
            .map(|rule| (rule.support, rule.employers));
        let both = [review, lazy].into_iter().flatten();
        both.fold((0, 0), |(people, employers), (some, of)| {
            let of = of.map_or(1, Count::get).min(some);
            (people.max(some), employers.max(of))
        })
    }

    /// Every list of parties in it.
    pub(crate) fn parties(&self) -> impl Iterator<Item = &Parties> {
        let review = self.review.iter().map(|rule| &rule.by);
        let consult = self.consult.iter().map(|rule| &rule.groups);
        let lazy = self.lazy.iter().filter_map(|rule| rule.by.as_ref());
        review.chain(consult).chain(lazy)
    }
}

/// A number written in this file, which is never 0.
fn count(number: u32) -> Count {
    Count::new(number).unwrap_or(Count::ONE)
}
