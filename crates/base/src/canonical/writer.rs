//! Writes values as canonical JSON in one pass, into one buffer.

use std::cmp::Ordering;
use std::fmt::Display;
use std::io::Write;
use std::ops::Range;

use serde::Serialize;
use serde::ser::{
    Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

/// The largest integer that a double holds with all below it. Canonical JSON knows no other
/// numbers than doubles (RFC 8785 §3.2.2.3).
const LARGEST_EXACT: u64 = (1 << 53) - 1;
const LARGEST_EXACT_128: u128 = LARGEST_EXACT as u128;

/// The text so far.
#[derive(Debug, Default)]
pub(super) struct Writer {
    out: Vec<u8>,
    /// Where nothing may be lost: how many levels deep it may be.
    within: Option<usize>,
    /// How many lists and objects are open.
    depth: usize,
    /// The fields of all objects that are open, those of the innermost last.
    fields: Vec<Field>,
    /// Where fields are put in order, kept for the next object.
    sorted: Vec<u8>,
}

/// A field of an object, by its places in the text.
#[derive(Debug)]
struct Field {
    /// The key without its quotes.
    key: Range<usize>,
    /// The key as it is meant, where it has escapes.
    unescaped: Option<String>,
    /// Key and value.
    whole: Range<usize>,
}

impl Writer {
    /// Of values that lose nothing, at most so many levels deep.
    pub(super) fn within(depth: usize) -> Self {
        Self {
            within: Some(depth),
            ..Self::default()
        }
    }

    pub(super) fn into_text(self) -> Result<String, Error> {
        String::from_utf8(self.out).map_err(Error::custom)
    }

    fn number(&mut self, number: f64) -> Result<(), Error> {
        if !number.is_finite() {
            let what = format!("{number} is no number of JSON");
            return Err(Error::custom(what));
        }
        let mut buffer = ryu_js::Buffer::new();
        let text = buffer.format_finite(number);
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn integer(&mut self, integer: impl Display) -> Result<(), Error> {
        write!(self.out, "{integer}").map_err(Error::io)
    }

    /// An integer that a double may not hold.
    fn large(&mut self, integer: impl Display, double: f64) -> Result<(), Error> {
        if self.within.is_some() {
            let what = format!(
                "the integer {integer} in it is beyond 2^53 - 1, where JSON's readers differ: write it as a text"
            );
            return Err(Error::custom(what));
        }
        self.number(double)
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        // JSON's shortest escapes are those that RFC 8785 §3.2.2.2 wants.
        serde_json::to_writer(&mut self.out, text)
    }

    /// Writes a key with its quotes, and says where it is without them.
    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<Range<usize>, Error> {
        let start = self.out.len();
        key.serialize(&mut *self)?;
        match self.out.get(start) {
            Some(b'"') => {}
            // Numbers and truth values are keys by their texts, as serde_json has it.
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => {
                self.out.insert(start, b'"');
                self.out.push(b'"');
            }
            _ => return Err(Error::custom("a key is no text")),
        }
        Ok(start + 1..self.out.len() - 1)
    }

    fn open(&mut self, bracket: u8) -> Result<(), Error> {
        self.depth += 1;
        if let Some(most) = self.within.filter(|most| self.depth > *most) {
            let what = format!("nested deeper than {most} levels");
            return Err(Error::custom(what));
        }
        self.out.push(bracket);
        Ok(())
    }

    /// With the brackets of as many lists and objects.
    fn close(&mut self, brackets: &[u8]) {
        self.depth -= brackets.len();
        self.out.extend_from_slice(brackets);
    }
}

impl Field {
    fn key<'t>(&'t self, out: &'t [u8]) -> &'t str {
        let written = || std::str::from_utf8(&out[self.key.clone()]).unwrap_or_default();
        self.unescaped.as_deref().unwrap_or_else(written)
    }
}

/// By UTF-16 code units (RFC 8785 §3.2.3). Only beyond the first plane is that another order
/// than the one of the bytes.
fn order(one: &str, other: &str) -> Ordering {
    if one.is_ascii() || other.is_ascii() {
        one.cmp(other)
    } else {
        one.encode_utf16().cmp(other.encode_utf16())
    }
}

/// An array or object that is open.
pub(super) struct Open<'w> {
    writer: &'w mut Writer,
    /// Where it starts in the text, behind its bracket.
    start: usize,
    /// Where its fields start in [`Writer::fields`].
    fields: usize,
    /// The key that waits for its value.
    key: Range<usize>,
    /// What ends it.
    end: &'static [u8],
}

impl<'w> Open<'w> {
    fn new(writer: &'w mut Writer, bracket: u8, end: &'static [u8]) -> Result<Self, Error> {
        writer.open(bracket)?;
        Ok(Self {
            start: writer.out.len(),
            fields: writer.fields.len(),
            key: 0..0,
            writer,
            end,
        })
    }

    /// The value of the only key of an object: a variant of an enumeration.
    fn variant(
        writer: &'w mut Writer,
        variant: &'static str,
        bracket: u8,
        end: &'static [u8],
    ) -> Result<Self, Error> {
        writer.open(b'{')?;
        writer.text(variant)?;
        writer.out.push(b':');
        Self::new(writer, bracket, end)
    }

    fn separate(&mut self) {
        if self.writer.out.len() > self.start {
            self.writer.out.push(b',');
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.separate();
        value.serialize(&mut *self.writer)
    }

    fn field_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.separate();
        self.key = self.writer.key(key)?;
        self.writer.out.push(b':');
        Ok(())
    }

    fn field_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.clone();
        value.serialize(&mut *self.writer)?;
        let Writer { out, fields, .. } = &mut *self.writer;
        let whole = key.start - 1..out.len();
        let unescaped = if out[key.clone()].contains(&b'\\') {
            Some(serde_json::from_slice(&out[key.start - 1..=key.end])?)
        } else {
            None
        };
        fields.push(Field {
            key,
            unescaped,
            whole,
        });
        Ok(())
    }

    fn close(self) {
        self.writer.close(self.end);
    }

    /// Puts the fields in their order.
    fn close_object(self) -> Result<(), Error> {
        let Writer {
            out,
            fields,
            sorted,
            ..
        } = &mut *self.writer;
        let own = &mut fields[self.fields..];
        let by_key = |a: &Field, b: &Field| order(a.key(out), b.key(out));
        if !own.is_sorted_by(|a, b| by_key(a, b).is_lt()) {
            own.sort_unstable_by(by_key);
            if let Some(twice) = own.windows(2).find(|two| by_key(&two[0], &two[1]).is_eq()) {
                let what = format!("the key {:?} is there twice", twice[0].key(out));
                return Err(Error::custom(what));
            }
            sorted.clear();
            for field in own {
                if !sorted.is_empty() {
                    sorted.push(b',');
                }
                sorted.extend_from_slice(&out[field.whole.clone()]);
            }
            out[self.start..].copy_from_slice(sorted);
        }
        fields.truncate(self.fields);
        self.close();
        Ok(())
    }
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Open<'w>;
    type SerializeTuple = Open<'w>;
    type SerializeTupleStruct = Open<'w>;
    type SerializeTupleVariant = Open<'w>;
    type SerializeMap = Open<'w>;
    type SerializeStruct = Open<'w>;
    type SerializeStructVariant = Open<'w>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        let text: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.integer(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.integer(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.integer(value)
    }

    #[expect(clippy::cast_precision_loss, reason = "canonical JSON loses it")]
    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        match value.unsigned_abs() {
            0..=LARGEST_EXACT => self.integer(value),
            _ => self.large(value, value as f64),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "canonical JSON loses it")]
    fn serialize_i128(self, value: i128) -> Result<(), Error> {
        match value.unsigned_abs() {
            0..=LARGEST_EXACT_128 => self.integer(value),
            _ => self.large(value, value as f64),
        }
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.integer(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.integer(value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.integer(value)
    }

    #[expect(clippy::cast_precision_loss, reason = "canonical JSON loses it")]
    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        match value {
            0..=LARGEST_EXACT => self.integer(value),
            _ => self.large(value, value as f64),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "canonical JSON loses it")]
    fn serialize_u128(self, value: u128) -> Result<(), Error> {
        match value {
            0..=LARGEST_EXACT_128 => self.integer(value),
            _ => self.large(value, value as f64),
        }
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.number(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.open(b'{')?;
        self.text(variant)?;
        self.out.push(b':');
        value.serialize(&mut *self)?;
        self.close(b"}");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'w>, Error> {
        Open::new(self, b'[', b"]")
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'w>, Error> {
        Open::new(self, b'[', b"]")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'w>, Error> {
        Open::new(self, b'[', b"]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'w>, Error> {
        Open::variant(self, variant, b'[', b"]}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'w>, Error> {
        Open::new(self, b'{', b"}")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'w>, Error> {
        Open::new(self, b'{', b"}")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'w>, Error> {
        Open::variant(self, variant, b'{', b"}}")
    }
}

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.field_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.field_value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close_object()
    }
}

/// The other collections differ in the name of the method only.
macro_rules! collections {
    (of items: $($items:ident :: $item:ident),*; of fields: $($objects:ident),*) => {
        $(impl $items for Open<'_> {
            type Ok = ();
            type Error = Error;

            fn $item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        })*
        $(impl $objects for Open<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.field_key(key)?;
                self.field_value(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close_object()
            }
        })*
    };
}

collections! {
    of items:
        SerializeSeq::serialize_element,
        SerializeTuple::serialize_element,
        SerializeTupleStruct::serialize_field,
        SerializeTupleVariant::serialize_field;
    of fields: SerializeStruct, SerializeStructVariant
}
