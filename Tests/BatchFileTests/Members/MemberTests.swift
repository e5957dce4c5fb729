import Testing

@testable import BatchFile

/// The tables for the bodies of one url.
struct URLMembers: Sendable, CustomTestStringConvertible {
  var url: String
  var checker: BatchChecker
  var tables: [MemberTable]

  var testDescription: String { "\(checker.provider.name) \(url)" }
}

@Suite("Members of bodies")
struct MemberTests {
  static let urls =
    GroqMembers.urls + [OpenAIChatMembers.url, OpenAIResponseMembers.url] + OpenAIOtherMembers.urls
    + [CommonMembers.url]

  @Test("each has a value that is accepted and one that is refused", arguments: urls)
  func values(_ url: URLMembers) throws {
    for table in url.tables { try table.expect(url: url.url, checker: url.checker) }
  }

  /// A member without a row could be of any type and no test would fail.
  @Test("each has a row in a table", arguments: urls)
  func rows(_ url: URLMembers) throws {
    let endpoint = try #require(Endpoint.find(url.url, in: url.checker.provider.endpoints))
    let rows = Set(url.tables.flatMap { table in table.members.map { "\(MemberTests.place(table.path)).\($0.name)" } })
    let places = Set(url.tables.map { MemberTests.place($0.path) })
    for member in MemberTests.members(of: endpoint.shape, at: "body") {
      #expect(
        rows.contains(member) || member.hasSuffix(".*") && places.contains(String(member.dropLast(2))), "\(member)")
    }
  }

  /// The path without the numbers of elements.
  private static func place(_ path: String) -> String { path.replacing(/\[\d+\]/, with: "[]") }

  /// The paths of all members in a shape; those that no field names are `*`.
  private static func members(of shape: Shape, at path: String) -> Set<String> {
    let inArray = shape.array.map { members(of: $0.element, at: "\(path)[]") } ?? []
    let inObject = shape.object.map { members(of: $0, at: path) } ?? []
    return inArray.union(inObject)
  }

  private static func members(of object: ObjectShape, at path: String) -> Set<String> {
    var found: Set<String> = []
    func add(_ name: String, _ shape: Shape) {
      found.insert("\(path).\(name)")
      found.formUnion(members(of: shape, at: "\(path).\(name)"))
    }
    for field in object.fields { add(field.name, field.shape) }
    if let others = object.members { add("*", others) }
    for (_, variant) in object.variants { found.formUnion(members(of: variant, at: path)) }
    if let otherwise = object.otherwise { found.formUnion(members(of: otherwise, at: path)) }
    return found
  }
}
