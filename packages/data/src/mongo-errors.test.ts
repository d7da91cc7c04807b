import { MongoNetworkError, MongoServerError } from 'mongodb'
import { expect, it } from 'vitest'
import { databaseFault } from './mongo-errors.ts'

it('a database that went away, or has no room, is told in words of ours; a fault of the engine is not', () => {
  const gone = new MongoNetworkError('connect ECONNREFUSED /tmp/all.sock')
  expect(databaseFault(gone)).toMatchObject({ code: 'DATABASE_UNREACHABLE', status: 503, cause: gone })
  const full = new MongoServerError({ code: 14031, errmsg: 'disk full' })
  expect(databaseFault(full)).toMatchObject({ code: 'DATABASE_DISK_FULL', status: 507 })
  expect(databaseFault(new TypeError('undefined is not a function'))).toBeNull()
  expect(databaseFault(null)).toBeNull()
})
