//! What a change to who may do what does: judged by what somebody may do before and after the whole
//! plan, never by the file it stands in.

mod around;
mod things;

use charter::risk::{Breaks, Effect, Rollback};
use estate::{Addressee, Email, KindId};
use serde_json::Value;

use crate::level::{self, Level};
use crate::{Key, Sort};

pub(crate) use around::{Around, Judged};

/// Judges one change.
pub(crate) fn judge(
    around: &Around<'_>,
    key: &Key,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Effect {
    let is_object = |value: &Value| value.is_object();
    if !before.into_iter().chain(after).all(is_object) {
        let why = "its values are not those of its kind";
        return touching(around, key, Effect::unknown(why));
    }
    let mut effect = Effect::new(Breaks::No, Rollback::Easy);
    effect.only_adds = before.is_none();
    effect = match (level::of(key, before), level::of(key, after)) {
        (Some(before), Some(after)) => of_level(around, key, (before, after), effect),
        _ => things::judge(around, key, before, after, effect),
    };
    // Who an account or an address is of, and what a team was, is judged by what nobody has judged yet.
    effect.governs |= around.governed_anew
        || effect.grows_access && around.is_somebody_else(key)
        || around.is_taken_over(key);
    effect.gives_to.sort();
    effect.gives_to.dedup();
    touching(around, key, effect)
}

/// Somebody may do more, or less, than before.
fn of_level(
    around: &Around<'_>,
    key: &Key,
    (before, after): (Level, Level),
    mut effect: Effect,
) -> Effect {
    if after == Level::Unknown || before == Level::Unknown {
        return Effect::unknown("what it lets somebody do is not known");
    }
    if after > before {
        effect.grows_access = true;
        effect.gives_to = around.people(key);
        // Who may say who else may is one who decides.
        effect.governs =
            after == Level::Admin || key.sort == Sort::TeamMember && around.administers(&key.of);
        return effect;
    }
    if after == before {
        return effect;
    }
    effect.only_adds = false;
    if before == Level::Admin && around.leaves_no_admin(key) {
        let why = format!(
            "nobody is left who may do everything in {}",
            list(around, key)
        );
        effect = effect.breaking(Breaks::Likely, why);
    } else {
        let may = if after == Level::None {
            "may do nothing there any more"
        } else {
            "may do less there"
        };
        let who = match key.sort {
            Sort::TeamGrant => format!("the team {}", key.of),
            Sort::App => format!("the app {}", key.of),
            _ => key.name.clone(),
        };
        effect = effect.breaking(Breaks::May, format!("{who} {may}"));
    }
    if key.sort == Sort::Member && after == Level::None {
        let why = "who was removed has to be invited again, and to accept";
        effect = effect.undone(Rollback::Hard, why);
    }
    effect
}

fn list(around: &Around<'_>, key: &Key) -> String {
    match key.container() {
        Some(container) => container.to_string(),
        None => around.name().to_owned(),
    }
}

/// The items of the estate that a change is made to.
fn touching(around: &Around<'_>, key: &Key, effect: Effect) -> Effect {
    let of_team = |name: &str| {
        let known = around.teams.get(name);
        known.map(|name| (KindId::Team, (*name).to_owned()))
    };
    let of_mailing = |address: &str| {
        let address = Email::new(address)?;
        match around.estate.address_book.whose(&address) {
            Some(Addressee::MailingGroup(name)) => Some((KindId::MailingGroup, name.to_owned())),
            _ => None,
        }
    };
    let item = match key.sort {
        Sort::Team => of_team(&key.name),
        Sort::TeamMember | Sort::TeamGrant => of_team(&key.of),
        Sort::MailingGroup => of_mailing(&key.name),
        Sort::MailingSettings | Sort::MailingMember => of_mailing(&key.of),
        Sort::Settings
        | Sort::Repository
        | Sort::Member
        | Sort::Collaborator
        | Sort::Branch
        | Sort::App => Some((KindId::Organisation, around.name().to_owned())),
        Sort::Person | Sort::DirectoryGroup | Sort::DirectoryMember => None,
    };
    match item {
        Some((kind, name)) => effect.touching(kind, name),
        None => effect,
    }
}
