import JSONLines

/// The members of an object, and of objects in it, by the bytes of their names: for rows that many columns are taken of.
final class MemberIndex {
  private struct Members {
    /// Of two of a name, the last one.
    var values: [[UInt8]: JSONValue] = [:]
    var twice: Set<[UInt8]> = []

    init(_ object: JSONValue) {
      for (key, value) in object.fields where values.updateValue(value, forKey: key.textBytes) != nil {
        twice.insert(key.textBytes)
      }
    }
  }

  private let root: JSONValue
  private let members: Members
  /// Of objects in the root, by their indexes on the tape, once they were asked for.
  private var inner: [Int: Members] = [:]

  init(_ root: JSONValue) {
    self.root = root
    members = Members(root)
  }

  /// Whether a name stands for two members.
  func hasTwice(_ name: String) -> Bool { members.twice.contains(Array(name.utf8)) }

  /// As ``JSONValue/member(at:)``.
  func member(at path: String) -> JSONValue? {
    if let member = members.values[Array(path.utf8)] { return member }
    let keys = path.utf8.split(separator: ASCII.point, omittingEmptySubsequences: false)
    guard keys.count > 1 else { return nil }
    var value = root
    for key in keys {
      guard value.kind == .object, let next = members(of: value).values[Array(key)] else { return nil }
      value = next
    }
    return value
  }

  private func members(of object: JSONValue) -> Members {
    if object.index == root.index { return members }
    if let known = inner[object.index] { return known }
    let made = Members(object)
    inner[object.index] = made
    return made
  }
}
