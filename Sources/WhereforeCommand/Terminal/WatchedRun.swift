import Wherefore

/// Runs a job with progress on the terminal, and with nothing left behind if it is interrupted.
///
/// - Parameters:
///   - unfinished: Paths that only an unfinished run leaves behind.
///   - job: The work; passes the progress on to what does it.
func watched<Result>(
  removing unfinished: [String] = [], _ job: (RunProgress) throws -> Result
) rethrows -> Result {
  let line = ProgressLine()
  let timer = line.startDrawing()
  let interruption = Interruption(removing: unfinished, wiping: line)
  defer {
    timer?.cancel()
    line.finish()
    interruption.stop()
  }
  return try job(line.progress)
}
