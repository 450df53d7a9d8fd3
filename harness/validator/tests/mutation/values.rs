//! Mutants of values: formats of primitives, codes, references, ids. Not for profiles.

use super::body::{Body, Edit, Pointer, below};
use super::mutant::{Instance, Mutant};
use super::sites::Site;
use plumbline_fhir::{Binding, Child, FhirVersion, Membership, Strength, ValueSet};

/// Texts that a type does not allow.
fn wrong_texts(of: &str, version: FhirVersion) -> Vec<Body> {
    let texts: &[&str] = match of {
        "date" => &[
            "2001-02-30",
            "01/02/2003",
            "2001-1-2",
            "2001-13",
            "01",
            "2001-02-03T00:00:00Z",
        ],
        "dateTime" => &[
            "2001-02-30",
            "2001-02-03T10:11:12",
            "2001-02-03T25:11:12Z",
            "2001-02-03 10:11:12Z",
            "yesterday",
        ],
        "instant" => &[
            "2001-02-03",
            "2001-02-03T10:11:12",
            "2001-02-30T10:11:12Z",
            "now",
        ],
        "time" => &["25:00:00", "10:61:00", "10", "10:11:12Z"],
        "code" => &[" a", "a ", "a  b"],
        "id" => &[
            "a b",
            "a/b",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ],
        "oid" => &["1.2.3", "urn:oid:a.b", "urn:oid:3.2"],
        "uuid" => &["urn:uuid:1", "c757873d-ec9a-4326-a141-556f43239520"],
        "uri" | "url" | "canonical" => &["https://example.org/a b", " https://example.org/a"],
        "base64Binary" => &["d29yZHM", "#?#", "d29yZHM=="],
        _ => &[],
    };
    let numbers: &[&str] = match of {
        "integer" => &["1.5", "2147483648", "-2147483649"],
        "positiveInt" => &["0", "-1", "1.5"],
        "unsignedInt" => &["-1", "1.5", "2147483648"],
        _ => &[],
    };
    // STU3 says of white space in a uri nothing that an instance could break.
    let is_silent = version == FhirVersion::Stu3 && of == "uri";
    let texts = texts.iter().filter(|_| !is_silent);
    let texts = texts.map(|it| Body::text(it));
    texts
        .chain(numbers.iter().map(|it| Body::raw(it)))
        .collect()
}

/// Writes a primitive in a form that its type does not have.
pub fn wrong_format(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in of.sites.iter().filter(|it| it.is_primitive()) {
        if matches!(of.body.at(&site.at), None | Some(Body::Object(_))) {
            continue;
        }
        for (number, wrong) in wrong_texts(site.of, of.version).into_iter().enumerate() {
            let what = format!("is no {} ({number})", site.of);
            made.push(Mutant::of(
                site,
                &what,
                vec![Edit::Set(site.at.clone(), wrong)],
            ));
        }
    }
    made
}

/// The value set that binds an element, if its codes are listed.
fn closed(site: &Site) -> Option<ValueSet<'static>> {
    let binds = |it: &Binding<'static>| it.strength == Strength::Required;
    let bound = site.child?.element().bindings().find(binds)?.value_set;
    bound.open().is_none().then_some(bound)
}

/// The places of codes that an element is judged by, each with the place of its system.
pub fn codes(of: &Instance, site: &Site) -> Vec<(Pointer, Option<Pointer>)> {
    let pair = |at: &Pointer| (below(at, "code"), Some(below(at, "system")));
    let has = |(code, _): &(Pointer, Option<Pointer>)| of.body.at(code).is_some();
    match site.of {
        "code" | "string" | "uri" => vec![(site.at.clone(), None)],
        "Coding" | "Quantity" | "Money" | "Age" | "Duration" => Vec::from([pair(&site.at)])
            .into_iter()
            .filter(has)
            .collect(),
        "CodeableConcept" => {
            let codings = below(&site.at, "coding");
            let number = of.body.at(&codings).map_or(0, |it| it.items().len());
            let all = (0..number).map(|index| pair(&super::body::item(&codings, index)));
            all.filter(has).collect()
        }
        _ => Vec::new(),
    }
}

/// Puts a code that is not in the set which binds.
pub fn bad_code(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in &of.sites {
        let Some(set) = closed(site) else { continue };
        for wrong in ["plumb-bob", "x"] {
            if set.contains_code(wrong) != Membership::Outside {
                continue;
            }
            let places = codes(of, site);
            let edits = places
                .iter()
                .map(|(code, _)| Edit::Set(code.clone(), Body::text(wrong)));
            let edits: Vec<Edit> = edits.collect();
            if !edits.is_empty() {
                made.push(Mutant::of(site, "has a code that is not in the set", edits));
            }
        }
    }
    made
}

/// Takes a code from somewhere else: of a Coding another system, of a code one of another set.
pub fn other_system(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in &of.sites {
        let Some(set) = closed(site) else { continue };
        let places = codes(of, site);
        let mut edits = Vec::new();
        for (code, system) in places {
            match system {
                Some(system) if of.body.at(&system).is_some() => {
                    edits.push(Edit::Set(
                        system,
                        Body::text("https://example.org/other-system"),
                    ));
                }
                Some(_) => {}
                None => {
                    let foreign = [
                        "male",
                        "final",
                        "transaction",
                        "phone",
                        "completed",
                        "generated",
                    ];
                    let mut foreign = foreign.into_iter();
                    let outside = foreign.find(|it| set.contains_code(it) == Membership::Outside);
                    edits.extend(outside.map(|it| Edit::Set(code, Body::text(it))));
                }
            }
        }
        if !edits.is_empty() {
            made.push(Mutant::of(site, "has a code of another system", edits));
        }
    }
    made
}

/// The text of each reference with its targets.
fn references(of: &Instance) -> impl Iterator<Item = (&Site, Pointer, &str)> {
    let sites = of.sites.iter().filter(|it| it.of == "Reference");
    sites.filter_map(|site| {
        let at = below(&site.at, "reference");
        let text = of.body.at(&at)?.as_text()?;
        Some((site, at, text))
    })
}

/// Points to a resource of a type that the element does not allow.
pub fn wrong_target(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for (site, at, text) in references(of) {
        let Some(used) = site.child.and_then(Child::type_use) else {
            continue;
        };
        if text.starts_with("urn:") {
            continue;
        }
        for wrong in ["Basic", "Binary", "Patient", "Schedule", "Library"] {
            if used.can_point_to(wrong) != Some(false) {
                continue;
            }
            for text in [
                format!("{wrong}/1"),
                format!("https://example.org/fhir/{wrong}/1"),
            ] {
                let what = format!("points to a {wrong}");
                let mut edits = vec![Edit::Set(at.clone(), Body::Text(text))];
                let named = below(&site.at, "type");
                if of.body.at(&named).is_some() {
                    edits.push(Edit::Remove(named));
                }
                made.push(Mutant::of(site, &what, edits));
            }
        }
    }
    made
}

/// Points to a contained resource that is not there.
pub fn missing_contained(of: &Instance) -> Vec<Mutant> {
    let wrong = || Body::text("#not-there");
    references(of)
        .map(|(site, at, _)| Mutant::of(site, "points to nothing", vec![Edit::Set(at, wrong())]))
        .collect()
}

/// Gives two elements, or two contained resources, one id.
pub fn duplicate_id(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for site in of.sites.iter().filter(|it| it.name == "contained") {
        if let Some(copy) = of.body.at(&site.at) {
            let edits = vec![Edit::Append(site.member(), copy.clone())];
            made.push(Mutant::of(site, "stands twice", edits));
        }
    }
    let free = |site: &&Site| {
        let object = of
            .body
            .at(&site.at)
            .filter(|it| matches!(it, Body::Object(_)));
        !site.is_resource()
            && site.child.is_some()
            && object.is_some_and(|it| it.get("id").is_none())
    };
    let free: Vec<&Site> = of.sites.iter().filter(free).collect();
    for pair in free.windows(2) {
        let [one, other] = pair else { continue };
        if one.resource != other.resource {
            continue;
        }
        let add = |site: &Site| Edit::Add(site.at.clone(), "id".to_owned(), Body::text("same"));
        let edits = vec![add(one), add(other)];
        made.push(Mutant::of(one, "has the id of another", edits).or_at(other.path.clone()));
    }
    made
}
