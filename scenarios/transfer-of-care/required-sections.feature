# Source: ITK3 FHIR eDischarge 2.8.0, Apache-2.0; in our own words.
# How the document is fetched is ours and not scored: see deviations.md, 1.
Feature: Sections for what the hospital holds

  @id:toc-held-admission-details-r4 @req:EDIS-SEC-01 @capability:discharge-summary
  Scenario: What the hospital holds for Admission details is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Admission details" that the hospital holds

  @id:toc-held-admission-details-stu3 @req:EDIS-SEC-01 @capability:discharge-summary
  Scenario: What the hospital holds for Admission details is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Admission details" that the hospital holds

  @id:toc-held-discharge-details-r4 @req:EDIS-SEC-06 @capability:discharge-summary
  Scenario: What the hospital holds for Discharge details is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Discharge details" that the hospital holds

  @id:toc-held-discharge-details-stu3 @req:EDIS-SEC-06 @capability:discharge-summary
  Scenario: What the hospital holds for Discharge details is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-no-known-allergies" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Discharge details" that the hospital holds

  @id:toc-held-individual-requirements-r4 @req:EDIS-SEC-09 @capability:discharge-summary
  Scenario: What the hospital holds for Individual requirements is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Individual requirements" that the hospital holds

  @id:toc-held-individual-requirements-stu3 @req:EDIS-SEC-09 @capability:discharge-summary
  Scenario: What the hospital holds for Individual requirements is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Individual requirements" that the hospital holds

  @id:toc-held-information-and-advice-given-r4 @req:EDIS-SEC-10 @capability:discharge-summary
  Scenario: What the hospital holds for Information and advice given is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Information and advice given" that the hospital holds

  @id:toc-held-information-and-advice-given-stu3 @req:EDIS-SEC-10 @capability:discharge-summary
  Scenario: What the hospital holds for Information and advice given is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Information and advice given" that the hospital holds

  @id:toc-held-legal-information-r4 @req:EDIS-SEC-12 @capability:discharge-summary
  Scenario: What the hospital holds for Legal information is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Legal information" that the hospital holds

  @id:toc-held-legal-information-stu3 @req:EDIS-SEC-12 @capability:discharge-summary
  Scenario: What the hospital holds for Legal information is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Legal information" that the hospital holds

  @id:toc-held-patient-and-carer-concerns-expectations-and-wishes-r4 @req:EDIS-SEC-15 @capability:discharge-summary
  Scenario: What the hospital holds for Patient and carer concerns, expectations and wishes is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Patient and carer concerns, expectations and wishes" that the hospital holds

  @id:toc-held-patient-and-carer-concerns-expectations-and-wishes-stu3 @req:EDIS-SEC-15 @capability:discharge-summary
  Scenario: What the hospital holds for Patient and carer concerns, expectations and wishes is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Patient and carer concerns, expectations and wishes" that the hospital holds

  @id:toc-held-plan-and-requested-actions-r4 @req:EDIS-SEC-18 @capability:discharge-summary
  Scenario: What the hospital holds for Plan and requested actions is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Plan and requested actions" that the hospital holds

  @id:toc-held-plan-and-requested-actions-stu3 @req:EDIS-SEC-18 @capability:discharge-summary
  Scenario: What the hospital holds for Plan and requested actions is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Plan and requested actions" that the hospital holds

  @id:toc-held-referrer-details-r4 @req:EDIS-SEC-20 @capability:discharge-summary
  Scenario: What the hospital holds for Referrer details is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Referrer details" that the hospital holds

  @id:toc-held-referrer-details-stu3 @req:EDIS-SEC-20 @capability:discharge-summary
  Scenario: What the hospital holds for Referrer details is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Referrer details" that the hospital holds

  @id:toc-held-safety-alerts-r4 @req:EDIS-SEC-21 @capability:discharge-summary
  Scenario: What the hospital holds for Safety alerts is in the discharge summary in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the discharge summary tells the section "Safety alerts" that the hospital holds

  @id:toc-held-safety-alerts-stu3 @req:EDIS-SEC-21 @capability:discharge-summary
  Scenario: What the hospital holds for Safety alerts is in the discharge summary in STU3
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the discharge summary tells the section "Safety alerts" that the hospital holds
