import RepeatContacts
import Statistics

/// Logs drawn from the fitted background alone: κ = 0, failures kept.
///
/// Every customer's rate, active interval and topic mix are drawn from their fitted distributions,
/// given at least one contact where customers without contacts are not known; days from m(topic, day).
/// What happened on a contact is what happened on one of the log about the same topic, of the same day
/// where there was one. Its time of day is spread over the hour of some contact of that day, or, where a
/// day has few, of days as long: bursts of hours stay, and no two contacts are one.
package struct SimulatedBackground: Sendable {
  private let model: LinkModel
  private let parameters: LinkParameters
  /// Background mass of each topic before each day, `topic * (days + 1) + day`.
  private let cumulative: [Double]
  /// Contacts by topic and day, and by topic.
  private let byTopicDay: [[Int32]]
  private let byTopic: [[Int32]]
  /// Hours (24ths of the operational day) of the contacts that times of each day are drawn from.
  private let hours: [[UInt8]]
  private let days: Int

  /// A day with fewer contacts does not have its own times.
  private static let fewestOfDay = 50

  package init(model: LinkModel, parameters: LinkParameters) {
    self.model = model
    self.parameters = parameters
    let data = model.data
    days = data.dayCount
    var cumulative: [Double] = []
    for k in 0..<data.topicCount {
      var sum = 0.0
      cumulative.append(0)
      for d in 0..<data.dayCount {
        sum += parameters.intensity[k * data.dayCount + d] * data.dayLength[d]
        cumulative.append(sum)
      }
    }
    self.cumulative = cumulative
    var byTopicDay = [[Int32]](repeating: [], count: data.topicCount * data.dayCount)
    var byTopic = [[Int32]](repeating: [], count: data.topicCount)
    for i in 0..<data.count {
      byTopicDay[Int(data.topic[i]) * data.dayCount + Int(data.day[i])].append(Int32(i))
      byTopic[Int(data.topic[i])].append(Int32(i))
    }
    self.byTopicDay = byTopicDay
    self.byTopic = byTopic
    hours = SimulatedBackground.hours(data)
  }

  private static func hours(_ data: LinkData) -> [[UInt8]] {
    var ofDay = [[UInt8]](repeating: [], count: data.dayCount)
    for i in 0..<data.count {
      let day = Int(data.day[i])
      let part = (data.time[i] - data.dayStart[day]) / max(data.dayLength[day], 1e-12)
      ofDay[day].append(UInt8(min(max(part * 24, 0), 23)))
    }
    func length(_ day: Int) -> Int { Int((data.dayLength[day] * 1000).rounded()) }
    var ofLength: [Int: [UInt8]] = [:]
    for day in ofDay.indices { ofLength[length(day), default: []] += ofDay[day] }
    return ofDay.indices.map { day in
      ofDay[day].count >= fewestOfDay ? ofDay[day] : ofLength[length(day)] ?? []
    }
  }

  private struct Contact {
    var time: Double
    var day: Int
    var source: Int
  }

  /// The log of one stream.
  package func draw(_ stream: inout RandomStream) -> LinkData {
    let data = model.data
    let isTable = model.grid.mode == .table
    var row: [Int32] = []
    var time: [Double] = []
    var topic: [Int32] = []
    var day: [Int32] = []
    var cell: [Int32] = []
    var starts: [Int32] = [0]
    var active: [ClosedRange<Int>] = []
    var silent: [ClosedRange<Int>] = []
    let intervals = (0..<data.customerCount).map { data.activeDays?[$0] }
    for stated in intervals + data.silentCustomers.map({ Optional($0) }) {
      var contacts = draw(within: stated, &stream)
      // A customer without contacts is not in a log of whom nobody else is known.
      var attempts = 0
      while contacts.isEmpty && !isTable && attempts < 10_000 {
        contacts = draw(within: stated, &stream)
        attempts += 1
      }
      guard !contacts.isEmpty else {
        if let stated { silent.append(stated) }
        continue
      }
      contacts.sort { $0.time == $1.time ? $0.source < $1.source : $0.time < $1.time }
      for contact in contacts {
        row.append(data.row[contact.source])
        time.append(contact.time)
        topic.append(data.topic[contact.source])
        day.append(Int32(contact.day))
        cell.append(data.cell[contact.source])
      }
      starts.append(Int32(time.count))
      if let stated { active.append(stated) }
    }
    return data.replacing(
      row: row, time: time, topic: topic, day: day, cell: cell, customerStart: starts,
      activeDays: isTable ? active : nil, silent: silent)
  }

  private func draw(within stated: ClosedRange<Int>?, _ stream: inout RandomStream) -> [Contact] {
    let data = model.data
    let components = parameters.prior.components
    let component = components[
      components.count == 1 ? 0 : stream.categorical(components.map(\.weight))]
    let rate = stream.gamma(shape: component.shape) * component.mean / component.shape
    var range = 0..<days
    if let stated, model.grid.mode == .table {
      range = stated.lowerBound..<(stated.upperBound + 1)
    } else if model.grid.mode == .estimated {
      let interval = model.grid.intervals[stream.categorical(parameters.prior.intervalWeights)]
      range = model.grid.borders[interval.lower]..<model.grid.borders[interval.upper]
    }
    let shares =
      parameters.mixConcentration.isFinite
      ? stream.dirichlet(
        parameters.topicShare.map { max($0, 1e-9) * parameters.mixConcentration })
      : parameters.topicShare
    let weights = shares.indices.map { k in
      byTopic[k].isEmpty
        ? 0
        : shares[k]
          * (cumulative[k * (days + 1) + range.upperBound]
            - cumulative[k * (days + 1) + range.lowerBound])
    }
    let mass = weights.reduce(0, +)
    guard mass > 0 else { return [] }
    return (0..<stream.poisson(mean: rate * mass)).map { _ in
      let k = stream.categorical(weights)
      let day = drawDay(topic: k, range, &stream)
      let sameDay = byTopicDay[k * days + day]
      let alike = sameDay.isEmpty ? byTopic[k] : sameDay
      let source = Int(alike[stream.int(below: alike.count)])
      let pool = hours[day]
      let hour =
        pool.isEmpty ? Double(stream.int(below: 24)) : Double(pool[stream.int(below: pool.count)])
      let part = (hour + stream.uniform()) / 24
      return Contact(
        time: data.dayStart[day] + part * data.dayLength[day], day: day, source: source)
    }
  }

  private func drawDay(topic k: Int, _ range: Range<Int>, _ stream: inout RandomStream) -> Int {
    let base = k * (days + 1)
    let low = cumulative[base + range.lowerBound]
    let point = low + stream.uniform() * (cumulative[base + range.upperBound] - low)
    var (from, to) = (range.lowerBound, range.upperBound - 1)
    while from < to {
      let middle = (from + to) / 2
      if point < cumulative[base + middle + 1] { to = middle } else { from = middle + 1 }
    }
    return from
  }
}
