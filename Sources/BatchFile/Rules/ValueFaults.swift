import JSONLines

/// The findings for a number or a string of the right type whose value is wrong.
extension CompiledSchema {
  /// Adds the finding for a number that does not fit its shape.
  func explainNumber(
    _ value: JSONValue, _ node: UnsafePointer<Node>, _ findings: inout FindingList
  ) {
    let number = NumberScanner.double(value.bytes, value.range)
    let isInteger = node.pointee.isInteger
    if isInteger, number.isInfinite, (number < 0 ? node.pointee.min : node.pointee.max).isInfinite {
      // A number such as 1e400 is above every maximum. Even where there is no maximum, no integer type can hold it.
      findings.error(.invalidType, value) {
        "Invalid type for '\($0)': expected an integer, but got a number beyond the range of a double instead."
      }
    } else if isInteger, number.rounded() != number {
      findings.invalidType(value, expected: "an integer")
    } else if number > node.pointee.max || number < node.pointee.min {
      let isAbove = number > node.pointee.max
      findings.outOfRange(
        value, isInteger: isInteger, isAbove: isAbove, limit: isAbove ? node.pointee.max : node.pointee.min)
    } else {
      // kin-openapi, which validates by OpenAPI documents, takes `1.0` as an integer. Whether the API accepts it is not
      // recorded.
      findings.warn(.doubtfulValue, value, "An integer should be written without a fraction and an exponent.")
    }
  }

  @inline(never)
  func checkLength(
    _ value: JSONValue, _ node: UnsafePointer<Node>, _ findings: inout FindingList
  ) {
    // Each character has at least one byte, however it is spelt.
    let bytes = value.contentRange.count
    if bytes >= node.pointee.minLength, bytes <= min(node.pointee.maxLength, node.pointee.doubtfulLength) { return }
    let count = value.characterCount
    if count == 0, node.pointee.minLength > 0 {
      findings.error(.emptyString, value, Words.emptyString)
    } else if count > node.pointee.maxLength {
      findings.longString(value, limit: node.pointee.maxLength, got: count)
    } else if count > node.pointee.doubtfulLength {
      let limit = node.pointee.doubtfulLength
      findings.warn(.doubtfulValue, value) { "'\($0)' has \(count) characters; more than \(limit) may be refused." }
    }
  }

  @inline(__always)
  func checkChoice(
    _ value: JSONValue, _ node: UnsafePointer<Node>, _ findings: inout FindingList
  ) {
    if values[Int(node.pointee.values)].find(value) == nil { refuseChoice(value, node, &findings) }
  }

  @inline(never)
  private func refuseChoice(
    _ value: JSONValue, _ node: UnsafePointer<Node>, _ findings: inout FindingList
  ) {
    let choices = choices[Int(node.pointee.values)]
    let isDoubtful = node.pointee.doubtful >= 0 && values[Int(node.pointee.doubtful)].find(value) != nil
    if isDoubtful || node.pointee.allowsOthers {
      findings.warn(.doubtfulValue, value) { "'\($0)' is '\(Words.quoted(value))'; sure values are \(choices.list)." }
    } else {
      findings.invalidValue(value, supported: choices)
    }
  }
}
