import JSONLines

/// A rule over several members of a body.
///
///     BodyRule(["temperature", "top_p"]) { body, out in … }                  reads the two values
///     BodyRule(["tools", "tool_choice"], reads: .presence) { body, out in … }
///     BodyRule(["messages"], reads: .texts) { body, out in … }
struct BodyRule: Sendable {
  /// The rule is asked only if the body has all of these fields …
  let fields: [String]
  /// … and all of these marks were noted.
  let marks: Marks
  /// Fields that the rule looks at if the body has them.
  let optional: [String]
  /// What the rule reads of a line without findings. It is asked when the line's pattern is learned, with the body, so
  /// that a rule that reads much of only some bodies can look at the body first.
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

/// A body as rules see it: its fields by name, of which null ones count as absent, and what is known of its model.
struct RuledBody: ~Copyable {
  let value: JSONValue
  /// The places of the body's fields.
  let fields: BodyFields
  let model: UnsafePointer<ModelTable.Model>?

  /// The value of a field; nil where the body does not have it, or has null.
  subscript(_ name: StaticString) -> JSONValue? {
    guard let value = fields.value(name, of: value), value.kind != .null else { return nil }
    return value
  }

  /// All messages; nil where `messages` is missing or null.
  var messages: JSONValue.Items? { self["messages"]?.items }

  /// The name in `{"type":"function","function":{"name":…}}`, the form of tools, calls and choices.
  static func functionName(_ value: JSONValue) -> JSONValue? {
    guard let name = value["function"]?["name"], name.kind == .string else { return nil }
    return name
  }

  /// The type of the response format if it asks for JSON; nil otherwise.
  var jsonFormat: JSONValue? {
    guard let type = self["response_format"]?["type"], type.isString("json_object") || type.isString("json_schema")
    else { return nil }
    return type
  }

  /// The array of tools; nil where it is missing or empty.
  var tools: JSONValue? {
    guard let tools = self["tools"], tools.kind == .array, tools.nextIndex > tools.index + 1 else { return nil }
    return tools
  }
}
