# Source: ITK3 FHIR eDischarge 2.8.0, Apache-2.0; in our own words.
# How the document is fetched is ours and not scored: see deviations.md, 1.
Feature: Rules about the whole document

  @id:toc-rule-03-stu3 @req:EDIS-RULE-03 @capability:discharge-summary
  Scenario: The ODS code of the practice is in no text that people read
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-03"

  @id:toc-rule-09-stu3 @req:EDIS-RULE-09 @capability:discharge-summary
  Scenario: No allergy in the discharge summary is refuted or entered in error
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-09"

  @id:toc-rule-15-stu3 @req:EDIS-RULE-15 @capability:discharge-summary
  Scenario: That there is no known allergy stands in the text as well
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-15"

  @id:toc-rule-16-stu3 @req:EDIS-RULE-16 @capability:discharge-summary
  Scenario: Every list in the discharge summary is current
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-16"

  @id:toc-rule-17-stu3 @req:EDIS-RULE-17 @capability:discharge-summary
  Scenario: Every list in the discharge summary is a snapshot
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-17"

  @id:toc-rule-19-stu3 @req:EDIS-RULE-19 @capability:discharge-summary
  Scenario: No list of medicines is sent as empty with a reason
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-19"

  @id:toc-rule-22-stu3 @req:EDIS-RULE-22 @capability:discharge-summary
  Scenario: The medicines in the list of active medicines are active
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-22"

  @id:toc-rule-26-stu3 @req:EDIS-RULE-26 @capability:discharge-summary
  Scenario: The dose directions stand in the text as in the element
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-26"

  @id:toc-rule-34-stu3 @req:EDIS-RULE-34 @capability:discharge-summary
  Scenario: Comments on procedures stand in the text as well
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-34"

  @id:toc-rule-33-stu3 @req:EDIS-RULE-33 @capability:discharge-summary
  Scenario: Comments on diagnoses stand in the text as well
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-33"

  @id:toc-rule-05-stu3 @req:EDIS-RULE-05 @capability:discharge-summary
  Scenario: The text for gender is one of the four that are allowed
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-05"

  @id:toc-rule-42-stu3 @req:EDIS-RULE-42 @capability:discharge-summary @advisory
  Scenario: The discharge summary says in which care setting it was written
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-42"

  @id:toc-rule-01-stu3 @req:EDIS-RULE-01 @capability:discharge-summary @advisory
  Scenario: Every reference in the discharge summary leads to something in it
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-RULE-01"

  @id:toc-code-01-stu3 @req:EDIS-CODE-01 @capability:discharge-summary
  Scenario: Every NHS number in the discharge summary is valid
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-CODE-01"

  @id:toc-code-02-stu3 @req:EDIS-CODE-02 @capability:discharge-summary @advisory
  Scenario: Every SNOMED CT code in the discharge summary has the form of a concept
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-CODE-02"

  @id:toc-code-04-stu3 @req:EDIS-CODE-04 @capability:discharge-summary @advisory
  Scenario: Every ODS code in the discharge summary has the form of one
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary keeps the content rule "EDIS-CODE-04"
