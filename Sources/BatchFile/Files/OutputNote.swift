import JSONLines

/// A small file that stands beside an output and belongs to it: it appears with it, and is replaced with it.
struct OutputNote {
  /// A file of the output.
  struct File {
    var name: Path
    var digest: ContentDigest
  }

  var name: Path
  /// Whether the file with a path is such a note, so that it may be replaced without the output's being replaced.
  var isNote: (Path) -> Bool
  /// What it says about the output's files; nil where this output has no note.
  var text: (([File]) -> [UInt8])?
}
