# Source: GP Connect 1.6.2-beta, get the FHIR capability statement; FHIR implementation guidance (system conformance)
# and general API guidance (content types). Examples of the specification are good practice only.
Feature: What the system says it offers

  @id:gpc-cap-read @req:GPC-CAP-001 @capability:foundations
  Scenario: The capability statement is read
    Given the request carries the parameter "_format" "application/fhir+json"
    When the capability statement is read
    Then the response is a "CapabilityStatement" resource

  @id:gpc-cap-stu3 @req:GPC-CAP-003 @capability:foundations
  Scenario: The capability statement is for STU3
    When the capability statement is read
    Then the capability statement is for FHIR "3.0.1" in any correction

  @id:gpc-cap-json @req:GPC-CAP-004 @capability:foundations
  Scenario: The capability statement offers JSON
    When the capability statement is read
    Then the capability statement offers the format "application/fhir+json" or "json"

  @id:gpc-cap-xml @req:GPC-CAP-104 @capability:foundations
  Scenario: The capability statement offers XML
    When the capability statement is read
    Then the capability statement offers the format "application/fhir+xml" or "xml"

  @id:gpc-cap-software @req:GPC-CAP-005 @capability:foundations
  Scenario: The capability statement names the software and its version
    When the capability statement is read
    Then every "CapabilityStatement" has exactly one "software.name"
    And every "CapabilityStatement" has exactly one "software.version"

  @id:gpc-cap-register @req:GPC-CAP-006 @capability:foundations
  Scenario: The capability statement names the operation that registers a patient
    When the capability statement is read
    Then the capability statement lists the operation "gpc.registerpatient" as "https://fhir.nhs.uk/STU3/OperationDefinition/GPConnect-RegisterPatient-Operation-1"

  @id:gpc-cap-profiles @req:GPC-CAP-008 @capability:foundations
  Scenario: The capability statement names the profiles of what it serves
    When the capability statement is read
    Then the capability statement names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"
    And the capability statement names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Practitioner-1"
    And the capability statement names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Organization-1"
    And the capability statement names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Location-1"
