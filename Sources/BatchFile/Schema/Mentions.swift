import JSONLines

/// What values of a body name, for the values after them that must name the same or something else.
///
/// Collected on the way through the body: to look for them once more would cost as much as the rest of the walk.
struct Mentions {
  /// The ids of the calls that assistants made so far.
  private var calls: [JSONValue] = []
  /// The tools so far, each with a hash of its name.
  private var tools: [(hash: UInt64, tool: JSONValue)] = []
  private var unescaped: [UInt8] = []
  private let seed = IDHash.seed

  mutating func clear() {
    calls.removeAll(keepingCapacity: true)
    tools.removeAll(keepingCapacity: true)
  }

  mutating func add(call id: JSONValue) { calls.append(id) }

  func hasCall(_ id: JSONValue) -> Bool { calls.last { $0.hasSameText(as: id) } != nil }

  /// How many tools there are so far; the last one's name.
  var toolCount: Int { tools.count }
  var lastToolHash: UInt64 { tools.last?.hash ?? 0 }

  /// - Returns: a number that is not 0 and for nearly all names another one.
  mutating func hash(_ name: JSONValue) -> UInt64 {
    guard name.traits.contains(.escaped) else {
      return IDHash.hash(name.bytes.buffer(name.contentRange), seed: seed) | 1
    }
    unescaped.removeAll(keepingCapacity: true)
    name.appendText(to: &unescaped)
    return unescaped.withUnsafeBytes { IDHash.hash($0, seed: seed) } | 1
  }

  /// - Parameter tool: its name, or where it is remembered the whole, whose name is looked up only where it matters.
  /// - Returns: the name, where an earlier tool has it too.
  mutating func add(tool: JSONValue, hash: UInt64) -> JSONValue? {
    defer { tools.append((hash, tool)) }
    for other in tools where other.hash == hash {
      if let name = Mentions.name(tool), let same = Mentions.name(other.tool), name.hasSameText(as: same) {
        return name
      }
    }
    return nil
  }

  private static func name(_ tool: JSONValue) -> JSONValue? {
    tool.kind == .string ? tool : Request.functionName(tool.at(tool.index))
  }
}
