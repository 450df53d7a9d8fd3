//! What may stay, as data: element names and how their values are treated, codes, resource
//! types, search parameters, headers, URIs. Anything that is not here becomes a token.
//! Stands in for FHIR definitions until those exist; every entry is a word of FHIR or HTTP.

use regex::Regex;
use std::sync::LazyLock;

/// How the value of an element is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Holds other elements, or a boolean; text in it is not kept.
    Structure,
    Code,
    Uri,
    /// A URL of the target, which may hold ids and search values.
    Url,
    Date,
    Number,
    Version,
    Reference,
    Id,
    Identifier,
    Name,
    Text,
    SearchParameter,
    Place,
    MediaType,
}

const ELEMENTS: &[(Class, &str)] = &[
    (
        Class::Structure,
        "abatement active actor address addresses age alias allowed animal assigner author basedOn \
         birthPlace body bodySite category characteristic cardinality clinicalStatus codeFilter coding \
         communication compartment component composition condition contact contained contentRange context \
         contactPoint contributor coverage cors daysOfWeek deceasedBoolean defaultValue detail details \
         dispenseRequest document dosage dosageInstruction doNotPerform endpoint entry evidence exclude \
         exists extension fixedValue focus generalPractitioner hoursOfOperation hospitalization \
         identifier implementation include ingredient insurance interaction interpretation issue item \
         jurisdiction link location maintenance manifestation manufacturer medication \
         medicationCodeableConcept messaging meta modifierExtension multipleBirthBoolean name \
         note oauth onset operation organization outcome parameter part participant patient performer \
         period photo practitioner preAdmissionIdentifier preferred procedure product qualification \
         reaction reasonCode reasonReference recorder request requester resource response rest result \
         role route schedule search searchInclude searchParam section security service serviceProvider \
         serviceType software specialty specimen statusHistory stage subject substance supportedMessage \
         target telecom timing useContext valueCodeableConcept valueCoding valueIdentifier valuePeriod \
         valueQuantity valueRange verificationStatus valueBoolean readHistory updateCreate \
         conditionalCreate conditionalUpdate experimental userSelected \
         maritalStatus doseQuantity quantity low high numerator denominator \
         referenceRange class allDay appointmentType slot primarySource protocolApplied \
         vaccineCode site careTeam managingEntity healthcareService availableTime notAvailable \
         effectivePeriod onsetPeriod abatementPeriod performedPeriod \
         substitution allowedBoolean statusReason",
    ),
    (
        Class::Code,
        "action availabilityMode code comparator conditionalDelete conditionalRead \
         criticality doseAndRate exposureRoute fhirVersion gender intent kind mode priority \
         publicationStatus referencePolicy relation relationship resourceType \
         severity status type use valueCode versioning",
    ),
    (
        Class::Uri,
        "canonical definition derivedFrom implementationGuide imports instantiates instantiatesCanonical \
         instantiatesUri profile supportedProfile system targetProfile valueCanonical valueSet valueUri \
         implicitRules",
    ),
    (Class::Url, "fullUrl url valueUrl"),
    (
        Class::Date,
        "abatementDateTime assertedDate authoredOn birthDate created date dateAsserted dateTime \
         deceasedDateTime effectiveDateTime end instant issued lastModified lastOccurrence lastUpdated \
         occurrenceDateTime onsetDateTime performedDateTime recorded recordedDate releaseDate sent start \
         timestamp valueDate valueDateTime valueInstant when whenHandedOver whenPrepared",
    ),
    (
        Class::Number,
        "count max min multipleBirthInteger rank score size total valueDecimal valueInteger \
         valuePositiveInt valueUnsignedInt",
    ),
    (Class::Version, "version"),
    (
        Class::Reference,
        "asserter encounter managingOrganization reference valueReference",
    ),
    (Class::Id, "id versionId etag"),
    (Class::Identifier, "lotNumber value valueId"),
    (Class::Name, "family given prefix suffix"),
    (
        Class::Text,
        "city comment copyright country data description diagnostics display district div \
         documentation hash line message patientInstruction postalCode publisher purpose \
         state text title unit valueBase64Binary valueMarkdown valueString xhtml",
    ),
    (Class::Place, "expression"),
    (Class::MediaType, "contentType format patchFormat"),
    (Class::SearchParameter, "searchRevInclude"),
];

/// Codes that may be kept as they are, in any capitalisation.
const CODES: &[&str] = &[
    // administrative gender, yes and no
    "male female other unknown yes no true false",
    // Bundle, search, links, HTTP verbs
    "document message transaction transaction-response batch batch-response history searchset \
     collection match include outcome self first previous prev next last alternate \
     GET HEAD POST PUT DELETE PATCH",
    // use, telecom, address
    "usual official temp secondary old nickname anonymous maiden home work billing mobile phone fax \
     email pager url sms postal physical both",
    // allergies
    "active inactive resolved unconfirmed confirmed refuted entered-in-error presumed allergy \
     intolerance food medication environment biologic low high unable-to-assess mild moderate severe",
    // states of other resources
    "draft retired planned arrived triaged in-progress onleave finished cancelled completed on-hold \
     stopped not-done registered preliminary final amended corrected appended intended proposal plan \
     order original-order suspended generated extensions additional empty recurrence relapse remission \
     provisional differential",
    // OperationOutcome
    "fatal error warning information success invalid structure required value invariant security login \
     expired forbidden suppressed processing not-supported duplicate multiple-matches not-found deleted \
     too-long code-invalid extension too-costly business-rule conflict transient lock-error no-store \
     exception timeout incomplete throttled informational",
    // errors of GP Connect
    "BAD_REQUEST CONFLICTING_VALUES DUPLICATE_REJECTED INTERNAL_SERVER_ERROR INVALID_IDENTIFIER_SYSTEM \
     INVALID_IDENTIFIER_VALUE INVALID_NHS_NUMBER INVALID_PARAMETER INVALID_PATIENT_DEMOGRAPHICS \
     INVALID_RESOURCE NO_ORGANISATION_CONSENT NO_PATIENT_CONSENT NO_RECORD_FOUND NO_RELATIONSHIP \
     NOT_IMPLEMENTED ORGANISATION_NOT_FOUND PATIENT_NOT_FOUND PRACTITIONER_NOT_FOUND \
     REFERENCE_NOT_FOUND UNSUPPORTED_MEDIA_TYPE",
    // CapabilityStatement
    "instance capability requirements client server read vread update patch delete history-instance \
     history-type create search-type search-system history-system not-supported single multiple full-match \
     versioned versioned-update no-version literal logical resolves enforced local number date string token \
     reference composite quantity uri special contained-ok consequence currency",
    "OAuth SMART-on-FHIR NTLM Basic Kerberos Certificates",
    // FHIR versions
    "1.0.2 3.0.1 3.0.2 4.0 4.0.0 4.0.1 4.1.0 4.3 4.3.0 4.3.0-snapshot1 5.0 5.0.0",
    // common code systems of terminology.hl7.org
    "NH MR MRN NHS PRN SB TAX UNK ASKU NI NAV NASK INV OTH U UN D M S W A L N R H HH LL POS NEG \
     problem-list-item encounter-diagnosis laboratory vital-signs imaging social-history exam survey \
     therapy activity procedure AMB EMER IMP ACUTE HTEST SUBSETTED REDACTED unsupported \
     number-present-and-verified number-present-but-not-traced",
    // search prefixes and modifiers
    "exact contains missing above below text identifier",
];

const RESOURCE_TYPES: &str = "Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment \
     AppointmentResponse AuditEvent Basic Binary BodyStructure Bundle CapabilityStatement CarePlan CareTeam \
     ChargeItem Claim ClaimResponse ClinicalImpression CodeSystem Communication CommunicationRequest \
     CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage DetectedIssue Device \
     DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest \
     DocumentReference Encounter Endpoint EpisodeOfCare EventDefinition Evidence ExplanationOfBenefit \
     FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy \
     Immunization ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan \
     Invoice Library Linkage List Location Measure MeasureReport Media Medication MedicationAdministration \
     MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement MessageDefinition \
     MessageHeader MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition \
     OperationDefinition OperationOutcome Organization OrganizationAffiliation Parameters Patient \
     PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner PractitionerRole Procedure \
     Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup ResearchStudy \
     ResearchSubject RiskAssessment Schedule SearchParameter ServiceRequest Slot Specimen \
     SpecimenDefinition StructureDefinition StructureMap Subscription Substance SubstanceSpecification \
     SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet \
     VerificationResult VisionPrescription";

const SEARCH_PARAMETERS: &str = "_id _count _sort _format _include _revinclude _summary _elements _total \
     _lastUpdated _profile _security _tag _text _content _list _has _type _since _pretty _cursor _page \
     _offset _getpages _getpagesoffset page active address address-city address-country \
     address-postalcode address-state address-use animal-breed asserter author authoredon based-on birthdate \
     body-site \
     category clinical-status code criticality custodian date death-date deceased effective effective-time \
     email encounter family \
     gender general-practitioner given identifier intent issued language last-date link location \
     manifestation name onset organization patient performer period phone phonetic practitioner recorded-date \
     recorder route severity specialty status subject target telecom type url vaccine-code verification-status \
     version whenhandedover whenprepared";

/// Words of paths beside resource types.
const PATH_WORDS: &str = "metadata _search _history $everything $match $validate $gpc.registerpatient fhir FHIR r4 R4 stu3 STU3 \
     r5 R5 dstu2 api v1 v2 v3";

const URI_AUTHORITIES: &[&str] = &[
    "http://hl7.org/fhir",
    "http://terminology.hl7.org",
    "https://fhir.nhs.uk",
    "http://fhir.nhs.uk",
    "https://fhir.nhs.net",
    "http://fhir.nhs.net",
    "https://fhir.hl7.org.uk",
    "http://fhir.hl7.org.uk",
    "http://snomed.info/sct",
    "https://dmd.nhs.uk",
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "http://read.info",
    "urn:oid:2.16.840.1.113883",
    "urn:oid:2.16.840.1.113883.2.1",
    "urn:ietf:bcp:13",
    "urn:ietf:bcp:47",
    "urn:ietf:rfc:3986",
    "urn:iso:std:iso:3166",
];

/// URIs kept as they are.
const KNOWN_URIS: &[&str] = &[
    "https://fhir.nhs.uk/Id/nhs-number",
    "https://fhir.nhs.uk/Id/ods-organization-code",
    "urn:oid:2.16.840.1.113883.2.1.4.1",
    "http://snomed.info/sct",
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "urn:ietf:bcp:13",
    "urn:ietf:bcp:47",
];

/// Words in URIs of FHIR authorities, beside the names above.
const URI_WORDS: &str = "http https hl7 org fhir nhs uk net terminology snomed info sct loinc \
     unitsofmeasure dmd read urn oid ietf bcp rfc iso std Id sid StructureDefinition CodeSystem ValueSet \
     NamingSystem SearchParameter OperationDefinition CapabilityStatement v2 v3 ver clinical verification \
     allergyintolerance condition category UKCore UKCoreAccess Extension extension access core Access \
     NHSNumberVerificationStatus NHSNumberVerificationStatusEngland NHSNumberUnavailableReason R4 STU3 STU1 STU2 nhs number \
     data absent reason us ods organization site code sds user role profile spine demographics \
     administrative gender name use address type restful security service issue type operation outcome \
     search entry mode ActCode ObservationValue tools patient provider index capabilities \
     BirthSex EthnicCategory ResidentialStatus DeathNotificationStatus ContactPreference \
     AllergyIntoleranceEnd ManifestationSeverity DateFirstManifested Evidence";

pub(crate) const MEDIA_WORDS: &[&str] = &[
    "*/*",
    "application/fhir+json",
    "application/fhir+xml",
    "application/json",
    "application/json+fhir",
    "application/json-patch+json",
    "application/octet-stream",
    "application/pdf",
    "application/problem+json",
    "application/x-www-form-urlencoded",
    "application/xhtml+xml",
    "application/xml",
    "application/xml+fhir",
    "br",
    "chunked",
    "close",
    "deflate",
    "gzip",
    "http/1.0",
    "http/1.1",
    "http/2",
    "http/2.0",
    "identity",
    "image/jpeg",
    "image/png",
    "json",
    "keep-alive",
    "max-age",
    "must-revalidate",
    "no-cache",
    "no-store",
    "no-transform",
    "private",
    "public",
    "s-maxage",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
    "tls 1.2",
    "tls 1.3",
    "xml",
];

/// Names and values of parameters of media types.
pub(crate) const MEDIA_PARAMETERS: &[(&str, &[&str])] = &[
    ("charset", &["utf-8", "utf8", "iso-8859-1", "us-ascii"]),
    ("fhirversion", &["1.0", "3.0", "4.0", "4.0.1", "4.3", "5.0"]),
    ("q", &["0.1", "0.5", "0.8", "0.9", "1.0", "1"]),
];

/// How the value of a header is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderRule {
    Protocol,
    /// At most that many digits.
    Number(usize),
    Url,
    Mock,
    Client,
    Token(&'static str),
    Dropped,
}

const HEADERS: &[(&str, HeaderRule)] = &[
    ("accept", HeaderRule::Protocol),
    ("accept-encoding", HeaderRule::Protocol),
    ("apikey", HeaderRule::Token("{redacted}")),
    ("authorization", HeaderRule::Token("{redacted}")),
    ("cache-control", HeaderRule::Protocol),
    ("connection", HeaderRule::Protocol),
    ("content-encoding", HeaderRule::Protocol),
    // A length may have more digits than other numbers; the client has checked it.
    ("content-length", HeaderRule::Number(9)),
    ("content-location", HeaderRule::Url),
    ("content-type", HeaderRule::Protocol),
    ("cookie", HeaderRule::Token("{redacted}")),
    ("date", HeaderRule::Dropped),
    ("etag", HeaderRule::Token("{etag}")),
    ("last-modified", HeaderRule::Token("{date}")),
    ("location", HeaderRule::Url),
    ("retry-after", HeaderRule::Number(6)),
    ("server", HeaderRule::Token("{redacted}")),
    ("set-cookie", HeaderRule::Token("{redacted}")),
    // An ASID names a system, not a person.
    ("ssp-from", HeaderRule::Number(12)),
    ("ssp-interactionid", HeaderRule::Url),
    ("ssp-to", HeaderRule::Number(12)),
    ("ssp-traceid", HeaderRule::Token("{id}")),
    ("strict-transport-security", HeaderRule::Protocol),
    ("transfer-encoding", HeaderRule::Protocol),
    ("user-agent", HeaderRule::Client),
    ("www-authenticate", HeaderRule::Token("{redacted}")),
    ("x-api-key", HeaderRule::Token("{redacted}")),
    ("x-correlation-id", HeaderRule::Token("{id}")),
    ("x-plumbline-mock", HeaderRule::Mock),
    ("x-request-id", HeaderRule::Token("{id}")),
];

type Words = std::collections::BTreeSet<&'static str>;

static CODE_WORDS: LazyLock<std::collections::BTreeSet<String>> = LazyLock::new(|| {
    CODES
        .iter()
        .flat_map(|group| group.split_whitespace())
        .map(str::to_ascii_lowercase)
        .collect()
});
static TYPE_WORDS: LazyLock<Words> = LazyLock::new(|| RESOURCE_TYPES.split_whitespace().collect());
static PARAMETER_WORDS: LazyLock<Words> =
    LazyLock::new(|| SEARCH_PARAMETERS.split_whitespace().collect());
static PATHS: LazyLock<Words> = LazyLock::new(|| PATH_WORDS.split_whitespace().collect());
static URIS: LazyLock<Words> = LazyLock::new(|| URI_WORDS.split_whitespace().collect());
static CLASSES: LazyLock<std::collections::BTreeMap<&'static str, Class>> = LazyLock::new(|| {
    ELEMENTS
        .iter()
        .flat_map(|(class, names)| names.split_whitespace().map(|name| (name, *class)))
        .collect()
});

fn constant(pattern: &str) -> Regex {
    // The patterns are constants of this file, and a test uses them all.
    Regex::new(pattern).expect("constant pattern")
}

static CODE_FORM: LazyLock<Regex> = LazyLock::new(|| constant(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"));
static LOINC_FORM: LazyLock<Regex> = LazyLock::new(|| constant(r"^[0-9]{1,5}-[0-9]$"));
static URI_FORM: LazyLock<Regex> = LazyLock::new(|| constant(r"^[A-Za-z0-9./_:#|-]{1,120}$"));
static VERSION_FORM: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^v?[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}(?:-[a-z]{1,12}[0-9]{0,3})?$"));

/// How an element is treated; `None` if FHIR has no element of that name that we know of.
pub(crate) fn class(element: &str) -> Option<Class> {
    CLASSES
        .get(element.strip_prefix('_').unwrap_or(element))
        .copied()
}

pub(crate) fn is_code(text: &str) -> bool {
    CODE_WORDS.contains(&text.to_ascii_lowercase())
}

/// The FHIR resource types that are known, in order of name.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    RESOURCE_TYPES.split_whitespace()
}

pub(crate) fn is_resource_type(text: &str) -> bool {
    TYPE_WORDS.contains(text)
}

/// A name of a search parameter, without modifier.
pub(crate) fn is_search_parameter(text: &str) -> bool {
    PARAMETER_WORDS.contains(text)
}

pub(crate) fn is_path_word(text: &str) -> bool {
    is_resource_type(text) || PATHS.contains(text)
}

/// A word as extensions within an extension are named: letters and digits that begin with a small letter.
pub(crate) fn has_word_form(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Lower-case words joined by hyphens, at most 40 characters.
pub(crate) fn has_code_form(text: &str) -> bool {
    text.len() <= 40 && CODE_FORM.is_match(text)
}

pub(crate) fn has_loinc_form(text: &str) -> bool {
    LOINC_FORM.is_match(text)
}

pub(crate) fn has_version_form(text: &str) -> bool {
    text.len() <= 20 && VERSION_FORM.is_match(text)
}

pub(crate) fn is_known_uri(text: &str) -> bool {
    KNOWN_URIS.contains(&text)
}

/// A URI of a known authority without anything that could carry a query.
pub(crate) fn has_uri_form(text: &str) -> bool {
    URI_FORM.is_match(text)
        && URI_AUTHORITIES.iter().any(|authority| {
            text.strip_prefix(authority)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.', ':', '#', '|']))
        })
}

/// Whether every word of a URI is one of FHIR's, so that no name can hide in it, with one short
/// number at most, so that no date can.
pub(crate) fn has_known_words(uri: &str) -> bool {
    if uri.starts_with("urn:oid:") {
        return is_known_uri(uri);
    }
    let mut numbers = 0;
    let known = uri
        .split(['/', '.', ':', '#', '|', '-', '_'])
        .filter(|word| !word.is_empty())
        .all(|word| {
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                numbers += 1;
                return word.len() <= 4;
            }
            URIS.contains(word) || is_path_word(word) || is_code(word) || class(word).is_some()
        });
    known && numbers <= 1
}

/// Whether redaction leaves the name of an element as it is.
pub fn keeps_element(name: &str) -> bool {
    class(name).is_some()
}

/// Whether redaction leaves a header of this name, in lower case, in its place; the value may be a token.
pub fn keeps_header(name: &str) -> bool {
    !matches!(header(name), None | Some(HeaderRule::Dropped))
}

pub(crate) fn header(name: &str) -> Option<HeaderRule> {
    HEADERS
        .iter()
        .find(|(own, _)| *own == name)
        .map(|(_, rule)| *rule)
}
