# Source: GP Connect 1.6.2-beta, general API guidance (content types, wire format representations,
# service root URL, inter-version compatibility) and error handling guidance (malformed requests).
Feature: Formats, addresses and methods

  @id:gpc-neg-json @req:GPC-NEG-001 @capability:foundations
  Scenario: Asked for FHIR JSON, the system answers in FHIR JSON
    Given the request asks for "application/fhir+json"
    When the capability statement is read
    Then the response is FHIR JSON

  @id:gpc-neg-xml @req:GPC-NEG-002 @capability:foundations
  Scenario: Asked for FHIR XML, the system answers in FHIR XML
    Given the request asks for "application/fhir+xml"
    When the capability statement is read
    Then the request succeeds
    And the response is FHIR XML

  # Of a system without XML this cannot be asked.
  @id:gpc-neg-format-xml @req:GPC-NEG-003 @capability:foundations
  Scenario: The parameter _format for XML wins over a header for JSON
    Given the organisation "gp-practice"
    And the request asks for "application/fhir+xml"
    When "Organization" records are searched with:
      | parameter  | value                                                     |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|{ods-code} |
    And the scenario does not apply if the response is not FHIR XML
    Given the request asks for "application/fhir+json"
    And the request carries the parameter "_format" "application/fhir+xml"
    When the capability statement is read
    Then the request succeeds
    And the response is FHIR XML

  # A system without XML passes this whether it looks at the parameter or not.
  @id:gpc-neg-format-json @req:GPC-NEG-004 @capability:foundations
  Scenario: The parameter _format for JSON wins over a header for XML
    Given the request asks for "application/fhir+xml"
    And the request carries the parameter "_format" "application/fhir+json"
    When the capability statement is read
    Then the request succeeds
    And the response is FHIR JSON

  # The request has no patient in it, so nobody is registered: it is refused, and the refusal is judged.
  @id:gpc-neg-request-xml @req:GPC-NEG-005 @capability:foundations @mutates
  Scenario: A request in XML that names no format for the answer is answered in XML
    Given the organisation "gp-practice"
    And the request asks for "application/fhir+xml"
    When "Organization" records are searched with:
      | parameter  | value                                                     |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|{ods-code} |
    And the scenario does not apply if the response is not FHIR XML
    Given the request asks for no format
    When "POST" is sent to "Patient/$gpc.registerpatient" with an empty Parameters resource as XML
    And the scenario does not apply if the response status is 415
    And the scenario does not apply if the response holds no resource
    Then the response is FHIR XML

  @id:gpc-neg-no-format @req:GPC-NEG-006 @capability:foundations
  Scenario: A request that names no format at all is answered in JSON
    Given the request asks for no format
    When the capability statement is read
    Then the request succeeds
    And the response is FHIR JSON

  @id:gpc-neg-accept-unknown @req:GPC-NEG-007 @capability:foundations
  Scenario: A request for an answer in plain text is refused as an unsupported format
    Given the request asks for "text/plain"
    When the capability statement is read
    Then the response status is 415

  @id:gpc-neg-format-unknown @req:GPC-NEG-008 @capability:foundations
  Scenario: A request with an unknown word in _format is refused as an unsupported format
    Given the request asks for no format
    And the request carries the parameter "_format" "abc"
    When the capability statement is read
    Then the response status is 415

  # The patient is there: only the case of the address is wrong. Another status than 2xx will do.
  @id:gpc-neg-case @req:GPC-NEG-010 @capability:foundations
  Scenario: A patient is not answered at an address in the wrong case
    Given the patient "gp-patient-third"
    And the target's own id for the patient is known
    And the request has the header "Ssp-InteractionID" "urn:nhs:names:services:gpconnect:fhir:rest:read:patient-1"
    And the token claim "requested_scope" is "patient/*.read"
    When "GET" is sent to "patient/{id}"
    Then the request does not succeed, or leads elsewhere

  @id:gpc-neg-case-metadata @req:GPC-NEG-010 @capability:foundations
  Scenario: The capability statement is not answered at an address in the wrong case
    Given the request has the header "Ssp-InteractionID" "urn:nhs:names:services:gpconnect:fhir:rest:read:metadata-1"
    And the token claim "requested_scope" is "organization/*.read"
    When "GET" is sent to "Metadata"
    Then the request does not succeed, or leads elsewhere

  # The status is free: several pages name several.
  @id:gpc-neg-no-such-type @req:GPC-NEG-012 @capability:foundations @mutates
  Scenario Outline: A request to <path>, which does not exist, is refused with an OperationOutcome
    Given the request has the header "Ssp-InteractionID" "urn:nhs:names:services:gpconnect:fhir:operation:gpc.registerpatient-1"
    And the token claim "requested_scope" is "patient/*.write"
    When "POST" is sent to "<path>" with an empty Parameters resource
    Then the request does not succeed
    And the response is an OperationOutcome

    Examples:
      | path      |
      | Patients  |
      | metadatas |

  @id:gpc-neg-patch @req:GPC-NEG-013 @capability:foundations @mutates
  Scenario: A change of a patient by PATCH is refused
    Given the patient "gp-patient-third"
    And the target's own id for the patient is known
    When "PATCH" is sent to "Patient/{id}"
    Then the request does not succeed

  @id:gpc-neg-patch-code @req:GPC-NEG-113 @capability:foundations @mutates
  Scenario: A change of a location by PATCH is refused as a bad request or as a wrong method
    Given the location "gp-branch-location"
    When "PATCH" is sent to "Location/{id}"
    Then the request is refused with status 400 and code "BAD_REQUEST", or with status 405 and an OperationOutcome

  # No patient has this id: DELETE is never sent to one who is there.
  # A 404 could hide a DELETE that works; the request after this one balances that.
  @id:gpc-neg-delete @req:GPC-NEG-014 @capability:foundations @mutates
  Scenario: DELETE on a patient is refused
    When "DELETE" is sent to "Patient/plumbline-nobody-1"
    Then the request does not succeed

  @id:gpc-neg-delete-metadata @req:GPC-NEG-014 @capability:foundations @mutates
  Scenario: DELETE on the capability statement is refused
    When "DELETE" is sent to "metadata"
    Then the request does not succeed

  @id:gpc-neg-options @req:GPC-NEG-015 @capability:foundations @advisory
  Scenario: OPTIONS is refused by the system itself
    When "OPTIONS" is sent to "metadata"
    Then the request does not succeed

  @id:gpc-neg-unknown-parameter @req:GPC-NEG-016 @capability:foundations
  Scenario: A search parameter that the system does not know is ignored
    Given the patient "gp-patient-third"
    And the request carries the parameter "plumbline-unknown" "1"
    When patients are searched by NHS number
    Then the request succeeds
    And the result holds the patient
    And no result belongs to another patient
