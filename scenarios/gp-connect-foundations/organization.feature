# Source: GP Connect 1.6.2-beta, find an organisation; read an organisation; error handling guidance.
Feature: Finding and reading an organisation

  @id:gpc-fnd-org-find @req:GPC-FND-027 @capability:foundations
  Scenario: A search by ODS code finds the organisation
    Given the organisation "gp-practice"
    And the request carries the parameter "_format" "application/fhir+json"
    When "Organization" records are searched with:
      | parameter | value |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|{ods-code} |
    Then the request succeeds
    And the result holds the "Organization" in play
    And every "Organization" names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Organization-1"
    And every "Organization" has exactly one "meta.versionId"
    And every "Organization" has exactly one "name"

  @id:gpc-fnd-org-left-out @req:GPC-FND-127 @capability:foundations
  Scenario: An organisation that is found does not carry contact persons or technical addresses
    Given the organisation "gp-practice"
    When "Organization" records are searched with:
      | parameter | value |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|{ods-code} |
    Then no "Organization" has "contact"
    And no "Organization" has "endpoint"

  @id:gpc-fnd-org-left-out-read @req:GPC-FND-127 @capability:foundations
  Scenario: An organisation that is read does not carry contact persons or technical addresses
    Given the organisation "gp-practice"
    And the target's own id for the organisation is known
    When the "Organization" with id "{id}" is read
    Then no "Organization" has "contact"
    And no "Organization" has "endpoint"

  @id:gpc-fnd-org-nobody @req:GPC-FND-028 @capability:foundations
  Scenario: A search by an ODS code that is not held returns an empty result
    Given the organisation "gp-practice"
    When "Organization" records are searched with:
      | parameter | value |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|Z9X99 |
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds nobody

  @id:gpc-fnd-org-read @req:GPC-FND-029 @capability:foundations
  Scenario: An organisation is read by id
    Given the organisation "gp-practice"
    And the target's own id for the organisation is known
    And the request carries the parameter "_format" "application/fhir+json"
    When the "Organization" with id "{id}" is read
    Then the request succeeds
    And the result holds the "Organization" in play
    And every "Organization" has exactly one "name"

  @id:gpc-fnd-org-unknown @req:GPC-FND-030 @capability:foundations
  Scenario: A read of an organisation that does not exist is not found
    When the "Organization" with id "5b0d1f2e-6a3c-4d7b-9e8f-1c2d3e4f5a6b" is read
    Then the response status is 404
    And the response is an OperationOutcome

  @id:gpc-fnd-org-unknown-code @req:GPC-FND-130 @capability:foundations
  Scenario: A read of an organisation that does not exist says so
    When the "Organization" with id "c4a19d70-2e58-4f36-8b1d-7f60e5a4c392" is read
    Then the request is refused with status 404 and code "ORGANISATION_NOT_FOUND"
