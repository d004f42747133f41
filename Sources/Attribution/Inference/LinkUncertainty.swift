import Execution
import LinearAlgebra
import RepeatContacts

/// What the choice of the link adds to the errors: how far from the figures those under the other
/// links that the data leave possible lie, Σ w d dᵀ over them (see `LinkAlternatives`).
struct LinkUncertainty {
  /// By other link, its weight, and by how much its totals, its parts and what removals avoid differ.
  private let moves: [(weight: Double, totals: [Double], removals: [Double])]

  init(
    _ fitted: FittedAttribution, removals: [PartRemoval], _ removalTotals: RemovalTotals,
    tree: LinkTree
  ) throws {
    func figures(
      _ fit: LinkFit, _ effects: CellEffects, _ totals: RemovalTotals, _ tree: LinkTree
    ) -> (totals: [Double], removals: [Double]) {
      let weights = fitted.cells.mixtureWeight
      return (
        SplitFunctionals(
          effects: effects, data: fitted.data, weights: fitted.correction?.weights
        ).totals(fit.parameters, rates: fitted.rates, weights: weights),
        totals.values(
          removals, tree: tree, fit.parameters, rates: fitted.rates, weights: weights
        ).flatMap { $0 }
      )
    }
    guard !fitted.otherLinks.isEmpty else {
      moves = []
      return
    }
    let centre = figures(fitted.fit, fitted.effects, removalTotals, tree)
    moves = try fitted.otherLinks.map { other in
      let effects = try CellEffects(design: other.fit.model.rate, cells: fitted.cells)
      let found = figures(
        other.fit, effects,
        RemovalTotals(
          effects: effects, costs: removalTotals.costs, threads: removalTotals.threads),
        LinkTree(
          data: fitted.data,
          probability: fitted.executor.probabilities(fitted.data, other.fit.tables)))
      return (
        other.weight, zip(found.totals, centre.totals).map { $0 - $1 },
        zip(found.removals, centre.removals).map { $0 - $1 }
      )
    }
  }

  /// The covariances with what the link adds.
  func added(to covariance: FittedAttribution.Covariance) -> FittedAttribution.Covariance {
    FittedAttribution.Covariance(
      totals: added(to: covariance.totals) { $0.totals }, coefficients: covariance.coefficients,
      removals: added(to: covariance.removals) { $0.removals },
      population: added(to: covariance.population) { Array($0.totals.prefix(PartScores.count)) },
      sandwich: covariance.sandwich)
  }

  private func added(
    to matrix: Matrix,
    _ values: ((weight: Double, totals: [Double], removals: [Double])) -> [Double]
  ) -> Matrix {
    var result = matrix
    for move in moves {
      let d = values(move)
      for i in d.indices {
        for j in d.indices { result[i, j] += move.weight * d[i] * d[j] }
      }
    }
    return result
  }
}
