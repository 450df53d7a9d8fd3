# Source: ITK3 FHIR eDischarge 2.8.0, Apache-2.0; in our own words.
# How the document is fetched is ours and not scored: see deviations.md, 1.
Feature: What stands in the sections

  @id:toc-item-alg-01-stu3 @req:EDIS-ALG-01 @capability:discharge-summary
  Scenario: Every allergy in the discharge summary says what causes it
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then every allergy in the discharge summary says what causes it

  @id:toc-item-alg-01-r4 @req:EDIS-ALG-01 @capability:discharge-summary @advisory
  Scenario: Every allergy in the discharge summary says what causes it, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then every allergy in the discharge summary says what causes it

  @id:toc-item-dia-01-stu3 @req:EDIS-DIA-01 @capability:discharge-summary
  Scenario: Every diagnosis in the discharge summary has a name
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Diagnoses" has the item "Diagnosis name"

  @id:toc-item-dia-01-r4 @req:EDIS-DIA-01 @capability:discharge-summary @advisory
  Scenario: Every diagnosis in the discharge summary has a name, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Diagnoses" has the item "Diagnosis name"

  @id:toc-item-dis-04-stu3 @req:EDIS-DIS-04 @capability:discharge-summary
  Scenario: The discharge summary tells when the patient was discharged
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Discharge details" has the item "Date/time of discharge"

  @id:toc-item-dis-04-r4 @req:EDIS-DIS-04 @capability:discharge-summary @advisory
  Scenario: The discharge summary tells when the patient was discharged, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Discharge details" has the item "Date/time of discharge"

  @id:toc-item-gpp-03-stu3 @req:EDIS-GPP-03 @capability:discharge-summary
  Scenario: The GP practice has its ODS code in its identifier
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "GP practice" has the item "GP practice identifier"

  @id:toc-item-gpp-03-r4 @req:EDIS-GPP-03 @capability:discharge-summary @advisory
  Scenario: The GP practice has its ODS code in its identifier, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "GP practice" has the item "GP practice identifier"

  @id:toc-item-med-02-stu3 @req:EDIS-MED-02 @capability:discharge-summary
  Scenario: Every medicine in the discharge summary has a name
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then every medicine in the discharge summary has a name

  @id:toc-item-med-02-r4 @req:EDIS-MED-02 @capability:discharge-summary @advisory
  Scenario: Every medicine in the discharge summary has a name, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then every medicine in the discharge summary has a name

  @id:toc-item-med-33-stu3 @req:EDIS-MED-33 @capability:discharge-summary
  Scenario: Every stopped medicine in the discharge summary has a name
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then every stopped medicine in the discharge summary has a name

  @id:toc-item-med-33-r4 @req:EDIS-MED-33 @capability:discharge-summary @advisory
  Scenario: Every stopped medicine in the discharge summary has a name, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then every stopped medicine in the discharge summary has a name

  @id:toc-item-med-34-stu3 @req:EDIS-MED-34 @capability:discharge-summary
  Scenario: Every stopped medicine in the discharge summary is marked as stopped
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Medications and medical devices" has the item "Status of discontinued medication"

  @id:toc-item-med-34-r4 @req:EDIS-MED-34 @capability:discharge-summary @advisory
  Scenario: Every stopped medicine in the discharge summary is marked as stopped, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Medications and medical devices" has the item "Status of discontinued medication"

  @id:toc-item-dem-01-stu3 @req:EDIS-DEM-01 @capability:discharge-summary
  Scenario: The discharge summary has the name of the patient
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Patient demographics" has the item "Patient name"

  @id:toc-item-dem-01-r4 @req:EDIS-DEM-01 @capability:discharge-summary @advisory
  Scenario: The discharge summary has the name of the patient, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Patient demographics" has the item "Patient name"

  @id:toc-item-dem-03-stu3 @req:EDIS-DEM-03 @capability:discharge-summary
  Scenario: The discharge summary has the date of birth of the patient
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Patient demographics" has the item "Date of birth"

  @id:toc-item-dem-03-r4 @req:EDIS-DEM-03 @capability:discharge-summary @advisory
  Scenario: The discharge summary has the date of birth of the patient, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Patient demographics" has the item "Date of birth"

  @id:toc-item-dem-07-stu3 @req:EDIS-DEM-07 @capability:discharge-summary
  Scenario: The discharge summary has the address of the patient
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Patient demographics" has the item "Patient address"

  @id:toc-item-dem-07-r4 @req:EDIS-DEM-07 @capability:discharge-summary @advisory
  Scenario: The discharge summary has the address of the patient, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Patient demographics" has the item "Patient address"

  @id:toc-item-pcr-01-stu3 @req:EDIS-PCR-01 @capability:discharge-summary
  Scenario: The discharge summary names who completed it
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Person completing record" has the item "Name"

  @id:toc-item-pcr-01-r4 @req:EDIS-PCR-01 @capability:discharge-summary @advisory
  Scenario: The discharge summary names who completed it, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Person completing record" has the item "Name"

  @id:toc-item-pcr-02-stu3 @req:EDIS-PCR-02 @capability:discharge-summary
  Scenario: The discharge summary gives the role of who completed it
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Person completing record" has the item "Role"

  @id:toc-item-pcr-02-r4 @req:EDIS-PCR-02 @capability:discharge-summary @advisory
  Scenario: The discharge summary gives the role of who completed it, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Person completing record" has the item "Role"

  @id:toc-item-pcr-06-stu3 @req:EDIS-PCR-06 @capability:discharge-summary
  Scenario: The discharge summary says when it was completed
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Person completing record" has the item "Date and time completed"

  @id:toc-item-pcr-06-r4 @req:EDIS-PCR-06 @capability:discharge-summary @advisory
  Scenario: The discharge summary says when it was completed, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Person completing record" has the item "Date and time completed"

  @id:toc-item-pcr-08-stu3 @req:EDIS-PCR-08 @capability:discharge-summary
  Scenario: The discharge summary names the organisation of who completed it
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Person completing record" has the item "Organisation"

  @id:toc-item-pcr-08-r4 @req:EDIS-PCR-08 @capability:discharge-summary @advisory
  Scenario: The discharge summary names the organisation of who completed it, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-with-medicines" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Person completing record" has the item "Organisation"

  @id:toc-item-pro-01-stu3 @req:EDIS-PRO-01 @capability:discharge-summary
  Scenario: Every procedure in the discharge summary has a name
    Given the target claims the capability "documents-stu3"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR STU3
    Then the section "Procedures" has the item "Procedure name"

  @id:toc-item-pro-01-r4 @req:EDIS-PRO-01 @capability:discharge-summary @advisory
  Scenario: Every procedure in the discharge summary has a name, as far as we can read it in R4
    Given the target claims the capability "documents-r4"
    And the patient "discharged-patient" had a stay in hospital
    And the target's own id for the patient is known
    When the discharge summary is fetched for the patient in FHIR R4
    Then the section "Procedures" has the item "Procedure name"
