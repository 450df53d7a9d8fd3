//! A resource that was made wrong, in XML. Not for what XML cannot express: null, an empty array, a value of another
//! kind of JSON; and not by the converter of the library, which refuses what it does not know.

use super::body::Body;
use plumbline_fhir::{Child, Definitions, Shape, Type, TypeUse};
use std::fmt::Write as _;

/// The resource in XML. `None` if XML has no way to say it.
pub fn xml(body: &Body, definitions: &'static Definitions) -> Option<String> {
    let mut out = String::new();
    Writer {
        definitions,
        out: &mut out,
    }
    .resource(body, " xmlns=\"http://hl7.org/fhir\"")?;
    Some(out)
}

struct Writer<'o> {
    definitions: &'static Definitions,
    out: &'o mut String,
}

/// A member with what stands beside it under the same name with `_`.
type Member<'b> = (&'b str, Option<&'b Body>, Option<&'b Body>);

impl Writer<'_> {
    fn resource(&mut self, body: &Body, space: &str) -> Option<()> {
        let of = body.text_of("resourceType")?;
        let shape = self.definitions.resource(of)?.shape();
        let _ = write!(self.out, "<{of}{space}");
        self.odd_attributes(body);
        self.out.push('>');
        self.children(body, Some(shape), |name| name == "resourceType")?;
        let _ = write!(self.out, "</{of}>");
        Some(())
    }

    /// The children of an object, in the order of the definition, but for those that are written elsewhere.
    fn children(
        &mut self,
        body: &Body,
        shape: Option<Shape<'static>>,
        is_elsewhere: impl Fn(&str) -> bool,
    ) -> Option<()> {
        let mut members: Vec<Member<'_>> = Vec::new();
        for (name, value) in body.members() {
            if is_elsewhere(name) || name.starts_with(['@', '#']) {
                continue;
            }
            let Some(bare) = name.strip_prefix('_') else {
                members.push((name, Some(value), body.get(&format!("_{name}"))));
                continue;
            };
            if body.get(bare).is_none() {
                members.push((bare, None, Some(value)));
            }
        }
        members.sort_by_key(|(name, ..)| place(shape, name));
        if body.get("#order").is_some() {
            members.reverse();
        }
        self.out.push_str(body.text_of("#text").unwrap_or_default());
        for member in members {
            self.member(member, shape)?;
        }
        Some(())
    }

    fn member(
        &mut self,
        (name, value, beside): Member<'_>,
        shape: Option<Shape<'static>>,
    ) -> Option<()> {
        let child = shape.and_then(|it| it.child(name));
        let is_repeating = child.is_some_and(|it| it.element().is_repeating());
        let number = |it: Option<&Body>| match it {
            Some(Body::Array(items)) => items.len(),
            Some(Body::Object(_) | Body::Text(_) | Body::Raw(_)) => 1,
            None => 0,
        };
        let is_array = |it: Option<&Body>| matches!(it, Some(Body::Array(_)));
        if value.is_some() && beside.is_some() && is_array(value) != is_array(beside) {
            return None;
        }
        let is_list = is_array(value) || is_array(beside);
        let is_empty = is_array(value) && number(value) == 0;
        // One that is no array, where an array must be, is as right as any in XML.
        if is_empty || is_repeating && !is_list {
            return None;
        }
        let part = |it: Option<&Body>, at: usize| match it {
            Some(Body::Array(items)) => items.get(at).cloned(),
            Some(one @ (Body::Object(_) | Body::Text(_) | Body::Raw(_))) if at == 0 => {
                Some(one.clone())
            }
            Some(Body::Object(_) | Body::Text(_) | Body::Raw(_)) | None => None,
        };
        for at in 0..number(value).max(number(beside)) {
            let is_there = |it: &Body| !matches!(it, Body::Raw(text) if text == "null");
            let own = part(value, at).filter(is_there);
            let beside = part(beside, at).filter(is_there);
            self.element(name, own.as_ref(), beside.as_ref(), child)?;
        }
        Some(())
    }

    fn element(
        &mut self,
        name: &str,
        value: Option<&Body>,
        beside: Option<&Body>,
        child: Option<Child<'static>>,
    ) -> Option<()> {
        let is_beside = |it: &Body| matches!(it, Body::Object(members) if !members.is_empty());
        let is_primitive = !matches!(value, Some(Body::Object(_)));
        if beside.is_some_and(|it| !is_primitive || !is_beside(it)) {
            return None;
        }
        let of = child.and_then(Child::type_use).map(TypeUse::of);
        let shape = child.and_then(Child::shape);
        match value {
            Some(Body::Object(_)) if of.is_some_and(Type::is_primitive) => None,
            Some(body @ Body::Object(_)) if of.is_some_and(Type::is_resource) => {
                let _ = write!(self.out, "<{name}>");
                self.resource(body, "")?;
                let _ = write!(self.out, "</{name}>");
                Some(())
            }
            Some(body @ Body::Object(_)) => self.object(name, body, None, shape),
            Some(Body::Text(text)) if of.is_some_and(|it| it.name() == "xhtml") => {
                text.starts_with('<').then(|| self.out.push_str(text))
            }
            Some(Body::Text(text)) => {
                let is_other = of.is_some_and(|it| !it.is_primitive() || is_bare(it.name()));
                (!is_other).then_some(())?;
                self.object(name, beside.unwrap_or(&Body::object([])), Some(text), shape)
            }
            Some(Body::Raw(text)) => {
                let is_other = of.is_some_and(|it| !it.is_primitive() || !is_bare(it.name()));
                (!is_other).then_some(())?;
                self.object(name, beside.unwrap_or(&Body::object([])), Some(text), shape)
            }
            Some(Body::Array(_)) => None,
            None => self.object(name, beside?, None, shape),
        }
    }

    /// An element with its attributes and what is in it.
    fn object(
        &mut self,
        name: &str,
        body: &Body,
        value: Option<&str>,
        shape: Option<Shape<'static>>,
    ) -> Option<()> {
        let _ = write!(self.out, "<{name}");
        let is_extension = matches!(name, "extension" | "modifierExtension");
        let as_attribute = |it: &str| it == "id" || it == "url" && is_extension;
        for (name, own) in body.members() {
            if as_attribute(name) {
                self.attribute(name, own.as_text()?);
            }
            // An attribute has nothing beside it.
            if name.strip_prefix('_').is_some_and(as_attribute) {
                return None;
            }
        }
        self.odd_attributes(body);
        if let Some(text) = value {
            self.attribute("value", text);
        }
        self.out.push('>');
        self.children(body, shape, as_attribute)?;
        let _ = write!(self.out, "</{name}>");
        Some(())
    }

    /// Attributes that no definition has.
    fn odd_attributes(&mut self, body: &Body) {
        for (name, own) in body.members() {
            if let (Some(name), Some(text)) = (name.strip_prefix('@'), own.as_text()) {
                self.attribute(name, text);
            }
        }
    }

    fn attribute(&mut self, name: &str, text: &str) {
        let _ = write!(self.out, " {name}=\"");
        for letter in text.chars() {
            match letter {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '"' => self.out.push_str("&quot;"),
                '\n' => self.out.push_str("&#10;"),
                '\r' => self.out.push_str("&#13;"),
                '\t' => self.out.push_str("&#9;"),
                other => self.out.push(other),
            }
        }
        self.out.push('"');
    }
}

/// Where a definition has an element; what it does not have comes last.
fn place(shape: Option<Shape<'static>>, name: &str) -> usize {
    let element = shape.and_then(|it| it.child(name)).map(Child::element);
    let found = element.and_then(|element| shape?.children().position(|it| it == element));
    found.unwrap_or(usize::MAX)
}

/// Types that JSON writes without quotes.
fn is_bare(of: &str) -> bool {
    let all = [
        "boolean",
        "integer",
        "decimal",
        "positiveInt",
        "unsignedInt",
    ];
    all.contains(&of)
}
