import Statistics
import Testing

@Suite("Damped Newton steps")
struct DampedNewtonTests {
  /// f(x) = −x'Ax/2 + b'x with A = [[4, 1], [1, 3]], b = (1, 2): the maximum is at A⁻¹b = (1, 7)/11.
  @Test func reachesTheMaximumOfAParabolaInOneStep() throws {
    let step = try DampedNewton().step(gradient: [1, 2], hessian: [-4, -1, -1, -3])
    // A solve of order two: a few roundings.
    #expect(abs(step[0] - 1 / 11) < 1e-15)
    #expect(abs(step[1] - 7 / 11) < 1e-15)
  }

  @Test func goesUphillWhereTheHessianIsIndefinite() throws {
    let gradient = [0.3, -0.2]
    let step = try DampedNewton().step(gradient: gradient, hessian: [2, 0, 0, -5])
    #expect(step[0] * gradient[0] + step[1] * gradient[1] > 0)
  }

  @Test func keepsTheStepInsideItsBox() throws {
    let step = try DampedNewton(longestStep: 0.5).step(gradient: [10, 1], hessian: [-1, 0, 0, -1])
    #expect(step == [0.5, 0.05])
  }

  @Test func namesAHessianThatIsNotFinite() {
    #expect(throws: RegressionError.self) {
      _ = try DampedNewton().step(gradient: [1], hessian: [.nan])
    }
  }
}
