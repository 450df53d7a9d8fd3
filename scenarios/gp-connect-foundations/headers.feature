# Source: GP Connect 1.6.2-beta, API security guidance (secure connections, response headers) and
# error handling guidance (malformed requests). Compression and character set: general API guidance.
# Every request that must be refused has one fault, and the same request without it is answered.
# Where the form of a refusal is judged, the search is for somebody whom nobody has: a request of its own.
Feature: Headers of requests and answers

  @id:gpc-hdr-no-trace @req:GPC-HDR-001 @capability:foundations
  Scenario: A request without Ssp-TraceID is refused
    Given the request has no "Ssp-TraceID" header
    When the capability statement is read
    Then the request is refused with status 400 and code "BAD_REQUEST"

  @id:gpc-hdr-no-from @req:GPC-HDR-002 @capability:foundations
  Scenario: A request without Ssp-From is refused
    Given the request has no "Ssp-From" header
    When the capability statement is read
    Then the request is refused with status 400 and code "BAD_REQUEST"

  @id:gpc-hdr-no-to @req:GPC-HDR-003 @capability:foundations
  Scenario: A request without Ssp-To is refused
    Given the request has no "Ssp-To" header
    When the capability statement is read
    Then the request is refused with status 400 and code "BAD_REQUEST"

  @id:gpc-hdr-no-interaction @req:GPC-HDR-004 @capability:foundations
  Scenario: A request without Ssp-InteractionID is refused
    Given the request has no "Ssp-InteractionID" header
    When the capability statement is read
    Then the request is refused with status 400 and code "BAD_REQUEST"

  # Not the interaction ids of the other capability statements: they have the same method and path,
  # and a system with one address for all may rightly take them.
  @id:gpc-hdr-other-interaction @req:GPC-HDR-005 @capability:foundations
  Scenario: A request for the capability statement that names the interaction of reading a patient is refused
    Given the request has the header "Ssp-InteractionID" "urn:nhs:names:services:gpconnect:fhir:rest:read:patient-1"
    When the capability statement is read
    Then the request is refused with status 400 and code "BAD_REQUEST"

  @id:gpc-hdr-other-interaction-patient @req:GPC-HDR-005 @capability:foundations
  Scenario: A read of a patient that names the interaction of the capability statement is refused
    Given the patient "gp-patient-third"
    And the target's own id for the patient is known
    And the request has the header "Ssp-InteractionID" "urn:nhs:names:services:gpconnect:fhir:rest:read:metadata-1"
    When the patient is read by id
    Then the request is refused with status 400 and code "BAD_REQUEST"

  @id:gpc-hdr-no-such-interaction @req:GPC-HDR-006 @capability:foundations
  Scenario: A request that names an interaction which does not exist is refused
    Given the request has the header "Ssp-InteractionID" "urn:nhs:names:services:gpconnect:fhir:rest:read:nothing-1"
    When the capability statement is read
    Then the request is refused with status 400 and code "BAD_REQUEST"

  @id:gpc-hdr-interaction-case @req:GPC-HDR-106 @capability:foundations @advisory
  Scenario: A request that names its interaction in the wrong case is refused
    Given the request has the header "Ssp-InteractionID" "urn:nhs:names:services:gpconnect:fhir:rest:read:Metadata-1"
    When the capability statement is read
    Then the request is refused

  @id:gpc-hdr-other-to @req:GPC-HDR-007 @capability:foundations
  Scenario: A request that is addressed to another system is refused
    Given the request has the header "Ssp-To" "999999999999"
    When the capability statement is read
    Then the request is refused

  @id:gpc-hdr-other-to-code @req:GPC-HDR-107 @capability:foundations
  Scenario: The refusal of a request that is addressed to another system is a bad request
    Given the request has the header "Ssp-To" "999999999999"
    When "Organization" records are searched with:
      | parameter  | value                                               |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|Z9X77 |
    Then the request is refused with status 400 and code "BAD_REQUEST"

  @id:gpc-hdr-no-token @req:GPC-HDR-008 @capability:foundations
  Scenario: A request without a token is refused
    Given the request has no token
    When the capability statement is read
    Then the request is refused

  @id:gpc-hdr-no-token-code @req:GPC-HDR-108 @capability:foundations
  Scenario: The refusal of a request without a token says so in one of the two agreed ways
    Given the request has no token
    When "Organization" records are searched with:
      | parameter  | value                                               |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|Z9X77 |
    Then the request is refused with status 400 and code "BAD_REQUEST", or as unauthorised

  @id:gpc-hdr-no-store @req:GPC-HDR-009 @capability:foundations
  Scenario: The capability statement may not be stored on the way
    When the capability statement is read
    Then the header "cache-control" says "no-store"

  @id:gpc-hdr-no-store-patient @req:GPC-HDR-009 @capability:foundations
  Scenario: A patient may not be stored on the way
    Given the patient "gp-patient-third"
    When patients are searched by NHS number
    Then the header "cache-control" says "no-store"

  @id:gpc-hdr-no-store-refusal @req:GPC-HDR-009 @capability:foundations
  Scenario: A refusal may not be stored on the way
    Given the request has no "Ssp-TraceID" header
    When the capability statement is read
    Then the header "cache-control" says "no-store"

  @id:gpc-hdr-gzip @req:GPC-HDR-010 @capability:foundations
  Scenario: The capability statement comes compressed to a client that asks for that
    Given the answer may be compressed with gzip
    When the capability statement is read
    Then the response came compressed with gzip

  @id:gpc-hdr-charset @req:GPC-HDR-013 @capability:foundations
  Scenario: The capability statement names its character set
    When the capability statement is read
    Then the response names the character set "utf-8"

  @id:gpc-hdr-charset-patient @req:GPC-HDR-013 @capability:foundations
  Scenario: A patient names its character set
    Given the patient "gp-patient-third"
    And the target's own id for the patient is known
    When the patient is read by id
    Then the response names the character set "utf-8"

  @id:gpc-hdr-charset-refusal @req:GPC-HDR-013 @capability:foundations
  Scenario: A refusal names its character set
    Given the request has no "Ssp-From" header
    When the capability statement is read
    Then the response names the character set "utf-8"

  @id:gpc-hdr-charset-space @req:GPC-HDR-113 @capability:foundations
  Scenario: There is no space before the character set
    Given the organisation "gp-practice"
    When "Organization" records are searched with:
      | parameter  | value                                                     |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|{ods-code} |
    Then the response names the character set "utf-8" without a space
