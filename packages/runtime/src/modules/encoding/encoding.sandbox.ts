import {
  bytesOfAny,
  decodeUtf8,
  fromBase64,
  fromBase64Url,
  fromHex,
  toBase64,
  toBase64Url,
  toHex,
} from '../../sandbox/bytes.ts'
import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { parseCsv, rowsAsObjects, stringifyCsv } from '../../sandbox/text/csv.ts'
import { goJson } from '../../sandbox/text/go-json.ts'
import { parseQuery, percentDecode, percentEncode, stringifyQuery } from '../../sandbox/text/query.ts'
import { parseXml } from '../../sandbox/text/xml.ts'
import { parseYaml } from '../../sandbox/text/yaml.ts'
import { stringifyYaml } from '../../sandbox/text/yaml-write.ts'
import { encodingTexts } from './encoding.contract.ts'

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))

export const room: SandboxRoom = (lane, kernel) => {
  const reading = createReading(lane, kernel)
  return {
    ...bytes(reading),
    ...json(lane, reading),
    ...url(lane, reading),
    ...documents(reading),
    ...csv(reading, kernel),
  }
}

/** Runs what may fail: the bare spelling throws, `$` gives back `quiet` (original-api.md: the original throws, its types and tests say this). */
type Reading = <T, Q>(what: string, quiet: Q, work: () => T) => T | Q

function createReading(lane: Lane, kernel: Kernel): Reading {
  return (what, quiet, work) => {
    try {
      return work()
    } catch (error) {
      if (lane.kind === 'dollar') return quiet
      const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
      throw kernel.error('ENCODING_INVALID', encodingTexts.ENCODING_INVALID({ what, reason }))
    }
  }
}

function bytes(reading: Reading) {
  const decoder =
    (what: string, decode: (text: string) => Uint8Array | null) =>
    (text: unknown, options?: { as?: unknown } | null) =>
      reading(what, '', () => {
        const found = decode(textOf(text).trim())
        if (!found) throw new Error('a character or the length is wrong')
        return options?.as === 'bytes' ? found : decodeUtf8(found)
      })
  return {
    base64Encode: (data: unknown) => toBase64(bytesOfAny(data)),
    base64Decode: decoder('base64', fromBase64),
    base64urlEncode: (data: unknown) => toBase64Url(bytesOfAny(data)),
    base64urlDecode: decoder('base64url', fromBase64Url),
    hexEncode: (data: unknown) => toHex(bytesOfAny(data)),
    hexDecode: decoder('hex', fromHex),
  }
}

function json(lane: Lane, reading: Reading) {
  return {
    jsonParse: (text: unknown): unknown => reading('JSON', null, () => JSON.parse(textOf(text)) as unknown),
    jsonStringify: (value: unknown, indent?: unknown) =>
      reading('JSON', '', () => {
        if (lane.kind === 'dollar' && indent === undefined) return goJson(value)
        return (JSON.stringify(value, null, indent as number) as string | undefined) ?? 'null'
      }),
  }
}

function url(lane: Lane, reading: Reading) {
  const isDollar = lane.kind === 'dollar'
  return {
    /** `+` for blanks in the `$` spelling, as Go's QueryEscape; `%20` in the bare one. */
    urlEncode: (text: unknown) =>
      reading('text', '', () => {
        const encoded = percentEncode(textOf(text))
        return isDollar ? encoded.replace(/%20/g, '+') : encoded
      }),
    urlDecode: (text: unknown) => reading('URL encoding', '', () => percentDecode(textOf(text), isDollar)),
    queryParse: (text: unknown) => reading('query', null, () => parseQuery(textOf(text))),
    queryStringify: (query: unknown) =>
      reading('query', '', () => stringifyQuery((query ?? {}) as Record<string, unknown>)),
  }
}

function documents(reading: Reading) {
  return {
    xmlParse: (text: unknown): unknown => reading('XML', null, () => parseXml(textOf(text))),
    yamlParse: (text: unknown): unknown => reading('YAML', null, () => parseYaml(textOf(text))),
    yamlStringify: (value: unknown) => reading('YAML', '', () => stringifyYaml(value)),
  }
}

interface CsvOptions {
  header?: unknown
  delimiter?: unknown
  columns?: unknown
}

function csv(reading: Reading, kernel: Kernel) {
  const delimiterOf = ({ delimiter = ',' }: CsvOptions): string => {
    if (typeof delimiter === 'string' && delimiter.length === 1 && !/["\r\n]/.test(delimiter))
      return delimiter
    const p = { option: 'delimiter', expected: 'one character, not a quote or a line break' }
    throw kernel.error('ENCODING_OPTION_INVALID', encodingTexts.ENCODING_OPTION_INVALID(p))
  }
  return {
    csvParse: (text: unknown, options?: CsvOptions | null) => {
      const delimiter = delimiterOf(options ?? {})
      const { header = true } = options ?? {}
      return reading('CSV', null, () => {
        const rows = parseCsv(textOf(text), delimiter)
        if (header === false) return rows
        return rowsAsObjects(rows, Array.isArray(header) ? header.map(textOf) : undefined)
      })
    },
    csvStringify: (rows: unknown, options?: CsvOptions | null) => {
      const delimiter = delimiterOf(options ?? {})
      return reading('CSV', '', () => stringifyCsv(rowsToWrite(rows, options ?? {}), delimiter))
    },
  }
}

/** Lists as they are; objects under a first row of names: `columns`, or every key in the order of its first appearance. */
function rowsToWrite(rows: unknown, { header = true, columns }: CsvOptions): unknown[][] {
  if (!Array.isArray(rows)) throw new Error('a list of rows is needed')
  const objects = rows.filter(
    (row) => typeof row === 'object' && row !== null && !Array.isArray(row),
  ) as object[]
  const names = Array.isArray(columns)
    ? columns.map(textOf)
    : [...new Set(objects.flatMap((row) => Object.keys(row)))]
  const lines = rows.map((row: unknown) =>
    Array.isArray(row) ? (row as unknown[]) : names.map((name) => memberOf(row, name)),
  )
  return header !== false && names.length > 0 ? [names, ...lines] : lines
}

function memberOf(row: unknown, name: string): unknown {
  const isMember = typeof row === 'object' && row !== null && Object.hasOwn(row, name)
  return isMember ? (row as Record<string, unknown>)[name] : undefined
}
