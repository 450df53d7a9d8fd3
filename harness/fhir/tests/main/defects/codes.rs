//! Defects of codes: outside their value set, none at all, of the wrong form.

use super::edit::replaced;
use super::random::Random;
use super::sites::{Doc, Site};
use super::structure::site;
use super::{Defect, Mutant, mutant};
use plumbline_fhir::{Form, Strength};

pub const DEFECTS: &[Defect] = &[
    Defect {
        name: "code outside a required set",
        break_: code,
    },
    Defect {
        name: "concept outside a required set",
        break_: concept,
    },
    Defect {
        name: "concept of another code system",
        break_: system,
    },
    Defect {
        name: "concept without a code",
        break_: no_code,
    },
    Defect {
        name: "code outside an extensible set",
        break_: extensible,
    },
    Defect {
        name: "media type or language of no form",
        break_: form,
    },
    Defect {
        name: "unit outside the greatest set",
        break_: unit,
    },
    Defect {
        name: "relative system",
        break_: relative,
    },
];

/// The strengths of bindings of a site whose sets are listed, or are not.
fn is_bound(it: &Site<'_>, strength: Strength, is_open: bool) -> bool {
    let mut all = it.child.element().bindings();
    all.any(|it| it.strength == strength && it.value_set.open().is_some() == is_open)
}

fn put(doc: &Doc<'_>, it: &Site<'_>, by: &str, code: &'static str) -> Option<Mutant> {
    mutant(replaced(doc.tree, it.node, by), code, it.path.clone())
}

fn code(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        it.of.is_primitive() && is_bound(it, Strength::Required, false)
    })?;
    let bad = [
        "\"plumbline\"",
        "\"Plumb-Line\"",
        "\"zz-9\"",
        "\"two words\"",
    ];
    put(doc, it, random.pick(&bad)?, "FHIR-BINDING")
}

fn required_concept<'d, 't>(doc: &'d Doc<'t>, random: &mut Random) -> Option<&'d Site<'t>> {
    site(doc, random, |it| {
        matches!(it.of.name(), "CodeableConcept" | "Coding")
            && is_bound(it, Strength::Required, false)
    })
}

fn concept(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = required_concept(doc, random)?;
    let coding = r#"{"system":"https://example.org/codes","code":"plumbline"}"#;
    let by = if it.of.name() == "Coding" {
        coding.to_owned()
    } else {
        format!(r#"{{"coding":[{coding},{coding}]}}"#)
    };
    put(doc, it, &by, "FHIR-BINDING")
}

/// The right code with a wrong system, or with none.
fn system(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = required_concept(doc, random)?;
    let mut bindings = it.child.element().bindings();
    let set = bindings
        .find(|it| it.strength == Strength::Required)?
        .value_set;
    let known = set.systems().find_map(|it| it.codes().first().copied())?;
    let coding = if random.below(2) == 0 {
        format!(r#"{{"system":"https://example.org/codes","code":"{known}"}}"#)
    } else {
        format!(r#"{{"code":"{known}"}}"#)
    };
    let by = if it.of.name() == "Coding" {
        coding
    } else {
        format!(r#"{{"coding":[{coding}]}}"#)
    };
    put(doc, it, &by, "FHIR-BINDING")
}

fn no_code(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = required_concept(doc, random)?;
    let by = if it.of.name() == "Coding" {
        r#"{"display":"x"}"#
    } else {
        r#"{"text":"x"}"#
    };
    put(doc, it, by, "FHIR-BINDING-NO-CODE")
}

fn extensible(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        matches!(it.of.name(), "CodeableConcept" | "Coding" | "code")
            && is_bound(it, Strength::Extensible, false)
    })?;
    let coding = r#"{"system":"https://example.org/codes","code":"plumbline"}"#;
    let by = match it.of.name() {
        "code" => "\"plumbline\"".to_owned(),
        "Coding" => coding.to_owned(),
        _ => format!(r#"{{"coding":[{coding}]}}"#),
    };
    put(doc, it, &by, "FHIR-BINDING-EXTENSIBLE")
}

fn form(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        let mut all = it.child.element().bindings();
        it.of.name() == "code"
            && all.any(|it| {
                it.strength != Strength::Extensible
                    && matches!(it.value_set.open(), Some((Form::Mime | Form::Language, _)))
            })
    })?;
    let bad = [
        "\"no form\"",
        "\"e\"",
        "\"text\\/\"",
        "\"english language\"",
        "\"en_GB/\"",
    ];
    put(doc, it, random.pick(&bad)?, "FHIR-BINDING-FORM")
}

fn unit(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        matches!(it.of.name(), "Age" | "Duration" | "Distance")
    })?;
    let mut bindings = it.of.bindings();
    bindings.find(|it| it.strength == Strength::Greatest)?;
    let bad = ["a b", "[lb", "kg)", "grün"];
    let by = format!(
        r#"{{"value":1,"system":"http://unitsofmeasure.org","code":"{}"}}"#,
        random.pick(&bad)?
    );
    put(doc, it, &by, "FHIR-BINDING-FORM")
}

fn relative(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        let owner = doc.holder(it).of.name();
        it.name == "system" && matches!(owner, "Coding" | "Identifier")
    })?;
    let bad = ["\"codes\"", "\"CodeSystem/x\"", "\"/a:b\"", "\"1.2.3\""];
    put(doc, it, random.pick(&bad)?, "FHIR-SYSTEM")
}
