import BatchFile
import Foundation
import TestSupport
import Testing

@testable import BatchClient

struct JournalTests {
  private let scratch: Scratch
  private var path: Path { Path(scratch.url.path + "/journal.jsonl") }

  init() throws { scratch = try Scratch() }

  private func fact(_ kind: Fact.Kind, _ number: Int = 1) -> Fact {
    Fact(kind, part: PartID(attempt: 1, number: number))
  }

  @Test func readsWhatItWrote() throws {
    let clock = ManualClock()
    var created = fact(.created)
    created.batchID = "batch_1"
    do {
      let journal = try Journal(path, clock: clock)
      try journal.append(fact(.creating))
      try journal.append(created)
    }
    let facts = try Journal.read(path)
    #expect(facts.map(\.fact) == [.creating, .created])
    #expect(facts.last?.batchID == "batch_1")
    #expect(facts.allSatisfy { $0.time == clock.now.timeIntervalSince1970 })
  }

  @Test(arguments: ["{", #"{"v":1,"fact":"created","time":1"#, "\u{0}\u{0}"])
  func cutsATornLastLineOff(_ torn: String) throws {
    try Journal(path, clock: ManualClock()).append(fact(.creating))
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(path)"))
    try (whole + Data(torn.utf8)).write(to: URL(fileURLWithPath: "\(path)"))
    #expect(try Journal.read(path).count == 1)
    let journal = try Journal(path, clock: ManualClock())
    try journal.append(fact(.unknown))
    #expect(try Journal.read(path).map(\.fact) == [.creating, .unknown])
  }

  @Test(arguments: ["nonsense\n", "{}\n", #"{"v":2,"fact":"run","time":1}"# + "\n", "\n"])
  func refusesALineThatItCannotRead(_ line: String) throws {
    try Journal(path, clock: ManualClock()).append(fact(.creating))
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(path)"))
    try (whole + Data(line.utf8) + whole).write(to: URL(fileURLWithPath: "\(path)"))
    #expect(throws: RunError.journal(path: path, line: 2)) { try Journal(path, clock: ManualClock()) }
  }

  @Test func aCreateWithoutAnEndIsKnown() throws {
    let journal = try Journal(path, clock: ManualClock())
    var part = fact(.part)
    part.of = 1
    for fact in [part, fact(.uploaded), fact(.creating)] { try journal.append(fact) }
    #expect(RunState(try Journal.read(path)).parts.map(\.stage) == [.creating])
  }

  @Test func forgetsAPlanThatWasCutShort() throws {
    var first = fact(.part, 1)
    first.of = 2
    #expect(RunState([first]).parts.isEmpty)
    var second = fact(.part, 2)
    second.of = 2
    #expect(RunState([first, second]).parts.count == 2)
  }

  @Test func oneProcessAtATimeHasTheLock() throws {
    let folder = RunFolder(Path(scratch.url.path))
    let lock = try folder.lock()
    #expect(throws: RunError.held(by: getpid())) { try folder.lock() }
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func hashesByTheStandard(_ text: String, digest: String) {
    // FIPS 180-4, examples of NIST.
    #expect(SHA256.digest(of: text) == digest)
  }
}
