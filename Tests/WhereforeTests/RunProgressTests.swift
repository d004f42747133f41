import Synchronization
import Testing
import Wherefore

@Suite struct RunProgressTests {
  @Test func aStageMovesBetweenItsShares() {
    let heard = Mutex<[String]>([])
    let progress = RunProgress { stage, done in
      heard.withLock { $0.append("\(stage) \(done)") }
    }
    let advance = progress.stage("fitting", from: 0.25, to: 0.75)
    advance(0.5)
    advance(2)
    #expect(heard.withLock { $0 } == ["fitting 0.25", "fitting 0.5", "fitting 0.75"])
  }

  @Test func silenceTakesEverything() {
    RunProgress.silent.stage("fitting", from: 0, to: 1)(0.5)
  }
}
