//! Who takes no part in an item.

use std::collections::BTreeMap;

use charter::Affiliation;
use charter::procedure::ItemKind;
use charter::requirement::Eligible;
use jiff::Timestamp;

use super::progress::Progress;

impl Progress<'_> {
    /// Those whom it is about have no vote in it: who takes or loses a role, whose employer
    /// gets money or resources, and who declared an interest. A proposer names them, so it goes
    /// no further than that: nobody gets rid of opponents by calling them parties, and of no body
    /// more than the lesser part.
    pub(super) fn take_out_parties(&mut self, at: Timestamp) {
        let Some(matter) = self.proposed.as_ref().map(|one| one.matter.clone()) else {
            return;
        };
        let mut out: BTreeMap<String, &'static str> = BTreeMap::new();
        for one in self.everybody() {
            let of_role = matter.kind == ItemKind::Role && matter.names_person(&one.person);
            if of_role || (self.authors.contains(&one.person) && matter.names_person(&one.person)) {
                out.insert(one.person.clone(), "it is about them");
            }
            let gives = matches!(
                matter.kind,
                ItemKind::ResourceRequest | ItemKind::SpendingRequest | ItemKind::FundingScope
            );
            if let (true, Affiliation::Company(name)) = (gives, &one.employer)
                && matter.names_employer(name)
            {
                out.entry(one.person.clone())
                    .or_insert("it is about their employer");
            }
        }
        for (person, list) in &self.rules.interests {
            if list.iter().any(|about| matter.names(about)) {
                out.entry(person.clone())
                    .or_insert("they declared an interest in it");
            }
        }
        let members = &self.rules.members;
        let gone = members
            .iter()
            .filter(|one| out.contains_key(&one.person))
            .count();
        if 2 * gone > members.len() {
            self.too_many_parties = Some(format!(
                "it is about {gone} of the {} members of {}: another body has to decide on it",
                members.len(),
                self.rules.body
            ));
        }
        for (person, why) in out {
            self.recuse(at, &person, why.to_owned());
        }
    }

    /// All whom the rules know.
    fn everybody(&self) -> impl Iterator<Item = &Eligible> {
        let rules = self.rules;
        let review = rules.review.iter().flat_map(|review| &review.people);
        let lazy = rules.lazy.iter().flat_map(|lazy| &lazy.people);
        let asked = rules.consult.iter().flat_map(|consult| &consult.groups);
        let asked = asked.flat_map(|asked| &asked.people);
        let veto = rules.veto.iter();
        let veto = veto.flat_map(|veto| veto.people.iter().chain(&veto.overriders));
        let ratify = rules.ratify.iter().flat_map(|ratify| &ratify.people);
        let body = rules.members.iter().chain(&rules.objectors);
        let body = body.chain(&rules.seconders).chain(&rules.appellants);
        body.chain(review)
            .chain(lazy)
            .chain(asked)
            .chain(veto)
            .chain(ratify)
    }

    /// Takes somebody out of it, with all that they have done so far and that could count.
    pub(super) fn recuse(&mut self, at: Timestamp, person: &str, why: String) {
        self.recused.entry(person.to_owned()).or_insert(why);
        self.votes.remove(person);
        self.voted_on.remove(person);
        self.vetoes.retain(|one| one.by != person);
        self.appeals.retain(|one| one.by != person);
        self.refusals.remove(person);
        for by in self.overrides.values_mut() {
            by.remove(person);
        }
        if self.accepted.is_some() {
            return;
        }
        self.approvals.remove(person);
        self.seconds.remove(person);
        self.answers.retain(|_, one| one.by != person);
        self.holds.retain(|one| one.by != person);
        for which in 0..self.objections.len() {
            let one = &self.objections[which];
            if one.by == person && one.ended.is_none() {
                self.end_objection(which, at, "who made it takes no part any more");
            }
        }
    }
}
