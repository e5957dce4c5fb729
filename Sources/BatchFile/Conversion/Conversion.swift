/// The outcome of a conversion.
public struct Conversion: Sendable {
  /// What is wrong with single records, with the source's lines, and the inputs they are in.
  public var findings: [(input: String, finding: Finding)] = []
  /// Requests written.
  public var requests = 0
  /// Records left out.
  public var skipped = 0
  /// Lines with nothing on them, which make no request.
  public var blankLines = 0
  /// The files written, none where something was wrong.
  public var files: [Path] = []
}
