import Foundation

/// What one thread of ``OrderedWork`` does. Each thread has a worker of its own.
protocol OrderedWorker: AnyObject {
  /// What comes of a piece of work, or of a section of it.
  associatedtype Outcome
  associatedtype Failure: Error

  /// Takes the next piece of work. Only one thread at a time is in this function.
  /// - Returns: nil where no piece is left.
  func take() throws(Failure) -> OrderedPiece?
  /// Works on the piece that was taken last, while other threads work on theirs: on all of it, or on its next section.
  /// It is called again until it returns the last section.
  func work() -> OrderedSection<Outcome>
  /// Ends the worker, once no piece is left. Only one thread at a time is in this function.
  func leave()
}

/// What ``OrderedWork`` must know of a piece of work.
struct OrderedPiece {
  /// How many bytes of the input were read for this piece and all pieces before it.
  var bytesRead: Int
  /// Whether no thread may take the next piece before this one is done.
  var isAlone = false
}

/// The outcome of a section of a piece, or of the whole piece.
struct OrderedSection<Outcome> {
  var outcome: Outcome
  /// Whether the piece ends with this section.
  var isLast = true
  /// Whether the outcome takes so much memory that the thread must wait until it is settled before it takes more work.
  var isLarge = false
}

/// Takes pieces of work in order, works on several of them at a time, and settles the outcomes in order again.
///
/// Each thread takes a piece under a lock, works on it, and delivers the outcome. To settle an outcome is to hand it to
/// the function `settle`, for one outcome after the other. A thread that delivers while no other thread is settling
/// settles all outcomes whose turn has come. So what is settled, and in which order, does not depend on the number of
/// threads. A thread with a large outcome waits for its turn before it delivers, so there are never more large outcomes
/// than threads.
///
/// Unchecked, because the compiler cannot see that the locks `entry` and `condition` guard all that changes.
final class OrderedWork<Worker: OrderedWorker & SendableMetatype>: @unchecked Sendable {
  private let jobs: () -> Int
  private let mostAhead: Int
  private let makeWorker: () -> Worker
  private let settle: (Worker.Outcome) throws(Worker.Failure) -> Void

  private let entry = NSLock()
  /// How many pieces were taken. Guarded by `entry`, which a thread holds while it takes a piece.
  private var taken = 0

  // `condition` guards all members from here on.
  private let condition = NSCondition()
  /// Outcomes that were delivered before their turn, each at the remainder of its piece's number by `mostAhead`: never
  /// more than `mostAhead` wait. For a dictionary, the runtime would look up how its keys conform to `Hashable`, which
  /// takes as long as to check 300 KB.
  private var waiting: [Worker.Outcome?]
  /// How many pieces are settled, which is the number of the piece whose turn it is.
  private var settled = 0
  /// Whether a thread is in `settle`.
  private var isSettling = false
  /// Whether settling failed, so that nothing more is settled.
  private var isBroken = false
  /// How many threads are at work.
  private var running = 0
  private var failure: Worker.Failure?

  /// - Parameters:
  ///   - jobs: the most threads that work at a time; asked only when there is enough to do for several.
  ///   - mostAhead: how many pieces may be delivered before the one whose turn it is. A thread that is further ahead
  ///     waits, so that memory does not fill with outcomes.
  ///   - settle: takes the outcomes in the order of their pieces, one at a time, on any of the threads.
  init(
    jobs: @escaping @autoclosure () -> Int, mostAhead: Int = 16, makeWorker: @escaping () -> Worker,
    settle: @escaping (Worker.Outcome) throws(Worker.Failure) -> Void
  ) {
    self.jobs = jobs
    self.mostAhead = mostAhead
    self.makeWorker = makeWorker
    self.settle = settle
    waiting = Array(repeating: nil, count: mostAhead)
  }

  /// Does all the work, and returns when everything is settled.
  /// - Throws: the first error of `take` or `settle`. After an error of `take`, the pieces taken before it are settled
  ///   first.
  func run() throws(Worker.Failure) {
    running = 1
    work(mayStartOthers: true)
    condition.lock()
    while running > 0 { condition.wait() }
    condition.unlock()
    if let failure { throw failure }
  }

  private func startOthers() {
    for _ in 1..<max(1, jobs()) {
      condition.withLock { running += 1 }
      // If the system cannot start another thread, the running ones do all the work.
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
      var section = worker.work()
      while !section.isLast, deliverWhenDue(section.outcome, ordinal) { section = worker.work() }
      if piece.isAlone { entry.unlock() }
      if section.isLast, section.isLarge { waitUntilDue(ordinal) }
      if section.isLast { deliver(section.outcome, ordinal) }
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

  /// Locks `entry`. Another thread holds it for some ten microseconds, and waking a sleeping thread takes longer than
  /// that, so the lock is tried a number of times before the thread sleeps.
  private func lockEntry() {
    for _ in 0..<OrderedWorkLimits.looksBeforeSleep where entry.try() { return }
    entry.lock()
  }

  /// Delivers the outcome of a piece, or of its last section, and settles what is due if no other thread does.
  private func deliver(_ outcome: Worker.Outcome, _ ordinal: Int) {
    condition.lock()
    defer { condition.unlock() }
    while ordinal >= settled + mostAhead, !isBroken { condition.wait() }
    if isBroken { return }
    waiting[ordinal % mostAhead] = outcome
    if isSettling { return }
    isSettling = true
    while !isBroken, let due = waiting[settled % mostAhead].take() {
      // Without the lock, other threads go on working. What they deliver goes to `waiting`, and this loop settles it.
      condition.unlock()
      let error = settleOne(due)
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

  /// Waits for the piece's turn, and settles one of its sections that is not the last.
  /// - Returns: whether to go on with the next section; false after a failure.
  private func deliverWhenDue(_ outcome: Worker.Outcome, _ ordinal: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while (ordinal > settled || isSettling) && !isBroken { condition.wait() }
    if isBroken { return false }
    // No other thread settles anything before the last section of this piece, because it is this piece's turn.
    isSettling = true
    condition.unlock()
    let error = settleOne(outcome)
    condition.lock()
    isSettling = false
    if let error {
      failure = failure ?? error
      isBroken = true
      condition.broadcast()
    }
    return !isBroken
  }

  private func settleOne(_ outcome: Worker.Outcome) -> Worker.Failure? {
    do throws(Worker.Failure) {
      try settle(outcome)
      return nil
    } catch {
      return error
    }
  }
}

private enum OrderedWorkLimits {
  /// How many bytes must have been read before further threads are started. For less, they cost more time than they
  /// save.
  static let worthThreads = 1 << 20
  static let looksBeforeSleep = 40_000
}
