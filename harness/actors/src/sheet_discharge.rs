//! What the data sheet says of a stay in hospital, which the discharge summary has to tell.
//! Not for the summary itself, and not for allergies, which the sheet lists for everybody.

use crate::sheet_text::Page;
use plumbline_model::DischargeFacts;
use plumbline_model::discharge::{ClinicalFact, OrganisationFact};

/// Everything that is to be loaded about a stay.
pub(crate) fn stay(out: &mut Page, facts: &DischargeFacts) {
    let stay = &facts.stay;
    out.field("Admitted", &stay.admitted);
    out.field("Discharged", &stay.discharged);
    out.field("Reason", &stay.reason);
    let coded = |code: &str, display: &str| format!("{display}, code {code}");
    let method = coded(&stay.method.code, &stay.method.display);
    out.field("Admission method", &method);
    out.field(
        "Admitted from",
        &coded(&stay.source.code, &stay.source.display),
    );
    let destination = coded(&stay.destination.code, &stay.destination.display);
    out.field("Discharged to", &destination);
    if let Some(address) = &stay.address {
        let mut lines = address.line.clone();
        lines.extend([address.city.clone(), address.postcode.clone()]);
        out.field("Address there", &lines.join(" / "));
    }
    out.field("Discharge method", &stay.discharge_method);
    out.field("Ward", &stay.ward);
    out.field("Hospital", &organisation(&facts.hospital));
    let author = &facts.author;
    let words = format!(
        "{} {} {}, {}, {}, GMC number {}",
        author.prefix,
        author.given,
        author.family,
        author.role.display,
        author.specialty.display,
        author.gmc
    );
    out.field("Consultant", &words);
    out.field("Completed", &facts.completed);
    let practice = organisation(&facts.gp_practice);
    out.field("GP practice", &format!("{}, {practice}", facts.gp_name));
    clinical(out, "Diagnoses", &facts.diagnoses);
    clinical(out, "Procedures", &facts.procedures);
    out.field("Medicines", &facts.medicines.len().to_string());
    for medicine in &facts.medicines {
        let first = format!("- {}, code {}", medicine.display, medicine.code);
        out.hanging(5, 7, &first);
        let mut words = vec![medicine.change.clone()];
        words.extend(medicine.changed.iter().map(|date| format!("on {date}")));
        words.extend(medicine.reason.iter().cloned());
        words.extend(medicine.dose.iter().cloned());
        out.hanging(7, 7, &words.join("; "));
    }
    for told in &facts.narrative {
        out.hanging(3, 5, &format!("{}: {}", told.section, told.item));
        out.hanging(5, 5, &told.text);
    }
}

fn organisation(fact: &OrganisationFact) -> String {
    format!("{}, ODS code {}", fact.name, fact.ods)
}

fn clinical(out: &mut Page, name: &str, facts: &[ClinicalFact]) {
    out.field(name, &facts.len().to_string());
    for fact in facts {
        out.hanging(5, 7, &format!("- {}, code {}", fact.display, fact.code));
        let comment = fact.comment.iter().map(|it| format!("; {it}"));
        out.hanging(
            7,
            7,
            &format!("{}{}", fact.date, comment.collect::<String>()),
        );
    }
}
