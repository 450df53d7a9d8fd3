@capability:metadata
Feature: The server describes itself

  @id:mini-metadata @req:MINI-002 @advisory
  Scenario: Read the capability statement
    When the capability statement is read
    Then the request succeeds
