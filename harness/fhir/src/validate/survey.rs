//! What the walk passes that others judge further: resources, extensions and references, in document order.
//! Not the judging of them; a validation that does not ask for it does nothing here.

use super::key::NONE;
use super::path::written;
use super::plan::{ChildPlan, Kind, Plan, ResourcePlan};
use super::walk::{Place, Walk, What};
use super::with_plan;
use crate::definitions::Definitions;
use crate::view::{child_text, primitive_text};
use plumbline_fhirpath::Element;
use plumbline_tree::{Form, Node};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

/// What [`super::survey`] lists. Every list is in the order of the body.
#[derive(Debug, Clone, Default)]
pub struct Survey<'a> {
    /// Every resource whose type is known, the outermost first.
    pub resources: Vec<SurveyedResource<'a>>,
    /// Every extension, nested ones after the one that they stand in.
    pub extensions: Vec<SurveyedExtension<'a>>,
    /// Every `Reference` with a reference.
    pub references: Vec<SurveyedReference<'a>>,
    /// Every `Coding` and every quantity.
    pub codes: Vec<SurveyedCode<'a>>,
    /// The elements that hold them, as the specification names them; of a coding in a concept the concept.
    pub coded_elements: Vec<String>,
    /// The steps to all resources, one after the other.
    steps: Vec<(u32, u32)>,
}

impl Survey<'_> {
    /// Where a resource stands, as in [`super::Issue::path`]: by its number among [`Survey::resources`]. `definitions`
    /// are those that the survey was made by.
    pub fn path(&self, resource: usize, definitions: &Definitions) -> String {
        let root = self.resources.first().map_or("$", |it| it.of);
        let steps = self.resources.get(resource).map(|it| it.steps.clone());
        let steps = steps.and_then(|it| self.steps.get(it.start as usize..it.end as usize));
        with_plan(definitions, |plan| {
            written(root, steps.unwrap_or_default(), plan)
        })
    }
}

/// A resource.
#[derive(Debug, Clone)]
pub struct SurveyedResource<'a> {
    /// The resource, with its type.
    pub element: Element<'a>,
    /// Its type.
    pub of: &'static str,
    /// The values of `meta.profile`, as they are written.
    pub profiles: Box<[&'a str]>,
    /// The steps to it, among those of all.
    steps: Range<u32>,
}

/// An extension.
#[derive(Debug, Clone)]
pub struct SurveyedExtension<'a> {
    /// The extension.
    pub element: Element<'a>,
    /// Its address as it is written; empty if there is none.
    pub url: &'a str,
    /// Whether it is a `modifierExtension`.
    pub is_modifier: bool,
    /// The element that it stands on: a primitive, a datatype, a part of a resource, a resource, or another extension.
    pub holder: Element<'a>,
    /// What definitions call that element, most exact first: for the family name of a patient `Patient.name.family`,
    /// `HumanName.family`, `string`, `Element`. Of a choice with `[x]`.
    pub holder_names: Arc<[String]>,
    /// The extension that it stands in, among [`Survey::extensions`].
    pub outer: Option<usize>,
    /// The resource that it stands in, among [`Survey::resources`].
    pub resource: usize,
}

/// A reference.
#[derive(Debug, Clone, Copy)]
pub struct SurveyedReference<'a> {
    /// Its `reference`, whose text is not empty.
    pub node: Node<'a>,
    /// The element of the specification: the same number, the same element.
    pub place: u32,
}

/// What holds a code together with its system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeHolder {
    /// A `Coding`.
    Coding,
    /// A quantity, with the code of its unit.
    Quantity,
}

/// A body that may hold a code.
#[derive(Debug, Clone, Copy)]
pub struct SurveyedCode<'a> {
    /// The body.
    pub body: Node<'a>,
    /// What it is.
    pub holder: CodeHolder,
    /// The element that holds it, among [`Survey::coded_elements`].
    pub element: u32,
}

impl CodeHolder {
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "Coding" => Some(Self::Coding),
            "Quantity" | "SimpleQuantity" | "Age" | "Count" | "Distance" | "Duration"
            | "MoneyQuantity" => Some(Self::Quantity),
            _ => None,
        }
    }
}

/// A body that is walked.
struct Open<'a> {
    element: Element<'a>,
    /// The child of the plan; none of a resource.
    child: u32,
    /// Among the resources, of a resource; among the extensions, of an extension.
    number: Option<usize>,
}

/// Makes a [`Survey`] during the walk.
#[derive(Default)]
pub(super) struct Surveyor<'a> {
    pub(super) found: Survey<'a>,
    open: Vec<Open<'a>>,
    /// Among [`Survey::coded_elements`], by the child of the plan.
    coded: BTreeMap<u32, u32>,
}

impl<'a> Surveyor<'a> {
    /// The innermost resource that is open, and its place among the open bodies.
    fn resource(&self) -> Option<(usize, usize)> {
        let at = self.open.iter().rposition(|it| it.child == NONE)?;
        Some((at, self.open.get(at)?.number?))
    }

    fn add_resource(&mut self, body: Node<'a>, of: ResourcePlan<'_>, steps: &[(u32, u32)]) {
        // A body that is so large has more nodes than a tree can.
        let small = |count: usize| u32::try_from(count).unwrap_or(NONE);
        if of.of.name() == "Bundle" {
            self.reserve(body, steps.len());
        }
        let begin = small(self.found.steps.len());
        self.found.steps.extend_from_slice(steps);
        let element = Element::new(None, Some(body), of.type_id);
        self.open.push(Open {
            element,
            child: NONE,
            number: Some(self.found.resources.len()),
        });
        self.found.resources.push(SurveyedResource {
            element,
            of: of.of.name(),
            profiles: profiles(body),
            steps: begin..small(self.found.steps.len()),
        });
    }

    /// Makes room for the entries of a bundle, so that what was found need not be moved for the next.
    fn reserve(&mut self, bundle: Node<'a>, steps: usize) {
        /// No resource is shorter.
        const FEWEST_BYTES: usize = 24;
        /// The steps to an entry and to its resource.
        const FURTHER: usize = 2;
        let Some(entry) = bundle.get("entry") else {
            return;
        };
        let count = entry.items().len().min(entry.span().len() / FEWEST_BYTES);
        self.found.resources.reserve(count);
        self.found.steps.reserve(count * (steps + FURTHER));
    }

    fn add_body(
        &mut self,
        element: Element<'a>,
        place: &Place,
        plan: &Plan<'_>,
        child: Option<&ChildPlan<'_>>,
    ) {
        let mut number = None;
        if let Some(body) = element.body() {
            if let Some(holder) = child.and_then(|it| it.codes) {
                self.add_code(body, holder, place, plan);
            }
            match place.kind {
                Kind::Extension => {
                    number = Some(self.found.extensions.len());
                    self.add_extension(element, body, place, plan);
                }
                Kind::Reference => {
                    let node = body.get("reference");
                    let has_text = |it: &Node<'_>| value_text(*it).is_some_and(|it| !it.is_empty());
                    if let Some(node) = node.filter(has_text) {
                        self.found.references.push(SurveyedReference {
                            node,
                            place: place.child,
                        });
                    }
                }
                _ => {}
            }
        }
        self.open.push(Open {
            element,
            child: place.child,
            number,
        });
    }

    fn add_code(&mut self, body: Node<'a>, holder: CodeHolder, place: &Place, plan: &Plan<'_>) {
        let outer = self.open.last().map_or(NONE, |it| it.child);
        let around = plan.children.get(outer as usize);
        let is_in_concept = around.is_some_and(|it| it.kind == Kind::Concept);
        let child = if is_in_concept { outer } else { place.child };
        let elements = &mut self.found.coded_elements;
        let element = self.coded.entry(child).or_insert_with(|| {
            let element = plan.children.get(child as usize);
            elements.push(element.map_or_else(String::new, |it| it.child.element().path()));
            // There are as many as elements of the specification at most.
            u32::try_from(elements.len() - 1).unwrap_or(NONE)
        });
        self.found.codes.push(SurveyedCode {
            body,
            holder,
            element: *element,
        });
    }

    fn add_extension(
        &mut self,
        element: Element<'a>,
        body: Node<'a>,
        place: &Place,
        plan: &Plan<'_>,
    ) {
        let (Some(holder), Some((from, resource))) = (self.open.last(), self.resource()) else {
            return;
        };
        let outer = (holder.child != NONE).then_some(holder.number).flatten();
        let holder = holder.element;
        let child = plan.children.get(place.child as usize);
        let holder_names = self.names(plan, from, resource);
        self.found.extensions.push(SurveyedExtension {
            element,
            url: url(body).unwrap_or_default(),
            is_modifier: child.is_some_and(|it| it.stem == "modifierExtension"),
            holder,
            holder_names,
            outer,
            resource,
        });
    }

    /// What the innermost open body is called, in a resource that is open from there.
    fn names(&self, plan: &Plan<'_>, from: usize, resource: usize) -> Arc<[String]> {
        let of = self.found.resources.get(resource).map_or("", |it| it.of);
        let chain = self.open.get(from + 1..).unwrap_or_default();
        let chain: Vec<u32> = chain.iter().map(|it| it.child).collect();
        plan.holder_names.of(plan, of, chain)
    }
}

/// What elements are called that hold extensions: worked out once for each chain of children from a resource, and kept
/// for all bodies.
#[derive(Debug, Default)]
pub(super) struct HolderNames(RwLock<HashMap<Chain, Arc<[String]>>>);

/// A resource, and the children of the plan from there.
type Chain = (&'static str, Vec<u32>);

/// Chains that are longer are not kept, and no more than so many: bodies may make up any number.
const MOST_CHAIN: usize = 8;
const MOST_CHAINS: usize = 4096;

impl HolderNames {
    fn of(&self, plan: &Plan<'_>, resource: &'static str, chain: Vec<u32>) -> Arc<[String]> {
        let key = (resource, chain);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = known.get(&key) {
            return Arc::clone(names);
        }
        let is_kept = key.1.len() <= MOST_CHAIN && known.len() < MOST_CHAINS;
        drop(known);
        let names: Arc<[String]> = names_of(plan, resource, &key.1).into();
        if is_kept {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(key, Arc::clone(&names));
        }
        names
    }
}

/// What an element is called that a chain of children leads to, from a resource.
fn names_of(plan: &Plan<'_>, resource: &str, chain: &[u32]) -> Vec<String> {
    let chain = chain
        .iter()
        .filter_map(|it| plan.children.get(*it as usize));
    let chain: Vec<&ChildPlan<'_>> = chain.collect();
    let steps: Vec<&str> = chain.iter().map(|it| it.child.element().name()).collect();
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    let types = |of: Option<crate::definitions::Type<'_>>| -> Vec<&'static str> {
        let of = of.into_iter();
        of.flat_map(crate::definitions::Type::ancestry)
            .map(crate::definitions::Type::name)
            .collect()
    };
    let mut starts = types(plan.definitions.type_named(resource));
    for (at, child) in chain.iter().enumerate() {
        for start in &starts {
            add(format!(
                "{start}.{}",
                steps.get(at..).unwrap_or_default().join(".")
            ));
        }
        // A part of a resource is no type that others name.
        let own = child.child.type_use().map(crate::definitions::TypeUse::of);
        let is_last = at + 1 == chain.len();
        starts = if child.is_inline && !is_last {
            Vec::new()
        } else {
            types(own)
        };
        if is_last {
            add(child.child.element().path());
        }
    }
    for start in starts {
        add(start.to_owned());
    }
    names
}

/// The values of `meta.profile`.
fn profiles(resource: Node<'_>) -> Box<[&str]> {
    let all = resource.named("meta").flat_map(|it| it.named("profile"));
    let all = all.flat_map(|node| {
        let single = (node.form() != Form::Array).then_some(node);
        single.into_iter().chain(node.items())
    });
    all.filter_map(value_text)
        .filter(|it| !it.is_empty())
        .collect()
}

/// The text of the value of a primitive.
fn value_text(node: Node<'_>) -> Option<&str> {
    match node.form() {
        Form::Element => primitive_text(node.attribute("value")?),
        _ => primitive_text(node),
    }
}

fn url(extension: Node<'_>) -> Option<&str> {
    match extension.form() {
        Form::Element => primitive_text(extension.attribute("url")?),
        _ => child_text(extension, "url"),
    }
}

impl<'a> Walk<'a, '_> {
    /// A resource begins.
    pub(super) fn survey_resource(&mut self, body: Node<'a>, of: ResourcePlan<'_>) {
        if let Some(survey) = &mut self.survey {
            survey.add_resource(body, of, self.path.steps());
        }
    }

    /// A body begins that is no resource.
    pub(super) fn survey_body(&mut self, body: Node<'a>, place: &Place) {
        if place.what == What::Resource {
            return;
        }
        let Some(survey) = &mut self.survey else {
            return;
        };
        let of = self.plan.children.get(place.child as usize);
        let value = match body.form() {
            Form::Element => body.attribute("value"),
            _ => self.beside,
        };
        let value = value.filter(|_| place.what == What::BesideValue);
        let element = Element::new(value, Some(body), of.and_then(|it| it.type_id));
        survey.add_body(element, place, self.plan, of);
    }

    /// A body that is no resource ends.
    pub(super) fn survey_end(&mut self, place: &Place) {
        if place.what != What::Resource {
            self.survey_resource_end();
        }
    }

    /// A resource ends.
    pub(super) fn survey_resource_end(&mut self) {
        if let Some(survey) = &mut self.survey {
            survey.open.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::{Options, survey};
    use crate::{Definitions, json_to_xml};
    use plumbline_tree::{Layout, Limits, Tree};

    const BODY: &str = r##"{"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"https://x.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1",
            "meta":{"profile":["https://x.example/a","https://x.example/b"]},
            "contained":[{"resourceType":"Organization","id":"o","partOf":{"reference":"#"}}],
            "extension":[{"url":"https://x.example/outer","extension":[{"url":"inner","valueCode":"a"}]}],
            "modifierExtension":[{"url":"https://x.example/m","valueBoolean":true}],
            "name":[{"given":["A","B"],"_given":[null,{"extension":[{"url":"https://x.example/g","valueString":"x"}]}]}],
            "deceasedBoolean":true,"_deceasedBoolean":{"extension":[{"url":"https://x.example/d","valueString":"x"}]},
            "contact":[{"extension":[{"url":"https://x.example/c","valueString":"x"}]}],
            "maritalStatus":{"coding":[{"code":"M"}],"extension":[{"url":"https://x.example/q","valueQuantity":{"value":1}}]},
            "managingOrganization":{"reference":"#o"}}}]}"##;

    fn lines(tree: &Tree) -> Vec<String> {
        let (_, found) = survey(tree, Definitions::r4(), &Options::default());
        let resources = found.resources.iter();
        let resources = resources.enumerate().map(|(at, it)| {
            let path = found.path(at, Definitions::r4());
            format!("{} {path} {:?}", it.of, it.profiles)
        });
        let extensions = found.extensions.iter().map(|it| {
            format!(
                "{} {} {:?} {} {:?} {}",
                it.url,
                it.is_modifier,
                it.outer,
                it.resource,
                it.holder_names,
                it.holder
                    .value()
                    .and_then(primitive_text)
                    .unwrap_or_default()
            )
        });
        let references = found
            .references
            .iter()
            .map(|it| value_text(it.node).unwrap_or_default().to_owned());
        let codes = found.codes.iter().map(|it| {
            let element = &found.coded_elements[it.element as usize];
            format!("{:?} {element}", it.holder)
        });
        let all = resources.chain(extensions).chain(references);
        all.chain(codes).collect()
    }

    #[test]
    fn what_is_listed_is_the_same_in_both_syntaxes() {
        let json = Tree::parse(BODY.as_bytes().to_vec(), &Limits::default()).unwrap();
        let xml = json_to_xml(&json, Definitions::r4(), Layout::Compact).unwrap();
        let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
        let mut lines_of = [lines(&json), lines(&xml)];
        let wanted = [
            "Bundle Bundle []",
            r#"Patient Bundle.entry[0].resource ["https://x.example/a", "https://x.example/b"]"#,
            "Organization Bundle.entry[0].resource.contained[0] []",
            r#"https://x.example/outer false None 1 ["Patient", "DomainResource", "Resource"] "#,
            r#"inner false Some(0) 1 ["Patient.extension", "DomainResource.extension", "Resource.extension", "Extension", "Element"] "#,
            r#"https://x.example/m true None 1 ["Patient", "DomainResource", "Resource"] "#,
            r#"https://x.example/g false None 1 ["Patient.name.given", "DomainResource.name.given", "Resource.name.given", "HumanName.given", "Element.given", "string", "Element"] B"#,
            r#"https://x.example/d false None 1 ["Patient.deceased[x]", "DomainResource.deceased[x]", "Resource.deceased[x]", "boolean", "Element"] true"#,
            r#"https://x.example/c false None 1 ["Patient.contact", "DomainResource.contact", "Resource.contact", "BackboneElement", "Element"] "#,
            r#"https://x.example/q false None 1 ["Patient.maritalStatus", "DomainResource.maritalStatus", "Resource.maritalStatus", "CodeableConcept", "Element"] "#,
            "#",
            "#o",
            "Coding Patient.maritalStatus",
            "Quantity Extension.value[x]",
        ];
        assert_eq!(lines_of[0], wanted);
        // In XML the order of the body is that of the specification.
        for lines in &mut lines_of {
            lines.sort();
        }
        assert_eq!(lines_of[0], lines_of[1]);
    }

    #[test]
    fn any_body_can_be_surveyed() {
        let deep = format!(
            r#"{{"resourceType":"Bundle","entry":[{{"resource":{}{}}}]}}"#,
            r#"{"resourceType":"Parameters","parameter":[{"resource":"#.repeat(200),
            "1}]}".repeat(200).replacen('1', "{}", 1).replace('1', "")
        );
        for body in [
            "[]",
            "1",
            "{}",
            r#"{"resourceType":"X"}"#,
            r#"{"resourceType":"Patient","contained":3,"extension":[1,{"url":2}],"meta":{"profile":{}}}"#,
            &deep,
        ] {
            let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default());
            if let Ok(tree) = tree {
                let (outcome, _) = survey(&tree, Definitions::r4(), &Options::default());
                assert!(!outcome.is_valid(), "{body}");
            }
        }
    }
}
