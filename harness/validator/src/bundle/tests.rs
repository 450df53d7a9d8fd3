//! A passing and a failing instance of every rule of bundles, documents and narrative links.

use crate::reference::testing::{bundle, entry, expect, expect_of};
use plumbline_fhir::FhirVersion::{R4, Stu3};

const A: &str = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
const B: &str = "urn:uuid:b3a8bd9d-9ab4-4a7a-8cb4-7b5ff2bd2d0a";
const C: &str = "urn:uuid:11111111-1cbf-4d64-b04d-cd9187a4c6e0";
const D: &str = "urn:uuid:22222222-1cbf-4d64-b04d-cd9187a4c6e0";
const URL: &str = "https://x.example/fhir/Patient/1";
const FULL_URL: &str = "Bundle.entry[0].fullUrl";

const PATIENT: &str = r#"{"resourceType":"Patient","id":"1"}"#;

#[test]
fn a_full_url_is_absolute_and_agrees_with_its_resource() {
    let of = |url: &str, resource: &str| bundle("collection", &[&entry(url, resource)]);
    for url in [
        URL,
        A,
        "urn:oid:1.2.3",
        "https://x.example/somewhere",
        "http://x.example/Thing/9",
    ] {
        expect(&of(url, PATIENT), &[]);
    }
    for url in ["Patient/1", "1", "https://x.example/Patient/1#a"] {
        expect(&of(url, PATIENT), &[("FHIR-BUNDLE-FULLURL-FORM", FULL_URL)]);
    }
    let wrong = [("FHIR-BUNDLE-FULLURL-ID", FULL_URL)];
    expect(&of("https://x.example/Patient/2", PATIENT), &wrong);
    expect(&of("https://x.example/Person/1", PATIENT), &wrong);
    expect(&of(URL, r#"{"resourceType":"Patient"}"#), &wrong);
}

#[test]
fn what_is_created_has_no_id_yet() {
    let json = bundle(
        "transaction",
        &[&format!(
            r#"{{"fullUrl":"{URL}","resource":{{"resourceType":"Patient"}},"request":{{"method":"POST","url":"Patient"}}}}"#
        )],
    );
    expect(&json, &[]);
}

#[test]
fn an_entry_with_a_resource_has_a_full_url() {
    let missing = ("FHIR-BUNDLE-FULLURL-MISSING", "Bundle.entry[0]");
    let entry = format!(r#"{{"resource":{PATIENT}}}"#);
    expect(&bundle("collection", &[&entry]), &[missing]);
    let response = r#","response":{"status":"200"}}"#;
    let answered = format!(r#"{{"resource":{PATIENT}{response}"#);
    expect(&bundle("batch-response", &[&answered]), &[]);
    let sent = |method: &str, url: &str| {
        let request = format!(r#""request":{{"method":"{method}","url":"{url}"}}"#);
        bundle(
            "transaction",
            &[&format!(r#"{{"resource":{PATIENT},{request}}}"#)],
        )
    };
    expect(&sent("POST", "Patient"), &[]);
    expect(&sent("PUT", "Patient/1"), &[missing]);
}

#[test]
fn some_types_want_resources() {
    let entry =
        format!(r#"{{"fullUrl":"{A}","link":[{{"relation":"self","url":"https://x.example"}}]}}"#);
    let none = ("FHIR-BUNDLE-NO-RESOURCE", "Bundle.entry[0]");
    expect(&bundle("collection", &[&entry]), &[none]);
    expect(&bundle("collection", &[]), &[]);
}

fn composition(body: &str) -> String {
    format!(
        r#"{{"resourceType":"Composition","id":"c","status":"final","type":{{"text":"t"}},"date":"2020","title":"t",
            "author":[{{"reference":"{B}"}}],"subject":{{"reference":"{C}"}}{body}}}"#
    )
}

/// A document of a composition, its author, its subject, and more.
fn document(body: &str, more: &[&str]) -> String {
    let mut entries = vec![
        entry(A, &composition(body)),
        entry(B, r#"{"resourceType":"Practitioner","id":"p"}"#),
        entry(C, PATIENT),
    ];
    entries.extend(more.iter().map(|it| (*it).to_owned()));
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let json = bundle("document", &entries);
    json.replacen(
        r#""type""#,
        r#""meta":{"lastUpdated":"2020-01-01T00:00:00Z"},"type""#,
        1,
    )
}

#[test]
fn a_document_holds_what_its_composition_refers_to() {
    expect(&document("", &[]), &[]);
    let custodian = r#","custodian":{"reference":"https://x.example/Organization/1"}"#;
    let at = "Bundle.entry[0].resource.custodian.reference";
    let wanted = [("FHIR-BUNDLE-DOCUMENT-REFERENCE", at)];
    expect(&document(custodian, &[]), &wanted);
    let organization = r#"{"resourceType":"Organization","id":"1","name":"n"}"#;
    let there = entry("https://x.example/Organization/1", organization);
    expect(&document(custodian, &[&there]), &[]);
    let section = |reference: &str| {
        let inner = format!(
            r#"{{"title":"a","text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">t</div>"}},"entry":[{{"reference":"{reference}"}}]}}"#
        );
        format!(r#","section":[{{"title":"s","section":[{inner}]}}]"#)
    };
    let at = "Bundle.entry[0].resource.section[0].section[0].entry[0].reference";
    let wanted = [("FHIR-BUNDLE-DOCUMENT-REFERENCE", at)];
    expect(
        &document(&section("https://x.example/Condition/1"), &[]),
        &wanted,
    );
    expect(&document(&section(C), &[]), &[]);
    // Nothing says who is meant, so that nothing can be missing.
    expect(&document(r#","custodian":{"display":"d"}"#, &[]), &[]);
}

#[test]
fn nothing_in_a_document_stands_by_itself() {
    let unlinked = ("FHIR-BUNDLE-UNLINKED", "Bundle.entry[3]");
    let person = entry(D, r#"{"resourceType":"Person","id":"1"}"#);
    expect(&document("", &[&person]), &[unlinked]);
    let about = |of: &str, body: &str| {
        let resource = format!(r#"{{"resourceType":"{of}","id":"1",{body}}}"#);
        entry(D, &resource)
    };
    let flag = about(
        "Person",
        &format!(r#""link":[{{"target":{{"reference":"{C}"}}}}]"#),
    );
    let backwards = ("FHIR-BUNDLE-UNLINKED-BACKWARDS", "Bundle.entry[3]");
    expect(&document("", &[&flag]), &[backwards]);
    let target = format!(r#""target":[{{"reference":"{C}"}}],"recorded":"2020-01-01T00:00:00Z""#);
    let r4 = about(
        "Provenance",
        &format!(r#"{target},"agent":[{{"who":{{"reference":"{B}"}}}}]"#),
    );
    expect_of(R4, &document("", &[&r4]), &[]);
    // What another entry leads to belongs, however far away.
    let linked = format!(
        r#"{{"resourceType":"Organization","id":"1","name":"n","partOf":{{"reference":"{A}"}}}}"#
    );
    let linked = linked.replace(A, "urn:uuid:33333333-1cbf-4d64-b04d-cd9187a4c6e0");
    let more = entry(
        "urn:uuid:33333333-1cbf-4d64-b04d-cd9187a4c6e0",
        r#"{"resourceType":"Organization","id":"2","name":"n"}"#,
    );
    let custodian = format!(r#","custodian":{{"reference":"{D}"}}"#);
    expect(&document(&custodian, &[&entry(D, &linked), &more]), &[]);
}

#[test]
fn a_stylesheet_and_an_attachment_belong_to_a_document() {
    let binary = entry(
        D,
        r#"{"resourceType":"Binary","id":"b","contentType":"text/css"}"#,
    );
    let json = document("", &[&binary]);
    let links = format!(r#""type":"document","link":[{{"relation":"stylesheet","url":"{D}"}}]"#);
    expect(&json.replace(r#""type":"document""#, &links), &[]);
    expect(&json, &[("FHIR-BUNDLE-UNLINKED", "Bundle.entry[3]")]);
    let photo = format!(r#"{{"resourceType":"Patient","id":"1","photo":[{{"url":"{D}"}}]}}"#);
    expect(&json.replace(PATIENT, &photo), &[]);
}

#[test]
fn a_document_begins_with_its_composition() {
    let first = |json: &str, at: &str| {
        let wanted = [("FHIR-BUNDLE-FIRST", at)];
        expect_of(Stu3, json, &wanted);
    };
    first(
        &bundle("document", &[&entry(A, PATIENT)]),
        "Bundle.entry[0]",
    );
    first(&bundle("message", &[&entry(A, PATIENT)]), "Bundle.entry[0]");
    // In R4 these are bdl-11 and bdl-12.
    expect_of(R4, &bundle("document", &[&entry(A, PATIENT)]), &[]);
    for of in ["document", "message"] {
        let json = format!(r#"{{"resourceType":"Bundle","type":"{of}"}}"#);
        expect(&json, &[("FHIR-BUNDLE-FIRST", "Bundle")]);
    }
    let dated = document("", &[]);
    let undated = dated.replace(r#""meta":{"lastUpdated":"2020-01-01T00:00:00Z"},"#, "");
    expect_of(Stu3, &undated, &[("FHIR-BUNDLE-DOCUMENT-DATE", "Bundle")]);
    expect_of(R4, &undated, &[]);
}

#[test]
fn a_message_holds_its_focus() {
    let header = |focus: &str| {
        let r4 = format!(
            r#"{{"resourceType":"MessageHeader","id":"h","eventUri":"https://x.example/e","source":{{"endpoint":"https://x.example"}},"focus":[{{"reference":"{focus}"}}]}}"#
        );
        bundle("message", &[&entry(A, &r4), &entry(URL, PATIENT)])
    };
    expect_of(R4, &header(URL), &[]);
    let at = "Bundle.entry[0].resource.focus[0].reference";
    let wanted = [("FHIR-BUNDLE-MESSAGE-REFERENCE", at)];
    expect_of(R4, &header("https://x.example/Condition/1"), &wanted);
    let stu3 = |focus: &str| {
        let event = r#""eventUri":"https://x.example/e""#;
        let old = r#""event":{"code":"e"},"timestamp":"2020-01-01T00:00:00Z""#;
        header(focus).replace(event, old)
    };
    expect_of(Stu3, &stu3(URL), &[]);
    expect_of(Stu3, &stu3("https://x.example/Condition/1"), &wanted);
}

/// A transaction or batch of one entry.
fn request(of: &str, method: &str, url: &str, resource: &str, more: &str) -> String {
    let resource = match resource {
        "" => String::new(),
        resource => format!(r#""resource":{resource},"#),
    };
    let entry = format!(
        r#"{{"fullUrl":"{A}",{resource}"request":{{"method":"{method}","url":"{url}"{more}}}}}"#
    );
    bundle(of, &[&entry])
}

#[test]
fn a_request_fits_its_method_and_its_resource() {
    for (method, url, resource) in [
        ("POST", "Patient", PATIENT),
        ("POST", "Patient/$match", PATIENT),
        ("PUT", "Patient/1", PATIENT),
        ("PUT", "Patient?identifier=a|b", PATIENT),
        ("DELETE", "Patient/9", ""),
        ("DELETE", "Patient?identifier=a|b", ""),
        ("GET", "Patient?name=x", ""),
        ("GET", "metadata", ""),
    ] {
        expect(&request("transaction", method, url, resource, ""), &[]);
        expect(&request("batch", method, url, resource, ""), &[]);
    }
    let at = "Bundle.entry[0].request.url";
    for (method, url, resource) in [
        ("POST", "Patient/1", PATIENT),
        ("POST", "Patient?identifier=1", PATIENT),
        ("POST", "Person", PATIENT),
        ("POST", "Thing", PATIENT),
        ("PUT", "Patient", PATIENT),
        ("PUT", "Patient/2", PATIENT),
        ("PUT", "Person/1", PATIENT),
        ("PUT", "Person?a=b", PATIENT),
        ("DELETE", "Patient", ""),
        ("DELETE", "Thing/1", ""),
    ] {
        let wanted = [("FHIR-BUNDLE-REQUEST-URL", at)];
        expect(&request("transaction", method, url, resource, ""), &wanted);
    }
    let root = [("FHIR-BUNDLE-REQUEST-ROOT", at)];
    expect(&request("batch", "GET", "/Patient/1", "", ""), &root);
    expect(&request("transaction", "PUT", URL, PATIENT, ""), &root);
    let both = [
        ("FHIR-BUNDLE-REQUEST-ROOT", at),
        ("FHIR-BUNDLE-REQUEST-URL", at),
    ];
    expect(
        &request(
            "transaction",
            "PUT",
            "https://x.example/Patient/2",
            PATIENT,
            "",
        ),
        &both,
    );
}

#[test]
fn a_request_that_sends_has_a_resource() {
    let none = [("FHIR-BUNDLE-REQUEST-RESOURCE", "Bundle.entry[0]")];
    for of in ["transaction", "batch"] {
        expect(&request(of, "POST", "Patient", "", ""), &none);
        expect(&request(of, "PUT", "Patient/1", "", ""), &none);
    }
    let empty = format!(r#"{{"fullUrl":"{A}","resource":{PATIENT}}}"#);
    let missing = [("FHIR-BUNDLE-REQUEST-MISSING", "Bundle.entry[0]")];
    expect_of(Stu3, &bundle("transaction", &[&empty]), &missing);
    expect_of(R4, &bundle("transaction", &[&empty]), &[]);
}

#[test]
fn a_condition_stands_where_it_is_meant() {
    let condition = r#","ifNoneExist":"identifier=1""#;
    expect(
        &request("transaction", "POST", "Patient", PATIENT, condition),
        &[],
    );
    let at = [(
        "FHIR-BUNDLE-REQUEST-CONDITION",
        "Bundle.entry[0].request.ifNoneExist",
    )];
    expect(
        &request("transaction", "PUT", "Patient/1", PATIENT, condition),
        &at,
    );
    let marked = r#","ifNoneExist":"Patient?identifier=1""#;
    expect(
        &request("transaction", "POST", "Patient", PATIENT, marked),
        &at,
    );
}

#[test]
fn a_transaction_changes_a_resource_once() {
    let of = |kind: &str, second: &str| {
        let put = format!(
            r#"{{"fullUrl":"{URL}","resource":{PATIENT},"request":{{"method":"PUT","url":"Patient/1"}}}}"#
        );
        let delete = format!(r#"{{"request":{{"method":"DELETE","url":"Patient/{second}"}}}}"#);
        bundle(kind, &[&put, &delete])
    };
    expect(&of("transaction", "2"), &[]);
    let wanted = [(
        "FHIR-BUNDLE-TRANSACTION-TWICE",
        "Bundle.entry[1].request.url",
    )];
    expect(&of("transaction", "1"), &wanted);
    expect(&of("batch", "1"), &[]);
}

#[test]
fn a_batch_does_not_refer_to_what_it_creates() {
    let of = |kind: &str, method: &str, url: &str| {
        let patient = format!(
            r#"{{"fullUrl":"{A}","resource":{PATIENT},"request":{{"method":"{method}","url":"{url}"}}}}"#
        );
        let account = format!(
            r#"{{"fullUrl":"{B}","resource":{{"resourceType":"Account","id":"a","status":"active","subject":{}}},"request":{{"method":"POST","url":"Account"}}}}"#,
            "SUBJECT"
        );
        let account = account.replace("SUBJECT", &format!(r#"{{"reference":"{A}"}}"#));
        bundle(kind, &[&patient, &account])
    };
    // In R4 an account has several subjects.
    let r4 = |json: String| {
        json.replace(r#""subject":{"#, r#""subject":[{"#).replace(
            "\"}},\"request\":{\"method\":\"POST\",\"url\":\"Account",
            "\"}]},\"request\":{\"method\":\"POST\",\"url\":\"Account",
        )
    };
    let at = [(
        "FHIR-BUNDLE-BATCH-REFERENCE",
        "Bundle.entry[1].resource.subject[0].reference",
    )];
    expect_of(R4, &r4(of("batch", "POST", "Patient")), &at);
    expect_of(R4, &r4(of("batch", "PUT", "Patient/1")), &[]);
    expect_of(R4, &r4(of("transaction", "POST", "Patient")), &[]);
    let at = [(
        "FHIR-BUNDLE-BATCH-REFERENCE",
        "Bundle.entry[1].resource.subject.reference",
    )];
    expect_of(Stu3, &of("batch", "POST", "Patient"), &at);
}

#[test]
fn a_response_says_how_it_went() {
    let of = |response: &str| {
        let resource = r#"{"resourceType":"Patient","id":"1","meta":{"versionId":"2"}}"#;
        bundle(
            "transaction-response",
            &[&format!(
                r#"{{"fullUrl":"{URL}","resource":{resource},"response":{{{response}}}}}"#
            )],
        )
    };
    for status in ["200", "201 Created", "404 Not Found"] {
        expect(&of(&format!(r#""status":"{status}""#)), &[]);
    }
    let at = [(
        "FHIR-BUNDLE-RESPONSE-STATUS",
        "Bundle.entry[0].response.status",
    )];
    for status in ["OK", "20", "2000", "Created 201", "999"] {
        expect(&of(&format!(r#""status":"{status}""#)), &at);
    }
    expect(&of(r#""status":"200","etag":"W/\"2\"""#), &[]);
    let at = [("FHIR-BUNDLE-RESPONSE-ETAG", "Bundle.entry[0].response.etag")];
    expect(&of(r#""status":"200","etag":"W/\"3\"""#), &at);
    let outcome = r#""status":"200","outcome":{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"invalid"}]}"#;
    expect(&of(outcome), &[]);
    let at = [(
        "FHIR-BUNDLE-RESPONSE-OUTCOME",
        "Bundle.entry[0].response.outcome",
    )];
    expect(&of(&format!(r#""status":"200","outcome":{PATIENT}"#)), &at);
    let missing = bundle("batch-response", &[&entry(URL, PATIENT)]);
    expect_of(
        Stu3,
        &missing,
        &[("FHIR-BUNDLE-RESPONSE-MISSING", "Bundle.entry[0]")],
    );
    expect_of(R4, &missing, &[]);
}

/// A searchset with its members beside entries.
fn search(members: &str, entries: &[&str]) -> String {
    let json = bundle("searchset", entries);
    let of = r#""type":"searchset""#;
    json.replacen(of, &format!("{of}{members}"), 1)
}

const SELF: &str = r#","link":[{"relation":"self","url":"https://x.example/Patient"}]"#;

#[test]
fn a_searchset_tells_of_its_search() {
    let matched =
        format!(r#"{{"fullUrl":"{URL}","resource":{PATIENT},"search":{{"mode":"match"}}}}"#);
    let outcome = |severity: &str, mode: &str| {
        let resource = format!(
            r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"{severity}","code":"invalid"}}]}}"#
        );
        format!(r#"{{"resource":{resource},"search":{{"mode":"{mode}"}}}}"#)
    };
    let good = outcome("warning", "outcome");
    expect(
        &search(&format!(r#","total":1{SELF}"#), &[&matched, &good]),
        &[],
    );
    expect(&search(SELF, &[]), &[]);
    expect(
        &search("", &[&matched]),
        &[("FHIR-BUNDLE-SEARCH-SELF", "Bundle")],
    );
    let total = [("FHIR-BUNDLE-SEARCH-TOTAL", "Bundle.total")];
    expect(
        &search(&format!(r#","total":0{SELF}"#), &[&matched]),
        &total,
    );
    let wrong = [("FHIR-BUNDLE-SEARCH-OUTCOME", "Bundle.entry[0]")];
    expect(&search(SELF, &[&outcome("error", "outcome")]), &wrong);
    expect(&search(SELF, &[&outcome("warning", "match")]), &wrong);
    let patient = matched.replace(r#""match""#, r#""outcome""#);
    expect(&search(SELF, &[&patient]), &wrong);
    let twice = [("FHIR-BUNDLE-SEARCH-OUTCOMES", "Bundle.entry[1]")];
    expect(&search(SELF, &[&good, &good]), &twice);
    let links = SELF.replace('[', r#"[{"relation":"self","url":"https://x.example"},"#);
    expect(
        &search(&links, &[&matched]),
        &[("FHIR-BUNDLE-LINK-TWICE", "Bundle.link[1]")],
    );
}

#[test]
fn a_history_says_what_was_done() {
    let of = |total: &str, resource: &str| {
        let request = r#""request":{"method":"PUT","url":"Patient/1"}"#;
        let json = bundle(
            "history",
            &[&format!(r#"{{"fullUrl":"{URL}"{resource},{request}}}"#)],
        );
        json.replacen(r#","entry""#, &format!(r#"{total},"entry""#), 1)
    };
    let resource = format!(r#","resource":{PATIENT}"#);
    expect(&of(r#","total":1"#, &resource), &[]);
    expect(
        &of(r#","total":0"#, &resource),
        &[("FHIR-BUNDLE-SEARCH-TOTAL", "Bundle.total")],
    );
    expect(
        &of("", ""),
        &[("FHIR-BUNDLE-REQUEST-RESOURCE", "Bundle.entry[0]")],
    );
}

#[test]
fn sections_have_titles_and_narrative() {
    let div = r#""text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">t</div>"}"#;
    let two = |first: &str| format!(r#","section":[{{{first}}},{{"title":"b",{div}}}]"#);
    expect(&document(&two(&format!(r#""title":"a",{div}"#)), &[]), &[]);
    let at = "Bundle.entry[0].resource.section[0]";
    expect(&document(&two(div), &[]), &[("FHIR-COMPOSITION-TITLE", at)]);
    // One section by itself has nothing to be told from.
    expect(&document(&format!(r#","section":[{{{div}}}]"#), &[]), &[]);
    let silent = format!(r#""title":"a","entry":[{{"reference":"{C}"}}]"#);
    expect(
        &document(&two(&silent), &[]),
        &[("FHIR-COMPOSITION-NARRATIVE", at)],
    );
    // Outside a document nobody reads it as one.
    expect(&composition(&two(&silent)), &[]);
}

#[test]
fn links_in_narrative_lead_to_ids() {
    let of = |link: &str, more: &str| {
        format!(
            r#"{{"resourceType":"Patient","id":"1","text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{link}</div>"}}{more}}}"#
        )
    };
    let wrong = [("FHIR-XHTML-LINK", "Patient.text.div")];
    let a = |href: &str| format!(r#"<a href=\"{href}\">t</a>"#);
    expect(&of(&a("https://x.example/#a"), ""), &[]);
    expect(&of(&a("#"), ""), &[]);
    expect(&of(&a("#a"), ""), &wrong);
    expect(&of(&format!(r#"{}<p id=\"a\">t</p>"#, a("#a")), ""), &[]);
    expect(&of(&format!(r#"{}<a name=\"a\">t</a>"#, a("#a")), ""), &[]);
    expect(&of(&a("#a"), r#","name":[{"id":"a","family":"F"}]"#), &[]);
    expect(
        &of(
            r##"<img src=\"#a\" alt=\"t\"/>"##,
            r#","photo":[{"id":"b"}]"#,
        ),
        &wrong,
    );
    expect(
        &of(
            r##"<img src=\"#a\" alt=\"t\"/>"##,
            r#","photo":[{"id":"a"}]"#,
        ),
        &[],
    );
    // Another resource is another page.
    let group = r#"{"resourceType":"Group","id":"a","type":"person","actual":true}"#;
    let json = bundle(
        "collection",
        &[&entry(URL, &of(&a("#a"), "")), &entry(B, group)],
    );
    expect(
        &json,
        &[("FHIR-XHTML-LINK", "Bundle.entry[0].resource.text.div")],
    );
}

#[test]
fn rules_are_sorted_and_say_what_to_do() {
    let all = [
        super::rules::RULES,
        crate::reference::rules::RULES,
        crate::parameters::rules::RULES,
    ];
    for family in all {
        let codes: Vec<&str> = family.iter().map(|it| it.code).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
        for it in family {
            assert!(
                it.meaning.ends_with('.') && it.fix.ends_with('.'),
                "{}",
                it.code
            );
        }
    }
}
