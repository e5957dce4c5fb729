import JSONLines

/// An index of the members of an object and of the objects inside it, by the bytes of their names. It is made for rows
/// of which the templates use many columns.
final class MemberIndex {
  private struct Members {
    /// The values by their names; for a name that comes twice, the last value.
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
  /// The indexes of the objects inside the root, by their places on the tape. Each is made when it is first needed.
  private var inner: [Int: Members] = [:]

  init(_ root: JSONValue) {
    self.root = root
    members = Members(root)
  }

  /// Whether the object has several members with this name.
  func hasTwice(_ name: String) -> Bool { members.twice.contains(Array(name.utf8)) }

  /// The member at a path, by the same rules as ``JSONValue/member(at:)``.
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
