//! Repositories that are checked out for a job.

use predicate::{Elements, Item, Value};

use crate::job::Checkout;

/// The repositories of a job beside its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checkouts<'c>(pub(super) &'c [Checkout]);

struct CheckoutItem<'c>(&'c Checkout);

impl Item for CheckoutItem<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let checkout = self.0;
        match field {
            "organisation" => (&checkout.organisation.value).into(),
            "repository" => (&checkout.repository.value).into(),
            "branch" => checkout.base.as_ref().map(|base| &base.value).into(),
            "auxiliary" => checkout.auxiliary.into(),
            "work_dir" => checkout.work_dir.into(),
            "path_alias" => checkout
                .clone
                .path_alias
                .as_ref()
                .map(|path| &path.value)
                .into(),
            _ => Value::Missing,
        }
    }
}

impl Elements for Checkouts<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn find(&self, wanted: &mut dyn FnMut(Value<'_>) -> bool) -> Option<usize> {
        self.0
            .iter()
            .position(|checkout| wanted(Value::Item(&CheckoutItem(checkout))))
    }
}
