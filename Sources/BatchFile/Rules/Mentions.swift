import JSONLines

/// The names of tools and the ids of calls that a body has, noted while its shape is checked.
///
/// The rules about names and ids go through the whole body again, but most bodies have no such faults. So hashes are
/// compared first: a hash that no earlier name has proves that the name is new, and the rule need not be asked. An
/// equal hash may be a collision, so the rule is asked and compares the texts.
struct Mentions {
  /// With more names or ids than this the rules are always asked, because here each one is compared with all before it.
  private static let most = 128

  /// The ids of the calls that assistants made so far.
  private var calls: [UInt64] = []
  private var tools: [UInt64] = []
  private var unescaped: [UInt8] = []
  private let seed = TextHash.seed

  mutating func clear() {
    calls.removeAll(keepingCapacity: true)
    tools.removeAll(keepingCapacity: true)
  }

  mutating func add(call id: JSONValue) {
    if calls.count < Mentions.most { calls.append(hash(id)) }
  }

  /// Whether an earlier call certainly has the id.
  mutating func hasCall(_ id: JSONValue) -> Bool {
    let hash = hash(id)
    return calls.count < Mentions.most && calls.contains(hash)
  }

  var toolCount: Int { tools.count }
  /// The hash of the last tool's name.
  var lastTool: UInt64 { tools.last ?? 0 }

  /// Adds the hash of a tool's name.
  /// - Returns: whether an earlier tool may have the same name.
  mutating func add(tool hash: UInt64) -> Bool {
    defer { tools.append(hash) }
    return tools.count >= Mentions.most || tools.contains(hash)
  }

  /// The hash of a text, which is never 0.
  mutating func hash(_ text: JSONValue) -> UInt64 {
    guard text.traits.contains(.escaped) else {
      return TextHash.hash(text.bytes.buffer(text.contentRange), seed: seed) | 1
    }
    unescaped.removeAll(keepingCapacity: true)
    text.appendText(to: &unescaped)
    return unescaped.withUnsafeBytes { TextHash.hash($0, seed: seed) } | 1
  }
}
