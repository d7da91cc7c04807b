import { createReadStream } from 'node:fs'
import { movingErrors } from '@m3m/data'

/** A document of MongoDB has at most 16 MiB; as extended JSON that is hardly ever four times as much. */
const MAX_LINE_CHARS = 64 * 1024 * 1024

/**
 * The lines of several files, one after the other, empty ones left out. Never more than one line is in memory, and no
 * line that no export has.
 *
 * @throws PROJECT_IMPORT_INVALID
 */
export async function* linesOf(files: readonly string[], maxChars = MAX_LINE_CHARS): AsyncGenerator<string> {
  for (const file of files) {
    let begun = ''
    for await (const text of createReadStream(file, 'utf8') as AsyncIterable<string>) {
      const [first = '', ...others] = text.split('\n')
      begun += first
      if (begun.length > maxChars)
        throw movingErrors.PROJECT_IMPORT_INVALID({
          reason: `a document of more than ${maxChars} characters`,
        })
      for (const next of others) {
        if (begun !== '') yield begun
        begun = next
      }
    }
    if (begun !== '') yield begun
  }
}
