import * as driver from 'mongodb'
import { expect, it } from 'vitest'
import { databaseFault } from './mongo-errors.ts'

it('a database that went away, or has no room, is told in words of ours; a fault of the engine is not', () => {
  const gone = new driver.MongoNetworkError('connect ECONNREFUSED /tmp/all.sock')
  expect(databaseFault(gone)).toMatchObject({ code: 'DATABASE_UNREACHABLE', status: 503, cause: gone })
  const full = new driver.MongoServerError({ code: 14031, errmsg: 'disk full' })
  expect(databaseFault(full)).toMatchObject({ code: 'DATABASE_DISK_FULL', status: 507 })
  expect(databaseFault(new TypeError('undefined is not a function'))).toBeNull()
  expect(databaseFault(null)).toBeNull()
})

it('errors of the network are known by the names that the driver gives them', () => {
  const { MongoNetworkError, MongoServerSelectionError } = driver
  // One whose name is made by its class: an object with that class says it without being made.
  const kin = (Object.values(driver) as unknown[]).filter(
    (each): each is typeof MongoNetworkError =>
      typeof each === 'function' &&
      (each === MongoNetworkError ||
        each === MongoServerSelectionError ||
        each.prototype instanceof MongoNetworkError),
  )
  expect(kin.length).toBeGreaterThanOrEqual(3)
  for (const { prototype, name } of kin)
    expect(databaseFault(Object.create(prototype)), name).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
})
