import BatchFile
import Foundation
import JSONLines
import TestSupport

@testable import BatchClient

/// A run in this process: a file of requests, the API of the tests, curl, and a clock that does not wait.
final class LibraryRun: Sendable {
  let scratch: Scratch
  let api: BatchAPI

  init(requests: Int = 3, _ change: (inout APISettings) -> Void = { _ in }) throws {
    scratch = try Scratch()
    api = try BatchAPI(change)
    try scratch.file("requests.jsonl", RunPlace.requests(1...requests))
  }

  /// Does what a command does each time it is started: opens the run from what is on the disk, submits, and waits to
  /// the end.
  ///
  /// - Returns: the problems that are left, by part.
  @discardableResult
  func submitAndWait(
    in scratch: Scratch? = nil, transport: (any Transport)? = nil, clock: (any WallClock)? = nil, maxRequests: Int = 0,
    adopting: [String] = [], idsPerList: Int = 0, patiently: Bool = false, deadline: Date? = nil,
    _ change: (BatchRun) -> Void = { _ in }
  ) async throws -> [PartID: BatchRun.Problem] {
    let place = scratch ?? self.scratch
    var provider = Provider.API(baseURL: api.url, keyVariable: "GROQ_API_KEY")
    provider.idsPerList = idsPerList
    let client = try BatchClient(
      provider, key: api.key, transport: transport ?? CurlTransport(), clock: clock ?? ManualClock(Date()))
    let input = Path(place.url.appendingPathComponent("requests.jsonl").path)
    let run = try await LibraryRun.take(input, client)
    change(run)
    var limits = Provider.groq.withoutLimits
    limits.maxRequests = maxRequests
    let plan = BatchRun.Plan(
      provider: "groq", api: provider, window: "24h", metadata: [:], limits: FileLimits(limits))
    try await run.submit(plan, key: api.key, adopting: adopting, patiently: patiently)
    _ = try await run.wait(until: deadline)
    return run.problems
  }

  /// Opens the run, and tries again while its lock is held: a child that another test starts at the moment inherits the
  /// lock, and holds it from its fork to its exec.
  private static func take(_ input: Path, _ client: BatchClient) async throws -> BatchRun {
    for _ in 0..<100 {
      do { return try BatchRun(input: input, folder: RunFolder(input + ".run"), client: client) { _ in } } catch {
        guard error == .held(by: getpid()) else { throw error }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    return try BatchRun(input: input, folder: RunFolder(input + ".run"), client: client) { _ in }
  }

  /// The newest output file that the API made.
  var outputOfAPI: Data? {
    api.batchIDs.last.flatMap { api.outputFileID(of: $0) }.flatMap { api.content(of: $0) }
  }

  func kept(_ name: String) -> Data? {
    FileManager.default.contents(atPath: scratch.url.appendingPathComponent("requests.jsonl.run/\(name)").path)
  }
}
