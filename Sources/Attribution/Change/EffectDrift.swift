import LinearAlgebra
import RepeatContacts

/// How what failures do, and what contacts bring without them, differs between periods: deviations of
/// κ's mode coefficients and of its level by period, with the pooled fit as their centre.
///
/// With the background held, a period's log-likelihood is that of superposed Poisson processes: the
/// score of a deviation is Σ_j q_j − Σ_i κ_i e_i x_i with q_j = Σ_i p_ij x_i over the period's contacts,
/// p_ij renewed under the deviations, and its information Σ_j q_j q_jᵀ, which is the complete data's
/// less what not knowing the links costs (Louis 1982). Fitted that way a deviation is not held back by
/// probabilities that were computed without it.
///
/// Each deviation has a Cauchy prior of scale `priorScale` (Gelman et al. 2008 for the kind): noise is
/// shrunk hard, a deviation that the data show plainly hardly at all. The posterior mode is found by
/// Newton's method with the prior as a scale mixture of normals; `covariance` is the inverse curvature
/// there.
package struct EffectDrift: Sendable {
  static let priorScale = 0.2
  static let largest = 2.0
  /// Newton rounds at most, and the largest step that ends them.
  package static let mostRounds = 60
  static let tolerance = 1e-4

  /// By period: the level first, then one for each mode.
  private(set) var deviation: [[Double]]
  private(set) var covariance: [Matrix] = []
  /// Probability that each contact came on its own, under the deviations.
  private(set) var own: [Double]
  /// Change of the expected coincidental contacts, by the period of the predecessor, for each
  /// deviation of each period: `ownSlope[predecessor][period][coordinate]`.
  private(set) var ownSlope: [[[Double]]]
  /// Newton rounds, and the last step's largest move.
  private(set) var rounds = 0
  private(set) var lastStep = Double.infinity
  private let scale: Double

  /// Linear in candidate pairs a round.
  ///
  /// - Throws: `ChangeError.notConverged` where `rounds` did not bring the step below `tolerance`.
  init(
    _ fitted: FittedAttribution, classes: ContactClasses, probability: [Double],
    rounds mostRounds: Int = EffectDrift.mostRounds
  ) throws {
    let data = fitted.data
    let periods = classes.members.count
    let width = 1 + fitted.cells.modes.count
    scale = fitted.fit.model.rate.coefficientScale
    deviation = [[Double]](repeating: [Double](repeating: 0, count: width), count: periods)
    own = [Double](repeating: 1, count: data.count)
    for j in 0..<data.count {
      for pair in data.pairStart[j]..<data.pairStart[j + 1] { own[j] -= probability[pair] }
      own[j] = max(own[j], 0)
    }
    ownSlope = []
    let slots = Slots(fitted, classes)
    while rounds < mostRounds, lastStep >= EffectDrift.tolerance {
      rounds += 1
      let rate = slots.rates(fitted, deviation, scale)
      let sums = PairSums(
        data, slots, rate, probability, own, periods: periods, width: width,
        periodOf: classes.periodOfContact)
      covariance = []
      lastStep = 0
      for t in 0..<periods {
        var gradient = sums.score[t]
        slots.subtractExpected(period: t, rate, from: &gradient)
        let prior = deviation[t].map(EffectDrift.precision)
        var curvature = sums.information[t]
        for k in 0..<width {
          gradient[k] -= prior[k] * deviation[t][k]
          curvature[k, k] += prior[k]
        }
        let factor = try CholeskyFactor(curvature)
        let step = factor.solve(gradient)
        for k in 0..<width {
          let move = min(max(step[k], -0.5), 0.5)
          let next = deviation[t][k] + move
          deviation[t][k] = min(max(next, -EffectDrift.largest), EffectDrift.largest)
          lastStep = max(lastStep, abs(move))
        }
        covariance.append(factor.inverse())
      }
    }
    guard lastStep < EffectDrift.tolerance else {
      throw ChangeError.notConverged(rounds: rounds, step: lastStep)
    }
    let final = PairSums(
      data, slots, slots.rates(fitted, deviation, scale), probability, own, periods: periods,
      width: width, periodOf: classes.periodOfContact)
    own = final.own
    ownSlope = final.ownSlope
  }

  /// κ's coefficients in a period: the modes' moved, the level apart (`level(_:)`).
  func coefficients(_ fitted: FittedAttribution, period: Int) -> [Double] {
    var result = fitted.fit.parameters.coefficients
    for m in fitted.cells.modes.indices {
      let column = fitted.fit.model.rate.column(ofMode: m)
      if column >= 0 { result[column] += scale * deviation[period][1 + m] }
    }
    return result
  }

  /// What a period adds to the linear predictor of every contact.
  func level(_ period: Int) -> Double { scale * deviation[period][0] }

  /// Precision of the normal that stands for the Cauchy prior at a value.
  private static func precision(_ value: Double) -> Double {
    2 / (priorScale * priorScale + value * value)
  }
}

extension EffectDrift {
  /// The observed cells that occur in each period, with their exposed contacts.
  struct Slots {
    /// Slot of each contact, −1 outside the periods.
    private(set) var ofContact: [Int32]
    private(set) var period: [Int] = []
    private(set) var cell: [Int] = []
    private(set) var exposure: [Double] = []
    /// Modes known to hold.
    private(set) var mask: [UInt64] = []

    init(_ fitted: FittedAttribution, _ classes: ContactClasses) {
      let data = fitted.data
      let cells = fitted.cells
      let form = fitted.fit.model.rate.form
      let delay = fitted.fit.parameters.delay
      ofContact = [Int32](repeating: -1, count: data.count)
      var index = CellIndex(width: 2)
      var key: [Int32] = [0, 0]
      for i in 0..<data.count where classes.periodOfContact[i] >= 0 {
        key[0] = classes.periodOfContact[i]
        key[1] = data.cell[i]
        let slot = Int(index.number(of: key))
        if slot == cell.count {
          period.append(Int(key[0]))
          cell.append(Int(key[1]))
          mask.append(cells.cellMask[cells.settledCell(Int(key[1]))])
          exposure.append(0)
        }
        ofContact[i] = Int32(slot)
        let exposures = fitted.functionals.exposure(delay: delay, left: data.end - data.time[i])
        exposure[slot] += exposures[form.group(mask: mask[slot])]
      }
    }

    /// κ of each slot, its ratio to the pooled one, and dκ by a deviation relative to κ.
    struct Rates {
      var rate: [Double] = []
      var ratio: [Double] = []
      var slope: [Double] = []
    }

    func rates(_ fitted: FittedAttribution, _ deviation: [[Double]], _ scale: Double) -> Rates {
      let cells = fitted.cells
      let link = fitted.fit.model.rate.form.link
      let predictor = fitted.fit.model.rate.design.linearPredictor(
        fitted.fit.parameters.coefficients)
      var result = Rates()
      for s in cell.indices {
        let moved = deviation[period[s]]
        var shift = moved[0]
        var rest = mask[s]
        while rest != 0 {
          shift += moved[1 + rest.trailingZeroBitCount]
          rest &= rest - 1
        }
        shift *= scale
        var (before, after, slope) = (0.0, 0.0, 0.0)
        for e in Int(cells.mixtureStart[cell[s]])..<Int(cells.mixtureStart[cell[s] + 1]) {
          let eta = predictor[Int(cells.mixtureCell[e])]
          let weight = cells.mixtureWeight[e]
          before += weight * link.mean(eta)
          after += weight * link.mean(eta + shift)
          slope += weight * link.derivative(eta + shift)
        }
        result.rate.append(after)
        result.ratio.append(before > 0 ? after / before : 1)
        result.slope.append(after > 0 ? scale * slope / after : 0)
      }
      return result
    }

    /// Takes Σ κ e x of a period off its scores.
    func subtractExpected(period t: Int, _ rates: Rates, from gradient: inout [Double]) {
      for s in cell.indices where period[s] == t {
        let expected = rates.rate[s] * exposure[s] * rates.slope[s]
        gradient[0] -= expected
        var rest = mask[s]
        while rest != 0 {
          gradient[1 + rest.trailingZeroBitCount] -= expected
          rest &= rest - 1
        }
      }
    }
  }

  /// The sums over candidate pairs of one round.
  struct PairSums {
    var score: [[Double]]
    var information: [Matrix]
    var own: [Double]
    var ownSlope: [[[Double]]]

    init(
      _ data: LinkData, _ slots: Slots, _ rates: Slots.Rates, _ probability: [Double],
      _ pooledOwn: [Double], periods: Int, width: Int, periodOf: [Int32]
    ) {
      var score = [Double](repeating: 0, count: periods * width)
      var information = [Double](repeating: 0, count: periods * width * width)
      var slopes = [Double](repeating: 0, count: periods * periods * width)
      var own = pooledOwn
      // What contact j owes to each coordinate, and which of them it owes anything to.
      var owed = score
      var touched: [Int] = []
      for j in 0..<data.count {
        let pairs = data.pairStart[j]..<data.pairStart[j + 1]
        guard !pairs.isEmpty else { continue }
        let first = Int(data.firstPrior[j]) - pairs.lowerBound
        var total = pooledOwn[j]
        for pair in pairs {
          let slot = Int(slots.ofContact[first + pair])
          total += probability[pair] * (slot >= 0 ? rates.ratio[slot] : 1)
        }
        guard total > 0 else { continue }
        own[j] = pooledOwn[j] / total
        for pair in pairs where probability[pair] > 0 {
          let slot = Int(slots.ofContact[first + pair])
          guard slot >= 0 else { continue }
          let p = probability[pair] * rates.ratio[slot] / total * rates.slope[slot]
          let base = slots.period[slot] * width
          if owed[base] == 0 { touched.append(base) }
          owed[base] += p
          var rest = slots.mask[slot]
          while rest != 0 {
            let place = base + 1 + rest.trailingZeroBitCount
            if owed[place] == 0 { touched.append(place) }
            owed[place] += p
            rest &= rest - 1
          }
        }
        let before = Int(periodOf[j - 1])
        for a in touched {
          score[a] += owed[a]
          let row = a / width * width
          for b in touched where b / width * width == row {
            information[a * width + b - row] += owed[a] * owed[b]
          }
          if before >= 0 { slopes[before * periods * width + a] -= own[j] * owed[a] }
        }
        for a in touched { owed[a] = 0 }
        touched.removeAll(keepingCapacity: true)
      }
      self.own = own
      self.score = (0..<periods).map { Array(score[($0 * width)..<(($0 + 1) * width)]) }
      self.information = (0..<periods).map { t in
        Matrix(
          rows: width, columns: width,
          storage: Array(information[(t * width * width)..<((t + 1) * width * width)]))
      }
      ownSlope = (0..<periods).map { t in
        (0..<periods).map { u in
          let start = (t * periods + u) * width
          return Array(slopes[start..<(start + width)])
        }
      }
    }
  }
}
