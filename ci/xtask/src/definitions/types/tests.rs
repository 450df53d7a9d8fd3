//! Tests of the text of types, over a base specification of six types.

use super::*;
use serde_json::{Value, json};

fn element(path: &str, range: &str, types: &[&str]) -> Value {
    let (min, max) = range.split_once("..").unwrap();
    let types: Vec<Value> = types.iter().map(|code| json!({ "code": code })).collect();
    json!({ "path": path, "min": min.parse::<u32>().unwrap(), "max": max, "type": types })
}

fn structure(name: &str, kind: &str, base: Option<&str>, elements: &[Value]) -> Value {
    let url = format!("{STRUCTURES}{name}");
    let base = base.map(|base| format!("{STRUCTURES}{base}"));
    let mut all = vec![json!({ "path": name, "min": 0, "max": "*" })];
    all.extend_from_slice(elements);
    json!({ "url": url, "kind": kind, "baseDefinition": base, "snapshot": { "element": all } })
}

/// A base specification of six types.
fn small() -> Vec<Value> {
    let id = |of: &str| element(&format!("{of}.id"), "0..1", &["string"]);
    let value = json!({ "path": "string.value", "min": 0, "max": "1", "type": [{
        "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/regex", "valueString": "\\S+" }]
    }] });
    let mut bound = element("Thing.size[x]", "1..1", &["string", "Pair"]);
    bound["isModifier"] = json!(true);
    bound["binding"] = json!({
        "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/sizes|1", "extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet",
            "valueReference": { "reference": "http://example.org/greatest" }
        }]
    });
    bound["constraint"] = json!([{ "key": "thi-1", "severity": "error", "expression": "true" }]);
    let again =
        json!({ "path": "Thing.again", "min": 0, "max": "*", "contentReference": "#Thing.part" });
    vec![
        structure("Element", "complex-type", None, &[id("Element")]),
        structure(
            "string",
            "primitive-type",
            Some("Element"),
            &[id("string"), value],
        ),
        structure("id", "primitive-type", Some("Element"), &[id("id")]),
        structure(
            "Pair",
            "complex-type",
            Some("Element"),
            &[id("Pair"), element("Pair.x", "1..1", &["string"])],
        ),
        structure(
            "Extension",
            "complex-type",
            Some("Element"),
            &[
                id("Extension"),
                element("Extension.value[x]", "0..1", &["string", "Pair"]),
            ],
        ),
        structure(
            "Thing",
            "resource",
            None,
            &[
                id("Thing"),
                bound,
                element("Thing.part", "0..*", &["Element"]),
                id("Thing.part"),
                element("Thing.part.one", "0..1", &["string"]),
                again,
            ],
        ),
    ]
}

fn written(structures: &[Value]) -> Result<Facts> {
    let structures: Vec<Structure> = structures
        .iter()
        .map(|it| serde_json::from_value(it.clone()).unwrap())
        .collect();
    facts(&structures)
}

#[test]
fn writes_what_a_type_adds_to_its_base() {
    let facts = written(&small()).unwrap();
    assert_eq!(
        facts.datatypes,
        "choice string Pair\nprimitive id < Element\nprimitive string < Element\n  ~ \\S+\ndatatype Element\n  id 0..1 string\n\
         datatype Extension < Element\n  value[x] 0..1 *\ndatatype Pair < Element\n  x 1..1 string\n"
    );
    assert_eq!(
        facts.resources,
        "resource Thing\n  id 0..1 id\n  size[x] 1..1 * ?! !sizes <http://example.org/greatest\n    \
         ^ thi-1 error true\n  part 0..* Element\n    one 0..1 string\n  again 0..* @Thing.part\n"
    );
    let counts = Counts {
        primitives: 2,
        datatypes: 3,
        profiles: 0,
        resources: 1,
        elements: 8,
        invariants: 1,
    };
    assert_eq!(facts.counts, counts);
    let sets: Vec<&String> = facts.bindings.keys().collect();
    assert_eq!(
        sets,
        [
            "http://example.org/greatest",
            "http://hl7.org/fhir/ValueSet/sizes"
        ]
    );
}

#[test]
fn an_inherited_element_that_is_narrower_is_written_again() {
    let mut structures = small();
    structures[3]["snapshot"]["element"][1]["max"] = json!("0");
    let facts = written(&structures).unwrap();
    assert!(
        facts
            .datatypes
            .contains("datatype Pair < Element\n  id 0..0\n  x "),
        "{}",
        facts.datatypes
    );
}

#[test]
fn refuses_what_the_format_cannot_say() {
    let refused = |change: &dyn Fn(&mut Vec<Value>), part: &str| {
        let mut structures = small();
        change(&mut structures);
        let error = format!("{:#}", written(&structures).unwrap_err());
        assert!(error.contains(part), "{error}");
    };
    let elements = |it: &mut Vec<Value>, at: usize| it[at]["snapshot"]["element"].take();
    refused(
        &|it| {
            let mut all = elements(it, 3);
            all.as_array_mut().unwrap().swap(1, 2);
            it[3]["snapshot"]["element"] = all;
        },
        "stands where the base type has",
    );
    refused(
        &|it| it[3]["snapshot"]["element"][2]["type"] = json!([{ "code": "Odd" }]),
        "no StructureDefinition Odd",
    );
    refused(
        &|it| it[3]["snapshot"]["element"][2]["type"] = json!([]),
        "no type",
    );
    refused(
        &|it| {
            let two = "a\nb";
            it[3]["snapshot"]["element"][2]["constraint"] =
                json!([{ "key": "p-1", "severity": "error", "expression": two }]);
        },
        "does not fit on a line",
    );
    refused(
        &|it| {
            it[3]["snapshot"]["element"][2]["constraint"] =
                json!([{ "key": "p-1", "severity": "grave", "expression": "true" }]);
        },
        "severity grave",
    );
}
