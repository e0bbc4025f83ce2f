//! What is asked by GraphQL. Every name is of the vendor's published schema.
//!
//! A query may see 500,000 nodes, and costs a point of 5,000 an hour for every hundred lists that
//! it opens. A page of teams opens 150 and sees 11,050 at most; one of repositories with
//! everything opens 1,050 and sees 37,550.

/// How many teams a page has. GitHub gives up after ten seconds, which large pages come near.
const TEAMS: u32 = 50;
/// How many repositories a page has of which more than the name is asked.
const REPOSITORIES: u32 = 50;

const PAGE: &str = "totalCount pageInfo{hasNextPage endCursor}";
const ACCOUNT: &str = "login databaseId";

/// Everybody in an organisation.
pub(super) fn members() -> String {
    organisation(
        "",
        &format!(
            "membersWithRole(first:100,after:$after){{{PAGE} edges{{role node{{{ACCOUNT}}}}}}}"
        ),
    )
}

/// Everybody who was invited to an organisation and has not answered, for their numbers.
pub(super) fn invited() -> String {
    let inner = format!("pendingMembers(first:100,after:$after){{{PAGE} nodes{{{ACCOUNT}}}}}");
    organisation("", &inner)
}

/// The teams of an organisation, with what is in them as far as that is asked for.
pub(super) fn teams(people: bool, grants: bool) -> String {
    let mut inner = String::from("databaseId name slug description privacy parentTeam{databaseId}");
    if people {
        inner += &format!(" {} {}", team_members(""), team_invitations("", 20));
    }
    if grants {
        inner += &format!(" {}", team_grants(""));
    }
    organisation(
        "",
        &format!("teams(first:{TEAMS},after:$after){{{PAGE} nodes{{{inner}}}}}"),
    )
}

/// More of the members of a team.
pub(super) fn more_members() -> String {
    of_team(&team_members(",after:$after"))
}

/// More of those who were invited to a team.
pub(super) fn more_invitations() -> String {
    of_team(&team_invitations(",after:$after", 100))
}

/// More of what a team may do.
pub(super) fn more_grants() -> String {
    of_team(&team_grants(",after:$after"))
}

/// The repositories of an organisation, with what is in them as far as that is asked for.
pub(super) fn repositories(settings: bool, collaborators: bool, branches: bool) -> String {
    let mut inner = String::from("databaseId name");
    if settings {
        inner += " description homepageUrl visibility hasIssuesEnabled hasProjectsEnabled \
                  hasWikiEnabled squashMergeAllowed mergeCommitAllowed rebaseMergeAllowed \
                  squashMergeCommitTitle squashMergeCommitMessage isArchived \
                  defaultBranchRef{name}";
    }
    if collaborators {
        inner += &format!(" {}", repository_people("", 50));
    }
    if branches {
        inner += &format!(" {}", repository_rules("", 20, 20));
    }
    let first = if settings || collaborators || branches {
        REPOSITORIES
    } else {
        100
    };
    organisation(
        "",
        &format!("repositories(first:{first},after:$after){{{PAGE} nodes{{{inner}}}}}"),
    )
}

/// More of the people who may do something to a repository without a team.
pub(super) fn more_collaborators() -> String {
    of_repository(&repository_people(",after:$after", 100))
}

/// More of the rules for branches of a repository.
pub(super) fn more_rules() -> String {
    of_repository(&repository_rules(",after:$after", 20, 100))
}

fn team_members(after: &str) -> String {
    // Without `IMMEDIATE` the members of child teams are among them.
    format!(
        "members(first:100{after},membership:IMMEDIATE){{{PAGE} edges{{role node{{{ACCOUNT}}}}}}}"
    )
}

fn team_invitations(after: &str, first: u32) -> String {
    format!("invitations(first:{first}{after}){{{PAGE} nodes{{createdAt invitee{{{ACCOUNT}}}}}}}")
}

fn team_grants(after: &str) -> String {
    format!(
        "repositories(first:100{after}){{{PAGE} edges{{permission node{{name owner{{login}}}}}}}}"
    )
}

fn repository_people(after: &str, first: u32) -> String {
    format!(
        "collaborators(first:{first}{after},affiliation:DIRECT){{{PAGE} \
         edges{{permission permissionSources{{roleName permission source{{__typename}}}} \
         node{{{ACCOUNT}}}}}}}"
    )
}

fn repository_rules(after: &str, first: u32, allowances: u32) -> String {
    format!(
        "branchProtectionRules(first:{first}{after}){{{PAGE} nodes{{pattern \
         requiresApprovingReviews requiredApprovingReviewCount dismissesStaleReviews \
         requiresStatusChecks requiredStatusCheckContexts isAdminEnforced allowsForcePushes \
         allowsDeletions restrictsPushes \
         pushAllowances(first:{allowances}){{{PAGE} nodes{{actor{{__typename \
         ...on User{{{ACCOUNT}}} ...on Team{{name}}}}}}}}}}}}"
    )
}

fn of_team(inner: &str) -> String {
    organisation(",$name:String!", &format!("team(slug:$name){{{inner}}}"))
}

fn of_repository(inner: &str) -> String {
    let inner = format!("repository(name:$name,followRenames:false){{{inner}}}");
    organisation(",$name:String!", &inner)
}

fn organisation(variables: &str, inner: &str) -> String {
    format!("query($org:String!,$after:String{variables}){{organization(login:$org){{{inner}}}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bracket_is_closed() {
        for document in [
            members(),
            invited(),
            teams(true, true),
            more_members(),
            more_invitations(),
            more_grants(),
            repositories(true, true, true),
            more_collaborators(),
            more_rules(),
        ] {
            let count = |c| document.matches(c).count();
            assert_eq!(count('{'), count('}'), "{document}");
            assert_eq!(count('('), count(')'), "{document}");
        }
    }
}
