import Foundation
import JSONLines

/// The models' names that a join meets, each with a number: requests keep the number.
///
/// Which name gets which number depends on the threads; nothing that is put out does.
final class ModelNames: @unchecked Sendable {  // by `lock`
  struct Name {
    var text: String
    /// Requests with more input tokens cost more.
    var longAbove: Int
  }

  private static let longestName = 200

  private let prices: PriceTable
  private let lock = NSLock()
  private var numbers: [String: Int] = [:]
  private var names: [Name] = [Name(text: "", longAbove: .max)]

  init(_ prices: PriceTable) { self.prices = prices }

  /// From 1 on.
  func number(of text: String) -> Int {
    let text = String(text.unicodeScalars.prefix(ModelNames.longestName).map(Character.init))
    return lock.withLock {
      if let known = numbers[text] { return known }
      numbers[text] = names.count
      names.append(Name(text: text, longAbove: prices.price(of: text)?.longContext?.above ?? .max))
      return names.count - 1
    }
  }

  subscript(number: Int) -> Name { lock.withLock { names[number] } }
}

/// One thread's look at the names: most lines name one of a few.
struct RecentModels {
  private static let most = 8

  private let names: ModelNames
  private var recent: [(spelling: [UInt8], number: Int)] = []
  private var oldest = 0

  init(_ names: ModelNames) { self.names = names }

  mutating func number(of model: SpeltText) -> Int {
    let spelling = model.spelling
    for known in recent where known.spelling.withUnsafeBytes({ $0.isSame(as: spelling) }) { return known.number }
    let number = names.number(of: model.text)
    if recent.count < RecentModels.most {
      recent.append((Array(spelling), number))
    } else {
      recent[oldest] = (Array(spelling), number)
      oldest = (oldest + 1) % RecentModels.most
    }
    return number
  }
}
