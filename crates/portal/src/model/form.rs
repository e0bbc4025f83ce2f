//! What one can send.

use super::Link;

/// A form. What hinders a request from elsewhere is added where it is printed.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// What it does, above it.
    pub title: String,
    /// What one should know before.
    pub about: String,
    /// Where it goes, a path of the portal.
    pub action: String,
    /// Whether it only asks (`GET`); it changes something otherwise (`POST`).
    pub asks: bool,
    /// The fields.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: String,
    /// What else one could do.
    pub beside: Option<Link>,
    /// What was wrong with it as a whole.
    pub problem: Option<String>,
    /// Whether it may be sent by whoever did not sign in; a voter who is not to be known must not.
    pub anonymous: bool,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in what is sent.
    pub name: String,
    /// What it asks.
    pub label: String,
    /// What helps to answer.
    pub help: String,
    /// What is in it.
    pub value: String,
    /// How it is answered.
    pub kind: FieldKind,
    /// Whether it must be answered.
    pub required: bool,
    /// What was wrong with it.
    pub problem: Option<String>,
}

/// How a field is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// In a line.
    Line,
    /// In several lines.
    Lines,
    /// With a number.
    Number,
    /// With a day.
    Day,
    /// With one of these: what is sent, and what is read.
    Choice(Vec<(String, String)>),
    /// With yes or no.
    Tick,
    /// Not at all: it is sent as it is.
    Hidden,
    /// With something to paste, monospaced: a signature, a token.
    Paste,
}

impl Field {
    /// A field that must be answered in a line.
    pub fn line(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: String::new(),
            value: String::new(),
            kind: FieldKind::Line,
            required: true,
            problem: None,
        }
    }

    /// A field that nobody sees.
    pub fn hidden(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            kind: FieldKind::Hidden,
            required: false,
            ..Self::line(name, "")
        }
    }

    /// The same with other answers.
    pub fn kind(self, kind: FieldKind) -> Self {
        Self { kind, ..self }
    }

    /// The same with help.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: help.into(),
            ..self
        }
    }
}
