import JSONLines

/// The members of a line that tell requests and results apart, found in one pass.
struct LineMembers {
  private(set) var id: JSONValue?
  private(set) var fault: PlaceScan.Fault.Reason?

  init(_ root: JSONValue, isRequest: Bool) {
    guard root.kind == .object else {
      fault = .noObject
      return
    }
    var hasResult = false
    var hasRequest = false
    for (key, value) in root.fields {
      if key.isString("custom_id") {
        id = value
      } else if key.isString("response") || key.isString("error") {
        hasResult = true
      } else if key.isString("body") || key.isString("url") {
        hasRequest = true
      }
    }
    if let value = id, value.kind != .string { id = nil }
    if id == nil {
      fault = .noID
    } else if isRequest ? hasResult && !hasRequest : hasRequest && !hasResult {
      fault = isRequest ? .isResult : .isRequest
    }
  }
}
