# Source: ITK3 FHIR eDischarge 2.8.0, Apache-2.0; in our own words.
# How the document is fetched is ours and not scored: see deviations.md, 1.
Feature: What the document is

  @id:toc-doc-kind-r4 @req:TOC-DOC-001 @capability:discharge-summary
  Scenario: The document in R4 is a discharge summary
    Given the target claims the capability "documents-r4"
    And the patient "discharged-briefly" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the document is a discharge summary

  @id:toc-doc-kind-stu3 @req:TOC-DOC-001 @capability:discharge-summary
  Scenario: The document in STU3 is a discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-briefly" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the document is a discharge summary

  @id:toc-doc-patient-r4 @req:TOC-DOC-002 @capability:discharge-summary
  Scenario: The document in R4 is about the patient who was asked for
    Given the target claims the capability "documents-r4"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the document is about the patient

  @id:toc-doc-patient-stu3 @req:TOC-DOC-002 @capability:discharge-summary
  Scenario: The document in STU3 is about the patient who was asked for
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the document is about the patient

  @id:toc-doc-fhir-r4 @req:TOC-DOC-003 @capability:discharge-summary
  Scenario: The document in R4 is valid FHIR
    Given the target claims the capability "documents-r4"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the document is valid FHIR

  @id:toc-doc-fhir-stu3 @req:TOC-DOC-003 @capability:discharge-summary
  Scenario: The document in STU3 is valid FHIR
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the document is valid FHIR
