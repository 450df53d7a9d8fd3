# Source: GP Connect 1.6.2-beta, read a location; error handling guidance.
Feature: Reading a location

  @id:gpc-fnd-loc-read @req:GPC-FND-031 @capability:foundations
  Scenario: A location is read by id
    Given the location "gp-branch-location"
    And the request carries the parameter "_format" "application/fhir+json"
    When the "Location" with id "{id}" is read
    Then the request succeeds
    And the result holds the "Location" in play
    And every "Location" has exactly one "name"
    And every "Location" names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Location-1"
    And every "Location" has exactly one "meta.versionId"

  @id:gpc-fnd-loc-organization @req:GPC-FND-031 @capability:foundations
  Scenario: A location names the organisation that runs it
    Given the location "gp-branch-location"
    When the "Location" with id "{id}" is read
    Then every "Location" has exactly one "managingOrganization.reference"
    Given the organisation "gp-practice"
    When the "managingOrganization" of the first result is read
    Then the result holds the "Organization" in play

  @id:gpc-fnd-loc-left-out @req:GPC-FND-131 @capability:foundations
  Scenario: A location does not carry technical addresses
    Given the location "gp-branch-location"
    When the "Location" with id "{id}" is read
    Then no "Location" has "endpoint"

  @id:gpc-fnd-loc-unknown @req:GPC-FND-032 @capability:foundations
  Scenario: A read of a location that does not exist is not found
    When the "Location" with id "5b0d1f2e-6a3c-4d7b-9e8f-1c2d3e4f5a6b" is read
    Then the response status is 404
    And the response is an OperationOutcome

  @id:gpc-fnd-loc-unknown-code @req:GPC-FND-132 @capability:foundations
  Scenario: A read of a location that does not exist says so
    When the "Location" with id "c4a19d70-2e58-4f36-8b1d-7f60e5a4c392" is read
    Then the request is refused with status 404 and code "NO_RECORD_FOUND"
