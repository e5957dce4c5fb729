import BatchClient
import BatchFile
import Foundation
import JSONLines

/// The API's errors about the parts of a run, as lines for people. The API counts the lines of a part; here they are
/// the lines and columns of the input.
struct APIErrorLines {
  /// An error, and the text of the line that it is about; empty where it is about no line.
  private struct Wanted {
    var errors: [Fact.ErrorFact]
    /// The texts of the lines that the errors are about, by their numbers in the part.
    var texts: [Int: [UInt8]]
  }

  let run: BatchRun
  let input: Path

  func lines() -> [String] {
    var out: [String] = []
    var codes: Set<String> = []
    let attempt = run.state.lastAttempt
    let wanted = run.state.parts.compactMap { part -> Wanted? in
      // What the API said of an earlier attempt was answered by the later one.
      guard part.id.attempt == attempt, let errors = part.state?.errors, !errors.isEmpty else { return nil }
      let numbers = Set(errors.compactMap(\.line))
      return Wanted(errors: errors, texts: APIErrorLines.lines(numbers, of: run.folder.part(part.id)))
    }
    if wanted.isEmpty { return [] }
    // The input is read once for all parts, because once for each would take time quadratic in their number.
    let places = APIErrorLines.places(Set(wanted.flatMap(\.texts.values)), in: input)
    let name = TerminalText.name(input.description)
    for item in wanted {
      let lines = item.texts.compactMapValues { $0.isEmpty ? nil : places[$0] }
      for error in item.errors {
        let code = error.code ?? "error"
        codes.insert(code)
        let message = "error[\(code)]: \(error.message ?? "")"
        if let number = error.line, let line = lines[number], let text = item.texts[number] {
          out.append("\(name):\(line):\(APIErrorLines.column(error.param, in: text)): \(message)")
        } else {
          out.append("\(name): \(message)")
        }
      }
    }
    for code in codes.sorted() where Code(rawValue: code) != nil {
      out.append("  `batchfile explain \(code)` says more about it")
    }
    return out
  }

  /// The lines of requests that the API named when it refused a whole batch: sent again, they would be refused again.
  func refusedLines() -> Set<[UInt8]> {
    var texts: Set<[UInt8]> = []
    for part in run.state.parts where part.status == .failed {
      let numbers = Set((part.state?.errors ?? []).compactMap(\.line))
      texts.formUnion(APIErrorLines.lines(numbers, of: run.folder.part(part.id)).values)
    }
    return texts
  }

  /// The texts of some lines of a file, by their numbers from 1.
  private static func lines(_ numbers: Set<Int>, of path: Path) -> [Int: [UInt8]] {
    var found: [Int: [UInt8]] = [:]
    if numbers.isEmpty { return found }
    forEachLine(of: path) { number, line in
      if numbers.contains(number) { found[number] = Array(line) }
      return found.count < numbers.count
    }
    return found
  }

  /// The numbers of the lines of a file with these texts. This finds the line of the input for a line of a part,
  /// because both are equal byte for byte, and no two lines of the input are equal.
  private static func places(_ texts: Set<[UInt8]>, in path: Path) -> [[UInt8]: Int] {
    var found: [[UInt8]: Int] = [:]
    let lengths = Set(texts.map(\.count))
    forEachLine(of: path) { number, line in
      guard lengths.contains(line.count) else { return true }
      let text = Array(line)
      if texts.contains(text) { found[text] = found[text] ?? number }
      return found.count < texts.count
    }
    return found
  }

  private static func forEachLine(of path: Path, _ body: (Int, UnsafeRawBufferPointer) -> Bool) {
    guard let handle = try? InputError.open(path) else { return }
    defer { try? handle.close() }
    let reader = LineReader(handle)
    let block = LineBlock()
    var number = 0
    while (try? reader.fill(block)) == true {
      var start = 0
      while start < block.count {
        number += 1
        let end = block.endOfLine(from: start)
        if !body(number, block.part(start..<end)) { return }
        start = end + 1
      }
    }
  }

  /// The column of the value that `param` names, in code points from 1; 1 where there is no such value.
  private static func column(_ param: String?, in line: [UInt8]) -> Int {
    guard let param else { return 1 }
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: line) { bytes in
      guard JSONScanner.scan(bytes, into: document) == nil else { return 1 }
      var value = document.root
      for name in param.split(whereSeparator: { ".[]".contains($0) }) {
        if let index = Int(name), value.kind == .array {
          guard let item = Array(value.items).dropFirst(max(0, index)).first else { return 1 }
          value = item
        } else if let field = Array(value.fields).first(where: { $0.key.text == name }) {
          value = field.value
        } else {
          break
        }
      }
      return String(decoding: bytes.buffer(0..<value.range.lowerBound), as: UTF8.self).unicodeScalars.count + 1
    }
  }
}
