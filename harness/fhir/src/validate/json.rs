//! What only JSON has: arrays, kinds of values, `null`, members with `_`. Not which elements there are.

use super::path::step;
use super::plan::{ChildPlan, Kind};
use super::rules;
use super::walk::{Place, Walk, What};
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
        number: u32,
        child: &ChildPlan<'d>,
        value: Option<Node<'a>>,
        beside: Option<Node<'a>>,
    ) -> u32 {
        if beside.is_none() && !child.has_own_rules() {
            match value {
                // What nearly every member is, without detours.
                Some(value) if !child.repeats && is_single(value) => {
                    self.path.push(number, None);
                    self.value(number, child, value);
                    self.path.pop();
                    return 1;
                }
                Some(array) if child.repeats && is_filled_array(array) => {
                    return self.items(number, child, array);
                }
                _ => {}
            }
        }
        self.unusual_member(number, child, value, beside)
    }

    fn items(&mut self, number: u32, child: &ChildPlan<'d>, array: Node<'a>) -> u32 {
        let mut count = 0;
        for item in array.items() {
            self.path.push(number, Some(count));
            if item.is_null() {
                self.null(item);
            } else {
                self.value(number, child, item);
            }
            self.path.pop();
            count += 1;
        }
        count
    }

    fn unusual_member(
        &mut self,
        number: u32,
        child: &ChildPlan<'d>,
        value: Option<Node<'a>>,
        mut beside: Option<Node<'a>>,
    ) -> u32 {
        let is_primitive = matches!(child.kind, Kind::Primitive(_)) && !child.is_attribute;
        if let Some(node) = beside.filter(|_| !is_primitive) {
            let expected = "no member with _ here";
            let at = step(self.plan, number, None);
            let rule = &rules::JSON_UNDERSCORE;
            self.issue_at(rule, node, Some(at), &[], expected, "one");
            beside = None;
        }
        if value.is_none() && beside.is_none() {
            // It counts as there, so that one mistake is one issue.
            return 1;
        }
        for node in [value, beside].into_iter().flatten() {
            self.brackets(number, node, child.repeats);
        }
        let is_list = is_array(value) || is_array(beside);
        if let (Some(value), Some(beside)) = (value, beside) {
            self.alignment(number, value, beside);
        }
        let mut values = Values::of(value);
        let mut besides = Values::of(beside);
        let mut count: u32 = 0;
        loop {
            let (value, beside) = (values.next(), besides.next());
            let Some(node) = value.or(beside) else {
                return count;
            };
            let index = (child.repeats || is_list).then_some(count);
            self.path.push(number, index);
            self.item(number, child, node, value, beside, is_list);
            self.path.pop();
            count = count.saturating_add(1);
        }
    }

    /// An array where the element repeats, none where it does not, and none that is empty.
    fn brackets(&mut self, number: u32, node: Node<'a>, repeats: bool) {
        let at = Some(step(self.plan, number, None));
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

    /// Two arrays beside each other are of one length.
    fn alignment(&mut self, number: u32, value: Node<'a>, beside: Node<'a>) {
        let are_arrays = value.form() == Form::Array && beside.form() == Form::Array;
        if !are_arrays || value.len() == beside.len() {
            return;
        }
        let at = Some(step(self.plan, number, None));
        let expected = format!("{} items", value.len().max(beside.len()));
        let actual = value.len().min(beside.len()).to_string();
        self.issue_at(&rules::JSON_ALIGN, beside, at, &[], &expected, &actual);
    }

    fn item(
        &mut self,
        number: u32,
        child: &ChildPlan<'d>,
        node: Node<'a>,
        value: Option<Node<'a>>,
        beside: Option<Node<'a>>,
        is_list: bool,
    ) {
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
        if let Some(value) = value_here {
            self.value(number, child, value);
        }
        if child.has_own_rules() {
            let body = beside_here.filter(|it| it.form() == Form::Object);
            self.primitive_invariants(child, value_here, body);
        }
        let Some(beside) = beside_here else {
            return;
        };
        if beside.form() != Form::Object {
            return self.kind(beside, "an object with id or extension");
        }
        let what = if value_here.is_some() {
            What::BesideValue
        } else {
            What::InsteadOfValue
        };
        self.beside = value_here;
        self.body(beside, &Place::of_child(what, number, child));
    }

    /// A value that is not `null`.
    fn value(&mut self, number: u32, child: &ChildPlan<'d>, value: Node<'a>) {
        match child.kind {
            Kind::Primitive(primitive) => self.json_primitive(number, child, primitive, value),
            Kind::Resource => self.inner_resource(child, value),
            _ if value.form() == Form::Object => {
                self.body(value, &Place::of_child(What::Datatype, number, child));
            }
            _ => self.kind(value, "an object"),
        }
    }

    fn null(&mut self, node: Node<'a>) {
        self.issue(
            &rules::JSON_NULL,
            node,
            &[],
            "a value, or no member",
            "null",
        );
    }

    /// A value of the wrong kind.
    pub(super) fn kind(&mut self, node: Node<'a>, expected: &str) {
        let actual = kind_words(node);
        self.issue(
            &rules::JSON_KIND,
            node,
            &[actual, expected],
            expected,
            actual,
        );
    }
}

fn is_filled_array(node: Node<'_>) -> bool {
    node.form() == Form::Array && !node.is_empty()
}

fn is_single(node: Node<'_>) -> bool {
    !matches!(node.form(), Form::Array | Form::Null)
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
