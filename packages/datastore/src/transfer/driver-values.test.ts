import { serialize } from 'bson'
import { expect, test } from 'vitest'
import { decode } from '../bson/decode.ts'
import { createRandom, createValues, SEEDS } from '../suite/fuzz-values.ts'
import { toDriver } from './driver-values.ts'

test.each(SEEDS)('documents reach the driver byte for byte, seed %i', (seed) => {
  const values = createValues(createRandom(seed))
  for (let round = 0; round < 1000; round++) {
    const bytes = Buffer.from(
      serialize({ a: values.value(3), b: values.value(3), c: values.scalar() }, { ignoreUndefined: false }),
    )
    const again = Buffer.from(serialize(toDriver(decode(bytes)) as never, { ignoreUndefined: false }))
    if (!again.equals(bytes)) expect.fail(`${bytes.toString('hex')} became ${again.toString('hex')}`)
  }
})
