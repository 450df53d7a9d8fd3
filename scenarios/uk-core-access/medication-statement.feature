# Source: UK Core Access 0.1.0, Clinical Data, MedicationStatement search.
Feature: The medicine statements of a patient

  @id:uka-mst-patient @req:UKA-MST-001 @capability:clinical-medication-statement
  Scenario: Every medicine statement of the patient is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient
    Then the request succeeds
    And the response is a searchset Bundle
    And every "MedicationStatement" record the patient holds is in the result

  @id:uka-mst-patient-only @req:UKA-MST-002 @capability:clinical-medication-statement
  Scenario: No medicine statement of another patient is returned
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient
    Then no result belongs to another patient

  @id:uka-mst-status @req:UKA-MST-003 @capability:clinical-medication-statement
  Scenario: Every medicine statement with the status active is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "status" "active", or by that alone
    Then the request succeeds
    And every "MedicationStatement" record with status "active" the patient holds is in the result

  @id:uka-mst-status-only @req:UKA-MST-004 @capability:clinical-medication-statement
  Scenario: No medicine statement of another status is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "status" "stopped", or by that alone
    Then every result has status "stopped"

  @id:uka-mst-status-patient @req:UKA-MST-010 @capability:clinical-medication-statement
  Scenario: No medicine statement of another patient is returned when a status is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "status" "completed"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-mst-status-other @req:UKA-MST-003 @capability:clinical-medication-statement
  Scenario: Every medicine statement with the status stopped is returned
    Given the patient "patient-with-two-statuses" holds at least 2 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "status" "stopped", or by that alone
    Then the request succeeds
    And every "MedicationStatement" record with status "stopped" the patient holds is in the result

  @id:uka-mst-status-main-only @req:UKA-MST-004 @capability:clinical-medication-statement
  Scenario: No medicine statement of another status is returned when active ones are asked for
    Given the patient "patient-with-two-statuses" holds at least 2 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "status" "active", or by that alone
    Then every result has status "active"

  @id:uka-mst-date-patient @req:UKA-MST-002 @capability:clinical-medication-statement
  Scenario: No medicine statement of another patient is returned when a date is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "effective" "le2022-12-31"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-mst-unknown-patient @req:UKA-MST-002 @capability:clinical-medication-statement
  Scenario: No medicine statement is returned for a patient whom nobody knows
    When "MedicationStatement" records are searched with:
      | parameter | value            |
      | patient   | does-not-exist-0 |
    Then the result holds nobody, or the search is refused

  @id:uka-mst-status-pair @req:UKA-MST-009 @capability:clinical-medication-statement
  Scenario: Patient and status can be asked for together
    Given the patient "patient-with-other-records" holds at least 1 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "status" "active"
    Then the request succeeds
    And every "MedicationStatement" record the patient holds is in the result

  @id:uka-mst-none @req:UKA-MST-011 @capability:clinical-medication-statement
  Scenario: A patient without any medicine statement has an empty result
    Given the patient "patient-without-records"
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient
    Then the response is a searchset Bundle
    And the result holds nobody

  @id:uka-mst-pages @req:UKA-MST-012 @capability:clinical-medication-statement
  Scenario: A long list of medicine statements is complete when every page is read
    Given the patient "patient-with-many-records" holds at least 6 "MedicationStatement" records
    And the target's own id for the patient is known
    And results are asked for 5 at a time
    When "MedicationStatement" records are searched for the patient
    And every page of the result is followed
    Then every "MedicationStatement" record the patient holds is in the result
    And the last page has been reached
    And no result belongs to another patient

  @id:uka-mst-since @req:UKA-MST-006 @capability:clinical-medication-statement
  Scenario: The medicine statements since a date are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "effective" "ge2020-06-17"
    Then every result matches the "effective" that was asked for
    And every "MedicationStatement" record the patient holds is in the result

  @id:uka-mst-id @req:UKA-MST-007 @capability:clinical-medication-statement
  Scenario: A medicine statement is found again by its id
    Given the patient "patient-with-other-records"
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient
    And the first result is searched for by its id
    Then the result holds the record that was asked for

  @id:uka-mst-year @req:UKA-MST-008 @capability:clinical-medication-statement
  Scenario: The medicine statements of a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "effective" "eq2018"
    Then every result matches the "effective" that was asked for
    And every "MedicationStatement" record the patient holds is in the result

  @id:uka-mst-from-year @req:UKA-MST-008 @capability:clinical-medication-statement
  Scenario: The medicine statements from a year on are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "effective" "ge2020"
    Then every result matches the "effective" that was asked for
    And every "MedicationStatement" record the patient holds is in the result

  @id:uka-mst-until-year @req:UKA-MST-008 @capability:clinical-medication-statement
  Scenario: The medicine statements up to a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient by "effective" "le2020"
    Then every result matches the "effective" that was asked for
    And every "MedicationStatement" record the patient holds is in the result

  @id:uka-mst-between @req:UKA-MST-008 @capability:clinical-medication-statement
  Scenario: The medicine statements between two dates are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient with:
      | parameter | value        |
      | effective | ge2019-01-01 |
      | effective | le2021-12-31 |
    Then every result matches the "effective" that was asked for
    And every "MedicationStatement" record the patient holds is in the result

  @id:uka-mst-codes @req:UKA-MST-005 @capability:clinical-medication-statement @advisory
  Scenario: SNOMED CT codes and dates of medicine statements are well formed
    Given the patient "patient-with-records" holds at least 2 "MedicationStatement" records
    And the target's own id for the patient is known
    When "MedicationStatement" records are searched for the patient
    Then every SNOMED CT code in the result is well formed
    And every date in the result is a real date
