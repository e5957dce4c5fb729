import BatchFile
import Foundation
import JSONLines
import TestSupport
import Testing

@testable import BatchClient

/// A batch that was made elsewhere is taken only where it is certain that it was made of the same requests.
@Suite("Adoption")
struct AdoptionTests {
  static let content = Data(RunPlace.requests(1...3).utf8)

  static func error(_ body: () async throws -> Void) async -> RunError? {
    do {
      try await body()
      return nil
    } catch { return error as? RunError }
  }

  static func expectRefused(_ id: String, _ error: RunError?) {
    if case .notOurs(let named, _)? = error {
      #expect(named == id)
    } else {
      Issue.record("\(String(describing: error))")
    }
  }

  @Test("a batch of a foreign upload with the same content is taken, and nothing is sent")
  func same() async throws {
    let run = try LibraryRun()
    let id = run.api.makeBatch(of: AdoptionTests.content)
    #expect(try await run.submitAndWait(adopting: [id]).isEmpty)
    #expect(run.api.calls(.create).isEmpty)
    #expect(run.api.calls(.upload).isEmpty)
    #expect(run.kept("1/part-00001.output.jsonl") == run.outputOfAPI)
  }

  @Test("another content of the same length is refused, and one of another length")
  func other() async throws {
    let run = try LibraryRun()
    var changed = AdoptionTests.content
    changed[changed.count - 10] ^= 1
    for content in [changed, AdoptionTests.content + Data("\n".utf8), AdoptionTests.content.dropLast()] {
      let id = run.api.makeBatch(of: content)
      let error = await AdoptionTests.error { try await run.submitAndWait(adopting: [id]) }
      AdoptionTests.expectRefused(id, error)
    }
    #expect(run.api.calls(.create).isEmpty)
    #expect(run.api.calls(.upload).isEmpty)
  }

  @Test("if the API does not give the content, the length decides, and only where it fits one part", arguments: [1, 2])
  func unfetched(parts: Int) async throws {
    let run = try LibraryRun(requests: 2)
    let content = Data(RunPlace.requests(parts == 1 ? 1...2 : 1...1).utf8)
    let id = run.api.makeBatch(of: content)
    // Four tries would be one refusal.
    run.api.fail(.content, .refused(.error(403, "Not allowed to download files of purpose: batch")), times: 1)
    let error = await AdoptionTests.error {
      try await run.submitAndWait(maxRequests: parts == 1 ? 0 : 1, adopting: [id])
    }
    if parts == 1 {
      #expect(error == nil)
      #expect(run.api.calls(.create).isEmpty)
    } else {
      AdoptionTests.expectRefused(id, error)
      #expect(run.api.calls(.create).isEmpty)
    }
  }

  @Test("a batch that the API does not know is refused")
  func unknown() async throws {
    let run = try LibraryRun()
    let error = await AdoptionTests.error { try await run.submitAndWait(adopting: ["batch_nobody"]) }
    if case .client(let failure, _)? = error {
      #expect(failure.status == 404)
    } else {
      Issue.record("\(String(describing: error))")
    }
    #expect(run.api.calls(.create).isEmpty)
  }
}
