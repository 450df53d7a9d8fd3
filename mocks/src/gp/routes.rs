//! Which interaction a path means, with the interaction id and the scope that go with it.
//! Not for answering it.
//!
//! Source: GP Connect 1.6.2-beta, list of interaction ids; cross-organisation audit and provenance.

use super::checks::{Checks, IMPLEMENTED, METHOD, PATH, Refusal};
use super::definitions::stu3;
use axum::http::Method;

const PREFIX: &str = "urn:nhs:names:services:gpconnect:fhir:";
const REGISTER: &str = "Patient/$gpc.registerpatient";

/// A type of resource that the system serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Served {
    Patient,
    Practitioner,
    Organization,
    Location,
}

impl Served {
    pub(crate) const ALL: [Served; 4] = [
        Served::Patient,
        Served::Organization,
        Served::Practitioner,
        Served::Location,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Served::Patient => "Patient",
            Served::Practitioner => "Practitioner",
            Served::Organization => "Organization",
            Served::Location => "Location",
        }
    }

    /// The type of that FHIR name.
    pub(crate) fn of(name: &str) -> Option<Served> {
        Served::ALL.into_iter().find(|served| served.name() == name)
    }

    /// Whether it can be searched for.
    pub(crate) const fn is_searched(self) -> bool {
        !matches!(self, Served::Location)
    }
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Metadata,
    Search(Served),
    Read(Served, String),
    Register,
}

impl Route {
    /// The interaction of a method and a path below the base path.
    pub(crate) fn of(method: &Method, path: &str, checks: &Checks<'_>) -> Result<Route, Refusal> {
        let mut route = Route::of_path(path);
        let implemented = route.is_some() || !is_of_fhir(path);
        checks.hold(
            IMPLEMENTED,
            implemented,
            format!("`{path}` is not implemented"),
        )?;
        checks.hold(PATH, route.is_some(), format!("there is no `{path}` here"))?;
        if route.is_none() {
            route = Route::of_path(&right_case(path));
        }
        // Without the check of the path, what means nothing is answered as the statement.
        let route = route.unwrap_or(Route::Metadata);
        let right = if route == Route::Register {
            Method::POST
        } else {
            Method::GET
        };
        let text = format!("{method} does not go with `{path}`, which needs {right}");
        checks.hold(METHOD, *method == right, text)?;
        Ok(route)
    }

    fn of_path(path: &str) -> Option<Route> {
        match path.split_once('/') {
            None if path == "metadata" => Some(Route::Metadata),
            None => Served::of(path)
                .filter(|served| served.is_searched())
                .map(Route::Search),
            Some(_) if path == REGISTER => Some(Route::Register),
            Some((name, id)) if is_id(id) => Some(Route::Read(Served::of(name)?, id.to_owned())),
            Some((name, id)) => {
                // An id of a wrong form is one that nobody has, but no other path below it.
                let is_one = !id.contains(['/', '$']);
                (is_one && !id.is_empty()).then_some(Route::Read(Served::of(name)?, id.to_owned()))
            }
        }
    }

    /// The interaction id that the request must carry.
    pub(crate) fn interaction(&self) -> String {
        let resource = |served: &Served| served.name().to_lowercase();
        let rest = match self {
            Route::Metadata => "rest:read:metadata-1".to_owned(),
            Route::Search(served) => format!("rest:search:{}-1", resource(served)),
            Route::Read(served, _) => format!("rest:read:{}-1", resource(served)),
            Route::Register => "operation:gpc.registerpatient-1".to_owned(),
        };
        format!("{PREFIX}{rest}")
    }

    /// The scope that its token must ask for.
    pub(crate) const fn scope(&self) -> &'static str {
        match self {
            Route::Register => "patient/*.write",
            Route::Search(Served::Patient) | Route::Read(Served::Patient, _) => "patient/*.read",
            Route::Metadata | Route::Search(_) | Route::Read(..) => "organization/*.read",
        }
    }
}

/// FHIR STU3, ids.
fn is_id(text: &str) -> bool {
    let is_right = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    (1..=64).contains(&text.len()) && text.chars().all(is_right)
}

/// Operations of GP Connect that belong to other capabilities.
const OTHER_OPERATIONS: [&str; 2] = ["$gpc.getstructuredrecord", "$gpc.migratestructuredrecord"];

/// Whether a path means something of FHIR or GP Connect that the system does not serve.
fn is_of_fhir(path: &str) -> bool {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let is_known = !rest.contains('$') || OTHER_OPERATIONS.contains(&rest);
    stu3().is_resource(first) && is_known
}

fn right_case(path: &str) -> String {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if first.eq_ignore_ascii_case("metadata") {
        return "metadata".to_owned();
    }
    let meant = Served::ALL
        .into_iter()
        .find(|served| served.name().eq_ignore_ascii_case(first));
    match (meant, rest) {
        (None, _) => path.to_owned(),
        (Some(served), "") => served.name().to_owned(),
        (Some(served), rest) => format!("{}/{rest}", served.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn tells_routes_apart() {
        let none = BTreeSet::new();
        let checks = Checks { skipped: &none };
        let of = |path: &str| Route::of_path(path);
        assert_eq!(of("metadata"), Some(Route::Metadata));
        assert_eq!(of("Patient"), Some(Route::Search(Served::Patient)));
        assert_eq!(of("Patient/$gpc.registerpatient"), Some(Route::Register));
        assert_eq!(
            of("Location/a-1"),
            Some(Route::Read(Served::Location, "a-1".to_owned()))
        );
        assert_eq!(
            of("Patient/##"),
            Some(Route::Read(Served::Patient, "##".to_owned()))
        );
        for path in [
            "Location",
            "patient",
            "Patient/",
            "Patient/a/b",
            "",
            "Patient/$x",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
        for (method, path, name) in [
            (Method::GET, "patient/p-1", "path"),
            (Method::GET, "Patients", "path"),
            (Method::GET, "Slot", "implemented"),
            (Method::GET, "Patient/p-1/Appointment", "implemented"),
            (
                Method::POST,
                "Patient/$gpc.getstructuredrecord",
                "implemented",
            ),
            (Method::POST, "Patient/$gpc.registerpatien", "path"),
            (Method::PATCH, "Patient/p-1", "method"),
            (Method::GET, REGISTER, "method"),
            (Method::OPTIONS, "metadata", "method"),
        ] {
            let refusal = Route::of(&method, path, &checks).unwrap_err();
            assert_eq!(refusal.check.name, name, "{method} {path}");
        }
    }

    #[test]
    fn without_the_check_of_the_path_case_does_not_matter() {
        let skipped = BTreeSet::from(["path"]);
        let checks = Checks { skipped: &skipped };
        let route = Route::of(&Method::GET, "patient/p-1", &checks).unwrap();
        assert_eq!(route, Route::Read(Served::Patient, "p-1".to_owned()));
    }
}
