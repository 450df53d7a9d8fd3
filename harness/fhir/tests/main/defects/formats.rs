//! Defects of primitives and of narrative.

use super::edit::{replaced, with};
use super::random::Random;
use super::sites::{Doc, Kind};
use super::structure::site;
use super::{Defect, Mutant};
use plumbline_fhir::FhirVersion;
use plumbline_tree::Form;

macro_rules! formats {
    ($($name:literal $function:ident $of:literal $code:literal [$($bad:literal)*])*) => {
        $(fn $function(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
            value(doc, random, &[$of], $code, &[$($bad),*])
        })*
        const PRIMITIVES: &[Defect] = &[$(Defect { name: $name, break_: $function }),*];
    };
}

formats! {
    "date" date "date" "FHIR-DATE" ["\"2023-02-29\"" "\"2020-13\"" "\"2020-1-1\"" "\"20200101\"" "\"0000\"" "\"2020-01-01T00:00:00Z\"" "\"01/02/2020\"" "\"2020-04-31\"" "\" 2020\""]
    "dateTime" date_time "dateTime" "FHIR-DATETIME" ["\"2023-02-29\"" "\"2020-01-01T10:00Z\"" "\"2020-01-01T10:00:00\"" "\"2020-01-01T24:00:00Z\"" "\"2020-01-01 10:00:00Z\"" "\"2020-01T10:00:00Z\"" "\"2020-01-01T10:00:00+15:00\"" "\"2020-01-01T10:00:00.Z\"" "\"2020-06-31T10:00:00Z\""]
    "instant" instant "instant" "FHIR-INSTANT" ["\"2020-01-01\"" "\"2020-01-01T10:00Z\"" "\"2020-01-01T10:00:00\"" "\"2020-01-01T10:60:00Z\"" "\"2020-01-01t10:00:00z\""]
    "time" time "time" "FHIR-TIME" ["\"24:00:00\"" "\"10:00\"" "\"10:00:00Z\"" "\"1:00:00\"" "\"10:00:61\""]
    "id" id "id" "FHIR-ID" ["\"a_b\"" "\"a b\"" "\"ä\"" "\"0123456789012345678901234567890123456789012345678901234567890123456\"" "\"a/b\""]
    "uri" uri "uri" "FHIR-URI" ["\"https://example.org/a b\"" "\"urn:uuid:1\"" "\"urn:oid:3.1\"" "\"oid:1.2.3\"" "\" https://example.org\"" "\"urn:oid:1.02\""]
    "canonical" canonical "canonical" "FHIR-URI" ["\"https://example.org/a b\"" "\"urn:oid:1\"" "\"urn:uuid:x|1\""]
    "relative canonical" relative "canonical" "FHIR-CANONICAL-RELATIVE" ["\"Questionnaire/1\"" "\"a|1.0\"" "\"/a\"" "\"https\"" "\"a/b:c\""]
    "oid" oid "oid" "FHIR-OID" ["\"1.2.3\"" "\"urn:oid:3.2\"" "\"urn:oid:1.2.\"" "\"urn:oid:1.02\""]
    "base64Binary" base64 "base64Binary" "FHIR-BASE64" ["\"SGVsbG8\"" "\"####\"" "\"SGk==\"" "\"=SGk\"" "\"SG-_\""]
    "integer" integer "integer" "FHIR-INTEGER" ["1.5" "1e2" "2147483648" "-2147483649" "1.0"]
    "positiveInt" positive "positiveInt" "FHIR-INTEGER" ["0" "-1" "2147483648" "1.5"]
    "unsignedInt" unsigned "unsignedInt" "FHIR-INTEGER" ["-1" "2147483648" "0.5"]
    "code" code "code" "FHIR-CODE" ["\" a\"" "\"a \"" "\"a  b\"" "\"a\\tb\"" "\" \""]
    "string blank" blank "string" "FHIR-STRING-BLANK" ["\" \"" "\"\\n\\t\"" "\"   \""]
    "string with a control character" control "string" "FHIR-STRING-CONTROL" ["\"a\\u0001\"" "\"\\u000b\"" "\"a\\u001fb\""]
    "markdown blank" markdown "markdown" "FHIR-STRING-BLANK" ["\" \"" "\"\\n\\n\""]
}

const OTHERS: &[Defect] = &[
    Defect {
        name: "uuid",
        break_: uuid,
    },
    Defect {
        name: "url",
        break_: url,
    },
    Defect {
        name: "empty string",
        break_: empty,
    },
    Defect {
        name: "string too long",
        break_: long,
    },
    Defect {
        name: "decimal of STU3 with exponent",
        break_: exponent,
    },
    Defect {
        name: "id of an element with space",
        break_: element_id,
    },
    Defect {
        name: "narrative not well-formed",
        break_: xhtml_syntax,
    },
    Defect {
        name: "narrative not a div",
        break_: xhtml_root,
    },
    Defect {
        name: "narrative with a forbidden element",
        break_: xhtml_element,
    },
    Defect {
        name: "narrative with a forbidden attribute",
        break_: xhtml_attribute,
    },
    Defect {
        name: "narrative without text",
        break_: xhtml_empty,
    },
];

pub const DEFECTS: &[Defect] = &{
    let mut all = [const {
        Defect {
            name: "",
            break_: empty,
        }
    }; PRIMITIVES.len() + OTHERS.len()];
    let mut at = 0;
    while at < all.len() {
        let from = if at < PRIMITIVES.len() {
            &PRIMITIVES[at]
        } else {
            &OTHERS[at - PRIMITIVES.len()]
        };
        all[at] = Defect {
            name: from.name,
            break_: from.break_,
        };
        at += 1;
    }
    all
};

/// Puts one of the values into an element of one of the types.
fn value(
    doc: &Doc<'_>,
    random: &mut Random,
    types: &[&str],
    code: &'static str,
    bad: &[&str],
) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        types.contains(&it.of.name()) && !it.node.is_null()
    })?;
    Some(Mutant {
        text: replaced(doc.tree, it.node, random.pick(bad)?),
        code,
        path: it.path.clone(),
    })
}

fn is_r4(doc: &Doc<'_>) -> bool {
    doc.definitions.version() == FhirVersion::R4
}

fn uuid(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let bad = [
        "\"53fefa32-fcbb-4ff8-8a92-55ee120877b7\"",
        "\"urn:uuid:53FEFA32-fcbb-4ff8-8a92-55ee120877b7\"",
        "\"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b\"",
    ];
    value(doc, random, &["uuid"], "FHIR-UUID", &bad)
}

fn url(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let bad = ["\"https://example.org/ a\"", "\"uuid:1\"", "\"urn:uuid:\""];
    value(doc, random, &["url"], "FHIR-URI", &bad)
}

fn empty(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.node.form() == Form::String)?;
    Some(Mutant {
        text: replaced(doc.tree, it.node, "\"\""),
        code: "FHIR-STRING-EMPTY",
        path: it.path.clone(),
    })
}

fn long(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        matches!(it.of.name(), "string" | "markdown") && it.node.form() == Form::String
    })?;
    let text = format!("\"{}\"", "x".repeat(1024 * 1024 + 1));
    Some(Mutant {
        text: replaced(doc.tree, it.node, &text),
        code: "FHIR-STRING-LENGTH",
        path: it.path.clone(),
    })
}

fn exponent(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    if is_r4(doc) {
        return None;
    }
    value(
        doc,
        random,
        &["decimal"],
        "FHIR-DECIMAL",
        &["1e2", "1.5E-3", "-0e1"],
    )
}

fn element_id(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let all: Vec<_> = doc
        .holders
        .iter()
        .filter(|it| !matches!(it.kind, Kind::Resource | Kind::Contained))
        .filter(|it| it.node.get("id").is_none())
        .collect();
    let it = random.pick(&all)?;
    Some(Mutant {
        text: with(doc.tree, it.node, "id", "\"a b\""),
        code: "FHIR-ELEMENT-ID",
        path: format!("{}.id", it.path),
    })
}

fn narrative(
    doc: &Doc<'_>,
    random: &mut Random,
    code: &'static str,
    bad: &[&str],
) -> Option<Mutant> {
    let bad = random.pick(bad)?;
    let bad = bad.replace("DIV", r#"<div xmlns=\"http://www.w3.org/1999/xhtml\">"#);
    value(doc, random, &["xhtml"], code, &[&format!("\"{bad}\"")])
}

fn xhtml_syntax(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let bad = [
        "DIVa",
        "DIV<p>a</div>",
        "DIVa & b</div>",
        "DIVa&nbsp;b</div>",
        "text",
        "DIVa</div>b",
        "DIV<br>a</div>",
        "DIV<a href=x>a</a></div>",
        "DIV<p class='a' class='b'>x</p></div>",
        "<!DOCTYPE html>DIVa</div>",
    ];
    narrative(doc, random, "FHIR-XHTML-SYNTAX", &bad)
}

fn xhtml_root(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let bad = [
        "<div>a</div>",
        r#"<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p>"#,
        r#"<div xmlns=\"http://hl7.org/fhir\">a</div>"#,
        r#"<DIV xmlns=\"http://www.w3.org/1999/xhtml\">a</DIV>"#,
    ];
    narrative_root(doc, random, &bad)
}

fn narrative_root(doc: &Doc<'_>, random: &mut Random, bad: &[&str]) -> Option<Mutant> {
    let bad = format!("\"{}\"", random.pick(bad)?);
    value(doc, random, &["xhtml"], "FHIR-XHTML-ROOT", &[&bad])
}

fn xhtml_element(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let bad = [
        "DIV<script>x</script></div>",
        "DIV<form>x</form></div>",
        "DIV<p><iframe src='x'>y</iframe></p></div>",
        "DIV<object>x</object></div>",
        "DIV<P>x</P></div>",
        "DIV<input/>x</div>",
        "DIVx<body>y</body></div>",
        "DIV<x xmlns='urn:x'>y</x></div>",
    ];
    narrative(doc, random, "FHIR-XHTML-ELEMENT", &bad)
}

fn xhtml_attribute(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let bad = [
        "DIV<p onclick='x'>x</p></div>",
        "DIV<p href='x'>x</p></div>",
        "DIV<img src='#a' onload='b'/></div>",
        "DIV<span plumbline='x'>x</span></div>",
        "DIV<p STYLE='x'>x</p></div>",
        "DIV<a action='x'>x</a></div>",
    ];
    narrative(doc, random, "FHIR-XHTML-ATTRIBUTE", &bad)
}

fn xhtml_empty(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let bad = [
        "DIV</div>",
        "DIV  </div>",
        "DIV<p/></div>",
        "DIV<p> </p><br/></div>",
    ];
    narrative(doc, random, "FHIR-XHTML-EMPTY", &bad)
}
