//! Who comes into an organisation and how, and what goes with those who leave.

use std::collections::BTreeMap;

use super::{Invitation, RepoInvitation, Role, TeamRole, World};

impl World {
    /// Invites an account to an organisation and gives the number of the invitation.
    ///
    /// # Panics
    /// There is no such organisation or account.
    pub fn invite(&mut self, org: &str, login: &str, role: Role) -> u64 {
        let account = self.account_id(login);
        let org = self.org_mut(org);
        let (org, inviter) = (org.id, org.members.keys().next().copied());
        let inviter = inviter.unwrap_or_default();
        self.send_invitation(org, Some(account), None, role, inviter)
    }

    /// Does what the invited does by saying yes: the account is a member, and in the teams of
    /// the invitation.
    ///
    /// # Panics
    /// The account is not invited.
    pub fn accept_invitation(&mut self, org: &str, login: &str) {
        let account = self.account_id(login);
        let org = self.org_mut(org);
        let id = org.invitation_of(account).map(|invitation| invitation.id);
        let invitation = id.and_then(|id| org.invitations.remove(&id));
        let Some(invitation) = invitation else {
            panic!("{login} is not invited to {}", org.login);
        };
        org.members.insert(account, invitation.role);
        for (team, role) in invitation.teams {
            if let Some(team) = org.teams.get_mut(&team) {
                team.members.insert(account, role);
            }
        }
    }

    /// Makes the invitation of an account come to nothing: the account said no, or the mail
    /// could not be delivered.
    ///
    /// # Panics
    /// The account is not invited.
    pub fn fail_invitation(&mut self, org: &str, login: &str, reason: &str) {
        let (account, now) = (self.account_id(login), self.now);
        let org = self.org_mut(org);
        let id = org.invitation_of(account).map(|invitation| invitation.id);
        let invitation = id.and_then(|id| org.invitations.remove(&id));
        let Some(mut invitation) = invitation else {
            panic!("{login} is not invited to {}", org.login);
        };
        invitation.failed = Some((now, reason.to_owned()));
        org.failed.insert(invitation.id, invitation);
    }

    /// Does what the invited does by saying yes to a repository.
    ///
    /// # Panics
    /// The account is not invited.
    pub fn accept_repo_invitation(&mut self, repo: &str, login: &str) {
        let account = self.account_id(login);
        let repo = self.repo_mut(repo);
        let mut all = repo.invitations.values();
        let found = all.find(|one| one.account == account && !one.expired);
        let Some((id, permission)) = found.map(|one| (one.id, one.permission)) else {
            panic!("{login} is not invited to {}", repo.name);
        };
        repo.invitations.remove(&id);
        repo.collaborators.insert(account, permission);
    }

    /// Adds an invitation and gives its number.
    pub(in crate::fakes::github) fn send_invitation(
        &mut self,
        org: u64,
        account: Option<u64>,
        email: Option<String>,
        role: Role,
        inviter: u64,
    ) -> u64 {
        let (id, created) = (self.new_id(), self.now);
        let invitation = Invitation {
            id,
            account,
            email,
            role,
            inviter,
            teams: BTreeMap::new(),
            created,
            failed: None,
        };
        if let Some(org) = self.orgs.get_mut(&org) {
            org.invitations.insert(id, invitation);
        }
        id
    }

    /// Puts an account in a team: at once if it is a member of the organisation, and with an
    /// invitation if not. Says whether it is in at once.
    pub(in crate::fakes::github) fn join_team(
        &mut self,
        (org, team): (u64, u64),
        account: u64,
        role: TeamRole,
        inviter: u64,
    ) -> bool {
        let Some(found) = self.orgs.get_mut(&org) else {
            return false;
        };
        if found.members.contains_key(&account) {
            if let Some(team) = found.teams.get_mut(&team) {
                team.members.insert(account, role);
            }
            return true;
        }
        let pending = found.invitation_of(account).map(|invitation| invitation.id);
        let id = pending.unwrap_or_else(|| {
            self.send_invitation(org, Some(account), None, Role::Member, inviter)
        });
        let org = self.orgs.get_mut(&org);
        if let Some(invitation) = org.and_then(|org| org.invitations.get_mut(&id)) {
            invitation.teams.insert(team, role);
        }
        false
    }

    /// Invites an account to a repository, or changes what it is invited to; gives the number.
    pub(in crate::fakes::github) fn invite_to_repo(
        &mut self,
        repo: u64,
        invited: RepoInvitation,
    ) -> u64 {
        let id = invited.id;
        if let Some(repo) = self.repos.get_mut(&repo) {
            let mut all = repo.invitations.values_mut();
            if let Some(pending) = all.find(|one| one.account == invited.account && !one.expired) {
                pending.permission = invited.permission;
                return pending.id;
            }
            repo.invitations.insert(id, invited);
        }
        id
    }

    /// Takes somebody out of an organisation: the membership or the invitation, the teams, and
    /// what was given on its repositories. Invitations that the account sent are withdrawn.
    pub(in crate::fakes::github) fn remove_member(&mut self, org: u64, account: u64) {
        let Some(found) = self.orgs.get_mut(&org) else {
            return;
        };
        found.members.remove(&account);
        found
            .invitations
            .retain(|_, one| one.account != Some(account));
        for team in found.teams.values_mut() {
            team.members.remove(&account);
        }
        for repo in self.repos.values_mut().filter(|repo| repo.owner == org) {
            repo.collaborators.remove(&account);
        }
        self.withdraw_invitations_of(org, account);
    }

    /// Withdraws what somebody sent who is no owner any more.
    pub(in crate::fakes::github) fn withdraw_invitations_of(&mut self, org: u64, inviter: u64) {
        if let Some(org) = self.orgs.get_mut(&org) {
            org.invitations.retain(|_, one| one.inviter != inviter);
        }
    }
}
