//! Every error of HL7's examples that base validation does not give, and why it is right. Not the finding of them.

/// Errors that are right.
#[derive(Debug, Clone, Copy)]
pub struct Explained {
    /// The name of the file without its ending; `*` stands for anything.
    pub file: &'static str,
    /// The code.
    pub code: &'static str,
    /// What the place or the message holds.
    pub part: &'static str,
    /// How many there are.
    pub count: usize,
    /// Why they are right.
    pub why: &'static str,
}

/// An explanation.
pub const fn of(
    file: &'static str,
    code: &'static str,
    part: &'static str,
    count: usize,
    why: &'static str,
) -> Explained {
    Explained {
        file,
        code,
        part,
        count,
        why,
    }
}

/// R4.
pub const HL7_R4: &[Explained] = &[
    of(
        "Bundle-extensions",
        "FHIR-DEFINITION-EXPRESSION-NAME",
        "inv-1",
        4,
        "an invariant of an extension asks the extension for elements of AllergyIntolerance",
    ),
    of(
        "Bundle-resources",
        "FHIR-DEFINITION-EXPRESSION-NAME",
        "cid-0",
        2,
        "ChargeItemDefinition has no name, and an invariant asks for it",
    ),
    of(
        "Observation-f202",
        "FHIR-PROFILE-MIN",
        "bodytemp",
        1,
        "a body temperature says when it was taken",
    ),
    of(
        "Bundle-10bb101f-a121-4264-a920-67be9cb82c74",
        "FHIR-BUNDLE-FULLURL-ID",
        "",
        1,
        "the fullUrl ends with Patient/pat12, and the resource has the id pat2",
    ),
    of(
        "Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe",
        "FHIR-BUNDLE-FULLURL-ID",
        "",
        1,
        "the same patient as in the message that it answers",
    ),
    of(
        "Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe",
        "FHIR-BUNDLE-MESSAGE-REFERENCE",
        "",
        1,
        "a relative address from an entry whose fullUrl is a UUID leads nowhere",
    ),
    of(
        "Bundle-bundle-response",
        "FHIR-BUNDLE-RESPONSE-STATUS",
        "",
        1,
        "the status is the word DELETE",
    ),
    of(
        "Bundle-hla-1",
        "FHIR-EXTENSION-PART",
        "hla-genotyping-results-glstring",
        1,
        "the extension has the parts url and text, and none called uri",
    ),
    of(
        "Bundle-lri-example",
        "FHIR-BUNDLE-FULLURL-ID",
        "",
        16,
        "the ids of the resources lack the prefix that their fullUrls have",
    ),
    of(
        "Bundle-ussg-fht",
        "FHIR-DEFINITION-CODE",
        "",
        1,
        "UCUM has no unit [lb_i]; it has [lb_av]",
    ),
    of(
        "Bundle-v2-valuesets",
        "FHIR-DEFINITION-URL",
        "",
        6,
        "the url of the code system holds a version behind a bar",
    ),
    of(
        "Bundle-v3-valuesets",
        "FHIR-XHTML-LINK",
        "",
        26,
        "links to codes that the table in the narrative does not have",
    ),
    of(
        "CodeSystem-v3-*",
        "FHIR-XHTML-LINK",
        "",
        13,
        "links to codes that the table in the narrative does not have",
    ),
    of(
        "ValueSet-v3-*",
        "FHIR-XHTML-LINK",
        "",
        13,
        "links to codes that the table in the narrative does not have",
    ),
    of(
        "Bundle-valueset-expansions",
        "FHIR-EXTENSION-CONTEXT",
        "translation",
        3139,
        "its definition names texts and codes as places, not ValueSet.expansion.contains",
    ),
    of(
        "Bundle-valuesets",
        "FHIR-DEFINITION-CODE",
        "",
        14,
        "UCUM has no annotation before a bracket, and none with a space",
    ),
    of(
        "Bundle-valuesets",
        "FHIR-DEFINITION-SYSTEM",
        "",
        1,
        "the system is #hacked",
    ),
    of(
        "Bundle-valuesets",
        "FHIR-EXTENSION-CONTEXT",
        "valueset-concept-comments",
        14,
        "its definition names concepts of value sets only",
    ),
    of(
        "CodeSystem-dicom-dcim",
        "FHIR-EXTENSION-CONTEXT",
        "valueset-concept-comments",
        14,
        "its definition names concepts of value sets only",
    ),
    of(
        "ImagingStudy-example-xr",
        "FHIR-CODE-FORM",
        "SNOMED",
        1,
        "T-15460 is a code of SNOMED RT, which is another code system",
    ),
    of(
        "Media-sound",
        "FHIR-XHTML-LINK",
        "",
        1,
        "the picture has a number that no element has as its id",
    ),
    of(
        "MedicationDispense-meddisp03*",
        "FHIR-CODE-FORM",
        "SNOMED",
        2,
        "the check digit of 415818005 is wrong; 415818006 is the unit vial",
    ),
    of(
        "NutritionOrder-enteralcontinuous",
        "FHIR-CODE-FORM",
        "SNOMED",
        1,
        "it is the identifier of a description, not that of a concept",
    ),
    of(
        "PlanDefinition-example-cardiology-os",
        "FHIR-CODE-FORM",
        "SNOMED",
        1,
        "the code is the sentence look up value",
    ),
    of(
        "PlanDefinition-example-cardiology-os",
        "FHIR-QUESTIONNAIRE-VALUE-SET-MISSING",
        "",
        1,
        "the value set that a questionnaire names with # is not contained",
    ),
    of(
        "*",
        "FHIR-CODE-FORM",
        "is not a unit of UCUM",
        24,
        "words such as TAB, ea, mEq, mcg, drop and month are no units of UCUM",
    ),
    of(
        "*",
        "FHIR-CODE-UNKNOWN",
        "orderableDrugForm",
        15,
        "Tab, tab, Vial and patch are no codes of it: capitals count, and a patch is TPATCH or the like",
    ),
];

/// STU3.
pub const HL7_STU3: &[Explained] = &[
    of(
        "Bundle-10bb101f-a121-4264-a920-67be9cb82c74",
        "FHIR-BUNDLE-FULLURL-ID",
        "",
        1,
        "the fullUrl ends with Patient/pat12, and the resource has the id pat2",
    ),
    of(
        "Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe",
        "FHIR-BUNDLE-FULLURL-ID",
        "",
        1,
        "the same patient as in the message that it answers",
    ),
    of(
        "Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe",
        "FHIR-BUNDLE-MESSAGE-REFERENCE",
        "",
        1,
        "a relative address from an entry whose fullUrl is a UUID leads nowhere",
    ),
    of(
        "Bundle-bundle-response",
        "FHIR-BUNDLE-RESPONSE-STATUS",
        "",
        1,
        "the status is the word DELETE",
    ),
    of(
        "Bundle-hla-1",
        "FHIR-EXTENSION-PART",
        "hla-genotyping-results-glstring",
        1,
        "the extension has the parts url and text, and none called uri",
    ),
    of(
        "Bundle-terminologies",
        "FHIR-BUNDLE-FULLURL-ID",
        "",
        2,
        "two naming systems have the address of a code system",
    ),
    of(
        "Bundle-ussg-fht",
        "FHIR-DEFINITION-CODE",
        "",
        1,
        "UCUM has no unit [lb_i]; it has [lb_av]",
    ),
    of(
        "CodeSystem-dicom-dcim",
        "FHIR-CODE-FORM",
        "SNOMED",
        89,
        "F-00E1F and its like are codes of SNOMED RT, which is another code system",
    ),
    of(
        "CodeSystem-dicom-dcim",
        "FHIR-EXTENSION-CONTEXT",
        "valueset-comments",
        14,
        "its definition names concepts of value sets only",
    ),
    of(
        "ImagingStudy-example-xr",
        "FHIR-CODE-FORM",
        "SNOMED",
        1,
        "T-15460 is a code of SNOMED RT, which is another code system",
    ),
    of(
        "Media-example",
        "FHIR-XHTML-LINK",
        "",
        1,
        "the picture has a number that no element has as its id",
    ),
    of(
        "Media-sound",
        "FHIR-XHTML-LINK",
        "",
        1,
        "the picture has a number that no element has as its id",
    ),
    of(
        "Medication-med0314",
        "FHIR-CODE-FORM",
        "SNOMED",
        1,
        "the code is the display of a dose form",
    ),
    of(
        "Medication-med0321",
        "FHIR-CODE-FORM",
        "SNOMED",
        1,
        "the code is the display of a dose form",
    ),
    of(
        "MedicationDispense-meddisp03*",
        "FHIR-CODE-FORM",
        "SNOMED",
        2,
        "the check digit of 415818005 is wrong; 415818006 is the unit vial",
    ),
    of(
        "*",
        "FHIR-BINDING-PROFILE",
        "family-member-history-genetics-sibling",
        1,
        "the code has no code system",
    ),
    of(
        "*",
        "FHIR-BINDING-PROFILE",
        "questionnaire-allowedResource",
        1,
        "vitalsigns is no type of resource",
    ),
    of(
        "*",
        "FHIR-CODE-FORM",
        "is not a unit of UCUM",
        38,
        "words such as TAB, ea, mEq, mcg, drop and month are no units of UCUM",
    ),
    of(
        "*",
        "FHIR-CODE-UNKNOWN",
        "orderableDrugForm",
        16,
        "Tab, tab, Vial and patch are no codes of it: capitals count, and a patch is TPATCH or the like",
    ),
];
