# Source: UK Core Access 0.1.0, Clinical Data, AllergyIntolerance search.
Feature: The allergies of a patient

  @id:uka-alg-patient @req:UKA-ALG-001 @capability:clinical-allergy-intolerance
  Scenario: Every allergy of the patient is returned
    Given the patient "patient-with-allergies" holds at least 2 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient
    Then the request succeeds
    And the response is a searchset Bundle
    And every allergy the patient holds is in the result

  @id:uka-alg-patient-no-known @req:UKA-ALG-001 @capability:clinical-allergy-intolerance
  Scenario: A record that says there are no known allergies is returned
    Given the patient "patient-with-no-known-allergies"
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient
    Then every allergy the patient holds is in the result

  @id:uka-alg-patient-only @req:UKA-ALG-002 @capability:clinical-allergy-intolerance
  Scenario: No allergy of another patient is returned
    Given the patient "patient-with-resolved-allergy"
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient
    Then no result belongs to another patient

  @id:uka-alg-pages @req:UKA-ALG-003 @capability:clinical-allergy-intolerance
  Scenario: A long list of allergies is complete when every page is read
    Given the patient "patient-with-many-allergies" holds at least 6 allergies
    And the target's own id for the patient is known
    And results are asked for 5 at a time
    When "AllergyIntolerance" records are searched for the patient
    And every page of the result is followed
    Then every allergy the patient holds is in the result
    And the last page has been reached
    And no result belongs to another patient

  @id:uka-alg-none @req:UKA-ALG-004 @capability:clinical-allergy-intolerance
  Scenario: A patient without an allergy record has an empty result
    Given the patient "patient-without-allergy-record"
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient
    Then the response is a searchset Bundle
    And the result holds nobody

  @id:uka-alg-status-active @req:UKA-ALG-005 @capability:clinical-allergy-intolerance
  Scenario: Every active allergy is returned when active ones are asked for
    Given the patient "patient-with-allergies" holds at least 2 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "active", or by that alone
    Then the request succeeds
    And every "active" allergy the patient holds is in the result

  @id:uka-alg-status-resolved @req:UKA-ALG-005 @capability:clinical-allergy-intolerance
  Scenario: Every resolved allergy is returned when resolved ones are asked for
    Given the patient "patient-with-many-allergies" holds at least 6 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "resolved", or by that alone
    Then every "resolved" allergy the patient holds is in the result

  @id:uka-alg-status-only @req:UKA-ALG-006 @capability:clinical-allergy-intolerance
  Scenario: No allergy of another status is returned when active ones are asked for
    Given the patient "patient-with-resolved-allergy" holds at least 2 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "active", or by that alone
    Then every result has clinical status "active"

  @id:uka-alg-status-patient @req:UKA-ALG-007 @capability:clinical-allergy-intolerance
  Scenario: No allergy of another patient is returned when active ones are asked for
    Given the patient "patient-with-many-allergies" holds at least 6 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "active"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-alg-date @req:UKA-ALG-010 @capability:clinical-allergy-intolerance
  Scenario: The allergies recorded since a date are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "ge2020-09-07"
    Then every result matches the "date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-last-date @req:UKA-ALG-011 @capability:clinical-allergy-intolerance
  Scenario: The allergies with a reaction since a date are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "last-date" "ge2020-09-01"
    Then every result matches the "last-date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-date-year @req:UKA-ALG-012 @capability:clinical-allergy-intolerance
  Scenario: The allergies recorded in a year are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "2018"
    Then every result matches the "date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-date-from-year @req:UKA-ALG-012 @capability:clinical-allergy-intolerance
  Scenario: The allergies recorded from a year on are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "ge2020"
    Then every result matches the "date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-date-until-year @req:UKA-ALG-013 @capability:clinical-allergy-intolerance
  Scenario: The allergies recorded up to a year are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "le2020"
    Then every result matches the "date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-date-until @req:UKA-ALG-013 @capability:clinical-allergy-intolerance
  Scenario: The allergies recorded up to a date are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "le2018-04-16"
    Then every result matches the "date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-date-range @req:UKA-ALG-014 @capability:clinical-allergy-intolerance
  Scenario: The allergies recorded between two dates are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient with:
      | parameter | value        |
      | date      | ge2019-01-01 |
      | date      | le2021-12-31 |
    Then every result matches the "date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-last-date-year @req:UKA-ALG-016 @capability:clinical-allergy-intolerance
  Scenario: The allergies with a last reaction in a year are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "last-date" "eq2018"
    Then every result matches the "last-date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-last-date-until @req:UKA-ALG-016 @capability:clinical-allergy-intolerance
  Scenario: The allergies with a last reaction up to a year are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "last-date" "le2020"
    Then every result matches the "last-date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-last-date-between @req:UKA-ALG-016 @capability:clinical-allergy-intolerance
  Scenario: The allergies with a last reaction between two dates are returned, and no others
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient with:
      | parameter | value        |
      | last-date | ge2019-01-01 |
      | last-date | le2021-12-31 |
    Then every result matches the "last-date" that was asked for
    And every allergy the patient holds is in the result

  @id:uka-alg-id @req:UKA-ALG-009 @capability:clinical-allergy-intolerance
  Scenario: An allergy record is found again by its id
    Given the patient "patient-with-records" holds at least 1 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient
    And the first result is searched for by its id
    Then the result holds the record that was asked for

  @id:uka-alg-status-pair @req:UKA-ALG-015 @capability:clinical-allergy-intolerance
  Scenario: Patient and clinical status can be asked for together
    Given the patient "patient-with-records" holds at least 1 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "active"
    Then the request succeeds
    And every allergy the patient holds is in the result

  @id:uka-alg-codes @req:UKA-ALG-008 @capability:clinical-allergy-intolerance @advisory
  Scenario: SNOMED CT codes and dates of allergies are well formed
    Given the patient "patient-with-many-allergies" holds at least 6 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient
    Then every SNOMED CT code in the result is well formed
    And every date in the result is a real date

  @id:uka-alg-status-resolved-only @req:UKA-ALG-006 @capability:clinical-allergy-intolerance
  Scenario: No allergy of another status is returned when resolved ones are asked for
    Given the patient "patient-with-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "resolved", or by that alone
    Then every result has clinical status "resolved"

  @id:uka-alg-status-inactive @req:UKA-ALG-005 @capability:clinical-allergy-intolerance
  Scenario: Every inactive allergy is returned when inactive ones are asked for
    Given the patient "patient-with-resolved-allergy" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "inactive", or by that alone
    Then every "inactive" allergy the patient holds is in the result

  @id:uka-alg-date-patient @req:UKA-ALG-002 @capability:clinical-allergy-intolerance
  Scenario: No allergy of another patient is returned when a date is asked for
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "le2022-12-31"
    And the scenario does not apply if the search is refused
    Then no result belongs to another patient

  @id:uka-alg-unknown-patient @req:UKA-ALG-002 @capability:clinical-allergy-intolerance
  Scenario: No allergy is returned for a patient whom nobody knows
    When "AllergyIntolerance" records are searched with:
      | parameter | value            |
      | patient   | does-not-exist-0 |
    Then the result holds nobody, or the search is refused
