import BatchFile
import Testing

/// A number counts as the double that is nearest to it. Only for integers it matters how the number is written.
@Suite("Numbers")
struct NumberTests {
  static let odd: [Found] = [.warning(.doubtfulValue)]
  static let wrongType: [Found] = [.error(.invalidType)]

  static let decimals: [BodyCase] = BodyCase.field(
    "temperature",
    accepts: [
      "-0", "-0.0", "0e0", "1E-400", "-1E-400", "2.0000000000000001", "2.000000000000000000000000000000", "20e-1",
      "0.2E+1", "0.1234567890123456789012345678901234567890", "5e-324", "1.9999999999999999999",
      "200000000000000000000e-20",
    ],
    finds: [
      "2.1": [.error(.decimalAboveMaxValue)],
      // This is the next double after 2.
      "2.0000000000000004": [.error(.decimalAboveMaxValue)],
      "1e400": [.error(.decimalAboveMaxValue)],
      "1e2": [.error(.decimalAboveMaxValue)],
      "99999999999999999999999": [.error(.decimalAboveMaxValue)],
      "-1e-300": [.error(.decimalBelowMinValue)],
      "-5e-324": [.error(.decimalBelowMinValue)],
      "-1e400": [.error(.decimalBelowMinValue)],
    ])

  @Test("decimal numbers: what is accepted and what is found", arguments: decimals)
  func decimal(_ one: BodyCase) throws { try Check.expect(one) }

  static let integers: [BodyCase] = [
    BodyCase.field(
      "seed",
      accepts: ["-0", "9223372036854775807", "9223372036854775808", "-99999999999999999999"],
      finds: [
        "1.0": odd, "-1.0": odd, "0.0": odd, "1e2": odd, "1E2": odd, "1.5e1": odd, "10e-1": odd, "1E-400": odd,
        "1.5": wrongType, "1e-2": wrongType, "1e400": wrongType, "-1e400": wrongType, "0.1e0": wrongType,
      ]),
    BodyCase.field(
      "n",
      finds: [
        "1.0": odd, "1e0": odd, "10e-1": odd, "-0": [.error(.integerBelowMinValue)],
        "1e2": [.error(.integerAboveMaxValue)], "1e400": [.error(.integerAboveMaxValue)],
        "-1e400": [.error(.integerBelowMinValue)], "99999999999999999999": [.error(.integerAboveMaxValue)],
        "0.0": [.error(.integerBelowMinValue)], "2.0": [.error(.integerAboveMaxValue)], "1.5": wrongType,
        "0.5": wrongType,
      ]),
    BodyCase.field(
      "max_completion_tokens", model: "example/unheard-of", accepts: ["99999999999999999999"],
      finds: [
        "1e3": odd, "1024.0": odd, "0.9": wrongType, "-0.5": wrongType, "1e400": wrongType,
        "-1.0": [.error(.integerBelowMinValue)], "-1e400": [.error(.integerBelowMinValue)],
      ]),
  ].flatMap { $0 }

  @Test("integers: what is accepted and what is found", arguments: integers)
  func integer(_ one: BodyCase) throws { try Check.expect(one) }

  /// A number with more digits than the largest double has.
  static let manyDigits = String(repeating: "9", count: 400)

  @Test("an integer that is too large for a double does not get the message that an integer is expected")
  func endless() throws {
    let findings = try Check.findings(body: Body.with(#""seed":\#(NumberTests.manyDigits)"#))
    #expect(findings.map(Found.init) == [.error(.invalidType, "body.seed")])
    #expect(findings.first?.message.contains("but got an integer instead") == false)
  }

  @Test("messages quote numbers as they are written")
  func quotes() throws {
    let findings = try Check.findings(bodies: ["2.10", "1e400", "-0.5E0"].map { Body.with(#""temperature":\#($0)"#) })
    #expect(
      findings.map { $0.map(\.message) } == [
        ["Invalid 'body.temperature': decimal above maximum value. Expected a value <= 2, but got 2.10 instead."],
        ["Invalid 'body.temperature': decimal above maximum value. Expected a value <= 2, but got 1e400 instead."],
        ["Invalid 'body.temperature': decimal below minimum value. Expected a value >= 0, but got -0.5E0 instead."],
      ])
  }

  @Test("all cases in one file give the same findings as alone")
  func together() throws { try Check.expectTogether(NumberTests.decimals + NumberTests.integers) }
}
