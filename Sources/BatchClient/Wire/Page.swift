/// A page of a list, and how to get the next one.
public struct Page<Element: Hashable & Sendable>: Hashable, Sendable {
  public var elements: [Element]
  /// The cursor of the next page; nil on the last one.
  public var next: PageCursor?

  public init(_ elements: [Element], next: PageCursor? = nil) {
    self.elements = elements
    self.next = next
  }
}

/// Where the next page of a list begins.
public enum PageCursor: Hashable, Sendable {
  /// Groq's `paging.next_cursor`.
  case cursor(String)
  /// OpenAI's `after`: the id of the last element so far.
  case after(String)

  var query: [String] {
    switch self {
    case .cursor(let text): ["cursor", text]
    case .after(let id): ["after", id]
    }
  }
}

extension Page<Batch> {
  /// Reads a list object, or an array, as Together sends it; nil where it is neither.
  ///
  /// Rows without an id are left out.
  package init?(json: [UInt8], statusNames: [String: String] = [:]) {
    let value = WireObject.value(json)
    if let rows = value as? [Any] {
      self.init(Page.batches(rows, statusNames))
      return
    }
    guard let members = value as? [String: Any], let rows = members["data"] as? [Any] else { return nil }
    let object = WireObject(members: members)
    self.init(Page.batches(rows, statusNames))
    if elements.isEmpty { return }
    if let cursor = object.object("paging")?.id("next_cursor") {
      next = .cursor(cursor)
    } else if object.bool("has_more") == true, let last = object.id("last_id") ?? elements.last?.id {
      next = .after(last)
    }
  }

  private static func batches(_ rows: [Any], _ statusNames: [String: String]) -> [Batch] {
    rows.compactMap { ($0 as? [String: Any]).flatMap { Batch(WireObject(members: $0), statusNames) } }
  }
}
