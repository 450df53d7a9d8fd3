# Source: UK Core Access 0.1.0, Clinical Data, MedicationAdministration search.
Feature: The medicine administrations of a patient

  @id:uka-mad-patient @req:UKA-MAD-001 @capability:clinical-medication-administration
  Scenario: Every medicine administration of the patient is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient
    Then the request succeeds
    And the response is a searchset Bundle
    And every "MedicationAdministration" record the patient holds is in the result

  @id:uka-mad-patient-only @req:UKA-MAD-002 @capability:clinical-medication-administration
  Scenario: No medicine administration of another patient is returned
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient
    Then no result belongs to another patient

  @id:uka-mad-status @req:UKA-MAD-003 @capability:clinical-medication-administration
  Scenario: Every medicine administration with the status completed is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "status" "completed", or by that alone
    Then the request succeeds
    And every "MedicationAdministration" record with status "completed" the patient holds is in the result

  @id:uka-mad-status-only @req:UKA-MAD-004 @capability:clinical-medication-administration
  Scenario: No medicine administration of another status is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "status" "not-done", or by that alone
    Then every result has status "not-done"

  @id:uka-mad-status-patient @req:UKA-MAD-010 @capability:clinical-medication-administration
  Scenario: No medicine administration of another patient is returned when a status is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "status" "completed"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-mad-status-other @req:UKA-MAD-003 @capability:clinical-medication-administration
  Scenario: Every medicine administration with the status not-done is returned
    Given the patient "patient-with-two-statuses" holds at least 2 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "status" "not-done", or by that alone
    Then the request succeeds
    And every "MedicationAdministration" record with status "not-done" the patient holds is in the result

  @id:uka-mad-status-main-only @req:UKA-MAD-004 @capability:clinical-medication-administration
  Scenario: No medicine administration of another status is returned when completed ones are asked for
    Given the patient "patient-with-two-statuses" holds at least 2 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "status" "completed", or by that alone
    Then every result has status "completed"

  @id:uka-mad-date-patient @req:UKA-MAD-002 @capability:clinical-medication-administration
  Scenario: No medicine administration of another patient is returned when a date is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "effective-time" "le2022-12-31"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-mad-unknown-patient @req:UKA-MAD-002 @capability:clinical-medication-administration
  Scenario: No medicine administration is returned for a patient whom nobody knows
    When "MedicationAdministration" records are searched with:
      | parameter | value            |
      | patient   | does-not-exist-0 |
    Then the result holds nobody, or the search is refused

  @id:uka-mad-status-pair @req:UKA-MAD-009 @capability:clinical-medication-administration
  Scenario: Patient and status can be asked for together
    Given the patient "patient-with-other-records" holds at least 1 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "status" "completed"
    Then the request succeeds
    And every "MedicationAdministration" record the patient holds is in the result

  @id:uka-mad-none @req:UKA-MAD-011 @capability:clinical-medication-administration
  Scenario: A patient without any medicine administration has an empty result
    Given the patient "patient-without-records"
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient
    Then the response is a searchset Bundle
    And the result holds nobody

  @id:uka-mad-pages @req:UKA-MAD-014 @capability:clinical-medication-administration
  Scenario: A long list of medicine administrations is complete when every page is read
    Given the patient "patient-with-many-records" holds at least 6 "MedicationAdministration" records
    And the target's own id for the patient is known
    And results are asked for 5 at a time
    When "MedicationAdministration" records are searched for the patient
    And every page of the result is followed
    Then every "MedicationAdministration" record the patient holds is in the result
    And the last page has been reached
    And no result belongs to another patient

  @id:uka-mad-since @req:UKA-MAD-006 @capability:clinical-medication-administration
  Scenario: The medicine administrations since a date are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "effective-time" "ge2023-02-14", or by that alone
    Then every result matches the "effective-time" that was asked for
    And every "MedicationAdministration" record the patient holds is in the result

  @id:uka-mad-time-pair @req:UKA-MAD-013 @capability:clinical-medication-administration
  Scenario: Patient and time of administration can be asked for together
    Given the patient "patient-with-other-records" holds at least 1 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "effective-time" "ge2020-01-01"
    Then the request succeeds
    And every "MedicationAdministration" record the patient holds is in the result

  @id:uka-mad-id @req:UKA-MAD-007 @capability:clinical-medication-administration
  Scenario: A medicine administration is found again by its id
    Given the patient "patient-with-other-records"
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient
    And the first result is searched for by its id
    Then the result holds the record that was asked for

  @id:uka-mad-year @req:UKA-MAD-008 @capability:clinical-medication-administration
  Scenario: The medicine administrations of a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "effective-time" "eq2018"
    Then every result matches the "effective-time" that was asked for
    And every "MedicationAdministration" record the patient holds is in the result

  @id:uka-mad-from-year @req:UKA-MAD-008 @capability:clinical-medication-administration
  Scenario: The medicine administrations from a year on are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "effective-time" "ge2020"
    Then every result matches the "effective-time" that was asked for
    And every "MedicationAdministration" record the patient holds is in the result

  @id:uka-mad-until-year @req:UKA-MAD-008 @capability:clinical-medication-administration
  Scenario: The medicine administrations up to a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient by "effective-time" "le2020"
    Then every result matches the "effective-time" that was asked for
    And every "MedicationAdministration" record the patient holds is in the result

  @id:uka-mad-between @req:UKA-MAD-008 @capability:clinical-medication-administration
  Scenario: The medicine administrations between two dates are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient with:
      | parameter      | value        |
      | effective-time | ge2019-01-01 |
      | effective-time | le2021-12-31 |
    Then every result matches the "effective-time" that was asked for
    And every "MedicationAdministration" record the patient holds is in the result

  @id:uka-mad-codes @req:UKA-MAD-005 @capability:clinical-medication-administration @advisory
  Scenario: SNOMED CT codes and dates of medicine administrations are well formed
    Given the patient "patient-with-records" holds at least 2 "MedicationAdministration" records
    And the target's own id for the patient is known
    When "MedicationAdministration" records are searched for the patient
    Then every SNOMED CT code in the result is well formed
    And every date in the result is a real date
