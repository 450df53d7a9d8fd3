//! The resources that a discharge document holds beside its Composition.
//! Not for the words of its sections.

use crate::documents::facts::{Change, Medicine, Organisation};
use crate::documents::version::{List, snomed};
use crate::documents::{Document, Version, place};
use crate::people::{Address, Allergy};
use crate::resources::NHS_NUMBER;
use serde_json::{Value, json};

const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
const GMC: &str = "https://fhir.hl7.org.uk/Id/gmc-number";

impl Document<'_> {
    /// Every resource with its place, in one order.
    pub(crate) fn entries(&self) -> Vec<(usize, Value)> {
        let facts = self.facts;
        let author_role = self.role(
            place::AUTHOR_ROLE,
            (place::AUTHOR, place::HOSPITAL),
            (&facts.author.role.code, &facts.author.role.display),
        );
        let gp_role = self.role(
            place::GP_ROLE,
            (place::GP, place::PRACTICE),
            ("R0260", "General Medical Practitioner"),
        );
        let mut all = vec![
            (place::PATIENT, self.patient()),
            (place::ENCOUNTER, self.encounter()),
            (place::AUTHOR, self.author()),
            (place::AUTHOR_ROLE, author_role),
            (
                place::HOSPITAL,
                self.organisation(place::HOSPITAL, &facts.hospital),
            ),
            (
                place::PRACTICE,
                self.organisation(place::PRACTICE, &facts.gp_practice),
            ),
            (place::GP, self.gp()),
            (place::GP_ROLE, gp_role),
            (
                place::WARD,
                self.location(place::WARD, &facts.stay.ward, None),
            ),
        ];
        if let Some(address) = &facts.stay.address {
            let home = self.location(place::DESTINATION, "Discharge address", Some(address));
            all.push((place::DESTINATION, home));
        }
        all.extend(self.allergies_held());
        all.extend(self.diagnoses_held());
        all.extend(self.procedures_held());
        all.extend(self.medicines_held());
        all
    }

    fn patient(&self) -> Value {
        let identity = &self.person.identity;
        let verified = match self.version {
            Version::Stu3 => json!({
                "system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1",
                "code": "01",
                "display": "Number present and verified",
            }),
            Version::R4 => json!({
                "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
                "code": "01",
                "display": "Number present and verified",
            }),
        };
        let mut fields = json!({
            "identifier": [{
                "extension": [{
                    "url": self.version.extension("NHSNumberVerificationStatus"),
                    "valueCodeableConcept": {"coding": [verified]},
                }],
                "system": NHS_NUMBER,
                "value": identity.nhs_number,
            }],
            "name": [{
                "use": "official",
                "family": identity.family,
                "given": identity.given,
            }],
            "gender": identity.gender,
            "generalPractitioner": [self.reference(place::GP), self.reference(place::PRACTICE)],
        });
        if let Some(prefix) = &identity.prefix {
            fields["name"][0]["prefix"] = json!([prefix]);
        }
        if let Some(born) = &identity.birth_date {
            fields["birthDate"] = json!(born);
        }
        if let Some(home) = &identity.address {
            fields["address"] = json!([address("home", home)]);
        }
        self.resource("Patient", place::PATIENT, fields)
    }

    fn encounter(&self) -> Value {
        let stay = &self.facts.stay;
        let coded = |list, code: &crate::documents::facts::Coded| {
            let system = self.version.system(list);
            json!({"coding": [{"system": system, "code": code.code, "display": code.display}]})
        };
        let method = json!({
            "url": self.version.extension("AdmissionMethod"),
            "valueCodeableConcept": coded(List::AdmissionMethod, &stay.method),
        });
        let mut locations = vec![json!({"location": self.reference(place::WARD)})];
        if stay.address.is_some() {
            locations.push(json!({"location": self.reference(place::DESTINATION)}));
        }
        let mut fields = json!({
            "status": "finished",
            "class": {"system": self.version.v3("ActCode"), "code": "IMP", "display": "inpatient encounter"},
            "subject": self.reference(place::PATIENT),
            "participant": [{
                "type": [{"coding": [{
                    "system": self.version.v3("ParticipationType"),
                    "code": "DIS",
                    "display": "discharger",
                }]}],
                "individual": self.reference(place::AUTHOR),
            }],
            "period": {"start": stay.admitted, "end": stay.discharged},
            "hospitalization": {
                "admitSource": coded(List::AdmissionSource, &stay.source),
                "dischargeDisposition": coded(List::DischargeDestination, &stay.destination),
            },
            "location": locations,
            "serviceProvider": self.reference(place::HOSPITAL),
        });
        let reason = json!([{"text": stay.reason}]);
        match self.version {
            Version::Stu3 => {
                fields["reason"] = reason;
                fields["extension"] = json!([method]);
            }
            Version::R4 => {
                fields["reasonCode"] = reason;
                fields["hospitalization"]["extension"] = json!([method]);
            }
        }
        self.resource("Encounter", place::ENCOUNTER, fields)
    }

    fn author(&self) -> Value {
        let author = &self.facts.author;
        let fields = json!({
            "identifier": [{"system": GMC, "value": author.gmc}],
            "name": [{"family": author.family, "given": [author.given], "prefix": [author.prefix]}],
        });
        self.resource("Practitioner", place::AUTHOR, fields)
    }

    fn gp(&self) -> Value {
        let fields = json!({"name": [{"text": self.facts.gp_name}]});
        self.resource("Practitioner", place::GP, fields)
    }

    fn role(
        &self,
        at: usize,
        (who, whose): (usize, usize),
        (code, display): (&str, &str),
    ) -> Value {
        let system = self.version.system(List::JobRole);
        let mut fields = json!({
            "practitioner": self.reference(who),
            "organization": self.reference(whose),
            "code": [{"coding": [{"system": system, "code": code, "display": display}]}],
        });
        if who == place::AUTHOR {
            let specialty = &self.facts.author.specialty;
            fields["specialty"] = json!([snomed(&specialty.code, &specialty.display)]);
        }
        self.resource("PractitionerRole", at, fields)
    }

    fn organisation(&self, at: usize, held: &Organisation) -> Value {
        let fields = json!({
            "identifier": [{"system": ODS, "value": held.ods}],
            "name": held.name,
            "address": [address("work", &held.address)],
        });
        self.resource("Organization", at, fields)
    }

    fn location(&self, at: usize, name: &str, place: Option<&Address>) -> Value {
        let mut fields = json!({"name": name});
        if let Some(place) = place {
            fields["address"] = address("temp", place);
        }
        self.resource("Location", at, fields)
    }

    /// A list and what it lists; none without an item, since an empty list is not sent.
    fn list(
        &self,
        at: usize,
        (code, display): (&str, &str),
        items: Vec<Value>,
    ) -> Vec<(usize, Value)> {
        if items.is_empty() {
            return Vec::new();
        }
        let places = (at + 1..).take(items.len());
        let entries: Vec<Value> = places
            .clone()
            .map(|place| json!({"item": self.reference(place)}))
            .collect();
        let fields = json!({
            "identifier": [{
                "system": "https://tools.ietf.org/html/rfc4122",
                "value": self.uuid(at),
            }],
            "status": "current",
            "mode": "snapshot",
            "code": snomed(code, display),
            "subject": self.reference(place::PATIENT),
            "encounter": self.reference(place::ENCOUNTER),
            "source": self.reference(place::AUTHOR),
            "entry": entries,
        });
        let list = (at, self.resource("List", at, fields));
        std::iter::once(list).chain(places.zip(items)).collect()
    }

    fn allergies_held(&self) -> Vec<(usize, Value)> {
        let held = self.person.allergies.iter().zip(place::ALLERGIES + 1..);
        let items = held
            .map(|(allergy, at)| self.allergy(at, allergy))
            .collect();
        let code = ("886921000000105", "Allergies and adverse reactions");
        self.list(place::ALLERGIES, code, items)
    }

    fn allergy(&self, at: usize, held: &Allergy) -> Value {
        let status = |system, code: &str| self.version.status(system, code);
        let recorded = match self.version {
            Version::Stu3 => "assertedDate",
            Version::R4 => "recordedDate",
        };
        let mut fields = json!({
            "clinicalStatus": status("allergyintolerance-clinical", &held.clinical_status),
            "verificationStatus": status("allergyintolerance-verification", &held.verification_status),
            "category": [held.category],
            "code": snomed(&held.code, &held.display),
            "patient": self.reference(place::PATIENT),
        });
        fields[recorded] = json!(held.recorded);
        if let Some(reaction) = &held.reaction {
            fields["reaction"] = json!([{
                "manifestation": [{"text": reaction}],
                "description": reaction,
            }]);
        }
        self.resource("AllergyIntolerance", at, fields)
    }

    fn diagnoses_held(&self) -> Vec<(usize, Value)> {
        let held = self.facts.diagnoses.iter().zip(place::DIAGNOSES + 1..);
        let items = held.map(|(diagnosis, at)| {
            let mut fields = json!({
                "clinicalStatus": self.version.status("condition-clinical", "active"),
                "verificationStatus": self.version.status("condition-ver-status", "confirmed"),
                "code": snomed(&diagnosis.code, &diagnosis.display),
                "subject": self.reference(place::PATIENT),
                "onsetDateTime": diagnosis.date,
            });
            let context = match self.version {
                Version::Stu3 => "context",
                Version::R4 => "encounter",
            };
            fields[context] = self.reference(place::ENCOUNTER);
            if let Some(comment) = &diagnosis.comment {
                fields["note"] = json!([{"text": comment}]);
            }
            self.resource("Condition", at, fields)
        });
        let code = ("887161000000102", "Diagnoses");
        self.list(place::DIAGNOSES, code, items.collect())
    }

    fn procedures_held(&self) -> Vec<(usize, Value)> {
        let held = self.facts.procedures.iter().zip(place::PROCEDURES + 1..);
        let items = held.map(|(procedure, at)| {
            let mut fields = json!({
                "status": "completed",
                "code": snomed(&procedure.code, &procedure.display),
                "subject": self.reference(place::PATIENT),
                "performedDateTime": procedure.date,
            });
            if let Some(comment) = &procedure.comment {
                fields["note"] = json!([{"text": comment}]);
            }
            self.resource("Procedure", at, fields)
        });
        let code = ("887171000000109", "Procedures");
        self.list(place::PROCEDURES, code, items.collect())
    }

    fn medicines_held(&self) -> Vec<(usize, Value)> {
        let is_stopped = |medicine: &&Medicine| medicine.change == Change::Stopped;
        let all = &self.facts.medicines;
        let taken = all.iter().filter(|medicine| !is_stopped(medicine));
        let taken = taken.zip(place::MEDICINES + 1..);
        let items = taken.map(|(medicine, at)| self.medicine(at, medicine));
        let code = ("1102411000000102", "Active medications");
        let mut both = self.list(place::MEDICINES, code, items.collect());
        let stopped = all.iter().filter(is_stopped).zip(place::STOPPED + 1..);
        let items = stopped.map(|(medicine, at)| self.medicine(at, medicine));
        let code = ("1102191000000100", "Discontinued medications");
        both.extend(self.list(place::STOPPED, code, items.collect()));
        both
    }

    fn medicine(&self, at: usize, held: &Medicine) -> Value {
        let stopped = held.change == Change::Stopped;
        let mut fields = json!({
            "status": if stopped { "stopped" } else { "active" },
            "medicationCodeableConcept": snomed(&held.code, &held.display),
            "subject": self.reference(place::PATIENT),
            "category": {"coding": [{
                "system": self.version.category(),
                "code": "inpatient",
                "display": "Inpatient",
            }]},
        });
        if self.version == Version::Stu3 {
            fields["taken"] = json!(if stopped { "n" } else { "y" });
        }
        if let Some(dose) = &held.dose {
            fields["dosage"] = json!([{"text": dose}]);
        }
        if stopped {
            if let Some(reason) = &held.reason {
                fields["reasonCode"] = json!([{"text": reason}]);
            }
            if let Some(date) = &held.changed {
                fields["effectiveDateTime"] = json!(date);
            }
        } else {
            fields["extension"] = json!([self.change_summary(held)]);
        }
        self.resource("MedicationStatement", at, fields)
    }

    fn change_summary(&self, held: &Medicine) -> Value {
        let mut parts = vec![json!({
            "url": "status",
            "valueCode": self.version.change(held.change),
        })];
        if let Some(reason) = &held.reason {
            parts.push(
                json!({"url": "indicationForChange", "valueCodeableConcept": {"text": reason}}),
            );
        }
        if let Some(date) = &held.changed {
            parts.push(json!({"url": "dateChanged", "valueDateTime": date}));
        }
        json!({"url": self.version.extension("MedicationChangeSummary"), "extension": parts})
    }
}

fn address(usage: &str, held: &Address) -> Value {
    json!({
        "use": usage,
        "line": held.line,
        "city": held.city,
        "postalCode": held.postcode,
    })
}
