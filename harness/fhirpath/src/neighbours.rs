//! A host that knows what one body holds: contained resources, and the entries of a `Bundle`.
//! Not for what lies outside it, which it cannot know.

use crate::element::Element;
use crate::host::{Alone, Host, Resolved};
use plumbline_tree::{Form, Node, Tree};
use std::collections::BTreeMap;

/// Resolves references within one body, whose entries are indexed once.
#[derive(Debug, Clone, Default)]
pub struct Neighbours<'a> {
    by_url: BTreeMap<&'a str, Node<'a>>,
    /// The address of an entry, by where its resource begins in the body.
    urls: BTreeMap<usize, &'a str>,
}

impl<'a> Neighbours<'a> {
    /// Looks at the entries of a `Bundle`; of any other resource nothing but what it contains is known.
    pub fn of(tree: &'a Tree) -> Self {
        let mut all = Self::default();
        for member in tree.root().named("entry") {
            let single = (member.form() != Form::Array).then_some(member);
            for entry in member.items().chain(single) {
                all.add(entry);
            }
        }
        all
    }

    fn add(&mut self, entry: Node<'a>) {
        let url = Element::new(None, Some(entry), None).child_text("fullUrl");
        let resource = entry.get("resource").and_then(|node| match node.form() {
            Form::Element => node.members().next().map(|(_, inside)| inside),
            _ => Some(node),
        });
        if let (Some(url), Some(resource)) = (url, resource) {
            // Of an address that is there twice the first counts.
            self.by_url.entry(url).or_insert(resource);
            self.urls.insert(resource.offset(), url);
        }
    }

    fn at(&self, url: &str) -> Option<Node<'a>> {
        self.by_url.get(url).copied()
    }

    /// A relative reference has the same base as the entry that holds it.
    fn beside(&self, reference: &str, from: Option<Element<'a>>) -> Option<Node<'a>> {
        let own = self.urls.get(&from?.body()?.offset())?;
        let mut parts = own.rsplitn(3, '/');
        let (_id, _of, base) = (parts.next()?, parts.next()?, parts.next()?);
        self.at(&format!("{base}/{reference}"))
    }
}

impl<'a> Host<'a> for Neighbours<'a> {
    fn resolve(&self, reference: &str, from: Option<Element<'a>>) -> Resolved<'a> {
        if reference.starts_with('#') {
            return Alone.resolve(reference, from);
        }
        // A version says which state of the resource is meant, and a fragment which resource in it.
        let (whole, fragment) = match reference.split_once('#') {
            Some((whole, fragment)) => (whole, Some(fragment)),
            None => (reference, None),
        };
        let current = whole.split("/_history/").next().unwrap_or(whole);
        let found = self.at(current).or_else(|| self.beside(current, from));
        match (found, fragment) {
            (Some(node), None) => Resolved::To(Element::new(None, Some(node), None)),
            (Some(node), Some(id)) => {
                let holder = Element::new(None, Some(node), None);
                Alone.resolve(&format!("#{id}"), Some(holder))
            }
            // Such an address means something in its own bundle only.
            (None, _) if current.starts_with("urn:uuid:") => Resolved::Nowhere,
            (None, _) => Resolved::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Environment, EvalError, Expression, Untyped};
    use plumbline_tree::{Limits, Syntax};

    const JSON: &str = r##"{"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"http://example.org/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1","contained":[{"resourceType":"Group","id":"g"}],
            "managingOrganization":{"reference":"Organization/2"},"link":[{"other":{"reference":"urn:uuid:a"}},{"other":{"reference":"urn:uuid:b"}},
            {"other":{"reference":"Patient/9"}},{"other":{"reference":"http://example.org/fhir/Patient/1/_history/3"}},{"other":{"reference":"#g"}}]}},
        {"fullUrl":"http://example.org/fhir/Organization/2","resource":{"resourceType":"Organization","id":"2"}},
        {"fullUrl":"urn:uuid:a","resource":{"resourceType":"Patient","id":"3"}}]}"##;
    const XML: &str = r##"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>
        <entry><fullUrl value="http://example.org/fhir/Patient/1"/><resource><Patient><id value="1"/><contained><Group><id value="g"/></Group></contained>
            <managingOrganization><reference value="Organization/2"/></managingOrganization><link><other><reference value="urn:uuid:a"/></other></link>
            <link><other><reference value="urn:uuid:b"/></other></link><link><other><reference value="Patient/9"/></other></link>
            <link><other><reference value="http://example.org/fhir/Patient/1/_history/3"/></other></link><link><other><reference value="#g"/></other></link></Patient></resource></entry>
        <entry><fullUrl value="http://example.org/fhir/Organization/2"/><resource><Organization><id value="2"/></Organization></resource></entry>
        <entry><fullUrl value="urn:uuid:a"/><resource><Patient><id value="3"/></Patient></resource></entry></Bundle>"##;

    #[test]
    fn references_within_a_bundle_lead_to_its_entries() {
        for (syntax, text) in [(Syntax::Json, JSON), (Syntax::Xml, XML)] {
            let bytes = text.as_bytes().to_vec();
            let tree = Tree::parse_as(syntax, bytes, &Limits::default()).unwrap();
            let neighbours = Neighbours::of(&tree);
            let body = neighbours.at("http://example.org/fhir/Patient/1").unwrap();
            let patient = Element::resource(body, &Untyped);
            for (text, wanted) in [
                ("managingOrganization.resolve().id = '2'", Ok(Some(true))),
                ("link[0].other.resolve().id = '3'", Ok(Some(true))),
                ("link[1].other.resolve().empty()", Ok(Some(true))),
                ("link[3].other.resolve().id = '1'", Ok(Some(true))),
                ("link[4].other.resolve().id = 'g'", Ok(Some(true))),
                (
                    "'http://example.org/fhir/Patient/1#g'.resolve().id = 'g'",
                    Ok(Some(true)),
                ),
                (
                    "'http://example.org/fhir/Patient/1#h'.resolve().empty()",
                    Ok(Some(true)),
                ),
                ("link[2].other.resolve().exists()", Err(())),
            ] {
                let expression = Expression::parse(text).unwrap();
                let environment = Environment::new(&Untyped, &neighbours, patient);
                let found = expression.holds(&environment, patient);
                let found = found.map_err(|it| assert!(matches!(it, EvalError::Unknown { .. })));
                assert_eq!(found, wanted, "{text} in {syntax:?}");
            }
        }
    }
}
