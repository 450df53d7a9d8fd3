//! FHIR JSON to FHIR XML and back, without loss. Not for judging: what has no place in the other syntax is
//! refused, and what has one is carried over even if the specification forbids it.
//!
//! Numbers stay as written, `1.50` and `1e2` among them. XML has its elements in the order of the definitions,
//! whatever the order in JSON; items of a list keep theirs. Narrative keeps every character, but for white space
//! around it. Of XML, comments, processing instructions and a hint to a schema (`xsi:schemaLocation`) are left
//! out: none of them is content. Nothing is recursive, and the work is linear in the length of the body.

mod error;
mod members;
mod narrative;
mod text;
mod to_json;
mod to_xml;

pub use error::{ConvertError, ConvertProblem, NarrativeProblem};
pub use to_json::xml_to_json;
pub use to_xml::json_to_xml;

/// The namespace of FHIR in XML.
const FHIR: &str = "http://hl7.org/fhir";
/// The namespace of narrative.
const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// The namespace of attributes such as `xsi:schemaLocation`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
