//! One type that an element may have, with what its place adds to it. Not for the type itself: types.rs.

use super::facts::Definitions;
use super::rows::TypeUseRow;
use super::shape::Shape;
use super::types::Type;
use std::fmt;

/// A type in the place where it is used.
#[derive(Clone, Copy)]
pub struct TypeUse<'d> {
    definitions: &'d Definitions,
    row: &'d TypeUseRow,
}

impl fmt::Debug for TypeUse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TypeUse({})", self.of().name())
    }
}

impl<'d> TypeUse<'d> {
    pub(super) fn new(definitions: &'d Definitions, row: &'d TypeUseRow) -> Self {
        Self { definitions, row }
    }

    /// The type; its name is what a choice ends with.
    pub fn of(self) -> Type<'d> {
        Type::new(self.definitions, self.row.type_id)
    }

    /// The narrower type that holds in this place, such as `SimpleQuantity`.
    pub fn profile(self) -> Option<Type<'d>> {
        self.row.profile.map(|id| Type::new(self.definitions, id))
    }

    /// The children in this place: those of the profile if there is one, else of the type.
    pub fn shape(self) -> Shape<'d> {
        self.profile().unwrap_or(self.of()).shape()
    }

    /// What a `Reference` or `canonical` may point to; `Resource` stands for every resource,
    /// and none at all means that the specification does not say.
    pub fn targets(self) -> impl ExactSizeIterator<Item = Type<'d>> {
        let definitions = self.definitions;
        let ids = &definitions.tables().targets[self.row.targets.range()];
        ids.iter().map(move |id| Type::new(definitions, *id))
    }

    /// Whether a reference may point to a resource of this type; `None` for a name that is no type.
    pub fn can_point_to(self, name: &str) -> Option<bool> {
        let wanted = self.definitions.type_named(name)?;
        let mut targets = self.targets();
        Some(targets.len() == 0 || targets.any(|target| wanted.is_a(target.name())))
    }
}
