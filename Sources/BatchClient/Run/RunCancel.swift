import Foundation

/// Ends a run: nothing more of it is sent, and the API is asked for all that runs. It needs no lock: whoever holds it
/// reads the mark before each create.
package struct RunCancel {
  package struct Cancelled: Sendable {
    /// What the API said, by the ids of batches.
    package var outcomes: [(batchID: String, outcome: Result<Batch, ClientError>)] = []
    /// Parts that were never sent.
    package var unsent = 0
    /// Parts of which nobody knows whether there is a batch.
    package var unknown = 0
  }

  private let folder: RunFolder
  private let client: BatchClient

  package init(folder: RunFolder, client: BatchClient) {
    self.folder = folder
    self.client = client
  }

  package func run() async throws(RunError) -> Cancelled {
    // The mark comes first: a batch that is made from here on is made by a create that was under way.
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

  /// A batch that has ended by itself cannot be cancelled, and need not be.
  private func cancel(_ id: String) async -> Result<Batch, ClientError> {
    do throws(ClientError) { return .success(try await client.cancelBatch(id)) } catch {
      if let batch = try? await client.batch(id), batch.status.isFinal || batch.status == .cancelling {
        return .success(batch)
      }
      return .failure(error)
    }
  }
}
