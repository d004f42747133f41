#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension LogError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path): there is no such file."
    case .directory(let path):
      "\(path) is a directory; expected a file (CSV, or JSON Lines named .jsonl or .ndjson)."
    case .permissionDenied(let path):
      "\(path): no permission to read this file; make it readable for this user."
    case .unreadable(let path, let code):
      "\(path) could not be read: \(String(cString: strerror(code)))."
    case .empty(let path):
      "\(path) is empty; expected a header line and one row per interaction or event."
    case .headerOnly(let path):
      "\(path) has a header and no rows; there is nothing to analyse."
    case .binary(let path, let content):
      "\(path) is not a text file: \(content.wording)"
    case .headerNotUTF8(let path):
      "\(path): the header line is not valid UTF-8; save the file as UTF-8."
    case .duplicateHeader(let path, let name, let positions):
      "\(path): the header has the column \"\(name)\" more than once (columns "
        + positions.map(String.init).joined(separator: ", ") + "); give each its own name."
    case .missingColumns(let path, let columns, let header):
      Self.wording(path: path, columns: columns, header: header)
    case .unclosedQuote(let path, let line):
      "\(path), line \(line): a quote is opened in this record and never closed; close it, or "
        + "double it (\"\") where it is part of the text."
    case .recordTooLong(let path, let line, let limit):
      "\(path), line \(line): this record is longer than \(limit >> 20) MiB; a quote opened in it "
        + "is probably never closed."
    case .tooManyRejected(let path, let rejected, let rows, let maximumShare, let commonest):
      Self.wording(path, rejected, rows, maximumShare, commonest)
    case .study(let fault):
      fault.description
    case .expression(let fault):
      fault.description
    case .aliases(let fault):
      fault.description
    }
  }

  private static func wording(path: String, columns: [MissingColumn], header: [String]) -> String {
    var lines: [String] = []
    for column in columns {
      var line =
        if let source = column.mappedTo {
          "\(path) has no column \"\(source)\", which the study maps to \(column.name)"
        } else {
          "\(path) has no column \"\(column.name)\", which is needed"
        }
      if !column.nearest.isEmpty {
        line += "; nearest: " + column.nearest.map { "\"\($0)\"" }.joined(separator: ", ")
      }
      lines.append(line + ".")
    }
    let shown = header.prefix(40).joined(separator: ", ") + (header.count > 40 ? ", …" : "")
    lines.append("The file's columns: \(shown).")
    let example = columns[0]
    lines.append(
      "Rename the column in the file, or map a log's columns in a study (--study), for example  "
        + "columns: {\(example.name): "
        + "\(example.nearest.first ?? "your_column")}")
    if header.count == 1, let only = header.first,
      let delimiter = [";", "\t", "|", ","].first(where: { only.contains($0 as String) })
    {
      let name = delimiter == "\t" ? "\\t" : delimiter
      lines.append(
        "The header is a single column: is \"\(name)\" the delimiter? Set source.delimiter.")
    }
    return lines.joined(separator: "\n")
  }

  private static func wording(
    _ path: String, _ rejected: Int, _ rows: Int, _ maximumShare: Double,
    _ commonest: [CommonReason]
  ) -> String {
    var lines = [
      "\(path): \(rejected) of \(rows) rows cannot be used (\(percent(rejected, of: rows)) %, at "
        + "most \(trimmed(maximumShare * 100)) % may be). The commonest reasons:"
    ]
    for reason in commonest {
      lines.append("  \(reason.count) × \(reason.first.wording)")
    }
    return lines.joined(separator: "\n")
  }

  private static func percent(_ part: Int, of whole: Int) -> String {
    trimmed((Double(part) / Double(max(whole, 1)) * 1000).rounded() / 10)
  }

  /// A number without a fraction of zero.
  private static func trimmed(_ value: Double) -> String {
    let rounded = (value * 1e6).rounded() / 1e6
    return rounded == rounded.rounded() && abs(rounded) < 1e15
      ? String(Int(rounded)) : String(rounded)
  }
}

extension RejectedRow {
  /// The row's fault in one sentence part: first line, column, value and what was expected.
  var wording: String {
    let what = column.isEmpty ? "" : ", \(column)"
    let shown = value.isEmpty ? "" : " \"\(value)\""
    return "line \(line)\(what)\(shown): \(reason)"
  }
}

extension BinaryContent {
  fileprivate var wording: String {
    switch self {
    case .parquet:
      "it is a Parquet file; convert it to CSV first."
    case .gzip:
      "it is compressed with gzip; unpack it first (gunzip)."
    case .zip:
      "it is a zip archive; unpack it first (unzip)."
    case .utf16:
      "it is UTF-16; save it as UTF-8."
    case .nul(let offset):
      "it has a NUL byte at offset \(offset); expected CSV in UTF-8."
    }
  }
}

extension StudyFault: CustomStringConvertible {
  public var description: String {
    let place = line > 0 ? "\(file), line \(line)" : file
    let key = path.isEmpty ? "" : "\(path): "
    switch kind {
    case .syntax(let message):
      return "\(place): this is not valid YAML: \(message)"
    case .unknownKey(let name, let nearest, let known):
      let owner = path.isEmpty ? "at the top of a study" : "in \(path)"
      let hint = nearest.map { "did you mean \"\($0)\"? " } ?? ""
      return "\(place): unknown key \"\(name)\" \(owner); \(hint)Known keys: "
        + known.joined(separator: ", ") + "."
    case .missingKey(let name):
      return "\(place): \(key)the key \"\(name)\" is missing."
    case .badValue(let value, let expected):
      return "\(place): \(key)\"\(value)\" cannot be used; expected \(expected)."
    }
  }
}

extension ExpressionFault: CustomStringConvertible {
  public var description: String {
    "\(place): \(message)\n  \(text)\n  \(marker)"
  }

  private var message: String {
    switch kind {
    case .syntax(let found, let expected):
      return "expected \(expected), found \(found)."
    case .unknownColumn(let name, let nearest):
      let hint =
        nearest.isEmpty
        ? "" : "; nearest: " + nearest.map { "\"\($0)\"" }.joined(separator: ", ")
      return "there is no column \"\(name)\"\(hint)."
    case .absentColumn(let name):
      return "the log does not have the column \"\(name)\"; map it in the study's columns, or "
        + "leave this out."
    case .type(let message):
      return message
    }
  }

  /// A caret under the place, in characters.
  private var marker: String {
    let before = String(decoding: Array(text.utf8.prefix(position)), as: UTF8.self)
    return String(repeating: " ", count: before.count) + "^"
  }
}
