//! What each format says of the validity of answers: how many were checked, what was not, and that it is no verdict.
//! Not for validation itself.

use crate::{html, made, sample};
use plumbline_model::{BodyCheck, BodyIssue, CheckedBody, IssueSeverity, Unchecked};
use plumbline_reports::{Format, Validity};
use sample::Sample;
use std::sync::Arc;

fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let start = format!("<section id=\"{id}\"");
    let rest = page.split_once(&start).expect("the section is there").1;
    rest.split_once("</section>").expect("the section ends").0
}

#[test]
fn the_first_page_says_how_far_answers_were_checked() {
    let page = html(&sample::faulty());
    let first = part(&page, "summary");
    for words in [
        "<h2>3 of 11 checked answers break FHIR or a profile</h2>",
        "11 of 13 answers were checked against FHIR 4.0.1 and the profiles that they claim, as far as those are known: 3 have errors, 1 has warnings alone.",
        "2 were not checked: the answer had no body (1); the body could not be read as JSON or XML (1).",
        "77 codes were looked up in the value sets of FHIR; of 22 codes only the form was checked; 55 codes were not checked: the base specification requires no value set here (55).",
        "1 profile was checked: https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation. 1 profile was named and not checked: https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient.",
        "None of this changes the verdicts above, unless a scenario asks for valid FHIR.",
    ] {
        assert!(first.contains(words), "{words}\n{first}");
    }
    let page = html(&sample::good());
    let first = part(&page, "summary");
    assert!(first.contains("No checked answer breaks FHIR or a profile"));
    assert!(first.contains("none has errors or warnings"));
}

#[test]
fn what_was_not_checked_is_never_said_to_be_valid() {
    // A record of an earlier format.
    let page = html(&sample::open());
    let first = part(&page, "summary");
    assert!(first.contains("No answer was checked against the FHIR specification"));
    assert!(first.contains("did not check answers"), "{first}");
    assert!(part(&page, "validity").contains("Validity of the answers: not checked"));
    assert!(
        Validity::of(&sample::open().record)
            .line()
            .contains("No answer was checked")
    );
    // No answer at all.
    let page = html(&sample::empty());
    assert!(!page.contains("id=\"validity\""));
    assert_eq!(Validity::of(&sample::empty().record).line(), "");
}

#[test]
fn findings_stand_by_rule_and_element_the_gravest_first() {
    let sample = sample::faulty();
    let found = Validity::of(&sample.record);
    let groups: Vec<(&str, &str, u64, usize)> = found
        .issues
        .iter()
        .map(|it| {
            (
                it.code.as_str(),
                it.element.as_str(),
                it.findings,
                it.answers,
            )
        })
        .collect();
    assert_eq!(
        groups,
        [
            ("FHIR-MIN", "Bundle.entry.resource.patient", 6, 2),
            ("FHIR-BINDING", "Bundle.entry.resource.gender", 2, 2),
            (
                "FHIR-UNKNOWN-ELEMENT",
                "Bundle.entry.resource.dateOfBirth",
                1,
                1
            ),
            ("FHIR-STRING-BLANK", "Bundle.entry.resource.name.text", 2, 2),
            (
                "FHIR-BINDING-EXTENSIBLE",
                "Bundle.entry.resource.maritalStatus",
                1,
                1
            ),
        ]
    );
    let page = html(&sample);
    let section = part(&page, "validity");
    for words in [
        "3 kinds of error, 1 kind of warning, 1 kind of remark",
        "6 times in 2 answers",
        "Bundle.entry[0].resource.patient and 5 more places",
        "<a href=\"#exchange-2\">exchange 2</a>, line 12, column 9",
        "A required element is there.",
        "Add the element",
        "UKCore-Patient: not checked, named in 11 answers",
    ] {
        assert!(section.contains(words), "{words}\n{section}");
    }
}

#[test]
fn a_long_list_of_findings_is_folded_and_bounded() {
    let page = html(&sample::grown());
    let section = part(&page, "validity");
    assert!(
        section.contains("<summary>Show 107 more findings</summary>"),
        "{section}"
    );
    let rows = section.matches("FHIR-STRING-EMPTY").count();
    assert_eq!(rows, 117);
    let mut sample = sample::grown();
    flood(&mut sample);
    let found = Validity::of(&sample.record);
    assert_eq!((found.issues.len(), found.unlisted), (1_000, 100));
    let page = html(&sample);
    let section = part(&page, "validity");
    assert_eq!(section.matches("FHIR-MIN").count(), 200);
    assert!(
        section.contains("800 more kinds of finding are left out here"),
        "{section}"
    );
    assert!(section.contains("100 more findings are counted but not listed"));
}

/// 1,100 kinds of findings.
fn flood(sample: &mut Sample) {
    let issues: Vec<BodyIssue> = (0..1_100)
        .map(|number| {
            let path = format!("Patient.part{number}");
            sample::validity::issue("FHIR-MIN", IssueSeverity::Error, &path, "is missing")
        })
        .collect();
    for exchange in &mut sample.record.exchanges {
        exchange.fhir = BodyCheck::not(Unchecked::NoBody);
    }
    sample.record.exchanges[0].fhir = BodyCheck::Checked(Arc::new(CheckedBody {
        errors: 1_100,
        issues,
        ..sample::validity::clean()
    }));
}

#[test]
fn formats_for_machines_carry_it() {
    let report: serde_json::Value =
        serde_json::from_str(&made(Format::Json, &sample::faulty())).expect("JSON");
    assert_eq!(report["validity"]["with_errors"], 3);
    assert_eq!(report["validity"]["not_checked"]["no-body"], 1);
    assert_eq!(report["validity"]["issues"][0]["code"], "FHIR-MIN");
    let junit = made(Format::Junit, &sample::faulty());
    let line = "11 of 13 answers checked: 3 break FHIR 4.0.1 or a profile. \
                2 answers were not checked. 1 profile was not checked.";
    assert!(
        junit.contains(&format!("name=\"plumbline.validity\" value=\"{line}\"")),
        "{junit}"
    );
}
