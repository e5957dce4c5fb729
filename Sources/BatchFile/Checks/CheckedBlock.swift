/// What was found in a block of lines; their numbers count from the block's first line, which is 1.
struct CheckedBlock {
  var lines = 0
  var requests = 0
  var findings: [Finding] = []
  var ids = CollectedIDs()
  /// The lines of other kinds of files.
  var foreign = ForeignTally()
}
