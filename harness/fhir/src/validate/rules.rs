//! The registry of rules: every code, what it means, how a message reads, and how to fix it. Not the checking.

use super::meanings;
use super::outcome::Severity::{self, Error, Information, Warning};

/// One rule of the base specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Such as `FHIR-UNKNOWN-ELEMENT`; never changes its meaning.
    pub code: &'static str,
    /// How grave it is to break it.
    pub severity: Severity,
    /// What is asked for, as a sentence.
    pub meaning: &'static str,
    /// What to do about it, as a sentence.
    pub fix: &'static str,
    /// The message of an issue; `{}` stands for what is found, in turn.
    pub message: &'static str,
}

impl Rule {
    /// The message with its gaps filled.
    pub fn message(&self, words: &[&str]) -> String {
        let mut message = String::with_capacity(self.message.len() + 32);
        let mut words = words.iter();
        for (at, text) in self.message.split("{}").enumerate() {
            if at > 0 {
                message.push_str(words.next().copied().unwrap_or_default());
            }
            message.push_str(text);
        }
        message
    }
}

/// Every rule but the invariants, by code.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of a code, also of an invariant such as `FHIR-INVARIANT-pat-1`.
pub fn rule(code: &str) -> Option<&'static Rule> {
    match RULES.binary_search_by(|rule| rule.code.cmp(code)) {
        Ok(at) => RULES.get(at),
        Err(_) => meanings::named(code),
    }
}

macro_rules! rules {
    ($($name:ident $severity:ident $code:literal $meaning:literal $message:literal $fix:literal)*) => {
        $(pub(super) const $name: Rule = Rule {
            code: $code,
            severity: $severity,
            meaning: $meaning,
            message: $message,
            fix: $fix,
        };)*
        const RULES: &[Rule] = &[$($name),*];
    };
}

/// [`STRING_HTML`] where tags are refused.
pub(super) const STRING_HTML_REFUSED: Rule = Rule {
    severity: Error,
    ..STRING_HTML
};

// In the order of the codes: name, severity, code, meaning, message, fix.
rules! {
    ATTACHMENT_HASH Error "FHIR-ATTACHMENT-HASH"
        "The hash of an attachment is the SHA-1 of its bytes, in base64."
        "the hash is not that of the data of this attachment"
        "Calculate the hash of the bytes before they are encoded, write its 20 bytes in base64, or leave it out."
    ATTACHMENT_SIZE Error "FHIR-ATTACHMENT-SIZE"
        "The size of an attachment is the number of its bytes, before they are encoded."
        "the size is not the number of bytes of the data of this attachment"
        "Count the bytes before they are encoded as base64, or leave the size out."
    BASE64 Error "FHIR-BASE64"
        "A base64Binary is base64: groups of four characters, padded with = at the end."
        "this is no base64: {}"
        "Encode the bytes with standard base64 (RFC 4648, section 4), padding included."
    BINDING Error "FHIR-BINDING"
        "An element with a required binding holds a code of its value set."
        "{} is not in the value set {}"
        "Send one of the codes of the value set, with its code system where the element is more than a code."
    BINDING_EXTENSIBLE Information "FHIR-BINDING-EXTENSIBLE"
        "An element with an extensible binding holds a code of its value set if one of them fits."
        "{} is not in the value set {}"
        "Check that no code of the value set fits; then this is allowed."
    BINDING_FORM Error "FHIR-BINDING-FORM"
        "A code of a set that is too large to list has the form that the set asks for."
        "{} does not have the form of {}"
        "Write media types as type/subtype, languages as BCP 47 tags such as en-GB, and units in UCUM."
    BINDING_NO_CODE Error "FHIR-BINDING-NO-CODE"
        "An element with a required binding has a code, not text alone."
        "there is no code, and the value set {} requires one"
        "Add a coding with a code of the value set; text may stay beside it."
    BOOLEAN Error "FHIR-BOOLEAN"
        "A boolean is true or false, in small letters."
        "this is no boolean: {}"
        "Write true or false."
    CANONICAL_RELATIVE Error "FHIR-CANONICAL-RELATIVE"
        "A canonical is the url of the resource that is meant, which is absolute, or # and the id of a contained resource."
        "this canonical is relative: no resource has such an address as its url"
        "Write the whole url with its scheme, such as https://fhir.hl7.org.uk/..., or # and the id of a contained resource."
    CHOICE_MANY Error "FHIR-CHOICE-MANY"
        "Of an element with a choice of types there is one at most, of one type."
        "there is already a {} with another type"
        "Keep one of them."
    CHOICE_TYPE Error "FHIR-CHOICE-TYPE"
        "An element with a choice of types is named with one of its types."
        "{} is not one of the names of {}"
        "End the name with one of the allowed types, with a capital letter, such as valueQuantity."
    CODE Error "FHIR-CODE"
        "A code has no white space but single spaces between words."
        "this is no code: {}"
        "Remove the white space around the code, and all but single spaces inside it."
    CONTAINED_DUPLICATE Error "FHIR-CONTAINED-DUPLICATE"
        "Each contained resource has an id of its own."
        "another contained resource has this id"
        "Give each contained resource another id, and point each reference to the right one."
    CONTAINED_ID Error "FHIR-CONTAINED-ID"
        "A contained resource has an id, since nothing else can point to it."
        "this contained resource has no id"
        "Give it an id, and point to it with # and the id."
    CONTAINED_MISSING Error "FHIR-CONTAINED-MISSING"
        "A reference that begins with # points to a contained resource of the same resource."
        "no contained resource has the id that this reference names"
        "Add the contained resource, correct the id, or refer to a resource of its own."
    CONTAINED_NESTED Error "FHIR-CONTAINED-NESTED"
        "A contained resource contains none itself."
        "a contained resource must not contain resources"
        "Move them to the outer resource."
    CONTAINED_UNUSED Error "FHIR-CONTAINED-UNUSED"
        "A contained resource is referred to from its resource, or refers to it."
        "nothing refers to this contained resource"
        "Refer to it with # and its id, or remove it."
    DATE Error "FHIR-DATE"
        "A date is YYYY, YYYY-MM or YYYY-MM-DD, and a day of the calendar."
        "this is no date: {}"
        "Write a real date as YYYY-MM-DD, or less of it; a time of day needs another type."
    DATETIME Error "FHIR-DATETIME"
        "A dateTime is a date, or a date with a time to the second and a time zone."
        "this is no dateTime: {}"
        "Write YYYY-MM-DDThh:mm:ss+zz:zz or YYYY-MM-DDThh:mm:ssZ, or a date alone."
    DECIMAL Error "FHIR-DECIMAL"
        "A decimal is a number with digits on both sides of the point."
        "this is no decimal: {}"
        "Write digits with an optional minus and point, without leading zeros; STU3 allows no exponent."
    ELEMENT_ID Warning "FHIR-ELEMENT-ID"
        "The id of an element has no white space."
        "the id of this element holds white space"
        "Remove the white space, also where the id is referred to."
    ELEMENT_ID_DUPLICATE Error "FHIR-ELEMENT-ID-DUPLICATE"
        "The id of an element is that of no other element of the same resource."
        "another element of this resource has this id"
        "Give each element another id, and change what refers to it; a contained resource has ids of its own."
    EMPTY Error "FHIR-EMPTY"
        "An element has a value or children beside its id."
        "this element has neither a value nor children"
        "Leave it out, or give it content."
    EXAMPLE_ADDRESS Error "FHIR-EXAMPLE-ADDRESS"
        "Data that are to be used have no address that is reserved for examples, where this is asked for."
        "this address is reserved for examples"
        "Write the address of the real system, or accept addresses for examples."
    EXTENSION_CONTENT Error "FHIR-EXTENSION-CONTENT"
        "An extension has either a value or extensions of its own."
        "this extension has {}"
        "Keep the value or the extensions in it, not both and not none."
    EXTENSION_URL Error "FHIR-EXTENSION-URL"
        "The url of an extension is absolute, unless it stands in another extension."
        "the url of this extension is not absolute"
        "Write the whole address of the definition of the extension, such as https://fhir.hl7.org.uk/StructureDefinition/...."
    ID Error "FHIR-ID"
        "An id has 1 to 64 letters, digits, hyphens and full stops."
        "this is no id: {}"
        "Use letters without accents, digits, - and . only, 64 at most."
    INSTANT Error "FHIR-INSTANT"
        "An instant is a date with a time to the second at least and a time zone."
        "this is no instant: {}"
        "Write YYYY-MM-DDThh:mm:ss.sss+zz:zz or with Z."
    INTEGER Error "FHIR-INTEGER"
        "An integer has digits only, fits 32 bits, and is in the range of its type."
        "this is no {}: {}"
        "Write digits without point, exponent or leading zeros, in the range of the type."
    JSON_ALIGN Warning "FHIR-JSON-ALIGN"
        "An array and the one beside it with _ have the same number of items."
        "this array and the one beside it differ in length"
        "Fill the shorter one with null."
    JSON_ARRAY Error "FHIR-JSON-ARRAY"
        "An element that stands once is no array."
        "this is an array, but the element does not repeat"
        "Remove the square brackets."
    JSON_DUPLICATE Error "FHIR-JSON-DUPLICATE"
        "Each name stands once in an object."
        "the object already has a member of this name"
        "Keep one of them; what repeats goes into one array."
    JSON_EMPTY_ARRAY Error "FHIR-JSON-EMPTY-ARRAY"
        "An array has at least one item."
        "this array is empty"
        "Leave the member out."
    JSON_KIND Error "FHIR-JSON-KIND"
        "Booleans and numbers are written without quotes, other values with, and what has children as an object."
        "this is {}, not {}"
        "Write the value as the type of the element asks."
    JSON_NOT_ARRAY Error "FHIR-JSON-NOT-ARRAY"
        "An element that may repeat is an array, even if there is one only."
        "the element may repeat, but this is no array"
        "Put square brackets around the value."
    JSON_NULL Error "FHIR-JSON-NULL"
        "null stands only in arrays of primitives, where the array beside it has something to say."
        "null is not allowed here"
        "Leave the member or item out."
    JSON_UNDERSCORE Error "FHIR-JSON-UNDERSCORE"
        "A name with _ in front stands beside primitives only."
        "only a primitive can have a member with _ beside it"
        "Put id and extension into the object itself."
    MARKDOWN_HTML Error "FHIR-MARKDOWN-HTML"
        "Markdown holds nothing that looks like a tag of HTML, where this is asked for."
        "this markdown holds what looks like a tag of HTML"
        "Write the formatting as markdown, and a < that is meant as such as \\<."
    MAX Error "FHIR-MAX"
        "An element stands no more often than the specification allows."
        "this stands more often than is allowed: at most {}"
        "Keep as many as are allowed."
    MIN Error "FHIR-MIN"
        "A required element is there."
        "{} has no {}, which is required"
        "Add the element; if its value is unknown, see whether the extension data-absent-reason may stand for it."
    MODIFIER_EXTENSION Error "FHIR-MODIFIER-EXTENSION"
        "modifierExtension stands in resources and in their own parts, not in datatypes."
        "{} must not have a modifierExtension"
        "Move it to the resource or to the part around it, or use an extension that modifies nothing."
    NO_RESOURCE_TYPE Error "FHIR-NO-RESOURCE-TYPE"
        "A resource in JSON says its type."
        "this resource has no resourceType"
        "Add the member resourceType with the name of the type."
    OID Error "FHIR-OID"
        "An oid is urn:oid: and an object identifier."
        "this is no oid: {}"
        "Write urn:oid: and numbers with dots, without leading zeros, the first 0, 1 or 2."
    REFERENCE_FORM Error "FHIR-REFERENCE-FORM"
        "A reference is Type/id, an absolute address, or # and the id of a contained resource."
        "this is no reference: {}"
        "Write Type/id with a type of resource, or the whole address."
    REFERENCE_TARGET Error "FHIR-REFERENCE-TARGET"
        "A reference points to a resource of one of the types that the element allows."
        "the reference points to {}, which {} does not allow"
        "Point to a resource of an allowed type, or use the element that is meant for this type."
    REFERENCE_TYPE Error "FHIR-REFERENCE-TYPE"
        "The type of a reference is that of the resource that the reference names."
        "the type is {}, but the reference names {}"
        "Correct the type, or leave it out."
    REFERENCE_URN_FORM Warning "FHIR-REFERENCE-URN-FORM"
        "What begins with urn:uuid: in a reference goes on with a UUID, as the fullUrl that it names must."
        "what follows urn:uuid: in this reference is no UUID"
        "Write urn:uuid: and 32 hexadecimal digits in groups of 8-4-4-4-12, here and in the fullUrl."
    RESOURCE Error "FHIR-RESOURCE"
        "Where a resource is meant there is one: an object in JSON, an element in XML."
        "this is {}, not a resource"
        "Send one resource."
    STRING_BLANK Warning "FHIR-STRING-BLANK"
        "A string has more than white space."
        "this string holds only white space"
        "Leave the element out."
    STRING_CONTROL Warning "FHIR-STRING-CONTROL"
        "A string has no control characters but tab, line feed and carriage return."
        "this string holds a control character"
        "Remove the control characters."
    STRING_EMPTY Error "FHIR-STRING-EMPTY"
        "A value is never empty."
        "the value is empty"
        "Leave the element out."
    STRING_HTML Warning "FHIR-STRING-HTML"
        "A string is plain text: nothing in it looks like a tag of HTML."
        "this string holds what looks like a tag of HTML"
        "Put formatted text into the narrative; if the letters are meant as such, whoever shows them must escape them."
    STRING_LENGTH Error "FHIR-STRING-LENGTH"
        "A string has at most 1,048,576 characters."
        "this string is too long"
        "Move the content to an attachment, or shorten it."
    SYSTEM Warning "FHIR-SYSTEM"
        "The system of a code or an identifier is absolute, so that it means the same everywhere."
        "the system is not absolute"
        "Write the whole address of the code system or of the name space of identifiers."
    TIME Error "FHIR-TIME"
        "A time is hh:mm:ss without time zone."
        "this is no time: {}"
        "Write hours, minutes and seconds as 24-hour time, such as 14:05:00."
    TOO_DEEP Error "FHIR-TOO-DEEP"
        "A resource is not nested without end."
        "what is inside here is nested too deeply to be checked"
        "Nest less deeply."
    UNKNOWN_ELEMENT Error "FHIR-UNKNOWN-ELEMENT"
        "A resource has no elements but those that the specification defines."
        "{} has no element {}{}"
        "Remove the element or correct its name; what FHIR does not define goes into an extension."
    UNKNOWN_RESOURCE Error "FHIR-UNKNOWN-RESOURCE"
        "The type of a resource is one of this version of FHIR."
        "{} is no resource of {}{}"
        "Send a resource of this version, or check which version the system speaks."
    URI Error "FHIR-URI"
        "A URI has no white space, and what begins with urn:uuid: or urn:oid: is one."
        "this is no URI: {}"
        "Encode spaces as %20; write UUIDs as urn:uuid: and OIDs as urn:oid:."
    URI_CASE Warning "FHIR-URI-CASE"
        "A UUID in a URI has small letters, since URIs are compared letter by letter."
        "the UUID in this URI has capital letters"
        "Write the UUID in small letters, also where it is referred to."
    UUID Error "FHIR-UUID"
        "A uuid is urn:uuid: and a UUID in small letters."
        "this is no uuid: {}"
        "Write urn:uuid: and 32 hexadecimal digits in groups of 8-4-4-4-12, in small letters."
    XHTML_ATTRIBUTE Error "FHIR-XHTML-ATTRIBUTE"
        "Narrative has no attributes but those of basic formatting: no scripts, no events."
        "narrative must not have the attribute {} on {}"
        "Remove the attribute."
    XHTML_ELEMENT Error "FHIR-XHTML-ELEMENT"
        "Narrative has no elements but those of basic formatting: no scripts, forms, frames or objects."
        "narrative must not have the element {}"
        "Remove the element, or use a basic one such as p, table or span."
    XHTML_EMPTY Error "FHIR-XHTML-EMPTY"
        "Narrative has text or an image."
        "the narrative holds neither text nor an image"
        "Write what a person should read, or leave the narrative out."
    XHTML_ROOT Error "FHIR-XHTML-ROOT"
        "Narrative is one div in the namespace http://www.w3.org/1999/xhtml."
        "the narrative is {}, not a div in the namespace of XHTML"
        "Put everything into <div xmlns=\"http://www.w3.org/1999/xhtml\">."
    XHTML_SYNTAX Error "FHIR-XHTML-SYNTAX"
        "Narrative is well-formed XML, also in a string of JSON."
        "the narrative is not well-formed: {}"
        "Close each element, write & as &amp;amp; and named entities such as nbsp as numbers."
    XML_ATTRIBUTE Error "FHIR-XML-ATTRIBUTE"
        "Attributes are value of primitives, id of elements and url of extensions; all else is elements."
        "{}"
        "Write values as the attribute value, id and url as attributes where they are such, and all else as elements."
    XML_NAMESPACE Error "FHIR-XML-NAMESPACE"
        "Elements are in the namespace http://hl7.org/fhir, narrative in http://www.w3.org/1999/xhtml."
        "this element is {}, not in {}"
        "Declare xmlns=\"http://hl7.org/fhir\" on the outermost element, and XHTML's on the div."
    XML_ORDER Error "FHIR-XML-ORDER"
        "In XML, elements stand in the order of the specification."
        "{} stands after {}, but must stand before it"
        "Write the elements in the order in which the specification lists them."
    XML_RESOURCE Error "FHIR-XML-RESOURCE"
        "An element that holds a resource holds one and nothing else."
        "this element holds {}"
        "Put each resource into an element of its own."
    XML_TEXT Error "FHIR-XML-TEXT"
        "There is no text between elements: values are attributes."
        "there is text between the elements of {}"
        "Move the text into the attribute value of the element that it belongs to."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_in_order_and_complete() {
        for pair in rules().windows(2) {
            assert!(
                pair[0].code < pair[1].code,
                "{} {}",
                pair[0].code,
                pair[1].code
            );
        }
        for it in rules() {
            assert!(it.code.starts_with("FHIR-"), "{}", it.code);
            assert!(
                it.meaning.ends_with('.') && it.fix.ends_with('.'),
                "{}",
                it.code
            );
            assert!(!it.message.ends_with('.'), "{}", it.code);
            assert_eq!(rule(it.code), Some(it));
        }
        assert_eq!(rule("FHIR-NOTHING"), None);
    }

    #[test]
    fn messages_fill_their_gaps() {
        assert_eq!(
            MIN.message(&["Patient", "id"]),
            "Patient has no id, which is required"
        );
        assert_eq!(EMPTY.message(&[]), EMPTY.message);
    }
}
