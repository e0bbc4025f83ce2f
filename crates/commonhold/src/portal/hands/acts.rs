//! The words of acts, both ways: from a form to an act, and from an act to a sentence.

use std::collections::BTreeMap;

use base::Digest;
use decisions::{Act, Choice, RaisedRisk};
use portal::Refusal;

/// What a form said beside the act's name.
pub(super) struct Said<'a>(pub(super) &'a BTreeMap<String, String>);

impl Said<'_> {
    /// An answer in a line, which may be missing.
    pub(super) fn maybe(&self, key: &str) -> Option<String> {
        let text = self.0.get(key)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn line(&self, key: &str, what: &str) -> Result<String, Refusal> {
        let missing = || Refusal::Wrong(format!("Say {what}."));
        self.maybe(key).ok_or_else(missing)
    }

    /// What somebody wrote in several lines, without the line ends of a form.
    fn prose(&self, key: &str, what: &str) -> Result<String, Refusal> {
        let text = self.line(key, what)?;
        Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
    }

    fn reason(&self) -> Result<String, Refusal> {
        self.prose("reason", "why, so that others can read and answer it")
    }
}

/// The act that a form means; `event` finds an event by what was said of it.
pub(super) fn act(
    word: &str,
    said: &Said<'_>,
    event: impl Fn(&str) -> Result<Digest, Refusal>,
) -> Result<Act, Refusal> {
    let event = || event(&said.line("event", "which event it is about")?);
    Ok(match word.replace('-', "_").as_str() {
        "propose" => Act::Propose {
            title: said.line("title", "what it is about, in a line")?,
            matter: None,
        },
        "approve" => Act::Approve {
            role: said.maybe("role"),
        },
        "acknowledge" => Act::Acknowledge {
            group: said.line("group", "for which group you answer")?,
        },
        "notice" => Act::Notice {
            channel: said.line("channel", "who was told")?,
            evidence: said.line("evidence", "where anybody can see that, as a URL")?,
        },
        "raise" => Act::Raise {
            risk: risk(&said.line("risk", "how risky it is: medium or high")?)?,
            reason: said.reason()?,
        },
        "override_limit" => Act::OverrideLimit {
            scope: said.line("scope", "which limit may be passed")?,
            reason: said.reason()?,
        },
        "second" => Act::Second {},
        "call_vote" => Act::CallVote {},
        "refresh" => Act::Refresh {},
        "vote" => Act::Vote {
            choice: choice(&said.line("choice", "how you vote")?)?,
        },
        "withdraw" => Act::Withdraw { event: event()? },
        "contest" => Act::Contest { event: event()? },
        "answer" => Act::Answer {
            event: event()?,
            text: said.prose("text", "what you answer")?,
        },
        "override" => Act::Override {
            event: event()?,
            reason: said.reason()?,
        },
        other => return with_reason(other, said),
    })
}

/// The acts that need a reason and nothing else.
fn with_reason(word: &str, said: &Said<'_>) -> Result<Act, Refusal> {
    let act: fn(String) -> Act = match word {
        "object" => |reason| Act::Object { reason },
        "retract" => |reason| Act::Retract { reason },
        "recuse" => |reason| Act::Recuse { reason },
        "hold" => |reason| Act::Hold { reason },
        "veto" => |reason| Act::Veto { reason },
        "appeal" => |reason| Act::Appeal { reason },
        "escalate" => |reason| Act::Escalate { reason },
        "emergency" => |reason| Act::Emergency { reason },
        _ => {
            return Err(Refusal::Wrong(format!(
                "`{}` is nothing that can be done here; the page of the item lists what can.",
                base::visible(word)
            )));
        }
    };
    Ok(act(said.reason()?))
}

fn risk(word: &str) -> Result<RaisedRisk, Refusal> {
    match word {
        "medium" => Ok(RaisedRisk::Medium),
        "high" => Ok(RaisedRisk::High),
        _ => Err(Refusal::Wrong(
            "A risk is raised to medium or high.".to_owned(),
        )),
    }
}

fn choice(word: &str) -> Result<Choice, Refusal> {
    let all = [Choice::Yes, Choice::No, Choice::Abstain, Choice::Present];
    let found = all.into_iter().find(|choice| choice.to_string() == word);
    found.ok_or_else(|| Refusal::Wrong("Vote yes, no, abstain or present.".to_owned()))
}

/// What somebody does, as the middle of a sentence: `approve`, `vote yes on`.
pub(super) fn does(act: &Act) -> String {
    match act {
        Act::Propose { .. } => "propose".to_owned(),
        Act::Amend { .. } => "amend".to_owned(),
        Act::Contest { event } => {
            format!("say that the amendment {} is not minor in", event.short())
        }
        Act::Second {} => "second".to_owned(),
        Act::Vote { choice } => format!("vote {choice} on"),
        Act::CallVote {} => "call for a vote on".to_owned(),
        Act::Recuse { .. } => "take no part in".to_owned(),
        Act::Hold { .. } => "hold".to_owned(),
        Act::Veto { .. } => "veto".to_owned(),
        Act::Override { event, .. } => format!("set the veto {} aside in", event.short()),
        Act::Appeal { .. } => "appeal against".to_owned(),
        Act::Escalate { .. } => "hand on".to_owned(),
        Act::Refresh {} => "take the people of today for".to_owned(),
        Act::Retract { .. } => "take back".to_owned(),
        Act::Notice { channel, .. } => format!("say that {channel} was told of"),
        Act::Approve { .. } => "approve".to_owned(),
        Act::Acknowledge { group } => format!("answer for {group} that it agrees to"),
        Act::Object { .. } => "object to".to_owned(),
        Act::Withdraw { event } => format!("withdraw your act {} on", event.short()),
        Act::Answer { event, .. } => format!("answer the objection {} to", event.short()),
        Act::Emergency { .. } => "say that nobody can wait for".to_owned(),
        Act::Raise { risk, .. } => format!(
            "give a {} risk to",
            if *risk == RaisedRisk::High {
                "high"
            } else {
                "medium"
            }
        ),
        Act::OverrideLimit { scope, .. } => format!("let the limit of {scope} be passed by"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn read(word: &str, pairs: &[(&str, &str)]) -> Result<Act, Refusal> {
        let with = with(pairs);
        act(word, &Said(&with), |_| Ok(Digest::of(b"an event")))
    }

    #[test]
    fn what_a_form_says_is_the_act_of_the_command() {
        assert_eq!(
            read("object", &[("reason", " one\r\ntwo ")]),
            Ok(Act::Object {
                reason: "one\ntwo".to_owned()
            })
        );
        assert_eq!(read("call-vote", &[]), Ok(Act::CallVote {}));
        let vote = Act::Vote { choice: Choice::No };
        assert_eq!(read("vote", &[("choice", "no")]), Ok(vote));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (word, wanted) in [
            ("object", "Say why"),
            ("vote", "how you vote"),
            ("acknowledge", "for which group"),
            ("withdraw", "which event"),
            ("conquer", "is nothing that can be done here"),
        ] {
            let Err(Refusal::Wrong(said)) = read(word, &[("reason", "  ")]) else {
                panic!("{word} was taken");
            };
            assert!(said.contains(wanted), "{word}: {said}");
        }
    }
}
