import Foundation
import JSONLines
import TestSupport

@testable import BatchFile

/// A body that is made by a shape. Its strings and numbers are chosen again each time it is written.
indirect enum ShapedBody {
  case fixed(String)
  case string(Shape.StringShape)
  case number(Shape.NumberShape)
  case model
  case array([ShapedBody])
  case object([(key: String, value: ShapedBody)])

  /// - Parameter wanted: members that the body must have.
  init(_ shape: Shape, wanted: [String], _ random: inout SeededGenerator) {
    guard let object = shape.object else {
      self = .fixed("{}")
      return
    }
    self = ShapedBody.object(object, wanted: wanted, depth: 0, &random)
  }

  private init(_ shape: Shape, depth: Int, _ random: inout SeededGenerator) {
    var choices: [ShapedBody] = []
    if let string = shape.string { choices += [.string(string), .string(string)] }
    if let number = shape.number { choices += [.number(number), .number(number)] }
    if shape.boolean { choices += [.fixed("true"), .fixed("false")] }
    if let array = shape.array {
      let count = min(max(array.count.lowerBound, random.number(1...2)), array.count.upperBound)
      choices.append(.array((0..<count).map { _ in ShapedBody(array.element, depth: depth + 1, &random) }))
    }
    if let object = shape.object { choices.append(ShapedBody.object(object, wanted: [], depth: depth + 1, &random)) }
    self = choices.isEmpty ? .fixed("{}") : random.pick(choices)
  }

  private static func object(
    _ shape: ObjectShape, wanted: [String], depth: Int, _ random: inout SeededGenerator
  ) -> ShapedBody {
    var shape = shape
    var members: [(key: String, value: ShapedBody)] = []
    while !shape.variants.isEmpty {
      let (name, variant) = random.pick(shape.variants)
      members.append((shape.fields[0].name, .fixed("\"\(name)\"")))
      shape = variant
    }
    for field in shape.fields where !members.contains(where: { $0.key == field.name }) {
      let isChosen = field.use == nil && depth < 8 && random.number(0...9) < (depth == 0 ? 1 : 3)
      guard field.required || wanted.contains(field.name) || isChosen else { continue }
      let isModel = depth == 0 && field.name == "model"
      members.append((field.name, isModel ? .model : ShapedBody(field.shape, depth: depth, &random)))
    }
    return .object(members)
  }

  private static let texts = ["json", "As JSON, please.", "Hi", "get_weather", "{}", "ä €", "bad"]

  func rendered(models: [String], _ random: inout SeededGenerator) -> String {
    switch self {
    case .fixed(let text): return text
    case .model: return "\"\(random.pick(models))\""
    case .string(let shape):
      return String(decoding: JSONText.quoted(random.pick(shape.values ?? ShapedBody.texts)), as: UTF8.self)
    case .number(let shape):
      let low = max(shape.min ?? -5, -1e6)
      let high = min(shape.max ?? low + 1000, 1e6)
      let number = random.pick([low, low, high, (low + high) / 2, low + (high - low) / 8, min(1, high)])
      return shape.isInteger || number == number.rounded() ? "\(Int(number))" : "\(number)"
    case .array(let items):
      return "[" + items.map { $0.rendered(models: models, &random) }.joined(separator: ",") + "]"
    case .object(let members):
      return "{" + members.map { "\"\($0.key)\":" + $0.value.rendered(models: models, &random) }.joined(separator: ",")
        + "}"
    }
  }
}

extension JSONText {
  fileprivate static func quoted(_ text: String) -> [UInt8] {
    var out: [UInt8] = []
    appendString(text, to: &out)
    return out
  }
}
