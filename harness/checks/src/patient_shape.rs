//! How often an element of a Patient occurs, and whether it has its proper form. Not for full validation.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::dates;
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading, Role};
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;
use plumbline_tree::{Kind, Node};

pub(crate) const CHECK: Check = Check {
    code: "PATIENT-SHAPE",
    name: "Elements of a Patient",
    doc: CheckDoc {
        what: "Every Patient, or every identifier or the like within it, has the element as often as the step says and in the form that FHIR gives it.",
        why: "A client that expects one birth date and gets a list, or none, shows the wrong patient or fails.",
        conformant: r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "gender": "female"}"#,
        not_conformant: r#"{"resourceType": "Patient", "gender": ["female"]}"#,
        source: "FHIR R4, Patient; UK Core Access, the requirement names the section",
    },
    next_step: "Send the element as often as the rule wants and in the form that FHIR gives it; the place in the response is named below",
    run,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    AtLeast,
    Exactly,
    AtMost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A list of objects.
    List,
    /// A text.
    Text,
    /// A date of which parts may be missing.
    Date,
    /// A code of FHIR's own for gender.
    Gender,
    /// `true` or `false`.
    Flag,
}

impl Count {
    fn read(word: &str) -> Option<Self> {
        match word {
            "at-least-one" => Some(Self::AtLeast),
            "exactly-one" => Some(Self::Exactly),
            "at-most-one" => Some(Self::AtMost),
            _ => None,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::AtLeast => "at least one",
            Self::Exactly => "exactly one",
            Self::AtMost => "at most one",
        }
    }

    const fn allows(self, count: usize) -> bool {
        match self {
            Self::AtLeast => count >= 1,
            Self::Exactly => count == 1,
            Self::AtMost => count <= 1,
        }
    }
}

impl Form {
    /// The form of an element of Patient, or of one within a list of it.
    fn of(element: &str, within: Option<&str>) -> Option<Self> {
        match (within, element) {
            (None, "gender") => Some(Self::Gender),
            (None, "birthDate") => Some(Self::Date),
            (None, "active") => Some(Self::Flag),
            (
                None,
                "identifier"
                | "name"
                | "telecom"
                | "address"
                | "contact"
                | "photo"
                | "communication"
                | "generalPractitioner"
                | "link",
            ) => Some(Self::List),
            (None, "id" | "language")
            | (Some("identifier" | "telecom"), "system" | "value" | "use")
            | (Some("name"), "family" | "text" | "use")
            | (Some("address"), "city" | "postalCode" | "text" | "use") => Some(Self::Text),
            _ => None,
        }
    }

    /// How many values there are; `Err` for another form.
    fn count(self, value: Node<'_>) -> Result<usize, &'static str> {
        match self {
            Self::List if value.kind() != Kind::Array => Err("a value that is not a list"),
            Self::List => {
                if value.items().any(|item| item.kind() != Kind::Object) {
                    return Err("a list of other values than objects");
                }
                if value.items().any(|item| !has_content(item)) {
                    return Err("an item without content");
                }
                Ok(value.len())
            }
            Self::Flag => value
                .as_bool()
                .map(|_| 1)
                .ok_or("a value that is not true or false"),
            Self::Text | Self::Date | Self::Gender => {
                let text = value.as_str().ok_or("a value that is not a text")?;
                match self {
                    Self::Date if text.contains('T') || dates::read(text).is_empty() => {
                        Err("a text that is not a date")
                    }
                    Self::Gender if !["male", "female", "other", "unknown"].contains(&text) => {
                        Err("a text that is not a gender code of FHIR")
                    }
                    _ if text.trim().is_empty() => Err("an empty text"),
                    _ => Ok(1),
                }
            }
        }
    }
}

/// Whether an object says anything beside how it is used.
fn has_content(item: Node<'_>) -> bool {
    item.members().any(|(name, value)| {
        !matches!(name, "id" | "extension" | "use" | "period" | "type")
            && !name.starts_with('_')
            && match value.kind() {
                Kind::Null => false,
                Kind::Bool | Kind::Number => true,
                Kind::String => value.as_str().is_some_and(|text| !text.trim().is_empty()),
                Kind::Array => value.items().any(|part| {
                    part.as_str()
                        .map_or(!part.is_empty(), |text| !text.trim().is_empty())
                }),
                Kind::Object => !value.is_empty(),
            }
    })
}

struct Rule<'r> {
    count: Count,
    element: &'r str,
    form: Form,
    /// What should have the element.
    owner: &'r str,
}

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let count = expectation.arg(0).and_then(Count::read);
    let (Some(count), Some(named)) = (count, expectation.arg(1)) else {
        sheet.misused("the step does not say how often which element occurs");
        return sheet.finish();
    };
    let (within, element) = match (expectation.arg(2), named.split_once('.')) {
        (Some(within), _) => (Some(within), named),
        (None, Some((within, element))) => (Some(within), element),
        (None, None) => (None, named),
    };
    let Some(form) = Form::of(element, within) else {
        sheet.misused("the step names an element that this check does not know");
        return sheet.finish();
    };
    let rule = Rule {
        count,
        element,
        form,
        owner: within.unwrap_or("Patient"),
    };
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    let patients = reading
        .hits
        .iter()
        .filter(|hit| hit.role != Role::Outcome && hit.resource_type == "Patient");
    let mut seen = 0_usize;
    for hit in patients {
        match within {
            None => {
                seen += 1;
                rule.judge(&mut sheet, hit, hit.resource);
            }
            Some(within) => seen += rule.judge_within(&mut sheet, hit, within),
        }
    }
    sheet.saw(seen);
    if seen == 0 && reading.is_whole() {
        sheet.nothing(
            "the result holds no Patient with what the rule speaks of",
            "Load the test patient with these elements",
        );
    }
    sheet.finish()
}

impl Rule<'_> {
    fn expected(&self) -> Shown {
        Shown::ours(format!(
            "{} {} in each {}",
            self.count.words(),
            self.element,
            self.owner
        ))
    }

    fn judge(&self, sheet: &mut Sheet, hit: &Hit<'_>, parent: Node<'_>) {
        let values: Vec<Node<'_>> = parent
            .members()
            .filter(|(name, _)| *name == self.element)
            .map(|(_, value)| value)
            .collect();
        if let [_, second, ..] = values.as_slice() {
            let actual = Shown::ours("the member twice in one object");
            let at = At::node(hit.page, *second);
            return sheet.broken(at, "an element is there twice", self.expected(), actual);
        }
        let place = At::node(hit.page, values.first().copied().unwrap_or(parent));
        match values
            .first()
            .map_or(Ok(0), |value| self.form.count(*value))
        {
            Err(why) => {
                let message = "an element has another form than FHIR gives it";
                sheet.broken(place, message, self.expected(), Shown::ours(why));
            }
            Ok(0) if !self.count.allows(0) => {
                let message = format!("{} has no {}", self.owner, self.element);
                sheet.broken(place, message, self.expected(), Shown::ours("none"));
            }
            Ok(count) if !self.count.allows(count) => {
                let message = format!("{} has more than one {}", self.owner, self.element);
                let actual = Shown::ours(format!("{count} of them"));
                sheet.broken(place, message, self.expected(), actual);
            }
            Ok(_) => {}
        }
    }

    /// Judges each item of the list; tells how many things were looked at.
    fn judge_within(&self, sheet: &mut Sheet, hit: &Hit<'_>, within: &str) -> usize {
        let Some(list) = hit.resource.get(within) else {
            return 0;
        };
        if list.kind() != Kind::Array {
            let expected = Shown::ours("a list of ").and(within);
            let actual = Shown::ours("a value that is not a list");
            let message = "an element has another form than FHIR gives it";
            sheet.broken(At::node(hit.page, list), message, expected, actual);
            return 1;
        }
        for item in list.items() {
            self.judge(sheet, hit, item);
        }
        list.len()
    }
}
