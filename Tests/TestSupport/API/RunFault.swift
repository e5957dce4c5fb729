import Foundation

/// Faults that a run meets beside a create whose answer is lost.
package enum RunFault: String, CaseIterable, Sendable {
  case nothing, uploadLost, uploadRefused, firstListFails, lookFails, lookIsPage, lookCut, listLags, listAscends
  case listAscendsWithoutTimes, cursor, cursorAgain, emptyPage, unpaged, clockAhead, clockBehind, pollsFail
  case pollsUnknown, downloadCut, downloadCutWithoutLength, downloadGzip, downloadPage, tooManyAtCreate
  case fileUnknownAtFirst, capitals, filePending, idsEmpty, idsObject, wrongBytes

  /// The faults that whole runs of the program are tried with, each of which takes some seconds.
  package static let ofWholeRuns: [RunFault] = [
    .uploadLost, .uploadRefused, .firstListFails, .lookFails, .lookIsPage, .lookCut, .listLags, .listAscends,
    .cursorAgain, .clockAhead, .clockBehind, .pollsFail, .downloadCutWithoutLength, .downloadGzip,
    .tooManyAtCreate, .fileUnknownAtFirst,
  ]

  /// Makes the API have the fault.
  /// - Parameter lasts: whether it lasts for minutes, which a manual clock passes at once; false for a program that waits.
  package func set(_ api: BatchAPI, lasts: Bool = false) {
    switch self {
    case .nothing: break
    case .uploadLost: api.fail(.upload, .broken(.resetAtOnce))
    case .uploadRefused: api.fail(.upload, .refused(.page(503)), times: 2)
    case .firstListFails: api.fail(.list, .refused(.page(502)), times: 2)
    case .lookFails:
      api.fail(.list, .none)
      api.fail(.list, .refused(.tooMany(retryAfter: lasts ? "30" : "1")), times: 2)
    case .lookIsPage:
      api.fail(.list, .none)
      api.fail(.list, .refused(.page(200)), times: 2)
    case .lookCut:
      api.fail(.list, .none)
      api.fail(.list, .broken(.cut(after: 40)), times: 2)
    // The list that is asked for before the upload counts as one of those that lag.
    case .listLags: api.change { $0.listLag = lasts ? 3 : 1 }
    case .listAscends: api.change { $0.listsAscend = true }
    case .listAscendsWithoutTimes:
      api.change { $0.listsAscend = true }
      for _ in 0..<3 { api.makeBatch(of: Data("same time\n".utf8), age: 100_000) }
    case .cursor: api.change { $0.paging = .cursor }
    case .cursorAgain:
      api.change {
        $0.paging = .cursor
        $0.repeatsCursor = true
      }
    case .emptyPage: api.change { $0.hasEmptyPage = true }
    case .unpaged: api.change { $0.paging = .none }
    case .clockAhead: api.change { $0.clockOffset = 600 }
    case .clockBehind: api.change { $0.clockOffset = -600 }
    case .pollsFail: api.fail(.retrieve, .broken(.closed), times: lasts ? 9 : 2)
    case .pollsUnknown:
      api.fail(.retrieve, .changed { HTTPAnswer($0.status, #"{"id":"x","status":"thinking"}"#) }, times: 3)
    case .downloadCut: api.fail(.content, .broken(.cut(after: 200)))
    case .downloadCutWithoutLength: api.fail(.content, .broken(.untilClose, .cut(after: 200)))
    case .downloadGzip: api.fail(.content, .changed { $0.gzipped })
    case .downloadPage: api.fail(.content, .refused(.page(200)))
    case .tooManyAtCreate: api.fail(.create, .refused(.tooMany(retryAfter: lasts ? "30" : "1")))
    case .fileUnknownAtFirst:
      api.fail(
        .create,
        .refused(.error(400, "Cannot find file x, or project does not have access to it.", param: "file_id")))
    case .capitals: api.change { $0.shouts = true }
    case .filePending: api.change { $0.fileStatuses = ["pending", "pending", "processed"] }
    case .idsEmpty: api.change { $0.absence = .empty }
    case .idsObject: api.change { $0.absence = .object }
    case .wrongBytes:
      api.change { $0.bytesOffset = 5 }
      api.fail(.content, .broken(.untilClose, .whole), times: .max)
    }
  }
}

extension BatchAPI {
  /// Makes five batches of other files, two of them at this moment, as another program with the same account would.
  /// - Returns: how many batches there are.
  package func makeOtherBatches() -> Int {
    for age in [90_000, 4_000, 300, 1, 0] { makeBatch(of: Data("other \(age)\n".utf8), age: age) }
    return batchIDs.count
  }
}
