//! The requirements model of FOCUS, as its project publishes it.

use std::collections::{BTreeMap, BTreeSet};

use base::Severity;
use serde::Deserialize;
use serde_json::Value;

use super::builtin;
use super::defects::{DEFECTS, STATUS, TAGS};
use super::rule::{Check, Rule, Subject};
use crate::Column;

/// The rules of one version of FOCUS.
#[derive(Debug)]
pub struct Model {
    /// The version of FOCUS, for example `1.2`.
    pub version: String,
    pub(super) rules: Vec<Rule>,
}

/// Why a text is no requirements model.
#[derive(Debug, thiserror::Error)]
pub enum NotAModel {
    /// It is no JSON of its form.
    #[error("it is no requirements model of FOCUS: {0}")]
    Form(#[from] serde_json::Error),
    /// A rule has something that is not known: it would be wrong to pass over it.
    #[error("rule {rule} has {what}, which this program does not know")]
    Unknown {
        /// The rule's id.
        rule: String,
        /// What is not known.
        what: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    details: Details,
    model_rules: BTreeMap<String, WrittenRule>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(rename = "FOCUSVersion")]
    version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WrittenRule {
    function: String,
    reference: String,
    status: String,
    #[serde(default)]
    applicability_criteria: Vec<String>,
    r#type: String,
    validation_criteria: WrittenCriteria,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WrittenCriteria {
    must_satisfy: String,
    keyword: String,
    #[serde(default)]
    requirement: Value,
    #[serde(default)]
    condition: Value,
}

impl Model {
    /// Reads the model's JSON.
    ///
    /// # Errors
    /// Says what of it is not known.
    pub fn read(text: &str) -> Result<Self, NotAModel> {
        let written: Written = serde_json::from_str(text)?;
        let around = Around::of(&written.model_rules)?;
        let mut rules = Vec::new();
        for (id, rule) in &written.model_rules {
            if rule.status == "Active" {
                rules.push(around.rule(id, rule)?);
            }
        }
        Ok(Self {
            version: written.details.version,
            rules,
        })
    }
}

/// What composite rules say of those that they are made of.
#[derive(Default)]
struct Around {
    /// On what each depends beyond its own condition.
    conditions: BTreeMap<String, Vec<Check>>,
    /// Those of which one is enough.
    alternatives: BTreeSet<String>,
}

impl Around {
    fn of(rules: &BTreeMap<String, WrittenRule>) -> Result<Self, NotAModel> {
        let mut around = Self::default();
        for (id, rule) in rules
            .iter()
            .filter(|(_, rule)| rule.function == "Composite")
        {
            let criteria = &rule.validation_criteria;
            let condition = match id.as_str() {
                TAGS => None,
                _ => condition(id, &criteria.condition)?,
            };
            let any = criteria.requirement["CheckFunction"] == "OR";
            for part in parts(&criteria.requirement) {
                if let Some(condition) = &condition {
                    around
                        .conditions
                        .entry(part.to_owned())
                        .or_default()
                        .push(condition.clone());
                }
                if any {
                    around.alternatives.insert(part.to_owned());
                }
            }
        }
        Ok(around)
    }

    fn rule(&self, id: &str, written: &WrittenRule) -> Result<Rule, NotAModel> {
        let criteria = &written.validation_criteria;
        let mut conditions = self.conditions.get(id).cloned().unwrap_or_default();
        conditions.extend(condition(id, &criteria.condition)?);
        let defect = DEFECTS
            .iter()
            .find(|defect| defect.rule == id && defect.left_out);
        let subject = match (written.function.as_str(), defect) {
            (_, Some(defect)) => Subject::Defective(defect.why),
            ("Composite", _) => Subject::Parts {
                rules: parts(&criteria.requirement).map(str::to_owned).collect(),
                any: criteria.requirement["CheckFunction"] == "OR",
            },
            _ if written.r#type == "Dynamic" => Subject::Words,
            _ if self.alternatives.contains(id) => Subject::Alternative,
            ("Presence", _) => Subject::Presence,
            _ if id == STATUS => {
                let values = builtin::values(Column::CommitmentDiscountStatus);
                values.map_or(Subject::Words, Subject::Rows)
            }
            _ => match check(id, &criteria.requirement)? {
                Some(requirement) => Subject::Rows(or_null(requirement)),
                None => Subject::Words,
            },
        };
        Ok(Rule {
            id: id.to_owned(),
            column: written.reference.clone(),
            words: criteria.must_satisfy.clone(),
            severity: severity(&criteria.keyword),
            conditional: !written.applicability_criteria.is_empty(),
            conditions,
            subject,
        })
    }
}

/// Lets null pass where one of some values is asked for: whether it may be null, other rules say.
fn or_null(requirement: Check) -> Check {
    let Check::Any(mut checks) = requirement else {
        return requirement;
    };
    let first = checks
        .first()
        .and_then(|check| check.columns().first().map(|&column| column.to_owned()));
    let Some(column) = first else {
        return Check::Any(checks);
    };
    if checks
        .iter()
        .all(|check| matches!(check, Check::Is(of, _, true) if *of == column))
    {
        checks.push(Check::Null(column, true));
    }
    Check::Any(checks)
}

/// MUST is an error, SHOULD a warning, and MAY nothing that could fail.
fn severity(keyword: &str) -> Option<Severity> {
    match keyword {
        "MUST" | "MUST NOT" => Some(Severity::Error),
        "SHOULD" | "SHOULD NOT" | "RECOMMENDED" => Some(Severity::Warning),
        _ => None,
    }
}

/// The rules that a composite one is made of.
fn parts(requirement: &Value) -> impl Iterator<Item = &str> {
    let items = requirement["Items"].as_array().into_iter().flatten();
    items.filter_map(|item| item["ModelRuleId"].as_str())
}

fn condition(rule: &str, written: &Value) -> Result<Option<Check>, NotAModel> {
    check(rule, written)
}

fn check(rule: &str, written: &Value) -> Result<Option<Check>, NotAModel> {
    let Some(function) = written["CheckFunction"].as_str() else {
        return Ok(None);
    };
    let unknown = |what: &str| NotAModel::Unknown {
        rule: rule.to_owned(),
        what: what.to_owned(),
    };
    let name = |key: &str| written[key].as_str().map(str::to_owned);
    // In one rule of 1.2 the column stands under another key.
    let column = || name("ColumnName").or_else(|| name("CheckCondition"));
    let column = || column().ok_or_else(|| unknown("a check without a column"));
    let named = |key: &str| name(key).ok_or_else(|| unknown("a check without its columns"));
    let items = || -> Result<Vec<Check>, NotAModel> {
        let items = written["Items"].as_array().into_iter().flatten();
        let read = items.map(|item| check(rule, item)?.ok_or_else(|| unknown("an empty check")));
        read.collect()
    };
    Ok(Some(match function {
        "AND" => Check::All(items()?),
        "OR" => Check::Any(items()?),
        "CheckValue" => value(column()?, &written["Value"], true)
            .ok_or_else(|| unknown("a value of another kind"))?,
        "CheckNotValue" => value(column()?, &written["Value"], false)
            .ok_or_else(|| unknown("a value of another kind"))?,
        "CheckSameValue" => Check::Same(named("ColumnAName")?, named("ColumnBName")?, true),
        "CheckNotSameValue" => Check::Same(named("ColumnAName")?, named("ColumnBName")?, false),
        "CheckGreaterOrEqualThanValue" if written["Value"] == 0 => Check::NotNegative(column()?),
        "CheckDecimalValue" | "TypeDecimal" | "FormatNumeric" => Check::Number(column()?),
        "TypeDateTime" | "FormatDateTime" => Check::Instant(column()?),
        "TypeString" | "FormatString" => Check::Text(column()?),
        "FormatUnit" => Check::Unit(column()?),
        "FormatKeyValue" => Check::KeyValues(column()?),
        "FormatCurrency" => Check::Currency(column()?),
        "CheckNationalCurrency" => Check::NationalCurrency(column()?),
        "ColumnByColumnEqualsColumnValue" => Check::Product(
            named("ColumnAName")?,
            named("ColumnBName")?,
            named("ResultColumnName")?,
        ),
        "CheckDistinctCount" if written["ExpectedCount"] == 1 => {
            Check::OneOf(named("ColumnAName")?, named("ColumnBName")?)
        }
        other => return Err(unknown(&format!("the check {other}"))),
    }))
}

fn value(column: String, value: &Value, equal: bool) -> Option<Check> {
    Some(match value {
        Value::Null => Check::Null(column, equal),
        Value::String(text) => Check::Is(column, text.clone(), equal),
        Value::Number(number) => Check::IsNumber(column, number.to_string().parse().ok()?, equal),
        _ => return None,
    })
}
