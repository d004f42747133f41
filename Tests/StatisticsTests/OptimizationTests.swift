import LinearAlgebra
import RealModule
import Statistics
import Testing

@Suite struct OptimizationTests {
  @Test func brentFindsRoots() {
    let cosine = RootFinding.brent(in: 0...2) { Double.cos($0) - $0 }
    #expect(cosine.converged)
    #expect(abs(cosine.point - 0.7390851332151607) < 1e-12)
    // A triple root, where the secant alone crawls.
    let flat = RootFinding.brent(in: -1...4) { ($0 - 1) * ($0 - 1) * ($0 - 1) }
    #expect(abs(flat.point - 1) < 1e-4 && flat.converged)
    #expect(RootFinding.brent(in: 1...2) { $0 }.ending == .notBracketed)
    #expect(RootFinding.brent(in: -1...2) { _ in .nan }.ending == .notANumber)
  }

  @Test func newtonStaysInTheBracket() {
    // From 3 a bare Newton step on the arc tangent runs away.
    let root = RootFinding.newton(in: -4...5, start: 3) {
      (Double.atan($0), 1 / (1 + $0 * $0))
    }
    #expect(root.converged && abs(root.point) < 1e-12)
    let logarithm = RootFinding.newton(in: 1e-9...1e9) { (Double.log($0) - 1, 1 / $0) }
    #expect(abs(logarithm.point - 2.718281828459045) < 1e-11)
    #expect(RootFinding.newton(in: 1...2) { ($0, 1) }.ending == .notBracketed)
  }

  @Test func brentFindsMinima() {
    let minimum = ScalarMinimization.brent(in: 0...6) { -Double.sin($0) }
    // A minimum is known to √ε of its place only.
    #expect(minimum.converged && abs(minimum.point - .pi / 2) < 1e-7)
    let edge = ScalarMinimization.brent(in: 2...3) { $0 * $0 }
    #expect(edge.converged && abs(edge.point - 2) < 1e-6)
  }

  @Test func quasiNewtonMinimisesRosenbrock() {
    let minimum = QuasiNewton().minimize(from: [-1.2, 1]) { x in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
    }
    #expect(minimum.converged)
    #expect(relativeDifference(minimum.point, [1, 1]) < 1e-7)
    #expect(minimum.iterations < 60)
  }

  @Test func quasiNewtonSaysHowItEnded() {
    let parabola: ([Double]) -> (value: Double, gradient: [Double]) = {
      ($0[0] * $0[0], [2 * $0[0]])
    }
    #expect(
      QuasiNewton(maximumIterations: 0).minimize(from: [3], parabola).ending == .maximumIterations)
    #expect(QuasiNewton().minimize(from: [.nan], parabola).ending == .startNotFinite)
    let wrong = QuasiNewton().minimize(from: [3]) { ($0[0] * $0[0], [-2 * $0[0]]) }
    #expect(wrong.ending == .lineSearchFailed && !wrong.converged)
    // A wall of infinity beside the minimum is a step too far, not an end.
    let walled = QuasiNewton().minimize(from: [0.1]) { x in
      x[0] <= 0 ? (.infinity, [.nan]) : (x[0] - Double.log(x[0]), [1 - 1 / x[0]])
    }
    #expect(walled.converged && abs(walled.point[0] - 1) < 1e-7)
  }

  @Test func differencesMatchDerivatives() {
    let point = [0.7, -2, 30]
    func value(_ x: [Double]) -> Double { x[0] * x[0] * x[1] + Double.sin(x[2]) }
    func slope(_ x: [Double]) -> [Double] { [2 * x[0] * x[1], x[0] * x[0], Double.cos(x[2])] }
    #expect(relativeDifference(FiniteDifference.gradient(at: point, value), slope(point)) < 1e-8)
    let hessian = FiniteDifference.hessian(at: point, gradient: slope)
    let known = Matrix([[-4, 1.4, 0], [1.4, 0, 0], [0, 0, -Double.sin(30)]])
    #expect(relativeDifference(hessian.storage, known.storage) < 1e-8)
  }
}
