//! What newcomers ask for: a record by a form, and zones that exist already.

use super::community::{Community, DECLARED, SERVED};
use super::nameserver::NameServer;
use crate::support::shared;

/// The form of a large community, filled in for ours.
const FORM: &str = "\
### Type of DNS update:
Create

### Domain being modified:
`example.org`

### Existing DNS Record:

N/A

### New DNS Record:

```yaml
status:
- type: CNAME
  ttl: 300
  value: www.example.org.
```

### Reason for update:

The status page moves.
";

#[test]
fn a_form_becomes_a_change_with_its_reviewers() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    community.write("request.md", FORM);
    let said = community
        .runs("request dns --from request.md")
        .ends(0, "nothing is written yet");
    assert!(said.out.contains("reviewed by infra"), "{}", said.out);
    assert_eq!(community.text("dns/example.org.yaml"), DECLARED);
    community
        .runs("request dns --from request.md --write")
        .ends(0, "written; commit it");
    let written = community.text("dns/example.org.yaml");
    assert!(
        written.starts_with("# What the community serves\n"),
        "{written}"
    );
    community.commit("stranger", "status");
    let plan = community.plan();
    let changes = plan["plan"]["scopes"][0]["changes"].as_array().unwrap();
    let [change] = changes.as_slice() else {
        panic!("{changes:#?}");
    };
    let change = &change["change"];
    assert_eq!(change["resource"], "status.example.org. CNAME");
    assert_eq!(change["owners"], serde_json::json!(["infra"]));
    for approver in ["ada", "bob"] {
        community.by(approver, "approve");
    }
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    let status = server.answer("status.example.org. CNAME");
    assert_eq!(status.as_deref(), Some("300 www.example.org."));
}

#[test]
fn a_form_that_is_not_filled_in_is_refused_field_by_field() {
    let Some(form) = shared("kubernetes/k8s.io/.github/ISSUE_TEMPLATE/dns-request.md") else {
        return;
    };
    let community = Community::at("127.0.0.1:1", DECLARED);
    let form = std::fs::read_to_string(form).expect("the form");
    community.write("request.md", &form);
    let said = community
        .runs("request dns --from request.md")
        .ends(1, "request.md:");
    for field in ["the type of change", "the domain", "the reason"] {
        assert!(said.err.contains(field), "{field}: {}", said.err);
    }
    let json = community.runs("request dns --from request.md --output json");
    assert!(
        json.json()["refused"]
            .as_array()
            .is_some_and(|all| all.len() >= 3)
    );
    let filled = form
        .replace("one of: Create, Delete, Update", "Update")
        .replace("e.g. `k8s.io`", "example.org")
        .replace("35.201.71.162", "192.0.2.1")
        .replace("Example of an update.", "It moves.");
    community.write("request.md", &filled);
    let said = community.runs("request dns --from request.md --write");
    // www is led to by docs, and becomes an alias itself.
    assert_eq!(said.exit, 0, "{said:?}");
    let written = community.text("dns/example.org.yaml");
    assert!(written.contains("some.other.host.com."), "{written}");
}

#[test]
fn an_imported_zone_plans_to_no_change() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    let zone = community.text("zones/example.org.yaml");
    community.git(&["rm", "--quiet", "-r", "zones", "dns"]);
    community.commit("ada", "before there was a zone");
    let imported = community
        .runs("dns import example.org --server primary")
        .ends(0, "docs:");
    community.declare(&imported.out);
    community.write("zones/example.org.yaml", &zone);
    community.commit("ada", "what is there");
    community.runs("plan --detailed-exitcode").ends(0, "");
    community.runs("drift").ends(0, "all is as declared\n");

    community.write("served.zone", SERVED);
    let from_file = community
        .runs("dns import example.org --file served.zone")
        .ends(0, "docs:");
    assert_eq!(from_file.out, imported.out);
    community
        .runs("dns import example.org --file served.zone --out dns/example.org.yaml")
        .ends(1, "cannot be written");
    community
        .runs("dns import example.org --file served.zone --out dns/other.yaml")
        .ends(0, "wrote dns/other.yaml");
    assert_eq!(community.text("dns/other.yaml"), imported.out);
}
