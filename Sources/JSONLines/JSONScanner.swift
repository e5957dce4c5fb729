/// Scans the bytes of one line as strict JSON (RFC 8259). It fills a document, or returns what is wrong and where.
public struct JSONScanner {
  /// The most containers inside each other; deeper values are an error. The scanner itself does not recurse, but code
  /// that walks the values may.
  public static let depthLimit = 1_000
  /// The longest line, in bytes: a document keeps places in the line as numbers of 32 bits.
  public static let lengthLimit = Int(Int32.max)

  /// Scans a line.
  /// - Parameter remembered: objects known from earlier lines, which are looked up instead of scanned; nil for none.
  /// - Returns: the first fault; nil for a line that is one JSON value.
  public static func scan(
    _ bytes: PaddedBytes, into document: JSONDocument, remembered: RememberedValues? = nil
  ) -> JSONError? {
    if bytes.count > lengthLimit { return JSONError(.tooLong, at: lengthLimit) }
    var i = 0
    if let error = scanValue(bytes, &i, into: document, remembered) { return error }
    return i == bytes.count ? nil : JSONError(.trailingBytes, at: i)
  }

  /// Scans the line that `bytes` begins with; other lines may follow. Unlike ``scan(_:into:remembered:)`` it does not
  /// need the line's end, which costs a pass over its bytes to find.
  /// - Returns: the index of the line's newline; nil where the line is not one JSON value. Then
  ///   ``scan(_:into:remembered:)`` of the line alone returns why.
  public static func scanFirstLine(
    of bytes: PaddedBytes, into document: JSONDocument, remembered: RememberedValues?
  ) -> Int? {
    var i = 0
    guard bytes.count <= lengthLimit, scanValue(bytes, &i, into: document, remembered) == nil,
      bytes[i] == ASCII.newline
    else { return nil }
    document.tape.pointee.bytes = bytes.part(0..<i)
    return i
  }

  /// Scans the value that a text begins with, and the blanks around it.
  /// - Parameter end: is set to the index after them.
  private static func scanValue(
    _ bytes: PaddedBytes, _ end: inout Int, into document: JSONDocument, _ remembered: RememberedValues?
  ) -> JSONError? {
    var tape = document.tape.pointee
    tape.bytes = bytes
    tape.hasLoneSurrogate = false
    tape.longWords = 0
    tape.count = 0
    var i = skipBlanks(bytes, 0)
    defer {
      document.tape.pointee = tape
      end = i
    }
    var open = -1  // the index of the innermost open container
    var openIsObject = false
    var depth = 0
    // The depth at which objects are looked up, or else the depth limit, so that one comparison serves both purposes.
    let askedDepth = remembered?.depth ?? depthLimit
    /// Whether a key comes next and not a value.
    var needsKey = false

    value: while true {
      let start = i
      let byte = bytes[i]
      // Keys and string values share this code: the loop is small enough for the processor's caches.
      if needsKey, byte != ASCII.quote { return faultyKey(bytes, at: i) }
      switch byte {
      case ASCII.quote:
        if let error = scanString(bytes, &i, &tape) { return error }
        if needsKey {
          i = skipBlanks(bytes, i)
          guard bytes[i] == ASCII.colon else {
            return JSONError(i == bytes.count ? .cutShort : .expectedColon, at: i)
          }
          i = skipBlanks(bytes, i + 1)
          needsKey = false
          continue value
        }
      case ASCII.openBrace:
        if depth >= askedDepth {
          if let remembered, depth == askedDepth, let known = remembered.find(in: bytes, at: i) {
            tape.appendRemembered(known, at: i)
            i += known.pointee.bytes.count
            break
          }
          if depth == depthLimit { return JSONError(.tooDeep, at: i) }
        }
        depth += 1
        tape.append(JSONToken(.object, i, 0, next: open))
        open = tape.count - 1
        openIsObject = true
        i = skipBlanks(bytes, i + 1)
        if bytes[i] != ASCII.closeBrace {
          needsKey = true
          continue value
        }
      case ASCII.openBracket:
        if depth == depthLimit { return JSONError(.tooDeep, at: i) }
        depth += 1
        tape.append(JSONToken(.array, i, 0, next: open))
        open = tape.count - 1
        openIsObject = false
        i = skipBlanks(bytes, i + 1)
        if bytes[i] != ASCII.closeBracket { continue value }
      case ASCII.zero...ASCII.nine, ASCII.minus:
        if let error = NumberScanner.scan(bytes, &i) { return error }
        tape.append(JSONToken(.number, start, i, next: tape.count + 1))
      case 0x74 where bytes.word(at: i) & 0xFFFF_FFFF == 0x6575_7274:
        i += 4
        tape.append(JSONToken(.true, start, i, next: tape.count + 1))
      case 0x66 where bytes.word(at: i) & 0xFF_FFFF_FFFF == 0x65_736C_6166:
        i += 5
        tape.append(JSONToken(.false, start, i, next: tape.count + 1))
      case 0x6E where bytes.word(at: i) & 0xFFFF_FFFF == 0x6C6C_756E:
        i += 4
        tape.append(JSONToken(.null, start, i, next: tape.count + 1))
      default:
        if i == bytes.count { return JSONError(tape.count == 0 ? .empty : .cutShort, at: i) }
        return faultyValue(bytes, at: i)
      }

      // A value has ended, or an empty container is about to.
      while true {
        i = skipBlanks(bytes, i)
        if open < 0 { return nil }
        let byte = bytes[i]
        if byte == ASCII.comma {
          i = skipBlanks(bytes, i + 1)
          needsKey = openIsObject
          continue value
        }
        guard byte == (openIsObject ? ASCII.closeBrace : ASCII.closeBracket) else {
          return JSONError(i == bytes.count ? .cutShort : .expectedCommaOrEnd, at: i)
        }
        i += 1
        depth -= 1
        let container = tape.tokens + open
        open = Int(Int32(bitPattern: container.pointee.next))
        container.pointee.end = UInt32(truncatingIfNeeded: i)
        container.pointee.next = UInt32(truncatingIfNeeded: tape.count)
        openIsObject = open >= 0 && tape.tokens[open].kind == .object
      }
    }
  }

  /// Skips the blanks between tokens. Most programs write none or a single space.
  @inlinable @inline(__always)
  static func skipBlanks(_ bytes: PaddedBytes, _ start: Int) -> Int {
    let first = bytes[start]
    if first > ASCII.space { return start }
    if first == ASCII.space, bytes[start &+ 1] > ASCII.space { return start &+ 1 }
    return skipManyBlanks(bytes, start)
  }

  @usableFromInline
  static func skipManyBlanks(_ bytes: PaddedBytes, _ start: Int) -> Int {
    var i = start
    while ASCII.isBlank(bytes[i]) { i += 1 }
    return i
  }

  @inline(__always)
  private static func scanString(_ bytes: PaddedBytes, _ i: inout Int, _ tape: inout JSONTape) -> JSONError? {
    let start = i
    let found = StringScanner.scan(bytes, from: i + 1, findsLongWords: tape.findsLongWords)
    if found.end < 0 { return faultyString(bytes, at: ~found.end, from: start) }
    if !found.traits.isPlainOrEscaped {
      if found.traits.contains(.nonASCII), !UTF8Validation.isValid(bytes, start + 1..<found.end) {
        return JSONError(.invalidUTF8, at: UTF8Validation.firstFault(bytes, start + 1..<found.end) ?? start)
      }
      if found.traits.contains(.loneSurrogate) { tape.hasLoneSurrogate = true }
      if found.traits.contains(.longWord) { tape.longWords += 1 }
    }
    i = found.end + 1
    tape.append(JSONToken(.string, start, i, next: tape.count + 1, traits: found.traits))
    return nil
  }
}

// MARK: - The reasons of faults

extension JSONScanner {
  private static func faultyString(_ bytes: PaddedBytes, at fault: Int, from start: Int) -> JSONError {
    // A fault of UTF-8 may come before the one that ended the string.
    if let broken = UTF8Validation.firstFault(bytes, start + 1..<fault) { return JSONError(.invalidUTF8, at: broken) }
    // The line may end with a backslash.
    let isCut = fault == bytes.count || fault == bytes.count - 1 && bytes[fault] == ASCII.backslash
    if isCut { return JSONError(.unterminatedString, at: start) }
    return JSONError(bytes[fault] < ASCII.space ? .controlCharacter : .invalidEscape, at: fault)
  }

  private static func faultyKey(_ bytes: PaddedBytes, at i: Int) -> JSONError {
    if i == bytes.count { return JSONError(.cutShort, at: i) }
    switch bytes[i] {
    case ASCII.closeBrace: return JSONError(.trailingComma, at: i)
    case 0x27: return JSONError(.singleQuote, at: i)
    default: return JSONError(.expectedKey, at: i)
    }
  }

  private static func isAfterComma(_ bytes: PaddedBytes, _ i: Int) -> Bool {
    var k = i - 1
    while k > 0, ASCII.isBlank(bytes[k]) { k -= 1 }
    return k >= 0 && bytes[k] == ASCII.comma
  }

  private static func faultyValue(_ bytes: PaddedBytes, at i: Int) -> JSONError {
    switch bytes[i] {
    case ASCII.closeBracket, ASCII.closeBrace:
      return JSONError(isAfterComma(bytes, i) ? .trailingComma : .expectedValue, at: i)
    case 0x27: return JSONError(.singleQuote, at: i)
    case 0xEF where bytes[i + 1] == 0xBB && bytes[i + 2] == 0xBF: return JSONError(.byteOrderMark, at: i)
    case 0x74, 0x66, 0x6E: return JSONError(.invalidLiteral, at: i)
    case 0x4E, 0x49: return JSONError(.notANumberLiteral, at: i)
    case ASCII.point, ASCII.plus: return JSONError(.invalidNumber, at: i)
    case let byte where byte >= 0x80:
      let isText = UTF8Validation.firstFault(bytes, i..<min(i + 4, bytes.count)) != i
      return JSONError(isText ? .expectedValue : .invalidUTF8, at: i)
    default: return JSONError(.expectedValue, at: i)
    }
  }
}
