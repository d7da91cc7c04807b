import { resolve } from 'node:path'
import { CONFIG_OPTION, type Command } from './command.ts'
import { openStore } from './open-store.ts'

export const dump: Command = {
  name: 'dump',
  usage: 'dump <folder>',
  summary: 'Writes both databases as mongodump does: mongorestore and "load" read the folder.',
  words: [1, 1],
  options: CONFIG_OPTION,
  async run(io, args) {
    const folder = resolve(io.cwd, args.positionals[0]!)
    const { dumpDatabase } = await import('@m3m/datastore')
    await using store = (await openStore(io, args)).store
    for (const db of [store.control, store.data])
      io.out(`${db.databaseName}: ${(await dumpDatabase(db, folder)).documents} documents`)
    return 0
  },
}
