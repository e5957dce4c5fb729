import JSONLines

/// What stays the same from line to line, learned from a line without faults, and the holes in it.
///
///     {"custom_id":"  r-1  ","method":"POST",…,"model":"  m  ","messages":[{"role":"user","content":"  Hi  "}]}}
///       literal       id                 literal         model                literal                 text  literal
///
/// Writers repeat themselves: a line with the same literals, a known model, and holes that are in order is in order.
/// A string is a hole only where no rule asks what it says; all else is literal.
struct LineShape {
  enum Hole: Equatable {
    case id
    case model
    case text
    /// The node whose rule the number must pass.
    case number(Int)
    /// After the last literal: the line's end.
    case end
  }

  private struct Part {
    var literal: PaddedBytes
    var hole: Hole
  }

  /// Longer literals than these in a line are tools and schemas, which are remembered one by one.
  private static let longestLiterals = 8 << 10
  private static let mostModels = 16

  private let memory: UnsafeMutableRawBufferPointer
  private let parts: UnsafeMutableBufferPointer<Part>
  /// The models, as spelt, that lines of this shape were in order with.
  private var models: [PaddedBytes] = []
  private var modelMemory: [UnsafeMutableRawBufferPointer] = []
  var hits = 0

  /// - Parameter holes: in the order of their places; string holes without their quotes.
  init?(_ line: PaddedBytes, holes: [(range: Range<Int>, hole: Hole)]) {
    guard line.count - holes.reduce(0, { $0 + $1.range.count }) <= LineShape.longestLiterals else { return nil }
    // Each literal is padded, so that it can be compared in whole steps.
    let size = line.count + (holes.count + 1) * PaddedBytes.padding
    memory = .allocate(byteCount: size, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: ASCII.newline)
    parts = .allocate(capacity: holes.count + 1)
    var used = 0
    var start = 0
    for (k, (range, hole)) in (holes + [(line.count..<line.count, .end)]).enumerated() {
      let source = line.buffer(start..<range.lowerBound)
      let target = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + source.count])
      target.copyMemory(from: source)
      let literal = PaddedBytes(base: UnsafeRawPointer(memory.baseAddress! + used), count: source.count)
      parts.initializeElement(at: k, to: Part(literal: literal, hole: hole))
      used += source.count + PaddedBytes.padding
      start = range.upperBound
      if hole == .model { add(model: line, range) }
    }
  }

  func deallocate() {
    for memory in modelMemory { memory.deallocate() }
    memory.deallocate()
    parts.deallocate()
  }

  mutating func add(model line: PaddedBytes, _ range: Range<Int>) {
    guard models.count < LineShape.mostModels else { return }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count + PaddedBytes.padding, alignment: 16)
    copy.initializeMemory(as: UInt8.self, repeating: ASCII.newline)
    copy.copyMemory(from: line.buffer(range))
    modelMemory.append(copy)
    models.append(PaddedBytes(base: UnsafeRawPointer(copy.baseAddress!), count: range.count))
  }

  struct Match {
    /// The `custom_id` without quotes.
    var id: Range<Int>
    var idTraits: StringTraits
    /// The index of the line's newline.
    var end: Int
    /// Where a model stands that is not known here, and nothing else is amiss before it.
    var unknownModel: Range<Int>?
  }

  /// The line that begins at `start`, where it has this shape.
  @inline(__always)
  func match(_ bytes: PaddedBytes, at start: Int, schema: CompiledSchema, wantsUnknownModel: Bool = false) -> Match? {
    var match = Match(id: 0..<0, idTraits: [], end: 0)
    var i = start
    for k in 0..<parts.count {
      let part = parts.baseAddress! + k
      let literal = part.pointee.literal
      guard i + literal.count <= bytes.count, literal.equals(bytes, at: i) else { return nil }
      i += literal.count
      switch part.pointee.hole {
      case .id, .text:
        let string = StringScanner.scan(bytes, from: i)
        guard string.end >= 0 else { return nil }
        if string.traits.rawValue > StringTraits.escaped.rawValue {
          if string.traits.contains(.loneSurrogate) { return nil }
          if !UTF8Validation.isValid(bytes, i..<string.end) { return nil }
        }
        if part.pointee.hole == .id {
          guard string.end > i else { return nil }
          match.id = i..<string.end
          match.idTraits = string.traits
        }
        i = string.end
      case .model:
        if let known = model(in: bytes, at: i) {
          i += known
        } else if wantsUnknownModel {
          let string = StringScanner.scan(bytes, from: i)
          guard string.end >= 0 else { return nil }
          match.unknownModel = i..<string.end
          i = string.end
        } else {
          return nil
        }
      case .number(let node):
        let from = i
        guard ASCII.isDigit(bytes[i]) || bytes[i] == ASCII.minus, NumberScanner.scan(bytes, &i) == nil,
          schema.isClean(bytes, from..<i, node)
        else { return nil }
      case .end:
        guard bytes[i] == ASCII.newline else { return nil }
        match.end = i
      }
    }
    return match
  }

  /// The length of the known model that stands at `i`.
  @inline(__always)
  private func model(in bytes: PaddedBytes, at i: Int) -> Int? {
    for model in models where i + model.count < bytes.count && bytes[i + model.count] == ASCII.quote {
      if model.equals(bytes, at: i) { return model.count }
    }
    return nil
  }
}
