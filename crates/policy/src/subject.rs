//! Something that predicates are said of.

use base::Span;
use predicate::Item;

/// Something that a policy, a migration or a ratchet is said of.
pub trait Subject: Item + Sync {
    /// What it is called, for ever: no other thing of its kind is called so, and it stays when a
    /// file moves.
    fn id(&self) -> &str;

    /// What people call it.
    fn name(&self) -> &str;

    /// As a finding names it: `kind/name`.
    fn subject(&self) -> String;

    /// Where it stands.
    fn span(&self) -> Span;

    /// Where a field of it is written, or what is within it, as `containers[2].image`; `None`
    /// where nothing stands for it.
    fn written(&self, field: &str) -> Option<Span>;

    /// Where a field of it is written, or else where it stands itself.
    fn place(&self, field: &str) -> Span {
        self.written(field).unwrap_or_else(|| self.span())
    }

    /// The id of the thing that it is a copy of, which answers for it too.
    fn parent(&self) -> Option<&str> {
        None
    }

    /// The group that answers for it, if that is known.
    fn owner(&self) -> Option<&str>;

    /// Whether part of it, or of what it is put together from, could not be read: what it lacks is
    /// not held against it.
    fn is_flawed(&self) -> bool {
        false
    }
}
