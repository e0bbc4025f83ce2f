//! The verdict on one change.

use std::collections::HashMap;

use estate::{Estate, KindId};
use serde::{Deserialize, Serialize};
use yaml::choice;

use super::{Breaks, Effect, Extent, Reach, Risk, RiskSettings, Rollback};

choice! {
    /// Which fact raises a risk.
    pub enum Cause {
        /// It changes who or what decides.
        Governs = "governs",
        /// Its kind, or a part of it, is not known.
        Unknown = "unknown",
        /// It is likely to break something.
        BreaksLikely = "breaks-likely",
        /// It may break something.
        BreaksMay = "breaks-may",
        /// It cannot be undone.
        RollbackImpossible = "rollback-impossible",
        /// It is hard to undo.
        RollbackHard = "rollback-hard",
        /// It reaches every group that owns a service.
        ReachesAll = "reaches-all",
        /// It reaches many.
        ReachesMany = "reaches-many",
        /// Nobody can tell how far it reaches.
        ReachUnknown = "reach-unknown",
        /// Somebody may do more than before.
        GrowsAccess = "grows-access",
        /// The author's recent changes add up.
        Accumulates = "accumulates",
        /// Somebody judged it riskier than its facts say.
        Raised = "raised",
    }
}

/// Why a risk is at least so high.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Which fact it is.
    pub cause: Cause,
    /// The fact in a short sentence without a full stop.
    pub text: String,
    /// The least risk that it leads to.
    pub raises_to: Risk,
}

/// The verdict on one change: its risk and all that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// How much the change may cost.
    pub risk: Risk,
    /// Whether it breaks something.
    pub breaks: Breaks,
    /// Whether it can be undone; what is not known cannot.
    pub rollback: Rollback,
    /// What stands behind it.
    pub reach: Reach,
    /// Why the risk is not lower, the weightiest first; none where it is low.
    pub reasons: Vec<Reason>,
    /// Whether it is added to the author's other changes: all are, but for low ones that only add.
    pub accumulates: bool,
}

/// Judges a change by what it does and by what stands behind it.
///
/// - High: it changes who decides, cannot be undone or is not known, is likely
///   to break something, or reaches every group that owns a service and is hard to undo.
/// - Medium: it may break something, is hard to undo, has more than a few
///   things behind it (or nobody can tell how many), or lets somebody do more.
/// - Low: all others.
///
/// Adding a fact never lowers a risk.
pub fn assess(effect: &Effect, estate: &Estate, settings: &RiskSettings) -> Assessment {
    let reach = Reach::of(&effect.touches, estate, settings);
    judge(effect, reach, settings)
}

/// Judges the changes of one plan: what stands behind the same items is looked up once.
#[derive(Debug)]
pub struct Assessor<'e> {
    estate: &'e Estate,
    settings: RiskSettings,
    known: HashMap<Vec<(KindId, String)>, Reach>,
}

impl<'e> Assessor<'e> {
    /// For changes to one estate.
    pub fn new(estate: &'e Estate, settings: RiskSettings) -> Self {
        Self {
            estate,
            settings,
            known: HashMap::new(),
        }
    }

    /// The same verdict as that of [`assess`].
    pub fn assess(&mut self, effect: &Effect) -> Assessment {
        if !self.known.contains_key(&effect.touches) {
            let reach = Reach::of(&effect.touches, self.estate, &self.settings);
            self.known.insert(effect.touches.clone(), reach);
        }
        match self.known.get(&effect.touches) {
            Some(reach) => judge(effect, reach.clone(), &self.settings),
            None => assess(effect, self.estate, &self.settings),
        }
    }
}

fn judge(effect: &Effect, reach: Reach, settings: &RiskSettings) -> Assessment {
    let reach = reach.with_dependents(&effect.dependents, settings);
    let rollback = if effect.known {
        effect.rollback
    } else {
        Rollback::Impossible
    };
    let mut reasons = reasons(effect, rollback, &reach);
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.raises_to));
    let highest = reasons.iter().map(|reason| reason.raises_to).max();
    let risk = highest.unwrap_or(Risk::Low);
    Assessment {
        risk,
        breaks: effect.breaks,
        rollback,
        reach,
        reasons,
        accumulates: risk > Risk::Low || !effect.only_adds,
    }
}

fn reasons(effect: &Effect, rollback: Rollback, reach: &Reach) -> Vec<Reason> {
    let reason = |cause, raises_to, text: &str| Reason {
        cause,
        text: text.to_owned(),
        raises_to,
    };
    let mut reasons = Vec::new();
    if effect.governs {
        let text = "it changes who or what decides over later changes";
        reasons.push(reason(Cause::Governs, Risk::High, text));
    }
    if !effect.known {
        let text = "not all of it is known, so it counts as what cannot be undone";
        reasons.push(reason(Cause::Unknown, Risk::High, text));
    }
    let breaks = match effect.breaks {
        Breaks::No => None,
        Breaks::May => Some((Cause::BreaksMay, Risk::Medium, "it may break something")),
        Breaks::Likely => Some((
            Cause::BreaksLikely,
            Risk::High,
            "it is likely to break something",
        )),
    };
    let undoing = match rollback {
        Rollback::Easy => None,
        Rollback::Hard => Some((Cause::RollbackHard, Risk::Medium, "it is hard to undo")),
        Rollback::Impossible => {
            Some((Cause::RollbackImpossible, Risk::High, "it cannot be undone"))
        }
    };
    for (judged, whys) in [
        (breaks, &effect.breaks_because),
        (undoing, &effect.rollback_because),
    ] {
        if let Some((cause, raises_to, fact)) = judged {
            let texts = because(fact, whys);
            reasons.extend(texts.iter().map(|text| reason(cause, raises_to, text)));
        }
    }
    reasons.extend(reasons_of_reach(reach, rollback));
    if effect.grows_access {
        let text = "somebody may do more than before";
        reasons.push(reason(Cause::GrowsAccess, Risk::Medium, text));
    }
    reasons
}

fn reasons_of_reach(reach: &Reach, rollback: Rollback) -> Vec<Reason> {
    let reason = |cause, raises_to, text| Reason {
        cause,
        text,
        raises_to,
    };
    let unknown = reach.unknown.iter().map(|unknown| {
        let text = format!("nobody can tell what depends on it: {unknown}");
        reason(Cause::ReachUnknown, Risk::Medium, text)
    });
    let mut reasons: Vec<Reason> = unknown.collect();
    match reach.extent {
        Extent::All if rollback >= Rollback::Hard => {
            let text = "it reaches every group that owns a service, and cannot be undone at once";
            reasons.push(reason(Cause::ReachesAll, Risk::High, text.to_owned()));
        }
        Extent::All => {
            let text = "it reaches every group that owns a service";
            reasons.push(reason(Cause::ReachesAll, Risk::Medium, text.to_owned()));
        }
        Extent::Many if reasons.is_empty() => {
            let text = format!("much depends on it: {}", reach.counts());
            reasons.push(reason(Cause::ReachesMany, Risk::Medium, text));
        }
        Extent::Many | Extent::Few => {}
    }
    reasons
}

/// A fact with each of its reasons, or alone if there are none.
fn because(fact: &str, reasons: &[String]) -> Vec<String> {
    if reasons.is_empty() {
        return vec![fact.to_owned()];
    }
    reasons
        .iter()
        .map(|reason| format!("{fact}: {reason}"))
        .collect()
}
