import { CONFIG_OPTION, type Command } from './command.ts'
import { openStore } from './open-store.ts'

/** Collections whose names begin so belong to the server. */
const OF_SERVER = 'system.'

export const compact: Command = {
  name: 'compact',
  usage: 'compact',
  summary: 'Gives the room of what was deleted back to the file system; the agent may go on serving.',
  words: [0, 0],
  options: CONFIG_OPTION,
  async run(io, args) {
    await using store = (await openStore(io, args)).store
    let freedBytes = 0
    for (const db of [store.control, store.data]) {
      for (const { name, type } of await db.listCollections().toArray()) {
        if (type === 'view' || name.startsWith(OF_SERVER)) continue
        freedBytes += Number((await db.command({ compact: name }))['bytesFreed'] ?? 0)
      }
    }
    io.out(`${(freedBytes / 1024 / 1024).toFixed(1)} MiB were given back.`)
    return 0
  },
}
