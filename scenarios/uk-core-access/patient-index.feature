# Source: UK Core Access 0.1.0, Patient Index, Patient search; Clinical Data, Patient search.
Feature: Finding a patient

  @id:uka-pat-identifier @req:UKA-PAT-001 @capability:patient-index
  Scenario: A search by NHS number finds the patient
    Given the patient "patient-basic"
    When patients are searched by NHS number
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds the patient

  @id:uka-pat-identifier-only @req:UKA-PAT-002 @capability:patient-index
  Scenario: A search by NHS number does not find the twin
    Given the patient "patient-twin-a"
    When patients are searched by NHS number
    Then no result belongs to another patient

  @id:uka-pat-identifier-nobody @req:UKA-PAT-003 @capability:patient-index
  Scenario: A search by a number that nobody has finds nobody
    Given an NHS number that belongs to no patient
    When patients are searched by NHS number
    Then the response is a searchset Bundle
    And the result holds nobody

  @id:uka-pat-name @req:UKA-PAT-004 @capability:patient-index
  Scenario: A search by name finds the patient by family name
    Given the patient "patient-basic"
    When patients are searched by "name" "{family}"
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds the patient

  @id:uka-pat-name-match @req:UKA-PAT-005 @capability:patient-index
  Scenario: A search by name finds only people of that name
    Given the patient "patient-with-address"
    When patients are searched by "name" "{family}"
    Then every result matches the "name" that was asked for

  @id:uka-pat-name-given @req:UKA-PAT-006 @capability:patient-index
  Scenario: A search by name finds the patient by the start of a given name
    Given the patient "patient-with-hyphenated-name"
    When patients are searched by "name" "{given:4}"
    Then the result holds the patient

  @id:uka-pat-name-start @req:UKA-PAT-026 @capability:patient-index
  Scenario: A search by name finds the patient by the start of the family name
    Given the patient "patient-with-dated-allergies"
    When patients are searched by "name" "{family:5}"
    And every page of the result is followed
    Then the result holds the patient

  @id:uka-pat-name-case @req:UKA-PAT-027 @capability:patient-index
  Scenario: A search by name heeds no capitals
    Given the patient "patient-with-resolved-allergy"
    When patients are searched by "name" "{family:lower}"
    Then the result holds the patient

  @id:uka-pat-identifier-system @req:UKA-PAT-028 @capability:patient-index
  Scenario: A search by an NHS number under another identifier system does not find the patient
    Given the patient "patient-with-allergies"
    When patients are searched by "identifier" "https://plumbline.example/id/another|{nhs-number}"
    Then the result holds nobody, or the search is refused

  @id:uka-pat-gender-match @req:UKA-PAT-007 @capability:patient-index
  Scenario: A search by gender finds only people of that gender
    Given the patient "patient-basic"
    And results are asked for 50 at a time
    When patients are searched by "gender" "{gender}"
    And every page of the result is followed
    Then every result matches the "gender" that was asked for

  @id:uka-pat-gender-match-other @req:UKA-PAT-007 @capability:patient-index
  Scenario: A search by the other gender finds only people of that gender
    Given the patient "patient-with-allergies"
    And results are asked for 50 at a time
    When patients are searched by "gender" "{gender}"
    And every page of the result is followed
    Then every result matches the "gender" that was asked for

  @id:uka-pat-entry-type @req:UKA-PAT-008 @capability:patient-index
  Scenario: A patient search returns patients and nothing else
    Given the patient "patient-twin-a"
    When patients are searched by "name" "{family}"
    Then every result is a "Patient" or an OperationOutcome

  @id:uka-pat-id @req:UKA-PAT-009 @capability:patient-index
  Scenario: A search by the system's own id finds the patient
    Given the patient "patient-with-dated-allergies"
    And the target's own id for the patient is known
    When patients are searched by "_id" "{id}"
    Then the result holds the patient
    And every result matches the "_id" that was asked for

  @id:uka-pat-family @req:UKA-PAT-010 @capability:patient-index
  Scenario: A search by the first letters of the family name finds the patient
    Given the patient "patient-with-address"
    When patients are searched by "family" "{family:3}"
    Then the result holds the patient
    And every result matches the "family" that was asked for

  @id:uka-pat-given @req:UKA-PAT-011 @capability:patient-index
  Scenario: A search by the first letters of the given name finds the patient
    Given the patient "patient-with-hyphenated-name"
    When patients are searched by "given" "{given:3}"
    Then the result holds the patient
    And every result matches the "given" that was asked for

  @id:uka-pat-birthdate @req:UKA-PAT-012 @capability:patient-index
  Scenario: A search by date of birth finds the patient
    Given the patient "patient-basic"
    When patients are searched by "birthdate" "{birth-date}"
    Then the result holds the patient
    And every result matches the "birthdate" that was asked for

  @id:uka-pat-birthdate-year @req:UKA-PAT-013 @capability:patient-index
  Scenario: A search by year of birth finds the patient
    Given the patient "patient-with-hyphenated-name"
    When patients are searched by "birthdate" "{birth-year}"
    Then the result holds the patient
    And every result matches the "birthdate" that was asked for

  @id:uka-pat-birthdate-range @req:UKA-PAT-014 @capability:patient-index
  Scenario: A search between two dates of birth finds the patient
    Given the patient "patient-with-address"
    When patients are searched with:
      | parameter | value          |
      | birthdate | ge{birth-date} |
      | birthdate | le{birth-date} |
    Then the result holds the patient
    And every result matches the "birthdate" that was asked for

  @id:uka-pat-birthdate-family @req:UKA-PAT-015 @capability:patient-index
  Scenario: A search by date of birth and family name finds the patient
    Given the patient "patient-twin-a"
    When patients are searched with:
      | parameter | value        |
      | birthdate | {birth-date} |
      | family    | {family}     |
    Then the result holds the patient
    And every result matches the "birthdate" that was asked for
    And every result matches the "family" that was asked for

  @id:uka-pat-birthdate-name @req:UKA-PAT-016 @capability:patient-index
  Scenario: A search by date of birth and name finds the patient
    Given the patient "patient-twin-b"
    When patients are searched with:
      | parameter | value        |
      | birthdate | {birth-date} |
      | name      | {family}     |
    Then the result holds the patient
    And every result matches the "birthdate" that was asked for
    And every result matches the "name" that was asked for

  @id:uka-pat-gender-family @req:UKA-PAT-018 @capability:patient-index
  Scenario: A search by gender and family name finds the patient
    Given the patient "patient-basic"
    When patients are searched with:
      | parameter | value    |
      | gender    | {gender} |
      | family    | {family} |
    Then the result holds the patient
    And every result matches the "gender" that was asked for
    And every result matches the "family" that was asked for

  @id:uka-pat-gender-name @req:UKA-PAT-019 @capability:patient-index
  Scenario: A search by gender and name finds the patient
    Given the patient "patient-without-birth-date"
    When patients are searched with:
      | parameter | value    |
      | gender    | {gender} |
      | name      | {family} |
    Then the result holds the patient
    And every result matches the "gender" that was asked for
    And every result matches the "name" that was asked for

  @id:uka-pat-identifier-value @req:UKA-PAT-020 @capability:patient-index
  Scenario: A search by NHS number without its system finds the patient
    Given the patient "patient-with-hyphenated-name"
    When patients are searched by NHS number without its system
    Then the result holds the patient

  @id:uka-pat-local-identifier @req:UKA-PAT-021 @capability:patient-index
  Scenario: A search by hospital number finds the patient
    Given the patient "patient-basic"
    When patients are searched by local identifier
    Then the result holds the patient

  @id:uka-cdp-identifier @req:UKA-CDP-001 @capability:clinical-patient
  Scenario: A clinical data provider finds the patient by NHS number
    Given the patient "patient-without-birth-date"
    When patients are searched by NHS number
    Then the request succeeds
    And the response is a searchset Bundle
    And the result holds the patient

  @id:uka-cdp-identifier-only @req:UKA-CDP-002 @capability:clinical-patient
  Scenario: A clinical data provider does not find the twin
    Given the patient "patient-twin-b"
    When patients are searched by NHS number
    Then no result belongs to another patient

  @id:uka-cdp-id @req:UKA-CDP-003 @capability:clinical-patient
  Scenario: A clinical data provider finds the patient by its own id
    Given the patient "patient-with-allergies"
    And the target's own id for the patient is known
    When patients are searched by "_id" "{id}"
    Then the result holds the patient
    And every result matches the "_id" that was asked for
