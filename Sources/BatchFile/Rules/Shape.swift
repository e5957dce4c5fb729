import JSONLines

/// What a JSON value may be, for each JSON type. The tables in Providers are written with these types.
struct Shape: Sendable {
  var string: StringShape?
  var number: NumberShape?
  var boolean = false
  var null = false
  /// Whether null is a warning: it is accepted, but documents disagree about it.
  var isNullDoubtful = false
  var array: ArrayShape?
  var object: ObjectShape?
  /// Whether any value is accepted and nothing in it is checked.
  var isFree = false

  struct StringShape: Sendable {
    /// Whether the string is a text that differs from line to line: see ``Shape/text``.
    var isText = false
    /// The values that the string may have; nil for any.
    var values: [String]?
    /// Those of the values that get a warning, because the API may not accept them.
    var doubtful: [String] = []
    /// Whether other values get a warning and not an error.
    var allowsOthers = false
    var check: StringCheck?
    /// The fewest and the most characters (code points); others are an error.
    var min = 0
    var max = Int.max
    /// More characters than this are a warning.
    var doubtfulOver = Int.max
    /// Whether a rule reads if the string is empty, although the shape allows that.
    var isEmptyRead = false

    var hasLimits: Bool { min > 0 || max < .max || doubtfulOver < .max || isEmptyRead }
  }

  struct NumberShape: Sendable {
    var isInteger: Bool
    var min: Double?
    var max: Double?
    /// Whether the number must also be within the model's limit of output (``ModelTable/Model/maxCompletionTokens``).
    var isTokenLimit = false
  }

  /// A class, because a struct cannot contain itself.
  final class ArrayShape: Sendable {
    let element: Shape
    let count: ClosedRange<Int>
    /// Whether an empty array gets a warning, because the API accepts it without effect.
    let isDoubtfulEmpty: Bool

    init(_ element: Shape, _ count: ClosedRange<Int>, isDoubtfulEmpty: Bool) {
      self.element = element
      self.count = count
      self.isDoubtfulEmpty = isDoubtfulEmpty
    }
  }

  /// Checks of a string that a list of values cannot express. They lead to warnings unless stated otherwise.
  enum StringCheck: UInt8, Sendable {
    /// At most 64 letters, digits, `_` and `-`.
    case functionName
    /// The same; the name is also noted for the rule that no two tools have the same.
    case toolName
    /// The same two where the API enforces them, so that faults are errors.
    case requiredFunctionName, requiredToolName
    /// The same with at most 128 characters.
    case requiredLongToolName
    /// The name of a message's author. Characters that no API takes are an error; others that a function's name cannot
    /// have are a warning.
    case authorName
    /// A web address, or an image in base64. Anything else is an error.
    case imageURL
    /// The id of a call that an assistant made, …
    case callID
    /// … and the id in a tool's answer, noted for the rule that an answer belongs to a call.
    case answeredCallID
    /// The text of a JSON value.
    case json
    /// A member that is meant for a secret key, so that any string in it gets a warning.
    case secret
  }

  /// A check of an object that looks at more than one of its members.
  struct ObjectCheck: Sendable {
    /// What the check reads of the object. If it reads values, the texts in the object are no holes of a pattern.
    let reads: Reads
    let check: @Sendable (JSONValue, inout FindingList) -> Void

    init(reads: Reads = .values, _ check: @escaping @Sendable (JSONValue, inout FindingList) -> Void) {
      self.reads = reads
      self.check = check
    }
  }
}

/// An object's members.
final class ObjectShape: Sendable {
  let fields: [Field]
  let unknown: Unknown
  /// The shape of all members that no field names; nil for any shape.
  let members: Shape?
  /// The variants of the object, by the value of its only field.
  let variants: [(value: String, shape: ObjectShape)]
  /// The variant of an object without that field; nil where the field is required.
  let otherwise: ObjectShape?
  /// The names that members of other endpoints have here, …
  let moved: [String: String]
  /// … and those of them that the API itself reports in these words.
  let gone: [String: String]
  let check: Shape.ObjectCheck?
  /// The mark that the checker notes for the object.
  let mark: Marks
  /// How often such objects come again from line to line. It has an effect only where three containers are around the
  /// object, because the scanner looks up remembered objects only there.
  let recurs: Recurrence

  /// How often writers repeat an object word for word from line to line.
  enum Recurrence: Sendable {
    case never
    /// Messages: the system's message comes again, the user's does not.
    case sometimes
    /// Tools and schemas.
    case usually
  }

  /// How the API treats members that no field names.
  enum Unknown: Sendable {
    /// The API refuses them (`additionalProperties: false` in Groq's OpenAPI document).
    case refused
    /// The API accepts them and ignores them.
    case ignored
    /// There is no finding for them.
    case free
  }

  init(
    _ fields: [Field], unknown: Unknown, members: Shape? = nil,
    variants: [(value: String, shape: ObjectShape)] = [], otherwise: ObjectShape? = nil, moved: [String: String] = [:],
    gone: [String: String] = [:], check: Shape.ObjectCheck? = nil, mark: Marks = [], recurs: Recurrence = .never
  ) {
    self.fields = fields
    self.unknown = unknown
    self.members = members
    self.variants = variants
    self.otherwise = otherwise
    self.moved = moved
    self.gone = gone
    self.check = check
    self.mark = mark
    self.recurs = recurs
  }
}

/// What the checker notes of a line while it checks the shape, so that rules over several fields are asked only where
/// they may find something.
struct Marks: OptionSet, Sendable {
  let rawValue: UInt64

  /// The id of a call, of which only the other messages show whether it is right.
  static let callID = Marks(rawValue: 1)
  static let imagePart = Marks(rawValue: 2)
  static let builtInTool = Marks(rawValue: 4)
  /// An answer that may belong to no call, and a tool that may have the name of an earlier one. Hashes cannot decide
  /// that, so rules compare the texts.
  static let strayAnswer = Marks(rawValue: 8)
  static let repeatedTool = Marks(rawValue: 16)

  static let toolMessage = Marks(rawValue: 32)
  static let assistantMessage = Marks(rawValue: 64)
  static let functionMessage = Marks(rawValue: 128)
  static let audioPart = Marks(rawValue: 256)
  /// A call in the input of a response, and the answer to one.
  static let call = Marks(rawValue: 512)
  static let callOutput = Marks(rawValue: 1_024)
  static let reasoningItem = Marks(rawValue: 2_048)
  /// A member that no field names, where the API ignores such members.
  static let unknownMember = Marks(rawValue: 4_096)

  /// The marks that are set where a key comes twice or is unknown. The API may read another value than the one that was
  /// noted, so the rules that depend on these marks are asked.
  static let doubts: Marks = [.builtInTool, .strayAnswer, .repeatedTool]
}

/// One member of an object.
struct Field: Sendable {
  var name: String
  var shape: Shape
  var required = false
  var use: Use?

  /// What the use of the field means, beyond the shape of its value.
  enum Use: Sendable, Equatable {
    /// A warning unless the value is null.
    case deprecated(instead: String)
    /// Accepted without effect: a warning unless the value is null.
    case ignored(String)
    /// The same, but the default 0 gets no warning.
    case ignoredUnlessZero(String)
    /// An error unless the value is null; `false` and `{}` ask for nothing, so they are a warning.
    case refused(String)
    /// `true` is an error, because this API does not stream in a batch.
    case streaming(of: String)
    /// A warning unless the value is null, because it is not known whether the field works.
    case doubtful(String)
    /// The same, but only if the value is `true`.
    case doubtfulIfTrue(String)
    /// Without it the API refuses the batch with this text; null and an empty string count as missing.
    case needed(String)
  }

  static func field(
    _ name: String, _ shape: Shape, nullable: Bool = false, required: Bool = false, _ use: Use? = nil
  ) -> Field {
    var shape = shape
    if nullable { shape.null = true }
    return Field(name: name, shape: shape, required: required, use: use)
  }

  /// A field without which the API refuses the whole batch.
  /// - Parameter missing: the API's message where the field is missing.
  static func field(_ name: String, _ shape: Shape, required: Bool, missing: String) -> Field {
    .field(name, shape, nullable: true, required: required, .needed(missing))
  }
}

extension Shape {
  static let free = Shape(isFree: true)
  static let string = Shape(string: StringShape())
  /// A string of free text, such as the content of a message. It is a hole in the patterns of lines, unless a rule says
  /// that it reads texts. Strings that are members of the body itself become holes without this.
  static let text = Shape(string: StringShape(isText: true))
  static let boolean = Shape(boolean: true)

  /// The same.
  /// - Parameter isEmptyRead: whether a rule reads if the text is empty.
  static func text(isEmptyRead: Bool) -> Shape {
    Shape(string: StringShape(isText: true, isEmptyRead: isEmptyRead))
  }

  /// The same, with a number of characters.
  static func text(min: Int = 0, max: Int = .max, doubtfulOver: Int = .max) -> Shape {
    Shape(string: StringShape(isText: true, min: min, max: max, doubtfulOver: doubtfulOver))
  }

  static func string(min: Int = 0, max: Int = .max, doubtfulOver: Int = .max) -> Shape {
    Shape(string: StringShape(min: min, max: max, doubtfulOver: doubtfulOver))
  }

  /// - Parameter doubtful: further values, which get a warning.
  static func string(oneOf values: [String], doubtful: [String] = []) -> Shape {
    Shape(string: StringShape(values: values, doubtful: doubtful))
  }

  /// A string that should have one of these values; others get a warning.
  static func string(usually values: [String]) -> Shape {
    Shape(string: StringShape(values: values, allowsOthers: true))
  }

  static func string(_ check: StringCheck, doubtfulOver: Int = .max) -> Shape {
    Shape(string: StringShape(check: check, doubtfulOver: doubtfulOver))
  }

  /// The same shape, or null, which gets a warning.
  var orDoubtfulNull: Shape {
    var shape = self
    shape.null = true
    shape.isNullDoubtful = true
    return shape
  }

  static func number(in range: ClosedRange<Double>) -> Shape {
    Shape(number: NumberShape(isInteger: false, min: range.lowerBound, max: range.upperBound))
  }

  static var integer: Shape { Shape(number: NumberShape(isInteger: true)) }

  static func integer(min: Double, max: Double? = nil) -> Shape {
    Shape(number: NumberShape(isInteger: true, min: min, max: max))
  }

  /// A limit for the tokens of the answer, which must be within the model's own limit.
  static func tokenLimit(min: Double) -> Shape {
    Shape(number: NumberShape(isInteger: true, min: min, isTokenLimit: true))
  }

  static func array(
    of element: Shape, count: ClosedRange<Int> = 0...Int.max, doubtfulEmpty: Bool = false
  ) -> Shape {
    Shape(array: ArrayShape(element, count, isDoubtfulEmpty: doubtfulEmpty))
  }

  /// An object of which the API refuses other members.
  /// - Parameters:
  ///   - moved: the names that members of other endpoints have here.
  ///   - gone: those of them that the API itself reports in these words.
  static func closed(_ fields: Field..., moved: [String: String] = [:], gone: [String: String] = [:]) -> Shape {
    Shape(object: ObjectShape(fields, unknown: .refused, moved: moved, gone: gone))
  }

  /// An object of which the API ignores other members.
  static func open(
    _ fields: Field..., moved: [String: String] = [:], check: ObjectCheck? = nil,
    recurs: ObjectShape.Recurrence = .never
  ) -> Shape {
    Shape(object: ObjectShape(fields, unknown: .ignored, moved: moved, check: check, recurs: recurs))
  }

  /// An object with any members, all of one shape.
  static func map(of members: Shape) -> Shape { Shape(object: ObjectShape([], unknown: .free, members: members)) }

  /// The same with limits for the number of members and for the characters of their names.
  static func map(of members: Shape, maxMembers: Int, maxNameLength: Int) -> Shape {
    let check = ObjectCheck(reads: .presence) { object, findings in
      var count = 0
      for (key, _) in object.fields {
        count += 1
        let length = key.characterCount
        if length > maxNameLength { findings.longName(key, limit: maxNameLength, got: length) }
      }
      if count > maxMembers { findings.manyMembers(object, limit: maxMembers, got: count) }
    }
    return Shape(object: ObjectShape([], unknown: .free, members: members, check: check))
  }

  /// An object with any members.
  static let freeObject = Shape(object: ObjectShape([], unknown: .free))

  /// An object whose shape is decided by its member `key`.
  /// - Parameter otherwise: the shape of an object without that member; nil where it is required.
  static func oneOf(
    by key: String, recurs: ObjectShape.Recurrence = .never, otherwise: ObjectShape? = nil,
    _ variants: [(value: String, shape: ObjectShape)]
  ) -> Shape {
    let field = Field.field(key, .string(oneOf: variants.map(\.value)), required: true)
    return Shape(
      object: ObjectShape([field], unknown: .free, variants: variants, otherwise: otherwise, recurs: recurs))
  }

  /// A value of any of several shapes, which must be for different JSON types.
  static func anyOf(_ shapes: Shape...) -> Shape {
    shapes.reduce(into: Shape()) { all, shape in
      if let string = shape.string { all.string = string }
      if let number = shape.number { all.number = number }
      if let array = shape.array { all.array = array }
      if let object = shape.object { all.object = object }
      all.boolean = all.boolean || shape.boolean
      all.null = all.null || shape.null
    }
  }

  /// The types in words, in the order of OpenAI's messages: `one of a string or an array`.
  var expectation: String {
    var types: [String] = []
    if string != nil { types.append("a string") }
    if let number { types.append(number.isInteger ? "an integer" : "a number") }
    if boolean { types.append("a boolean") }
    if let array {
      let element = array.element
      types.append(
        element.object != nil ? "an array of objects" : element.string != nil ? "an array of strings" : "an array")
    }
    if object != nil { types.append("an object") }
    return types.count == 1 ? types[0] : "one of " + Words.list(types, last: "or")
  }
}
