import Dispatch
import Synchronization
import Wherefore

/// One line on the terminal that says how far a run is: `fitting  42 %  0:17`.
///
/// It appears only on a terminal and only once the run has taken two seconds, is redrawn four times
/// a second, and is wiped when the run ends. In a pipe it is silent.
final class ProgressLine: Sendable {
  private struct State {
    var stage = ""
    var done = 0.0
    var isDrawn = false
    var isFinished = false
  }

  private let state = Mutex(State())
  private let began = ContinuousClock.now

  /// Draws until the timer is cancelled or the line is finished; nil where nobody watches.
  func startDrawing() -> (any DispatchSourceTimer)? {
    guard Terminal.isWatched else { return nil }
    let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
    timer.schedule(deadline: .now() + 2, repeating: .milliseconds(250))
    timer.setEventHandler { [self] in draw() }
    timer.resume()
    return timer
  }

  /// What a run reports to.
  var progress: RunProgress {
    guard Terminal.isWatched else { return .silent }
    return RunProgress { [self] stage, done in
      state.withLock { state in
        state.stage = stage
        state.done = done
      }
    }
  }

  /// Wipes the line; nothing is drawn afterwards.
  func finish() {
    state.withLock { state in
      if state.isDrawn { Terminal.writeError("\r\u{1B}[K") }
      state.isDrawn = false
      state.isFinished = true
    }
  }

  private func draw() {
    let seconds = Int((ContinuousClock.now - began).components.seconds)
    state.withLock { state in
      guard !state.isFinished, !state.stage.isEmpty else { return }
      let line = Self.text(stage: state.stage, done: state.done, seconds: seconds)
      Terminal.writeError("\r\u{1B}[K" + String(line.prefix(max(Terminal.columns - 1, 1))))
      state.isDrawn = true
    }
  }

  static func text(stage: String, done: Double, seconds: Int) -> String {
    let percent = Int((min(max(done, 0), 1) * 100).rounded(.down))
    let padding = seconds % 60 < 10 ? "0" : ""
    return "\(stage)  \(percent) %  \(seconds / 60):\(padding)\(seconds % 60)"
  }
}
