/// A list that grows without being copied. A single large array would need room for its elements twice while it grows.
struct Pieces<Element> {
  private static var bits: Int { 14 }
  private static var mask: Int { 1 << bits - 1 }

  private var pieces: [ContiguousArray<Element>] = []
  private(set) var count = 0

  subscript(_ index: Int) -> Element {
    @inline(__always) get { pieces[index >> Pieces.bits][index & Pieces.mask] }
    @inline(__always) _modify { yield &pieces[index >> Pieces.bits][index & Pieces.mask] }
  }

  mutating func append(_ element: Element) {
    if count & Pieces.mask == 0 {
      pieces.append([])
      pieces[pieces.count - 1].reserveCapacity(count == 0 ? 64 : 1 << Pieces.bits)
    }
    pieces[pieces.count - 1].append(element)
    count += 1
  }
}
