# Source: UK Core Access 0.1.0, Patient Index and Clinical Data, capabilities.
Feature: What the system says of itself

  @id:uka-met-read @req:UKA-MET-001 @capability:metadata
  Scenario: The capability statement can be read
    When the capability statement is read
    Then the request succeeds
    And the response is a "CapabilityStatement" resource

  @id:uka-met-kind @req:UKA-MET-002 @capability:metadata
  Scenario: The capability statement describes this running system
    When the capability statement is read
    Then the capability statement has kind "instance"

  @id:uka-met-fhir-version @req:UKA-MET-003 @capability:metadata
  Scenario: The capability statement names the FHIR version of the guide
    When the capability statement is read
    Then the capability statement is for FHIR "4.0.1"

  @id:uka-met-instantiates-patient-index @req:UKA-MET-004 @capability:patient-index
  Scenario: A patient index names its role
    When the capability statement is read
    Then the capability statement instantiates "https://fhir.hl7.org.uk/uk-core-access/CapabilityStatement/UKCoreAccessPatientIndexProvider"

  @id:uka-met-instantiates-clinical-data @req:UKA-MET-005 @capability:clinical-patient
  Scenario: A clinical data provider names its role
    When the capability statement is read
    Then the capability statement instantiates "https://fhir.hl7.org.uk/uk-core-access/CapabilityStatement/UKCoreAccessClinicalDataProvider"

  @id:uka-met-patient-identifier @req:UKA-MET-006 @capability:metadata
  Scenario: Search of patients by identifier is offered
    When the capability statement is read
    Then the capability statement offers search of "Patient" by "identifier"

  @id:uka-met-patient-name @req:UKA-MET-007 @capability:patient-index
  Scenario: Search of patients by name is offered
    When the capability statement is read
    Then the capability statement offers search of "Patient" by "name"

  @id:uka-met-patient-gender @req:UKA-MET-008 @capability:patient-index
  Scenario: Search of patients by gender is offered
    When the capability statement is read
    Then the capability statement offers search of "Patient" by "gender"

  @id:uka-met-allergy-patient @req:UKA-MET-009 @capability:clinical-allergy-intolerance
  Scenario: Search of allergies by patient is offered
    When the capability statement is read
    Then the capability statement offers search of "AllergyIntolerance" by "patient"

  @id:uka-met-allergy-status @req:UKA-MET-010 @capability:clinical-allergy-intolerance
  Scenario: Search of allergies by clinical status is offered
    When the capability statement is read
    Then the capability statement offers search of "AllergyIntolerance" by "clinical-status"

  @id:uka-met-immunization @req:UKA-MET-011 @capability:clinical-immunization
  Scenario: Search of vaccination records is offered
    When the capability statement is read
    Then the capability statement offers search of "Immunization" by "patient"
    And the capability statement offers search of "Immunization" by "status"

  @id:uka-met-medication-administration @req:UKA-MET-012 @capability:clinical-medication-administration
  Scenario: Search of medicine administrations is offered
    When the capability statement is read
    Then the capability statement offers search of "MedicationAdministration" by "patient"
    And the capability statement offers search of "MedicationAdministration" by "status"
    And the capability statement offers search of "MedicationAdministration" by "effective-time"

  @id:uka-met-medication-dispense @req:UKA-MET-013 @capability:clinical-medication-dispense
  Scenario: Search of medicine dispenses is offered
    When the capability statement is read
    Then the capability statement offers search of "MedicationDispense" by "patient"
    And the capability statement offers search of "MedicationDispense" by "status"

  @id:uka-met-medication-request @req:UKA-MET-014 @capability:clinical-medication-request
  Scenario: Search of medicine requests is offered
    When the capability statement is read
    Then the capability statement offers search of "MedicationRequest" by "patient"
    And the capability statement offers search of "MedicationRequest" by "status"

  @id:uka-met-medication-statement @req:UKA-MET-015 @capability:clinical-medication-statement
  Scenario: Search of medicine statements is offered
    When the capability statement is read
    Then the capability statement offers search of "MedicationStatement" by "patient"
    And the capability statement offers search of "MedicationStatement" by "status"

  @id:uka-sec-cors @req:UKA-SEC-001 @capability:patient-index
  Scenario: Software in a web browser may ask
    Given the patient "patient-with-many-records"
    And requests come from a web page of "https://plumbline.example"
    When patients are searched by NHS number
    Then the header "access-control-allow-origin" is "*" or "https://plumbline.example"
