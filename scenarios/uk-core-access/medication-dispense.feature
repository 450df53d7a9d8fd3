# Source: UK Core Access 0.1.0, Clinical Data, MedicationDispense search.
Feature: The medicine dispenses of a patient

  @id:uka-mdi-patient @req:UKA-MDI-001 @capability:clinical-medication-dispense
  Scenario: Every medicine dispense of the patient is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient
    Then the request succeeds
    And the response is a searchset Bundle
    And every "MedicationDispense" record the patient holds is in the result

  @id:uka-mdi-patient-only @req:UKA-MDI-002 @capability:clinical-medication-dispense
  Scenario: No medicine dispense of another patient is returned
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient
    Then no result belongs to another patient

  @id:uka-mdi-status @req:UKA-MDI-003 @capability:clinical-medication-dispense
  Scenario: Every medicine dispense with the status completed is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "status" "completed", or by that alone
    Then the request succeeds
    And every "MedicationDispense" record with status "completed" the patient holds is in the result

  @id:uka-mdi-status-only @req:UKA-MDI-004 @capability:clinical-medication-dispense
  Scenario: No medicine dispense of another status is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "status" "cancelled", or by that alone
    Then every result has status "cancelled"

  @id:uka-mdi-status-patient @req:UKA-MDI-010 @capability:clinical-medication-dispense
  Scenario: No medicine dispense of another patient is returned when a status is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "status" "completed"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-mdi-status-other @req:UKA-MDI-003 @capability:clinical-medication-dispense
  Scenario: Every medicine dispense with the status cancelled is returned
    Given the patient "patient-with-two-statuses" holds at least 2 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "status" "cancelled", or by that alone
    Then the request succeeds
    And every "MedicationDispense" record with status "cancelled" the patient holds is in the result

  @id:uka-mdi-status-main-only @req:UKA-MDI-004 @capability:clinical-medication-dispense
  Scenario: No medicine dispense of another status is returned when completed ones are asked for
    Given the patient "patient-with-two-statuses" holds at least 2 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "status" "completed", or by that alone
    Then every result has status "completed"

  @id:uka-mdi-date-patient @req:UKA-MDI-002 @capability:clinical-medication-dispense
  Scenario: No medicine dispense of another patient is returned when a date is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "whenprepared" "le2022-12-31"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-mdi-unknown-patient @req:UKA-MDI-002 @capability:clinical-medication-dispense
  Scenario: No medicine dispense is returned for a patient whom nobody knows
    When "MedicationDispense" records are searched with:
      | parameter | value            |
      | patient   | does-not-exist-0 |
    Then the result holds nobody, or the search is refused

  @id:uka-mdi-status-pair @req:UKA-MDI-009 @capability:clinical-medication-dispense
  Scenario: Patient and status can be asked for together
    Given the patient "patient-with-other-records" holds at least 1 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "status" "completed"
    Then the request succeeds
    And every "MedicationDispense" record the patient holds is in the result

  @id:uka-mdi-none @req:UKA-MDI-011 @capability:clinical-medication-dispense
  Scenario: A patient without any medicine dispense has an empty result
    Given the patient "patient-without-records"
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient
    Then the response is a searchset Bundle
    And the result holds nobody

  @id:uka-mdi-pages @req:UKA-MDI-012 @capability:clinical-medication-dispense
  Scenario: A long list of medicine dispenses is complete when every page is read
    Given the patient "patient-with-many-records" holds at least 6 "MedicationDispense" records
    And the target's own id for the patient is known
    And results are asked for 5 at a time
    When "MedicationDispense" records are searched for the patient
    And every page of the result is followed
    Then every "MedicationDispense" record the patient holds is in the result
    And the last page has been reached
    And no result belongs to another patient

  @id:uka-mdi-since @req:UKA-MDI-006 @capability:clinical-medication-dispense
  Scenario: The medicine dispenses since a date are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "whenprepared" "ge2020-06-09"
    Then every result matches the "whenprepared" that was asked for
    And every "MedicationDispense" record the patient holds is in the result

  @id:uka-mdi-id @req:UKA-MDI-007 @capability:clinical-medication-dispense
  Scenario: A medicine dispense is found again by its id
    Given the patient "patient-with-other-records"
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient
    And the first result is searched for by its id
    Then the result holds the record that was asked for

  @id:uka-mdi-year @req:UKA-MDI-008 @capability:clinical-medication-dispense
  Scenario: The medicine dispenses of a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "whenprepared" "eq2018"
    Then every result matches the "whenprepared" that was asked for
    And every "MedicationDispense" record the patient holds is in the result

  @id:uka-mdi-from-year @req:UKA-MDI-008 @capability:clinical-medication-dispense
  Scenario: The medicine dispenses from a year on are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "whenprepared" "ge2020"
    Then every result matches the "whenprepared" that was asked for
    And every "MedicationDispense" record the patient holds is in the result

  @id:uka-mdi-until-year @req:UKA-MDI-008 @capability:clinical-medication-dispense
  Scenario: The medicine dispenses up to a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient by "whenprepared" "le2020"
    Then every result matches the "whenprepared" that was asked for
    And every "MedicationDispense" record the patient holds is in the result

  @id:uka-mdi-between @req:UKA-MDI-008 @capability:clinical-medication-dispense
  Scenario: The medicine dispenses between two dates are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient with:
      | parameter    | value        |
      | whenprepared | ge2019-01-01 |
      | whenprepared | le2021-12-31 |
    Then every result matches the "whenprepared" that was asked for
    And every "MedicationDispense" record the patient holds is in the result

  @id:uka-mdi-codes @req:UKA-MDI-005 @capability:clinical-medication-dispense @advisory
  Scenario: SNOMED CT codes and dates of medicine dispenses are well formed
    Given the patient "patient-with-records" holds at least 2 "MedicationDispense" records
    And the target's own id for the patient is known
    When "MedicationDispense" records are searched for the patient
    Then every SNOMED CT code in the result is well formed
    And every date in the result is a real date
