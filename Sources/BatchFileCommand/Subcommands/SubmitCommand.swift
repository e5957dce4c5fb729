import BatchClient
import BatchFile

extension Subcommand {
  static let submit = Subcommand(
    name: "submit",
    summary: "Check a batch file and send it to the API, once.",
    usage: "[options] FILE",
    discussion:
      "Checks FILE (with errors nothing is sent), cuts it into parts by the limits of a batch (bytes, requests, one url, "
      + "with OpenAI one model), uploads them and creates the batches. FILE.run keeps what was done, so the same command "
      + "goes on after any interruption and pays for nothing twice. The key comes from the API's environment variable.",
    flags: RunFlags.common + RunFlags.sending + [.price],
    examples: [
      ("batchfile submit requests.jsonl", "to Groq, with the key in GROQ_API_KEY"),
      ("batchfile submit --provider openai --max-open 4 requests.jsonl", "four parts at a time"),
    ],
    run: { arguments, console in
      let place = try RunPlace(arguments, console, verb: "submit")
      if let status = try place.judge(arguments, console) { return status }
      return try Interruptible.run(console, goesOn: arguments.commandLine) {
        let session = try RunSession(
          place, arguments, console, mayBegin: true, maxOpen: try RunFlags.maxOpen(arguments))
        do { try await session.submit() } catch {
          _ = session.close()
          throw error
        }
        let status = session.close()
        session.tellNext()
        return status
      }
    })
}
