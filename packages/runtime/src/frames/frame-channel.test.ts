import { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createFrameReader, KIND } from './frame.ts'
import { FrameChannel } from './frame-channel.ts'

function openChannel() {
  const writes: string[][] = []
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      const heads: string[] = []
      createFrameReader(1024, ({ head }) => heads.push(head))(chunk)
      writes.push(heads)
      done()
    },
  })
  const channel = new FrameChannel({
    socket,
    maxBytes: 1024,
    onFrame() {},
    onBreach() {},
    onClosed() {},
  })
  return { channel, writes }
}

test('what is sent and gathered in one tick leaves in one write', async () => {
  const { channel, writes } = openChannel()
  const gathered: string[] = []
  const flush = () => channel.send({ kind: KIND.head, run: 1, head: gathered.splice(0).join() })
  for (const answer of ['a', 'b']) {
    gathered.push(answer)
    channel.beforeWrite(flush)
  }
  channel.send({ kind: KIND.control, run: 1, head: 'c' })
  await setImmediate()
  expect(writes).toEqual([['c', 'a,b']])
})

test('whoever has gathered once is not asked again: runs that are over are forgotten', async () => {
  const { channel, writes } = openChannel()
  let asked = 0
  channel.beforeWrite(() => asked++)
  await setImmediate()
  channel.send({ kind: KIND.control, run: 2, head: 'd' })
  await setImmediate()
  expect(asked).toBe(1)
  expect(writes).toEqual([['d']])
})
