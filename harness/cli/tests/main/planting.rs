//! The places in an answer where a value can be hidden. Each takes any text.

use crate::canary::{Kind, base64, percent};
use crate::hostile::{Answer, Asked};
use serde_json::{Value, json};

/// Appends to an array, making one if there is none.
fn push(object: &mut Value, name: &str, value: Value) {
    if !object.is_object() {
        return;
    }
    match &mut object[name] {
        Value::Array(items) => items.push(value),
        other => *other = json!([value]),
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

/// The first item of an array, which is made if there is none.
fn first<'v>(object: &'v mut Value, name: &str) -> &'v mut Value {
    if !object[name][0].is_object() {
        set(object, name, json!([{}]));
    }
    &mut object[name][0]
}

/// A resource of a Bundle, or the document itself.
fn resource(document: &mut Value, at: usize) -> &mut Value {
    let count = document["entry"].as_array().map_or(0, Vec::len);
    if count > 0 && document["entry"][at % count]["resource"].is_object() {
        return &mut document["entry"][at % count]["resource"];
    }
    document
}

fn header(answer: &mut Answer, name: &str, value: &str) {
    let sendable = value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let value = if sendable {
        value.to_owned()
    } else {
        percent(value)
    };
    answer.headers.push((name.to_owned(), value));
}

/// Whether it may be the name of a header.
fn is_token(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.+".contains(&b))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
}

/// How many harmless places there are.
pub const HARMLESS: usize = 48;

/// Puts a value where the answer stays right.
#[expect(clippy::too_many_lines, reason = "a table of places, one a line")]
pub fn harmless(
    place: usize,
    at: usize,
    c: &str,
    base: &str,
    document: &mut Value,
    answer: &mut Answer,
) {
    let pct = percent(c);
    match place % HARMLESS {
        6 => return header(answer, "X-Request-Id", c),
        7 => return header(answer, "Server", c),
        8 => return header(answer, "Set-Cookie", &format!("session={c}; Path=/")),
        9 if is_token(c) => return header(answer, c, "1"),
        9 => return header(answer, "X-Patient", c),
        10 => return header(answer, "Location", &format!("{base}/Patient/{pct}")),
        11 => {
            return header(
                answer,
                "Content-Location",
                &format!("https://{pct}.example/{pct}?key={pct}#{pct}"),
            );
        }
        12 => return header(answer, "ETag", &format!("W/\"{c}\"")),
        13 => return header(answer, "WWW-Authenticate", &format!("Basic realm=\"{c}\"")),
        24 => return header(answer, "Retry-After", c),
        27 => return header(answer, "Cache-Control", &format!("max-age={c}")),
        28 => return header(answer, "Authorization", &format!("Bearer {c}")),
        29 => {
            return header(
                answer,
                "Location",
                &format!("/fhir/Patient?identifier={pct}&{pct}=1&page={pct}"),
            );
        }
        _ => {}
    }
    let root = place % HARMLESS;
    let (kind, place) = (document["resourceType"] == "Bundle", root);
    if kind && place == 14 {
        let url = format!("{base}/Patient?name={pct}&family:exact={pct}&{pct}&_count={pct}#{pct}");
        return push(
            document,
            "link",
            json!({"relation": "alternate", "url": url}),
        );
    }
    if kind && place == 21 {
        let outcome = json!({
            "resourceType": "OperationOutcome",
            "id": c,
            "issue": [{"severity": "information", "code": "informational", "diagnostics": c,
                "details": {"text": c, "coding": [{"system": c, "code": c}]},
                "expression": [format!("Patient.name.where(family='{c}')")], "location": [c]}],
        });
        let entry = json!({"fullUrl": format!("urn:uuid:{c}"), "resource": outcome, "search": {"mode": "outcome"}});
        return push(document, "entry", entry);
    }
    let r = resource(document, at);
    match place {
        0 => push(
            r,
            "extension",
            json!({"url": format!("https://x.example/ext/{c}"), "valueString": c}),
        ),
        1 => push(
            r,
            "extension",
            json!({"url": format!("http://hl7.org/fhir/StructureDefinition/{c}"), "valueCode": c}),
        ),
        2 => push(
            r,
            "contained",
            json!({"resourceType": "Organization", "id": c, "name": c, "partOf": {"reference": format!("#{c}")}}),
        ),
        3 => set(
            r,
            "text",
            json!({"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{c}</div>")}),
        ),
        4 => set(r, c, json!("x")),
        5 => set(
            r,
            "_birthDate",
            json!({"id": c, "extension": [{"url": c, "valueDateTime": c}]}),
        ),
        15 => push(
            r,
            "telecom",
            json!({"system": "phone", "use": "home", "value": c}),
        ),
        16 => push(
            r,
            "generalPractitioner",
            json!({"reference": format!("Practitioner/{c}"), "display": c}),
        ),
        17 => push(
            &mut r["meta"],
            "tag",
            json!({"system": format!("https://x.example/{c}"), "code": c, "display": c, "version": c}),
        ),
        18 => {
            set(&mut r["meta"], "versionId", json!(c));
            set(&mut r["meta"], "source", json!(c));
        }
        19 => set(
            r,
            "photo",
            json!([{"contentType": c, "title": c, "data": base64(c), "hash": base64(c), "url": format!("https://photos.example/{c}")}]),
        ),
        20 => set(
            r,
            "managingOrganization",
            json!({"reference": c, "type": c, "identifier": {"system": c, "value": c}}),
        ),
        22 => set(
            r,
            "note",
            json!([{"text": c, "authorString": c, "time": c}]),
        ),
        23 if is_number(c) => {
            let number: Value = serde_json::from_str(c).unwrap();
            set(r, "multipleBirthInteger", number.clone());
            push(
                r,
                "extension",
                json!({"url": "x", "valueInteger": number, "valueDecimal": number}),
            );
        }
        23 => push(
            r,
            "extension",
            json!({"url": "x", "valueBase64Binary": base64(c)}),
        ),
        25 => push(
            r,
            "communication",
            json!({"language": {"text": c, "coding": [{"system": c, "code": c, "display": c}]}}),
        ),
        26 => {
            for (name, value) in [
                ("valueUri", format!("urn:uuid:{c}")),
                ("valueUri", format!("urn:oid:2.16.840.1.113883.{c}")),
                ("valueCanonical", format!("https://fhir.hl7.org.uk/{c}|{c}")),
                ("valueUrl", format!("{base}/Patient/{c}/_history/{c}")),
                ("valueId", c.to_owned()),
                ("valueMarkdown", c.to_owned()),
            ] {
                push(r, "extension", json!({"url": "x", name: value}));
            }
            push(
                r,
                "extension",
                json!({"url": "x", "valueReference": {"reference": format!("{base}/Patient/{c}")}}),
            );
        }
        30 => push(
            &mut r["meta"],
            "profile",
            json!(format!("https://fhir.hl7.org.uk/StructureDefinition/{c}")),
        ),
        31 => push(
            &mut r["meta"],
            "security",
            json!({"system": format!("http://snomed.info/sct/{c}"), "code": c}),
        ),
        32 => set(
            r,
            "software",
            json!({"name": c, "version": c, "releaseDate": c}),
        ),
        33 => set(r, "publisher", json!(c)),
        34 => set(
            r,
            "contact",
            json!([{"name": c, "telecom": [{"system": "email", "value": c}]}]),
        ),
        35 => {
            set(r, "title", json!(c));
            set(r, "description", json!(c));
            set(r, "copyright", json!(c));
        }
        36 => set(
            r,
            "implementation",
            json!({"description": c, "url": format!("https://{c}.example/{c}"), "custodian": {"reference": c}}),
        ),
        37 => {
            set(r, "date", json!(c));
            set(r, "purpose", json!(c));
            set(r, "url", json!(c));
        }
        38 => push(
            first(r, "rest"),
            "resource",
            json!({"type": c, "documentation": c, "profile": c, "searchParam": [{"name": c, "type": c, "definition": c}]}),
        ),
        39 => set(
            first(r, "rest"),
            "security",
            json!({"cors": true, "description": c, "service": [{"text": c}], "extension": [{"url": c}]}),
        ),
        40 => push(
            r,
            "instantiates",
            json!(format!("https://fhir.hl7.org.uk/{c}")),
        ),
        41 => push(
            r,
            "identifier",
            json!({"use": c, "system": format!("https://x.example/id/{c}"), "value": c, "type": {"text": c}, "assigner": {"display": c}}),
        ),
        42 => push(
            r,
            "contact",
            json!({"name": {"text": c, "family": c, "given": [c]}, "relationship": [{"text": c}], "gender": c}),
        ),
        43 => set(r, "_gender", json!([c, {c: c}, [c]])),
        44 => push(
            r,
            "reaction",
            json!({"description": c, "onset": c, "manifestation": [{"text": c}], "severity": c}),
        ),
        45 => set(
            r,
            "x",
            json!({c: {c: [{"family": c, "gender": c, "id": c, "total": c}]}}),
        ),
        46 => set(r, "language", json!(c)),
        _ => set(
            r,
            "asserter",
            json!({"reference": format!("Patient/{c}"), "display": c}),
        ),
    }
}

/// How many misused places there are.
pub const MISUSED: usize = 24;

/// Puts a value where FHIR wants another, so that findings have something to say.
pub fn misused(
    place: usize,
    at: usize,
    kind: Kind,
    c: &str,
    base: &str,
    document: &mut Value,
    answer: &mut Answer,
) {
    let count = document["entry"].as_array().map_or(0, Vec::len);
    let as_number = if is_number(c) {
        serde_json::from_str(c).unwrap()
    } else {
        json!(c)
    };
    match place % MISUSED {
        0 => set(document, "type", json!(c)),
        1 => set(document, "total", as_number),
        2 => set(document, "resourceType", json!(c)),
        3 => push(
            document,
            "link",
            json!({"relation": "next", "url": format!("{base}/Patient?_cursor={}", percent(c))}),
        ),
        4 => push(document, "link", json!({"relation": c, "url": c})),
        5 => {
            answer
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            header(
                answer,
                "Content-Type",
                &format!("application/json; name=\"{c}\""),
            );
        }
        6 if count > 0 => set(
            &mut document["entry"][at % count],
            "fullUrl",
            json!(format!("{base}/Patient/{c}")),
        ),
        7 if count > 0 => set(
            &mut document["entry"][at % count],
            "search",
            json!({"mode": c, "score": c}),
        ),
        8 => *document = json!([document.clone(), c, {c: c}]),
        place => {
            let r = resource(document, at);
            match place {
                9 => set(r, "id", json!(c)),
                10 => set(r, "gender", json!(c)),
                11 => set(r, "birthDate", json!(c)),
                12 if kind != Kind::ChiNumber => {
                    set(
                        r,
                        "identifier",
                        json!([{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": c}]),
                    );
                }
                13 => set(
                    r,
                    "name",
                    json!([{"family": c, "given": [c], "prefix": [c], "text": c}]),
                ),
                14 => set(
                    r,
                    "clinicalStatus",
                    json!({"coding": [{"system": c, "code": c}], "text": c}),
                ),
                15 => set(
                    r,
                    "code",
                    json!({"coding": [{"system": "http://snomed.info/sct", "code": c, "display": c}]}),
                ),
                16 => set(r, "resourceType", json!(c)),
                17 => set(r, "patient", json!({"reference": format!("Patient/{c}")})),
                18 => {
                    set(r, "recordedDate", json!(c));
                    set(r, "lastOccurrence", as_number);
                }
                19 => {
                    set(r, "kind", json!(c));
                    set(r, "fhirVersion", json!(c));
                    set(r, "status", json!(c));
                }
                20 => set(
                    r,
                    "instantiates",
                    json!([c, format!("https://fhir.hl7.org.uk/{c}")]),
                ),
                21 => set(
                    r,
                    "address",
                    json!([{"line": [c], "city": c, "postalCode": c}, {"text": c}]),
                ),
                22 => {
                    set(r, "name", json!(c));
                    set(r, "identifier", json!({c: c}));
                    set(r, "gender", as_number);
                }
                _ => set(
                    r,
                    "patient",
                    json!({"reference": format!("{base}/Patient/{c}"), "identifier": {"value": c}}),
                ),
            }
        }
    }
}

/// How many kinds of error page there are.
pub const PAGES: usize = 9;

/// Answers with an error page, or with something that is hardly an answer.
pub fn page(place: usize, values: &[&str], asked: &Asked, answer: &mut Answer) {
    let all = values.join(" | ");
    let html = || {
        format!("<html><head><title>{all}</title></head><body><pre>at {all}</pre></body></html>")
    };
    let (status, media, body) = match place % PAGES {
        0 => (404, "text/html", html()),
        1 => (400, "text/plain", all),
        2 => {
            let issues: Vec<Value> = values
                .iter()
                .map(|c| {
                    json!({"severity": "error", "code": c, "diagnostics": c, "details": {"text": c},
                    "expression": [c], "location": [c]})
                })
                .collect();
            let outcome =
                json!({"resourceType": "OperationOutcome", "id": values[0], "issue": issues});
            (422, "application/fhir+json", outcome.to_string())
        }
        3 => {
            let mut text =
                json!({"resourceType": "Bundle", "type": "searchset", "x": values}).to_string();
            text.truncate(text.len() - 2);
            (200, "application/fhir+json", text)
        }
        4 => {
            for value in values {
                header(
                    answer,
                    "Location",
                    &format!(
                        "{}/Patient/{}?{}",
                        asked.base_url,
                        percent(value),
                        percent(value)
                    ),
                );
            }
            (302, "text/html", html())
        }
        5 => (
            200,
            "application/fhir+xml",
            format!("<Patient><name value=\"{all}\"/></Patient>"),
        ),
        6 => (500, "text/html", html()),
        7 => (200, "application/fhir+json", json!(values[0]).to_string()),
        _ => (200, "application/fhir+json", values[0].to_owned()),
    };
    answer
        .headers
        .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    answer
        .headers
        .push(("Content-Type".to_owned(), media.to_owned()));
    answer.status = status;
    answer.body = body.into_bytes();
}
