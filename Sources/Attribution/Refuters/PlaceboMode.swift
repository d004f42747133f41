import RepeatContacts
import Statistics

/// Flags that look like a failure mode and are none: the mode's own marks, moved along the log within
/// each topic, channel and handler, so that they are as frequent and as bunched in time.
struct PlaceboMode: Refuter {
  static let name = RefuterName.placeboMode
  static let meaning =
    "Each failure's marks were moved to other interactions of the same topic and channel, weeks away, "
    + "as frequent and as bunched in time as the real ones. They stand for nothing, so nothing may "
    + "come of them."

  static let shifts = 16
  /// Interactions of one kind that are needed to move marks among them.
  static let fewest = 16

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let targets = attempt.targets
    let modes = targets.indices.filter { targets[$0].mode != nil }
    let found = try attempt.inParallel(modes.count) { k in
      placebos(of: [targets[modes[k]].mode ?? 0], attempt, key: UInt64(k))
    }
    let cells = attempt.fitted.cells
    var findings = [RefuterVerdicts.Finding?](repeating: nil, count: targets.count)
    for (t, found) in zip(modes, found) { findings[t] = finding(t, found, attempt) }
    // The split's parts are tried by marks of any mode of their side.
    for (t, target) in targets.enumerated() where target.mode == nil {
      let side = cells.modes.indices.filter { m in
        attempt.fitted.rates.leftOut[m] == nil
          && (cells.modes[m].side == .system) == target.name.hasPrefix("system")
      }
      guard target.name != "baseline", target.name != "system_through_staff" else {
        findings[t] = .init(target: target, expected: nil, observed: nil, ci95: nil, p: nil) { _ in
          target.name == "baseline"
            ? "The baseline is what no failure explains: it has no marks to move."
            : "Goes with the marks of both sides, which are tried one by one."
        }
        continue
      }
      findings[t] = finding(
        t, placebos(of: side, attempt, key: target.name == "staff_own" ? 101 : 100), attempt)
    }
    return RefuterVerdicts.judged(findings.compactMap { $0 })
  }

  private func finding(
    _ t: Int, _ found: [ScoreField.Finding], _ attempt: RefutationCase
  ) -> RefuterVerdicts.Finding {
    let square = found.reduce(0) { $0 + $1.z * $1.z }
    let missed = found.count { abs($0.z) > NormalDistribution.quantile975 }
    let count = Double(max(found.count, 1))
    let mean = found.reduce(0) { $0 + $1.caused } / count
    let error =
      (found.reduce(0) { $0 + $1.causedError * $1.causedError } / count).squareRoot()
    let spread = (found.reduce(0) { $0 + $1.caused * $1.caused } / count).squareRoot()
    let value = attempt.values[t]
    return .init(
      target: attempt.targets[t], expected: 0, observed: found.isEmpty ? nil : mean,
      ci95: found.isEmpty ? nil : TotalEstimates.interval(mean, error),
      p: found.count < 4
        ? nil
        : ChiSquareDistribution.upperTail(square, degreesOfFreedom: Double(found.count)),
      matters: spread > 0.1 * abs(value)
    ) { verdict in
      switch verdict {
      case .notApplicable: "Too few interactions of one kind to move marks among."
      case .pass:
        "\(missed) of \(found.count) placebos seem to bring repeats, as chance has it."
      default:
        "\(missed) of \(found.count) placebos seem to bring repeats (typically "
          + "\(grouped(spread)), where intervals say \u{00B1}\(grouped(error))): something that the "
          + "model does not know bunches contacts, and intervals are too narrow."
      }
    }
  }

  /// What each shift of the modes' marks finds.
  private func placebos(of modes: [Int], _ attempt: RefutationCase, key: UInt64)
    -> [ScoreField.Finding]
  {
    let fitted = attempt.fitted
    let data = attempt.field.data
    // Interactions of one kind on which all of the modes were looked at, in order of time.
    var kinds = [[Int32]](repeating: [], count: fitted.context.columns.count)
    var marks = [Double](repeating: 0, count: data.count)
    let time = data.time
    let order = (0..<data.count).sorted { (a: Int, b: Int) -> Bool in
      time[a] == time[b] ? a < b : time[a] < time[b]
    }
    for i in order {
      let row = Int(data.row[i])
      var (known, holds) = (true, false)
      for m in modes {
        let state = fitted.input.modes.state[m].storage[row]
        if state < 0 { known = false }
        if state == 1 { holds = true }
      }
      guard known else { continue }
      kinds[Int(fitted.context.combination[row])].append(Int32(i))
      if holds { marks[i] = 1 }
    }
    var stream = RandomStream(seed: attempt.seed, keys: 0x706c_6163, key)
    return (0..<PlaceboMode.shifts).compactMap { k in
      let jitter = stream.uniform()
      let part = (Double(k) + 0.5 + 0.9 * (jitter - 0.5)) / Double(PlaceboMode.shifts)
      var covariate = [Double](repeating: 0, count: data.count)
      var any = false
      for kind in kinds where kind.count >= PlaceboMode.fewest {
        let shift = max(1, Int(part * Double(kind.count)))
        for place in kind.indices {
          let mark = marks[Int(kind[(place + shift) % kind.count])]
          if mark != 0 {
            covariate[Int(kind[place])] = mark
            any = true
          }
        }
      }
      return any ? attempt.field.finding(covariate) : nil
    }
  }
}
