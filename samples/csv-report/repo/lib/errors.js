/** The file is not what it should be. The line is the one on which the record starts. */
export class FileError extends Error {
  constructor(line, message) {
    super(message);
    this.name = "FileError";
    this.line = line;
  }
}

/** The command line is wrong. */
export class UsageError extends Error {
  constructor(message) {
    super(message);
    this.name = "UsageError";
  }
}
