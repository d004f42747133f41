import ArgumentParser
import Wherefore

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Looks at this machine: linear algebra, processor, chart bundle.",
    discussion: "Ends with 75 where something must be mended before results can be trusted.")

  @OptionGroup var machine: MachineOutput

  func run() throws {
    let doctor = Doctor.examine()
    if machine.json {
      try JSONOutput.print(doctor)
    } else {
      try StandardOutput.print("wherefore \(doctor.version)")
      for finding in doctor.findings {
        try StandardOutput.print(
          "\(finding.verdict.rawValue.padded(to: 4))  \(finding.name): \(finding.value)")
        if let advice = finding.advice { try StandardOutput.print("      \(advice)") }
      }
    }
    if !doctor.isHealthy { throw ExitCode(75) }
  }
}

extension String {
  /// The text with spaces behind it up to `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(width - count, 0))
  }
}
