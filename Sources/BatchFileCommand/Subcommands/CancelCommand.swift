import BatchClient
import BatchFile
import Foundation
import JSONLines

extension Subcommand {
  static let cancel = Subcommand(
    name: "cancel",
    summary: "Send nothing more of a run, and ask the API to end its batches.",
    usage: "[options] FILE|BATCH-ID",
    discussion:
      "Answers that exist by then are paid for, and `batchfile results FILE` downloads them. Requests that were never "
      + "sent count as cancelled.",
    flags: RunFlags.common,
    examples: [("batchfile cancel requests.jsonl", "ends its run")],
    run: { arguments, console in
      let word = try RunPlace.operand(arguments, "cancel")
      let folder = RunPlace.folder(of: word, arguments)
      guard folder.exists else {
        if word.exists {
          throw CommandError("there is no run of \(word)")
        }
        return try cancelBatch("\(word)", arguments, console)
      }
      let place = try RunPlace(arguments, console, verb: "cancel")
      return try Interruptible.run(console) { try await cancelRun(place, console) }
    })

  private static func cancelBatch(_ id: String, _ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let provider = try ProviderFlags.widenedProvider(arguments)
    let access = try APIAccess(arguments, console, provider: provider)
    let client = try access.client(console)
    console.complain(access.sentence)
    return try Interruptible.run(console) {
      do throws(ClientError) {
        let batch = try await client.cancelBatch(id)
        console.complain("\(batch.id): \(batch.status.name)")
        return .clean
      } catch { throw CommandError("\(id): \(error)", RunWords.status(error)) }
    }
  }

  private static func cancelRun(_ place: RunPlace, _ console: Console) async throws -> ExitStatus {
    let client = try place.access.client(console)
    console.complain(place.access.sentence)
    var status = ExitStatus.clean
    do throws(RunError) {
      let cancelled = try await RunCancel(folder: place.folder, client: client).run()
      for (id, outcome) in cancelled.outcomes {
        switch outcome {
        case .success(let batch): console.complain("\(id): \(batch.status.name)")
        case .failure(let error):
          console.complain("\(id): \(error)")
          status = status.combined(with: RunWords.status(error))
        }
      }
      if cancelled.unsent > 0 {
        let parts = Counted.of(cancelled.unsent, "part")
        console.complain("\(parts) \(cancelled.unsent == 1 ? "was" : "were") not sent, and will not be")
      }
      if cancelled.unknown > 0 {
        console.complain(
          "it is not known of \(Counted.of(cancelled.unknown, "part")) whether a batch was made; "
            + "`\(place.command("wait"))` looks for it"
        )
        status = status.combined(with: .unreachable)
      }
    } catch { throw RunWords.error(error, place) }
    console.complain(
      "answers that exist are paid for; `\(place.command("results"))` downloads them")
    return status
  }
}
