//! What only JSON has: arrays, kinds of values, `null`, members with `_`. Not which elements there are.

use super::rules;
use super::walk::{Place, Walk, What, step};
use crate::definitions::Child;
use plumbline_tree::{Form, Items, Node};

/// The items of an array, or one value.
enum Values<'a> {
    One(Option<Node<'a>>),
    Many(Items<'a>),
}

impl<'a> Values<'a> {
    fn of(node: Option<Node<'a>>) -> Self {
        match node {
            Some(node) if node.form() == Form::Array => Self::Many(node.items()),
            other => Self::One(other),
        }
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        match self {
            Self::One(node) => node.take(),
            Self::Many(items) => items.next(),
        }
    }
}

fn is_array(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| node.form() == Form::Array)
}

impl<'a, 'd> Walk<'a, 'd> {
    /// Walks into a member and the one beside it. Says how many elements that is.
    pub(super) fn member(
        &mut self,
        child: Child<'d>,
        value: Option<Node<'a>>,
        beside: Option<Node<'a>>,
    ) -> u32 {
        let repeats = child.element().is_repeating();
        let is_primitive = child
            .type_use()
            .is_some_and(|it| it.of().is_primitive() && !child.element().is_attribute());
        let beside = match beside {
            Some(beside) if !is_primitive => {
                let expected = "no member with _ here";
                let at = step(child, None);
                self.issue_at(
                    &rules::JSON_UNDERSCORE,
                    beside,
                    Some(at),
                    &[],
                    expected,
                    "one",
                );
                None
            }
            other => other,
        };
        if value.is_none() && beside.is_none() {
            // It counts as there, so that one mistake is one issue.
            return 1;
        }
        for node in [value, beside].into_iter().flatten() {
            self.brackets(child, node, repeats);
        }
        let is_list = is_array(value) || is_array(beside);
        if let (Some(value), Some(beside)) = (value, beside)
            && is_array(Some(value))
            && is_array(Some(beside))
            && value.len() != beside.len()
        {
            let at = step(child, None);
            let expected = format!("{} items", value.len().max(beside.len()));
            let actual = value.len().min(beside.len()).to_string();
            self.issue_at(&rules::JSON_ALIGN, beside, Some(at), &[], &expected, &actual);
        }
        let mut values = Values::of(value);
        let mut besides = Values::of(beside);
        let mut count: u32 = 0;
        loop {
            let pair = (values.next(), besides.next());
            let Some(node) = pair.0.or(pair.1) else {
                return count;
            };
            let index = (repeats || is_list).then_some(count as usize);
            self.path.push(step(child, index));
            self.item(child, node, pair.0, pair.1, is_list);
            self.path.pop();
            count = count.saturating_add(1);
        }
    }

    /// An array where the element repeats, none where it does not, and none that is empty.
    fn brackets(&mut self, child: Child<'d>, node: Node<'a>, repeats: bool) {
        let at = Some(step(child, None));
        if node.form() != Form::Array {
            if repeats && !node.is_null() {
                let actual = kind_words(node);
                self.issue_at(&rules::JSON_NOT_ARRAY, node, at, &[], "an array", actual);
            }
        } else if node.is_empty() {
            let expected = "at least one item, or no member";
            let actual = "an empty array";
            self.issue_at(&rules::JSON_EMPTY_ARRAY, node, at, &[], expected, actual);
        } else if !repeats && node.len() == 1 {
            // With more items than one it is too many of them.
            self.issue_at(&rules::JSON_ARRAY, node, at, &[], "no array", "an array");
        }
    }

    fn item(
        &mut self,
        child: Child<'d>,
        node: Node<'a>,
        value: Option<Node<'a>>,
        beside: Option<Node<'a>>,
        is_list: bool,
    ) {
        let Some(type_use) = child.type_use() else {
            return;
        };
        let of = type_use.of();
        let value_here = value.filter(|node| !node.is_null());
        let beside_here = beside.filter(|node| !node.is_null());
        if value_here.is_none() && beside_here.is_none() {
            return self.null(node);
        }
        // Outside arrays no null is needed to keep a place.
        for null in [value, beside].into_iter().flatten() {
            if null.is_null() && !is_list {
                self.null(null);
            }
        }
        if !of.is_primitive() {
            if let Some(value) = value_here {
                self.complex(child, value);
            }
            return;
        }
        if let Some(value) = value_here {
            self.json_primitive(child, of, value);
        }
        if let Some(beside) = beside_here {
            if beside.form() != Form::Object {
                let expected = "an object with id or extension";
                return self.kind(beside, expected);
            }
            let place = Place {
                what: if value_here.is_some() {
                    What::BesideValue
                } else {
                    What::InsteadOfValue
                },
                of,
                shape: of.shape(),
                child: Some(child),
            };
            self.body(beside, &place);
        }
    }

    fn complex(&mut self, child: Child<'d>, value: Node<'a>) {
        let (Some(type_use), Some(shape)) = (child.type_use(), child.shape()) else {
            return;
        };
        let of = type_use.of();
        if of.name() == "Resource" {
            return self.inner_resource(child, value);
        }
        if value.form() != Form::Object {
            return self.kind(value, "an object");
        }
        let place = Place {
            what: What::Datatype,
            of,
            shape,
            child: Some(child),
        };
        self.body(value, &place);
    }

    fn null(&mut self, node: Node<'a>) {
        self.issue(&rules::JSON_NULL, node, &[], "a value, or no member", "null");
    }

    /// A value of the wrong kind.
    pub(super) fn kind(&mut self, node: Node<'a>, expected: &str) {
        let actual = kind_words(node);
        self.issue(&rules::JSON_KIND, node, &[actual, expected], expected, actual);
    }
}

/// The kind of a value in words.
pub(super) fn kind_words(node: Node<'_>) -> &'static str {
    match node.form() {
        Form::Null => "null",
        Form::Bool => "true or false",
        Form::Number => "a number",
        Form::String => "a string",
        Form::Array => "an array",
        Form::Object => "an object",
        Form::Element => "an element",
        Form::Attribute => "an attribute",
        Form::Text => "text",
    }
}
