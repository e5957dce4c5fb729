/// What was found in a block of lines, or in a part of it; line numbers count from its first line, which is 1.
struct CheckedBlock {
  var lines = 0
  var requests = 0
  /// Inputs of embeddings beside the first of each request.
  var furtherInputs = 0
  var findings: [Finding] = []
  var ids = CollectedIDs()
  /// The lines of other kinds of files.
  var foreign = ForeignTally()
  /// Where the lines begin that are left for later; nil where there are none.
  var rest: Int?
}
