import { resolve } from 'node:path'
import { CONFIG_OPTION, type Command } from './command.ts'
import { openStore } from './open-store.ts'

export const load: Command = {
  name: 'load',
  usage: 'load <folder>',
  summary: 'Reads what "dump" or mongodump wrote. Documents that are there already stay as they are.',
  words: [1, 1],
  options: CONFIG_OPTION,
  async run(io, args) {
    const folder = resolve(io.cwd, args.positionals[0]!)
    const { loadDump } = await import('@m3m/datastore')
    await using store = (await openStore(io, args)).store
    io.out(
      `${(await loadDump(store.client, folder)).documents} documents read. Restart the agent if it runs.`,
    )
    return 0
  },
}
