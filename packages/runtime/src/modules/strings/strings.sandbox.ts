import type { SandboxRoom } from '../../sandbox/lane.ts'
import { createStrings } from '../../sandbox/text/strings.ts'

export const room: SandboxRoom = (_lane, kernel) => createStrings(kernel)
