//! The Composition of a discharge document: its head, and one section for each heading that there is
//! something to say under. Not for the resources that the sections point to.

use crate::documents::facts::{Change, Clinical, Medicine, Organisation};
use crate::documents::version::{HEADINGS, snomed};
use crate::documents::{DISCHARGE_SUMMARY, Document, place};
use crate::people::Address;
use serde_json::{Value, json};

/// What a section says: a heading and its words.
type Row = (&'static str, String);

/// The words of a section, one table for each thing told, and the places of what it points to.
#[derive(Default)]
struct Section {
    tables: Vec<Vec<(String, String)>>,
    points_to: Vec<usize>,
}

impl Section {
    fn of(rows: Vec<Row>, points_to: &[usize]) -> Section {
        Section {
            tables: vec![owned(rows)],
            points_to: points_to.to_vec(),
        }
    }

    fn of_tables(tables: Vec<Vec<Row>>, points_to: &[usize]) -> Section {
        Section {
            tables: tables.into_iter().map(owned).collect(),
            points_to: points_to.to_vec(),
        }
    }
}

fn owned(rows: Vec<Row>) -> Vec<(String, String)> {
    rows.into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}

impl Document<'_> {
    pub(crate) fn composition(&self) -> Value {
        let setting = &self.facts.author.care_setting;
        let setting = snomed(&setting.code, &setting.display);
        let title = format!("{} Discharge Summary", self.facts.author.specialty.display);
        let fields = json!({
            "extension": [{
                "url": self.version.extension("CareSettingType"),
                "valueCodeableConcept": setting,
            }],
            "identifier": {
                "system": "https://tools.ietf.org/html/rfc4122",
                "value": self.uuid(place::COMPOSITION),
            },
            "status": "final",
            "type": snomed(DISCHARGE_SUMMARY, "Discharge summary"),
            "subject": self.reference(place::PATIENT),
            "encounter": self.reference(place::ENCOUNTER),
            "date": self.facts.completed,
            "author": [self.reference(place::AUTHOR)],
            "title": title,
            "custodian": self.reference(place::HOSPITAL),
            "section": self.sections(),
        });
        self.resource("Composition", place::COMPOSITION, fields)
    }

    fn sections(&self) -> Vec<Value> {
        let mut sections = Vec::new();
        for heading in &HEADINGS {
            let mut section = self.section(heading.key);
            let told = self.facts.narrative.iter();
            for words in told.filter(|words| words.section == heading.title) {
                let row = (words.item.clone(), words.text.clone());
                match section.tables.first_mut() {
                    Some(table) => table.push(row),
                    None => section.tables.push(vec![row]),
                }
            }
            if section.tables.is_empty() {
                continue;
            }
            let mut value = json!({
                "title": heading.title,
                "code": self.version.heading(heading),
                "text": {"status": "additional", "div": markup(&section.tables)},
            });
            if !section.points_to.is_empty() {
                let entries = section.points_to.iter().map(|at| self.reference(*at));
                value["entry"] = entries.collect();
            }
            sections.push(value);
        }
        sections
    }

    /// What is told of what is held in a form; what is held in words comes after.
    fn section(&self, key: &str) -> Section {
        let facts = self.facts;
        match key {
            "admission-details" => Section::of(self.admission(), &[place::ENCOUNTER]),
            "allergies-and-adverse-reaction" => self.allergies(),
            "diagnoses" => Section::of_tables(
                facts
                    .diagnoses
                    .iter()
                    .map(|it| named("Diagnosis name", it))
                    .collect(),
                &[place::DIAGNOSES],
            ),
            "discharge-details" => {
                Section::of(self.discharge(), &[place::ENCOUNTER, place::AUTHOR])
            }
            "distribution-list" => Section::of(
                vec![
                    ("Name", facts.gp_name.clone()),
                    ("Role", "General Medical Practitioner".to_owned()),
                    ("Organisation name", facts.gp_practice.name.clone()),
                ],
                &[place::GP, place::PRACTICE],
            ),
            "gp-practice" => Section::of(
                vec![
                    ("GP name", facts.gp_name.clone()),
                    ("GP practice details", details(&facts.gp_practice)),
                ],
                &[place::PRACTICE],
            ),
            "medications-and-medical-devices" => self.medicines(),
            "person-demographics" => Section::of(self.demographics(), &[place::PATIENT]),
            "person-completing-record" => Section::of(self.completed_by(), &[place::AUTHOR]),
            "procedures" if !facts.procedures.is_empty() => Section::of_tables(
                facts
                    .procedures
                    .iter()
                    .map(|it| named("Procedure name", it))
                    .collect(),
                &[place::PROCEDURES],
            ),
            _ => Section::default(),
        }
    }

    fn admission(&self) -> Vec<Row> {
        let stay = &self.facts.stay;
        vec![
            ("Reason for admission", stay.reason.clone()),
            ("Admission method", stay.method.display.clone()),
            ("Source of admission", stay.source.display.clone()),
            ("Date/time of admission", moment(&stay.admitted)),
        ]
    }

    fn allergies(&self) -> Section {
        let tables = self.person.allergies.iter().map(|allergy| {
            let mut rows = vec![("Causative agent", allergy.display.clone())];
            if let Some(reaction) = &allergy.reaction {
                rows.push(("Description of reaction", reaction.clone()));
            }
            rows.push(("Date recorded", allergy.recorded.clone()));
            rows
        });
        Section::of_tables(tables.collect(), &[place::ALLERGIES])
    }

    fn discharge(&self) -> Vec<Row> {
        let (stay, author) = (&self.facts.stay, &self.facts.author);
        let mut rows = vec![
            ("Discharging consultant", author.full_name()),
            (
                "Discharging specialty/department",
                author.specialty.display.clone(),
            ),
            ("Discharge location", stay.ward.clone()),
            ("Date/time of discharge", moment(&stay.discharged)),
            ("Discharge method", stay.discharge_method.clone()),
            ("Discharge type", stay.destination.display.clone()),
        ];
        if let Some(address) = &stay.address {
            rows.push(("Discharge address", on_one_line(address)));
        }
        rows
    }

    fn medicines(&self) -> Section {
        let is_stopped = |medicine: &&Medicine| medicine.change == Change::Stopped;
        let all = &self.facts.medicines;
        let taken = all.iter().filter(|medicine| !is_stopped(medicine));
        let stopped = all.iter().filter(is_stopped);
        let mut tables: Vec<Vec<Row>> = taken.clone().map(|it| self.taken(it)).collect();
        tables.extend(stopped.clone().map(no_longer_taken));
        let mut points_to = Vec::new();
        if taken.count() > 0 {
            points_to.push(place::MEDICINES);
        }
        if stopped.count() > 0 {
            points_to.push(place::STOPPED);
        }
        Section::of_tables(tables, &points_to)
    }

    fn taken(&self, medicine: &Medicine) -> Vec<Row> {
        let mut rows = vec![("Medication name", medicine.display.clone())];
        if let Some(dose) = &medicine.dose {
            rows.push(("Dose directions description", dose.clone()));
        }
        rows.push(("Status", self.version.change(medicine.change).to_owned()));
        rows.extend(change(medicine));
        rows
    }

    fn demographics(&self) -> Vec<Row> {
        let identity = &self.person.identity;
        let prefix = identity.prefix.as_deref().unwrap_or_default();
        let name = format!("{prefix} {} {}", identity.given.join(" "), identity.family);
        let mut rows = vec![("Patient name", name.trim().to_owned())];
        if let Some(born) = &identity.birth_date {
            rows.push(("Date of birth", born.clone()));
        }
        let gender = match identity.gender.as_str() {
            "male" => "Male",
            "female" => "Female",
            "other" => "Not specified",
            _ => "Not known",
        };
        rows.push(("Gender", gender.to_owned()));
        rows.push(("NHS number", identity.nhs_number.clone()));
        if let Some(address) = &identity.address {
            rows.push(("Patient address", on_one_line(address)));
        }
        rows
    }

    fn completed_by(&self) -> Vec<Row> {
        let author = &self.facts.author;
        vec![
            ("Name", author.full_name()),
            ("Role", author.role.display.clone()),
            ("Specialty", author.specialty.display.clone()),
            ("Date and time completed", moment(&self.facts.completed)),
            ("Organisation", details(&self.facts.hospital)),
        ]
    }
}

fn named(name: &'static str, held: &Clinical) -> Vec<Row> {
    let mut rows = vec![(name, held.display.clone())];
    if let Some(comment) = &held.comment {
        rows.push(("Comment", comment.clone()));
    }
    rows
}

fn no_longer_taken(medicine: &Medicine) -> Vec<Row> {
    let mut rows = vec![
        ("Name of discontinued medication", medicine.display.clone()),
        ("Status", "Discontinued".to_owned()),
    ];
    rows.extend(change(medicine));
    rows
}

/// Why and when a medicine was changed.
fn change(medicine: &Medicine) -> Vec<Row> {
    let reason = medicine.reason.iter().map(|it| ("Indication", it.clone()));
    let date = medicine.changed.iter();
    reason
        .chain(date.map(|it| ("Date of latest change", it.clone())))
        .collect()
}

/// Name and address; a code is never carried as text.
fn details(organisation: &Organisation) -> String {
    format!(
        "{}, {}",
        organisation.name,
        on_one_line(&organisation.address)
    )
}

fn on_one_line(address: &Address) -> String {
    let lines = address.line.join(", ");
    format!("{lines}, {}, {}", address.city, address.postcode)
}

/// A date and time as people read it.
fn moment(text: &str) -> String {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let minutes = time.get(..5).unwrap_or(time);
    format!("{day} {minutes}").trim().to_owned()
}

fn markup(tables: &[Vec<(String, String)>]) -> String {
    let mut text = "<div xmlns=\"http://www.w3.org/1999/xhtml\">".to_owned();
    for rows in tables {
        text.push_str("<table><tbody>");
        for (name, told) in rows {
            text.push_str("<tr><th>");
            text.push_str(&escaped(name));
            text.push_str("</th><td>");
            text.push_str(&escaped(told));
            text.push_str("</td></tr>");
        }
        text.push_str("</tbody></table>");
    }
    text.push_str("</div>");
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
