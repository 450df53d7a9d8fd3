//! The synthetic people in scenarios/_people: reads them and refuses whatever could be a real person.
//! Not for a vendor's own test patients: those are in target.toml.

use crate::diagnostic::{Echo, Report};
use crate::discharge;
use crate::files::Files;
use crate::source::{Sink, Source};
use crate::toml_reader::{At, Reader, parse};
use plumbline_model::facts::{Address, ContactFact, Identity, LocalIdentifier, TelecomFact};
use plumbline_model::{ActorRole, AllergyFact, GpFacts, Person, RecordFact};
use plumbline_model::{CLINICAL_TYPES, ClinicalType, clinical_type};
use plumbline_model::{NumberFault, nhs_number_fault, snomed_code_fault};
use std::collections::BTreeMap;

/// The folder of the people.
pub(crate) const FOLDER: &str = "scenarios/_people/";

const GENDERS: &[&str] = &["male", "female", "other", "unknown"];
const CLINICAL: &[&str] = &["active", "inactive", "resolved"];
const VERIFICATION: &[&str] = &["unconfirmed", "confirmed", "refuted", "entered-in-error"];
const CATEGORIES: &[&str] = &["food", "medication", "environment", "biologic"];
const CRITICALITIES: &[&str] = &["low", "high", "unable-to-assess"];
const REGISTRATIONS: &[&str] = &["active", "left", "none"];
const NUMBER_STATES: &[&str] = &["verified", "never-verified"];
const PDS_STATES: &[&str] = &[
    "verified",
    "differs",
    "never-verified",
    "deceased",
    "sensitive",
    "superseded",
    "invalid",
    "unknown",
];
const TELECOM_SYSTEMS: &[&str] = &["phone", "email", "fax", "sms", "other"];
const TELECOM_USES: &[&str] = &["home", "work", "mobile", "temp", "old"];
/// The telephone numbers that Ofcom keeps free for drama have this area code and beginning.
const NOBODYS_PHONE: &str = "01632 960";

/// Every synthetic person by role.
pub fn people(files: &Files) -> Result<BTreeMap<ActorRole, Person>, Report> {
    let sink = Sink::default();
    let people = read_all(files, &sink);
    let report = Report::new(sink.into_diagnostics());
    if report.has_errors() {
        return Err(report);
    }
    Ok(people)
}

/// What must be unique over all people: the first file that used it.
#[derive(Default)]
struct Used {
    nhs_numbers: BTreeMap<String, String>,
    ids: BTreeMap<String, String>,
}

pub(crate) fn read_all(files: &Files, sink: &Sink) -> BTreeMap<ActorRole, Person> {
    let mut used = Used::default();
    let mut people = BTreeMap::new();
    for (path, bytes) in files.under(FOLDER) {
        let Some(role) = path
            .strip_prefix(FOLDER)
            .and_then(|n| n.strip_suffix(".toml"))
        else {
            continue;
        };
        let Some(source) = Source::new(path, bytes, Echo::Line, sink) else {
            continue;
        };
        if let Some(person) = read(&source, role, &mut used) {
            people.insert(ActorRole::new(role), person);
        }
    }
    people
}

fn read(source: &Source<'_>, role: &str, used: &mut Used) -> Option<Person> {
    let table = parse(source)?;
    let mut root = Reader::root(source, &table);
    let summary = root.text("summary");
    let id = root.text("id");
    unique(source, &mut used.ids, id.as_ref(), "id");
    let identity = root.table("identity").and_then(|t| read_identity(t, used));
    let allergies: Vec<Option<AllergyFact>> = root
        .tables("allergies")
        .into_iter()
        .map(|t| read_allergy(t, used))
        .collect();
    let records: Vec<Option<RecordFact>> = root
        .tables("records")
        .into_iter()
        .map(|t| read_record(t, used))
        .collect();
    let has_gp = root.has("gp");
    let gp = root.opt_table("gp").and_then(read_gp);
    let has_discharge = root.has("discharge");
    let discharge = root.opt_table("discharge").and_then(discharge::read);
    root.finish();
    if (has_gp && gp.is_none()) || (has_discharge && discharge.is_none()) {
        return None;
    }
    Some(Person {
        role: ActorRole::new(role),
        summary: summary?.value,
        id: id?.value,
        identity: identity?,
        allergies: allergies.into_iter().collect::<Option<Vec<_>>>()?,
        records: records.into_iter().collect::<Option<Vec<_>>>()?,
        gp,
        discharge: discharge.map(Box::new),
    })
}

fn read_gp(mut table: Reader<'_, '_>) -> Option<GpFacts> {
    let registration = table.word("registration", REGISTRATIONS);
    let pds = table.word("pds", PDS_STATES);
    let number = table.opt_word("number", NUMBER_STATES).map(|t| t.value);
    let role = |text: Option<At<String>>| text.map(|t| ActorRole::new(t.value));
    let practitioner = role(table.opt_text("practitioner"));
    let branch = role(table.opt_text("branch"));
    let contact = table.opt_table("contact").and_then(read_contact);
    let telecom: Vec<Option<TelecomFact>> = table
        .tables("telecom")
        .into_iter()
        .map(read_telecom)
        .collect();
    table.finish();
    let pds = pds?.value;
    let usual = if pds == "never-verified" {
        "never-verified"
    } else {
        "verified"
    };
    Some(GpFacts {
        registration: registration?.value,
        number: number.unwrap_or_else(|| usual.to_owned()),
        pds,
        practitioner,
        branch,
        contact,
        telecom: telecom.into_iter().collect::<Option<Vec<_>>>()?,
    })
}

fn read_contact(mut table: Reader<'_, '_>) -> Option<ContactFact> {
    let family = table.text("family");
    let given = table.texts("given");
    let relationship = table.text("relationship");
    let phone = table.text("phone");
    if let Some(phone) = &phone {
        check_phone(table.source, phone);
    }
    table.finish();
    Some(ContactFact {
        family: family?.value,
        given: given?.into_iter().map(|t| t.value).collect(),
        relationship: relationship?.value,
        phone: phone?.value,
    })
}

fn read_telecom(mut table: Reader<'_, '_>) -> Option<TelecomFact> {
    let system = table.word("system", TELECOM_SYSTEMS);
    let used = table.word("use", TELECOM_USES);
    let value = table.text("value");
    if let (Some(system), Some(value)) = (&system, &value) {
        if system.value == "email" {
            check_email(table.source, value);
        } else if system.value != "other" {
            check_phone(table.source, value);
        }
    }
    table.finish();
    Some(TelecomFact {
        system: system?.value,
        r#use: used?.value,
        value: value?.value,
    })
}

fn check_phone(source: &Source<'_>, phone: &At<String>) {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    if !digits(&phone.value).starts_with(&digits(NOBODYS_PHONE)) {
        source.error(
            phone.range.clone(),
            "the telephone number could be somebody's",
            format!("write a number that begins with {NOBODYS_PHONE}, which nobody has"),
        );
    }
}

fn check_email(source: &Source<'_>, email: &At<String>) {
    let host = email.value.rsplit_once('@').map_or("", |(_, host)| host);
    let reserved =
        ["example.org", "example.com", "example.net"].contains(&host) || host.ends_with(".example");
    if !reserved {
        source.error(
            email.range.clone(),
            "the address could be somebody's",
            "write an address that ends in @example.org",
        );
    }
}

fn unique(
    source: &Source<'_>,
    used: &mut BTreeMap<String, String>,
    value: Option<&At<String>>,
    what: &str,
) {
    let Some(value) = value else { return };
    if let Some(first) = used.get(&value.value) {
        source.error(
            value.range.clone(),
            format!("the {what} `{}` is already used in {first}", value.value),
            format!("give each its own {what}"),
        );
    } else {
        used.insert(value.value.clone(), source.path.to_owned());
    }
}

fn read_identity(mut table: Reader<'_, '_>, used: &mut Used) -> Option<Identity> {
    let nhs_number = table.text("nhs_number");
    if let Some(number) = &nhs_number {
        check_nhs_number(table.source, number);
        unique(
            table.source,
            &mut used.nhs_numbers,
            Some(number),
            "NHS number",
        );
    }
    let family = table.text("family");
    let given = table.texts("given");
    let prefix = table.opt_text("prefix").map(|t| t.value);
    let gender = table.word("gender", GENDERS);
    let birth_date = table.opt_text("birth_date");
    let birth_date = table.checked_date("birth_date", birth_date);
    let address = table.opt_table("address").and_then(read_address);
    let local_identifier = table.opt_table("local_identifier").and_then(|mut t| {
        let system = t.text("system");
        let value = t.text("value");
        t.finish();
        Some(LocalIdentifier {
            system: system?.value,
            value: value?.value,
        })
    });
    table.finish();
    Some(Identity {
        nhs_number: nhs_number?.value,
        family: family?.value,
        given: given?.into_iter().map(|t| t.value).collect(),
        prefix,
        gender: gender?.value,
        birth_date,
        address,
        local_identifier,
    })
}

fn check_nhs_number(source: &Source<'_>, number: &At<String>) {
    let range = number.range.clone();
    match nhs_number_fault(&number.value) {
        Some(NumberFault::CheckDigit) => source.error(
            range,
            "the check digit of the NHS number is wrong",
            "take the next number of the 999 range whose tenth digit fits modulus 11",
        ),
        Some(NumberFault::Repeated) => source.error(
            range,
            "the NHS number is one digit ten times",
            "choose another number of the 999 range",
        ),
        Some(NumberFault::Form | NumberFault::NotAConcept) => source.error(
            range,
            "the NHS number is not ten digits",
            "write ten digits without spaces",
        ),
        None if !number.value.starts_with("999") => source.error(
            range,
            "the NHS number is outside the 999 range and could belong to somebody",
            "use a number that begins with 999; real people are never test data",
        ),
        None => {}
    }
}

pub(crate) fn read_address(mut table: Reader<'_, '_>) -> Option<Address> {
    let line = table.texts("line");
    let city = table.text("city");
    let postcode = table.text("postcode");
    if let Some(code) = &postcode
        && !code.value.starts_with("ZZ99 ")
    {
        table.source.error(
            code.range.clone(),
            "the postcode is outside the ZZ99 area and could be somebody's home",
            "write a postcode that begins with `ZZ99 `",
        );
    }
    table.finish();
    Some(Address {
        line: line?.into_iter().map(|t| t.value).collect(),
        city: city?.value,
        postcode: postcode?.value,
    })
}

fn read_allergy(mut table: Reader<'_, '_>, used: &mut Used) -> Option<AllergyFact> {
    let id = table.text("id");
    unique(table.source, &mut used.ids, id.as_ref(), "id");
    let code = table.text("code");
    check_code(table.source, code.as_ref());
    let display = table.text("display");
    let clinical_status = table.word("clinical_status", CLINICAL);
    let verification_status = table.word("verification_status", VERIFICATION);
    let category = table.word("category", CATEGORIES);
    let criticality = table.opt_word("criticality", CRITICALITIES);
    let recorded = table.text("recorded");
    let recorded = table.checked_date("recorded", recorded);
    let last_occurrence = table.opt_text("last_occurrence");
    let last_occurrence = table.checked_date("last_occurrence", last_occurrence);
    let reaction = table.opt_text("reaction").map(|t| t.value);
    table.finish();
    Some(AllergyFact {
        id: id?.value,
        code: code?.value,
        display: display?.value,
        clinical_status: clinical_status?.value,
        verification_status: verification_status?.value,
        category: category?.value,
        criticality: criticality.map(|t| t.value),
        recorded: recorded?,
        last_occurrence,
        reaction,
    })
}

pub(crate) fn check_code(source: &Source<'_>, code: Option<&At<String>>) {
    let Some(code) = code else { return };
    let cause = match snomed_code_fault(&code.value) {
        None => return,
        Some(NumberFault::CheckDigit) => "the check digit of the SNOMED CT code is wrong",
        Some(NumberFault::NotAConcept) => "the SNOMED CT identifier is not that of a concept",
        Some(NumberFault::Form | NumberFault::Repeated) => {
            "the SNOMED CT code is not 6 to 18 digits"
        }
    };
    source.error(
        code.range.clone(),
        cause,
        "copy the concept id again from a SNOMED CT browser",
    );
}

fn read_record(mut table: Reader<'_, '_>, used: &mut Used) -> Option<RecordFact> {
    let types: Vec<&str> = CLINICAL_TYPES.iter().map(|kind| kind.name).collect();
    let resource_type = table.word("type", &types);
    let kind = resource_type
        .as_ref()
        .and_then(|name| clinical_type(&name.value));
    let id = table.text("id");
    unique(table.source, &mut used.ids, id.as_ref(), "id");
    let code = table.text("code");
    check_code(table.source, code.as_ref());
    let display = table.text("display");
    // Without a known type there is nothing to hold the status against.
    let status = match kind {
        Some(kind) => table.word("status", kind.statuses),
        None => table.text("status"),
    };
    let date = table.text("date");
    let date = table.checked_date("date", date);
    let end = table.opt_text("end");
    let end_range = end.as_ref().map(|end| end.range.clone());
    let end = table.checked_date("end", end);
    if let Some(range) = end_range {
        if let Some(kind) = kind.filter(|kind| !can_last(kind)) {
            table.source.error(
                range,
                format!("`end` is given for a {}, which does not last", kind.title),
                format!("remove it; an end is for {}", lasting_types().join(", ")),
            );
        } else if end.is_some() && end < date {
            // Dates of this form sort as texts.
            table.source.error(
                range,
                "`end` is before `date`",
                "write the day on which it ended, or swap the two",
            );
        }
    }
    let text = table.opt_text("text").map(|t| t.value);
    table.finish();
    Some(RecordFact {
        resource_type: resource_type?.value,
        id: id?.value,
        code: code?.value,
        display: display?.value,
        status: status?.value,
        date: date?,
        end,
        text,
    })
}

/// Whether FHIR has a period for the type.
fn can_last(kind: &ClinicalType) -> bool {
    let lasts = |element: &&str| element.to_lowercase().ends_with("period");
    kind.date_elements.iter().any(lasts)
}

fn lasting_types() -> Vec<&'static str> {
    let lasting = CLINICAL_TYPES.iter().filter(|kind| can_last(kind));
    lasting.map(|kind| kind.name).collect()
}
