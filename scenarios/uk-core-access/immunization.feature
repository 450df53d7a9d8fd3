# Source: UK Core Access 0.1.0, Clinical Data, Immunization search.
Feature: The vaccination records of a patient

  @id:uka-imm-patient @req:UKA-IMM-001 @capability:clinical-immunization
  Scenario: Every vaccination record of the patient is returned
    Given the patient "patient-with-records" holds at least 2 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient
    Then the request succeeds
    And the response is a searchset Bundle
    And every "Immunization" record the patient holds is in the result

  @id:uka-imm-patient-only @req:UKA-IMM-002 @capability:clinical-immunization
  Scenario: No vaccination record of another patient is returned
    Given the patient "patient-with-dated-records" holds at least 3 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient
    Then no result belongs to another patient

  @id:uka-imm-status @req:UKA-IMM-003 @capability:clinical-immunization
  Scenario: Every vaccination record with the status completed is returned
    Given the patient "patient-with-records" holds at least 2 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "status" "completed", or by that alone
    Then the request succeeds
    And every "Immunization" record with status "completed" the patient holds is in the result

  @id:uka-imm-status-only @req:UKA-IMM-004 @capability:clinical-immunization
  Scenario: No vaccination record of another status is returned
    Given the patient "patient-with-records" holds at least 2 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "status" "not-done", or by that alone
    Then every result has status "not-done"

  @id:uka-imm-status-patient @req:UKA-IMM-010 @capability:clinical-immunization
  Scenario: No vaccination record of another patient is returned when a status is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "status" "completed"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-imm-status-other @req:UKA-IMM-003 @capability:clinical-immunization
  Scenario: Every vaccination record with the status not-done is returned
    Given the patient "patient-with-two-statuses" holds at least 2 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "status" "not-done", or by that alone
    Then the request succeeds
    And every "Immunization" record with status "not-done" the patient holds is in the result

  @id:uka-imm-status-main-only @req:UKA-IMM-004 @capability:clinical-immunization
  Scenario: No vaccination record of another status is returned when completed ones are asked for
    Given the patient "patient-with-two-statuses" holds at least 2 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "status" "completed", or by that alone
    Then every result has status "completed"

  @id:uka-imm-date-patient @req:UKA-IMM-002 @capability:clinical-immunization
  Scenario: No vaccination record of another patient is returned when a date is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "date" "le2022-12-31"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-imm-unknown-patient @req:UKA-IMM-002 @capability:clinical-immunization
  Scenario: No vaccination record is returned for a patient whom nobody knows
    When "Immunization" records are searched with:
      | parameter | value            |
      | patient   | does-not-exist-0 |
    Then the result holds nobody, or the search is refused

  @id:uka-imm-status-pair @req:UKA-IMM-009 @capability:clinical-immunization
  Scenario: Patient and status can be asked for together
    Given the patient "patient-with-other-records" holds at least 1 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "status" "completed"
    Then the request succeeds
    And every "Immunization" record the patient holds is in the result

  @id:uka-imm-none @req:UKA-IMM-011 @capability:clinical-immunization
  Scenario: A patient without any vaccination record has an empty result
    Given the patient "patient-without-records"
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient
    Then the response is a searchset Bundle
    And the result holds nobody

  @id:uka-imm-pages @req:UKA-IMM-012 @capability:clinical-immunization
  Scenario: A long list of vaccination records is complete when every page is read
    Given the patient "patient-with-many-records" holds at least 6 "Immunization" records
    And the target's own id for the patient is known
    And results are asked for 5 at a time
    When "Immunization" records are searched for the patient
    And every page of the result is followed
    Then every "Immunization" record the patient holds is in the result
    And the last page has been reached
    And no result belongs to another patient

  @id:uka-imm-since @req:UKA-IMM-006 @capability:clinical-immunization
  Scenario: The vaccination records since a date are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "date" "ge2020-09-08"
    Then every result matches the "date" that was asked for
    And every "Immunization" record the patient holds is in the result

  @id:uka-imm-id @req:UKA-IMM-007 @capability:clinical-immunization
  Scenario: A vaccination record is found again by its id
    Given the patient "patient-with-other-records"
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient
    And the first result is searched for by its id
    Then the result holds the record that was asked for

  @id:uka-imm-year @req:UKA-IMM-008 @capability:clinical-immunization
  Scenario: The vaccination records of a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "date" "eq2018"
    Then every result matches the "date" that was asked for
    And every "Immunization" record the patient holds is in the result

  @id:uka-imm-from-year @req:UKA-IMM-008 @capability:clinical-immunization
  Scenario: The vaccination records from a year on are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "date" "ge2020"
    Then every result matches the "date" that was asked for
    And every "Immunization" record the patient holds is in the result

  @id:uka-imm-until-year @req:UKA-IMM-008 @capability:clinical-immunization
  Scenario: The vaccination records up to a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "date" "le2020"
    Then every result matches the "date" that was asked for
    And every "Immunization" record the patient holds is in the result

  @id:uka-imm-between @req:UKA-IMM-008 @capability:clinical-immunization
  Scenario: The vaccination records between two dates are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient with:
      | parameter | value        |
      | date      | ge2019-01-01 |
      | date      | le2021-12-31 |
    Then every result matches the "date" that was asked for
    And every "Immunization" record the patient holds is in the result

  @id:uka-imm-codes @req:UKA-IMM-005 @capability:clinical-immunization @advisory
  Scenario: SNOMED CT codes and dates of vaccination records are well formed
    Given the patient "patient-with-records" holds at least 2 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient
    Then every SNOMED CT code in the result is well formed
    And every date in the result is a real date
