import JSONLines

/// What values of a body name, noted on the way through it, to tell whether rules about names and ids have to look:
/// they go through the whole body again, which for most lines is in vain.
///
/// Only hashes are compared here. What is found to be amiss may be in order; what is not, is.
struct Mentions {
  /// With more of them than this, the rules look: here every one is compared with all.
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

  /// Whether a call has the id, for sure.
  mutating func hasCall(_ id: JSONValue) -> Bool {
    let hash = hash(id)
    return calls.count < Mentions.most && calls.contains(hash)
  }

  var toolCount: Int { tools.count }
  /// The hash of the last tool's name.
  var lastTool: UInt64 { tools.last ?? 0 }

  /// - Returns: whether an earlier tool may have the name too.
  mutating func add(tool hash: UInt64) -> Bool {
    defer { tools.append(hash) }
    return tools.count >= Mentions.most || tools.contains(hash)
  }

  /// - Returns: a number that is not 0.
  mutating func hash(_ text: JSONValue) -> UInt64 {
    guard text.traits.contains(.escaped) else {
      return TextHash.hash(text.bytes.buffer(text.contentRange), seed: seed) | 1
    }
    unescaped.removeAll(keepingCapacity: true)
    text.appendText(to: &unescaped)
    return unescaped.withUnsafeBytes { TextHash.hash($0, seed: seed) } | 1
  }
}
