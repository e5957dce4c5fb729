import Foundation

/// Cancels a run: nothing more of it is sent, and the API is asked to cancel its batches. It does not need the lock of
/// the run, because the process that holds it reads the mark before each create.
package struct RunCancel {
  package struct Cancelled: Sendable {
    /// The API's answer for each batch.
    package var outcomes: [(batchID: String, outcome: Result<Batch, ClientError>)] = []
    /// How many parts were never sent.
    package var unsent = 0
    /// How many parts there are of which it is not known whether a batch was made.
    package var unknown = 0
  }

  private let folder: RunFolder
  private let client: BatchClient

  package init(folder: RunFolder, client: BatchClient) {
    self.folder = folder
    self.client = client
  }

  /// Marks the run as cancelled, and asks the API to cancel all of its batches that have not ended.
  /// - Throws: ``RunError`` where the mark cannot be written or the journal cannot be read.
  package func run() async throws(RunError) -> Cancelled {
    // The mark comes first. After it, a batch can only be made by a create that has already begun.
    try folder.cancel()
    let state = RunState(try Journal.read(folder.journal))
    var cancelled = Cancelled()
    for part in state.parts {
      switch part.stage {
      case .made:
        guard let id = part.batchID, !part.isFinal else { continue }
        cancelled.outcomes.append((id, await cancel(id)))
      case .creating, .unknown: cancelled.unknown += 1
      case .planned, .uploaded, .refused: cancelled.unsent += 1
      }
    }
    return cancelled
  }

  /// Cancels a batch. If the API refuses that because the batch has already ended, it counts as done.
  private func cancel(_ id: String) async -> Result<Batch, ClientError> {
    do throws(ClientError) { return .success(try await client.cancelBatch(id)) } catch {
      if let batch = try? await client.batch(id), batch.status.isFinal || batch.status == .cancelling {
        return .success(batch)
      }
      return .failure(error)
    }
  }
}
