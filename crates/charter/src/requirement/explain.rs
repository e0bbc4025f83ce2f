//! Requirements in words.

use super::{Consult, Lazy, Notice, Requirement, Review, Silence};

impl Requirement {
    /// What is required, in lines without full stops.
    pub fn explain(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        lines.extend(self.review.as_ref().map(Review::line));
        lines.extend(self.consult.as_ref().and_then(Consult::line));
        if !self.notice.is_empty() {
            let told: Vec<String> = self.notice.iter().map(ToString::to_string).collect();
            lines.push(format!("notice to {}", told.join(", ")));
        }
        lines.extend(self.lazy.as_ref().map(Lazy::line));
        let never = self.impossible.iter();
        lines.extend(never.map(|reason| format!("cannot be met: {reason}")));
        lines
    }
}

impl Review {
    fn line(&self) -> String {
        let who = who(self.count, self.employers, &self.groups);
        match self.count {
            1 => format!("1 approval by {who}"),
            count => format!("{count} approvals by {who}"),
        }
    }
}

impl Lazy {
    fn line(&self) -> String {
        let open = format!("no objection within {} of the notice", self.period);
        if self.support == 0 {
            return open;
        }
        let who = who(self.support, self.employers, &self.groups);
        match self.support {
            1 => format!("{open}, and support by {who}"),
            support => format!("{open}, and support by {support} {who}"),
        }
    }
}

impl Consult {
    fn line(&self) -> Option<String> {
        let groups: Vec<&str> = self.groups.iter().map(|each| each.group.as_str()).collect();
        let groups = match groups.as_slice() {
            [] => return None,
            [one] => (*one).to_owned(),
            several => format!("each of {}", several.join(", ")),
        };
        Some(match self.silence {
            Silence::Blocks => format!("an answer by somebody of {groups} who is not an author"),
            Silence::Consents => format!("{groups} asked, where silence is agreement"),
        })
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address) => f.write_str(address),
            Self::Group {
                group,
                channel: Some(channel),
                ..
            } => write!(f, "{group} ({channel})"),
            Self::Group { group, leads, .. } if leads.is_empty() => f.write_str(group),
            Self::Group { group, leads, .. } => write!(f, "{group} ({})", leads.join(", ")),
        }
    }
}

/// `a member of infra or web who is not an author`.
fn who(count: u32, employers: u32, groups: &[String]) -> String {
    let groups = match groups.split_last() {
        None => "nobody".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    };
    let who = if count == 1 {
        format!("a member of {groups} who is not an author")
    } else {
        format!("members of {groups} who are not authors")
    };
    if employers > 1 {
        return format!("{who}, from at least {employers} employers");
    }
    who
}
