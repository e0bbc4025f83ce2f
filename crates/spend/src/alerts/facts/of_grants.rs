//! What of grants ends or lapses.

use estate::kinds::CreditGrant;

use crate::alerts::facts::{Circumstances, Fact, Holding};
use crate::alerts::told::Channels;
use crate::grants::{Standing, State};
use crate::outlook::{Expected, Money, after, between, percent, words};

/// A lapse is told when the last day is no more than so many days away: early enough to use what
/// is left, late enough to know it.
const LAPSE_TOLD_BEFORE: i64 = 90;
/// It is told when at least this share of what was given will lapse, in per cent.
const LAPSE_TOLD_FROM: i64 = 5;
/// A day that is expected moves a little each day: what was told is taken back only when it is
/// so many days off.
const NEAR_DAYS: i64 = 14;

pub(super) fn facts(circumstances: &Circumstances<'_>, channels: &Channels<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for standing in &circumstances.grants.standings {
        let Some(item) = circumstances.estate.tables.grants.get(&standing.name) else {
            continue;
        };
        let about = About {
            standing,
            grant: &item.value,
            circumstances,
            channels,
        };
        facts.push(about.used_up());
        facts.extend(about.ask());
        facts.extend(about.lapse());
    }
    facts
}

struct About<'a> {
    standing: &'a Standing,
    grant: &'a CreditGrant,
    circumstances: &'a Circumstances<'a>,
    channels: &'a Channels<'a>,
}

impl About<'_> {
    fn fact(&self, what: &str, holds: Holding, subject: &str, action: String) -> Fact {
        let one = self.standing;
        let money = |amount| Money::new(amount, one.currency);
        let mut details = vec![format!("Its money ends: {}", words::day(one.ends))];
        if one.lapses {
            let unused = words::amount(one.unused, one.currency);
            details.push(format!("What will lapse on {}: {unused}", one.days.until));
        }
        details.extend(one.trust.as_ref().map(words::trust));
        details.extend(one.notes.iter().cloned());
        let decision = self.grant.decision.iter();
        details.extend(decision.map(|link| format!("Decided: {link}")));
        Fact {
            id: format!("grant/{}/{}/{what}", one.name, one.days.until),
            holds,
            subject: format!("Grant {}: {subject}", one.name),
            title: format!(
                "Grant {}: {} from {} for {}, {}",
                one.title,
                money(one.amount),
                one.giver,
                one.provider,
                one.days
            ),
            now: format!("{} is left of {}.", money(one.left), money(one.amount)),
            details,
            action,
            owner: one.owner.clone(),
            to: self.channels.or_usual(&[], &one.owner),
        }
    }

    /// Nothing is left, and the bills go on.
    fn used_up(&self) -> Fact {
        let today = self.circumstances.today;
        let over = today > self.standing.days.until;
        let incomplete = i64::from(self.circumstances.settings.complete_after_days);
        let complete_until = after(today, -1 - incomplete);
        let holds = match (self.standing.state, self.standing.used_up.middle()) {
            (State::UsedUp, _) if over => Holding::Nearly,
            // Credits of days that are not complete may still be put right.
            (State::UsedUp, Some(Some(day))) if day > complete_until => Holding::Nearly,
            (State::UsedUp, _) => Holding::Yes,
            (State::Ahead | State::Running | State::Over, _) => Holding::No,
        };
        let action = match &self.standing.followed_by {
            Some(next) => format!("look whether {next} pays now"),
            None => format!(
                "find out who pays what {} charges from now on, or stop what is not needed",
                self.standing.provider
            ),
        };
        self.fact("used-up", holds, "nothing is left of it", action)
    }

    /// It is time to ask for another.
    fn ask(&self) -> Option<Fact> {
        let one = self.standing;
        if one.followed_by.is_none() && matches!(one.ends, Expected::Unknown) {
            return None;
        }
        let today = self.circumstances.today;
        let holds = match (one.state, one.ask_from) {
            (State::Running, Some(from)) if from <= today => Holding::Yes,
            (State::Running, Some(from)) if from <= after(today, NEAR_DAYS) => Holding::Nearly,
            (State::Running | State::Ahead, _) => Holding::No,
            (State::UsedUp | State::Over, _) => Holding::Nearly,
        };
        let renewal = self.grant.renewal.as_ref();
        let contact = renewal.and_then(|renewal| renewal.contact.as_ref());
        let whom = contact.map_or(one.giver.as_str(), |contact| contact.value.as_str());
        let subject = format!(
            "it is time to ask for another, {} before it ends",
            base::counted(self.grant.ask_days_before() as usize, "day", "days")
        );
        let action = format!(
            "ask {whom} for another; `commonhold spend renewal {}` writes the request",
            one.name
        );
        Some(self.fact("ask", holds, &subject, action))
    }

    /// A part of it will lapse.
    fn lapse(&self) -> Option<Fact> {
        let one = self.standing;
        let share = one.unused.middle();
        let share = share.and_then(|unused| percent(unused, one.amount));
        let (true, Some(share)) = (one.lapses, share) else {
            return None;
        };
        let today = self.circumstances.today;
        let near = between(today, one.days.until) <= LAPSE_TOLD_BEFORE;
        let least = base::Decimal::whole(LAPSE_TOLD_FROM);
        let holds = match one.state {
            State::Running if !near => Holding::No,
            State::Running if share >= least => Holding::Yes,
            // Half of it: what is expected moves a little each day.
            State::Running if share + share >= least => Holding::Nearly,
            State::Running | State::UsedUp => Holding::No,
            State::Ahead | State::Over => Holding::Nearly,
        };
        let subject = format!("a part of it will lapse on {}", one.days.until);
        let action = format!(
            "use it before {}: move work to {}, pay ahead what can be paid ahead; or ask {} for more time",
            one.days.until, one.provider, one.giver
        );
        Some(self.fact("lapse", holds, &subject, action))
    }
}
