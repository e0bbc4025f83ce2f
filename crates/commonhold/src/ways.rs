//! How people are told: by mail, by webhook, by a file that another program sends, or by hand.

use base::Digest;
use charter::requirement::Notice;
use estate::Estate;
use notice::{Channel, Draft, Evidence, FileDrop, Mail, Message, Webhook, deliver};

use crate::surroundings::Surroundings;

/// Where mail is put for another program to send, if there is no mail server.
const FILES: &str = "COMMONHOLD_NOTICE_FOLDER";

/// How somebody is reached.
pub(crate) struct Way {
    /// As the procedure calls it.
    pub(crate) channel: String,
    by: By,
}

enum By {
    Mail(Vec<String>),
    Web(String),
    /// By no way that a program knows.
    Hand,
}

impl Way {
    /// How those are reached whom a procedure names.
    pub(crate) fn of(notice: &Notice, estate: &Estate) -> Self {
        match notice {
            Notice::Address(address) => Self::to(address),
            Notice::Group {
                group,
                channel,
                leads,
            } => {
                // Whom to tell is settled; where they are is asked each time, for addresses are mended.
                let now = estate.tables.groups.get(group).map(|group| {
                    let contact = group.value.contact.as_ref()?;
                    contact.mailing_list.as_ref().or(contact.chat.as_ref())
                });
                let address = now.unwrap_or(channel.as_ref());
                let by = address.and_then(|address| By::of_group(address));
                Self {
                    channel: group.clone(),
                    by: by.unwrap_or_else(|| By::leads(leads, estate)),
                }
            }
        }
    }

    /// How a group of the estate is reached: through its list or chat, else through its leads.
    pub(crate) fn group(name: &str, estate: &Estate) -> Self {
        let group = estate.tables.groups.get(name).map(|item| &item.value);
        let contact = group.and_then(|group| group.contact.as_ref());
        let contact =
            contact.and_then(|contact| contact.mailing_list.as_ref().or(contact.chat.as_ref()));
        let by = contact.and_then(|address| By::of_group(address));
        let leads = group.map_or(Vec::new(), |group| {
            group
                .leads
                .iter()
                .map(|lead| lead.person.name.clone())
                .collect()
        });
        Self {
            channel: name.to_owned(),
            by: by.unwrap_or_else(|| By::leads(&leads, estate)),
        }
    }

    /// To an address as it is written: of mail, or of a webhook.
    pub(crate) fn to(address: &str) -> Self {
        Self {
            channel: address.to_owned(),
            by: By::of(address),
        }
    }

    /// Whether no program reaches them.
    pub(crate) fn is_by_hand(&self) -> bool {
        matches!(self.by, By::Hand)
    }

    /// The addresses, where it is mail.
    pub(crate) fn recipients(&self) -> Vec<String> {
        match &self.by {
            By::Mail(to) => to.clone(),
            By::Web(_) | By::Hand => Vec::new(),
        }
    }

    /// Tells them, and says what the other side answered.
    pub(crate) fn tell(
        &self,
        surroundings: &Surroundings,
        draft: Draft,
    ) -> anyhow::Result<(String, Digest)> {
        let environment = surroundings.environment;
        let channel = match &self.by {
            By::Mail(_) => match (environment(Mail::VARIABLE), environment(FILES)) {
                (None, Some(folder)) => Channel::Files(FileDrop::new(folder)),
                _ => Channel::Mail(Mail::found(&environment)?),
            },
            By::Web(url) => {
                let secret = environment(Webhook::SECRET_VARIABLE).unwrap_or_default();
                Channel::Webhook(Webhook::of(url, &secret)?)
            }
            By::Hand => anyhow::bail!(
                "the estate has no mail address of it; tell them, and write that down with `commonhold decide notice`"
            ),
        };
        let message = Message::of(draft)?;
        let confirmation = deliver(&channel, &message)?;
        let evidence = match &confirmation.evidence {
            // The folder is of this machine; what is in it is known by its digest.
            Evidence::File { .. } => format!("written to a file as {}", message.digest()),
            _ => confirmation.to_string(),
        };
        Ok((evidence, message.digest()))
    }
}

impl By {
    fn of(address: &str) -> Self {
        if address.starts_with("https://") || address.starts_with("http://127.0.0.1") {
            return Self::Web(address.to_owned());
        }
        match estate::Email::new(address) {
            Some(_) => Self::Mail(vec![address.to_owned()]),
            None => Self::Hand,
        }
    }

    /// By what a group says of how to reach it. The page of its list or chat is no webhook,
    /// whatever it answers; what listens on this machine can be nothing else.
    fn of_group(address: &str) -> Option<Self> {
        match Self::of(address) {
            Self::Web(url) if url.starts_with("https://") => None,
            Self::Hand => None,
            by => Some(by),
        }
    }

    fn leads(leads: &[String], estate: &Estate) -> Self {
        let people = leads
            .iter()
            .filter_map(|name| estate.tables.people.get(name));
        let to: Vec<String> = people
            .filter_map(|person| person.value.email.as_ref())
            .map(|email| email.value.to_string())
            .collect();
        if to.is_empty() {
            Self::Hand
        } else {
            Self::Mail(to)
        }
    }
}
