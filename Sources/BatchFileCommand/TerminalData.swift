import BatchFile
import JSONLines

/// Writes data to a terminal. Characters that would move the cursor or reverse the text are written as escapes like
/// `\u001B`, which mean the same in a JSON string. Files and pipes get the data unchanged.
final class TerminalData: ByteSink {
  private let output: any ByteSink
  /// The first bytes of a character whose other bytes have not come yet.
  private var cut: [UInt8] = []

  init(_ output: any ByteSink) { self.output = output }

  func write(_ bytes: UnsafeRawBufferPointer) {
    let text = cut + bytes
    let whole = TerminalData.wholeCount(text)
    cut = Array(text[whole...])
    var shown = String.UnicodeScalarView()
    for scalar in String(decoding: text[..<whole], as: UTF8.self).unicodeScalars {
      if scalar == "\n" || scalar == "\t" || !TerminalText.isUnsafe(scalar) {
        shown.append(scalar)
      } else {
        shown.append(contentsOf: TerminalText.escape(scalar).unicodeScalars)
      }
    }
    output.write(String(shown))
  }

  func fail(_ reason: InputError.Reason) { output.fail(reason) }

  /// How many bytes make whole characters. The bytes after them may be the beginning of one.
  private static func wholeCount(_ text: [UInt8]) -> Int {
    for length in 1...3 where length <= text.count {
      let byte = text[text.count - length]
      if byte & 0xC0 == 0x80 { continue }
      let wanted = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return wanted > length ? text.count - length : text.count
    }
    return text.count
  }
}
