/// Parts of a log whose scores may be on different scales: model versions, else halves of its time.
package struct ScoreGroups: Sendable {
  /// In the order of time.
  package var names: [String]
  /// Whether they are versions that the log names.
  package var areVersions: Bool
  /// The group of each position of the sample, −1 where the version is not known.
  package var groupOf: [Int32]

  /// Versions with fewer scores are no group.
  static let smallest = 200

  package init(_ sample: ScoreSample) {
    var counts = [Int](repeating: 0, count: sample.versionNames.count)
    var times = [Double](repeating: 0, count: sample.versionNames.count)
    for position in 0..<sample.count where sample.versions[position] >= 0 {
      counts[Int(sample.versions[position])] += 1
      times[Int(sample.versions[position])] += Double(sample.times[position])
    }
    let kept = counts.indices.filter { counts[$0] >= Self.smallest }
      .sorted { times[$0] / Double(counts[$0]) < times[$1] / Double(counts[$1]) }
    if kept.count > 1 {
      var place = [Int32](repeating: -1, count: counts.count)
      for (rank, version) in kept.enumerated() { place[version] = Int32(rank) }
      names = kept.map { sample.versionNames[$0] }
      areVersions = true
      groupOf = sample.versions.map { $0 < 0 ? -1 : place[Int($0)] }
      return
    }
    let first = sample.times.min() ?? 0
    let last = sample.times.max() ?? 0
    let middle = first + (last - first) / 2
    names = ["first half", "second half"]
    areVersions = false
    groupOf = sample.times.map { $0 < middle ? 0 : 1 }
  }
}
