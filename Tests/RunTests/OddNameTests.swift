#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  /// Names of files are bytes: a run of a file works whatever it is called.
  @Suite("Odd names", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
  struct OddNameTests {
    /// Names as bash reads them, each with what is special to somebody on its way to curl.
    static let names = [#"$'r\xFF.jsonl'"#, #"$'r"\xFE\\;,= \'.jsonl'"#, "./-r.jsonl", "'größe 文.jsonl'"]

    @Test("all verbs work with the name", arguments: names)
    func verbs(name: String) async throws {
      let place = try RunPlace {
        $0.statuses = ["validating", "completed"]
        $0.rule = { $0.index == 1 ? .failure(503, code: "busy") : .answer("first") }
      }
      let script = """
        f=\(name); o=$'out\\xFD.jsonl'; mv requests.jsonl "$f"
        say() { echo "$1 $2"; }
        batchfile submit "$f" --base-url "$1"; say submit $?
        batchfile wait "$f"; say wait $?
        batchfile status "$f" > /dev/null; say status $?
        batchfile results "$f" -o "$o"; say results $?
        batchfile retry "$f"; say retry $?
        batchfile run "$f" -o "$o"; say run $?
        batchfile cancel "$f"; say cancel $?
        test -f "$f.run/2/part-00001.output.jsonl"; say kept $?
        wc -l < "$o"
        """
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      let outcome = try await RunningProgram(
        URL(fileURLWithPath: "/usr/bin/env"), ["bash", "-c", script, "bash", place.api.url], in: place.scratch.url,
        environment: place.environment.merging([
          "PATH": "\(Program.path.deletingLastPathComponent().path):\(path)"
        ]) { $1 }
      ).finished()
      #expect(
        outcome.output.split(separator: "\n") == [
          "submit 0", "wait 0", "status 0", "results 1", "retry 0", "run 0", "cancel 0", "kept 0", "3",
        ], "\(outcome.errors)")
      #expect(place.api.batchIDs.count == 2)
      #expect(place.api.calls(.upload).allSatisfy { $0.acted })
    }
  }
#endif
