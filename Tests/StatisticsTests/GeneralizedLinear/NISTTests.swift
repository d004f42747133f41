import Statistics
import Testing

/// Certified values of the NIST Statistical Reference Datasets, linear regression (public domain).
@Suite struct NISTTests {
  struct Problem: Sendable {
    let file: String
    let formula: String
    let estimates: [Double]
    let deviations: [Double]
    /// Digits to hold of estimates and of their standard deviations.
    let digits: (estimates: Double, deviations: Double)
  }

  static let quintic = "y ~ x + I(x^2) + I(x^3) + I(x^4) + I(x^5)"
  static let wampler = [
    2152.32624678170, 2363.55173469681, 779.343524331583, 101.475507550350, 5.64566512170752,
    0.112324854679312,
  ]

  static let problems = [
    Problem(
      file: "longley", formula: "y ~ x1 + x2 + x3 + x4 + x5 + x6",
      estimates: [
        -3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683,
        -1.03322686717359, -0.511041056535807e-01, 1829.15146461355,
      ],
      deviations: [
        890420.383607373, 84.9149257747669, 0.334910077722432e-01, 0.488399681651699,
        0.214274163161675, 0.226073200069370, 455.478499142212,
      ], digits: (9, 9)),
    // The powers themselves are rounded to doubles: what they have lost no solver brings back.
    Problem(
      file: "filip",
      formula: "y ~ x + I(x^2) + I(x^3) + I(x^4) + I(x^5) + I(x^6) + I(x^7) + I(x^8) + I(x^9) "
        + "+ I(x^10)",
      estimates: [
        -1467.48961422980, -2772.17959193342, -2316.37108160893, -1127.97394098372,
        -354.478233703349, -75.1242017393757, -10.8753180355343, -1.06221498588947,
        -0.670191154593408e-01, -0.246781078275479e-02, -0.402962525080404e-04,
      ],
      deviations: [
        298.084530995537, 559.779865474950, 466.477572127796, 227.204274477751, 71.6478660875927,
        15.2897178747400, 2.23691159816033, 0.221624321934227, 0.142363763154724e-01,
        0.535617408889821e-03, 0.896632837373868e-05,
      ], digits: (7, 7)),
    Problem(
      file: "wampler1", formula: quintic, estimates: [1, 1, 1, 1, 1, 1],
      deviations: [], digits: (9, 9)),
    Problem(
      file: "wampler2", formula: quintic, estimates: [1, 0.1, 0.01, 0.001, 0.0001, 0.00001],
      deviations: [], digits: (9, 9)),
    Problem(
      file: "wampler3", formula: quintic, estimates: [1, 1, 1, 1, 1, 1], deviations: wampler,
      digits: (9, 9)),
    Problem(
      file: "wampler4", formula: quintic, estimates: [1, 1, 1, 1, 1, 1],
      deviations: wampler.map { $0 * 100 }, digits: (9, 9)),
    Problem(
      file: "wampler5", formula: quintic, estimates: [1, 1, 1, 1, 1, 1],
      deviations: wampler.map { $0 * 10_000 }, digits: (9, 9)),
    Problem(
      file: "noint1", formula: "y ~ 0 + x", estimates: [2.07438016528926],
      deviations: [0.165289256198347e-01], digits: (13, 13)),
    Problem(
      file: "noint2", formula: "y ~ 0 + x", estimates: [0.727272727272727],
      deviations: [0.420827318078432e-01], digits: (13, 13)),
  ]

  @Test(arguments: problems)
  func certifiedValuesAreMet(problem: Problem) throws {
    let table = try RegressionTables.csv("nist/\(problem.file).csv")
    let (recipe, design, frame) = try RegressionTables.model(problem.formula, table)
    let fit = try GeneralizedLinearModel(family: .gaussian, recipe: recipe)
      .fit(design, Observations(response: frame.numbers("y", role: "y"), family: .gaussian))
    #expect(fit.droppedColumns == [])
    let digits = zip(fit.coefficients, problem.estimates).map { sharedDigits($0, $1) }
    #expect(digits.min() ?? 0 > problem.digits.estimates, "\(problem.file): \(digits)")
    if problem.deviations.isEmpty {
      // The polynomial goes through every point: the deviations are zero but for rounding.
      #expect(fit.dispersion.squareRoot() < 1e-7)
    } else {
      let errors = zip(fit.standardErrors, problem.deviations).map { sharedDigits($0, $1) }
      #expect(errors.min() ?? 0 > problem.digits.deviations, "\(problem.file): \(errors)")
    }
  }
}
