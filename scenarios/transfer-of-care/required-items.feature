# Source: ITK3 FHIR eDischarge 2.8.0, Apache-2.0; in our own words.
# How the document is fetched is ours and not scored: see deviations.md, 1.
Feature: What the hospital holds is told

  @id:toc-told-adm-01-stu3 @req:EDIS-ADM-01 @capability:discharge-summary
  Scenario: The reason for admission that the hospital holds is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Admission details" tells the "Reason for admission" that the hospital holds

  @id:toc-told-adm-01-r4 @req:EDIS-ADM-01 @capability:discharge-summary @advisory
  Scenario: The reason for admission that the hospital holds is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Admission details" tells the "Reason for admission" that the hospital holds

  @id:toc-told-adm-04-stu3 @req:EDIS-ADM-04 @capability:discharge-summary
  Scenario: The time of admission that the hospital holds is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Admission details" tells the "Date/time of admission" that the hospital holds

  @id:toc-told-adm-04-r4 @req:EDIS-ADM-04 @capability:discharge-summary @advisory
  Scenario: The time of admission that the hospital holds is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Admission details" tells the "Date/time of admission" that the hospital holds

  @id:toc-told-alg-01-stu3 @req:EDIS-ALG-01 @capability:discharge-summary
  Scenario: The allergies that the hospital holds are in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the allergies that the hospital holds are in the discharge summary

  @id:toc-told-alg-01-r4 @req:EDIS-ALG-01 @capability:discharge-summary @advisory
  Scenario: The allergies that the hospital holds are in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the allergies that the hospital holds are in the discharge summary

  @id:toc-told-alg-03-stu3 @req:EDIS-ALG-03 @capability:discharge-summary
  Scenario: The day on which each allergy was recorded is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Allergies and adverse reactions" tells the "Date recorded" that the hospital holds

  @id:toc-told-alg-03-r4 @req:EDIS-ALG-03 @capability:discharge-summary @advisory
  Scenario: The day on which each allergy was recorded is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Allergies and adverse reactions" tells the "Date recorded" that the hospital holds

  @id:toc-told-dis-08-stu3 @req:EDIS-DIS-08 @capability:discharge-summary
  Scenario: The address that the patient went to, where it is not the usual one, is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Discharge details" tells the "Discharge address" that the hospital holds

  @id:toc-told-dis-08-r4 @req:EDIS-DIS-08 @capability:discharge-summary @advisory
  Scenario: The address that the patient went to, where it is not the usual one, is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Discharge details" tells the "Discharge address" that the hospital holds

  @id:toc-told-leg-04-stu3 @req:EDIS-LEG-04 @capability:discharge-summary
  Scenario: The assessment of mental capacity that the hospital holds is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Legal information" tells the "Mental capacity assessment" that the hospital holds

  @id:toc-told-leg-04-r4 @req:EDIS-LEG-04 @capability:discharge-summary @advisory
  Scenario: The assessment of mental capacity that the hospital holds is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Legal information" tells the "Mental capacity assessment" that the hospital holds

  @id:toc-told-leg-05-stu3 @req:EDIS-LEG-05 @capability:discharge-summary
  Scenario: The decision to refuse treatment that the hospital holds is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Legal information" tells the "Advance decision to refuse treatment (ADRT)" that the hospital holds

  @id:toc-told-leg-05-r4 @req:EDIS-LEG-05 @capability:discharge-summary @advisory
  Scenario: The decision to refuse treatment that the hospital holds is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Legal information" tells the "Advance decision to refuse treatment (ADRT)" that the hospital holds

  @id:toc-told-leg-06-stu3 @req:EDIS-LEG-06 @capability:discharge-summary
  Scenario: The power of attorney that the hospital holds is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Legal information" tells the "Lasting power of attorney for personal welfare or court-appointed deputy (or equivalent)" that the hospital holds

  @id:toc-told-leg-06-r4 @req:EDIS-LEG-06 @capability:discharge-summary @advisory
  Scenario: The power of attorney that the hospital holds is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Legal information" tells the "Lasting power of attorney for personal welfare or court-appointed deputy (or equivalent)" that the hospital holds

  @id:toc-told-saf-01-stu3 @req:EDIS-SAF-01 @capability:discharge-summary
  Scenario: The risks to the patient that the hospital holds are in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Safety alerts" tells the "Risks to self" that the hospital holds

  @id:toc-told-saf-01-r4 @req:EDIS-SAF-01 @capability:discharge-summary @advisory
  Scenario: The risks to the patient that the hospital holds are in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Safety alerts" tells the "Risks to self" that the hospital holds

  @id:toc-told-dem-05-stu3 @req:EDIS-DEM-05 @capability:discharge-summary
  Scenario: The NHS number that the hospital holds is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Patient demographics" tells the "NHS number" that the hospital holds

  @id:toc-told-dem-05-r4 @req:EDIS-DEM-05 @capability:discharge-summary @advisory
  Scenario: The NHS number that the hospital holds is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-elsewhere" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Patient demographics" tells the "NHS number" that the hospital holds

  @id:toc-told-pla-01-stu3 @req:EDIS-PLA-01 @capability:discharge-summary
  Scenario: What the hospital asks of the practice is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Plan and requested actions" tells the "Actions for healthcare professionals" that the hospital holds

  @id:toc-told-pla-01-r4 @req:EDIS-PLA-01 @capability:discharge-summary @advisory
  Scenario: What the hospital asks of the practice is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Plan and requested actions" tells the "Actions for healthcare professionals" that the hospital holds

  @id:toc-told-pla-02-stu3 @req:EDIS-PLA-02 @capability:discharge-summary
  Scenario: What the hospital asks of the patient is in the discharge summary
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Plan and requested actions" tells the "Actions for patient or their carer" that the hospital holds

  @id:toc-told-pla-02-r4 @req:EDIS-PLA-02 @capability:discharge-summary @advisory
  Scenario: What the hospital asks of the patient is in the discharge summary, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Plan and requested actions" tells the "Actions for patient or their carer" that the hospital holds
