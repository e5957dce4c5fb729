import JSONLines

/// What a JSON value may be, type by type. The tables in Providers are written in these words.
struct Shape: Sendable {
  var string: StringShape?
  var number: NumberShape?
  var boolean = false
  var null = false
  /// Null is accepted, and documents disagree on whether it may be: a warning.
  var isNullDoubtful = false
  var array: ArrayShape?
  var object: ObjectShape?
  /// Anything goes; nothing in it is looked at.
  var isFree = false

  struct StringShape: Sendable {
    /// Prose, which differs from line to line: see ``Shape/text``.
    var isText = false
    /// Nil for any string.
    var values: [String]?
    /// Those of the values that are not sure to be accepted: a warning.
    var doubtful: [String] = []
    /// Whether other values than these are only doubtful.
    var allowsOthers = false
    var check: StringCheck?
    /// Characters (code points): fewer and more than these are refused, …
    var min = 0
    var max = Int.max
    /// … and more than this many are warned of.
    var doubtfulOver = Int.max
    /// Whether a rule asks if it is empty, though the shape lets it be.
    var isEmptyRead = false

    var hasLimits: Bool { min > 0 || max < .max || doubtfulOver < .max || isEmptyRead }
  }

  struct NumberShape: Sendable {
    var isInteger: Bool
    var min: Double?
    var max: Double?
    /// Whether the model's own limit of output holds too (``ModelTable/Model/maxCompletionTokens``).
    var isTokenLimit = false
  }

  /// A box, since a shape cannot hold a shape.
  final class ArrayShape: Sendable {
    let element: Shape
    let count: ClosedRange<Int>
    /// Whether an empty array gets a warning: some pass the API's schema and have no effect.
    let isDoubtfulEmpty: Bool

    init(_ element: Shape, _ count: ClosedRange<Int>, isDoubtfulEmpty: Bool) {
      self.element = element
      self.count = count
      self.isDoubtfulEmpty = isDoubtfulEmpty
    }
  }

  /// Checks of a string that a list of values cannot express. Where nothing else is said, they lead to warnings.
  enum StringCheck: UInt8, Sendable {
    /// Letters, digits, `_` and `-`, at most 64 of them.
    case functionName
    /// The same, noted for the rule that no other tool has it.
    case toolName
    /// The same two where the API enforces it: errors.
    case requiredFunctionName, requiredToolName
    /// Who speaks. Characters that no API takes are an error, others than those of a function's name a warning.
    case authorName
    /// An address of the web, or a picture in base64: an error.
    case imageURL
    /// The id of a call that an assistant made, …
    case callID
    /// … and the id in a tool's answer, noted for the rule that an answer belongs to a call.
    case answeredCallID
    /// The text of a JSON value.
    case json
    /// A member that holds a secret by its purpose: any string in it is warned of as one.
    case secret
  }

  /// A check of an object that looks at more than one of its members.
  struct ObjectCheck: Sendable {
    /// What it reads of the object: texts in one whose values are read are judged in every line.
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
  /// The shape of every member that no field names.
  let members: Shape?
  /// The variants the object can have, by the value of its only field.
  let variants: [(value: String, shape: ObjectShape)]
  /// The variant of an object without that field; nil where it must be there.
  let otherwise: ObjectShape?
  /// What members of other endpoints are called here, …
  let moved: [String: String]
  /// … and those of them that the API says this of by itself.
  let gone: [String: String]
  let check: Shape.ObjectCheck?
  /// What the checker notes when it meets the object.
  let mark: Marks
  /// Whether such objects are worth remembering. Of use only where three containers are around them: elsewhere the
  /// scanner does not look.
  let recurs: Recurrence

  /// How often writers repeat an object word for word from line to line.
  enum Recurrence: Sendable {
    case never
    /// The system's message does, the user's does not.
    case sometimes
    /// Tools and schemas do.
    case usually
  }

  /// How the API treats members that no field names.
  enum Unknown: Sendable {
    /// The API refuses them (`additionalProperties: false` in Groq's OpenAPI document).
    case refused
    /// The API takes them and does nothing with them.
    case ignored
    /// Nothing is said about them.
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

/// What the checker notes of a line while it walks it, so that rules over several fields look only where they must.
struct Marks: OptionSet, Sendable {
  let rawValue: UInt64

  /// The id of a call: whether it is in order, other messages decide.
  static let callID = Marks(rawValue: 1)
  static let imagePart = Marks(rawValue: 2)
  static let builtInTool = Marks(rawValue: 4)
  /// An answer may belong to no call, and a tool may have an earlier one's name. Hashes cannot tell; rules compare texts.
  static let strayAnswer = Marks(rawValue: 8)
  static let repeatedTool = Marks(rawValue: 16)

  static let toolMessage = Marks(rawValue: 32)
  static let assistantMessage = Marks(rawValue: 64)
  static let functionMessage = Marks(rawValue: 128)
  static let audioPart = Marks(rawValue: 256)
  /// A call among a response's input, and the answer to one.
  static let call = Marks(rawValue: 512)
  static let callOutput = Marks(rawValue: 1_024)
  static let reasoningItem = Marks(rawValue: 2_048)
  /// A member that no field names, where such are ignored.
  static let unknownMember = Marks(rawValue: 4_096)

  /// Set where a key comes twice or is unknown: the API may read another value than the one that was noted, so the rules
  /// that depend on notes are asked.
  static let doubts: Marks = [.builtInTool, .strayAnswer, .repeatedTool]
}

/// One member of an object.
struct Field: Sendable {
  var name: String
  var shape: Shape
  var required = false
  var use: Use?

  /// What using the field means beyond its value's shape.
  enum Use: Sendable, Equatable {
    /// Warned of unless null.
    case deprecated(instead: String)
    /// Accepted and without effect: warned of unless null.
    case ignored(String)
    /// The same, but the default 0 is as good as nothing.
    case ignoredUnlessZero(String)
    /// Refused unless null; `false` and `{}` ask for nothing and are warned of.
    case refused(String)
    /// `true` cannot be had in a batch of this API's.
    case streaming(of: String)
    /// Warned of unless null: whether it works is open.
    case doubtful(String)
    /// The same where it is `true`.
    case doubtfulIfTrue(String)
    /// Null and an empty string are as bad as nothing, and the batch is refused with this text.
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
  /// - Parameter missing: what it then says.
  static func field(_ name: String, _ shape: Shape, required: Bool, missing: String) -> Field {
    .field(name, shape, nullable: true, required: required, .needed(missing))
  }
}

extension Shape {
  static let free = Shape(isFree: true)
  static let string = Shape(string: StringShape())
  /// A string of prose: what a message says. Lines that differ only in it are alike to all rules that do not say that
  /// they read texts. A string in the body itself needs no such mark.
  static let text = Shape(string: StringShape(isText: true))
  static let boolean = Shape(boolean: true)

  /// Prose.
  /// - Parameter isEmptyRead: whether a rule asks if there are any.
  static func text(isEmptyRead: Bool) -> Shape {
    Shape(string: StringShape(isText: true, isEmptyRead: isEmptyRead))
  }

  /// Prose of so many characters.
  static func text(min: Int = 0, max: Int = .max, doubtfulOver: Int = .max) -> Shape {
    Shape(string: StringShape(isText: true, min: min, max: max, doubtfulOver: doubtfulOver))
  }

  static func string(min: Int = 0, max: Int = .max, doubtfulOver: Int = .max) -> Shape {
    Shape(string: StringShape(min: min, max: max, doubtfulOver: doubtfulOver))
  }

  /// - Parameter doubtful: further values, which are warned of.
  static func string(oneOf values: [String], doubtful: [String] = []) -> Shape {
    Shape(string: StringShape(values: values, doubtful: doubtful))
  }

  /// Other values than these are warned of.
  static func string(usually values: [String]) -> Shape {
    Shape(string: StringShape(values: values, allowsOthers: true))
  }

  static func string(_ check: StringCheck, doubtfulOver: Int = .max) -> Shape {
    Shape(string: StringShape(check: check, doubtfulOver: doubtfulOver))
  }

  /// The same, or null, which is warned of.
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

  /// How many tokens the model may answer with.
  static func tokenLimit(min: Double) -> Shape {
    Shape(number: NumberShape(isInteger: true, min: min, isTokenLimit: true))
  }

  static func array(
    of element: Shape, count: ClosedRange<Int> = 0...Int.max, doubtfulEmpty: Bool = false
  ) -> Shape {
    Shape(array: ArrayShape(element, count, isDoubtfulEmpty: doubtfulEmpty))
  }

  /// An object whose further members the API refuses.
  /// - Parameters:
  ///   - moved: what members of other endpoints are called here.
  ///   - gone: those of them that the API says this of by itself.
  static func closed(_ fields: Field..., moved: [String: String] = [:], gone: [String: String] = [:]) -> Shape {
    Shape(object: ObjectShape(fields, unknown: .refused, moved: moved, gone: gone))
  }

  /// An object whose further members the API ignores.
  static func open(
    _ fields: Field..., moved: [String: String] = [:], check: ObjectCheck? = nil,
    recurs: ObjectShape.Recurrence = .never
  ) -> Shape {
    Shape(object: ObjectShape(fields, unknown: .ignored, moved: moved, check: check, recurs: recurs))
  }

  /// An object of any members, all by one shape.
  static func map(of members: Shape) -> Shape { Shape(object: ObjectShape([], unknown: .free, members: members)) }

  /// The same with at most so many members, whose names have at most so many characters.
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

  /// An object that may hold anything.
  static let freeObject = Shape(object: ObjectShape([], unknown: .free))

  /// An object whose shape its member `key` decides.
  /// - Parameter otherwise: the shape of one without that member.
  static func oneOf(
    by key: String, recurs: ObjectShape.Recurrence = .never, otherwise: ObjectShape? = nil,
    _ variants: [(value: String, shape: ObjectShape)]
  ) -> Shape {
    let field = Field.field(key, .string(oneOf: variants.map(\.value)), required: true)
    return Shape(
      object: ObjectShape([field], unknown: .free, variants: variants, otherwise: otherwise, recurs: recurs))
  }

  /// A value by any of several shapes, each for other JSON types.
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

  /// In the order of OpenAI's texts: `one of a string or an array`.
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
