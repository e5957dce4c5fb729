import JSONLines

/// Up to four forms that were learned from lines, each with what its lines mean. A new form replaces the oldest.
///
/// Learning a form takes longer than reading a line, so it must pay: while forms go unused, fewer lines are learned from.
final class LineForms<Meaning> {
  private struct Known {
    var form: LineForm
    var meaning: Meaning
    var hits = 0
  }

  /// The bytes in the holes of the line that fitted last.
  let fillings = UnsafeMutablePointer<LineForm.Filling>.allocate(capacity: LineForm.mostHoles)
  // Plain memory: an array of a class would be checked for exclusive access at every line.
  private let known = UnsafeMutablePointer<Known>.allocate(capacity: LineFormsLimits.most)
  private var count = 0
  /// The index of the form that fitted last.
  private var current = 0
  /// How many lines must still pass before the next form is learned.
  private var pause = 0
  private var nextPause = 1
  /// The index of the form that was replaced last.
  private var victim = 0
  /// How many lines in a row fitted no form.
  private var misses = 0

  init() { fillings.initialize(repeating: LineForm.Filling(), count: LineForm.mostHoles) }

  deinit {
    forget()
    known.deallocate()
    fillings.deallocate()
  }

  private func forget() {
    for k in 0..<count { known[k].form.deallocate() }
    known.deinitialize(count: count)
    count = 0
  }

  /// Compares the line that `bytes` begins with with the forms.
  /// - Returns: the index of the line's newline, and what the line means; nil where no form fits, so that the line must
  ///   be read in full.
  @inline(__always)
  func match(_ bytes: PaddedBytes) -> (end: Int, meaning: Meaning)? {
    guard current < count else { return nil }
    let end = known[current].form.match(bytes, into: fillings)
    if end >= 0 {
      misses = 0
      known[current].hits += 1
      return (end, known[current].meaning)
    }
    return matchOthers(bytes)
  }

  private func matchOthers(_ bytes: PaddedBytes) -> (end: Int, meaning: Meaning)? {
    for k in 0..<count where k != current {
      let end = known[k].form.match(bytes, into: fillings)
      guard end >= 0 else { continue }
      current = k
      misses = 0
      known[k].hits += 1
      return (end, known[k].meaning)
    }
    misses += 1
    if misses == LineFormsLimits.mostMisses {
      // Forms that fit no line would only cost the time to compare each line with them.
      forget()
      misses = 0
      (pause, nextPause) = (LineFormsLimits.longestPause, LineFormsLimits.longestPause)
    }
    return nil
  }

  /// Learns a form. Called for each line that no form fitted and from which a form could be learned.
  /// - Parameter make: makes the form and its meaning; nil where that is not possible.
  func learn(_ make: () -> (LineForm, Meaning)?) {
    if pause > 0 {
      pause -= 1
      return
    }
    guard let (form, meaning) = make() else {
      nextPause = min(nextPause * 2, LineFormsLimits.longestPause)
      pause = nextPause
      return
    }
    if count < LineFormsLimits.most {
      (known + count).initialize(to: Known(form: form, meaning: meaning))
      current = count
      count += 1
      return
    }
    victim = (victim + 1) % LineFormsLimits.most
    nextPause = known[victim].hits > 1 ? 1 : min(nextPause * 2, LineFormsLimits.longestPause)
    pause = nextPause
    known[victim].form.deallocate()
    known[victim] = Known(form: form, meaning: meaning)
    current = victim
  }
}

private enum LineFormsLimits {
  static let most = 4
  /// The longest pause, in lines.
  static let longestPause = 1_024
  static let mostMisses = 128
}
