/// The excerpt of a finding as a terminal shows it: the text, cut to the window, and where in it the carets stand.
struct ExcerptLines {
  let text: String
  /// Cells before the carets.
  let indent: Int
  /// Cells that the carets mark, at least 1.
  let width: Int

  private static let tabs = Replacements(["\t": " "])

  /// - Parameter cells: the cells that the window has for the text; nil for any number.
  init(_ excerpt: Finding.Excerpt, cells: Int?) {
    let safe = TerminalText.safe(ExcerptLines.tabs.apply(to: excerpt.text), oneForOne: true)
    var scalars = Array(safe.unicodeScalars)[...]
    var place = min(excerpt.indent, scalars.count)
    if let cells { ExcerptLines.cut(&scalars, &place, to: max(10, cells)) }
    let before = CellWidth.of(scalars.prefix(place))
    let marked = CellWidth.of(scalars.prefix(place + excerpt.width)) - before
    text = scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
    indent = before
    width = max(1, cells == nil ? min(marked, max(1, 100 - before)) : marked)
  }

  /// Cuts a text that is wider than the window: two fifths of the window go to the text before the place, the rest to
  /// the place and the text after it.
  private static func cut(_ scalars: inout ArraySlice<Unicode.Scalar>, _ place: inout Int, to cells: Int) {
    guard CellWidth.of(scalars) > cells else { return }
    if CellWidth.of(scalars.prefix(place)) > cells * 2 / 5 {
      var start = place
      while start > 0, CellWidth.of(scalars[start - 1..<place]) < cells * 2 / 5 { start -= 1 }
      // A combining mark at the beginning would be drawn over the ellipsis, so it is left out.
      while start < place, CellWidth.of(scalars[start]) == 0 { start += 1 }
      scalars = ["…"] + scalars[start...]
      place = place - start + 1
    }
    guard CellWidth.of(scalars) > cells else { return }
    while scalars.count > place + 1, CellWidth.of(scalars) >= cells { scalars.removeLast() }
    scalars.append("…")
  }
}
