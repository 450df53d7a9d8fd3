# Source: GP Connect 1.6.2-beta, find a practitioner; read a practitioner; error handling guidance.
Feature: Finding and reading a practitioner

  @id:gpc-fnd-prac-find @req:GPC-FND-022 @capability:foundations
  Scenario: A search by SDS user id finds the practitioner
    Given the practitioner "gp-practitioner"
    And the request carries the parameter "_format" "application/fhir+json"
    When "Practitioner" records are searched with:
      | parameter | value |
      | identifier | https://fhir.nhs.uk/Id/sds-user-id\|{sds-user-id} |
    Then the request succeeds
    And the result holds the "Practitioner" in play
    And every "Practitioner" names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Practitioner-1"
    And every "Practitioner" has exactly one "meta.versionId"
    And every "Practitioner" has at least one "name"

  @id:gpc-fnd-prac-nobody @req:GPC-FND-023 @capability:foundations
  Scenario: A search by an SDS user id that is not known returns an empty result
    Given the practitioner "gp-practitioner"
    When "Practitioner" records are searched with:
      | parameter | value |
      | identifier | https://fhir.nhs.uk/Id/sds-user-id\|999999999999 |
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds nobody

  @id:gpc-fnd-prac-empty @req:GPC-FND-024 @capability:foundations
  Scenario: A search for a practitioner with an empty identifier is refused
    Given the practitioner "gp-practitioner"
    When "Practitioner" records are searched with:
      | parameter | value |
      | identifier | https://fhir.nhs.uk/Id/sds-user-id\| |
    Then the response status is 400 or 422
    And the response is an OperationOutcome

  @id:gpc-fnd-prac-read @req:GPC-FND-025 @capability:foundations
  Scenario: A practitioner is read by id
    Given the practitioner "gp-practitioner"
    And the target's own id for the practitioner is known
    When the "Practitioner" with id "{id}" is read
    Then the request succeeds
    And the result holds the "Practitioner" in play
    And every "Practitioner" has at least one "name"

  @id:gpc-fnd-prac-private @req:GPC-FND-125 @capability:foundations
  Scenario: A practitioner who is found does not carry private details
    Given the practitioner "gp-practitioner"
    When "Practitioner" records are searched with:
      | parameter | value |
      | identifier | https://fhir.nhs.uk/Id/sds-user-id\|{sds-user-id} |
    Then no "Practitioner" has "telecom"
    And no "Practitioner" has "address"
    And no "Practitioner" has "birthDate"
    And no "Practitioner" has "photo"
    And no "Practitioner" has "qualification"

  @id:gpc-fnd-prac-private-read @req:GPC-FND-125 @capability:foundations
  Scenario: A practitioner who is read does not carry private details
    Given the practitioner "gp-practitioner"
    And the target's own id for the practitioner is known
    When the "Practitioner" with id "{id}" is read
    Then no "Practitioner" has "telecom"
    And no "Practitioner" has "address"
    And no "Practitioner" has "birthDate"
    And no "Practitioner" has "photo"
    And no "Practitioner" has "qualification"

  @id:gpc-fnd-prac-unknown @req:GPC-FND-026 @capability:foundations
  Scenario: A read of a practitioner that does not exist is not found
    When the "Practitioner" with id "5b0d1f2e-6a3c-4d7b-9e8f-1c2d3e4f5a6b" is read
    Then the response status is 404
    And the response is an OperationOutcome

  @id:gpc-fnd-prac-unknown-code @req:GPC-FND-126 @capability:foundations
  Scenario: A read of a practitioner that does not exist says so
    When the "Practitioner" with id "c4a19d70-2e58-4f36-8b1d-7f60e5a4c392" is read
    Then the request is refused with status 404 and code "PRACTITIONER_NOT_FOUND"
