# Source: UK Core Access 0.1.0, profile of a patient in a patient index.
Feature: What a patient in a result holds

  @id:uka-psh-identifier @req:UKA-PSH-001 @capability:patient-index
  Scenario: Every patient has an identifier
    Given the patient "patient-with-no-known-allergies"
    When patients are searched by "name" "{family}"
    Then every Patient has at least one "identifier"

  @id:uka-psh-identifier-system @req:UKA-PSH-002 @capability:patient-index
  Scenario: Every identifier says which system it belongs to
    Given the patient "patient-with-address"
    When patients are searched by NHS number
    Then every Patient has exactly one "system" in each "identifier"

  @id:uka-psh-identifier-value @req:UKA-PSH-003 @capability:patient-index
  Scenario: Every identifier has a value
    Given the patient "patient-with-address"
    When patients are searched by NHS number
    Then every Patient has exactly one "value" in each "identifier"

  @id:uka-psh-name @req:UKA-PSH-004 @capability:patient-index
  Scenario: Every patient has a name
    Given the patient "patient-with-address"
    When patients are searched by NHS number
    Then every Patient has at least one "name"

  @id:uka-psh-gender @req:UKA-PSH-005 @capability:patient-index
  Scenario: Every patient has a gender
    Given the patient "patient-with-address"
    When patients are searched by NHS number
    Then every Patient has exactly one "gender"

  @id:uka-psh-birth-date @req:UKA-PSH-006 @capability:patient-index
  Scenario: No patient has two dates of birth
    Given the patient "patient-with-address"
    When patients are searched by NHS number
    Then every Patient has at most one "birthDate"

  @id:uka-psh-address @req:UKA-PSH-007 @capability:patient-index
  Scenario: No patient has two addresses
    Given the patient "patient-with-address"
    When patients are searched by NHS number
    Then every Patient has at most one "address"
