import JSONLines

/// A small file beside an output that belongs to it: both appear together, and are replaced together.
struct OutputNote {
  /// A file of the output.
  struct File {
    var name: Path
    var digest: ContentDigest
  }

  var name: Path
  /// Whether the file with a path is such a note, so that it may be replaced without the output's being replaced.
  var isNote: (Path) -> Bool
  /// The content of the note about the output's files; nil where this output has no note.
  var text: (([File]) -> [UInt8])?
}
