/// What a rule reads of a line. A line that differs from a faultless one only in values that no rule reads need not be
/// checked.
///
/// A ``LinePattern`` has holes only for numbers and free strings that are members of the body itself, and for texts
/// (``Shape/text``) anywhere in it. Everything else is compared byte by byte, so a rule may read it without saying so.
/// If a rule reads a hole's value without saying so here, its faults are missed on lines that fit a pattern.
struct Reads: OptionSet, Sendable {
  let rawValue: UInt8

  /// Only whether members are present, and their types.
  static let presence: Reads = []
  /// The values of the members that the rule names, and the texts in them.
  static let values = Reads(rawValue: 1)
  /// All texts of the body.
  static let texts = Reads(rawValue: 2)
}
