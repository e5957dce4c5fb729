import Foundation
import JSONLines

/// Looks up one of a few known texts by its bytes: the keys of an object, the values of an enum.
///
/// It is a hash table with open addressing. Every key of every line is looked up in one, so the hash is made only from
/// the length and the first and last eight bytes, and a hit is confirmed by comparing all bytes. Its memory is not
/// reference-counted: the owner keeps it as long as the process lives, or calls `deallocate`.
struct KeyTable: @unchecked Sendable {  // immutable
  private struct Entry {
    /// The text's first eight bytes as a number, the first byte lowest; zeros where the text is shorter.
    var first: UInt64
    var text: UnsafePointer<UInt8>
    var length: Int
  }

  /// Marks a slot that no text has.
  private static let free: UInt32 = .max

  /// The texts, in the order they were given.
  private let entries: UnsafeMutablePointer<Entry>
  /// Indexes into `entries`. A text has the slot that its hash names, or the next free one after it.
  private let slots: UnsafeMutablePointer<UInt32>
  private let mask: Int
  let count: Int

  init(_ texts: [String]) {
    count = texts.count
    var size = 8
    while size < texts.count * 4 { size *= 2 }
    mask = size - 1
    slots = .allocate(capacity: size)
    slots.initialize(repeating: KeyTable.free, count: size)
    entries = .allocate(capacity: max(1, count))
    for (index, text) in texts.enumerated() {
      let utf8 = Array(text.utf8)
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: utf8.count + 1)
      copy.update(from: utf8, count: utf8.count)
      (entries + index).initialize(
        to: Entry(first: KeyTable.head(utf8), text: UnsafePointer(copy), length: utf8.count))
      var slot = KeyTable.hash(KeyTable.head(utf8), KeyTable.tail(utf8), utf8.count) & mask
      while slots[slot] != KeyTable.free { slot = (slot + 1) & mask }
      slots[slot] = UInt32(index)
    }
  }

  func deallocate() {
    for k in 0..<count { entries[k].text.deallocate() }
    entries.deallocate()
    slots.deallocate()
  }

  /// The index of the text that a string value has, with escapes resolved; nil where it is none of the texts.
  @inline(__always)
  func find(_ string: JSONValue) -> Int? {
    if string.traits.contains(.escaped) { return findEscaped(string) }
    return find(string.bytes, string.contentRange)
  }

  @inline(__always)
  func find(_ bytes: PaddedBytes, _ range: Range<Int>) -> Int? {
    let length = range.count
    let start = range.lowerBound
    var first = bytes.word(at: start)
    var last = first
    if length < 8 {
      first &= length == 0 ? 0 : ~0 &>> UInt64(64 - 8 * length)
      last = first
    } else {
      last = bytes.word(at: start + length - 8)
    }
    var slot = KeyTable.hash(first, last, length) & mask
    while true {
      let index = slots[slot]
      if index == KeyTable.free { return nil }
      let entry = entries + Int(index)
      if entry.pointee.length == length, entry.pointee.first == first, isRest(entry, bytes, start, length) {
        return Int(index)
      }
      slot = (slot + 1) & mask
    }
  }

  /// The index of a name in the code; nil where it is none of the texts.
  func find(_ text: StaticString) -> Int? { find(text.utf8Start, text.utf8CodeUnitCount) }

  /// The index of a text that is not in a line; nil where it is none of the texts.
  func find(_ text: String) -> Int? {
    var text = text
    return text.withUTF8 { utf8 in utf8.baseAddress.map { find($0, utf8.count) } ?? find("" as StaticString) }
  }

  /// The same for bytes without padding behind them.
  private func find(_ start: UnsafePointer<UInt8>, _ length: Int) -> Int? {
    var first: UInt64 = 0
    for k in (0..<min(8, length)).reversed() { first = first &<< 8 | UInt64(start[k]) }
    var last = first
    if length >= 8 { for k in (length - 8..<length).reversed() { last = last &<< 8 | UInt64(start[k]) } }
    var slot = KeyTable.hash(first, last, length) & mask
    while slots[slot] != KeyTable.free {
      let entry = entries[Int(slots[slot])]
      if entry.length == length, entry.first == first, memcmp(entry.text, start, length) == 0 {
        return Int(slots[slot])
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  @inline(never)
  private func findEscaped(_ string: JSONValue) -> Int? {
    var text: [UInt8] = []
    string.appendText(to: &text)
    return PaddedBytes.withCopy(of: text) { find($0, 0..<$0.count) }
  }

  /// Whether the bytes from the ninth on are equal to the entry's.
  @inline(__always)
  private func isRest(_ entry: UnsafeMutablePointer<Entry>, _ bytes: PaddedBytes, _ start: Int, _ length: Int) -> Bool {
    var k = 8
    while k < length {
      if bytes[start + k] != entry.pointee.text[k] { return false }
      k += 1
    }
    return true
  }

  @inline(__always)
  private static func hash(_ first: UInt64, _ last: UInt64, _ length: Int) -> Int {
    let product = (first ^ (last &<< 1) ^ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: product &>> 40)
  }

  private static func head(_ text: [UInt8]) -> UInt64 { word(text.prefix(8)) }

  private static func tail(_ text: [UInt8]) -> UInt64 { word(text.count < 8 ? text[...] : text.suffix(8)) }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
