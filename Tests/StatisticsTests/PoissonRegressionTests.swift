import LinearAlgebra
import RealModule
import Statistics
import Testing

@Suite struct PoissonRegressionTests {
  let design = IndicatorDesign(columnCount: 2, rows: [[0], [0, 1]])

  /// Two groups: each mean is its own rate, whatever the link.
  @Test(arguments: [0, 0.3, 0.5, 1, -0.5])
  func saturatedModelGivesRates(exponent: Double) throws {
    let link = PowerLink(exponent: exponent)
    let fit = try PoissonRegression(design: design, link: link)
      .fit(response: [12.5, 30], exposure: [100, 60], tolerance: 1e-18)
    #expect(fit.converged)
    // The ridge of 1e-10 relative is what is left.
    #expect(relativeDifference(fit.means, [0.125, 0.5]) < 1e-9)
    let known = [
      link.linearPredictor(0.125), link.linearPredictor(0.5) - link.linearPredictor(0.125),
    ]
    #expect(relativeDifference(fit.coefficients, known) < 1e-8)
  }

  @Test func logVarianceIsOneOverEvents() throws {
    let fit = try PoissonRegression(design: design, link: .log)
      .fit(response: [12.5, 30], exposure: [100, 60])
    let covariance = try fit.covariance()
    #expect(abs(covariance[0, 0] - 1 / 12.5) < 1e-9)
    #expect(abs(covariance[1, 1] - (1 / 12.5 + 1 / 30)) < 1e-9)
  }

  @Test func duplicatingTheDataHalvesTheVariance() throws {
    let rows = [[0], [0, 1], [0, 2], [0, 1, 2]]
    let regression = PoissonRegression(design: indicatorDesign(rows, columns: 3), link: .log)
    let once = try regression.fit(response: [5, 9, 4, 22], exposure: [40, 30, 20, 50])
    let twice = try PoissonRegression(
      design: indicatorDesign(rows + rows, columns: 3), link: .log
    ).fit(response: [5, 9, 4, 22, 5, 9, 4, 22], exposure: [40, 30, 20, 50, 40, 30, 20, 50])
    #expect(relativeDifference(twice.coefficients, once.coefficients) < 1e-10)
    let (single, double) = (try once.covariance(), try twice.covariance())
    #expect(relativeDifference(double.storage.map { $0 * 2 }, single.storage) < 1e-10)
    let cells = try regression.fit(response: [10, 18, 8, 44], exposure: [80, 60, 40, 100])
    #expect(relativeDifference(cells.coefficients, twice.coefficients) < 1e-10)
  }

  @Test func emptyColumnsDoNotBreakIt() throws {
    // Column 2 has no exposure, column 3 no response, column 4 repeats column 1.
    let rows = [[0], [0, 1, 4], [0, 2], [0, 3]]
    for exponent in [0, 0.5, 1] {
      let fit = try PoissonRegression(
        design: indicatorDesign(rows, columns: 5), link: PowerLink(exponent: exponent)
      ).fit(response: [20, 35, 0, 0], exposure: [100, 70, 0, 30])
      #expect(fit.converged)
      #expect(fit.columnsWithoutExposure == [2])
      #expect(fit.columnsWithoutResponse == [2, 3])
      #expect(fit.coefficients[2] == 0)
      #expect(abs(fit.means[0] - 0.2) < 1e-6)
      #expect(abs(fit.means[1] - 0.5) < 1e-6)
      #expect(fit.means[3] < 1e-6)
      #expect(abs(fit.coefficients[1] - fit.coefficients[4]) < 1e-4)
      #expect(try fit.covariance().storage.allSatisfy(\.isFinite))
    }
  }

  /// Additive effects whose sum would be a negative mean: the fit holds that cell at zero. With the
  /// constraint a = b + c on the three other means, Lagrange's conditions give a multiplier of
  /// 5300/67 and the means below.
  @Test func identityKeepsMeansPositive() throws {
    let rows = [[0], [0, 1], [0, 2], [0, 1, 2]]
    let fit = try PoissonRegression(design: indicatorDesign(rows, columns: 3), link: .identity)
      .fit(response: [60, 3, 4, 0], exposure: [100, 100, 100, 100])
    #expect(fit.converged)
    #expect(fit.rowsAtBound == [3])
    #expect(fit.means[3] >= PowerLink.minimumMean && fit.means[3] < 2e-8)
    let multiplier = 5300.0 / 67
    let known = [60 / (100 + multiplier), 3 / (100 - multiplier), 4 / (100 - multiplier)]
    #expect(relativeDifference(Array(fit.means[..<3]), known) < 1e-8)
  }

  /// Many sparse cells, most without a response: every link ends, inside its range.
  @Test(arguments: [0, 0.25, 0.5, 0.75, 1])
  func sparseWorldsConverge(exponent: Double) throws {
    var random = TestRandom(state: 77)
    for world in 0..<30 {
      let columns = 6 + Int(30 * random.uniform())
      let effects = (0..<columns).map { _ in 0.8 * random.normal() }
      var (rows, response, exposure) = ([[Int]](), [Double](), [Double]())
      for _ in 0..<(20 + Int(200 * random.uniform())) {
        let row = [0] + (1..<columns).filter { _ in random.uniform() < 0.15 }
        let mean = 0.1 * max(0, row.dropFirst().reduce(1) { $0 + effects[$1] })
        exposure.append([0.3, 3, 100][world % 3] * random.uniform())
        response.append(random.poisson(exposure[rows.count] * mean) * random.uniform())
        rows.append(row)
      }
      let fit = try PoissonRegression(
        design: indicatorDesign(rows, columns: columns), link: PowerLink(exponent: exponent)
      ).fit(response: response, exposure: exposure)
      #expect(fit.converged, "world \(world): \(fit.ending) after \(fit.iterations)")
      #expect(fit.coefficients.allSatisfy { $0.isFinite })
    }
  }

  @Test func stepsOutsideTheRangeComeBack() throws {
    let regression = PoissonRegression(design: design, link: .identity)
    let coefficients = try regression.step(
      response: [20, 5], exposure: [100, 100], coefficients: [-0.5, -0.9])
    #expect(1 + coefficients[0] > 0 && 1 + coefficients[0] + coefficients[1] > 0)
  }

  @Test func stepsClimbToTheFit() throws {
    let known = try Goldens.load().poisson
    let regression = PoissonRegression(
      design: indicatorDesign(known.rows), link: PowerLink(exponent: 0.5))
    let fit = try regression.fit(response: known.response, exposure: known.exposure)
    var coefficients = [Double](repeating: 0, count: 7)
    for _ in 0..<12 {
      coefficients = try regression.step(
        response: known.response, exposure: known.exposure, coefficients: coefficients)
    }
    #expect(relativeDifference(coefficients, fit.coefficients) < 1e-6)
  }

  /// With a normal prior the saturated coefficient solves y − E·e^β = λ(β − m).
  @Test func ridgeDrawsToThePriorMean() throws {
    let one = IndicatorDesign(columnCount: 1, rows: [[0]])
    let fit = try PoissonRegression(design: one, link: .log, ridge: [4], priorMeans: [0.5])
      .fit(response: [3], exposure: [10], tolerance: 1e-20)
    let beta = fit.coefficients[0]
    #expect(abs(3 - 10 * Double.exp(beta) - 4 * (beta - 0.5)) < 1e-9)
  }

  @Test func orderOfRowsDoesNotMatter() throws {
    let known = try Goldens.load().poisson
    let order = known.rows.indices.reversed()
    let forward = try PoissonRegression(design: indicatorDesign(known.rows), link: .log)
      .fit(response: known.response, exposure: known.exposure)
    let backward = try PoissonRegression(
      design: indicatorDesign(order.map { known.rows[$0] }), link: .log
    ).fit(
      response: order.map { known.response[$0] }, exposure: order.map { known.exposure[$0] })
    #expect(relativeDifference(backward.coefficients, forward.coefficients) < 1e-11)
  }

  @Test func faultsAreNamed() {
    let regression = PoissonRegression(design: design, link: .log)
    func message(_ response: [Double], _ exposure: [Double]) -> String? {
      do throws(RegressionError) {
        _ = try regression.fit(response: response, exposure: exposure)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      message([1], [1, 2])
        == "response has 1 values, expected 2: give one for each row or column of the design.")
    #expect(
      message([1, -2], [1, 2])
        == "response of row 1 is -2.0, expected a finite number of 0 or more: "
        + "correct or drop the row.")
    #expect(
      message([1, 2], [1, 0])
        == "Row 1 has a response of 2.0 with an exposure of 0, expected a positive exposure: "
        + "drop the row or give it the exposure its events came from.")
    #expect(
      message([0, 0], [0, 0])
        == "exposure is zero in every row, expected at least one positive value: "
        + "there is nothing to fit.")
    #expect(message([.nan, 0], [1, 1])?.hasPrefix("response of row 0 is nan") == true)
  }

  /// Under γ > 1 a row without response is drawn to a mean of zero at a slope without bound. Step after
  /// step, as EM takes them, its weight must not outgrow every matrix, and the others go on.
  @Test func rowsWithoutResponseAreHeldUnderConvexLinks() throws {
    let rows = [[0], [0, 1], [0, 2], [0, 1, 2], [0, 3], [0, 1, 3]]
    let response = [40.0, 60, 12, 30, 0, 1e-9]
    let exposure = [200.0, 150, 80, 90, 30, 20]
    for exponent in [1.5, 2, 3] {
      let regression = PoissonRegression(
        design: indicatorDesign(rows, columns: 4), link: PowerLink(exponent: exponent),
        ridge: [1e-8, 0.05, 0.05, 0.05])
      var coefficients = [PowerLink(exponent: exponent).linearPredictor(0.3), 0, 0, 0]
      for _ in 0..<300 {
        coefficients = try regression.maximum(
          response: response, exposure: exposure, from: coefficients, tolerance: 1e-3)
      }
      #expect(coefficients.allSatisfy { $0.isFinite })
      let link = regression.link
      let predictor = regression.design.linearPredictor(coefficients)
      let means = predictor.map { link.mean($0) }
      #expect(means.allSatisfy { $0.isFinite && $0 > 0 })
      // Rows with responses are still told apart; the one without is next to nothing.
      #expect(abs(means[0] - 0.2) < 0.05 && means[1] > means[0] && means[1] < 0.5)
      #expect(means[4] < 0.02)
    }
  }
}
