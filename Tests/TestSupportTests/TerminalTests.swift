import Foundation
import Testing

@testable import TestSupport

/// The terminal of the tests does what terminals do.
@Suite("The tests' terminal")
struct TerminalDoubleTests {
  @Test(
    "draws what it is told",
    arguments: [
      ("one\r\ntwo", ["one", "two"]), ("one\rT", ["Tne"]), ("one\r\ntwo\r\u{1B}[1Aten", ["ten", "two"]),
      ("one\r\ntwo\r\u{1B}[1Aa\u{1B}[K", ["a", "two"]), ("one\r\ntwo\r\u{1B}[1Aa\u{1B}[J", ["a"]),
      ("12345678", ["12345", "678"]), ("12345\r\n6", ["12345", "6"]), ("größe…", ["größe", "…"]),
    ])
  func screen(text: String, lines: [String]) {
    for size in [1, 3, 100] {
      // However it is cut on its way.
      var picture = TerminalPicture(columns: 5)
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        picture.take(bytes[start..<min(bytes.count, start + size)])
      }
      #expect(picture.lines == lines)
    }
  }

  @Test("a program sees a terminal with the given size")
  func program() async throws {
    let terminal = try Terminal(columns: 33, rows: 7)
    let program = try RunningProgram(
      URL(fileURLWithPath: "/bin/sh"), ["-c", "test -t 2 && stty size <&2 >&2; echo end >&2"], terminal: terminal)
    let outcome = try await program.finished(terminal)
    #expect(outcome.errors == "7 33\r\nend\r\n")
  }
}
