# Source: GP Connect 1.6.2-beta, find a patient; read a patient; FHIR resources guidance; information governance.
# Error codes: error handling guidance.
Feature: Finding and reading a patient

  @id:gpc-fnd-find @req:GPC-FND-001 @capability:foundations
  Scenario: A search by NHS number finds the patient
    Given the patient "gp-patient-second"
    When patients are searched by NHS number
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds the patient

  @id:gpc-fnd-find-only @req:GPC-FND-101 @capability:foundations
  Scenario: A search by NHS number returns nobody else
    Given the patient "gp-patient"
    And the request carries the parameter "_format" "application/fhir+json"
    When patients are searched by NHS number
    Then no result belongs to another patient
    And no record appears twice

  @id:gpc-fnd-profile @req:GPC-FND-201 @capability:foundations
  Scenario: The patient names the profile and a version
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"
    And every "Patient" has exactly one "meta.versionId"

  @id:gpc-fnd-nobody @req:GPC-FND-002 @capability:foundations
  Scenario: A search by a number that the practice does not hold returns an empty result
    Given an NHS number that belongs to no patient
    When patients are searched by NHS number
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds nobody

  # Nothing shows from outside that the record is held: the supplier says so by mapping the role.
  @id:gpc-fnd-left @req:GPC-FND-003 @capability:foundations
  Scenario: A patient who has left is not found
    Given the patient "gp-patient-left"
    When patients are searched by NHS number
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds nobody

  # Nothing shows from outside that the record is held: the supplier says so by mapping the role.
  @id:gpc-fnd-deceased @req:GPC-FND-004 @capability:foundations
  Scenario: A patient who is recorded as deceased is not found
    Given the patient "gp-patient-deceased"
    When patients are searched by NHS number
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds nobody

  # Nothing shows from outside that the record is held: the supplier says so by mapping the role.
  @id:gpc-fnd-sensitive @req:GPC-FND-005 @capability:foundations
  Scenario: Nothing is told about a patient who is marked sensitive
    Given the patient "gp-patient-sensitive"
    When patients are searched by NHS number
    Then the response gives nothing away about the patient

  @id:gpc-fnd-sensitive-as-nobody @req:GPC-FND-105 @capability:foundations
  Scenario: A search for a sensitive patient is answered like one for somebody who is not held
    Given the patient "gp-patient-sensitive"
    When patients are searched by NHS number
    Then the result holds nobody

  # Nothing shows from outside that the record is held: the supplier says so by mapping the role.
  @id:gpc-fnd-unverified-differs @req:GPC-FND-006 @capability:foundations
  Scenario: A patient whose number was never verified, and differs on PDS, is not found
    Given the patient "gp-patient-unverified-differs"
    When patients are searched by NHS number
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds nobody

  # The system may mark the number as verified: only the first run with a freshly loaded patient shows anything.
  @id:gpc-fnd-unverified-match @req:GPC-FND-106 @capability:foundations @mutates
  Scenario: A patient whose number was never verified, and agrees with PDS, is found
    Given the patient "gp-patient-unverified-match"
    When patients are searched by NHS number
    Then the request succeeds
    And the result holds the patient

  # Nothing shows from outside that the record is held: the supplier says so by mapping the role.
  @id:gpc-fnd-unverified-superseded @req:GPC-FND-007 @capability:foundations
  Scenario: A patient whose number was never verified, and is superseded on PDS, is not found
    Given the patient "gp-patient-unverified-superseded"
    When patients are searched by NHS number
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds nobody

  @id:gpc-fnd-other-system @req:GPC-FND-008 @capability:foundations
  Scenario: A search with an identifier system that does not exist is refused
    Given the patient "gp-patient"
    When patients are searched by "identifier" "https://plumbline.invalid/Id/none|{nhs-number}"
    Then the response status is 400 or 422
    And the response is an OperationOutcome

  @id:gpc-fnd-other-system-code @req:GPC-FND-108 @capability:foundations
  Scenario: The refusal of an unknown identifier system says so
    Given the patient "gp-patient"
    When patients are searched by "identifier" "https://plumbline.invalid/Id/other|{nhs-number}"
    Then the request is refused with status 400 and code "INVALID_IDENTIFIER_SYSTEM", or with status 422 and code "INVALID_PARAMETER"

  @id:gpc-fnd-empty-number @req:GPC-FND-009 @capability:foundations
  Scenario: A search with an empty NHS number is refused
    Given the patient "gp-patient"
    When patients are searched by "identifier" "https://fhir.nhs.uk/Id/nhs-number|"
    Then the response status is 400 or 422
    And the response is an OperationOutcome

  @id:gpc-fnd-empty-system-code @req:GPC-FND-109 @capability:foundations
  Scenario: The refusal of an empty identifier system names the parameter
    Given the patient "gp-patient"
    When patients are searched by "identifier" "|{nhs-number}"
    Then the request is refused with status 422 and code "INVALID_PARAMETER", or with status 400 and code "INVALID_IDENTIFIER_VALUE", or with status 400 and code "INVALID_IDENTIFIER_SYSTEM"

  @id:gpc-fnd-no-bar-code @req:GPC-FND-109 @capability:foundations
  Scenario: The refusal of a number without a system names the parameter
    Given the patient "gp-patient"
    When patients are searched by "identifier" "{nhs-number}"
    Then the request is refused with status 422 and code "INVALID_PARAMETER", or with status 400 and code "INVALID_IDENTIFIER_VALUE", or with status 400 and code "INVALID_IDENTIFIER_SYSTEM"

  @id:gpc-fnd-no-identifier @req:GPC-FND-010 @capability:foundations
  Scenario: A search for patients without an identifier is refused
    Given the patient "gp-patient"
    When patients are searched without any parameter
    Then the response status is 400 or 422
    And the response is an OperationOutcome

  @id:gpc-fnd-identifier-case @req:GPC-FND-010 @capability:foundations
  Scenario: A search for patients with a misspelt parameter is refused
    Given the patient "gp-patient"
    When patients are searched by the unknown parameter "Identifier" "https://fhir.nhs.uk/Id/nhs-number|{nhs-number}"
    Then the response status is 400 or 422
    And the response is an OperationOutcome

  @id:gpc-fnd-read @req:GPC-FND-012 @capability:foundations
  Scenario: A patient is read by id
    Given the patient "gp-patient"
    And the target's own id for the patient is known
    When the patient is read by id
    Then the request succeeds
    And the response is the patient's own record

  @id:gpc-fnd-read-etag @req:GPC-FND-112 @capability:foundations
  Scenario: A read carries the version of the record as its entity tag
    Given the patient "gp-patient"
    And the target's own id for the patient is known
    When the patient is read by id
    Then the entity tag is the version of the resource

  @id:gpc-fnd-read-unknown @req:GPC-FND-013 @capability:foundations
  Scenario: A read of a patient who does not exist is not found
    When the "Patient" with id "5b0d1f2e-6a3c-4d7b-9e8f-1c2d3e4f5a6b" is read
    Then the response status is 404
    And the response is an OperationOutcome

  @id:gpc-fnd-read-unknown-code @req:GPC-FND-113 @capability:foundations
  Scenario: A read of a patient who does not exist says so
    When the "Patient" with id "c4a19d70-2e58-4f36-8b1d-7f60e5a4c392" is read
    Then the request is refused with status 404 and code "PATIENT_NOT_FOUND"

  @id:gpc-fnd-name @req:GPC-FND-015 @capability:foundations
  Scenario: A patient who is found has one official name
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" has exactly one "name[use=official]"
    And every "Patient" has exactly one "name[use=official].family"

  @id:gpc-fnd-name-read @req:GPC-FND-015 @capability:foundations
  Scenario: A patient who is read has one official name
    Given the patient "gp-patient"
    And the target's own id for the patient is known
    When the patient is read by id
    Then every "Patient" has exactly one "name[use=official]"
    And every "Patient" has exactly one "name[use=official].family"

  @id:gpc-fnd-number @req:GPC-FND-016 @capability:foundations
  Scenario: A patient who is found carries the NHS number
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" has exactly one "identifier[system=https://fhir.nhs.uk/Id/nhs-number]"
    And every NHS number in the result is valid

  @id:gpc-fnd-number-read @req:GPC-FND-016 @capability:foundations
  Scenario: A patient who is read carries the NHS number
    Given the patient "gp-patient"
    And the target's own id for the patient is known
    When the patient is read by id
    Then every "Patient" has exactly one "identifier[system=https://fhir.nhs.uk/Id/nhs-number]"
    And every NHS number in the result is valid

  @id:gpc-fnd-verification @req:GPC-FND-116 @capability:foundations
  Scenario: The NHS number says whether it has been verified
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" has exactly one "identifier[system=https://fhir.nhs.uk/Id/nhs-number].extension[url=https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1]"
    And every "Patient" has at least one "identifier[system=https://fhir.nhs.uk/Id/nhs-number].extension[url=https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1].valueCodeableConcept.coding.code"

  # The system must hold these details of the patient for the rule to show anything: the data sheet says so.
  @id:gpc-fnd-left-out @req:GPC-FND-017 @capability:foundations
  Scenario: A patient who is found does not carry what this interface leaves out
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then no "Patient" has "maritalStatus"
    And no "Patient" has "multipleBirth[x]"
    And no "Patient" has "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-EthnicCategory-1"
    And no "Patient" has "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ReligiousAffiliation-1"
    And no "Patient" has "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ResidentialStatus-1"
    And no "Patient" has "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-TreatmentCategory-1"
    And no "Patient" has "http://hl7.org/fhir/StructureDefinition/patient-cadavericDonor"
    And no "Patient" has "http://hl7.org/fhir/StructureDefinition/birthPlace"

  @id:gpc-fnd-left-out-read @req:GPC-FND-017 @capability:foundations
  Scenario: A patient who is read does not carry personal details that this interface leaves out
    Given the patient "gp-patient"
    And the target's own id for the patient is known
    When the patient is read by id
    Then no "Patient" has "maritalStatus"
    And no "Patient" has "multipleBirth[x]"
    And no "Patient" has "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-EthnicCategory-1"
    And no "Patient" has "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ReligiousAffiliation-1"

  @id:gpc-fnd-left-out-read-more @req:GPC-FND-017 @capability:foundations
  Scenario: A patient who is read does not carry details of care and birth that this interface leaves out
    Given the patient "gp-patient"
    And the target's own id for the patient is known
    When the patient is read by id
    Then no "Patient" has "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ResidentialStatus-1"
    And no "Patient" has "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-TreatmentCategory-1"
    And no "Patient" has "http://hl7.org/fhir/StructureDefinition/patient-cadavericDonor"
    And no "Patient" has "http://hl7.org/fhir/StructureDefinition/birthPlace"

  @id:gpc-fnd-telecom @req:GPC-FND-018 @capability:foundations
  Scenario: Every contact detail of a patient has its kind, value and use
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" has exactly one "telecom.system"
    And every "Patient" has exactly one "telecom.value"
    And every "Patient" has exactly one "telecom.use"

  @id:gpc-fnd-address @req:GPC-FND-118 @capability:foundations
  Scenario: Every address of a patient is given in its parts
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" has exactly one "address.use"
    And every "Patient" has at least one "address.line"
    And every "Patient" has exactly one "address.city"
    And every "Patient" has exactly one "address.postalCode"

  @id:gpc-fnd-address-text @req:GPC-FND-218 @capability:foundations
  Scenario: No address is given as one text
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then no "Patient" has "address.text"

  @id:gpc-fnd-contact @req:GPC-FND-019 @capability:foundations
  Scenario: Contacts say in words who they are
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" has at least one "contact.relationship"
    And every "Patient" has exactly one "contact.relationship.text"
    And no "Patient" has "contact.relationship.coding"

  @id:gpc-fnd-contact-held @req:GPC-FND-119 @capability:foundations
  Scenario: The contact that the practice holds is returned
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then the contact of the patient is in the result

  @id:gpc-fnd-organization @req:GPC-FND-020 @capability:foundations
  Scenario: A patient names the practice that was asked
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" has exactly one "managingOrganization.reference"
    Given the organisation "gp-practice"
    When the "managingOrganization" of the first result is read
    Then the request succeeds
    And the result holds the "Organization" in play

  @id:gpc-fnd-branch @req:GPC-FND-120 @capability:foundations
  Scenario: A patient names the surgery that he or she prefers
    Given the patient "gp-patient"
    When patients are searched by NHS number
    Then every "Patient" has exactly one "extension[url=https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-RegistrationDetails-1].extension[url=preferredBranchSurgery].valueReference.reference"
    Given the location "gp-branch-location"
    When the "extension[url=https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-RegistrationDetails-1].extension[url=preferredBranchSurgery].valueReference" of the first result is read
    Then the request succeeds
    And the result holds the "Location" in play
