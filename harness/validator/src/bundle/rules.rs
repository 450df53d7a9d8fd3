//! The rules of bundles, documents and narrative links. Not those of invariants, which the base rules have.

use crate::rules::family;
use plumbline_fhir::validate::Severity::{Error, Warning};

// In the order of the codes: name, severity, code, meaning, message, fix.
family! {
    /// http.html#brules: such references do not conform.
    BATCH_REFERENCE Error "FHIR-BUNDLE-BATCH-REFERENCE"
        "An entry of a batch does not refer to a resource that the same batch creates."
        "this leads to the {} that another entry of the batch creates"
        "Send a transaction instead of a batch, or create the other resource first and refer to it by its address."
    /// documents.html#content of STU3 makes this date mandatory. Of R4 the date is another element, and bdl-10 asks for it.
    DOCUMENT_DATE Error "FHIR-BUNDLE-DOCUMENT-DATE"
        "A document of STU3 says in meta.lastUpdated of its bundle when it was put together."
        "the document has no date: Bundle.meta.lastUpdated is missing"
        "Set Bundle.meta.lastUpdated to the time when the document was put together."
    /// documents.html#content lists the elements of a Composition whose targets SHALL be in the bundle.
    DOCUMENT_REFERENCE Error "FHIR-BUNDLE-DOCUMENT-REFERENCE"
        "The resources that the Composition of a document refers to are entries of the bundle."
        "no entry of the document is what {} leads to"
        "Add the resource as an entry whose fullUrl is the address in the reference, completed with the base of the fullUrl of the Composition if it is relative."
    /// bundle.html#document, #message. Of R4 see also bdl-11 and bdl-12.
    FIRST Error "FHIR-BUNDLE-FIRST"
        "The first entry of a document is its Composition, and that of a message its MessageHeader."
        "a {} begins with a {}, and this one does not"
        "Add the missing resource, or move it to the front of the entries."
    /// The definition of `Bundle.entry.fullUrl`.
    FULL_URL_FORM Error "FHIR-BUNDLE-FULLURL-FORM"
        "A fullUrl is an absolute address without a fragment, or a URN."
        "this fullUrl is no identity of a resource: {}"
        "Write https://server/Type/id, or urn:uuid: and a UUID for a resource without an address."
    /// The definition of `Bundle.entry.fullUrl`: one that meets references.html#regex SHALL end with the id.
    FULL_URL_ID Error "FHIR-BUNDLE-FULLURL-ID"
        "A fullUrl that ends with Type/id agrees with the type and the id of the resource."
        "fullUrl and resource do not agree: {}"
        "Make the last two parts of fullUrl the type and the id of the resource, or use urn:uuid: if the resource has no address."
    /// bundle.html#bundle-unique exempts transactions and batches; the definition of `Bundle.entry.fullUrl` exempts only
    /// what is created, and what an operation returns, which a searchset or a collection can be. Where both pages do not
    /// agree it is a warning.
    FULL_URL_MISSING Error "FHIR-BUNDLE-FULLURL-MISSING"
        "Each entry with a resource has a fullUrl, except one that is being created, and what an operation returns without identity."
        "this entry has no fullUrl: nothing can refer to its {}, and its own relative references have no meaning"
        "Give the entry a fullUrl: the address of the resource, or urn:uuid: and a UUID."
    /// http.html#paging and RFC 5005: each relation leads to one page.
    LINK_TWICE Warning "FHIR-BUNDLE-LINK-TWICE"
        "A bundle has one link of each of the relations self, first, previous, next and last at most."
        "there is more than one link with the relation {}"
        "Keep one link of this relation."
    /// The definitions of `MessageHeader.focus` and of `MessageHeader.response.details`: both are in the bundle.
    MESSAGE_REFERENCE Error "FHIR-BUNDLE-MESSAGE-REFERENCE"
        "What the focus and the response of a MessageHeader refer to are entries of the bundle."
        "no entry of the message is what {} leads to"
        "Add the resource as an entry whose fullUrl is the address in the reference."
    /// bundle.html#document, #message, #searchset, #collection: each entry SHALL have one.
    NO_RESOURCE Error "FHIR-BUNDLE-NO-RESOURCE"
        "Each entry of a document, message, searchset or collection holds a resource."
        "this entry of a {} holds no resource"
        "Add the resource, or leave the entry out."
    /// The definition of `Bundle.entry.request.ifNoneExist`, and http.html#ccreate.
    REQUEST_CONDITION Warning "FHIR-BUNDLE-REQUEST-CONDITION"
        "ifNoneExist stands with POST only, and is a query without its question mark."
        "ifNoneExist is not used as it is meant: {}"
        "Put the condition into request.url for other methods than POST, and leave out the question mark in ifNoneExist."
    /// bundle.html#transaction, #history: each entry SHALL have one. Of R4 see bdl-3.
    REQUEST_MISSING Error "FHIR-BUNDLE-REQUEST-MISSING"
        "Each entry of a transaction, batch or history has a request."
        "this entry of a {} has no request"
        "Add request with method and url."
    /// bundle.html#transaction, #history: with POST and PUT an entry SHALL have one.
    REQUEST_RESOURCE Error "FHIR-BUNDLE-REQUEST-RESOURCE"
        "An entry whose method is POST or PUT holds the resource that is sent."
        "the method is {}, and the entry holds no resource"
        "Add the resource, or use another method."
    /// The definition of `Bundle.entry.request.url`.
    REQUEST_ROOT Warning "FHIR-BUNDLE-REQUEST-ROOT"
        "The url of a request is relative to the address that the bundle is sent to."
        "this url is not relative to the address of the server: {}"
        "Write Type or Type/id, without the address of the server and without a slash in front."
    /// http.html#create, #update, #delete, #patch: the forms of each interaction.
    REQUEST_URL Error "FHIR-BUNDLE-REQUEST-URL"
        "The url of a request has the form that its method needs, and agrees with the resource."
        "the url does not fit a {}: {}"
        "Use Type for POST, Type/id or Type?search for PUT, PATCH and DELETE, with the type and id of the resource in the entry."
    /// The comment on `Bundle.entry.response.etag`.
    RESPONSE_ETAG Warning "FHIR-BUNDLE-RESPONSE-ETAG"
        "The etag of a response is the version of the resource in the same entry."
        "etag and meta.versionId do not agree"
        "Write the etag as W/\"versionId\", with the version of the resource."
    /// bundle.html#transaction-response: each entry SHALL have one. Of R4 see bdl-4.
    RESPONSE_MISSING Error "FHIR-BUNDLE-RESPONSE-MISSING"
        "Each entry of a response to a transaction or batch has a response."
        "this entry of a {} has no response"
        "Add response with a status."
    /// The definition of `Bundle.entry.response.outcome`.
    RESPONSE_OUTCOME Warning "FHIR-BUNDLE-RESPONSE-OUTCOME"
        "The outcome of a response is an OperationOutcome."
        "the outcome is a resource of type {}"
        "Put hints and warnings into an OperationOutcome, and the resource into entry.resource."
    /// The definition of `Bundle.entry.response.status`: it SHALL begin so.
    RESPONSE_STATUS Error "FHIR-BUNDLE-RESPONSE-STATUS"
        "The status of a response begins with a code of HTTP of three digits."
        "the status does not begin with a code of HTTP"
        "Begin with the code, such as 201 or 404 Not Found."
    /// http.html#search: both are a SHALL.
    SEARCH_OUTCOME Error "FHIR-BUNDLE-SEARCH-OUTCOME"
        "An OperationOutcome about a search has the mode outcome and no errors, and nothing else has this mode."
        "the outcome of a search is not what it must be: {}"
        "Give the OperationOutcome search.mode outcome with warnings and information only; answer a search that fails with an HTTP error."
    /// http.html#search speaks of one.
    SEARCH_OUTCOMES Warning "FHIR-BUNDLE-SEARCH-OUTCOMES"
        "A searchset has one OperationOutcome about the search at most."
        "there is already an entry with the mode outcome"
        "Put all issues into one OperationOutcome."
    /// search.html#conformance: the server says there which parameters it used.
    SEARCH_SELF Warning "FHIR-BUNDLE-SEARCH-SELF"
        "A searchset has a link self, which says what was searched for."
        "there is no link with the relation self"
        "Add a link with the relation self and the search as the server carried it out."
    /// The definition of `Bundle.total`: of all pages together.
    SEARCH_TOTAL Error "FHIR-BUNDLE-SEARCH-TOTAL"
        "total is the number of matches on all pages together, or of changes in a history."
        "total is less than what this page alone holds"
        "Count the matches of all pages, without included resources and outcomes, or leave total out."
    /// http.html#trules: a transaction whose resources overlap SHALL fail.
    TRANSACTION_TWICE Error "FHIR-BUNDLE-TRANSACTION-TWICE"
        "A transaction changes each resource once."
        "another entry of the transaction changes the same resource"
        "Join the changes into one entry, or send them in two transactions."
    /// documents.html#content: the bundle SHALL hold nothing else.
    UNLINKED Error "FHIR-BUNDLE-UNLINKED"
        "A document holds its Composition, what that refers to directly or indirectly, a stylesheet, and Provenance for them."
        "nothing in the document leads to this {}"
        "Refer to it from the Composition or from a resource that the Composition leads to, or leave it out."
    /// The same rule. FHIR R5 lets resources in that refer to others of the document, so that it is a warning.
    UNLINKED_BACKWARDS Warning "FHIR-BUNDLE-UNLINKED-BACKWARDS"
        "A document holds what its Composition refers to directly or indirectly, not what only refers to that."
        "this {} refers to resources of the document, but nothing leads from the Composition to it"
        "Refer to it from the Composition or from a resource that the Composition leads to."
    /// documents.html#presentation: the narrative of a document is put together from that of its sections.
    SECTION_NARRATIVE Warning "FHIR-COMPOSITION-NARRATIVE"
        "A section of a document with entries has narrative, since that is what the document shows to people."
        "this section has entries and no narrative, so that a document shows nothing of them"
        "Add text to the section that says what its entries say."
    /// The comment on `Composition.section.title`: a SHOULD.
    SECTION_TITLE Warning "FHIR-COMPOSITION-TITLE"
        "The sections of a Composition have titles."
        "this section has no title"
        "Add a title, unless the subsections have titles that say enough."
    /// narrative.html#id: references within narrative are id and idref of XML, of which the first must be there, and
    /// they are looked for within the resource.
    NARRATIVE_LINK Error "FHIR-XHTML-LINK"
        "A link within narrative leads to an id in the same resource."
        "a link with # in {} leads to no id in the narrative or the elements of this resource"
        "Give the target this id, or correct the link."
}
