import JSONLines

/// The four members of a request: `custom_id`, `method`, `url` and `body`.
struct Envelope {
  static let keys = ["custom_id", "method", "url", "body"]
  static let table = KeyTable(keys)

  private(set) var customID: JSONValue?
  private(set) var method: JSONValue?
  private(set) var url: JSONValue?
  private(set) var body: JSONValue?
  /// Whether there are other members, or one of the four twice.
  private(set) var hasOthers = false

  init(_ root: JSONValue) {
    var seen = 0
    for (key, value) in root.fields {
      let k = Envelope.table.find(key)
      switch k {
      case 0: customID = value
      case 1: method = value
      case 2: url = value
      case 3: body = value
      default: hasOthers = true
      }
      let bit = k.map { 1 << $0 } ?? 0
      if seen & bit != 0 { hasOthers = true }
      seen |= bit
    }
  }
}
