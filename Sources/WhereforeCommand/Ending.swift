import ArgumentParser
import Wherefore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How the program ends: what it says last, where, and with which exit status.
struct Ending: Equatable {
  var status: Int32
  var message: String
  /// Help and version were asked for and go to standard output; everything else is an error.
  var isError: Bool

  /// The ending that an error calls for. Errors that do not know their own status are defects.
  init(_ error: any Error) {
    if let coded = error as? any ExitCoded {
      self.init(status: coded.exitCode, message: coded.description, isError: true)
      return
    }
    let parsed = WhereforeCommand.exitCode(for: error)
    switch parsed {
    case .success:
      self.init(
        status: 0, message: WhereforeCommand.fullMessage(for: error), isError: false)
    case .validationFailure:
      self.init(status: 2, message: WhereforeCommand.fullMessage(for: error), isError: true)
    default:
      if error is ExitCode {
        self.init(status: parsed.rawValue, message: "", isError: true)
      } else {
        self.init(
          status: 70,
          message: "\(error)\nThis is a defect of Wherefore. Please report it with the command "
            + "line, the study file and the output of 'wherefore doctor'.",
          isError: true)
      }
    }
  }

  private init(status: Int32, message: String, isError: Bool) {
    self.status = status
    self.message = message
    self.isError = isError
  }

  /// Says the message and ends the process.
  func exit() -> Never {
    var status = status
    if !message.isEmpty {
      if isError {
        // The parser's own messages begin with "Error:" and go on with the usage.
        let prefix = message.hasPrefix("Error:") ? "" : "\(Terminal.emphasis("wherefore:")) "
        Terminal.writeError(prefix + message + "\n")
      } else {
        do {
          try StandardOutput.print(message)
        } catch {
          Terminal.writeError("\(Terminal.emphasis("wherefore:")) \(error)\n")
          status = error.exitCode
        }
      }
    }
    // `Glibc.exit`, which flushes what was printed.
    #if canImport(Glibc)
      Glibc.exit(status)
    #elseif canImport(Musl)
      Musl.exit(status)
    #else
      Darwin.exit(status)
    #endif
  }
}
