import JSONLines

/// Up to four patterns, learned from lines without findings and replaced in turn.
///
/// Learning a pattern takes longer than checking a line, so it must pay: while patterns go unused, fewer lines are
/// learned from.
final class LinePatterns {
  private static let most = 4
  /// The longest pause, in lines.
  private static let longestPause = 1_024

  private var patterns: [LinePattern] = []
  /// The pattern that fitted last.
  private(set) var current: LinePattern?
  /// How many lines without findings must still pass before the next pattern is learned.
  private var pause = 0
  /// The value for the next `pause`. It is doubled each time a pattern is replaced that fitted no other line.
  private var nextPause = 1
  /// The index of the pattern that was replaced last.
  private var victim = 0
  /// How many lines in a row fitted none of the patterns.
  private var misses = 0
  private static let mostMisses = 128

  /// Tries the other patterns on a line that does not fit the current one.
  /// - Returns: the index of the line's newline; -1 where no pattern fits, and then the line has to be checked in full.
  func matchOthers(_ bytes: PaddedBytes, at start: Int, _ match: inout LinePattern.Match) -> Int {
    for pattern in patterns where pattern !== current {
      let end = pattern.match(bytes, at: start, &match)
      if end >= 0 {
        pattern.hits += 1
        current = pattern
        misses = 0
        return end
      }
    }
    misses += 1
    if misses == LinePatterns.mostMisses { forget() }
    return -1
  }

  /// Drops all patterns: patterns that match no line would only cost the time to compare each line with them.
  private func forget() {
    patterns.removeAll()
    current = nil
    misses = 0
    (pause, nextPause) = (LinePatterns.longestPause, LinePatterns.longestPause)
  }

  /// Learns a pattern from a line without findings.
  /// - Parameters:
  ///   - checker: the checker of the line's endpoint, which has just checked the body.
  func learn(
    _ line: PaddedBytes, id: JSONValue, body: JSONValue, checker: EndpointChecker?,
    model known: UnsafePointer<ModelTable.Model>?
  ) {
    if pause > 0 {
      pause -= 1
      return
    }
    guard let holes = PatternHoles(id: id, body: body, checker: checker, model: known)?.holes else { return }
    for pattern in patterns {
      // The line fits a known pattern except for its model, and for this model the rules read nothing more. So the
      // model is added to the pattern.
      var match = LinePattern.Match()
      let end = pattern.match(line, at: 0, &match, wantsUnknownModel: true)
      if end == line.count, let model = match.unknownModel, pattern.hasSameHoles(as: holes) {
        return pattern.add(model: line, model)
      }
    }
    guard let pattern = LinePattern(line, holes: holes) else {
      // The literals are too long for a pattern. The following lines are probably like this one, so fewer of them are
      // tried.
      nextPause = min(nextPause * 2, LinePatterns.longestPause)
      pause = nextPause
      return
    }
    current = pattern
    if patterns.count < LinePatterns.most { return patterns.append(pattern) }
    victim = (victim + 1) % LinePatterns.most
    nextPause = patterns[victim].hits > 1 ? 1 : min(nextPause * 2, LinePatterns.longestPause)
    pause = nextPause
    patterns[victim] = pattern
  }
}
