import Foundation
import JSONLines

/// Checks batch files by the rules of one API.
///
///     let result = try BatchChecker().check(path: "requests.jsonl")
///     for finding in result.findings { print(finding.line ?? 0, finding.message) }
public struct BatchChecker: Sendable {
  /// The API whose rules apply.
  public var provider: Provider
  /// What is known of single models; nil for the provider's own table.
  public var modelTable: ModelTable?
  /// The codes of findings that are left out.
  public var ignoredCodes: Set<Code> = []
  /// The most threads that are used. Each thread takes memory, and the system limits how many a process may start.
  package static let mostJobs = 256
  /// The most threads that check at once, at least 1. The findings are the same for any number.
  public var jobs: Int {
    get { chosenJobs ?? ProcessInfo.processInfo.activeProcessorCount }
    set { chosenJobs = newValue }
  }
  /// Nil until `jobs` is set. The system reads files to find the number of processors, so it is not asked without need.
  private var chosenJobs: Int?
  /// The longest line that is read whole, in bytes; a longer one is a finding.
  public var lineLimit = 64 << 20
  /// How much is found out about each finding.
  public var detail = FindingDetail.places
  /// How many bytes are read at once.
  package var blockSize = LineReader.defaultBlockSize
  /// The endpoints that bodies are checked for; nil for the provider's own.
  var endpoints: [Endpoint]?

  public init(provider: Provider = .groq) { self.provider = provider }

  /// Checks a file and returns all findings.
  ///
  /// - Throws: `InputError` where the file cannot be opened or read.
  public func check(path: Path) throws -> CheckedFile {
    let handle = try InputError.open(path)
    defer { try? handle.close() }
    do {
      return try check(handle)
    } catch var error as InputError {
      error.path = path
      throw error
    }
  }

  /// Does the same as ``check(path:)``, for a path that is a `String`.
  public func check(path: String) throws -> CheckedFile { try check(path: Path(path)) }

  /// Checks an open file or a pipe from its current position on.
  ///
  /// - Throws: `InputError` where reading fails.
  public func check(_ handle: FileHandle) throws -> CheckedFile {
    let sink = KeepingSink()
    let (summary, fileFindings) = try check(handle, into: sink)
    return CheckedFile(findings: fileFindings + sink.findings, summary: summary)
  }

  /// Checks an open file or a pipe, and hands the findings of its lines to a sink in order.
  /// - Returns: the totals, and the findings about the file as a whole, which come before the others in a report.
  package func check(
    _ handle: FileHandle, into sink: any FindingSink, progress: (@Sendable (Int) -> Void)? = nil
  ) throws(InputError) -> (CheckSummary, [Finding]) {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    let canReadAgain = start >= 0
    let rules = RuleSet(provider: provider, endpoints: endpoints, models: modelTable)
    var run = CheckRun(
      self, rules: rules, handle: handle, sink: sink, ids: canReadAgain ? .hashes : .texts(of: nil), progress)
    try run.run()
    if canReadAgain {
      let suspects = DuplicateSearch.repeated(in: run.hashes)
      if !suspects.isEmpty {
        // Equal hashes need not mean equal ids, and the lines of the ids were not kept. So the file is checked again,
        // and this time the texts of these ids are compared.
        lseek(handle.fileDescriptor, start, SEEK_SET)
        run = CheckRun(self, rules: rules, handle: handle, sink: sink, ids: .texts(of: suspects), progress)
        try run.run()
      }
    }
    return run.finish()
  }
}

private final class KeepingSink: FindingSink {
  private(set) var findings: [Finding] = []
  func begin() { findings = [] }
  func take(_ findings: [Finding]) { self.findings += findings }
}
