# Source: GP Connect 1.6.2-beta, cross-organisation audit and provenance (the claims), error handling
# guidance (malformed requests), API security guidance (secure connections, scopes), and the release
# notes of 1.2.3 (clock skew).
# Every token that must be refused has one fault, and the same request without it is answered.
# Where the form of a refusal is judged, the search is for somebody whom nobody has: a request of its own.
Feature: The token that says who asks and why

  # The version of the asking software is free; naming one makes this request the scenario's own.
  @id:gpc-jwt-right @req:GPC-JWT-001 @capability:security
  Scenario: A request with a correct, fresh token is answered
    Given the clocks of both sides agree within 60 seconds
    And the token claim "requesting_device.version" is "1.0.1"
    When the capability statement is read
    Then the request succeeds

  @id:gpc-jwt-plain @req:GPC-JWT-002 @capability:security
  Scenario: A token that is not encoded at all is refused
    Given the token is not encoded
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-letters @req:GPC-JWT-002 @capability:security
  Scenario: A token with letters that its encoding does not have is refused
    Given the token has letters that base64url does not have
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-letters-code @req:GPC-JWT-102 @capability:security
  Scenario: The refusal of a token that is not encoded as agreed says so in one of the two agreed ways
    Given the token has letters that base64url does not have
    When "Organization" records are searched with:
      | parameter  | value                                               |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|Z9X77 |
    Then the request is refused with status 400 and code "BAD_REQUEST", or as unauthorised

  @id:gpc-jwt-expired-code @req:GPC-JWT-102 @capability:security
  Scenario: The refusal of a token that ran out an hour ago says so in one of the two agreed ways
    Given the token was made 3900 seconds ago
    When "Organization" records are searched with:
      | parameter  | value                                               |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|Z9X77 |
    Then the request is refused with status 400 and code "BAD_REQUEST", or as unauthorised

  @id:gpc-jwt-no-aud-code @req:GPC-JWT-102 @capability:security
  Scenario: The refusal of a token without the address it is meant for says so in one of the two agreed ways
    Given the token has no "aud" claim
    When "Organization" records are searched with:
      | parameter  | value                                               |
      | identifier | https://fhir.nhs.uk/Id/ods-organization-code\|Z9X77 |
    Then the request is refused with status 400 and code "BAD_REQUEST", or as unauthorised

  # It lived 300 seconds, as it should: only its end is wrong.
  @id:gpc-jwt-expired @req:GPC-JWT-004 @capability:security
  Scenario: A token that ran out an hour ago is refused
    Given the clocks of both sides agree within 60 seconds
    And the token was made 3900 seconds ago
    When the capability statement is read
    Then the request is refused

  # Providers are told not to look at the time of making, without which no lifetime can be told.
  @id:gpc-jwt-lifetime @req:GPC-JWT-005 @capability:security @advisory
  Scenario Outline: A token that lives <seconds> seconds is answered
    Given the token lives <seconds> seconds
    When the capability statement is read
    Then the request succeeds

    Examples:
      | seconds |
      | 299     |
      | 301     |

  @id:gpc-jwt-no-iss @req:GPC-JWT-006 @capability:security
  Scenario: A token without its sender is refused
    Given the token has no "iss" claim
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-no-aud @req:GPC-JWT-008 @capability:security
  Scenario: A token without the address that it is meant for is refused
    Given the token has no "aud" claim
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-null-aud @req:GPC-JWT-008 @capability:security
  Scenario: A token whose address is null is refused
    Given the token claim "aud" is "null"
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-no-exp @req:GPC-JWT-010 @capability:security
  Scenario: A token without an end is refused
    Given the token has no "exp" claim
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-no-iat @req:GPC-JWT-110 @capability:security @advisory
  Scenario: A token without the time of its making is answered
    Given the token has no "iat" claim
    When the capability statement is read
    Then the request succeeds

  @id:gpc-jwt-no-reason @req:GPC-JWT-011 @capability:security
  Scenario: A token without a reason is refused
    Given the token has no "reason_for_request" claim
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-no-scope @req:GPC-JWT-013 @capability:security
  Scenario: A token without a requested scope is refused
    Given the token has no "requested_scope" claim
    When the capability statement is read
    Then the request is refused

  # Acting on the scope is left to the system.
  @id:gpc-jwt-scope-patient @req:GPC-JWT-014 @capability:security @advisory
  Scenario: A read of a patient with the scope of an organisation is refused
    Given the patient "gp-patient-third"
    And the target's own id for the patient is known
    And the token claim "requested_scope" is "organization/*.read"
    When the patient is read by id
    Then the request is refused

  @id:gpc-jwt-scope-metadata @req:GPC-JWT-015 @capability:security @advisory
  Scenario: A read of the capability statement with the scope of a patient is refused
    Given the token claim "requested_scope" is "patient/*.write"
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-scope-nonsense @req:GPC-JWT-115 @capability:security
  Scenario: A token with a scope that is no scope at all is refused
    Given the token claim "requested_scope" is "badScope"
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-no-device @req:GPC-JWT-016 @capability:security
  Scenario: A token that does not say which device asks is refused
    Given the token has no "requesting_device" claim
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-no-organisation @req:GPC-JWT-116 @capability:security
  Scenario: A token that does not say which organisation asks is refused
    Given the token has no "requesting_organization" claim
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-no-practitioner @req:GPC-JWT-216 @capability:security
  Scenario: A token that does not say which practitioner asks is refused
    Given the token has no "requesting_practitioner" claim
    When the capability statement is read
    Then the request is refused

  @id:gpc-jwt-device-type @req:GPC-JWT-017 @capability:security
  Scenario Outline: A token whose device is a <type> is refused
    Given the token claim "requesting_device.resourceType" is "<type>"
    When the capability statement is read
    Then the request is refused

    Examples:
      | type         |
      | Patient      |
      | NotAResource |

  # Systems may say that they take unknown elements.
  @id:gpc-jwt-device-element @req:GPC-JWT-117 @capability:security @advisory
  Scenario: A token whose device has an element that FHIR does not know is refused
    Given the token claim "requesting_device.plumblineUnknown" is "1"
    When the capability statement is read
    Then the request is refused

  # The version of the asking software makes these requests the scenarios' own: a tester may have no
  # smartcard in any case.
  @id:gpc-jwt-no-smartcard @req:GPC-JWT-019 @capability:security
  Scenario: The capability statement is answered to a user without a smartcard
    Given the token claim "requesting_device.version" is "1.0.2"
    And the token claim "requesting_practitioner.identifier.0.value" is "UNK"
    And the token claim "requesting_practitioner.identifier.1.value" is "UNK"
    When the capability statement is read
    Then the request succeeds

  @id:gpc-jwt-no-smartcard-patient @req:GPC-JWT-019 @capability:security
  Scenario: A patient is shown to a user without a smartcard
    Given the patient "gp-patient-third"
    And the target's own id for the patient is known
    And the token claim "requesting_device.version" is "1.0.2"
    And the token claim "requesting_practitioner.identifier.0.value" is "UNK"
    And the token claim "requesting_practitioner.identifier.1.value" is "UNK"
    When the patient is read by id
    Then the request succeeds

  # Software of the past sends one of these ids and not the other.
  @id:gpc-jwt-no-role @req:GPC-JWT-020 @capability:security
  Scenario: A token whose practitioner has no role id is answered
    Given the token has no "requesting_practitioner.identifier.1" claim
    When the capability statement is read
    Then the request succeeds

  @id:gpc-jwt-no-local-id @req:GPC-JWT-020 @capability:security
  Scenario: A token whose practitioner has no local id is answered
    Given the token has no "requesting_practitioner.identifier.2" claim
    When the capability statement is read
    Then the request succeeds

  @id:gpc-jwt-just-expired @req:GPC-JWT-021 @capability:security
  Scenario: A token that ran out five minutes ago is refused
    Given the clocks of both sides agree within 60 seconds
    And the token was made 600 seconds ago
    When "Practitioner" records are searched with:
      | parameter  | value                                            |
      | identifier | https://fhir.nhs.uk/Id/sds-user-id\|555000000077 |
    Then the request is refused

  @id:gpc-jwt-future @req:GPC-JWT-024 @capability:security
  Scenario: A token made 200 seconds in the future is answered
    Given the clocks of both sides agree within 60 seconds
    And the token was made 200 seconds from now
    When the capability statement is read
    Then the request succeeds
