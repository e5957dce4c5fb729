import Foundation

/// A folder with one input, and the program that is run there.
package struct Workplace {
  package let scratch: Scratch
  package let input: String

  package init(_ input: String = "prompts.txt", _ text: String = "one\ntwo\nthree\n") throws {
    scratch = try Scratch()
    self.input = input
    try scratch.file(input, text)
  }

  /// Runs `convert` with a model, these options, and the input.
  package func convert(_ options: String...) throws -> Program.Outcome {
    try run(["--model", "openai/gpt-oss-20b"] + options + [input])
  }

  package func run(_ words: [String], input: Data? = nil) throws -> Program.Outcome {
    try Program.run(Program.path, ["convert"] + words, input: input, in: scratch.url)
  }

  /// The names of the files in the folder, without the input.
  package var files: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).filter { $0 != input }.sorted()
    }
  }

  package func text(_ file: String) throws -> String {
    try String(contentsOf: scratch.url.appendingPathComponent(file), encoding: .utf8)
  }

  /// The ids of a file's requests, in order.
  package func ids(_ file: String) throws -> [String] { try Workplace.ids(in: text(file)) }

  /// A row for `convert`, as JSON.
  package static let row = #"{"prompt":"a"}"#
  package static let body = #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"a"}]}"#

  package static func ids(in text: String) throws -> [String] {
    try lines(of: text).map { $0["custom_id"] as? String ?? "" }
  }

  package static func lines(of text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }
}
