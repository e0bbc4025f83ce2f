//! The roll: everybody who may vote, each with the reason.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{Diagnostic, Digest};
use estate::kinds::{Group, Person};
use estate::{Estate, Item, Ref};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::contributions::Contributions;
use super::reasons::{Ground, Lack, LeftOutBecause};
use super::rule::{VoterRule, Way};
use crate::Login;
use crate::directory::{Directory, login_of};

/// Somebody who may vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voter {
    /// The login, as it is written where it was found.
    pub login: Login,
    /// The number of the account, where it is known; it stays when the login changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// The person of the estate, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The first way that is met, with all its conditions; an exception where none is.
    pub why: Vec<Ground>,
}

/// Somebody who meets a condition and may not vote all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The login.
    pub login: Login,
    /// The person of the estate, where there is one.
    pub person: Option<String>,
    /// Why.
    pub why: LeftOutBecause,
}

/// Everybody who may vote, by login: what `voters.lock` holds. It is made once, before the
/// vote opens, and added to by exceptions only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// The day of the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Date>,
    voters: Vec<Voter>,
    /// Not written: it is nobody's business how near somebody came.
    #[serde(skip)]
    left_out: Vec<LeftOut>,
}

/// Why somebody is not let in to vote. The codes are stable; programs may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
pub enum NotOnTheRoll {
    /// Nobody of that login and number is on it.
    #[serde(rename = "E_NOT_ELIGIBLE")]
    #[error("not on the roll of this election (E_NOT_ELIGIBLE)")]
    Unknown,
    /// The login is on it, for an account with another number: it has changed hands.
    #[serde(rename = "E_OTHER_ACCOUNT")]
    #[error("the login on the roll belonged to another account (E_OTHER_ACCOUNT)")]
    OtherAccount,
}

/// What a roll says of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'r> {
    /// May vote.
    Voter(&'r Voter),
    /// May not, and came near.
    LeftOut(&'r LeftOut),
    /// May not, and meets no condition.
    Unknown,
}

impl Roll {
    /// Those on a list that was given, such as one that another program kept.
    pub fn listed<'l>(logins: impl IntoIterator<Item = &'l Login>, people: &Directory<'_>) -> Self {
        let mut roll = Self::default();
        for login in logins {
            roll.admit(login, people, Ground::Listed);
        }
        roll
    }

    /// Everybody who may vote, by login.
    pub fn voters(&self) -> &[Voter] {
        &self.voters
    }

    /// Everybody who meets a condition and may not vote all the same, by login. A roll that was
    /// read from its file does not know them.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Adds somebody whose exception was granted; who is on the roll already stays as they are.
    pub fn grant(&mut self, login: &Login, people: &Directory<'_>) {
        self.admit(login, people, Ground::Exception);
    }

    fn admit(&mut self, login: &Login, people: &Directory<'_>, ground: Ground) {
        let person = people.whose(login);
        let voter = Voter {
            login: login.clone(),
            id: person.and_then(|person| person.value.handles.github_id),
            person: person.map(|person| person.name.clone()),
            why: vec![ground],
        };
        if let Err(place) = self.voters.binary_search_by(|one| one.login.cmp(login)) {
            self.voters.insert(place, voter);
        }
        self.left_out.retain(|one| one.login != *login);
    }

    /// The voter that an account is: by its number where both sides know one, so that a
    /// renamed account stays one voter; by its login otherwise.
    ///
    /// # Errors
    /// Nobody, or the login has changed hands.
    pub fn admits(&self, login: &Login, id: Option<u32>) -> Result<&Voter, NotOnTheRoll> {
        let by_id = id.and_then(|id| self.voters.iter().find(|voter| voter.id == Some(id)));
        if let Some(voter) = by_id {
            return Ok(voter);
        }
        let voter = self.find(login).ok_or(NotOnTheRoll::Unknown)?;
        match id.zip(voter.id) {
            // The same number would have been found above.
            Some(_) => Err(NotOnTheRoll::OtherAccount),
            None => Ok(voter),
        }
    }

    /// What is known of a login.
    pub fn why(&self, login: &Login) -> Standing<'_> {
        if let Some(voter) = self.find(login) {
            return Standing::Voter(voter);
        }
        let place = self.left_out.binary_search_by(|one| one.login.cmp(login));
        let left_out = place.ok().and_then(|at| self.left_out.get(at));
        left_out.map_or(Standing::Unknown, Standing::LeftOut)
    }

    fn find(&self, login: &Login) -> Option<&Voter> {
        let place = self.voters.binary_search_by(|voter| voter.login.cmp(login));
        place.ok().and_then(|at| self.voters.get(at))
    }

    /// The text of `voters.lock`: a voter a line, so that a change is seen as one.
    ///
    /// # Errors
    /// None: every roll has such a text.
    pub fn to_lock(&self) -> Result<String, serde_json::Error> {
        let mut text = String::new();
        if let Some(snapshot) = self.snapshot {
            text += &format!("{{\"snapshot\":\"{snapshot}\"}}\n");
        }
        for voter in &self.voters {
            text += &base::canonical(voter)?;
            text.push('\n');
        }
        Ok(text)
    }

    /// Reads the text of `voters.lock`.
    ///
    /// # Errors
    /// A line is not a voter, or a login stands twice; with the number of the line.
    pub fn from_lock(text: &str) -> Result<Self, NotALock> {
        #[derive(Deserialize)]
        struct Head {
            snapshot: Date,
        }
        let mut roll = Self::default();
        for (at, line) in text.lines().enumerate() {
            let refused = |why: String| NotALock { line: at + 1, why };
            if let (0, Ok(head)) = (at, serde_json::from_str::<Head>(line)) {
                roll.snapshot = Some(head.snapshot);
                continue;
            }
            let voter: Voter =
                serde_json::from_str(line).map_err(|error| refused(error.to_string()))?;
            match roll
                .voters
                .binary_search_by(|one| one.login.cmp(&voter.login))
            {
                Ok(_) => return Err(refused(format!("`{}` stands twice", voter.login))),
                Err(place) => roll.voters.insert(place, voter),
            }
        }
        Ok(roll)
    }

    /// The SHA-256 digest of the text of `voters.lock`.
    ///
    /// # Errors
    /// None, as for [`Roll::to_lock`].
    pub fn digest(&self) -> Result<Digest, serde_json::Error> {
        Ok(Digest::of(self.to_lock()?.as_bytes()))
    }
}

/// A text that is not a `voters.lock`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct NotALock {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// The roll that follows from a rule, facts and an estate. None where the rule names what
/// the estate does not have: then nothing follows from somebody's absence.
///
/// `today` is the day as of which people have left, where the rule names no snapshot.
pub fn roll(
    rule: &VoterRule,
    estate: &Estate,
    contributions: &Contributions,
    today: Date,
) -> (Option<Roll>, Vec<Diagnostic>) {
    let findings = rule.unknown(estate);
    if !findings.is_empty() {
        return (None, findings);
    }
    let people = Directory::of(estate);
    let day = rule.snapshot.unwrap_or(today);
    let facts: Vec<Facts> = rule
        .any
        .iter()
        .map(|way| Facts::of(way, estate, day))
        .collect();
    let mut subjects: BTreeMap<Login, Option<&Item<Person>>> = BTreeMap::new();
    for person in estate.tables.people.items() {
        if let Some(login) = login_of(person) {
            subjects.insert(login, Some(person));
        }
    }
    if rule.asks_for_contributions() {
        for (login, _) in contributions.iter() {
            subjects
                .entry(login.clone())
                .or_insert_with(|| people.whose(login));
        }
    }
    let mut roll = Roll {
        snapshot: rule.snapshot,
        ..Roll::default()
    };
    for (login, person) in subjects {
        let count = contributions.of(&login);
        let subject = Subject {
            login,
            person,
            count,
        };
        subject.judge(rule, &facts, day, &mut roll);
    }
    (Some(roll), findings)
}

/// Somebody who may turn out to be a voter.
struct Subject<'e> {
    login: Login,
    person: Option<&'e Item<Person>>,
    count: u64,
}

impl Subject<'_> {
    fn judge(self, rule: &VoterRule, facts: &[Facts], day: Date, roll: &mut Roll) {
        let mut lacking = Vec::new();
        let mut near = false;
        for (way, facts) in rule.any.iter().zip(facts) {
            let (met, lacks) = self.conditions(way, facts);
            if lacks.is_empty() && !met.is_empty() {
                match self.barred(day) {
                    Some(why) => roll.left_out.push(self.left_out(why)),
                    None => roll.voters.push(self.voter(met)),
                }
                return;
            }
            near |= !met.is_empty();
            lacking.push(lacks);
        }
        if near {
            let why = self
                .barred(day)
                .unwrap_or(LeftOutBecause::Lacks { ways: lacking });
            roll.left_out.push(self.left_out(why));
        }
    }

    /// What keeps somebody out whatever else is true.
    fn barred(&self, day: Date) -> Option<LeftOutBecause> {
        let person = &self.person?.value;
        if person.robot {
            return Some(LeftOutBecause::Robot);
        }
        let left = person.left.as_ref().filter(|_| person.has_left(day))?;
        Some(LeftOutBecause::Left { on: left.value })
    }

    fn conditions(&self, way: &Way, facts: &Facts) -> (Vec<Ground>, Vec<Lack>) {
        let (mut met, mut lacks) = (Vec::new(), Vec::new());
        let name = self.person.map_or("", |person| person.name.as_str());
        let mut hold = |ground: Option<Ground>, lack: Lack| match ground {
            Some(ground) => met.push(ground),
            None => lacks.push(lack),
        };
        let names = |all: Vec<&String>| all.into_iter().cloned().collect::<Vec<String>>();
        if !way.organisations.is_empty() {
            let organisations = names(way.organisations.iter().map(|one| &one.name).collect());
            let ground = facts.organisations.get(name).cloned();
            let ground = ground.map(|organisation| Ground::Member { organisation });
            hold(ground, Lack::Member { organisations });
        }
        if !way.teams.is_empty() {
            let teams = names(way.teams.iter().map(|one| &one.name).collect());
            let ground = facts.teams.get(name).cloned();
            hold(
                ground.map(|team| Ground::Team { team }),
                Lack::Team { teams },
            );
        }
        if !way.groups.is_empty() {
            let groups = names(way.groups.iter().map(|one| &one.name).collect());
            let from = way.from.map(|from| from.value);
            let until = way.until.map(|until| until.value);
            let lack = Lack::Group {
                groups,
                from,
                until,
            };
            hold(facts.groups.get(name).cloned(), lack);
        }
        if let Some(needed) = &way.contributions {
            let (count, needed) = (self.count, needed.value.get());
            let enough =
                (count >= u64::from(needed)).then_some(Ground::Contributions { count, needed });
            hold(enough, Lack::Contributions { count, needed });
        }
        if !way.people.is_empty() {
            let named = facts.people.contains(name).then_some(Ground::Named);
            hold(named, Lack::Named);
        }
        (met, lacks)
    }

    fn voter(self, why: Vec<Ground>) -> Voter {
        Voter {
            id: self
                .person
                .and_then(|person| person.value.handles.github_id),
            person: self.person.map(|person| person.name.clone()),
            login: self.login,
            why,
        }
    }

    fn left_out(self, why: LeftOutBecause) -> LeftOut {
        LeftOut {
            person: self.person.map(|person| person.name.clone()),
            login: self.login,
            why,
        }
    }
}

/// Who meets which condition of a way, by the names of people in the estate.
#[derive(Default)]
struct Facts {
    organisations: HashMap<String, String>,
    teams: HashMap<String, String>,
    groups: HashMap<String, Ground>,
    people: HashSet<String>,
}

impl Facts {
    fn of(way: &Way, estate: &Estate, day: Date) -> Self {
        let mut facts = Self::default();
        let name = |person: &Ref<Person>| estate.find(person).map(|person| person.name.clone());
        for organisation in way.organisations.iter().filter_map(|one| estate.find(one)) {
            for person in organisation.value.people().filter_map(name) {
                let known = || organisation.name.clone();
                facts.organisations.entry(person).or_insert_with(known);
            }
        }
        for team in way.teams.iter().filter_map(|one| estate.find(one)) {
            for person in team.value.people().filter_map(name) {
                facts
                    .teams
                    .entry(person)
                    .or_insert_with(|| team.name.clone());
            }
        }
        for group in way.groups.iter().filter_map(|one| estate.find(one)) {
            facts.of_group(way, group, day, &name);
        }
        facts.people = way.people.iter().filter_map(name).collect();
        facts
    }

    /// A lead counts if the time in office and the time of the rule have a day in common. An
    /// emeritus lead whose last day is not written cannot be placed in time, and does not count.
    /// Other members have no dates: they belong to the group as of the estate that was read.
    fn of_group(
        &mut self,
        way: &Way,
        group: &Item<Group>,
        day: Date,
        name: &dyn Fn(&Ref<Person>) -> Option<String>,
    ) {
        let first = way.from.map_or(Date::MIN, |from| from.value);
        let last = way.until.map_or(day, |until| until.value);
        for lead in &group.value.leads {
            let begun = lead.since.is_none_or(|since| since <= last);
            let not_over = match lead.until {
                Some(until) => until >= first,
                None => !lead.emeritus,
            };
            if let (Some(person), true) = (name(&lead.person), begun && not_over) {
                let ground = || Ground::Group {
                    group: group.name.clone(),
                    role: lead.role.value.clone(),
                    since: lead.since,
                    until: lead.until,
                };
                self.groups.entry(person).or_insert_with(ground);
            }
        }
        for person in group.value.members.iter().filter_map(name) {
            let ground = || Ground::Group {
                group: group.name.clone(),
                role: "member".to_owned(),
                since: None,
                until: None,
            };
            self.groups.entry(person).or_insert_with(ground);
        }
    }
}
