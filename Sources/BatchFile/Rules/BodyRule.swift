import JSONLines

/// A rule over several members of a body.
///
///     BodyRule(["temperature", "top_p"]) { body, out in … }                  reads the two values
///     BodyRule(["tools", "tool_choice"], reads: .presence) { body, out in … }
///     BodyRule(["messages"], reads: .texts) { body, out in … }
struct BodyRule: Sendable {
  /// The rule is asked only where all of these are there …
  let fields: [String]
  /// … and all of these were noted.
  let marks: Marks
  /// Members that the rule looks at where they are there.
  let optional: [String]
  /// What it reads of a line in which nothing was found, asked when the line's pattern is learned: a rule that reads
  /// much of few lines looks at the body first.
  let reads: @Sendable (borrowing RuledBody) -> Reads
  let check: @Sendable (borrowing RuledBody, inout FindingList) -> Void

  init(
    _ fields: [String], optional: [String] = [], marks: Marks = [], reads: Reads = .values,
    _ check: @escaping @Sendable (borrowing RuledBody, inout FindingList) -> Void
  ) {
    self.init(fields, optional: optional, marks: marks, reads: { _ in reads }, check)
  }

  init(
    _ fields: [String], optional: [String] = [], marks: Marks = [],
    reads: @escaping @Sendable (borrowing RuledBody) -> Reads,
    _ check: @escaping @Sendable (borrowing RuledBody, inout FindingList) -> Void
  ) {
    self.fields = fields
    self.optional = optional
    self.marks = marks
    self.reads = reads
    self.check = check
  }
}

/// A body as the rules see it: its fields by name, null ones as absent, and what is known of its model.
struct RuledBody: ~Copyable {
  let value: JSONValue
  /// Where the body's fields stand, by the schema's table.
  let fields: BodyFields
  let model: UnsafePointer<ModelTable.Model>?

  /// A field that is there and not null.
  subscript(_ name: StaticString) -> JSONValue? {
    guard let value = fields.value(name, of: value), value.kind != .null else { return nil }
    return value
  }

  /// All messages, where they are in an array.
  var messages: JSONValue.Items? { self["messages"]?.items }

  /// The name in `{"type":"function","function":{"name":…}}`, the form of tools, calls and choices.
  static func functionName(_ value: JSONValue) -> JSONValue? {
    guard let name = value["function"]?["name"], name.kind == .string else { return nil }
    return name
  }

  /// The type of the response format, where it asks for JSON.
  var jsonFormat: JSONValue? {
    guard let type = self["response_format"]?["type"], type.isString("json_object") || type.isString("json_schema")
    else { return nil }
    return type
  }

  /// The tools, where there are any.
  var tools: JSONValue? {
    guard let tools = self["tools"], tools.kind == .array, tools.nextIndex > tools.index + 1 else { return nil }
    return tools
  }
}
