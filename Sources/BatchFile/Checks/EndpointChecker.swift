import JSONLines

/// Checks bodies against the shape and the rules of one endpoint; each worker has one for each endpoint that its lines
/// name.
final class EndpointChecker {
  let endpoint: EndpointRules
  /// Swift's check for exclusive access at each use is off, since it takes up to a tenth of a line's time. The check is
  /// not needed: one worker has this object, and neither the walk nor a rule uses the object while it runs.
  @exclusivity(unchecked) private var body: BodyChecker

  /// - Parameter ordinal: the endpoint's number; the endpoints that share `remembered` need different ones.
  init(_ endpoint: Endpoint, of provider: Provider, ordinal: Int, remembered: RememberedValues) {
    self.endpoint = EndpointRules(endpoint, of: provider)
    body = BodyChecker(schema: endpoint.schema, ordinal: ordinal, remembered: remembered)
  }

  deinit { body.bodyFields.deallocate() }

  /// Checks a body against the endpoint's shape, without the rules.
  /// - Returns: the value of `model`, of whatever JSON type it is; nil where the body has none.
  func checkShape(_ value: JSONValue, _ findings: inout FindingList) -> JSONValue? {
    body.check(value, &findings)
    return body.bodyFields.value("model", of: value)
  }

  /// Asks the rules about the body whose shape was checked last.
  func askRules(_ value: JSONValue, _ model: UnsafePointer<ModelTable.Model>?, _ findings: inout FindingList) {
    let present = body.present
    let marks = body.marks.rawValue
    let ruled = RuledBody(value: value, fields: body.bodyFields, model: model)
    for rule in endpoint.rules where rule.fields & ~present == 0 && rule.marks & ~marks == 0 {
      rule.check(ruled, &findings)
    }
  }

  /// What the rules that apply to the body read of it.
  /// - Returns: the members whose values are read, one bit each, and whether message texts are read.
  func reads(_ value: JSONValue, _ model: UnsafePointer<ModelTable.Model>?) -> (members: UInt64, texts: Bool) {
    let present = body.present
    let marks = body.marks.rawValue
    let ruled = RuledBody(value: value, fields: body.bodyFields, model: model)
    var members: UInt64 = 0
    var texts = false
    for rule in endpoint.rules where rule.fields & ~present == 0 && rule.marks & ~marks == 0 {
      let reads = rule.reads(ruled)
      if reads.contains(.values) { members |= rule.named }
      if reads.contains(.texts) { texts = true }
    }
    return (members, texts)
  }

  /// Remembers the objects without findings, so that they are recognised on later lines. Called after the line was
  /// checked.
  func learn() { body.learn() }

  /// Does not remember them, and is ready for the next line.
  func forget() { body.forget() }
}
