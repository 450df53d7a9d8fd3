//! The data sheet as text of at most 100 columns, for people who load test data by hand.
//! Not for spreadsheets or servers.

use crate::area::Area;
use crate::sheet::{DataSheet, Sheet};
use crate::wrap::{WIDTH, wrapped};
use crate::{sheet_discharge, sheet_gp};
use plumbline_model::{AllergyFact, Person, RecordFact, clinical_type};

/// Where values begin.
const INDENT: usize = 20;

/// The whole data sheet.
pub fn sheet_text(sheet: &DataSheet<'_>) -> String {
    let pack = sheet.pack;
    let people = sheet.sheets().count();
    let mut out = Page::default();
    out.line(&format!("DATA SHEET: {}", pack.title));
    out.line(&format!("Pack {}, version {}.", pack.id, pack.version));
    out.blank();
    out.paragraph(&format!(
        "The {people} people on this sheet are synthetic: none of them exists. Their NHS numbers are \
         in the range that begins with 999, which is never issued. Load them into a test system, \
         never into a system that is used for care."
    ));
    out.blank();
    out.line("How to use this sheet");
    out.paragraph(
        "1. Enter each person with everything that is listed below the name. Where the sheet says \
         \"none\", leave the field or the list empty: that is what the person is for.",
    );
    out.paragraph(
        "2. Write in target.toml, under [actors], which NHS number your system has for each role. \
         It may be another number than the one on this sheet:",
    );
    if let Some(first) = sheet.sheets().next() {
        let (role, number) = (&first.person.role, &first.person.identity.nhs_number);
        out.line(&format!("     {role} = {{ nhs_number = \"{number}\" }}"));
    }
    out.hanging(
        3,
        3,
        "Where your system gives its own hospital numbers, add inside the brackets:",
    );
    out.line("     local_identifier = \"system|value\"");
    out.hanging(
        3,
        3,
        "For a patient of your own, who was not loaded from this sheet, add there:",
    );
    out.line("     data_sheet = false");
    out.hanging(
        3,
        3,
        "The command plumbline actors suggest finds such patients.",
    );
    if sheet.speaks_of_practices() {
        out.paragraph(
            "3. Load only those whose registration says so. The others must not be registered before \
             the test, and PDS, or what stands for it in your test system, must answer as it says. \
             People who are registered by a run must be removed before the next.",
        );
    } else {
        out.paragraph("3. Compare what your system holds with this sheet:");
        out.line(&format!(
            "     plumbline actors check --target target.toml --pack {}",
            pack.id
        ));
    }
    out.paragraph(
        "Codes are SNOMED CT concepts; for medicines, concepts of dm+d, which share the same \
         numbering. Dates are year-month-day. The people stand in the order that lets most \
         scenarios run with fewest people.",
    );
    if !sheet.directory().is_empty() {
        out.blank();
        out.line(&"=".repeat(WIDTH));
        out.line("PRACTITIONERS, ORGANISATIONS AND LOCATIONS");
        out.line(&"=".repeat(WIDTH));
        for fact in sheet.directory() {
            out.blank();
            sheet_gp::entry(&mut out, fact);
        }
    }
    let mut tier = 0;
    for one in sheet.sheets() {
        if one.tier != tier {
            tier = one.tier;
            let sentence = sheet.tiers.get(tier).map(crate::Tier::sentence);
            out.blank();
            out.line(&"=".repeat(WIDTH));
            out.line(&format!("TIER {tier}: {}", sentence.unwrap_or_default()));
            out.line(&"=".repeat(WIDTH));
        }
        out.blank();
        person(&mut out, one);
    }
    out.0
}

/// The tiers only: whom to load first, and what that unlocks.
pub fn tiers_text(sheet: &DataSheet<'_>) -> String {
    let mut out = Page::default();
    for (at, tier) in sheet.tiers.iter().enumerate() {
        out.line(&format!("Tier {at}: {}", tier.sentence()));
        for role in &tier.roles {
            out.line(&format!("  {role}"));
        }
    }
    out.0
}

fn person(out: &mut Page, sheet: Sheet<'_>) {
    let Person {
        role,
        summary,
        identity,
        ..
    } = sheet.person;
    out.line(&format!("{}. {role}", sheet.number));
    out.hanging(3, 3, summary);
    out.field("NHS number", &spaced(&identity.nhs_number));
    out.field("Family name", &identity.family);
    let given = if identity.given.len() > 1 {
        "Given names"
    } else {
        "Given name"
    };
    out.field(given, &identity.given.join(", "));
    out.field("Title", identity.prefix.as_deref().unwrap_or("none"));
    out.field("Gender", &identity.gender);
    let birth = identity.birth_date.as_deref();
    out.field("Date of birth", birth.unwrap_or("none: leave it empty"));
    let address = identity.address.as_ref().map(|a| {
        let mut lines = a.line.clone();
        lines.extend([a.city.clone(), a.postcode.clone()]);
        lines.join(" / ")
    });
    out.field("Address", address.as_deref().unwrap_or("none"));
    let local = identity.local_identifier.as_ref();
    let local = local.map(|l| format!("{} (system {})", l.value, l.system));
    out.field("Local identifier", local.as_deref().unwrap_or("none"));
    if let Some(gp) = &sheet.person.gp {
        // A practice is asked for no clinical record here.
        return sheet_gp::person(out, gp);
    }
    allergies(out, &sheet.person.allergies);
    if let Some(facts) = &sheet.person.discharge {
        return sheet_discharge::stay(out, facts);
    }
    records(out, sheet.person);
}

fn allergies(out: &mut Page, allergies: &[AllergyFact]) {
    out.field("Allergies", &count(allergies.len()));
    for fact in allergies {
        out.hanging(5, 7, &format!("- {}, code {}", fact.display, fact.code));
        let mut words = vec![
            format!("clinical status {}", fact.clinical_status),
            format!("verification {}", fact.verification_status),
            format!("category {}", fact.category),
        ];
        let mut more = |name: &str, value: &Option<String>| {
            words.extend(value.iter().map(|value| format!("{name} {value}")));
        };
        more("criticality", &fact.criticality);
        more("recorded", &Some(fact.recorded.clone()));
        more("last reaction", &fact.last_occurrence);
        more("reaction:", &fact.reaction);
        out.hanging(7, 7, &words.join("; "));
    }
}

fn records(out: &mut Page, person: &Person) {
    if person.records.is_empty() {
        out.field("Other records", "none");
        return;
    }
    for area in Area::all() {
        let name = area.resource_type();
        let of_type: Vec<&RecordFact> = person
            .records
            .iter()
            .filter(|record| record.resource_type == name)
            .collect();
        if of_type.is_empty() {
            continue;
        }
        let words = area.words();
        let mut letters = words.chars();
        let first: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        let heading = format!("{first}{} ({name}): {}", letters.as_str(), of_type.len());
        out.hanging(3, 5, &heading);
        for fact in of_type {
            out.hanging(5, 7, &format!("- {}, code {}", fact.display, fact.code));
            let mut words = vec![format!("status {}", fact.status)];
            let lasts = fact.end.is_some();
            let begins = if lasts { "from" } else { "date" };
            words.push(format!("{begins} {}", fact.date));
            words.extend(fact.end.iter().map(|end| format!("until {end}")));
            words.extend(fact.text.iter().cloned());
            out.hanging(7, 7, &words.join("; "));
        }
    }
    let missing: Vec<String> = Area::all()
        .filter(|area| clinical_type(area.resource_type()).is_some() && area.held(person) == 0)
        .map(Area::words)
        .collect();
    if !missing.is_empty() {
        out.hanging(3, 5, &format!("None of these: {}", missing.join(", ")));
    }
}

fn count(count: usize) -> String {
    match count {
        0 => "none: the list is empty".to_owned(),
        count => count.to_string(),
    }
}

/// In the groups in which people read it.
fn spaced(number: &str) -> String {
    match (number.get(..3), number.get(3..6), number.get(6..)) {
        (Some(a), Some(b), Some(c)) => format!("{a} {b} {c}"),
        _ => number.to_owned(),
    }
}

/// Text under making.
#[derive(Default)]
pub(crate) struct Page(String);

impl Page {
    pub(crate) fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn blank(&mut self) {
        self.0.push('\n');
    }

    /// The further lines of a numbered paragraph stand below its first word.
    fn paragraph(&mut self, text: &str) {
        let numbered = text.starts_with(|c: char| c.is_ascii_digit());
        self.hanging(0, if numbered { 3 } else { 0 }, text);
    }

    pub(crate) fn field(&mut self, name: &str, value: &str) {
        let label = format!("   {name:<width$}", width = INDENT - 3);
        let start = self.0.len();
        self.hanging(INDENT, INDENT, value);
        self.0.replace_range(start..start + INDENT, &label);
    }

    pub(crate) fn hanging(&mut self, first: usize, others: usize, text: &str) {
        self.0.push_str(&wrapped(first, others, text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand_made::{pack, people};
    use plumbline_model::{DirectoryFact, DirectoryKind, GpFacts};

    #[test]
    fn it_says_everything_within_a_hundred_columns() {
        let (pack, people) = (pack(), people());
        let sheet = DataSheet::new(&pack, &people);
        let text = sheet_text(&sheet);
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
            assert_eq!(line, line.trim_end());
        }
        for person in people.values() {
            let identity = &person.identity;
            let number = spaced(&identity.nhs_number);
            for value in [person.role.as_str(), &number, &identity.family] {
                assert!(text.contains(value), "{value}");
            }
            let codes = person.allergies.iter().map(|a| &a.code);
            for code in codes.chain(person.records.iter().map(|r| &r.code)) {
                assert!(text.contains(code), "{code}");
            }
        }
        for words in [
            "are synthetic",
            "[actors]",
            "data_sheet = false",
            "Date of birth    none: leave it empty",
            "Vaccination records (Immunization): 2",
            "status not-done; date 2022-01-31",
            "clinical status resolved",
            "TIER 1: 3 people unlock ",
        ] {
            assert!(text.contains(words), "no `{words}` in:\n{text}");
        }
    }

    #[test]
    fn a_sheet_of_a_practice_says_whom_to_load_and_whom_not() {
        let (mut pack, mut people) = (pack(), people());
        let gp = |registration: &str, pds: &str| GpFacts {
            registration: registration.to_owned(),
            number: "verified".to_owned(),
            pds: pds.to_owned(),
            practitioner: None,
            branch: Some("a-surgery".into()),
            contact: None,
            telecom: Vec::new(),
        };
        for (at, person) in people.values_mut().enumerate() {
            let registration = ["active", "none"][at % 2];
            person.gp = Some(gp(registration, "unknown"));
        }
        let fact = DirectoryFact {
            role: "a-surgery".into(),
            summary: "A surgery".to_owned(),
            kind: DirectoryKind::Location,
            id: "l-1".to_owned(),
            identifier: None,
            name: Some("Row Surgery".to_owned()),
            family: None,
            given: Vec::new(),
            prefix: None,
            managing: None,
        };
        pack.directory.insert(fact.role.clone(), fact.kind);
        let directory = [(fact.role.clone(), fact)].into();
        let sheet = DataSheet::new(&pack, &people).with_directory(&directory);
        let text = sheet_text(&sheet);
        for words in [
            "do NOT load the person",
            "registered and active: load the person",
            "PDS must hold    nobody under this number",
            "Surgery          a-surgery",
            "Name             Row Surgery",
            "Load only those",
        ] {
            assert!(text.contains(words), "no `{words}` in:\n{text}");
        }
        assert!(!text.contains("actors check") && !text.contains("Allergies"));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
    }

    #[test]
    fn tiers_name_the_share_and_the_people() {
        let (pack, people) = (pack(), people());
        let text = tiers_text(&DataSheet::new(&pack, &people));
        assert!(
            text.starts_with("Tier 0: 1 of 6 scenarios need no person\nTier 1: 3 people unlock ")
        );
        assert_eq!(text.matches("  patient-").count(), 5);
    }
}
