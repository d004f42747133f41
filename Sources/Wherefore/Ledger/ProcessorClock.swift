#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Processor seconds of the calling thread: what a piece of work took, whatever else the machine does.
struct ProcessorClock {
  private let started = ProcessorClock.now

  var total: Double { ProcessorClock.now - started }

  private static var now: Double {
    var time = timespec()
    guard clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
