import JSONLines

/// Finds the paths of places in one line: `body.messages[0].role`.
///
/// Findings mostly come in the order of their places. So the containers around the last place stay open, and the search
/// for the next place goes on from there: a search from the line's beginning for each finding would take time quadratic
/// in the line's findings.
///
///     {"body":{"messages":[{…},{"role":"human",…},…]}}
///       body    messages       [1]     role          one level for each container that is open
struct PathFinder {
  private struct Level {
    var container: JSONValue
    var path: String
    /// Where the search is: the index on the tape of the current element, or of the current member's key.
    var position: Int
    /// How many elements of an array come before the current one.
    var ordinal = 0

    init(_ container: JSONValue, path: String) {
      self.container = container
      self.path = path
      position = container.index + 1
    }
  }

  /// The longest path, in bytes. Longer ones are cut in the middle, because each of a million findings would hold a
  /// copy of the same long names.
  private static let longest = 1_024
  private static let keptInFront = 512
  private static let keptBehind = 256

  private var levels: [Level] = []

  /// Begins another line.
  mutating func clear() { if !levels.isEmpty { levels.removeAll(keepingCapacity: true) } }

  /// The path of a value of the line. A key has the path of its member; the path of the line's own object is empty.
  mutating func path(of value: JSONValue, in root: JSONValue) -> String {
    let target = value.lineRange.lowerBound
    if target <= root.lineRange.lowerBound { return "" }
    if levels.isEmpty { levels.append(Level(root, path: "")) }
    while levels.count > 1, !levels[levels.count - 1].container.lineRange.dropFirst().contains(target) {
      levels.removeLast()
    }
    while true {
      let last = levels.count - 1
      let container = levels[last].container
      let step: (path: String, value: JSONValue)? =
        container.kind == .object
        ? PathFinder.member(at: target, &levels[last]) : PathFinder.element(at: target, &levels[last])
      guard let step else { return levels[last].path }
      guard step.value.lineRange.lowerBound < target, step.value.kind == .object || step.value.kind == .array else {
        return step.path
      }
      levels.append(Level(step.value, path: step.path))
    }
  }

  private static func member(at target: Int, _ level: inout Level) -> (path: String, value: JSONValue)? {
    let container = level.container
    let end = container.nextIndex
    if level.position >= end || container.raw(level.position).lineRange.lowerBound > target {
      level.position = container.index + 1
    }
    while level.position < end {
      let member = container.raw(level.position + 1)
      if member.lineRange.upperBound > target {
        let key = container.raw(level.position)
        guard key.lineRange.lowerBound <= target else { return nil }
        return (level.path.member(key.text), container.at(level.position + 1))
      }
      level.position = member.nextIndex
    }
    return nil
  }

  private static func element(at target: Int, _ level: inout Level) -> (path: String, value: JSONValue)? {
    let container = level.container
    let end = container.nextIndex
    if level.position >= end || container.raw(level.position).lineRange.lowerBound > target {
      (level.position, level.ordinal) = (container.index + 1, 0)
    }
    while level.position < end {
      let element = container.raw(level.position)
      if element.lineRange.upperBound > target {
        return (PathFinder.cut(level.path + "[\(level.ordinal)]"), container.at(level.position))
      }
      level.position = element.nextIndex
      level.ordinal += 1
    }
    return nil
  }

  fileprivate static func cut(_ path: String) -> String {
    if path.utf8.count <= longest { return path }
    let front = path.codePoint(at: keptInFront)
    let behind = path.codePoint(at: path.utf8.count - keptBehind)
    return path[..<front] + "…" + path[behind...]
  }
}

extension String {
  /// The path of the member `key` of the object whose path this string is. A long key is cut.
  func member(_ key: String) -> String {
    isEmpty ? Words.cut(key) : PathFinder.cut(self + "." + Words.cut(key))
  }

  /// The index at which the code point begins that the byte at `offset` belongs to.
  fileprivate func codePoint(at offset: Int) -> Index {
    var index = utf8.index(startIndex, offsetBy: offset)
    while index > startIndex, utf8[index] & 0xC0 == 0x80 { index = utf8.index(before: index) }
    return index
  }
}
