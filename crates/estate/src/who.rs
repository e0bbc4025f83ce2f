//! Who owns it?

use base::Span;
use serde::Serialize;

use crate::draft::Estate;
use crate::kinds::{KindId, Permission};
use crate::people::Addressee;
use crate::reference::Relation;
use crate::scalars::Email;
use crate::tree::join;

/// One true thing about who owns something.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// What is owned, as `kind/name`, `repository NAME` or a path.
    pub what: String,
    /// How: `owned by`, `kept running by`, `may approve`, ...
    pub how: String,
    /// Who: an item as `kind/name`, or a login or address.
    pub who: String,
    /// Where that is written.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// All that the estate knows of who owns a path, a service or any other item,
/// an e-mail address, or a repository. Empty where it knows nothing.
pub fn who_owns(estate: &Estate, asked: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    for item in estate.named(asked) {
        of_item(estate, item.kind, item.name, &mut answers);
    }
    of_address(estate, asked, &mut answers);
    of_repository(estate, asked, &mut answers);
    of_path(estate, asked, &mut answers);
    answers
}

fn of_item(estate: &Estate, kind: KindId, name: &str, answers: &mut Vec<Answer>) {
    let Some(node) = estate.graph.node(kind, name) else {
        return;
    };
    let what = format!("{}/{name}", kind.name());
    let mut seen = Vec::new();
    for link in estate.graph.outgoing(node) {
        let owning = matches!(
            link.relation,
            Relation::OwnedBy
                | Relation::StaffedBy
                | Relation::AdministeredBy
                | Relation::LedBy
                | Relation::HasMaintainer
                | Relation::Pages
        );
        let (to_kind, to) = estate.graph.item(link.to);
        if owning && !seen.contains(&(link.relation, link.to)) {
            seen.push((link.relation, link.to));
            let who = format!("{}/{to}", to_kind.name());
            answers.push(Answer {
                what: what.clone(),
                how: link.relation.words().to_owned(),
                who,
                span: Some(link.span),
            });
        }
    }
    if kind == KindId::Person {
        for link in estate.graph.incoming(node) {
            let (from_kind, from) = estate.graph.item(link.from);
            let who = format!("{}/{from}", from_kind.name());
            let how = format!("{} (of this person)", link.relation.words());
            answers.push(Answer {
                what: who,
                how,
                who: what.clone(),
                span: Some(link.span),
            });
        }
    }
}

fn of_address(estate: &Estate, asked: &str, answers: &mut Vec<Answer>) {
    let Some(email) = Email::new(asked) else {
        return;
    };
    if let Some(Addressee::Person(name)) = estate.address_book.whose(&email) {
        let span = estate.tables.people.get(name).map(|person| person.span);
        let who = format!("person/{name}");
        answers.push(Answer {
            what: asked.to_owned(),
            how: "is an address of".to_owned(),
            who,
            span,
        });
    }
    if let Some(Addressee::MailingGroup(name)) = estate.address_book.whose(&email) {
        let Some(group) = estate.tables.mailing_groups.get(name) else {
            return;
        };
        for (role, address) in group
            .value
            .addresses()
            .filter(|(role, _)| *role != "member")
        {
            let who = match estate.address_book.whose(address) {
                Some(Addressee::Person(person)) => format!("person/{person} <{address}>"),
                _ => address.to_string(),
            };
            let how = format!("has the {role}");
            answers.push(Answer {
                what: group.subject(),
                how,
                who,
                span: Some(address.span),
            });
        }
    }
    let mailbox = email.mailbox();
    for group in estate.tables.mailing_groups.items() {
        for (role, address) in group
            .value
            .addresses()
            .filter(|(_, address)| address.mailbox() == mailbox)
        {
            let how = format!("has as {role}");
            answers.push(Answer {
                what: group.subject(),
                how,
                who: asked.to_owned(),
                span: Some(address.span),
            });
        }
    }
}

fn of_repository(estate: &Estate, asked: &str, answers: &mut Vec<Answer>) {
    let repository = repository_name(asked);
    let Some((_, _)) = repository.split_once('/') else {
        return;
    };
    for service in estate.tables.services.items() {
        for source in service
            .value
            .source
            .iter()
            .filter(|source| same_repository(&source.repository, repository))
        {
            let how = "holds the source of".to_owned();
            answers.push(Answer {
                what: repository.to_owned(),
                how,
                who: service.subject(),
                span: Some(source.repository.span),
            });
        }
    }
    for group in estate.tables.groups.items() {
        for subproject in &group.value.subprojects {
            for owners in subproject
                .owners
                .iter()
                .filter(|owners| same_repository(owners, repository))
            {
                let how = format!("belongs to the subproject {} of", subproject.name);
                answers.push(Answer {
                    what: repository.to_owned(),
                    how,
                    who: group.subject(),
                    span: Some(owners.span),
                });
            }
        }
    }
    for team in estate.tables.teams.items() {
        for grant in team
            .value
            .grants
            .iter()
            .filter(|grant| grant.permission >= Permission::Maintain)
        {
            if same_repository(&grant.repository, repository) {
                let how = format!("grants {} to", grant.permission);
                answers.push(Answer {
                    what: repository.to_owned(),
                    how,
                    who: team.subject(),
                    span: Some(grant.repository.span),
                });
            }
        }
    }
    for tree in estate
        .ownership
        .iter()
        .filter(|tree| tree.repository.eq_ignore_ascii_case(repository))
    {
        approvers(estate, tree, "", repository, answers);
    }
}

/// `organisation/name` out of a URL of a repository or of a file in it.
fn repository_name(url: &str) -> &str {
    // The short form of SSH, `git@host:organisation/name.git`.
    if let Some((_, path)) = url
        .strip_prefix("git@")
        .and_then(|rest| rest.split_once(':'))
    {
        return path.trim_end_matches(".git");
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = match rest.split_once('/') {
        Some((host, path)) if host.contains('.') => path,
        _ => return url.trim_end_matches('/'),
    };
    let slash = path
        .match_indices('/')
        .nth(1)
        .map_or(path.len(), |(at, _)| at);
    path.get(..slash).unwrap_or(path).trim_end_matches(".git")
}

fn same_repository(url: &str, repository: &str) -> bool {
    repository_name(url).eq_ignore_ascii_case(repository)
}

fn of_path(estate: &Estate, asked: &str, answers: &mut Vec<Answer>) {
    let asked = asked.trim_end_matches('/');
    for tree in &estate.ownership {
        let head = asked.get(..tree.repository.len());
        let named = head.is_some_and(|head| head.eq_ignore_ascii_case(&tree.repository));
        let rest = asked.get(tree.repository.len()..).filter(|_| named);
        let below_repository = rest.and_then(|rest| rest.strip_prefix('/'));
        let path = join("", asked);
        let root = tree.root.trim_end_matches('/');
        let below_root = path.strip_prefix(root).and_then(|rest| {
            if root.is_empty() {
                Some(rest)
            } else {
                rest.strip_prefix('/')
            }
        });
        if let Some(path) = below_repository
            .or(below_root)
            .filter(|path| !path.is_empty())
        {
            approvers(estate, tree, path, asked, answers);
        }
    }
}

fn approvers(
    estate: &Estate,
    tree: &crate::OwnersTree,
    path: &str,
    asked: &str,
    answers: &mut Vec<Answer>,
) {
    let resolution = tree.resolve(path);
    let span = tree
        .folders
        .get(&resolution.approver_folder)
        .map(|file| Span::start_of(file.file));
    if let Some(folder) = &resolution.broken_at {
        let who = format!("nobody: the owners of \"{folder}\" cannot be read");
        answers.push(Answer {
            what: asked.to_owned(),
            how: "may be approved by".to_owned(),
            who,
            span,
        });
        return;
    }
    for (how, people) in [
        ("may be approved by", &resolution.approvers),
        ("must be reviewed by", &resolution.required_reviewers),
    ] {
        for login in people {
            let who = estate
                .tables
                .people
                .get(login)
                .map_or_else(|| login.clone(), super::Item::subject);
            let how = if resolution.leaf_approvers.contains(login) || how != "may be approved by" {
                how.to_owned()
            } else {
                format!("{how} (from above)")
            };
            answers.push(Answer {
                what: asked.to_owned(),
                how,
                who,
                span,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::repository_name;

    #[test]
    fn a_repository_is_known_by_any_of_its_addresses() {
        for url in [
            "https://github.com/org/repo",
            "https://raw.example.com/org/repo/main/OWNERS",
            "org/repo",
            "https://github.com/org/repo.git",
            "org/repo/",
            "git@github.com:org/repo.git",
        ] {
            assert_eq!(repository_name(url), "org/repo", "{url}");
        }
    }
}
