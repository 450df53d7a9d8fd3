# Source: GP Connect 1.6.2-beta, API security guidance (protocols, ciphers, secure connections,
# client certificates). Strict-Transport-Security: general API guidance, internet standards.
Feature: Secure connections

  # TLS 1.2 is offered alone, so that a system which has only TLS 1.3 is not taken for a right one.
  # That the right certificate is let in is what every other scenario rests on.
  @id:gpc-sec-tls12 @req:GPC-SEC-001 @capability:security
  Scenario: The system speaks TLS 1.2
    When a connection is offered with "TLS 1.2" alone
    Then the connection is accepted

  # SSL 2.0 is forbidden too, but its greeting has another form: it is not sent.
  @id:gpc-sec-old-version @req:GPC-SEC-002 @capability:security
  Scenario Outline: A connection that offers nothing newer than <version> is refused
    When a connection is offered with "<version>" alone
    Then the connection is refused

    Examples:
      | version |
      | TLS 1.1 |
      | TLS 1.0 |
      | SSL 3.0 |

  @id:gpc-sec-cipher @req:GPC-SEC-003 @capability:security
  Scenario: The preferred family of ciphers is accepted
    When a connection is offered with only "ECDHE with AES-GCM"
    Then the connection is accepted

  # Many systems rightly have switched these off.
  @id:gpc-sec-cipher-other @req:GPC-SEC-103 @capability:security @advisory
  Scenario Outline: The ciphers <family> are accepted
    When a connection is offered with only "<family>"
    Then the connection is accepted

    Examples:
      | family                 |
      | DHE with AES-GCM       |
      | ECDHE with AES-256-CBC |
      | DHE with AES-256-CBC   |

  @id:gpc-sec-cipher-broken @req:GPC-SEC-004 @capability:security
  Scenario Outline: A connection that offers only broken ciphers (<class>) is refused
    When a connection is offered with only "<class>"
    Then the connection is refused

    Examples:
      | class  |
      | NULL   |
      | RC4    |
      | 3DES   |
      | export |

  @id:gpc-sec-cipher-outside @req:GPC-SEC-104 @capability:security
  Scenario: A connection that offers only a cipher outside the list is refused
    When a connection is offered with only "RSA with AES-128-CBC"
    Then the connection is refused

  @id:gpc-sec-certificate-none @req:GPC-SEC-005 @capability:security
  Scenario: A client without a certificate is refused
    Given the client certificate is "none"
    When a connection is made with the client certificate in play
    Then the connection is refused

  @id:gpc-sec-certificate-expired @req:GPC-SEC-006 @capability:security
  Scenario: A client whose certificate has run out is refused
    Given the client certificate is "expired"
    When a connection is made with the client certificate in play
    Then the connection is refused

  @id:gpc-sec-certificate-other-name @req:GPC-SEC-007 @capability:security
  Scenario: A client with a certificate issued to another name is refused
    Given the client certificate is "other-name"
    When a connection is made with the client certificate in play
    Then the connection is refused

  @id:gpc-sec-certificate-unknown @req:GPC-SEC-008 @capability:security
  Scenario: A client with a certificate of an unknown authority is refused
    Given the client certificate is "unknown-authority"
    When a connection is made with the client certificate in play
    Then the connection is refused

  @id:gpc-sec-plain @req:GPC-SEC-010 @capability:security
  Scenario: Nothing is answered without encryption at the port of the system
    When the capability statement is asked for without encryption
    Then the connection is refused

  @id:gpc-sec-plain-80 @req:GPC-SEC-010 @capability:security @advisory
  Scenario: Nothing is answered without encryption at port 80
    When the capability statement is asked for without encryption at port 80
    Then the connection is refused

  @id:gpc-sec-strict-transport @req:GPC-SEC-011 @capability:security
  Scenario: Answers ask for encrypted connections from now on
    When the capability statement is read
    Then the response asks for encrypted connections from now on
