//! The data sheet as two tables that a spreadsheet can open without running anything.
//! Not for reading tables: `pack` does that.

use crate::sheet::DataSheet;
use plumbline_model::facts::{Address, LocalIdentifier};

/// The code system of every code on the sheet.
const SNOMED_CT: &str = "http://snomed.info/sct";

/// One row a person.
pub fn people_csv(sheet: &DataSheet<'_>) -> String {
    let mut table = Table::new(&[
        "tier",
        "role",
        "what_is_special",
        "nhs_number",
        "title",
        "given_names",
        "family_name",
        "gender",
        "birth_date",
        "address_lines",
        "city",
        "postcode",
        "local_identifier",
        "local_identifier_system",
    ]);
    for one in sheet.sheets() {
        let identity = &one.person.identity;
        let address = |part: fn(&Address) -> String| {
            let address = identity.address.as_ref();
            address.map(part).unwrap_or_default()
        };
        let local = |part: fn(&LocalIdentifier) -> &str| {
            let local = identity.local_identifier.as_ref();
            local.map(part).unwrap_or_default()
        };
        table.row(&[
            &one.tier.to_string(),
            one.person.role.as_str(),
            &one.person.summary,
            &identity.nhs_number,
            identity.prefix.as_deref().unwrap_or_default(),
            &identity.given.join(" "),
            &identity.family,
            &identity.gender,
            identity.birth_date.as_deref().unwrap_or_default(),
            &address(|a| a.line.join("; ")),
            &address(|a| a.city.clone()),
            &address(|a| a.postcode.clone()),
            local(|l| &l.value),
            local(|l| &l.system),
        ]);
    }
    table.0
}

/// One row a record, allergies first.
///
/// The code also stands in a column with its system, because spreadsheets round numbers of more
/// than 15 digits and many codes are longer.
pub fn records_csv(sheet: &DataSheet<'_>) -> String {
    let mut table = Table::new(&[
        "tier",
        "role",
        "nhs_number",
        "type",
        "code",
        "system_and_code",
        "display",
        "status",
        "date",
        "end",
        "text",
        "verification_status",
        "category",
        "criticality",
        "last_occurrence",
    ]);
    for one in sheet.sheets() {
        let tier = one.tier.to_string();
        let start = [
            tier.as_str(),
            one.person.role.as_str(),
            &one.person.identity.nhs_number,
        ];
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        for fact in &one.person.allergies {
            let rest = [
                "AllergyIntolerance".to_owned(),
                fact.code.clone(),
                format!("{SNOMED_CT}|{}", fact.code),
                fact.display.clone(),
                fact.clinical_status.clone(),
                fact.recorded.clone(),
                String::new(),
                text(&fact.reaction),
                fact.verification_status.clone(),
                fact.category.clone(),
                text(&fact.criticality),
                text(&fact.last_occurrence),
            ];
            table.row(&joined(start, &rest));
        }
        for fact in &one.person.records {
            let rest = [
                fact.resource_type.clone(),
                fact.code.clone(),
                format!("{SNOMED_CT}|{}", fact.code),
                fact.display.clone(),
                fact.status.clone(),
                fact.date.clone(),
                text(&fact.end),
                text(&fact.text),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
            ];
            table.row(&joined(start, &rest));
        }
    }
    table.0
}

fn joined<'a>(start: [&'a str; 3], rest: &'a [String]) -> Vec<&'a str> {
    start
        .into_iter()
        .chain(rest.iter().map(String::as_str))
        .collect()
}

/// A table under making: RFC 4180, lines ended by carriage return and line feed.
struct Table(String);

impl Table {
    fn new(header: &[&str]) -> Self {
        let mut table = Self(String::new());
        table.row(header);
        table
    }

    fn row(&mut self, fields: &[&str]) {
        let fields: Vec<String> = fields.iter().map(|field| safe(field)).collect();
        self.0.push_str(&fields.join(","));
        self.0.push_str("\r\n");
    }
}

/// A field in quotation marks where it needs them. One that a spreadsheet would take for a formula
/// gets an apostrophe in front, which makes it text.
fn safe(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = if formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if text.contains([',', '"', '\r', '\n']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand_made::{pack, people};

    #[test]
    fn every_person_and_every_record_has_a_row() {
        let (pack, mut people) = (pack(), people());
        if let Some(person) = people.get_mut(&"patient-basic".into()) {
            "=HYPERLINK(\"http://x\",\"y\")".clone_into(&mut person.identity.family);
        }
        let sheet = DataSheet::new(&pack, &people);
        let (first, second) = (people_csv(&sheet), records_csv(&sheet));
        assert_eq!(first.lines().count(), 1 + people.len());
        let records: usize = people
            .values()
            .map(|p| p.allergies.len() + p.records.len())
            .sum();
        assert_eq!(second.lines().count(), 1 + records);
        assert!(
            first.contains(r#","'=HYPERLINK(""http://x"",""y"")","#),
            "{first}"
        );
        assert!(second.contains(",http://snomed.info/sct|1324681000000101,"));
        assert!(first.ends_with("\r\n"));
    }

    #[test]
    fn nothing_runs_in_a_spreadsheet() {
        for (field, written) in [
            ("=1+1", "'=1+1"),
            ("+44 1632", "'+44 1632"),
            ("-2", "'-2"),
            ("@sum", "'@sum"),
            ("\t=1", "'\t=1"),
            ("9990000018", "9990000018"),
            ("a, b", "\"a, b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""),
        ] {
            assert_eq!(safe(field), written, "{field:?}");
        }
    }
}
