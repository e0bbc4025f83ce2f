//! One definition a record: the struct, its reader, its schema, its reference page.

/// Declares a record: a struct that reads itself from a mapping and describes itself.
///
/// ```
/// yaml::record! {
///     /// A place to meet.
///     pub struct Room {
///         /// How it is called.
///         pub name: String,
///         /// How many fit in.
///         pub seats: u32 = 12,
///         /// Who may open it.
///         pub key_holders as "key-holders": Vec<String>,
///     }
/// }
/// ```
/// A key takes the name of its field unless `as` gives another. A field is
/// required unless it has a default or its type has a value for absence
/// (`Option`, `Vec`, `Map`). The field `source` is legal; no attribute is.
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $doc:literal])+
        $(#[derive($($Derive:ident),+)])?
        pub struct $Name:ident {
            $( $(#[doc = $field_doc:literal])+ pub $field:ident $(as $key:literal)? : $Type:ty $(= $default:expr)? ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, $crate::reexport::Serialize $($(, $Derive)+)?)]
        pub struct $Name {
            $( $(#[doc = $field_doc])+ $(#[serde(rename = $key)])? pub $field: $Type ),*
        }

        impl $crate::FromYaml for $Name {
            fn from_yaml(node: &$crate::Node, cx: &mut $crate::Decoding) -> Option<Self> {
                const KEYS: &[&str] = &[$( $crate::record!(@key $field $($key)?) ),*];
                let entries = $crate::Entries::open(node, KEYS, cx)?;
                $( let $field = $crate::record!(@read entries, cx, $crate::record!(@key $field $($key)?), $Type $(, $default)?); )*
                Some(Self { $( $field: $field? ),* })
            }

            fn shape() -> $crate::Shape {
                $crate::Shape::Record($crate::Record {
                    name: stringify!($Name),
                    doc: concat!($($doc, "\n"),+),
                    fields: || vec![$( $crate::Field {
                        key: $crate::record!(@key $field $($key)?),
                        doc: concat!($($field_doc, "\n"),+),
                        required: $crate::record!(@required $Type $(, $default)?),
                        default: $crate::record!(@default $($default)?),
                        shape: <$Type as $crate::FromYaml>::shape(),
                    } ),*],
                })
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@read $entries:ident, $cx:ident, $key:expr, $Type:ty) => { $entries.read::<$Type>($key, $cx) };
    (@read $entries:ident, $cx:ident, $key:expr, $Type:ty, $default:expr) => {
        Some($entries.read_or::<$Type>($key, $default, $cx))
    };
    (@required $Type:ty) => { <$Type as $crate::FromYaml>::absent().is_none() };
    (@required $Type:ty, $default:expr) => { false };
    (@default) => { None };
    (@default $default:expr) => { Some(stringify!($default)) };
}

/// Declares a choice: an enum that reads itself from one of a set of words.
///
/// ```
/// yaml::choice! {
///     /// How loud.
///     pub enum Volume {
///         /// Nobody hears it.
///         Silent = "silent",
///         /// Everybody does.
///         Loud = "loud",
///     }
/// }
/// assert_eq!(Volume::Loud.to_string(), "loud");
/// ```
///
/// What follows as `otherwise Silent` stands for what is none of the words, which is a finding all the same: what is
/// safe, where the default is not.
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $doc:literal])+
        pub enum $Name:ident { $( $(#[doc = $variant_doc:literal])+ $Variant:ident = $word:literal ),* $(,)? }
        $( otherwise $Otherwise:ident )?
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::reexport::Serialize)]
        pub enum $Name { $( $(#[doc = $variant_doc])+ #[serde(rename = $word)] $Variant ),* }

        impl $Name {
            /// All of them, in the order of their definition.
            pub const ALL: &'static [Self] = &[$( Self::$Variant ),*];

            /// The word it is written as.
            pub fn word(self) -> &'static str {
                match self { $( Self::$Variant => $word ),* }
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl $crate::FromYaml for $Name {
            fn from_yaml(node: &$crate::Node, cx: &mut $crate::Decoding) -> Option<Self> {
                const WORDS: &[&str] = &[$( $word ),*];
                let otherwise: &[Self] = &[$( Self::$Otherwise )?];
                match $crate::Choice::pick(node, WORDS, cx) {
                    Some(at) => Self::ALL.get(at).copied(),
                    None => otherwise.first().copied(),
                }
            }

            fn shape() -> $crate::Shape {
                $crate::Shape::Choice(vec![
                    $( $crate::Choice { word: $word, doc: concat!($($variant_doc, "\n"),+) } ),*
                ])
            }
        }
    };
}
