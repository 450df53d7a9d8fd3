//! A right value of each type that mutants need. Not for resources.

use super::body::Body;

/// A right value of a type. `None` for types that no mutant needs.
pub fn sample(of: &str) -> Option<Body> {
    Some(match of {
        "boolean" => Body::raw("true"),
        "integer" | "positiveInt" | "unsignedInt" => Body::raw("3"),
        "decimal" => Body::raw("1.5"),
        "string" | "markdown" | "code" | "id" => Body::text("words"),
        "uri" | "url" | "canonical" => Body::text("https://example.org/words"),
        "oid" => Body::text("urn:oid:1.2.3"),
        "uuid" => Body::text("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
        "date" => Body::text("2020-02-03"),
        "dateTime" | "instant" => Body::text("2020-02-03T10:11:12Z"),
        "time" => Body::text("10:11:12"),
        "base64Binary" => Body::text("d29yZHM="),
        "CodeableConcept" | "Annotation" | "HumanName" | "Address" => {
            Body::object([("text", Body::text("words"))])
        }
        "Coding" | "Reference" => Body::object([("display", Body::text("words"))]),
        "Identifier" | "ContactPoint" => {
            Body::object([("value", Body::text("words"))]).with_system(of == "ContactPoint")
        }
        "Period" => Body::object([("start", Body::text("2020-02-03"))]),
        "Quantity" | "SimpleQuantity" | "Age" | "Duration" | "Count" | "Distance" | "Money" => {
            Body::object([("value", Body::raw("1.5"))])
        }
        "Range" => Body::object([("low", Body::object([("value", Body::raw("1.5"))]))]),
        "Ratio" => {
            let quantity = || Body::object([("value", Body::raw("1.5"))]);
            Body::object([("numerator", quantity()), ("denominator", quantity())])
        }
        "Attachment" => Body::object([("title", Body::text("words"))]),
        _ => return None,
    })
}

/// Types that can end the name of a choice, with a right value each.
pub const CHOOSABLE: &[&str] = &[
    "boolean",
    "integer",
    "decimal",
    "string",
    "uri",
    "date",
    "dateTime",
    "time",
    "instant",
    "base64Binary",
    "CodeableConcept",
    "Coding",
    "Quantity",
    "Range",
    "Ratio",
    "Period",
    "Reference",
    "Attachment",
    "Identifier",
    "HumanName",
    "Annotation",
];

/// The name with a capital letter.
pub fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

impl Body {
    fn with_system(self, wanted: bool) -> Self {
        match self {
            Self::Object(mut members) if wanted => {
                members.push(("system".to_owned(), Self::text("phone")));
                Self::Object(members)
            }
            other => other,
        }
    }
}
