//! What shows that a move is not over.

use charter::{Charter, Told};
use migration::completeness::{Completeness, Ground, Paid};
use policy::Things;

use crate::support::{TODAY, away, estate, service, standing};

#[test]
fn all_that_binds_to_the_vendor_is_found() {
    let needs = "depends_on: [{service: mail, how: credential}]\n";
    let estate = estate(&[
        (
            "migrations/away.yaml",
            &away("vendor_names: [giant, giant.example]\n"),
        ),
        (
            "services/mail.yaml",
            &service("web", &["old"], "source: [{repository: giant/mail}]\n"),
        ),
        ("services/site.yaml", &service("web", &["new"], needs)),
        (
            "mailing-groups/alerts.yaml",
            "email: alerts@club.example\nowners: [ada@giant.example, bo@club.example]\n",
        ),
        ("people/cy.yaml", "name: Cy\nemail: cy@eng.giant.example\n"),
        (
            "people/dee.yaml",
            "name: Dee\nemail: dee@giantgroups.example\n",
        ),
    ]);
    let (charter, _) = Charter::of(&estate);
    let standings = [standing(&estate, None)];
    let findings = charter::check_told(&estate, &charter, TODAY, &Told::default());
    let things = Things::of(&estate, None).on(TODAY);
    let paid = [Paid {
        account: "old".to_owned(),
        month: base::Month::of(TODAY),
        gross: base::Decimal::whole(12),
        currency: base::Currency::USD,
    }];
    let found = Completeness::of(&Ground {
        estate: &estate,
        charter: &charter,
        things: &things,
        standings: &standings,
        findings: &findings,
        paid: Some(&paid),
        months: &[],
        today: TODAY,
    });
    let identities: Vec<(&str, &str)> = found
        .identities
        .iter()
        .map(|one| (one.address.as_str(), one.place_in.as_str()))
        .collect();
    assert_eq!(
        identities,
        [
            ("ada@giant.example", "owner of mailing-group/alerts"),
            ("cy@eng.giant.example", "address of person/cy"),
        ]
    );
    let named: Vec<(&str, &str, usize)> = found
        .names
        .iter()
        .map(|one| (one.name.as_str(), one.path.as_str(), one.places.len()))
        .collect();
    assert_eq!(
        named,
        [
            ("giant", "accounts/old.yaml", 1),
            ("giant", "mailing-groups/alerts.yaml", 1),
            ("giant", "services/mail.yaml", 1),
            ("giant.example", "mailing-groups/alerts.yaml", 1),
        ]
    );
    let credentials: Vec<(&str, usize)> = found
        .credentials
        .iter()
        .map(|one| (one.name.as_str(), one.users))
        .collect();
    assert_eq!(credentials, [("mail", 1)]);
    assert_eq!(found.stuck.len(), 1);
    assert!(
        found.stuck[0].why.contains("Giant"),
        "{}",
        found.stuck[0].why
    );
    let fragile: Vec<&str> = found
        .fragile
        .iter()
        .map(|one| one.service.as_str())
        .collect();
    assert_eq!(fragile, ["mail", "site"]);

    let sections = found.sections(&estate.sources);
    let text = document::text(&found.title(), &found.headline(), &sections);
    assert!(
        text.contains("1 thing is left to move in 1 migration."),
        "{text}"
    );
    assert!(text.contains("$12.00"), "{text}");
    let page = document::html(&found.title(), &found.headline(), &sections);
    let tables = page.matches("<table>").count();
    assert_eq!(
        page.matches("<caption>").count(),
        tables,
        "each table has its caption"
    );
    assert!(tables >= 6 && !page.contains("<script"), "{tables}");
}
