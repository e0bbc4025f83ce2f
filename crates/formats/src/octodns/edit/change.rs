//! A record that is there comes to hold other values, or lives longer or shorter.

use estate::records::{RecordData, RecordSet};
use yaml::{Node, Value};

use super::page::{
    Found, Page, Splice, awkward, column, content_end, is_flow, is_written_here, line_end,
};
use super::verify::read_record;
use super::{Edit, Obstacle};
use crate::octodns::order::natural;
use crate::octodns::write::{self, Conventions, Form};

/// The keys of a record, and how it is written.
struct Record<'p> {
    page: &'p Page<'p>,
    keys: &'p [(Node, Node)],
    flow: bool,
    /// The column of its keys.
    margin: usize,
}

pub(super) fn splices(
    page: &Page<'_>,
    found: Found<'_>,
    edit: &Edit,
    to: &RecordSet,
    conventions: Conventions,
) -> Result<Vec<Splice>, Obstacle> {
    let entry = &page.entries[found.entry];
    let start = entry.key.span.start as usize;
    let Value::Mapping(keys) = &found.record.value else {
        return Err(awkward(start));
    };
    if !is_written_here(&entry.value, start, page.text) {
        return Err(Obstacle::new(
            start,
            "the record shares what it says with another place",
            "write it out, without anchors, merge keys and includes",
        ));
    }
    let forms = write::values(edit.key.rtype, to, conventions);
    let forms =
        forms.map_err(|reason| Obstacle::new(start, reason, "ask for something octoDNS knows"))?;
    let first = keys
        .first()
        .map_or(start, |(key, _)| key.span.start as usize);
    let record = Record {
        page,
        keys,
        flow: is_flow(found.record, page.text),
        margin: column(page.text, first),
    };
    let mut splices = Vec::new();
    record.ttl(to.ttl, conventions, &mut splices)?;
    let wanted: Vec<(&RecordData, Form)> = to.data().iter().zip(forms).collect();
    record.values(edit, wanted, conventions, &mut splices)?;
    Ok(splices)
}

impl Record<'_> {
    fn ttl(
        &self,
        ttl: u32,
        conventions: Conventions,
        splices: &mut Vec<Splice>,
    ) -> Result<(), Obstacle> {
        if let Some((_, value)) = self.keys.iter().find(|(key, _)| key.text() == Some("ttl")) {
            if value.text() != Some(&ttl.to_string()) {
                splices.push(Splice::new(
                    value.span.start as usize,
                    value.span.end as usize,
                    ttl.to_string(),
                ));
            }
            return Ok(());
        }
        if ttl == conventions.default_ttl {
            return Ok(());
        }
        let names: Vec<&str> = self.keys.iter().filter_map(|(key, _)| key.text()).collect();
        let after = if conventions.enforce_order || names.is_sorted_by(|a, b| natural(a, b).is_le())
        {
            names.iter().rposition(|name| natural(name, "ttl").is_lt())
        } else {
            names.iter().position(|name| *name == "type")
        };
        let Some(after) = after else {
            let Some((key, _)) = self.keys.first() else {
                return Err(awkward(0));
            };
            let at = key.span.start as usize;
            let apart = if self.flow {
                ", ".to_owned()
            } else {
                format!("\n{}", " ".repeat(self.margin))
            };
            splices.push(Splice::new(at, at, format!("ttl: {ttl}{apart}")));
            return Ok(());
        };
        let (key, value) = &self.keys[after];
        let (start, end) = (key.span.start as usize, key.span.end as usize);
        let end = content_end(value, start, end, self.page.text);
        splices.push(if self.flow {
            Splice::new(end, end, format!(", ttl: {ttl}"))
        } else {
            let at = line_end(self.page.text, end);
            Splice::new(at, at, format!("{}ttl: {ttl}\n", " ".repeat(self.margin)))
        });
        Ok(())
    }

    fn values(
        &self,
        edit: &Edit,
        wanted: Vec<(&RecordData, Form)>,
        conventions: Conventions,
        splices: &mut Vec<Splice>,
    ) -> Result<(), Obstacle> {
        let held: Vec<&(Node, Node)> = self
            .keys
            .iter()
            .filter(|(key, _)| matches!(key.text(), Some("value" | "values")))
            .collect();
        let [(key, value)] = held[..] else {
            return Err(awkward(
                self.keys
                    .first()
                    .map_or(0, |(key, _)| key.span.start as usize),
            ));
        };
        let items: Vec<&Node> = match &value.value {
            Value::Sequence(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut missing = wanted;
        let mut kept = vec![false; items.len()];
        for (item, kept) in items.iter().zip(&mut kept) {
            let data = self.data(edit, item, conventions);
            let same = missing
                .iter()
                .position(|(wanted, _)| Some(*wanted) == data.as_ref());
            if let Some(same) = same {
                missing.remove(same);
                *kept = true;
            }
        }
        let missing: Vec<Form> = missing.into_iter().map(|(_, form)| form).collect();
        if missing.is_empty() && kept.iter().all(|kept| *kept) {
            return Ok(());
        }
        match &value.value {
            Value::Sequence(_) if is_flow(value, self.page.text) || self.flow => {
                let text = self.in_brackets(&items, &kept, &missing)?;
                splices.push(Splice::new(
                    value.span.start as usize,
                    value.span.end as usize,
                    text,
                ));
                Ok(())
            }
            Value::Sequence(_) => self.list(&items, &kept, missing, splices),
            _ if missing.len() + usize::from(kept[0]) == 1 => match missing.first() {
                Some(form) => self.replace(value, form, splices),
                None => Ok(()),
            },
            _ => self.one_to_list(key, value, kept[0], missing, splices),
        }
    }

    /// The data that an item of this record stands for, if any.
    fn data(&self, edit: &Edit, item: &Node, conventions: Conventions) -> Option<RecordData> {
        let rtype = edit.key.rtype;
        let keys = vec![
            ("type".to_owned(), Form::Text(rtype.to_string())),
            if rtype.is_single() {
                ("value".to_owned(), Form::of_node(item))
            } else {
                ("values".to_owned(), Form::List(vec![Form::of_node(item)]))
            },
        ];
        let set = read_record(self.page.zone, &edit.key, &Form::Map(keys), conventions).ok()?;
        set.data().first().cloned()
    }

    fn source(&self, node: &Node) -> Result<&str, Obstacle> {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        self.page.text.get(start..end).ok_or_else(|| awkward(start))
    }

    fn in_brackets(
        &self,
        items: &[&Node],
        kept: &[bool],
        missing: &[Form],
    ) -> Result<String, Obstacle> {
        let mut texts = Vec::new();
        for (item, _) in items.iter().zip(kept).filter(|(_, kept)| **kept) {
            texts.push(self.source(item)?.to_owned());
        }
        texts.extend(missing.iter().map(Form::flow));
        Ok(format!("[{}]", texts.join(", ")))
    }

    /// Takes the place of values that go by values that come; what is left over is taken
    /// out or added at the end.
    fn list(
        &self,
        items: &[&Node],
        kept: &[bool],
        missing: Vec<Form>,
        splices: &mut Vec<Splice>,
    ) -> Result<(), Obstacle> {
        let mut coming = missing.into_iter();
        for (item, _) in items.iter().zip(kept).filter(|(_, kept)| !**kept) {
            if let Some(form) = coming.next() {
                self.replace(item, &form, splices)?;
            } else {
                let (line, column) = self.page.dash(item)?;
                let start = self.page.comments_above(line, column);
                splices.push(Splice::new(start, self.page.item_end(item), ""));
            }
        }
        let more: Vec<Form> = coming.collect();
        if let (false, Some(last)) = (more.is_empty(), items.last()) {
            let (_, column) = self.page.dash(last)?;
            let at = self.page.item_end(last);
            splices.push(Splice::new(at, at, Form::List(more).block(column, 0)));
        }
        Ok(())
    }

    fn one_to_list(
        &self,
        key: &Node,
        value: &Node,
        kept: bool,
        missing: Vec<Form>,
        splices: &mut Vec<Splice>,
    ) -> Result<(), Obstacle> {
        let (start, key_end) = (key.span.start as usize, key.span.end as usize);
        let end = content_end(value, start, key_end, self.page.text);
        if self.flow || is_flow(value, self.page.text) {
            let text = self.in_brackets(&[value], &[kept], &missing)?;
            splices.push(Splice::new(start, end, format!("values: {text}")));
            return Ok(());
        }
        let indent = self.page.value_indent();
        let margin = self.margin + indent;
        let first_stays = kept && matches!(value.value, Value::Scalar { .. });
        let (first, more) = match (first_stays, missing.split_first()) {
            (true, _) => (Some(self.source(value)?.to_owned()), &missing[..]),
            (false, Some((first, more))) if !kept => (first.inline(), more),
            _ => (None, &missing[..]),
        };
        if let (Some(first), Value::Scalar { .. }) = (first, &value.value) {
            // What stands behind the value on its line stays there.
            let dash = " ".repeat(margin);
            splices.push(Splice::new(start, end, format!("values:\n{dash}- {first}")));
            let at = line_end(self.page.text, end);
            splices.push(Splice::new(at, at, Form::List(more.to_vec()).lines(margin)));
            return Ok(());
        }
        let mut all = Vec::new();
        if kept {
            all.push(Form::of_node(value));
        }
        all.extend(missing);
        let lines = Form::List(all).lines(margin);
        splices.push(Splice::new(
            start,
            end,
            format!("values:\n{}", lines.trim_end_matches('\n')),
        ));
        Ok(())
    }

    fn replace(&self, node: &Node, form: &Form, splices: &mut Vec<Splice>) -> Result<(), Obstacle> {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        match (&node.value, form) {
            (Value::Scalar { .. }, form) => {
                let quotes = self.source(node)?.starts_with('"');
                let text = match form {
                    Form::Text(text) if quotes => Some(write::double_quoted(text)),
                    form => form.inline().or_else(|| self.flow.then(|| form.flow())),
                };
                let text = text.ok_or_else(|| awkward(start))?;
                splices.push(Splice::new(start, end, text));
            }
            (Value::Mapping(_) | Value::Sequence(_), _) if is_flow(node, self.page.text) => {
                splices.push(Splice::new(start, end, form.flow()));
            }
            (Value::Mapping(old), Form::Map(new)) if same_keys(old, new) => {
                for (key, value) in old {
                    let new = new.iter().find(|(name, _)| key.text() == Some(name));
                    let differs = |form: &Form| !form.says_the_same_as(value);
                    if let Some((_, form)) = new.filter(|(_, form)| differs(form)) {
                        self.replace(value, form, splices)?;
                    }
                }
            }
            (Value::Mapping(_) | Value::Sequence(_), form) => {
                let margin = column(self.page.text, start);
                let until = content_end(node, start, start, self.page.text);
                let lines = form.block(margin, 0);
                let lines = lines.get(margin..).unwrap_or("").trim_end_matches('\n');
                splices.push(Splice::new(start, until, lines));
            }
            _ => return Err(awkward(start)),
        }
        Ok(())
    }
}

fn same_keys(old: &[(Node, Node)], new: &[(String, Form)]) -> bool {
    let has = |name: &str| old.iter().any(|(key, _)| key.text() == Some(name));
    old.len() == new.len() && new.iter().all(|(name, _)| has(name))
}
