# Source: UK Core Access 0.1.0, Clinical Data, MedicationRequest search.
Feature: The medicine requests of a patient

  @id:uka-mrq-patient @req:UKA-MRQ-001 @capability:clinical-medication-request
  Scenario: Every medicine request of the patient is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient
    Then the request succeeds
    And the response is a searchset Bundle
    And every "MedicationRequest" record the patient holds is in the result

  @id:uka-mrq-patient-only @req:UKA-MRQ-002 @capability:clinical-medication-request
  Scenario: No medicine request of another patient is returned
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient
    Then no result belongs to another patient

  @id:uka-mrq-status @req:UKA-MRQ-003 @capability:clinical-medication-request
  Scenario: Every medicine request with the status active is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "status" "active", or by that alone
    Then the request succeeds
    And every "MedicationRequest" record with status "active" the patient holds is in the result

  @id:uka-mrq-status-only @req:UKA-MRQ-004 @capability:clinical-medication-request
  Scenario: No medicine request of another status is returned
    Given the patient "patient-with-records" holds at least 2 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "status" "stopped", or by that alone
    Then every result has status "stopped"

  @id:uka-mrq-status-patient @req:UKA-MRQ-010 @capability:clinical-medication-request
  Scenario: No medicine request of another patient is returned when a status is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "status" "active"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-mrq-status-other @req:UKA-MRQ-003 @capability:clinical-medication-request
  Scenario: Every medicine request with the status stopped is returned
    Given the patient "patient-with-two-statuses" holds at least 2 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "status" "stopped", or by that alone
    Then the request succeeds
    And every "MedicationRequest" record with status "stopped" the patient holds is in the result

  @id:uka-mrq-status-main-only @req:UKA-MRQ-004 @capability:clinical-medication-request
  Scenario: No medicine request of another status is returned when active ones are asked for
    Given the patient "patient-with-two-statuses" holds at least 2 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "status" "active", or by that alone
    Then every result has status "active"

  @id:uka-mrq-date-patient @req:UKA-MRQ-002 @capability:clinical-medication-request
  Scenario: No medicine request of another patient is returned when a date is asked for
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "authoredon" "le2022-12-31"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-mrq-unknown-patient @req:UKA-MRQ-002 @capability:clinical-medication-request
  Scenario: No medicine request is returned for a patient whom nobody knows
    When "MedicationRequest" records are searched with:
      | parameter | value            |
      | patient   | does-not-exist-0 |
    Then the result holds nobody, or the search is refused

  @id:uka-mrq-status-pair @req:UKA-MRQ-009 @capability:clinical-medication-request
  Scenario: Patient and status can be asked for together
    Given the patient "patient-with-other-records" holds at least 1 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "status" "active"
    Then the request succeeds
    And every "MedicationRequest" record the patient holds is in the result

  @id:uka-mrq-none @req:UKA-MRQ-011 @capability:clinical-medication-request
  Scenario: A patient without any medicine request has an empty result
    Given the patient "patient-without-records"
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient
    Then the response is a searchset Bundle
    And the result holds nobody

  @id:uka-mrq-pages @req:UKA-MRQ-012 @capability:clinical-medication-request
  Scenario: A long list of medicine requests is complete when every page is read
    Given the patient "patient-with-many-records" holds at least 6 "MedicationRequest" records
    And the target's own id for the patient is known
    And results are asked for 5 at a time
    When "MedicationRequest" records are searched for the patient
    And every page of the result is followed
    Then every "MedicationRequest" record the patient holds is in the result
    And the last page has been reached
    And no result belongs to another patient

  @id:uka-mrq-since @req:UKA-MRQ-006 @capability:clinical-medication-request
  Scenario: The medicine requests since a date are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "authoredon" "ge2020-06-15"
    Then every result matches the "authoredon" that was asked for
    And every "MedicationRequest" record the patient holds is in the result

  @id:uka-mrq-id @req:UKA-MRQ-007 @capability:clinical-medication-request
  Scenario: A medicine request is found again by its id
    Given the patient "patient-with-other-records"
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient
    And the first result is searched for by its id
    Then the result holds the record that was asked for

  @id:uka-mrq-year @req:UKA-MRQ-008 @capability:clinical-medication-request
  Scenario: The medicine requests of a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "authoredon" "eq2018"
    Then every result matches the "authoredon" that was asked for
    And every "MedicationRequest" record the patient holds is in the result

  @id:uka-mrq-from-year @req:UKA-MRQ-008 @capability:clinical-medication-request
  Scenario: The medicine requests from a year on are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "authoredon" "ge2020"
    Then every result matches the "authoredon" that was asked for
    And every "MedicationRequest" record the patient holds is in the result

  @id:uka-mrq-until-year @req:UKA-MRQ-008 @capability:clinical-medication-request
  Scenario: The medicine requests up to a year are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient by "authoredon" "le2020"
    Then every result matches the "authoredon" that was asked for
    And every "MedicationRequest" record the patient holds is in the result

  @id:uka-mrq-between @req:UKA-MRQ-008 @capability:clinical-medication-request
  Scenario: The medicine requests between two dates are returned, and no others
    Given the patient "patient-with-dated-records" holds at least 3 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient with:
      | parameter  | value        |
      | authoredon | ge2019-01-01 |
      | authoredon | le2021-12-31 |
    Then every result matches the "authoredon" that was asked for
    And every "MedicationRequest" record the patient holds is in the result

  @id:uka-mrq-codes @req:UKA-MRQ-005 @capability:clinical-medication-request @advisory
  Scenario: SNOMED CT codes and dates of medicine requests are well formed
    Given the patient "patient-with-records" holds at least 2 "MedicationRequest" records
    And the target's own id for the patient is known
    When "MedicationRequest" records are searched for the patient
    Then every SNOMED CT code in the result is well formed
    And every date in the result is a real date
