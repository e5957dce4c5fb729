import BatchClient
import BatchFile
import Foundation
import JSONLines

extension Subcommand {
  static let wait = Subcommand(
    name: "wait",
    summary: "Wait for the run of a file and download its answers.",
    usage: "[options] FILE",
    discussion:
      "Sends the parts whose turn it is, asks the API for the status of the others, and downloads their results, until "
      + "all parts have ended. The network may fail meanwhile, and the machine may sleep. Ctrl-C ends only the waiting.",
    flags: RunFlags.common + [.timeout, .maxOpen],
    examples: [("batchfile wait --timeout 6h requests.jsonl", "ends with 6 where that is not enough")],
    run: { arguments, console in
      let place = try RunPlace(arguments, console, verb: "wait")
      let timeout = try RunFlags.timeout(arguments)
      return try Interruptible.run(console, goesOn: arguments.commandLine) {
        let session = try RunSession(
          place, arguments, console, mayBegin: false, maxOpen: try RunFlags.maxOpen(arguments))
        let mayBeSent = try session.mayBeSent()
        if !mayBeSent {
          console.complain("parts that wait for their turn are not sent")
          session.run.stopsCreating = true
        }
        let hasEnded = try await session.wait(timeout)
        let status = session.close().combined(with: mayBeSent ? .clean : .faults)
        if hasEnded { try session.tellAccount() }
        session.tellNext()
        return hasEnded ? status : status.combined(with: .notYet)
      }
    })
}
