//! People and the organisations they are in.

use std::fmt::Write;

use crate::random::Random;
use crate::words::{COMPANY, FAMILY, GIVEN, TRADE, ZONE};
use crate::{EstateSize, Plan};

/// Who there is. Everything about a person follows from their number, so that
/// no list of people is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct People {
    count: usize,
    companies: usize,
    organisations: usize,
    seed: u64,
}

impl People {
    pub(crate) fn of(size: &EstateSize, seed: u64) -> Self {
        Self {
            count: size.people,
            companies: size.companies,
            organisations: size.organisations,
            seed,
        }
    }

    /// Whether bodies of six at different employers, and teams of ten, can be found.
    pub(crate) fn enough(&self) -> bool {
        let here = |organisation: usize| (organisation..self.count).step_by(self.organisations);
        let working = |person: &usize| !self.has_left(*person);
        let employers: std::collections::BTreeSet<usize> = (0..self.count)
            .filter(working)
            .map(|person| self.employer(person))
            .collect();
        let smallest = (0..self.organisations)
            .map(|org| here(org).filter(working).count())
            .min();
        employers.len() >= 6 && smallest.is_some_and(|people| people >= 10)
    }

    fn random(&self, what: &str, person: usize) -> Random {
        Random::of(self.seed, what, person)
    }

    /// One in fifty has left.
    pub(crate) fn has_left(&self, person: usize) -> bool {
        self.random("left", person).once_in(50)
    }

    /// Some companies employ many, most a few.
    pub(crate) fn employer(&self, person: usize) -> usize {
        let mut random = self.random("employer", person);
        random
            .below(self.companies)
            .min(random.below(self.companies))
    }

    fn names(&self, person: usize) -> (&'static str, &'static str) {
        let mut random = self.random("name", person);
        (random.word(GIVEN), random.word(FAMILY))
    }

    /// The name of a person's file.
    pub(crate) fn slug(&self, person: usize) -> String {
        let (given, family) = self.names(person);
        format!("{}-{}-{person}", plain(given), plain(family))
    }

    /// How others write the person: mostly the file's name, sometimes the login.
    pub(crate) fn reference(&self, person: usize, random: &mut Random) -> String {
        if random.once_in(8) {
            self.login(person)
        } else {
            self.slug(person)
        }
    }

    fn login(&self, person: usize) -> String {
        let (given, family) = self.names(person);
        format!("{}{}{person}", plain_cased(given), plain_cased(family))
    }

    /// The address that mailing groups hold.
    pub(crate) fn email(&self, person: usize) -> String {
        let (given, family) = self.names(person);
        let domain = self.employer(person);
        format!(
            "{}.{}.{person}@company-{domain}.example",
            plain(given),
            plain(family)
        )
    }

    /// So many people who have not left, each of another employer.
    pub(crate) fn of_different_employers(&self, count: usize, random: &mut Random) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::with_capacity(count);
        let start = random.below(self.count);
        for person in (0..self.count).map(|step| (start + step) % self.count) {
            let employer = self.employer(person);
            if !self.has_left(person)
                && chosen.iter().all(|&other| self.employer(other) != employer)
            {
                chosen.push(person);
            }
            if chosen.len() == count {
                break;
            }
        }
        chosen
    }

    /// Up to so many people of an organisation who have not left.
    pub(crate) fn in_organisation(
        &self,
        organisation: usize,
        count: usize,
        random: &mut Random,
    ) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::with_capacity(count);
        let here = (self.count - organisation).div_ceil(self.organisations);
        while chosen.len() < count {
            let start = random.below(here);
            let from = |step: usize| (start + step) % here * self.organisations + organisation;
            let free = |person: &usize| !self.has_left(*person) && !chosen.contains(person);
            let Some(person) = (0..here).map(from).find(free) else {
                break;
            };
            chosen.push(person);
        }
        chosen
    }
}

/// A name in the letters that files are called with.
fn plain(name: &str) -> String {
    plain_cased(name).to_lowercase()
}

fn plain_cased(name: &str) -> String {
    let letter = |c: char| match c {
        'á' => 'a',
        'í' => 'i',
        'ö' => 'o',
        'ń' => 'n',
        'Ž' => 'Z',
        other => other,
    };
    name.chars().map(letter).collect()
}

fn company(number: usize) -> String {
    let name = COMPANY.get(number % COMPANY.len()).copied().unwrap_or("");
    let trade = TRADE
        .get(number / COMPANY.len() % TRADE.len())
        .copied()
        .unwrap_or("");
    match number / (COMPANY.len() * TRADE.len()) {
        0 => format!("{name} {trade}"),
        more => format!("{name} {trade} {more}"),
    }
}

pub(crate) fn person(plan: &Plan, index: usize) -> (String, String) {
    let mut random = plan.random("person", index);
    let people = &plan.people;
    let (given, family) = people.names(index);
    let mut text = format!(
        "name: {given} {family}\nhandles:\n  github: {}\n  github_id: {}\n",
        people.login(index),
        1_000_000 + index
    );
    if random.once_in(3) {
        let _ = writeln!(text, "  chat: \"@{}\"", people.slug(index));
    }
    let _ = writeln!(text, "email: {}", people.email(index));
    if random.once_in(4) {
        let _ = writeln!(
            text,
            "other_emails:\n  - {}{index}@post.example",
            plain(given)
        );
    }
    let since = 2015 + random.below(8);
    let employer = company(people.employer(index));
    text.push_str("employers:\n");
    if random.once_in(4) {
        let before = company(random.below(plan.size.companies));
        let _ = writeln!(
            text,
            "  - {{company: {before}, from: 2012-03-01, until: {}-12-31}}",
            since - 1
        );
    }
    let _ = writeln!(text, "  - company: {employer}\n    from: {since}-01-01");
    let _ = writeln!(text, "time_zone: {}", random.word(ZONE));
    if people.has_left(index) {
        text.push_str("left: 2024-06-30\n");
    }
    (format!("people/{}.yaml", people.slug(index)), text)
}

pub(crate) fn organisation(plan: &Plan, index: usize) -> (String, String) {
    let mut random = plan.random("organisation", index);
    let people = &plan.people;
    let admins = people.in_organisation(index, 3, &mut random);
    let mut text =
        format!("title: Lab {index}\ndescription: Repositories of lab {index}.\nadmins:\n");
    for &admin in &admins {
        let _ = writeln!(text, "  - {}", people.reference(admin, &mut random));
    }
    text.push_str("members:\n");
    let members = (index..plan.size.people).step_by(plan.size.organisations);
    for member in members.filter(|person| !people.has_left(*person) && !admins.contains(person)) {
        let _ = writeln!(text, "  - {}", people.reference(member, &mut random));
    }
    (format!("organisations/org-{index}.yaml"), text)
}
