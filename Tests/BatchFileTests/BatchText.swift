import BatchFile
import Foundation

/// Batch files made for tests.
enum BatchText {
  /// The checker's result for bytes that come through a pipe.
  static func check(_ bytes: [UInt8], with checker: BatchChecker = BatchChecker()) throws -> CheckedFile {
    let pipe = Pipe()
    // Another thread writes, because a pipe holds less than some of the files.
    Thread {
      try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
      try? pipe.fileHandleForWriting.close()
    }.start()
    return try checker.check(pipe.fileHandleForReading)
  }

  /// The checker's result for bytes in a file.
  static func checkFile(_ bytes: [UInt8], with checker: BatchChecker = BatchChecker()) throws -> CheckedFile {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("batch-\(UUID().uuidString).jsonl")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try checker.check(path: url.path)
  }

  /// A line without faults.
  static func line(
    id: String, model: String = "openai/gpt-oss-20b", content: String = "Hi", more: String = "",
    url: String = "/v1/chat/completions"
  ) -> String {
    #"{"custom_id":"\#(id)","method":"POST","url":"\#(url)","body":{"model":"\#(model)","messages":"#
      + #"[{"role":"user","content":"\#(content)"}]\#(more)}}"#
  }
}
