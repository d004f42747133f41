/// Latencies cut at quantiles, with what is needed of the values inside each bin.
package struct LatencyBins: Sendable {
  /// Bin of each value given; −1 where there is none.
  package let bin: [Int32]
  package let count: Int
  /// Values inside each bin at evenly spaced ranks.
  package let samples: [[Double]]
  /// 1st and 99th percentile.
  package let range: [Double]
  /// Median of each bin.
  package let middle: [Double]

  private static let samplesPerBin = 32

  /// - Parameters:
  ///   - values: NaN where there is no latency.
  ///   - wanted: bins, fewer where values are tied.
  package init?(_ values: [Double], wanted: Int) {
    let order = values.indices.filter { !values[$0].isNaN }.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] < values[$1]
    }
    guard order.count >= 100, wanted >= 2 else { return nil }
    let sorted = order.map { values[$0] }
    var cuts: [Double] = []
    for k in 1..<wanted {
      let cut = sorted[order.count * k / wanted]
      if cut > (cuts.last ?? sorted[0]) { cuts.append(cut) }
    }
    guard cuts.count >= 3 else { return nil }
    var bin = [Int32](repeating: -1, count: values.count)
    var inside = [[Double]](repeating: [], count: cuts.count + 1)
    var place = 0
    for (rank, index) in order.enumerated() {
      while place < cuts.count && sorted[rank] >= cuts[place] { place += 1 }
      bin[index] = Int32(place)
      inside[place].append(sorted[rank])
    }
    self.bin = bin
    count = cuts.count + 1
    samples = inside.map { all in
      let n = min(Self.samplesPerBin, all.count)
      return (0..<n).map { all[(2 * $0 + 1) * all.count / (2 * n)] }
    }
    middle = inside.map { $0[$0.count / 2] }
    range = [sorted[sorted.count / 100], sorted[sorted.count - 1 - sorted.count / 100]]
  }

  /// The quantile of all values, from the bins' samples.
  func quantile(_ share: Double) -> Double {
    let at = share * Double(count)
    let place = min(Int(at), count - 1)
    let own = samples[place]
    return own[min(Int((at - Double(place)) * Double(own.count)), own.count - 1)]
  }
}

/// log response of each bin relative to the first, with its covariance.
package struct BinnedContrast: Sendable {
  package let bins: LatencyBins
  /// The first is 0.
  package let values: [Double]
  /// Of `values` from the second on.
  package let covariance: CovarianceFactor
  /// Information of each bin, for pooling neighbours.
  package let weight: [Double]

  package init(
    bins: LatencyBins, values: [Double], covariance: CovarianceFactor, weight: [Double]
  ) {
    self.bins = bins
    self.values = values
    self.covariance = covariance
    self.weight = weight
  }
}
