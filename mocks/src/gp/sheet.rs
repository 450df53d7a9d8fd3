//! What a GP system must hold of a person, as FHIR STU3.
//! Not for what it may show of that: who has left is on the sheet and in no answer.

use super::directory;
use super::resources::{Directory, Held, patient};
use crate::error::MockError;
use crate::people::{GpFacts, Person, Registration};
use serde_json::{Value, json};

/// The role of the practice that the people of scenarios/_people belong to.
const PRACTICE: &str = "gp-practice";

/// The Patient of somebody who is or was registered; nothing for others.
pub(crate) fn data_sheet(person: &Person, facts: &GpFacts) -> Result<Vec<Value>, MockError> {
    if facts.registration == Registration::None {
        return Ok(Vec::new());
    }
    let all = directory::load()?;
    let directory = Directory {
        all: &all,
        practice: PRACTICE,
    };
    let held = Held {
        id: &person.id,
        person: Some((person, facts)),
        registered: None,
    };
    let mut resource = patient(&held, &directory);
    resource["active"] = json!(facts.registration == Registration::Active);
    Ok(vec![resource])
}
