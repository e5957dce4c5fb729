/// What a check found in a block of lines, or in the first lines of one. Line numbers count from the block's first
/// line, which is 1.
struct CheckedBlock {
  var lines = 0
  var requests = 0
  /// How many inputs of embeddings requests have beside their first ones, for each line that has any.
  var furtherInputs: [(line: Int, count: Int)] = []
  var findings: [Finding] = []
  var ids = CollectedIDs()
  /// How many lines look like lines of another kind of file.
  var foreign = ForeignTally()
  /// Where in the block the lines begin that are left for the next call; nil where all were checked.
  var rest: Int?
}
