//! The data sheet of one person as FHIR: a Bundle that loads what a mock would serve.
//! Not for the sheet as a page to read, which is the harness's.

use crate::error::MockError;
use crate::gp;
use crate::kinds::Kind;
use crate::people;
use crate::suggest::closest;
use serde_json::{Value, json};
use std::path::Path;

/// A transaction Bundle with one PUT for each resource of a person, the Patient first.
///
/// Patients of a GP system are FHIR STU3, others R4.
/// The resources are those that a mock serves, without the version and the time of the last
/// change, which are the receiving system's to give. The files of `people_dir` are laid over the
/// embedded ones. Fails if a file is wrong or nobody has the role.
pub fn data_sheet_bundle(people_dir: Option<&Path>, role: &str) -> Result<Value, MockError> {
    let people = people::load(people_dir)?;
    let Some(person) = people.iter().find(|person| person.role == role) else {
        let role = role.to_owned();
        let closest = closest(&role, people.iter().map(|person| &person.role));
        return Err(MockError::UnknownRole { role, closest });
    };
    let resources = if let Some(facts) = &person.gp {
        gp::data_sheet(person, facts)?
    } else {
        let kinds = Kind::all();
        kinds.flat_map(|kind| kind.held_about(person)).collect()
    };
    let mut bundle = json!({"resourceType": "Bundle", "type": "transaction"});
    // FHIR forbids empty arrays: somebody who is not registered has nothing to load.
    if !resources.is_empty() {
        bundle["entry"] = resources.into_iter().map(put).collect();
    }
    Ok(bundle)
}

fn put(mut resource: Value) -> Value {
    if let Some(meta) = resource["meta"].as_object_mut() {
        meta.remove("versionId");
        meta.remove("lastUpdated");
    }
    let text = |name: &str| resource[name].as_str().unwrap_or_default();
    let url = format!("{}/{}", text("resourceType"), text("id"));
    json!({"request": {"method": "PUT", "url": url}, "resource": resource})
}
