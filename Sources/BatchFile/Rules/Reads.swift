/// What a rule reads of a line, so that a line that differs from a good one in nothing that is read needs no second look.
///
/// A ``LinePattern`` leaves open the numbers and the free strings that are the body's own members, and the texts
/// (``Shape/text``) anywhere in it. All else is compared byte by byte, so that a rule may read it whatever it says here.
/// If a rule reads something that it does not name here, its faults are missed in lines that match a pattern.
struct Reads: OptionSet, Sendable {
  let rawValue: UInt8

  /// Only whether members are there, and of which type.
  static let presence: Reads = []
  /// The values of the members that the rule names, and the texts in them.
  static let values = Reads(rawValue: 1)
  /// All texts of the body.
  static let texts = Reads(rawValue: 2)
}
