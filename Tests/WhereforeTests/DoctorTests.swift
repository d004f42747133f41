import LinearAlgebra
import Testing
import Wherefore

@Suite struct DoctorTests {
  @Test func namesTheProcessorAndItsVectorExtensions() {
    let finding = Doctor.processor(
      information: """
        processor\t: 0
        model name\t: Acme  Quick(R) CPU
        flags\t\t: fpu sse4_2 avx2 avx fma
        """)
    #expect(finding.value == "Acme Quick(R) CPU (sse4_2 avx avx2 fma)")
    #expect(finding.verdict == .ok)
  }

  @Test func aProcessorThatSaysNothingIsNoFault() {
    #expect(Doctor.processor(information: nil).verdict == .ok)
    #expect(Doctor.processor(information: "").value == "unnamed")
  }

  @Test func theKernelFollowsTheProcessorWhereOpenBLASFellBack() {
    let wide: Set<String> = [
      "avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd",
    ]
    #expect(BLASKernel.best(chosen: "Prescott", flags: wide) == "SkylakeX")
    #expect(BLASKernel.best(chosen: "Prescott", flags: ["avx2", "fma"]) == "Haswell")
    #expect(BLASKernel.best(chosen: "Prescott", flags: ["sse4_2"]) == nil)
    #expect(BLASKernel.best(chosen: "Zen", flags: wide) == nil)
  }

  @Test func theProgramRunsOnTheKernelThatItChose() throws {
    let told = try Program.run("doctor")
    #expect(told.status == 0)
    let chosen = BLASKernel.best(
      chosen: BLASDescription.kernel, flags: Doctor.flagsOfThisMachine())
    if let chosen { #expect(told.output.contains("kernel \(chosen)")) }
  }

  @Test func aMissingBundleWarnsAndSaysWhatBringsIt() {
    let finding = Doctor.vegaBundle(
      VegaBundle(named: nil, executable: nil, currentDirectory: "/no/such/folder"))
    #expect(finding.verdict == .warning)
    #expect(finding.advice?.contains("make setup") == true)
  }

  @Test func thisMachineComputesRight() {
    let doctor = Doctor.examine()
    #expect(doctor.isHealthy)
    #expect(doctor.findings.contains { $0.name == "Cholesky factorisation" && $0.verdict == .ok })
  }
}
