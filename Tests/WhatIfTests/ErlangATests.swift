import Foundation
import Testing
import WhatIf

/// The queue against what is known of it in closed form.
@Suite struct ErlangATests {
  /// Erlang's C formula and its mean wait.
  private func erlangC(load: Double, staff: Int) -> Double {
    var (sum, term) = (0.0, 1.0)
    for k in 0..<staff {
      sum += term
      term *= load / Double(k + 1)
    }
    let last = term * Double(staff) / (Double(staff) - load)
    return last / (sum + last)
  }

  @Test(arguments: [(3.0, 5), (18.0, 20), (90.0, 100)])
  func patientCallersWaitAsErlangCSays(load: Double, staff: Int) {
    let queue = ErlangA(arrivals: load, service: 1, staff: staff, abandoning: 1e-7)
    let wait = erlangC(load: load, staff: staff)
    #expect(abs(queue.waitProbability - wait) < 1e-4 * wait + 1e-6)
    #expect(abs(queue.meanWait - wait / (Double(staff) - load)) < 1e-4)
    #expect(queue.abandonment < 1e-5)
  }

  /// Where leaving is as quick as service the number present is Poisson (M/M/∞).
  @Test func callersAsQuickToLeaveAsToBeServedArePoisson() {
    let (load, staff) = (6.0, 4)
    let queue = ErlangA(arrivals: load * 2, service: 2, staff: staff, abandoning: 2)
    var (term, below, waiting) = (exp(-load), 0.0, 0.0)
    for k in 0..<200 {
      if k < staff { below += term } else { waiting += Double(k - staff) * term }
      term *= load / Double(k + 1)
    }
    #expect(abs(queue.waitProbability - (1 - below)) < 1e-12)
    #expect(abs(queue.meanQueue - waiting) < 1e-12)
  }

  @Test(arguments: [(10.0, 3), (200.0, 150), (5_000.0, 0), (1.0, 40)])
  func whatComesInGoesOut(arrivals: Double, staff: Int) {
    let (service, abandoning) = (1.5, 0.4)
    let queue = ErlangA(
      arrivals: arrivals, service: service, staff: staff, abandoning: abandoning)
    let served = queue.utilisation * Double(staff) * service
    #expect(abs(arrivals * (1 - queue.abandonment) - served) < 1e-8 * arrivals)
    #expect(abs(queue.meanWait * arrivals - queue.meanQueue) < 1e-9 * (1 + queue.meanQueue))
  }
}
