import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

/// A set of parts that is taken out, all of it or a share: each failure of theirs is kept with
/// probability 1 − share, whatever else happens.
package struct PartRemoval: Sendable, Equatable {
  package var parts: [Int]
  package var share: Double

  package init(parts: [Int], share: Double = 1) {
    self.parts = parts
    self.share = share
  }
}

/// What removals avoid on the log's own tree, as a function of the model's parameters.
///
/// A removal takes the fraction f of a contact's repeats that goes with its parts and with the failures
/// that they induce (`EffectEvaluator.removals`); a removal by a share s takes f × s, for the parts of
/// one removal are never on an interaction together, or else s is 1. Descendants follow on the tree, so
/// that half of the failures avoid more or less than half of the repeats.
package struct RemovalTotals: Sendable {
  let effects: CellEffects
  /// Costs of each contact; empty where there are none. Values are contacts first, then costs.
  let costs: [Double]?
  let threads: Int

  package init(effects: CellEffects, costs: [Double]?, threads: Int) {
    self.effects = effects
    self.costs = costs
    self.threads = threads
  }

  /// How each avoided contact counts: 1, and its costs where they are known.
  var weightings: [[Double]?] { costs.map { [nil, $0] } ?? [nil] }

  /// Share of the repeats of each observed cell that goes with each removal, `[removal][cell]`.
  package func fractions(
    _ removals: [PartRemoval], _ parameters: LinkParameters, rates: ModeRates, weights: [Double]
  ) -> [[Double]] {
    let sets = RemovalSets(removals.map(\.parts), effects: effects)
    let count = effects.cells.observedCount
    let size = max(256, (count + 63) / 64)
    let blocks = parallelMap(count: (count + size - 1) / size, threads: threads) { block in
      let range = (block * size)..<min((block + 1) * size, count)
      let evaluator = EffectEvaluator(
        effects: effects, coefficients: parameters.coefficients, rates: rates, weights: weights)
      let gone = Scratch<Double>(count: removals.count, repeating: 0)
      var result = [Double](repeating: 0, count: range.count * removals.count)
      for (place, o) in range.enumerated() {
        let whole = evaluator.removals(of: o, sets, into: gone.base)
        guard whole > 0 else { continue }
        for k in removals.indices {
          result[k * range.count + place] = removals[k].share * gone.base[k] / whole
        }
      }
      return result
    }
    return removals.indices.map { k in
      var values: [Double] = []
      values.reserveCapacity(count)
      for block in blocks {
        let width = block.count / removals.count
        values += block[(k * width)..<((k + 1) * width)]
      }
      return values
    }
  }

  /// What each removal avoids: contacts, then their costs where known, `[removal][weighting]`.
  package func values(
    _ removals: [PartRemoval], tree: LinkTree, _ parameters: LinkParameters, rates: ModeRates,
    weights: [Double]
  ) -> [[Double]] {
    let fractions = fractions(removals, parameters, rates: rates, weights: weights)
    return parallelMap(count: removals.count, threads: threads) { k in
      let fraction = fractions[k]
      let removal = LinkTree.Removal(tree) { fraction[Int(tree.data.cell[$0])] }
      return weightings.map { removal.expected(weight: $0) }
    }
  }

  /// Variance of the realised contacts and costs around these values given the model.
  func variances(_ fractions: [[Double]], tree: LinkTree) -> [[Double]] {
    parallelMap(count: fractions.count, threads: threads) { k in
      let removal = LinkTree.Removal(tree) { fractions[k][Int(tree.data.cell[$0])] }
      return weightings.map { weight in
        tree.variance(removal, worth: tree.hanging(removal, weight: weight))
      }
    }
  }
}
