//! Resources, outermost and inner: their type, and the contained ones. Not their elements.

use super::json::kind_words;
use super::path::Step;
use super::plan::{ChildPlan, Kind, ResourcePlan};
use super::rules;
use super::scope::Scope;
use super::unknown::shown;
use super::walk::{Place, Walk};
use crate::definitions::{Definitions, FhirVersion, Type};
use crate::view::{FHIR, child_text};
use plumbline_tree::{Form, Node};

impl<'a, 'd> Walk<'a, 'd> {
    /// The outermost resource. Gives its type if that is known.
    pub(super) fn outermost(&mut self, node: Node<'a>) -> Option<&'static str> {
        if !matches!(node.form(), Form::Element | Form::Object) {
            let actual = kind_words(node);
            self.issue(&rules::RESOURCE, node, &[actual], "a resource", actual);
            return None;
        }
        let of = self.type_of(node);
        if let Some(of) = of {
            self.path.begin(of.of.name());
        }
        if node.form() == Form::Element && node.namespace() != Some(FHIR) {
            self.wrong_namespace(node, None);
        }
        let of = of?;
        let allows_search = allows_search(node, of);
        self.scope = self.scope_of(node, of, allows_search);
        self.resource(node, of, None);
        self.finish_scope();
        Some(of.of.name())
    }

    /// A resource in an element: contained, or of its own.
    pub(super) fn inner_resource(&mut self, child: &ChildPlan<'d>, node: Node<'a>) {
        let body = match node.form() {
            Form::Element => match self.only_resource(node) {
                Some(body) => body,
                None => return,
            },
            Form::Object => node,
            _ => {
                let actual = kind_words(node);
                return self.issue(&rules::RESOURCE, node, &[actual], "a resource", actual);
            }
        };
        let Some(of) = self.type_of(body) else {
            return;
        };
        if child.stem == "contained" {
            self.contained(body, of, child);
        } else {
            let allows_search = self.scope.allows_search || allows_search(body, of);
            let inner = self.scope_of(body, of, allows_search);
            let outer = std::mem::replace(&mut self.scope, inner);
            self.resource(body, of, Some(child));
            self.finish_scope();
            self.scope = outer;
        }
    }

    /// The contained resources. A bundle has none, so that its entries are not gone through for them.
    fn scope_of(&self, body: Node<'a>, of: ResourcePlan<'d>, allows_search: bool) -> Scope<'a> {
        if self.plan.child(of.shape, "contained").is_some() {
            return Scope::of(body, allows_search);
        }
        let mut scope = Scope::default();
        scope.allows_search = allows_search;
        scope
    }

    fn contained(&mut self, body: Node<'a>, of: ResourcePlan<'d>, child: &ChildPlan<'d>) {
        let is_nested = self.scope.inside.is_some();
        if is_nested {
            let expected = "no contained resource in a contained one";
            self.issue(&rules::CONTAINED_NESTED, body, &[], expected, "one");
            return self.resource(body, of, Some(child));
        }
        if child_text(body, "id").is_none_or(str::is_empty) {
            self.issue(&rules::CONTAINED_ID, body, &[], "an id", "none");
        }
        // Its own place among the contained resources is the last step of the path.
        self.scope.inside = self.path.last_index().map(|index| index as usize);
        self.resource(body, of, Some(child));
        self.scope.inside = None;
    }

    fn resource(&mut self, body: Node<'a>, of: ResourcePlan<'d>, from: Option<&ChildPlan<'d>>) {
        self.survey_resource(body, of);
        let is_contained = from.is_some_and(|it| it.stem == "contained");
        let around = self.enter_resource(body, of, is_contained);
        let entries = std::mem::take(&mut self.entries);
        let element_ids = std::mem::take(&mut self.element_ids);
        let outer = std::mem::replace(&mut self.outer, Kind::Other);
        self.body(body, &Place::of_resource(of));
        self.outer = outer;
        self.around = around;
        self.entries = entries;
        self.element_ids = element_ids;
        self.survey_resource_end();
    }

    /// The one resource in an element of XML.
    fn only_resource(&mut self, element: Node<'a>) -> Option<Node<'a>> {
        for attribute in element.attributes() {
            let message = "an element that holds a resource has no attributes";
            let rule = &rules::XML_ATTRIBUTE;
            self.issue(rule, attribute, &[message], "no attribute", "an attribute");
        }
        if let Some(text) = element.texts().next() {
            let name = element.name().map(shown).unwrap_or_default();
            self.issue(&rules::XML_TEXT, text, &[name], "one resource", "text");
        }
        let mut inside = element.members().map(|(_, node)| node);
        let Some(first) = inside.next() else {
            let rule = &rules::XML_RESOURCE;
            self.issue(rule, element, &["nothing"], "one resource", "nothing");
            return None;
        };
        if let Some(second) = inside.next() {
            let actual = "more than one element";
            self.issue(
                &rules::XML_RESOURCE,
                second,
                &[actual],
                "one resource",
                actual,
            );
        }
        if first.namespace() != Some(FHIR) && first.namespace() != element.namespace() {
            self.wrong_namespace(first, None);
        }
        Some(first)
    }

    /// The type that a resource names. Reports one that is missing or unknown; then nothing else can be judged.
    fn type_of(&mut self, body: Node<'a>) -> Option<ResourcePlan<'d>> {
        let (name, node) = match body.form() {
            Form::Element => (body.name(), body),
            _ => match body.get("resourceType") {
                Some(node) if node.form() != Form::String => {
                    let (actual, expected) = (kind_words(node), "a string");
                    let words = [actual, expected];
                    let step = Some(Step::plain("resourceType"));
                    self.issue_at(&rules::JSON_KIND, node, step, &words, expected, actual);
                    return None;
                }
                Some(node) => (node.as_str(), node),
                None => (None, body),
            },
        };
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            let expected = "resourceType with the type of the resource";
            self.issue(&rules::NO_RESOURCE_TYPE, node, &[], expected, "none");
            return None;
        };
        let found = self.plan.resource(name);
        if found.is_none() {
            let definitions = self.plan.definitions;
            let version = definitions.version();
            let name = shown(name);
            let hint = hint(definitions, name);
            let expected = format!("a type of resource of {version}");
            let words = [name, &version.to_string(), &hint];
            self.issue(&rules::UNKNOWN_RESOURCE, node, &words, &expected, name);
        }
        found
    }

    /// Contained resources that nothing refers to, or that share their id.
    fn finish_scope(&mut self) {
        let scope = std::mem::take(&mut self.scope);
        for held in scope.finish() {
            let step = Some(Step {
                name: "contained",
                index: u32::try_from(held.index).ok(),
                chosen: None,
            });
            if held.is_again {
                let expected = "an id that no other contained resource has";
                let actual = "the id of another one";
                self.issue_at(
                    &rules::CONTAINED_DUPLICATE,
                    held.node,
                    step,
                    &[],
                    expected,
                    actual,
                );
            } else {
                let expected = "a reference to it, or from it to its resource";
                self.issue_at(
                    &rules::CONTAINED_UNUSED,
                    held.node,
                    step,
                    &[],
                    expected,
                    "none",
                );
            }
        }
    }
}

/// In a transaction a reference may be a search that the server resolves.
fn allows_search(body: Node<'_>, of: ResourcePlan<'_>) -> bool {
    of.of.name() == "Bundle" && matches!(child_text(body, "type"), Some("transaction" | "batch"))
}

/// What an unknown type is: a clause to append.
fn hint(definitions: &Definitions, name: &str) -> String {
    if definitions.type_named(name).is_some_and(Type::is_abstract) {
        return "; it is abstract".to_owned();
    }
    if definitions.type_named(name).is_some() {
        return "; it is a datatype".to_owned();
    }
    for version in FhirVersion::ALL {
        if version != definitions.version() && Definitions::of(version).resource(name).is_some() {
            return format!("; it is one of {version}");
        }
    }
    if LATER.contains(&name) {
        return "; it is one of a later version".to_owned();
    }
    let mut types = definitions.types().filter(|it| it.is_resource());
    match types.find(|it| it.name().eq_ignore_ascii_case(name)) {
        Some(meant) => format!("; is {} meant?", meant.name()),
        None => String::new(),
    }
}

/// Resources of R4B and R5 that neither STU3 nor R4 has.
const LATER: &[&str] = &[
    "ActorDefinition",
    "AdministrableProductDefinition",
    "ArtifactAssessment",
    "BiologicallyDerivedProductDispense",
    "Citation",
    "ClinicalUseDefinition",
    "ConditionDefinition",
    "DeviceAssociation",
    "DeviceDispense",
    "DeviceUsage",
    "EncounterHistory",
    "EvidenceReport",
    "FormularyItem",
    "GenomicStudy",
    "ImagingSelection",
    "Ingredient",
    "InventoryItem",
    "InventoryReport",
    "ManufacturedItemDefinition",
    "MedicinalProductDefinition",
    "NutritionIntake",
    "NutritionProduct",
    "PackagedProductDefinition",
    "Permission",
    "RegulatedAuthorization",
    "Requirements",
    "SubscriptionStatus",
    "SubscriptionTopic",
    "SubstanceDefinition",
    "TestPlan",
    "Transport",
];
