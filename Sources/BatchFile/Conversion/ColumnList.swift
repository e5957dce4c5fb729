/// The names of columns, each once. They are compared as bytes, because `String ==` takes some different spellings as
/// equal.
struct ColumnList {
  private(set) var names: [String] = []
  private var places: [[UInt8]: Int] = [:]

  /// The index of a column, which is added where it is new.
  mutating func place(of name: String) -> Int {
    let bytes = Array(name.utf8)
    if let place = places[bytes] { return place }
    places[bytes] = names.count
    names.append(name)
    return names.count - 1
  }
}
