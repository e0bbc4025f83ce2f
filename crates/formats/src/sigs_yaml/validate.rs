//! What the generator refuses, each with a place and a code of its own.

use base::{Code, Diagnostic, Span, Spanned};

use super::entries::{GroupEntry, PersonEntry, SubprojectEntry, filled};
use super::{Directory, Sort, about};
use crate::codes;

pub(super) fn group(
    sort: Sort,
    group: &GroupEntry,
    directory: &Directory<'_>,
    findings: &mut Vec<Diagnostic>,
) {
    names(sort, group, findings);
    leads(group, findings);
    stakeholders(sort, group, directory, findings);
    if sort == Sort::Sig {
        duties_of_a_sig(group, findings);
    }
    if let Some(first) = group.subprojects.first().filter(|_| !sort.may_own()) {
        let message = format!("`{}` may not own subprojects", group.dir);
        let finding = Diagnostic::new(&codes::SIGS_SUBPROJECTS_MISPLACED, first.name.span, message);
        let help = "only SIGs and committees own code; move the subprojects to one of them";
        findings.push(about(finding.help(help), group));
    }
    for subproject in &group.subprojects {
        owners(subproject, group, findings);
    }
}

fn names(sort: Sort, group: &GroupEntry, findings: &mut Vec<Diagnostic>) {
    let label = group.name.replace(' ', "-").to_lowercase();
    let dir = format!("{}-{label}", sort.prefix());
    if group.dir.value != dir {
        let message = format!("the folder of \"{}\" is not `{}`", group.name, group.dir);
        let finding = Diagnostic::new(&codes::SIGS_DIR, group.dir.span, message);
        let finding = finding.related(group.name.span, "its name");
        findings.push(about(finding.help(format!("write `dir: {dir}`")), group));
    }
    let written = filled(group.label.as_ref());
    if written.is_none_or(|written| written.value != label) {
        let span = written.map_or(group.dir.span, |written| written.span);
        let message = match written {
            Some(written) => format!("the label of `{}` is not `{written}`", group.dir),
            None => format!("`{}` has no label", group.dir),
        };
        let finding = Diagnostic::new(&codes::SIGS_LABEL, span, message);
        findings.push(about(
            finding.help(format!("write `label: {label}`")),
            group,
        ));
    }
}

fn leads(group: &GroupEntry, findings: &mut Vec<Diagnostic>) {
    let subject = format!("group/{}", group.dir);
    for lead in group
        .leadership
        .chairs
        .iter()
        .chain(&group.leadership.tech_leads)
    {
        lead_in_office(lead, &subject, findings);
    }
    for lead in &group.leadership.emeritus_leads {
        identity(lead, &subject, findings);
        if let Some(company) = filled(lead.company.as_ref()) {
            let message = format!(
                "{} is emeritus and has the company \"{company}\"",
                called(lead)
            );
            let finding = Diagnostic::new(&codes::SIGS_EMERITUS_COMPANY, company.span, message);
            findings.push(finding.help("remove `company`").about(&subject));
        }
    }
}

/// Checks somebody who holds an office now.
pub(super) fn lead_in_office(
    lead: &Spanned<PersonEntry>,
    subject: &str,
    findings: &mut Vec<Diagnostic>,
) {
    identity(lead, subject, findings);
    let mut require = |code, what, text: &Option<Spanned<String>>| {
        if filled(text.as_ref()).is_none() {
            findings.push(missing(code, lead, what, subject));
        }
    };
    require(&codes::SIGS_LEAD_EMAIL, "email", &lead.email);
    require(&codes::SIGS_LEAD_COMPANY, "company", &lead.company);
}

fn identity(lead: &Spanned<PersonEntry>, subject: &str, findings: &mut Vec<Diagnostic>) {
    match filled(lead.github.as_ref()) {
        None => findings.push(missing(&codes::SIGS_LEAD_LOGIN, lead, "github", subject)),
        Some(login) if login.trim().contains(char::is_whitespace) => {
            let message = format!("\"{login}\" is not a login");
            let finding = Diagnostic::new(&codes::SIGS_LEAD_LOGIN, login.span, message);
            findings.push(finding.help("logins hold no white space").about(subject));
        }
        Some(_) => {}
    }
    if filled(lead.name.as_ref()).is_none() {
        findings.push(missing(&codes::SIGS_LEAD_NAME, lead, "name", subject));
    }
}

fn missing(
    code: &'static Code,
    lead: &Spanned<PersonEntry>,
    what: &str,
    subject: &str,
) -> Diagnostic {
    let message = format!("{} has no `{what}`", called(lead));
    Diagnostic::new(code, place(lead), message)
        .help(format!("add `{what}`"))
        .about(subject)
}

fn called(person: &PersonEntry) -> String {
    let login = filled(person.github.as_ref()).map(|login| format!("`{login}`"));
    let name = || filled(person.name.as_ref()).map(|name| format!("\"{name}\""));
    login
        .or_else(name)
        .unwrap_or_else(|| "this lead".to_owned())
}

/// One line of an entry, rather than all of it.
fn place(person: &Spanned<PersonEntry>) -> Span {
    let text = filled(person.github.as_ref()).or(filled(person.name.as_ref()));
    text.map_or(person.span, |text| text.span)
}

fn stakeholders(
    sort: Sort,
    group: &GroupEntry,
    directory: &Directory<'_>,
    findings: &mut Vec<Diagnostic>,
) {
    let mut report = |code, span, message: String, help: Option<String>| {
        findings.push(about(
            Diagnostic::new(code, span, message).help_if(help),
            group,
        ));
    };
    match (sort, group.stakeholder_sigs.first()) {
        (Sort::WorkingGroup, None) => {
            let message = format!("`{}` has no stakeholder SIGs", group.dir);
            let help = "add `stakeholder_sigs` with the SIGs that will own what it makes";
            let code = &codes::SIGS_STAKEHOLDERS_MISSING;
            report(code, group.dir.span, message, Some(help.to_owned()));
        }
        (Sort::WorkingGroup, Some(_)) => {
            let unknown = |named: &&Spanned<String>| directory.find(named).is_none();
            // With SIGs missing from the file, a stranger may be one of them.
            for named in group
                .stakeholder_sigs
                .iter()
                .filter(unknown)
                .filter(|_| directory.whole)
            {
                let message = format!("no SIG is called `{named}`");
                report(
                    &codes::SIGS_STAKEHOLDER,
                    named.span,
                    message,
                    directory.help(named),
                );
            }
        }
        (_, Some(first)) => {
            let message = format!(
                "`{}` is no working group, so it has no stakeholders",
                group.dir
            );
            let help = "remove `stakeholder_sigs`".to_owned();
            report(
                &codes::SIGS_STAKEHOLDERS_MISPLACED,
                first.span,
                message,
                Some(help),
            );
        }
        (_, None) => {}
    }
}

fn duties_of_a_sig(group: &GroupEntry, findings: &mut Vec<Diagnostic>) {
    let mut require = |present: bool, code, what: &str, key: &str| {
        if !present {
            let message = format!("`{}` has no {what}", group.dir);
            let finding = Diagnostic::new(code, group.dir.span, message);
            findings.push(about(finding.help(format!("add `{key}`")), group));
        }
    };
    let charter = filled(group.charter_link.as_ref()).is_some();
    require(charter, &codes::SIGS_CHARTER, "charter", "charter_link");
    let mission = filled(group.mission_statement.as_ref()).is_some();
    require(
        mission,
        &codes::SIGS_MISSION,
        "mission statement",
        "mission_statement",
    );
    let owning = !group.subprojects.is_empty();
    require(
        owning,
        &codes::SIGS_SUBPROJECTS_MISSING,
        "subprojects",
        "subprojects",
    );
}

fn owners(subproject: &SubprojectEntry, group: &GroupEntry, findings: &mut Vec<Diagnostic>) {
    let name = &subproject.name;
    if subproject.owners.is_empty() {
        let message = format!("the subproject `{name}` of `{}` has no owners", group.dir);
        let finding = Diagnostic::new(&codes::SIGS_SUBPROJECT_OWNERS, name.span, message);
        findings.push(about(
            finding.help("link an OWNERS file under `owners`"),
            group,
        ));
    }
    for link in subproject.owners.iter().filter(|link| !is_file_link(link)) {
        let message = format!("`{link}` is not a link to a file at GitHub");
        let finding = Diagnostic::new(&codes::SIGS_OWNERS_URL, link.span, message);
        let help = "write https://raw.githubusercontent.com/ORG/REPO/BRANCH/PATH";
        findings.push(about(finding.help(help), group));
    }
}

/// Whether a link names a file in a repository at GitHub, in either form the generator knows.
fn is_file_link(link: &str) -> bool {
    let named = |part: Option<&str>| part.is_some_and(|part| !part.is_empty());
    if let Some(rest) = link.strip_prefix("https://raw.githubusercontent.com/") {
        let mut parts = rest.splitn(4, '/');
        return (0..4).all(|_| named(parts.next()));
    }
    let Some(rest) = link.strip_prefix("https://github.com/") else {
        return false;
    };
    let mut parts = rest.splitn(5, '/');
    let repository = named(parts.next()) && named(parts.next());
    let view = matches!(parts.next(), Some("blob" | "tree"));
    repository && view && named(parts.next()) && named(parts.next())
}

#[cfg(test)]
mod tests {
    use super::is_file_link;

    #[test]
    fn links_to_files_are_told_from_others() {
        for link in [
            "https://raw.githubusercontent.com/org/repo/main/OWNERS",
            "https://raw.githubusercontent.com/org/repo/refs/heads/main/a/OWNERS",
            "https://github.com/org/repo/blob/main/OWNERS",
            "https://github.com/org/repo/tree/main/a",
        ] {
            assert!(is_file_link(link), "{link}");
        }
        for link in [
            "",
            "https://github.com/org/repo",
            "https://github.com/org/repo/wiki/main/OWNERS",
            "https://raw.githubusercontent.com/org/repo/main/",
            "https://raw.githubusercontent.com//repo/main/OWNERS",
            "http://github.com/org/repo/blob/main/OWNERS",
            "see https://github.com/org/repo/blob/main/OWNERS",
        ] {
            assert!(!is_file_link(link), "{link}");
        }
    }
}
