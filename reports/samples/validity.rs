//! What validation may have found about the answers of the sample runs. Not found by validation: it is invented.

use plumbline_model::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An answer against which nothing is to be said.
pub(crate) fn clean() -> CheckedBody {
    CheckedBody {
        version: "4.0.1".to_owned(),
        codes: CodeChecks {
            checked: 7,
            form_only: 2,
            not_checked: BTreeMap::from([(
                "the base specification requires no value set here".to_owned(),
                5,
            )]),
        },
        profiles_checked: vec![
            "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation".to_owned(),
        ],
        profiles_not_checked: vec![
            "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient".to_owned(),
        ],
        ..CheckedBody::default()
    }
}

pub(crate) fn issue(code: &str, severity: IssueSeverity, path: &str, message: &str) -> BodyIssue {
    BodyIssue {
        code: FindingCode::from(code),
        severity,
        times: 1,
        fhirpath: path.to_owned(),
        line: Some(12),
        column: Some(9),
        message: message.to_owned(),
    }
}

fn with(issues: Vec<BodyIssue>) -> BodyCheck {
    let times = |severity| {
        let of = issues.iter().filter(|issue| issue.severity == severity);
        of.map(|issue| issue.times).sum()
    };
    BodyCheck::Checked(Arc::new(CheckedBody {
        errors: times(IssueSeverity::Error),
        warnings: times(IssueSeverity::Warning),
        information: times(IssueSeverity::Information),
        issues,
        ..clean()
    }))
}

/// Everything was checked, and nothing was found.
pub(crate) fn sound(run: &mut RunRecord) {
    for exchange in &mut run.exchanges {
        exchange.fhir = with(Vec::new());
    }
}

/// Some answers break the specification, and some could not be checked.
pub(crate) fn broken(run: &mut RunRecord) {
    sound(run);
    let gender = issue(
        "FHIR-BINDING",
        IssueSeverity::Error,
        "Bundle.entry[0].resource.gender",
        "the code woman is not in the value set http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1",
    );
    let missing = BodyIssue {
        times: 3,
        ..issue(
            "FHIR-MIN",
            IssueSeverity::Error,
            "Bundle.entry[0].resource.patient",
            "AllergyIntolerance has no patient, which is required",
        )
    };
    let unknown = issue(
        "FHIR-UNKNOWN-ELEMENT",
        IssueSeverity::Error,
        "Bundle.entry[2].resource.dateOfBirth",
        "Patient has no element dateOfBirth",
    );
    let blank = issue(
        "FHIR-STRING-BLANK",
        IssueSeverity::Warning,
        "Bundle.entry[0].resource.name[0].text",
        "this string holds only white space",
    );
    let other = issue(
        "FHIR-BINDING-EXTENSIBLE",
        IssueSeverity::Information,
        "Bundle.entry[0].resource.maritalStatus",
        "the code X without a code system is not in the value set http://hl7.org/fhir/ValueSet/marital-status|4.0.1",
    );
    let checks = [
        with(vec![gender.clone(), unknown]),
        with(vec![missing.clone(), blank.clone()]),
        with(vec![blank]),
        with(vec![missing, gender, other]),
        BodyCheck::not(Unchecked::NoBody),
        BodyCheck::not(Unchecked::Unreadable),
    ];
    for (exchange, check) in run.exchanges.iter_mut().zip(checks) {
        exchange.fhir = check;
    }
}

/// More kinds of findings than the page shows at once.
pub(crate) fn many(run: &mut RunRecord) {
    sound(run);
    for (number, exchange) in run.exchanges.iter_mut().enumerate() {
        let issues = (0..9).map(|part| {
            let path = format!("Bundle.entry[0].resource.item{number}.part{part}");
            issue(
                "FHIR-STRING-EMPTY",
                IssueSeverity::Error,
                &path,
                "the value is empty",
            )
        });
        exchange.fhir = with(issues.collect());
    }
}

/// Everything that comes from the target is this text.
pub(crate) fn hostile(run: &mut RunRecord, text: &str) {
    for exchange in &mut run.exchanges {
        let mut check = with(vec![issue("FHIR-MIN", IssueSeverity::Error, text, text)]);
        if let BodyCheck::Checked(body) = &mut check {
            Arc::make_mut(body).profiles_not_checked = vec![text.to_owned()];
        }
        exchange.fhir = check;
    }
}
