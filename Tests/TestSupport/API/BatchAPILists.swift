import Foundation

extension BatchAPI.State {
  /// The answer to a request for the list of batches.
  mutating func list(_ request: HTTPRequest) -> HTTPAnswer {
    let named = request.query.filter { $0.name == "id" }.map(\.value)
    if !named.isEmpty {
      for id in named { if let index = index(of: id) { advance(index) } }
      return page(named.compactMap { batch($0) }, members: [])
    }
    let after = request.query("after")
    let cursor = request.query("cursor").flatMap { Int($0.dropFirst(7)) }
    let visible = batches.filter { $0.hiddenLists == 0 }
    if after == nil && cursor == nil {
      for index in batches.indices where batches[index].hiddenLists > 0 { batches[index].hiddenLists -= 1 }
    }
    let rows = settings.listsAscend ? visible : visible.reversed()
    switch settings.paging {
    case .none: return page(rows, members: [])
    case .after:
      let start = after.map { id in (rows.firstIndex { $0.id == id } ?? rows.count - 1) + 1 } ?? 0
      let (shown, hasMore) = part(of: rows, from: start, request)
      return page(
        shown,
        members: [
          .init(name: "first_id", value: shown.first.map { .text($0.id) } ?? nil),
          .init(name: "last_id", value: shown.last.map { .text($0.id) } ?? nil),
          .init(name: "has_more", value: .bool(hasMore)),
        ])
    case .cursor:
      let start = cursor ?? 0
      let (shown, hasMore) = part(of: rows, from: start, request)
      let isLast = start + shown.count >= rows.count
      let next = settings.repeatsCursor && isLast ? start : start + shown.count
      let value: JSON = hasMore || settings.repeatsCursor ? .text("cursor_\(next)") : nil
      return page(shown, members: [.init(name: "paging", value: ["next_cursor": value])])
    }
  }

  private func part(of rows: [StoredBatch], from start: Int, _ request: HTTPRequest) -> ([StoredBatch], Bool) {
    let size = min(settings.pageSize, request.query("limit").flatMap { Int($0) } ?? settings.pageSize)
    let shown = Array(rows.dropFirst(start).prefix(size))
    let isLast = start + shown.count >= rows.count
    // The empty page comes after the last one that has rows.
    return (shown, !isLast || settings.hasEmptyPage && !shown.isEmpty)
  }

  private func page(_ rows: [StoredBatch], members: [JSON.Member]) -> HTTPAnswer {
    let page: [JSON.Member] = [
      .init(name: "object", value: "list"), .init(name: "data", value: .array(rows.map { $0.object(settings) })),
    ]
    return HTTPAnswer(200, JSON.object(page + members).data)
  }
}
