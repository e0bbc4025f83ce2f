//! What is missing in an election, or contradicts itself.

use base::{Code, Diagnostic, Severity, Span, Spanned};
use jiff::SignedDuration;
use jiff::civil::Time;

use super::{Definition, Nominations, Privacy, Publish, Tie, ZonedTime};
use crate::codes;

/// Nominations and voting are each open for so long at least.
const TWO_WEEKS: SignedDuration = SignedDuration::from_hours(14 * 24);

impl Definition {
    /// Reports what is missing or contradicts itself, as far as the file alone shows it.
    pub(crate) fn check(&self, findings: &mut Vec<Diagnostic>) {
        let before = findings.len();
        self.check_times(findings);
        self.check_midnights(findings);
        self.check_exceptions(findings);
        self.check_tie(findings);
        self.check_privacy(findings);
        self.check_officers(findings);
        self.check_seats(findings);
        self.check_voters(findings);
        let subject = format!("election/{}", self.key);
        for finding in findings.iter_mut().skip(before) {
            finding.subject.get_or_insert_with(|| subject.clone());
        }
    }

    fn check_times(&self, findings: &mut Vec<Diagnostic>) {
        if ends_first(&self.open, &self.close, "the vote", findings) {
            too_short(&self.open, &self.close, "the vote is", findings);
        }
        let Some(Nominations { open, close }) = &self.nominations else {
            return;
        };
        if ends_first(open, close, "the time of nominations", findings) {
            too_short(open, close, "nominations are", findings);
        }
        if close.value.at() > self.open.value.at() {
            let message = format!("nominations close at {close}, when the vote is already open");
            findings.push(
                Diagnostic::new(&codes::WINDOW, close.span, message)
                    .related(self.open.span, "the vote opens here")
                    .help("close nominations before the vote opens"),
            );
        }
    }

    fn check_midnights(&self, findings: &mut Vec<Diagnostic>) {
        let nominations = self
            .nominations
            .as_ref()
            .map(|nominations| &nominations.close);
        let deadlines = [
            Some(&self.close),
            self.exceptions_close.as_ref(),
            nominations,
        ];
        for deadline in deadlines.into_iter().flatten() {
            let shown = deadline.value.shown();
            if shown.time() == Time::midnight() {
                let message = format!(
                    "{deadline} is the beginning of {}, not its end",
                    shown.date()
                );
                let finding = Diagnostic::new(&codes::MIDNIGHT, deadline.span, message);
                findings.push(finding.help(format!("for its end write {} 23:59:59", shown.date())));
            }
        }
    }

    fn check_exceptions(&self, findings: &mut Vec<Diagnostic>) {
        let Some(until) = &self.exceptions_close else {
            return;
        };
        let (open, close) = (&self.open, &self.close);
        if until.value.at() >= close.value.at() {
            let message =
                format!("exceptions can be requested until {until}, the end of the vote or later");
            let help = "leave the officers time to decide: three days before the close are usual";
            let finding = Diagnostic::new(&codes::EXCEPTIONS, until.span, message);
            findings.push(
                finding
                    .related(close.span, "the vote closes here")
                    .help(help),
            );
        } else if until.value.at() < open.value.at() {
            let message =
                format!("no exception can be requested after {until}, before the vote opens");
            let help = "people find out at the vote that they are not on the roll: let them ask";
            let finding = Diagnostic::new(&codes::EXCEPTIONS, until.span, message);
            findings.push(finding.related(open.span, "the vote opens here").help(help));
        }
        if self.officers.is_empty() {
            let message =
                "exceptions can be requested, and there are no officers to decide on them";
            let finding = Diagnostic::new(&codes::CONTRADICTION, until.span, message);
            findings.push(finding.help("name the `officers`, or remove `exceptions_close`"));
        }
    }

    fn check_tie(&self, findings: &mut Vec<Diagnostic>) {
        let lottery = self.tie.value == Tie::Lottery;
        let given = &self.commitments.entries;
        if lottery && given.is_empty() {
            let message = "a lottery decides ties, and no officer has committed to a secret";
            let mut finding = Diagnostic::new(&codes::INCOMPLETE, self.tie.span, message);
            // An election is written down long before its officers have committed.
            finding.severity = Severity::Warning;
            let help = "before the vote opens, add `commitments`: each officer's digest";
            findings.push(finding.help(help));
        }
        for (officer, commitment) in given {
            if !lottery {
                let message = format!(
                    "a commitment to a lottery, and ties are decided by {}",
                    self.tie
                );
                contradiction(
                    commitment.span,
                    message,
                    self.tie.span,
                    "as said here",
                    findings,
                );
            }
            if !self.is_officer(&officer.value) {
                let message = format!("`{officer}` has committed to a secret and is no officer");
                let finding = Diagnostic::new(&codes::CONTRADICTION, officer.span, message);
                findings.push(finding.help("only officers take part in the lottery"));
            }
            let same = given.iter().filter(|(_, other)| other == commitment);
            if same.count() > 1 {
                let message = "two officers have committed to the same secret";
                let finding = Diagnostic::new(&codes::CONTRADICTION, commitment.span, message);
                findings.push(finding.help("each officer draws a secret of their own"));
            }
        }
    }

    fn check_privacy(&self, findings: &mut Vec<Diagnostic>) {
        let (privacy, publish) = (&self.privacy, &self.publish);
        if privacy.value == Privacy::Open && publish.value != Publish::Full {
            let message = format!("an open vote is a roll call, and `publish` is `{publish}`");
            contradiction(publish.span, message, privacy.span, "open here", findings);
        }
        if privacy.value == Privacy::Blind && publish.value != Publish::Full {
            let message = format!(
                "the board of a blind vote shows every ballot, and `publish` is `{publish}`"
            );
            contradiction(publish.span, message, privacy.span, "blind here", findings);
        }
        if privacy.value == Privacy::Sealed && publish.value == Publish::Full {
            let message = format!("the vote is {privacy}, and its ballots will be published whole");
            let finding = Diagnostic::new(&codes::PUBLISHED_BALLOTS, publish.span, message);
            let help = "publish `pairwise`: anybody can recount, and nobody's ballot is shown";
            findings.push(finding.related(privacy.span, "as said here").help(help));
        }
    }

    fn check_officers(&self, findings: &mut Vec<Diagnostic>) {
        for (at, officer) in self.officers.iter().enumerate() {
            if self.officers.iter().take(at).any(|one| one.same(officer)) {
                let message = format!("`{officer}` is an officer twice");
                let finding = Diagnostic::new(&codes::LOGIN_TWICE, officer.span, message);
                findings.push(finding.help("remove one"));
            }
        }
    }

    fn check_seats(&self, findings: &mut Vec<Diagnostic>) {
        let (seats, terms) = (self.seats.value.get() as usize, self.terms.len());
        if let Some(last) = self.terms.last().filter(|_| terms != seats) {
            let message = format!("{terms} terms for {seats} seats");
            contradiction(
                last.span,
                message,
                self.seats.span,
                "so many seats",
                findings,
            );
        }
        let cap = self
            .cap
            .as_ref()
            .and_then(|cap| Some((cap.value.of()?, cap.span)));
        let body = self
            .body_seats
            .as_ref()
            .map(|body| (body.value.get(), body.span));
        for (of, span) in cap.into_iter().chain(body) {
            if (of as usize) < seats {
                let message = format!("the body has {of} seats, and {seats} are filled");
                contradiction(span, message, self.seats.span, "so many seats", findings);
            }
        }
        if let (Some((of, span)), Some((all, other))) = (cap, body)
            && of != all
        {
            let message = format!("the cap is for a body of {of} seats, and it has {all}");
            contradiction(span, message, other, "so many seats in all", findings);
        }
        let reserved: u32 = self
            .reserved
            .iter()
            .map(|one| one.seats.get())
            .fold(0, u32::saturating_add);
        if reserved as usize > seats {
            let message = format!("{reserved} seats are reserved, and {seats} are filled");
            let finding = Diagnostic::new(&codes::CONTRADICTION, self.seats.span, message);
            findings.push(finding.help("change `reserved` or `seats`"));
        }
        if self.limits.is_some() && terms == 0 {
            let message = "terms are limited, and nothing says how long the new ones are";
            let finding = Diagnostic::new(&codes::INCOMPLETE, self.seats.span, message);
            findings.push(finding.help("add `terms`, one for each seat, such as [2y, 2y, 1y]"));
        }
        let rules = &self.candidacy;
        if rules.employers > rules.endorsements {
            let (employers, endorsements) = (rules.employers, rules.endorsements);
            let message =
                format!("{endorsements} endorsements cannot come from {employers} employers");
            let finding = Diagnostic::new(&codes::CONTRADICTION, self.key.span, message);
            findings
                .push(finding.help("in `candidacy`, ask for as many endorsements as employers"));
        }
    }

    fn check_voters(&self, findings: &mut Vec<Diagnostic>) {
        let Some(rule) = &self.voters else {
            let message = "nothing says who may vote";
            let finding = Diagnostic::new(&codes::INCOMPLETE, self.key.span, message);
            findings.push(finding.help("add `voters:`, a rule or a list of people"));
            return;
        };
        rule.check(findings);
    }

    /// Whether somebody is an officer, by name or login as the file has it.
    pub fn is_officer(&self, name: &str) -> bool {
        let bare = name.strip_prefix('@').unwrap_or(name);
        self.officers.iter().any(|officer| {
            officer
                .name
                .trim_start_matches('@')
                .eq_ignore_ascii_case(bare)
        })
    }
}

/// Whether a window has its end behind its beginning; reports if not.
fn ends_first(
    open: &Spanned<ZonedTime>,
    close: &Spanned<ZonedTime>,
    what: &str,
    findings: &mut Vec<Diagnostic>,
) -> bool {
    if open.value.at() < close.value.at() {
        return true;
    }
    let message = format!("{what} closes at {close}, not after it opens at {open}");
    findings.push(
        Diagnostic::new(&codes::WINDOW, close.span, message)
            .related(open.span, "it opens here")
            .help("check the days, and the zones: AoE is 12 hours behind UTC"),
    );
    false
}

fn too_short(
    open: &Spanned<ZonedTime>,
    close: &Spanned<ZonedTime>,
    what: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let length = close.value.at().duration_since(open.value.at());
    if length < TWO_WEEKS {
        let hours = length.as_hours();
        let message = format!(
            "{what} open for {} days and {} hours",
            hours / 24,
            hours % 24
        );
        findings.push(
            Diagnostic::new(&codes::SHORT, close.span, message)
                .related(open.span, "it opens here")
                .help("leave it open for two weeks at least"),
        );
    }
}

fn contradiction(
    span: Span,
    message: String,
    other: Span,
    label: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let code: &'static Code = &codes::CONTRADICTION;
    let finding = Diagnostic::new(code, span, message).related(other, label);
    findings.push(finding.help("change one of the two"));
}
