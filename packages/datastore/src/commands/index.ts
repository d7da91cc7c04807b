import type { Doc } from '../bson/value.ts'
import type { Command } from '../server/context.ts'
import { aggregate, writesOutput } from './aggregate.ts'
import * as catalogue from './catalogue.ts'
import { convertToCapped } from './capped.ts'
import { compact } from './compact.ts'
import { remove } from './delete.ts'
import { diagnosticCommands } from './diagnostics.ts'
import { count, distinct, find, getMore, killCursors } from './find.ts'
import { explain } from './explain.ts'
import { findAndModify } from './find-and-modify.ts'
import { insert } from './insert.ts'
import { update } from './update.ts'
import * as sessions from './sessions.ts'
import { validate } from './validate.ts'

const READ_COMMANDS: [string, Command][] = [
  ['find', find],
  ['getMore', getMore],
  ['killCursors', killCursors],
  ['aggregate', aggregate],
  ['count', count],
  ['distinct', distinct],
  ['explain', explain],
  ['validate', validate],
  ['listCollections', catalogue.listCollections],
  ['listDatabases', catalogue.listDatabases],
  ['listIndexes', catalogue.listIndexes],
  ['endSessions', sessions.endSessions],
  ['killSessions', sessions.killSessions],
  ['killAllSessions', sessions.killSessions],
  ['killOp', sessions.killOp],
  ['currentOp', sessions.currentOp],
  ['setParameter', sessions.setParameter],
  ...diagnosticCommands,
]

const WRITE_COMMANDS: [string, Command][] = [
  ['insert', insert],
  ['update', update],
  ['delete', remove],
  ['findAndModify', findAndModify],
  ['findandmodify', findAndModify],
  ['create', catalogue.create],
  ['drop', catalogue.drop],
  ['dropDatabase', catalogue.dropDatabase],
  ['renameCollection', catalogue.renameCollection],
  ['createIndexes', catalogue.createIndexes],
  ['dropIndexes', catalogue.dropIndexes],
  ['deleteIndexes', catalogue.dropIndexes],
  ['collMod', catalogue.collMod],
  ['convertToCapped', convertToCapped],
  ['compact', compact],
]

/** Every command by name; a name that is not here is refused with CommandNotFound (59). */
export const COMMANDS: ReadonlyMap<string, Command> = new Map([...READ_COMMANDS, ...WRITE_COMMANDS])

const WRITES: ReadonlySet<string> = new Set(WRITE_COMMANDS.map(([name]) => name))

/** Whether a command may write: it then runs in the turn's transaction. */
export function isWrite(name: string, body: Doc): boolean {
  return WRITES.has(name) || (name === 'aggregate' && writesOutput(body))
}
