import {
  BSONRegExp,
  Binary,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb'

/** A small generator of random numbers (mulberry32), so that a failing run can be repeated by its seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The seeds of a fuzz test: one that never changes, and one of this run (printed by the failing test's name). */
export const SEEDS = [20261122, Number(process.env['M3M_FUZZ_SEED'] ?? Date.now() % 1_000_000)]

/** More rounds in the long form of the tests. */
export const ROUNDS = process.env['M3M_LONG'] ? 20 : 1

export function createValues(random: () => number) {
  const int = (below: number): number => Math.floor(random() * below)
  const pick = <T>(list: readonly T[]): T => list[int(list.length)]!
  const digits = (count: number): string => Array.from({ length: count }, () => int(10)).join('')

  const number = (): unknown =>
    pick([
      () => new Int32(int(11) - 5),
      () => new Double(int(11) - 5),
      () => Long.fromNumber(int(11) - 5),
      () => Decimal128.fromString(String(int(11) - 5)),
      () => new Double((random() - 0.5) * 10 ** (int(40) - 20)),
      () => new Double(pick([NaN, Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308, 0.1])),
      () => Long.fromString(`${pick(['', '-'])}${BigInt.asIntN(63, BigInt(digits(19)))}`.replace('--', '')),
      () =>
        Long.fromString(
          pick(['9007199254740993', '9007199254740992', '-9007199254740993', '9223372036854775807']),
        ),
      () => Decimal128.fromString(`${pick(['', '-'])}${digits(1 + int(33))}E${int(80) - 40}`),
      () =>
        Decimal128.fromString(
          pick([
            'NaN',
            'Infinity',
            '-Infinity',
            '0.1',
            '0.10',
            '-0',
            '1E-6176',
            '9.999999999999999999999999999999999E6144',
          ]),
        ),
    ])()

  const text = (): string =>
    Array.from({ length: int(4) }, () => pick(['a', 'b', '\0', 'é', '\u{1f600}', '\uffff', 'A', ' '])).join(
      '',
    )

  const scalar = (): unknown =>
    pick([
      number,
      number,
      text,
      text,
      () => null,
      () => random() < 0.5,
      () => new Date(int(5) - 2),
      () => new ObjectId(Buffer.alloc(12, int(3))),
      () => new Binary(Buffer.alloc(int(3), int(3)), pick([0, 4, 128])),
      () => new Timestamp({ t: int(3), i: int(3) }),
      () => new BSONRegExp(pick(['a', 'b']), pick(['', 'i'])),
      () => new Code(text()),
      () => new MinKey(),
      () => new MaxKey(),
    ])()

  const value = (depth = 2): unknown => {
    const kind = random()
    if (depth === 0 || kind < 0.7) return scalar()
    const size = int(3)
    if (kind < 0.85) return Array.from({ length: size }, () => value(depth - 1))
    return Object.fromEntries(
      Array.from({ length: size }, () => [pick(['a', 'b', '0', '1']), value(depth - 1)]),
    )
  }

  return { int, pick, number, scalar, value, text }
}
