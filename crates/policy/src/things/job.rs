//! Jobs, presets and tabs.

use base::Span;
use jobs::JobItem;
use jobs::item::{PresetItem, TabItem};
use predicate::{Item, Value};

use crate::Subject;

/// A job as it runs.
pub(super) struct JobThing<'e> {
    item: JobItem<'e>,
}

impl<'e> JobThing<'e> {
    pub(super) fn of(item: JobItem<'e>) -> Self {
        Self { item }
    }
}

impl Item for JobThing<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        self.item.get(field)
    }
}

impl Subject for JobThing<'_> {
    fn id(&self) -> &str {
        self.item.id()
    }

    fn name(&self) -> &str {
        &self.item.job().name
    }

    fn subject(&self) -> String {
        self.item.job().subject()
    }

    fn span(&self) -> Span {
        self.item.job().name.span
    }

    fn written(&self, field: &str) -> Option<Span> {
        self.item.place(field)
    }

    fn parent(&self) -> Option<&str> {
        self.item.parent()
    }

    fn owner(&self) -> Option<&str> {
        self.item.owner()
    }

    fn is_flawed(&self) -> bool {
        self.item.is_flawed()
    }
}

/// What a label on a job adds to it.
pub(super) struct PresetThing<'e> {
    item: PresetItem<'e>,
}

impl<'e> PresetThing<'e> {
    pub(super) fn of(item: PresetItem<'e>) -> Self {
        Self { item }
    }
}

impl Item for PresetThing<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        self.item.get(field)
    }
}

impl Subject for PresetThing<'_> {
    fn id(&self) -> &str {
        self.item.id()
    }

    fn name(&self) -> &str {
        self.item.id()
    }

    fn subject(&self) -> String {
        format!("preset/{}", self.item.id())
    }

    fn span(&self) -> Span {
        self.item.place("labels").unwrap_or(self.item.preset().span)
    }

    fn written(&self, field: &str) -> Option<Span> {
        self.item.place(field)
    }

    fn owner(&self) -> Option<&str> {
        None
    }
}

/// A table of results on a dashboard.
pub(super) struct TabThing<'e> {
    item: TabItem<'e>,
}

impl<'e> TabThing<'e> {
    pub(super) fn of(item: TabItem<'e>) -> Self {
        Self { item }
    }
}

impl Item for TabThing<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        self.item.get(field)
    }
}

impl Subject for TabThing<'_> {
    fn id(&self) -> &str {
        self.item.id()
    }

    fn name(&self) -> &str {
        self.item.id()
    }

    fn subject(&self) -> String {
        format!("tab/{}", self.item.id())
    }

    fn span(&self) -> Span {
        self.item.span()
    }

    fn written(&self, field: &str) -> Option<Span> {
        self.item.place(field)
    }

    fn owner(&self) -> Option<&str> {
        None
    }
}
