import Foundation
import JSONLines

/// Checks batch files by the rules of one API.
///
///     let result = try BatchChecker().check(path: "requests.jsonl")
///     for finding in result.findings { print(finding.line ?? 0, finding.message) }
public struct BatchChecker: Sendable {
  /// The API whose rules apply.
  public var provider: Provider
  /// What is known of single models.
  public var modelTable = ModelTable.groq
  /// Kinds of findings that are left out.
  public var ignoredCodes: Set<Code> = []
  /// How many threads check at once; at least 1. The findings are the same for any number.
  public var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// The longest line that is read whole, in bytes; a longer one is a finding.
  public var lineLimit = 64 << 20
  /// How much is found out about each finding.
  public var detail = Detail.places
  /// How much is read at once, in bytes.
  package var blockSize = LineReader.defaultBlockSize

  public init(provider: Provider = .groq) { self.provider = provider }

  /// How much is found out about each finding; less is faster where there are very many.
  public enum Detail: Sendable {
    /// What a ``BatchError`` holds.
    case errors
    /// Columns and notes too.
    case places
    /// And the place in the line.
    case excerpts
  }

  /// What a check found.
  public struct Result: Sendable {
    /// File-level findings first, then by line.
    public var findings: [Finding]
    public var summary: Summary

    /// The errors in the form of the API; warnings have no place in it.
    public var errors: BatchErrors {
      BatchErrors(findings.filter { $0.severity == .error }.map(\.batchError))
    }
  }

  /// The totals of one file.
  public struct Summary: Hashable, Sendable {
    /// Lines, blank ones too.
    public var lines = 0
    /// Lines that are not blank.
    public var requests = 0
    /// The file's size in bytes.
    public var bytes = 0
    public var errors = 0
    public var warnings = 0

    public init() {}
  }

  /// Checks a file and keeps all that is found.
  ///
  /// - Throws: `InputError` where the file cannot be opened or read.
  public func check(path: String) throws -> Result {
    let handle = try InputError.open(path)
    defer { try? handle.close() }
    return try check(handle)
  }

  /// Checks what an open file or a pipe holds from its current position on.
  ///
  /// - Throws: `InputError` where reading fails.
  public func check(_ handle: FileHandle) throws -> Result {
    let sink = KeepingSink()
    let (summary, fileFindings) = try check(handle, into: sink)
    return Result(findings: fileFindings + sink.findings, summary: summary)
  }

  /// Checks and hands the findings of lines over in order.
  /// - Returns: the totals, and the findings about the file as a whole, which belong in front.
  package func check(
    _ handle: FileHandle, into sink: any FindingSink, progress: (@Sendable (Int) -> Void)? = nil
  ) throws(InputError) -> (Summary, [Finding]) {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    let canReadAgain = start >= 0
    let rules = RuleSet(provider: provider, models: modelTable)
    var run = CheckRun(
      self, rules: rules, handle: handle, sink: sink, ids: canReadAgain ? .hashes : .texts(of: nil), progress)
    try run.run()
    if canReadAgain {
      let suspects = DuplicateSearch.repeated(in: run.hashes)
      if !suspects.isEmpty {
        // Which of them are duplicates, only the texts can tell, and where their findings belong, only a second pass.
        lseek(handle.fileDescriptor, start, SEEK_SET)
        run = CheckRun(self, rules: rules, handle: handle, sink: sink, ids: .texts(of: suspects), progress)
        try run.run()
      }
    }
    return run.finish()
  }
}

/// Takes findings in the order of their lines.
package protocol FindingSink: AnyObject {
  /// A pass over the file begins: what an earlier one brought is void.
  func begin()
  func take(_ findings: [Finding])
}

private final class KeepingSink: FindingSink {
  private(set) var findings: [Finding] = []
  func begin() { findings = [] }
  func take(_ findings: [Finding]) { self.findings += findings }
}

/// Why an input could not be read, in the system's words.
public struct InputError: Error, CustomStringConvertible, Sendable {
  /// The system's error number.
  public let code: Int32

  public init(code: Int32) { self.code = code }

  public var description: String { String(cString: strerror(code)) }

  /// Opens a file for reading.
  package static func open(_ path: String) throws(InputError) -> FileHandle {
    // FileHandle's own opening reports less than errno does.
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError(code: errno) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
