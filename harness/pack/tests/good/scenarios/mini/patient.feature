@capability:patient-index
Feature: Patients are found
  A description may say anything. When it does, nothing is lost.

  Background:
    Given the patient "patient-basic"

  # A comment before a scenario.
  @id:mini-search @req:MINI-001
  Scenario: Search by NHS number
    # A comment before a step.
    When patients are searched
    Then the request succeeds
    And the result holds:
      | parameter | value |
      | family    | x     |

  @id:mini-each @req:MINI-001
  Scenario Outline: Search by <parameter>
    When patients are searched by "<parameter>"
    Then the response status is <status>

    Examples:
      | parameter | status |
      | family    | 200    |
      | gender    | 400    |
