Feature: Clinic basics

  @id:clb-pat-number @req:CLB-PAT-001 @capability:patients
  Scenario: A search by NHS number finds the patient
    Given the patient "patient-basic"
    When patients are searched by NHS number
    Then the request succeeds
    And the result holds the patient

  @id:clb-pat-only @req:CLB-PAT-001 @capability:patients
  Scenario: A search by NHS number finds nobody else
    Given the patient "patient-with-allergies"
    When patients are searched by NHS number
    Then no result belongs to another patient

  @id:clb-alg-all @req:CLB-ALG-001 @capability:allergies
  Scenario: Every allergy of the patient is returned
    Given the patient "patient-with-allergies" holds at least 2 allergies
    And the target's own id for the patient is known
    When "AllergyIntolerance" records are searched for the patient
    Then the request succeeds
    And every allergy the patient holds is in the result

  @id:clb-imm-status @req:CLB-IMM-001 @capability:vaccinations
  Scenario: Completed vaccinations are returned, and no others
    Given the patient "patient-with-records" holds at least 2 "Immunization" records
    And the target's own id for the patient is known
    When "Immunization" records are searched for the patient by "status" "completed"
    Then every result has status "completed"
    And every "Immunization" record with status "completed" the patient holds is in the result
