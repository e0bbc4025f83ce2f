//! A procedure with the people of one body on one day.

use std::collections::BTreeMap;

use estate::Estate;
use jiff::civil::Date;
use serde::Serialize;

use super::written::{ItemKind, Procedure};
use crate::requirement::{
    Consult, Eligible, Holiday, Lazy, Notice, Parties, Review, Roster, Silence,
};
use crate::risk::Reach;
use crate::{Charter, Count};

/// All that an item is decided by: the procedure, and who the people are that it speaks of.
///
/// Made once, of the estate and the charter in force when the item opened: whoever joins
/// later has no vote, and a charter that is changed meanwhile does not change it.
#[derive(Debug, Clone, Serialize)]
pub struct Rules {
    /// The body that decides.
    pub body: String,
    /// The procedure's name in the charter.
    pub name: String,
    /// The procedure.
    pub procedure: Procedure,
    /// The IANA name of the zone that business days are counted in.
    pub zone: String,
    /// The days that are no business days, beside Saturdays and Sundays.
    pub holidays: Vec<Holiday>,
    /// The members of the body: who votes and signs off.
    pub members: Vec<Eligible>,
    /// Who is told.
    pub notice: Vec<Notice>,
    /// Who may second.
    pub seconders: Vec<Eligible>,
    /// Approvals.
    pub review: Option<Review>,
    /// The groups that are asked.
    pub consult: Option<Consult>,
    /// Agreement by silence.
    pub lazy: Option<Lazy>,
    /// Whose objections hold it.
    pub objectors: Vec<Eligible>,
    /// Who may veto.
    pub veto: Option<Veto>,
    /// Who affirms.
    pub ratify: Option<Ratifiers>,
    /// Who may appeal.
    pub appellants: Vec<Eligible>,
    /// Who hears appeals.
    pub hearers: Vec<Eligible>,
    /// What people declared an interest in, by their names.
    pub interests: BTreeMap<String, Vec<String>>,
    /// Why it can never be met, each a short sentence without a full stop.
    pub impossible: Vec<String>,
}

/// Who may veto, and who may set that aside.
#[derive(Debug, Clone, Serialize)]
pub struct Veto {
    /// Who may veto.
    pub people: Vec<Eligible>,
    /// Who may set a veto aside.
    pub overriders: Vec<Eligible>,
}

/// Who affirms.
#[derive(Debug, Clone, Serialize)]
pub struct Ratifiers {
    /// Those people.
    pub people: Vec<Eligible>,
}

/// Why nobody can tell how something is decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRules {
    /// No body.
    #[error(
        "nothing says which body decides on a {0}: name one, or set `decisions.kinds.{0}.body` in charter.yaml"
    )]
    NoBody(ItemKind),
    /// The charter gives this kind to another body.
    #[error("{kind} is decided by {decides}, not by {named}")]
    OtherBody {
        /// What is decided.
        kind: ItemKind,
        /// Who decides it.
        decides: String,
        /// Whom the item names.
        named: String,
    },
    /// The body is not in the estate.
    #[error("the estate has no group `{0}`")]
    UnknownBody(String),
    /// No procedure.
    #[error(
        "nothing says how {body} decides on a {kind}: set `decisions.kinds.{kind}.procedure` or `decisions.procedure` in charter.yaml"
    )]
    NoProcedure {
        /// What is decided.
        kind: ItemKind,
        /// By whom.
        body: String,
    },
    /// The procedure is not in the charter.
    #[error("charter.yaml has no procedure `{0}` that can be read")]
    UnknownProcedure(String),
}

/// By what a body decides on a kind of item on a day.
///
/// # Errors
/// The charter does not say, or says another body.
pub fn rules(
    kind: ItemKind,
    body: Option<&str>,
    charter: &Charter,
    estate: &Estate,
    day: Date,
) -> Result<Rules, NoRules> {
    let policy = &charter.decisions;
    let of_kind = policy.kinds.get(kind.word());
    let decides = of_kind.and_then(|rule| rule.body.as_ref());
    let named = match (decides, body) {
        (Some(decides), Some(named)) if !decides.name.eq_ignore_ascii_case(named) => {
            return Err(NoRules::OtherBody {
                kind,
                decides: decides.name.clone(),
                named: named.to_owned(),
            });
        }
        (Some(decides), _) => decides.name.as_str(),
        (None, Some(named)) => named,
        (None, None) => return Err(NoRules::NoBody(kind)),
    };
    let group = estate.tables.groups.get(named);
    let group = group.ok_or_else(|| NoRules::UnknownBody(named.to_owned()))?;
    let own = group.value.decides_by.as_ref();
    let name = of_kind
        .and_then(|rule| rule.procedure.as_ref())
        .or(own)
        .or(policy.procedure.as_ref())
        .map(|name| name.value.clone())
        .ok_or_else(|| NoRules::NoProcedure {
            kind,
            body: group.name.clone(),
        })?;
    let procedure = policy
        .procedures
        .get(&name)
        .and_then(|written| written.rule.clone())
        .ok_or_else(|| NoRules::UnknownProcedure(name.clone()))?;
    Ok(resolved(name, procedure, &group.name, charter, estate, day))
}

fn resolved(
    name: String,
    procedure: Procedure,
    body: &str,
    charter: &Charter,
    estate: &Estate,
    day: Date,
) -> Rules {
    let owners = [body.to_owned()];
    let reach = Reach::of(&[], estate, &charter.risk.settings());
    let mut roster = Roster::new(&owners, &reach, charter, estate, day);
    let of = |roster: &Roster<'_>, parties: &Parties| roster.people(&roster.groups(parties));
    let members = roster.people(&owners);
    let of_body = |roster: &Roster<'_>, parties: Option<&Parties>| match parties {
        Some(parties) => of(roster, parties),
        None => members.clone(),
    };
    let notice = roster.notices(procedure.notice.as_ref(), false);
    let second = procedure.second.as_ref();
    let seconders = second.map_or(Vec::new(), |rule| of_body(&roster, rule.by.as_ref()));
    let review = procedure.review.as_ref().map(|rule| {
        let groups = roster.groups(&rule.by);
        Review {
            count: rule.count.get(),
            employers: rule.employers.map_or(1, Count::get),
            people: roster.people(&groups),
            groups,
        }
    });
    let consult = procedure.consult.as_ref().map(|rule| Consult {
        groups: roster.consulted(&rule.groups),
        silence: rule.silence,
    });
    let lazy = procedure.lazy.as_ref().map(|rule| {
        let groups = rule
            .by
            .as_ref()
            .map_or(owners.to_vec(), |by| roster.groups(by));
        Lazy {
            period: rule.period,
            support: rule.support,
            employers: rule.employers.map_or(1, Count::get),
            people: roster.people(&groups),
            groups,
        }
    });
    let objection = procedure.objection.as_ref();
    let objectors = of_body(&roster, objection.and_then(|rule| rule.by.as_ref()));
    let veto = procedure.veto.as_ref().map(|rule| Veto {
        people: of(&roster, &rule.by),
        overriders: rule
            .overridden
            .as_ref()
            .map_or(Vec::new(), |rule| of(&roster, &rule.by)),
    });
    let ratify = procedure.ratify.as_ref().map(|rule| Ratifiers {
        people: of(&roster, &rule.by),
    });
    let appeal = procedure.appeal.as_ref();
    let appellants = appeal.map_or(Vec::new(), |rule| of(&roster, &rule.by));
    let hearers = appeal.map_or(Vec::new(), |rule| {
        roster.people(std::slice::from_ref(&rule.to.name))
    });
    let mut rules = Rules {
        body: body.to_owned(),
        name,
        procedure,
        zone: charter.decisions.zone_name(),
        holidays: charter.decisions.holidays.clone(),
        members,
        notice,
        seconders,
        review,
        consult,
        lazy,
        objectors,
        veto,
        ratify,
        appellants,
        hearers,
        interests: interests(estate, day),
        impossible: roster.into_impossible(),
    };
    rules.find_impossible();
    rules
}

/// What people have declared an interest in that lasts on a day.
fn interests(estate: &Estate, day: Date) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for person in estate.tables.people.items() {
        let list = person.value.interests.iter().flat_map(|own| &own.list);
        for interest in list.filter(|one| one.lasts_on(day)) {
            let about = interest.about.value.clone();
            all.entry(person.name.clone()).or_default().push(about);
        }
    }
    all
}

impl Rules {
    fn find_impossible(&mut self) {
        let mut found = Vec::new();
        let mut too_few = |act: &str, needed: usize, people: &[Eligible]| {
            if people.len() < needed {
                let needed = base::counted(needed, "person", "people");
                found.push(format!("{needed} must {act}, and {} can", people.len()));
            }
        };
        if let Some(review) = &self.review {
            too_few("approve", review.count as usize, &review.people);
        }
        if let Some(lazy) = &self.lazy {
            too_few("support it", lazy.support as usize, &lazy.people);
        }
        if let Some(second) = &self.procedure.second {
            too_few("second it", second.count.get() as usize, &self.seconders);
        }
        if self.procedure.vote.is_some() || self.procedure.sign_off.is_some() {
            too_few("vote", 1, &self.members);
        }
        let blocks = |consult: &&Consult| consult.silence == Silence::Blocks;
        let asked = self.consult.iter().filter(blocks);
        let asked = asked.flat_map(|consult| &consult.groups);
        for asked in asked.filter(|asked| asked.people.is_empty()) {
            found.push(format!("nobody can answer for {}", asked.group));
        }
        self.impossible.extend(found);
    }
}
