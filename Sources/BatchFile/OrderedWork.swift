import Foundation

/// One thread's part in ``OrderedWork``.
protocol OrderedWorker: AnyObject {
  associatedtype Outcome
  associatedtype Failure: Error

  /// Takes the next piece, while no other thread does.
  /// - Returns: nil where there is none left.
  func take() throws(Failure) -> OrderedPiece?
  /// Does what can be done beside other threads: all of the piece, or its next part. It is called again, until a part is
  /// the last one.
  func work() -> OrderedPart<Outcome>
  /// Called once there is nothing left to take, by one thread at a time.
  func leave()
}

/// What the threads must know of a piece of work.
struct OrderedPiece {
  /// How much of the input has been read for it and all before it, in bytes.
  var bytesRead: Int
  /// Whether the next piece is to be taken only when this one is done.
  var isAlone = false
}

/// What came of a part of a piece.
struct OrderedPart<Outcome> {
  var outcome: Outcome
  /// Whether nothing of the piece is left.
  var isLast = true
  /// Whether the outcome takes so much memory that the thread must keep it, and take nothing else, until it is due.
  var isLarge = false
}

/// Work that is taken piece by piece in order, done side by side, and settled in order again.
///
/// Each thread takes a piece under a lock, works on it alone, and delivers the outcome. Whoever delivers while nobody
/// settles does so, as long as the outcome that is due is there. What comes out does not depend on the number of threads.
/// What is large waits in the thread that has it, so that no more large outcomes are there than threads.
final class OrderedWork<Worker: OrderedWorker & SendableMetatype>: @unchecked Sendable {  // by `condition` and `entry`
  private let jobs: Int
  private let mostAhead: Int
  private let makeWorker: () -> Worker
  private let settle: (Worker.Outcome) throws(Worker.Failure) -> Void

  private let entry = NSLock()
  /// Guarded by `entry`.
  private var taken = 0

  private let condition = NSCondition()
  /// Guarded by `condition`, as all that follows.
  private var waiting: [Int: Worker.Outcome] = [:]
  private var settled = 0
  private var isSettling = false
  /// Nothing more is settled.
  private var isBroken = false
  private var running = 0
  private var failure: Worker.Failure?

  /// - Parameters:
  ///   - mostAhead: threads wait for the one that is behind when this many pieces are ahead of it.
  ///   - settle: deals with the outcomes, one after the other, on any of the threads.
  init(
    jobs: Int, mostAhead: Int = 16, makeWorker: @escaping () -> Worker,
    settle: @escaping (Worker.Outcome) throws(Worker.Failure) -> Void
  ) {
    self.jobs = jobs
    self.mostAhead = mostAhead
    self.makeWorker = makeWorker
    self.settle = settle
  }

  /// Returns when all is settled.
  /// - Throws: the first failure to take or to settle; what was taken before it is settled.
  func run() throws(Worker.Failure) {
    running = 1
    work(mayStartOthers: jobs > 1)
    condition.lock()
    while running > 0 { condition.wait() }
    condition.unlock()
    if let failure { throw failure }
  }

  private func startOthers() {
    for _ in 1..<jobs {
      condition.withLock { running += 1 }
      // Where the system starts no further thread, those that run do the work.
      guard BackgroundThread.start({ [self] in work(mayStartOthers: false) }) else {
        return condition.withLock { running -= 1 }
      }
    }
  }

  private func work(mayStartOthers: Bool) {
    let worker = condition.withLock { makeWorker() }
    var mayStartOthers = mayStartOthers
    while true {
      lockEntry()
      guard let piece = take(worker) else {
        entry.unlock()
        break
      }
      let ordinal = taken
      taken += 1
      if !piece.isAlone { entry.unlock() }
      if mayStartOthers, piece.bytesRead >= OrderedWorkLimits.worthThreads {
        mayStartOthers = false
        startOthers()
      }
      var part = worker.work()
      while !part.isLast, deliverWhenDue(part.outcome, ordinal) { part = worker.work() }
      if piece.isAlone { entry.unlock() }
      if part.isLast, part.isLarge { waitUntilDue(ordinal) }
      if part.isLast { deliver(part.outcome, ordinal) }
    }
    condition.withLock {
      worker.leave()
      running -= 1
      condition.broadcast()
    }
  }

  private func take(_ worker: Worker) -> OrderedPiece? {
    if condition.withLock({ failure != nil }) { return nil }
    do throws(Worker.Failure) {
      return try worker.take()
    } catch {
      condition.withLock { failure = failure ?? error }
      return nil
    }
  }

  /// A piece is taken in some ten microseconds. Waking a sleeping thread takes longer, so the lock is tried a number of
  /// times before the thread sleeps.
  private func lockEntry() {
    for _ in 0..<OrderedWorkLimits.looksBeforeSleep where entry.try() { return }
    entry.lock()
  }

  private func deliver(_ outcome: Worker.Outcome, _ ordinal: Int) {
    condition.lock()
    defer { condition.unlock() }
    while ordinal >= settled + mostAhead, !isBroken { condition.wait() }
    waiting[ordinal] = outcome
    if isSettling { return }
    isSettling = true
    while !isBroken, let due = waiting.removeValue(forKey: settled) {
      // Other threads go on working meanwhile; what they deliver waits in `waiting` for this loop.
      condition.unlock()
      let error = attempt(due)
      condition.lock()
      if let error {
        failure = failure ?? error
        isBroken = true
      }
      settled += 1
      condition.broadcast()
    }
    isSettling = false
    condition.broadcast()
  }

  private func waitUntilDue(_ ordinal: Int) {
    condition.withLock {
      while (ordinal > settled || isSettling) && !isBroken { condition.wait() }
    }
  }

  /// Settles a part of a piece of which more is to come.
  /// - Returns: whether more is wanted.
  private func deliverWhenDue(_ outcome: Worker.Outcome, _ ordinal: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while (ordinal > settled || isSettling) && !isBroken { condition.wait() }
    if isBroken { return false }
    // Nobody else settles meanwhile: what is due is the rest of this piece.
    isSettling = true
    condition.unlock()
    let error = attempt(outcome)
    condition.lock()
    isSettling = false
    if let error {
      failure = failure ?? error
      isBroken = true
      condition.broadcast()
    }
    return !isBroken
  }

  private func attempt(_ outcome: Worker.Outcome) -> Worker.Failure? {
    do throws(Worker.Failure) {
      try settle(outcome)
      return nil
    } catch {
      return error
    }
  }
}

private enum OrderedWorkLimits {
  /// A second thread costs more than it brings below this size, in bytes.
  static let worthThreads = 1 << 20
  static let looksBeforeSleep = 40_000
}
