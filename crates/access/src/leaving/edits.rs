//! What is to be changed where somebody is named.

use std::collections::BTreeMap;

use jiff::civil::Date;
use yaml::edit::{self, CannotEdit, Order, Step, Written};

use super::desk::Desk;
use super::{ByHand, How, Mention};

/// Lists of those in office, and where those go who were.
const HONOURS: [(&str, &str); 4] = [
    ("approvers", "emeritus_approvers"),
    ("reviewers", "emeritus_reviewers"),
    ("chairs", "emeritus_leads"),
    ("tech_leads", "emeritus_leads"),
];

/// The lists of a file of owners that count.
const OWNERS: [&str; 4] = ["approvers", "reviewers", "required_reviewers", "labels"];

/// Takes somebody out of every file, and says what must be done by hand.
pub(super) fn take_out(
    mentions: &[Mention],
    day: Date,
    desk: &mut Desk<'_>,
    by_hand: &mut Vec<ByHand>,
) {
    let mut files: BTreeMap<&str, Vec<&Mention>> = BTreeMap::new();
    let touched = |how: How| !how.stays() || how == How::PastTerm;
    for mention in mentions.iter().filter(|mention| touched(mention.how)) {
        files.entry(&mention.path).or_default().push(mention);
    }
    for (shown, mentions) in files {
        let text = desk
            .find(shown)
            .and_then(|path| Some((desk.text(&path)?, path)));
        let Some((text, path)) = text else {
            by_hand.extend(
                mentions.into_iter().map(|mention| {
                    ByHand::of(mention, "nobody knows which file of the tree this is")
                }),
            );
            continue;
        };
        let mut page = Page {
            text: text.clone(),
            honours: Vec::new(),
            by_hand: Vec::new(),
            day,
        };
        page.edit(&mentions);
        by_hand.append(&mut page.by_hand);
        if wakes_filters(&text, &page.text) {
            let why = "the patterns under `filters`, which have no effect now, would begin to \
                       count when the last owner goes";
            by_hand.extend(mentions.iter().map(|mention| ByHand::of(mention, why)));
        } else {
            desk.put(&path, page.text);
        }
    }
}

/// Whether a file of owners loses the last of those who are for all files, and so its filters
/// begin to count.
fn wakes_filters(before: &str, after: &str) -> bool {
    let named = |text: &str| {
        let lists = OWNERS.iter();
        let mut lists = lists.map(|list| edit::scalars_at(text, &edit::keys([*list])));
        lists.any(|list| !list.is_empty())
    };
    before.contains("filters")
        && named(before)
        && !named(after)
        && edit::span_of(before, &edit::keys(["filters"])).is_some()
}

struct Page {
    text: String,
    /// Who is to be honoured where, once nobody else is taken out.
    honours: Vec<(Vec<Step>, Written)>,
    by_hand: Vec<ByHand>,
    day: Date,
}

impl Page {
    fn edit(&mut self, mentions: &[&Mention]) {
        let approves: Vec<Vec<Step>> = mentions
            .iter()
            .filter(|mention| mention.how == How::Approver)
            .filter_map(|mention| {
                Some(list_of(&edit::path_to(&self.text, mention.at)?)?.0.to_vec())
            })
            .collect();
        // From the end, so that places before stay where they are.
        for mention in mentions.iter().rev() {
            if let Err(cannot) = self.one(mention, &approves) {
                self.by_hand.push(ByHand::cannot(mention, &cannot));
            }
        }
        for (list, who) in std::mem::take(&mut self.honours) {
            if is_honoured(&self.text, &list, &who) {
                continue;
            }
            // Without the honour nothing is lost that gives access.
            if let Ok(text) = edit::insert_entry(&self.text, &list, &who, Order::Sorted) {
                self.text = text;
            }
        }
    }

    fn one(&mut self, mention: &Mention, approves: &[Vec<Step>]) -> Result<(), CannotEdit> {
        let nowhere = || CannotEdit {
            line: mention.line,
            why: "nothing that can be edited stands here".to_owned(),
        };
        let way = edit::path_to(&self.text, mention.at).ok_or_else(nowhere)?;
        match mention.how {
            How::Account => {
                let why = "a system is spoken to as them: give it an account of its own";
                self.by_hand.push(ByHand::of(mention, why));
                return Ok(());
            }
            How::Text => {
                let why = "the file names them in a way that this program does not understand";
                self.by_hand.push(ByHand::of(mention, why));
                return Ok(());
            }
            How::Collaborator => {
                self.text = edit::remove_at(&self.text, &way)?;
                return Ok(());
            }
            How::Liaison => {
                let is_key = |step: &Step| matches!(step, Step::Key(key) if key == "liaison");
                let at = way.iter().rposition(is_key).ok_or_else(nowhere)?;
                self.text = edit::remove_at(&self.text, &way[..=at])?;
                self.by_hand.push(ByHand {
                    what: format!("name another {}", mention.what),
                    ..ByHand::of(mention, "who speaks for a group is for people to settle")
                });
                return Ok(());
            }
            _ => {}
        }
        let last = way.iter().rposition(|step| matches!(step, Step::Item(_)));
        let last = last.ok_or_else(nowhere)?;
        let entry = &way[..=last];
        // An entry names them itself, or under one key; further up it is about more than them.
        if way.len() > last + 2 {
            return Err(nowhere());
        }
        if mention.how == How::PastTerm {
            return self.shorten(entry);
        }
        if mention.how == How::Officer
            && matches!(way.last(), Some(Step::Key(key)) if key == "person")
        {
            return self.end_term(entry);
        }
        if matches!(mention.how, How::Officer | How::Approver | How::Reviewer) {
            self.honour(entry, approves);
        }
        self.text = edit::remove_at(&self.text, entry)?;
        Ok(())
    }

    /// A term ends with the day before they leave, unless it had not begun.
    fn end_term(&mut self, entry: &[Step]) -> Result<(), CannotEdit> {
        let said = edit::scalars_at(&self.text, entry);
        let since = said.iter().find(|(key, _)| key.as_deref() == Some("since"));
        let since: Option<Date> = since.and_then(|(_, day)| day.parse().ok());
        let last = self.day.yesterday().unwrap_or(self.day);
        self.text = if since.is_some_and(|since| since > last) {
            edit::remove_at(&self.text, entry)?
        } else {
            let mut until = entry.to_vec();
            until.push("until".into());
            edit::set_key(&self.text, &until, &Written::Text(last.to_string()))?
        };
        Ok(())
    }

    /// A term that would have gone on beyond the day ends on it.
    fn shorten(&mut self, entry: &[Step]) -> Result<(), CannotEdit> {
        let said = edit::scalars_at(&self.text, entry);
        let until = said.iter().find(|(key, _)| key.as_deref() == Some("until"));
        let until: Option<Date> = until.and_then(|(_, day)| day.parse().ok());
        if until.is_some_and(|until| until >= self.day) {
            self.end_term(entry)?;
        }
        Ok(())
    }

    /// Takes note of an honour, where the file has a place for it.
    fn honour(&mut self, entry: &[Step], approves: &[Vec<Step>]) {
        let Some((above, list)) = list_of(entry) else {
            return;
        };
        let Some((_, honour)) = HONOURS.iter().find(|(office, _)| *office == list) else {
            return;
        };
        // Whoever approved is honoured for that, and not once more for reviews.
        if list == "reviewers" && approves.iter().any(|other| other == above) {
            return;
        }
        let said = edit::scalars_at(&self.text, entry);
        let kept = ["github", "name"];
        let who = match said.as_slice() {
            [(None, login)] => Written::Text(login.clone()),
            keys => {
                let keys = keys
                    .iter()
                    .filter_map(|(key, text)| Some((key.as_deref()?, text)));
                let keys = keys.filter(|(key, _)| kept.contains(key));
                let keys = keys.map(|(key, text)| (key.to_owned(), Written::Text(text.clone())));
                Written::Mapping(keys.collect())
            }
        };
        let mut place = above.to_vec();
        place.push((*honour).into());
        self.honours.push((place, who));
    }
}

/// What a list stands in, and its key, of the way to an entry of it.
fn list_of(entry: &[Step]) -> Option<(&[Step], &str)> {
    match entry {
        [above @ .., Step::Key(list), Step::Item(_)] => Some((above, list)),
        _ => None,
    }
}

fn is_honoured(text: &str, list: &[Step], who: &Written) -> bool {
    let name = match who {
        Written::Mapping(keys) => keys.first().map(|(_, value)| value),
        other => Some(other),
    };
    let Some(Written::Text(name)) = name else {
        return true;
    };
    let honoured = edit::called_in(text, list);
    honoured.iter().any(|text| text.eq_ignore_ascii_case(name))
}
