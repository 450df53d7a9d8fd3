//! Mutants of where references lead: to a type that a profile has taken away, to a resource that does not keep to the
//! profile it must keep to, to one that is kept elsewhere. Not for the base specification: `values.rs`.

use super::body::{Body, Edit, below};
use super::matching::{Match, is_choice, matches, said};
use super::mutant::{Instance, Mutant};
use super::profiled::{changed, removed};
use super::sites::Site;
use plumbline_conformance::{Snapshot, snapshot};
use plumbline_fhir::profile_facts::TypeFacts;
use plumbline_fhir::{Child, Type};

const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Points to a type that a profile has taken from a reference.
pub fn narrowed(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
    } in matches(of)
    {
        let mut targets = facts.types.iter().flat_map(|it| &it.targets).peekable();
        if targets.peek().is_none() || is_choice(facts) {
            continue;
        }
        let name = |url: &String| match of.library.profile(url) {
            Some(profile) => Some(profile.of.clone()),
            None => url.strip_prefix(HL7).map(str::to_owned),
        };
        let Some(targets) = targets.map(name).collect::<Option<Vec<String>>>() else {
            continue;
        };
        if targets.iter().any(|it| it == "Resource") {
            continue;
        }
        for site in found.iter().flat_map(|(_, sites)| sites) {
            let Some(used) = site.child.and_then(Child::type_use) else {
                continue;
            };
            let at = below(&site.at, "reference");
            let Some(text) = of.body.at(&at).and_then(Body::as_text) else {
                continue;
            };
            if text.starts_with("urn:") || text.starts_with('#') {
                continue;
            }
            let allowed = used
                .targets()
                .map(Type::name)
                .filter(|it| *it != "Resource");
            for other in allowed.filter(|it| !targets.iter().any(|target| target == it)) {
                let what = format!("{} points to a {other}, of {}", facts.id, snapshot.url);
                let edits = vec![Edit::Set(at.clone(), Body::Text(format!("{other}/1")))];
                made.push(Mutant::of(site, &what, edits));
            }
        }
    }
    made
}

/// The resource that a reference leads to, if it is contained or in the same bundle.
fn target<'i>(of: &'i Instance, reference: &Site) -> Option<&'i Site> {
    let text = of.body.at(&below(&reference.at, "reference"))?.as_text()?;
    let resources = of.sites.iter().filter(|it| it.is_resource());
    let is_it = |site: &&Site| {
        if let Some(id) = text.strip_prefix('#') {
            let around = site.name == "contained" && reference.at.starts_with(&site.around);
            return around && of.body.at(&site.at).and_then(|it| it.text_of("id")) == Some(id);
        }
        let url = of.body.at(&below(&site.around, "fullUrl"));
        let url = url.and_then(Body::as_text);
        let url = url.filter(|_| site.name == "resource");
        url.is_some_and(|it| it == text || it.ends_with(&format!("/{text}")))
    };
    let mut resources = resources.filter(is_it);
    resources.next()
}

/// The only profile that a type of reference asks of a target, worked out.
fn asked(of: &Instance, types: &[TypeFacts], target: &Site) -> Option<Snapshot> {
    let targets = types.iter().flat_map(|it| &it.targets);
    let mut fitting = Vec::new();
    for url in targets {
        let name = url.strip_prefix(HL7);
        if name.is_some_and(|it| it == target.of || it == "Resource") {
            return None;
        }
        // What nobody knows may be kept.
        let profile = name.is_none().then(|| of.library.profile(url));
        match profile {
            Some(None) => return None,
            Some(Some(it)) if it.of == target.of => fitting.push(it),
            Some(Some(_)) | None => {}
        }
    }
    let [profile] = fitting.as_slice() else {
        return None;
    };
    let claims = |url: &str| {
        let mut claims = of.claims.iter();
        claims.any(|it| it.at == target.at && it.snapshot.url == url)
    };
    let found = snapshot(profile, &of.library, of.definitions).ok()?;
    // Of a resource that claims the profile itself other kinds of mutants are made.
    (!claims(&found.url)).then_some(found)
}

/// Breaks the profile that the target of a reference must keep to; the target itself does not claim it.
pub fn profile(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match { facts, found, .. } in matches(of) {
        for site in found.iter().flat_map(|(_, sites)| sites) {
            let Some(target) = target(of, site).filter(|_| site.of == "Reference") else {
                continue;
            };
            let Some(asked) = asked(of, &facts.types, target) else {
                continue;
            };
            let mut own = removed(of, said(of, &asked, target), |_| true);
            own.extend(changed(of, said(of, &asked, target)));
            for mut mutant in own {
                mutant.what = format!("{} leads to {}", site.path, mutant.what);
                mutant.places.push(site.path.clone());
                made.push(mutant);
            }
        }
    }
    made
}

/// Keeps the target of a reference where a profile does not allow it.
pub fn aggregation(of: &Instance) -> Vec<Mutant> {
    let mut made = Vec::new();
    for Match {
        facts,
        found,
        snapshot,
        ..
    } in matches(of)
    {
        let modes: Vec<&str> = facts
            .types
            .iter()
            .flat_map(|it| &it.aggregation)
            .map(String::as_str)
            .collect();
        if modes.is_empty() {
            continue;
        }
        for site in found.iter().flat_map(|(_, sites)| sites) {
            let at = below(&site.at, "reference");
            let Some(text) = of.body.at(&at).and_then(Body::as_text) else {
                continue;
            };
            let others = if text.starts_with('#') && modes == ["contained"] {
                let of = target(of, site).map_or("Basic", |it| it.of);
                vec![
                    format!("{of}/elsewhere"),
                    format!("https://example.org/fhir/{of}/elsewhere"),
                ]
            } else if !text.starts_with('#') && !modes.contains(&"contained") {
                let contained = of.sites.iter().filter(|it| it.name == "contained");
                let fitting = contained.filter(|it| text.starts_with(&format!("{}/", it.of)));
                let ids = fitting.filter_map(|it| of.body.at(&it.at)?.text_of("id"));
                ids.map(|it| format!("#{it}")).collect()
            } else {
                Vec::new()
            };
            for other in others {
                let what = format!("{} is kept elsewhere, of {}", facts.id, snapshot.url);
                let edits = vec![Edit::Set(at.clone(), Body::Text(other.clone()))];
                made.push(Mutant::of(site, &format!("{what} ({other})"), edits));
            }
        }
    }
    made
}
