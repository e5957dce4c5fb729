import JSONLines

/// The places of a body's fields on the tape.
///
/// Plain memory, because every rule on every line gets it. Whoever makes it must free it.
struct BodyFields {
  private let table: KeyTable
  /// For each field of the table, its value's index on the tape; 0 for a field that the body does not have.
  private let places: UnsafeMutablePointer<Int32>

  init(_ schema: CompiledSchema) {
    table = schema.objects[Int(schema.nodes[schema.root].object)].keys
    places = .allocate(capacity: max(1, table.count))
    clear()
  }

  func deallocate() { places.deallocate() }

  func clear() { places.update(repeating: 0, count: table.count) }

  func set(_ field: Int, _ index: Int) { places[field] = Int32(truncatingIfNeeded: index) }

  /// The value of one of the body's fields.
  func value(_ name: StaticString, of body: JSONValue) -> JSONValue? {
    guard let field = table.find(name), places[field] != 0 else { return nil }
    return body.at(Int(places[field]))
  }

  /// Which bit of ``BodyChecker/present`` stands for a field; nil for one that the table does not have.
  func bit(of name: String) -> UInt64? { table.find(name).map { 1 << UInt64($0) } }
}
