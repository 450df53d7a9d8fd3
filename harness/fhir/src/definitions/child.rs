//! A child as an instance names it: the element, its place in the order, and the type of a choice.
//! Not for the element itself: element.rs.

use super::element::Element;
use super::shape::Shape;
use super::type_use::TypeUse;

/// What [`Shape::child`] finds.
#[derive(Debug, Clone, Copy)]
pub struct Child<'d> {
    element: Element<'d>,
    position: usize,
    chosen: Option<TypeUse<'d>>,
}

impl<'d> Child<'d> {
    pub(super) fn new(element: Element<'d>, position: usize, chosen: Option<TypeUse<'d>>) -> Self {
        Self {
            element,
            position,
            chosen,
        }
    }

    /// The element.
    pub fn element(self) -> Element<'d> {
        self.element
    }

    /// Its place in [`Shape::children`], from 0: in XML children stand in this order.
    pub fn position(self) -> usize {
        self.position
    }

    /// Its type: of a choice the one that its name gives. `None` only for a choice named with `[x]`,
    /// which no instance does.
    pub fn type_use(self) -> Option<TypeUse<'d>> {
        self.chosen.or_else(|| self.element.sole_type())
    }

    /// Its children. Of an element of type `Resource`, such as `contained`, those of `Resource`:
    /// the instance says which resource it is. `None` only where [`Child::type_use`] is.
    pub fn shape(self) -> Option<Shape<'d>> {
        let inline = self.element.inline_shape();
        inline.or_else(|| self.type_use().map(TypeUse::shape))
    }
}
