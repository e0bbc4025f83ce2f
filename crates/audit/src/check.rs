//! What is wrong with what an estate says of audits.

use base::{Diagnostic, Span};
use estate::Estate;
use jiff::civil::Date;

use crate::aws::is_region;
use crate::codes;

/// The provider whose accounts can be audited.
const PROVIDER: &str = "aws";

/// All that is wrong on a day.
pub fn check(estate: &Estate, day: Date) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for entry in &estate.manifest.audit_ignore {
        let entry = &entry.value;
        let owner = &entry.owner;
        if estate.tables.groups.get(&owner.name).is_none() {
            let message = format!("the estate has no group `{owner}`");
            let finding = Diagnostic::new(&codes::IGNORE_OWNER, owner.span, message);
            let groups = estate
                .tables
                .groups
                .items()
                .map(|group| group.name.as_str());
            findings.push(match base::nearest(&owner.name, groups) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help("name a group of the estate"),
            });
        }
        if entry.until.value < day {
            let message = format!(
                "`{}` was to be let be until {}",
                entry.thing.value, entry.until.value
            );
            let finding = Diagnostic::new(&codes::IGNORE_ENDED, entry.until.span, message);
            findings.push(finding.help("take the entry out, or decide anew and set a later day"));
        }
    }
    for account in estate.tables.accounts.items() {
        let Some(audit) = &account.value.audit else {
            continue;
        };
        let mut wrong = |span: Span, message: String, help: &str| {
            findings.push(Diagnostic::new(&codes::ACCOUNT, span, message).help(help));
        };
        if !account.value.provider.eq_ignore_ascii_case(PROVIDER) {
            let message = format!(
                "accounts of the provider `{}` cannot be audited",
                account.value.provider
            );
            wrong(audit.span, message, "take `audit` out of this account");
        }
        if let Some(address) = &audit.value.address
            && let Err(what) = http_client::address(&address.value)
        {
            wrong(
                address.span,
                what,
                "write it as `https://host.example`, or leave it out",
            );
        }
        if let Some(region) = audit
            .value
            .region
            .as_ref()
            .filter(|one| !is_region(&one.value))
        {
            let message = format!("`{}` is not the name of a region", region.value);
            wrong(region.span, message, "write it as `eu-west-1`");
        }
    }
    findings
}
