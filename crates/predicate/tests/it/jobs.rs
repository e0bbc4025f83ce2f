//! A kind of item with a field of every type.

use std::collections::BTreeMap;

use base::Decimal;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use predicate::{Field, Item, Predicate, Type, Value, Words};

pub(crate) const TODAY: Date = date(2026, 6, 15);

const fn field(name: &'static str, holds: Type) -> Field {
    Field {
        name,
        holds,
        doc: "",
    }
}

pub(crate) static CONTAINER: Words = Words {
    noun: "container",
    fields: &[
        field("image", Type::Text),
        field("memory", Type::Quantity),
        field("env", Type::Map(&Type::Text)),
    ],
};

static SPEC: Words = Words {
    noun: "spec",
    fields: &[
        field("account", Type::Text),
        field("replicas", Type::Number),
    ],
};

pub(crate) static JOB: Words = Words {
    noun: "job",
    fields: &[
        field("name", Type::Text),
        field("cluster", Type::Text),
        field("path", Type::Text),
        field("owner", Type::Text),
        field("optional", Type::Truth),
        field("runs", Type::Number),
        field("cpu", Type::Quantity),
        field("memory", Type::Quantity),
        field("timeout", Type::Duration),
        field("until", Type::Date),
        field("approvers", Type::List(&Type::Text)),
        field("containers", Type::List(&Type::Item(&CONTAINER))),
        field("labels", Type::Map(&Type::Text)),
        field("spec", Type::Item(&SPEC)),
    ],
};

#[derive(Debug, Clone, Default)]
pub(crate) struct Container {
    pub(crate) image: Option<String>,
    pub(crate) memory: Option<Decimal>,
    pub(crate) env: BTreeMap<String, String>,
}

impl Item for Container {
    fn get(&self, field: &str) -> Value<'_> {
        match field {
            "image" => self.image.as_ref().into(),
            "memory" => self.memory.map_or(Value::Missing, Value::Quantity),
            "env" => Value::Map(&self.env),
            _ => Value::Missing,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Spec {
    pub(crate) account: Option<String>,
    pub(crate) replicas: Option<Decimal>,
}

impl Item for Spec {
    fn get(&self, field: &str) -> Value<'_> {
        match field {
            "account" => self.account.as_ref().into(),
            "replicas" => self.replicas.into(),
            _ => Value::Missing,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Job {
    pub(crate) name: Option<String>,
    pub(crate) cluster: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) optional: Option<bool>,
    pub(crate) runs: Option<Decimal>,
    pub(crate) cpu: Option<Decimal>,
    pub(crate) memory: Option<Decimal>,
    pub(crate) timeout: Option<SignedDuration>,
    pub(crate) until: Option<Date>,
    pub(crate) approvers: Option<Vec<String>>,
    pub(crate) containers: Vec<Container>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) spec: Option<Spec>,
}

impl Item for Job {
    fn get(&self, field: &str) -> Value<'_> {
        match field {
            "name" => self.name.as_ref().into(),
            "cluster" => self.cluster.as_ref().into(),
            "path" => self.path.as_ref().into(),
            "owner" => self.owner.as_ref().into(),
            "optional" => self.optional.into(),
            "runs" => self.runs.into(),
            "cpu" => self.cpu.map_or(Value::Missing, Value::Quantity),
            "memory" => self.memory.map_or(Value::Missing, Value::Quantity),
            "timeout" => self.timeout.into(),
            "until" => self.until.into(),
            "approvers" => match &self.approvers {
                Some(approvers) => Value::list(approvers),
                None => Value::Missing,
            },
            // Made for the question, as an item may that keeps no list of them.
            "containers" => self.containers.iter().map(|c| Value::Item(c)).collect(),
            "labels" => Value::Map(&self.labels),
            "spec" => self
                .spec
                .as_ref()
                .map_or(Value::Missing, |s| Value::Item(s)),
            _ => Value::Missing,
        }
    }
}

/// The job that the tables are about.
pub(crate) fn job() -> Job {
    let text = |text: &str| Some(text.to_owned());
    Job {
        name: text("push-image-main"),
        cluster: text("old"),
        path: text("image-pushing/team/jobs.yaml"),
        owner: None,
        optional: Some(false),
        runs: Some(Decimal::whole(12)),
        cpu: predicate::quantity("7500m"),
        memory: predicate::quantity("27Gi"),
        timeout: predicate::duration("2h30m"),
        until: Some(date(2026, 7, 1)),
        approvers: Some(vec!["ann".to_owned(), "bob".to_owned()]),
        containers: vec![
            Container {
                image: text("registry/tool:v1"),
                memory: predicate::quantity("1Gi"),
                env: BTreeMap::new(),
            },
            Container {
                image: text("registry/tool:latest"),
                memory: None,
                env: BTreeMap::from([("HOME".to_owned(), "/root".to_owned())]),
            },
        ],
        labels: BTreeMap::from([
            ("preset-cache".to_owned(), "true".to_owned()),
            ("team \"x\"".to_owned(), "y".to_owned()),
        ]),
        spec: Some(Spec {
            account: text("registry/tool:v1"),
            replicas: None,
        }),
    }
}

pub(crate) fn parse(text: &str) -> Predicate {
    Predicate::parse(text, &JOB).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}
