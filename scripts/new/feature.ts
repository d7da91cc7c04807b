import { camel, constant, pascal } from './names.ts'

/** A feature of core with one collection and two procedures. Add its lines to app-router.ts, create-core.ts and procedure-rights.ts. */
export function featureFiles(name: string): Record<string, string> {
  const folder = `packages/core/src/features/${name}`
  const value = camel(name)
  const type = pascal(name)
  return {
    [`${folder}/${name}.schema.ts`]: `import { z } from 'zod'

/** Makes one of ${name}. */
export const create${type}Input = z.strictObject({ name: z.string().trim().min(1).max(100) })
export type Create${type} = z.infer<typeof create${type}Input>

export interface ${type} {
  id: string
  name: string
}
`,
    [`${folder}/${name}.errors.ts`]: `import { defineErrors } from '@m3m/base'

export const ${value}Errors = defineErrors({
  ${constant(name)}_NAME_TAKEN: {
    blame: 'user',
    status: 409,
    text: (p: { name: string }) => \`The name "\${p.name}" is taken; choose another.\`,
  },
})
`,
    [`${folder}/${name}.repo.ts`]: `import type { Db } from 'mongodb'
import type { ${type} } from './${name}.schema.ts'

interface ${type}Document {
  _id: string
  name: string
}

export function create${type}Repo(db: Db) {
  const collection = db.collection<${type}Document>('${value}')
  return {
    ensureIndexes: () => collection.createIndex({ name: 1 }, { unique: true }),
    insert: ({ id, name }: ${type}) => collection.insertOne({ _id: id, name }),
    async list(): Promise<${type}[]> {
      const documents = await collection.find({}, { sort: { name: 1 } }).toArray()
      return documents.map(({ _id, name }) => ({ id: _id, name }))
    },
  }
}

export type ${type}Repo = ReturnType<typeof create${type}Repo>
`,
    [`${folder}/${name}.service.ts`]: `import { newId } from '@m3m/base'
import type { ${type}Repo } from './${name}.repo.ts'
import { ${value}Errors } from './${name}.errors.ts'
import type { Create${type}, ${type} } from './${name}.schema.ts'

const DUPLICATE_KEY = 11_000

export function create${type}Service(deps: { repo: ${type}Repo }) {
  return {
    list: () => deps.repo.list(),
    /** @throws ${constant(name)}_NAME_TAKEN */
    async create(input: Create${type}): Promise<${type}> {
      const made = { id: newId(), ...input }
      try {
        await deps.repo.insert(made)
      } catch (cause) {
        if ((cause as { code?: unknown }).code === DUPLICATE_KEY) throw ${value}Errors.${constant(name)}_NAME_TAKEN(input, { cause })
        throw cause
      }
      return made
    },
  }
}

export type ${type}Service = ReturnType<typeof create${type}Service>
`,
    [`${folder}/${name}.router.ts`]: `import { procedure, router } from '../../trpc.ts'
import { create${type}Input } from './${name}.schema.ts'
import type { ${type}Service } from './${name}.service.ts'

export const create${type}Router = (${value}: ${type}Service) =>
  router({
    list: procedure.query(() => ${value}.list()),
    create: procedure.input(create${type}Input).mutation(({ input }) => ${value}.create(input)),
  })
`,
    [`${folder}/${name}.test.ts`]: `import { openTestDatabase } from '@m3m/datastore/testing'
import { expect, test } from 'vitest'
import { create${type}Repo } from './${name}.repo.ts'
import { create${type}Service } from './${name}.service.ts'

test('a taken name is refused and nothing is written', async () => {
  await using database = await openTestDatabase('${name}')
  const repo = create${type}Repo(database.control)
  await repo.ensureIndexes()
  const service = create${type}Service({ repo })
  await service.create({ name: 'one' })
  await expect(service.create({ name: 'one' })).rejects.toMatchObject({ code: '${constant(name)}_NAME_TAKEN' })
  expect(await service.list()).toMatchObject([{ name: 'one' }])
})
`,
  }
}
