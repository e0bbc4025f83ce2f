//! The files as the reconciler knows them (`groups/reconcile.go` of kubernetes/k8s.io).

use base::{Diagnostic, Spanned};
use estate::Email;
use serde::Serialize;
use yaml::{Decoding, FromYaml, Map, Node, Reading, Shape, Value, reads_as, record};

use crate::codes;

record! {
    /// How the reconciler is set up. Only the two paths matter here; the rest is
    /// how it signs in.
    pub struct Config {
        /// The account it acts as.
        pub bot_id as "bot-id": Option<String>,
        /// Where its key is.
        pub secret_version as "secret-version": Option<String>,
        /// The folder of the groups, relative to this file.
        pub groups_path as "groups-path": Option<Spanned<String>>,
        /// The file of rules, relative to this file.
        pub restrictions_path as "restrictions-path": Option<Spanned<String>>,
    }
}

record! {
    /// A shard.
    pub struct GroupsFile {
        /// The groups it declares.
        pub groups: Vec<GoogleGroup>,
    }
}

record! {
    /// A group.
    pub struct GoogleGroup {
        /// Its address.
        pub email_id as "email-id": Spanned<Email>,
        /// Its name, which is the first part of its address.
        pub name: Option<Spanned<String>>,
        /// What it is for.
        pub description: Option<Spanned<String>>,
        /// Settings of Google Groups, and `ReconcileMembers`.
        pub settings: Map<Setting>,
        /// Who may do everything.
        pub owners: Vec<Spanned<Email>>,
        /// Who may change its membership.
        pub managers: Vec<Spanned<Email>>,
        /// Who receives.
        pub members: Vec<Spanned<Email>>,
    }
}

record! {
    /// What each file may declare.
    pub struct RestrictionsFile {
        /// In the order in which they are asked.
        pub restrictions: Vec<Restriction>,
    }
}

record! {
    /// What the files of a path may declare.
    pub struct Restriction {
        /// A glob over paths below the folder of groups.
        pub path: Spanned<String>,
        /// Patterns of addresses; none at all forbids every group.
        pub allowed_groups as "allowedGroups": Vec<Spanned<String>>,
    }
}

/// A value of a setting, which is always a text.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(super) struct Setting(pub(super) Spanned<String>);

impl FromYaml for Setting {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain } = &node.value else {
            return cx.wrong_type(node, "a quoted text");
        };
        if node.is_null() {
            return cx.wrong_type(node, "a quoted text");
        }
        if *plain && reads_as(text) != Reading::Text {
            let message = format!("the value `{text}` is not quoted");
            let finding = Diagnostic::new(&codes::GROUPS_SETTING_UNQUOTED, node.span, message);
            cx.report(finding.help(format!("write \"{text}\"")));
        }
        Some(Self(Spanned::new(text.clone(), node.span)))
    }

    fn shape() -> Shape {
        Shape::Text
    }
}
