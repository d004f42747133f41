import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Weights of the powers of λ and of the topic shares in a customer's polynomial, for every
/// combination of class and size that a block of customers has: they depend on nothing else of a
/// customer, and their logarithms and exponentials would cost more than the polynomials.
struct PowerWeights {
  /// Where the polynomials of customers with n contacts are scaled: a typical rate given n.
  private let scale: Scratch<Double>
  private let customerPlace: Scratch<Int32>
  private let customerPeak: Scratch<Double>
  private let customerValues: Scratch<Double>
  private let topicPlace: Scratch<Int32>
  private let topicValues: Scratch<Double>
  private let stride: Int

  init(contacts: ContactView, tables: TableView, customers: Range<Int>) {
    let stride = tables.stride
    self.stride = stride
    scale = Scratch(count: stride, repeating: 0)
    let precision = tables.shape / tables.meanRate + tables.wholeMass
    for n in 0..<stride {
      let typical = (tables.shape + 0.5 * Double(n)) / precision
      scale.base[n] =
        tables.ownTopicMix ? typical / (tables.mixConcentration + 0.5 * Double(n)) : typical
    }
    let used = PowerWeights.used(contacts: contacts, tables: tables, customers: customers)
    customerPlace = used.customer
    topicPlace = used.topic
    customerPeak = Scratch(count: used.customer.count, repeating: 0)
    customerValues = Scratch(count: used.customerLength, repeating: 0)
    topicValues = Scratch(count: used.topicLength, repeating: 0)
    for key in 0..<customerPlace.count where customerPlace.base[key] >= 0 {
      let n = key % stride
      let logScale = log(scale.base[n])
      let values = customerValues.base + Int(customerPlace.base[key])
      let logWeight = tables.logWeight + (key - n)
      var peak = -Double.infinity
      for r in 0...n {
        values[r] = logWeight[r] - Double(r) * logScale
        if tables.ownTopicMix { values[r] -= tables.logRisingTotal[r] }
        peak = max(peak, values[r])
      }
      for r in 0...n { values[r] = exp(values[r] - peak) }
      customerPeak.base[key] = peak
    }
    for key in 0..<topicPlace.count where topicPlace.base[key] >= 0 {
      let size = key % stride
      let logFactor = log(
        PowerWeights.topicScale(topic: key / stride, size: size, tables: tables))
      let values = topicValues.base + Int(topicPlace.base[key])
      let logRising = tables.logRising + (key - size)
      for r in 0...size { values[r] = exp(logRising[r] - Double(r) * logFactor) }
    }
  }

  /// Places of the combinations that occur, −1 for the others.
  private static func used(contacts: ContactView, tables: TableView, customers: Range<Int>) -> (
    customer: Scratch<Int32>, customerLength: Int, topic: Scratch<Int32>, topicLength: Int
  ) {
    let stride = tables.stride
    let customer = Scratch<Int32>(count: tables.classCount * stride, repeating: -1)
    let topic = Scratch<Int32>(
      count: tables.ownTopicMix ? tables.topicCount * stride : 0, repeating: -1)
    var customerLength = 0
    var topicLength = 0
    for c in customers {
      let range = contacts.range(c)
      guard range.count > 1, range.count <= tables.exactLimit else { continue }
      let key = Int(tables.customerClass[c]) * stride + range.count
      if customer.base[key] < 0 {
        customer.base[key] = Int32(customerLength)
        customerLength += range.count + 1
      }
      guard tables.ownTopicMix else { continue }
      var k = range.lowerBound
      while k < range.upperBound {
        let start = k
        let code = contacts.topic[Int(contacts.byTopic[k])]
        while k < range.upperBound && contacts.topic[Int(contacts.byTopic[k])] == code { k += 1 }
        let topicKey = Int(code) * stride + (k - start)
        if topic.base[topicKey] < 0 {
          topic.base[topicKey] = Int32(topicLength)
          topicLength += k - start + 1
        }
      }
    }
    return (customer, customerLength, topic, topicLength)
  }

  @inline(__always)
  static func topicScale(topic: Int, size: Int, tables: TableView) -> Double {
    tables.mixConcentration * max(tables.topicShare[topic], 1e-9) + 0.5 * Double(size)
  }

  /// The rate (own mixes: per unit of the topics' scales) that λ is measured in.
  @inline(__always) func rateScale(_ n: Int) -> Double { scale.base[n] }

  /// Weights of λ^r for r = 0...n, relative to exp(peak).
  @inline(__always)
  func ofCustomer(_ customerClass: Int, _ n: Int) -> (UnsafePointer<Double>, peak: Double) {
    let key = customerClass * stride + n
    return (
      UnsafePointer(customerValues.base + Int(customerPlace.base[key])), customerPeak.base[key]
    )
  }

  /// Weights of the r-th power of a topic's share for r = 0...size.
  @inline(__always) func ofTopic(_ topic: Int, _ size: Int) -> UnsafePointer<Double> {
    UnsafePointer(topicValues.base + Int(topicPlace.base[topic * stride + size]))
  }
}
