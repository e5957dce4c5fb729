import JSONLines

/// The bytes that stay the same from line to line, learned from a line without faults, and the holes between them.
///
///     {"custom_id":"  r-1  ","method":"POST",…,"model":"  m  ","messages":[{"role":"user","content":"  Hi  "}]}}
///       literal       id                 literal         model                literal                 text  literal
///
/// Programs write the lines of a file alike. A line with the same literals, a known model, and valid values in the
/// holes has no faults, so it need not be checked further. A value is a hole only if no rule reads it
/// (``PatternHoles``), and everything else is literal. The url is literal too, so a pattern belongs to one endpoint.
final class LinePattern {
  enum Hole: Equatable {
    case id
    case model
    case text
    /// A text of at least and at most this many bytes.
    case limitedText(min: Int, max: Int)
    /// Such texts, as many as there are, with these bytes between them.
    case texts(min: Int, max: Int, most: Int, separator: [UInt8])
    /// A number that has to fit this shape.
    case number(UnsafePointer<CompiledSchema.Node>)
    /// A number that also has to be at most this large.
    case boundedNumber(UnsafePointer<CompiledSchema.Node>, max: Double)
    /// The end of the line, after the last literal.
    case end
  }

  /// A hole of a line and its place. The range of a string has no quotes.
  struct PlacedHole {
    let range: Range<Int>
    let hole: Hole
  }

  private struct Part {
    let literal: PaddedBytes
    let hole: Hole
    /// The kind of the hole. Every line is compared by a switch over it; a switch over ``hole`` would take five times
    /// as long, because its cases have values.
    let kind: Kind
    /// The fewest and the most bytes of a text.
    let least: Int
    let most: Int

    enum Kind {
      case id, model, text, texts, number, end
    }

    init(literal: PaddedBytes, hole: Hole) {
      self.literal = literal
      self.hole = hole
      (least, most) =
        switch hole {
        case .limitedText(let least, let most), .texts(let least, let most, _, _): (least, most)
        default: (0, .max)
        }
      kind =
        switch hole {
        case .id: .id
        case .model: .model
        case .text, .limitedText: .text
        case .texts: .texts
        case .number, .boundedNumber: .number
        case .end: .end
        }
    }
  }

  /// The most bytes of all literals. Longer ones hold tools and schemas, which are remembered one by one instead.
  private static let longestLiterals = 8 << 10
  private static let mostModels = 16

  private let memory: UnsafeMutableRawBufferPointer
  private let parts: UnsafeMutablePointer<Part>
  private let partCount: Int
  /// The models, as they are spelt, with which lines of this pattern had no findings.
  private let models: UnsafeMutablePointer<PaddedBytes>
  private var modelCount = 0
  /// Whether a match says how many inputs of embeddings the line has.
  let countsInputs: Bool
  var hits = 0

  /// - Parameter holes: the holes in the order of their places.
  init?(_ line: PaddedBytes, holes: [PlacedHole]) {
    guard line.count - holes.reduce(0, { $0 + $1.range.count }) <= LinePattern.longestLiterals else { return nil }
    // Each literal is padded, so that it can be compared in steps of several bytes.
    let size = line.count + (holes.count + 1) * PaddedBytes.padding
    memory = .allocate(byteCount: size, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: ASCII.newline)
    partCount = holes.count + 1
    countsInputs = holes.contains { if case .texts = $0.hole { true } else { false } }
    parts = .allocate(capacity: partCount)
    models = .allocate(capacity: LinePattern.mostModels)
    var used = 0
    var start = 0
    for (k, placed) in (holes + [PlacedHole(range: line.count..<line.count, hole: .end)]).enumerated() {
      let source = line.buffer(start..<placed.range.lowerBound)
      let target = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + source.count])
      target.copyMemory(from: source)
      let literal = PaddedBytes(base: UnsafeRawPointer(memory.baseAddress! + used), count: source.count)
      (parts + k).initialize(to: Part(literal: literal, hole: placed.hole))
      used += source.count + PaddedBytes.padding
      start = placed.range.upperBound
      if case .model = placed.hole { add(model: line, placed.range) }
    }
  }

  deinit {
    for k in 0..<modelCount { models[k].deallocate() }
    models.deallocate()
    parts.deallocate()
    memory.deallocate()
  }

  /// Whether both patterns have the same holes between the same literals.
  func hasSameHoles(as other: [PlacedHole]) -> Bool {
    other.count == partCount - 1 && other.indices.allSatisfy { parts[$0].hole == other[$0].hole }
  }

  func add(model line: PaddedBytes, _ range: Range<Int>) {
    guard modelCount < LinePattern.mostModels else { return }
    (models + modelCount).initialize(to: PaddedBytes.copy(of: line.buffer(range)))
    modelCount += 1
  }

  struct Match {
    /// The `custom_id` without quotes.
    var id = 0..<0
    var idTraits = StringTraits.none
    /// How many inputs of embeddings the line has beside its first; only where the pattern counts them.
    var furtherInputs = 0
    /// The place of a model that this pattern does not know yet, where the line fits up to it.
    var unknownModel: Range<Int>?
  }

  /// Compares the line that begins at `start` with the pattern.
  /// - Returns: the index of the line's newline; -1 where the line does not fit.
  @inline(__always)
  func match(
    _ bytes: PaddedBytes, at start: Int, _ match: inout Match, wantsUnknownModel: Bool = false
  ) -> Int {
    var i = start
    var part = parts
    while true {
      let literal = part.pointee.literal
      guard i + literal.count <= bytes.count, literal.equals(bytes, at: i) else { return -1 }
      i += literal.count
      switch part.pointee.kind {
      case .text:
        let string = StringScanner.scan(bytes, from: i, findsLongWords: true)
        guard string.end >= i + part.pointee.least, string.end - i <= part.pointee.most, isText(bytes, i, string)
        else { return -1 }
        i = string.end
      case .texts:
        i = endOfTexts(bytes, from: i, part.pointee, &match)
        guard i >= 0 else { return -1 }
      case .id:
        let string = StringScanner.scan(bytes, from: i, findsLongWords: true)
        guard string.end > i, isText(bytes, i, string) else { return -1 }
        match.id = i..<string.end
        match.idTraits = string.traits
        i = string.end
      case .model:
        let length = model(in: bytes, at: i)
        if length >= 0 {
          i += length
        } else {
          guard wantsUnknownModel else { return -1 }
          let string = StringScanner.scan(bytes, from: i, findsLongWords: true)
          guard string.end >= 0 else { return -1 }
          match.unknownModel = i..<string.end
          i = string.end
        }
      case .number:
        i = LinePattern.endOfNumber(bytes, from: i, part.pointee.hole)
        guard i >= 0 else { return -1 }
      case .end:
        return bytes[i] == ASCII.newline ? i : -1
      }
      part += 1
    }
  }

  /// Checks the texts of which the first one begins at `start`.
  /// - Returns: the index after the last one; -1 where they do not fit.
  @inline(never)
  private func endOfTexts(_ bytes: PaddedBytes, from start: Int, _ part: Part, _ match: inout Match) -> Int {
    guard case .texts(_, _, let mostItems, let separator) = part.hole else { return -1 }
    return separator.withUnsafeBytes { separator in
      var count = 1
      var i = start
      while true {
        let string = StringScanner.scan(bytes, from: i, findsLongWords: true)
        guard string.end >= i + part.least, string.end - i <= part.most, isText(bytes, i, string) else { return -1 }
        i = string.end
        guard i + separator.count <= bytes.count, bytes.buffer(i..<i + separator.count).elementsEqual(separator) else {
          break
        }
        guard count < mostItems else { return -1 }
        i += separator.count
        count += 1
      }
      match.furtherInputs = count - 1
      return i
    }
  }

  /// Checks the number that begins at `start`.
  /// - Returns: the index after the number; -1 where there is no number that fits.
  @inline(never)
  private static func endOfNumber(_ bytes: PaddedBytes, from start: Int, _ hole: Hole) -> Int {
    var end = start
    guard ASCII.isDigit(bytes[end]) || bytes[end] == ASCII.minus, NumberScanner.scan(bytes, &end) == nil else {
      return -1
    }
    let isInOrder =
      switch hole {
      case .number(let node):
        CompiledSchema.isClean(bytes, start..<end, node)
      case .boundedNumber(let node, let most):
        CompiledSchema.isClean(bytes, start..<end, node) && NumberScanner.double(bytes, start..<end) <= most
      default:
        false
      }
    return isInOrder ? end : -1
  }

  @inline(__always)
  private func isText(_ bytes: PaddedBytes, _ start: Int, _ string: StringScan) -> Bool {
    if string.traits.isPlainOrEscaped { return true }
    return isUnusualText(bytes, start..<string.end, string.traits)
  }

  @inline(never)
  private func isUnusualText(_ bytes: PaddedBytes, _ range: Range<Int>, _ traits: StringTraits) -> Bool {
    if traits.contains(.loneSurrogate) { return false }
    if traits.contains(.nonASCII), !UTF8Validation.isValid(bytes, range) { return false }
    return !traits.contains(.longWord) || SecretSearch.find(in: bytes, range) == nil
  }

  /// The length of the known model at `i`; -1 where there is none.
  @inline(__always)
  private func model(in bytes: PaddedBytes, at i: Int) -> Int {
    for k in 0..<modelCount {
      let model = models[k]
      guard i + model.count < bytes.count, bytes[i + model.count] == ASCII.quote else { continue }
      if model.equals(bytes, at: i) { return model.count }
    }
    return -1
  }
}
