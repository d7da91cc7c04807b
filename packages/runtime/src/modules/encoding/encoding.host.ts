import type { HostModule } from '../../module/define-module.ts'

/** Bytes a character may have in the encodings of the web: what may wait for its rest at the end of a chunk. */
const LONGEST_CHARACTER = 4
/** Escapes switch what its bytes mean, so a part cannot be decoded by itself. */
const STATEFUL = 'iso-2022-jp'
const MULTIBYTE = new Set(['gbk', 'gb18030', 'big5', 'euc-jp', STATEFUL, 'shift_jis', 'euc-kr'])

/** Old encodings for the isolate's TextDecoder: their tables are Node's own (WHATWG Encoding, "Names and labels"). */
export function createEncodingHost(): HostModule {
  return {
    calls: {
      find: ([label]) => find(String(label)),
      decode: ([name, bytes, fatal, stream]) =>
        decode(String(name), bytes as Uint8Array, { fatal: fatal === true, stream: stream === true }),
    },
  }
}

/** The encoding's name, and the characters of the bytes 128 to 255 if each byte is one; null for no label. */
function find(label: string): { name: string; table?: string } | null {
  const decoder = decoderOf(label, false)
  if (!decoder) return null
  const name = decoder.encoding
  if (name.startsWith('utf-') || MULTIBYTE.has(name)) return { name }
  return {
    name,
    table: Array.from({ length: 128 }, (_, i) => decoder.decode(Uint8Array.of(i + 128))).join(''),
  }
}

/** The text and how many bytes it stands for; null when `fatal` and malformed. */
function decode(
  name: string,
  bytes: Uint8Array,
  { fatal, stream }: { fatal: boolean; stream: boolean },
): [string, number] | null {
  if (stream && name === STATEFUL) return ['', 0]
  if (stream) {
    const strict = decoderOf(name, true)
    for (let cut = 0; strict && cut < LONGEST_CHARACTER && cut <= bytes.length; cut++) {
      try {
        const used = bytes.length - cut
        return [strict.decode(bytes.subarray(0, used)), used]
      } catch {
        // The last bytes may begin a character.
      }
    }
  }
  try {
    return [decoderOf(name, fatal)?.decode(bytes) ?? '', bytes.length]
  } catch {
    return null
  }
}

function decoderOf(label: string, fatal: boolean): TextDecoder | null {
  try {
    return new TextDecoder(label, { fatal, ignoreBOM: true })
  } catch {
    return null
  }
}
