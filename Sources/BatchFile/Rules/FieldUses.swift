import JSONLines

/// Checks of a field that go beyond the shape of its value: whether it is deprecated, ignored, refused or needed.
extension CompiledSchema {
  /// - Parameter node: the shape of the field's value.
  func judge(
    _ use: Field.Use, _ key: JSONValue, _ value: JSONValue, _ node: Int, _ findings: inout FindingList
  ) {
    if value.kind == .null {
      if case .needed(let text) = use { findings.error(.invalidRequest, value) { _ in text } }
      return
    }
    switch use {
    case .deprecated(let instead):
      findings.warn(.deprecatedParameter, key, note: "use \(instead)") { "'\($0)' is deprecated." }
    case .ignored(let why):
      findings.warn(.ignoredParameter, key, note: why) { "'\($0)' has no effect." }
    case .ignoredUnlessZero(let why):
      if value.number != 0 { findings.warn(.ignoredParameter, key, note: why) { "'\($0)' has no effect." } }
    case .refused(let why):
      // A value of a wrong type was already reported, and so was `false` where the shape has no boolean.
      guard nodes[node].kinds & value.kind.bit != 0 else { return }
      if value.kind == .false || value.kind == .object && value.nextIndex == value.index + 1 {
        findings.warn(.ignoredParameter, key, note: why) { "'\($0)' has no effect." }
      } else {
        findings.error(.invalidRequest, key, note: why) { "'\($0)' is not supported." }
      }
    case .streaming(let api):
      if value.kind == .true {
        findings.error(.streamingUnsupported, key) { _ in "\(api): Streaming is not supported in the Batch API." }
      }
    case .doubtful(let why):
      findings.warn(.doubtfulValue, key, note: why) { "It is not known whether '\($0)' works in a batch." }
    case .doubtfulIfTrue(let why):
      if value.kind == .true {
        findings.warn(.doubtfulValue, key, note: why) { "It is not known whether '\($0)' works in a batch." }
      }
    case .needed(let text):
      if value.kind == .string, value.contentRange.isEmpty { findings.error(.invalidRequest, value) { _ in text } }
    }
  }

  func reportMissing(_ field: Int, in value: JSONValue, _ findings: inout FindingList) {
    let use = fields[field].use
    if use >= 0, case .needed(let text) = uses[Int(use)] {
      return findings.neededParameter(fieldNames[field], in: value, text)
    }
    findings.missing(fieldNames[field], in: value)
  }
}
