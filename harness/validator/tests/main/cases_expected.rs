//! Where our verdict and that of the reference validator differ, and why. Not for other tests.

/// Name of the case, with its step, and the reason.
pub const DISAGREEMENTS: &[(&str, &str)] = &[
    (
        "attachment-max-size-qr",
        "the greatest size is in megabytes; the reference validator reads it as bytes",
    ),
    (
        "choice-async-qr",
        "only the text shown for a code is wrong, which no list here can tell",
    ),
    (
        "choice-invalid-type-qr",
        "a choice without options is answered with a Coding, and this answer is a string",
    ),
    (
        "contained-resource-bad-id-ignore",
        "the case switches off what is checked of contained resources; the id has 65 characters, and nothing refers to it",
    ),
    (
        "ext-example-nl (profile)",
        "the file of the profile has a control character in a string, so that it is no JSON and is not read",
    ),
    (
        "extension-version-restriction-range-ctxt-r3",
        "the extension comes from a definition for a later version of FHIR, which is not loaded for STU3",
    ),
    (
        "json-comments-1-yes",
        "the case allows comments, which JSON does not have",
    ),
    (
        "open-choice-gender-coding-async-qr",
        "only the text shown for a code is wrong; texts of codes are never judged",
    ),
    (
        "res-inv-example-good (profile)",
        "a profile of a reference's target is unknown: we say that it was not checked",
    ),
    (
        "target-ref-profile-empty",
        "an extension without a known definition is not checked, and that is said; it is no error",
    ),
    (
        "zib-slicing",
        "whether a code of SNOMED CT exists needs an edition of SNOMED CT",
    ),
    (
        "zib-slicing (profile)",
        "whether a code of SNOMED CT exists needs an edition of SNOMED CT",
    ),
];
