//! Mutants of extensions, narrative and bundles. Not for profiles.

use super::body::{Body, Edit, below, item};
use super::mutant::{Instance, Mutant};
use super::sites::Site;
use plumbline_fhir::FhirVersion;

/// Takes the address from extensions, gives them content twice or none.
pub fn extension(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in of.sites.iter().filter(|it| it.of == "Extension") {
        let Some(Body::Object(members)) = of.body.at(&site.at) else {
            continue;
        };
        let value = members.iter().find(|(name, _)| name.starts_with("value"));
        let url = below(&site.at, "url");
        let mut add = |what: &str, edits: Vec<Edit>| made.push(Mutant::of(site, what, edits));
        add("has no address", vec![Edit::Remove(url.clone())]);
        if let Some((name, _)) = value {
            let nested = Body::object([
                ("url", Body::text("https://example.org/inner")),
                ("valueString", Body::text("words")),
            ]);
            let nested = Edit::Add(
                site.at.clone(),
                "extension".to_owned(),
                Body::Array(vec![nested]),
            );
            add("has a value and extensions", vec![nested]);
            add("has no value", vec![Edit::Remove(below(&site.at, name))]);
        }
        if of
            .body
            .at(&site.around)
            .and_then(|it| it.get("url"))
            .is_none()
        {
            add(
                "has a relative address",
                vec![Edit::Set(url, Body::text("inner"))],
            );
        }
    }
    made
}

/// Puts into narrative what may not be there.
pub fn narrative(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in of.sites.iter().filter(|it| it.of == "xhtml") {
        let Some(text) = of.body.at(&site.at).and_then(Body::as_text) else {
            continue;
        };
        let Some(end) = text.rfind("</div>") else {
            continue;
        };
        let (head, tail) = text.split_at(end);
        let empty = "<div xmlns=\"http://www.w3.org/1999/xhtml\"> </div>";
        for (what, wrong) in [
            ("has a script", format!("{head}<script>1</script>{tail}")),
            ("has a form", format!("{head}<form><input/></form>{tail}")),
            (
                "has an event",
                format!("{head}<p onclick=\"go()\">words</p>{tail}"),
            ),
            (
                "has an iframe",
                format!("{head}<iframe src=\"a\"></iframe>{tail}"),
            ),
            (
                "has an object",
                format!("{head}<object data=\"a\"></object>{tail}"),
            ),
            ("is not closed", format!("{head}<p>words{tail}")),
            ("says nothing", empty.to_owned()),
            (
                "has no namespace",
                text.replacen(" xmlns=\"http://www.w3.org/1999/xhtml\"", "", 1),
            ),
            (
                "is a paragraph",
                "<p xmlns=\"http://www.w3.org/1999/xhtml\">words</p>".to_owned(),
            ),
            ("has an unknown entity", format!("{head}&plumb;{tail}")),
            ("is no markup", "words".to_owned()),
        ] {
            let edits = vec![Edit::Set(site.at.clone(), Body::Text(wrong))];
            made.push(Mutant::of(site, what, edits));
        }
    }
    made
}

/// Breaks what the specification says of each type of bundle.
pub fn bundle(of: &Instance) -> Vec<Mutant> {
    let bundles = of.sites.iter().filter(|it| it.of == "Bundle");
    bundles.flat_map(|site| of_bundle(of, site)).collect()
}

fn of_bundle(of: &Instance, site: &Site) -> Vec<Mutant> {
    let mut made = Vec::new();
    let Some(body) = of.body.at(&site.at) else {
        return made;
    };
    let kind = body.text_of("type").unwrap_or_default();
    let entries = below(&site.at, "entry");
    let number = body.get("entry").map_or(0, |it| it.items().len());
    let mut add = |what: String, edits: Vec<Edit>| made.push(Mutant::of(site, &what, edits));
    let member = |name: &str, value: Body| vec![Edit::Add(site.at.clone(), name.to_owned(), value)];
    let is_search = matches!(kind, "searchset" | "history");
    if !is_search && body.get("total").is_none() {
        add("has a total".to_owned(), member("total", Body::raw("1")));
    }
    if kind == "document" || kind == "message" {
        let first = Edit::Remove(item(&entries, 0));
        if number > 1 {
            add("has lost its first entry".to_owned(), vec![first]);
        }
    }
    // STU3 asks for no time.
    if kind == "document" && of.version == FhirVersion::R4 {
        add(
            "has no time".to_owned(),
            vec![Edit::Remove(below(&site.at, "timestamp"))],
        );
    }
    if kind == "document" {
        add(
            "has no identifier".to_owned(),
            vec![Edit::Remove(below(&site.at, "identifier"))],
        );
    }
    for index in 0..number {
        made.extend(of_entry(of, site, kind, index, number));
    }
    made
}

fn of_entry(of: &Instance, site: &Site, kind: &str, index: usize, number: usize) -> Vec<Mutant> {
    let mut made = Vec::new();
    let entries = below(&site.at, "entry");
    let at = item(&entries, index);
    let Some(entry) = of.body.at(&at) else {
        return made;
    };
    let mut add = |what: String, edits: Vec<Edit>| made.push(Mutant::of(site, &what, edits));
    let part = |name: &str, value: Body| vec![Edit::Add(at.clone(), name.to_owned(), value)];
    if kind != "searchset" && entry.get("search").is_none() {
        let search = Body::object([("mode", Body::text("match"))]);
        add(
            format!("entry {index} has a search"),
            part("search", search),
        );
    }
    let is_sent = matches!(kind, "batch" | "transaction" | "history");
    let request = Body::object([
        ("method", Body::text("GET")),
        ("url", Body::text("Patient/1")),
    ]);
    if !is_sent && entry.get("request").is_none() {
        add(
            format!("entry {index} has a request"),
            part("request", request),
        );
    }
    // STU3 asks for no request.
    let asks = of.version == FhirVersion::R4 && matches!(kind, "batch" | "transaction");
    if asks && entry.get("request").is_some() {
        let request = Edit::Remove(below(&at, "request"));
        add(format!("entry {index} has no request"), vec![request]);
    }
    let is_answered = matches!(kind, "batch-response" | "transaction-response" | "history");
    if !is_answered && entry.get("response").is_none() {
        let response = Body::object([("status", Body::text("200"))]);
        add(
            format!("entry {index} has a response"),
            part("response", response),
        );
    }
    if let (Some(url), true) = (entry.text_of("fullUrl"), number > 1 && kind != "history") {
        let other = item(&entries, (index + 1) % number);
        let other = below(&other, "fullUrl");
        if of.body.at(&other).is_some() {
            let edits = vec![Edit::Set(other, Body::text(url))];
            add(format!("entry {index} has the fullUrl of the next"), edits);
        }
        let edits = vec![Edit::Set(below(&at, "fullUrl"), Body::text("Patient/1"))];
        add(format!("entry {index} has a relative fullUrl"), edits);
    }
    if entry.get("resource").is_some() {
        let mut edits = vec![Edit::Remove(below(&at, "resource"))];
        edits.extend(
            entry
                .get("fullUrl")
                .map(|_| Edit::Remove(below(&at, "fullUrl"))),
        );
        if entry.get("request").is_none() && entry.get("response").is_none() {
            add(format!("entry {index} says nothing"), edits);
        }
    }
    made
}
