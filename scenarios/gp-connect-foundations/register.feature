# Source: GP Connect 1.6.2-beta, register a patient; error handling guidance (codes).
# Where the specification and its test suite ask for different codes, either is right; the code of the specification is good practice.
# Each patient who is registered is used up by one run: reset the test data, or map the roles to others.
Feature: Registering a patient

  @id:gpc-fnd-register @req:GPC-FND-033 @capability:foundations @mutates
  Scenario: A patient whom PDS knows and the practice does not is registered
    Given the patient "gp-new-patient-a" is not registered
    When the patient is registered
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds the patient
    And every "Patient" names the profile "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"
    And every "Patient" has exactly one "meta.versionId"
    And every "Patient" has exactly one "managingOrganization.reference"
    And no record appears twice

  @id:gpc-fnd-register-type @req:GPC-FND-133 @capability:foundations @mutates
  Scenario: A patient who is registered this way is not made a regular patient
    Given the patient "gp-new-patient-b" is not registered
    When the patient is registered
    Then every "Patient" has exactly one "extension[url=https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-RegistrationDetails-1].extension[url=registrationType]"
    And every "Patient" has at least one "extension[url=https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-RegistrationDetails-1].extension[url=registrationType].valueCodeableConcept.coding.code"
    And no "Patient" has "extension[url=https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-RegistrationDetails-1].extension[url=registrationType].valueCodeableConcept.coding[code=R]"

  @id:gpc-fnd-register-again @req:GPC-FND-034 @capability:foundations @mutates
  Scenario: A patient who is registered already is refused as a duplicate
    Given the patient "gp-patient-duplicate"
    When the patient is registered
    Then the request is refused with status 409 and code "DUPLICATE_REJECTED"
    When patients are searched by NHS number
    Then the result holds the patient
    And no result belongs to another patient

  @id:gpc-fnd-register-returning @req:GPC-FND-035 @capability:foundations @mutates
  Scenario: A patient who once left is registered again, once
    Given the patient "gp-patient-returning" is not registered
    When the patient is registered
    Then the request succeeds
    And the result holds the patient
    When patients are searched by NHS number
    Then the result holds the patient
    And every "Patient" has exactly one "extension[url=https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-RegistrationDetails-1].extension[url=registrationType]"
    And no record appears twice

  @id:gpc-fnd-register-number @req:GPC-FND-036 @capability:foundations @mutates
  Scenario: A registration with a wrong check digit is refused
    Given the patient "gp-new-number" is not registered
    When the patient is registered with:
      | element | value |
      | identifier.0.value | {nhs-number:wrong} |
    Then the request is refused with status 400 and code "INVALID_NHS_NUMBER", or with status 400 and code "INVALID_PATIENT_DEMOGRAPHICS", or with status 422 and code "INVALID_RESOURCE"
    When patients are searched by NHS number
    Then the result holds nobody

  @id:gpc-fnd-register-number-code @req:GPC-FND-136 @capability:foundations @mutates
  Scenario: The refusal of a wrong NHS number says so
    Given the patient "gp-new-number-b" is not registered
    When the patient is registered with:
      | element | value |
      | identifier.0.value | {nhs-number:wrong} |
    Then the request is refused with status 400 and code "INVALID_NHS_NUMBER"

  @id:gpc-fnd-register-no-number @req:GPC-FND-236 @capability:foundations @mutates
  Scenario: A registration without an NHS number is refused
    Given the patient "gp-new-number-b" is not registered
    When the patient is registered with:
      | element | value |
      | identifier | absent |
    Then the request is refused with status 422 and code "INVALID_RESOURCE", or with status 400 and code "BAD_REQUEST", or with status 400 and code "INVALID_NHS_NUMBER"

  @id:gpc-fnd-register-no-birth-date @req:GPC-FND-037 @capability:foundations @mutates
  Scenario: A registration without date of birth is refused
    Given the patient "gp-new-incomplete" is not registered
    When the patient is registered with:
      | element | value |
      | birthDate | absent |
    Then the request is refused with status 422 and code "INVALID_RESOURCE", or with status 400 and code "BAD_REQUEST", or with status 400 and code "INVALID_PATIENT_DEMOGRAPHICS"
    When patients are searched by NHS number
    Then the result holds nobody

  @id:gpc-fnd-register-no-family @req:GPC-FND-037 @capability:foundations @mutates
  Scenario: A registration without family name is refused
    Given the patient "gp-new-incomplete" is not registered
    When the patient is registered with:
      | element | value |
      | name.0.family | absent |
    Then the request is refused with status 422 and code "INVALID_RESOURCE", or with status 400 and code "BAD_REQUEST", or with status 400 and code "INVALID_PATIENT_DEMOGRAPHICS"

  @id:gpc-fnd-register-no-official @req:GPC-FND-037 @capability:foundations @mutates
  Scenario: A registration without official name is refused
    Given the patient "gp-new-incomplete" is not registered
    When the patient is registered with:
      | element | value |
      | name.0.use | absent |
    Then the request is refused with status 422 and code "INVALID_RESOURCE", or with status 400 and code "BAD_REQUEST", or with status 400 and code "INVALID_PATIENT_DEMOGRAPHICS"

  @id:gpc-fnd-register-no-birth-date-code @req:GPC-FND-137 @capability:foundations @mutates
  Scenario: The refusal of a registration without date of birth says that the resource is invalid
    Given the patient "gp-new-incomplete-b" is not registered
    When the patient is registered with:
      | element | value |
      | birthDate | absent |
    Then the request is refused with status 422 and code "INVALID_RESOURCE"

  @id:gpc-fnd-register-no-family-code @req:GPC-FND-137 @capability:foundations @mutates
  Scenario: The refusal of a registration without family name says that the resource is invalid
    Given the patient "gp-new-incomplete-b" is not registered
    When the patient is registered with:
      | element | value |
      | name.0.family | absent |
    Then the request is refused with status 422 and code "INVALID_RESOURCE"

  @id:gpc-fnd-register-no-official-code @req:GPC-FND-137 @capability:foundations @mutates
  Scenario: The refusal of a registration without official name says that the resource is invalid
    Given the patient "gp-new-incomplete-b" is not registered
    When the patient is registered with:
      | element | value |
      | name.0.use | absent |
    Then the request is refused with status 422 and code "INVALID_RESOURCE"

  @id:gpc-fnd-register-bare @req:GPC-FND-038 @capability:foundations @mutates
  Scenario: A registration that is no Parameters resource is refused
    Given the patient "gp-new-shape" is not registered
    When the patient is registered with:
      | element | value |
      | Parameters | absent |
    Then the request is refused with status 422 and code "INVALID_RESOURCE", or with status 400 and code "BAD_REQUEST"
    When patients are searched by NHS number
    Then the result holds nobody

  @id:gpc-fnd-register-organization @req:GPC-FND-038 @capability:foundations @mutates
  Scenario: A registration of something that is no patient is refused
    Given the patient "gp-new-shape" is not registered
    When the patient is registered with:
      | element | value |
      | resourceType | Organization |
    Then the request is refused with status 422 and code "INVALID_RESOURCE", or with status 400 and code "BAD_REQUEST"

  @id:gpc-fnd-register-extra @req:GPC-FND-138 @capability:foundations @mutates
  Scenario: A registration with an element that is not permitted is refused
    Given the patient "gp-new-extra" is not registered
    When the patient is registered with:
      | element | value |
      | maritalStatus.coding.0.code | M |
    Then the request is refused with status 422 and code "INVALID_RESOURCE"

  @id:gpc-fnd-register-two-homes @req:GPC-FND-138 @capability:foundations @mutates
  Scenario: A registration with two home addresses is refused
    Given the patient "gp-new-homes" is not registered
    When the patient is registered with:
      | element | value |
      | address.0 | repeated |
    Then the request is refused with status 422 and code "INVALID_RESOURCE"

  @id:gpc-fnd-register-twice @req:GPC-FND-039 @capability:foundations @mutates
  Scenario: A registration of two patients in one request is refused
    Given the patient "gp-new-twice" is not registered
    When the patient is registered with:
      | element | value |
      | Parameters.parameter.0 | repeated |
    Then the request is refused with status 422 and code "INVALID_RESOURCE", or with status 400 and code "BAD_REQUEST"
    When patients are searched by NHS number
    Then the result holds nobody

  @id:gpc-fnd-register-not-on-pds @req:GPC-FND-040 @capability:foundations @mutates
  Scenario: Somebody who is not on PDS is not registered
    Given the patient "gp-new-unknown" is not registered
    When the patient is registered
    Then the request is refused with status 400 and code "INVALID_PATIENT_DEMOGRAPHICS"
    When patients are searched by NHS number
    Then the result holds nobody

  @id:gpc-fnd-register-deceased @req:GPC-FND-140 @capability:foundations @mutates
  Scenario: Somebody who is deceased is not registered
    Given the patient "gp-new-deceased" is not registered
    When the patient is registered
    Then the request is refused with status 400 and code "INVALID_PATIENT_DEMOGRAPHICS"
    When patients are searched by NHS number
    Then the result holds nobody

  @id:gpc-fnd-register-sensitive @req:GPC-FND-240 @capability:foundations @mutates
  Scenario: Somebody who is marked sensitive is not registered, and nothing is given away
    Given the patient "gp-new-sensitive" is not registered
    When the patient is registered
    Then the request is refused with status 400 and code "INVALID_PATIENT_DEMOGRAPHICS"
    And the response gives nothing away about the patient
    When patients are searched by NHS number
    Then the result holds nobody

  @id:gpc-fnd-register-superseded @req:GPC-FND-041 @capability:foundations @mutates
  Scenario: A number that PDS has superseded is not registered
    Given the patient "gp-new-superseded" is not registered
    When the patient is registered
    Then the request is refused with status 400 and code "INVALID_NHS_NUMBER"
    When patients are searched by NHS number
    Then the result holds nobody

  # Everything is changed: with the right date of birth another name counts as verified.
  @id:gpc-fnd-register-other-person @req:GPC-FND-042 @capability:foundations @mutates
  Scenario: Details that do not agree with PDS are not registered
    Given the patient "gp-new-other-name" is not registered
    When the patient is registered with:
      | element | value |
      | name.0.family | Quillfeather |
      | name.0.given.0 | Barnaby |
      | birthDate | 1931-02-03 |
    Then the request is refused with status 400 and code "INVALID_PATIENT_DEMOGRAPHICS"
    When patients are searched by NHS number
    Then the result holds nobody

  @id:gpc-fnd-register-found @req:GPC-FND-044 @capability:foundations @mutates
  Scenario: A patient who has just been registered is found, once, as the same record
    Given the patient "gp-new-patient-c" is not registered
    When the patient is registered
    Then the request succeeds
    When patients are searched by NHS number
    Then the result holds the patient
    And no record appears twice
    When the patient is read by id
    Then the response is the patient's own record

  @id:gpc-fnd-register-details @req:GPC-FND-144 @capability:foundations @mutates
  Scenario: A patient who has just been registered carries the details that were sent
    Given the patient "gp-new-patient-d" is not registered
    When the patient is registered
    Then the patient's details are those of the data sheet
    When patients are searched by NHS number
    Then the patient's details are those of the data sheet
