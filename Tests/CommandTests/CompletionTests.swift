import BatchFile
import Foundation
import TestSupport
import Testing

@Suite("Completions")
struct CompletionTests {
  /// The words that bash offers to complete the last of these.
  static func bash(_ words: String...) throws -> [String] {
    let quoted = (["batchfile"] + words).map { "'\($0)'" }.joined(separator: " ")
    let outcome = try Shell.run(
      """
      set -eu
      eval "$(batchfile completion bash)"
      complete -p batchfile >&2
      COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count)
      _batchfile || exit 3
      for reply in ${COMPREPLY[@]+"${COMPREPLY[@]}"}; do printf '%s\\n' "$reply"; done
      """)
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors == "complete -o default -F _batchfile batchfile\n")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  static let formats = ReportFormat.allCases.map(\.rawValue)

  @Test("bash completes subcommands")
  func subcommands() throws {
    #expect(
      try CompletionTests.bash("") == [
        "check", "convert", "split", "fix", "submit", "wait", "status", "results", "retry", "cancel", "run", "explain",
        "completion", "help", "--help", "--version",
      ])
    #expect(try CompletionTests.bash("co") == ["convert", "completion"])
    #expect(try CompletionTests.bash("--v") == ["--version"])
    #expect(try CompletionTests.bash("help", "sp") == ["split"])
    #expect(try CompletionTests.bash("completion", "") == ["bash", "zsh", "fish"])
  }

  @Test("bash completes options")
  func options() throws {
    #expect(
      try CompletionTests.bash("check", "--max-") == [
        "--max-findings", "--max-line-bytes", "--max-bytes", "--max-requests",
      ])
    #expect(try CompletionTests.bash("fix", "file.jsonl", "--in") == ["--in-place"])
    #expect(try CompletionTests.bash("explain", "--p") == ["--provider"])
  }

  @Test("bash completes values, after a space and after an equals sign")
  func values() throws {
    #expect(try CompletionTests.bash("check", "--format", "") == CompletionTests.formats)
    #expect(try CompletionTests.bash("check", "--format", "=") == CompletionTests.formats)
    #expect(try CompletionTests.bash("check", "--format", "=", "sa") == ["sarif"])
    #expect(try CompletionTests.bash("check", "--ignore", "bl") == ["blank_line"])
    #expect(try CompletionTests.bash("check", "--provider", "o") == ["openai"])
    #expect(try CompletionTests.bash("explain", "duplicate") == ["duplicate_key", "duplicate_custom_id"])
  }

  @Test("bash is left to complete files itself")
  func files() throws {
    #expect(try CompletionTests.bash("check", "").isEmpty)
    #expect(try CompletionTests.bash("convert", "-o", "").isEmpty)
  }

  @Test("the script is good for its shell", arguments: ["bash", "zsh", "fish"].filter(Shell.has))
  func syntax(shell: String) throws {
    let scratch = try Scratch()
    let outcome = try Shell.run(
      "batchfile completion \"$1\" > \"$2/script\" && \"$1\" -n \"$2/script\"", shell, scratch.url.path)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.status == 0)
  }

  @Test("zsh and fish are told of every format and code", arguments: ["zsh", "fish"])
  func others(shell: String) throws {
    let script = try Program.run("completion", shell).output
    #expect(script.contains(CompletionTests.formats.joined(separator: " ")))
    #expect(script.contains(Code.allCases.map(\.rawValue).joined(separator: " ")))
  }
}
