//! The rules of definitions as resources: codes, meanings, messages, cures. Not the checking.
//!
//! Sections are of FHIR R4, <https://hl7.org/fhir/R4/>; those of STU3 say the same unless a rule says otherwise.

use crate::rules::family;
use plumbline_fhir::validate::Severity::{Error, Information, Warning};

// In the order of the codes: name, severity, code, meaning, message, fix.
family! {
    /// structuredefinition.html, baseDefinition, derivation and type.
    BASE Error "FHIR-DEFINITION-BASE"
        "A profile has the type of its base, a new type has a name of its own, and nothing is its own base."
        "the base {} does not go with {}"
        "Correct type, derivation or baseDefinition so that they agree."
    /// elementdefinition.html, binding: only on coded elements; where the type is inherited (else eld-11).
    BINDING_TYPE Error "FHIR-DEFINITION-BINDING-TYPE"
        "Only elements with codes, units, texts or addresses are bound to value sets."
        "{} has a binding, but is a {}"
        "Remove the binding, or put it on the element within that holds the code."
    /// profiling.html, 5.1.0.3: a binding is made stronger, never weaker.
    BINDING_WEAKER Error "FHIR-DEFINITION-BINDING-WEAKER"
        "A profile does not weaken how far a value set binds."
        "the binding of {} is {} here, but {} in the base"
        "Keep the strength of the base, or make it stronger."
    /// capabilitystatement.html, rest: operations, interactions and search parameters are told by their name.
    CAPABILITY_DUPLICATE Warning "FHIR-DEFINITION-CAPABILITY-DUPLICATE"
        "A capability statement says each thing once in one place."
        "{} is said twice"
        "Keep one of them."
    /// profiling.html, 5.1.0.3: constraints only narrow.
    CARDINALITY Error "FHIR-DEFINITION-CARDINALITY"
        "A profile narrows how often an element stands, and never widens it."
        "{} is {} here, but {} in the base"
        "Give a range that lies within that of the base."
    /// codesystem.html, caseSensitive.
    CASE Error "FHIR-DEFINITION-CASE"
        "Codes of a code system that does not tell a from A differ in more than that."
        "this code differs from another in its letters' case only, but the code system does not tell case"
        "Remove one of the codes, or set caseSensitive."
    /// codesystem.html, concept.code, content supplement and valueset.html, compose.include.concept.code.
    CODE Error "FHIR-DEFINITION-CODE"
        "A code that a value set lists is one of its code system."
        "{} is no code of {}"
        "Correct the code or the system, or remove the concept."
    /// valueset.html, compose.include.concept and expansion.contains.
    CODE_DUPLICATE Warning "FHIR-DEFINITION-CODE-DUPLICATE"
        "A code is listed once."
        "{} is listed twice"
        "Remove one of them."
    /// codesystem.html, content.
    CONTENT Error "FHIR-DEFINITION-CONTENT"
        "What a code system says of its content goes with the concepts that it has."
        "the content is {}, but there are {} concepts"
        "Correct content, or add or remove the concepts."
    /// defining-extensions.html, context.
    CONTEXT Error "FHIR-DEFINITION-CONTEXT"
        "The context of an extension names elements that exist."
        "the context {} names no element of the specification"
        "Name a type, or the path of an element."
    /// codesystem.html, count.
    COUNT Warning "FHIR-DEFINITION-COUNT"
        "The count of a complete code system is the number of its concepts."
        "the count says {}, but there are {} concepts"
        "Correct the count."
    /// profiling.html, discriminator.
    DISCRIMINATOR Error "FHIR-DEFINITION-DISCRIMINATOR"
        "A discriminator leads from the sliced element to an element that exists."
        "the discriminator {} leads to nothing in {}"
        "Give the path of an element beneath the sliced one, or $this."
    /// elementdefinition.html, id: path, with names of slices behind colons. In STU3, whose own profiles do not keep
    /// to it, a warning.
    ELEMENT_ID Error "FHIR-DEFINITION-ELEMENT-ID"
        "The id of an element is its path, with the names of slices behind colons."
        "the id and the path of {} do not agree"
        "Write the id as the path, and :name behind each sliced element."
    /// structuredefinition.html, differential: elements are those of the type.
    ELEMENT_UNKNOWN Error "FHIR-DEFINITION-ELEMENT-UNKNOWN"
        "A profile constrains elements that its type has."
        "{} is no element of the type"
        "Correct the path; what the type does not have goes into an extension."
    /// fhirpath.html, elementdefinition.html constraint.expression, searchparameter.html expression.
    EXPRESSION Error "FHIR-DEFINITION-EXPRESSION"
        "An expression is FHIRPath."
        "the expression of {} is no FHIRPath: {}"
        "Correct the expression at the place that the message names."
    /// fhirpath.html: the context of an invariant is the element that it stands on. Of a search parameter, whose
    /// expression may be meant for other versions too, a warning.
    EXPRESSION_NAME Error "FHIR-DEFINITION-EXPRESSION-NAME"
        "An expression names elements that there are where it looks."
        "the expression of {} asks {} for the element {}, which it does not have"
        "Correct the name; an invariant begins at the element that it stands on, and a choice is named without its type."
    /// `FHIRPath`, `where()`, `all()`, `exists()` and `iif()`: the criterion gives one Boolean.
    EXPRESSION_TYPE Error "FHIR-DEFINITION-EXPRESSION-TYPE"
        "The criterion of an expression is true or false."
        "the expression of {} gives {} a criterion that is a {}, which is never true or false"
        "Ask a question, for example with exists()."
    /// extensibility.html: an extension has a value or extensions.
    EXTENSION_CONTENT Error "FHIR-DEFINITION-EXTENSION-CONTENT"
        "The definition of an extension leaves room for either a value or extensions in it, and asks for one of them at most."
        "the extension {}"
        "Forbid one of value[x] and extension, and not both."
    /// defining-extensions.html: the url is fixed to the address of the definition.
    EXTENSION_URL Error "FHIR-DEFINITION-EXTENSION-URL"
        "The definition of an extension fixes Extension.url to its own address."
        "Extension.url is not fixed to the address of the definition"
        "Fix Extension.url to the url of the StructureDefinition."
    /// profiling.html: what a base fixes stays.
    FIXED_OTHER Error "FHIR-DEFINITION-FIXED-OTHER"
        "A value that the base fixes is not changed."
        "{} is fixed to another value than in the base"
        "Fix the value of the base, or leave it out."
    /// elementdefinition.html, fixed[x] and pattern[x].
    FIXED_TYPE Error "FHIR-DEFINITION-FIXED-TYPE"
        "A fixed value or pattern has the type of its element, which is one type."
        "{} is given as {}, but the element is a {}"
        "Give the value in the type of the element, or narrow the element to one type."
    /// valueset.html, compose.include.valueSet; also questionnaire.html and others: nothing is made of itself.
    ITSELF Error "FHIR-DEFINITION-ITSELF"
        "A definition is not made from itself."
        "this definition names itself"
        "Name another definition, or remove this."
    /// structuredefinition.html, kind.
    KIND Error "FHIR-DEFINITION-KIND"
        "The kind of a structure is that of its type."
        "the kind is {}, but {} is a {}"
        "Correct kind or type."
    /// elementdefinition.html, mapping.identity.
    MAPPING Warning "FHIR-DEFINITION-MAPPING"
        "A mapping of an element belongs to a mapping that the structure declares."
        "the structure declares no mapping {}"
        "Declare it in StructureDefinition.mapping, or correct the identity."
    /// operationdefinition.html, parameter.name and overload.
    PARAMETER Error "FHIR-DEFINITION-PARAMETER"
        "The name of a parameter of an operation stands once for each use, and what is named is there."
        "the parameter {} {}"
        "Rename one of the parameters, or correct the name."
    /// operationdefinition.html, inputProfile and outputProfile: they do not conflict with the parameters. R4 only.
    PARAMETER_PROFILE Error "FHIR-DEFINITION-PARAMETER-PROFILE"
        "The profile of the parameters of an operation is one of Parameters, and allows what the operation says."
        "the profile {} {}"
        "Correct the parameters of the operation, or the profile."
    /// operationdefinition.html, parameter.min and max.
    PARAMETER_RANGE Error "FHIR-DEFINITION-PARAMETER-RANGE"
        "A parameter stands at least as often as nought, and at most as often as its greatest number."
        "the parameter {} asks for {}..{}"
        "Give min and max as numbers, or max as *, with min no greater than max."
    /// codesystem.html, concept.property.code. Of a property that the specification gives a meaning a warning.
    PROPERTY Error "FHIR-DEFINITION-PROPERTY"
        "A property of a concept is one that the code system declares."
        "the code system declares no property {}"
        "Declare it in CodeSystem.property, or correct the code."
    /// codesystem.html, property.type code, and the properties parent and child. Other properties of type code, such
    /// as status, hold codes of their own.
    PROPERTY_CODE Error "FHIR-DEFINITION-PROPERTY-CODE"
        "The properties parent and child of a concept hold codes of the same code system."
        "{} is no code of this code system"
        "Correct the code, or declare the property as Coding or string."
    /// codesystem.html, property.type.
    PROPERTY_TYPE Error "FHIR-DEFINITION-PROPERTY-TYPE"
        "A property of a concept has the type that the code system declares for it."
        "the property {} is a {}, but declared as {}"
        "Give the value with the declared type, or correct the declaration."
    /// searchparameter.html, component, target.
    SEARCH Error "FHIR-DEFINITION-SEARCH"
        "What a search parameter says goes with its type."
        "a search parameter of type {} {}"
        "Correct the type, or add or remove what does not go with it."
    /// elementdefinition.html, sliceName: a slice needs an element that is sliced. Snapshots only.
    SLICE Warning "FHIR-DEFINITION-SLICE"
        "A slice belongs to an element that is sliced, and has a name of its own."
        "the slice {} {}"
        "Add slicing to the element before its slices, and give each slice its own name."
    /// codesystem.html, supplements and content supplement. R4 only.
    SUPPLEMENT Error "FHIR-DEFINITION-SUPPLEMENT"
        "A code system that supplements another says so in content and names the other, which is not itself."
        "content and supplements do not agree"
        "Set content to supplement and name the code system in supplements, or remove both."
    /// valueset.html, compose.include.system: absolute.
    SYSTEM Error "FHIR-DEFINITION-SYSTEM"
        "The system of an include is the absolute address of a code system."
        "the system is {}"
        "Write the address of the code system, such as http://snomed.info/sct."
    /// elementdefinition.html, type.targetProfile: only narrows.
    TARGET Error "FHIR-DEFINITION-TARGET"
        "A profile lets references point to resources that the base allows, and to no others."
        "{} may not point to {} in the base"
        "Name a target that the base allows."
    /// profiling.html: types are those of the base, or narrower ones.
    TYPE Error "FHIR-DEFINITION-TYPE"
        "A profile gives an element types that it has in the base, and no others."
        "{} is no {} in the base"
        "Choose among the types of the base."
    /// elementdefinition.html, type.profile.
    TYPE_PROFILE Error "FHIR-DEFINITION-TYPE-PROFILE"
        "The profile of a type is one of that type."
        "{} names the profile {}, which is one of {} and not of {}"
        "Name a profile of the type, or correct the type."
    /// valueset.html, compose.include: a system that cannot be looked up.
    UNCHECKED Information "FHIR-DEFINITION-UNCHECKED"
        "Against a base that is not known, a profile cannot be checked."
        "the base {} is not known, so what it allows was not checked"
        "Give the base with --package."
    /// structuredefinition.html, url, and the url of every canonical resource: an absolute URI.
    URL Error "FHIR-DEFINITION-URL"
        "The url of a definition is absolute, and has no version behind a bar."
        "the url of this definition is not an absolute address"
        "Write the whole address; the version goes into version."
}
