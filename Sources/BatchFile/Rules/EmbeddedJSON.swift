import JSONLines

/// Finds out whether the text of a string is JSON. Its memory is used again for each string.
struct EmbeddedJSON: ~Copyable {
  private var text = TextBuffer()
  private let document = JSONDocument()

  mutating func isJSON(_ string: JSONValue) -> Bool {
    text.clear()
    string.appendText(to: &text)
    // The scanner reads single lines, but this JSON may go over several. So newlines become tabs, which mean the same
    // to it: white space between values and an error inside strings.
    text.replace(ASCII.newline, by: ASCII.tab)
    text.append(ASCII.newline)
    return JSONScanner.scan(text.lines, into: document) == nil
  }
}
