//! Accounts, and the services that run at them.

use std::fmt::Write;

use crate::Plan;
use crate::bodies::{group_name, team_name};
use crate::random::Random;
use crate::words::{THING, WORK};

/// Every tenth account is a vendor's; what runs there is on its way to the next one.
fn is_vendors(account: usize, plan: &Plan) -> bool {
    account % 10 == 9 && plan.size.accounts > 10
}

pub(crate) fn account(plan: &Plan, index: usize) -> (String, String) {
    let mut random = plan.random("account", index);
    let provider = random.word(&["aws", "azure", "fastly", "gcp", "hetzner"]);
    let mut text =
        format!("title: Account {index}\nprovider: {provider}\nid: \"{provider}-{index:06}\"\n");
    if is_vendors(index, plan) {
        text.push_str("holder: vendor\nvendor: Driftwood Works\n");
    } else {
        text.push_str("holder: community\n");
    }
    let _ = writeln!(
        text,
        "owner: {}",
        group_name(random.below(plan.size.groups))
    );
    (format!("accounts/account-{index}.yaml"), text)
}

fn service_name(index: usize) -> String {
    let thing = THING.get(index % THING.len()).copied().unwrap_or("");
    format!("{thing}-{index}")
}

pub(crate) fn service(plan: &Plan, index: usize) -> (String, String) {
    let mut random = plan.random("service", index);
    let name = service_name(index);
    let owner = group_name(random.below(plan.size.groups));
    let critical = random.once_in(10);
    let criticality = if critical {
        "critical"
    } else {
        random.word(&["important", "useful"])
    };
    let custom = random.once_in(3);
    let mut text = format!(
        "name: The {name} service\nsummary: Gives the lab its {} of {}, day and night.\nkind: {}\ncriticality: {criticality}\nstarted: {}-09-01\n",
        random.word(THING),
        random.word(WORK),
        if custom { "custom" } else { "off-the-shelf" },
        2016 + random.below(8),
    );
    if custom {
        let _ = writeln!(text, "source:\n  - {{repository: org-0/{name}, path: app}}");
    }
    places(plan, &name, &mut random, &mut text);
    let _ = writeln!(text, "owner: {owner}\nstaff:");
    let count = random.between(3, 6);
    let staff = plan.people.of_different_employers(count, &mut random);
    for &person in &staff {
        let _ = writeln!(text, "  - {}", plan.people.reference(person, &mut random));
    }
    dependencies(index, &mut random, &mut text);
    administration(plan, &name, &mut random, &mut text);
    if critical || random.once_in(3) {
        text.push_str("on_call:\n  rota:\n");
        for &person in &staff {
            let _ = writeln!(text, "    - {}", plan.people.reference(person, &mut random));
        }
        let _ = writeln!(
            text,
            "  hours: all the time\n  escalation:\n    - group: {owner}\n      after_minutes: 15"
        );
    }
    if random.once_in(2) {
        data(&name, &mut random, &mut text);
    }
    if random.once_in(4) {
        let _ = writeln!(
            text,
            "journeys:\n  - name: Use the {name}\n    document: https://lab.example/{name}/journey.md"
        );
    }
    (format!("services/{name}.yaml"), text)
}

fn places(plan: &Plan, name: &str, random: &mut Random, text: &mut String) {
    let account = random.below(plan.size.accounts);
    let region = random.word(&["eu-north", "eu-west", "us-east", "ap-south"]);
    let _ = writeln!(
        text,
        "runs_at:\n  - {{account: account-{account}, cluster: main, region: {region}, resource: {name}}}"
    );
    if is_vendors(account, plan) {
        let to = (account + 1) % plan.size.accounts;
        let _ = writeln!(
            text,
            "migration:\n  from: account-{account}\n  to: account-{to}"
        );
    }
}

/// Services depend on earlier ones only, so there is no circle.
fn dependencies(index: usize, random: &mut Random, text: &mut String) {
    let count = random.below(6).min(index);
    if count > 0 {
        text.push_str("depends_on:\n");
    }
    for _ in 0..count {
        let service = service_name(random.below(index));
        let how = random.word(&[
            "calls",
            "reads",
            "writes",
            "credential",
            "image",
            "dns",
            "runs-on",
        ]);
        let _ = write!(text, "  - {{service: {service}, how: {how}");
        if random.once_in(3) {
            let _ = write!(text, ", why: For its {}", random.word(THING));
        }
        if random.once_in(6) {
            text.push_str(", optional: true");
        }
        text.push_str("}\n");
    }
}

fn administration(plan: &Plan, name: &str, random: &mut Random, text: &mut String) {
    text.push_str("administration:\n");
    if plan.size.teams > 0 {
        let _ = writeln!(
            text,
            "  team: {}",
            team_name(plan, random.below(plan.size.teams))
        );
    }
    let by = random.word(&["gitops", "scripts", "console"]);
    let _ = writeln!(
        text,
        "  by: {by}\n  runbook: https://lab.example/{name}/runbook.md"
    );
}

fn data(name: &str, random: &mut Random, text: &mut String) {
    let classification = random.word(&["public", "internal", "confidential", "restricted"]);
    let (month, day) = (random.between(1, 12), random.between(1, 28));
    let _ = writeln!(
        text,
        "data:\n  holds: What the {name} was told\n  classification: {classification}\n  retention: Two years, for audits\n  backup:\n    to: bucket {name}-copy at another provider\n    schedule: daily\n    restore_tested: 2024-{month:02}-{day:02}"
    );
}
