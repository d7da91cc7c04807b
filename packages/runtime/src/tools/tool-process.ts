import { Buffer } from 'node:buffer'
import { Socket } from 'node:net'
import { AppError, messageOf } from '@m3m/base'
import { preferAsOomVictim, watchParent } from '../supervisor/parent-watch.ts'
import { createFrameReader, encodeFrame } from './tool-frames.ts'
import type { ToolFrame } from './tool-frames.ts'
import type { ToolJob } from './tool-job.ts'
import { loadJob } from './jobs/index.ts'
import { FRAMES_FD, WATCH_FD } from './tool-wire.ts'
import type { FromTool, ToTool } from './tool-wire.ts'

// Entry of a helper process: answers one job after the other until it is killed. It never ends by itself.
watchParent(WATCH_FD)
preferAsOomVictim()

const pipe = new Socket({ fd: FRAMES_FD, readable: true, writable: true })
const send = (message: FromTool, bytes?: Uint8Array): void => {
  pipe.write(encodeFrame(message, bytes))
}

async function answer({ head, bytes }: ToolFrame): Promise<void> {
  const { id, job: name, input } = head as ToTool
  let poisoned = false
  const report = {
    workingOn: (subject: string) => send({ kind: 'at', id, subject }),
    poisoned: () => void (poisoned = true),
  }
  try {
    const job: ToolJob<unknown, unknown> = await loadJob(name, input)
    send({ kind: 'begun', id })
    const result = await job(input, report, bytes)
    send({ kind: 'done', id, output: result.output, poisoned }, result.bytes)
  } catch (error) {
    if (error instanceof AppError) send({ kind: 'refused', id, error: error.toShape(), poisoned })
    else send({ kind: 'broken', id, reason: messageOf(error) })
  }
}

let tail: Promise<void> = Promise.resolve()
const read = createFrameReader((frame) => {
  // Jobs read their bytes later than this chunk is alive in the reader.
  const own = { head: frame.head, bytes: Buffer.from(frame.bytes) }
  tail = tail.then(() => answer(own))
})
pipe.on('data', read)
pipe.on('error', () => process.kill(process.pid, 'SIGKILL'))
send({ kind: 'ready' })
