# Source: ITK3 FHIR eDischarge 2.8.0, Apache-2.0; in our own words.
# How the document is fetched is ours and not scored: see deviations.md, 1.
Feature: Sections that every discharge summary has

  @id:toc-sec-allergies-and-adverse-reactions-r4 @req:EDIS-SEC-02 @capability:discharge-summary
  Scenario: The discharge summary in R4 has the section Allergies and adverse reactions
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary has the section "Allergies and adverse reactions"

  @id:toc-sec-allergies-and-adverse-reactions-stu3 @req:EDIS-SEC-02 @capability:discharge-summary
  Scenario: The discharge summary in STU3 has the section Allergies and adverse reactions
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary has the section "Allergies and adverse reactions"

  @id:toc-sec-clinical-summary-r4 @req:EDIS-SEC-04 @capability:discharge-summary
  Scenario: The discharge summary in R4 has the section Clinical summary
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary has the section "Clinical summary"

  @id:toc-sec-clinical-summary-stu3 @req:EDIS-SEC-04 @capability:discharge-summary
  Scenario: The discharge summary in STU3 has the section Clinical summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary has the section "Clinical summary"

  @id:toc-sec-diagnoses-r4 @req:EDIS-SEC-05 @capability:discharge-summary
  Scenario: The discharge summary in R4 has the section Diagnoses
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary has the section "Diagnoses"

  @id:toc-sec-diagnoses-stu3 @req:EDIS-SEC-05 @capability:discharge-summary
  Scenario: The discharge summary in STU3 has the section Diagnoses
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary has the section "Diagnoses"

  @id:toc-sec-gp-practice-r4 @req:EDIS-SEC-08 @capability:discharge-summary
  Scenario: The discharge summary in R4 has the section GP practice
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary has the section "GP practice"

  @id:toc-sec-gp-practice-stu3 @req:EDIS-SEC-08 @capability:discharge-summary
  Scenario: The discharge summary in STU3 has the section GP practice
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary has the section "GP practice"

  @id:toc-sec-patient-demographics-r4 @req:EDIS-SEC-16 @capability:discharge-summary
  Scenario: The discharge summary in R4 has the section Patient demographics
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary has the section "Patient demographics"

  @id:toc-sec-patient-demographics-stu3 @req:EDIS-SEC-16 @capability:discharge-summary
  Scenario: The discharge summary in STU3 has the section Patient demographics
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary has the section "Patient demographics"

  @id:toc-sec-person-completing-record-r4 @req:EDIS-SEC-17 @capability:discharge-summary
  Scenario: The discharge summary in R4 has the section Person completing record
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary has the section "Person completing record"

  @id:toc-sec-person-completing-record-stu3 @req:EDIS-SEC-17 @capability:discharge-summary
  Scenario: The discharge summary in STU3 has the section Person completing record
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary has the section "Person completing record"
