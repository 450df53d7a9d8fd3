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
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "active"
    Then the request succeeds
    And every "active" allergy the patient holds is in the result

  @id:uka-alg-status-resolved @req:UKA-ALG-005 @capability:clinical-allergy-intolerance
  Scenario: Every resolved allergy is returned when resolved ones are asked for
    Given the patient "patient-with-many-allergies" holds at least 6 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "resolved"
    Then every "resolved" allergy the patient holds is in the result

  @id:uka-alg-status-only @req:UKA-ALG-006 @capability:clinical-allergy-intolerance
  Scenario: No allergy of another status is returned when active ones are asked for
    Given the patient "patient-with-resolved-allergy" holds at least 2 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "active"
    Then every result has clinical status "active"

  @id:uka-alg-status-patient @req:UKA-ALG-007 @capability:clinical-allergy-intolerance
  Scenario: No allergy of another patient is returned when active ones are asked for
    Given the patient "patient-with-many-allergies" holds at least 6 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "clinical-status" "active"
    Then no result belongs to another patient

  @id:uka-alg-date @req:UKA-ALG-010 @capability:clinical-allergy-intolerance
  Scenario: Only allergies recorded since a date are returned
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "ge2020-01-01"
    Then every result matches the "date" that was asked for

  @id:uka-alg-last-date @req:UKA-ALG-011 @capability:clinical-allergy-intolerance
  Scenario: Only allergies with a reaction since a date are returned
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "last-date" "ge2020-01-01"
    Then every result matches the "last-date" that was asked for

  @id:uka-alg-date-year @req:UKA-ALG-012 @capability:clinical-allergy-intolerance
  Scenario: Only allergies recorded in a year are returned
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "2018"
    Then every result matches the "date" that was asked for

  @id:uka-alg-date-until @req:UKA-ALG-013 @capability:clinical-allergy-intolerance
  Scenario: Only allergies recorded up to a date are returned
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient by "date" "le2019-12-31"
    Then every result matches the "date" that was asked for

  @id:uka-alg-date-range @req:UKA-ALG-014 @capability:clinical-allergy-intolerance
  Scenario: Only allergies recorded between two dates are returned
    Given the patient "patient-with-dated-allergies" holds at least 3 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient with:
      | parameter | value        |
      | date      | ge2019-01-01 |
      | date      | le2021-12-31 |
    Then every result matches the "date" that was asked for
