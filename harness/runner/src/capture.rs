//! What a run keeps so that its evidence can be judged again: what asked for an answer, what redaction
//! loses of it, and what of the target file the requests were made from.
//! Not for judging again, which `replay` and `rejudge` do.

use crate::context::Context;
use crate::origin::sha256;
use crate::world::World;
use plumbline_checks::{Reached, Transport};
use plumbline_model::{
    BodyForm, Capture, ConnectionOutcome, EntryInPlay, PatientInPlay, Person, Purpose, Shown,
    SignIn, StepKind, TargetFacts, TriedConnection, ValueKind,
};
use plumbline_pack::{Auth, Scenario};

/// Most scenarios lead to a request in fewer words, in bytes.
const USUAL_LENGTH: usize = 512;

/// What is known of an exchange before its answer.
pub(crate) fn capture(world: &World, purpose: Purpose) -> Capture {
    let scenario = world.scenario.as_deref();
    let asked = match purpose {
        // It is a right request, whatever the scenario does to its own.
        Purpose::Control => None,
        Purpose::Judged | Purpose::Setup => scenario.map(|scenario| asked(scenario, world)),
    };
    Capture {
        purpose,
        asked: asked.unwrap_or_default(),
        written: BodyForm::Json,
        repeated_names: false,
        clock_ahead: None,
        connection: None,
    }
}

/// A fingerprint of the words that led to a request: those of the pack, so it gives nobody away.
fn asked(scenario: &Scenario, world: &World) -> String {
    let mut text = String::with_capacity(USUAL_LENGTH);
    text.push_str(scenario.id.as_str());
    text.push('\n');
    let so_far = scenario.steps.iter().take(world.next_step);
    for step in so_far.filter(|step| step.kind != StepKind::Assertion) {
        text.push_str(match step.kind {
            StepKind::Setup => "given ",
            StepKind::Action | StepKind::Assertion => "when ",
        });
        text.push_str(&step.text);
        for row in step.table.iter().flatten() {
            text.push_str("\n|");
            text.push_str(&row.join("\u{1f}"));
        }
        text.push('\n');
    }
    sha256(&text)
}

/// A tried connection as it is kept.
pub(crate) fn tried(run: &Context, transport: &Transport) -> TriedConnection {
    let net = |text: &str| run.policy.second_net(text);
    let (outcome, how) = match &transport.outcome {
        Reached::Accepted { how } => (ConnectionOutcome::Accepted, how),
        Reached::Refused { how } => (ConnectionOutcome::Refused, how),
        Reached::Unclear { why } => (ConnectionOutcome::Unclear, why),
    };
    TriedConnection {
        tried: net(&transport.tried),
        outcome,
        how: net(how),
        control: match &transport.control {
            Ok(()) => String::new(),
            Err(why) => net(why),
        },
    }
}

/// The same as a check sees it.
pub(crate) fn transport(kept: &TriedConnection) -> Transport {
    let how = kept.how.clone();
    Transport {
        tried: kept.tried.clone(),
        outcome: match kept.outcome {
            ConnectionOutcome::Accepted => Reached::Accepted { how },
            ConnectionOutcome::Refused => Reached::Refused { how },
            ConnectionOutcome::Unclear => Reached::Unclear { why: how },
        },
        control: if kept.control.is_empty() {
            Ok(())
        } else {
            Err(kept.control.clone())
        },
    }
}

/// A fingerprint of the facts about a person.
pub(crate) fn sheet(person: &Person) -> String {
    // Facts are texts, numbers and lists of them, which can always be written.
    sha256(&serde_json::to_string(person).unwrap_or_default())
}

/// What of the target file requests were made from, as redaction shows it.
pub(crate) fn target_facts(run: &Context) -> TargetFacts {
    let target = &run.target;
    let shown = |kind, value: &str| {
        let shown = run.policy.shown(&Shown::default().value(kind, value));
        run.policy.second_net(&shown)
    };
    let identifier = |value: &str| shown(ValueKind::Identifier, value);
    let patients = target.actors.iter().map(|(role, entry)| {
        let person = run.people.get(role).filter(|_| entry.data_sheet);
        let local = entry.local_identifier.as_ref();
        let patient = PatientInPlay {
            nhs_number: identifier(&entry.nhs_number),
            local_identifier: local
                .map(|own| (shown(ValueKind::Uri, &own.system), identifier(&own.value))),
            sheet: person.map(|person| sheet(person)),
        };
        (role.clone(), patient)
    });
    let directory = target.directory.iter().map(|(role, entry)| {
        let entry = EntryInPlay {
            kind: entry.kind,
            identifier: entry.identifier.as_deref().map(identifier),
            id: entry.id.as_deref().map(identifier),
        };
        (role.clone(), entry)
    });
    let bases = target.base_urls.iter();
    TargetFacts {
        fhir_version: target.fhir_version.clone(),
        sign_in: match target.auth {
            Auth::None => SignIn::Nothing,
            Auth::ApiKey { .. } => SignIn::ApiKey,
            Auth::Bearer { .. } => SignIn::Bearer,
            Auth::ClientCredentials(_) => SignIn::ClientCredentials,
            Auth::GpConnect(_) => SignIn::GpConnect,
        },
        base_urls: bases
            .map(|(key, url)| (key.clone(), run.policy.url(url.as_str())))
            .collect(),
        patients: patients.collect(),
        directory: directory.collect(),
        nobody: target.nobody_nhs_number.as_deref().map(identifier),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tried_connection_is_seen_again_as_it_was() {
        for outcome in ConnectionOutcome::ALL {
            for control in ["", "status 503"] {
                let kept = TriedConnection {
                    tried: "TLS 1.1 alone".to_owned(),
                    outcome: *outcome,
                    how: "an alert".to_owned(),
                    control: control.to_owned(),
                };
                let seen = transport(&kept);
                assert_eq!(seen.control.is_ok(), control.is_empty());
                let (again, how) = match &seen.outcome {
                    Reached::Accepted { how } => (ConnectionOutcome::Accepted, how),
                    Reached::Refused { how } => (ConnectionOutcome::Refused, how),
                    Reached::Unclear { why } => (ConnectionOutcome::Unclear, why),
                };
                assert_eq!(
                    (again, how, &seen.tried),
                    (*outcome, &kept.how, &kept.tried)
                );
            }
        }
    }
}
