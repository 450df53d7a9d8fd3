//! Whether the entity tag of a read is the version of the resource. Not for conditional requests.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "ETAG-VERSION",
    name: "Entity tag and version",
    doc: CheckDoc {
        what: "The answer to a read has the header ETag with a weak tag, and what stands in the tag is meta.versionId of the resource.",
        why: "A system that wants to change the record proves with the tag that it saw the newest version; without it one change undoes another.",
        conformant: r#"etag: W/"3", and {"resourceType": "Patient", "meta": {"versionId": "3"}}"#,
        not_conformant: r#"no ETag, or etag: W/"1" beside versionId 3"#,
        source: "FHIR STU3 and R4, RESTful API, version aware updates",
    },
    next_step: "Send ETag: W/\"<versionId>\" with each read, from the meta.versionId of what is sent",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    let (Some(page), Some(hit)) = (observed.pages.first(), reading.hits.first()) else {
        sheet.gaps(&reading);
        if reading.gaps.is_empty() {
            sheet.nothing(
                "nothing was read",
                "Answer the read first; then this can be judged",
            );
        }
        return sheet.finish();
    };
    sheet.saw(1);
    let version = hit
        .resource
        .get("meta")
        .and_then(|meta| text(meta, "versionId"));
    let expected = Shown::ours("the header ETag with the version of the resource in a weak tag");
    let Some(version) = version else {
        let actual = Shown::ours("no meta.versionId");
        sheet.broken(hit.at(), "the resource names no version", expected, actual);
        return sheet.finish();
    };
    let mut tags = page.header("etag");
    match (tags.next(), tags.next()) {
        (None, _) => {
            let actual = Shown::ours("no ETag");
            sheet.broken(
                At::page(0),
                "the response has no entity tag",
                expected,
                actual,
            );
        }
        (Some(_), Some(_)) => {
            let actual = Shown::ours("several ETag headers");
            let message = "the response has several entity tags";
            sheet.broken(At::page(0), message, expected, actual);
        }
        (Some(tag), None) => {
            let inner = tag.strip_prefix("W/\"").and_then(|t| t.strip_suffix('"'));
            if inner != Some(version) {
                let message = "the entity tag is not the version of the resource";
                let actual = Shown::ours("ETag ").value(ValueKind::Protocol, tag);
                sheet.broken(At::page(0), message, expected, actual);
            }
        }
    }
    sheet.finish()
}
