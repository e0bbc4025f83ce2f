//! Accounts.

use base::Span;
use estate::kinds::{Account, Holder};
use estate::{Estate, Item as Declared, KindId};
use predicate::{Item, Type, Value, Words};

use super::{TEXTS, declared, distinct, field};
use crate::Subject;

/// What can be said of an account.
pub static ACCOUNT: Words = Words {
    noun: "account",
    fields: &[
        field("name", Type::Text, "What it is called in the estate."),
        field("title", Type::Text, "What people call it."),
        field("provider", Type::Text, "The provider, for example `gcp`."),
        field("id", Type::Text, "What the provider calls it."),
        field(
            "holder",
            Type::Text,
            "Who holds the contract: `community` or `vendor`.",
        ),
        field(
            "vendor",
            Type::Text,
            "The vendor that holds it, where the community does not.",
        ),
        field("owner", Type::Text, "The group that answers for it."),
        field("services", TEXTS, "The services that run at it."),
        field(
            "charged",
            TEXTS,
            "The services whose costs are charged to it.",
        ),
    ],
};

/// A contract with a provider.
pub(super) struct AccountThing<'e> {
    account: &'e Declared<Account>,
    estate: &'e Estate,
    services: Vec<&'e str>,
    charged: Vec<&'e str>,
}

impl<'e> AccountThing<'e> {
    pub(super) fn of(account: &'e Declared<Account>, estate: &'e Estate) -> Self {
        let services = || estate.tables.services.items();
        let is_here = |name| declared(estate, name) == account.name;
        let running = services().filter(|service| {
            service
                .value
                .runs_at
                .iter()
                .any(|place| is_here(&place.account))
        });
        let charged = services().filter(|service| service.value.cost_accounts.iter().any(is_here));
        Self {
            services: distinct(running.map(|service| service.name.as_str())),
            charged: distinct(charged.map(|service| service.name.as_str())),
            account,
            estate,
        }
    }
}

pub(super) fn holder(account: &Account) -> &'static str {
    match account.holder {
        Holder::Community => "community",
        Holder::Vendor => "vendor",
    }
}

impl Item for AccountThing<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let account = &self.account.value;
        match field {
            "name" => (&self.account.name).into(),
            "title" => account.title.as_ref().into(),
            "provider" => (&account.provider).into(),
            "id" => (&account.id).into(),
            "holder" => holder(account).into(),
            "vendor" => account.vendor.as_ref().into(),
            "owner" => self.owner().into(),
            "services" => Value::list(&self.services),
            "charged" => Value::list(&self.charged),
            _ => Value::Missing,
        }
    }
}

impl Subject for AccountThing<'_> {
    fn id(&self) -> &str {
        &self.account.name
    }

    fn name(&self) -> &str {
        &self.account.name
    }

    fn subject(&self) -> String {
        self.account.subject()
    }

    fn span(&self) -> Span {
        self.account.span
    }

    fn written(&self, field: &str) -> Option<Span> {
        match field {
            "owner" => self.account.value.owner.as_ref().map(|owner| owner.span),
            _ => None,
        }
    }

    fn owner(&self) -> Option<&str> {
        let owner = self.account.value.owner.as_ref()?;
        Some(declared(self.estate, owner))
    }

    fn is_flawed(&self) -> bool {
        self.estate
            .tables
            .is_flawed(KindId::Account, &self.account.name)
    }
}
